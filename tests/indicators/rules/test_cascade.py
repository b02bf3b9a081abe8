"""Targets handed down: tables worked by hand, properties, and a second plain computation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.indicators.rules.cascade import (
    REFUSED_TH,
    Method,
    Receiver,
    SplitRefused,
    carry,
    split,
)

D = Decimal


def receivers(**bases: int) -> list[Receiver]:
    return [Receiver(key, base=D(base), last=D(base)) for key, base in bases.items()]


@pytest.mark.parametrize(
    ("whole", "method", "given_ones", "parts"),
    [
        # 10 among 3: 3.33 each; one unit over goes to the first.
        (10, "equal", receivers(a=1, b=1, c=1), [4, 3, 3]),
        # 100 by 50:30:21 of 101: 49.50, 29.70, 20.79 → 49+29+20 = 98; .79 and .70 get one.
        (100, "base", receivers(a=50, b=30, c=21), [49, 30, 21]),
        # Nothing where there is nothing to weigh.
        (7, "base", receivers(a=0, b=3, c=4), [0, 3, 4]),
        (0, "last", receivers(a=2, b=5), [0, 0]),
        # b locked at 40: 60 left for 50:21 of 71: 42.25, 17.75 → 42+17 = 59; .75 gets one.
        (
            100,
            "base",
            [Receiver("a", base=D(50)), Receiver("b", locked=D(40)), Receiver("c", base=D(21))],
            [42, 40, 18],
        ),
        # a may have 3 at most: 9 − 3 left for two.
        (9, "equal", [Receiver("a", most=D(2)), Receiver("b"), Receiver("c")], [2, 4, 3]),
        # c must have 5 at least: 7 − 5 left for two.
        (7, "equal", [Receiver("a"), Receiver("b"), Receiver("c", least=D(5))], [1, 1, 5]),
        (6, "hand", [Receiver("a", by_hand=D(1)), Receiver("b", by_hand=D(5))], [1, 5]),
    ],
)
def test_split_by_hand_worked_tables(whole, method, given_ones, parts):
    found = split(D(whole), given_ones, method=method)
    assert list(found.values()) == [D(part) for part in parts]


def test_split_of_baht_is_exact_to_the_satang():
    found = split(D("100.00"), receivers(a=1, b=1, c=1), method="equal", quantum=D("0.01"))
    assert list(found.values()) == [D("33.34"), D("33.33"), D("33.33")]


@pytest.mark.parametrize(
    ("code", "whole", "given_ones", "method", "places", "short"),
    [
        ("no_places", 1, [], "equal", (), None),
        ("not_in_units", "1.5", receivers(a=1), "equal", (), None),
        ("negative", -1, receivers(a=1), "equal", (), None),
        ("base_missing", 5, [Receiver("a", base=D(1)), Receiver("b")], "base", ("b",), None),
        ("last_missing", 5, [Receiver("a", last=D(1)), Receiver("b")], "last", ("b",), None),
        ("part_missing", 5, [Receiver("a", by_hand=D(5)), Receiver("b")], "hand", ("b",), None),
        ("nothing_to_weigh_by", 5, receivers(a=0, b=0), "base", ("a", "b"), None),
        ("locked_exceeds", 5, [Receiver("a", locked=D(6)), Receiver("b")], "equal", ("a",), -1),
        ("least_exceeds", 5, [Receiver("a", least=D(6))], "equal", ("a",), -1),
        ("most_short", 5, [Receiver("a", most=D(3))], "equal", ("a",), 2),
        ("bounds_crossed", 5, [Receiver("a", least=D(3), most=D(2))], "equal", ("a",), None),
        (
            "locked_outside_bounds",
            5,
            [Receiver("a", locked=D(3), most=D(2))],
            "equal",
            ("a",),
            None,
        ),
        ("sum_differs", 5, [Receiver("a", by_hand=D(3))], "hand", ("a",), 2),
        ("sum_differs", 5, [Receiver("a", locked=D(3))], "equal", ("a",), 2),
    ],
)
def test_split_refused_names_places_and_difference(code, whole, given_ones, method, places, short):
    with pytest.raises(SplitRefused) as refused:
        split(D(whole), given_ones, method=method)
    assert (refused.value.code, refused.value.places) == (code, places)
    assert refused.value.short == (None if short is None else D(short))
    assert refused.value.words == REFUSED_TH[code]


wholes = st.integers(0, 5000)
small = st.integers(0, 60)
some = st.lists(
    st.builds(
        lambda base, last, most, least: Receiver(
            "",
            base=D(base),
            last=D(last),
            least=D(least),
            most=None if most is None else D(least + most),
        ),
        small,
        small,
        st.none() | st.integers(0, 900),
        st.sampled_from([0, 0, 0, 3, 20]),
    ),
    min_size=1,
    max_size=12,
).map(lambda found: [named(each, f"p{n}") for n, each in enumerate(found)])


def named(receiver: Receiver, key: str) -> Receiver:
    return Receiver(
        key,
        base=receiver.base,
        last=receiver.last,
        least=receiver.least,
        most=receiver.most,
        locked=receiver.locked,
    )


def parts_or_code(
    whole: int, given_ones: list[Receiver], method: Method
) -> dict[str, Decimal] | str:
    try:
        return split(D(whole), given_ones, method=method)
    except SplitRefused as refused:
        return refused.code


@settings(max_examples=200)
@given(whole=wholes, given_ones=some, method=st.sampled_from(["equal", "base", "last"]))
def test_split_makes_the_whole_again_within_bounds(whole, given_ones, method):
    parts = parts_or_code(whole, given_ones, method)
    if isinstance(parts, str):
        assert parts in {"nothing_to_weigh_by", "least_exceeds", "most_short"}
        return
    assert sum(parts.values()) == whole
    for each in given_ones:
        assert each.least <= parts[each.key]
        assert each.most is None or parts[each.key] <= each.most


@settings(max_examples=200)
@given(
    whole=wholes,
    bases=st.lists(st.integers(1, 500), min_size=1, max_size=30),
)
def test_split_by_base_agrees_with_plain_largest_remainders(whole, bases):
    given_ones = [Receiver(f"p{n}", base=D(base)) for n, base in enumerate(bases)]
    plain = {f"p{n}": whole * base // sum(bases) for n, base in enumerate(bases)}
    remainders = sorted(range(len(bases)), key=lambda n: (-(whole * bases[n] % sum(bases)), n))
    for n in remainders[: whole - sum(plain.values())]:
        plain[f"p{n}"] += 1
    found = split(D(whole), given_ones, method="base")
    assert {key: int(part) for key, part in found.items()} == plain


@settings(max_examples=200)
@given(
    whole=wholes,
    bases=st.lists(small, min_size=2, max_size=12),
    locked=st.sets(st.integers(0, 11)),
)
def test_locked_parts_stay_and_the_rest_makes_the_whole(whole, bases, locked):
    given_ones = [
        Receiver(f"p{n}", base=D(base), locked=D(base) if n in locked else None)
        for n, base in enumerate(bases)
    ]
    parts = parts_or_code(whole, given_ones, "equal")
    if isinstance(parts, str):
        assert parts in {"locked_exceeds", "sum_differs"}
        return
    assert sum(parts.values()) == whole
    assert all(parts[each.key] == each.locked for each in given_ones if each.locked is not None)


@pytest.mark.parametrize(
    ("rate", "method", "given_ones", "parts", "over"),
    [
        (85, "equal", receivers(a=10, b=30), ["85", "85"], "0"),
        # Means 60 and 80 (bases 1:1) must reach 75: five points each.
        (
            75,
            "last",
            [Receiver("a", base=D(1), last=D(60)), Receiver("b", base=D(1), last=D(80))],
            ["65", "85"],
            "0",
        ),
        # b cannot go above 82: a has to rise by 8.
        (
            75,
            "last",
            [
                Receiver("a", base=D(1), last=D(60)),
                Receiver("b", base=D(1), last=D(80), most=D(82)),
            ],
            ["68", "82"],
            "0",
        ),
        # Already beyond: nobody is lowered.
        (
            50,
            "last",
            [Receiver("a", base=D(1), last=D(60)), Receiver("b", base=D(3), last=D(80))],
            ["60", "80"],
            "25",
        ),
        # a is locked at 70 of base 1; b (base 3) has to make 80: 70 + 3·b = 4·80 → 83.34 upwards.
        (
            80,
            "equal",
            [Receiver("a", base=D(1), locked=D(70)), Receiver("b", base=D(3))],
            ["70", "83.34"],
            "0.005",
        ),
    ],
)
def test_carry_worked_by_hand(rate, method, given_ones, parts, over):
    found = carry(D(rate), given_ones, method=method)
    assert list(found.parts.values()) == [D(part) for part in parts]
    assert found.over == D(over)
    assert found.together == D(rate) + D(over)


def test_carry_refuses_a_rate_nobody_can_reach():
    given_ones = [Receiver("a", base=D(1), most=D(40)), Receiver("b", base=D(1), most=D(50))]
    with pytest.raises(SplitRefused) as refused:
        carry(D(60), given_ones, method="equal")
    assert (refused.value.code, refused.value.short) == ("most_short", D(15))


def test_carry_by_hand_that_falls_short_says_by_how_much():
    given_ones = [
        Receiver("a", base=D(1), by_hand=D(50)),
        Receiver("b", base=D(1), by_hand=D(60)),
    ]
    with pytest.raises(SplitRefused) as refused:
        carry(D(60), given_ones, method="hand")
    assert (refused.value.code, refused.value.short) == ("sum_differs", D(5))


@settings(max_examples=200)
@given(
    rate=st.integers(0, 10000).map(lambda n: D(n) / 100),
    lasts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10000)), min_size=1, max_size=10),
    method=st.sampled_from(["equal", "last"]),
)
def test_carried_rates_reach_the_rate_and_go_beyond_it_by_rounding_only(rate, lasts, method):
    given_ones = [
        Receiver(f"p{n}", base=D(base), last=D(last) / 100, most=D(100))
        for n, (base, last) in enumerate(lasts)
    ]
    if method == "last" and not any(base for base, _ in lasts):
        with pytest.raises(SplitRefused):
            carry(rate, given_ones, method=method)
        return
    found = carry(rate, given_ones, method=method)
    if not any(base for base, _ in lasts):
        assert set(found.parts.values()) == {rate}
        return
    whole = sum(base for base, _ in lasts)
    together = sum(Fraction(found.parts[e.key]) * Fraction(e.base) for e in given_ones) / whole
    assert together >= Fraction(rate)
    before = sum(Fraction(last, 100) * base for base, last in lasts) / whole
    nobody_had_to_rise = method == "last" and before >= Fraction(rate)
    if nobody_had_to_rise:
        assert all(found.parts[e.key] == e.last for e in given_ones)
    else:
        assert together - Fraction(rate) < Fraction(1, 100)
