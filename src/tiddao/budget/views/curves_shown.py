"""What the page of curves, its small copy on the tab and the papers show, ready for templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tiddao.budget.drawings import LARGE, NARROW, SMALL, CurveDrawing, Frame, curve_drawing
from tiddao.budget.queries.goals import Goal
from tiddao.budget.queries.outlooks import Outlook, Outlooks
from tiddao.budget.queries.positions import UnitBelow
from tiddao.budget.rules.forecast import Forecast
from tiddao.budget.views.curve_words import (
    chance_words,
    chart_words,
    dip_words,
    experience_words,
    fan_dip_words,
    interval_words,
    sentence,
    status_words,
)

FIRST = 6
"""So many small charts stand on the tab; the page of curves has all."""

Address = Callable[[UnitBelow], str]


@dataclass(frozen=True, slots=True)
class CurveShown:
    """One unit's chart and the same in figures. href: "" where the reader may not open it.

    base: baht; percent: of it, as of on; chance, low, middle, high: per cent.
    """

    name: str
    href: str
    drawing: CurveDrawing
    label: str
    sentence: str
    on: date | None
    base: Decimal | None
    percent: Decimal | None
    chance: Decimal | None
    chance_words: str
    interval: str
    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    kind: str
    status: str


@dataclass(frozen=True, slots=True)
class CurvesShown:
    """The page's charts: the unit's own, and one a unit below.

    experience: what the chances below rest on. own_narrow: the same chart for a phone. dips: why the unit's own share or forecast falls.
    """

    own: CurveShown
    own_narrow: CurveDrawing
    rows: tuple[CurveShown, ...]
    goal: Goal
    has_target: bool
    experience: str
    chances_on: date | None
    from_boards: bool
    basis_notes: tuple[str, ...]
    dips: tuple[str, ...]

    @property
    def first(self) -> tuple[CurveShown, ...]:
        """Those with the least chance, for the tab: whom to help first."""
        return self.rows[:FIRST]

    @property
    def has_data(self) -> bool:
        return self.own.percent is not None or any(row.percent is not None for row in self.rows)


def curves_shown(found: Outlooks, address: Address) -> CurvesShown:
    """Return the charts of a unit and of those below, in the order of the outlooks."""
    forecasts = [each.forecast for each in found.rows]
    notes = [each.chance.words for each in found.rows if each.chance.percent is not None]
    return CurvesShown(
        own=shown(found, found.own, LARGE, address, fan=found.fan),
        own_narrow=_drawing(found, found.own, NARROW, fan=found.fan),
        rows=tuple(shown(found, each, SMALL, address) for each in found.rows),
        goal=found.goal,
        has_target=has_target(found),
        experience=experience_words(forecasts),
        chances_on=found.chances_on,
        from_boards=any(each.curve.source == "boards" for each in found.every),
        basis_notes=tuple(dict.fromkeys(notes))[:1],
        dips=tuple(dips_words(found)),
    )


def has_target(found: Outlooks) -> bool:
    """Say whether official targets are drawn beside the goal itself."""
    return any(target.on != found.goal.day for target in found.targets)


def dips_words(found: Outlooks) -> list[str]:
    """Return why the unit's own curve falls, and its forecast; nothing where they do not."""
    said = [dip_words(found.own.dip)] if found.own.dip else []
    return [*said, fan_dip_words()] if found.fan_dips else said


def shown(
    found: Outlooks,
    each: Outlook,
    frame: Frame,
    address: Address,
    *,
    fan: Sequence[Forecast] = (),
) -> CurveShown:
    """Return one unit's chart in a frame; without a fan its chance is drawn as a wedge."""
    chance = each.chance
    return CurveShown(
        name=each.unit.name,
        href=address(each.unit),
        drawing=_drawing(found, each, frame, fan=fan),
        label=chart_words(each, found.goal),
        sentence=sentence(each, found.goal),
        on=each.on,
        base=each.curve.last.base if each.curve.last else None,
        percent=each.percent,
        chance=chance.percent,
        chance_words=chance_words(chance),
        interval=interval_words(chance),
        low=chance.low,
        middle=chance.middle,
        high=chance.high,
        kind=each.status.kind,
        status=status_words(each.status.code),
    )


def _drawing(
    found: Outlooks, each: Outlook, frame: Frame, *, fan: Sequence[Forecast] = ()
) -> CurveDrawing:
    chance = each.chance
    return curve_drawing(
        found.asked.year,
        [(point.on, point.percent) for point in each.curve.curve.points],
        frame=frame,
        goal=(found.goal.day, found.goal.percent),
        targets=[(target.on, target.percent) for target in found.targets],
        fan=fan,
        chance=(chance.low, chance.middle, chance.high),
        today=found.asked.on,
    )
