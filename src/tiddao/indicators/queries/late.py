"""Which places may still report in a round that is closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from tiddao.indicators.models import LateEntry, Round
from tiddao.places import tree
from tiddao.places.queries import full_name


@dataclass(frozen=True, slots=True)
class LateEntryView:
    """One late entry. is_over: its last day has passed, or somebody ended it."""

    id: int
    place: str
    place_name: str
    until: date
    reason: str
    by_name: str
    at: datetime
    ended_at: datetime | None
    is_over: bool


def late_places(round_id: int, *, on: date) -> frozenset[str]:
    """Return the places that may report late in the round on the day; all below them may. One query."""
    rows = LateEntry.objects.filter(round_id=round_id, ended_at__isnull=True, until__gte=on)
    return frozenset(rows.values_list("place_id", flat=True))


def takes_reports(one: Round, place: str, *, on: date) -> bool:
    """Say whether the round takes reports of the place on the day. One query where it is closed."""
    if one.state != Round.State.CLOSED:
        return one.state == Round.State.OPEN
    return is_late(place, late_places(one.pk, on=on))


def is_late(place: str, late: Collection[str]) -> bool:
    """Say whether the place lies within one of those that may report late."""
    return any(tree.is_within(place, each) for each in late)


def late_entries(round_id: int, members: Collection[str], *, on: date) -> tuple[LateEntryView, ...]:
    """Return the late entries of a round within the places, the newest first. One query."""
    rows = (
        LateEntry.objects.filter(tree.within_any(members, "place__"), round_id=round_id)
        .select_related("place")
        .order_by("-at", "-pk")
    )
    return tuple(
        LateEntryView(
            row.pk, row.place_id, full_name(row.place), row.until, row.reason, row.by_name, row.at,
            row.ended_at, row.ended_at is not None or row.until < on,
        )
        for row in rows
    )  # fmt: skip
