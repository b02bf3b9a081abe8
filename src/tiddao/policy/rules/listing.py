"""A reading as JSON, and as a Thai listing for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from tiddao.kernel.dates import format_long, format_medium, format_time
from tiddao.kernel.numerals import format_decimal
from tiddao.policy.rules.explanations import RULES
from tiddao.policy.rules.proposals import (
    AgendaPart,
    AliasProposed,
    CountCheck,
    DayNamed,
    Dimension,
    Directive,
    Event,
    FacetSuggested,
    Figure,
    GroupNamed,
    HeadLine,
    Issue,
    KindOfDocument,
    Oddity,
    Organiser,
    PersonNamed,
    PlaceNamed,
    PostNamed,
    ProgrammeNamed,
    Proposal,
    TimeNamed,
    Title,
    Venue,
    YearNamed,
)  # fmt: skip
from tiddao.policy.rules.reader import Reading
from tiddao.policy.rules.spans import Span

KIND_TH: Mapping[str, str] = {
    "news": "ข่าวกิจกรรม", "minutes": "รายงานการประชุม", "circular": "หนังสือเวียน", "letter": "หนังสือราชการ",
    "memo": "บันทึกข้อความ", "order": "คำสั่ง", "announcement": "ประกาศ", "other": "ไม่ทราบชนิด",
}  # fmt: skip
FORMAT_TH: Mapping[str, str] = {
    "lecture": "บรรยาย", "discussion": "หารือ", "workshop": "ประชุมเชิงปฏิบัติการ", "field-visit": "ลงพื้นที่",
    "social": "พบปะสังสรรค์", "ceremony": "พิธีการ", "other": "อื่น ๆ",
}  # fmt: skip
FACET_TH: Mapping[str, str] = {"work": "งาน", "money": "งบ", "system": "ระบบ", "people": "คน"}
VERDICT_TH: Mapping[str, str] = {
    "agrees": "ตรงกัน",
    "differs": "ไม่ตรง",
    "not-listed": "ไม่มีรายชื่อให้นับ",
}
HEADINGS_TH: tuple[tuple[str, str], ...] = (
    ("document-kind", "ชนิดเอกสาร"), ("title", "ชื่อเรื่อง"), ("head-line", "หัวหนังสือ"), ("event", "เหตุการณ์"),
    ("venue", "สถานที่"), ("organiser", "ผู้จัด/เจ้าของเรื่อง"), ("agenda-part", "กำหนดการ"), ("date", "วันที่"),
    ("time", "เวลา"), ("year", "ปี"), ("person", "บุคคล"), ("alias", "อาจเป็นคนเดียวกัน"), ("post", "ตำแหน่ง/กลุ่มบุคคล"),
    ("place", "พื้นที่"), ("group", "กลุ่มพื้นที่"), ("count-check", "ตรวจนับ"), ("dimension", "มิติ"), ("issue", "ประเด็น"),
    ("directive", "ข้อสั่งการ"), ("figure", "ตัวเลข"), ("programme", "โครงการ/นโยบาย"), ("facet", "ด้านและมิติที่เสนอ"),
    ("oddity", "ข้อสังเกต"),
)  # fmt: skip
NOT_SAID = "ต้นฉบับไม่ระบุ"


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading as plain values: spans as [start, end], days as ISO, money and counts as text.

    "text" is what the spans count in; each proposal quotes its own piece of it.

    Source: issue 4 "`tiddao read FILE --json` prints the proposals".
    """
    source = reading.source
    return {
        "format": source.format,
        "characters": len(source.text),
        "left_out": list(source.left_out),
        "text": source.text,
        "blocks": [
            {"kind": block.kind, "span": _plain(block.span), "page": block.page}
            for block in source.blocks
        ],
        "proposals": [
            {
                "id": number,
                "kind": each.kind,
                "span": _plain(each.span),
                "quote": reading.quote(each.span),
                "rule": each.rule,
                "because": RULES[each.rule],
                **values_of(each),
            }
            for number, each in enumerate(reading.proposals, start=1)
        ],
    }


def values_of(proposal: Proposal) -> dict[str, Any]:
    """What a proposal says beside its span and rule, as plain values that JSON can hold.

    Source: issue 4 "`tiddao read FILE --json` prints the proposals".
    """
    return {
        field.name: _plain(getattr(proposal, field.name))
        for field in fields(proposal)
        if field.name not in {"span", "rule"}
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return [value.start, value.end]
    if isinstance(value, (date, time)):
        return value.isoformat() if isinstance(value, date) else value.isoformat(timespec="minutes")
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def listing(reading: Reading) -> Iterator[str]:
    """The reading in Thai, one proposal to a line, grouped by kind, each with its span and rule.

    Source: issue 4 "Reading a document" (explainable; to be confirmed by a person).
    """
    yield f"อ่านเอกสาร {len(reading.source.text):,} ตัวอักษร พบข้อเสนอ {len(reading.proposals):,} รายการ (ยังไม่ใช่ข้อเท็จจริงจนกว่าจะมีผู้ยืนยัน)"
    for left in reading.source.left_out:
        yield f"  ไม่ได้อ่าน: {left}"
    for kind, heading in HEADINGS_TH:
        some = reading.of(kind)
        if not some:
            continue
        yield ""
        yield f"{heading} ({len(some)})"
        for each in some:
            yield f"  {said(each)}  [{each.span.start}–{each.span.end}] {RULES[each.rule]}"


def said(each: Proposal) -> str:  # noqa: C901, PLR0911, PLR0912 -- one line for each kind
    """One proposal in a Thai line.

    Source: issue 4 "Reading a document"; house rule "a figure without a unit … is a defect".
    """
    match each:
        case KindOfDocument():
            return KIND_TH[each.document_kind]
        case Title() | HeadLine():
            return each.text
        case DayNamed():
            if each.first is None:
                return f"{each.written} (อ่านเป็นวันไม่ได้)"
            until = f" – {format_long(each.last)}" if each.last and each.last != each.first else ""
            return f"{format_long(each.first)}{until}"
        case YearNamed():
            return f"{'ปีงบประมาณ' if each.fiscal else 'พ.ศ.'} {each.be_year}"
        case TimeNamed():
            return format_time(each.start) + (f" – {format_time(each.end)}" if each.end else "")
        case PlaceNamed():
            code = each.code or f"อาจเป็น {', '.join(each.candidates[:6])}"
            return f"{each.name} ({code})"
        case GroupNamed():
            return each.name if each.key else f"{each.name} (ไม่มีในทะเบียน)"
        case CountCheck():
            return f"ระบุ {each.stated} {each.unit} นับได้ {each.counted}: {VERDICT_TH[each.verdict]}"
        case PersonNamed():
            acting = f" {each.acting_for.text} (แทน)" if each.acting_for else ""
            return f"{each.title} {each.name} — {each.position.text if each.position else NOT_SAID}{acting}"
        case AliasProposed():
            return " = ".join(words.text for words in each.spellings) + " ?"
        case PostNamed() | Organiser() | ProgrammeNamed():
            return each.name
        case Venue():
            return f"{each.name} ({each.code or 'ไม่ทราบรหัสพื้นที่'})"
        case AgendaPart():
            until = f"–{format_time(each.end)}" if each.end else ""
            when = f"{format_time(each.start)}{until}" if each.start else "ไม่ระบุเวลา"
            return f"{each.label} {when}: {', '.join(FORMAT_TH[name] for name in each.formats)}".strip()
        case Event():
            day = format_medium(each.first) if each.first else NOT_SAID
            at = format_time(each.start) if each.start else ""
            return (
                f"{day} {at} ณ {each.venue.text if each.venue else NOT_SAID} ({each.place or '–'})"
            )
        case Issue():
            return f"{'  ' * each.depth}{each.label}{each.number or '–'} {each.heading}"
        case Dimension():
            return (
                f"มิติที่ {each.number} {each.name}: {' · '.join(words.text for words in each.points)}"
            )
        case Directive():
            due = (
                format_medium(each.due)
                if each.due
                else each.due_words.text
                if each.due_words
                else "ไม่กำหนด"
            )
            off = ""
            if each.last_working_day and each.last_working_day != each.due:
                off = f" (วันทำการสุดท้าย {format_medium(each.last_working_day)})"
            return f"ใคร: {each.who.text if each.who else NOT_SAID} | ทำ: {each.action.text} | ภายใน: {due}{off}"
        case Figure():
            unit = each.unit.text if each.unit else f"หน่วย{NOT_SAID}"
            base = each.base.text if each.base else NOT_SAID
            as_of = each.as_of_words.text if each.as_of_words else NOT_SAID
            return f"{format_decimal(each.value)} {unit} | ฐาน: {base} | ณ: {as_of}"
        case FacetSuggested():
            facet = FACET_TH[each.facet] if each.facet else "–"
            return f"{facet} · มิติ {each.dimension or '–'} (จากคำ {', '.join(words.text for words in each.words)})"
        case Oddity():
            return each.message
        case _:
            return each.kind
