"""Reads the file of shipped groups and says what is wrong in it, by group and key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS = ("region", "inspection", "zone", "peer")
_TEXTS = ("key", "kind", "name_th", "name_en", "within", "source", "source_url", "note")
_NEEDED = ("key", "kind", "name_th", "within", "source")
_KEYS = frozenset((*_TEXTS, "proposed", "valid_from", "members", "rule"))
_RULE_KEYS = frozenset({"level", "children_from", "children_to"})


class GroupFileError(ValueError):
    """The file of groups cannot be used; the message names the group and the key."""


@dataclass(frozen=True, slots=True)
class SizeRule:
    """Members are the places of a level with so many places directly below them (both inclusive)."""

    level: str
    children_from: int
    children_to: int


@dataclass(frozen=True, slots=True)
class ShippedGroup:
    """One group of the file. members: (code, Thai name); empty where a rule finds them."""

    key: str
    kind: str
    name_th: str
    name_en: str
    within: str
    source: str
    source_url: str
    note: str
    proposed: bool
    valid_from: date | None
    members: tuple[tuple[str, str], ...]
    rule: SizeRule | None


def read_groups(text: str) -> tuple[ShippedGroup, ...]:
    """Return the groups of the TOML text, in its order.

    Raises GroupFileError for unreadable TOML, an unknown or missing key, a wrong type, a member
    without name, a member twice, a key twice, or a group with both members and a rule.

    Source: house.md "Rules" (unknown keys are refused); issue 2 "places" (groups as data).
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GroupFileError(f"not TOML: {error}") from error
    if set(tables) != {"group"} or not isinstance(tables["group"], list):
        raise GroupFileError("the file holds [[group]] tables and nothing else")
    groups = tuple(_group(number, table) for number, table in enumerate(tables["group"], start=1))
    keys = [group.key for group in groups]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise GroupFileError(f"key used twice: {', '.join(twice)}")
    return groups


def _group(number: int, table: Mapping[str, Any]) -> ShippedGroup:
    where = f"group {number} ({table.get('key', 'no key')})"
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise GroupFileError(f"{where}: unknown key {', '.join(unknown)}")
    missing = [key for key in _NEEDED if not table.get(key)]
    if missing:
        raise GroupFileError(f"{where}: missing {', '.join(missing)}")
    for key in _TEXTS:
        if not isinstance(table.get(key, ""), str):
            raise GroupFileError(f"{where}: {key} must be text")
    if table["kind"] not in KINDS:
        raise GroupFileError(f"{where}: kind must be one of {', '.join(KINDS)}")
    if not isinstance(table.get("proposed", False), bool):
        raise GroupFileError(f"{where}: proposed must be true or false")
    day = table.get("valid_from")
    if day is not None and type(day) is not date:
        raise GroupFileError(f"{where}: valid_from must be a date like 2022-11-22")
    if ("members" in table) == ("rule" in table):
        raise GroupFileError(f"{where}: give either members or rule")
    return ShippedGroup(
        key=table["key"],
        kind=table["kind"],
        name_th=table["name_th"],
        name_en=table.get("name_en", ""),
        within=table["within"],
        source=table["source"],
        source_url=table.get("source_url", ""),
        note=table.get("note", "").strip(),
        proposed=table.get("proposed", False),
        valid_from=day,
        members=_members(where, table.get("members", ())),
        rule=_rule(where, table["rule"]) if "rule" in table else None,
    )


def _members(where: str, listed: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    members = []
    for item in listed:
        code, _, name = str(item).partition(" ")
        if not (code.isascii() and code.isdigit() and name):
            raise GroupFileError(f'{where}: a member is written "code name", not {item!r}')
        members.append((code, name))
    codes = [code for code, _ in members]
    if len(set(codes)) != len(codes):
        raise GroupFileError(f"{where}: a member is listed twice")
    return tuple(members)


def _rule(where: str, table: Mapping[str, Any]) -> SizeRule:
    if set(table) != _RULE_KEYS:
        raise GroupFileError(f"{where}: rule needs exactly {', '.join(sorted(_RULE_KEYS))}")
    if table["level"] not in {"province", "district"}:
        raise GroupFileError(f"{where}: rule.level must be province or district")
    if not 0 <= table["children_from"] <= table["children_to"]:
        raise GroupFileError(f"{where}: rule.children_from must not exceed children_to")
    return SizeRule(**table)
