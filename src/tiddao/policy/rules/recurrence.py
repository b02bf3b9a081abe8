"""Reports that are owed again and again: which periods there are, and when each is due."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from tiddao.kernel.dates import month_name
from tiddao.kernel.fiscal import FiscalYear

Every = Literal["week", "month", "quarter", "half", "year"]
EVERY: Final[tuple[Every, ...]] = ("week", "month", "quarter", "half", "year")
_MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
LATEST: Final = 90
"""Days after the end of a period up to which its report may be due."""


class RecurrenceUnfit(ValueError):
    """A recurrence that cannot be. code: unknown-keys, every, days-after."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One report for every period, due so many days after the period has ended.

    every: week (Monday to Sunday), month, or quarter, half and year of the fiscal year.
    days_after: 0 = on its last day; of a week, 5 after a Sunday is the next Friday.
    """

    every: Every
    days_after: int

    def __post_init__(self) -> None:
        if self.every not in EVERY:
            raise RecurrenceUnfit("every")
        if not 0 <= self.days_after <= LATEST:
            raise RecurrenceUnfit("days-after")

    def as_json(self) -> dict[str, Any]:
        return {"every": self.every, "days_after": self.days_after}


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about. key: "2569-06", "2569-Q3", "2569-W23"; words_th as people say it."""

    key: str
    words_th: str
    first: date
    last: date
    due_on: date


def recurrence_of(stored: Mapping[str, Any]) -> Recurrence:
    """The recurrence that was stored. Raises RecurrenceUnfit.

    Source: domain.md §7 "Report obligations" (due date, type D2P or P2D).
    """
    if set(stored) != {"every", "days_after"} or not isinstance(stored["days_after"], int):
        raise RecurrenceUnfit("unknown-keys")
    return Recurrence(stored["every"], stored["days_after"])


def periods_between(recurrence: Recurrence, first: date, last: date) -> Iterator[Period]:
    """The periods that end from the first to the last day, both counted, earliest first.

    Source: domain.md §7; house rule "fiscal year 2566 = 1 Oct 2565 – 30 Sep 2566".
    """
    begin, end = _period_around(recurrence.every, first)
    while end <= last:
        if end >= first:
            yield _period(recurrence, begin, end)
        begin, end = _period_around(recurrence.every, end + timedelta(days=1))


def _period_around(every: Every, on: date) -> tuple[date, date]:
    """First and last day of the period in which the day lies."""
    if every == "week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    length = _MONTHS[every]
    # Fiscal years begin in October, and their quarters and halves with them.
    number = (on.year * 12 + on.month - 10) // length
    begin = number * length + 9
    end = begin + length - 1
    year, month = divmod(end, 12)
    return (
        date(begin // 12, begin % 12 + 1, 1),
        date(year, month + 1, calendar.monthrange(year, month + 1)[1]),
    )


def _period(recurrence: Recurrence, begin: date, end: date) -> Period:
    key, words = _name(recurrence.every, begin, end)
    return Period(key, words, begin, end, end + timedelta(days=recurrence.days_after))


def _name(every: Every, begin: date, end: date) -> tuple[str, str]:
    fiscal = FiscalYear.of(end)
    if every == "week":
        year, week, _ = begin.isocalendar()
        return f"{year + 543}-W{week:02}", f"สัปดาห์ที่ {week} พ.ศ. {year + 543}"
    if every == "month":
        return f"{end.year + 543}-{end.month:02}", f"{month_name(end.month)} {end.year + 543}"
    if every == "quarter":
        quarter = (end.month - 10) % 12 // 3 + 1
        return f"{fiscal.be}-Q{quarter}", f"ไตรมาสที่ {quarter} ปีงบประมาณ {fiscal.be}"
    if every == "half":
        half = 1 if end.month == 3 else 2
        return f"{fiscal.be}-H{half}", f"ครึ่งปีที่ {half} ปีงบประมาณ {fiscal.be}"
    return f"{fiscal.be}", f"ปีงบประมาณ {fiscal.be}"
