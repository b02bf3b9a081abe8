"""Outliers: a value far from the place's own past, when its peers moved otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tiddao.indicators.rules.quality.chances import Floats, student_tail
from tiddao.indicators.rules.quality.history import (
    MAD,
    Expected,
    History,
    middle,
    peers_middle,
    rank_of,
)

FEWEST_ROUNDS = 3
"""So many earlier rounds make a past; with fewer the place is held against its peers alone."""
FEWEST_PEERS = 30


@dataclass(frozen=True, slots=True)
class OutlierFinding:
    """A value, what was expected of it and how far away it lies, in robust standard deviations.

    own: held against the own past; else against the peers' values. steps: levels between.
    """

    place: int
    indicator: int
    chance: float
    value: float
    expected: float
    before: float
    distance: float
    own: bool


@dataclass(frozen=True, slots=True)
class OutliersLooked:
    """chances: [finding], and how many figures were looked at in all."""

    chances: Floats
    findings: tuple[OutlierFinding, ...]
    tests: int


def look_for_outliers(history: History, expectation: Expected) -> OutliersLooked:
    """Return the values of the last round that lie far out; those less than a level away do not.

    Source: robust median/MAD against the own past and peers (issue 5, "Data quality"); proposed.
    """
    now = history.values[-1]
    standing = expectation.standing(now)
    findings: list[OutlierFinding] = []
    tests = 0
    for number, indicator in enumerate(history.indicators):
        if indicator.scored:
            continue
        column = np.where(expectation.past[:, number] >= FEWEST_ROUNDS, standing[:, number], np.nan)
        tests += int((~np.isnan(column)).sum())
        findings.extend(
            _finding(history, expectation, int(place), number, float(column[place]), own=True)
            for place in np.flatnonzero(np.abs(column) > 3)
        )
        new = expectation.past[:, number] < FEWEST_ROUNDS
        fresh, looked = _against_peers(history, expectation, number, new)
        findings += fresh
        tests += looked
    told = tuple(each for each in findings if _matters(history, each))
    return OutliersLooked(np.array([each.chance for each in told]), told, tests)


def _finding(
    history: History,
    expectation: Expected,
    place: int,
    number: int,
    distance: float,
    *,
    own: bool,
    centre: float | None = None,
) -> OutlierFinding:
    past = history.values[:-1, place, number]
    known = past[np.isfinite(past)]
    return OutlierFinding(
        place=place,
        indicator=number,
        chance=student_tail(distance, expectation.freedom[number]),
        value=float(history.values[-1, place, number]),
        expected=float(expectation.centre[place, number]) if centre is None else centre,
        before=float(known[-1]) if known.size else float("nan"),
        distance=distance,
        own=own,
    )


def _against_peers(
    history: History, expectation: Expected, number: int, new: np.ndarray
) -> tuple[list[OutlierFinding], int]:
    """Those without a past, among all values of the level."""
    column = history.values[-1, :, number]
    known = np.isfinite(column)
    if known.sum() < FEWEST_PEERS or not (new & known).any():
        return [], 0
    centre = peers_middle(history, column[:, None])[:, 0]
    away = column - centre
    spread = MAD * float(middle(np.abs(away)))
    if not spread:
        return [], 0
    distances = away / spread
    found = [
        _finding(
            history,
            expectation,
            int(place),
            number,
            float(distances[place]),
            own=False,
            centre=float(centre[place]),
        )
        for place in np.flatnonzero(new & known & (np.abs(distances) > 3))
    ]
    return found, int((new & known).sum())


def _matters(history: History, finding: OutlierFinding) -> bool:
    """Say whether the value lies at another level than was expected."""
    indicator = history.indicators[finding.indicator]
    if not indicator.steps:
        return True
    return rank_of(finding.value, indicator.steps, indicator.better) != rank_of(
        finding.expected, indicator.steps, indicator.better
    )
