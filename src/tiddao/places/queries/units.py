"""A place or a group of places as one thing that has a page, and how it is called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple, Protocol

from django.utils.translation import get_language, gettext, pgettext

from tiddao.places import tree
from tiddao.places.models import NATION, FormerName, GroupKind, Level, Place, PlaceGroup

BANGKOK = "10"  # a province by code; its districts are เขต, its sub-districts แขวง


class Named(Protocol):
    """What has a code, a level and names: a Place, or a place as a Unit."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def name_th(self) -> str: ...
    @property
    def name_en(self) -> str: ...


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
    def code(self) -> str:
        """The key; of a place, its code."""
        return self.key

    @property
    def full_name(self) -> str:
        """The name with the word of its level: อำเภอพญาเม็งราย; a group's name as it is."""
        return self.name if self.is_group else full_name(self)

    @property
    def level_name(self) -> str:
        """The word of the level in the language of the page; of a group, its kind."""
        return str(GroupKind(self.level).label) if self.is_group else level_name(self)

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name_th, self.name_en)


def find_unit(key: str, *, on: date, known_at: datetime | None = None) -> Unit | None:
    """Return the place or group of that key as it stood on the day, or None.

    known_at: as it was known at that moment, by the name it had then.
    """
    if key[:1].isdigit() or key == NATION:
        place = Place.objects.filter(tree.exists_on(on, known_at=known_at), code=key).first()
        if place is None:
            return None
        names = former_names([key], known_at=known_at)
        return replace(unit_of_place(place), **names[key]._asdict() if key in names else {})
    group = PlaceGroup.objects.filter(tree.exists_on(on), key=key).first()
    if group is None:
        return None
    return Unit(
        key=group.key,
        level=group.kind,
        name_th=group.name_th,
        name_en=group.name_en,
        is_group=True,
        members=tree.members_of({group.key}, on=on, known_at=known_at)[group.key],
        within=group.within_id,
    )


class Names(NamedTuple):
    """What a place was called."""

    name_th: str
    name_en: str


def former_names(codes: Collection[str], *, known_at: datetime | None) -> dict[str, Names]:
    """Return code → names, of those places that were called otherwise at the moment. One query,
    none for now.
    """
    if known_at is None or not codes:
        return {}
    rows = (
        FormerName.objects.filter(place_id__in=codes, superseded_at__gt=known_at)
        .order_by("place_id", "superseded_at", "pk")
        .distinct("place_id")
    )
    return {row.place_id: Names(row.name_th, row.name_en) for row in rows}


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


def level_name(place: Named) -> str:
    """Return the word for the level of a place: ประเทศ, จังหวัด, อำเภอ or เขต, ตำบล or แขวง, หมู่บ้าน.

    Bangkok itself has no word but its name, so it counts as a province.
    """
    in_bangkok = place.code.startswith(BANGKOK)
    if place.level == Level.DISTRICT:
        return pgettext("Bangkok", "Khet") if in_bangkok else gettext("Amphoe")
    if place.level == Level.TAMBON:
        return pgettext("Bangkok", "Khwaeng") if in_bangkok else gettext("Tambon")
    return str(Level(place.level).label)


def full_name(place: Named) -> str:
    """Return the name as the office writes it: จังหวัดเชียงราย, เขตดุสิต, กรุงเทพมหานคร, ประเทศไทย.

    A village is followed by its number: บ้านไม้ยา หมู่ที่ 6. In English the word comes first too
    where Thai romanisation has it so (Amphoe Thoeng), after the name for a province.
    """
    english = get_language() == "en" and bool(place.name_en)
    name = place.name_en if english else place.name_th
    if place.level == Level.NATION or place.code == BANGKOK:
        return name
    if place.level == Level.VILLAGE:
        number = gettext("Moo %(number)d") % {"number": int(place.code[-2:])}
        return f"{name} {number}"
    if english:
        return (
            f"{name} Province" if place.level == Level.PROVINCE else f"{level_name(place)} {name}"
        )
    # A Thai name keeps its Thai word also on a page in another language.
    return f"{_THAI_WORDS[place.level, place.code.startswith(BANGKOK)]}{name}"


_THAI_WORDS: dict[tuple[str, bool], str] = {
    (Level.PROVINCE, False): "จังหวัด",
    (Level.DISTRICT, False): "อำเภอ",
    (Level.DISTRICT, True): "เขต",
    (Level.TAMBON, False): "ตำบล",
    (Level.TAMBON, True): "แขวง",
}


def short_name(place: Named) -> str:
    """Return the bare name in the language of the page."""
    return in_language(place.name_th, place.name_en)


def in_language(thai: str, english: str) -> str:
    """Return the English words on an English page where there are any, else the Thai."""
    return english if get_language() == "en" and english else thai
