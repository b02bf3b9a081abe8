"""Chances and the control of false alarms: small exact computations.

A chance is the probability that an honest office would look at least as unusual as this one does.
Everything is computed exactly where it can be: sums of unequal events by convolution, the tails of
Student's t and of chi-square for whole degrees of freedom by their finite series. See the decision
record on questions about data for the comparison with a library.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP = 0.05
"""Surprises are added on a grid of this many nats; the sum on the grid is the statistic itself."""
LEAST = 1e-12
"""No chance is called smaller: models are not that good."""
_CENTRAL = 0.2
_ENOUGH_TO_CALIBRATE = 100


def surprise_tail(chances: Sequence[float], happened: Sequence[bool]) -> float:
    """Return the chance that independent events surprise at least as much as these did.

    chances: of each event, between 0 and 1; happened: which did. The statistic is the sum of
    −ln(chance) over those that happened, so one rare event counts as much as several common ones.
    Source: sum of independent unequal events by convolution (Fisz 1963 ch. 2, exact); proposed.
    """
    units = [max(1, round(-math.log(max(each, LEAST)) / STEP)) for each in chances]
    seen = sum(unit for unit, did in zip(units, happened, strict=True) if did)
    if not seen:
        return 1.0
    below = np.zeros(seen)  # the chance of each sum that is less surprising
    below[0] = 1.0
    for unit, chance in zip(units, chances, strict=True):
        moved = below * chance
        below *= 1 - chance
        if unit < seen:
            below[unit:] += moved[:-unit]
    return max(1.0 - float(below.sum()), LEAST)


def count_tails(chances: Floats, counts: NDArray[np.int64]) -> Floats:
    """Return, row by row, the chance of at least that many of the row's events.

    chances: [office, event], nan where the office has no such event; counts: [office].
    Source: Poisson binomial distribution by convolution, exact.
    """
    rows, most = chances.shape[0], int(counts.max(initial=0))
    below = np.zeros((rows, most + 1))
    below[:, 0] = 1.0
    for column in np.nan_to_num(chances, nan=0.0).T:
        moved = below * column[:, None]
        below *= 1 - column[:, None]
        below[:, 1:] += moved[:, :-1]
    sums = np.concatenate([np.zeros((rows, 1)), np.cumsum(below, axis=1)], axis=1)
    return np.clip(1.0 - sums[np.arange(rows), counts], LEAST, 1.0)


def at_least(count: int, of: int, chance: float) -> float:
    """Return the chance of `count` or more of `of` equal events.

    Source: binomial distribution, exact.
    """
    return sum(
        math.comb(of, each) * chance**each * (1 - chance) ** (of - each)
        for each in range(count, of + 1)
    )


def chi_square_tail(x: float, freedom: int) -> float:
    """Return the chance of a chi-square at least x, for whole degrees of freedom.

    Source: Abramowitz & Stegun 26.4.4, 26.4.5 (finite series).
    """
    if x <= 0:
        return 1.0
    if freedom % 2 == 0:
        term, total = 1.0, 1.0
        for each in range(1, freedom // 2):
            term *= x / (2 * each)
            total += term
        return min(1.0, math.exp(-x / 2) * total)
    root = math.sqrt(x)
    term, total = root, 0.0
    for each in range(1, (freedom - 1) // 2 + 1):
        total += term
        term *= x / (2 * each + 1)
    bell = math.exp(-x / 2) / math.sqrt(2 * math.pi)
    return min(1.0, math.erfc(root / math.sqrt(2)) + 2 * bell * total)


def student_tail(t: float, freedom: float) -> float:
    """Return the chance that Student's t is at least t in size, either way.

    freedom: degrees of freedom, at least 2; between whole ones the logarithm is interpolated.
    Source: Abramowitz & Stegun 26.7.3, 26.7.4 (finite series in the angle).
    """
    lower = math.floor(freedom)
    part = freedom - lower
    below = _whole_student_tail(t, lower)
    if not part:
        return below
    above = _whole_student_tail(t, lower + 1)
    return math.exp((1 - part) * math.log(below) + part * math.log(above))


def _whole_student_tail(t: float, freedom: int) -> float:
    angle = math.atan(abs(t) / math.sqrt(freedom))
    cosine = math.cos(angle)
    if freedom % 2 == 0:
        term, total = 1.0, 1.0
        for each in range(2, freedom, 2):
            term *= cosine**2 * (each - 1) / each
            total += term
        inside = math.sin(angle) * total
    else:
        term, total = cosine, cosine
        for each in range(3, freedom, 2):
            term *= cosine**2 * (each - 1) / each
            total += term
        inside = 2 / math.pi * (angle + math.sin(angle) * total)
    if inside < 1 - 1e-9:
        return 1 - inside
    # Far out the difference drowns in rounding: the leading term of the tail.
    log_constant = (
        math.lgamma((freedom + 1) / 2)
        - math.lgamma(freedom / 2)
        - 0.5 * math.log(freedom * math.pi)
    )
    log_density = log_constant - (freedom + 1) / 2 * math.log1p(t * t / freedom)
    return min(1.0, 2 * math.exp(log_density) * abs(t) / freedom)


def both(first: float, second: float) -> float:
    """Return the joint chance of two independent findings.

    Source: Fisher's combination of two chances, closed form.
    """
    product = max(first * second, LEAST**2)
    return min(1.0, product * (1 - math.log(product)))


def calibrated(chances: Floats) -> Floats:
    """Return chances held against the peers: where too many are small, all are raised.

    The central part of the offices is taken for honest. If a fifth of them have chances well under
    0.2, the model of honesty is too narrow, and every chance is raised to the power that mends it.
    With fewer than 100 offices they stay as they are. nan stays nan.
    Source: empirical null (Efron 2004, "Large-scale simultaneous hypothesis testing"), in the form
    of one scale; proposed.
    """
    known = chances[~np.isnan(chances)]
    if known.size < _ENOUGH_TO_CALIBRATE:
        return chances
    central = max(float(np.quantile(known, _CENTRAL)), LEAST)
    if central >= _CENTRAL:
        return chances
    raised: Floats = np.power(chances, math.log(_CENTRAL) / math.log(central))
    return raised


def false_share(chances: Floats, tests: int) -> Floats:
    """Return, for each chance, the share of idle questions when it and all smaller ones are asked.

    tests: how many offices, pairs or figures were looked at. nan stays nan.
    Source: Benjamini & Hochberg 1995.
    """
    shares = np.full(chances.shape, np.nan)
    known = np.flatnonzero(~np.isnan(chances))
    if not known.size:
        return shares
    order = known[np.argsort(chances[known], kind="stable")]
    raw = chances[order] * tests / np.arange(1, order.size + 1)
    shares[order] = np.minimum(1.0, np.minimum.accumulate(raw[::-1])[::-1])
    return shares
