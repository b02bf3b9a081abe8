"""Groups of places as the pages show them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tiddao.places import tree
from tiddao.places.models import GroupKind, Level, Membership, Place, PlaceGroup
from tiddao.places.queries.units import full_name, in_language, short_name


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in a list. members: on the day asked for, by level; ended: no longer in use."""

    key: str
    kind: str
    kind_name: str
    name_th: str
    name_en: str
    within: str
    within_name: str
    proposed: bool
    members: int
    valid_from: date | None
    valid_to: date | None
    is_open: bool

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name_th, self.name_en)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A place in a group for a time: valid_from ≤ day < valid_to."""

    code: str
    level: str
    name: str  # bare, in the language of the page
    full_name: str
    path: str
    valid_from: date | None
    valid_to: date | None
    note: str
    is_member: bool  # on the day asked for


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Everything about one group: members of the day first, then those of other times."""

    row: GroupRow
    note: str
    source: str
    source_url: str
    current: tuple[MemberRow, ...]
    others: tuple[MemberRow, ...]
    children: int  # places directly below the members of the day
    level: str  # of the members of the day, where they share one; else ""


def sees_group(roots: Collection[str], *, within: str, members: Collection[str]) -> bool:
    """Say whether who sees the roots may see a group: its home, or all members of the day."""
    if tree.is_within_any(within, roots):
        return True
    return bool(members) and all(tree.is_within_any(code, roots) for code in members)


def visible_groups(
    *, roots: Collection[str], on: date, kind: str = "", keys: Collection[str] | None = None
) -> tuple[GroupRow, ...]:
    """Return the groups that may be seen from the roots, closed ones last. Two queries."""
    groups = PlaceGroup.objects.select_related("within")
    if kind:
        groups = groups.filter(kind=kind)
    if keys is not None:
        groups = groups.filter(key__in=keys)
    listed = list(groups)
    members = tree.members_of({group.key for group in listed}, on=on)
    rows = [
        _row(group, len(members[group.key]), on=on)
        for group in listed
        if sees_group(roots, within=group.within_id, members=members[group.key])
    ]
    kinds = list(GroupKind.values)
    return tuple(
        sorted(
            rows,
            key=lambda row: (not row.is_open, kinds.index(row.kind), _natural(row.key)),
        )
    )


def group_page(key: str, *, roots: Collection[str], on: date) -> GroupPage | None:
    """Return the group with all its members of all times, or None when it may not be seen.

    Four queries.
    """
    group = PlaceGroup.objects.select_related("within").filter(key=key).first()
    if group is None:
        return None
    rows = list(
        Membership.objects.filter(group=group)
        .select_related("place", "place__parent")
        .order_by("place__code", "valid_from")
    )
    of_the_day = [row for row in rows if _covers(row.valid_from, row.valid_to, on)]
    codes = [row.place_id for row in of_the_day]
    if not sees_group(roots, within=group.within_id, members=codes):
        return None
    levels = {row.place.level for row in of_the_day}
    children = Place.objects.filter(tree.exists_on(on), parent_id__in=codes).count() if codes else 0
    current = tuple(_member(row, is_member=True) for row in of_the_day)
    others = tuple(_member(row, is_member=False) for row in rows if row not in of_the_day)
    return GroupPage(
        row=_row(group, len(codes), on=on),
        note=group.note,
        source=group.source,
        source_url=group.source_url,
        current=current,
        others=others,
        children=children,
        level=next(iter(levels)) if len(levels) == 1 else "",
    )


def candidate_members(
    within: str, *, on: date, level: str = ""
) -> dict[str, list[tuple[str, str]]]:
    """Return the places that a group may be made of, as (code, name) by the name of what they lie in.

    level: of the places; without it, the one below the home. One query.
    """
    below = Level(level) if level else tree.level_below(tree.level_of_code(within))
    headings: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if below is None:
        return {}
    places = tree.descendants(within, on=on, level=below).select_related("parent")
    for place in places.order_by("sort_key", "code"):
        heading = full_name(place.parent) if place.parent else ""
        headings[heading].append((place.code, full_name(place)))
    return dict(headings)


def counts_by_kind(rows: Collection[GroupRow]) -> list[tuple[str, str, int]]:
    """Return (kind, its name, how many of the rows) in the order of the kinds."""
    counts = Counter(row.kind for row in rows)
    return [(kind.value, str(kind.label), counts[kind.value]) for kind in GroupKind]


def _row(group: PlaceGroup, members: int, *, on: date) -> GroupRow:
    return GroupRow(
        key=group.key,
        kind=group.kind,
        kind_name=str(GroupKind(group.kind).label),
        name_th=group.name_th,
        name_en=group.name_en,
        within=group.within_id,
        within_name=full_name(group.within),
        proposed=group.proposed,
        members=members,
        valid_from=group.valid_from,
        valid_to=group.valid_to,
        is_open=_covers(group.valid_from, group.valid_to, on),
    )


def _member(row: Membership, *, is_member: bool) -> MemberRow:
    parent = row.place.parent
    return MemberRow(
        code=row.place_id,
        level=row.place.level,
        name=short_name(row.place),
        full_name=full_name(row.place),
        path=full_name(parent) if parent else "",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        note=row.note,
        is_member=is_member,
    )


def _covers(first: date | None, end: date | None, on: date) -> bool:
    return (first is None or first <= on) and (end is None or on < end)


def _natural(key: str) -> tuple[str, int]:
    """Sort inspection-2 before inspection-10."""
    stem, _, last = key.rpartition("-")
    return (stem, int(last)) if last.isdigit() else (key, 0)
