"""Taking in the outlines of places from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Shape
from tiddao.places.rules.feature_matching import KnownPlace, Matcher, detect_keys
from tiddao.places.rules.outline_file import Feature, OutlineFileError, read_outlines
from tiddao.places.rules.plane import path_of_rings, rings_of_path, to_plane

# Units of the plane (55 m): a district map of the nation stays under 300 kB of SVG.
TOLERANCE = {Level.PROVINCE: 12.0, Level.DISTRICT: 18.0}
_SMALLEST_ISLAND = 60.0  # square units, about 0.2 km²; the largest part of a place always stays
_COAST = 150.0  # units, about 8 km: how far off a simplified coast an island may lie


@dataclass(frozen=True, slots=True)
class ShapeReport:
    """What the file holds and what was made of it. Lists: features as written, with the reason."""

    level: str
    features: int
    places: int
    places_matched: int
    by_location: bool  # each feature was checked against the outlines of the provinces
    doubtful: tuple[dict[str, Any], ...]  # taken, but code or name disagree
    unmatched: tuple[dict[str, Any], ...]
    without_outline: tuple[str, ...]  # places the file does not show
    path_bytes: int
    written: bool


@transaction.atomic
def import_shapes(
    content: bytes,
    *,
    level: Level,
    source: str,
    at: datetime,
    by: Actor,
    dry_run: bool = False,
    skip_unmatched: bool = False,
) -> ShapeReport:
    """Read outlines of provinces or districts and store them simplified, neighbours still touching.

    Several features of one place (islands) become one outline. With dry_run nothing is written;
    nor when features match no place, unless skip_unmatched.
    Raises OutlineFileError for a file that cannot be read or holds no code and no name.
    """
    on = timezone.localdate(at)
    features = read_outlines(content)
    known = [
        KnownPlace(place.code, place.code[:2], place.name_th, place.name_en)
        for place in tree.descendants(NATION, on=on, level=level).order_by("code")
    ]
    keys = detect_keys([feature.properties for feature in features], known)
    if keys is None:
        raise OutlineFileError(f"no property of the features holds a code or name of a {level}")
    provinces = _Provinces() if level != Level.PROVINCE else None
    matcher = Matcher(known, keys)
    outlines = [_outline(feature) for feature in features]
    matches = matcher.match_all(
        [
            (
                feature.number,
                feature.properties,
                provinces.around(outline, feature.properties.get(keys.code or "", "")[:2])
                if provinces
                else None,
            )
            for feature, outline in zip(features, outlines, strict=True)
        ]
    )
    parts: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for match, outline in zip(matches, outlines, strict=True):
        if match.code:
            parts[match.code].append(outline)
    shapes = _simplified(parts, TOLERANCE[level], source=source, at=at)
    unmatched = [match for match in matches if match.code is None]
    names = {place.code: f"{place.code} {place.name_th}" for place in known}
    write = bool(shapes) and not dry_run and (skip_unmatched or not unmatched)
    report = ShapeReport(
        level=level,
        features=len(features),
        places=len(known),
        places_matched=len(parts),
        by_location=bool(provinces and provinces.known),
        doubtful=tuple(
            asdict(match) | {"place": names[match.code]}
            for match in matches
            if match.code and match.doubt
        ),
        unmatched=tuple(asdict(match) for match in unmatched),
        without_outline=tuple(names[code] for code in names if code not in parts),
        path_bytes=sum(len(shape.path) for shape in shapes),
        written=write,
    )
    if write:
        Shape.objects.bulk_create(
            shapes,
            update_conflicts=True,
            unique_fields=["place"],
            update_fields=["path", "box", "label_x", "label_y", "source", "loaded_at"],
        )
        record(
            "import_shapes",
            on=f"shapes:{level}",
            by=by,
            at=at,
            place=NATION,
            after=[[shape.place_id, shape.path] for shape in shapes],
            detail={"source": source, "features": len(features), "places": len(parts)},
        )
    return report


def _outline(feature: Feature) -> shapely.Geometry:
    polygons = [
        shapely.Polygon(
            [to_plane(*point) for point in rings[0]],
            [[to_plane(*point) for point in ring] for ring in rings[1:]],
        )
        for rings in feature.polygons
    ]
    return shapely.make_valid(shapely.MultiPolygon(polygons))


def _simplified(
    parts: dict[str, list[shapely.Geometry]], tolerance: float, *, source: str, at: datetime
) -> list[Shape]:
    codes = sorted(parts)
    whole = [_areas(shapely.union_all(parts[code])) for code in codes]
    shapes = []
    for code, outline in zip(codes, shapely.coverage_simplify(whole, tolerance), strict=True):
        path = path_of_rings(_rings(outline)) or path_of_rings(_rings(whole[codes.index(code)]))
        label = shapely.point_on_surface(max(shapely.get_parts(outline), key=shapely.area))
        x = [cell[0] for ring in rings_of_path(path) for cell in ring]
        y = [cell[1] for ring in rings_of_path(path) for cell in ring]
        shapes.append(
            Shape(
                place_id=code,
                path=path,
                box=[min(x), min(y), max(x), max(y)],
                label_x=round(label.x),
                label_y=round(label.y),
                source=source,
                loaded_at=at,
            )
        )
    return shapes


def _areas(outline: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons alone (make_valid may leave lines), without specks of islands."""
    polygons = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    largest = max(polygons, key=lambda part: part.area)
    kept = [part for part in polygons if part is largest or part.area >= _SMALLEST_ISLAND]
    return shapely.MultiPolygon(kept)


def _rings(outline: shapely.Geometry) -> list[Sequence[tuple[float, float]]]:
    rings: list[Sequence[tuple[float, float]]] = []
    for polygon in shapely.get_parts(outline):
        rings.append(list(polygon.exterior.coords))
        rings.extend(list(hole.coords) for hole in polygon.interiors)
    return rings


class _Provinces:
    """The outlines of the provinces that are stored, to see in which one a feature lies."""

    def __init__(self) -> None:
        rows = Shape.objects.filter(place__level=Level.PROVINCE).order_by("place_id")
        self.codes: list[str] = []
        outlines = []
        for code, path in rows.values_list("place_id", "path"):
            area: shapely.Geometry = shapely.Polygon()
            for ring in rings_of_path(path):
                area = shapely.symmetric_difference(area, shapely.make_valid(shapely.Polygon(ring)))
            self.codes.append(code)
            outlines.append(area)
        self.known = bool(outlines)
        self.outlines = outlines

    def around(self, outline: shapely.Geometry, claimed: str) -> str | None:
        """Return the province in which the outline lies, None where that is not known.

        claimed: the province of the feature's own code, believed within _COAST of that province:
        files differ at borders and in how they draw a coast.
        """
        if not self.known:
            return None
        distances = shapely.distance(self.outlines, outline)
        if claimed in self.codes and distances[self.codes.index(claimed)] <= _COAST:
            return claimed
        shared = shapely.area(shapely.intersection(self.outlines, outline))
        best = int(shared.argmax())
        return self.codes[best] if shared[best] > 0 else None
