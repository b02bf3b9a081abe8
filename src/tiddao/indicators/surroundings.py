"""What stands around a unit's stars: its groups, who heads its office, names behind references.

One query each, whatever the unit's size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tiddao.people.models import Post, Role, User
from tiddao.places import tree
from tiddao.places.models import Membership, Office, OfficeKind, Place
from tiddao.places.queries import Unit, unit_of_place

_HEADS = {
    OfficeKind.DEPARTMENT: Role.EXECUTIVE,
    OfficeKind.PROVINCE: Role.PROVINCIAL_HEAD,
    OfficeKind.DISTRICT: Role.DISTRICT_HEAD,
}


@dataclass(frozen=True, slots=True)
class GroupAround:
    """A group that a place belongs to on a day."""

    key: str
    kind: str
    name_th: str
    name_en: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeadOfOffice:
    """Who heads the office at a place on a day. tenure: as in people.models.Tenure."""

    name: str
    title: str
    tenure: str
    tenure_words: str


def groups_around(unit: Unit, *, on: date) -> tuple[GroupAround, ...]:
    """Return the groups that the place, or a place above it, is a member of. Two queries."""
    if unit.is_group:
        return ()
    line = [*tree.ancestor_codes(unit.key), unit.key]
    rows = (
        Membership.objects.filter(tree.exists_on(on), tree.exists_on(on, "group__"))
        .filter(place_id__in=line)
        .select_related("group")
        .order_by("group__kind", "group_id")
    )
    groups = {row.group_id: row.group for row in rows}
    members = tree.members_of(set(groups), on=on)
    return tuple(
        GroupAround(group.key, group.kind, group.name_th, group.name_en, members[group.key])
        for group in groups.values()
    )


def head_of_office(unit: Unit, *, on: date) -> HeadOfOffice | None:
    """Return who heads the unit's office on the day; one acting before the one acted for.

    A group, or a place without an office of its own, has none.
    """
    if unit.is_group:
        return None
    heads = Q(pk__in=[])
    for kind, role in _HEADS.items():
        heads |= Q(office__kind=kind, role=role)
    post = (
        Post.objects.filter(heads, office__place_id=unit.key, held_from__lte=on)
        .filter(Q(held_to__isnull=True) | Q(held_to__gte=on))
        .select_related("user")
        .order_by("tenure", "-held_from", "id")  # "acting" < "delegated" < "substantive"
        .first()
    )
    if post is None:
        return None
    return HeadOfOffice(
        name=post.user.name_th,
        title=post.title_th or str(post.get_role_display()),
        tenure=post.tenure,
        tenure_words=str(post.get_tenure_display()),
    )


def account_names(references: Iterable[str]) -> dict[str, str]:
    """Return reference → name for accounts as the ledger writes them ("user:12"). One query."""
    numbers = {
        int(number)
        for kind, _, number in (each.partition(":") for each in references)
        if kind == "user" and number.isdigit()
    }
    if not numbers:
        return {}
    rows = User.objects.filter(pk__in=numbers).values_list("pk", "name_th")
    return {f"user:{pk}": name for pk, name in rows}


def above(unit: Unit, *, on: date) -> tuple[Place, ...]:
    """Return the places above a unit, the nation first; above a group, its home too. One query."""
    if not unit.is_group:
        return tuple(tree.ancestors(unit.key, on=on))
    line = [*tree.ancestor_codes(unit.within), unit.within]
    found = Place.objects.filter(code__in=line).in_bulk()
    return tuple(found[code] for code in line if code in found)


def children_of(unit: Unit, level: str, *, on: date) -> tuple[Place, ...]:
    """Return the places of a level within a unit on the day, by Thai name. One query."""
    rows = Place.objects.filter(tree.exists_on(on), tree.within_any(unit.members), level=level)
    return tuple(rows.order_by("sort_key"))


def parent_of(unit: Unit, *, on: date) -> Unit | None:
    """Return the place one level up, or None for the nation and for groups. One query."""
    code = None if unit.is_group else tree.parent_code(unit.key)
    if code is None:
        return None
    place = Place.objects.filter(tree.exists_on(on), code=code).first()
    return unit_of_place(place) if place else None


def level_within(unit: Unit) -> str | None:
    """Return the level that a unit's league table ranks: the one below; of a group, its members'."""
    if unit.is_group:
        return str(tree.level_of_code(min(unit.members))) if unit.members else None
    below = tree.level_below(unit.level)
    return str(below) if below else None


def find_office(code: str) -> Office | None:
    """Return the office of that code, for an act in its name, or None. One query."""
    return Office.objects.filter(pk=code).first()
