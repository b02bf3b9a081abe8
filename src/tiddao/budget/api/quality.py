"""JSON of reconciliation and data quality under /api/v1."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast

from django.http import Http404, HttpRequest
from ninja import Query, Router

from tiddao.budget.queries.quality.counts import counts_of
from tiddao.budget.queries.quality.questions import Questions
from tiddao.budget.queries.quality.scope import scope_of
from tiddao.budget.queries.reconciliation import lines_of, reconciliation, report_choices
from tiddao.budget.rules.quality import KINDS, Kind
from tiddao.budget.rules.reconciling import Line
from tiddao.budget.schemas.quality import (
    QualityOut,
    ReconciliationOut,
    count_out,
    question_out,
    reconciliation_out,
)
from tiddao.budget.schemas.treasury import Problem
from tiddao.kernel.fiscal import EARLIEST_BE, LATEST_BE, FiscalYear
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places.models import Level

router = Router()
PAGE_SIZE = 100

Year = Annotated[int, Query(ge=EARLIEST_BE, le=LATEST_BE)]
Page = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get(
    "/places/{key}/money/reconciliation",
    response={200: ReconciliationOut, 404: Problem},
    summary="Our books beside the treasury's weekly report",
)
def one_reconciliation(
    request: HttpRequest, key: str, as_of: date | None = None, line: Line | None = None
) -> ReconciliationOut:
    """Return both sides on the day of a report (the newest), for a province or the nation."""
    unit = visible_unit_or_404(cast("SignedInRequest", request), key)
    if unit.is_group or unit.level not in (Level.NATION, Level.PROVINCE):
        raise Http404
    days = [each.as_of for each in report_choices()]
    day = as_of or next(iter(days), None)
    lines = lines_of(unit.key)
    if day not in days or day is None or (line is not None and line not in lines):
        raise Http404
    return reconciliation_out(unit.key, reconciliation(unit.key, day, line or lines[0]))


@router.get(
    "/places/{key}/money/quality",
    response={200: QualityOut, 404: Problem},
    summary="Questions about the data of a place's offices",
)
def one_quality(
    request: HttpRequest, key: str, year: Year, kind: Kind | None = None, page: Page = 1
) -> QualityOut:
    """Return the counts by office and kind, and a hundred questions a page.

    Of more offices than a province's there are counts alone, those of last night.
    """
    signed_in = cast("SignedInRequest", request)
    unit = visible_unit_or_404(signed_in, key)
    asked_year = FiscalYear(year)
    scope = scope_of(unit.members, asked_year, today=signed_in.standing.on)
    counts, as_of = counts_of(scope)
    questions = []
    if scope.is_live:
        found = Questions(scope, counts, (kind,) if kind else KINDS)
        first = (page - 1) * PAGE_SIZE
        questions = [question_out(each) for each in found[first : first + PAGE_SIZE]]
    chosen = {key: tally for key, tally in counts.items() if kind in (None, key[1])}
    return QualityOut(
        place=unit.key,
        fiscal_year=asked_year.be,
        as_of=as_of,
        unit="บาท",
        total=sum(each.count for each in chosen.values()),
        counts=[count_out(place, own, tally) for (place, own), tally in sorted(chosen.items())],
        page=page,
        page_size=PAGE_SIZE,
        questions=questions,
    )
