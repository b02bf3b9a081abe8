"""What an office has said about its own workbook, kept so that next month is one click."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Category = Literal["admin", "strategy", "province", "province_group", "province_and_group"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
CATEGORY_TH: dict[Category, str] = {
    "admin": "งบบริหาร",
    "strategy": "งบยุทธศาสตร์",
    "province": "งบจังหวัด",
    "province_group": "งบกลุ่มจังหวัด",
    "province_and_group": "งบจังหวัด/กลุ่มจังหวัด",
}
PROVINCE_ONLY: frozenset[Category] = frozenset({"province", "province_group", "province_and_group"})
"""Held by the provincial office alone (docs domain 3.4); a district's row in them is a fault."""

SheetKind = Literal["budget", "summary", "monitor", "score", "other"]
SHEET_KINDS: tuple[SheetKind, ...] = get_args(SheetKind)

VERSION = 1


class MappingUnreadable(ValueError):
    """A saved mapping that this version cannot read; says which part."""


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """What a sheet is. kind "other": it is not read at all, and said so."""

    kind: SheetKind
    category: Category | None = None
    tranche: str | None = None


@dataclass(frozen=True)
class OfficeMapping:
    """Overrides the reader's own understanding, word for word.

    sheets: by tab. heads: a head's words (as `squashed` writes them) → a measure or a label role; "" for a column to be left out.
    places: a unit as written → its code (four digits, or two for the provincial office). projects: a
    number or name as written → the number or name it is counted under.
    """

    sheets: Mapping[str, SheetMapping] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """One JSON object, keys sorted, so that two equal mappings are equal texts.

        Source: issue 3, "A saved mapping per office".
        """
        body = {
            "version": VERSION,
            "sheets": {
                tab: {"kind": each.kind, "category": each.category, "tranche": each.tranche}
                for tab, each in self.sheets.items()
            },
            "heads": dict(self.heads),
            "places": dict(self.places),
            "projects": dict(self.projects),
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> OfficeMapping:
        """The mapping that `to_json` wrote. Raises MappingUnreadable, naming the part.

        Source: issue 3, "A saved mapping per office".
        """
        try:
            body = json.loads(text)
        except ValueError as fault:
            raise MappingUnreadable(f"ไม่ใช่ JSON: {fault}") from fault
        if not isinstance(body, dict) or body.get("version") != VERSION:
            raise MappingUnreadable(f"version ต้องเป็น {VERSION}")
        unknown = set(body) - {"version", "sheets", "heads", "places", "projects"}
        if unknown:
            raise MappingUnreadable(f"ไม่รู้จักส่วน {', '.join(sorted(unknown))}")
        return cls(
            sheets={tab: _sheet(tab, each) for tab, each in _object(body, "sheets").items()},
            heads=_words(body, "heads"),
            places=_words(body, "places"),
            projects=_words(body, "projects"),
        )


def _object(body: Mapping[str, Any], part: str) -> dict[str, Any]:
    found = body.get(part, {})
    if not isinstance(found, dict):
        raise MappingUnreadable(f"{part} ต้องเป็น object")
    return found


def _words(body: Mapping[str, Any], part: str) -> dict[str, str]:
    found = _object(body, part)
    for key, value in found.items():
        if not isinstance(value, str):
            raise MappingUnreadable(f"{part}[{key!r}] ต้องเป็นข้อความ")
    return found


def _sheet(tab: str, each: object) -> SheetMapping:
    if not isinstance(each, dict) or set(each) - {"kind", "category", "tranche"}:
        raise MappingUnreadable(f"sheets[{tab!r}] ต้องมี kind, category, tranche เท่านั้น")
    kind, category, tranche = each.get("kind"), each.get("category"), each.get("tranche")
    if kind not in SHEET_KINDS:
        raise MappingUnreadable(f"sheets[{tab!r}].kind: {kind!r}")
    if category is not None and category not in CATEGORIES:
        raise MappingUnreadable(f"sheets[{tab!r}].category: {category!r}")
    if tranche is not None and not isinstance(tranche, str):
        raise MappingUnreadable(f"sheets[{tab!r}].tranche: {tranche!r}")
    return SheetMapping(kind, category, tranche)
