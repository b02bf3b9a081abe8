"""JSON of meetings: the same reads as the pages."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.attendance import presence_of
from tiddao.policy.queries.meetings import (
    MeetingsWanted,
    find_meeting,
    meeting_lines,
    meetings_seen,
)
from tiddao.policy.queries.resolutions import resolutions_of
from tiddao.policy.schemas.directives import Problem
from tiddao.policy.schemas.meetings import (
    MeetingOut,
    MeetingPageOut,
    meeting_out,
    meeting_page_out,
)

router = Router()
MOST = 500
"""Meetings in one answer; narrow by fiscal year for more."""


@router.get("/meetings", response=list[MeetingOut], summary="Meetings that the caller may see")
def meetings(
    request: HttpRequest, fiscal_year: int | None = None, when: str = ""
) -> list[MeetingOut]:
    """Return up to 500, the latest first. when: coming (the next first), past."""
    standing = cast("SignedInRequest", request).standing
    wanted = MeetingsWanted(when=when, fiscal_year=fiscal_year)
    rows = meetings_seen(standing, wanted, now=timezone.now())
    return [meeting_out(each) for each in meeting_lines(rows[:MOST], standing)]


@router.get(
    "/meetings/{meeting_id}",
    response={200: MeetingPageOut, 404: Problem},
    summary="One meeting with agenda, decisions, replies and attendance counts",
)
def meeting(request: HttpRequest, meeting_id: int) -> MeetingPageOut:
    """Return it; who came is counted, not named."""
    standing = cast("SignedInRequest", request).standing
    found = find_meeting(meeting_id, standing)
    if found is None:
        raise Http404
    presence = presence_of(meeting_id) if found.in_line else None
    return meeting_page_out(found, resolutions_of(meeting_id, standing), presence)
