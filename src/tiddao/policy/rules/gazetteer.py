"""Which places and groups there are: asked through a Protocol, so that rules know no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tiddao.policy.rules.proposals import PlaceLevel

LEVEL_OF_DIGITS: Mapping[int, PlaceLevel] = {
    2: "province",
    4: "district",
    6: "tambon",
    8: "village",
}


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of the register: its code is its path."""

    code: str
    name: str

    @property
    def level(self) -> PlaceLevel:
        return LEVEL_OF_DIGITS[len(self.code)]


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A named set of places. kind: region, inspection, zone, peer."""

    key: str
    name: str
    kind: str
    members: frozenset[str]


class Gazetteer(Protocol):
    """What the reader asks about places."""

    def named_at(self, text: str, start: int, level: PlaceLevel) -> str | None:
        """The longest name of that level with which the text goes on at start."""

    def codes_of(self, name: str, level: PlaceLevel) -> tuple[str, ...]:
        """The codes of all places of that level with exactly that name."""

    def name_of(self, code: str) -> str | None:
        """The name of a code."""

    def groups(self) -> Collection[KnownGroup]:
        """All named sets of places."""


class PlaceIndex:
    """A gazetteer in memory, of whatever rows it is given."""

    def __init__(self, places: Iterable[KnownPlace], groups: Iterable[KnownGroup] = ()) -> None:
        self._codes: dict[PlaceLevel, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._names: dict[str, str] = {}
        for place in places:
            self._codes[place.level][place.name].append(place.code)
            self._names[place.code] = place.name
        self._longest = {
            level: max(map(len, names), default=0) for level, names in self._codes.items()
        }
        self._groups = tuple(groups)

    def named_at(self, text: str, start: int, level: PlaceLevel) -> str | None:
        names = self._codes.get(level)
        if not names:
            return None
        for length in range(min(self._longest[level], len(text) - start), 0, -1):
            if text[start : start + length] in names:
                return text[start : start + length]
        return None

    def codes_of(self, name: str, level: PlaceLevel) -> tuple[str, ...]:
        return tuple(self._codes[level].get(name, ())) if level in self._codes else ()

    def name_of(self, code: str) -> str | None:
        return self._names.get(code)

    def groups(self) -> Collection[KnownGroup]:
        return self._groups
