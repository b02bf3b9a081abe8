"""Who came, who did not, who else was there: the roll of a meeting from its invitations and lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tiddao.kernel.names import fold_person
from tiddao.policy.rules.official import Person


@dataclass(frozen=True, slots=True)
class Asked:
    """One that was invited: a post of an office, or a guest by name.

    key: by which a line of attendance names it; title: the post in words, "" for a guest; holder:
    who holds it on the day, "" = nobody known; excuse: the answer of one who said they would not
    come.
    """

    key: int
    title: str
    office: str = ""
    holder: str = ""
    guest: str = ""
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """One that was there. asked: key of the very invitation that they came for, or None."""

    name: str
    title: str = ""
    office: str = ""
    asked: int | None = None


@dataclass(frozen=True, slots=True)
class Roll:
    """The three lists of minutes."""

    present: tuple[Person, ...]
    absent: tuple[Person, ...]
    also: tuple[Person, ...]


def roll_of(asked: Sequence[Asked], came: Collection[Came]) -> Roll:
    """The three lists: invited who came, in the order invited; invited who did not; all others.

    Where nobody came for a post itself, somebody else of its office who came for no other
    invitation stands in for it ("แทน"). A guest is also known by name.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 แบบรายงานการประชุม (ผู้มาประชุม, ผู้ไม่มาประชุม,
    ผู้เข้าร่วมประชุม); docs requirements A21.
    """
    left = sorted(came, key=lambda one: one.asked is None)  # as listed, the invited first
    found: list[Came | None] = [_taken(left, each) for each in asked]
    lines: list[Person] = []
    absent: list[Person] = []
    for each, one in zip(asked, found, strict=True):
        if one is not None:
            lines.append(Person(one.name, one.title or each.title))
            continue
        stand_in = next(
            (c for c in left if each.office and c.office == each.office and c.asked is None), None
        )
        if stand_in is not None:
            left.remove(stand_in)
            lines.append(Person(stand_in.name, stand_in.title, f"แทน{each.title}"))
        else:
            absent.append(Person(each.guest or each.holder or each.title, _post(each), each.excuse))
    also = tuple(Person(one.name, one.title) for one in left)
    return Roll(tuple(lines), tuple(absent), also)


def _post(each: Asked) -> str:
    return each.title if each.holder else ""


def _taken(left: list[Came], each: Asked) -> Came | None:
    """Whoever came for exactly this invitation, taken off the list."""
    one = next((c for c in left if c.asked == each.key), None)
    if one is None and each.guest:
        key = fold_person(each.guest)
        one = next((c for c in left if not c.office and key.startswith(fold_person(c.name))), None)
    if one is not None:
        left.remove(one)
    return one
