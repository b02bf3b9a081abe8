"""Days as Thai offices write them; stored Gregorian, spoken Buddhist.

Whatever comes in, no day outside CE 1900–2100 comes out: nobody gets the year 3108.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

from tiddao.kernel.digits import to_arabic, to_thai
from tiddao.kernel.fiscal import BE_OFFSET
from tiddao.kernel.names import repair_spelling, spelling_distance
from tiddao.kernel.unreadable import Unreadable

Era = Literal["auto", "be", "ce"]

FIRST_CE_YEAR = 1900
LAST_CE_YEAR = 2100

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
"""Thai time; no summer time, no change since 1920."""

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")

_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ENGLISH_WEEKDAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip

# Met in minutes and workbooks. Anything one sign away from a full name is understood without this.
_OTHER_MONTHS = {
    "มกรา": 1, "มกร": 1, "กุมภา": 2, "กุมพาพันธุ์": 2, "กุมภาพัน": 2, "มีนา": 3, "เมษา": 4,
    "พฤษภา": 5, "พฤกษภาคม": 5, "พฤศภาคม": 5, "มิถุนา": 6, "กรกฎา": 7, "กรกฏา": 7, "กรกฏาคม": 7,
    "สิงหา": 8, "กันยา": 9, "ตุลา": 10, "พฤศจิกา": 11, "พฤษจิกา": 11, "พฤษจิกายน": 11,
    "พฤจิกายน": 11, "ธันวา": 12, "sept": 9,
}  # fmt: skip


def _month_table() -> dict[str, int]:
    table = dict(_OTHER_MONTHS)
    for number in range(1, 13):
        table[MONTHS[number - 1]] = number
        table[SHORT_MONTHS[number - 1].replace(".", "")] = number
        table[_ENGLISH_MONTHS[number - 1]] = number
        table[_ENGLISH_MONTHS[number - 1][:3]] = number
    return table


_MONTH_OF = _month_table()

_WIDE_DIGITS = str.maketrans("０１２３４５６７８９／－．", "0123456789/-.")
_LEAD = re.compile(r"^(?:ณ\s?|ตั้งแต่\s?|ภายใน\s?)?(?:เมื่อ|ลง|ประจำ|ใน)?(?:วันที่\s?)(?=\d)|^ณ\s?")
_WEEKDAY = re.compile(
    r"^(?:ณ\s?|เมื่อ)?(?:วัน)?"
    r"(?P<th>จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์)\.?\s?(?:ที่)?[\s,]*(?=\d)"
    r"|^(?P<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,.]+"
)
_TIME = re.compile(
    r"(?:t|\s)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?\s?(?:น\.?|\+07:?00)?$"
    r"|\s(?:เวลา)?\s?(?:[01]?\d|2[0-3])[.:][0-5]\d\s?น\.?$"
)
_BE = r"พ\s?\.?\s?ศ\s?\.?|พุทธศักราช|\bb\.?\s?e\b\.?"
_CE = r"ค\s?\.?\s?ศ\s?\.?|คริสต์ศักราช|\ba\.?\s?d\b\.?|\bc\.?\s?e\b\.?"
_ERA = re.compile(
    rf"(?:ปี\s?)?(?:(?P<be>{_BE})|(?P<ce>{_CE}))(?=\s*\d)|(?<=\d)\s?(?:(?P<be_after>{_BE})|(?P<ce_after>{_CE}))$"
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})")
_NUMBERS = re.compile(r"(?P<d>\d{1,2})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<y>\d+)")
_WORDS = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.,/-]*(?:เดือน\s?)?(?P<m>[^\d]+?)[\s.,/-]*(?:ปี\s?)?(?P<y>\d+)?"
)
_MONTH_FIRST = re.compile(r"(?P<m>[a-z]+)\.?\s?(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s,]+(?P<y>\d{4})")


class DateUnreadable(Unreadable):
    """A day that cannot be read with certainty.

    Codes: empty, not-a-date, no-such-month, no-such-day, no-year, implausible-year, era-differs,
    weekday-differs.
    """


def parse_date(text: str | date, *, era: Era = "auto", today: date | None = None) -> date:
    """The Gregorian day written in text, or held in a cell.

    Understands "22 พ.ย. 65", "๒๔ มกราคม ๒๕๖๒", "วันอังคารที่ 22 พฤศจิกายน พ.ศ. 2565", "31/3/2562"
    (day first, always), "2019-01-24", "2562-01-24", English months, a time of day behind it, and
    date and datetime cells, also those into which Excel took a Buddhist year as it stood. Months may
    be short, without dots, or misspelt by one sign.

    A year of four digits says its own era (2443–2643 Buddhist, 1900–2100 common). Two digits are the
    end of a Buddhist year (65 → 2565), never of a common one. era "be" or "ce" refuses the other.
    today: lets a text without a year stand for the day nearest to it; None refuses such a text.

    Raises DateUnreadable: no such day, a year out of range, a weekday or an era that contradicts the
    rest, anything unclear.

    Source: docs domain 9.1 (B.E. dates in papers), issue 2 "kernel"; docs requirements D (dates).
    """
    if isinstance(text, datetime):
        local = text.astimezone(BANGKOK) if text.tzinfo else text
        return _day(text, f"{local.year:04d}", local.month, local.day, era)
    if isinstance(text, date):
        return _day(text, f"{text.year:04d}", text.month, text.day, era)
    body = to_arabic(repair_spelling(text)).translate(_WIDE_DIGITS).casefold().strip(" ,.")
    if not body:
        raise DateUnreadable(text, "empty", "ช่องว่าง ไม่มีวันที่")
    body = _TIME.sub("", body).strip(" ,")
    body, weekday = _without_weekday(body)
    body = _LEAD.sub("", body)
    body, written = _without_era(text, body)
    if written != "auto" and era not in {"auto", written}:
        raise DateUnreadable(text, "era-differs", "ศักราชที่เขียนไว้ไม่ตรงกับที่ช่องนี้กำหนด")
    found = (
        _YEAR_FIRST.fullmatch(body)
        or _NUMBERS.fullmatch(body)
        or _WORDS.fullmatch(body)
        or _MONTH_FIRST.fullmatch(body)
    )
    if found is None:
        raise DateUnreadable(text, "not-a-date", "ไม่ใช่วันที่ ให้เขียนเช่น 22 พ.ย. 2565 หรือ 22/11/2565")
    month, day = _month(text, found["m"]), int(found["d"])
    if found["y"] is None:
        result = _nearest(text, month, day, today)
    else:
        result = _day(text, found["y"], month, day, era if written == "auto" else written)
    if weekday is not None and result.weekday() != weekday:
        raise DateUnreadable(
            text,
            "weekday-differs",
            f"วันที่ {format_medium(result)} เป็น{weekday_name(result)} ไม่ใช่วัน{WEEKDAYS[weekday]}",
        )
    return result


def _without_weekday(body: str) -> tuple[str, int | None]:
    found = _WEEKDAY.match(body)
    if found is None:
        return body, None
    if found["th"]:
        number = next(n for n, name in enumerate(WEEKDAYS) if name[:4] == found["th"][:4])
    else:
        number = [name[:3] for name in _ENGLISH_WEEKDAYS].index(found["en"])
    return body[found.end() :], number


def _without_era(text: str, body: str) -> tuple[str, Era]:
    marks = list(_ERA.finditer(body))
    if not marks:
        return body, "auto"
    if len(marks) > 1:
        raise DateUnreadable(text, "era-differs", "มีศักราชมากกว่าหนึ่งแห่ง")
    mark = marks[0]
    buddhist = bool(mark["be"] or mark["be_after"])
    rest = " ".join(f"{body[: mark.start()]} {body[mark.end() :]}".split())
    # "31/3/พ.ศ. 2562": the slash stays in front of the year.
    return re.sub(r"([-/.]) (?=\d)", r"\1", rest), "be" if buddhist else "ce"


def _month(text: str, written: str) -> int:
    if written.isdecimal():
        number = int(written)
        if 1 <= number <= 12:
            return number
        raise DateUnreadable(
            text, "no-such-month", f"ไม่มีเดือนที่ {number} (เขียนวันก่อนเดือน เช่น 22/11/2565)"
        )
    name = re.sub(r"[\s.,/-]", "", written).removeprefix("เดือน")
    if name in _MONTH_OF:
        return _MONTH_OF[name]
    if len(name) >= 5:
        near = {
            number + 1
            for months in (MONTHS, _ENGLISH_MONTHS)
            for number, month in enumerate(months)
            if spelling_distance(name, month, bound=1) <= 1
        }
        if len(near) == 1:
            return near.pop()
    raise DateUnreadable(text, "no-such-month", f"ไม่รู้จักเดือน “{written.strip()}”")


def _day(text: object, year: str, month: int, day: int, era: Era) -> date:
    gregorian = _gregorian_year(text, year, era)
    try:
        return date(gregorian, month, day)
    except ValueError:
        name = MONTHS[month - 1]
        raise DateUnreadable(
            text, "no-such-day", f"ไม่มีวันที่ {day} {name} {gregorian + BE_OFFSET}"
        ) from None


def _gregorian_year(text: object, written: str, era: Era) -> int:
    # int() itself refuses thousands of digits with an error of its own.
    year = int(written[:5])
    if len(written) == 2:
        if era == "ce":
            raise DateUnreadable(text, "implausible-year", "ปี ค.ศ. ต้องเขียนสี่หลัก")
        return 2500 + year - BE_OFFSET
    buddhist = FIRST_CE_YEAR + BE_OFFSET <= year <= LAST_CE_YEAR + BE_OFFSET
    common = FIRST_CE_YEAR <= year <= LAST_CE_YEAR
    if len(written) != 4 or not (buddhist or common):
        raise DateUnreadable(
            text,
            "implausible-year",
            f"ปี {written[:10]} เป็นไปไม่ได้ (พ.ศ. 2443–2643 หรือ ค.ศ. 1900–2100)",
        )
    if (era == "be" and common) or (era == "ce" and buddhist):
        raise DateUnreadable(text, "era-differs", f"ปี {year} ไม่ตรงกับศักราชที่กำหนด")
    return year - BE_OFFSET if buddhist else year


def _nearest(text: object, month: int, day: int, today: date | None) -> date:
    if today is None:
        raise DateUnreadable(text, "no-year", "ไม่ได้เขียนปี")
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    candidates = [c for c in candidates if FIRST_CE_YEAR <= c.year <= LAST_CE_YEAR]
    if not candidates:
        raise DateUnreadable(text, "no-such-day", f"ไม่มีวันที่ {day} {MONTHS[month - 1]} ในปีใกล้เคียง")
    plain = date(today.year, today.month, today.day)
    return min(candidates, key=lambda c: (abs((c - plain).days), c < plain))


def be_year(on: date) -> int:
    """The Buddhist year of the day.

    Source: พ.ศ. = ค.ศ. + 543 (docs domain 9.1).
    """
    return on.year + BE_OFFSET


def month_name(month: int, *, short: bool = False) -> str:
    """The Thai name of month 1–12: "พฤศจิกายน", or short "พ.ย.".

    Source: docs domain 9.1 (dates in papers).
    """
    if not 1 <= month <= 12:
        raise ValueError(f"month {month} is not 1–12")
    return (SHORT_MONTHS if short else MONTHS)[month - 1]


def weekday_name(on: date) -> str:
    """The Thai weekday with its first word: "วันอังคาร".

    Source: docs domain 9.1 (dates in papers).
    """
    return f"วัน{WEEKDAYS[on.weekday()]}"


def format_short(on: date) -> str:
    """For tables: "22 พ.ย. 65".

    Source: docs domain 9.1 (Arabic digits on screen and in tables).
    """
    return f"{on.day} {month_name(on.month, short=True)} {be_year(on) % 100:02d}"


def format_medium(on: date) -> str:
    """For screens: "22 พ.ย. 2565".

    Source: docs domain 9.1 (Arabic digits on screen and in tables).
    """
    return f"{on.day} {month_name(on.month, short=True)} {be_year(on)}"


def format_long(on: date) -> str:
    """For running text: "22 พฤศจิกายน 2565".

    Source: docs domain 9.1 (B.E. long date).
    """
    return f"{on.day} {month_name(on.month)} {be_year(on)}"


def format_official(on: date) -> str:
    """For official papers, with Thai digits: "๒๒ พฤศจิกายน ๒๕๖๕".

    Source: ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526 (docs domain 9.1).
    """
    return to_thai(format_long(on))


def format_numeric(on: date) -> str:
    """For narrow columns and typed fields: "22/11/2565".

    Source: docs domain 9.1 (Arabic digits on screen and in tables).
    """
    return f"{on.day:02d}/{on.month:02d}/{be_year(on)}"


def format_range(first: date, last: date) -> str:
    """Two days in short form, what they share said once: "1 ต.ค. 65 – 31 มี.ค. 66", "22–24 พ.ย. 65".

    Raises ValueError when the last lies before the first.

    Source: docs domain 9.1 (Arabic digits on screen and in tables).
    """
    if last < first:
        raise ValueError(f"{last.isoformat()} lies before {first.isoformat()}")
    if first == last:
        return format_short(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_short(last)}"
    if first.year == last.year:
        return f"{first.day} {month_name(first.month, short=True)} – {format_short(last)}"
    return f"{format_short(first)} – {format_short(last)}"


def format_time(at: datetime | time) -> str:
    """The time of day in Thailand: "10:00 น.". A moment with a zone is brought to Thai time first.

    Source: docs requirements A6, A30 (times of the two meetings).
    """
    if isinstance(at, datetime) and at.tzinfo:
        at = at.astimezone(BANGKOK)
    return f"{at.hour:02d}:{at.minute:02d} น."
