"""What stands around a unit's stars: its groups, who heads its office, names behind references.

One query each, whatever the unit's size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from tiddao.people.models import Post, Role, User
from tiddao.places import tree
from tiddao.places.models import Membership, Office, OfficeKind, Place
from tiddao.places.queries import Unit, former_names, full_name, unit_of_place

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


def groups_around(
    unit: Unit, *, on: date, known_at: datetime | None = None
) -> tuple[GroupAround, ...]:
    """Return the groups that the place, or a place above it, is a member of. Two queries.

    known_at: as the memberships were known at that moment.
    """
    if unit.is_group:
        return ()
    line = [*tree.ancestor_codes(unit.key), unit.key]
    rows = (
        Membership.ever_known.filter(
            tree.was_known(known_at), tree.exists_on(on), tree.exists_on(on, "group__")
        )
        .filter(place_id__in=line)
        .select_related("group")
        .order_by("group__kind", "group_id")
    )
    groups = {row.group_id: row.group for row in rows}
    members = tree.members_of(set(groups), on=on, known_at=known_at)
    return tuple(
        GroupAround(group.key, group.kind, group.name_th, group.name_en, members[group.key])
        for group in groups.values()
    )


def head_of_office(
    unit: Unit, *, on: date, known_at: datetime | None = None
) -> HeadOfOffice | None:
    """Return who heads the unit's office on the day; one acting before the one acted for.

    known_at: by what was written down of posts at that moment, whatever was corrected since. A group, or a place without an office of its own, has none.
    """
    if unit.is_group:
        return None
    heads = Q(pk__in=[])
    for kind, role in _HEADS.items():
        heads |= Q(office__kind=kind, role=role)
    held = Q(held_from__lte=on) & (Q(held_to__isnull=True) | Q(held_to__gte=on))
    posts = Post.objects.filter(heads, held, office__place_id=unit.key).select_related("user")
    # "acting" < "delegated" < "substantive"
    post: Post | None = posts.order_by("tenure", "-held_from", "id").first()
    if known_at is not None:
        post = _post_as_written(heads & held & Q(office__place_id=unit.key), known_at)
    if post is None:
        return None
    return HeadOfOffice(
        name=post.user.name_th,
        title=post.title,
        tenure=post.tenure,
        tenure_words=str(post.get_tenure_display()),
    )


def _post_as_written(condition: Q, known_at: datetime) -> Post | None:
    """The first post by the condition, as its newest trace by the moment says it."""
    traces = Post.pgh_event_model.objects  # type: ignore[attr-defined]  # set by pghistory
    newest = (
        traces.filter(pgh_created_at__lte=known_at)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
        .values("pgh_id")
    )
    first = (
        traces.filter(condition, pgh_id__in=newest)
        .order_by("tenure", "-held_from", "id")
        .values("id", "user_id", "role", "office_id", "tenure", "title_th", "held_from", "held_to")
        .first()
    )
    return Post(**first) if first else None


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


def above(unit: Unit, *, on: date, known_at: datetime | None = None) -> tuple[Place, ...]:
    """Return the places above a unit, the nation first; above a group, its home too. One query."""
    if not unit.is_group:
        return tuple(tree.ancestors(unit.key, on=on, known_at=known_at))
    line = [*tree.ancestor_codes(unit.within), unit.within]
    found = Place.objects.filter(code__in=line).in_bulk()
    return tuple(found[code] for code in line if code in found)


def children_of(
    unit: Unit, level: str, *, on: date, known_at: datetime | None = None
) -> tuple[Place, ...]:
    """Return the places of a level within a unit on the day, by Thai name. One query."""
    existed = tree.exists_on(on, known_at=known_at)
    rows = Place.objects.filter(existed, tree.within_any(unit.members), level=level)
    return tuple(rows.order_by("sort_key"))


def parent_of(unit: Unit, *, on: date, known_at: datetime | None = None) -> Unit | None:
    """Return the place one level up, or None for the nation and for groups. One query."""
    code = None if unit.is_group else tree.parent_code(unit.key)
    if code is None:
        return None
    place = Place.objects.filter(tree.exists_on(on, known_at=known_at), code=code).first()
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


def place_as_it_last_stood(code: str, *, known_at: datetime | None = None) -> Unit | None:
    """Return a place, also one that has ended, by the name it had at the moment. Two queries."""
    place = Place.objects.filter(code=code).first()
    if place is None or (known_at and place.known_at and place.known_at > known_at):
        return None
    names = former_names([code], known_at=known_at)
    unit = unit_of_place(place)
    return replace(unit, **names[code]._asdict()) if code in names else unit


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return code → full name, of places that stand and of those that ended. One query."""
    return {each.code: full_name(each) for each in Place.objects.filter(code__in=set(codes))}
