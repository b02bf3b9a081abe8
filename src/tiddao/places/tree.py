"""The only module that knows how the tree of territories is stored: in the codes themselves.

'57' lies within 'th', '5712' within '57', and so on; a place exists from its first day to the day
before ``valid_to``. A leaf belongs to a group when one of its ancestors, or itself, is a member.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from tiddao.places.models import NATION, Level, Membership, Place

DIGITS = {Level.NATION: 0, Level.PROVINCE: 2, Level.DISTRICT: 4, Level.TAMBON: 6, Level.VILLAGE: 8}
LEVELS = tuple(DIGITS)  # from above


def level_of_code(code: str) -> Level:
    """Return the level a code belongs to. Raises ValueError for a text that is no code."""
    if code == NATION:
        return Level.NATION
    if code.isascii() and code.isdigit():
        for level, digits in DIGITS.items():
            if digits == len(code):
                return level
    raise ValueError(f"not a place code: {code!r}")


def level_below(level: str) -> Level | None:
    position = LEVELS.index(Level(level)) + 1
    return LEVELS[position] if position < len(LEVELS) else None


def parent_code(code: str) -> str | None:
    """Return the code one level up; None for the nation."""
    if code == NATION:
        return None
    return code[:-2] or NATION


def is_within(code: str, root: str) -> bool:
    """Say whether the place is the root or lies below it."""
    return root == NATION or code.startswith(root)


def is_within_any(code: str, roots: Collection[str]) -> bool:
    """Say whether the place is one of the roots or lies below one."""
    return any(is_within(code, root) for root in roots)


def within(root: str) -> Q:
    """Return the condition that a Place is the root or lies below it."""
    return Q() if root == NATION else Q(code__startswith=root)


def within_any(roots: Collection[str], prefix: str = "") -> Q:
    """Return the condition that a Place (or the one a row points to by prefix) lies within one of
    the roots; none for no roots.
    """
    if NATION in roots:
        return Q()
    condition = Q(pk__in=[])
    for root in roots:
        condition |= Q(**{f"{prefix}code__startswith": root})
    return condition


def exists_on(on: date, prefix: str = "", *, known_at: datetime | None = None) -> Q:
    """Return the condition that a dated row (or the one it points to by prefix) exists on a day.

    known_at: of a place or an office, as it was known at that moment; None for now.
    """
    not_ended = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on})
    begun = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": on})
    if known_at is not None:
        not_ended |= Q(**{f"{prefix}end_known_at__gt": known_at})
        begun &= Q(**{f"{prefix}known_at__isnull": True}) | Q(
            **{f"{prefix}known_at__lte": known_at}
        )
    return begun & not_ended


def was_known(known_at: datetime | None) -> Q:
    """Return the condition that a row that is superseded, never changed, stood at the moment."""
    if known_at is None:
        return Q(superseded_at__isnull=True)
    return (Q(known_at__isnull=True) | Q(known_at__lte=known_at)) & (
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at)
    )


def ancestor_codes(code: str) -> list[str]:
    """Return the codes above, the nation first; without the place itself."""
    above = []
    parent = parent_code(code)
    while parent is not None:
        above.append(parent)
        parent = parent_code(parent)
    return above[::-1]


def ancestors(code: str, *, on: date, known_at: datetime | None = None) -> list[Place]:
    """Return the places above as they stood on the day, the nation first. One query."""
    existed = exists_on(on, known_at=known_at)
    found = Place.objects.filter(existed, code__in=ancestor_codes(code)).in_bulk()
    return [found[above] for above in ancestor_codes(code) if above in found]


def descendants(root: str, *, on: date, level: Level | None = None) -> QuerySet[Place]:
    """Return the places below the root (without it) that existed on the day, as a query."""
    below = Place.objects.filter(exists_on(on), within(root)).exclude(code=root)
    return below.filter(level=level) if level else below


def members_of(
    keys: Collection[str], *, on: date, known_at: datetime | None = None
) -> dict[str, frozenset[str]]:
    """Return the member codes of each group on the day; an unknown group has none. One query.

    known_at: as the memberships were known at that moment; None for now.
    """
    members: dict[str, set[str]] = {key: set() for key in keys}
    if keys:
        rows = Membership.ever_known.filter(was_known(known_at), exists_on(on), group_id__in=keys)
        for key, code in rows.values_list("group_id", "place_id"):
            members[key].add(code)
    return {key: frozenset(codes) for key, codes in members.items()}


def leaf_group_pairs(
    leaves: Iterable[str], *, on: date, group_keys: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """Return (leaf, group) for every place and group of places that each leaf counts in.

    Each leaf is paired with itself, every place above it, and every group of which it or a place
    above it is a member on the day; once each, however many of its ancestors are members.
    group_keys limits the groups (not the places); None means all. One query.
    """
    groups_of: dict[str, set[str]] = defaultdict(set)
    rows = Membership.objects.filter(exists_on(on), exists_on(on, "group__"))
    if group_keys is not None:
        rows = rows.filter(group_id__in=group_keys)
    for key, code in rows.values_list("group_id", "place_id"):
        groups_of[code].add(key)
    pairs: list[tuple[str, str]] = []
    for leaf in leaves:
        line = [*ancestor_codes(leaf), leaf]
        pairs.extend((leaf, code) for code in line)
        keys = {key for code in line for key in groups_of.get(code, ())}
        pairs.extend((leaf, key) for key in sorted(keys))
    return pairs
