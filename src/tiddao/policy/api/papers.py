"""JSON of official papers: minutes as issued, letters, templates, news drafts."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.people.access import SignedInRequest, Standing
from tiddao.policy.queries.letters import find_letter, letter_lines, letters_seen
from tiddao.policy.queries.minutes import MeetingHead, find_head, find_issue, issues_of
from tiddao.policy.queries.news import news_of_meeting
from tiddao.policy.queries.papers import find_office, in_force_at, templates_of
from tiddao.policy.schemas.directives import Problem
from tiddao.policy.schemas.papers import (
    IssueOut,
    LetterOut,
    LetterPageOut,
    MinutesOut,
    NewsOut,
    TemplatesOut,
    letter_out,
    letter_page_out,
    minutes_out,
    news_out,
    templates_out,
)

router = Router()
MOST = 500
"""Letters in one answer, the newest."""


@router.get(
    "/meetings/{meeting_id}/minutes",
    response={200: list[IssueOut], 404: Problem},
    summary="Issues of a meeting's minutes, the newest first",
)
def minutes(request: HttpRequest, meeting_id: int) -> list[IssueOut]:
    """Return them without their content."""
    _head(request, meeting_id)
    return [
        IssueOut(number=e.number, sha256=e.sha256, reason=e.reason, by_name=e.by_name, at=e.at)
        for e in issues_of(meeting_id)
    ]


@router.get(
    "/meetings/{meeting_id}/minutes/{number}",
    response={200: MinutesOut, 404: Problem},
    summary="Minutes as they were issued",
)
def minutes_issue(request: HttpRequest, meeting_id: int, number: int) -> MinutesOut:
    """Return the frozen facts."""
    _head(request, meeting_id)
    found = find_issue(meeting_id, number)
    if found is None:
        raise Http404
    return minutes_out(*found)


@router.get(
    "/meetings/{meeting_id}/news",
    response={200: NewsOut, 404: Problem},
    summary="The news draft of a meeting, traced to what it was made from",
)
def news(request: HttpRequest, meeting_id: int) -> NewsOut:
    """Return it to those of the line that called the meeting."""
    head = _head(request, meeting_id)
    found = news_of_meeting(meeting_id, purpose=head.purpose) if head.is_inside else None
    if found is None:
        raise Http404
    return news_out(found)


@router.get("/letters", response=list[LetterOut], summary="Letters that the caller may see")
def letters(request: HttpRequest, kind: str = "") -> list[LetterOut]:
    """Return the newest 500. kind: letter, circular, memo."""
    rows = letters_seen(_standing(request), kind=kind)
    return [letter_out(each) for each in letter_lines(rows[:MOST])]


@router.get(
    "/letters/{letter_id}",
    response={200: LetterPageOut, 404: Problem},
    summary="One letter with its issues",
)
def letter(request: HttpRequest, letter_id: int) -> LetterPageOut:
    """Return it as it stands."""
    found = find_letter(letter_id, _standing(request))
    if found is None:
        raise Http404
    return letter_page_out(found)


@router.get(
    "/paper-templates/{office_code}",
    response={200: TemplatesOut, 404: Problem},
    summary="Templates of an office: in force, and all versions",
)
def paper_templates(request: HttpRequest, office_code: str) -> TemplatesOut:
    """Return them without their files."""
    standing = _standing(request)
    office = find_office(office_code, standing)
    if office is None:
        raise Http404
    return templates_out(
        list(in_force_at(office.place_id).values()), templates_of(office.code, standing)
    )


def _standing(request: HttpRequest) -> Standing:
    return cast("SignedInRequest", request).standing


def _head(request: HttpRequest, meeting_id: int) -> MeetingHead:
    head = find_head(meeting_id, _standing(request))
    if head is None:
        raise Http404
    return head
