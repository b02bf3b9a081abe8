"""Maps of places as shapes to draw: outlines where they are known, else tiles."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil, sqrt
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext

from tiddao.places import tree
from tiddao.places.models import Level, Place
from tiddao.places.queries.units import Unit, former_names, full_name, short_name
from tiddao.places.rules.province_tiles import province_tiles

BANDS: Final = (1, 2, 3, 4, 5)
MOST_SHAPES: Final = 1_000  # a map of more is unreadable and heavy (anchors.md §3 no. 10)
_MOST_MARKS = 120  # more numbers than this would cover the map
_TILE = 100  # units of the drawing
_TILE_LETTERS = 14  # letters of a name that fit a tile, Thai vowels above and below not counted
_LETTER_WIDTH = 0.56  # of its height, on average
_DARK: Final = (4, 5)  # bands on which a mark is white
_SHEET_LETTER = 11  # the style sheet's size of letters in a map, in units


@dataclass(frozen=True, slots=True)
class MapValue:
    """What a place shows: band 1 (lowest) to 5, None for "no data"; label: the value in words.

    mark: what is written on the place; "" writes the band's number.
    """

    band: int | None
    label: str
    href: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class MapShape:
    """One place drawn. path: SVG path data; (x, y): where its mark stands."""

    code: str
    title: str  # "อำเภอเทิง: 4 ดาว"
    name: str
    band: int | None
    path: str
    x: int
    y: int
    mark: str  # as given, the band's number or "–"; "" where marks would cover the map
    href: str

    @property
    def css(self) -> str:
        """The class of the band's colour."""
        return css_of(self.band)

    @property
    def css_of_mark(self) -> str:
        """The class that makes a mark readable on a dark band."""
        return "on-dark" if self.band in _DARK else ""

    @property
    def short(self) -> str:
        """The name, cut to what a tile holds."""
        if _width(self.name) <= _TILE_LETTERS:
            return self.name
        return f"{self.name[: _TILE_LETTERS - 1]}…"


@dataclass(frozen=True, slots=True)
class LegendStep:
    """One step of the legend."""

    css: str
    words: str
    is_hatched: bool  # "no data" is told from the palest band by more than its colour


@dataclass(frozen=True, slots=True)
class MapView:
    """A map ready for ``places/map.html``. All lengths in units of the view box."""

    key: str  # tells the patterns of several maps on one page apart
    title: str
    is_tiles: bool
    view_box: tuple[int, int, int, int]  # x, y, width, height
    shapes: tuple[MapShape, ...]
    not_drawn: tuple[MapShape, ...]  # places without an outline: listed below the map
    legend: tuple[LegendStep, ...]  # of the bands that occur, highest first
    grain: int  # side of a square of the pattern for "no data"
    letter_scale: str  # of a mark, against the 11 px of the style sheet
    source: str  # of the outlines
    too_many: int  # places of the level, where they are too many for a map; else 0


def map_of(
    scope: Unit,
    level: Level | str,
    values: Mapping[str, MapValue],
    *,
    on: date,
    known_at: datetime | None = None,
    title: str = "",
    band_words: Mapping[int | None, str] | None = None,
) -> MapView:
    """Return the map of the places of a level within the scope, as they stood on the day.

    known_at: by the map as it was known at that moment, and the names it had. values: by place code; a place that is missing is drawn as "no data". Outlines are drawn when at
    least half of the places have one; else tiles: provinces in the shape of the country, others by
    name in rows. band_words: what the legend says of a band. One query. Raises ValueError for a level that is not below the scope's members.
    """
    level = Level(level)
    places = list(_places(scope, level, on=on, known_at=known_at)[: MOST_SHAPES + 1])
    names = former_names([each.code for each in places], known_at=known_at)
    for place in places:
        place.name_th, place.name_en = names.get(place.code, (place.name_th, place.name_en))
    key = f"{scope.key}-{level}"
    title = title or gettext("Map of %(name)s") % {"name": scope.full_name}
    if len(places) > MOST_SHAPES:
        count = _places(scope, level, on=on, known_at=known_at).count()
        return MapView(key, title, True, (0, 0, 1, 1), (), (), (), 1, "1", "", count)
    outlined = [place for place in places if _has_outline(place)]
    if places and len(outlined) * 2 >= len(places):
        return _outline_map(key, title, places, values, band_words or {})
    return _tile_map(key, title, places, values, band_words or {}, level=level)


def _places(scope: Unit, level: Level, *, on: date, known_at: datetime | None) -> QuerySet[Place]:
    existed = tree.exists_on(on, known_at=known_at)
    return (
        Place.objects.filter(existed, tree.within_any(scope.members), level=level)
        .select_related("shape")
        .order_by("sort_key", "code")
    )


def _has_outline(place: Place) -> bool:
    return hasattr(place, "shape")


def _outline_map(
    key: str,
    title: str,
    places: Sequence[Place],
    values: Mapping[str, MapValue],
    words: Mapping[int | None, str],
) -> MapView:
    marked = len(places) <= _MOST_MARKS
    drawn, missing = [], []
    boxes = []
    for place in places:
        if _has_outline(place):
            shape = place.shape
            boxes.append(shape.box)
            drawn.append(
                _shape(place, values, shape.path, shape.label_x, shape.label_y, marked=marked)
            )
        else:
            missing.append(_shape(place, values, "", 0, 0, marked=marked))
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    size = max(right - left, bottom - top)
    margin = max(1, size // 50)
    view_box = (
        left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin
    )  # fmt: skip
    sources = sorted({place.shape.source for place in places if _has_outline(place)})
    return _view(
        key, title, drawn, missing, view_box, words=words,
        letter=size / 32, source=", ".join(sources), is_tiles=False,
    )  # fmt: skip


def _tile_map(
    key: str,
    title: str,
    places: Sequence[Place],
    values: Mapping[str, MapValue],
    words: Mapping[int | None, str],
    *,
    level: Level,
) -> MapView:
    columns = max(1, ceil(sqrt(len(places) * 1.5)))
    grid = province_tiles() if level == Level.PROVINCE and len(places) > 1 else {}
    cells = {
        place.code: grid.get(place.code) or divmod(position, columns)
        for position, place in enumerate(places)
    }
    if grid and len(set(cells.values())) < len(cells):  # a province that the grid does not know
        cells = {p.code: divmod(position, columns) for position, p in enumerate(places)}
    side = _TILE - 8
    drawn = [
        _shape(
            place,
            values,
            f"m{column * _TILE + 4} {row * _TILE + 4}h{side}v{side}h-{side}z",
            column * _TILE + _TILE // 2,
            row * _TILE + _TILE // 2,
            marked=True,
        )
        for place in places
        for row, column in [cells[place.code]]
    ]
    rows = [row for row, _ in cells.values()] or [0]
    across = [column for _, column in cells.values()] or [0]
    view_box = (
        min(across) * _TILE,
        min(rows) * _TILE,
        (max(across) - min(across) + 1) * _TILE,
        (max(rows) - min(rows) + 1) * _TILE,
    )
    longest = max((_width(shape.short) for shape in drawn), default=1)
    letter = min(_TILE / 5, side / (longest * _LETTER_WIDTH))  # the longest name fits its tile
    return _view(
        key, title, drawn, [], view_box, words=words, letter=letter, source="", is_tiles=True
    )


def _shape(
    place: Place,
    values: Mapping[str, MapValue],
    path: str,
    x: int,
    y: int,
    *,
    marked: bool,
) -> MapShape:
    value = values.get(place.code)
    band = value.band if value else None
    if band is not None and band not in BANDS:
        raise ValueError(f"a band is 1 to 5, not {band}: {place.code}")
    label = value.label if value else gettext("no data")
    own = value.mark if value else ""
    mark = (own or ("–" if band is None else str(band))) if marked else ""
    return MapShape(
        code=place.code,
        title=f"{full_name(place)}: {label}",
        name=short_name(place),
        band=band,
        path=path,
        x=x,
        y=y,
        mark=mark,
        href=value.href if value else "",
    )


def _view(
    key: str,
    title: str,
    drawn: Sequence[MapShape],
    missing: Sequence[MapShape],
    view_box: tuple[int, int, int, int],
    *,
    words: Mapping[int | None, str],
    letter: float,
    source: str,
    is_tiles: bool,
) -> MapView:
    found = {shape.band for shape in (*drawn, *missing)}
    return MapView(
        key=key,
        title=title,
        is_tiles=is_tiles,
        view_box=view_box,
        shapes=tuple(drawn),
        not_drawn=tuple(missing),
        legend=tuple(
            LegendStep(css_of(band), words.get(band) or _words_of(band), band is None)
            for band in (*BANDS[::-1], None)
            if band in found
        ),
        grain=max(4, max(view_box[2:]) // 110),
        letter_scale=f"{letter / _SHEET_LETTER:.2f}",
        source=source,
        too_many=0,
    )


def _width(text: str) -> int:
    """Count the letters that take room: Thai vowels and tones above or below take none."""
    return sum(unicodedata.category(sign) != "Mn" for sign in text)


def css_of(band: int | None) -> str:
    """Return the class of a band's colour."""
    return "scale-none" if band is None else f"scale-{band}"


def _words_of(band: int | None) -> str:
    return gettext("no data") if band is None else gettext("Band %(band)d") % {"band": band}
