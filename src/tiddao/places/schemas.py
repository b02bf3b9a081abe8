"""What the JSON of this area looks like."""

from __future__ import annotations

from datetime import date

from ninja import Schema


class PlaceOut(Schema):
    """A place; path: (code, full name) of the places above, nearest first."""

    key: str
    level: str
    level_name: str
    name_th: str
    name_en: str
    full_name: str
    path: list[tuple[str, str]]
    formerly: str = ""


class PlacesOut(Schema):
    """What a search found. more: there is more than was returned."""

    text: str
    is_near: bool
    more: bool
    places: list[PlaceOut]


class GroupOut(Schema):
    """A group of places; members: how many on the day of asking."""

    key: str
    kind: str
    name_th: str
    name_en: str
    within: str
    proposed: bool
    members: int
    valid_from: date | None
    valid_to: date | None


class MemberOut(Schema):
    """A membership: valid_from ≤ day < valid_to."""

    code: str
    level: str
    full_name: str
    valid_from: date | None
    valid_to: date | None
    note: str
    is_member: bool


class GroupPageOut(Schema):
    """A group with its members of all times."""

    group: GroupOut
    note: str
    source: str
    source_url: str
    members: list[MemberOut]


class Problem(Schema):
    """Why there is no answer."""

    detail: str
