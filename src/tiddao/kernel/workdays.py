"""Working days of Thai government offices.

A working day is Monday to Friday and no holiday of the civil service: the public holidays and their
substitutes, the Royal Ploughing day, and the extra days of the cabinet; Labour Day (1 May) closes
firms and banks, not offices. The days come from `holidays`. Two limits are said openly: a year
before 1997 or after 2100 raises `HolidaysUnknown`; a year after the last one the library has the
cabinet's announcements for is reckoned from the law and the lunar calendar, and
`holidays_are_announced` says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

FIRST_YEAR = 1997
LAST_YEAR = 2100
"""Gregorian years for which the library can reckon the holidays of a government office."""

_ONE_DAY = timedelta(days=1)
_NOT_FOR_OFFICES = "แรงงาน"

_WORKED_AFTER_ALL = frozenset({date(2023, 1, 3)})
"""Days the library has and the cabinet's list has not: of New Year 2566 only 2 January was given in
lieu (list of the cabinet's holidays of 2566, prachachat.net, 26 Jul 2566)."""

_BETWEEN_NAMES = "; "


class HolidaysUnknown(LookupError):
    """The holidays of this Gregorian year are not known, so its working days cannot be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year

    def __str__(self) -> str:
        return f"ไม่มีข้อมูลวันหยุดราชการของปี พ.ศ. {self.year + 543} (มีตั้งแต่ พ.ศ. {FIRST_YEAR + 543} ถึง {LAST_YEAR + 543})"


@cache
def _office_holidays(year: int) -> Mapping[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise HolidaysUnknown(year)
    from holidays import country_holidays  # noqa: PLC0415 -- slow import

    listed = country_holidays(
        "TH", years=year, language="th", categories=("public", "government"), expand=False
    )
    found: dict[date, str] = {}
    for day, names in listed.items():
        kept = [name for name in names.split(_BETWEEN_NAMES) if _NOT_FOR_OFFICES not in name]
        if kept and day not in _WORKED_AFTER_ALL:
            found[day] = _BETWEEN_NAMES.join(kept)
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def known_holiday_years() -> range:
    """The Gregorian years whose holidays are known as announced, extra cabinet days included.

    Source: `holidays` (Thailand), which follows the Royal Gazette and the Bank of Thailand's lists.
    """
    from holidays.countries.thailand import ThailandStaticHolidays  # noqa: PLC0415 -- slow import

    return range(FIRST_YEAR, max(ThailandStaticHolidays.special_public_holidays) + 1)


def holidays_are_announced(year: int) -> bool:
    """Whether the Gregorian year's holidays are known as announced, not merely reckoned ahead.

    Source: `holidays` (Thailand); the cabinet announces extra days year by year.
    """
    return year in known_holiday_years()


def holiday_name(on: date) -> str | None:
    """The Thai name of the civil-service holiday on this day; None on any other day.

    Several names are joined by "; ". Raises HolidaysUnknown.

    Source: ระเบียบว่าด้วยเวลาทำงานและวันหยุดราชการ, by way of `holidays` (Thailand).
    """
    return _office_holidays(on.year).get(_plain(on))


def is_working_day(on: date, *, extra: Collection[date] = ()) -> bool:
    """Whether offices work on this day. extra: the department's further days off.

    Raises HolidaysUnknown.

    Source: ระเบียบว่าด้วยเวลาทำงานและวันหยุดราชการ, by way of `holidays` (Thailand).
    """
    day = _plain(on)
    # Asked first, so that an unknown year is said on a weekend too.
    holidays = _office_holidays(day.year)
    return day.weekday() < 5 and day not in holidays and day not in extra


def last_working_day(on_or_before: date, *, extra: Collection[date] = ()) -> date:
    """The day itself when offices work, else the nearest working day before it.

    Source: docs requirements E10 (31 Mar 2562 is a Sunday; the last working day is Fri 29 Mar).
    """
    day = _plain(on_or_before)
    while not is_working_day(day, extra=extra):
        day -= _ONE_DAY
    return day


def next_working_day(on_or_after: date, *, extra: Collection[date] = ()) -> date:
    """The day itself when offices work, else the nearest working day after it.

    Source: docs requirements E10, the other way round.
    """
    day = _plain(on_or_after)
    while not is_working_day(day, extra=extra):
        day += _ONE_DAY
    return day


def working_days_between(
    start_exclusive: date, end_inclusive: date, *, extra: Collection[date] = ()
) -> int:
    """Working days after the first day, up to and including the second.

    Raises ValueError when the end lies before the start, HolidaysUnknown for an unknown year.

    Source: docs domain 3.1, SEED-B arithmetic (24 Jan to 29 Mar 2562: 46 weekdays, less holidays).
    """
    start, end = _plain(start_exclusive), _plain(end_inclusive)
    if end < start:
        raise ValueError(f"{end.isoformat()} lies before {start.isoformat()}")
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, extra=extra) for day in days)


def add_working_days(on: date, count: int, *, extra: Collection[date] = ()) -> date:
    """The day count working days after the day (count ≥ 1), the day itself not counted.

    Source: docs domain 3.1 (payment within 5 working days of acceptance, FY2569 measures).
    """
    if count < 1:
        raise ValueError("count at least one working day")
    day = _plain(on)
    for _ in range(count):
        day = next_working_day(day + _ONE_DAY, extra=extra)
    return day


def _plain(on: date) -> date:
    # A datetime is a date too, but is never equal to one.
    return date(on.year, on.month, on.day)
