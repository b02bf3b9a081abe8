"""What the JSON of field visits looks like. Days are Gregorian; null: no day, or nothing yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from tiddao.policy.queries.visits import FollowUpLine, VisitLine, VisitView


class VisitOut(Schema):
    """open, overdue: follow-ups neither done nor handed down; photos: proofs attached."""

    id: int
    place: str
    place_name: str
    office: str
    office_name: str
    visited_on: date
    subject: str
    spot: str
    problem: str
    progress: str
    next_on: date | None
    follow_ups: int
    open: int
    overdue: int
    photos: int


class FollowUpOut(Schema):
    """state: open, overdue, handed-down or done. days: overdue, or left until the day."""

    id: int
    visit_id: int
    place: str
    words: str
    responsible: str
    due_on: date | None
    state: str
    days: int | None
    done_at: datetime | None
    done_words: str
    directive_id: int | None


class VisitPageOut(VisitOut):
    meeting: str
    by_name: str
    at: datetime
    to_follow: list[FollowUpOut]


def visit_out(line: VisitLine) -> VisitOut:
    """Return a visit as its JSON."""
    return VisitOut(**_visit(line))


def visit_page_out(found: VisitView) -> VisitPageOut:
    """Return a visit with its follow-ups as its JSON."""
    return VisitPageOut(
        **_visit(found.line),
        meeting=found.meeting,
        by_name=found.by_name,
        at=found.at,
        to_follow=[follow_up_out(each) for each in found.follow_ups],
    )


def follow_up_out(line: FollowUpLine) -> FollowUpOut:
    """Return a follow-up as its JSON."""
    return FollowUpOut(
        id=line.id,
        visit_id=line.visit_id,
        place=line.place,
        words=line.words,
        responsible=line.responsible,
        due_on=line.due_on,
        state=line.state.code,
        days=line.state.days,
        done_at=line.done_at,
        done_words=line.done_words,
        directive_id=line.directive_id if line.may_open else None,
    )


def _visit(line: VisitLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in VisitOut.model_fields}
