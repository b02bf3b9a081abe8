"""Splits and mergers: hand-checked cases, and totals that are never lost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.indicators.rules.succession import (
    Amount,
    Link,
    SharesUnknown,
    apportioned,
    carried_back,
    carried_forward,
    stated_shares,
)

THIRDS = {"a": Fraction(1, 3), "b": Fraction(1, 3), "c": Fraction(1, 3)}


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        ("10", {"a": Fraction(3, 5), "b": Fraction(2, 5)}, {"a": "6", "b": "4"}),
        ("10", THIRDS, {"a": "4", "b": "3", "c": "3"}),  # the odd one to the lower code
        ("11", THIRDS, {"a": "4", "b": "4", "c": "3"}),
        ("7", {"a": Fraction(1, 4), "b": Fraction(3, 4)}, {"a": "2", "b": "5"}),  # 1.75, 5.25
        ("0.05", {"a": Fraction(1, 2), "b": Fraction(1, 2)}, {"a": "0.03", "b": "0.02"}),
        ("1", {"a": Fraction(1)}, {"a": "1"}),
    ],
)
def test_a_count_is_apportioned_by_largest_remainder(total, shares, parts):
    found = apportioned(Decimal(total), shares, whole=True)
    assert found == {code: Decimal(each) for code, each in parts.items()}


def test_shares_come_as_stated_or_not_at_all():
    assert stated_shares([Link("1", "2", None)]) == {"1": {"2": Fraction(1)}}
    stated = stated_shares([Link("1", "2", Decimal("0.6")), Link("1", "3", Decimal("0.4"))])
    assert stated == {"1": {"2": Fraction(3, 5), "3": Fraction(2, 5)}}
    for links in (
        [Link("1", "2", None), Link("1", "3", Decimal("0.4"))],
        [Link("1", "2", Decimal("0.5")), Link("1", "3", Decimal("0.4"))],
    ):
        with pytest.raises(SharesUnknown) as refused:
            stated_shares(links)
        assert refused.value.place == "1"


def test_a_rate_is_reckoned_from_its_parts_on_both_maps():
    shares = {"1": {"2": Fraction(3, 5), "3": Fraction(2, 5)}}
    new = carried_forward({"1": Amount(Decimal(45), Decimal(50), True)}, shares)
    assert new == {
        "2": Amount(Decimal(27), Decimal(30), True),
        "3": Amount(Decimal(18), Decimal(20), True),
    }
    old = carried_back(new, shares, {"1": Decimal(45)})
    assert old == {"1": Amount(Decimal(45), Decimal(50), True)}


def test_a_merged_place_goes_back_by_what_each_brought():
    shares = {"1": {"9": Fraction(1)}, "2": {"9": Fraction(1)}}
    back = carried_back(
        {"9": Amount(Decimal(100), None, True)}, shares, {"1": Decimal(30), "2": Decimal(10)}
    )
    assert back == {"1": Amount(Decimal(75), None, True), "2": Amount(Decimal(25), None, True)}
    even = carried_back({"9": Amount(Decimal(100), None, True)}, shares, {})
    assert {each.numerator for each in even.values()} == {Decimal(50)}


def test_a_place_that_was_not_touched_keeps_its_figures():
    own = {"7": Amount(Decimal("1.25"), Decimal(3), False)}
    assert carried_forward(own, {}) == own


codes = st.sampled_from(["1", "2", "3", "4"])
figures = st.dictionaries(
    codes,
    st.builds(
        Amount,
        st.decimals(0, 10**9, places=2),
        st.decimals(0, 10**9, places=0) | st.none(),
        st.booleans(),
    ),
)


@st.composite
def maps(draw):
    shares = {}
    for place in draw(st.sets(codes)):
        after = draw(st.lists(st.sampled_from(["6", "7", "8", place]), min_size=1, unique=True))
        cuts = sorted(
            draw(
                st.lists(
                    st.integers(1, 999_999),
                    min_size=len(after) - 1,
                    max_size=len(after) - 1,
                    unique=True,
                )
            )
        )
        ends = [0, *cuts, 1_000_000]
        shares[place] = {
            code: Fraction(ends[n + 1] - ends[n], 1_000_000) for n, code in enumerate(after)
        }
    return shares


def totals(amounts):
    return (
        sum((each.numerator for each in amounts.values()), Decimal(0)),
        sum((each.denominator or Decimal(0) for each in amounts.values()), Decimal(0)),
    )


@settings(max_examples=150, deadline=None)
@given(figures, maps(), st.dictionaries(codes, st.decimals(0, 1000, places=1)))
def test_no_total_is_lost_on_the_way_there_or_back(amounts, shares, weights):
    new = carried_forward(amounts, shares)
    assert totals(new) == totals(amounts)
    assert totals(carried_back(new, shares, weights)) == totals(amounts)
    for each in new.values():
        assert each.numerator >= 0


@settings(max_examples=100, deadline=None)
@given(st.decimals(0, 10**6, places=0), maps())
def test_a_part_is_within_one_of_its_share(total, shares):
    for parts in shares.values():
        for code, part in apportioned(total, parts, whole=True).items():
            assert abs(Fraction(part) - Fraction(total) * parts[code]) < 1
            assert part == part.to_integral_value()
