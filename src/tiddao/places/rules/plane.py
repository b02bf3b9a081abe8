"""The plane of the maps, and outlines in it as SVG path data and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import cos, radians

UNITS_PER_DEGREE = 2_000  # a unit is about 55 m
_WEST, _NORTH, _MIDDLE = 97.0, 21.0, 13.0  # degrees
_NUMBER = re.compile(r"-?\d+")

Cell = tuple[int, int]


def to_plane(longitude: float, latitude: float) -> tuple[float, float]:
    """Return x to the east and y to the south, in units.

    Source: equirectangular projection with the standard parallel 13° N, models.Shape.
    """
    x = (longitude - _WEST) * UNITS_PER_DEGREE * cos(radians(_MIDDLE))
    return x, (_NORTH - latitude) * UNITS_PER_DEGREE


def path_of_rings(rings: Iterable[Sequence[tuple[float, float]]]) -> str:
    """Return SVG path data of closed rings (first point = last), rounded to whole units.

    A ring that shrinks to fewer than three different cells is left out.

    Source: SVG 2, section 9.3 (path data).
    """
    parts = []
    x0 = y0 = 0
    for ring in rings:
        cells = _distinct([(round(x), round(y)) for x, y in ring])
        if len(cells) < 3:
            continue
        x, y = cells[0]
        steps = []
        for next_x, next_y in cells[1:]:
            steps.append(f"{_glued(next_x - x)}{_glued(next_y - y)}".lstrip())
            x, y = next_x, next_y
        start_x, start_y = cells[0]
        parts.append(f"m{start_x - x0}{_glued(start_y - y0)}l{''.join(_spaced(steps))}z")
        x0, y0 = start_x, start_y
    return "".join(parts)


def rings_of_path(path: str) -> list[list[Cell]]:
    """Return the closed rings of path data written by ``path_of_rings``.

    Source: the inverse of path_of_rings.
    """
    rings = []
    x0 = y0 = 0
    for part in path.split("m")[1:]:
        numbers = [int(text) for text in _NUMBER.findall(part)]
        x0, y0 = x0 + numbers[0], y0 + numbers[1]
        x, y = x0, y0
        ring = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        ring.append(ring[0])
        rings.append(ring)
    return rings


def _distinct(cells: Sequence[Cell]) -> list[Cell]:
    kept: list[Cell] = []
    for cell in cells:
        if not kept or cell != kept[-1]:
            kept.append(cell)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def _glued(number: int) -> str:
    """Return the number as it follows another: a minus sign separates by itself."""
    return str(number) if number < 0 else f" {number}"


def _spaced(steps: Iterable[str]) -> Iterable[str]:
    for position, step in enumerate(steps):
        yield step if position == 0 or step.startswith("-") else f" {step}"
