"""Meetings for tests, through the real acts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from tests.policy.directives.acts import AT, ON, sender_of
from tiddao.kernel.dates import BANGKOK
from tiddao.people.models import User
from tiddao.policy.actions.invitations import invite
from tiddao.policy.actions.meetings import NewMeeting, call_meeting, prepare_meeting
from tiddao.policy.models import Meeting
from tiddao.policy.rules.agenda import NewItem

__all__ = ["AGENDA", "AT", "DAY", "ON", "at_clock", "called", "prepared"]

DAY = date(2026, 6, 10)
AGENDA = (
    NewItem("บรรยายพิเศษการขับเคลื่อนภารกิจสำคัญ", 1, "lecture", time(9), time(12)),
    NewItem("ระดมความคิดเห็น", 2, "workshop", time(13)),
)


def at_clock(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=BANGKOK)


def prepared(
    user: User, *, title: str = "ประชุมขับเคลื่อนงาน", on: date = ON, at: datetime = AT, **facts
) -> Meeting:
    """A meeting of the user's office, with the agenda unless another is given."""
    sender, by, _post = sender_of(user, on=on)
    facts.setdefault("starts_at", at_clock(10))
    facts.setdefault("venue", "หอประชุมบ้านห้วยก้างปูล้าน")
    facts.setdefault("agenda", AGENDA)
    return prepare_meeting(NewMeeting(title, **facts), caller=sender, by=by, at=at)


def called(
    user: User,
    *,
    offices=("CDD-5712",),
    roles=("district_head",),
    guests=(),
    on: date = ON,
    at: datetime = AT,
    **facts,
) -> Meeting:
    """A meeting to which posts were invited."""
    meeting = prepared(user, on=on, at=at, **facts)
    sender, by, _post = sender_of(user, on=on)
    invite(
        meeting.pk, offices=offices, roles=roles, guests=guests, scope=sender.scope, on=on,
        by=by, at=at,
    )  # fmt: skip
    return call_meeting(meeting.pk, by=by, at=at)


def called_today(user: User, **facts) -> Meeting:
    """As called, but now: the pages count from the real day."""
    now = datetime.now(UTC).astimezone(BANGKOK)
    facts.setdefault("starts_at", now - timedelta(minutes=5))
    return called(user, on=now.date(), at=now - timedelta(hours=1), **facts)
