"""Meetings that come again: begun, the next one made from the last, ended."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from tiddao.kernel.dates import BANGKOK
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.handing_down import Sender
from tiddao.policy.actions.meetings import (
    MeetingRefused,
    NewMeeting,
    changed,
    locked,
    number_in,
    prepare_meeting,
)
from tiddao.policy.models import AgendaItem, Invitation, Meeting, MeetingSeries
from tiddao.policy.rules.agenda import NewItem
from tiddao.policy.rules.recurrence import Recurrence, recurrence_of
from tiddao.policy.rules.series import next_day

BATCH = 500
"""Rows of one statement."""


@transaction.atomic
def begin_series(
    meeting_id: int, title: str, *, recurrence: Recurrence | None, by: Actor, at: datetime
) -> MeetingSeries:
    """Make a meeting the first of a series; its agenda is the usual one from then on.

    Raises MeetingRefused (title-missing; not-open where it is in a series already).
    """
    if not title.strip():
        raise MeetingRefused("title-missing", "title")
    held = locked(meeting_id)
    if held.series_id is not None or held.state == Meeting.State.CANCELLED:
        raise MeetingRefused("not-open")
    made = MeetingSeries.objects.create(
        place_id=held.place_id,
        office_id=held.office_id,
        title=title.strip()[:300],
        recurrence=recurrence.as_json() if recurrence else None,
        parts=_usual_agenda(held),
        by=by.reference,
        by_name=by.name,
        at=at,
    )
    held.series, held.number = made, number_in(made, held.fiscal_year)
    changed(held)
    record(
        "begin_meeting_series",
        on=f"meeting-series:{made.pk}",
        by=by,
        at=at,
        place=made.place_id,
        after={"title": made.title, "recurrence": made.recurrence},
        detail={"meeting": held.pk},
    )
    return made


@transaction.atomic
def prepare_next(series_id: int, *, caller: Sender, on: date, by: Actor, at: datetime) -> Meeting:
    """Prepare the next meeting of a series: next number, usual agenda, the same people, a working day.

    It is a draft like any other. Where one is being prepared already, that one comes back. Raises
    MeetingRefused (series-ended), MeetingSeries.DoesNotExist.
    """
    series = MeetingSeries.objects.select_for_update().get(pk=series_id, office=caller.office)
    if series.ended_on is not None:
        raise MeetingRefused("series-ended")
    waiting = series.meetings.filter(state=Meeting.State.DRAFT).order_by("-starts_at").first()
    if waiting is not None:
        return waiting
    last = series.meetings.exclude(state=Meeting.State.CANCELLED).order_by("-starts_at").first()
    if last is None:
        last = series.meetings.order_by("-starts_at")[0]
    begins = timezone.localtime(last.starts_at, BANGKOK)
    rule = recurrence_of(series.recurrence) if series.recurrence else None
    day = next_day(begins.date(), recurrence=rule, on=on)
    starts_at = datetime.combine(day, begins.time(), tzinfo=BANGKOK)
    made = prepare_meeting(
        NewMeeting(
            title=last.title,
            purpose=last.purpose,
            starts_at=starts_at,
            ends_at=starts_at + (last.ends_at - last.starts_at) if last.ends_at else None,
            venue=last.venue,
            venue_place=last.venue_place_id,
            chair=last.chair,
            secretary=last.secretary,
            series_id=series.pk,
            agenda=tuple(_item_of(each) for each in series.parts),
        ),
        caller=caller,
        by=by,
        at=at,
    )
    Invitation.objects.bulk_create(
        (
            Invitation(meeting=made, office_id=each.office_id, role=each.role, guest=each.guest)
            for each in Invitation.objects.filter(meeting=last, withdrawn=False).order_by("pk")
        ),
        batch_size=BATCH,
    )
    return made


@transaction.atomic
def keep_as_usual(meeting_id: int, *, by: Actor, at: datetime) -> MeetingSeries:
    """Make a meeting's agenda the usual one of its series. Raises MeetingRefused (not-open)."""
    held = Meeting.objects.select_related("series").get(pk=meeting_id)
    if held.series is None:
        raise MeetingRefused("not-open")
    series = MeetingSeries.objects.select_for_update().get(pk=held.series.pk)
    before = series.parts
    series.parts = _usual_agenda(held)
    series.save(update_fields=["parts"])
    record(
        "keep_usual_agenda",
        on=f"meeting-series:{series.pk}",
        by=by,
        at=at,
        place=series.place_id,
        before=before,
        after=series.parts,
        detail={"meeting": held.pk, "items": len(series.parts)},
    )
    return series


@transaction.atomic
def end_series(series_id: int, *, on: date, by: Actor, at: datetime) -> MeetingSeries:
    """End a series; its meetings stay. Ending it again changes nothing."""
    series = MeetingSeries.objects.select_for_update().get(pk=series_id)
    if series.ended_on is None:
        series.ended_on = on
        series.save(update_fields=["ended_on"])
        record(
            "end_meeting_series",
            on=f"meeting-series:{series.pk}",
            by=by,
            at=at,
            place=series.place_id,
            after={"ended_on": on.isoformat()},
        )
    return series


def _usual_agenda(meeting: Meeting) -> list[dict[str, object]]:
    return [
        {
            "title": row.title,
            "part": row.part,
            "format": row.format,
            "starts": row.starts.isoformat("minutes") if row.starts else None,
            "ends": row.ends.isoformat("minutes") if row.ends else None,
            "speaker": row.speaker,
        }
        for row in AgendaItem.objects.filter(meeting=meeting, dropped=False).order_by("order")
    ]


def _item_of(stored: dict[str, str | int | None]) -> NewItem:
    starts, ends = stored["starts"], stored["ends"]
    return NewItem(
        title=str(stored["title"]),
        part=int(stored["part"] or 1),
        format=str(stored["format"]),
        starts=time.fromisoformat(str(starts)) if starts else None,
        ends=time.fromisoformat(str(ends)) if ends else None,
        speaker=str(stored["speaker"] or ""),
    )
