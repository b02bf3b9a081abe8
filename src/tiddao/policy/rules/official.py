"""Official papers as data: minutes, letters, memoranda, and how days, times and digits are written.

A paper holds facts (a day is a day, not its words); what it says in Thai is made from them by
``minutes_fields`` and ``letter_fields``, for PDF and Word alike.

Source: ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526 and amendments (docs domain 9.1).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import Any, Literal

from tiddao.kernel.dates import MONTHS, format_official, weekday_name
from tiddao.kernel.digits import to_thai
from tiddao.kernel.workdays import HolidaysUnknown, last_working_day

PaperKind = Literal["letter", "circular", "memo"]
FORM = 1
"""Of the content that is kept; a later form must still read an earlier one."""

# A run that holds a Latin letter is a name, an address or a code: its digits are part of it.
_RUN = re.compile(r"(?:https?://|www\.)\S+|[^\s\u0e00-\u0e7f,;()“”\"]+", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z]")
_SERIES_WORDS = re.compile(r"^(?:รายงาน)?(?:การ)?ประชุม")


# -- words -----------------------------------------------------------------------------------------


def official_digits(text: str) -> str:
    """The text with Thai digits; addresses of the web and of mail, and codes with Latin letters
    (D2P, COVID-19), keep theirs.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 (Thai digits in papers, docs domain 9.1 [BG]).
    """
    return _RUN.sub(lambda run: run[0] if _LATIN.search(run[0]) else to_thai(run[0]), text)


def official_day(on: date) -> str:
    """A day with its weekday: "วันอังคารที่ ๒๒ พฤศจิกายน ๒๕๖๕".

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 แบบรายงานการประชุม (docs domain 9.1).
    """
    return f"{weekday_name(on)}ที่ {format_official(on)}"


def official_time(at: time) -> str:
    """A time of day, with a full stop: "๐๙.๐๐ น.".

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 แบบรายงานการประชุม (docs domain 9.1).
    """
    return f"{to_thai(f'{at.hour:02d}.{at.minute:02d}')} น."


def official_hours(first: time | None, last: time | None) -> str:
    """From when to when: "เวลา ๐๙.๐๐ – ๑๒.๐๐ น.", "เวลา ๐๙.๐๐ น.", "ถึงเวลา ๑๒.๐๐ น." or "".

    Source: as official_time; docs requirements A30.
    """
    if first is not None and last is not None:
        return f"เวลา {official_time(first).removesuffix(' น.')} – {official_time(last)}"
    if first is not None:
        return f"เวลา {official_time(first)}"
    return f"ถึงเวลา {official_time(last)}" if last is not None else ""


def official_deadline(due: date) -> str:
    """A day by which something is due, with the last working day where offices are closed on it:
    "ภายในวันที่ ๓๑ มีนาคม ๒๕๖๒ (วันทำการสุดท้ายคือวันศุกร์ที่ ๒๙ มีนาคม ๒๕๖๒)".

    Source: docs requirements B46, E10.
    """
    said = f"ภายในวันที่ {format_official(due)}"
    try:
        last = last_working_day(due)
    except HolidaysUnknown:
        return said
    return said if last == due else f"{said} (วันทำการสุดท้ายคือ{official_day(last)})"


def agenda_heading(number: int) -> str:
    """The heading of an item: "ระเบียบวาระที่ ๑".

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 แบบรายงานการประชุม (docs domain 9.1).
    """
    return f"ระเบียบวาระที่ {to_thai(number)}"


def meeting_number(number: int | None, be_year: int) -> str:
    """The number of a meeting in its series and year, "ครั้งที่ ๓/๒๕๖๖"; "" without a number.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 แบบรายงานการประชุม (docs domain 9.1).
    """
    return "" if number is None else f"ครั้งที่ {to_thai(number)}/{to_thai(be_year)}"


def minutes_heading(title: str) -> str:
    """The first line of minutes: "รายงานการประชุม…", the word said once.

    Source: as agenda_heading.
    """
    rest = _SERIES_WORDS.sub("", title.strip()).strip()
    glued = rest == title.strip() and bool(rest)
    return official_digits(f"รายงานการประชุม{' ' if glued else ''}{rest}")


_MONTH = "|".join(MONTHS)
_UNBROKEN = re.compile(
    rf"(?<=[๐-๙]) (?=(?:{_MONTH}|น\.))|(?<=(?:พ\.ศ\.|โทร\.)) (?=[๐-๙])"
    rf"|(?<=หมู่ที่) (?=[๐-๙])|(?<=ร้อยละ) (?=[๐-๙])|(?<=[๐-๙]) (?=[๐-๙])"
    + "".join(rf"|(?<={month}) (?=[๐-๙])" for month in MONTHS)
)


def unbroken(value: Any) -> Any:
    """Fields as they are set: what belongs together (a day and its month, พ.ศ. and its year, the
    parts of a telephone number) stays on one line.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 (docs domain 9.1); issue 4 "Thai lines broken rightly".
    """
    if isinstance(value, str):
        return _UNBROKEN.sub("\u00a0", value)
    if isinstance(value, Mapping):
        return {key: unbroken(each) for key, each in value.items()}
    return [unbroken(each) for each in value] if isinstance(value, list | tuple) else value


WORD_END = "\u200b"
"""Between two words that no space parts."""
_THAI_RUN = re.compile(r"[\u0e00-\u0e7f]{5,}")
_OPENS = re.compile(r"[ก-ฮเ-ไ]")


def in_words(value: Any, *, names: Collection[str] = ()) -> Any:
    """Fields with a zero-width space between Thai words, so that a typesetter breaks lines nowhere
    else. names: of people and places, which stay whole.

    Source: issue 4 "Thai lines broken rightly"; words by `pythainlp` (newmm).
    """
    if isinstance(value, str):
        return _THAI_RUN.sub(lambda run: _parted(run[0], frozenset(names)), value)
    if isinstance(value, Mapping):
        return {key: in_words(each, names=names) for key, each in value.items()}
    return (
        [in_words(each, names=names) for each in value]
        if isinstance(value, list | tuple)
        else value
    )


def _parted(run: str, names: frozenset[str]) -> str:
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 -- slow import

    made = ""
    for word in word_tokenize(run, engine="newmm", custom_dict=_dictionary(names)):
        begins_line = _OPENS.match(word) and len(word) > 1
        made += f"{WORD_END if made and begins_line else ''}{word}"
    return made


@lru_cache(maxsize=8)
def _dictionary(names: frozenset[str]) -> Any:
    from pythainlp.corpus.common import thai_words  # noqa: PLC0415 -- slow import
    from pythainlp.util import dict_trie  # noqa: PLC0415 -- slow import

    return dict_trie([*thai_words(), *(name for name in names if len(name) > 1)])


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a text that say something, each one paragraph of a paper.

    Source: as agenda_heading.
    """
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


# -- minutes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a roll. note: whom they stood in for, or why they did not come."""

    name: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """One decision. number: within the meeting."""

    number: int
    words: str
    responsible: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One agenda item with what was said and decided on it. notes: as written, lines are paragraphs."""

    title: str
    format: str = ""  # in Thai words
    starts: time | None = None
    ends: time | None = None
    speaker: str = ""
    venue: str = ""
    notes: str = ""
    resolved: tuple[Resolved, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """What minutes say. ends None: nobody wrote down when it closed. other: decisions that belong
    to no item. word_template, emblem: SHA-256 of what it is set with, "" for none of its own.
    """

    office: str
    title: str
    number: int | None
    be_year: int
    day: date
    begins: time
    ends: time | None
    venue: str
    chair: str
    present: tuple[Person, ...] = ()
    absent: tuple[Person, ...] = ()
    also: tuple[Person, ...] = ()
    items: tuple[Item, ...] = ()
    other: tuple[Resolved, ...] = ()
    recorder: str = ""
    checker: str = ""
    demonstration: bool = False
    word_template: str = ""
    emblem: str = ""


def minutes_fields(minutes: Minutes, *, issue: int | None) -> dict[str, Any]:
    """What a template may say of minutes, in official words. issue: None for a draft.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 แบบรายงานการประชุม (docs domain 9.1).
    """
    return {
        "office": official_digits(minutes.office),
        "heading": minutes_heading(minutes.title),
        "number": meeting_number(minutes.number, minutes.be_year),
        "day": official_day(minutes.day),
        "begins": official_time(minutes.begins),
        "ends": official_time(minutes.ends) if minutes.ends else "",
        "venue": official_digits(minutes.venue),
        "chair": official_digits(minutes.chair),
        "present": _roll(minutes.present),
        "absent": _roll(minutes.absent),
        "also": _roll(minutes.also),
        "items": [_item(number, item) for number, item in enumerate(minutes.items, start=1)],
        "other": [_resolved(each) for each in minutes.other],
        "recorder": official_digits(minutes.recorder),
        "checker": official_digits(minutes.checker),
        "issue": to_thai(issue) if issue is not None and issue > 1 else "",
        "draft": issue is None,
        "demonstration": minutes.demonstration,
    }


def _roll(people: tuple[Person, ...]) -> list[dict[str, str]]:
    return [
        {
            "number": f"{to_thai(number)}.",
            "name": official_digits(person.name),
            "title": official_digits(person.title),
            "note": official_digits(person.note),
        }
        for number, person in enumerate(people, start=1)
    ]


def _item(number: int, item: Item) -> dict[str, Any]:
    return {
        "heading": agenda_heading(number),
        "title": official_digits(item.title),
        "format": item.format,
        "hours": official_hours(item.starts, item.ends),
        "speaker": official_digits(item.speaker),
        "venue": official_digits(item.venue),
        "paragraphs": [official_digits(each) for each in paragraphs(item.notes)],
        "resolved": [_resolved(each) for each in item.resolved],
    }


def _resolved(each: Resolved) -> dict[str, str]:
    return {
        "number": to_thai(each.number),
        "words": official_digits(" ".join(each.words.split())),
        "responsible": official_digits(each.responsible),
        "due": official_deadline(each.due_on) if each.due_on else "",
    }


# -- letters and memoranda -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter, a circular or a memorandum says. day None: not yet dated. to: after "เรียน".

    text: lines are paragraphs. receivers: of a circular, listed on a page behind it. unit: the
    group that deals with the matter (ส่วนราชการเจ้าของเรื่อง).
    """

    kind: PaperKind
    office: str
    subject: str
    to: str
    text: str
    number: str = ""
    day: date | None = None
    address: str = ""
    urgency: str = ""
    references: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    closing: str = "ขอแสดงความนับถือ"
    signer: str = ""
    signer_title: str = ""
    unit: str = ""
    phone: str = ""
    email: str = ""
    receivers: tuple[str, ...] = ()
    demonstration: bool = False
    word_template: str = ""
    emblem: str = ""


def letter_fields(letter: Letter, *, issue: int | None) -> dict[str, Any]:
    """What a template may say of a letter or memorandum, in official words. issue: None for a draft.

    Source: ระเบียบฯ งานสารบรรณ พ.ศ. 2526 แบบที่ 28 และ 29 (docs domain 9.1).
    """
    return {
        "office": official_digits(letter.office),
        "address": [official_digits(each) for each in paragraphs(letter.address)],
        "number": official_digits(letter.number),
        "day": format_official(letter.day) if letter.day else "",
        "urgency": letter.urgency,
        "subject": official_digits(letter.subject),
        "to": official_digits(letter.to),
        "references": [official_digits(each) for each in letter.references],
        "enclosures": _numbered(letter.enclosures),
        "paragraphs": [official_digits(each) for each in paragraphs(letter.text)],
        "closing": "" if letter.kind == "memo" else letter.closing,
        "signer": official_digits(letter.signer),
        "signer_title": official_digits(letter.signer_title),
        "unit": official_digits(letter.unit),
        "phone": official_digits(letter.phone),
        "email": letter.email,
        "receivers": _numbered(letter.receivers, always=True),
        "draft": issue is None,
        "demonstration": letter.demonstration,
    }


def _numbered(lines: tuple[str, ...], *, always: bool = False) -> list[str]:
    if len(lines) == 1 and not always:
        return [official_digits(lines[0])]
    return [
        f"{to_thai(number)}. {official_digits(each)}" for number, each in enumerate(lines, start=1)
    ]


# -- kept content ----------------------------------------------------------------------------------


def canonical(content: Mapping[str, Any]) -> bytes:
    """The content as bytes that are the same for the same content.

    Source: issue 4 (minutes made again byte for byte).
    """
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content, as hexadecimal digits.

    Source: as canonical.
    """
    return hashlib.sha256(canonical(content)).hexdigest()


def content_of(paper: Minutes | Letter) -> dict[str, Any]:
    """The paper as JSON: days and times in ISO 8601, None as null.

    Source: as canonical.
    """
    said: dict[str, Any] = {"form": FORM, **_plain(asdict(paper))}
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def minutes_from(content: Mapping[str, Any]) -> Minutes:
    """The minutes that were kept as JSON. Raises KeyError, TypeError for what is none.

    Source: as canonical.
    """
    said = {key: value for key, value in content.items() if key != "form"}
    return Minutes(
        **said
        | {
            "day": date.fromisoformat(said["day"]),
            "begins": time.fromisoformat(said["begins"]),
            "ends": _time(said["ends"]),
            **{key: tuple(Person(**one) for one in said[key]) for key in _ROLLS},
            "items": tuple(_item_from(one) for one in said["items"]),
            "other": tuple(_resolved_from(one) for one in said["other"]),
        }
    )


_ROLLS = ("present", "absent", "also")


def _item_from(said: Mapping[str, Any]) -> Item:
    return Item(
        **dict(said)
        | {
            "starts": _time(said["starts"]),
            "ends": _time(said["ends"]),
            "resolved": tuple(_resolved_from(one) for one in said["resolved"]),
        }
    )


def _resolved_from(said: Mapping[str, Any]) -> Resolved:
    due = said["due_on"]
    return Resolved(**dict(said) | {"due_on": date.fromisoformat(due) if due else None})


def _time(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


def letter_from(content: Mapping[str, Any]) -> Letter:
    """The letter that was kept as JSON. Raises KeyError, TypeError for what is none.

    Source: as canonical.
    """
    said = {key: value for key, value in content.items() if key != "form"}
    lists = ("references", "enclosures", "receivers")
    return Letter(
        **said
        | {"day": date.fromisoformat(said["day"]) if said["day"] else None}
        | {key: tuple(said[key]) for key in lists}
    )


# -- differences -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a later issue says otherwise. before, after: "" where it said nothing."""

    what: str  # Thai words
    before: str = field(default="")
    after: str = field(default="")


_SAID = {
    "title": "ชื่อการประชุม",
    "day": "วันประชุม",
    "begins": "เวลาเริ่มประชุม",
    "ends": "เวลาเลิกประชุม",
    "venue": "สถานที่",
    "chair": "ประธาน",
    "recorder": "ผู้จดรายงานการประชุม",
    "checker": "ผู้ตรวจรายงานการประชุม",
    "heading": "หัวเรื่อง",
    "number": "ครั้งที่",
    "office": "ส่วนราชการ",
}
_ROLL_WORDS = {"present": "ผู้มาประชุม", "absent": "ผู้ไม่มาประชุม", "also": "ผู้เข้าร่วมประชุม"}


def minutes_differences(before: Minutes, after: Minutes) -> tuple[Difference, ...]:
    """What a later issue says otherwise than an earlier one, in the order of the paper.

    People and decisions are told one by one; an item is known by its place in the agenda.

    Source: issue 4 (a further issue with a reason).
    """
    first, then = minutes_fields(before, issue=1), minutes_fields(after, issue=1)
    found = [
        Difference(words, first[key], then[key])
        for key, words in _SAID.items()
        if key in first and first[key] != then[key]
    ]
    for key, words in _ROLL_WORDS.items():
        found += _changed(words, _roll_lines(first[key]), _roll_lines(then[key]))
    for index in range(max(len(first["items"]), len(then["items"]))):
        one = first["items"][index] if index < len(first["items"]) else None
        two = then["items"][index] if index < len(then["items"]) else None
        found += _item_differences(agenda_heading(index + 1), one, two)
    found += _changed("มติอื่น", _decisions(first["other"]), _decisions(then["other"]))
    return tuple(found)


def _item_differences(
    heading: str, one: dict[str, Any] | None, two: dict[str, Any] | None
) -> list[Difference]:
    if one is None or two is None:
        return [Difference(heading, one["title"] if one else "", two["title"] if two else "")]
    words = {
        "title": "เรื่อง",
        "hours": "เวลา",
        "speaker": "ผู้บรรยาย",
        "venue": "สถานที่",
        "format": "รูปแบบ",
    }
    found = [
        Difference(f"{heading} {said}", one[key], two[key])
        for key, said in words.items()
        if one[key] != two[key]
    ]
    found += _changed(f"{heading} บันทึก", one["paragraphs"], two["paragraphs"])
    found += _changed(f"{heading} มติ", _decisions(one["resolved"]), _decisions(two["resolved"]))
    return found


def _roll_lines(people: list[dict[str, str]]) -> list[str]:
    return [" ".join(part for part in (p["name"], p["title"], p["note"]) if part) for p in people]


def _decisions(resolved: list[dict[str, str]]) -> list[str]:
    return [
        " ".join(part for part in (r["words"], r["responsible"], r["due"]) if part)
        for r in resolved
    ]


def _changed(what: str, before: list[str], after: list[str]) -> list[Difference]:
    gone = [each for each in before if each not in after]
    new = [each for each in after if each not in before]
    if len(gone) == len(new):  # the same lines, said otherwise
        return [Difference(what, old, fresh) for old, fresh in zip(gone, new, strict=True)]
    return [
        *(Difference(what, each, "") for each in gone),
        *(Difference(what, "", each) for each in new),
    ]
