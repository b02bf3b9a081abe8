"""Directives: who must do what, by when, for whom, as the text puts it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tiddao.kernel.workdays import HolidaysUnknown, last_working_day
from tiddao.policy.rules.calendar import MONTH
from tiddao.policy.rules.gazetteer import Gazetteer
from tiddao.policy.rules.lines import Line
from tiddao.policy.rules.posts import organisation_at, post_at
from tiddao.policy.rules.proposals import (
    DayNamed,
    Directive,
    DocumentKind,
    HeadLine,
    Issue,
    PersonNamed,
    Words,
)
from tiddao.policy.rules.spans import Span, trimmed

VERBS = (
    r"เร่งรัด|เร่ง|จัดทำ|จัดส่ง|จัดเตรียม|จัดเก็บ|จัดประชุม|จัดฝึกอบรม|จัดกิจกรรม|จัดตั้ง|จัด(?=ให้|แสดง|การ|เวที|งาน)|รายงาน|ส่ง|ดำเนินการ|ดำเนินงาน|ตรวจสอบ|ตรวจ|ติดตาม|สำรวจ|บันทึก|รวบรวม|เสนอ|เตรียม"
    r"|ประสาน|แต่งตั้ง|แต่งกาย|กำหนด|ทบทวน|คัดเลือก|ยืนยัน|แจ้ง|ปรับปรุง|พัฒนา(?!การ|กร|ชุมชน)|ส่งเสริม|สนับสนุน|สร้าง|ประชาสัมพันธ์|เผยแพร่|ขับเคลื่อน|กำกับ|ดูแล|ลงพื้นที่|เข้าร่วม|ร่วม|นำ|ใช้|ปฏิบัติ|ถือปฏิบัติ"
    r"|มารับ|ยื่น|ตอบรับ|พิจารณา|ลงนาม|คำนึงถึง|เบิกจ่าย|คืน|ชำระ|ให้ความสำคัญ|ให้ความร่วมมือ|วางแผน|ถอดบทเรียน|สรุป|ประเมิน|ชี้แจง|ศึกษา|เฝ้าระวัง|ป้องกัน|แก้ไข|เพิ่ม|ลด|รักษา|คุม|เป็นวิทยากร|เป็นผู้|เป็นเจ้าภาพ|อนุเคราะห์|ถ่ายทอด|มอบหมาย|ปิด|เปิด|ทำ(?!งาน)|บูรณาการ|มุ่งเน้น|รณรงค์|เชิญชวน|ขยายผล|ต่อยอด|ออก|กรอก|อัปเดต|ปรับ|ลงทะเบียน|เสร็จ|แล้วเสร็จ|มี(?=ความ)|งด|ระมัดระวัง|เน้น|ยึด|หา(?=แนว)|บริหาร|จำหน่าย|เลือก|รับ(?=การ|ผิดชอบ)"
)
_VERB = re.compile(VERBS)
_ACTOR = re.compile(
    r"ทุก(?:จังหวัด|อำเภอ|ตำบล|กลุ่มงาน|หน่วยงาน|คน|พื้นที่|ฝ่าย|แห่ง|ท่าน)|(?:ทั้ง\s?\d+\s?)?(?:จังหวัด|อำเภอ|ตำบล|หมู่บ้าน|พื้นที่|หน่วยงาน|ท่าน|บุคลากร|ข้าราชการ|เจ้าหน้าที่|คณะทำงาน|คณะกรรมการ|ผู้สมัคร|ผู้เข้าร่วม|ผู้ที่|ผู้ประกอบการ|ผู้ได้รับ|สมาชิก|กลุ่ม|กองทุน|กลุ่มงาน|ฝ่าย|กอง(?!ทุน)|สำนัก|ศูนย์|พัฒนากร|นักวิชาการ|พัฒนาการ|หัวหน้า|ผู้อำนวยการ|ผอ\.|นายอำเภอ|ผู้ว่าราชการ|กำนัน|ผู้ใหญ่บ้าน|อาสาพัฒนา|เครือข่าย|สพจ|สพอ|กรม|ผู้รับผิดชอบ|ผู้เกี่ยวข้อง|ทีม|นาย|นาง|ว่าที่)"
)
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "directive.ask",
        re.compile(r"(?:จึง)?(?:ใคร่)?ขอ(?:ความร่วมมือ(?:จาก)?|ความอนุเคราะห์|ให้)(?!กำลังใจ|ทราบ)"),
    ),
    (
        "directive.invite",
        re.compile(
            r"(?:จึง)?ขอ(?:เรียน)?เชิญ(?=ท่าน|ผู้|เข้า|ร่วม|ทุก|หน่วย)(?:ท่าน)?|(?:จึง)?ขอเรียนเชิญ(?:ท่าน)?"
        ),
    ),
    ("directive.assign", re.compile(r"มอบหมาย(?:ให้)?")),
    ("directive.stress", re.compile(r"(?:เน้นย้ำ|กำชับ|สั่งการ|ฝาก|เร่งรัด|ขอย้ำ|ย้ำ)(?:ให้)")),
    ("directive.resolve", re.compile(r"(?:มีมติ|เห็นควร|เห็นชอบ|เห็นสมควร)ให้")),
    ("directive.please", re.compile(r"โปรด(?!ทราบ|ปราน|ปราณี)")),
    (
        "directive.must",
        re.compile(
            r"(?<![ก-๎])(?P<must>(?:โดย)?(?:ทุก[ก-๎]{3,12}|จังหวัด|อำเภอ|ตำบล|พื้นที่)(?:จะ)?ต้อง)(?!การ)|(?<=[“\"])ต้อง(?!การ)|(?<![ก-๎])(?:จะ)?ต้อง(?=ส่ง|รายงาน|จัด|ดำเนิน|มี(?:ความ)?|เป็น|ทำ)"
        ),
    ),
    ("directive.forbid", re.compile(r"(?<![ก-๎])(?:ห้าม|งดเว้น)(?=[ก-๎])")),
    (
        "directive.let",
        re.compile(
            r"(?:^|(?<=\n)|(?<=ทั้งนี้ )|(?<=[ ]))ให้(?=ทุก|จังหวัด|อำเภอ|ตำบล|กลุ่ม|คณะ|ผู้|เจ้าหน้าที่|หน่วย|พัฒนา|รายงาน|ส่ง|จัด|ดำเนิน|ตรวจ|ติดตาม|สพ|เร่ง|ฝ่าย|ท่าน|ข้าราชการ|บุคลากร|นาย|นาง|ประสาน|สำรวจ|บันทึก|นำ|ถือ)"
        ),
    ),
    ("directive.deadline-set", re.compile(r"กำหนด(?=ส่ง|รายงาน|แล้วเสร็จ)")),
)
_SPOKEN = re.compile(r"(?:ได้)?แจ้ง(?:ว่า|ให้)|นั้น\s*$")
_DELEGATED = re.compile(
    r"\s?(?P<name>(?:นาย|นาง|นางสาว|น\.ส\.|ว่าที่|พัฒนาการ|ผู้อำนวยการ|ผอ\.|ปลัด|หัวหน้า|รอง)[^\n]{0,140}?)(?:เป็นประธาน|เป็นผู้แทน|ลงพื้นที่|เข้าร่วม|ร่วม(?:ประชุม|พิธี|กิจกรรม|งาน|เป็น)|เปิด|ตรวจเยี่ยม|ติดตาม(?:การ|งาน|ความ)|กล่าว|มอบ|นำ|พร้อม)"
)
_HEADING = re.compile(
    r"(?:ดังนี้|ดังต่อไปนี้|:)\s*$|^(?:[-–]\s*)?(?:ประเด็น|ข้อ)?(?:เน้นย้ำ|สั่งการ|ข้อสั่งการ|ฝากดำเนินการ|ประเด็นเน้นย้ำ/ฝากดำเนินการ|สิ่งที่ต้องดำเนินการ)[^\n]{0,40}$"
)
_HEADING_ASKS = re.compile(
    r"ขอให้|ขอความร่วมมือ|ดำเนินการ|มีหน้าที่|อำนาจหน้าที่|ข้อสั่งการ|เน้นย้ำ|กำชับ|มอบหมาย|มอบ(?:แนวทาง|นโยบาย|ภารกิจ)|แนวทาง(?:การ)?(?:ดำเนิน|ปฏิบัติ|ขับ|ทำ)|ฝาก|ให้(?:จังหวัด|อำเภอ|ทุก)"
)
_NOT_ASKING = re.compile(r"ผลการ|รายงานผลดังนี้|ขอรายงาน|ประกาศผล|แต่งตั้ง|ได้คะแนน|ผู้มาประชุม")
_NO_VERB_AFTER = re.compile(r"(?:ได้|ที่|ผู้|การ|ของ|ด้าน|งาน)$")
_ITEM_VERB = re.compile(rf"(?:ให้|ขอให้)?(?:{VERBS})")
_STRONG_HEADER = re.compile(r"เน้นย้ำ|ฝาก|สั่งการ|หน้าที่|ขอให้|ขอความร่วมมือ")
_STOP = re.compile(
    r"\s(?:ทั้งนี้|จึงเรียน|ซึ่ง(?=[ก-๎])|และขอ(?=ให้|ความ)|พร้อมนี้|อนึ่ง|โดยมี(?=นาย|ผู้)|ในการนี้|หากมีข้อ|และโปรด|นอกจากนี้)|\n| {2,}|นั้น(?=\s)"
)
_DUE_WORDS = re.compile(
    r"ทันที(?:ที่[ก-๎]+)?|โดยด่วน|โดยเร็ว(?:ที่สุด)?|ภายใน\s?\d+\s?(?:วันทำการ|วัน|เดือน|ชั่วโมง|สัปดาห์)(?:\s?นับ(?:แต่|จาก|ถัดจาก)[ก-๎]+)?|ทุกวัน(?:ที่\s?\d+(?:\s?ของ(?:ทุก)?เดือน)?|จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์)(?:และวัน[ก-๎]+?(?:บดี|ดี|ร์|าร|ธ))?"
    rf"|ทุกสิ้น(?:เดือน|ไตรมาส)|ทุกเดือน|ทุกไตรมาส|ไตรมาสละ\s?\d+\s?ครั้ง|เดือนละ\s?\d+\s?ครั้ง|ภายใน(?:สิ้น)?(?:เดือน)\s?{MONTH}\s?(?:\d{{4}}|\d{{2}})?|ภายในสิ้น(?:เดือน|ปี|ไตรมาส)[^\s]*|ภายในไตรมาส(?:ที่)?\s?\d|ภายใน(?:ปีงบประมาณ|เดือนนี้|สัปดาห์นี้|วันนี้)[^\n ]*(?: (?:พ\.ศ\. ?)?\d{{4}})?"
)
_END_OF_MONTH = re.compile(rf"ภายใน(?:สิ้น)?เดือน\s?(?P<month>{MONTH})\s?(?P<year>\d{{4}})")
_FOR = re.compile(
    r"(?:ให้แก่|ให้กับ|แก่|ต่อ(?=พัฒนา|อธิบดี|ผู้|นาย|คณะ|ประชา|จังหวัด|กรม)|เสนอ(?=พัฒนา|อธิบดี|ผู้|นาย|คณะ|จังหวัด|กรม)|รายงาน(?=จังหวัด|กรม|อำเภอ|ผู้ว่า|พัฒนา)|ส่งให้|ให้(?=กรม|กอง|จังหวัด(?!เร่ง)|สำนัก|กลุ่มงาน|ประชาชน|พัฒนา)|กลับมายัง|กับ(?=ประชาชน)|ของ(?=นักท่องเที่ยว|ประชาชน)|สำหรับ(?=นัก|ประชา)|ประโยชน์สูงสุดของ)"
)
_PEOPLE_SERVED = re.compile(
    r"ประชาชน(?:ในพื้นที่)?|นักท่องเที่ยว|ครัวเรือน(?:เป้าหมาย|ยากจน)?|สมาชิก|ผู้ใต้บังคับบัญชา|กลุ่มเป้าหมาย|ผู้ประกอบการ|จังหวัด|อำเภอ|กองแผนงาน|กองคลัง|กลุ่มงาน[ก-๎]+?(?=\s|ทราบ|$)"
)


@dataclass(frozen=True, slots=True)
class _Header:
    """A line that asks, with the items below it."""

    line: Line
    who: Words | None


def directives_in(
    text: str,
    *,
    kind: DocumentKind,
    lines: Sequence[Line],
    days: Sequence[DayNamed],
    issues: Sequence[Issue],
    people: Sequence[PersonNamed],
    heads: Sequence[HeadLine],
    gazetteer: Gazetteer,
    signed_from: int,
) -> tuple[Directive, ...]:
    """Everything somebody is asked, told or forbidden to do, each with its own span.

    Items below a line that asks are directives of whom that line asks. A person sent in somebody's
    place to open a meeting is no directive. signed_from: where the signature begins.

    Source: docs requirements B45–B53, B74, A10; issue 4 "directives (who, what, by when, for whom)".
    """
    addressee = next((head for head in heads if head.part == "to"), None)
    headers = _headers(text, lines, gazetteer)
    found: list[Directive] = []
    head_spans = [head.span for head in heads]
    for line in lines:
        if line.span.start >= signed_from or any(line.span.overlaps(span) for span in head_spans):
            continue
        if any(header.line is line for header in headers):
            continue
        header = _header_of(line, headers, issues, lines)
        if header is not None and _is_item(line):
            one = _item(text, line, header, days, gazetteer)
            if one:
                found.append(one)
                continue
        found.extend(
            _in_line(
                text, line, kind, days, people, addressee, gazetteer, is_item=line.mark is not None
            )
        )
    return tuple(found)


def _headers(text: str, lines: Sequence[Line], gazetteer: Gazetteer) -> list[_Header]:
    headers: list[_Header] = []
    for position, line in enumerate(lines):
        if position + 1 >= len(lines) or lines[position + 1].mark is None:
            continue
        if not _HEADING.search(line.text) or _NOT_ASKING.search(line.text[-34:]):
            continue
        if _HEADING_ASKS.search(line.text[-90:]) or re.match(
            r"[-–]?\s*ประเด็น(?:เน้น|ฝาก|สั่ง)", line.text
        ):
            headers.append(_Header(line, _who_in_header(text, line, gazetteer)))
    return headers


def _who_in_header(text: str, line: Line, gazetteer: Gazetteer) -> Words | None:
    asks = list(
        re.finditer(r"(?:ขอให้|ขอความร่วมมือ|มอบหมายให้|กำชับให้|เน้นย้ำให้|^ให้|(?<= )ให้|จึงขอให้)", line.text)
    )
    for ask in reversed(asks):
        who, _ = _who_at(
            text,
            line.span.start + ask.end(),
            line.span.end,
            gazetteer,
            stops=r"ดำเนินการ|มีหน้าที่|ปฏิบัติ",
        )
        if who:
            return who
    return None


def _header_of(
    line: Line, headers: Sequence[_Header], issues: Sequence[Issue], lines: Sequence[Line]
) -> _Header | None:
    """The line that asks under which an item stands, where nothing of a higher level came between."""
    before = [header for header in headers if header.line.span.end <= line.span.start]
    if not before or line.mark is None:
        return None
    header = before[-1]
    between = [each for each in lines if header.line.span.end <= each.span.start < line.span.start]
    first = between[0] if between else line
    if first.mark is None:
        return None
    for each in between:
        if each.mark is None:
            return None
        if (
            header.line.mark is not None
            and each.mark.style == header.line.mark.style
            and each.mark.style != "dash"
        ):
            return None
    if line.mark.style != first.mark.style:
        own = next((issue for issue in issues if issue.whole.start == line.span.start), None)
        top = next((issue for issue in issues if issue.whole.start == first.span.start), None)
        if (
            own
            and top
            and (
                own.depth < top.depth
                or own.whole.start >= top.whole.end
                and line.mark.style != "dash"
            )
        ):
            return None
    return header


def _is_item(line: Line) -> bool:
    return line.mark is not None


def _item(
    text: str, line: Line, header: _Header, days: Sequence[DayNamed], gazetteer: Gazetteer
) -> Directive | None:
    content = trimmed(text, line.content.start, line.content.end)
    words = text[content.start : content.end]
    asks = [(rule, mark) for rule, pattern in _MARKS for mark in [pattern.search(words)] if mark]
    if not asks and not _ITEM_VERB.match(words) and not _STRONG_HEADER.search(header.line.text):
        return None  # an item that only names a subject, unless its header was an order to act
    who, rest = None, content.start
    if asks:
        first = min((mark for _, mark in asks), key=lambda mark: mark.start())
        if first.start() == 0 or first.re.pattern.startswith("(?:จึง)"):
            who, rest = _who_at(text, content.start + first.end(), content.end, gazetteer)
    if re.match("ให้", words) and not who:
        who, rest = _who_at(text, content.start + len("ให้"), content.end, gazetteer)
    inherited = who is None and header.who is not None
    return _directive(
        text,
        content,
        content if not inherited and who is None else Span(rest, content.end) if who else content,
        who or header.who,
        days,
        gazetteer,
        rule="directive.item-below",
        inherited=inherited,
    )


def _in_line(
    text: str,
    line: Line,
    kind: DocumentKind,
    days: Sequence[DayNamed],
    people: Sequence[PersonNamed],
    addressee: HeadLine | None,
    gazetteer: Gazetteer,
    *,
    is_item: bool,
) -> list[Directive]:
    found: list[Directive] = []
    place = line.content.start
    while place < line.span.end:
        nearest = _next_mark(text, place, line.span.end)
        if nearest is None:
            break
        rule, mark = nearest
        end = _end_of(text, mark.end(), line.span.end)
        if (
            _is_report(text, line, rule, mark, end)
            or _HEADING.search(text[mark.start() : line.span.end])
            and rule != "directive.must"
            and end == line.span.end
            and re.search(r"ดังนี้|ดังต่อไปนี้", text[mark.start() : end])
        ):
            place = mark.end()
            continue
        if rule == "directive.assign" and _DELEGATED.match(text, mark.end(), end):
            place = end
            continue
        who, rest = _who_of(text, rule, mark, end, gazetteer)
        action = trimmed(text, rest, end)
        if action.end - action.start < 4:
            place = mark.end()
            continue
        inherited = False
        if (
            who is None
            and addressee
            and kind in {"memo", "letter", "circular"}
            and rule == "directive.please"
        ):
            who, inherited = Words(addressee.text, addressee.span), True
        start = mark.start()
        if is_item and start - line.content.start < 90 and not found:
            start = line.content.start  # the condition or subject before it belongs to the item
        found.append(
            _directive(
                text,
                trimmed(text, start, end),
                action,
                who,
                days,
                gazetteer,
                rule=rule,
                inherited=inherited,
            )
        )
        place = end
    if not found and is_item:
        one = _verb_with_deadline(text, line, days, gazetteer)
        if one:
            found.append(one)
    return found


def _next_mark(text: str, start: int, end: int) -> tuple[str, re.Match[str]] | None:
    first: tuple[str, re.Match[str]] | None = None
    for rule, pattern in _MARKS:
        mark = pattern.search(text, start, end)
        if mark and (first is None or mark.start() < first[1].start()):
            first = (rule, mark)
    return first


def _is_report(text: str, line: Line, rule: str, mark: re.Match[str], end: int) -> bool:
    """What is told of the past, or what the writer asks leave for, is no directive."""
    before = text[max(line.span.start, mark.start() - 40) : mark.start()]
    if (
        re.search(r"(?:ตามที่|ด้วย)[^\n]*$", before)
        and re.search(r"นั้น", text[mark.end() : line.span.end])
        and rule != "directive.ask"
    ):
        return True
    if rule == "directive.assign" and re.search(r"(?:ตามที่ได้|ได้รับ|งาน[ก-๎]*ที่ได้รับ|ที่)$", before):
        return True
    if rule == "directive.let" and re.search(r"แจ้ง[^\n]*ว่า $", before):
        return True  # what somebody else asked of the writer
    if rule == "directive.please" and re.match(
        r"(?:พิจารณา)?(?:ดำเนินการ(?:ต่อไป)?|พิจารณาดำเนินการ(?:ต่อไป)?)\s*$", text[mark.end() : end]
    ):
        return True
    return rule == "directive.stress" and bool(re.search(r"ได้รับ$", before))


def _end_of(text: str, start: int, limit: int) -> int:
    stop = _STOP.search(text, start, limit)
    end = stop.start() if stop else limit
    following = _next_mark(text, start + 8, end)
    if following and following[0] in {
        "directive.ask",
        "directive.stress",
        "directive.assign",
        "directive.forbid",
    }:
        # "หากมีข้อขัดข้องขอให้…": the condition goes with what follows.
        condition = text.rfind(" ", start, following[1].start())
        end = condition if condition > start else following[1].start()
    return end


def _who_of(
    text: str, rule: str, mark: re.Match[str], end: int, gazetteer: Gazetteer
) -> tuple[Words | None, int]:
    if rule == "directive.must":
        must = mark.groupdict().get("must")
        if must:
            span = trimmed(
                text, mark.start() + (3 if must.startswith("โดย") else 0), mark.end() - len("ต้อง")
            )
            name = text[span.start : span.end].removesuffix("จะ")
            return Words(name, Span(span.start, span.start + len(name))), mark.end()
        return None, mark.end()
    if rule == "directive.invite" and mark[0].endswith("ท่าน"):
        return Words("ท่าน", Span(mark.end() - len("ท่าน"), mark.end())), mark.end()
    return _who_at(text, mark.end(), end, gazetteer)


def _who_at(
    text: str, start: int, end: int, gazetteer: Gazetteer, stops: str = ""
) -> tuple[Words | None, int]:
    """Whoever is named between the asking word and the first verb; where the verb begins."""
    while start < end and text[start] == " ":
        start += 1
    actor = _ACTOR.match(text, start, end)
    if actor is None:
        return None, start
    begin = actor.end()
    post = post_at(text, start, gazetteer)
    office = organisation_at(text, start, gazetteer)
    if post and post.span.end <= end:
        begin = max(begin, post.span.end)
    if office and office.end <= end:
        begin = max(begin, office.end)
    if actor[0].endswith("คน") and text.startswith("คน", actor.end()):
        begin += len("คน")
    verbs = re.compile(f"{stops}|{VERBS}") if stops else _VERB
    for verb in verbs.finditer(text, begin, min(end, begin + 90)):
        before = text[begin : verb.start()]
        if _NO_VERB_AFTER.search(before) and not before.endswith(("พื้นที่", "เจ้าหน้าที่")):
            continue
        span = trimmed(text, start, verb.start())
        return Words(text[span.start : span.end], span), verb.start()
    return None, start


def _verb_with_deadline(
    text: str, line: Line, days: Sequence[DayNamed], gazetteer: Gazetteer
) -> Directive | None:
    content = trimmed(text, line.content.start, line.content.end)
    words = text[content.start : content.end]
    due = any(day.role == "deadline" and content.covers(day.span) for day in days) or re.search(
        r"ภายใน|ทันที|โดยด่วน", words
    )
    if not due or not re.match(rf"(?:{VERBS})", words):
        return None
    return _directive(
        text, content, content, None, days, gazetteer, rule="directive.verb-with-deadline"
    )


def _directive(
    text: str,
    whole: Span,
    action: Span,
    who: Words | None,
    days: Sequence[DayNamed],
    gazetteer: Gazetteer,
    *,
    rule: str,
    inherited: bool = False,
) -> Directive:
    due, words = due_in(text, whole, days)
    return Directive(
        span=whole,
        rule=rule,
        who=who,
        action=Words(text[action.start : action.end], action),
        due=due,
        due_words=words,
        last_working_day=_last_working_day(due),
        for_whom=_for_whom(text, action, gazetteer),
        inherited_who=inherited,
    )


def due_in(text: str, span: Span, days: Sequence[DayNamed]) -> tuple[date | None, Words | None]:
    """The day by which it is to be done, and the words that say so; (None, words) for no plain day.

    Source: docs requirements B46 (a day), B49 (ทันทีที่ทราบ); issue 4 (by when).
    """
    inside = [day for day in days if span.covers(day.span)]
    deadline = next((day for day in inside if day.role == "deadline"), None)
    if deadline is None and len(inside) == 1 and inside[0].role == "event" and inside[0].first:
        deadline = inside[0]
    if deadline:
        return deadline.last or deadline.first, Words(deadline.written, deadline.span)
    month = _END_OF_MONTH.search(text, span.start, span.end)
    words = _DUE_WORDS.search(text, span.start, span.end)
    if month:
        return _month_end(month["month"], month["year"]), Words(
            month[0], Span(month.start(), month.end())
        )
    if words:
        return None, Words(words[0], Span(words.start(), words.end()))
    return None, None


def _month_end(month: str, year: str) -> date | None:
    from tiddao.kernel.dates import DateUnreadable, parse_date  # noqa: PLC0415 -- only here

    for day in (31, 30, 29, 28):
        try:
            return parse_date(f"{day} {month.replace(' ', '')} {year}")
        except DateUnreadable:
            continue
    return None


def _last_working_day(due: date | None) -> date | None:
    if due is None:
        return None
    try:
        return last_working_day(due)
    except HolidaysUnknown:
        return None


def _for_whom(text: str, action: Span, gazetteer: Gazetteer) -> Words | None:
    for mark in _FOR.finditer(text, action.start, action.end):
        start = mark.end()
        post = post_at(text, start, gazetteer)
        if post and post.span.end <= action.end:
            return Words(post.text, post.span)
        office = organisation_at(text, start, gazetteer)
        if office and office.end <= action.end:
            return Words(text[office.start : office.end], office)
        served = _PEOPLE_SERVED.match(text, start, action.end)
        if served:
            return Words(served[0], Span(served.start(), served.end()))
    return None
