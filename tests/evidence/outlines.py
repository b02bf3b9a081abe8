"""Plain outlines: squares of half a degree, so that distances can be reckoned by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from tiddao.places.models import Shape
from tiddao.places.rules.plane import path_of_rings, to_plane

# west, south, east, north in degrees; a degree of latitude is 111.32 km
SQUARES = {
    "57": (99.5, 19.5, 100.5, 20.5),
    "5712": (100.0, 19.5, 100.5, 20.0),  # holds (19.85, 100.15)
    "5713": (99.5, 19.5, 100.0, 20.0),
}


def make_outlines() -> dict[str, tuple[float, float, float, float]]:
    for code, (west, south, east, north) in SQUARES.items():
        corners = [(west, north), (east, north), (east, south), (west, south), (west, north)]
        ring = [to_plane(*corner) for corner in corners]
        xs, ys = [round(x) for x, _ in ring], [round(y) for _, y in ring]
        Shape.objects.create(
            place_id=code,
            path=path_of_rings([ring]),
            box=[min(xs), min(ys), max(xs), max(ys)],
            label_x=(min(xs) + max(xs)) // 2,
            label_y=(min(ys) + max(ys)) // 2,
            source="สี่เหลี่ยมทดสอบ",
            loaded_at=datetime(2023, 1, 1, tzinfo=UTC),
        )
    return SQUARES
