"""What a person may change in a proposal before it holds: its fields, plain, apart from the spans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final, Literal

Sort = Literal["text", "long", "day", "time", "whole", "number", "choice"]
_PLACE_CODE = re.compile(r"th|\d{2}|\d{4}|\d{6}|\d{8}")
LONGEST: Final = 20_000
"""Characters of a field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. needed: it may not be left empty; choices: of a choice, as stored."""

    name: str
    sort: Sort = "text"
    needed: bool = False
    choices: tuple[str, ...] = ()


_FROM_TO_DAY = (Field("first", "day"), Field("last", "day"))
_FROM_TO_TIME = (Field("start", "time"), Field("end", "time"))

FIELDS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "document-kind": (
            Field(
                "document_kind",
                "choice",
                needed=True,
                choices=(
                    "news", "minutes", "circular", "letter", "memo", "order", "announcement", "other",
                ),
            ),
        ),
        "title": (Field("text", needed=True),),
        "head-line": (Field("text", needed=True),),
        "date": _FROM_TO_DAY,
        "year": (Field("be_year", "whole", needed=True),),
        "time": _FROM_TO_TIME,
        "place": (Field("name", needed=True), Field("code")),
        "group": (Field("name", needed=True), Field("key")),
        "person": (
            Field("title"), Field("name", needed=True), Field("position"), Field("office"),
            Field("acting_for"),
        ),
        "post": (Field("name", needed=True),),
        "organiser": (Field("name", needed=True), Field("code")),
        "venue": (Field("name", needed=True), Field("code")),
        "event": (
            Field("title"), *_FROM_TO_DAY, *_FROM_TO_TIME, Field("venue"), Field("place"),
            Field("organiser"),
        ),
        "agenda-part": (Field("label"), *_FROM_TO_TIME, Field("venue"), Field("text", "long")),
        "issue": (Field("number"), Field("heading", "long", needed=True)),
        "dimension": (Field("number", "whole", needed=True), Field("name", needed=True)),
        "directive": (
            Field("who"), Field("action", "long", needed=True), Field("due", "day"),
            Field("due_words"), Field("for_whom"),
        ),
        "figure": (
            Field("value", "number", needed=True), Field("unit"), Field("label"), Field("base"),
            Field("as_of", "day"),
        ),
        "programme": (Field("name", needed=True),),
        "facet": (
            Field("facet", "choice", choices=("work", "money", "system", "people")),
            Field("dimension", "whole"),
        ),
    }
)  # fmt: skip
"""By kind of proposal; a kind that is not here is only confirmed or dropped as it stands."""


class EditRefused(ValueError):
    """A value that a field cannot hold. field: its name; code: needed, unreadable, too-long."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{field}: {code}")
        self.code = code
        self.field = field


def flat(kind: str, value: Mapping[str, Any]) -> dict[str, str | None]:
    """The editable fields of what was read, each as plain text; None where the text gives none.

    Source: issue 4 "Reading a document" (confirmed, changed or dropped by a person).
    """
    return {field.name: _text(value.get(field.name)) for field in FIELDS.get(kind, ())}


def edited(kind: str, given: Mapping[str, str | None]) -> dict[str, str | None]:
    """The fields as a person gave them, checked. Raises EditRefused, KeyError for another kind.

    Days are ISO, times HH:MM, numbers plain.

    Source: issue 4 "Reading a document" (changed by a person).
    """
    found = {field.name: _checked(field, given.get(field.name)) for field in FIELDS[kind]}
    first, last = found.get("first"), found.get("last")
    if first and last and last < first:
        raise EditRefused("unreadable", "last")
    return found


def _text(value: Any) -> str | None:
    if isinstance(value, Mapping):  # Words: the text and where it stands
        return str(value["text"])
    return None if value is None or value == "" else str(value)


def _checked(field: Field, given: str | None) -> str | None:
    said = (given or "").strip()
    if not said:
        if field.needed:
            raise EditRefused("needed", field.name)
        return None
    if len(said) > LONGEST:
        raise EditRefused("too-long", field.name)
    try:
        return _read(field, said)
    except (ValueError, InvalidOperation) as fault:
        raise EditRefused("unreadable", field.name) from fault


def _read(field: Field, said: str) -> str:
    if field.name == "code" and not _PLACE_CODE.fullmatch(said):
        raise ValueError(said)
    match field.sort:
        case "day":
            return date.fromisoformat(said).isoformat()
        case "time":
            return time.fromisoformat(said).isoformat(timespec="minutes")
        case "whole":
            return str(int(said))
        case "number":
            number = Decimal(said)
            if not number.is_finite():
                raise ValueError(said)
            return str(number)
        case "choice":
            if said not in field.choices:
                raise ValueError(said)
    return said
