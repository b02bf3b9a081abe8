"""Generated curves of disbursement, made from contracts and payments, not from any curve.

A unit's year is a budget cut into running costs (a twelfth a month, a little late) and projects.
A project is allotted in one of the year's tranches, waits for its contract, is paid in instalments,
and may stall: then it is rushed in September or carried over unpaid. Payments gather at the ends of
months and of quarters. Money may be handed back: the budget shrinks, or a payment is undone. Some
offices reckon per cent of what has been allotted so far, so that a tranche pulls the share down.
Years differ for everybody (a late budget), offices differ from each other for years (how diligent,
how much investment, how many projects), and each office-year differs by chance.

Nothing here knows how the forecaster thinks: no remaining share, no hazard, no normal residuals.
Only one real week of the treasury is at hand (10 July 2569); the bench sets it beside these worlds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from tiddao.budget.rules.forecast import Curve
from tiddao.budget.rules.pace import Reported
from tiddao.kernel.fiscal import FiscalYear

DAYS = 365


@dataclass(frozen=True)
class World:
    """What sort of offices. Investment: mean share and how it differs; projects: fewest and most."""

    name: str
    investment: tuple[float, float]
    projects: tuple[int, int]
    year_delay: float
    """Days by which a whole year may be late or early (standard deviation)."""
    late_budget: float = 0.0
    """Chance that a year's budget comes sixty days late."""
    tranche_base: float = 0.0
    """Share of offices that reckon on what is allotted so far."""
    stall: float = 0.08
    slow: float = 1.0
    """Delays of contracts and works, times this."""


PROVINCES = World("provinces", (0.35, 0.10), (60, 200), 6.0)
"""Whole provinces: many payments, smooth, near each other (treasury sheets 13 and 14)."""
OFFICES = World("offices", (0.55, 0.20), (6, 40), 8.0, tranche_base=0.3, stall=0.15)
"""District offices and agencies: few projects, steps, stalls."""
INVESTORS = World("investors", (0.85, 0.08), (8, 30), 10.0, stall=0.2, slow=1.6)
"""Provinces' own budgets: nearly all investment (treasury sheets 11 and 12)."""
SHOCKED = World("shocked years", (0.50, 0.20), (10, 60), 15.0, late_budget=0.2, stall=0.15)
"""Years that differ much, one in five with a late budget, as FY2567 was."""
WORLDS = (PROVINCES, OFFICES, INVESTORS, SHOCKED)

TRANCHES = np.array([0, 92, 182, 273])


@dataclass(frozen=True)
class Office:
    key: str
    investment: float
    projects: int
    delay: float
    stall: float
    on_allotted: bool
    weekly: bool


@dataclass(frozen=True)
class Generated:
    """Past years' curves and the year to be foreseen, whole, so that its end is known."""

    world: World
    seed: int
    year: FiscalYear
    past: tuple[Curve, ...]
    present: tuple[Curve, ...]


def generate(world: World, *, seed: int, units: int = 40, past_years: int = 5) -> Generated:
    """The same seed gives the same curves."""
    chance = np.random.default_rng([seed, WORLDS.index(world)])
    offices = [_office(world, number, chance) for number in range(units)]
    last = FiscalYear(2568)
    years = [FiscalYear(last.be - past_years + number) for number in range(past_years + 1)]
    curves: dict[FiscalYear, list[Curve]] = {}
    for year in years:
        shift = chance.normal(0, world.year_delay) + 60 * (chance.random() < world.late_budget)
        rush = chance.uniform(0.3, 0.8)
        curves[year] = [_curve(office, year, shift, rush, chance) for office in offices]
    return Generated(
        world,
        seed,
        last,
        tuple(curve for year in years[:-1] for curve in curves[year]),
        tuple(curves[last]),
    )


def _office(world: World, number: int, chance: np.random.Generator) -> Office:
    mean, spread = world.investment
    return Office(
        key=f"u{number:03d}",
        investment=float(np.clip(chance.normal(mean, spread), 0.05, 0.97)),
        projects=int(chance.integers(*world.projects)),
        delay=float(world.slow * chance.lognormal(0, 0.25)),
        stall=float(np.clip(world.stall * chance.lognormal(0, 0.5), 0, 0.6)),
        on_allotted=bool(chance.random() < world.tranche_base),
        weekly=bool(chance.random() < 0.7),
    )


def _curve(
    office: Office, year: FiscalYear, shift: float, rush: float, chance: np.random.Generator
) -> Curve:
    paid = np.zeros(DAYS)
    allotted = np.zeros(DAYS)
    investment = float(np.clip(office.investment + chance.normal(0, 0.05), 0.02, 0.98))
    running = 1 - investment
    for month in range(12):
        late = int(np.clip(chance.normal(27 + max(shift, 0) / 12, 4), 15, 60))
        paid[min(month * 30 + late, DAYS - 1)] += running / 12 * chance.uniform(0.93, 1.0)
    allotted[0] += running
    count = max(3, int(office.projects * chance.lognormal(0, 0.15)))
    sizes = chance.lognormal(0, 1.0, count)
    for size in sizes / sizes.sum() * investment:
        tranche = TRANCHES[chance.choice(4, p=(0.45, 0.3, 0.15, 0.1))]
        allotted[tranche] += size
        signed = tranche + shift + office.delay * chance.gamma(3, 22)
        works = office.delay * chance.gamma(2, 35)
        stalled = chance.random() < office.stall
        if stalled:
            signed += chance.uniform(60, 220)
        parts = int(chance.integers(1, 5))
        for part in range(parts):
            day = signed + works * (part + 1) / parts
            _pay(paid, size / parts, day, rush, chance)
    if chance.random() < 0.10:  # a payment is undone
        day = int(chance.integers(60, 330))
        paid[day] -= min(paid[:day].sum() * 0.5, chance.uniform(0.01, 0.05))
    if chance.random() < 0.12:  # money is sent back: the budget shrinks
        day = int(chance.integers(150, 340))
        allotted[day] -= chance.uniform(0.01, 0.06) * max(1 - paid[:day].sum(), 0)
    spent, given = paid.cumsum(), allotted.cumsum()
    # Else on the whole year's budget, less what was sent back.
    whole = allotted[allotted > 0].sum() + np.minimum(allotted, 0).cumsum()
    base = given if office.on_allotted else whole
    share = np.clip(100 * spent / base, 0, 100)
    return Curve(office.key, year, tuple(_reports(share, year, office.weekly, chance)))


def _pay(
    paid: np.ndarray, amount: float, day: float, rush: float, chance: np.random.Generator
) -> None:
    if chance.random() < 0.5:  # papers are gathered to the end of the month, or of the quarter
        gap = 91.25 if chance.random() < 0.2 else 30.4
        day = np.ceil(max(day, 1) / gap) * gap - chance.integers(0, 4)
    if day >= DAYS:
        if chance.random() > rush * np.exp(-(day - DAYS) / 120):
            return  # carried over
        day = DAYS - 1 - chance.gamma(1.5, 6)  # rushed in September
    paid[int(np.clip(day, 0, DAYS - 1))] += amount


def _reports(
    share: np.ndarray, year: FiscalYear, weekly: bool, chance: np.random.Generator
) -> list[Reported]:
    step = 7 if weekly else 30
    days = [d for d in range(step - 1, DAYS - 1, step) if chance.random() > 0.05]
    days.append(DAYS - 1)
    return [Reported(year.start + timedelta(days=d), Decimal(f"{share[d]:.4f}")) for d in days]


def until(curve: Curve, on: date) -> tuple[Reported, ...]:
    """What was reported by the day."""
    return tuple(point for point in curve.points if point.on <= on)
