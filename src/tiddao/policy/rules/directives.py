"""Directives: who must do what, by when, for whom, as the text puts it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.workdays import HolidaysUnknown, last_working_day
from tiddao.policy.rules.asking import VERB, VERBS, Asked, marks_in, who_at, who_of
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
    Words,
)
from tiddao.policy.rules.spans import Span, trimmed

_DELEGATED = re.compile(
    r"\s?(?P<name>(?:นาย|นาง|นางสาว|น\.ส\.|ว่าที่|พัฒนาการ|ผู้อำนวยการ|ผอ\.|ปลัด|หัวหน้า|รอง)[^\n]{0,140}?)(?:เป็นประธาน|เป็นผู้แทน|ลงพื้นที่|เข้าร่วม|ร่วม(?:ประชุม|พิธี|กิจกรรม|งาน|เป็น)|เปิด|ตรวจเยี่ยม|ติดตาม(?:การ|งาน|ความ)|กล่าว|มอบ|นำ|พร้อม)"
)
_HEADING = re.compile(
    r"(?:ดังนี้|ดังต่อไปนี้|:)\s*$|^(?:[-–]\s*)?(?:ประเด็น|ข้อ)?(?:เน้นย้ำ|สั่งการ|ข้อสั่งการ|ข้อเสนอแนะ|ฝากดำเนินการ|ประเด็นเน้นย้ำ/ฝากดำเนินการ|สิ่งที่ต้องดำเนินการ)[^\n]{0,40}$"
)
_HEADING_ASKS = re.compile(
    r"ขอให้|ขอความร่วมมือ|ดำเนินการ|ข้อเสนอแนะ|ถือปฏิบัติ|มีหน้าที่|อำนาจหน้าที่|ข้อสั่งการ|เน้นย้ำ|กำชับ|มอบหมาย|มอบ(?:แนวทาง|นโยบาย|ภารกิจ)|แนวทาง(?:การ)?(?:ดำเนิน|ปฏิบัติ|ขับ|ทำ)|ฝาก|ให้(?:จังหวัด|อำเภอ|ทุก)"
)
_NOT_ASKING = re.compile(r"ผลการ|รายงานผลดังนี้|ขอรายงาน|ประกาศผล|แต่งตั้ง|ได้คะแนน|ผู้มาประชุม")
_ITEM_VERB = re.compile(rf"(?:ให้|ขอให้|ควร)?(?:{VERBS})")
_STRONG_HEADER = re.compile(
    r"เน้นย้ำ|ฝาก|สั่งการ|หน้าที่|ขอให้|ขอความร่วมมือ|ให้(?:จังหวัด|อำเภอ|ทุก|ดำเนินการ|ถือปฏิบัติ|ปฏิบัติ)"
)
_STOP = re.compile(
    r"\s(?:ทั้งนี้|จึงเรียน|ซึ่ง(?=[ก-๎])|และขอ(?=ให้|ความ)|พร้อมนี้|อนึ่ง|โดยมี(?=นาย|ผู้)|ในการนี้|หากมีข้อ|และโปรด|นอกจากนี้)|\n| {2,}|นั้น(?=\s)"
)
_NO_NEW_CLAUSE = frozenset({"directive.invite", "directive.deadline-set"})
_ADDRESSED = frozenset({"memo", "letter", "circular"})  # papers that ask whom they are written to
_SHORTEST_ACTION = 4  # letters
_CONDITION = re.compile(r"\s(?:หาก|ถ้า|กรณี|สำหรับ|ส่วน|และ|พร้อม|โดย)[^\s]*\s?$")
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
    heads: Sequence[HeadLine],
    gazetteer: Gazetteer,
    title: Span | None,
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
        if title is not None and kind not in {"news", "other"} and line.span.overlaps(title):
            continue
        if any(header.line is line for header in headers):
            continue
        header = _header_of(line, headers, issues, lines)
        if header is not None and _is_item(line):
            below = any(
                issue.whole.start == line.span.start and issue.whole.end > line.span.end
                for issue in issues
            )
            one = _item(text, line, header, days, gazetteer, below=below)
            if one:
                found.append(one)
                continue
        found.extend(
            _in_line(
                text,
                line,
                kind=kind,
                days=days,
                addressee=addressee,
                gazetteer=gazetteer,
                is_item=line.mark is not None,
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
        re.finditer(
            r"(?:ขอให้|ขอความร่วมมือ|มอบหมายให้|กำชับให้|เน้นย้ำให้|^ให้|(?<= )ให้|โดยให้|และให้|ขอความอนุเคราะห์)",
            line.text,
        )
    )
    for ask in reversed(asks):
        who, _ = who_at(
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
        if own and top and own.depth <= top.depth:
            return None
    return header


def _is_item(line: Line) -> bool:
    return line.mark is not None


def _item(
    text: str,
    line: Line,
    header: _Header,
    days: Sequence[DayNamed],
    gazetteer: Gazetteer,
    *,
    below: bool,
) -> Directive | None:
    content = trimmed(text, line.content.start, line.content.end)
    words = text[content.start : content.end]
    asks = marks_in(text, content.start, content.end)
    if not asks and below and not _ITEM_VERB.match(words):
        return None  # a heading: what is to be done stands in the points below it
    if not asks and not _ITEM_VERB.match(words) and not _STRONG_HEADER.search(header.line.text):
        return None  # an item that only names a subject, unless its header was an order to act
    who, rest = None, content.start
    named = [rule for rule, _ in asks if rule in {"directive.ask", "directive.let"}]
    if asks and (named or asks[0][1].start() == content.start):
        first = next(mark for rule, mark in asks if not named or rule in named)
        who, rest = who_at(text, first.end(), content.end, gazetteer)
    if header.who is not None and words.startswith("มอบหมาย"):
        who, rest = None, content.start  # it is for whom the header asks to assign somebody
    inherited = who is None and header.who is not None
    return _directive(
        text,
        content,
        Span(rest, content.end) if who else content,
        who or header.who,
        days=days,
        gazetteer=gazetteer,
        rule="directive.item-below",
        inherited=inherited,
    )


def _in_line(
    text: str,
    line: Line,
    *,
    kind: DocumentKind,
    days: Sequence[DayNamed],
    addressee: HeadLine | None,
    gazetteer: Gazetteer,
    is_item: bool,
) -> list[Directive]:
    found: list[Directive] = []
    place = line.content.start
    marks = marks_in(text, place, line.span.end)
    for position, (rule, mark) in enumerate(marks):
        if mark.start() < place:
            continue
        end = _end_of(text, mark.end(), line.span.end, marks[position + 1 :])
        if _is_report(text, line, rule, mark, end) or _announces_items(text, line, rule, mark, end):
            continue
        if rule == "directive.assign" and _DELEGATED.match(text, mark.end(), end):
            place = end
            continue
        who, rest = who_of(text, rule, mark, end, gazetteer)
        action = trimmed(text, rest, end)
        if not _is_something_to_do(text, rule, who, action):
            continue
        inherited = False
        if who is None and addressee and rule == "directive.please" and kind in _ADDRESSED:
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
                days=days,
                gazetteer=gazetteer,
                rule=rule,
                inherited=inherited,
                due_within=Span(mark.start(), end),
            )
        )
        place = end
    if not found and is_item:
        one = _verb_with_deadline(text, line, days, gazetteer)
        if one:
            found.append(one)
    return found


def _announces_items(text: str, line: Line, rule: str, mark: re.Match[str], end: int) -> bool:
    """Words that only announce the items below them ("ขอให้ดำเนินการ ดังนี้")."""
    return (
        rule != "directive.must"
        and end == line.span.end
        and _HEADING.search(text[mark.start() : line.span.end]) is not None
        and re.search(r"ดังนี้|ดังต่อไปนี้", text[mark.start() : end]) is not None
    )


def _is_something_to_do(text: str, rule: str, who: Words | None, action: Span) -> bool:
    """False for too few words, and for something given to somebody with nothing to be done."""
    if action.end - action.start < _SHORTEST_ACTION:
        return False
    return rule != "directive.let" or who is not None or VERB.match(text, action.start) is not None


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


def _end_of(text: str, start: int, limit: int, later: Sequence[Asked]) -> int:
    """Where the clause ends: at a word that ends it, or where the next one that asks begins."""
    stop = _STOP.search(text, start, limit)
    end = stop.start() if stop else limit
    for rule, mark in later:
        if not start + 8 <= mark.start() < end or rule in _NO_NEW_CLAUSE:
            continue
        # "หากมีข้อขัดข้องขอให้…", "สำหรับอำเภอลอง ให้…": the condition goes with what follows.
        condition = _CONDITION.search(text, start, mark.start())
        if condition:
            return condition.start()
        return mark.start() - (len("และ") if text[start : mark.start()].endswith("และ") else 0)
    return end


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
        text,
        content,
        content,
        None,
        days=days,
        gazetteer=gazetteer,
        rule="directive.verb-with-deadline",
    )


def _directive(
    text: str,
    whole: Span,
    action: Span,
    who: Words | None,
    *,
    days: Sequence[DayNamed],
    gazetteer: Gazetteer,
    rule: str,
    inherited: bool = False,
    due_within: Span | None = None,
) -> Directive:
    due, words = due_in(text, due_within or whole, days)
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
    one_day = len(inside) == 1 and inside[0].first == inside[0].last
    if deadline is None and one_day and inside[0].role == "event" and inside[0].first:
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
