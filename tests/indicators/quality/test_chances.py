"""Chances against tables, plain enumeration and Python's exact fractions."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.indicators.rules.quality.chances import (
    LEAST,
    STEP,
    at_least,
    both,
    calibrated,
    chi_square_tail,
    count_tails,
    false_share,
    student_tail,
    surprise_tail,
)

some_chances = st.lists(st.floats(0.02, 0.95), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("t", "freedom", "chance"),
    [
        # two-sided 5 % and 1 % points of the printed tables of t
        (4.303, 2, 0.05), (3.182, 3, 0.05), (2.776, 4, 0.05), (2.571, 5, 0.05), (2.042, 30, 0.05),
        (5.841, 3, 0.01), (4.604, 4, 0.01), (3.169, 10, 0.01),
    ],
)  # fmt: skip
def test_student_tail_as_printed(t, freedom, chance):
    assert student_tail(t, freedom) == pytest.approx(chance, rel=2e-3)
    assert student_tail(-t, freedom) == student_tail(t, freedom)


def test_student_tail_far_out_goes_on_smoothly():
    """Where the series drowns in rounding the leading term takes over: t⁻³ for three degrees."""
    near, far = student_tail(600, 3), student_tail(1_200, 3)
    assert near / far == pytest.approx(8, rel=1e-3)
    between = [student_tail(5, freedom) for freedom in (3, 3.5, 4)]
    assert between[0] > between[1] > between[2]


@pytest.mark.parametrize(
    ("x", "freedom", "chance"),
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (16.919, 9, 0.05), (21.666, 9, 0.01), (18.307, 10, 0.05)],
)
def test_chi_square_tail_as_printed(x, freedom, chance):
    assert chi_square_tail(x, freedom) == pytest.approx(chance, rel=2e-3)


def test_chi_square_tail_of_nothing():
    assert chi_square_tail(0, 9) == 1


@settings(max_examples=100, deadline=None)
@given(some_chances, st.data())
def test_surprise_tail_equals_enumeration(chances, data):
    happened = data.draw(st.lists(st.booleans(), min_size=len(chances), max_size=len(chances)))
    units = [max(1, round(-math.log(each) / STEP)) for each in chances]
    seen = sum(unit for unit, did in zip(units, happened, strict=True) if did)
    total = 0.0
    for outcome in itertools.product([False, True], repeat=len(chances)):
        if sum(unit for unit, did in zip(units, outcome, strict=True) if did) >= seen:
            total += math.prod(
                chance if did else 1 - chance for chance, did in zip(chances, outcome, strict=True)
            )
    assert surprise_tail(chances, happened) == pytest.approx(max(total, LEAST), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(some_chances, min_size=1, max_size=4), st.data())
def test_count_tails_equal_enumeration(rows, data):
    counts = [data.draw(st.integers(0, len(row))) for row in rows]
    width = max(len(row) for row in rows)
    table = np.full((len(rows), width), np.nan)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    found = count_tails(table, np.array(counts))
    for number, row in enumerate(rows):
        total = sum(
            math.prod(c if did else 1 - c for c, did in zip(row, outcome, strict=True))
            for outcome in itertools.product([False, True], repeat=len(row))
            if sum(outcome) >= counts[number]
        )
        assert found[number] == pytest.approx(total, abs=1e-9)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(1, 9))
def test_at_least_equals_exact_fractions(count, of, tenths):
    chance = Fraction(tenths, 10)
    exact = sum(
        math.comb(of, each) * chance**each * (1 - chance) ** (of - each)
        for each in range(count, of + 1)
    )
    assert at_least(count, of, tenths / 10) == pytest.approx(float(exact))


def test_both_is_uniform_for_uniform_chances():
    """Of independent honest chances, a tenth of the combined ones lies under a tenth."""
    random = np.random.default_rng(1)
    pairs = random.random((20_000, 2))
    combined = np.array([both(*pair) for pair in pairs])
    assert np.mean(combined < 0.1) == pytest.approx(0.1, abs=0.01)


def test_calibrated_leaves_a_fair_model_and_mends_a_narrow_one():
    random = np.random.default_rng(2)
    fair = random.random(2_000)
    fair[:5] = np.nan
    assert np.nanquantile(calibrated(fair), 0.2) >= np.nanquantile(fair, 0.2)
    narrow = fair**2  # twice as sure as it should be
    mended = calibrated(narrow)
    assert np.nanmean(mended < 0.05) == pytest.approx(0.05, abs=0.015)
    assert np.isnan(mended[:5]).all()


def test_calibrated_says_nothing_with_few_offices():
    few = np.linspace(0.001, 0.01, 30)
    assert (calibrated(few) == few).all()


def test_false_share_by_hand():
    # Four tests: 0.01·4/1, 0.02·4/2, 0.5·4/3, then never above 1; a share never falls again.
    shares = false_share(np.array([0.5, 0.01, np.nan, 0.02, 0.9]), 4)
    assert shares[[1, 3, 0, 4]] == pytest.approx([0.04, 0.04, 2 / 3, 0.9])
    assert np.isnan(shares[2])


def test_false_share_keeps_its_promise():
    """Of uniform honest chances and a few tiny ones, the share of idle findings stays at its bound."""
    random = np.random.default_rng(3)
    idle = asked = 0
    for _ in range(200):
        chances = np.concatenate([random.random(480), random.random(20) * 1e-5])
        chosen = false_share(chances, 500) <= 0.1
        idle, asked = idle + int(chosen[:480].sum()), asked + int(chosen.sum())
    assert 0.05 < idle / asked < 0.12
