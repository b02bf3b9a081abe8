"""What evidence can prove. Each area above registers its own kinds in ``AppConfig.ready``.

Evidence stands below the areas that use it and may not import them; it knows a subject as a kind and
a key, and asks the registered kind for the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that evidence proves.

    label: what a person calls it, in the language of the page; href: its page, "" for none; place:
    code of the place it is about, by which access is judged. closed: why nothing may be attached
    or detached now, in words; "" while it may.
    """

    key: str
    label: str
    href: str
    place: str
    closed: str = ""


class SubjectKind(Protocol):
    """What an area says about one kind of its things."""

    @property
    def code(self) -> str:
        """The kind as it is kept, at most 40 letters: "result", "budget-entry"."""

    @property
    def words(self) -> str:
        """The kind in the language of the page: "ผลงานตามตัวชี้วัด"."""

    def subjects(self, keys: Collection[str]) -> Mapping[str, Subject]:
        """Return those of the keys that exist. As few queries for many keys as for one."""


_kinds: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """Let evidence prove things of this kind; registering the same code again replaces it."""
    _kinds[kind.code] = kind


def unregister(code: str) -> None:
    """Forget a kind (for tests)."""
    _kinds.pop(code, None)


def kind_words(code: str) -> str:
    """Return the kind in words; its code where the area that knew it is gone."""
    return _kinds[code].words if code in _kinds else code


def find_subject(kind: str, key: str) -> Subject | None:
    """Return the thing, or None for an unknown kind or key."""
    return subjects_of([(kind, key)]).get((kind, key))


def subjects_of(references: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Subject]:
    """Return the things that exist, by (kind, key); each kind is asked once."""
    keys: dict[str, set[str]] = defaultdict(set)
    for kind, key in references:
        keys[kind].add(key)
    return {
        (kind, key): subject
        for kind, wanted in keys.items()
        if kind in _kinds
        for key, subject in _kinds[kind].subjects(wanted).items()
    }
