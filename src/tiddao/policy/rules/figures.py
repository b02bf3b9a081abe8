"""Figures: a number with its unit, base and as-of date, or the mark that the text gives none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from tiddao.kernel.numerals import NumberUnreadable, parse_decimal
from tiddao.policy.rules.lines import Line
from tiddao.policy.rules.proposals import DayNamed, Figure, Words
from tiddao.policy.rules.spans import Span, trimmed

_NUMBER = re.compile(
    r"(?<![\d.,/:A-Za-z-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|(?<![\d.,/:A-Za-z])\d+(?:\.\d+)?(?![\d/:]|\.\d|,\d{3}|\. [ก-๎])"
)
UNITS = (
    r"ล้านล้านบาท|พันล้านบาท|ล้านบาท|แสนบาท|หมื่นบาท|พันบาท|บาท|ล้าน(?=\s|$)|%|เปอร์เซ็นต์|เปอร์เซนต์|จุดทศนิยม"
    r"|ครัวเรือน|หลังคาเรือน|หมู่บ้าน|ชุมชน|ตำบล|อำเภอ|จังหวัด|เขตตรวจ|โซน|ภาค|อปท\.|คณะ|คนไทย|คน|ราย|ท่าน|รูป|อัตรา|นาย|ครอบครัว"
    r"|กลุ่มอาชีพ|กลุ่มเป้าหมาย|กลุ่ม|เครือข่าย|องค์กร|หน่วยงาน|แห่ง|แปลง|จุด|ศูนย์|กองทุน|ร้านค้า|ร้าน|บูธ|เส้นทาง|ภาคี"
    r"|ตารางกิโลเมตร|ตารางเมตร|ตารางวา|ตร\.ม\.|ตร\.ว\.|ไร่|งาน(?=\s|$)|กิโลเมตร|กม\.|กิโลกรัม|กก\.|เมตร|ตัน|ลิตร|ลูกบาศก์เมตร|เกวียน"
    r"|โครงการ|กิจกรรม|ผลิตภัณฑ์|รายการ|เรื่อง|ประเด็น|มิติ|ด้าน|ส่วน|ข้อ|หมวด|ตัวชี้วัด|ขั้นตอน|ขั้น|ระดับ|คะแนน|ดาว|อันดับ|ลำดับ|ช่องทาง|รูปแบบ|ประเภท|สาขา|หลักสูตร|ฐาน"
    r"|ครั้ง|รุ่น|รอบ|วันทำการ|วัน|เดือน|ปี|ชั่วโมง|ชม\.|นาที|สัปดาห์|ไตรมาส"
    r"|ฉบับ|ชุด|เล่ม|แผ่น|หน้า|ภาพ|สัญญา|เครื่อง|คัน|หลัง|ต้น|ตัว(?!ชี้)|กล่อง|ถุง|ผืน|ชิ้น|อัน|ใบ|คู่|เท่า|เสียง|ห้อง|บ่อ|แปลงย่อย|เหรียญ|รางวัล|ทุน|ล็อก|สาย|ทีม|งวด|ขวด|โรง|มื้อ|อาชีพ|ประเทศ|สถานี|ตู้|โต๊ะ|หลักสูตร|แพ็ก|โหล|มัด|ม้วน|ลูก|เมนู|แนวทาง|มาตรการ|เป้าหมาย|ภารกิจ|ภาคส่วน|แผน"
)
_UNIT = re.compile(rf"\s?(?P<unit>{UNITS})")
_PERCENT_BEFORE = re.compile(r"(?P<unit>ร้อยละ|อัตราร้อยละ)\s*$")
_RANGE = re.compile(r"\s?(?:-|–|ถึง)\s?\d")
# What makes a number a name or an address and no quantity.
_NO_FIGURE_BEFORE = re.compile(
    r"(?:(?<!พื้น)(?<!หน้า)ที่|ไตรมาส|ชั้น|มาตรา|ปี|พ\.\s?ศ\.|พุทธศักราช|หมู่|(?<![ก-๎])ม\.|รุ่น|ข้อ|โทร\.?|โทรศัพท์|โทรสาร|เลขที่|ห้อง|ถนน|ซอย|ว|ฉบับที่|เลข|รหัส|แบบ|สาย|ต่อ|หนังสือ)\s?$"
    r"|(?:โทร(?:ศัพท์|สาร)?\.?)[\d\s,-]*$|(?:ถนน|กรุงเทพ|กทม\.|กรุงเทพฯ)[^\n]{0,25}$|[A-Za-z]-?$"
)
_POSTCODE = re.compile(r"[1-9]\d{4}(?!\d)\s*(?:$|\n)")
_ORDINAL = re.compile(
    r"(?:ครั้ง|รุ่น|รอบ|ลำดับ|อันดับ|ระยะ|มิติ|ส่วน|เขต|หมู่|จุด|วัน|ประเด็น|วาระ|ข้อ|ภาค)\s?ที่\s?$"
)
_LONGEST_LABEL = 60
_BASE = re.compile(
    r"(?:สุดท้าย|แรก|สูงสุด|ต่ำสุด)?\s*(?:\(\s*(?P<a>(?:จาก|ของ|เทียบ)[^()\n]{2,60})\)|(?P<b>(?:จาก|ของ)(?=งบ|จำนวน|เป้า|ครัวเรือน|ลูกหนี้|ทั้ง|ยอด|วงเงิน|ประชา|หมู่|กลุ่ม|สมาชิก|แผน)[^\s()\n,]{2,60}(?: [\d,.]+ ?[ก-๎]+)?)|(?P<c>จาก(?:ทั้งหมด|จำนวน)?\s?[\d,.]+\s?[ก-๎]+))"
)
_BASE_BEFORE = re.compile(
    r"(?P<base>(?:จาก|ของ)[^\s()\n]{2,40}ทั้งหมด\s?[\d,.]+\s?[ก-๎]{2,12})\s*(?:คิดเป็น|เป็น)\s*(?:ร้อยละ)?\s*$"
)
_NOW = re.compile(
    r"ปัจจุบัน|ขณะนี้|ณ สิ้น(?:เดือน|ปี|ไตรมาส)[ก-๎]*(?: ?\d{4}| ?\d)?|สิ้นไตรมาส(?:ที่)?\s?\d|ณ ไตรมาส\s?\d"
)


def figures_in(
    text: str, lines: Sequence[Line], days: Sequence[DayNamed], taken: Sequence[Span]
) -> tuple[Figure, ...]:
    """Every quantity in the text. taken: dates, times, years, list marks, document numbers, places.

    Only what stands beside the number is its unit; nothing is guessed from the sense.

    Source: docs requirements A88, B39, B40, E7 (33.28: no unit, no date, base in brackets).
    """
    blocked = sorted(taken)
    starts = [span.start for span in blocked]
    line_starts = [line.span.start for line in lines]
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        span = Span(match.start(), match.end())
        if _inside(span, blocked, starts):
            continue
        unit = _unit(text, match)
        before = text[max(0, match.start() - 40) : match.start()]
        if _ORDINAL.search(before) or (
            _NO_FIGURE_BEFORE.search(before)
            and (
                unit is None
                or re.search(r"(?:(?<!พื้น)(?<!หน้า)ที่|โทร\.?|ม\.|หมู่|ไตรมาส|ชั้น|มาตรา|ปี)\s?$", before)
            )
        ):
            continue
        if unit is None and _POSTCODE.match(text, match.start()):
            continue
        line = lines[max(0, bisect_right(line_starts, match.start()) - 1)] if lines else None
        if line is None or re.fullmatch(r"[\d,.\s]+", line.text):
            continue  # a stray number
        if unit is None and len(match[0]) >= 9 and match[0].isdigit():
            continue  # a telephone or identity number
        if unit is None and re.match(r"\s?[A-Za-z]", text[match.end() : match.end() + 2]):
            continue
        try:
            value = parse_decimal(match[0])
        except NumberUnreadable:
            continue
        as_of, as_of_words = _as_of(text, line, span, days)
        found.append(
            Figure(
                span=Span(unit.span.start, span.end)
                if unit and unit.span.end <= span.start
                else Span(span.start, unit.span.end if unit else span.end),
                rule="figure.with-unit" if unit else "figure.without-unit",
                value=value,
                unit=unit,
                label=_label(text, line, match.start(), unit),
                base=_base(text, match, unit),
                as_of=as_of,
                as_of_words=as_of_words,
            )
        )
    return tuple(found)


def _inside(span: Span, blocked: Sequence[Span], starts: Sequence[int]) -> bool:
    near = bisect_right(starts, span.start)
    return any(other.overlaps(span) for other in blocked[max(0, near - 6) : near + 2])


def _unit(text: str, match: re.Match[str]) -> Words | None:
    before = _PERCENT_BEFORE.search(text, max(0, match.start() - 20), match.start())
    if before:
        return Words(before["unit"], Span(before.start("unit"), before.end("unit")))
    end = match.end()
    spread = re.compile(rf"{_RANGE.pattern}[\d,.]*").match(text, end)
    if spread:
        end = spread.end()
    after = _UNIT.match(text, end)
    if after is None:
        return None
    return Words(after["unit"], Span(after.start("unit"), after.end("unit")))


def _label(text: str, line: Line, start: int, unit: Words | None) -> Words | None:
    """The words in front of the number, back to where the clause begins."""
    end = min(start, unit.span.start) if unit else start
    begin = max(line.content.start, end - _LONGEST_LABEL)
    if begin > line.content.start:
        # Not from the middle of a word: from the next space, else from the one before.
        space = text.find(" ", begin, end - 2)
        begin = space + 1 if space >= 0 else text.rfind(" ", line.content.start, begin) + 1
    words = text[begin:end]
    for boundary in reversed(
        list(re.finditer(r"\d[^\s]*\s|,\s|[(“”)]|ซึ่ง|โดย(?=มี)|และ(?=มี|ได้)", words))
    ):
        words = words[boundary.end() :]
        break
    span = trimmed(text, end - len(words), end)
    pieces = text[span.start : span.end].split(" ")
    if len(pieces) > 3:
        kept = " ".join(pieces[-3:])
        span = Span(span.end - len(kept), span.end)
    if span.end - span.start < 2 or re.match("[ะ-ฺ็-๎]", text[span.start : span.start + 1]):
        return None
    return Words(text[span.start : span.end], span)


def _base(text: str, match: re.Match[str], unit: Words | None) -> Words | None:
    end = max(match.end(), unit.span.end if unit else 0)
    found = _BASE.match(text, end)
    if found:
        name = next(group for group in ("a", "b", "c") if found[group])
        span = trimmed(text, found.start(name), found.end(name))
        return Words(text[span.start : span.end], span)
    before = _BASE_BEFORE.search(text, max(0, match.start() - 90), match.start())
    if before:
        return Words(before["base"], Span(before.start("base"), before.end("base")))
    return None


def _as_of(
    text: str, line: Line, span: Span, days: Sequence[DayNamed]
) -> tuple[date | None, Words | None]:
    """The as-of day written in the same line, else words such as ปัจจุบัน; the last one before."""
    in_line = [day for day in days if day.role == "as-of" and line.span.covers(day.span)]
    before = [day for day in in_line if day.span.end <= span.start]
    day = before[-1] if before else in_line[0] if in_line else None
    if day:
        return day.first, Words(day.written, day.span)
    words = _NOW.search(text, line.span.start, span.start)
    if words:
        return None, Words(words[0], Span(words.start(), words.end()))
    return None, None
