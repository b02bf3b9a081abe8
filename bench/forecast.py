"""Forecasts on generated curves whose ends are known: coverage, loss, days of lead, and their cost.

The method was chosen on seeds 1–8; what is printed here is measured on seeds it never saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import quantiles

from tests.budget.money.calibration import (
    HORIZONS,
    Lead,
    Tried,
    coverage,
    last_year,
    last_year_dressed,
    lead,
    loss,
    ours,
    straight,
    straight_dressed,
    truth,
    try_all,
    width,
)
from tests.budget.money.curves import OFFICES, WORLDS, Generated, generate, until

from bench.measure import heading, table, timed
from tiddao.budget.rules.cgd_workbook import read_workbook
from tiddao.budget.rules.forecast import WILL_MISS_BELOW, forecast_all, read_past

SEEDS = range(101, 109)
GOAL = Decimal(93)
FILE = Path(__file__).resolve().parent.parent.parent / "shared/data/cgd/2026_07_10.xlsx"


def run() -> None:
    """Print every table. Takes about three minutes, nearly all of it making curves."""
    heading(
        f"Forecast of disbursement: generated curves, seeds {SEEDS[0]}–{SEEDS[-1]}, none tuned on",
        f"{len(WORLDS)} sorts of offices × {len(SEEDS)} seeds × 40 units, 5 past years each; "
        "deadlines 31 March, 30 June, 30 September; 2 to 32 weeks ahead",
        "goal: 77–83 % of outcomes inside the 80 % interval, overall and by horizon",
    )
    _against_the_real_week()
    made = [generate(world, seed=seed) for world in WORLDS for seed in SEEDS]
    tried = [each for one in made for each in try_all(one)]
    _coverage(tried)
    _loss(tried)
    _probabilities(tried)
    _little_data(made)
    _lead(made)
    _cost()


def main() -> None:
    """By itself: needs no database and no installation."""
    run()


def _against_the_real_week() -> None:
    on = date(2025, 7, 10)
    rows = [
        [f"generated: {world.name}", *_spread(
            share
            for seed in SEEDS[:2]
            for curve in generate(world, seed=seed, units=76, past_years=0).present
            if (share := truth(curve, on)) is not None
        )]
        for world in WORLDS
    ]  # fmt: skip
    if FILE.exists():
        sheets = read_workbook(FILE, file=FILE.name, sheets=(3, 11, 13)).sheets
        names = {3: "agencies", 11: "provinces' own budgets", 13: "provinces"}
        for number, name in names.items():
            figures = (
                row.figures["total"].measures["disbursed_percent"] for row in sheets[number].rows
            )
            shares = [float(each.value) for each in figures if each.value is not None]
            rows.append([f"real: {name}, sheet {number}", *_spread(shares)])
    table(["disbursed by 10 July, per cent", "lowest tenth", "median", "highest tenth"], rows)


def _spread(shares: Iterable[float]) -> list[str]:
    tenths = quantiles(shares, n=10)
    return [f"{tenths[number]:.1f}" for number in (0, 4, 8)]


def _horizons(tried: Sequence[Tried]) -> list[str]:
    return [
        f"{coverage([each for each in tried if first <= each.days <= last]):.1f}"
        for first, last in HORIZONS
    ]


_BY_HORIZON = [f"{first}–{last} days" for first, last in HORIZONS]


def _coverage(tried: Sequence[Tried]) -> None:
    rows = []
    for name in (*(world.name for world in WORLDS), ""):
        found = [each for each in tried if name in {each.world, ""}]
        by_seed = [coverage([each for each in found if each.seed == seed]) for seed in SEEDS]
        rows.append([
            name or "all", f"{len(found):,}", f"{coverage(found):.1f}", *_horizons(found),
            f"{min(by_seed):.0f}–{max(by_seed):.0f}", f"{width(found):.1f}",
        ])  # fmt: skip
    table(
        ["inside the interval, %", "forecasts", "all", *_BY_HORIZON, "single seeds", "mean width"],
        rows,
    )


_TOLD: Sequence[tuple[str, Callable[[Tried], tuple[float, float, float] | None]]] = (
    ("ours", ours),
    ("straight line", straight),
    ("straight line, dressed", straight_dressed),
    ("last year's curve", last_year),
    ("last year's, dressed", last_year_dressed),
)


def _loss(tried: Sequence[Tried]) -> None:
    rows = []
    for name in (*(world.name for world in WORLDS), ""):
        found = [each for each in tried if name in {each.world, ""} and each.last_year is not None]
        rows.append([name or "all", *(f"{loss(found, told):.2f}" for _, told in _TOLD)])
    table(["mean pinball loss at 10/50/90, points", *(name for name, _ in _TOLD)], rows)
    print("   dressed: with the interval that the method's own errors of past years give it")


def _probabilities(tried: Sequence[Tried]) -> None:
    rows = []
    for first in range(0, 100, 10):
        found = [each for each in tried if first <= _said(each) < first + 10]
        came = sum(each.outcome >= 90 for each in found)
        mean = sum(_said(each) for each in found) / max(len(found), 1)
        rows.append([
            f"{first}–{first + 9} %", f"{len(found):,}", f"{mean:.0f}",
            f"{100 * came / max(len(found), 1):.0f}",
        ])  # fmt: skip
    table(["probability of reaching 90 %", "forecasts", "said, %", "came true, %"], rows)


def _said(each: Tried) -> float:
    """The probability in per cent; every unit here has peers, so that every forecast has one."""
    assert each.forecast.probability is not None
    return float(100 * each.forecast.probability)


def _little_data(made: Sequence[Generated]) -> None:
    some = made[:: len(SEEDS) // 2]
    rows = [["peers, 5 years", *_measured(t for one in some for t in try_all(one))]]
    for years in (3, 2, 1):
        kept = [(one, [c for c in one.past if one.year.be - c.year.be <= years]) for one in some]
        found = (t for one, curves in kept for t in try_all(one, curves=curves))
        rows.append([f"peers, {years} years" if years > 1 else "peers, 1 year", *_measured(found)])
    rows += [[f"its own {years} years alone", *_measured(_alone(some, years))] for years in (5, 3)]
    rows.append(["no past year", *_measured(t for one in some for t in try_all(one, curves=[]))])
    table(["what there is to learn from", "way", "inside, %", *_BY_HORIZON, "mean width"], rows)


def _alone(made: Sequence[Generated], years: int) -> Iterable[Tried]:
    for one in made:
        for curve in one.present[:10]:
            own = [c for c in one.past if c.unit == curve.unit and one.year.be - c.year.be <= years]
            yield from try_all(replace(one, present=(curve,)), curves=own)


def _measured(found: Iterable[Tried]) -> list[str]:
    tried = list(found)
    ways = " ".join(sorted({each.forecast.way for each in tried}))
    return [ways, f"{coverage(tried):.1f}", *_horizons(tried), f"{width(tried):.1f}"]


def _lead(made: Sequence[Generated]) -> None:
    end = made[0].year.end
    when = [(end - timedelta(weeks=number), end) for number in range(2, 46, 2)]
    tried = [each for one in made for each in try_all(one, goal=GOAL, when=when)]
    rows = []
    for name in (*(world.name for world in WORLDS), ""):
        found = [each for each in tried if name in {each.world, ""}]
        rows.append([name or "all", "ours", *_told(lead(found, GOAL, _warned))])
        if not name:
            plain = lead(found, GOAL, lambda each: each.straight < GOAL)
            rows.append(["all", "straight line below the goal", *_told(plain)])
    table(
        [f"will miss {GOAL} % on 30 September", "warns when", "units", "missed", "warned",
         "right, %", "found, %", "days of lead, median"],
        rows,
    )  # fmt: skip
    print(f"   ours: the first probability below {WILL_MISS_BELOW}, asked every second week")


def _warned(each: Tried) -> bool:
    return each.forecast.likely_to_miss


def _told(found: Lead) -> list[str]:
    return [
        f"{found.units:,}", f"{found.missed:,}", f"{found.warned:,}", f"{found.precision:.1f}",
        f"{found.found:.0f}", f"{found.median_days:.0f}",
    ]  # fmt: skip


def _cost() -> None:
    made = generate(OFFICES, seed=SEEDS[0], units=878, past_years=4)
    as_of, deadline = date(2025, 6, 30), made.year.end
    seen = {each.unit: until(each, as_of) for each in made.present}
    reading, past = timed(lambda: read_past(made.past), runs=3)
    asking, _ = timed(
        lambda: forecast_all(seen, past=past, goal=GOAL, as_of=as_of, deadline=deadline), runs=3
    )
    table(
        ["878 offices, 4 past years of each", "time", "range"],
        [["reading the past curves, once", reading, reading.span],
         ["forecasts of all offices", asking, asking.span]],
    )  # fmt: skip


if __name__ == "__main__":
    main()
