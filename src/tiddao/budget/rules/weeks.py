"""Weeks of working days: when a board is taken, and by when a week of a plan must have spent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.workdays import is_working_day, last_working_day, working_days_between

_FRIDAY = 4
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a plan. after: the day before its first; until: its last working day."""

    after: date
    until: date
    working_days: int


def week_end(on: date, *, days_off: Collection[date] = ()) -> date | None:
    """The last working day of the Monday-to-Sunday week that holds the day; None: it has none.

    Raises HolidaysUnknown.

    Source: issue "งบ", Acting on it (weekly snapshot); requirements E10 (Friday before a Sunday).
    """
    monday = on - timedelta(days=on.weekday())
    friday = monday + timedelta(days=_FRIDAY)
    days = (friday - timedelta(days=back) for back in range(_FRIDAY + 1))
    return next((day for day in days if is_working_day(day, extra=days_off)), None)


def board_days(
    year: FiscalYear, *, until: date, days_off: Collection[date] = ()
) -> tuple[date, ...]:
    """The days of the year up to `until` on which a board is taken, in order.

    Each week's last working day, and the year's own, so that the year is seen whole though it ends
    within a week. Raises HolidaysUnknown.

    Source: issue "งบ", Acting on it (weekly snapshot, so that any past week's board can be shown).
    """
    last = min(until, year.end)
    found = set()
    day = year.start
    while day - timedelta(days=day.weekday()) <= last:
        end = week_end(day, days_off=days_off)
        if end is not None and year.start <= end <= last:
            found.add(end)
        day += _WEEK
    closing = last_working_day(year.end, extra=days_off)
    if closing <= last:
        found.add(closing)
    return tuple(sorted(found))


def plan_weeks(after: date, finish: date, *, days_off: Collection[date] = ()) -> tuple[Week, ...]:
    """The weeks from the day after `after` to `finish`, a deadline's last working day.

    They follow each other without a gap: what is dated on days off counts to the week that comes.
    A week in which no working day is left is no week. Empty when nothing is left. Raises
    HolidaysUnknown.

    Source: issue "งบ", Acting on it (a catch-up plan by week).
    """
    found: list[Week] = []
    before = after
    day = after + timedelta(days=1)
    while day <= finish:
        sunday = day + timedelta(days=6 - day.weekday())
        until = min(week_end(day, days_off=days_off) or before, finish)
        if until >= day:
            working = working_days_between(before, until, extra=days_off)
            found.append(Week(before, until, working))
            before = until
        day = sunday + timedelta(days=1)
    return tuple(found)
