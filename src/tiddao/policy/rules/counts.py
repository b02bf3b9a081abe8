"""Numbers that a text states, checked against what it then names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tiddao.policy.rules.proposals import (
    AgendaPart,
    CountCheck,
    Dimension,
    GroupNamed,
    Issue,
    PlaceNamed,
    Verdict,
    Words,
)
from tiddao.policy.rules.spans import Span, trimmed

_STATED = re.compile(
    r"(?<![\d.,/:])(?P<number>\d{1,3})\s?(?P<unit>อำเภอ|จังหวัด|ตำบล|มิติ|ประเด็น|เรื่อง|ส่วน|ข้อ|ด้าน|กลุ่ม|ขั้นตอน|โครงการ)(?P<more>หลัก|สำคัญ)*"
)
_LEVELS = {"อำเภอ": "district", "จังหวัด": "province", "ตำบล": "tambon"}
_TOTAL = re.compile(r"(?:รวม|รวมจำนวน|จำนวน|ทั้งสิ้น|ทั้งหมด)[ก-๎ ]{0,14}$")
_LIST_WORDS = re.compile(r"[\s:]*(?:คือ|ได้แก่|ประกอบด้วย|ดังนี้|ดังต่อไปนี้|\()")


def counts_in(
    text: str,
    *,
    places: Sequence[PlaceNamed],
    groups: Sequence[GroupNamed],
    dimensions: Sequence[Dimension],
    issues: Sequence[Issue],
    parts: Sequence[AgendaPart],
) -> tuple[CountCheck, ...]:
    """What the text counts, and whether it names as many.

    Only a list that plainly belongs to the number is counted; without one the number stands alone
    ("not-listed") and is told only for places of a known group.

    Source: docs requirements A19 (six districts), A29, A51, A95, B10 (20 provinces of Isan), B11.
    """
    found: list[CountCheck] = []
    for match in _STATED.finditer(text):
        span = Span(match.start(), match.end())
        number, unit = int(match["number"]), match["unit"]
        if unit in _LEVELS:
            check = _places_check(text, span, number, unit, places=places, groups=groups)
        elif unit == "มิติ":
            check = _check(
                span,
                number,
                unit,
                [Words(each.name, each.span) for each in dimensions],
                "count.dimensions",
            )
        else:
            check = _listed_check(text, span, number, unit, issues=issues, parts=parts)
        if check:
            found.append(check)
    return tuple(found)


def _check(
    span: Span, number: int, unit: str, named: Sequence[Words], rule: str
) -> CountCheck | None:
    if not named:
        return None
    verdict: Verdict = "agrees" if len(named) == number else "differs"
    return CountCheck(
        span=span,
        rule=rule,
        stated=number,
        unit=unit,
        counted=len(named),
        verdict=verdict,
        named=tuple(named),
    )


def _places_check(
    text: str,
    span: Span,
    number: int,
    unit: str,
    *,
    places: Sequence[PlaceNamed],
    groups: Sequence[GroupNamed],
) -> CountCheck | None:
    level = _LEVELS[unit]
    after = [
        place
        for place in places
        if place.level == level and place.span.start >= span.end - len(unit)
    ]
    opens = _LIST_WORDS.match(text, span.end)
    if after and (opens or after[0].span.start - span.end <= 2):
        run = _run(text, after)
        close = after[0].span.start - (opens.end() if opens else span.end) <= 12
        if close and (len(run) > 1 or number == 1):
            return _check(span, number, unit, run, "count.places-after")
    size = 2 if level == "province" else 4
    for group in groups:
        beside = 0 <= group.span.start - span.end <= 30
        alike = {len(code) for code in group.members} == {size}
        if beside and alike and "\n" not in text[span.end : group.span.start]:
            verdict: Verdict = "agrees" if len(group.members) == number else "differs"
            return CountCheck(
                span=span,
                rule="count.members-of-group",
                stated=number,
                unit=unit,
                counted=len(group.members),
                verdict=verdict,
                named=(Words(group.name, group.span),),
            )
    before = [place for place in places if place.level == level and place.span.end <= span.start]
    if before and _TOTAL.search(text[max(0, span.start - 24) : span.start]):
        gap = text[before[-1].span.end : span.start]
        if len(gap) <= 40 and "\n" not in gap:
            run = list(reversed(_run(text, before[::-1], backwards=True)))
            if len(run) > 1:
                return _check(span, number, unit, run, "count.places-before")
    return None


def _run(text: str, places: Sequence[PlaceNamed], *, backwards: bool = False) -> list[Words]:
    """The places that follow each other with nothing but commas, และ or words of a level between."""
    run: list[PlaceNamed] = []
    for place in places:
        if run:
            first, second = (place, run[-1]) if backwards else (run[-1], place)
            gap = text[first.span.end : second.span.start]
            if not re.fullmatch(r"[\s,]*(?:และ|กับ)?[\s,]*", gap):
                break
        if not any(place.name == other.name for other in run):
            run.append(place)
    return [Words(place.name, place.span) for place in run]


def _listed_check(
    text: str,
    span: Span,
    number: int,
    unit: str,
    *,
    issues: Sequence[Issue],
    parts: Sequence[AgendaPart],
) -> CountCheck | None:
    opens = re.compile(
        r"(?P<between>[^\n]{0,40}?)(?P<word>ดังนี้|ดังต่อไปนี้|ได้แก่|คือ|ประกอบด้วย)[ :]*"
    ).match(text, span.end)
    if opens is None or number > 30:
        return None
    line_end = text.find("\n", opens.end())
    line_end = len(text) if line_end < 0 else line_end
    rest = text[opens.end() : line_end].strip()
    if not rest:
        listed = _first_list(span, issues)
        if listed:
            return _check(span, number, unit, listed, "count.items-below")
        if unit == "ส่วน" and parts:
            named = [Words(part.label, part.text.span) for part in _sessions(parts)]
            return _check(span, number, unit, named, "count.agenda-parts")
        return None
    if opens["word"] in {"ได้แก่", "คือ", "ประกอบด้วย"} and not re.match(r"\d", rest):
        named = _phrases(text, opens.end(), line_end)
        if len(named) == number:
            return _check(span, number, unit, named, "count.phrases")
    return None


def _first_list(span: Span, issues: Sequence[Issue]) -> list[Words]:
    """The first list below the line, as long as it stands on one depth."""
    below = [issue for issue in issues if issue.whole.start >= span.end and issue.number]
    if not below:
        return []
    depth = below[0].depth
    listed: list[Words] = []
    for issue in below:
        if issue.depth < depth:
            break
        if issue.depth == depth:
            if listed and issue.number.endswith(".1") is False and issue.number == "1":
                break
            listed.append(Words(issue.heading, issue.span))
    return listed


def _sessions(parts: Sequence[AgendaPart]) -> list[AgendaPart]:
    seen: dict[str, AgendaPart] = {}
    for part in parts:
        key = "เช้า" if "เช้า" in part.label else "บ่าย" if "บ่าย" in part.label else part.label
        seen.setdefault(key, part)
    return list(seen.values())


def _phrases(text: str, start: int, end: int) -> list[Words]:
    """Phrases between spaces; a space beside Latin letters or quotes does not divide."""
    words: list[Words] = []
    begin = start
    stop = text.find("เพื่อ", start, end)
    end = stop if stop > 0 else end
    for gap in re.finditer(r"\s+(?:และ)?|,\s*", text[start:end]):
        at = start + gap.start()
        around = text[at - 1 : at + 2]
        if re.search(r"[A-Za-z]", around) or text[at + 1 : at + 2] in '“"':
            continue
        if text[at + 1 : at + 2].isdigit() or text[at - 1 : at].isdigit():
            continue
        span = trimmed(text, begin, at)
        if span.end - span.start >= 2:
            words.append(Words(text[span.start : span.end], span))
        begin = start + gap.end()
    span = trimmed(text, begin, end)
    if span.end - span.start >= 2:
        words.append(Words(text[span.start : span.end], span))
    return words
