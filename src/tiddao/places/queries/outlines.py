"""Where a point on the earth lies among the outlines that are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import shapely

from tiddao.places import tree
from tiddao.places.models import NATION, Shape
from tiddao.places.rules.plane import UNITS_PER_DEGREE, rings_of_path, to_plane

METRES_PER_UNIT = 111_320 / UNITS_PER_DEGREE
"""Length of a degree of latitude over the plane's units: about 55.7 m."""


@dataclass(frozen=True, slots=True)
class PointAmongPlaces:
    """A point against a place. nearest_known: the place, or the nearest above it whose outline is
    known; metres: how far from that outline, 0 inside; both None where no outline is known.
    smallest: the smallest place whose known outline holds the point, None for none.
    """

    nearest_known: str | None
    metres: int | None
    smallest: str | None


def point_among_places(
    latitude: Decimal, longitude: Decimal, code: str, *, on: date
) -> PointAmongPlaces:
    """Compare a point (degrees, WGS 84) with a place and find where it lies. One query.

    Outlines are simplified by about a kilometre, so a point near a border may lie on either side.
    """
    x, y = to_plane(float(longitude), float(latitude))
    point = shapely.Point(x, y)
    line = [above for above in (*tree.ancestor_codes(code), code) if above != NATION]
    around = {"box__0__lte": x, "box__1__lte": y, "box__2__gte": x, "box__3__gte": y}
    rows = Shape.objects.filter(tree.exists_on(on, "place__"), place__in=line) | (
        Shape.objects.filter(tree.exists_on(on, "place__"), **around)
    )
    outlines = dict(rows.values_list("place_id", "path"))
    known = max((each for each in line if each in outlines), key=len, default=None)
    holding = [
        each
        for each, path in outlines.items()
        if each != NATION and shapely.covers(_area(path), point)
    ]
    metres = None
    if known is not None:
        metres = round(shapely.distance(_area(outlines[known]), point) * METRES_PER_UNIT)
    return PointAmongPlaces(
        known, metres, max(holding, key=lambda each: (len(each), each), default=None)
    )


def _area(path: str) -> shapely.Geometry:
    """The area of path data: holes by the even-odd rule."""
    area: shapely.Geometry = shapely.Polygon()
    for ring in rings_of_path(path):
        area = shapely.symmetric_difference(area, shapely.make_valid(shapely.Polygon(ring)))
    return area
