"""The agenda of a meeting: items put in, changed, moved and dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.models import AgendaItem, Format, Meeting
from tiddao.policy.rules.agenda import NewItem, moved


class AgendaRefused(Exception):
    """It cannot be done. code: title-missing, ends-before-it-begins, not-open; field: of the form."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class AgendaChanged(Exception):
    """Somebody changed the agenda since the person looked; nothing was written."""


def lay_out(meeting: Meeting, items: Iterable[NewItem]) -> None:
    """Put the items down as the agenda of a meeting that has none. Part of another act."""
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=number, **_facts(item))
        for number, item in enumerate(items, start=1)
        if item.title.strip()
    )


@transaction.atomic
def add_item(meeting_id: int, wanted: NewItem, *, seen: int, by: Actor, at: datetime) -> AgendaItem:
    """Put an item at the end of its part. Raises AgendaRefused, AgendaChanged, DoesNotExist."""
    _refuse_unfit(wanted)
    meeting = _locked(meeting_id, seen)
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("order"))["last"] or 0
    made = AgendaItem.objects.create(meeting=meeting, order=last + 1, **_facts(wanted))
    _in_order(meeting)
    _kept(meeting, made, "add", by=by, at=at)
    return made


@transaction.atomic
def change_item(item_id: int, wanted: NewItem, *, seen: int, by: Actor, at: datetime) -> AgendaItem:
    """Change an item. Raises AgendaRefused, AgendaChanged, AgendaItem.DoesNotExist."""
    _refuse_unfit(wanted)
    meeting, item = _locked_by(item_id, seen)
    for name, value in _facts(wanted).items():
        setattr(item, name, value)
    item.save()
    _in_order(meeting)
    _kept(meeting, item, "change", by=by, at=at)
    return item


@transaction.atomic
def move_item(item_id: int, step: int, *, seen: int, by: Actor, at: datetime) -> AgendaItem:
    """Move an item up (negative) or down among all; it takes the part of the place it comes to.

    Raises AgendaRefused, AgendaChanged, AgendaItem.DoesNotExist.
    """
    meeting, item = _locked_by(item_id, seen)
    rows = {
        row.pk: row
        for row in AgendaItem.objects.filter(meeting=meeting, dropped=False).order_by("order")
    }
    if item.pk not in rows:
        raise AgendaRefused("not-open")
    ids = list(rows)
    after = moved(ids, item.pk, step)
    place = after.index(item.pk)
    displaced = rows[ids[place]]
    if displaced.part != item.part:
        # Over the edge of a part: into the next part first, its place there the next time.
        item.part = displaced.part
        item.save()
    else:
        for order, key in enumerate(after, start=1):
            if rows[key].order != order:
                rows[key].order = order
                rows[key].save(update_fields=["order"])
        item.refresh_from_db()
    _kept(meeting, item, "move", by=by, at=at)
    return item


@transaction.atomic
def drop_item(item_id: int, *, dropped: bool, seen: int, by: Actor, at: datetime) -> AgendaItem:
    """Leave an item out, or take it in again; what was noted on it stays.

    Raises AgendaRefused, AgendaChanged, AgendaItem.DoesNotExist.
    """
    meeting, item = _locked_by(item_id, seen)
    item.dropped = dropped
    item.save(update_fields=["dropped"])
    _in_order(meeting)
    _kept(meeting, item, "drop" if dropped else "restore", by=by, at=at)
    return item


# -- pieces ----------------------------------------------------------------------------------------


def _locked(meeting_id: int, seen: int) -> Meeting:
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    if meeting.state not in {Meeting.State.DRAFT, Meeting.State.CALLED, Meeting.State.HELD}:
        raise AgendaRefused("not-open")
    if meeting.version != seen:
        raise AgendaChanged
    return meeting


def _locked_by(item_id: int, seen: int) -> tuple[Meeting, AgendaItem]:
    meeting_id = AgendaItem.objects.values_list("meeting_id", flat=True).get(pk=item_id)
    meeting = _locked(meeting_id, seen)
    return meeting, AgendaItem.objects.get(pk=item_id)


def _in_order(meeting: Meeting) -> None:
    """Number the items anew: by part, in their order, what was dropped last."""
    rows = AgendaItem.objects.filter(meeting=meeting).order_by("dropped", "part", "order", "pk")
    for order, row in enumerate(rows, start=1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])


def _kept(meeting: Meeting, item: AgendaItem, what: str, *, by: Actor, at: datetime) -> None:
    meeting.version += 1
    meeting.save(update_fields=["version"])
    record(
        "change_agenda",
        on=f"meeting:{meeting.pk}",
        by=by,
        at=at,
        place=meeting.place_id,
        after={"item": item.pk, "title": item.title, "order": item.order, "part": item.part},
        detail={"what": what, "item": item.pk},
    )


def _refuse_unfit(wanted: NewItem) -> None:
    if not wanted.title.strip():
        raise AgendaRefused("title-missing", "title")
    if wanted.starts is not None and wanted.ends is not None and wanted.ends <= wanted.starts:
        raise AgendaRefused("ends-before-it-begins", "ends")


def _facts(wanted: NewItem) -> dict[str, object]:
    facts = asdict(wanted)
    facts["venue_place_id"] = facts.pop("venue_place")
    return facts | {
        "title": wanted.title.strip()[:300],
        "part": min(max(wanted.part, 1), 9),
        "format": wanted.format if wanted.format in Format.values else Format.DISCUSSION,
        "speaker": wanted.speaker.strip()[:200],
        "venue": wanted.venue.strip()[:300],
    }
