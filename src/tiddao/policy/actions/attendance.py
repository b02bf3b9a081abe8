"""Who came: by the list or by the code on the screen; one line a person, mistakes struck out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tiddao.kernel.names import fold_person
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.meetings import MeetingRefused, locked
from tiddao.policy.models import Attendance, Meeting

RUNNING = frozenset({Meeting.State.CALLED, Meeting.State.HELD})
"""States in which people can be put on the list."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who came. user: the account's reference, "" for a guest."""

    name: str
    title: str = ""
    user: str = ""
    office: str | None = None
    invitation_id: int | None = None


@transaction.atomic
def record_attendance(
    meeting_id: int, people: Sequence[Person], *, how: str, by: Actor, at: datetime
) -> tuple[list[Attendance], int]:
    """Put people on the list; return their lines and how many were new.

    Who is on it already has one line and keeps it, however often and in whatever way they sign.
    By the code only while the meeting runs; by the list until its minutes are issued. Raises
    MeetingRefused (not-running, name-missing), Meeting.DoesNotExist.
    """
    held = locked(meeting_id)
    allowed = {Meeting.State.CALLED} if how == Attendance.How.QR else RUNNING
    if held.state not in allowed:
        raise MeetingRefused("not-running")
    if any(not each.name.strip() for each in people):
        raise MeetingRefused("name-missing", "name")
    there = {_key_of(line): line for line in standing_lines(held.pk)}
    lines: list[Attendance] = []
    new = 0
    for each in people:
        line = there.get(_key(each))
        if line is None:
            line = Attendance.objects.create(
                meeting=held,
                user=each.user,
                name=" ".join(each.name.split())[:200],
                title=" ".join(each.title.split())[:200],
                office_id=each.office,
                invitation_id=each.invitation_id,
                how=how,
                by=by.reference,
                at=at,
            )
            there[_key(each)] = line
            new += 1
        lines.append(line)
    if new:
        record(
            "record_attendance",
            on=f"meeting:{held.pk}",
            by=by,
            at=at,
            place=held.place_id,
            detail={"how": how, "people": new},
        )
    return lines, new


@transaction.atomic
def strike_attendance(attendance_id: int, *, by: Actor, at: datetime) -> Attendance:
    """Strike out a line that was a mistake; both lines stay. Striking it again changes nothing.

    Raises MeetingRefused (not-running), Attendance.DoesNotExist.
    """
    line = Attendance.objects.get(pk=attendance_id, strikes=None)
    held = locked(line.meeting_id)
    if held.state not in RUNNING:
        raise MeetingRefused("not-running")
    struck = Attendance.objects.filter(strikes=line).first()
    if struck is not None:
        return struck
    made = Attendance.objects.create(
        meeting=held,
        user=line.user,
        name=line.name,
        title=line.title,
        office_id=line.office_id,
        invitation_id=line.invitation_id,
        how=line.how,
        strikes=line,
        by=by.reference,
        at=at,
    )
    record(
        "strike_attendance",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        detail={"line": line.pk},
    )
    return made


def standing_lines(meeting_id: int) -> list[Attendance]:
    """Return the lines that stand: not struck out, and no strikes themselves."""
    return list(
        Attendance.objects.filter(meeting=meeting_id, strikes=None, struck=None).order_by("pk")
    )


def _key(person: Person) -> tuple[str, str]:
    return (person.user, "") if person.user else ("", fold_person(person.name))


def _key_of(line: Attendance) -> tuple[str, str]:
    return (line.user, "") if line.user else ("", fold_person(line.name))
