"""Days, years and times of day as a text names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time

from tiddao.kernel.dates import MONTHS, DateUnreadable, parse_date
from tiddao.kernel.fiscal import EARLIEST_BE, LATEST_BE
from tiddao.policy.rules.proposals import DateRole, DayNamed, TimeNamed, YearNamed
from tiddao.policy.rules.spans import Span

_SHORT = (
    r"ม\.\s?ค\.?", r"ก\.\s?พ\.?", r"มี\.\s?ค\.?", r"เม\.\s?ย\.?", r"พ\.\s?ค\.?", r"มิ\.\s?ย\.?",
    r"ก\.\s?ค\.?", r"ส\.\s?ค\.?", r"ก\.\s?ย\.?", r"ต\.\s?ค\.?", r"พ\.\s?ย\.?", r"ธ\.\s?ค\.?",
)  # fmt: skip
MONTH = f"(?:{'|'.join(MONTHS)}|{'|'.join(_SHORT)})"
_LONG_MONTH = re.compile("|".join(MONTHS))
_WEEKDAY = r"(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์)\s?(?:ที่)?\s?"
_ERA = r"(?:พ\.?\s?ศ\.?|พุทธศักราช|ค\.?\s?ศ\.?)"
_YEAR = rf"(?:(?:ปี\s?)?{_ERA}?\s?(?P<year>\d{{4}})(?!\d)|(?P<short>\d{{2}})(?![\d:.,]\d|\d))"
_DAY = re.compile(
    rf"(?P<lead>วันที่\s*|{_WEEKDAY})?(?<![\d/.:])(?P<day>\d{{1,2}})\s*(?:(?P<and>-|–|—|ถึง|และ|,)\s*(?:วันที่\s?)?"
    rf"(?P<last>\d{{1,2}})\s*)?(?:เดือน\s?)?(?P<month>{MONTH})\s*{_YEAR}?"
)
_NUMERIC = re.compile(
    rf"(?P<lead>วันที่\s*|{_WEEKDAY})?(?<![\d/.-])(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})/(?P<year>\d{{4}}|\d{{2}})(?![\d/])"
)
_BETWEEN = re.compile(r"\s*(?:-|–|—|ถึง)\s*(?:วันที่\s?)?")

_DEADLINE = re.compile(
    r"(?:ภายใน|ก่อน|ไม่เกิน|ไม่ช้ากว่า|กำหนดส่ง|ให้แล้วเสร็จใน|ให้เสร็จใน|อย่างช้า|สิ้นสุด)\s*(?:ใน|ไม่เกิน|ภายใน)?\s*$"
)
_AS_OF = re.compile(r"(?:ข้อมูล\s?ณ|(?<![ก-๎])ณ|สิ้นสุด\s?ณ|(?<=ข้อมูล)เมื่อ)\s*$")
_SIGNED = re.compile(r"(?:สั่ง|ประกาศ|ให้ไว้)\s?ณ\s*$")
_REFERENCE = re.compile(r"ลง\s*$")
_EVENT = re.compile(r"(?:เมื่อ|ใน|ระหว่าง|ตั้งแต่)\s*$")
_HEAD_OF_LINE = re.compile(r"(?:^|\n)[ ]*$")

_T = r"(?:[01]?\d|2[0-3])[:.][0-5]\d"
_CLOCK = r"(?:น\.|นาฬิกา|น(?![ก-๎.]))"
_TIME = re.compile(
    rf"(?P<lead>เวลา\s*(?:ประมาณ\s*)?)?(?<![\d.,:/])(?P<start>{_T})(?![\d]|[.:,]\d)\s*(?P<c1>{_CLOCK})?"
    rf"(?:\s*(?:-|–|—|ถึง)\s*(?:เวลา\s*)?(?P<end>{_T})(?![\d]|[.:,]\d)\s*(?P<c2>{_CLOCK})?)?"
)
_HOUR = re.compile(r"(?P<lead>เวลา\s*)?(?<![\d.,:/])(?P<start>[01]?\d|2[0-3])\s?นาฬิกา")

_FISCAL = re.compile(
    rf"ปีงบประมาณ\s*(?:รายจ่าย\s*)?(?:{_ERA})?\s*(?P<year>\d{{4}})(?!\d)|งบประมาณปี\s*(?P<after>\d{{4}})(?!\d)"
)
_MONTH_YEAR = re.compile(rf"{MONTH}\s*(?:{_ERA})?\s*(?P<year>25\d\d)(?!\d)")
_BUDDHIST = re.compile(r"(?:พุทธศักราช|พ\.\s?ศ\.|ปี)\s*(?P<year>25\d\d)(?!\d)")


def days_in(text: str) -> tuple[DayNamed, ...]:
    """Every day the text names, in order; days that belong together as one proposal.

    A day without its year, or one that does not exist, is proposed with first None and the fault.

    Source: docs requirements D (dates), A5, B4, B46; domain 9.1 (Thai digits, B.E. long dates).
    """
    found = [_day(text, match) for match in _DAY.finditer(text)]
    taken = [day.span for day in found]
    for match in _NUMERIC.finditer(text):
        span = _unled(match)
        if not any(span.overlaps(other) for other in taken):
            found.append(_numeric(text, match))
    return tuple(_joined(text, sorted(found, key=lambda day: day.span)))


def _unled(match: re.Match[str]) -> Span:
    lead = match["lead"] or ""
    start = match.start() + (len(lead) if lead.startswith("วันที่") else 0)
    return Span(start, match.start() + len(match[0].rstrip()))


def _day(text: str, match: re.Match[str]) -> DayNamed:
    year = match["year"]
    short_month = _LONG_MONTH.fullmatch(match["month"]) is None
    end = match.end()
    if match["short"]:
        if short_month and 40 <= int(match["short"]) <= 99:
            year = match["short"]
        else:
            end = match.start("short")
    whole = _unled(match)
    span = Span(
        whole.start, min(whole.end, match.start() + len(text[match.start() : end].rstrip()))
    )
    written = text[span.start : span.end]
    months = match["month"].replace(" ", "")
    fault, first, last = "", None, None
    if year is None:
        fault = "no-year"
    else:
        first, fault = _read(f"{match['day']} {months} {year}", match["lead"])
        if match["last"]:
            last, last_fault = _read(f"{match['last']} {months} {year}", None)
            fault = fault or last_fault
        else:
            last = first
    if first and last and last < first:
        fault, last = "ends-before-it-begins", first
    role = _role(text, match.start(), match["lead"])
    rule = "date.range" if match["last"] else "date.words"
    return DayNamed(
        span=span,
        rule=rule,
        first=first,
        last=last or first,
        role=role,
        written=written,
        fault=fault,
    )


def _numeric(text: str, match: re.Match[str]) -> DayNamed:
    span = _unled(match)
    first, fault = _read(f"{match['day']}/{match['month']}/{match['year']}", match["lead"])
    role = _role(text, match.start(), match["lead"])
    written = text[span.start : span.end]
    return DayNamed(
        span=span,
        rule="date.numeric",
        first=first,
        last=first,
        role=role,
        written=written,
        fault=fault,
    )


def _read(written: str, lead: str | None) -> tuple[date | None, str]:
    weekday = (lead or "").strip()
    try:
        day = parse_date(written)
    except DateUnreadable as unreadable:
        return None, unreadable.code
    if weekday and not weekday.startswith("วันที่"):
        try:
            parse_date(f"{weekday.removesuffix('ที่')}ที่ {written}")
        except DateUnreadable as unreadable:
            return day, unreadable.code
    return day, ""


def _role(text: str, start: int, lead: str | None) -> DateRole:
    before = text[max(0, start - 24) : start]
    for pattern, role in (
        (_SIGNED, "document"),
        (_DEADLINE, "deadline"),
        (_AS_OF, "as-of"),
        (_REFERENCE, "reference"),
        (_EVENT, "event"),
    ):
        if pattern.search(before):
            return role  # type: ignore[return-value]  # the table holds roles only
    if lead:
        return "event"
    return "document" if _HEAD_OF_LINE.search(before) else "mentioned"


def _joined(text: str, days: Sequence[DayNamed]) -> list[DayNamed]:
    """Bring "28 ธันวาคม 2566 – 2 มกราคม 2567" together."""
    joined: list[DayNamed] = []
    for day in days:
        before = joined[-1] if joined else None
        if before and _BETWEEN.fullmatch(text[before.span.end : day.span.start]) and day.first:
            first = before.first
            fault = before.fault
            if first is None and before.fault == "no-year":
                year = re.search(r"\d{2,4}$", day.written)
                first, fault = (
                    _read(f"{before.written} {year[0]}", None) if year else (None, "no-year")
                )
            if first and day.last and first <= day.last:
                span = Span(before.span.start, day.span.end)
                joined[-1] = DayNamed(
                    span=span,
                    rule="date.range",
                    first=first,
                    last=day.last,
                    role=before.role if before.role != "mentioned" else day.role,
                    written=text[span.start : span.end],
                    fault=fault or day.fault,
                )
                continue
        joined.append(day)
    return joined


def times_in(text: str) -> tuple[TimeNamed, ...]:
    """Every time of day the text names, in order; "9:00 น. ถึง 12:00 น." is one.

    A number with a point is a time only with เวลา before it, น. behind it, or as a pair at the head
    of a line: 33.28 is none.

    Source: docs requirements A6, A30, A48; B39 (33.28).
    """
    found: list[TimeNamed] = []
    for match in _TIME.finditer(text):
        pair = match["end"] is not None
        head = pair and _HEAD_OF_LINE.search(text[max(0, match.start() - 40) : match.start()])
        if not (match["lead"] or match["c1"] or match["c2"] or head):
            continue
        end_of = match.end("c2") if match["c2"] else match.end()
        start_at = match.start("start")
        found.append(
            TimeNamed(
                span=Span(start_at, start_at + len(text[start_at:end_of].rstrip())),
                rule="time.range" if pair else "time.single",
                start=_time(match["start"]),
                end=_time(match["end"]) if pair else None,
            )
        )
    for match in _HOUR.finditer(text):
        span = Span(match.start("start"), match.end())
        if not any(span.overlaps(other.span) for other in found):
            found.append(
                TimeNamed(span=span, rule="time.hour", start=time(int(match["start"])), end=None)
            )
    return tuple(sorted(found, key=lambda each: each.span))


def _time(written: str) -> time:
    hour, minute = re.split("[:.]", written)
    return time(int(hour), int(minute))


def years_in(text: str, days: Sequence[DayNamed]) -> tuple[YearNamed, ...]:
    """Every fiscal year, and every Buddhist year that is not part of a day.

    Source: docs requirements A12, A23, E4 (keep both, map to the fiscal year).
    """
    found: list[YearNamed] = []
    for match in _FISCAL.finditer(text):
        year = int(match["year"] or match["after"])
        if EARLIEST_BE <= year <= LATEST_BE:
            span = Span(match.start(), match.end())
            found.append(YearNamed(span=span, rule="year.fiscal", be_year=year, fiscal=True))
    taken = [day.span for day in days] + [year.span for year in found]
    for match in _MONTH_YEAR.finditer(text):
        span = Span(match.start(), match.end())
        if not any(span.overlaps(other) for other in taken):
            year = int(match["year"])
            found.append(YearNamed(span=span, rule="year.of-month", be_year=year, fiscal=False))
            taken.append(span)
    for match in _BUDDHIST.finditer(text):
        span = Span(match.start(), match.end())
        if not any(span.overlaps(other) for other in taken):
            year = int(match["year"])
            found.append(YearNamed(span=span, rule="year.buddhist", be_year=year, fiscal=False))
    return tuple(sorted(found, key=lambda each: each.span))
