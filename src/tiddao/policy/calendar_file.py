"""Meetings as a calendar file that calendar programs read (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

UID = "meeting-{id}@tiddao"
_STATUS = {"draft": "TENTATIVE", "cancelled": "CANCELLED"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting of a calendar. version: grows with every change; agenda: a line for each item."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    venue: str
    state: str
    version: int
    at: datetime
    agenda: tuple[str, ...]


def calendar_of(
    entries: Iterable[Entry], *, name: str, now: datetime, address: Callable[[int], str]
) -> bytes:
    """Return the meetings as text/calendar. address: of a meeting's page, by its number.

    Times are in UTC, which every program shows in its own; a meeting without an end has none.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Tiddao//Meetings//TH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for each in entries:
        event = Event()
        event.add("uid", UID.format(id=each.id))
        event.add("sequence", each.version)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("created", each.at.astimezone(UTC))
        event.add("dtstart", each.starts_at.astimezone(UTC))
        if each.ends_at is not None:
            event.add("dtend", each.ends_at.astimezone(UTC))
        off = f"{_('Called off')}: " if each.state == "cancelled" else ""
        event.add("summary", f"{off}{each.title}")
        event.add("status", _STATUS.get(each.state, "CONFIRMED"))
        if each.venue:
            event.add("location", each.venue)
        if each.agenda:
            event.add("description", "\n".join(each.agenda))
        event.add("url", address(each.id))
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
