"""Meetings: prepared, called, mended, held or called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tiddao.kernel.dates import BANGKOK
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.agenda import lay_out
from tiddao.policy.actions.handing_down import Sender
from tiddao.policy.models import Invitation, Meeting, MeetingSeries
from tiddao.policy.rules.agenda import NewItem
from tiddao.policy.rules.series import next_number

OPEN = frozenset({Meeting.State.DRAFT, Meeting.State.CALLED})
"""States of a meeting that has not been held."""


class MeetingRefused(Exception):
    """It cannot be done. field: the form's field it is about, or "".

    code: title-missing, ends-before-it-begins, not-open, not-yet, nobody-invited, reason-missing,
    words-missing, not-running, replaced-already, directed-already, series-ended, roles-missing,
    nobody-found, name-missing.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class MeetingChanged(Exception):
    """Somebody changed the meeting since the person looked; nothing was written."""


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """What is to be held. starts_at, ends_at: moments; ends_at None: no end is given."""

    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    purpose: str = ""
    venue: str = ""
    venue_place: str | None = None
    chair: str = ""
    secretary: str = ""
    series_id: int | None = None
    document_id: int | None = None
    agenda: tuple[NewItem, ...] = ()


@transaction.atomic
def prepare_meeting(wanted: NewMeeting, *, caller: Sender, by: Actor, at: datetime) -> Meeting:
    """Begin a meeting: nobody outside the calling line sees it before it is called.

    In a series it gets the next number of its fiscal year. Raises MeetingRefused;
    MeetingSeries.DoesNotExist for a series of another office.
    """
    _refuse_unfit(wanted)
    fiscal_year = fiscal_year_of(wanted.starts_at)
    number = None
    if wanted.series_id is not None:
        series = MeetingSeries.objects.select_for_update().get(
            pk=wanted.series_id, office=caller.office
        )
        if series.ended_on is not None:
            raise MeetingRefused("series-ended", "series")
        number = number_in(series, fiscal_year)
    made = Meeting.objects.create(
        place_id=caller.place,
        office_id=caller.office,
        post_id=caller.post_id,
        series_id=wanted.series_id,
        number=number,
        fiscal_year=fiscal_year,
        document_id=wanted.document_id,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
        **_facts(wanted),
    )
    lay_out(made, wanted.agenda)
    record(
        "prepare_meeting",
        on=f"meeting:{made.pk}",
        by=by,
        at=at,
        place=made.place_id,
        after=_state_of(made),
        detail={"starts_at": made.starts_at.isoformat(), "items": len(wanted.agenda)},
    )
    return made


@transaction.atomic
def change_meeting(
    meeting_id: int, wanted: NewMeeting, *, seen: int, by: Actor, at: datetime
) -> Meeting:
    """Change what it is called, when and where; not the series. Who was invited sees it at once.

    Raises MeetingRefused (as prepare_meeting; not-open once it was held), MeetingChanged,
    Meeting.DoesNotExist.
    """
    _refuse_unfit(wanted)
    held = locked(meeting_id, seen=seen)
    if held.state not in OPEN:
        raise MeetingRefused("not-open")
    before = _state_of(held)
    for name, value in _facts(wanted).items():
        setattr(held, name, value)
    year = fiscal_year_of(wanted.starts_at)
    if year != held.fiscal_year:
        held.fiscal_year = year
        if held.series is not None:
            held.number = number_in(held.series, year)
    changed(held)
    record(
        "change_meeting",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before=before,
        after=_state_of(held),
        detail={"starts_at": held.starts_at.isoformat()},
    )
    return held


@transaction.atomic
def call_meeting(meeting_id: int, *, by: Actor, at: datetime) -> Meeting:
    """Send the invitations: from now on whoever is invited sees the meeting.

    Calling again changes nothing. Raises MeetingRefused (not-open, nobody-invited),
    Meeting.DoesNotExist.
    """
    held = locked(meeting_id)
    if held.state == Meeting.State.CALLED:
        return held
    if held.state != Meeting.State.DRAFT:
        raise MeetingRefused("not-open")
    asked = Invitation.objects.filter(meeting=held, withdrawn=False).count()
    if not asked:
        raise MeetingRefused("nobody-invited")
    held.state = Meeting.State.CALLED
    changed(held)
    record(
        "call_meeting",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"state": Meeting.State.DRAFT},
        after={"state": held.state},
        detail={"invited": asked},
    )
    return held


@transaction.atomic
def close_as_held(meeting_id: int, *, on: date, by: Actor, at: datetime) -> Meeting:
    """Say that it took place: who is not on the list was not there, the QR code ends.

    Saying it again changes nothing. Raises MeetingRefused (not-running, not-yet),
    Meeting.DoesNotExist.
    """
    held = locked(meeting_id)
    if held.state in {Meeting.State.HELD, Meeting.State.MINUTED}:
        return held
    if held.state != Meeting.State.CALLED:
        raise MeetingRefused("not-running")
    if held.starts_at.astimezone(BANGKOK).date() > on:
        raise MeetingRefused("not-yet")
    held.state = Meeting.State.HELD
    changed(held)
    record(
        "hold_meeting",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"state": Meeting.State.CALLED},
        after={"state": held.state},
    )
    return held


@transaction.atomic
def call_off_meeting(meeting_id: int, *, reason: str, by: Actor, at: datetime) -> Meeting:
    """Call it off with a reason that the invited read. Calling it off again changes nothing.

    Raises MeetingRefused (reason-missing, not-open), Meeting.DoesNotExist.
    """
    held = locked(meeting_id)
    if held.state == Meeting.State.CANCELLED:
        return held
    if held.state not in OPEN:
        raise MeetingRefused("not-open")
    if not reason.strip():
        raise MeetingRefused("reason-missing", "reason")
    before = held.state
    held.state, held.cancel_reason = Meeting.State.CANCELLED, reason.strip()[:500]
    changed(held)
    record(
        "call_off_meeting",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"state": before},
        after={"state": held.state, "reason": held.cancel_reason},
    )
    return held


# -- shared by the acts on meetings ----------------------------------------------------------------


def locked(meeting_id: int, *, seen: int | None = None) -> Meeting:
    """Return the meeting, locked until the act ends. seen: the version that the person looked at.

    Raises MeetingChanged, Meeting.DoesNotExist.
    """
    held = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    if seen is not None and held.version != seen:
        raise MeetingChanged
    return held


def changed(held: Meeting) -> None:
    """Keep the meeting with the next version."""
    held.version += 1
    held.save()


def number_in(series: MeetingSeries, fiscal_year: int) -> int:
    """Return the next number of the series in the fiscal year; the series must be locked."""
    return next_number(
        number
        for number in series.meetings.filter(fiscal_year=fiscal_year).values_list(
            "number", flat=True
        )
        if number is not None
    )


def fiscal_year_of(starts_at: datetime) -> int:
    """Return the Buddhist fiscal year of the day in Thailand."""
    return FiscalYear.of(starts_at.astimezone(BANGKOK).date()).be


def _refuse_unfit(wanted: NewMeeting) -> None:
    if not wanted.title.strip():
        raise MeetingRefused("title-missing", "title")
    if wanted.ends_at is not None and wanted.ends_at <= wanted.starts_at:
        raise MeetingRefused("ends-before-it-begins", "ends")


def _facts(wanted: NewMeeting) -> dict[str, object]:
    return {
        "title": wanted.title.strip()[:300],
        "purpose": wanted.purpose.strip(),
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        "venue": wanted.venue.strip()[:300],
        "venue_place_id": wanted.venue_place,
        "chair": wanted.chair.strip()[:200],
        "secretary": wanted.secretary.strip()[:200],
    }


def _state_of(held: Meeting) -> dict[str, object]:
    return {
        "title": held.title,
        "starts_at": held.starts_at.isoformat(),
        "ends_at": held.ends_at.isoformat() if held.ends_at else None,
        "venue": held.venue,
        "venue_place": held.venue_place_id,
        "chair": held.chair,
        "number": held.number,
    }
