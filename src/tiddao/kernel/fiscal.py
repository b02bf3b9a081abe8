"""The Thai fiscal year (ปีงบประมาณ): 1 October to 30 September, named by the year it ends in.

Fiscal year 2566 runs from 1 Oct 2565 to 30 Sep 2566 (CE 2022-10-01 to 2023-09-30).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tiddao.kernel.digits import to_arabic
from tiddao.kernel.unreadable import Unreadable

BE_OFFSET = 543
"""Buddhist year less Gregorian year, for every day since 1 January 2484 BE."""

EARLIEST_BE = 2443
LATEST_BE = 2644
"""The fiscal years that hold any day of CE 1900–2100; outside is a typing error (3109 = BE + 543)."""

PROPOSED_ROUND_MARGIN = timedelta(days=15)
"""Proposed: a round opens and closes this long before and after the day its results are true for."""

_WRITTEN = re.compile(
    r"(?:ปี\s?งบ(?:ประมาณ|ฯ|\.)?|ปี|fy|fiscal\s+year)?\s*"
    r"(?P<era>พ\s?\.?\s?ศ\s?\.?|พุทธศักราช|b\.?e\.?|ce)?\s*"
    r"(?P<year>\d+)",
)


class FiscalYearUnreadable(Unreadable):
    """A fiscal year that cannot be read with certainty. Codes: not-a-year, ce-year, implausible."""


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """One fiscal year, by its Buddhist number. Ordered by time; str() gives "2566".

    Raises FiscalYearUnreadable (code implausible) for a number outside 2443–2644.

    Source: พระราชบัญญัติวิธีการงบประมาณ พ.ศ. 2561 มาตรา 4 ("ปีงบประมาณ"); docs requirements E4.
    """

    be: int

    def __post_init__(self) -> None:
        if not EARLIEST_BE <= self.be <= LATEST_BE:
            raise FiscalYearUnreadable(
                self.be,
                "implausible",
                f"ปีงบประมาณ {self.be} เป็นไปไม่ได้ (ใช้ปี พ.ศ. {EARLIEST_BE}–{LATEST_BE})",
            )

    @classmethod
    def of(cls, on: date) -> FiscalYear:
        """The fiscal year that holds the day.

        Source: พระราชบัญญัติวิธีการงบประมาณ พ.ศ. 2561 มาตรา 4.
        """
        return cls(on.year + BE_OFFSET + (on.month >= 10))

    @classmethod
    def parse(cls, text: str | int) -> FiscalYear:
        """The fiscal year written as "2566", "๒๕๖๖", "66", "ปีงบประมาณ พ.ศ. 2566", "FY2566".

        A year of the common era is taken only when it says so, "CE2023"; a bare 2023 is refused,
        because nobody can tell whether its writer meant the fiscal year or the calendar year.
        Two digits are the end of a Buddhist year. Raises FiscalYearUnreadable.

        Source: docs requirements E4, A12, A23 (ปีงบประมาณ 2566, พุทธศักราช 2566).
        """
        cleaned = " ".join(to_arabic(str(text)).replace("\u200b", "").split()).lower()
        found = _WRITTEN.fullmatch(cleaned)
        if found is None or len(found["year"]) not in {2, 4}:
            raise FiscalYearUnreadable(text, "not-a-year", "ไม่ใช่ปีงบประมาณ ให้เขียนเช่น 2566")
        year = int(found["year"])
        if found["era"] == "ce":
            if len(found["year"]) == 2:
                raise FiscalYearUnreadable(text, "not-a-year", "ปี ค.ศ. ต้องเขียนสี่หลัก เช่น CE2023")
            year += BE_OFFSET
        elif len(found["year"]) == 2:
            year += 2500
        elif 1900 <= year <= 2100:
            raise FiscalYearUnreadable(
                text, "ce-year", f"{year} ดูเป็นปี ค.ศ. ให้เขียนปี พ.ศ. หรือเขียน CE{year}"
            )
        return cls(year)

    @property
    def ce_end(self) -> int:
        """The Gregorian year it ends in: 2023 for 2566."""
        return self.be - BE_OFFSET

    @property
    def start(self) -> date:
        """1 October."""
        return date(self.ce_end - 1, 10, 1)

    @property
    def end(self) -> date:
        """30 September, the last day."""
        return date(self.ce_end, 9, 30)

    @property
    def days(self) -> int:
        """365, or 366 when a 29 February falls within."""
        return (self.end - self.start).days + 1

    def contains(self, on: date) -> bool:
        """Whether the day falls within.

        Source: พระราชบัญญัติวิธีการงบประมาณ พ.ศ. 2561 มาตรา 4.
        """
        return self.start <= on <= self.end

    def day_number(self, on: date) -> int:
        """Which day of the year it is, 1 for 1 October. Raises ValueError outside the year.

        Source: docs domain 3.1, SEED-B arithmetic (24 Jan 2562 is day 116).
        """
        if not self.contains(on):
            raise ValueError(f"{on.isoformat()} is not in fiscal year {self}")
        return (on - self.start).days + 1

    def elapsed_share(self, on: date) -> Decimal:
        """The share of the year gone by at the end of the day: 0 before it, 1 after it.

        Source: docs domain 3.1, SEED-B arithmetic (24 Jan 2562 is 31.8 % of the year).
        """
        if on < self.start:
            return Decimal(0)
        if on >= self.end:
            return Decimal(1)
        return Decimal(self.day_number(on)) / self.days

    def quarter_of(self, on: date) -> int:
        """The quarter (1–4) that holds the day; 1 is October to December. ValueError outside.

        Source: quarters of the disbursement targets (docs domain 3.1).
        """
        if not self.contains(on):
            raise ValueError(f"{on.isoformat()} is not in fiscal year {self}")
        return (on.month - 10) % 12 // 3 + 1

    def quarter_start(self, quarter: int) -> date:
        """The first day of quarter 1–4.

        Source: quarters of the disbursement targets (docs domain 3.1).
        """
        _within(quarter, 4, "quarter")
        year, month = self.months()[3 * (quarter - 1)]
        return date(year, month, 1)

    def quarter_end(self, quarter: int) -> date:
        """The last day of quarter 1–4: 31 Dec, 31 Mar, 30 Jun, 30 Sep.

        Source: quarters of the disbursement targets (docs domain 3.1).
        """
        _within(quarter, 4, "quarter")
        if quarter == 4:
            return self.end
        return self.quarter_start(quarter + 1) - timedelta(days=1)

    def half_end(self, half: int) -> date:
        """The last day of half 1 (31 March) or 2 (30 September).

        Source: six- and twelve-month rounds (docs product, "Stars: the rules").
        """
        _within(half, 2, "half")
        return self.quarter_end(2 * half)

    def months(self) -> list[tuple[int, int]]:
        """Its twelve months from October, as (Gregorian year, month).

        Source: พระราชบัญญัติวิธีการงบประมาณ พ.ศ. 2561 มาตรา 4.
        """
        before = [(self.ce_end - 1, month) for month in (10, 11, 12)]
        return before + [(self.ce_end, month) for month in range(1, 10)]

    def next(self) -> FiscalYear:
        """The year after.

        Source: พระราชบัญญัติวิธีการงบประมาณ พ.ศ. 2561 มาตรา 4.
        """
        return FiscalYear(self.be + 1)

    def previous(self) -> FiscalYear:
        """The year before.

        Source: พระราชบัญญัติวิธีการงบประมาณ พ.ศ. 2561 มาตรา 4.
        """
        return FiscalYear(self.be - 1)

    def __str__(self) -> str:
        return str(self.be)


def _within(number: int, last: int, what: str) -> None:
    if not 1 <= number <= last:
        raise ValueError(f"{what} {number} is not 1–{last}")


@dataclass(frozen=True, slots=True)
class StandardRound:
    """One of the two usual assessment rounds of a fiscal year, before an office changes its dates."""

    code: str
    name_th: str
    name_en: str
    true_on: date
    """The day its results are true for."""
    opens: date
    closes: date
    """The last day on which results are taken."""


def standard_rounds(year: FiscalYear) -> tuple[StandardRound, StandardRound]:
    """The 6-month and 12-month rounds of the year, in order.

    Results are true on 31 March and 30 September. Opening and closing 15 days around that day is
    proposed, not official: each framework holds its own dates.

    Source: รอบ 6 เดือน and รอบ 12 เดือน (docs product, "Stars: the rules"); margins proposed there.
    """
    half, whole = (
        StandardRound(
            code=code,
            name_th=name_th,
            name_en=name_en,
            true_on=true_on,
            opens=true_on - PROPOSED_ROUND_MARGIN,
            closes=true_on + PROPOSED_ROUND_MARGIN,
        )
        for code, name_th, name_en, true_on in (
            ("6m", "รอบ 6 เดือน", "6-month round", year.half_end(1)),
            ("12m", "รอบ 12 เดือน", "12-month round", year.half_end(2)),
        )
    )
    return half, whole
