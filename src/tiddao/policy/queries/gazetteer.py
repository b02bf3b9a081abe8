"""The gazetteer that documents are read with: from the database, or the official register alone."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from tiddao.places import tree
from tiddao.places.models import NATION, Level, Place, PlaceGroup
from tiddao.places.rules.group_file import read_groups
from tiddao.places.rules.register import official_register
from tiddao.policy.rules.gazetteer import KnownGroup, KnownPlace, PlaceIndex

GROUPS_FILE = settings.BASE.parent.parent / "definitions" / "groups.toml"


def gazetteer(*, on: date) -> PlaceIndex | None:
    """Return the places down to the tambon and the groups of the day; None where none are loaded.

    Villages are known by their tambon and หมู่, so that none need be loaded. Three queries.
    """
    rows = (
        Place.objects.filter(tree.exists_on(on))
        .exclude(level=Level.VILLAGE)
        .exclude(code=NATION)
        .values_list("code", "name_th")
    )
    places = [KnownPlace(code, name) for code, name in rows]
    if not places:
        return None
    groups = list(PlaceGroup.objects.filter(tree.exists_on(on)))
    members = tree.members_of({group.key for group in groups}, on=on)
    return PlaceIndex(
        places,
        [KnownGroup(group.key, group.name_th, group.kind, members[group.key]) for group in groups],
    )


def register_gazetteer() -> PlaceIndex:
    """Return the official register as it stands today, with the groups that the product ships.

    For a machine whose database holds no places yet. Groups found by a rule are left out.
    """
    shipped = read_groups(GROUPS_FILE.read_text(encoding="utf-8"))
    return PlaceIndex(
        (
            KnownPlace(place.code, place.name_th)
            for place in official_register().places
            if place.valid_to is None and place.code != NATION
        ),
        (
            KnownGroup(
                group.key, group.name_th, group.kind, frozenset(code for code, _ in group.members)
            )
            for group in shipped
            if group.members
        ),
    )


def current_gazetteer(*, on: date) -> PlaceIndex:
    """Return the gazetteer of the day from the database; from the register where none is loaded."""
    return gazetteer(on=on) or register_gazetteer()
