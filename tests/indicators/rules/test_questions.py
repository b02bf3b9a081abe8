"""Questions about unusual figures: each by hand, and none where nothing is unusual."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.indicators.frameworks import milestone, ratio
from tiddao.indicators.rules.questions import questions
from tiddao.indicators.rules.scoring import Reported


def share(above, below):
    return Reported(Decimal(above), Decimal(below))


def codes(indicator, now, last):
    return [each.code for each in questions(indicator, now, last)]


LATEST = ratio("1.4", kind="latest", rollup="sum", maximum=None, factor=Decimal(1), unit_th="แห่ง")


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        (share(85, 100), None, []),
        (share(85, 100), share(80, 100), []),
        (share(85, 100), share(64, 100), ["jump"]),  # level 2.4 → 4.5
        (share(84, 100), share(65, 100), []),  # 2.5 → 4.4: less than two levels
        (share(50, 100), share(90, 100), ["jump"]),
        (share(60, 75), share(80, 100), ["base_changed"]),
        (share(64, 80), share(80, 100), []),  # a fifth less, exactly
        (share(80, 100), share(80, 100), ["same_as_last"]),
        (share(100, 100), share(100, 100), []),
        (share(0, 100), share(0, 100), []),
    ],
)
def test_questions_about_a_ratio(now, last, expected):
    assert codes(ratio("1.1"), now, last) == expected


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ({1, 2, 3}, {1, 2}, []),
        ({1, 2}, {1, 2, 3}, ["step_back"]),
        ({1, 2, 3, 4}, {1, 2}, ["jump"]),
        (set(), {1, 2, 3}, ["jump", "step_back"]),
        ({1, 2}, {1, 2}, []),
    ],
)
def test_questions_about_steps(now, last, expected):
    reports = [Reported(steps=frozenset(each)) for each in (now, last)]
    assert codes(milestone("1.2"), *reports) == expected


def test_question_about_a_stock_that_fell_names_both_figures():
    (asked,) = questions(LATEST, Reported(Decimal(11)), Reported(Decimal(12)))
    assert asked.code == "stock_fell"
    assert "12" in asked.message_th
    assert "11" in asked.message_th


@given(
    st.integers(1, 100).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 100).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_a_jump_up_is_a_jump_down_the_other_way(now, last):
    there = codes(ratio("1.1"), share(*now), share(*last))
    back = codes(ratio("1.1"), share(*last), share(*now))
    assert ("jump" in there) == ("jump" in back)
    assert ("same_as_last" in there) == ("same_as_last" in back)
