"""JSON of this area under /api/v1."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal, cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.places import tree
from tiddao.places.access import SignedInRequest
from tiddao.places.queries.groups import group_page, visible_groups
from tiddao.places.queries.search import places_by_codes, search
from tiddao.places.schemas import GroupOut, GroupPageOut, PlaceOut, PlacesOut, Problem

router = Router()

LevelName = Literal["", "nation", "province", "district", "tambon", "village"]


@router.get("/places", response=PlacesOut, summary="Find places by code or name")
def find_places(
    request: HttpRequest, q: str, level: LevelName = "", within: str = ""
) -> dict[str, Any]:
    """Return up to fifty places in scope, best first; the same as the search page."""
    standing = cast("SignedInRequest", request).standing
    if within and not standing.covers(within):
        raise Http404
    found = search(q, roots=standing.roots, on=standing.on, level=level, within=within)
    return asdict(found)


@router.get("/places/{key}", response={200: PlaceOut, 404: Problem}, summary="One place")
def one_place(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the place of that code."""
    standing = cast("SignedInRequest", request).standing
    if not tree.is_within_any(key, standing.roots):
        raise Http404
    found = places_by_codes([key], on=standing.on)
    if not found:
        raise Http404
    return asdict(found[0])


@router.get("/groups", response=list[GroupOut], summary="Groups of places in scope")
def all_groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups, closed ones last."""
    standing = cast("SignedInRequest", request).standing
    return [asdict(row) for row in visible_groups(roots=standing.roots, on=standing.on)]


@router.get("/groups/{key}", response={200: GroupPageOut, 404: Problem}, summary="One group")
def one_group(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the group with its members of all times."""
    standing = cast("SignedInRequest", request).standing
    page = group_page(key, roots=standing.roots, on=standing.on)
    if page is None:
        raise Http404
    return {
        "group": asdict(page.row),
        "note": page.note,
        "source": page.source,
        "source_url": page.source_url,
        "members": [asdict(row) for row in (*page.current, *page.others)],
    }
