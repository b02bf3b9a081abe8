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
    left = list(came)
    found = [_taken(left, each) for each in asked]
    present: list[Person] = []
    absent: list[Person] = []
    for each, people in zip(asked, found, strict=True):
        if people:
            present += [Person(one.name, one.title or each.title) for one in people]
        elif (stand_in := _stand_in(left, each)) is not None:
            present.append(Person(stand_in.name, stand_in.title, f"แทน{each.title}"))
        else:
            absent.append(
                Person(
                    each.guest or each.holder or each.title,
                    each.title if each.holder else "",
                    each.excuse,
                )
            )
    also = tuple(Person(one.name, one.title) for one in left)
    return Roll(tuple(present), tuple(absent), also)


def _taken(left: list[Came], each: Asked) -> list[Came]:
    """Those who came for exactly this invitation, taken off the list."""
    people = [one for one in left if one.asked == each.key]
    if not people and each.guest:
        key = fold_person(each.guest)
        named = (c for c in left if not c.office and key.startswith(fold_person(c.name)))
        people = [one] if (one := next(named, None)) is not None else []
    for one in people:
        left.remove(one)
    return people


def _stand_in(left: list[Came], each: Asked) -> Came | None:
    of_office = (c for c in left if each.office and c.office == each.office and c.asked is None)
    found = next(of_office, None)
    if found is not None:
        left.remove(found)
    return found
