"""Handing a target down: the whole is split among the places below it, exact to the last unit.

A target that adds up (households, baht) is split so that the parts make the whole again, whatever
the method: equal, by base, by last result, or by hand. What does not divide goes to the largest
remainders, ties to the place that comes first. A part that is locked stays as it is; no part is
taken above its most or below its least.

A target that is a rate (per cent, an average) is not split but carried: every place gets the rate
itself (equal, by base), or rises by the same number of points from its last result. Rounding is
upwards, so that the places together reach the rate; how far they go beyond it is said.

Everything is reckoned in whole units of the quantum, so nothing is lost and nothing is left over.

Source: product description, "Cascade"; issue 3 of 4, "Cascade of targets".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm
from typing import Literal, get_args

Method = Literal["equal", "base", "last", "hand"]
METHODS: tuple[Method, ...] = get_args(Method)

RefusalCode = Literal[
    "no_places",
    "not_in_units",
    "negative",
    "bounds_crossed",
    "locked_outside_bounds",
    "base_missing",
    "last_missing",
    "part_missing",
    "nothing_to_weigh_by",
    "locked_exceeds",
    "least_exceeds",
    "most_short",
    "sum_differs",
]
REFUSED_TH: dict[RefusalCode, str] = {
    "no_places": "ไม่มีพื้นที่ที่จะถ่ายทอดให้",
    "not_in_units": "ค่าไม่ลงตัวตามหน่วยที่เล็กที่สุดของตัวชี้วัด",
    "negative": "ค่าติดลบ",
    "bounds_crossed": "ค่าต่ำสุดมากกว่าค่าสูงสุด",
    "locked_outside_bounds": "ค่าที่ล็อกไว้อยู่นอกช่วงที่เป็นไปได้",
    "base_missing": "ยังไม่มีฐานของพื้นที่",
    "last_missing": "ยังไม่มีผลครั้งก่อนของพื้นที่",
    "part_missing": "ยังไม่ได้กำหนดค่าของพื้นที่",
    "nothing_to_weigh_by": "ฐานหรือผลครั้งก่อนเป็นศูนย์ทุกพื้นที่ จึงแบ่งตามสัดส่วนไม่ได้",
    "locked_exceeds": "ค่าที่ล็อกไว้รวมกันเกินเป้าหมายทั้งหมด",
    "least_exceeds": "ค่าต่ำสุดของพื้นที่รวมกันเกินส่วนที่เหลือให้แบ่ง",
    "most_short": "ค่าสูงสุดของพื้นที่รวมกันไม่ถึงเป้าหมาย",
    "sum_differs": "ผลรวมที่กำหนดเองไม่เท่ากับเป้าหมายทั้งหมด",
}


class SplitRefused(ValueError):
    """The target cannot be handed down so. places: keys concerned; short: whole − parts, if known.

    short is in the target's own unit: positive when the parts fall short of the whole.
    """

    def __init__(
        self, code: RefusalCode, places: Sequence[str] = (), short: Decimal | None = None
    ) -> None:
        super().__init__(code, tuple(places), short)
        self.code: RefusalCode = code
        self.places = tuple(places)
        self.short = short

    @property
    def words(self) -> str:
        """The refusal in Thai, without the places' names."""
        return REFUSED_TH[self.code]


@dataclass(frozen=True, slots=True)
class Receiver:
    """A place that gets a part, with everything in the target's own unit except the base.

    base: what the place is measured by (households, population; for a rate its denominator);
    last: its last result; locked: a part that stays; by_hand: the part chosen; least, most: bounds.
    """

    key: str
    base: Decimal | None = None
    last: Decimal | None = None
    locked: Decimal | None = None
    by_hand: Decimal | None = None
    least: Decimal = Decimal(0)
    most: Decimal | None = None


def split(
    whole: Decimal,
    receivers: Sequence[Receiver],
    *,
    method: Method,
    quantum: Decimal = Decimal(1),
) -> dict[str, Decimal]:
    """Return every receiver's part of a target that adds up; the parts make exactly the whole.

    quantum: the smallest unit of a part (1 household, 0.01 baht). Raises SplitRefused.

    Source: product description, "Cascade".
    """
    units = _Units(quantum)
    total = units.whole(whole, [])
    _bounded(receivers, units)
    parts = {
        each.key: units.whole(each.locked, [each.key])
        for each in receivers
        if each.locked is not None
    }
    open_ones = [each for each in receivers if each.locked is None]
    rest = total - sum(parts.values())
    if rest < 0:
        raise SplitRefused("locked_exceeds", list(parts), units.value(rest))
    if method == "hand":
        chosen = _by_hand(open_ones, units)
        if sum(chosen.values()) != rest:
            raise SplitRefused(
                "sum_differs", list(chosen), units.value(rest - sum(chosen.values()))
            )
        parts |= chosen
    elif open_ones:
        parts |= _proportional(rest, open_ones, _weights(open_ones, method), units)
    elif rest:
        raise SplitRefused("sum_differs", list(parts), units.value(rest))
    return {each.key: units.value(parts[each.key]) for each in receivers}


@dataclass(frozen=True, slots=True)
class Carried:
    """A rate handed down. together: the receivers' parts weighted by their bases; over: beyond the
    rate, in its own unit (never negative; from rounding upwards, or from what was locked).
    """

    parts: Mapping[str, Decimal]
    together: Decimal
    over: Decimal


def carry(
    rate: Decimal,
    receivers: Sequence[Receiver],
    *,
    method: Method,
    quantum: Decimal = Decimal("0.01"),
) -> Carried:
    """Return every receiver's part of a rate; weighted by their bases they reach the rate.

    Give a base of 1 to each where the rate of the whole is the plain mean of its places. "last":
    each rises by the same number of points from its last result, none above its most, none below
    what it has reached. Raises SplitRefused.

    Source: product description, "Cascade".
    """
    units = _Units(quantum)
    units.whole(rate, [])
    _bounded(receivers, units)
    if method == "equal" and not any(each.base for each in receivers):
        # Everybody gets the rate: without bases nothing hangs on what they are weighed by.
        bases = {each.key: Fraction(1) for each in receivers}
    else:
        bases = _bases(receivers)
    parts = {each.key: each.locked for each in receivers if each.locked is not None}
    open_ones = [each for each in receivers if each.locked is None]
    if method == "hand":
        parts |= {key: units.value(n) for key, n in _by_hand(open_ones, units).items()}
    elif open_ones:
        weight = sum((bases[each.key] for each in open_ones), Fraction(0))
        missing = Fraction(rate) * sum(bases.values(), Fraction(0)) - sum(
            (Fraction(part) * bases[key] for key, part in parts.items()), Fraction(0)
        )
        needed = max(missing / weight, Fraction(0)) if weight else Fraction(rate)
        parts |= _raised(needed, open_ones, bases, units, from_last=method == "last")
    together = sum((Fraction(parts[key]) * base for key, base in bases.items()), Fraction(0))
    reached = together / sum(bases.values(), Fraction(0))
    if reached < Fraction(rate):
        raise SplitRefused("sum_differs", list(parts), _decimal(Fraction(rate) - reached))
    return Carried(
        {each.key: parts[each.key] for each in receivers},
        _decimal(reached),
        _decimal(reached - Fraction(rate)),
    )


class _Units:
    """Whole numbers of the quantum, and back."""

    def __init__(self, quantum: Decimal) -> None:
        self.quantum = quantum

    def whole(self, value: Decimal, places: Sequence[str]) -> int:
        if value < 0:
            raise SplitRefused("negative", places)
        number = _in_quanta(value, self.quantum)
        if number.denominator != 1:
            raise SplitRefused("not_in_units", places)
        return number.numerator

    def value(self, number: int) -> Decimal:
        return number * self.quantum

    def floor(self, value: Decimal) -> int:
        return floor(_in_quanta(value, self.quantum))

    def ceil(self, value: Fraction | Decimal) -> int:
        return ceil(_in_quanta(value, self.quantum))


@lru_cache(maxsize=50_000)
def _in_quanta(value: Fraction | Decimal, quantum: Decimal) -> Fraction:
    """Bounds, bases and parts are few different numbers over many places."""
    return Fraction(value) / Fraction(quantum)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _bounded(receivers: Sequence[Receiver], units: _Units) -> None:
    if not receivers:
        raise SplitRefused("no_places")
    crossed = [
        each.key
        for each in receivers
        if each.most is not None and units.floor(each.most) < units.ceil(each.least)
    ]
    if crossed:
        raise SplitRefused("bounds_crossed", crossed)
    outside = [
        each.key
        for each in receivers
        for part in (each.locked,)
        if part is not None and (part < each.least or (each.most is not None and part > each.most))
    ]
    if outside:
        raise SplitRefused("locked_outside_bounds", outside)


def _by_hand(receivers: Sequence[Receiver], units: _Units) -> dict[str, int]:
    missing = [each.key for each in receivers if each.by_hand is None]
    if missing:
        raise SplitRefused("part_missing", missing)
    chosen = {
        each.key: units.whole(each.by_hand, [each.key])
        for each in receivers
        if each.by_hand is not None
    }
    outside = [
        each.key
        for each in receivers
        if units.value(chosen[each.key]) < each.least
        or (each.most is not None and units.value(chosen[each.key]) > each.most)
    ]
    if outside:
        raise SplitRefused("locked_outside_bounds", outside)
    return chosen


def _weights(receivers: Sequence[Receiver], method: Method) -> dict[str, Fraction]:
    if method == "equal":
        return {each.key: Fraction(1) for each in receivers}
    weights = _bases(receivers) if method == "base" else _lasts(receivers)
    if not any(weights.values()):
        raise SplitRefused("nothing_to_weigh_by", list(weights))
    return weights


def _bases(receivers: Collection[Receiver]) -> dict[str, Fraction]:
    return _known({each.key: each.base for each in receivers}, "base_missing")


def _lasts(receivers: Collection[Receiver]) -> dict[str, Fraction]:
    return _known({each.key: each.last for each in receivers}, "last_missing")


def _known(values: Mapping[str, Decimal | None], code: RefusalCode) -> dict[str, Fraction]:
    missing = [key for key, value in values.items() if value is None]
    if missing:
        raise SplitRefused(code, missing)
    below = [key for key, value in values.items() if value is not None and value < 0]
    if below:
        raise SplitRefused("negative", below)
    known = {key: Fraction(value) for key, value in values.items() if value is not None}
    if code == "base_missing" and not any(known.values()):
        raise SplitRefused("nothing_to_weigh_by", list(known))
    return known


def _proportional(
    rest: int, receivers: Sequence[Receiver], weights: Mapping[str, Fraction], units: _Units
) -> dict[str, int]:
    """Split whole units by weight between bounds; whoever meets a bound is fixed at it and the
    others share what is left, until nobody new meets one.
    """
    least = {each.key: units.ceil(each.least) for each in receivers}
    most = {
        each.key: rest if each.most is None else min(units.floor(each.most), rest)
        for each in receivers
    }
    floor_of_all, roof_of_all = sum(least.values()), sum(most.values())
    if floor_of_all > rest:
        raise SplitRefused("least_exceeds", list(least), units.value(rest - floor_of_all))
    if roof_of_all < rest:
        raise SplitRefused("most_short", list(most), units.value(rest - roof_of_all))
    fixed: dict[str, int] = {}
    free = [each.key for each in receivers]
    while True:
        left = rest - sum(fixed.values())
        weight = sum((weights[key] for key in free), Fraction(0))
        # Where only places without weight are left to take the rest, they take it evenly.
        each_unit = left / weight if weight else Fraction(0)
        share = {
            key: each_unit * weights[key] if weight else Fraction(left, len(free)) for key in free
        }
        low = {key: least[key] for key in free if share[key] < least[key]}
        high = {key: most[key] for key in free if share[key] > most[key]}
        if not low and not high:
            break
        # The side that misses by more is fixed first: fixing both at once could overshoot.
        too_low = sum((bound - share[key] for key, bound in low.items()), Fraction(0))
        too_high = sum((share[key] - bound for key, bound in high.items()), Fraction(0))
        met = low if too_low >= too_high else high
        fixed |= met
        free = [key for key in free if key not in met]
        if not free:
            break
    return fixed | _largest_remainders(
        rest - sum(fixed.values()), {key: share[key] for key in free}, most
    )


def _largest_remainders(
    total: int, shares: Mapping[str, Fraction], most: Mapping[str, int]
) -> dict[str, int]:
    parts = {key: floor(share) for key, share in shares.items()}
    left = total - sum(parts.values())
    order = sorted(
        (key for key in parts if parts[key] < most[key]),
        key=lambda key: parts[key] - shares[key],  # stable: ties in the order given
    )
    for key in order[:left]:
        parts[key] += 1
    return parts


def _raised(
    needed: Fraction,
    receivers: Sequence[Receiver],
    bases: Mapping[str, Fraction],
    units: _Units,
    *,
    from_last: bool,
) -> dict[str, Decimal]:
    """The least rise, the same for all, whose weighted mean is what is needed; rounded upwards.

    A part is origin + rise between its bounds, so the mean never falls as the rise grows and is a
    straight line between the rises at which somebody meets a bound.
    """
    origins = _lasts(receivers) if from_last else {each.key: Fraction(0) for each in receivers}
    quantum = Fraction(units.quantum)
    bounds = {
        each.key: (
            units.ceil(each.least) * quantum,
            _BOUNDLESS if each.most is None else units.floor(each.most) * quantum,
        )
        for each in receivers
    }
    weight = sum((bases[key] for key in bounds), Fraction(0))
    wanted = needed * weight
    # In whole numbers of one small unit, and of one small base: fractions take ten times as long.
    fine = lcm(*(one.denominator for key in bounds for one in (origins[key], *bounds[key])))
    light = lcm(*(bases[key].denominator for key in bounds))
    rows = [
        (int(bases[key] * light), int(origins[key] * fine), int(low * fine), int(high * fine))
        for key, (low, high) in bounds.items()
    ]

    def together(rise: int) -> int:
        return sum(base * max(low, min(from_ + rise, high)) for base, from_, low, high in rows)

    boundless = int(_BOUNDLESS * fine)
    most = together(boundless)
    if most < wanted * fine * light:
        short = (wanted - Fraction(most, fine * light)) / weight
        raise SplitRefused("most_short", list(bounds), _decimal(short))
    enough = ceil(wanted * fine * light)
    turns = sorted(
        {0, boundless} | {max(one - row[1], 0) for row in rows for one in (row[2], row[3])}
    )
    reached = bisect_left(turns, enough, key=together)
    rise = Fraction(turns[reached])
    if reached:
        low, high = together(turns[reached - 1]), together(turns[reached])
        share = (wanted * fine * light - low) / (high - low)
        rise = turns[reached - 1] + share * (turns[reached] - turns[reached - 1])
    rise /= fine
    return {
        key: units.value(units.ceil(max(low, min(origins[key] + rise, high))))
        for key, (low, high) in bounds.items()
    }


_BOUNDLESS = Fraction(10**24)
"""More than any target: where nobody set a bound."""


@dataclass(frozen=True, slots=True)
class Handed:
    """One place's target among the places below it. together: what the parts come to."""

    giver: str
    whole: Decimal
    together: Decimal
    receivers: tuple[Receiver, ...]
    parts: Mapping[str, Decimal]


def hand_down(
    whole: Decimal,
    giver: str,
    receivers_of: Mapping[str, Sequence[Receiver]],
    *,
    method: Method,
    carried: bool,
    quantum: Decimal,
) -> tuple[Handed, ...]:
    """Hand a target down through as many levels as there are receivers for, the giver's own first.

    receivers_of: giver → who gets a part of its target; a receiver that is a giver itself hands its
    part on. "hand" is for the first level; below it, parts chosen by hand are shared equally.
    Raises SplitRefused.

    Source: product description, "Cascade"; issue 3 of 4, "From nation to province to district".
    """
    found: list[Handed] = []
    waiting = [(giver, whole, method)]
    for key, target, how in waiting:  # grows while it is walked: givers below come after it
        receivers = tuple(receivers_of[key])
        if carried:
            rate = carry(target, receivers, method=how, quantum=quantum)
            parts, together = rate.parts, rate.together
        else:
            parts, together = split(target, receivers, method=how, quantum=quantum), target
        found.append(Handed(key, target, together, receivers, parts))
        below: Method = "equal" if how == "hand" else how
        waiting += [(part, parts[part], below) for part in parts if receivers_of.get(part)]
    return tuple(found)
