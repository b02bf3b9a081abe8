"""The district score against a table reckoned by hand, and against a second, plain computation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.budget.rules.district_score import district_score

PERCENTS = st.decimals(min_value=-10, max_value=400, places=4)
LOANS = st.integers(min_value=0, max_value=40)


@pytest.mark.parametrize(
    ("percent", "papers", "loans", "score"),
    [
        ("0", True, 0, 0),
        ("79.99", True, 0, 0),
        ("79.999999", True, 0, 0),
        ("80", True, 0, 1),
        ("84.99", False, 0, 1),
        ("85", False, 0, 2),
        ("89.9999", True, 0, 2),
        ("90", True, 0, 3),
        ("94.99", True, 0, 3),
        ("95", False, 0, 4),
        ("99.99", True, 0, 4),
        ("100", True, 0, 5),
        ("100", False, 0, 4),  # without complete papers it stays at 4
        ("105.5", True, 0, 5),
        ("100", True, 1, 4),
        ("100", True, 4, 4),
        ("100", True, 5, 3),
        ("100", False, 5, 2),
        ("95", True, 4, 3),
        ("80", True, 1, 0),
        ("80", True, 5, 0),  # never below 0
        ("12", False, 99, 0),
    ],
)
def test_score_by_hand(percent, papers, loans, score):
    assert district_score(Decimal(percent), papers, loans) == score


@given(PERCENTS, st.booleans(), LOANS)
def test_score_agrees_with_a_plain_count(percent, papers, loans):
    """One point for each limit reached, the last only with papers; then what is taken off."""
    points = sum(percent >= limit for limit in (80, 85, 90, 95))
    points += percent >= 100 and papers
    if loans > 4:
        points -= 2
    elif loans > 0:
        points -= 1
    assert district_score(percent, papers, loans) == max(points, 0)


@given(PERCENTS, PERCENTS, st.booleans(), LOANS)
def test_more_disbursed_is_never_worse(first, second, papers, loans):
    low, high = sorted((first, second))
    assert district_score(low, papers, loans) <= district_score(high, papers, loans)


@pytest.mark.parametrize(("percent", "loans"), [("90", -1), ("NaN", 0), ("Infinity", 0)])
def test_what_cannot_be_is_refused(percent, loans):
    with pytest.raises(ValueError, match=r"overdue|percentage"):
        district_score(Decimal(percent), True, loans)
