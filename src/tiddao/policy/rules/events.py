"""The event a document tells of: when, where, who holds it, and the parts of its agenda."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import time

from tiddao.policy.rules.lines import Line
from tiddao.policy.rules.places import RANK
from tiddao.policy.rules.proposals import (
    AgendaPart,
    DayNamed,
    DocumentKind,
    Event,
    Organiser,
    PlaceNamed,
    SessionFormat,
    TimeNamed,
    Title,
    Venue,
    Words,
)
from tiddao.policy.rules.spans import Span, trimmed

_ROOM = r"(?:ห้องประชุม|หอประชุม|ศาลา|โรงแรม|อาคาร|โรงเรียน|วัด|ลาน|ศูนย์ประชุม|ศูนย์ราชการ|บริเวณลาน)"
_AT = re.compile(
    r"(?:(?<![ก-๎])|(?<=พื้นที่)|(?<=ประชุม))ณ\s+(?!วันที่|สิ้น|ไตรมาส|ปัจจุบัน|เดือน|\d)"
    rf"|(?<![ก-๎])ที่\s?(?={_ROOM})|(?:^|(?<=\n))(?:สถานที่\s?:?\s?)?(?=(?:ห้องประชุม|หอประชุม|ศาลาประชาคม|ศาลาเอนกประสงค์)[ก-๎])"
)
_VENUE_ENDS = re.compile(
    r"\n|\s(?=เวลา|โดย|ซึ่ง|มี(?![ก-๎]*ชัย)|เพื่อ|และ|พร้อม|ได้|จึง|ทั้งนี้|ใน(?:วันที่|การ)|ผู้เข้า|เมื่อ|ระหว่าง|กลุ่มเป้า|จำนวน|นาย|นาง|น\.ส\.|ว่าที่|ดร\.|พล|ผู้ว่า|พัฒนาการ|ร่วม|เป็น|ดำเนิน|กำหนด|\()| {2,}|[,;(]"
)
_VENUE_GOES_ON = re.compile(
    r"ชั้น|อาคาร|ศาลากลาง|ที่ว่าการ|สำนักงาน|โรงแรม|วัด|โรงเรียน|มหาวิทยาลัย|เทศบาล|องค์การ|ศูนย์|ตำบล|อำเภอ|จังหวัด|หมู่|ม\.|ต\.|อ\.|จ\.|แขวง|เขต|ถนน|บ้าน|สวน|กรุงเทพ|กรม(?=การพัฒนา)|\d|ต้นแบบ|“|แปลง(?=นาย|นาง)"
)
_ADDRESS = re.compile(r"(?<=[ ,])(?:หมู่ที่|หมู่(?=\s?\d)|ม\.|ตำบล|ต\.|อำเภอ|อ\.|จังหวัด|จ\.|แขวง|เขต)")

_FORMATS: tuple[tuple[SessionFormat, str], ...] = (
    ("lecture", r"บรรยาย|ปาฐกถา|มอบนโยบาย|ชี้แจง|ให้ความรู้"),
    ("workshop", r"เชิงปฏิบัติการ|workshop|ระดมความคิด|ระดมสมอง|ฝึกปฏิบัติ|แบ่งกลุ่ม|ถอดบทเรียน"),
    ("discussion", r"หารือ|อภิปราย|เสวนา|แลกเปลี่ยน|ซักถาม|พบปะ(?!สังสรรค์)"),
    ("field-visit", r"ลงพื้นที่|ศึกษาดูงาน|เยี่ยมชม|ตรวจเยี่ยม|พื้นที่จริง|เกี่ยวข้าว|ดูงาน|ลงแปลง|เอามื้อ"),
    ("social", r"สังสรรค์|รับประทานอาหาร|งานเลี้ยง|พักกลางวัน|รับรองอาหาร"),
    ("ceremony", r"พิธีเปิด|พิธีปิด|ลงทะเบียน|พิธีมอบ|กล่าวเปิด|มอบเกียรติบัตร"),
)
_SESSION = re.compile(r"(?P<label>(?:ใน|กิจกรรมใน)?(?:ช่วง|ภาค)(?P<when>เช้า|บ่าย|ค่ำ|กลางคืน|สาย))(?!ๆ)")


def formats_of(text: str) -> tuple[SessionFormat, ...]:
    """What kinds of session the words speak of, in the order of the list.

    Source: docs requirements A8, A25, A27, A66, A84 (lecture, workshop, discussion, gathering, visit).
    """
    return tuple(name for name, pattern in _FORMATS if re.search(pattern, text, re.IGNORECASE))


def venues_in(text: str, places: Sequence[PlaceNamed]) -> tuple[Venue, ...]:
    """Every place of an event after "ณ" or before a hall's name, with the lowest place it names.

    Without any, the first address that begins with a village's name.

    Source: docs requirements A7 (venue down to the village), A85, A87.
    """
    found: list[Venue] = []
    for at in _AT.finditer(text):
        end = _end_of_venue(text, at.end(), places)
        whole = trimmed(text, at.end(), end)
        if whole.end - whole.start < 3:
            continue
        inside = [place for place in places if whole.covers(place.span)]
        steps = [place for place in inside if text[place.span.start - 1 : place.span.start] in " ,"]
        address = _ADDRESS.search(text, whole.start + 1, whole.end)
        name_end = address.start() if address else whole.end
        if address and address.start() == whole.start:
            name_end = steps[0].span.end if steps else whole.end
        name = trimmed(text, whole.start, name_end)
        known = [place for place in inside if place.code]
        lowest = min(known, key=lambda place: RANK[place.level], default=None)
        found.append(
            Venue(
                span=whole,
                rule="venue.after-na" if at[0].startswith("ณ") else "venue.hall",
                name=text[name.start : name.end],
                code=lowest.code if lowest else None,
                address=Span(steps[0].span.start, steps[-1].span.end) if steps else None,
            )
        )
    return tuple(found) or _village_address(text, places)


def _village_address(text: str, places: Sequence[PlaceNamed]) -> tuple[Venue, ...]:
    first_line = text.find("\n", len(text) - len(text.lstrip()))
    for place, following in itertools.pairwise(places):
        named = place.level == "village" and place.name.startswith("บ้าน")
        if (
            named
            and place.code
            and place.span.start > first_line > 0
            and following.span.start - place.span.end <= 2
        ):
            steps = [each for each in places if 0 <= each.span.start - place.span.start <= 90]
            end = place.span.end
            for step in steps:
                if step.span.start - end <= 2:
                    end = max(end, step.span.end)
            return (
                Venue(
                    span=Span(place.span.start, end),
                    rule="venue.village-address",
                    name=re.split(r"\s(?=หมู่|ม\.)", place.name)[0],
                    code=place.code,
                    address=Span(place.span.start, end),
                ),
            )
    return ()


def _end_of_venue(text: str, start: int, places: Sequence[PlaceNamed]) -> int:
    end = start
    limit = min(len(text), start + 220)
    while True:
        stop = _VENUE_ENDS.search(text, end + 1, limit)
        space = text.find(" ", end + 1, limit)
        hard = stop.start() if stop else limit
        if space < 0 or space >= hard:
            end = hard
            break
        end = space
        step = next((place for place in places if place.span.start == space + 1), None)
        if step:
            end = step.span.end
            glued = text[end : end + 1]
            if glued and glued not in " \n,":
                break
            if glued != " ":
                break
            if not _VENUE_GOES_ON.match(text, end + 1):
                break
            continue
        if not _VENUE_GOES_ON.match(text, space + 1):
            break
        if text.startswith("“", space + 1):
            close = text.find("”", space + 1, limit)
            end = close if close > 0 else end
        elif re.match("แปลง(?:นาย|นาง)", text[space + 1 : space + 9]):
            surname = text.find(" ", space + 1, limit)
            end = surname if surname > 0 else end
    return end


def agenda_in(
    text: str, lines: Sequence[Line], times: Sequence[TimeNamed], venues: Sequence[Venue]
) -> tuple[AgendaPart, ...]:
    """Sessions (ช่วงเช้า, ภาคบ่าย) and lines of a programme that begin with a time.

    Source: docs requirements A29–A31, A48, A83, E1 (event and agenda times are separate).
    """
    found: list[AgendaPart] = []
    for line in lines:
        heads = list(_SESSION.finditer(text, line.span.start, line.span.end))
        first = next((each for each in times if each.span.start >= line.span.start), None)
        if not heads:
            lead = re.match(r"[-–•\s]*(?:เวลา\s*(?:ประมาณ\s*)?)?", line.text)
            begins = line.span.start + (lead.end() if lead else 0)
            if (
                first
                and first.span.start == begins
                and len(line.text) > first.span.end - line.span.start + 3
            ):
                found.append(
                    _part(
                        text,
                        Span(line.span.start, line.span.end),
                        "",
                        at=first,
                        venues=venues,
                        rule="agenda.timed-line",
                    )
                )
            continue
        for position, head in enumerate(heads[:1] if not _many(heads) else heads):
            end = (
                heads[position + 1].start()
                if _many(heads) and position + 1 < len(heads)
                else line.span.end
            )
            inside = next(
                (
                    each
                    for each in times
                    if head.end() <= each.span.start < min(end, head.end() + 40)
                ),
                None,
            )
            found.append(
                _part(
                    text,
                    Span(head.start(), end),
                    head["label"].removeprefix("กิจกรรม").removeprefix("ใน"),
                    at=inside,
                    venues=venues,
                    rule="agenda.session",
                )
            )
    return tuple(found)


def _many(heads: Sequence[re.Match[str]]) -> bool:
    return len({head["when"] for head in heads}) == len(heads) > 1


def _part(
    text: str, span: Span, label: str, *, at: TimeNamed | None, venues: Sequence[Venue], rule: str
) -> AgendaPart:
    venue = next((each for each in venues if span.covers(each.span)), None)
    begin = at.span.end if at and span.covers(at.span) else span.start
    words = trimmed(text, begin, span.end)
    return AgendaPart(
        span=span,
        rule=rule,
        label=label,
        start=at.start if at else None,
        end=at.end if at else None,
        formats=formats_of(text[span.start : span.end]) or ("other",),
        venue=Words(venue.name, venue.span) if venue else None,
        text=Words(text[words.start : words.end], words),
    )


def events_in(
    text: str,
    *,
    kind: DocumentKind,
    title: Title | None,
    days: Sequence[DayNamed],
    times: Sequence[TimeNamed],
    venues: Sequence[Venue],
    organisers: Sequence[Organiser],
    parts: Sequence[AgendaPart],
) -> tuple[Event, ...]:
    """The event the document is about: its first event day with the time and venue beside it.

    Papers that order or announce tell of an event only where a day has a time or a venue beside it.

    Source: docs requirements A5–A8, A26, A30, B2, B4.
    """
    candidates = [
        day
        for day in days
        if day.role in {"event", "mentioned", "document"} and day.fault != "no-year"
    ]
    for day in candidates:
        at = _near(times, day.span, 60)
        venue = _beside(venues, day.span, 140 if at else 60)
        if kind in {"letter", "circular", "memo", "order", "announcement"} and not (at or venue):
            continue
        if (
            kind in {"letter", "circular", "memo", "order", "announcement"}
            and day.role == "document"
        ):
            continue
        if kind == "minutes" and venue is None and venues:
            venue = venues[0] if venues[0].span.start < 500 else None
        return (
            _event(
                day,
                at=at,
                venue=venue,
                title=title,
                organisers=organisers,
                parts=parts,
                formats=formats_of(text),
            ),
        )
    return ()


def _near(times: Sequence[TimeNamed], span: Span, reach: int) -> TimeNamed | None:
    return next((each for each in times if 0 <= each.span.start - span.end <= reach), None)


def _beside(venues: Sequence[Venue], span: Span, reach: int) -> Venue | None:
    after = next((each for each in venues if each.span.start >= span.end), None)
    if after and after.span.start - span.end <= reach * 4:
        return after
    before = [each for each in venues if each.span.end <= span.start]
    return before[-1] if before and span.start - before[-1].span.end <= reach else None


def _event(
    day: DayNamed,
    *,
    formats: tuple[SessionFormat, ...],
    at: TimeNamed | None,
    venue: Venue | None,
    title: Title | None,
    organisers: Sequence[Organiser],
    parts: Sequence[AgendaPart],
) -> Event:
    start: time | None = at.start if at else None
    spans = [day.span, *([at.span] if at else []), *([venue.span] if venue else [])]
    whole = Span(min(each.start for each in spans), max(each.end for each in spans))
    return Event(
        span=whole,
        rule="event.day-time-venue" if at and venue else "event.day",
        title=Words(title.text, title.span) if title else None,
        day=Words(day.written, day.span),
        first=day.first,
        last=day.last,
        start=start,
        end=at.end if at else None,
        venue=Words(venue.name, venue.span) if venue else None,
        place=venue.code if venue else None,
        organiser=Words(organisers[0].name, organisers[0].span) if organisers else None,
        formats=formats,
        parts=len(parts),
    )
