"""JSON of the treasury's series under /api/v1: the same figures as the pages and the command line."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.budget.queries.figures import province_figures, treasury_ranking
from tiddao.budget.queries.reports import treasury_reports
from tiddao.budget.rules.cgd_figures import Kind, Spending
from tiddao.budget.schemas.treasury import (
    PlaceFiguresOut,
    Problem,
    RankingOut,
    ReportOut,
    place_out,
    ranking_out,
    report_out,
)
from tiddao.people.access import SignedInRequest, sees_the_nation, visible_unit_or_404

router = Router()


@router.get(
    "/treasury/reports",
    response={200: list[ReportOut], 404: Problem},
    summary="The treasury's weekly reports",
)
def all_reports(request: HttpRequest, known_at: datetime | None = None) -> list[ReportOut]:
    """Return the reports in force, the newest first; for posts that cover the country."""
    _nation_or_404(request)
    return [report_out(each) for each in treasury_reports(known_at=known_at)]


@router.get(
    "/treasury/{as_of}/ranking",
    response={200: RankingOut, 404: Problem},
    summary="One sheet's units ranked both ways",
)
def one_ranking(
    request: HttpRequest,
    as_of: date,
    *,
    sheet: int = 13,
    spending: Spending = "total",
    kind: Kind | None = None,
    known_at: datetime | None = None,
) -> RankingOut:
    """Return the units of sheet 2, 3, 4, 11, 12, 13 or 14, the lowest percentage first.

    For posts that cover the country.
    """
    _nation_or_404(request)
    found = treasury_ranking(sheet, spending, as_of, kind=kind, known_at=known_at)
    if found is None:
        raise Http404
    return ranking_out(found)


@router.get(
    "/places/{key}/treasury",
    response={200: PlaceFiguresOut, 404: Problem},
    summary="What the treasury reports of a province or the nation",
)
def one_place(
    request: HttpRequest,
    key: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> PlaceFiguresOut:
    """Return the figures of the newest report, or of that day's."""
    unit = visible_unit_or_404(cast("SignedInRequest", request), key)
    found = province_figures(unit.key, as_of, known_at)
    if found is None:
        raise Http404
    return place_out(found, name=unit.full_name)


def _nation_or_404(request: HttpRequest) -> None:
    if not sees_the_nation(cast("SignedInRequest", request).standing):
        raise Http404
