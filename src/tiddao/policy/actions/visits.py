"""What is written down of a field visit, and what comes of its follow-ups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.models import AgendaItem, Directive, FieldVisit, FollowUp


class VisitRefused(Exception):
    """It cannot be written so. field: the form's field it is about, or "".

    code: subject-missing, nothing-seen, day-ahead, next-before, words-missing, responsible-missing,
    due-before, done-already, already-turned, meeting-elsewhere.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen. next_on: the day of the next visit, None where none is agreed."""

    visited_on: date
    subject: str
    spot: str = ""
    problem: str = ""
    progress: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """What is to be done, by whom (a post or group, no private person), by when."""

    words: str
    responsible: str
    due_on: date | None = None


@transaction.atomic
def record_visit(
    seen: Seen,
    *,
    place: str,
    office: str,
    follow_ups: Sequence[NewFollowUp] = (),
    meeting_id: int | None = None,
    item_id: int | None = None,
    on: date,
    by: Actor,
    at: datetime,
) -> FieldVisit:
    """Write a visit down, with what is to follow. place: code of what was visited; office: whose visit.

    Raises VisitRefused; nothing is written then.
    """
    fit = _fit(seen, on=on)
    item = AgendaItem.objects.filter(pk=item_id).first() if item_id else None
    if item is not None and item.meeting_id != meeting_id:
        raise VisitRefused("meeting-elsewhere")
    visit = FieldVisit.objects.create(
        place_id=place,
        office_id=office,
        meeting_id=meeting_id,
        item=item,
        by=by.reference,
        by_name=by.name,
        by_post=by.post[:120],
        at=at,
        **asdict(fit),
    )
    for each in follow_ups:
        _follow_up(visit, each, by=by, at=at)
    record(
        "record_visit",
        on=f"visit:{visit.pk}",
        by=by,
        at=at,
        place=place,
        after=_as_text(fit),
        detail={"visited_on": fit.visited_on.isoformat(), "follow_ups": len(follow_ups)},
    )
    return visit


@transaction.atomic
def correct_visit(visit_id: int, seen: Seen, *, on: date, by: Actor, at: datetime) -> FieldVisit:
    """Mend what was written; what stood there is kept in the history. Place and office stay.

    Raises VisitRefused, FieldVisit.DoesNotExist.
    """
    fit = _fit(seen, on=on)
    visit = FieldVisit.objects.select_for_update().get(pk=visit_id)
    facts = asdict(fit)
    before = Seen(**{name: getattr(visit, name) for name in facts})
    if before == fit:
        return visit
    for name, value in facts.items():
        setattr(visit, name, value)
    visit.save(update_fields=list(facts))
    record(
        "correct_visit",
        on=f"visit:{visit.pk}",
        by=by,
        at=at,
        place=visit.place_id,
        before=_as_text(before),
        after=_as_text(fit),
    )
    return visit


@transaction.atomic
def add_follow_up(visit_id: int, wanted: NewFollowUp, *, by: Actor, at: datetime) -> FollowUp:
    """Say what is to be done after a visit. Raises VisitRefused, FieldVisit.DoesNotExist."""
    visit = FieldVisit.objects.get(pk=visit_id)
    made = _follow_up(visit, wanted, by=by, at=at)
    record(
        "add_follow_up",
        on=f"visit:{visit.pk}/follow-up:{made.pk}",
        by=by,
        at=at,
        place=visit.place_id,
        after={"words": made.words, "responsible": made.responsible},
        detail={"due_on": made.due_on.isoformat() if made.due_on else ""},
    )
    return made


@transaction.atomic
def finish_follow_up(follow_up_id: int, words: str, *, by: Actor, at: datetime) -> FollowUp:
    """Say that a follow-up is done, and what came of it.

    Raises VisitRefused (words-missing, done-already), FollowUp.DoesNotExist.
    """
    said = words.strip()
    if not said:
        raise VisitRefused("words-missing", "words")
    held = _held(follow_up_id)
    if held.done_at is not None:
        raise VisitRefused("done-already")
    held.done_at, held.done_words, held.done_by = at, said, by.reference
    held.save(update_fields=["done_at", "done_words", "done_by"])
    record(
        "finish_follow_up",
        on=f"visit:{held.visit_id}/follow-up:{held.pk}",
        by=by,
        at=at,
        place=held.visit.place_id,
        after={"words": said},
    )
    return held


@transaction.atomic
def hand_follow_up_down(
    follow_up_id: int,
    wanted: NewDirective,
    receivers: Collection[str],
    *,
    sender: Sender,
    on: date,
    by: Actor,
    at: datetime,
) -> Directive:
    """Hand a follow-up down as a directive that it is tied to, and is followed from there.

    Raises VisitRefused (done-already, already-turned), DirectiveRefused, FollowUp.DoesNotExist.
    """
    held = _held(follow_up_id)
    if held.done_at is not None:
        raise VisitRefused("done-already")
    if held.directive_id is not None:
        raise VisitRefused("already-turned")
    made = hand_down(wanted, receivers, sender=sender, on=on, by=by, at=at)
    held.directive = made
    held.save(update_fields=["directive"])
    record(
        "hand_follow_up_down",
        on=f"visit:{held.visit_id}/follow-up:{held.pk}/directive:{made.pk}",
        by=by,
        at=at,
        place=held.visit.place_id,
    )
    return made


# -- pieces ----------------------------------------------------------------------------------------


def _fit(seen: Seen, *, on: date) -> Seen:
    """The same, tidied up. Raises VisitRefused."""
    subject = " ".join(seen.subject.split())
    if not subject:
        raise VisitRefused("subject-missing", "subject")
    if not seen.problem.strip() and not seen.progress.strip():
        raise VisitRefused("nothing-seen", "problem")
    if seen.visited_on > on:
        raise VisitRefused("day-ahead", "visited_on")
    if seen.next_on is not None and seen.next_on <= seen.visited_on:
        raise VisitRefused("next-before", "next_on")
    return Seen(
        seen.visited_on,
        subject[:300],
        " ".join(seen.spot.split())[:300],
        seen.problem.strip(),
        seen.progress.strip(),
        seen.next_on,
    )


def _follow_up(visit: FieldVisit, wanted: NewFollowUp, *, by: Actor, at: datetime) -> FollowUp:
    words, responsible = wanted.words.strip(), " ".join(wanted.responsible.split())
    if not words:
        raise VisitRefused("words-missing", "words")
    if not responsible:
        raise VisitRefused("responsible-missing", "responsible")
    if wanted.due_on is not None and wanted.due_on < visit.visited_on:
        raise VisitRefused("due-before", "due_on")
    return FollowUp.objects.create(
        visit=visit,
        words=words,
        responsible=responsible[:300],
        due_on=wanted.due_on,
        by=by.reference,
        at=at,
    )


def _held(follow_up_id: int) -> FollowUp:
    return (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("visit")
        .get(pk=follow_up_id)
    )


def _as_text(seen: Seen) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(seen).items()
    }
