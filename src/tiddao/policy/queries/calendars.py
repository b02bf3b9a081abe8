"""What stands in a person's calendar, and whose secret address it is."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tiddao.kernel.dates import format_time
from tiddao.people.access import Standing, standing_of
from tiddao.places.queries.units import full_name
from tiddao.policy.calendar_file import Entry
from tiddao.policy.models import AgendaItem, CalendarFeed, Invitation, Meeting
from tiddao.policy.queries.meeting_visibility import asked_posts, own_meetings, visible_meetings

BACK = timedelta(days=90)
"""How long a meeting that was held stays in a calendar."""


def digest_of_secret(secret: str) -> str:
    """Return what is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def entry_of(meeting_id: int, standing: Standing) -> Entry | None:
    """Return one meeting as an entry if the person may see it."""
    rows = Meeting.objects.filter(visible_meetings(standing), pk=meeting_id)
    return next(iter(_entries(rows)), None)


def entries_for(standing: Standing, *, now: datetime) -> list[Entry]:
    """Return the meetings that a person is asked to or whose office calls them. Two queries."""
    asked = Invitation.objects.filter(
        asked_posts(standing), meeting=OuterRef("pk"), withdrawn=False
    )
    concerned = (Q(Exists(asked)) & ~Q(state=Meeting.State.DRAFT)) | own_meetings(standing)
    rows = Meeting.objects.filter(concerned, starts_at__gte=now - BACK)
    return _entries(rows.order_by("starts_at", "pk"))


def standing_behind(secret: str, *, on: date) -> Standing | None:
    """Return the standing of whom a secret address belongs to; None where it has ended, or the
    person may not sign in any more.
    """
    feed = (
        CalendarFeed.objects.filter(digest=digest_of_secret(secret), ended_at=None)
        .select_related("user")
        .first()
    )
    if feed is None or not feed.user.may_sign_in(on=on):
        return None
    return standing_of(feed.user, on=on)


def address_made_at(user_id: int) -> datetime | None:
    """Return when the person's address was made; None where there is none."""
    rows = CalendarFeed.objects.filter(user=user_id, ended_at=None)
    return rows.values_list("made_at", flat=True).first()


def _entries(rows: QuerySet[Meeting]) -> list[Entry]:
    meetings = list(rows.select_related("venue_place", "office", "series"))
    items: dict[int, list[str]] = {}
    for item in AgendaItem.objects.filter(meeting__in=meetings, dropped=False).order_by("order"):
        at = f"{format_time(item.starts)} " if item.starts else ""
        items.setdefault(item.meeting_id, []).append(f"{at}{item.title}")
    return [
        Entry(
            id=row.pk,
            title=row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            venue=" ".join(
                part
                for part in (row.venue, full_name(row.venue_place) if row.venue_place else "")
                if part
            ),
            state=row.state,
            version=row.version,
            at=row.at,
            agenda=tuple(items.get(row.pk, ())),
        )
        for row in meetings
    ]
