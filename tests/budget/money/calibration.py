"""How good forecasts are on curves whose ends are known: coverage, pinball loss, days of lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median

from tests.budget.money.curves import Generated, until
from tiddao.budget.rules.forecast import Curve, Forecast, forecast_all, read_past
from tiddao.budget.rules.pace import Reported
from tiddao.kernel.fiscal import FiscalYear

LEVELS = (0.1, 0.5, 0.9)
HORIZONS = ((0, 30), (31, 75), (76, 135), (136, 300))
"""Days from the forecast to the deadline, in classes."""
WEEKS = (2, 4, 8, 12, 20, 32)

Triple = tuple[float, float, float]
Moment = tuple[date, date]


@dataclass(frozen=True)
class Tried:
    """One forecast and what came of it, in per cent.

    straight: the share so far carried on at its pace since 1 October. last_year: the share so far
    and what the unit added last year between the same two days. Each also dressed: with the
    interval that the same method's own errors of past years give it, so that it may compete for the
    low and the high as well.
    """

    world: str
    seed: int
    unit: str
    deadline: date
    forecast: Forecast
    outcome: float
    straight: float
    straight_dressed: Triple
    last_year: float | None
    last_year_dressed: Triple | None

    @property
    def days(self) -> int:
        return (self.deadline - self.forecast.as_of).days

    @property
    def triple(self) -> Triple:
        return float(self.forecast.low), float(self.forecast.mid), float(self.forecast.high)

    @property
    def covered(self) -> bool:
        return self.triple[0] <= self.outcome <= self.triple[2]


def moments(year: FiscalYear, weeks: Sequence[int] = WEEKS) -> Iterator[Moment]:
    """Days of asking and deadlines: so many weeks before the end of March, June and September."""
    for deadline in (year.half_end(1), year.quarter_end(3), year.end):
        for number in weeks:
            as_of = deadline - timedelta(weeks=number)
            if as_of >= year.start + timedelta(days=28):
                yield as_of, deadline


def truth(curve: Curve, on: date) -> float | None:
    """The share on the day, between reports on a straight line."""
    for one, other in pairwise(curve.points):
        if one.on <= on <= other.on:
            share = (on - one.on).days / (other.on - one.on).days
            return float(one.percent) + share * float(other.percent - one.percent)
    return None


def straight_line(year: FiscalYear, seen: Sequence[Reported], deadline: date) -> float:
    last = seen[-1]
    pace = float(last.percent) / year.day_number(last.on)
    return min(pace * year.day_number(deadline), 100.0)


def as_last_year(last: Curve | None, seen: Sequence[Reported], deadline: date) -> float | None:
    if last is None:
        return None
    then = [truth(last, _year_before(day)) for day in (seen[-1].on, deadline)]
    if then[0] is None or then[1] is None:
        return None
    return min(max(float(seen[-1].percent) + then[1] - then[0], 0.0), 100.0)


def _year_before(on: date, years: int = 1) -> date:
    return on.replace(year=on.year - years, day=28 if (on.month, on.day) == (2, 29) else on.day)


def try_all(
    made: Generated,
    goal: Decimal = Decimal(90),
    when: Iterable[Moment] | None = None,
    curves: Sequence[Curve] | None = None,
) -> Iterator[Tried]:
    """Forecast every unit at every moment, with nothing known that was not known then.

    curves: what the forecaster may learn from, where that is not all of the past.
    """
    past = read_past(made.past if curves is None else curves)
    before = {(each.unit, each.year): each for each in made.past}
    last_year = made.year.previous()
    for as_of, deadline in when or moments(made.year):
        seen = {each.unit: until(each, as_of) for each in made.present}
        found = forecast_all(seen, past=past, goal=goal, as_of=as_of, deadline=deadline)
        straight_errors, last_errors = _errors_before(made, before, as_of, deadline)
        for curve in made.present:
            forecast, outcome = found[curve.unit], truth(curve, deadline)
            if forecast.mid is None or outcome is None:
                continue
            reports = seen[curve.unit]
            straight = straight_line(made.year, reports, deadline)
            last = as_last_year(before.get((curve.unit, last_year)), reports, deadline)
            yield Tried(
                made.world.name, made.seed, curve.unit, deadline, forecast, outcome,
                straight, _dressed(straight, straight_errors),
                last, None if last is None else _dressed(last, last_errors),
            )  # fmt: skip


def _errors_before(
    made: Generated,
    before: dict[tuple[str, FiscalYear], Curve],
    as_of: date,
    deadline: date,
) -> tuple[list[float], list[float]]:
    straight, last = [], []
    for curve in made.past:
        years = made.year.be - curve.year.be
        then, end = _year_before(as_of, years), _year_before(deadline, years)
        seen, outcome = until(curve, then), truth(curve, end)
        if not seen or outcome is None:
            continue
        straight.append(outcome - straight_line(curve.year, seen, end))
        foreseen = as_last_year(before.get((curve.unit, curve.year.previous())), seen, end)
        if foreseen is not None:
            last.append(outcome - foreseen)
    return sorted(straight), sorted(last)


def _dressed(figure: float, errors: Sequence[float]) -> Triple:
    low, mid, high = (
        min(max(figure + (errors[int(level * (len(errors) - 1))] if errors else 0.0), 0.0), 100.0)
        for level in LEVELS
    )
    return low, mid, high


# -- measures -------------------------------------------------------------------------------------


def coverage(tried: Sequence[Tried]) -> float:
    """Per cent of outcomes inside the interval."""
    return 100 * sum(each.covered for each in tried) / len(tried)


def width(tried: Sequence[Tried]) -> float:
    """Mean width of the interval, in points."""
    return sum(each.triple[2] - each.triple[0] for each in tried) / len(tried)


def pinball(outcome: float, foreseen: float, level: float) -> float:
    gap = outcome - foreseen
    return max(level * gap, (level - 1) * gap)


def loss(tried: Sequence[Tried], told: Callable[[Tried], Triple | None]) -> float:
    """Mean pinball loss over low, mid and high, in points; those told nothing are left out."""
    found = [
        pinball(each.outcome, figure, level)
        for each in tried
        if (triple := told(each)) is not None
        for figure, level in zip(triple, LEVELS, strict=True)
    ]
    return sum(found) / len(found)


def ours(each: Tried) -> Triple:
    return each.triple


def straight(each: Tried) -> Triple:
    return (each.straight,) * 3


def straight_dressed(each: Tried) -> Triple:
    return each.straight_dressed


def last_year(each: Tried) -> Triple | None:
    return None if each.last_year is None else (each.last_year,) * 3


def last_year_dressed(each: Tried) -> Triple | None:
    return each.last_year_dressed


@dataclass(frozen=True)
class Lead:
    """How the warning "likely to miss" did: shares in per cent, lead in days of those it got right."""

    units: int
    missed: int
    warned: int
    right: int
    median_days: float

    @property
    def precision(self) -> float:
        return 100 * self.right / self.warned if self.warned else 0.0

    @property
    def found(self) -> float:
        return 100 * self.right / self.missed if self.missed else 0.0


def lead(tried: Iterable[Tried], goal: Decimal, warns: Callable[[Tried], bool]) -> Lead:
    """Of each unit's year, the first warning counts; it is right when the unit missed the goal."""
    runs: dict[tuple[str, int, str], list[Tried]] = {}
    for each in tried:
        runs.setdefault((each.world, each.seed, each.unit), []).append(each)
    missed = warned = 0
    days: list[int] = []
    for run in runs.values():
        misses = run[0].outcome < float(goal)
        missed += misses
        first = next((t for t in sorted(run, key=lambda t: -t.days) if warns(t)), None)
        if first is not None:
            warned += 1
            if misses:
                days.append(first.days)
    return Lead(len(runs), missed, warned, len(days), median(days) if days else 0.0)
