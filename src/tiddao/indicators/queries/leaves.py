"""Who is to report: the places with an office on a day, and what lies below them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Office, Place

_WITH_OFFICES = (Level.NATION, Level.PROVINCE, Level.DISTRICT)
_DISTRICT_DIGITS = 4
_AFTER_DIGITS = ":"  # the character after "9"
_MANY_ROOTS = 100  # beyond this, everybody is asked for and the rest is left out here
_DATES = ("valid_from", "valid_to", "known_at", "end_known_at")


def codes_within(codes: Sequence[str], roots: Collection[str]) -> tuple[str, ...]:
    """Return those of the sorted codes that lie within one of the roots (not the nation)."""
    found: set[str] = set()
    for root in roots:
        found.update(codes[bisect_left(codes, root) : bisect_left(codes, root + _AFTER_DIGITS)])
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Leaves:
    """The places that are to report on one day, by level; codes sorted."""

    by_level: Mapping[str, tuple[str, ...]]

    def __iter__(self) -> Iterator[str]:
        for codes in self.by_level.values():
            yield from codes

    def within(self, roots: Collection[str]) -> Leaves:
        """Return those that lie within one of the places."""
        if NATION in roots:
            return self
        return Leaves({level: codes_within(codes, roots) for level, codes in self.by_level.items()})

    @property
    def counts(self) -> dict[str, int]:
        """How many are to report at each level."""
        return {level: len(codes) for level, codes in self.by_level.items()}


def levels_of(definition: FrameworkDefinition) -> frozenset[str]:
    """Return the levels at which the framework is reported."""
    return frozenset({definition.assessed_level, *(i.reports_at for i in definition.indicators)})


def leaves_on(
    days: Collection[date],
    *,
    owner_place: str,
    levels: Collection[str],
    roots: Collection[str],
    known_at: datetime | None = None,
) -> dict[date, Leaves]:
    """Return who is to report on each day: within the owner's place and within the roots.

    A nation, province or district reports when it has an office that day; a tambon or village when
    its district has one. known_at: by the map as it was known at that moment. One query; two where
    tambons or villages report.
    """
    if len(roots) > _MANY_ROOTS:
        roots = {owner_place}
    offices = (
        Office.objects.filter(place__in=Place.objects.filter(tree.within_any(roots)))
        .filter(place__level__in=_WITH_OFFICES)
        .values_list(
            "place_id",
            "place__level",
            *_DATES,
            *(f"place__{name}" for name in _DATES),
        )
        .order_by("place_id")
        .distinct()
    )
    found: dict[date, dict[str, list[str]]] = {day: defaultdict(list) for day in days}
    for code, level, *dates in offices:
        if not tree.is_within(code, owner_place):
            continue
        for day in days:
            if _exists(dates[: len(_DATES)], day, known_at) and _exists(
                dates[len(_DATES) :], day, known_at
            ):
                found[day][level].append(code)
    lower = [level for level in (Level.TAMBON, Level.VILLAGE) if level in levels]
    if lower:
        _add_lower(found, lower, roots, known_at)
    return {
        day: Leaves({level: tuple(dict.fromkeys(by_level[level])) for level in sorted(levels)})
        for day, by_level in found.items()
    }


def _add_lower(
    found: Mapping[date, dict[str, list[str]]],
    levels: Collection[str],
    roots: Collection[str],
    known_at: datetime | None,
) -> None:
    """Add the tambons and villages of the districts found on each day."""
    places = Place.objects.filter(tree.within_any(roots), level__in=levels)
    rows = list(places.values_list("code", "level", *_DATES).order_by("code"))
    for day, by_level in found.items():
        served = set(by_level[Level.DISTRICT]) or _districts_above(roots)
        for code, level, *dates in rows:
            if code[:_DISTRICT_DIGITS] in served and _exists(dates, day, known_at):
                by_level[level].append(code)


def _districts_above(roots: Collection[str]) -> set[str]:
    """A tambon asked for by itself has its office outside of the roots: one level up."""
    codes = {root[:_DISTRICT_DIGITS] for root in roots if len(root) > _DISTRICT_DIGITS}
    return set(Office.objects.filter(place_id__in=codes).values_list("place_id", flat=True))


def _exists(dates: list[Any], day: date, known_at: datetime | None) -> bool:
    """Say whether a row with these ``_DATES`` exists on the day; as ``tree.exists_on`` does."""
    begins, ends, begin_known, end_known = dates
    if known_at is not None:
        if begin_known is not None and begin_known > known_at:
            return False
        if end_known is not None and end_known > known_at:
            ends = None
    return (begins is None or begins <= day) and (ends is None or ends > day)
