"""Curves and forecasts of a unit's money, as JSON: exact decimal text; shares in per cent of the base."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ninja import Schema

from tiddao.budget.queries.outlooks import Dip, Outlook, Outlooks
from tiddao.budget.rules.forecast import Forecast
from tiddao.budget.schemas.money import (
    AskedOut,
    GoalOut,
    TargetOut,
    asked_out,
    goal_out,
    target_out,
)


class PointOut(Schema):
    """What had been spent at the end of a day since 1 October. percent: null over a base of zero."""

    on: date
    base: Decimal | None
    amount: Decimal | None
    percent: Decimal | None


class DipOut(Schema):
    """Where a share fell between two points; amounts in baht, negative where they fell."""

    on: date
    before: Decimal
    after: Decimal
    base_added: Decimal
    amount_added: Decimal


class CurveOut(Schema):
    """One unit's curve. source: books, boards (weekly) or cgd; without points: not reported."""

    unit: str
    name: str
    level: str
    source: str
    status: str
    dip: DipOut | None
    points: list[PointOut]


class CurvesOut(Schema):
    """A unit's curve and those of the units below, with the official targets of the month ends."""

    asked: AskedOut
    series: str
    targets: list[TargetOut]
    own: CurveOut
    below: list[CurveOut]


class ForecastOut(Schema):
    """Where a unit will stand on a day, in per cent; null where it cannot be said.

    chance: of the goal; low to high: eight of ten outcomes. way: peers, few, shape, none or known.
    starts_from: the day of the figure it starts from; rests_on: in Thai words.
    """

    day: date
    chance: Decimal | None
    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    way: str
    starts_from: date | None
    rests_on: str


class UnitForecastOut(Schema):
    """A unit's forecast of the goal's day. percent: its share now, as of on."""

    unit: str
    name: str
    level: str
    percent: Decimal | None
    on: date | None
    forecast: ForecastOut


class ForecastsOut(Schema):
    """The forecasts of a unit and of those below, the least chance first.

    fan: the unit's own, month end by month end. chances_as_of: the day of the weekly board that the
    chances below were kept on; null: they were reckoned just now.
    """

    asked: AskedOut
    series: str
    goal: GoalOut
    own: UnitForecastOut
    fan: list[ForecastOut]
    below: list[UnitForecastOut]
    chances_as_of: date | None


def curves_out(found: Outlooks) -> CurvesOut:
    """Return the curves alone, the units below in the order of their keys."""
    return CurvesOut(
        asked=asked_out(found.asked),
        series=found.series,
        targets=[target_out(each) for each in found.targets],
        own=_curve(found.own),
        below=[_curve(each) for each in sorted(found.rows, key=lambda row: row.unit.key)],
    )


def forecasts_out(found: Outlooks) -> ForecastsOut:
    """Return the forecasts alone, in the order of the outlooks."""
    return ForecastsOut(
        asked=asked_out(found.asked),
        series=found.series,
        goal=goal_out(found.goal),
        own=_unit(found.own, found.goal.day),
        fan=[_forecast(each) for each in found.fan],
        below=[_unit(each, found.goal.day) for each in found.rows],
        chances_as_of=found.chances_on,
    )


def _curve(each: Outlook) -> CurveOut:
    return CurveOut(
        unit=each.unit.key,
        name=each.unit.name,
        level=each.unit.level,
        source=each.curve.source,
        status=each.status.code,
        dip=_dip(each.dip),
        points=[
            PointOut(on=point.on, base=point.base, amount=point.amount, percent=point.percent)
            for point in each.curve.points
        ],
    )


def _dip(found: Dip | None) -> DipOut | None:
    if found is None:
        return None
    return DipOut(
        on=found.on,
        before=found.before,
        after=found.after,
        base_added=found.base_added,
        amount_added=found.amount_added,
    )


def _unit(each: Outlook, day: date) -> UnitForecastOut:
    chance = each.chance
    return UnitForecastOut(
        unit=each.unit.key,
        name=each.unit.name,
        level=each.unit.level,
        percent=each.percent,
        on=each.on,
        forecast=ForecastOut(
            day=day,
            chance=chance.percent,
            low=chance.low,
            middle=chance.middle,
            high=chance.high,
            way=chance.way,
            starts_from=chance.on if each.percent is not None else None,
            rests_on=chance.words,
        ),
    )


def _forecast(each: Forecast) -> ForecastOut:
    return ForecastOut(
        day=each.deadline,
        chance=None if each.probability is None else each.probability * 100,
        low=each.low,
        middle=each.mid,
        high=each.high,
        way=each.way,
        starts_from=each.as_of,
        rests_on=each.basis_th,
    )
