"""What a meeting decided, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.agenda_notes import NOTED
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.actions.meetings import MeetingRefused, locked
from tiddao.policy.models import AgendaItem, Directive, Meeting, Resolution


@dataclass(frozen=True, slots=True)
class NewResolution:
    """A decision. sort: noted, directive, proposal; due_on None: no day was set."""

    words: str
    sort: str = Resolution.Sort.NOTED
    item_id: int | None = None
    responsible: str = ""
    due_on: date | None = None


@transaction.atomic
def record_resolution(
    meeting_id: int, wanted: NewResolution, *, by: Actor, at: datetime
) -> Resolution:
    """Write a decision down under the next number.

    Raises MeetingRefused (words-missing, not-running), AgendaItem.DoesNotExist for an item of
    another meeting, Meeting.DoesNotExist.
    """
    held = locked(meeting_id)
    made = _written(held, wanted, by=by, at=at)
    record(
        "record_resolution",
        on=f"meeting:{held.pk}/resolution:{made.pk}",
        by=by,
        at=at,
        place=held.place_id,
        after=_state_of(made),
        detail={"number": made.number, "sort": made.sort},
    )
    return made


@transaction.atomic
def replace_resolution(
    resolution_id: int, wanted: NewResolution, *, by: Actor, at: datetime
) -> Resolution:
    """Put another decision in the place of one; the old one stays, and says by what it was replaced.

    A directive that the old one became goes on until it is called off. Raises as
    record_resolution, and MeetingRefused (replaced-already).
    """
    old = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution_id)
    held = locked(old.meeting_id)
    if old.replaced_by_id is not None:
        raise MeetingRefused("replaced-already")
    made = _written(held, wanted, by=by, at=at)
    old.replaced_by = made
    old.save(update_fields=["replaced_by"])
    record(
        "replace_resolution",
        on=f"meeting:{held.pk}/resolution:{old.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before=_state_of(old),
        after=_state_of(made),
        detail={"number": old.number, "by_number": made.number},
    )
    return made


@transaction.atomic
def direct_resolution(
    resolution_id: int,
    wanted: NewDirective,
    receivers: Collection[str],
    *,
    sender: Sender,
    on: date,
    by: Actor,
    at: datetime,
) -> Directive:
    """Hand a decision down as a directive; from then on its state shows beside the decision.

    Raises MeetingRefused (replaced-already, directed-already), DirectiveRefused,
    Resolution.DoesNotExist.
    """
    row = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution_id)
    if row.replaced_by_id is not None:
        raise MeetingRefused("replaced-already")
    if row.directive_id is not None:
        raise MeetingRefused("directed-already")
    made = hand_down(wanted, receivers, sender=sender, on=on, by=by, at=at)
    before = row.sort
    row.directive, row.sort = made, Resolution.Sort.DIRECTIVE
    row.save(update_fields=["directive", "sort"])
    record(
        "direct_resolution",
        on=f"meeting:{row.meeting_id}/resolution:{row.pk}",
        by=by,
        at=at,
        place=sender.place,
        before={"sort": before},
        after={"sort": row.sort, "directive": made.pk},
        detail={"directive": made.pk, "number": row.number},
    )
    return made


def _written(held: Meeting, wanted: NewResolution, *, by: Actor, at: datetime) -> Resolution:
    if held.state not in NOTED:
        raise MeetingRefused("not-running")
    if not wanted.words.strip():
        raise MeetingRefused("words-missing", "words")
    item = (
        AgendaItem.objects.get(pk=wanted.item_id, meeting=held)
        if wanted.item_id is not None
        else None
    )
    last = Resolution.objects.filter(meeting=held).aggregate(last=Max("number"))["last"] or 0
    return Resolution.objects.create(
        meeting=held,
        item=item,
        number=last + 1,
        sort=wanted.sort if wanted.sort in Resolution.Sort.values else Resolution.Sort.NOTED,
        words=wanted.words.strip(),
        responsible=wanted.responsible.strip()[:300],
        due_on=wanted.due_on,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )


def _state_of(row: Resolution) -> dict[str, object]:
    return {
        "number": row.number,
        "sort": row.sort,
        "words": row.words,
        "responsible": row.responsible,
        "due_on": row.due_on.isoformat() if row.due_on else None,
    }
