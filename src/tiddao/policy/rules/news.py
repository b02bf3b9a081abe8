"""Activity news from a meeting, in the genre of the department, from recorded facts alone.

Every sentence names the fields it was made from, and nothing in it stands in no field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tiddao.kernel.dates import format_long, format_time
from tiddao.policy.rules.official import Minutes, Resolved, paragraphs

MOST_DECISIONS = 5
"""Decisions told one by one; of more, the number is said."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft. fields: of the meeting, what it was made from (``FIELD_WORDS``)."""

    words: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """A draft. body: its sentences, a paragraph each."""

    title: Sentence
    sentences: tuple[Sentence, ...]

    @property
    def body(self) -> str:
        return "\n\n".join(sentence.words for sentence in self.sentences)


def news_of(minutes: Minutes, *, purpose: str = "") -> News:
    """The draft: when, where, who chaired and for what; who came; each part; what was decided.

    Arabic digits, as news on a site has them. A meeting without minutes yet gives fewer sentences.

    Source: docs requirements B1, A5–A8, A26–A33 (the activity news that the genre is taken from).
    """
    chair = minutes.chair.strip()
    title = f"{chair} เป็นประธาน{_meeting(minutes)}" if chair else minutes.title
    found = [_opening(minutes, chair)]
    if purpose.strip():
        words = " ".join(purpose.split())
        found.append(
            Sentence(f"การประชุมครั้งนี้มีวัตถุประสงค์เพื่อ{words.removeprefix('เพื่อ')}", ("purpose",))
        )
    found += _who_came(minutes)
    found += [_part(number, minutes) for number in range(len(minutes.items))]
    found += _decided([*minutes.other, *(one for item in minutes.items for one in item.resolved)])
    return News(Sentence(title, ("chair", "title") if chair else ("title",)), tuple(found))


def _meeting(minutes: Minutes) -> str:
    """The meeting as a noun: "ประชุม…" is a verb."""
    title = " ".join(minutes.title.split())
    return f"การ{title}" if title.startswith("ประชุม") else title


def _opening(minutes: Minutes, chair: str) -> Sentence:
    fields = ["day", "begins"]
    words = f"วันที่ {format_long(minutes.day)} เวลา {format_time(minutes.begins)}"
    if minutes.venue:
        words += f" ณ {minutes.venue}"
        fields.append("venue")
    if chair:
        words += f" {chair} เป็นประธานใน{_meeting(minutes)}"
        fields += ["chair", "title"]
    else:
        words += f" มี{_meeting(minutes)}"
        fields.append("title")
    return Sentence(f"{words} จัดโดย{minutes.office}", (*fields, "office"))


def _who_came(minutes: Minutes) -> list[Sentence]:
    count = len(minutes.present) + len(minutes.also)
    return [Sentence(f"มีผู้เข้าร่วมประชุมทั้งสิ้น {count:,} คน", ("attendance",))] if count else []


def _part(number: int, minutes: Minutes) -> Sentence:
    item = minutes.items[number]
    fields = [f"agenda:{number + 1}"]
    words = item.title
    if item.starts is not None:
        words = f"เวลา {format_time(item.starts)} {words}"
    if item.speaker:
        words += f" โดย{item.speaker}"
    if item.venue:
        words += f" ณ {item.venue}"
    said = paragraphs(item.notes)
    if said:
        words += f" {said[0]}"
        fields.append(f"notes:{number + 1}")
    return Sentence(words, tuple(fields))


def _decided(resolved: Sequence[Resolved]) -> list[Sentence]:
    found = []
    for each in sorted(resolved, key=lambda one: one.number)[:MOST_DECISIONS]:
        words = f"ที่ประชุมมีมติ {' '.join(each.words.split())}"
        if each.responsible:
            words += f" ผู้รับผิดชอบ {each.responsible}"
        if each.due_on is not None:
            words += f" ภายในวันที่ {format_long(each.due_on)}"
        found.append(Sentence(words, (f"resolution:{each.number}",)))
    if len(resolved) > MOST_DECISIONS:
        found.append(Sentence(f"รวมมติทั้งสิ้น {len(resolved)} ข้อ", ("resolutions",)))
    return found


@dataclass(frozen=True, slots=True)
class Traced:
    """A paragraph of a draft as it stands. fields: () where a person wrote or changed it."""

    words: str
    fields: tuple[str, ...]


def traced(body: str, made: News) -> tuple[Traced, ...]:
    """The paragraphs of a draft, each with the fields it was made from, none for a person's own.

    Source: issue 4 "A meeting becomes a news draft"; product.md (nothing invented).
    """
    known = {" ".join(one.words.split()): one.fields for one in made.sentences}
    return tuple(Traced(each, known.get(each, ())) for each in paragraphs(body))


FIELD_WORDS = {
    "day": "วันประชุม",
    "begins": "เวลาเริ่มประชุม",
    "venue": "สถานที่",
    "chair": "ประธาน",
    "title": "ชื่อการประชุม",
    "office": "ผู้จัด",
    "purpose": "วัตถุประสงค์",
    "attendance": "รายชื่อผู้เข้าประชุม",
    "agenda": "ระเบียบวาระที่",
    "notes": "บันทึกวาระที่",
    "resolution": "มติที่",
    "resolutions": "มติทั้งหมด",
}
"""What a field is called, in Thai."""
