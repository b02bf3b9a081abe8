"""Loading the official register of places, the department's offices and the shipped groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Model, QuerySet
from django.utils import timezone

from tiddao.kernel.collation import thai_key
from tiddao.kernel.names import fold_place
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines
from tiddao.places import tree
from tiddao.places.models import (
    NATION,
    CodeCrosswalk,
    FormerName,
    Level,
    Membership,
    Office,
    OfficeKind,
    Place,
    PlaceGroup,
    Succession,
)
from tiddao.places.rules.group_file import GroupFileError, ShippedGroup, read_groups
from tiddao.places.rules.register import RegisteredPlace, official_register

GROUPS_FILE = settings.BASE.parent.parent / "definitions" / "groups.toml"
BANGKOK = "10"  # has khet, no amphoe; the department has no office there (domain.md §6.2)
FOLD_SEPARATOR = "|"

_LOCK = 7_315_001  # advisory lock: two loads never run at once
_BATCH = 2_000

M = TypeVar("M", bound=Model)


@transaction.atomic
def load_geography(*, at: datetime, by: Actor) -> Counter[str]:
    """Bring places, successions, offices, crosswalk and groups to the official register.

    Returns how many rows were added or changed, by kind; running it again changes nothing and
    leaves no entry in the ledger. A group that exists is left as the office has edited it.

    Source: domain.md §6.2 (counts), §6.3 (crosswalk), definitions/groups.toml.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    # What the first register says was known from the beginning; a later one brings news.
    news = after_lines(at) if Place.objects.exists() else None
    register = official_register()
    changed: Counter[str] = Counter()
    changed.update(_load_places(register.places, news=news))
    changed["successions"] = _add_missing(
        Succession.objects.all(),
        ("predecessor_id", "successor_id"),
        (
            Succession(
                predecessor_id=row.predecessor,
                successor_id=row.successor,
                on=row.on,
                source=row.source,
                known_at=news,
            )
            for row in register.successions
        ),
    )
    standing = [row for row in register.places if row.valid_to is None]
    changed["offices"] = _add_missing(
        Office.objects.all(), ("code",), _offices(standing, news=news)
    )
    changed["crosswalk"] = _add_missing(
        CodeCrosswalk.objects.all(), ("scheme", "code"), _crosswalk(standing)
    )
    changed["groups"] = _load_groups(on=timezone.localdate(at))
    changed = +changed
    if changed:
        record(
            "load_geography",
            on="geography",
            by=by,
            at=at,
            place=NATION,
            after=changed,
            detail={"release": register.release, **changed},
        )
    return changed


def folded_names(name_th: str, name_en: str, *, province: str | None = None) -> str:
    """Return the search text of a place: the folds of both names, separated.

    province: completes a bare "เมือง", see ``kernel.names.fold_place``.
    """
    names = [fold_place(name, province=province) for name in (name_th, name_en) if name]
    return FOLD_SEPARATOR.join(names)


def _load_places(rows: Iterable[RegisteredPlace], *, news: datetime | None) -> dict[str, int]:
    facts = ("level", "parent_id", "name_th", "name_en", "valid_from", "valid_to")
    known = Place.objects.exclude(level="village").in_bulk()
    new: list[Place] = []
    altered: list[Place] = []
    renamed: list[FormerName] = []
    for row in rows:
        values: dict[str, Any] = {
            "level": row.level,
            "parent_id": row.parent,
            "name_th": row.name_th,
            "name_en": row.name_en,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        place = known.get(row.code)
        if place is not None and place.end_known_at and row.valid_to is None:
            values["valid_to"] = place.valid_to  # ended by an act that the register does not know
        if place is not None and all(getattr(place, fact) == values[fact] for fact in facts):
            continue
        end_known_at = place.end_known_at if place else news
        if place is not None and place.valid_to is None:
            end_known_at = news
        (altered if place else new).append(
            Place(
                code=row.code,
                **values,
                known_at=place.known_at if place else news,
                end_known_at=None if values["valid_to"] is None else end_known_at,
                folded=folded_names(row.name_th, row.name_en),
                sort_key=thai_key(row.name_th),
                source=row.source,
            )
        )
        if (
            place is not None
            and news
            and (place.name_th, place.name_en)
            != (
                row.name_th,
                row.name_en,
            )
        ):
            renamed.append(
                FormerName(
                    place=place, name_th=place.name_th, name_en=place.name_en, superseded_at=news
                )
            )
    Place.objects.bulk_create(new, batch_size=_BATCH)
    derived = ("folded", "sort_key", "source", "end_known_at")
    Place.objects.bulk_update(altered, [*facts, *derived], batch_size=_BATCH)
    FormerName.objects.bulk_create(renamed, batch_size=_BATCH)
    return {"places": len(new) + len(altered)}


def _add_missing(existing: QuerySet[M], key: tuple[str, ...], wanted: Iterable[M]) -> int:
    known = set(existing.values_list(*key))
    new = [row for row in wanted if tuple(getattr(row, name) for name in key) not in known]
    existing.model._default_manager.bulk_create(new, batch_size=_BATCH)  # noqa: SLF001 -- Django's
    return len(new)


def _offices(places: Iterable[RegisteredPlace], *, news: datetime | None) -> Iterable[Office]:
    yield Office(
        code="CDD",
        kind=OfficeKind.DEPARTMENT,
        place_id=NATION,
        name_th="กรมการพัฒนาชุมชน",
        name_en="Community Development Department",
    )
    for place in places:
        if place.code == NATION or tree.is_within(place.code, BANGKOK):
            continue
        if place.level == "province":
            yield Office(
                code=f"CDD-{place.code}",
                kind=OfficeKind.PROVINCE,
                place_id=place.code,
                name_th=f"สำนักงานพัฒนาชุมชนจังหวัด{place.name_th}",
                name_en=f"{place.name_en} Provincial Community Development Office",
                known_at=news,
            )
        elif place.level == "district":
            yield Office(
                code=f"CDD-{place.code}",
                kind=OfficeKind.DISTRICT,
                place_id=place.code,
                name_th=f"สำนักงานพัฒนาชุมชนอำเภอ{place.name_th}",
                name_en=f"{place.name_en} District Community Development Office",
                known_at=news,
            )


def _crosswalk(places: Iterable[RegisteredPlace]) -> Iterable[CodeCrosswalk]:
    for place in places:
        if place.level == "province":
            yield CodeCrosswalk(
                scheme="cgd-province",
                code=f"{place.code}00",
                place_id=place.code,
                source="province code followed by 00, after the CGD's '5700' (domain.md §6.3)",
            )


def _load_groups(*, on: date) -> int:
    shipped = read_groups(GROUPS_FILE.read_text(encoding="utf-8"))
    known = set(PlaceGroup.objects.values_list("key", flat=True))
    new = [group for group in shipped if group.key not in known]
    members = {group.key: _member_codes(group, on=on) for group in new}
    PlaceGroup.objects.bulk_create(
        PlaceGroup(
            key=group.key,
            kind=group.kind,
            name_th=group.name_th,
            name_en=group.name_en,
            within_id=group.within,
            note=group.note,
            source=group.source,
            source_url=group.source_url,
            proposed=group.proposed,
            valid_from=group.valid_from,
        )
        for group in new
    )
    Membership.objects.bulk_create(
        Membership(group_id=group.key, place_id=code, valid_from=group.valid_from)
        for group in new
        for code in members[group.key]
    )
    return len(new)


def _member_codes(group: ShippedGroup, *, on: date) -> list[str]:
    if group.rule is not None:
        below = (
            tree.descendants(group.within, on=on)
            .values("parent_id")
            .annotate(children=Count("code"))
            .values_list("parent_id", "children")
        )
        sizes = dict(below)
        candidates = tree.descendants(group.within, on=on, level=Level(group.rule.level))
        return [
            code
            for code in candidates.order_by("code").values_list("code", flat=True)
            if group.rule.children_from <= sizes.get(code, 0) <= group.rule.children_to
        ]
    names = dict(
        Place.objects.filter(code__in=[code for code, _ in group.members]).values_list(
            "code", "name_th"
        )
    )
    for code, name in group.members:
        if names.get(code) != name:
            raise GroupFileError(
                f"group {group.key}: {code} is {names.get(code) or 'no place'}, not {name}"
            )
    return [code for code, _ in group.members]
