"""Where the money of a unit and of those below it is going: curves, and the chance of the goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from tiddao.budget.queries.curves import CurvePoint, MoneyCurve, Series, money_curves
from tiddao.budget.queries.forecasts import Money, fans, foresee, month_ends, official_shape
from tiddao.budget.queries.goals import Goal, next_goals
from tiddao.budget.queries.money import MoneyAsked, UnitMoney
from tiddao.budget.queries.positions import UnitBelow, units_below
from tiddao.budget.queries.reckoned import Reckoned, reckoned
from tiddao.budget.queries.standings import NO_CHANCE, Chance, chance_of, newest_chances
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.forecast import Forecast
from tiddao.budget.rules.reckoning import Status, expected_by_days, status_of
from tiddao.budget.rules.targets import TargetPoint
from tiddao.places.models import NATION, Level
from tiddao.places.queries import Unit

_NOTHING = Decimal(0)
BOARD_DAYS = 7
"""The chances of a kept board are shown as the current ones for so many days."""


LEAST_DIP = Decimal(1)
"""A share that falls by fewer points than this from one week to the next is not spoken of."""


@dataclass(frozen=True, slots=True)
class Dip:
    """Where a share fell: from before to after, in per cent; amounts in baht, negative if they fell.

    base_added: a new tranche makes the base larger, and the share smaller, though nothing was
    taken back. amount_added: below zero where entries were reversed.
    """

    on: date
    before: Decimal
    after: Decimal
    base_added: Decimal
    amount_added: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """One unit's curve, and its chance. forecast: made just now; None: the board's was taken.

    money: as the tab reckons it; None in the treasury's series, where the status compares the last
    share with the days gone by on its day.
    """

    unit: UnitBelow
    curve: MoneyCurve
    chance: Chance
    forecast: Forecast | None
    money: Reckoned | None
    status: Status

    @property
    def percent(self) -> Decimal | None:
        return self.curve.last.percent if self.curve.last else None

    @property
    def on(self) -> date | None:
        """The day of its newest figure."""
        return self.curve.last.on if self.curve.last else None

    @property
    def dip(self) -> Dip | None:
        """The deepest fall of its share from one point to the next; None: it never fell much."""
        found = [
            Dip(
                on=new.on,
                before=old.percent,
                after=new.percent,
                base_added=(new.base or _NOTHING) - (old.base or _NOTHING),
                amount_added=(new.amount or _NOTHING) - (old.amount or _NOTHING),
            )
            for old, new in pairwise(self.curve.points)
            if old.percent is not None and new.percent is not None
            if old.percent - new.percent >= LEAST_DIP
        ]
        return max(found, key=lambda dip: dip.before - dip.after, default=None)


@dataclass(frozen=True, slots=True)
class Outlooks:
    """A unit and the units below it, the least chance first; those without a chance, then those
    without data, last. fan: the unit's own forecast from month end to month end up to the goal's
    day. targets: the official ones of the year's month ends. chances_on: the day of the board that
    the chances below were kept on; None: they were reckoned just now.
    """

    asked: MoneyAsked
    series: Series
    goal: Goal
    targets: tuple[TargetPoint, ...]
    own: Outlook
    fan: tuple[Forecast, ...]
    rows: tuple[Outlook, ...]
    chances_on: date | None

    @property
    def fan_dips(self) -> bool:
        """Whether the middle of the forecast falls on its way to the goal's day."""
        middles = [each.mid for each in self.fan if each.mid is not None]
        if self.own.percent is not None:
            middles.insert(0, self.own.percent)
        return any(old - new >= LEAST_DIP for old, new in pairwise(middles))

    @property
    def every(self) -> tuple[Outlook, ...]:
        return (self.own, *self.rows)


def has_treasury_series(unit: Unit) -> bool:
    """Say whether the treasury's weekly report draws a curve of the unit."""
    return not unit.is_group and unit.level in (Level.NATION, Level.PROVINCE)


def outlooks(
    unit: Unit, asked: MoneyAsked, *, series: Series = "books", money: UnitMoney | None = None
) -> Outlooks:
    """Return the outlooks of a unit and of those below; a constant number of queries.

    money: what the unit's money was found to be for the same asking, not to read it twice. Chances of the units below come from the newest board against the goal's deadline while it is a
    week old or less; else they are reckoned here, as the unit's own always is.
    """
    goals = (
        money.goals
        if money
        else next_goals(asked.year, unit.members, on=asked.on, basis=asked.basis, fund=asked.fund)
    )
    goal = goals[asked.spending]
    own = UnitBelow(unit.key, unit.full_name, unit.level, unit.key, is_office=False)
    below = money.below if money else units_below(unit.key, on=asked.on)
    if series == "cgd":  # the treasury tells of provinces alone
        below = tuple(each for each in below if each.level == Level.PROVINCE)
    of = Money(asked.year, asked.on, asked.basis, asked.spending, asked.fund, series)
    keys = [own.key, *(each.key for each in below)]
    judged: Mapping[str, Reckoned] = {}
    if series == "books":
        judged = money.by_spending[asked.spending] if money else _judged(keys, asked, goal)
    found = money_curves(
        asked.year,
        keys,
        basis=asked.basis,
        spending=asked.spending,
        fund=asked.fund,
        series=series,
        until=asked.on,
    )
    found = {key: _until_now(each, judged.get(key)) for key, each in found.items()}
    given = {key: each.curve for key, each in found.items()}
    days = month_ends(max(asked.on, asked.year.start), goal.day)
    fan = fans({own.key: given[own.key]}, of, days, goal.percent)[own.key]
    kept, kept_on = _kept(unit, goal, series, asked)
    lacking = {each.key: given[each.key] for each in below if each.key not in kept}
    made = foresee(lacking, of, goal.day, goal.percent) if lacking else {}
    return Outlooks(
        asked=asked,
        series=series,
        goal=goal,
        targets=official_shape(of),
        own=_outlook(own, found[own.key], judged.get(own.key), forecast=fan[-1]),
        fan=fan,
        rows=tuple(
            sorted(
                (
                    _outlook(
                        each,
                        found[each.key],
                        judged.get(each.key),
                        forecast=made.get(each.key),
                        kept=kept.get(each.key, NO_CHANCE),
                    )
                    for each in below
                ),
                key=_least_chance,
            )
        ),
        chances_on=kept_on if kept else None,
    )


def _judged(keys: Sequence[str], asked: MoneyAsked, goal: Goal) -> dict[str, Reckoned]:
    return reckoned(
        asked.year,
        keys,
        on=asked.on,
        basis=asked.basis,
        spending=asked.spending,
        fund=asked.fund,
        deadline=goal,
        judged_by=asked.judged_by,
    )


def _until_now(curve: MoneyCurve, money: Reckoned | None) -> MoneyCurve:
    """A curve of weekly boards, led on to what the books say now."""
    newest = money.position.last_on if money else None
    if curve.source != "boards" or money is None or newest is None or money.percent is None:
        return curve
    if curve.points and curve.points[-1].on >= newest:
        return curve
    amounts = money.reckoning
    spent = amounts.used if money.basis == "used" else amounts.amounts.disbursed
    now = CurvePoint(newest, amounts.amounts.base, spent, money.percent)
    return replace(curve, points=(*curve.points, now))


def _kept(
    unit: Unit, goal: Goal, series: Series, asked: MoneyAsked
) -> tuple[dict[str, Chance], date | None]:
    """The chances that the newest board of the place says of the units below, by their keys."""
    of_board = goal.deadline is not None and not goal.of_all and series == "books"
    if not of_board or goal.deadline is None or unit.is_group:
        return {}, None
    board = newest_chances(goal.deadline, unit.key, until=asked.on)
    if board.on is None or asked.on - board.on > timedelta(days=BOARD_DAYS):
        return {}, None
    kept = {
        _office_key(place) if own_office else place: chance
        for (place, own_office), chance in board.by_unit.items()
        if chance.way
    }
    return kept, board.on


def _office_key(place: str) -> str:
    return "CDD" if place == NATION else f"CDD-{place}"


def _outlook(
    unit: UnitBelow,
    curve: MoneyCurve,
    money: Reckoned | None,
    *,
    forecast: Forecast | None,
    kept: Chance = NO_CHANCE,
) -> Outlook:
    chance = kept
    last = curve.last
    if forecast is not None:
        chance = chance_of(forecast, on=forecast.as_of or curve.year.start)
    status = (
        money.status
        if money
        else status_of(
            last.percent if last else None,
            expected_by_days(curve.year, last.on) if last else None,
            thresholds=status_thresholds(),
        )
    )
    return Outlook(unit, curve, chance, forecast, money, status)


def _least_chance(each: Outlook) -> tuple[int, Decimal, Decimal, str]:
    """Least chance first: whom to help. Without a chance by the share; without data last."""
    if each.percent is None:
        return (2, Decimal(0), Decimal(0), each.unit.key)
    if each.chance.percent is None:
        return (1, each.percent, Decimal(0), each.unit.key)
    return (0, each.chance.percent, each.percent, each.unit.key)
