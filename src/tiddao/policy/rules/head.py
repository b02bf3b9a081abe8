"""What kind of document it is, its title, and the lines of a paper's head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tiddao.policy.rules.lines import Line
from tiddao.policy.rules.proposals import DocumentKind, HeadLine, KindOfDocument, Title
from tiddao.policy.rules.spans import Span, trimmed

_NUMBER = re.compile(
    r"(?:^|\s)ที่\s*:?\s*(?P<number>(?:[ก-ฮ]{2,4}\s?[\d.]+(?:\s?/\s?(?:ว\s?)?\d+)?)|(?:สพ[จอ]\.\s?[ก-๎.]+\s?\d+/\d{4})|\d{1,5}\s?/\s?\d{4})(?=\s|$)"
)
_MEETING = re.compile(r"ครั้งที่\s*(?P<number>\d{1,3}\s?/\s?\d{4})")
_URGENCY = re.compile(r"^(?:ด่วนที่สุด|ด่วนมาก|ด่วน|ลับที่สุด|ลับมาก|ลับ)$")
_LABELS = (
    ("subject", re.compile(r"^เรื่อง(?!ที่|อื่น|แจ้ง|เพื่อ|รับรอง|สืบ|เสนอ)\s*:?\s*")),
    ("to", re.compile(r"^เรียน\s*:?\s+|^ถึง\s+")),
    ("reference", re.compile(r"^อ้างถึง\s*:?\s*")),
    ("enclosure", re.compile(r"^สิ่งที่ส่งมาด้วย\s*:?\s*")),
    ("from", re.compile(r"^ส่วนราชการ\s*:?\s*")),
    ("phone", re.compile(r"^(?:โทร(?:ศัพท์|สาร)?\.?|Tel\.?)\s*:?\s*")),
)
_MINUTES = re.compile(
    r"^(?:รายงาน|บันทึก|สรุป(?:ผล|ประเด็น)?|ระเบียบวาระ|มติ)(?:ผล)?การประชุม|^สรุปประเด็นการประชุม"
)
_AGENDA = re.compile(r"^(?:ระเบียบ)?วาระที่\s?\d")
_ALL = re.compile(r"ทุกจังหวัด|ทุกอำเภอ|ทุกแห่ง|ทุกกลุ่มงาน|ตามบัญชี")
# What a web page leaves in a text that was copied from it.
_RESIDUE = re.compile(
    r"^(?:หน้าแรก\b.*|หน้าแรก.*|ข่าว(?:ประชาสัมพันธ์|กิจกรรม|สาร)?(?:\s*/\s*กิจกรรม)?|ประชาสัมพันธ์(?:/กิจกรรม)?|กิจกรรม|อ่าน\s?[\d,]+\s?ครั้ง|ผู้(?:เข้า)?ชม\s*:?\s*[\d,]+.*|จำนวนผู้เข้าชม.*|โพสต์เมื่อ.*|เผยแพร่เมื่อ.*|แชร์|พิมพ์|[\d,]+|[/|>»\s-]+|Facebook|LINE|Twitter)$",
    re.IGNORECASE,
)
_HEAD_LINES = 14
_FIRST_WORDS: tuple[tuple[str, DocumentKind, str], ...] = (
    (r"^บันทึกข้อความ", "memo", "kind.memo"),
    (r"^คำสั่ง", "order", "kind.order"),
    (r"^ประกาศ(?!ผล)", "announcement", "kind.announcement"),
)


def is_residue(line: Line) -> bool:
    """Whether the line is what a web page leaves behind: breadcrumbs, counters, buttons.

    Source: docs requirements B1, B3 (breadcrumb and page counter left in the text).
    """
    return bool(_RESIDUE.match(line.text))


def kind_of(lines: Sequence[Line]) -> KindOfDocument | None:
    """What kind of document it is, by the words that open one of that kind.

    Source: docs domain 9.1 (letters, memos); requirements B1 (activity news).
    """
    if not lines:
        return None
    content = [line for line in lines if not is_residue(line)] or list(lines)
    return _by_first_words(content) or _by_head(content) or _by_body(content)


def _by_first_words(content: Sequence[Line]) -> KindOfDocument | None:
    for line in content[:4]:
        for pattern, kind, rule in _FIRST_WORDS:
            if re.match(pattern, line.text) and "ข่าว" not in line.text:
                return _kind(line.span, kind, rule)
    for line in content[:3]:
        if _MINUTES.match(line.text):
            return _kind(line.span, "minutes", "kind.minutes")
    return None


def _by_head(content: Sequence[Line]) -> KindOfDocument | None:
    head = content[:_HEAD_LINES]
    for line in head:
        number = _NUMBER.search(line.text)
        if number and re.search(r"/\s?ว\s?\d", number["number"]):
            return _kind(_at(line, number), "circular", "kind.circular-number")
    labels = {part: line for line in head for part, pattern in _LABELS if pattern.match(line.text)}
    if "to" in labels and ("subject" in labels or any(_NUMBER.search(x.text) for x in head)):
        if _ALL.search(labels["to"].text):
            return _kind(labels["to"].span, "circular", "kind.circular-to-all")
        return _kind(labels["to"].span, "letter", "kind.letter")
    return None


def _by_body(content: Sequence[Line]) -> KindOfDocument:
    agenda = [line for line in content if _AGENDA.match(line.text)]
    if len(agenda) >= 2:
        return _kind(agenda[0].span, "minutes", "kind.agenda")
    if any(re.search(r"วันที่|\d{4}", line.text) for line in content[:6]):
        return _kind(content[0].span, "news", "kind.news")
    return _kind(content[0].span, "other", "kind.other")


def _kind(span: Span, kind: DocumentKind, rule: str) -> KindOfDocument:
    return KindOfDocument(span=span, rule=rule, document_kind=kind)


def _at(line: Line, match: re.Match[str]) -> Span:
    return Span(line.span.start + match.start("number"), line.span.start + match.end("number"))


def title_of(lines: Sequence[Line], kind: DocumentKind) -> Title | None:
    """The subject of a paper (เรื่อง …), else the first line that a web page did not leave behind.

    Source: docs requirements A1, B2 (headings); domain 9.1 (เรื่อง).
    """
    content = [line for line in lines if not is_residue(line)]
    if kind in {"letter", "circular", "memo", "order", "announcement"}:
        pattern = dict(_LABELS)["subject"]
        for position, line in enumerate(content[:_HEAD_LINES]):
            found = pattern.match(line.text)
            if found and found.end() < len(line.text):
                span = Span(line.span.start + found.end(), line.span.end)
                following = content[position + 1] if position + 1 < len(content) else None
                if following and following.indent >= 6 and not _is_label(following):
                    span = Span(span.start, following.span.end)
                return Title(span=span, rule="title.subject", text=_text(lines, span))
    if not content:
        return None
    first = content[0].span
    return Title(span=first, rule="title.first-line", text=_text(lines, first))


def _is_label(line: Line) -> bool:
    return any(pattern.match(line.text) for _, pattern in _LABELS) or line.mark is not None


def _text(lines: Sequence[Line], span: Span) -> str:
    parts = []
    for line in lines:
        if line.span.overlaps(span):
            begin = max(span.start, line.span.start) - line.span.start
            parts.append(line.text[begin : span.end - line.span.start])
    return " ".join(parts)


def head_lines(lines: Sequence[Line], kind: DocumentKind) -> tuple[HeadLine, ...]:
    """The number, urgency, addressee, references, enclosures and sending office of a paper.

    Source: docs domain 6.1 (document numbers), 9.1 (heads of letters and memos).
    """
    found: list[HeadLine] = []
    for line in lines[:_HEAD_LINES]:
        if _URGENCY.match(line.text):
            found.append(
                HeadLine(span=line.span, rule="head.urgency", part="urgency", text=line.text)
            )
        if kind not in {"news", "other", "minutes"}:
            number = None if re.match("อ้างถึง", line.text) else _NUMBER.search(line.text)
            if number and not any(each.part == "number" for each in found):
                span = _at(line, number)
                found.append(
                    HeadLine(span=span, rule="head.number", part="number", text=number["number"])
                )
        meeting = _MEETING.search(line.text) if kind == "minutes" else None
        if meeting and not any(each.part == "number" for each in found):
            span = _at(line, meeting)
            found.append(
                HeadLine(
                    span=span, rule="head.meeting-number", part="number", text=meeting["number"]
                )
            )
    if kind in {"letter", "circular", "memo"}:
        for line in lines:
            for part, pattern in _LABELS:
                label = pattern.match(line.text)
                if label and part != "subject" and label.end() < len(line.text):
                    span = trimmed(line.text, label.end(), len(line.text))
                    found.append(
                        HeadLine(
                            span=Span(line.span.start + span.start, line.span.start + span.end),
                            rule=f"head.{part}",
                            part=part,
                            text=line.text[span.start : span.end],
                        )
                    )
    return tuple(found)
