"""Geometry of the small drawings of these pages: figures in, coordinates out.

Templates only place what is here, with SVG attributes, so that no style stands in the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.kernel.numerals import format_trimmed

LADDER_WIDTH = 320
LADDER_MARGIN = 24


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder: its level (or points), the value that reaches it, where it stands.

    reached: the value has come this far.
    """

    level: str
    value: str
    x: float
    reached: bool


@dataclass(frozen=True, slots=True)
class LadderDrawing:
    """The steps from left (lowest) to right, and where the value stands (None: not reported)."""

    steps: tuple[Step, ...]
    marker_x: float | None
    width: int
    descending: bool

    @property
    def first_x(self) -> float:
        return self.steps[0].x

    @property
    def last_x(self) -> float:
        return self.steps[-1].x


def ladder_drawing(
    indicator: IndicatorDefinition,
    level: Decimal | None,
    points: tuple[Decimal, ...] = (),
) -> LadderDrawing | None:
    """Return the drawing of an indicator's ladder; None where it has none.

    level: before any penalty, 1–5 on a ladder, 0–100 on breakpoints. points: what the three
    breakpoints are worth, where the scheme is 0–100.
    """
    if indicator.ladder is not None:
        worth: tuple[Decimal, ...] = tuple(Decimal(each) for each in range(1, 6))
        values: tuple[Decimal, ...] = indicator.ladder.levels
        descending = indicator.ladder.descending
        lowest = Decimal(1)
    elif indicator.breakpoints is not None:
        worth, values = points, indicator.breakpoints.values
        descending = indicator.breakpoints.descending
        lowest = Decimal(0)
    else:
        return None
    span = worth[-1] - lowest

    def x_of(reached: Decimal) -> float:
        share = min(max((reached - lowest) / span, Decimal(0)), Decimal(1))
        return round(LADDER_MARGIN + float(share) * (LADDER_WIDTH - 2 * LADDER_MARGIN), 1)

    return LadderDrawing(
        steps=tuple(
            Step(
                level=format_trimmed(each),
                value=format_trimmed(value),
                x=x_of(each),
                reached=level is not None and level >= each,
            )
            for each, value in zip(worth, values, strict=True)
        ),
        marker_x=None if level is None else x_of(level),
        width=LADDER_WIDTH,
        descending=descending,
    )
