"""Test texts with what a person found in them, written by hand before the rules met them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tiddao.places.rules.register import official_register
from tiddao.policy.rules.gazetteer import KnownGroup, KnownPlace, PlaceIndex

TEXTS = Path(__file__).parent / "texts"
GROUPS = Path(__file__).resolve().parents[2] / "definitions" / "groups.toml"
DEV, HELD = "dev", "held"


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text and its annotations. A field that is absent was not annotated and is not measured."""

    name: str
    text: str
    gold: dict[str, Any]


def gold_texts(part: str) -> Iterator[GoldText]:
    for file in sorted((TEXTS / part).glob("*.txt")):
        gold = tomllib.loads(file.with_suffix(".toml").read_text(encoding="utf-8"))
        yield GoldText(f"{part}/{file.stem}", file.read_text(encoding="utf-8"), gold)


@lru_cache(maxsize=1)
def places() -> PlaceIndex:
    """The official register with the groups that the product ships; no database."""
    register = [place for place in official_register().places if place.valid_to is None]
    known = [KnownPlace(place.code, place.name_th) for place in register if place.code != "th"]
    groups = tomllib.loads(GROUPS.read_text(encoding="utf-8"))["group"]
    return PlaceIndex(
        known,
        [
            KnownGroup(
                row["key"],
                row["name_th"],
                row["kind"],
                frozenset(member.split()[0] for member in row["members"]),
            )
            for row in groups
            if "members" in row
        ],
    )
