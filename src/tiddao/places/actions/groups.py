"""Making and changing groups of places. The past of a group is never taken away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from tiddao.ledger.actions import digest_of, record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines
from tiddao.places import tree
from tiddao.places.models import GroupKind, Membership, Place, PlaceGroup
from tiddao.places.signals import members_changed

_KEY_LENGTH = 60


class GroupRefused(Exception):
    """The act on a group cannot be done; ``reason`` says why, in the language of the page."""

    def __init__(self, code: str, reason: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


@transaction.atomic
def create_group(
    *,
    kind: GroupKind,
    name_th: str,
    within: str,
    members: Collection[str],
    source: str,
    on: date,
    by: Actor,
    at: datetime,
    name_en: str = "",
    source_url: str = "",
    note: str = "",
) -> PlaceGroup:
    """Make a group whose members begin on the day.

    Raises GroupRefused for no members, a member outside its home or of another level than the
    rest, or a name that its home has already for this kind.
    """
    at = after_lines(at)
    home = Place.objects.select_for_update().get(code=within)  # two of one name wait for each other
    _check_members(members, within=within, on=on)
    same = PlaceGroup.objects.filter(tree.exists_on(on), within=home, kind=kind, name_th=name_th)
    if same.exists():
        raise GroupRefused("name_taken", _("There is a group of this kind and name already."))
    group = PlaceGroup(
        key=_free_key(kind, within, name_en),
        kind=kind,
        name_th=name_th,
        name_en=name_en,
        within=home,
        note=note,
        source=source,
        source_url=source_url,
        valid_from=on,
    )
    try:
        group.save(force_insert=True)
    except IntegrityError as error:  # the same key made elsewhere in this moment
        raise GroupRefused("key_taken", _("Somebody made this group just now.")) from error
    Membership.objects.bulk_create(
        Membership(group=group, place_id=code, valid_from=on, known_at=at)
        for code in sorted(members)
    )
    _note(group, "create_group", by=by, at=at, on=on, before=None, detail={"members": len(members)})
    return group


@transaction.atomic
def edit_group(
    key: str,
    *,
    name_th: str,
    name_en: str,
    source: str,
    source_url: str,
    note: str,
    by: Actor,
    at: datetime,
    seen: str,
) -> None:
    """Correct how a group is called and described; its members stay.

    seen: ``state_of`` the group when the person opened it. Raises GroupRefused when it has changed.
    """
    group, before = _locked(key, seen=seen)
    group.name_th, group.name_en, group.note = name_th, name_en, note
    group.source, group.source_url = source, source_url
    group.save()
    record(
        "edit_group",
        on=f"group:{key}",
        by=by,
        at=at,
        place=group.within_id,
        before=before,
        after=_state(group),
        detail={"name": name_th},
    )


@transaction.atomic
def change_members(
    key: str,
    *,
    add: Collection[str],
    remove: Collection[str],
    on: date,
    by: Actor,
    at: datetime,
    seen: str,
) -> None:
    """Let places join and leave a group from a day on; what was before that day stays as it was.

    A place that left and comes back gets a second row. A membership that would end on the day it
    began never was, and goes. seen: ``state_of`` the group when the person opened it.
    Raises GroupRefused when it has changed since, nothing would change, a place is a member
    already or is none, or the group would be left without members.
    """
    at = after_lines(at)
    group, before = _locked(key, seen=seen)
    if group.valid_to is not None and group.valid_to <= on:
        raise GroupRefused("closed", _("The group is closed on that day."))
    if not add and not remove:
        raise GroupRefused("nothing", _("Nothing was chosen to change."))
    rows = list(Membership.objects.filter(tree.exists_on(on), group=group))
    current = {row.place_id: row for row in rows}
    if set(add) & set(current):
        raise GroupRefused("member_already", _("A chosen place is a member on that day already."))
    if not set(remove) <= set(current):
        raise GroupRefused("no_member", _("A chosen place is not a member on that day."))
    _check_members({*add, *current} - set(remove), within=group.within_id, on=on)
    for code in remove:
        _end(current[code], on, at=at)
    later = Membership.objects.filter(group=group, place__in=add, valid_from__gt=on)
    next_day: dict[str, date] = {}
    for code, day in later.order_by("-valid_from").values_list("place_id", "valid_from"):
        assert day is not None  # filtered
        next_day[code] = day
    Membership.objects.bulk_create(
        Membership(
            group=group, place_id=code, valid_from=on, valid_to=next_day.get(code), known_at=at
        )
        for code in sorted(add)
    )
    detail = {"from": on.isoformat(), "joined": sorted(add), "left": sorted(remove)}
    _note(group, "change_members", by=by, at=at, on=on, before=before, detail=detail)


@transaction.atomic
def close_group(key: str, *, on: date, by: Actor, at: datetime, seen: str) -> None:
    """End a group and all its memberships on the day; nothing before that day changes.

    Raises GroupRefused when it has changed since, is closed already, or begins later.
    """
    at = after_lines(at)
    group, before = _locked(key, seen=seen)
    if group.valid_to is not None:
        raise GroupRefused("closed", _("The group is closed already."))
    if group.valid_from is not None and on <= group.valid_from:
        raise GroupRefused("too_early", _("A group cannot end before its second day."))
    open_rows = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), group=group
    )
    for row in open_rows:
        _end(row, on, at=at)
    group.valid_to = on
    group.save(update_fields=["valid_to"])
    _note(group, "close_group", by=by, at=at, on=on, before=before, detail={"on": on.isoformat()})


def hand_on_memberships(code: str, successors: Collection[str], *, on: date, at: datetime) -> None:
    """Let the successors of a place that ends be members of its groups in its stead, from the day.

    Part of another act, which records it.
    """
    for row in Membership.objects.filter(tree.exists_on(on), place_id=code).select_related("group"):
        _end(row, on, at=at)
        Membership.objects.bulk_create(
            Membership(
                group=row.group,
                place_id=each,
                valid_from=on,
                valid_to=row.valid_to,
                note=row.note,
                known_at=at,
            )
            for each in successors
        )
        members_changed.send(sender=PlaceGroup, group=row.group_id, on=on)


def state_of(key: str) -> str:
    """Return a mark of how a group stands now, for the form that will change it."""
    return digest_of(_state(PlaceGroup.objects.get(key=key)))


def _locked(key: str, *, seen: str) -> tuple[PlaceGroup, dict[str, Any]]:
    group = PlaceGroup.objects.select_for_update().get(key=key)
    state = _state(group)
    if digest_of(state) != seen:
        raise GroupRefused(
            "changed",
            _(
                "Somebody else changed this group in the meantime. See how it stands now, then repeat your change."
            ),
        )
    return group, state


def _state(group: PlaceGroup) -> dict[str, Any]:
    members: Sequence[tuple[Any, ...]] = list(
        group.memberships.order_by("place_id", "valid_from", "id").values_list(
            "place_id", "valid_from", "valid_to"
        )
    )
    return {
        "key": group.key,
        "name_th": group.name_th,
        "name_en": group.name_en,
        "note": group.note,
        "source": group.source,
        "source_url": group.source_url,
        "valid_from": group.valid_from,
        "valid_to": group.valid_to,
        "members": members,
    }


def _check_members(members: Collection[str], *, within: str, on: date) -> None:
    if not members:
        raise GroupRefused("empty", _("A group needs at least one place."))
    found = set(
        Place.objects.filter(tree.exists_on(on), code__in=members).values_list("code", "level")
    )
    if len(found) != len(set(members)):
        raise GroupRefused("unknown_place", _("A chosen place does not exist on that day."))
    if any(code == within or not tree.is_within(code, within) for code in members):
        raise GroupRefused("outside", _("A chosen place lies outside the home of the group."))
    if len({level for _code, level in found}) > 1:
        raise GroupRefused("mixed_levels", _("All places of a group are of one level."))


def _end(row: Membership, on: date, *, at: datetime) -> None:
    row.superseded_at = at
    row.save(update_fields=["superseded_at"])
    if row.valid_from is None or row.valid_from < on:
        Membership.objects.create(
            group=row.group,
            place_id=row.place_id,
            valid_from=row.valid_from,
            valid_to=on,
            note=row.note,
            known_at=at,
        )


def _free_key(kind: GroupKind, within: str, name_en: str) -> str:
    stem = "-".join(part for part in (kind.value, within, slugify(name_en)) if part)
    stem = stem[: _KEY_LENGTH - 4].rstrip("-")
    taken = set(PlaceGroup.objects.filter(key__startswith=stem).values_list("key", flat=True))
    if name_en and stem not in taken:
        return stem
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _note(
    group: PlaceGroup,
    act: str,
    *,
    by: Actor,
    at: datetime,
    on: date,
    before: dict[str, Any] | None,
    detail: dict[str, Any],
) -> None:
    """Record an act that changed members, and tell who computes from them."""
    record(
        act,
        on=f"group:{group.key}",
        by=by,
        at=at,
        place=group.within_id,
        before=before,
        after=_state(group),
        detail={"name": group.name_th, **detail},
    )
    members_changed.send(sender=PlaceGroup, group=group.key, on=on)
