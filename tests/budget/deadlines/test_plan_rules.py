"""The law of a plan: every sequence of acts, amounts exact in sum, weeks that end on working days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.budget.rules.plans import (
    DECISIONS,
    MOVES,
    PlanActRefused,
    left_over,
    missing_amount,
    next_state,
    proposed_amounts,
    weeks_kept,
)
from tiddao.budget.rules.weeks import Week, board_days, plan_weeks, week_end
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.workdays import is_working_day, working_days_between

ACTS = ("write", "submit", "approve", "return", "replace")
PEOPLE = ("head", "officer")


def test_no_path_of_acts_lets_anybody_decide_on_their_own_plan():
    """All 10^6 sequences of six steps by two people, walked as a graph of what can still differ."""
    seen: set[tuple[str, frozenset[str]]] = set()
    decided: set[tuple[str, str]] = set()
    waiting = [("draft", frozenset({person})) for person in PEOPLE]
    for _ in range(6):
        following = []
        for (state, writers), act, by in product(waiting, ACTS, PEOPLE):
            try:
                after = next_state(state, act, by=by, writers=writers)  # type: ignore[arg-type]
            except PlanActRefused:
                continue
            if act in DECISIONS:
                assert by not in writers
                decided.add((act, after))
            now = writers | {by} if act in {"write", "submit"} else writers
            if (after, now) not in seen:
                seen.add((after, now))
                following.append((after, now))
        waiting = following
    assert decided == {("approve", "approved"), ("return", "returned")}
    assert {state for state, _ in seen} == {
        "draft",
        "submitted",
        "returned",
        "approved",
        "replaced",
    }


def test_a_plan_that_both_wrote_can_be_decided_by_neither():
    for by, act in product(PEOPLE, DECISIONS):
        with pytest.raises(PlanActRefused) as refused:
            next_state("submitted", act, by=by, writers=PEOPLE)
        assert refused.value.code == "own_plan"


@pytest.mark.parametrize(("state", "act"), sorted({*product(
    ("draft", "submitted", "returned", "approved", "replaced"), ACTS)} - set(MOVES)))  # fmt: skip
def test_a_step_that_is_not_in_the_law_is_refused(state, act):
    with pytest.raises(PlanActRefused) as refused:
        next_state(state, act, by="another", writers=("head",))
    assert refused.value.code == "wrong_state"


# -- weeks ----------------------------------------------------------------------------------------


def test_weeks_of_the_seed_end_on_fridays_and_the_last_before_the_deadline():
    """24 Jan 2562 to Friday 29 Mar: Makha Bucha (19 Feb) lies within, so 45 of 46 weekdays."""
    weeks = plan_weeks(date(2019, 1, 24), date(2019, 3, 29))
    assert [week.until for week in weeks] == [
        date(2019, 1, 25) + timedelta(weeks=number) for number in range(10)
    ]
    assert weeks[0] == Week(date(2019, 1, 24), date(2019, 1, 25), 1)
    assert weeks[4].working_days == 4, "Makha Bucha, Tuesday 19 February 2562"
    assert sum(week.working_days for week in weeks) == 45


def test_week_of_songkran_ends_on_its_friday_and_a_week_ending_in_holidays_earlier():
    assert week_end(date(2019, 4, 15)) == date(2019, 4, 19)
    assert week_end(date(2018, 12, 31)) == date(2019, 1, 4)
    # Friday 12 August 2565 was the Queen Mother's birthday.
    assert week_end(date(2022, 8, 10)) == date(2022, 8, 11)


def test_board_days_hold_every_week_and_the_last_day_of_the_year():
    days = board_days(FiscalYear(2562), until=date(2019, 9, 30))
    assert days[0] == date(2018, 10, 5)
    assert days[-1] == date(2019, 9, 30), "a Monday: the year ends within a week"
    assert len(days) == 53
    assert len(set(days)) == len(days)
    assert date(2019, 3, 29) in days
    assert board_days(FiscalYear(2562), until=date(2018, 10, 4)) == ()


@settings(max_examples=100)
@given(
    after=st.dates(date(2018, 10, 1), date(2026, 6, 1)),
    length=st.integers(min_value=0, max_value=120),
)
def test_weeks_follow_each_other_without_a_gap_and_count_every_working_day(after, length):
    finish = after + timedelta(days=length)
    while not is_working_day(finish):
        finish -= timedelta(days=1)
    weeks = plan_weeks(after, finish)
    if finish <= after:
        assert weeks == ()
        return
    assert weeks[0].after == after
    assert weeks[-1].until == finish
    for one, other in pairwise(weeks):
        assert other.after == one.until
        assert one.until.isocalendar()[:2] != other.until.isocalendar()[:2]
    assert all(is_working_day(week.until) for week in weeks)
    assert all(week.working_days == working_days_between(week.after, week.until) for week in weeks)
    assert sum(week.working_days for week in weeks) == working_days_between(after, finish)


# -- amounts --------------------------------------------------------------------------------------


def test_what_is_missing_is_rounded_up_so_that_it_suffices():
    assert missing_amount(Decimal("1000000.00"), Decimal("332800.00"), Decimal(100)) == Decimal(
        "667200.00"
    )
    assert missing_amount(Decimal("0.10"), Decimal(0), Decimal("33.33")) == Decimal("0.04")
    assert missing_amount(Decimal(100), Decimal(95), Decimal(93)) == 0


@settings(max_examples=200)
@given(
    missing=st.decimals(min_value=0, max_value=10**11, places=2),
    days=st.lists(st.integers(min_value=1, max_value=5), min_size=1, max_size=40),
)
def test_proposed_amounts_are_exact_in_sum_and_follow_the_working_days(missing, days):
    weeks = [Week(date(2026, 1, 1), date(2026, 1, 2), each) for each in days]
    amounts = proposed_amounts(missing, weeks)
    assert sum(amounts) == missing
    assert all(amount >= 0 for amount in amounts)
    pace = missing / sum(days)
    assert all(
        abs(amount - pace * week.working_days) <= Decimal("0.02")
        for amount, week in zip(amounts, weeks, strict=True)
    )
    assert left_over(missing, amounts) == 0
    assert left_over(missing, amounts[1:]) == amounts[0]


def test_nothing_can_be_proposed_when_no_working_day_is_left():
    with pytest.raises(ValueError, match="no working day"):
        proposed_amounts(Decimal(1), ())
    assert proposed_amounts(Decimal(0), ()) == ()


# -- planned and spent ----------------------------------------------------------------------------

FRIDAYS = [date(2019, 2, 1), date(2019, 2, 8), date(2019, 2, 15), date(2019, 2, 22)]


def kept(spent, *, on=date(2019, 2, 25), known_to=date(2019, 2, 25), planned=(10, 10, 10, 10)):
    weeks = weeks_kept(
        [(day, Decimal(amount)) for day, amount in zip(FRIDAYS, planned, strict=True)],
        [Decimal(each) for each in spent],
        on=on,
        known_to=known_to,
    )
    return [week.kept.code for week in weeks]


def test_a_late_week_made_good_in_the_next_is_kept_by_its_sum():
    assert kept([5, 15, 10, 9]) == ["behind", "kept", "kept", "behind"]


def test_a_week_that_reached_the_next_weeks_sum_is_ahead():
    assert kept([20, 0, 5, 15]) == ["ahead", "kept", "behind", "kept"]


def test_a_week_after_the_last_thing_known_is_without_data_never_zero():
    weeks = weeks_kept(
        [(day, Decimal(10)) for day in FRIDAYS],
        [Decimal(10), Decimal(0), Decimal(0), Decimal(0)],
        on=date(2019, 2, 25),
        known_to=date(2019, 2, 5),
    )
    assert [week.kept.code for week in weeks] == ["kept", "nodata", "nodata", "nodata"]
    assert [week.spent for week in weeks] == [Decimal(10), None, None, None]
    assert weeks[1].kept.kind == "nodata"


def test_a_week_that_has_not_ended_is_not_judged():
    assert kept([10, 3, 0, 0], on=date(2019, 2, 6), known_to=date(2019, 2, 6)) == [
        "kept", "now", "to_come", "to_come",
    ]  # fmt: skip


def test_weeks_of_nothing_planned_are_not_ahead_for_nothing():
    assert kept([0, 0, 10, 10], planned=(0, 0, 10, 10)) == ["kept", "kept", "kept", "kept"]
