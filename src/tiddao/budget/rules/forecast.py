"""Will it reach the goal by the deadline? A probability and an interval, from how years really went.

The question is asked of past years' curves at the same two days of the year: of the money that was
still there on the first, how much had gone by the second? Working with the remaining share, an
office at 33 % and one at 60 % can learn from each other, and no forecast leaves 0–100 by much. The
month ends and the rush of the last weeks are in the curves themselves and need no formula.

Three ways, the best that the curves at hand allow (`Way`):

peers   Enough curves of enough years. What the remaining share does is predicted from where the
        office stands, its pace of the last 30 and 90 days, and how it differed from its peers in
        other years (drawn towards nothing when those are few). Each past year is predicted from the
        others; those errors, wider for offices that were hard to predict, are the interval. The
        part of an error that a whole year shares (a late budget) is kept apart and widened as a
        t distribution, because a handful of years says little about the next.
few     A handful of curves: their mean and their spread, widened as a t distribution.
shape   Only the official target's own shape, or the days: a wide interval, no probability, and
        `enough` is False. With not even a share to start from, nothing is said.

No chance is used: the same curves give the same forecast. Floats serve inside; what goes in and
comes out is Decimal, in per cent. ADR 0010 says what was tried and how it was measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tiddao.budget.rules.pace import Reported
from tiddao.kernel.fiscal import FiscalYear

Way = Literal["known", "peers", "few", "shape", "none"]
Floats = NDArray[np.float64]

WILL_MISS_BELOW = Decimal("0.10")
"""A probability below this is called "likely to miss"; measured in ADR 0010."""
SURELY = (Decimal("0.01"), Decimal("0.99"))
"""A forecast is never certain."""
LEAST_CURVES, LEAST_YEARS = 24, 2
"""Fewer past curves, or of fewer years, are too few for the way of peers."""
FEW_CURVES = 3
"""Fewer past curves than this say nothing by themselves."""
GAP_DAYS = 45
"""Between two reports this far apart a curve is read on a straight line; further apart it is not."""
STALE_DAYS = 45
"""A last report older than this is no ground for a forecast."""

_CEILING = 104.0
"""Per cent: a little above the whole, so that the last points still have a scale."""
_LEVELS = (0.1, 0.5, 0.9)
_OWN_DRAWN = 2.0
"""Years of its peers' likeness that an office's own record is mixed with."""
_ROUGH_DRAWN = 3.0
"""The same for how rough an office is."""
_RIDGE = 2.0
_SHARED_STEPS = 21
_OWN_STEPS = 199
_NORMAL = 1_000_000
"""Degrees of freedom at which a t distribution is the normal one."""
_DEFAULT_SPREAD = 0.7
"""Spread of the logarithm of the gain when no curve is at hand: wide on purpose."""
_LEAST_SPREAD = 0.05
_COLUMNS = 367
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Curve:
    """One unit's cumulative share through one fiscal year: reports in per cent, in any order."""

    unit: str
    year: FiscalYear
    points: tuple[Reported, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a unit will stand on the deadline, in per cent; None: cannot be said.

    probability: of reaching the goal, 0.01–0.99, or 0 and 1 once the deadline has passed.
    low and high: eight of ten outcomes lie between; mid: as many above as below.
    enough: whether the curves at hand carry a probability. basis_th: what it rests on, in words.
    """

    as_of: date | None
    """The day of the report it starts from."""
    deadline: date
    goal: Decimal
    probability: Decimal | None
    low: Decimal | None
    mid: Decimal | None
    high: Decimal | None
    way: Way
    enough: bool
    basis_th: str
    curves: int = 0
    years: tuple[FiscalYear, ...] = ()
    units: int = 0
    """How many units those curves are of."""

    @property
    def likely_to_miss(self) -> bool:
        """Whether the office should be offered help now."""
        return self.probability is not None and self.probability < WILL_MISS_BELOW


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """Whole past years, read once into tables of per cent by day: column 0 is the eve of the year.

    near: only between reports near each other, else NaN. far: across longer gaps too.
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    near: Floats
    far: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Experience:
    """What past curves teach about one pair of days of the year; learnt once, asked for many units.

    gain: by past curve, the growth of log-remaining between the two days.
    shared: errors that past years had in common, one for each year.
    own: errors of single curves, each divided by how rough its office is, as evenly spaced levels.
    """

    as_of: date
    deadline: date
    units: tuple[str, ...]
    years: tuple[int, ...]
    gain: Floats
    fit: _Fit | None
    """None when the curves are too few for the way of peers."""
    shared: Floats
    own: Floats
    rough: Mapping[str, float]
    usual_rough: float


# -- learning -------------------------------------------------------------------------------------


def read_past(curves: Iterable[Curve]) -> Past:
    """Past years' curves, read once for any number of forecasts. Two of one unit and year raise.

    Source: anchors 4 no. 4 (deadline forecast); ADR 0010.
    """
    ranked = sorted(curves, key=lambda each: (each.year, each.unit))
    for one, other in pairwise(ranked):
        if (one.unit, one.year) == (other.unit, other.year):
            raise ValueError(f"two curves of {one.unit} in {one.year}")
    lines = [_line(each.points, each.year) for each in ranked]
    return Past(
        tuple(each.unit for each in ranked),
        tuple(each.year.be for each in ranked),
        _table(lines, GAP_DAYS),
        _table(lines, 2 * GAP_DAYS),
    )


def learn(past: Past, *, as_of: date, deadline: date) -> Experience:
    """What past years teach about going from one day of this year to another.

    Curves of the deadline's own year or later are left out, and so are those without reports near
    both days. Raises ValueError unless as_of lies before the deadline in the same fiscal year.

    Source: anchors 4 no. 4 (deadline forecast); ADR 0010.
    """
    year = FiscalYear.of(deadline)
    if not (year.contains(as_of) and as_of < deadline):
        raise ValueError(
            f"{as_of.isoformat()} does not lie before {deadline.isoformat()} in {year}"
        )
    first, last = year.day_number(as_of), year.day_number(deadline)
    start = _features(past.near, past.far, first)
    gain = _log_remaining(past.near[:, last]) - start[:, 0]
    known = np.isfinite(gain) & np.isfinite(start).all(axis=1) & (np.array(past.years) < year.be)
    rows = np.flatnonzero(known)
    units = tuple(past.units[row] for row in rows)
    years = tuple(past.years[row] for row in rows)
    start, gain = start[rows], gain[rows]
    if len(rows) < LEAST_CURVES or len(set(years)) < LEAST_YEARS:
        none = np.zeros(0)
        return Experience(as_of, deadline, units, years, gain, None, none, none, {}, 0.0)
    shared, own, rough, usual = _errors(units, years, start, gain)
    if len(own) > _OWN_STEPS:
        own = np.quantile(own, (np.arange(_OWN_STEPS) + 0.5) / _OWN_STEPS)
    fit = _Fit(units, years, start, gain)
    return Experience(as_of, deadline, units, years, gain, fit, shared, own, rough, usual)


def _errors(
    units: tuple[str, ...], years: tuple[int, ...], start: Floats, gain: Floats
) -> tuple[Floats, Floats, dict[str, float], float]:
    """Each year predicted from the others: what the year's errors share, and the rest, scaled."""
    of_year = np.array(years)
    error = np.zeros(len(gain))
    shared = []
    for left_out in sorted(set(years)):
        out, kept = np.flatnonzero(of_year == left_out), np.flatnonzero(of_year != left_out)
        predict = _Fit(
            [units[row] for row in kept], [years[row] for row in kept], start[kept], gain[kept]
        )
        missed = gain[out] - predict([units[row] for row in out], start[out])
        shared.append(float(np.mean(missed)))
        error[out] = missed - shared[-1]
    usual = float(np.sqrt(np.mean(error**2))) or _TINY
    squares: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for unit, year, each in zip(units, years, error, strict=True):
        squares[unit].append((year, float(each) ** 2))
    rough = {unit: _drawn([s for _, s in found], usual) for unit, found in squares.items()}
    scaled = [
        each / _drawn([s for y, s in squares[unit] if y != year], usual)
        for unit, year, each in zip(units, years, error, strict=True)
    ]
    return np.array(shared), np.array(scaled), rough, usual


def _drawn(squares: list[float], usual: float) -> float:
    """How rough an office is: its own errors, drawn towards the usual ones while they are few."""
    return float(np.sqrt((sum(squares) + _ROUGH_DRAWN * usual**2) / (len(squares) + _ROUGH_DRAWN)))


class _Fit:
    """Ridge regression of the gain on the first day's features and the unit's own record."""

    def __init__(
        self, units: Sequence[str], years: Sequence[int], start: Floats, gain: Floats
    ) -> None:
        by_year: dict[int, list[float]] = defaultdict(list)
        for year, each in zip(years, gain, strict=True):
            by_year[year].append(float(each))
        usual = {year: float(np.mean(found)) for year, found in by_year.items()}
        self.records: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for unit, year, each in zip(units, years, gain, strict=True):
            self.records[unit].append((year, float(each) - usual[year]))
        own = [self._own(unit, year) for unit, year in zip(units, years, strict=True)]
        table = np.column_stack([start, own])
        self.middle = table.mean(axis=0)
        spread = table.std(axis=0)
        self.scale = np.where(spread > _TINY, spread, 1.0)
        scaled = (table - self.middle) / self.scale
        self.mean = float(gain.mean())
        self.weights: Floats = np.linalg.solve(
            scaled.T @ scaled + _RIDGE * np.eye(table.shape[1]), scaled.T @ (gain - self.mean)
        )

    def _own(self, unit: str, but: int | None) -> float:
        found = [each for year, each in self.records.get(unit, ()) if year != but]
        return sum(found) / (len(found) + _OWN_DRAWN)

    def __call__(self, units: Sequence[str], start: Floats) -> Floats:
        own = [self._own(unit, None) for unit in units]
        table = np.column_stack([start, own])
        predicted: Floats = self.mean + ((table - self.middle) / self.scale) @ self.weights
        return predicted


# -- asking ---------------------------------------------------------------------------------------


def forecast(
    series: Sequence[Reported],
    *,
    unit: str,
    curves: Iterable[Curve],
    goal: Decimal,
    as_of: date,
    deadline: date,
    official: Sequence[Reported] = (),
) -> Forecast:
    """Whether one unit reaches the goal, from its reports of this year and curves of years before.

    series: this year's reports; later ones than as_of are left out. curves: past years of the unit
    itself (by its name) and of its peers. official: the target's shape of this year, for want of
    curves. For many units see forecast_all.

    Source: anchors 4 no. 4 (deadline forecast); ADR 0010.
    """
    return forecast_all(
        {unit: series},
        past=read_past(curves),
        goal=goal,
        as_of=as_of,
        deadline=deadline,
        official=official,
    )[unit]


def forecast_all(
    series: Mapping[str, Sequence[Reported]],
    *,
    past: Past,
    goal: Decimal,
    as_of: date,
    deadline: date,
    official: Sequence[Reported] = (),
) -> dict[str, Forecast]:
    """Forecasts of many units by name, in the order given; each from the day of its last report.

    Source: anchors 4 no. 4 (deadline forecast); ADR 0010.
    """
    year = FiscalYear.of(deadline)
    learnt: dict[date, Experience] = {}
    found: dict[str, Forecast] = {}
    for unit, points in series.items():
        reports = sorted(
            (each for each in points if each.on <= as_of and year.contains(each.on)),
            key=lambda each: each.on,
        )
        if reports and reports[-1].on >= deadline:
            found[unit] = _known(reports, goal, deadline)
        elif not reports or (as_of - reports[-1].on).days > STALE_DAYS:
            found[unit] = _unknown(reports, goal, deadline)
        else:
            last = reports[-1].on
            if last not in learnt:
                learnt[last] = learn(past, as_of=last, deadline=deadline)
            found[unit] = _foresee(learnt[last], reports, unit, goal, official)
    return found


def forecast_fan(
    series: Mapping[str, Sequence[Reported]],
    *,
    past: Past,
    goal: Decimal,
    as_of: date,
    days: Sequence[date],
    official: Sequence[Reported] = (),
) -> dict[str, tuple[Forecast, ...]]:
    """Forecasts of many units for several days, such as the month ends up to a deadline, for a chart.

    Source: issue "งบ", Pages (cumulative curves against target with the forecast fan).
    """
    by_day = [
        forecast_all(series, past=past, goal=goal, as_of=as_of, deadline=day, official=official)
        for day in days
    ]
    return {unit: tuple(found[unit] for found in by_day) for unit in series}


def _foresee(
    experience: Experience,
    reports: Sequence[Reported],
    unit: str,
    goal: Decimal,
    official: Sequence[Reported],
) -> Forecast:
    last, deadline = experience.as_of, experience.deadline
    year = FiscalYear.of(deadline)
    line = _table([_line(reports, year)], year.days)
    start = _features(line, line, year.day_number(last))
    way: Way
    if experience.fit is not None:
        way, gains = "peers", _ensemble(experience, experience.fit, unit, start)
    elif len(experience.gain) >= FEW_CURVES:
        way, gains = "few", _few(experience.gain)
    else:
        way, gains = "shape", _shaped(official, year, last, deadline)
    outcomes = _share(float(start[0, 0]) + gains)
    low, mid, high = (Decimal(f"{each:.2f}") for each in np.quantile(outcomes, _LEVELS))
    reached = Decimal(f"{np.mean(outcomes >= float(goal) - _TINY):.2f}")
    enough = way != "shape"
    years = tuple(FiscalYear(be) for be in sorted(set(experience.years)))
    return Forecast(
        as_of=last,
        deadline=deadline,
        goal=goal,
        probability=min(max(reached, SURELY[0]), SURELY[1]) if enough else None,
        low=low,
        mid=mid,
        high=high,
        way=way,
        enough=enough,
        basis_th=_basis(way, experience.units, unit, years),
        curves=len(experience.gain) if enough else 0,
        years=years if enough else (),
        units=len(set(experience.units)) if enough else 0,
    )


def _ensemble(experience: Experience, fit: _Fit, unit: str, start: Floats) -> Floats:
    """Every past error, of the year and of the curve, laid on the predicted gain."""
    predicted = float(fit([unit], start)[0])
    spread = float(np.sqrt(np.mean(experience.shared**2)))
    shared = spread * _t_quantiles(_SHARED_STEPS, len(experience.shared))
    rough = experience.rough.get(unit, experience.usual_rough)
    return (predicted + shared[:, None] + rough * experience.own[None, :]).ravel()


def _few(gain: Floats) -> Floats:
    spread = max(float(gain.std(ddof=1)), _LEAST_SPREAD) * float(np.sqrt(1 + 1 / len(gain)))
    return float(gain.mean()) + spread * _t_quantiles(_OWN_STEPS, len(gain) - 1)


def _shaped(official: Sequence[Reported], year: FiscalYear, last: date, deadline: date) -> Floats:
    first, end = year.day_number(last), year.day_number(deadline)
    # Targets are known by quarters or months: the line between them is theirs.
    line = _table([_line(official, year)], 100)[0]
    begins, ends = line[first], line[end]
    if not (np.isfinite(begins) and np.isfinite(ends)):
        begins, ends = 100 * first / year.days, 100 * end / year.days
    gain = _log_remaining(np.array([ends]))[0] - _log_remaining(np.array([begins]))[0]
    normal = _t_quantiles(_OWN_STEPS, _NORMAL)
    # Spread on the gain itself, so that money is not foreseen to flow back.
    return np.asarray(gain * np.exp(normal * _DEFAULT_SPREAD), dtype=np.float64)


# -- reading curves -------------------------------------------------------------------------------


def _line(points: Iterable[Reported], year: FiscalYear) -> list[tuple[int, float]]:
    """Reports by day of the year, from nothing on the eve of its first day."""
    eve, days = year.start - timedelta(days=1), year.days
    known = {
        day: float(point.percent) for point in points if 1 <= (day := (point.on - eve).days) <= days
    }
    return [(0, 0.0), *sorted(known.items())]


def _table(lines: Sequence[list[tuple[int, float]]], gap: int) -> Floats:
    """Shares by line and day 0–366, on straight lines between reports at most gap days apart.

    NaN elsewhere. After its last report a line stands for a week.
    """
    table = np.full((len(lines), _COLUMNS), np.nan)
    every_day = np.arange(_COLUMNS)
    for row, line in zip(table, lines, strict=True):
        days, shares = (np.array(each) for each in zip(*line, strict=True))
        last = int(days[-1])
        row[: last + 8] = np.interp(every_day[: last + 8], days, shares)
        for one, other in pairwise(days.tolist()):
            if other - one > gap:
                row[one + 1 : other] = np.nan
    return table


def _features(near: Floats, far: Floats, day: int) -> Floats:
    """By row: where it stands in log-remaining, and how far it came in 30 and in 90 days."""
    standing = _log_remaining(near[:, day])
    columns = [standing]
    for back in (30, 90):
        before = _log_remaining(far[:, max(day - back, 0)])
        columns.append(np.where(np.isfinite(before), standing - before, 0.0))
    return np.column_stack(columns)


def _log_remaining(percent: Floats) -> Floats:
    """Minus the logarithm of the share that remains: 0 at nothing, 3.3 when all is spent."""
    found: Floats = -np.log(1 - np.clip(percent, 0.0, 100.0) / _CEILING)
    return found


def _share(log_remaining: Floats) -> Floats:
    found: Floats = np.clip(_CEILING * (1 - np.exp(-log_remaining)), 0.0, 100.0)
    return found


def _t_quantiles(steps: int, freedom: int) -> Floats:
    """Evenly spaced quantiles of the t distribution, by its expansion around the normal one."""
    normal = NormalDist()
    z = np.array([normal.inv_cdf((step + 0.5) / steps) for step in range(steps)])
    n = max(freedom, 1)
    found: Floats = (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )
    return found


# -- words ----------------------------------------------------------------------------------------


def _known(reports: Sequence[Reported], goal: Decimal, deadline: date) -> Forecast:
    """What was reached: the last report up to the deadline, or the first after where none is near."""
    upto = [each for each in reports if each.on <= deadline]
    after = [each for each in reports if each.on > deadline]
    near = upto and (not after or (deadline - upto[-1].on) <= (after[0].on - deadline))
    at = upto[-1] if near else after[0]
    share = at.percent
    return Forecast(
        at.on, deadline, goal, Decimal(int(share >= goal)), share, share, share,
        "known", enough=True, basis_th="ถึงกำหนดแล้ว เป็นผลจริง ไม่ใช่การคาดการณ์",
    )  # fmt: skip


def _unknown(reports: Sequence[Reported], goal: Decimal, deadline: date) -> Forecast:
    last = reports[-1].on if reports else None
    words = "ข้อมูลไม่พอ: ยังไม่มีรายงานของปีนี้" if last is None else "ข้อมูลไม่พอ: รายงานล่าสุดเก่าเกินไป"
    return Forecast(
        last, deadline, goal, None, None, None, None, "none", enough=False, basis_th=words
    )


def _basis(way: Way, units: Sequence[str], unit: str, years: tuple[FiscalYear, ...]) -> str:
    if way == "shape":
        return "ข้อมูลไม่พอ: ไม่มีเส้นเบิกจ่ายของปีก่อน แสดงเพียงช่วงกว้างตามรูปเป้าหมายทางการ"
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    own = sum(each == unit for each in units)
    words = f"จากเส้นเบิกจ่าย {len(units)} เส้น ปีงบประมาณ {span}"
    words += f" เป็นของหน่วยงานเอง {own} ปี" if own else " ของหน่วยงานอื่นที่คล้ายกัน"
    return words if way == "peers" else f"{words} (ข้อมูลน้อย ช่วงจึงกว้าง)"
