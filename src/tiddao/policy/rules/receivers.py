"""Whom a directive goes to, said by the tree: levels of offices within places or groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LEVELS: Final = ("province", "district")


class ChoiceUnreadable(ValueError):
    """A stored choice that does not say what it should. The message names the key."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Offices of the levels within the units, but for those left out.

    levels: of "province", "district"; within: place codes and group keys, 'th' for all; left_out:
    place codes, each with all below it.
    """

    levels: frozenset[str]
    within: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.levels or not self.levels <= set(LEVELS):
            raise ChoiceUnreadable(f"levels: {sorted(self.levels)}")

    def as_json(self) -> dict[str, Any]:
        return {
            "levels": [level for level in LEVELS if level in self.levels],
            "within": list(self.within),
            "left_out": list(self.left_out),
        }


def choice_of(stored: Mapping[str, Any]) -> Choice:
    """The choice that was stored. Raises ChoiceUnreadable, which names what is wrong.

    Source: issue 4 "handed down from one post to many offices through the tree".
    """
    unknown = set(stored) - {"levels", "within", "left_out"}
    if unknown:
        raise ChoiceUnreadable(f"unknown keys: {sorted(unknown)}")
    for key in ("levels", "within"):
        if not isinstance(stored.get(key), list):
            raise ChoiceUnreadable(key)
    return Choice(
        frozenset(stored["levels"]), tuple(stored["within"]), tuple(stored.get("left_out", ()))
    )
