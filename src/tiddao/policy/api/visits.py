"""JSON of field visits and their follow-ups: the same reads as the pages."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.policy.queries.visits import (
    find_visit,
    follow_up_lines,
    follow_ups_seen,
    open_follow_ups,
    visit_lines,
    visits_seen,
    visits_within,
)
from tiddao.policy.schemas.directives import Problem
from tiddao.policy.schemas.visits import (
    FollowUpOut,
    VisitOut,
    VisitPageOut,
    follow_up_out,
    visit_out,
    visit_page_out,
)

router = Router()
MOST = 500
"""Visits or follow-ups in one answer: the latest, the most urgent."""


@router.get("/visits", response=list[VisitOut], summary="Field visits in the caller's scope")
def visits(request: HttpRequest, place: str | None = None) -> list[VisitOut]:
    """Return the latest 500, of all places or those within one."""
    asked = cast("SignedInRequest", request)
    rows = visits_seen(asked.standing)
    if place is not None:
        unit = visible_unit_or_404(asked, place)
        rows = visits_within(rows, unit.members, on=asked.standing.on)
    return [visit_out(each) for each in visit_lines(rows[:MOST], on=asked.standing.on)]


@router.get("/visits/follow-ups", response=list[FollowUpOut], summary="Open follow-ups of visits")
def follow_ups(request: HttpRequest) -> list[FollowUpOut]:
    """Return what is neither done nor handed down, the most urgent first."""
    standing = cast("SignedInRequest", request).standing
    rows = open_follow_ups(follow_ups_seen(standing))[:MOST]
    return [follow_up_out(each) for each in follow_up_lines(rows, standing)]


@router.get(
    "/visits/{visit_id}",
    response={200: VisitPageOut, 404: Problem},
    summary="One field visit with its follow-ups",
)
def visit(request: HttpRequest, visit_id: int) -> VisitPageOut:
    """Return it."""
    found = find_visit(visit_id, cast("SignedInRequest", request).standing)
    if found is None:
        raise Http404
    return visit_page_out(found)
