"""JSON of directives, answers and recurring reports: the same reads as the pages."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.directives import (
    Wanted,
    assignment_lines,
    assignments_of_offices,
    directive_lines,
    directives_seen,
    find_assignment,
    find_directive,
    own_offices,
    questions_of,
    receivers_of,
)
from tiddao.policy.queries.obligations import (
    find_obligation,
    obligation_lines,
    obligations_seen,
)
from tiddao.policy.queries.silence import overview, units_of_line
from tiddao.policy.schemas.directives import (
    AssignmentOut,
    DirectiveOut,
    DirectivePageOut,
    MoveOut,
    ObligationOut,
    ObligationPageOut,
    OverviewOut,
    Problem,
    assignment_out,
    directive_out,
    directive_page_out,
    move_out,
    obligation_out,
    obligation_page_out,
    overview_out,
)

router = Router()
MOST = 500
"""Directives in one answer, the newest; narrow by fiscal year for older ones."""


@router.get("/directives", response=list[DirectiveOut], summary="Directives in the caller's line")
def directives(request: HttpRequest, fiscal_year: int | None = None) -> list[DirectiveOut]:
    """Return the newest 500, or those of a fiscal year (Buddhist era)."""
    standing = cast("SignedInRequest", request).standing
    rows = directives_seen(standing, Wanted(fiscal_year=fiscal_year))
    return [directive_out(each) for each in directive_lines(rows[:MOST], standing)]


@router.get("/directives/inbox", response=list[AssignmentOut], summary="What came to my offices")
def inbox(request: HttpRequest) -> list[AssignmentOut]:
    """Return what is open, the most urgent first."""
    standing = cast("SignedInRequest", request).standing
    rows = assignments_of_offices(own_offices(standing), Wanted(state="open"), on=standing.on)
    return [assignment_out(each) for each in assignment_lines(rows[:MOST], on=standing.on)]


@router.get(
    "/directives/overview", response=OverviewOut, summary="All directives in force, counted"
)
def directives_overview(request: HttpRequest) -> OverviewOut:
    """Return counts by place and what is silent with its days."""
    return overview_out(overview(cast("SignedInRequest", request).standing))


@router.get(
    "/directives/{directive_id}",
    response={200: DirectivePageOut, 404: Problem},
    summary="One directive with its offices and the tree's count",
)
def directive(request: HttpRequest, directive_id: int) -> DirectivePageOut:
    """Return it with every receiver that the caller may see."""
    standing = cast("SignedInRequest", request).standing
    found = find_directive(directive_id, standing)
    if found is None:
        raise Http404
    _level, units = units_of_line(directive_id, standing)
    offices = assignment_lines(receivers_of(directive_id, standing), on=standing.on)
    return directive_page_out(found, units, offices, questions_of(directive_id))


@router.get(
    "/directives/offices/{assignment_id}",
    response={200: list[MoveOut], 404: Problem},
    summary="What one office answered, in order",
)
def moves(request: HttpRequest, assignment_id: int) -> list[MoveOut]:
    """Return every answer and ruling, those that took no effect too."""
    found = find_assignment(assignment_id, cast("SignedInRequest", request).standing)
    if found is None:
        raise Http404
    return [move_out(each) for each in found.moves]


@router.get("/obligations", response=list[ObligationOut], summary="Reports that recur")
def obligations(request: HttpRequest) -> list[ObligationOut]:
    """Return those that the caller's offices ask for or owe."""
    rows = obligations_seen(cast("SignedInRequest", request).standing)
    return [obligation_out(each) for each in obligation_lines(rows)]


@router.get(
    "/obligations/{obligation_id}",
    response={200: ObligationPageOut, 404: Problem},
    summary="One report that recurs, period by period",
)
def obligation(request: HttpRequest, obligation_id: int) -> ObligationPageOut:
    """Return it with its periods, the newest first."""
    found = find_obligation(obligation_id, cast("SignedInRequest", request).standing)
    if found is None:
        raise Http404
    return obligation_page_out(found)
