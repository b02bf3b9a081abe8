"""Meetings that come again: their numbers and their days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

from tiddao.kernel.workdays import next_working_day
from tiddao.policy.rules.recurrence import Recurrence, periods_between

FARTHEST = timedelta(days=800)
"""How far ahead the next meeting is looked for."""


def next_number(numbers: Iterable[int]) -> int:
    """The number after those of the same series and fiscal year; 1 is the year's first.

    Source: issue 4 "series"; minutes are cited as "ครั้งที่ 3/2566" (domain.md §9.1).
    """
    return max(numbers, default=0) + 1


def next_day(last: date, *, recurrence: Recurrence | None, on: date) -> date:
    """The day proposed for the meeting after the last one: a working day, after today.

    recurrence None: the same day of the next month.

    Source: issue 4 "series"; house rule that a day off is no day to meet.
    """
    found = _month_after(last) if recurrence is None else _due_after(last, recurrence, on)
    return next_working_day(max(found, on + timedelta(days=1)))


def _due_after(last: date, recurrence: Recurrence, on: date) -> date:
    after = max(last, on)
    # A period may have ended long before its day comes; look at those too.
    first = after - timedelta(days=recurrence.days_after)
    for period in periods_between(recurrence, first, after + FARTHEST):
        if period.due_on > after:
            return period.due_on
    return _month_after(last)


def _month_after(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
