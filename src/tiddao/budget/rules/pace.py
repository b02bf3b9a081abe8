"""Pace: what is still to be spent, by working day, until the last day on which offices work.

The paper names a day; offices pay on working days. A deadline on a Sunday therefore ends on the
Friday before, and the days left are counted with the holidays shown, so that a person can check.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import NamedTuple

from tiddao.kernel.dates import format_medium, weekday_name
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.money import SATANG
from tiddao.kernel.workdays import (
    holiday_name,
    holidays_are_announced,
    last_working_day,
    working_days_between,
)

RECENT_DAYS = 30
"""The recent pace is that of the last thirty days."""
RECENT_SLACK = 10
"""A report up to this many days older or younger than thirty days still measures the recent pace."""

_HUNDRED = Decimal(100)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reported:
    """A cumulative share on a day, in per cent of the base."""

    on: date
    percent: Decimal


@dataclass(frozen=True, slots=True)
class DayOff:
    """A weekday on which offices do not work. name: its Thai name, or the office's own day off."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class RecentPace:
    """The pace between two reports about thirty days apart. points_per_day: by calendar day."""

    since: date
    until: date
    points: Decimal
    points_per_day: Decimal
    points_per_working_day: Decimal | None


@dataclass(frozen=True, slots=True)
class Pace:
    """What it takes to reach the goal by the deadline. Points are percentage points of the base.

    Pace needed is None where nothing can be done any more (no working day is left) or nothing was
    reported; it is zero where the goal is reached. Ratios are pace needed ÷ pace shown, both by
    calendar day; None where nothing was spent yet, because then no number says how much faster.
    """

    as_of: date
    deadline: date
    last_working_day: date
    goal: Decimal
    percent: Decimal | None
    elapsed_days: int
    year_days: int
    elapsed_percent: Decimal
    calendar_days_left: int
    """To the deadline as written."""
    weekdays_left: int
    """To the last working day, holidays counted in."""
    working_days_left: int
    days_off: tuple[DayOff, ...]
    holidays_announced: bool
    """False when a holiday in this span is reckoned ahead, not announced by the cabinet."""
    points_left: Decimal | None
    baht_left: Decimal | None
    points_per_working_day: Decimal | None
    points_per_calendar_day: Decimal | None
    baht_per_working_day: Decimal | None
    """Rounded up to the satang, so that it suffices."""
    points_per_day_so_far: Decimal | None
    recent: RecentPace | None
    ratio_so_far: Decimal | None
    ratio_recent: Decimal | None

    @property
    def deadline_th(self) -> str:
        """The day to finish by, and why it is not the day on the paper."""
        shown = f"{weekday_name(self.last_working_day)}ที่ {format_medium(self.last_working_day)}"
        if self.last_working_day == self.deadline:
            return shown
        why = holiday_name(self.deadline) or weekday_name(self.deadline)
        return f"{shown} (วันที่ {format_medium(self.deadline)} ตรงกับ{why})"


def pace_to(
    deadline: date,
    *,
    as_of: date,
    percent: Decimal | None,
    base: Decimal | None = None,
    goal: Decimal = _HUNDRED,
    reports: Sequence[Reported] = (),
    days_off: Collection[date] = (),
) -> Pace:
    """The pace needed from the end of as_of to the deadline's last working day.

    percent: the share on as_of; base: the money it is a share of, in baht. reports: earlier shares,
    in any order, for the recent pace. days_off: further days off of the office. The year is the one
    that holds the deadline. Raises ValueError for a day before that year, HolidaysUnknown.

    Source: docs domain 3.1 (SEED-B: 33.28 % on 24 Jan 2562, deadline 31 Mar, 46 weekdays to Friday
    29 Mar, 1.01 points a day against 0.29 so far); requirements E10.
    """
    year = FiscalYear.of(deadline)
    if as_of < year.start:
        raise ValueError(f"{as_of.isoformat()} lies before fiscal year {year}")
    span = _span(as_of, deadline, frozenset(days_off))
    working = span.weekdays - len(span.off)
    calendar = max((deadline - as_of).days, 0)
    elapsed = min((as_of - year.start).days + 1, year.days)
    points_left = None if percent is None else max(goal - percent, _NOTHING)
    baht_left = _baht_left(points_left, base)
    per_calendar = _per(points_left, 0 if as_of >= span.finish else calendar)
    so_far = None if percent is None else percent / elapsed
    recent = recent_pace(reports, as_of=as_of, percent=percent, days_off=days_off)
    per_working_baht = _per(baht_left, working)
    return Pace(
        as_of=as_of,
        deadline=deadline,
        last_working_day=span.finish,
        goal=goal,
        percent=percent,
        elapsed_days=elapsed,
        year_days=year.days,
        elapsed_percent=year.elapsed_share(as_of) * _HUNDRED,
        calendar_days_left=calendar,
        weekdays_left=span.weekdays,
        working_days_left=working,
        days_off=span.off,
        holidays_announced=span.announced,
        points_left=points_left,
        baht_left=baht_left,
        points_per_working_day=_per(points_left, working),
        points_per_calendar_day=per_calendar,
        baht_per_working_day=(
            None
            if per_working_baht is None
            else per_working_baht.quantize(SATANG, rounding=ROUND_CEILING)
        ),
        points_per_day_so_far=so_far,
        recent=recent,
        ratio_so_far=_ratio(per_calendar, so_far),
        ratio_recent=_ratio(per_calendar, recent.points_per_day if recent else None),
    )


def recent_pace(
    reports: Sequence[Reported],
    *,
    as_of: date,
    percent: Decimal | None,
    days_off: Collection[date] = (),
) -> RecentPace | None:
    """The pace since the report nearest to thirty days before as_of, in points a day.

    Only reports 20 to 40 days old measure it; None where there is none, or nothing on as_of.
    The true number of days between the two divides, never thirty. A pace below zero is one of money
    given back.

    Source: issue "งบ", Reckoning (pace against the last 30 days').
    """
    wanted = as_of - timedelta(days=RECENT_DAYS)
    near = [each for each in reports if abs((each.on - wanted).days) <= RECENT_SLACK]
    if percent is None or not near:
        return None
    since = min(near, key=lambda each: (abs((each.on - wanted).days), each.on))
    points = percent - since.percent
    return RecentPace(
        since=since.on,
        until=as_of,
        points=points,
        points_per_day=points / (as_of - since.on).days,
        points_per_working_day=_per(points, _working_days(since.on, as_of, frozenset(days_off))),
    )


class _Span(NamedTuple):
    """The days from one to a deadline. finish: the last working day; weekdays: to it."""

    finish: date
    weekdays: int
    off: tuple[DayOff, ...]
    announced: bool


# A board asks for the same few spans for each of nine hundred offices.
@lru_cache(maxsize=256)
def _span(as_of: date, deadline: date, days_off: frozenset[date]) -> _Span:
    finish = last_working_day(deadline, extra=days_off)
    weekdays = [] if as_of >= finish else _weekdays(as_of, finish)
    return _Span(
        finish=finish,
        weekdays=len(weekdays),
        off=tuple(
            DayOff(day, name) for day in weekdays if (name := _off(day, days_off)) is not None
        ),
        announced=all(holidays_are_announced(number) for number in {as_of.year, finish.year}),
    )


@lru_cache(maxsize=256)
def _working_days(since: date, until: date, days_off: frozenset[date]) -> int:
    return working_days_between(since, until, extra=days_off)


def _weekdays(after: date, until: date) -> list[date]:
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return [day for day in days if day.weekday() < 5]


def _off(day: date, days_off: Collection[date]) -> str | None:
    name = holiday_name(day)
    return "วันหยุดของหน่วยงาน" if name is None and day in days_off else name


def _baht_left(points: Decimal | None, base: Decimal | None) -> Decimal | None:
    if points is None or base is None:
        return None
    return (points * base / _HUNDRED).quantize(SATANG, rounding=ROUND_CEILING)


def _per(amount: Decimal | None, days: int) -> Decimal | None:
    if amount == 0:
        return _NOTHING
    return None if amount is None or days == 0 else amount / days


def _ratio(needed: Decimal | None, shown: Decimal | None) -> Decimal | None:
    if needed == 0:
        return _NOTHING
    return None if needed is None or shown is None or shown <= 0 else needed / shown
