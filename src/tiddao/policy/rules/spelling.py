"""Words that look misspelt: told, never mended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tiddao.policy.rules.proposals import Oddity
from tiddao.policy.rules.spans import Span

# Long words of the department's papers, whose light signs are often mistyped.
_TERMS = [
    "มุ่งเน้น",
    "ขับเคลื่อน",
    "แคตตาล็อก",
    "รวมไปถึง",
    "ประชาสัมพันธ์",
    "ยุทธศาสตร์",
    "เศรษฐกิจพอเพียง",
    "เครือข่าย",
    "ศักยภาพ",
    "ผลิตภัณฑ์",
    "ท่องเที่ยว",
    "งบประมาณ",
    "เบิกจ่าย",
    "เข้มแข็ง",
    "บูรณาการ",
    "ธรรมาภิบาล",
    "ผลสัมฤทธิ์",
    "นวัตกรรม",
    "เทคโนโลยี",
    "ภารกิจ",
    "อำเภอ",
    "จังหวัด",
    "หมู่บ้าน",
    "พัฒนาชุมชน",
    "คุณภาพชีวิต",
    "แลกเปลี่ยน",
    "เยี่ยมชม",
    "ปฏิบัติการ",
    "ประเมินผล",
    "เป้าหมาย",
    "ต้นแบบ",
    "ตัวชี้วัด",
    "ครัวเรือน",
    "สัมมาชีพ",
    "ออมทรัพย์",
    "เน้นย้ำ",
    "เร่งรัด",
    "ดำเนินการ",
    "ต่อเนื่อง",
    "ประสิทธิภาพ",
    "เชื่อมโยง",
    "ความร่วมมือ",
    "เตรียมความพร้อม",
    "เปิดโอกาส",
    "มอบหมาย",
    "ผู้ประกอบการ",
    "หนี้นอกระบบ",
    "เรียบร้อย",
    "ข้อเสนอแนะ",
    "ติดตาม",
    "เกี่ยวข้อง",
    "สถานการณ์",
    "อิเล็กทรอนิกส์",
    "คอมพิวเตอร์",
    "โปรโมชั่น",
]
_LIGHT = "็่้๊๋์"
_LIGHT_SIGNS = re.compile(f"[{_LIGHT}]")

# Mistakes that change letters, each with what was probably meant.
KNOWN_MISTAKES: Mapping[str, str] = {
    "พบปัญหารือ": "พบปะหารือ",
    "อนุญาติ": "อนุญาต",
    "สังเกตุ": "สังเกต",
    "กฏหมาย": "กฎหมาย",
    "ปรากฎ": "ปรากฏ",
    "โอกาศ": "โอกาส",
    "ผลัดดัน": "ผลักดัน",
    "บรูณาการ": "บูรณาการ",
    "บูรณการ": "บูรณาการ",
    "ศักยภาพย์": "ศักยภาพ",
    "ศักภาพ": "ศักยภาพ",
    "ลายเซ็นต์": "ลายเซ็น",
    "ผลิตภัณท์": "ผลิตภัณฑ์",
    "ผลิตภัฑณ์": "ผลิตภัณฑ์",
    "เบิกจ้าย": "เบิกจ่าย",
    "งบประมาน": "งบประมาณ",
    "พัฒณา": "พัฒนา",
    "พัฒนการ": "พัฒนาการ",
    "ประสิทธิภาพ์": "ประสิทธิภาพ",
    "ประชาสัมพันธ": "ประชาสัมพันธ์",
    "เจ้าหน้าทึ่": "เจ้าหน้าที่",
    "ทรัพยการ": "ทรัพยากร",
    "อิเลคทรอนิกส์": "อิเล็กทรอนิกส์",
    "เวปไซต์": "เว็บไซต์",
    "เวบไซต์": "เว็บไซต์",
    "เว็ปไซต์": "เว็บไซต์",
    "คุณภาพที่ดี": "คุณภาพชีวิตที่ดี",
    "นะคะค่ะ": "นะคะ",
    "สัมนา": "สัมมนา",
    "ภาระกิจ": "ภารกิจ",
    "ขบวนการทำงาน": "กระบวนการทำงาน",
    "จำเป้น": "จำเป็น",
    "เกษียร": "เกษียณ",
    "กรมการชุมชน": "กรมการพัฒนาชุมชน",
}


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    bare = {_LIGHT_SIGNS.sub("", term): term for term in _TERMS}
    pattern = "|".join(sorted(map(re.escape, bare), key=len, reverse=True))
    return bare, re.compile(pattern)


def misspellings_in(text: str) -> tuple[Oddity, ...]:
    """Words one light sign away from a word of the field, and mistakes often met.

    Source: docs requirements E9 (มุ้งเน้น, พบปัญหารือ, แคตตาลอก, ร่วมไปถึง), E12 (คุณภาพที่ดี).
    """
    found: list[Oddity] = []
    bare, pattern = _table()
    places = [number for number, sign in enumerate(text) if sign not in _LIGHT]
    stripped = "".join(text[number] for number in places)
    for match in pattern.finditer(stripped):
        term = bare[match[0]]
        start = places[match.start()]
        end = places[match.end()] if match.end() < len(places) else len(text)
        written = text[start:end]
        if written == term or re.match("[ะ-ฺ็-๎]", text[end : end + 1]):
            continue
        if len(_LIGHT_SIGNS.findall(written)) - len(_LIGHT_SIGNS.findall(term)) in {-1, 0, 1}:
            found.append(_oddity(Span(start, end), written, term, "oddity.sign"))
    for wrong, right in KNOWN_MISTAKES.items():
        found.extend(
            _oddity(Span(match.start(), match.end()), wrong, right, "oddity.known-mistake")
            for match in re.finditer(re.escape(wrong), text)
            if not text.startswith(right, match.start())
        )
    return tuple(sorted(found, key=lambda each: each.span))


def _oddity(span: Span, written: str, meant: str, rule: str) -> Oddity:
    return Oddity(
        span=span,
        rule=rule,
        code="spelling",
        message=f"“{written}” อาจหมายถึง “{meant}” (คงไว้ตามต้นฉบับ)",
    )
