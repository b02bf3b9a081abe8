"""Late bulk edits: many figures changed by one account within minutes, just before the round closes.

Handing in on the last day is usual and never asked about. Asked about are figures that stood
already, whose scores everybody could see, and that were changed late, together, and nearly all for
the better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tiddao.indicators.rules.quality.chances import Floats, at_least, both
from tiddao.indicators.rules.quality.history import History, nothing

LATE_SECONDS = 24 * 3600
"""Late: within so long of the end of the round, or after it."""
TOGETHER_SECONDS = 30 * 60
"""In bulk: by one account within so long."""
FEWEST_EDITS = 4
HALF_A_LEVEL = 0.5
_PRIOR_GAINS, _PRIOR_EDITS = 2.0, 8.0  # before anything is known: one change in four gains
_NOT_TOO_RARE = 0.05


@dataclass(frozen=True, slots=True)
class Edit:
    """A figure that stood and was changed. place, indicator: numbers of the history.

    by: reference of the account. seconds_left: until the round's end, negative after it.
    gain: levels gained (negative: lost). passed: it came over a cut-off that it was under.
    """

    place: int
    indicator: int
    by: str
    seconds_left: float
    gain: float
    passed: bool

    @property
    def gains(self) -> bool:
        """Over a cut-off, or half a level up."""
        return self.gain > 0 and (self.passed or self.gain >= HALF_A_LEVEL)


@dataclass(frozen=True, slots=True)
class EditFinding:
    """A late burst of changes. edits: those of the burst; usual: share that gains elsewhere."""

    place: int
    chance: float
    edits: tuple[Edit, ...]
    usual: float

    @property
    def minutes(self) -> int:
        """From the first to the last, at least one."""
        times = [each.seconds_left for each in self.edits]
        return max(1, round((max(times) - min(times)) / 60))


@dataclass(frozen=True, slots=True)
class EditsLooked:
    """chances: [place], nan where nothing was changed late."""

    chances: Floats
    findings: tuple[EditFinding, ...]


def look_at_edits(history: History, edits: Sequence[Edit]) -> EditsLooked:
    """Return the offices that changed many figures late, together and for the better.

    Source: anchors §4 no. 7 (late bulk edits); proposed.
    """
    bursts = {place: _burst(found) for place, found in _late(edits).items()}
    bursts = {place: burst for place, burst in bursts.items() if burst}
    in_bursts = {
        id(each) for burst in bursts.values() if len(burst) >= FEWEST_EDITS for each in burst
    }
    usual_edits = [each for each in edits if id(each) not in in_bursts]
    gains = sum(each.gains for each in usual_edits) + _PRIOR_GAINS
    usual = min(0.6, max(_NOT_TOO_RARE, gains / (len(usual_edits) + _PRIOR_EDITS)))
    sizes = np.array([len(burst) for burst in bursts.values()])
    chances = nothing(history)
    findings = []
    for place, burst in bursts.items():
        if len(burst) < FEWEST_EDITS:
            chances[place] = 1.0
            continue
        as_large = (int((sizes >= len(burst)).sum())) / (len(history.places) + 1)
        gained = at_least(sum(each.gains for each in burst), len(burst), usual)
        chances[place] = both(max(as_large, 1 / (len(history.places) + 1)), gained)
        findings.append(EditFinding(place, float(chances[place]), tuple(burst), usual))
    return EditsLooked(chances, tuple(findings))


def _late(edits: Sequence[Edit]) -> dict[int, list[Edit]]:
    found: dict[int, list[Edit]] = defaultdict(list)
    for each in edits:
        if each.seconds_left <= LATE_SECONDS:
            found[each.place].append(each)
    return found


def _burst(edits: list[Edit]) -> list[Edit]:
    """The largest group of one account's edits within the window."""
    best: list[Edit] = []
    by_account = defaultdict(list)
    for each in sorted(edits, key=lambda edit: -edit.seconds_left):
        by_account[each.by].append(each)
    for own in by_account.values():
        start = 0
        for end in range(len(own)):
            while own[start].seconds_left - own[end].seconds_left > TOGETHER_SECONDS:
                start += 1
            if end - start + 1 > len(best):
                best = own[start : end + 1]
    return best
