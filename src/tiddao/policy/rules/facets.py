"""งาน · งบ · ระบบ · คน, and the star dimension: suggested from words, with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from tiddao.policy.rules.proposals import Directive, Facet, FacetSuggested, Issue, Words
from tiddao.policy.rules.spans import Span

_Key = TypeVar("_Key", int, Facet)

_FACETS: Mapping[Facet, str] = {
    "money": r"เบิกจ่าย|งบประมาณ|เงิน(?!ทุนหมุน)|สัญญายืม|ใบสำคัญ|กองทุน|หนี้|ลูกหนี้|จัดซื้อ|จัดจ้าง|ล้านบาท",
    "system": r"ฐานข้อมูล|ระบบ(?!การศึกษา)|ข้อมูล|รายงาน|ตัวชี้วัด|เอกสาร|แผน(?:กลยุทธ์|ยุทธศาสตร์)|ธรรมาภิบาล|สื่อ|ประชาสัมพันธ์|ตรวจติดตาม|รับการตรวจ|ตรวจราชการ|ทะเบียน",
    "people": r"บุคลากร|ทีมงาน|ทีม|ผู้นำ|ผู้บริหาร|ฝึกอบรม|ศักยภาพ|ภาวะผู้นำ|สอนแนะ|ข้าราชการ|อาสาพัฒนา|เรียนรู้ร่วมกัน|แต่งกาย",
    "work": r"โครงการ|กิจกรรม|ขับเคลื่อน|ผลิตภัณฑ์|ท่องเที่ยว|หมู่บ้าน|ตำบลเข้มแข็ง|โคก|ศูนย์เรียนรู้|กลุ่มอาชีพ|ครัวเรือน|แปลง|ชุมชน",
}
_DIMENSIONS: Mapping[int, str] = {
    1: r"บริหาร|แผนกลยุทธ์|ฐานข้อมูล|ธรรมาภิบาล|ภาวะผู้นำ|การมีส่วนร่วม|เบิกจ่าย|ตัวชี้วัด",
    2: r"ประสาน|ภาคี|เครือข่าย|บูรณาการ|ความร่วมมือ|พบปะ",
    3: r"บุคลากร|ทีมงาน|เรียนรู้ร่วมกัน|องค์กรแห่งการเรียนรู้|ฝึกอบรม|สอนแนะ|ศักยภาพของทีม",
    4: r"บริการ|ศูนย์เรียนรู้|ศูนย์ข้อมูลข่าวสาร|สภาพปัญหา|ความพึงพอใจ",
    5: r"คุณภาพชีวิต|จปฐ|รายได้|ครัวเรือน(?:ยากจน|ตกเกณฑ์|เป้าหมาย)|ความสุข|เศรษฐกิจพอเพียง|แก้จน|ความยากจน",
}


def facets_of(
    text: str, issues: Sequence[Issue], directives: Sequence[Directive]
) -> tuple[FacetSuggested, ...]:
    """A facet and a dimension for each issue at the top and each directive, where words say so.

    The most words win; with as many for two, nothing is suggested.

    Source: docs requirements A41, A54–A79 (four facets, five dimensions); product "The place page".
    """
    spans = [issue.whole for issue in issues if issue.depth == 0 and issue.number]
    spans += [each.span for each in directives]
    found: list[FacetSuggested] = []
    seen: set[Span] = set()
    for span in spans:
        if span in seen:
            continue
        seen.add(span)
        facet, because = _most(text, span, _FACETS)
        dimension, also = _most(text, span, _DIMENSIONS)
        if facet is not None or dimension is not None:
            found.append(
                FacetSuggested(
                    span=span,
                    rule="facet.words",
                    facet=facet,
                    dimension=dimension,
                    words=(*because, *(words for words in also if words not in because)),
                )
            )
    return tuple(found)


def _most(
    text: str, span: Span, words_of: Mapping[_Key, str]
) -> tuple[_Key | None, tuple[Words, ...]]:
    hits = {
        key: [
            Words(match[0], Span(match.start(), match.end()))
            for match in re.compile(pattern).finditer(text, span.start, span.end)
        ]
        for key, pattern in words_of.items()
    }
    ranked = sorted(hits.items(), key=lambda item: -len(item[1]))
    first, second = ranked[0], ranked[1]
    if not first[1] or len(first[1]) == len(second[1]):
        return None, ()
    return first[0], tuple(first[1][:3])
