"""The office that holds an event or issues a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tiddao.policy.rules.gazetteer import Gazetteer
from tiddao.policy.rules.lines import Line
from tiddao.policy.rules.posts import ORGANISATION, organisation_at
from tiddao.policy.rules.proposals import DocumentKind, Organiser, PlaceNamed
from tiddao.policy.rules.spans import Span

_HELD_BY = re.compile(r"(?:จัดโดย|ดำเนินการโดย|โดยความร่วมมือของ)\s?")
_HOLDS = re.compile(
    r"\s?(?:ได้)?(?:กำหนด)?(?:ดำเนินการ)?(?:จัด(?=การ|งาน|ประชุม|กิจ|โครง|เวที|อบรม|ฝึก|ให้|แสดง)|เปิดเวที|เปิดงาน)"
)
_LEADS_MINUTES = re.compile(r"^(?:รายงาน|บันทึก|สรุป)")
_PAPER = re.compile(r"^(?:คำสั่ง|ประกาศ)\s?")
_BARE = frozenset({"จังหวัด", "อำเภอ"})
_HEAD_LINES = 12


def organisers_in(
    text: str,
    lines: Sequence[Line],
    kind: DocumentKind,
    gazetteer: Gazetteer,
    places: Sequence[PlaceNamed],
) -> tuple[Organiser, ...]:
    """The office that holds the event or issues the paper, each once.

    Source: docs requirements A26 ("จัดโดย…"); domain 9.1 (the sending office in a paper's head).
    """
    found: dict[str, Organiser] = {}
    spans = [
        (span, "organiser.held-by")
        for held in _HELD_BY.finditer(text)
        if (span := organisation_at(text, held.end(), gazetteer))
    ]
    spans += list(_issuer(text, lines, kind, gazetteer))
    if not spans and kind in {"news", "other", "announcement"}:
        spans += _holder(text, gazetteer)
    for span, rule in spans:
        inside = [place for place in places if place.code and place.span.overlaps(span)]
        name = text[span.start : span.end]
        code = inside[-1].code if inside else None
        found.setdefault(name, Organiser(span=span, rule=rule, name=name, code=code))
    return tuple(found.values())


def _issuer(
    text: str, lines: Sequence[Line], kind: DocumentKind, gazetteer: Gazetteer
) -> Iterator[tuple[Span, str]]:
    """The office in the head of a paper: the first line that names it as that kind of paper does."""
    for line in lines[:_HEAD_LINES]:
        span, rule = None, ""
        if kind in {"order", "announcement"} and (paper := _PAPER.match(line.text)):
            rule = "organiser.paper"
            span = organisation_at(text, line.span.start + paper.end(), gazetteer)
        elif kind in {"letter", "circular"}:
            span, rule = _sender(text, line, gazetteer), "organiser.letter-head"
        elif kind == "memo" and line.text.startswith("ส่วนราชการ"):
            span, rule = _memo_sender(text, line, gazetteer), "organiser.memo-head"
        elif kind == "minutes" and _LEADS_MINUTES.match(line.text):
            offices = ORGANISATION.finditer(text, line.span.start, line.span.end)
            office = next((each for each in offices if each[0] not in _BARE), None)
            rule = "organiser.minutes-head"
            span = organisation_at(text, office.start(), gazetteer) if office else None
        if span:
            yield span, rule
            return


def _holder(text: str, gazetteer: Gazetteer) -> list[tuple[Span, str]]:
    """Who is said to hold something; an office comes before a province."""
    holders = [
        (office[0] == "จังหวัด", span)
        for office in ORGANISATION.finditer(text)
        if office[0] != "อำเภอ"
        and (span := organisation_at(text, office.start(), gazetteer))
        and _HOLDS.match(text, span.end)
    ]
    return [(min(holders)[1], "organiser.holds")] if holders else []


def _sender(text: str, line: Line, gazetteer: Gazetteer) -> Span | None:
    if re.match(r"เรื่อง|เรียน|อ้างถึง|สิ่งที่ส่ง", line.text):
        return None
    for office in re.finditer(r"สำนักงานพัฒนาชุมชน|กรมการพัฒนาชุมชน|กระทรวงมหาดไทย", line.text):
        before = line.text[: office.start()]
        if not before or before.endswith(" "):
            return organisation_at(text, line.span.start + office.start(), gazetteer)
    return None


def _memo_sender(text: str, line: Line, gazetteer: Gazetteer) -> Span | None:
    label = re.match(r"ส่วนราชการ\s*:?\s*", line.text)
    begin = line.span.start + (label.end() if label else 0)
    first = organisation_at(text, begin, gazetteer)
    if first is None:
        return None
    second = (
        organisation_at(text, first.end + 1, gazetteer)
        if text[first.end : first.end + 1] == " "
        else None
    )
    return (
        Span(first.start, second.end)
        if second and not text.startswith(("จังหวัด", "อำเภอ"), second.start)
        else first
    )
