"""Whom to help first: those who ask, then those who will not make it; nobody is dropped."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.budget.rules.help_order import STEP_TH, STEPS, Need, by_need, step_of

ASKS = Need("5701", known=False, asks_help=True)
MISS = Need("5702", known=True, points_left=Decimal(50), chance=Decimal("0.05"), left=Decimal(9))
CHECK = Need("5703", known=True, doubtful=True, points_left=Decimal(60))
LATE = Need("5704", known=True, points_left=Decimal(20), chance=Decimal("0.4"),
            per_day=Decimal(2), recent=Decimal(1), left=Decimal(100))  # fmt: skip
STILL = Need("5705", known=True, points_left=Decimal(20), per_day=Decimal(2), recent=Decimal(0))
GOING = Need("5706", known=True, points_left=Decimal(5), chance=Decimal("0.9"),
             per_day=Decimal(1), recent=Decimal(2))  # fmt: skip
REACHED = Need("5707", known=True, points_left=Decimal(0))
UNKNOWN = Need("5708", known=False)


def test_order_is_that_of_the_rule_and_keeps_everybody():
    mixed = [UNKNOWN, REACHED, GOING, STILL, LATE, CHECK, MISS, ASKS]
    assert by_need(mixed) == [ASKS, MISS, CHECK, STILL, LATE, GOING, REACHED, UNKNOWN]
    assert [step_of(each) for each in by_need(mixed)] == [
        "asks", "miss", "check", "late", "late", "going", "reached", "nodata",
    ]  # fmt: skip


def test_whoever_must_go_faster_by_more_comes_first_then_the_larger_amount():
    slow = Need("5710", known=True, points_left=Decimal(9), per_day=Decimal(3), recent=Decimal(1))
    small = Need("5709", known=True, points_left=Decimal(20), per_day=Decimal(2), recent=Decimal(1),
                 left=Decimal(1))  # fmt: skip
    assert [each.unit for each in by_need([small, LATE, slow])] == ["5710", "5704", "5709"]


def test_no_working_day_left_is_the_most_urgent_of_the_late():
    over = Need("5711", known=True, points_left=Decimal(1), per_day=None, recent=Decimal(9))
    assert by_need([STILL, over])[0] is over


def test_every_group_has_words():
    assert set(STEP_TH) == set(STEPS)


amounts = st.none() | st.decimals(min_value=0, max_value=100, places=2)


@settings(max_examples=150)
@given(st.lists(st.builds(
    Need, unit=st.sampled_from(["1", "2", "3"]), known=st.booleans(), asks_help=st.booleans(),
    doubtful=st.booleans(), points_left=amounts, chance=st.none() | st.decimals(0, 1, places=2),
    per_day=amounts, recent=amounts, left=amounts)))  # fmt: skip
def test_groups_stand_in_the_order_of_the_rule(needs):
    found = by_need(needs)
    assert len(found) == len(needs)
    places = [STEPS.index(step_of(each)) for each in found]
    assert places == sorted(places)
