"""Finding places and groups by code or name, as people type them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.db.models import Case, F, Func, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Length

from tiddao.kernel.digits import to_arabic
from tiddao.kernel.names import (
    PlaceName,
    fold_place,
    repair_spelling,
    spelling_distance,
    split_place_path,
)
from tiddao.places import tree
from tiddao.places.models import Level, Place, Succession
from tiddao.places.queries.groups import GroupRow, visible_groups
from tiddao.places.queries.units import full_name, level_name

MOST_HITS = 50
_MOST_NEAR = 1_500  # candidates compared letter by letter when nothing matches
_EXACT, _BEGINS, _CONTAINS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place that was found. path: the places above, nearest first, without the nation."""

    key: str
    level: str
    level_name: str
    name_th: str
    name_en: str
    full_name: str
    path: tuple[tuple[str, str], ...]  # (key, full name)
    formerly: str = ""  # "4303 บึงกาฬ", where an abolished code led here


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found. is_near: nothing matched, these are spelled much alike; more: there is more."""

    text: str
    places: tuple[PlaceHit, ...]
    groups: tuple[GroupRow, ...]
    is_near: bool
    more: bool


def search(
    text: str,
    *,
    roots: Collection[str],
    on: date,
    level: str = "",
    within: str = "",
    limit: int = MOST_HITS,
) -> SearchResult:
    """Return the places and groups below the roots that a text may mean, best first.

    text: a code or its beginning, or a name in Thai or English, with or without "อ." and the like,
    with or without the places above ("ต.ไม้ยา อ.พญาเม็งราย"). Ranked by level from above, then
    whole names before beginnings before parts, then by the alphabet. At most nine queries.
    """
    text = repair_spelling("".join(sign for sign in text if sign.isprintable()))
    scope = Place.objects.filter(tree.within_any(roots))
    if within:
        scope = scope.filter(tree.within(within))
    if level:
        scope = scope.filter(level=level)
    if not text:
        return SearchResult("", (), (), is_near=False, more=False)
    code = to_arabic(text).replace(" ", "")
    if code.isascii() and code.isdigit():
        found = _by_code(scope, code, on=on, limit=limit)
        return SearchResult(text, found[:limit], (), is_near=False, more=len(found) > limit)
    standing_places = scope.filter(tree.exists_on(on))
    places = _by_name(standing_places, split_place_path(text), on=on, limit=limit)
    if not places and " " in text:
        places = _by_name(standing_places, _last_word_above(text), on=on, limit=limit)
    groups = () if level or within else _groups(text, roots=roots, on=on)
    is_near = not places and not groups
    if is_near:
        name = split_place_path(text)[0]
        above_villages = standing_places.exclude(level=Level.VILLAGE)
        places = _by_spelling(above_villages, name, limit=limit)
        if not places:
            villages = standing_places.filter(level=Level.VILLAGE)
            places = _by_spelling(villages, name, limit=limit)
    return SearchResult(
        text=text,
        places=_hits(places[:limit]),
        groups=groups,
        is_near=is_near and bool(places),
        more=len(places) > limit,
    )


def places_by_codes(codes: Collection[str], *, on: date) -> tuple[PlaceHit, ...]:
    """Return the places of these codes that exist on the day, from above. Two queries."""
    return _hits(_ranked(Place.objects.filter(tree.exists_on(on), code__in=codes)))


def _by_code(scope: QuerySet[Place], code: str, *, on: date, limit: int) -> tuple[PlaceHit, ...]:
    begins = scope.filter(tree.exists_on(on), code__startswith=code)
    hits = _hits(begins.order_by(_rank_of_level(), "code")[: limit + 1])
    if len(code) > 8 or any(hit.key == code for hit in hits):
        return hits
    after = Succession.objects.filter(predecessor=code).select_related("predecessor")
    former = {row.successor_id: str(row.predecessor) for row in after}
    successors = _hits(scope.filter(tree.exists_on(on), code__in=former).order_by("code"))
    return (*(replace(hit, formerly=former[hit.key]) for hit in successors), *hits)


def _by_name(
    scope: QuerySet[Place], path: Sequence[PlaceName], *, on: date, limit: int
) -> list[Place]:
    target, *above = path
    key = fold_place(target.bare, level=target.level_hint)
    if not key:
        return []
    if target.moo is not None and target.bare == f"หมู่ที่ {target.moo}":
        found = scope.filter(level=Level.VILLAGE)
    else:
        found = scope.filter(_has_name(key))
    if target.level_hint:
        found = found.filter(level=target.level_hint)
    if target.moo is not None:
        found = found.filter(moo=target.moo)
    for name in above:
        upper = Place.objects.filter(
            tree.exists_on(on), _whole_name(fold_place(name.bare)), ~Q(level=Level.VILLAGE)
        )
        if name.level_hint:
            upper = upper.filter(level=name.level_hint)
        codes = list(upper.values_list("code", flat=True)[:200])
        found = found.filter(tree.within_any(codes)).exclude(code__in=codes)
    return list(_ranked(found, key)[: limit + 1])


def _by_spelling(scope: QuerySet[Place], name: PlaceName, *, limit: int) -> list[Place]:
    """Return the places whose name is one or two signs away, nearest first.

    A name with k mistakes keeps at least one of k + 1 pieces whole: that finds the candidates.
    """
    key = fold_place(name.bare, level=name.level_hint)
    bound = 1 if len(key) < 6 else 2
    if len(key) < 3:
        return []
    cuts = [len(key) * part // (bound + 1) for part in range(bound + 2)]
    pieces = Q()
    for start, end in pairwise(cuts):
        pieces |= Q(folded__contains=key[start:end])
    lengths = (len(key) - bound, len(key) + bound)
    candidates = (
        scope.annotate(first=_length_of_name(1), second=_length_of_name(2))
        .filter(pieces, Q(first__range=lengths) | Q(second__range=lengths))
        .order_by(_rank_of_level(), "code")
    )
    if name.level_hint:
        candidates = candidates.filter(level=name.level_hint)
    near = []
    for place in candidates[:_MOST_NEAR]:
        distance = min(
            spelling_distance(key, folded, bound=bound) for folded in place.folded.split("|")
        )
        if distance <= bound:
            near.append((distance, tree.DIGITS[Level(place.level)], place.sort_key, place))
    return [place for *_, place in sorted(near, key=lambda row: row[:3])[: limit + 1]]


def _length_of_name(position: int) -> Length:
    part = Func(
        F("folded"),
        Value("|"),
        Value(position),
        function="split_part",
        output_field=TextField(),
    )
    return Length(part)


def _has_name(key: str) -> Q:
    """Match a part of a name; villages are kept without the บ้าน that people type before them."""
    village = fold_place(key, level="village")
    named = Q(folded__contains=key)
    return named if village == key else named | Q(level=Level.VILLAGE, folded__contains=village)


def _whole_name(key: str) -> Q:
    return Q(folded=key) | Q(folded__startswith=f"{key}|") | Q(folded__endswith=f"|{key}")


def _rank_of_level() -> Case:
    return Case(
        *(When(level=level, then=Value(digits)) for level, digits in tree.DIGITS.items()),
        output_field=IntegerField(),
    )


def _ranked(places: QuerySet[Place], key: str = "") -> QuerySet[Place]:
    fit = Case(
        When(_whole_name(key), then=Value(_EXACT)),
        When(Q(folded__startswith=key) | Q(folded__contains=f"|{key}"), then=Value(_BEGINS)),
        default=Value(_CONTAINS),
        output_field=IntegerField(),
    )
    return places.order_by(_rank_of_level(), fit, "sort_key", "code")


def _last_word_above(text: str) -> tuple[PlaceName, ...]:
    first, _, last = text.rpartition(" ")
    return (split_place_path(first)[0], PlaceName(None, last))


def _groups(text: str, *, roots: Collection[str], on: date) -> tuple[GroupRow, ...]:
    key = _plain(text)
    return tuple(
        group
        for group in visible_groups(roots=roots, on=on)
        if any(key in _plain(name) for name in (group.name_th, group.name_en, group.key))
    )


def _plain(text: str) -> str:
    return repair_spelling(text).casefold().replace(" ", "").replace("-", "")


def _hits(places: Iterable[Place]) -> tuple[PlaceHit, ...]:
    listed = list(places)
    above = {place.code: tree.ancestor_codes(place.code)[1:][::-1] for place in listed}
    names = Place.objects.in_bulk({code for codes in above.values() for code in codes})
    return tuple(
        PlaceHit(
            key=place.code,
            level=place.level,
            level_name=level_name(place),
            name_th=place.name_th,
            name_en=place.name_en,
            full_name=full_name(place),
            path=tuple(
                (code, full_name(names[code])) for code in above[place.code] if code in names
            ),
        )
        for place in listed
    )
