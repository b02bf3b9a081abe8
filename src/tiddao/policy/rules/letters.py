"""Letters written from what is recorded: a directive, a meeting. A person changes and signs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tiddao.policy.rules.official import (
    Letter,
    Minutes,
    PaperKind,
    agenda_heading,
    official_day,
    official_deadline,
    official_hours,
    paragraphs,
)

NAMED_IN_HEAD = 3
"""Receivers who are named behind "เรียน"; more stand on a list behind the letter."""

HEADS = {"province": "พัฒนาการจังหวัด", "district": "พัฒนาการอำเภอ"}
"""By kind of office, whom a letter to it is addressed to (docs domain 6.1)."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a letter goes. receivers: for the list behind it, empty where all are named."""

    to: str
    receivers: tuple[str, ...]


def addressed(receivers: Sequence[tuple[str, str]], *, of_all: int | None = None) -> Addressed:
    """The words behind "เรียน". receivers: (kind of office, name of its place, such as พญาเม็งราย);
    of_all: how many offices of that kind there are within the sender's places.

    All of one kind are "พัฒนาการอำเภอทุกอำเภอ", up to three are named, more are on a list.

    Source: docs requirements B46 and domain 7 (circulars to all provinces); form of address of
    ระเบียบฯ งานสารบรรณ พ.ศ. 2526 ภาคผนวก 2.
    """
    names = tuple(f"{HEADS[kind]}{place}" if kind in HEADS else place for kind, place in receivers)
    sorts = {kind for kind, _ in receivers}
    if len(sorts) == 1 and len(names) > 1 and len(names) == of_all:
        (kind,) = sorts
        if kind in HEADS:
            every = "ทุกจังหวัด" if kind == "province" else "ทุกอำเภอ"
            return Addressed(f"{HEADS[kind]}{every}", ())
    if len(names) <= NAMED_IN_HEAD:
        return Addressed(" ".join(names), ())
    heads = [HEADS[kind] for kind in HEADS if kind in sorts]
    whom = "และ".join(heads) if heads and len(heads) == len(sorts) else "ผู้รับ"
    return Addressed(f"{whom}ตามบัญชีรายชื่อแนบท้าย", names)


def of_directive(  # the facts of one directive
    kind: PaperKind,
    *,
    office: str,
    title: str,
    text: str,
    source: str,
    on_behalf_of: str,
    due_on: date | None,
    due_words: str,
    number: str,
    to: Addressed,
) -> Letter:
    """A letter that says what a directive says, with its deadline and the last working day.

    Source: docs requirements B45, B46; ระเบียบฯ งานสารบรรณ พ.ศ. 2526 (docs domain 9.1).
    """
    who = on_behalf_of or office
    begins = f"ตาม{source} " if source else "ด้วย"
    lines = [f"{begins}{who}ขอให้ดำเนินการเรื่อง{title} ดังนี้", *paragraphs(text)]
    if due_on is not None:
        lines.append(f"ทั้งนี้ ขอให้ดำเนินการให้แล้วเสร็จ{official_deadline(due_on)}")
    elif due_words:
        lines.append(f"ทั้งนี้ กำหนดเวลา: {due_words}")
    lines.append("จึงเรียนมาเพื่อทราบและดำเนินการต่อไป")
    return Letter(
        kind=kind,
        office=office,
        subject=title,
        to=to.to,
        text="\n".join(lines),
        number=number,
        receivers=to.receivers,
    )


def of_meeting(kind: PaperKind, minutes: Minutes, *, purpose: str, to: Addressed) -> Letter:
    """An invitation to a meeting, with its agenda. minutes: what is planned.

    Source: docs requirements A2, A26, A30; ระเบียบฯ งานสารบรรณ พ.ศ. 2526 (docs domain 9.1).
    """
    hours = official_hours(minutes.begins, minutes.ends)
    where = f" ณ {minutes.venue}" if minutes.venue else ""
    why = " ".join(purpose.split()).removeprefix("เพื่อ")
    told = f" เพื่อ{why}" if why else ""
    title = f"การ{minutes.title}" if minutes.title.startswith("ประชุม") else minutes.title
    lines = [
        f"ด้วย{minutes.office}กำหนดจัด{title}{told} ใน{official_day(minutes.day)} {hours}{where}"
        + (" โดยมีระเบียบวาระ ดังนี้" if minutes.items else "")
    ]
    for number, item in enumerate(minutes.items, start=1):
        more = [
            official_hours(item.starts, item.ends),
            f"โดย{item.speaker}" if item.speaker else "",
        ]
        lines.append(" ".join(part for part in (agenda_heading(number), item.title, *more) if part))
    if minutes.chair:
        lines.append(f"โดยมี{minutes.chair} เป็นประธาน")
    lines.append("จึงเรียนมาเพื่อโปรดเข้าร่วมประชุมตามวัน เวลา และสถานที่ดังกล่าว")
    return Letter(
        kind=kind,
        office=minutes.office,
        subject=f"ขอเชิญเข้าร่วม{title}",
        to=to.to,
        text="\n".join(lines),
        receivers=to.receivers,
    )


def lacking(letter: Letter) -> str:
    """What a letter still lacks before it may be issued, as a code; "" for nothing.

    Codes: subject-missing, to-missing, text-missing, number-missing, circular-number, day-missing,
    signer-missing. The number is given by a person; a circular's has ว in it.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 (number, day, ว of circulars; docs domain 9.1).
    """
    needed = {
        "subject-missing": letter.subject,
        "to-missing": letter.to,
        "text-missing": letter.text,
        "number-missing": letter.number,
        "signer-missing": letter.signer,
    }
    for code, words in needed.items():
        if not words.strip():
            return code
    if letter.kind == "circular" and "ว" not in letter.number:
        return "circular-number"
    return "day-missing" if letter.day is None else ""
