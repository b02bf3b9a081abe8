"""What detectors look at: the figures of all places over some rounds, as arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tiddao.indicators.rules.quality.chances import Flags, Floats

PEERS = 8
"""So many places of one province make peers; with fewer, all places of the level do."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator as detectors see it.

    typed: the office writes the figures itself (not another area). scored: steps or judged scores,
    of which few different ones exist. steps: the values where a level begins, in the direction of
    better; better: +1 or −1. factor: value = numerator × factor ÷ denominator.
    """

    code: str
    typed: bool = True
    scored: bool = False
    steps: tuple[float, ...] = ()
    better: int = 1
    factor: float = 1.0


@dataclass(frozen=True)
class History:
    """Figures by [round, place, indicator], the oldest round first; the last one is asked about.

    years: fiscal year of each round. circles: of each place the province it shares circumstances
    with. nan: not reported, or does not apply. A figure without a denominator has 1 there.
    reported_at: seconds of the first report of each figure of the last round [place, indicator];
    targets: what a place is to reach [place, indicator], nan without one.
    """

    places: tuple[str, ...]
    circles: tuple[str, ...]
    indicators: tuple[Measured, ...]
    rounds: tuple[str, ...]
    years: tuple[int, ...]
    numerators: Floats
    denominators: Floats
    reported_at: Floats
    targets: Floats

    @cached_property
    def values(self) -> Floats:
        """Values in the indicators' own units; no value where the denominator is nought."""
        factors = np.array([each.factor for each in self.indicators])
        below = np.where(self.denominators == 0, np.nan, self.denominators)
        found: Floats = self.numerators * factors / below
        return found

    @cached_property
    def circle_numbers(self) -> NDArray[np.int64]:
        """The circle of each place as a number."""
        return np.unique(np.array(self.circles), return_inverse=True)[1].astype(np.int64)

    @property
    def last(self) -> int:
        return len(self.rounds) - 1

    @cached_property
    def this_year(self) -> tuple[int, ...]:
        """The rounds of the last round's fiscal year."""
        return tuple(n for n, year in enumerate(self.years) if year == self.years[-1])


@dataclass(frozen=True, slots=True)
class Expected:
    """Where each value of the last round was to be expected [place, indicator], and how widely.

    centre: the place's own past, moved as its peers moved. spread: a robust standard deviation.
    past: how many rounds of the place's own it stands on. freedom: degrees of freedom of the tails,
    by indicator.
    """

    centre: Floats
    spread: Floats
    past: NDArray[np.int64]
    freedom: tuple[float, ...]

    def standing(self, values: Floats) -> Floats:
        """How many spreads each value lies above its centre."""
        found: Floats = (values - self.centre) / self.spread
        return found


REMEMBERED = 6
"""Rounds of the own past that are looked at: three years of two."""
MAD = 1.4826
"""A normal standard deviation in median absolute deviations."""
_SIZES = 3
_ENOUGH = 30


def middle(values: Floats, axis: int | None = None) -> Floats:
    """Return medians without nan; nan where there is nothing to take one of.

    Source: robust statistics; proposed.
    """
    with np.errstate(all="ignore"):
        empty = np.isnan(values).all(axis=axis)
        filled = np.where(np.isnan(values).all(axis=axis, keepdims=True), 0.0, values)
        found: Floats = np.where(empty, np.nan, np.nanmedian(filled, axis=axis))
    return found


def peers_middle(history: History, values: Floats) -> Floats:
    """Return for each place the median of its peers [place, indicator].

    values: [place, indicator]. Peers are the places of the province, where at least eight of
    them have a value, else all.
    Source: anchors §4 no. 6 (fair comparison among peers); the number is proposed.
    """
    everybody = middle(values, axis=0)
    found = np.repeat(everybody[None, :], values.shape[0], axis=0)
    numbers = history.circle_numbers
    for circle in range(int(numbers.max()) + 1):
        inside = np.flatnonzero(numbers == circle)
        enough = (~np.isnan(values[inside])).sum(axis=0) >= PEERS
        if enough.any():
            found[np.ix_(inside, np.flatnonzero(enough))] = middle(
                values[np.ix_(inside, np.flatnonzero(enough))], axis=0
            )
    return found


def expected(history: History) -> Expected:
    """Return what the last round was expected to bring, from own pasts and the peers' movement.

    Source: robust median/MAD against the own past and peers (issue 5, "Data quality"); proposed.
    """
    values = history.values
    now, before = values[-1], values[max(0, history.last - REMEMBERED) : -1]
    past = (~np.isnan(before)).sum(axis=0).astype(np.int64)
    own = middle(before, axis=0) if len(before) else np.full(now.shape, np.nan)
    moved = now - own
    centre = own + peers_middle(history, moved)
    left = np.where(past >= 2, now - centre, np.nan)
    columns = [
        _by_size(left[:, number], history.denominators[-1, :, number])
        for number in range(len(history.indicators))
    ]
    spread: Floats = np.stack(columns, axis=1) * _restless(before, own, past)[:, None]
    freedom = []
    for number, indicator in enumerate(history.indicators):
        floor = _smallest_step(indicator, history.denominators[-1, :, number])
        spread[:, number] = np.maximum(spread[:, number], floor)
        freedom.append(_tail(left[:, number] / spread[:, number]))
    # One indicator's tail is known roughly; it is never taken to be thinner than that of most.
    most = float(np.median(freedom))
    return Expected(centre, spread, past, tuple(min(each, most) for each in freedom))


def _restless(before: Floats, own: Floats, past: NDArray[np.int64]) -> Floats:
    """How many times as much as the others each place has always moved, at least once as much.

    One place has many indicators over several rounds, so this is known well: an office whose figures
    always jumped about is expected to go on so.
    """
    if len(before) < 4:
        return np.ones(own.shape[0])
    around = np.where(past >= 4, middle(np.abs(before - own), axis=0), np.nan)
    usual = middle(np.where(around > 0, around, np.nan), axis=0)
    with np.errstate(all="ignore"):
        times = middle(around / usual, axis=1)
    found: Floats = np.fmax(times, 1.0)
    return found


def _by_size(left: Floats, sizes: Floats) -> Floats:
    """Spread of what is left over, by thirds of the places' sizes: small places jump about more."""
    spread = np.full(left.shape, np.nan)
    known = np.flatnonzero(~np.isnan(left))
    if known.size < _ENOUGH:
        return spread
    overall = MAD * float(np.median(np.abs(left[known])))
    ordered = known[np.argsort(np.nan_to_num(sizes[known], nan=1.0), kind="stable")]
    for third in np.array_split(ordered, _SIZES):
        narrow = MAD * float(np.median(np.abs(left[third]))) if third.size >= _ENOUGH else overall
        spread[third] = max(narrow, overall / 2)
    return np.where(np.isnan(spread), overall, spread)


def _smallest_step(indicator: Measured, sizes: Floats) -> Floats:
    """One counted thing more or less is never unusual, nor a tenth of a level."""
    with np.errstate(all="ignore"):
        lattice = np.where(np.nan_to_num(sizes) > 0, indicator.factor / sizes, 0.0)
    gap = abs(indicator.steps[-1] - indicator.steps[0]) / 40 if indicator.steps else 0.0
    found: Floats = np.maximum(lattice, max(gap, 1e-9))
    return found


def _tail(standing: Floats) -> float:
    """Degrees of freedom of Student's t whose far quantiles lie as far out as those of the peers."""
    sizes = np.abs(standing[~np.isnan(standing)])
    if sizes.size < _ENOUGH * 3:
        return _HEAVIEST
    inner, outer = (float(each) for each in np.quantile(sizes, [0.75, 0.975]))
    if not inner:
        return _HEAVIEST
    ratios = list(_RATIOS)
    return float(np.interp(outer / inner, ratios[::-1], [_RATIOS[each] for each in ratios][::-1]))


_HEAVIEST = 2.0
_RATIOS = {
    3.87: 2.0,
    2.94: 3.0,
    2.6: 4.0,
    2.43: 5.0,
    2.27: 7.0,
    2.16: 10.0,
    2.08: 15.0,
    2.01: 30.0,
    1.98: 60.0,
}
"""97.5 % quantile of |t| over its 75 % quantile → degrees of freedom (from ``student_tail``)."""


def rank_of(value: float, steps: Sequence[float], better: int) -> int:
    """Return how many steps a value reaches; 0 for no value.

    Source: product description, "Level" (at or above a step reaches it).
    """
    if math.isnan(value):
        return 0
    return sum(value * better >= step * better for step in steps)


def nothing(history: History) -> Floats:
    """Return no chance for any place.

    Source: house rule "absent stays None".
    """
    return np.full(len(history.places), np.nan)


def typed(history: History) -> Flags:
    """Return which indicators are counted and written by the offices themselves.

    Source: product description, "Indicator" (kinds).
    """
    return np.array([each.typed and not each.scored for each in history.indicators])
