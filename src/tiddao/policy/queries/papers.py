"""Templates and emblems of offices: what is in force where, and what was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tiddao.people.access import HeldPost, Standing
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.models import NATION, Office
from tiddao.policy.models import OfficeTemplate


@dataclass(frozen=True, slots=True)
class InForce:
    """What a kind of paper is set with at an office. id None: the product's own."""

    kind: str
    kind_words: str
    id: int | None
    sha256: str
    number: int
    office: str
    office_name: str
    is_own: bool  # the office's, not that of an office above
    since: datetime | None


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One version. state: trial, in_force, retired, dropped."""

    id: int
    kind: str
    kind_words: str
    number: int
    office: str
    office_name: str
    place: str
    file_name: str
    sha256: str
    size: int  # bytes
    state: str
    look: str
    by_name: str
    at: datetime
    in_force_at: datetime | None
    retired_at: datetime | None


_LOOK = {"trial": "info", "in_force": "ok", "retired": "nodata", "dropped": "nodata"}


def in_force_at(place: str) -> dict[str, InForce]:
    """Return, by kind, what papers of an office at the place are set with: its own, else that of
    the nearest office above, else the product's own. One query.
    """
    rows = OfficeTemplate.objects.filter(
        place__in=[*tree.ancestor_codes(place), place],
        in_force_at__isnull=False,
        retired_at__isnull=True,
    ).select_related("office")
    found = {
        str(kind): InForce(
            str(kind), str(kind.label), None, "", 0, "", "", is_own=False, since=None
        )
        for kind in OfficeTemplate.Kind
    }
    for row in sorted(rows, key=lambda each: len(tree.ancestor_codes(each.place_id))):
        found[row.kind] = InForce(
            kind=row.kind,
            kind_words=str(row.get_kind_display()),
            id=row.pk,
            sha256=row.blob_id,
            number=row.number,
            office=row.office_id,
            office_name=row.office.name_th,
            is_own=row.place_id == place,
            since=row.in_force_at,
        )
    return found


def set_with(place: str, kind: str) -> tuple[str, str]:
    """Return (SHA-256 of the Word template, of the emblem) at an office, "" for none. One query."""
    found = in_force_at(place)
    return found[kind].sha256, found[OfficeTemplate.Kind.EMBLEM].sha256


def visible_templates(standing: Standing) -> Q:
    """Return the condition that a person may see an OfficeTemplate: of an office they cover, or of
    one above it, which sets their papers.
    """
    if NATION in standing.roots:
        return Q()
    above = {code for root in standing.roots for code in tree.ancestor_codes(root)}
    in_force = Q(place__in=above, in_force_at__isnull=False, retired_at__isnull=True)
    return tree.within_any(standing.roots, "place__") | in_force


def versions_of(office: str, kind: str, standing: Standing) -> tuple[TemplateLine, ...]:
    """Return an office's versions of a kind, the newest first. One query."""
    rows = OfficeTemplate.objects.filter(visible_templates(standing), office=office, kind=kind)
    return tuple(_line(row) for row in rows.select_related("office", "blob").order_by("-number"))


def find_template(template_id: int, standing: Standing) -> TemplateLine | None:
    """Return a version if the person may see it. One query."""
    row = (
        OfficeTemplate.objects.filter(visible_templates(standing), pk=template_id)
        .select_related("office", "blob")
        .first()
    )
    return _line(row) if row else None


def templates_of(office: str, standing: Standing) -> list[TemplateLine]:
    """Return all versions of an office that the person may see, the newest first. One query."""
    rows = OfficeTemplate.objects.filter(visible_templates(standing), office=office)
    return [_line(row) for row in rows.select_related("office", "blob").order_by("-at", "-pk")]


def find_office(code: str, standing: Standing) -> Office | None:
    """Return the office if the person covers its place. One query."""
    office = Office.objects.filter(code=code).first()
    return office if office is not None and standing.covers(office.place_id) else None


def post_at_office(
    standing: Standing, office: str, act: str = "replace_template"
) -> HeldPost | None:
    """Return the post at the very office under which the person may do the act, or None."""
    return next((p for p in standing.posts if p.office_code == office and may(p.role, act)), None)


def own_offices_for(standing: Standing, acts: Collection[str]) -> list[tuple[str, str, str]]:
    """Return (code, name, place) of the offices at which the person may do one of the acts; without
    such a post, of all their offices. One query.
    """
    able = {p.office_code for p in standing.posts if any(may(p.role, act) for act in acts)}
    codes = able or {p.office_code for p in standing.posts}
    rows = Office.objects.filter(code__in=codes).order_by("place_id")
    return list(rows.values_list("code", "name_th", "place_id"))


def _line(row: OfficeTemplate) -> TemplateLine:
    if row.in_force_at is None:
        state = "dropped" if row.retired_at else "trial"
    else:
        state = "retired" if row.retired_at else "in_force"
    return TemplateLine(
        id=row.pk,
        kind=row.kind,
        kind_words=str(row.get_kind_display()),
        number=row.number,
        office=row.office_id,
        office_name=row.office.name_th,
        place=row.place_id,
        file_name=row.file_name,
        sha256=row.blob_id,
        size=row.blob.size,
        state=state,
        look=_LOOK[state],
        by_name=row.by_name,
        at=row.at,
        in_force_at=row.in_force_at,
        retired_at=row.retired_at,
    )
