"""An agenda: its order, its parts, and what a reader should look at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

from tiddao.kernel.dates import format_time

RemarkCode = Literal["before-meeting", "after-meeting", "overlap", "earlier-than-before"]

FORMAT_OF_SESSION: Final = {
    "lecture": "lecture",
    "discussion": "discussion",
    "workshop": "workshop",
    "field-visit": "field_visit",
    "social": "social",
    "ceremony": "social",
    "other": "discussion",
}
"""By format that was read in a document (``rules.proposals.SessionFormat``), that of an agenda item."""
MORNING: Final = 1
AFTERNOON: Final = 2
EVENING: Final = 3


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be put on an agenda. part: 1 morning, 2 afternoon …; starts, ends: None where none
    is given; format: ``models.Format``; venue, venue_place: where it differs from the meeting's.
    """

    title: str
    part: int = 1
    format: str = "discussion"
    starts: time | None = None
    ends: time | None = None
    speaker: str = ""
    venue: str = ""
    venue_place: str | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """An agenda item as its times stand. starts, ends: None where none is given (A48)."""

    id: int
    starts: time | None
    ends: time | None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one item's time to look at again; nothing is repaired. message_th: in words."""

    id: int
    code: RemarkCode
    message_th: str


def part_of(label: str, starts: time | None, before: int = MORNING) -> int:
    """The part that an item belongs to: by its own words, else by its time, else that before it.

    Source: requirements A29–A30, A48 (ช่วงเช้า 9:00–12:00, ช่วงบ่าย from 13:00).
    """
    for word, part in (("เช้า", MORNING), ("สาย", MORNING), ("บ่าย", AFTERNOON), ("ค่ำ", EVENING)):
        if word in label:
            return part
    if starts is None:
        return before
    if starts < time(12):
        return MORNING
    return AFTERNOON if starts < time(17) else EVENING


def moved(ids: Sequence[int], one: int, step: int) -> tuple[int, ...]:
    """The ids with one moved so many places down (up where negative), no further than the ends.

    Raises ValueError for an id that is not among them.

    Source: issue 4 "Agenda with parts" (an agenda may be put in order until its minutes are issued).
    """
    rest = [each for each in ids if each != one]
    place = min(max(list(ids).index(one) + step, 0), len(rest))
    return (*rest[:place], one, *rest[place:])


def remarks_on(items: Sequence[Timed], *, starts: time, ends: time | None) -> tuple[Remark, ...]:
    """What a reader should look at in the times of items in their order.

    starts, ends: of the meeting itself. An item before the meeting's own start is no mistake (the
    session began at 9:00, the talk at 10:00); it is said, so that nobody comes late.

    Source: requirements A6, A30, E1 (separate event and agenda times).
    """
    found: list[Remark] = []
    last: Timed | None = None
    for item in items:
        if item.starts is None:
            continue
        if item.starts < starts:
            found.append(
                Remark(item.id, "before-meeting", f"เริ่มก่อนเวลาประชุม ({format_time(starts)})")
            )
        if ends is not None and (item.starts >= ends or (item.ends and item.ends > ends)):
            found.append(Remark(item.id, "after-meeting", f"เลยเวลาเลิกประชุม ({format_time(ends)})"))
        if last is not None and last.starts is not None:
            if item.starts < last.starts:
                found.append(Remark(item.id, "earlier-than-before", "เริ่มก่อนวาระที่อยู่ข้างบน"))
            elif last.ends is not None and item.starts < last.ends:
                found.append(
                    Remark(
                        item.id, "overlap",
                        f"ซ้อนกับวาระที่อยู่ข้างบน ซึ่งเลิก {format_time(last.ends)}",
                    )
                )  # fmt: skip
        last = item
    return tuple(found)
