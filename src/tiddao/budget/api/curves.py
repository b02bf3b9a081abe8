"""JSON of curves and forecasts under /api/v1, from the same queries as the page and the paper."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.budget.api.money import asked_of
from tiddao.budget.queries.curves import Series
from tiddao.budget.queries.money import keeps_money
from tiddao.budget.queries.outlooks import Outlooks, has_treasury_series, outlooks
from tiddao.budget.queries.positions import AnySpending
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.schemas.curves import CurvesOut, ForecastsOut, curves_out, forecasts_out
from tiddao.budget.schemas.treasury import Problem
from tiddao.people.access import SignedInRequest, visible_unit_or_404

router = Router()


@router.get(
    "/places/{key}/money/curves",
    response={200: CurvesOut, 404: Problem},
    summary="Cumulative curves of a unit's money and of the units below, beside the official targets",
)
def one_curves(
    request: HttpRequest,
    key: str,
    year: int | None = None,
    on: date | None = None,
    *,
    basis: Basis = "disbursed",
    spending: AnySpending = "total",
    fund: str = "",
    series: Series = "books",
) -> CurvesOut:
    """Return weekly points up to the day. series cgd: the treasury's, of the nation or a province."""
    return curves_out(
        _found(request, key, year, on, basis=basis, spending=spending, fund=fund, series=series)
    )


@router.get(
    "/places/{key}/money/forecasts",
    response={200: ForecastsOut, 404: Problem},
    summary="The chance that a unit and the units below reach their goal by its day",
)
def one_forecasts(
    request: HttpRequest,
    key: str,
    year: int | None = None,
    on: date | None = None,
    *,
    basis: Basis = "disbursed",
    spending: AnySpending = "total",
    fund: str = "",
    series: Series = "books",
) -> ForecastsOut:
    """Return chance and 80 % interval of each, and what they rest on; too little data says so."""
    return forecasts_out(
        _found(request, key, year, on, basis=basis, spending=spending, fund=fund, series=series)
    )


def _found(
    request: HttpRequest,
    key: str,
    year: int | None,
    on: date | None,
    *,
    basis: Basis,
    spending: AnySpending,
    fund: str,
    series: Series,
) -> Outlooks:
    signed_in = cast("SignedInRequest", request)
    unit = visible_unit_or_404(signed_in, key)
    if not keeps_money(unit) or (series == "cgd" and not has_treasury_series(unit)):
        raise Http404
    asked = asked_of(
        signed_in, year, on, basis=basis, spending=spending, fund=fund, judged_by="days"
    )
    return outlooks(unit, asked, series=series)
