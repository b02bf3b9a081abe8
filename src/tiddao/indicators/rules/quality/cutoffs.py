"""Values that land just over a cut-off: a level of the ladder, or the place's own target.

Many honest values cross a cut-off, and some land just over it. Asked about is the office where more
of them do than its past and its peers' movement let expect, or one that was below for rounds and
lands exactly there from far.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tiddao.indicators.rules.quality.chances import (
    Floats,
    calibrated,
    student_tail,
    surprise_tail,
)
from tiddao.indicators.rules.quality.history import Expected, History, Measured, nothing

JUST_OVER = 0.02
"""Just over: within one counted thing of the cut-off, or this share of the ladder's span."""
MOST_LIKELY = 0.6
"""No landing is called likelier than this."""
_ENOUGH_LANDINGS = 20


@dataclass(frozen=True, slots=True)
class Landing:
    """A value of this round that lies just over a cut-off which all earlier ones lay under."""

    indicator: int
    cutoff: float
    is_target: bool
    value: float
    before: float
    chance: float


@dataclass(frozen=True, slots=True)
class CutoffFinding:
    """An office with landings. looked_at: figures that lay under a cut-off and could have crossed;
    usual: how many landings an honest office has.
    """

    place: int
    chance: float
    landings: tuple[Landing, ...]
    looked_at: int
    usual: float


@dataclass(frozen=True, slots=True)
class CutoffsLooked:
    """chances: [place]."""

    chances: Floats
    findings: tuple[CutoffFinding, ...]


@dataclass(frozen=True, slots=True)
class _Under:
    """A figure that lay under a cut-off until now."""

    place: int
    landing: Landing
    landed: bool


def look_at_cutoffs(history: History, expectation: Expected) -> CutoffsLooked:
    """Return the offices whose values land just over cut-offs that they lay under.

    Source: anchors §4 no. 7 (jumps just over a threshold); excess mass against the peers' own; proposed.
    """
    found: dict[int, list[_Under]] = {}
    for number, indicator in enumerate(history.indicators):
        if indicator.typed and not indicator.scored:
            for each in _under(history, expectation, number, indicator):
                found.setdefault(each.place, []).append(each)
    every = [each for of_place in found.values() for each in of_place]
    landed = sum(each.landed for each in every)
    usual = sum(each.landing.chance for each in every)
    # Where everybody lands more often than the model says, everybody's chance is raised.
    more = max(1.0, landed / usual) if usual and landed >= _ENOUGH_LANDINGS else 1.0
    chances = nothing(history)
    findings = []
    for place, of_place in found.items():
        of_each = [min(MOST_LIKELY, each.landing.chance * more) for each in of_place]
        chance = surprise_tail(of_each, [each.landed for each in of_place])
        chances[place] = chance
        landings = tuple(each.landing for each in of_place if each.landed)
        if landings:
            findings.append(
                CutoffFinding(place, chance, landings, len(of_place), float(sum(of_each)))
            )
    return CutoffsLooked(calibrated(chances), tuple(findings))


def _under(
    history: History, expectation: Expected, number: int, indicator: Measured
) -> list[_Under]:
    values = history.values[:, :, number]
    with np.errstate(all="ignore"):
        known = np.isfinite(values[-1]) & (np.isfinite(values[:-1]).sum(axis=0) >= 2)
    found = []
    span = abs(indicator.steps[-1] - indicator.steps[0]) if indicator.steps else 0.0
    for place in np.flatnonzero(known & np.isfinite(expectation.spread[:, number])):
        past = values[:-1, place]
        best = float(np.nanmax(past * indicator.better))
        target = float(history.targets[place, number])
        cutoffs = dict.fromkeys(indicator.steps, False)
        if not math.isnan(target):
            cutoffs[target] = True
        size = float(history.denominators[-1, place, number])
        width = max(indicator.factor / size if size > 1 else 1.0, JUST_OVER * span)
        now = float(values[-1, place])
        centre = float(expectation.centre[place, number]) * indicator.better
        spread = float(expectation.spread[place, number])
        chance, landing = 0.0, None
        for cutoff, is_target in cutoffs.items():
            above = cutoff * indicator.better
            if best >= above:
                continue
            chance += _chance_between(
                centre, spread, expectation.freedom[number], (above, above + width)
            )
            over = now * indicator.better - above
            if -1e-9 <= over < width - 1e-9:
                landing = (cutoff, is_target)
        if not chance:
            continue
        cutoff, is_target = landing or (math.nan, False)
        before = float(past[np.isfinite(past)][-1])
        told = Landing(number, cutoff, is_target, now, before, max(chance, 1e-6))
        found.append(_Under(int(place), told, landing is not None))
    return found


def _chance_between(
    centre: float, spread: float, freedom: float, ends: tuple[float, float]
) -> float:
    """The chance that a value expected at the centre lands between the two ends."""
    low, high = ((each - centre) / spread for each in ends)
    freedom = min(freedom, 7.0)  # landings from afar are not called impossible
    return max(0.0, _higher(low, freedom) - _higher(high, freedom))


def _higher(t: float, freedom: float) -> float:
    half = student_tail(t, freedom) / 2
    return half if t >= 0 else 1 - half
