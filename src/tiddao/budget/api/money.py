"""JSON of the tab งบ, province tables, leagues under /api/v1."""

from __future__ import annotations

from datetime import date
from typing import Literal, cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.budget.models import Fund
from tiddao.budget.queries.money import (
    MoneyAsked,
    SortKey,
    UnitMoney,
    keeps_money,
    league,
    unit_money,
    years_with_books,
)
from tiddao.budget.queries.positions import AnySpending
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.reckoning import JudgedBy
from tiddao.budget.schemas.money import (
    MoneyLeagueOut,
    UnitMoneyOut,
    league_out,
    unit_money_out,
)
from tiddao.budget.schemas.treasury import Problem
from tiddao.kernel.fiscal import EARLIEST_BE, LATEST_BE, FiscalYear
from tiddao.people.access import SignedInRequest, visible_unit_or_404

router = Router()


@router.get(
    "/places/{key}/money",
    response={200: UnitMoneyOut, 404: Problem},
    summary="Where a unit's money stands by its offices' own books",
)
def one_unit(
    request: HttpRequest,
    key: str,
    year: int | None = None,
    on: date | None = None,
    *,
    basis: Basis = "disbursed",
    fund: str = "",
    judged_by: JudgedBy = "days",
) -> UnitMoneyOut:
    """Return a nation's, group's, province's or district's money, by type of spending.

    Without a year the newest that has books; without a day, today.
    """
    found = _found(
        request, key, year, on, basis=basis, spending="total", fund=fund, judged_by=judged_by
    )
    return unit_money_out(found)


@router.get(
    "/places/{key}/money/league",
    response={200: MoneyLeagueOut, 404: Problem},
    summary="The units below side by side by the percentage of their money spent",
)
def one_league(
    request: HttpRequest,
    key: str,
    year: int | None = None,
    on: date | None = None,
    *,
    basis: Basis = "disbursed",
    spending: AnySpending = "total",
    fund: str = "",
    judged_by: JudgedBy = "days",
    sort: SortKey = "percent",
    order: Literal["ascending", "descending"] = "ascending",
) -> MoneyLeagueOut:
    """Return every unit below; those without figures stand last and have no rank."""
    found = _found(
        request, key, year, on, basis=basis, spending=spending, fund=fund, judged_by=judged_by
    )
    return league_out(found, league(found, sort=sort, descending=order == "descending"))


def _found(
    request: HttpRequest,
    key: str,
    year: int | None,
    on: date | None,
    *,
    basis: Basis,
    spending: AnySpending,
    fund: str,
    judged_by: JudgedBy,
) -> UnitMoney:
    signed_in = cast("SignedInRequest", request)
    unit = visible_unit_or_404(signed_in, key)
    if not keeps_money(unit):
        raise Http404
    asked = asked_of(
        signed_in, year, on, basis=basis, spending=spending, fund=fund, judged_by=judged_by
    )
    return unit_money(unit, asked)


def asked_of(
    request: SignedInRequest,
    year: int | None,
    on: date | None,
    *,
    basis: Basis,
    spending: AnySpending,
    fund: str,
    judged_by: JudgedBy,
) -> MoneyAsked:
    """Return what is asked for: without a year the newest that has books, without a day today.

    Raises Http404 for a year out of range or a fund that there is not.
    """
    today = request.standing.on
    wanted = year if year is not None else next(iter(years_with_books()), FiscalYear.of(today).be)
    if not EARLIEST_BE <= wanted <= LATEST_BE or (fund and fund not in Fund.values):
        raise Http404
    of = FiscalYear(wanted)
    day = min(max(on or today, of.start), of.end)
    return MoneyAsked(of, day, basis=basis, spending=spending, fund=fund, judged_by=judged_by)
