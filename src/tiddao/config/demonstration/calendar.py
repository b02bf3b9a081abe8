"""When things were done in the demonstration: moments of the past, never now."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

_BANGKOK = ZoneInfo("Asia/Bangkok")
MORNING = time(9, 30)
NOON = time(13, 15)
EVENING = time(16, 20)


def moment(on: date, clock: time) -> datetime:
    """Return that time of the day in Thailand."""
    return datetime.combine(on, clock, tzinfo=_BANGKOK)
