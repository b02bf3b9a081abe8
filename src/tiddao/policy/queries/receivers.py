"""Offices that a directive may go to, said by the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Length

from tiddao.places import tree
from tiddao.places.models import NATION, Level, Office, OfficeKind, Place, PlaceGroup
from tiddao.places.queries.units import full_name
from tiddao.policy.rules.receivers import Choice

FEW_OFFICES = 80
"""Up to so many offices in scope, districts are offered one by one."""


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office that may be asked. place_name: "จังหวัดเชียงราย"; above: code of the place above its own."""

    code: str
    name: str
    place: str
    place_name: str
    kind: str
    above: str


@dataclass(frozen=True, slots=True)
class UnitOffered:
    """A place or group within which offices may be asked. provinces, districts: how many it has."""

    key: str
    name: str
    kind: str  # a level or a kind of group
    provinces: int
    districts: int


def offices_of(choice: Choice, *, scope: Collection[str], on: date) -> tuple[OfficeLine, ...]:
    """Return the offices of the choice within the scope, by place code. Three queries."""
    codes = {unit for unit in choice.within if tree_code(unit)}
    members = tree.members_of({unit for unit in choice.within if not tree_code(unit)}, on=on)
    codes.update(code for some in members.values() for code in some)
    rows = Office.objects.filter(
        tree.exists_on(on),
        tree.within_any(codes, "place__"),
        tree.within_any(scope, "place__"),
        kind__in=choice.levels,
    )
    return tuple(
        line
        for line in _lines(rows.select_related("place").order_by("place_id"))
        if not tree.is_within_any(line.place, choice.left_out)
    )


def offices_named(codes: Collection[str], *, on: date) -> tuple[OfficeLine, ...]:
    """Return the offices with these codes that exist on the day. One query."""
    rows = Office.objects.filter(tree.exists_on(on), code__in=codes)
    return tuple(_lines(rows.select_related("place").order_by("place_id")))


def units_offered(scope: Collection[str], *, on: date) -> tuple[UnitOffered, ...]:
    """Return the nation, provinces and groups within a scope that offices can be picked by.

    Places first, then groups; those that hold no office below the scope are left out. Four queries.
    """
    offices = list(
        Office.objects.filter(tree.exists_on(on), tree.within_any(scope, "place__"))
        .exclude(kind=OfficeKind.DEPARTMENT)
        .values_list("place_id", "kind")
    )
    levels = [Level.NATION, Level.PROVINCE]
    if len(offices) <= FEW_OFFICES:
        levels.append(Level.DISTRICT)
    places = Place.objects.filter(tree.exists_on(on), tree.within_any(scope), level__in=levels)
    units: list[tuple[str, str, str, Collection[str]]] = [
        (place.code, full_name(place), place.level, {place.code})
        for place in places.order_by(Length("code"), "sort_key")
    ]
    groups = list(PlaceGroup.objects.filter(tree.exists_on(on)).order_by("kind", "key"))
    members = tree.members_of({group.key for group in groups}, on=on)
    units += [(group.key, group.name_th, group.kind, members[group.key]) for group in groups]
    counts = _counted(offices)
    found = []
    for key, name, kind, codes in units:
        here = [counts.get(code, (0, 0)) for code in _tops(codes)]
        provinces, districts = sum(one for one, _ in here), sum(two for _, two in here)
        if provinces or districts:
            found.append(UnitOffered(key, name, kind, provinces, districts))
    return tuple(found)


def office_at(place: str, *, on: date) -> OfficeLine | None:
    """Return the office that sits at the place on the day. One query."""
    rows = Office.objects.filter(tree.exists_on(on), place=place).select_related("place")
    return next(iter(_lines(rows)), None)


def tree_code(key: str) -> bool:
    """Say whether the key is a place's code, not a group's key."""
    return key == NATION or key[:1].isdigit()


def _counted(offices: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """By place code, how many provincial and district offices lie within it."""
    counts: dict[str, tuple[int, int]] = {}
    for place, kind in offices:
        for code in (place, *tree.ancestor_codes(place)):
            one, two = counts.get(code, (0, 0))
            is_province = kind == OfficeKind.PROVINCE
            counts[code] = (one + is_province, two + (not is_province))
    return counts


def _tops(codes: Collection[str]) -> list[str]:
    """The codes but those that lie within another of them."""
    return [
        code
        for code in codes
        if not any(code != other and tree.is_within(code, other) for other in codes)
    ]


def _lines(rows: Iterable[Office]) -> Iterable[OfficeLine]:
    for row in rows:
        yield OfficeLine(
            code=row.code,
            name=row.name_th,
            place=row.place_id,
            place_name=full_name(row.place),
            kind=row.kind,
            above=row.place.parent_id or "",
        )
