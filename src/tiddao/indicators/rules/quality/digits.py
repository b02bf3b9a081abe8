"""Digit patterns: last digits that everybody else's figures do not have.

The last digit of a counted figure of two digits or more is close to chance. Made-up figures end in
0 and 5, or in the digits people think of as random. What is usual is learned from all places, per
indicator and size; figures that the peers themselves round are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tiddao.indicators.rules.quality.chances import (
    Floats,
    calibrated,
    chi_square_tail,
    count_tails,
)
from tiddao.indicators.rules.quality.history import History, nothing, typed

FEWEST = 24
"""So many different figures an office must have given; with fewer nothing is said."""
ROUNDED_BY_ALL = 0.32
"""Where so many of all figures end in 0 or 5, the peers round too, and the figures say nothing."""
_TESTS = 4  # two patterns, two spans of time
_PLAINLY_ROUND = 0.001
_DIGITS = 10
_ENOUGH = 60

Pattern = Literal["round", "uneven"]


@dataclass(frozen=True, slots=True)
class DigitFinding:
    """What stands out in one office's last digits.

    pattern: "round" (ends in 0 or 5) or "uneven" (the ten digits differ). count of figures, how many
    of them are round, how many usually would be, how often each digit stands last. years: whether
    all rounds were looked at or only this year's. chance: see ``chances``.
    """

    place: int
    chance: float
    pattern: Pattern
    years: bool
    count: int
    round_ones: int
    usual: float
    digits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DigitsLooked:
    """chances: [place], nan where there were too few figures."""

    chances: Floats
    findings: tuple[DigitFinding, ...]


def look_at_digits(history: History) -> DigitsLooked:
    """Return what last digits say of each office, over this year and over all rounds.

    Source: anchors §4 no. 7 (digit patterns); last digits of honest counts are uniform
    (Mosimann, Wiseman, Edelman 1995); proposed.
    """
    figures = _figures(history)
    if figures is None:
        return DigitsLooked(nothing(history), ())
    best: dict[int, DigitFinding] = {}
    for years, rounds in ((False, history.this_year), (True, range(len(history.rounds)))):
        if years and len(history.this_year) == len(history.rounds):
            continue  # it has been looked at
        for found in _patterns(figures, history, rounds, years=years):
            if found.place not in best or found.chance < best[found.place].chance:
                best[found.place] = found
    chances = nothing(history)
    for place, found in best.items():
        chances[place] = min(1.0, found.chance * _TESTS)
    chances = calibrated(chances)
    return DigitsLooked(chances, tuple(best.values()))


@dataclass(frozen=True)
class _Figures:
    """Counted figures: where each comes from, its last digit and its stratum."""

    place: NDArray[np.int64]
    round: NDArray[np.int64]
    digit: NDArray[np.int64]
    stratum: NDArray[np.int64]
    usual: Floats  # [stratum, digit]


def _figures(history: History) -> _Figures | None:
    """Every figure once: not a repeated base, nor one that stands in several indicators."""
    wanted = typed(history)
    columns: list[tuple[NDArray[np.int64], ...]] = []
    for part, figures in ((0, history.numerators), (1, history.denominators)):
        known = np.isfinite(figures) & (figures >= _DIGITS) & (figures == np.floor(figures))
        known &= wanted[None, None, :]
        if part == 0:  # "all of them" is no figure of its own
            known &= figures != history.denominators
        where = np.nonzero(known)
        whole = figures[where].astype(np.int64)
        sizes = np.minimum(np.log10(whole).astype(np.int64), 3)
        stratum = (where[2] * 2 + part) * 4 + sizes
        columns.append((where[0], where[1], where[2] * part, whole, stratum))
    rounds, places, _, whole, stratum = (
        np.concatenate([each[n] for each in columns]) for n in range(5)
    )
    if not whole.size:
        return None
    # The same number at the same office counts once, the earliest time.
    order = np.lexsort((rounds, whole, places))
    first = np.ones(order.size, dtype=bool)
    same = (places[order][1:] == places[order][:-1]) & (whole[order][1:] == whole[order][:-1])
    first[1:] = ~same
    keep = order[first]
    rounds, places, whole, stratum = (each[keep] for each in (rounds, places, whole, stratum))
    digit = whole % _DIGITS
    size = int(stratum.max()) + 1
    counts = np.zeros((size, _DIGITS))
    np.add.at(counts, (stratum, digit), 1.0)
    total = counts.sum(axis=1, keepdims=True)
    usual = (counts + 2.0) / (total + 2.0 * _DIGITS)
    telling = (total[:, 0] >= _ENOUGH) & (usual[:, 0] + usual[:, 5] < ROUNDED_BY_ALL)
    keep = np.flatnonzero(telling[stratum])
    if not keep.size:
        return None
    return _Figures(places[keep], rounds[keep], digit[keep], stratum[keep], usual)


def _patterns(
    figures: _Figures, history: History, rounds: Sequence[int] | range, *, years: bool
) -> list[DigitFinding]:
    inside = np.isin(figures.round, np.array(list(rounds)))
    places, digits, strata = (
        each[inside] for each in (figures.place, figures.digit, figures.stratum)
    )
    many = len(history.places)
    seen = np.zeros((many, _DIGITS), dtype=np.int64)
    np.add.at(seen, (places, digits), 1)
    usual = np.zeros((many, _DIGITS))
    np.add.at(usual, places, figures.usual[strata])
    counts = seen.sum(axis=1)
    enough = np.flatnonzero(counts >= FEWEST)
    if not enough.size:
        return []
    round_ones = seen[:, 0] + seen[:, 5]
    heaped = _heaping(places, figures.usual[strata], round_ones, enough)
    found = []
    for at, place in enumerate(enough):
        uneven = float(((seen[place] - usual[place]) ** 2 / usual[place]).sum())
        chance = chi_square_tail(uneven, _DIGITS - 1)
        # Round figures are uneven too; the plainer pattern is the one that is told.
        pattern: Pattern = "round" if heaped[at] <= max(chance, _PLAINLY_ROUND) else "uneven"
        chance = min(chance, float(heaped[at]))
        found.append(
            DigitFinding(
                place=int(place),
                chance=chance,
                pattern=pattern,
                years=years,
                count=int(counts[place]),
                round_ones=int(round_ones[place]),
                usual=float(usual[place, 0] + usual[place, 5]),
                digits=tuple(int(each) for each in seen[place]),
            )
        )
    return found


def _heaping(
    places: NDArray[np.int64],
    usual: Floats,
    round_ones: NDArray[np.int64],
    enough: NDArray[np.int64],
) -> Floats:
    """The chance of so many figures that end in 0 or 5, figure by figure."""
    chance = usual[:, 0] + usual[:, 5]
    order = np.argsort(places, kind="stable")
    sorted_places = places[order]
    starts = np.searchsorted(sorted_places, enough, side="left")
    ends = np.searchsorted(sorted_places, enough, side="right")
    widest = int((ends - starts).max())
    table = np.full((enough.size, widest), np.nan)
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        table[row, : end - start] = chance[order[start:end]]
    return count_tails(table, round_ones[enough])
