from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.kernel.workdays import (
    HolidaysUnknown,
    add_working_days,
    holiday_name,
    holidays_are_announced,
    is_working_day,
    known_holiday_years,
    last_working_day,
    next_working_day,
    working_days_between,
)

# A few years only: each costs the library a fifth of a second once.
DAYS = st.dates(date(2018, 1, 1), date(2024, 12, 31))
SPANS = st.integers(min_value=0, max_value=60).map(timedelta)
DAYS_OFF = st.frozensets(DAYS, max_size=5)


def test_deadline_of_31_march_2562_falls_on_a_sunday_and_moves_to_friday():
    assert last_working_day(date(2019, 3, 31)) == date(2019, 3, 29)
    assert next_working_day(date(2019, 3, 31)) == date(2019, 4, 1)


def test_seed_b_has_46_weekdays_to_the_deadline_less_makha_bucha():
    start, end = date(2019, 1, 24), date(2019, 3, 29)
    weekdays = sum(
        (start + timedelta(days=n)).weekday() < 5 for n in range(1, (end - start).days + 1)
    )
    assert weekdays == 46
    assert working_days_between(start, end) == 45
    assert holiday_name(date(2019, 2, 19)) == "วันมาฆบูชา"


@pytest.mark.parametrize(
    ("on", "works"),
    [
        (date(2022, 11, 22), True),
        (date(2022, 11, 26), False),
        (date(2022, 10, 24), False),
        (date(2022, 12, 30), False),
        (date(2022, 5, 13), False),
        (date(2022, 5, 2), True),
        (date(2019, 5, 1), True),
        (date(2023, 5, 1), True),
        (date(2023, 5, 5), False),
        (date(2019, 4, 16), False),
        (date(2023, 1, 2), False),
        (date(2023, 1, 3), True),
    ],
    ids=[
        "tuesday",
        "saturday",
        "substitute of 23 October",
        "extra day of the cabinet",
        "royal ploughing day, offices only",
        "substitute of labour day is none for offices",
        "labour day 2562",
        "labour day 2566",
        "bridge day of the cabinet",
        "substitute of Songkran",
        "substitute of new year 2566",
        "no second substitute of new year 2566",
    ],
)
def test_offices_work_or_not(on, works):
    assert is_working_day(on) is works
    assert works == (on.weekday() < 5 and holiday_name(on) is None)


def test_name_of_a_day_that_is_no_holiday_is_none():
    assert holiday_name(date(2022, 11, 22)) is None
    assert holiday_name(date(2019, 5, 1)) is None


def test_moment_counts_as_its_day():
    assert is_working_day(datetime(2022, 10, 24, 9, 0)) is False
    assert last_working_day(datetime(2022, 10, 24, 9, 0)) == date(2022, 10, 21)


def test_departments_own_day_off_is_passed_in():
    day_off = date(2022, 11, 22)
    assert not is_working_day(day_off, extra=[day_off])
    assert last_working_day(day_off, extra={day_off}) == date(2022, 11, 21)
    assert next_working_day(day_off, extra={day_off}) == date(2022, 11, 23)
    assert working_days_between(date(2022, 11, 20), date(2022, 11, 25), extra=[day_off]) == 4


def test_payment_five_working_days_after_acceptance_skips_weekend_and_holidays():
    assert add_working_days(date(2022, 12, 26), 5) == date(2023, 1, 4)


def test_count_of_no_days_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2022, 11, 22), 0)


def test_span_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="lies before"):
        working_days_between(date(2022, 11, 22), date(2022, 11, 21))


@pytest.mark.parametrize("year", [1996, 2101])
def test_year_the_library_does_not_know_is_said_not_guessed(year):
    with pytest.raises(HolidaysUnknown, match=str(year + 543)):
        is_working_day(date(year, 6, 5))


def test_years_reckoned_ahead_are_told_from_announced_ones():
    known = known_holiday_years()
    assert known[0] == 1997
    assert {2019, 2022, 2023} <= set(known)
    assert holidays_are_announced(2022)
    assert not holidays_are_announced(known[-1] + 1)
    new_year = date(known[-1] + 1, 1, 1)
    assert holiday_name(new_year) == "วันขึ้นปีใหม่"


@settings(max_examples=100)
@given(DAYS, DAYS_OFF)
def test_nearest_working_days_enclose_the_day(on, extra):
    before, after = last_working_day(on, extra=extra), next_working_day(on, extra=extra)
    assert before <= on <= after
    assert is_working_day(before, extra=extra)
    assert is_working_day(after, extra=extra)
    assert (before == on == after) == is_working_day(on, extra=extra)
    assert working_days_between(before, after, extra=extra) == (before != after)


@settings(max_examples=100)
@given(DAYS, SPANS, SPANS, DAYS_OFF)
def test_working_days_of_two_spans_add_up(start, one, other, extra):
    middle, end = start + one, start + one + other
    parts = working_days_between(start, middle, extra=extra) + working_days_between(
        middle, end, extra=extra
    )
    assert working_days_between(start, end, extra=extra) == parts
    assert parts <= (end - start).days


@settings(max_examples=100)
@given(DAYS, st.integers(min_value=1, max_value=40), DAYS_OFF)
def test_counting_forward_and_counting_between_agree(on, count, extra):
    reached = add_working_days(on, count, extra=extra)
    assert is_working_day(reached, extra=extra)
    assert working_days_between(on, reached, extra=extra) == count
