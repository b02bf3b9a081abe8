"""Figures of places that were split or merged, by the old map or by the new one.

A stated share says what part of a place's additive figures goes to each successor. Whole numbers stay
whole: they are apportioned by largest remainder, so that nothing is lost and nothing is made up.
Both parts of a rate go by the same shares, so that it is reckoned anew from its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Link(NamedTuple):
    """Part of one place's figures that goes to another. share: None where no source states it."""

    predecessor: str
    successor: str
    share: Decimal | None


class SharesUnknown(ValueError):
    """A place has several successors and nobody has stated the shares. place: which."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class Amount(NamedTuple):
    """Additive parts of one indicator at one place. whole: counts of things, which stay whole."""

    numerator: Decimal
    denominator: Decimal | None
    whole: bool


def stated_shares(links: Iterable[Link]) -> dict[str, dict[str, Fraction]]:
    """Return predecessor → successor → share; an only successor takes all.

    Raises SharesUnknown where several follow and a share is missing, or they are not 1 together.

    Source: issue "Results that stand up to questions", As it was known then (stated shares).
    """
    by_place: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    for link in links:
        by_place[link.predecessor][link.successor] = link.share
    shares: dict[str, dict[str, Fraction]] = {}
    for place, stated in by_place.items():
        if len(stated) == 1:
            shares[place] = dict.fromkeys(stated, Fraction(1))
            continue
        known = {code: Fraction(share) for code, share in stated.items() if share is not None}
        if len(known) < len(stated) or sum(known.values()) != 1:
            raise SharesUnknown(place)
        shares[place] = known
    return shares


def apportioned(
    total: Decimal, shares: Mapping[str, Fraction], *, whole: bool
) -> dict[str, Decimal]:
    """Return the total in parts by the shares (which are 1 together); the parts add up to it exactly.

    whole: in steps of the total's own last decimal (ones, for a count), by largest remainder, ties
    to the lower code; else as exact as a share and a figure are, in steps of 10⁻¹⁶.

    Source: largest remainder method (Hamilton); house rule "totals are conserved".
    """
    exponent = total.as_tuple().exponent
    assert isinstance(exponent, int)  # a figure is a number
    step = Fraction(10) ** (min(exponent, 0) if whole else min(exponent, -16))
    units = Fraction(total) / step
    exact = {code: units * share for code, share in shares.items()}
    given = {code: each.numerator // each.denominator for code, each in exact.items()}
    left = int(units - sum(given.values()))
    by_remainder = sorted(exact, key=lambda code: (given[code] - exact[code], code))
    for code in by_remainder[:left]:
        given[code] += 1
    return {code: _decimal(count * step) for code, count in given.items()}


def carried_forward(
    figures: Mapping[str, Amount], shares: Mapping[str, Mapping[str, Fraction]]
) -> dict[str, Amount]:
    """Return the figures by the new map: each successor has its shares of its predecessors'.

    A place without successors keeps its own. Totals of numerators and denominators stay the same.

    Source: issue "Results that stand up to questions", As it was known then (totals conserved).
    """
    found: dict[str, Amount] = {}
    for place in sorted(figures):
        amount = figures[place]
        parts = shares.get(place, {place: Fraction(1)})
        above = apportioned(amount.numerator, parts, whole=amount.whole)
        below = None
        if amount.denominator is not None:
            below = apportioned(amount.denominator, parts, whole=amount.whole)
        for code in parts:
            part = Amount(above[code], None if below is None else below[code], amount.whole)
            found[code] = _added(found[code], part) if code in found else part
    return found


def carried_back(
    figures: Mapping[str, Amount],
    shares: Mapping[str, Mapping[str, Fraction]],
    weights: Mapping[str, Decimal],
) -> dict[str, Amount]:
    """Return the figures by the old map: each successor's go back to those it came from.

    weights: predecessor → its own last figure, which says how much of a successor came from it; of
    places without any (or with nothing) the shares alone decide. Totals stay the same.

    Source: issue "Results that stand up to questions", As it was known then (both maps).
    """
    came: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for place, parts in shares.items():
        for code, share in parts.items():
            came[code][place] = share
    back = {code: _proportions(from_places, weights) for code, from_places in came.items()}
    return carried_forward(figures, back)


def _proportions(
    shares: Mapping[str, Fraction], weights: Mapping[str, Decimal]
) -> dict[str, Fraction]:
    weighed = {place: share * Fraction(weights.get(place, 0)) for place, share in shares.items()}
    total = sum(weighed.values())
    if not total:
        weighed, total = dict(shares), sum(shares.values(), Fraction(0))
    return {place: each / total for place, each in weighed.items() if each}


def _added(one: Amount, other: Amount) -> Amount:
    below = one.denominator
    if other.denominator is not None:
        below = other.denominator if below is None else below + other.denominator
    return Amount(one.numerator + other.numerator, below, one.whole and other.whole)


def _decimal(number: Fraction) -> Decimal:
    """The number as a decimal, exact: its denominator is a power of ten."""
    digits = 0
    while number.denominator > 1:
        number *= 10
        digits += 1
    return Decimal(number.numerator).scaleb(-digits)
