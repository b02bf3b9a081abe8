"""Reads outlines of places from GeoJSON and TopoJSON, both in longitude and latitude."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]  # longitude, latitude in degrees
Ring = tuple[Point, ...]  # closed: first point = last point
Polygon = tuple[Ring, ...]  # outer ring, then holes

WEST, SOUTH, EAST, NORTH = 96.0, 5.0, 107.0, 21.5  # degrees; Thailand with a margin


class OutlineFileError(ValueError):
    """The file cannot be used as outlines; the message says where."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of the file. number: from 1, in the file's order; properties include its id."""

    number: int
    properties: dict[str, str]
    polygons: tuple[Polygon, ...]


def read_outlines(content: bytes) -> tuple[Feature, ...]:
    """Return the features that have an area, in the file's order.

    Raises OutlineFileError for what is neither GeoJSON nor TopoJSON, a missing arc, a ring of fewer
    than four points, or coordinates that are not degrees within Thailand.

    Source: RFC 7946 (GeoJSON); TopoJSON format specification 1.0 (quantised arcs, section 2.1).
    """
    try:
        document = json.loads(content)
    except ValueError as error:
        raise OutlineFileError(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise OutlineFileError("neither GeoJSON nor TopoJSON: the file holds no object")
    if document.get("type") == "Topology":
        raw = _topojson(document)
    elif document.get("type") == "FeatureCollection":
        raw = _geojson(document)
    else:
        raise OutlineFileError(
            f"neither a GeoJSON FeatureCollection nor a TopoJSON Topology: {document.get('type')!r}"
        )
    features = []
    for number, (properties, polygons) in enumerate(raw, start=1):
        _check(number, polygons)
        features.append(Feature(number, properties, tuple(polygons)))
    if not features:
        raise OutlineFileError("the file holds no features")
    return tuple(features)


def _geojson(document: dict[str, Any]) -> Iterable[tuple[dict[str, str], list[Polygon]]]:
    for number, feature in enumerate(document.get("features") or (), start=1):
        geometry = feature.get("geometry")
        if not geometry:
            raise OutlineFileError(f"feature {number}: no geometry")
        yield _properties(feature), list(_geojson_polygons(number, geometry))


def _geojson_polygons(number: int, geometry: dict[str, Any]) -> Iterable[Polygon]:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _geojson_polygons(number, part)
        return
    if kind not in {"Polygon", "MultiPolygon"}:
        raise OutlineFileError(f"feature {number}: {kind} is not an area")
    polygons = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
    for rings in polygons:
        yield tuple(tuple((float(p[0]), float(p[1])) for p in ring) for ring in rings)


def _topojson(document: dict[str, Any]) -> Iterable[tuple[dict[str, str], list[Polygon]]]:
    arcs = _decoded_arcs(document)
    objects = document.get("objects") or {}
    if len(objects) != 1:
        names = ", ".join(objects) or "none"
        raise OutlineFileError(f"a TopoJSON file with one layer is needed, this one has: {names}")
    (layer,) = objects.values()
    for number, geometry in enumerate(layer.get("geometries", [layer]), start=1):
        kind = geometry.get("type")
        if kind not in {"Polygon", "MultiPolygon"}:
            raise OutlineFileError(f"feature {number}: {kind} is not an area")
        lists = [geometry["arcs"]] if kind == "Polygon" else geometry["arcs"]
        polygons = [tuple(_ring(number, ring, arcs) for ring in rings) for rings in lists]
        yield _properties(geometry), polygons


def _decoded_arcs(document: dict[str, Any]) -> list[list[Point]]:
    """Return every arc as points; quantised arcs hold differences, to be summed and scaled."""
    transform = document.get("transform")
    decoded = []
    for arc in document.get("arcs") or ():
        if transform is None:
            decoded.append([(float(p[0]), float(p[1])) for p in arc])
            continue
        (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
        x = y = 0
        points = []
        for step in arc:
            x += step[0]
            y += step[1]
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        decoded.append(points)
    return decoded


def _ring(number: int, indexes: Sequence[int], arcs: list[list[Point]]) -> Ring:
    """Join arcs end to end; ~i (negative) is arc i backwards; the shared points count once."""
    points: list[Point] = []
    for index in indexes:
        position = ~index if index < 0 else index
        if position >= len(arcs):
            raise OutlineFileError(f"feature {number}: arc {position} is missing from the file")
        arc = arcs[position][::-1] if index < 0 else arcs[position]
        points.extend(arc[1:] if points else arc)
    return tuple(points)


def _properties(feature: dict[str, Any]) -> dict[str, str]:
    values = dict(feature.get("properties") or {})
    if feature.get("id") is not None:
        values.setdefault("id", feature["id"])
    return {
        str(key): str(value).strip()
        for key, value in values.items()
        if isinstance(value, str | int) and str(value).strip()
    }


def _check(number: int, polygons: Sequence[Polygon]) -> None:
    for ring in (ring for polygon in polygons for ring in polygon):
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise OutlineFileError(f"feature {number}: a ring is not closed or has under 4 points")
        for x, y in ring:
            if not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
                raise OutlineFileError(
                    f"feature {number}: {x:g}, {y:g} is not a longitude and latitude in Thailand"
                )
