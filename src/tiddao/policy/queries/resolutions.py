"""Decisions of a meeting with what became of them, and the review's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tiddao.people.access import Standing
from tiddao.policy.models import AfterActionWord, Directive, Invitation, Resolution
from tiddao.policy.queries.directives import DirectiveLine, directive_lines
from tiddao.policy.queries.visibility import visible_directives
from tiddao.policy.rules.assignments import DueDay, due_day

SORT_LOOK = {"noted": "info", "directive": "check", "proposal": "warn"}


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """A decision. replaced_by: number of the one in its place, 0 while it stands. directive: what
    it became, where the person may see that; is_directed: it became one, seen or not.
    """

    id: int
    number: int
    item_id: int | None
    item_title: str
    sort: str
    sort_words: str
    look: str
    words: str
    responsible: str
    due: DueDay | None
    due_on: date | None
    replaced_by: int
    replaces: int
    directive: DirectiveLine | None
    is_directed: bool
    by_name: str
    at: datetime


def resolutions_of(meeting_id: int, standing: Standing) -> tuple[ResolutionLine, ...]:
    """Return a meeting's decisions by number. Up to three queries."""
    rows = list(
        Resolution.objects.filter(meeting=meeting_id)
        .select_related("item", "replaced_by")
        .order_by("number")
    )
    ids = [row.directive_id for row in rows if row.directive_id is not None]
    seen = (
        {
            line.id: line
            for line in directive_lines(
                Directive.objects.filter(visible_directives(standing), pk__in=ids), standing
            )
        }
        if ids
        else {}
    )
    replaces = {row.replaced_by_id: row.number for row in rows if row.replaced_by_id}
    return tuple(
        ResolutionLine(
            id=row.pk,
            number=row.number,
            item_id=row.item_id,
            item_title=row.item.title if row.item else "",
            sort=row.sort,
            sort_words=str(Resolution.Sort(row.sort).label),
            look=SORT_LOOK[row.sort],
            words=row.words,
            responsible=row.responsible,
            due=due_day(row.due_on, on=standing.on),
            due_on=row.due_on,
            replaced_by=row.replaced_by.number if row.replaced_by else 0,
            replaces=replaces.get(row.pk, 0),
            directive=seen.get(row.directive_id or 0),
            is_directed=row.directive_id is not None,
            by_name=row.by_name,
            at=row.at,
        )
        for row in rows
    )


def meeting_of_resolution(resolution_id: int) -> int | None:
    """Return the meeting that decided."""
    return Resolution.objects.filter(pk=resolution_id).values_list("meeting_id", flat=True).first()


def invited_offices(meeting_id: int) -> tuple[str, ...]:
    """Return the codes of the offices whose posts were asked, by place."""
    rows = Invitation.objects.filter(meeting=meeting_id, withdrawn=False).exclude(office=None)
    codes = rows.order_by("office__place_id").values_list("office_id", flat=True)
    return tuple(dict.fromkeys(code for code in codes if code))


@dataclass(frozen=True, slots=True)
class ReviewAnswers:
    """One question of the review with all answers: (words, by, at)."""

    asked: str
    question: str
    answers: tuple[tuple[str, str, datetime], ...]


def review_of(meeting_id: int) -> tuple[ReviewAnswers, ...]:
    """Return the five questions with what everybody answered. One query."""
    said: dict[str, list[tuple[str, str, datetime]]] = {}
    for row in AfterActionWord.objects.filter(meeting=meeting_id).order_by("pk"):
        said.setdefault(row.asked, []).append((row.words, row.by_name, row.at))
    return tuple(
        ReviewAnswers(code, str(words), tuple(said.get(code, ())))
        for code, words in AfterActionWord.Asked.choices
    )
