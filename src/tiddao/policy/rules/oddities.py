"""Contradictions and oddities of a text: flagged for a person, never repaired."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from tiddao.kernel.dates import format_medium, format_time, weekday_name
from tiddao.kernel.names import spelling_distance
from tiddao.policy.rules.gazetteer import Gazetteer
from tiddao.policy.rules.head import is_residue
from tiddao.policy.rules.lines import Line
from tiddao.policy.rules.proposals import (
    AgendaPart,
    AliasProposed,
    CountCheck,
    DayNamed,
    Dimension,
    Directive,
    Event,
    Figure,
    GroupNamed,
    Issue,
    Oddity,
    PlaceNamed,
    YearNamed,
)
from tiddao.policy.rules.spans import Span

_STRAY = re.compile(r"[\d,.]{1,9}")
_OLDER_TITLES = {"หัวหน้ากลุ่มงาน": "ผู้อำนวยการกลุ่มงาน"}
_LABELS = re.compile(
    r"(?P<unit>อำเภอ|สพอ\.|สพจ\.|ตำบล|จังหวัด)\s?(?P<tail>ติดดาว|ต้นแบบ|นำร่อง|สีขาว|เข้มแข็ง)"
)
_QUOTES = re.compile(r"[“”]")


def oddities_of_lines(text: str, lines: Sequence[Line], issues: Sequence[Issue]) -> list[Oddity]:
    """Stray numbers, what a web page left, numbering with gaps, quotes that do not close.

    Source: docs requirements B3, E6 (the lone "25"), B1.
    """
    found: list[Oddity] = []
    for line in lines:
        if _STRAY.fullmatch(line.text):
            message = f"ตัวเลข {line.text} ลอยอยู่บรรทัดเดียว ไม่ทราบว่าหมายถึงอะไร น่าจะติดมากับหน้าเว็บ"
            found.append(_oddity(line.span, "stray-number", message))
        elif is_residue(line):
            message = "ข้อความของหน้าเว็บที่ติดมา ไม่ใช่เนื้อหา"
            found.append(_oddity(line.span, "page-residue", message))
    found += _gaps(issues)
    found += _unclosed(text)
    return found


def _gaps(issues: Sequence[Issue]) -> list[Oddity]:
    found: list[Oddity] = []
    last: dict[tuple[int, str], tuple[int, Issue]] = {}
    for issue in issues:
        if not issue.number:
            continue
        above, _, own = issue.number.rpartition(".")
        number = int(own)
        key = (issue.depth, above)
        before = last.get(key)
        if before and number > 1 and number != before[0] + 1:
            word = "ซ้ำ" if number == before[0] else "ไม่ต่อเนื่อง"
            found.append(
                _oddity(
                    issue.span,
                    "numbering",
                    f"ลำดับข้อ{word}: ข้อ {issue.number} ต่อจากข้อ {before[1].number}",
                    before[1].span,
                )
            )
        last[key] = (number, issue)
    return found


def _unclosed(text: str) -> list[Oddity]:
    found: list[Oddity] = []
    opened: int | None = None
    for quote in _QUOTES.finditer(text):
        if quote[0] == "“":
            if opened is not None:
                found.append(_unclosed_at(opened))
            opened = quote.start()
        else:
            opened = None
    if opened is not None:
        found.append(_unclosed_at(opened))
    return found


def _unclosed_at(place: int) -> Oddity:
    return _oddity(Span(place, place + 1), "unclosed-quote", "เครื่องหมายคำพูดเปิดไว้แต่ไม่ปิด")


def oddities_of_names(
    text: str,
    aliases: Sequence[AliasProposed],
    places: Sequence[PlaceNamed],
    groups: Sequence[GroupNamed],
    gazetteer: Gazetteer,
) -> list[Oddity]:
    """Names spelt two ways, places outside the group or place they are listed under, older titles.

    Source: docs requirements E3, E5, E8, E11 (สระแก้ว called Isan), B43, B44, B7.
    """
    found: list[Oddity] = []
    for alias in aliases:
        one, other = alias.spellings
        found.append(
            _oddity(
                other.span,
                "name-spelt-two-ways",
                f"ชื่อสะกดสองแบบ: “{one.text}” และ “{other.text}” อาจเป็นคนเดียวกัน",
                one.span,
            )
        )
    found.extend(
        _oddity(
            place.span,
            "place-outside-its-place",
            f"{place.name} ไม่ได้อยู่ใน{gazetteer.name_of(place.within) or place.within}ตามทะเบียน",
        )
        for place in places
        if place.within and place.code and not place.code.startswith(place.within)
    )
    found += _outside_groups(text, places, groups)
    found += _near_places(text, places)
    for older, newer in _OLDER_TITLES.items():
        for match in re.finditer(older, text):
            found.append(
                _oddity(
                    Span(match.start(), match.end()),
                    "older-title",
                    f"“{older}” เป็นชื่อตำแหน่งเดิม ปัจจุบันใช้ “{newer}” (ชื่อตำแหน่งเปลี่ยนตามเวลา)",
                )
            )
            break
    labels: dict[str, re.Match[str]] = {}
    for match in _LABELS.finditer(text):
        before = labels.get(match["tail"])
        if before is None:
            labels[match["tail"]] = match
        elif before["unit"] != match["unit"] and match["tail"] == "ติดดาว":
            found.append(
                _oddity(
                    Span(match.start(), match.end()),
                    "two-labels",
                    f"ใช้สองชื่อ: “{before[0]}” และ “{match[0]}” ต้นฉบับไม่บอกว่าเป็นเรื่องเดียวกันหรือไม่",
                    Span(before.start(), before.end()),
                )
            )
            break
    return found


def _outside_groups(
    text: str, places: Sequence[PlaceNamed], groups: Sequence[GroupNamed]
) -> list[Oddity]:
    """A place of the list that stands in the group's own line, and is no member."""
    found: list[Oddity] = []
    for group in groups:
        if not group.members:
            continue
        size = len(group.members[0])
        line_end = text.find("\n", group.span.end)
        line_end = len(text) if line_end < 0 else line_end
        later = [other.span.start for other in groups if other.span.start > group.span.start]
        limit = min([line_end, *later])
        opens = re.compile(r"ได้แก่|คือ|ประกอบด้วย|:|\(").search(
            text, group.span.end, min(limit, group.span.end + 160)
        )
        if opens is None:
            continue
        listed = [
            place
            for place in places
            if opens.end() <= place.span.start < limit and place.code and len(place.code) == size
        ]
        found.extend(
            _oddity(
                place.span,
                "place-outside-its-group",
                f"{place.name} อยู่ในรายชื่อของ{group.name} แต่ตามทะเบียนไม่ใช่สมาชิก",
                group.span,
            )
            for place in listed
            if place.code not in group.members and len(listed) > 1
        )
    return found


_MARKED = re.compile(r"(?P<word>จังหวัด|อำเภอ)(?P<name>[ก-ฮเ-ไ][ก-๎]{4,16})(?![ก-๎])")


def _near_places(text: str, places: Sequence[PlaceNamed]) -> list[Oddity]:
    """A name that no place has, one sign away from a place the text names elsewhere."""
    taken = [place.span for place in places]
    named = {place.name for place in places}
    found: list[Oddity] = []
    for match in _MARKED.finditer(text):
        span = Span(match.start(), match.end())
        if any(span.overlaps(other) for other in taken):
            continue
        near = [
            name
            for name in named
            if abs(len(name) - len(match["name"])) <= 1
            and (name[:2] == match["name"][:2] or name[-2:] == match["name"][-2:])
            and spelling_distance(name, match["name"], bound=1) <= 1
        ]
        if near:
            found.append(
                _oddity(
                    span, "place-spelt-two-ways", f"“{match[0]}” ไม่มีในทะเบียน อาจหมายถึง “{near[0]}”"
                )
            )
    return found


def oddities_of_days(
    text: str,
    days: Sequence[DayNamed],
    years: Sequence[YearNamed],
    directives: Sequence[Directive],
) -> list[Oddity]:
    """Days that do not exist or contradict themselves, deadlines on days off, years said two ways.

    Source: docs requirements E4, E10 (31 Mar 2562 is a Sunday), B46.
    """
    found: list[Oddity] = []
    for day in days:
        message = {
            "weekday-differs": f"วันในสัปดาห์ไม่ตรง: {day.written} เป็น{weekday_name(day.first) if day.first else ''}",
            "no-such-day": f"ไม่มีวันที่ {day.written} ในปฏิทิน",
            "no-such-month": f"ไม่มีเดือนนี้: {day.written}",
            "ends-before-it-begins": f"ช่วงวันที่สิ้นสุดก่อนเริ่ม: {day.written}",
            "no-year": f"“{day.written}” ไม่ได้บอกปี",
            "implausible-year": f"ปีเป็นไปไม่ได้: {day.written}",
        }.get(day.fault)
        if message:
            code = {"no-such-month": "no-such-day"}.get(day.fault, day.fault)
            found.append(_oddity(day.span, code, message))
    found.extend(
        _oddity(
            each.due_words.span,
            "deadline-not-a-working-day",
            f"กำหนด {format_medium(each.due)} เป็น{weekday_name(each.due)}ซึ่งไม่ใช่วันทำการ "
            f"วันทำการสุดท้ายคือ{weekday_name(each.last_working_day)}ที่ {format_medium(each.last_working_day)}",
        )
        for each in directives
        if (
            each.due
            and each.due_words
            and each.last_working_day
            and each.last_working_day != each.due
        )
    )
    signed = [day for day in days if day.role == "document" and day.first]
    found.extend(
        _oddity(
            each.due_words.span,
            "deadline-before-the-paper",
            "กำหนดแล้วเสร็จอยู่ก่อนวันที่ของหนังสือ",
            signed[0].span,
        )
        for each in directives
        if (
            signed
            and each.due
            and signed[0].first
            and each.due < signed[0].first
            and each.due_words
        )
    )
    fiscal = {year.be_year: year for year in years if year.fiscal}
    for year in years:
        written = text[year.span.start : year.span.end]
        if not year.fiscal and written.startswith("พุทธศักราช") and year.be_year in fiscal:
            found.append(
                _oddity(
                    year.span,
                    "year-two-ways",
                    f"เรียกปี {year.be_year} ทั้งปีงบประมาณและพุทธศักราช (คงไว้ทั้งสอง)",
                    fiscal[year.be_year].span,
                )
            )
            break
    return found


def oddities_of_events(
    events: Sequence[Event],
    parts: Sequence[AgendaPart],
    days: Sequence[DayNamed],
    title_span: Span | None,
) -> list[Oddity]:
    """An event said to begin at one time whose first session begins at another; days that differ.

    Source: docs requirements A6, A30, E1 (10:00 and 9:00).
    """
    found: list[Oddity] = []
    for event in events:
        timed = [part for part in parts if part.start]
        if event.start and timed and timed[0].start and timed[0].start != event.start:
            found.append(
                _oddity(
                    timed[0].span,
                    "two-times",
                    f"งานเดียวกันมีสองเวลา: {format_time(event.start)} และกำหนดการเริ่ม {format_time(timed[0].start)}",
                    event.span,
                )
            )
        titled = [day for day in days if title_span and title_span.covers(day.span) and day.first]
        if (
            titled
            and event.first
            and event.last
            and not event.first <= (titled[0].first or event.first) <= event.last
        ):
            found.append(
                _oddity(titled[0].span, "two-dates", "วันที่ในชื่อเรื่องไม่ตรงกับวันที่ในเนื้อหา", event.span)
            )
    return found


def oddities_of_figures(
    figures: Sequence[Figure],
    counts: Sequence[CountCheck],
    dimensions: Sequence[Dimension],
    text: str,
) -> list[Oddity]:
    """Numbers without a unit, counts that differ from the list, two dimensions in one paragraph.

    Source: docs requirements B39, E7, A19, A80, E2.
    """
    found: list[Oddity] = [
        _oddity(
            figure.span,
            "number-without-unit",
            f"ตัวเลข {text[figure.span.start : figure.span.end]} ไม่มีหน่วย",
        )
        for figure in figures
        if figure.unit is None
    ]
    found.extend(
        _oddity(
            check.span,
            "count-differs",
            f"ระบุ {check.stated} {check.unit} แต่นับได้ {check.counted}",
            *(words.span for words in check.named[:1]),
        )
        for check in counts
        if check.verdict == "differs"
    )
    found.extend(
        _oddity(
            other.span,
            "two-dimensions-in-one-paragraph",
            f"มิติที่ {one.number} และ {other.number} อยู่ย่อหน้าเดียวกัน",
            one.span,
        )
        for one, other in itertools.pairwise(dimensions)
        if "\n" not in text[one.span.end : other.span.start]
    )
    return found


def _oddity(span: Span, code: str, message: str, *others: Span) -> Oddity:
    return Oddity(span=span, rule=f"oddity.{code}", code=code, message=message, others=others)
