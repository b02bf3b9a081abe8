"""Issuing minutes: what they say is frozen; a later issue does not take an earlier one away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.issuing import next_issue, refuse_saying_the_same
from tiddao.policy.actions.meetings import changed, locked
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.models import IssuedMinutes, Meeting
from tiddao.policy.queries.minutes import minutes_of
from tiddao.policy.rules.official import minutes_from


@dataclass(frozen=True, slots=True)
class Closing:
    """What a person adds when minutes are issued. ends: when the meeting closed, None not known."""

    recorder: str
    checker: str
    ends: time | None


@transaction.atomic
def issue_minutes(
    meeting_id: int,
    closing: Closing,
    *,
    seen: int,
    reason: str = "",
    demonstration: bool = False,
    by: Actor,
    at: datetime,
) -> IssuedMinutes:
    """Freeze the minutes as the meeting stands. A further issue needs a reason and other words.

    seen: the meeting's version that was looked at. Raises PaperRefused (not-held, same-words,
    reason-missing), MeetingChanged, Meeting.DoesNotExist.
    """
    held = locked(meeting_id, seen=seen)
    if held.state not in {Meeting.State.HELD, Meeting.State.MINUTED}:
        raise PaperRefused("not-held")
    minutes = replace(
        minutes_of(meeting_id),
        recorder=closing.recorder.strip(),
        checker=closing.checker.strip(),
        ends=closing.ends,
        demonstration=demonstration,
    )
    last = IssuedMinutes.objects.filter(meeting=held).order_by("-number").first()
    if last is not None:
        refuse_saying_the_same(minutes, minutes_from(last.content), reason)
    made = IssuedMinutes.objects.create(
        meeting=held,
        **next_issue(minutes, last, place=held.place_id, reason=reason, by=by, at=at),
    )
    before = held.state
    held.state = Meeting.State.MINUTED
    changed(held)
    record(
        "issue_minutes",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        before={"state": before, "number": last.number if last else 0},
        after={"state": held.state, "number": made.number, "sha256": made.sha256},
        detail={"number": made.number, "reason": made.reason},
    )
    return made
