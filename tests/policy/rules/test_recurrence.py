"""Periods of reports that recur."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.kernel.fiscal import FiscalYear
from tiddao.policy.rules.recurrence import (
    EVERY,
    Recurrence,
    RecurrenceUnfit,
    periods_between,
    recurrence_of,
)

DAYS = st.dates(date(2018, 1, 1), date(2030, 12, 31))


def keys(every: str, first: date, last: date, after: int = 0) -> list[tuple[str, date]]:
    found = periods_between(Recurrence(every, after), first, last)  # type: ignore[arg-type]
    return [(period.key, period.due_on) for period in found]


def test_periods_by_hand() -> None:
    assert keys("month", date(2026, 1, 1), date(2026, 3, 31), 5) == [
        ("2569-01", date(2026, 2, 5)),
        ("2569-02", date(2026, 3, 5)),
        ("2569-03", date(2026, 4, 5)),
    ]
    # Fiscal year 2569 is 1 October 2568 to 30 September 2569.
    assert keys("quarter", date(2025, 10, 1), date(2026, 9, 30)) == [
        ("2569-Q1", date(2025, 12, 31)),
        ("2569-Q2", date(2026, 3, 31)),
        ("2569-Q3", date(2026, 6, 30)),
        ("2569-Q4", date(2026, 9, 30)),
    ]
    assert keys("half", date(2025, 10, 1), date(2026, 9, 30)) == [
        ("2569-H1", date(2026, 3, 31)),
        ("2569-H2", date(2026, 9, 30)),
    ]
    assert keys("year", date(2025, 10, 1), date(2026, 9, 30), 30) == [("2569", date(2026, 10, 30))]
    # Monday 29 December 2568 to Sunday 4 January 2569 is week 1 of 2569.
    assert keys("week", date(2026, 1, 1), date(2026, 1, 11), 5) == [
        ("2569-W01", date(2026, 1, 9)),
        ("2569-W02", date(2026, 1, 16)),
    ]


@settings(max_examples=100)
@given(st.sampled_from(EVERY), DAYS, st.integers(0, 800))
def test_periods_lie_end_to_end_with_keys_of_their_own(every: str, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = list(periods_between(Recurrence(every, 0), first, last))  # type: ignore[arg-type]
    assert len({period.key for period in found}) == len(found)
    assert all(first <= period.last <= last for period in found)
    for one, two in pairwise(found):
        assert two.first == one.last + timedelta(days=1)
    if every in {"quarter", "half", "year"}:
        for period in found:
            assert FiscalYear.of(period.first) == FiscalYear.of(period.last)
            assert period.key.startswith(str(FiscalYear.of(period.last).be))


@settings(max_examples=50)
@given(st.sampled_from(EVERY), DAYS, st.integers(0, 400), st.integers(0, 400))
def test_a_stretch_in_two_parts_has_the_same_periods(
    every: str, first: date, one: int, two: int
) -> None:
    rule = Recurrence(every, 3)  # type: ignore[arg-type]
    middle, last = first + timedelta(days=one), first + timedelta(days=one + two)
    parts = [
        *periods_between(rule, first, middle),
        *periods_between(rule, middle + timedelta(days=1), last),
    ]
    assert parts == list(periods_between(rule, first, last))


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ({"every": "day", "days_after": 0}, "every"),
        ({"every": "month", "days_after": -1}, "days-after"),
        ({"every": "month", "days_after": 91}, "days-after"),
        ({"every": "month"}, "unknown-keys"),
        ({"every": "month", "days_after": 1, "more": 1}, "unknown-keys"),
        ({"every": "month", "days_after": "1"}, "unknown-keys"),
    ],
)
def test_an_unfit_recurrence_is_refused(stored: dict[str, object], code: str) -> None:
    with pytest.raises(RecurrenceUnfit) as refused:
        recurrence_of(stored)
    assert refused.value.code == code
    assert recurrence_of({"every": "month", "days_after": 1}).as_json() == {
        "every": "month",
        "days_after": 1,
    }
