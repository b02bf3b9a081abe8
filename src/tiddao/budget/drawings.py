"""Geometry of the curves of these pages: figures in, coordinates out.

Templates and papers only place what is here, so that the screen and the paper show the same. All
charts of one size have the same scales: days of the fiscal year across, 0–100 % upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tiddao.budget.rules.forecast import Forecast
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ui.templatetags.ui import month_name

Point = tuple[float, float]
Share = tuple[date, Decimal]

_MOST = Decimal(104)
"""Per cent at the upper edge: as far as a forecast may lie."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing's size and margins, in its own units. letter: size of its letters."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    letter: int

    @property
    def box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def x_end(self) -> int:
        return self.width - self.right

    @property
    def y_end(self) -> int:
        return self.height - self.bottom

    def x(self, day: int, days: int) -> float:
        """Where the end of a day of the year lies: 0 is the eve of its first."""
        return round(self.left + (self.x_end - self.left) * day / days, 1)

    def y(self, percent: Decimal) -> float:
        """Where a share lies; what is outside the scale lies on its edge."""
        inside = min(max(percent, Decimal(0)), _MOST)
        return round(self.y_end - (self.y_end - self.top) * float(inside / _MOST), 1)


SMALL = Frame(width=240, height=132, left=4, right=4, top=6, bottom=18, letter=12)
LARGE = Frame(width=760, height=380, left=46, right=16, top=12, bottom=34, letter=14)
NARROW = Frame(width=380, height=280, left=44, right=12, top=12, bottom=30, letter=14)
PAPER = Frame(width=510, height=200, left=30, right=8, top=8, bottom=18, letter=8)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis and what is written at it."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class CurveDrawing:
    """What the template draws; points as "x,y x,y", "" for nothing.

    days: the straight line of days gone by. target: the official targets known, dots: each of them.
    line: the curve; last: its newest point. fan: the area between low and high, mid: the middle of
    the forecast; ends: low, middle and high on the goal's day. goal: where it is to be reached.
    """

    frame: Frame
    days: tuple[Point, Point]
    target: str
    dots: tuple[Point, ...]
    line: str
    last: Point | None
    fan: str
    mid: str
    ends: tuple[Point, ...]
    goal: Point
    today: float | None
    across: tuple[Tick, ...]
    upwards: tuple[Tick, ...]


def curve_drawing(
    year: FiscalYear,
    points: Sequence[Share],
    *,
    frame: Frame,
    goal: Share,
    targets: Iterable[Share] = (),
    fan: Sequence[Forecast] = (),
    chance: tuple[Decimal | None, Decimal | None, Decimal | None] | None = None,
    today: date | None = None,
) -> CurveDrawing:
    """Return the drawing of one unit's year.

    points: the curve, in order of days. goal: the day and the share to reach by then. fan: forecasts
    of rising days; where there are none, chance: low, middle and high on the goal's day. A forecast
    that could say nothing is not drawn.
    """

    def at(on: date, percent: Decimal) -> Point:
        return frame.x(year.day_number(on), year.days), frame.y(percent)

    drawn = [at(on, percent) for on, percent in points]
    last = drawn[-1] if drawn else None
    spread = [
        (at(each.deadline, each.low), at(each.deadline, each.mid), at(each.deadline, each.high))
        for each in fan
        if each.low is not None and each.mid is not None and each.high is not None
    ]
    if not fan and chance is not None:
        low, mid, high = chance
        if low is not None and mid is not None and high is not None:
            spread = [(at(goal[0], low), at(goal[0], mid), at(goal[0], high))]
    ahead = [each for each in spread if last is not None and each[1][0] > last[0]]
    known = [at(on, percent) for on, percent in targets]
    begin = (frame.x(0, year.days), frame.y(Decimal(0)))
    return CurveDrawing(
        frame=frame,
        days=(begin, (frame.x(year.days, year.days), frame.y(Decimal(100)))),
        target=_joined(known) if len(known) > 1 else "",
        dots=tuple(known),
        line=_joined([begin, *drawn]) if drawn else "",
        last=last,
        fan=_joined([last, *(p[0] for p in ahead), *(p[2] for p in reversed(ahead))])
        if last and ahead
        else "",
        mid=_joined([last, *(p[1] for p in ahead)]) if last and ahead else "",
        ends=ahead[-1] if ahead else (),
        goal=at(*goal),
        today=frame.x(year.day_number(today), year.days)
        if today and year.contains(today)
        else None,
        across=tuple(_months(year, frame)),
        upwards=tuple(
            Tick(frame.y(Decimal(percent)), f"{percent}") for percent in (0, 25, 50, 75, 100)
        ),
    )


def _months(year: FiscalYear, frame: Frame) -> Iterable[Tick]:
    """Each month's first day: all of them where there is room, else the quarters'."""
    step = 1 if frame.width > 400 else 3
    for number, (ce, month) in enumerate(year.months()):
        if number % step == 0:
            first = date(ce, month, 1)
            yield Tick(frame.x(year.day_number(first) - 1, year.days), month_name(first))


def _joined(points: Iterable[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
