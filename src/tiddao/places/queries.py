"""Reads about places, groups and offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from tiddao.places import tree
from tiddao.places.models import Place, PlaceGroup


@dataclass(frozen=True, slots=True)
class Unit:
    """A place or a group of places: whatever can have a page, a score and a league table.

    key: place code or group key. level: a place level or a group kind. members: codes of a group's
    places on the day; of a place, its own code.
    """

    key: str
    level: str
    name_th: str
    name_en: str
    is_group: bool
    members: frozenset[str]
    within: str  # a group's own home; of a place, its parent ("" for the nation)

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_th


def find_unit(key: str, *, on: date) -> Unit | None:
    """Return the place or group of that key as it stood on the day, or None."""
    if key[:1].isdigit() or key == "th":
        place = Place.objects.filter(tree.exists_on(on), code=key).first()
        return unit_of_place(place) if place else None
    group = PlaceGroup.objects.filter(tree.exists_on(on), key=key).first()
    if group is None:
        return None
    return Unit(
        key=group.key,
        level=group.kind,
        name_th=group.name_th,
        name_en=group.name_en,
        is_group=True,
        members=tree.members_of({group.key}, on=on)[group.key],
        within=group.within_id,
    )


def unit_of_place(place: Place) -> Unit:
    """Return the place as a unit."""
    return Unit(
        key=place.code,
        level=place.level,
        name_th=place.name_th,
        name_en=place.name_en,
        is_group=False,
        members=frozenset({place.code}),
        within=place.parent_id or "",
    )
