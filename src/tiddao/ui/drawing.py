"""Geometry of the small drawings that the server makes: radar and spark. Numbers only, no markup."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import Protocol

Point = tuple[float, float]

WIDTH, RADIUS = 360, 82
CENTRE: Point = (WIDTH / 2, 134)
LABEL_GAP = 12
LINE_HEIGHT = 17
LETTER = 8.0
"""Mean advance of a Thai letter at the label's 13 px, in units; signs above and below take none."""


class Share(Protocol):
    """A dimension as the radar needs it: its name, and its share of full marks, 0–1 or None."""

    @property
    def name(self) -> str: ...
    @property
    def share(self) -> Decimal | float | None: ...


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of an axis label; x, y of the first baseline."""

    x: float
    y: float
    anchor: str  # start | middle | end
    lines: tuple[tuple[str, float], ...]  # text, y


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension: the rim point of its axis, the point of its value, its label."""

    name: str
    share: Decimal | None
    rim: Point
    point: Point | None
    label: Label


@dataclass(frozen=True, slots=True)
class Radar:
    """What the radar's template draws; coordinates in a box of WIDTH."""

    axes: tuple[Axis, ...]
    rings: tuple[str, ...]  # polygon points of 20, 40 … 100 %
    fills: tuple[str, ...]  # triangles between neighbours that both have a value
    edges: tuple[tuple[Point, Point], ...]  # outline, open beside a gap

    box: str  # the SVG's viewBox, just as high as what is drawn
    centre: Point = CENTRE


def radar_of(dimensions: Iterable[Share]) -> Radar:
    """Return the drawing of 3–8 dimensions, the first on top, clockwise. Raises ValueError else.

    A dimension without a share has an axis and a label but no point, and leaves the outline open.
    """
    given = [(d.name, None if d.share is None else Decimal(str(d.share))) for d in dimensions]
    if not 3 <= len(given) <= 8:
        raise ValueError(f"a radar has 3 to 8 axes, not {len(given)}")
    count = len(given)
    axes = []
    for i, (name, share) in enumerate(given):
        if share is not None and not 0 <= share <= 1:
            raise ValueError(f"the share of {name} is {share}, not 0 to 1")
        axes.append(
            Axis(
                name=name,
                share=share,
                rim=_at(i, count, 1.0),
                point=None if share is None else _at(i, count, float(share)),
                label=_label(name, i, count),
            )
        )
    lines = [y for axis in axes for _, y in axis.label.lines]
    top, bottom = min(lines) - LINE_HEIGHT, max(lines) + LINE_HEIGHT / 2
    neighbours = [
        (a.point, b.point)
        for a, b in zip(axes, axes[1:] + axes[:1], strict=True)
        if a.point is not None and b.point is not None
    ]
    return Radar(
        axes=tuple(axes),
        rings=tuple(
            _points([_at(i, count, ring / 5) for i in range(count)]) for ring in range(1, 6)
        ),
        fills=tuple(_points([CENTRE, a, b]) for a, b in neighbours),
        edges=tuple(neighbours),
        box=f"0 {top:.0f} {WIDTH} {bottom - top:.0f}",
    )


def _at(i: int, count: int, share: float) -> Point:
    angle = 2 * math.pi * i / count - math.pi / 2
    return (
        round(CENTRE[0] + math.cos(angle) * RADIUS * share, 1),
        round(CENTRE[1] + math.sin(angle) * RADIUS * share, 1),
    )


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _label(name: str, i: int, count: int) -> Label:
    angle = 2 * math.pi * i / count - math.pi / 2
    across, down = math.cos(angle), math.sin(angle)
    x = CENTRE[0] + across * (RADIUS + LABEL_GAP)
    y = CENTRE[1] + down * (RADIUS + LABEL_GAP)
    if abs(across) < 0.2:
        anchor, room = "middle", float(WIDTH - 80)
    elif across > 0:
        anchor, room = "start", WIDTH - x - 2
    else:
        anchor, room = "end", x - 2
    lines = wrapped(name, room)
    # A label on top grows upwards, one below grows downwards, one beside stands centred.
    height = LINE_HEIGHT * (len(lines) - 1)
    first = y + 4 - height * (1 - down) / 2
    return Label(
        x=round(x, 1),
        y=round(first, 1),
        anchor=anchor,
        lines=tuple((line, round(first + n * LINE_HEIGHT, 1)) for n, line in enumerate(lines)),
    )


def letters(text: str) -> int:
    """Return how many letters take room in a line: Thai vowels and tones above and below take none."""
    return sum(
        1
        for c in text
        if not ("\u0e34" <= c <= "\u0e3a" or "\u0e47" <= c <= "\u0e4e" or c == "\u0e31")
    )


@lru_cache(maxsize=512)
def wrapped(text: str, room: float) -> tuple[str, ...]:
    """Return the text in at most three lines of the room (units), broken between words.

    A fourth line would be cut: the third then ends in an ellipsis, and the table has the whole.
    """
    fit = max(int(room / LETTER), 4)
    lines: list[str] = [""]
    for piece in _pieces(text, fit):
        if lines[-1] and letters((lines[-1] + piece).rstrip()) > fit:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    lines = [line.strip() for line in lines]
    if len(lines) > 3:
        lines = [*lines[:2], lines[2] + "…"]
    return tuple(lines)


def _pieces(text: str, fit: int) -> list[str]:
    """Split at spaces, and inside a run that is too long for a line at Thai words."""
    runs = re.findall(r"\S+\s*", text)
    if all(letters(run.rstrip()) <= fit for run in runs):
        return [text] if letters(text) <= fit else runs
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 -- takes a moment to load
    from pythainlp.util import Trie  # noqa: PLC0415 -- as above

    words = word_tokenize(text, custom_dict=Trie(_words_in(text)), engine="newmm")
    return [piece for piece in words if piece]


def _words_in(text: str) -> frozenset[str]:
    """Return the words of the dictionary that stand anywhere in the text.

    They divide it as the whole dictionary does, whose tree takes half a second to grow.
    """
    from pythainlp.corpus import thai_words  # noqa: PLC0415 -- takes a moment to load

    return thai_words() & {text[start:end] for start, end in combinations(range(len(text) + 1), 2)}


@dataclass(frozen=True, slots=True)
class Spark:
    """What the spark's template draws in a 100 × 24 box."""

    lines: tuple[str, ...]  # polyline points, one per unbroken run of two or more
    dots: tuple[Point, ...]  # runs of one
    last: Point | None


def spark_of(values: Sequence[Decimal | float | None]) -> Spark:
    """Return the drawing of a trend; None breaks the line. A flat or single value lies in the middle."""
    known = [float(v) for v in values if v is not None]
    if not known:
        return Spark((), (), None)
    low, high = min(known), max(known)
    step = 92 / max(len(values) - 1, 1)
    runs: list[list[Point]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        height = 0.5 if high == low else (float(value) - low) / (high - low)
        x = 4 + i * step if len(values) > 1 else 50
        runs[-1].append((round(x, 1), round(20 - 16 * height, 1)))
    runs = [run for run in runs if run]
    return Spark(
        lines=tuple(_points(run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        last=runs[-1][-1],
    )
