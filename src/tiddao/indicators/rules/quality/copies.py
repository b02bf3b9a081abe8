"""Copied figures: the same as last round across many indicators, or the same as a neighbour's.

How often an honest figure stays the same is learned from all places, per indicator and size: a
population stands still, a sum of two counts hardly does. Only what is rare among the peers counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from tiddao.indicators.rules.quality.chances import (
    LEAST,
    Flags,
    Floats,
    calibrated,
    surprise_tail,
)
from tiddao.indicators.rules.quality.history import History, nothing

FEWEST_COPIED = 3
"""So many copied figures it takes before anything is asked."""
USUAL = 0.5
"""What at least half of all places repeat says nothing of one of them."""
_ENOUGH = 30
_RAREST = 0.05  # no repetition is called rarer
_SLOW_SHARE, _SLOW = 0.05, 0.35
"""One honest office in twenty has little news in a round: it repeats a third of its figures."""


@dataclass(frozen=True, slots=True)
class CopyFinding:
    """An office whose figures repeat others. indicators: numbers of those repeated, rarest first.

    source: the place they equal, or -1 for the office's own last round. looked_at: figures that
    could have been repeated. usual: how many of them an honest office repeats.
    """

    place: int
    chance: float
    source: int
    indicators: tuple[int, ...]
    looked_at: int
    usual: float


@dataclass(frozen=True, slots=True)
class CopiesLooked:
    """chances: [place] for the own last round, or one for each pair that has enough in common.

    tests: how many places or pairs were compared.
    """

    chances: Floats
    findings: tuple[CopyFinding, ...]
    tests: int


def look_at_last_round(history: History) -> CopiesLooked:
    """Return the offices that handed in their last round's figures once more.

    Both parts must be the same. "All of them, once more" and what is usually repeated is left out.
    Source: anchors §4 no. 7 (copy-forward); proposed.
    """
    chances = nothing(history)
    if history.last < 1:
        return CopiesLooked(chances, (), 0)
    same, known = _repeated(history, history.last)
    usual = _usual(history, same, known)
    telling = known & (usual < USUAL)
    findings = []
    for place in np.flatnonzero(telling.sum(axis=1) >= FEWEST_COPIED):
        columns = np.flatnonzero(telling[place])
        chance_of = usual[place, columns]
        did = same[place, columns]
        as_usual = surprise_tail(list(chance_of), list(did))
        as_slow = surprise_tail([max(each, _SLOW) for each in chance_of], list(did))
        chances[place] = (1 - _SLOW_SHARE) * as_usual + _SLOW_SHARE * as_slow
        if did.sum() >= FEWEST_COPIED:
            rarest = columns[did][np.argsort(chance_of[did], kind="stable")]
            findings.append(
                CopyFinding(
                    place=int(place),
                    chance=float(chances[place]),
                    source=-1,
                    indicators=tuple(int(each) for each in rarest),
                    looked_at=int(columns.size),
                    usual=float(chance_of.sum()),
                )
            )
    tests = int((~np.isnan(chances)).sum())
    return CopiesLooked(calibrated(chances), tuple(findings), tests)


def _repeated(history: History, number: int) -> tuple[Flags, Flags]:
    """Which figures of a round equal those of the round before, of which that can be said."""
    above, below = history.numerators, history.denominators
    known = np.isfinite(above[number]) & np.isfinite(above[number - 1])
    known &= above[number] != 0
    all_of_them = (above[number] == below[number]) & (below[number] != 1)
    known &= ~all_of_them
    known &= np.array([each.typed for each in history.indicators])[None, :]
    same = known & (above[number] == above[number - 1]) & (below[number] == below[number - 1])
    return same, known


def _usual(history: History, same: Flags, known: Flags) -> Floats:
    """How often places repeat a figure of that indicator and size."""
    sizes = np.digitize(np.nan_to_num(history.numerators[-1]), [10.0, 100.0])
    usual = np.ones(same.shape)
    for column in range(same.shape[1]):
        for size in range(3):
            rows = known[:, column] & (sizes[:, column] == size)
            count = int(rows.sum())
            if count >= _ENOUGH:
                rate = (int(same[rows, column].sum()) + 0.5) / (count + 1)
                usual[rows, column] = max(rate, _RAREST)
    return usual


def look_at_neighbours(history: History) -> CopiesLooked:
    """Return the offices whose figures equal those of another of their province.

    The finding is put to the office that reported later. A figure counts by how rare it is in the
    whole country. Source: anchors §4 no. 7; issue 5 "copied from a neighbour"; proposed.
    """
    above, below = history.numerators[-1], history.denominators[-1]
    known = np.isfinite(above) & (above != 0) & (above != below)
    known &= np.array([each.typed and not each.scored for each in history.indicators])[None, :]
    rarity = _rarity(above, below, known)
    members = defaultdict(list)
    for place, circle in enumerate(history.circle_numbers):
        members[int(circle)].append(place)
    findings, chances, tests = [], [], 0
    for places in members.values():
        tests += len(places) * (len(places) - 1) // 2
        for first, second in _alike(places, above, below, known):
            columns = np.flatnonzero(known[first] & known[second])
            equal = (above[first, columns] == above[second, columns]) & (
                below[first, columns] == below[second, columns]
            )
            later, source = _later(history, first, second, columns)
            chance_of = rarity[source, columns]
            chance = surprise_tail(list(chance_of), list(equal))
            chances.append(chance)
            rarest = columns[equal][np.argsort(chance_of[equal], kind="stable")]
            findings.append(
                CopyFinding(
                    place=later,
                    chance=chance,
                    source=source,
                    indicators=tuple(int(each) for each in rarest),
                    looked_at=int(columns.size),
                    usual=float(chance_of.sum()),
                )
            )
    return CopiesLooked(np.array(chances), tuple(findings), tests)


def _rarity(above: Floats, below: Floats, known: Flags) -> Floats:
    """The chance that another office has the same figure, besides the two compared."""
    found = np.full(above.shape, np.nan)
    for column in range(above.shape[1]):
        rows = np.flatnonzero(known[:, column])
        if not rows.size:
            continue
        pairs = list(zip(above[rows, column].tolist(), below[rows, column].tolist(), strict=True))
        counts = Counter(pairs)
        # Small figures are alike by their size even where nobody else has this very one.
        spread = max(float(np.std(above[rows, column])), 1.0)
        least = max(1 / (4 * spread), 0.25 / rows.size, LEAST)
        found[rows, column] = [
            min(0.9, max((counts[each] - 2) / rows.size, 0.0) + least) for each in pairs
        ]
    return found


def _alike(places: list[int], above: Floats, below: Floats, known: Flags) -> list[tuple[int, int]]:
    """Pairs of places that have at least so many figures in common."""
    common: Counter[tuple[int, int]] = Counter()
    for column in range(above.shape[1]):
        holders = defaultdict(list)
        for place in places:
            if known[place, column]:
                holders[above[place, column], below[place, column]].append(place)
        for alike in holders.values():
            for at, first in enumerate(alike):
                common.update((first, second) for second in alike[at + 1 :])
    return [pair for pair, count in common.items() if count >= FEWEST_COPIED]


def _later(
    history: History, first: int, second: int, columns: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[int, int]:
    """The office that reported later, and the other."""
    times = history.reported_at[:, columns]
    if float(np.nanmedian(times[first])) >= float(np.nanmedian(times[second])):
        return first, second
    return second, first
