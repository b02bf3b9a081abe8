"""Which rows of requirements.md the reader finds in the two seeds.

Rows that name a date, time, number, place, person, post, dimension, numbered issue, directive,
programme or oddity. Each says what is looked for; a row is found when a proposal of that kind holds
it on a span of the seed, missed when none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.policy.gold import places
from tiddao.policy.rules.intake import pasted
from tiddao.policy.rules.reader import Reading, read_document

SEEDS = {"A": "000_49b27df00b72387a.txt", "B": "003_9c9a9f3c0dd2837c.txt"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """kind: of the proposal. quote: words its span must hold. holds: what its fields must say."""

    row: str
    what: str
    kind: str
    quote: str
    holds: Callable[[Any], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class RowChecked:
    row: str
    what: str
    verdict: str  # found, wrong (the words, but not what they mean), missed
    found: str


def _text(words: Any) -> str:
    return words.text if words is not None else ""


def _issue(row: str, number: str, heading: str) -> Wanted:
    return Wanted(row, f"issue {number} {heading}", "issue", heading, lambda p: p.number == number)


def _point(row: str, heading: str) -> Wanted:
    return Wanted(row, f"point {heading}", "issue", heading, lambda p: p.number == "")


def _dimension(row: str, number: int, name: str) -> Wanted:
    return Wanted(
        row,
        f"dimension {number} {name}",
        "dimension",
        name,
        lambda p: (p.number, p.name) == (number, name),
    )


def _post(row: str, name: str) -> Wanted:
    return Wanted(row, f"post {name}", "post", name, lambda p: p.name == name)


def _place(row: str, name: str, code: str) -> Wanted:
    return Wanted(row, f"place {name} {code}", "place", name, lambda p: p.code == code)


def _person(row: str, name: str, post: str) -> Wanted:
    return Wanted(
        row,
        f"person {name}",
        "person",
        name,
        lambda p: p.name == name and _text(p.position).startswith(post),
    )


def _oddity(row: str, code: str, quote: str) -> Wanted:
    return Wanted(row, f"oddity {code}", "oddity", quote, lambda p: p.code == code)


def _programme(row: str, name: str) -> Wanted:
    return Wanted(row, f"programme {name}", "programme", name)


def _point_of(row: str, number: int, words: str) -> Wanted:
    return Wanted(
        row,
        f"point of dimension {number}: {words}",
        "dimension",
        "มิติที่",
        lambda p: p.number == number and any(words in each.text for each in p.points),
    )


WANTED = (
    _person("A1", "อาทร พิมชะนก", "ผู้ตรวจราชการกรม"),
    _programme("A4", "อำเภอติดดาว"),
    Wanted("A5", "date 22 Nov 2565", "date", "22 พฤศจิกายน 2565", lambda p: p.first.isoformat() == "2022-11-22" and p.role == "event"),
    Wanted("A6", "time 10:00", "time", "10:00 น.", lambda p: f"{p.start:%H:%M}" == "10:00" and p.end is None),
    Wanted("A7", "venue down to the village", "venue", "หอประชุมบ้านห้วยก้างปูล้าน", lambda p: p.code == "57120314"),
    _programme("A9", "ประเด็นยุทธศาสตร์กรมการพัฒนาชุมชน"),
    _programme("A10", "ข้อสั่งการของกระทรวงมหาดไทย"),
    _programme("A11", "นโยบายสำคัญของรัฐบาล"),
    Wanted("A12", "fiscal year 2566", "year", "ปีงบประมาณ พ. ศ. 2566", lambda p: p.fiscal and p.be_year == 2566),
    _person("A13", "วิทยา ชุมภูคำ", "พัฒนาการจังหวัดเชียงราย"),
    _post("A14", "ผู้อำนวยการกลุ่มงาน"),
    _post("A15", "พัฒนาการอำเภอ"),
    _post("A16", "นักวิชาการพัฒนาชุมชน"),
    _post("A17", "อาสาพัฒนา"),
    Wanted("A18", "zone อิงสู่โขง", "group", "โซนอำเภออิงสู่โขง", lambda p: p.key == "zone-57-ing-su-khong"),
    Wanted("A19", "six districts counted", "count-check", "6 อำเภอ", lambda p: p.verdict == "agrees" and p.counted == 6),
    *(
        _place("A20", name, code)
        for name, code in (
            ("เวียงชัย", "5702"), ("พญาเม็งราย", "5712"), ("ขุนตาล", "5714"),
            ("เทิง", "5704"), ("เชียงของ", "5703"), ("เวียงแก่น", "5713"),
        )
    ),
    Wanted("A23", "B.E. 2566 kept beside the fiscal year", "year", "พุทธศักราช 2566", lambda p: not p.fiscal),
    Wanted("A26", "organiser", "organiser", "สำนักงานพัฒนาชุมชนจังหวัดเชียงราย", lambda p: p.code == "57"),
    _oddity("A27", "spelling", "พบปัญหารือ"),
    Wanted("A29", "two parts counted", "count-check", "2 ส่วน", lambda p: p.verdict == "agrees"),
    Wanted("A30", "morning 9:00–12:00", "agenda-part", "ช่วงเช้า", lambda p: (f"{p.start:%H:%M}", f"{p.end:%H:%M}") == ("09:00", "12:00")),
    Wanted("A31", "lecture in the morning", "agenda-part", "ภาควิชาการ", lambda p: "lecture" in p.formats),
    _programme("A38", "Extra Job"),
    _programme("A41", "งาน งบ ระบบ คน"),
    _programme("A43", "วิสัยทัศน์กรมการพัฒนาชุมชน"),
    _programme("A44", "แนวทางและเข็มทิศการขับเคลื่อนงานพัฒนาชุมชนจังหวัดเชียงราย"),
    Wanted("A48", "afternoon from 13:00, no end", "agenda-part", "ช่วงบ่าย", lambda p: p.start is not None and f"{p.start:%H:%M}" == "13:00" and p.end is None),
    Wanted("A51", "five dimensions counted", "count-check", "5 มิติ", lambda p: p.verdict == "agrees" and p.counted == 5),
    _programme("A52", "บำบัดทุกข์ บำรุงสุข"),
    _programme("A53", "นโยบายการขับเคลื่อนงานของปลัดกระทรวงมหาดไทย"),
    _dimension("A54", 1, "บริหารดี"),
    *(_point_of(row, 1, words) for row, words in (
        ("A55", "แผนกลยุทธ์ด้านการพัฒนา"), ("A56", "การจัดการระบบงานกระบวนการที่สำคัญ"), ("A57", "ฐานข้อมูล"),
        ("A58", "การมีส่วนร่วม"), ("A59", "การทำงานเป็นทีม"), ("A60", "ภาวะผู้นำ"), ("A61", "ธรรมาภิบาลในการบริหารงาน"),
    )),
    _dimension("A62", 2, "ประสานงานดี ภาคีมีส่วนร่วม"),
    *(_point_of(row, 2, words) for row, words in (
        ("A63", "การสร้างเครือข่ายกลุ่มองค์กร"), ("A64", "การประสานงานทั้งภาคีเครือข่าย"), ("A65", "การสร้างความสัมพันธ์ในกิจกรรมชุมชน"), ("A66", "การพบปะสังสรรค์"),
    )),
    _dimension("A68", 3, "บุคลากรดี"),
    *(_point_of(row, 3, words) for row, words in (
        ("A69", "ความเหมาะสมของบุคลากร"), ("A70", "โครงสร้างความสัมพันธ์แบบครอบครัว"), ("A71", "องค์กรแห่งการเรียนรู้"), ("A72", "การพัฒนาบุคลากรเพื่อให้เป็นต้นแบบ"),
    )),
    _dimension("A73", 4, "การบริการที่ดี"),
    *(_point_of(row, 4, words) for row, words in (
        ("A74", "การบริการตามสภาพปัญหาชุมชน"), ("A75", "ศูนย์เรียนรู้"), ("A76", "ศูนย์ข้อมูลข่าวสาร"), ("A77", "การบริการในสำนักงาน"),
    )),
    _dimension("A78", 5, "ประชาชนมีคุณภาพที่ดี"),
    _point_of("A79", 5, "งาน งบ ระบบ คน"),
    _oddity("A80", "two-dimensions-in-one-paragraph", "มิติที่ 5"),
    Wanted("A84", "field visit in the afternoon", "agenda-part", "พื้นที่จริง", lambda p: "field-visit" in p.formats),
    Wanted("A85", "learning centre as venue", "venue", "ศูนย์เรียนรู้ ต้นแบบ", lambda p: p.code == "57120306"),
    _person("A86", "ธัญ ปินตาเป๊ก", ""),
    _place("A87", "หมู่ที่ 6", "57120306"),
    Wanted("A88", "3 rai", "figure", "3 ไร่", lambda p: p.value == 3 and p.unit.text == "ไร่"),
    _person("A89", "ชูสวัสดิ์ สวัสดี", "นายอำเภอพญาเม็งราย"),
    _person("A90", "บรรจง จอมศิลา", "นายกเทศมนตรีตำบลไม้ยา"),
    _post("A91", "เครือข่ายอื่น ๆ"),
    _oddity("A94", "name-spelt-two-ways", "ปินตาเป็ก"),
    Wanted("A94", "alias proposed", "alias", "ปินตาเป็ก", lambda p: {w.text for w in p.spellings} == {"ธัญ ปินตาเป๊ก", "ธัญ ปินตาเป็ก"}),
    Wanted("A95", "three topics counted", "count-check", "3 เรื่อง", lambda p: p.verdict == "agrees" and p.counted == 3),
    _programme("A96", "สพอ.ติดดาว"),
    _programme("A97", "ตำบลเข้มแข็ง"),
    Wanted("A98", "fiscal year 2566 of Extra Job", "year", "ปีงบประมาณ 2566", lambda p: p.fiscal),
    _oddity("E1", "two-times", "9:00 น."),
    _oddity("E4", "year-two-ways", "พุทธศักราช 2566"),
    _oddity("E5", "two-labels", "สพอ.ติดดาว"),
    _oddity("E9", "spelling", "มุ้งเน้น"),
    _oddity("E12", "spelling", "คุณภาพที่ดี"),
)  # fmt: skip

WANTED_B = (
    _oddity("B1", "page-residue", "หน้าแรก"),
    Wanted("B2", "title", "title", "ร่วมประชุมมอบแนวทางการขับเคลื่อนงานพัฒนาชุมชนในพื้นที่"),
    _oddity("B3", "stray-number", "25"),
    Wanted("B4", "date 24 Jan 2562", "date", "24 มกราคม 2562", lambda p: p.first.isoformat() == "2019-01-24" and p.role == "event"),
    _person("B5", "ทวีป บุตรโพธิ์", "รองอธิบดีกรมการพัฒนาชุมชน"),
    _post("B6", "พัฒนาการจังหวัด"),
    _post("B7", "หัวหน้ากลุ่มงาน"),
    _oddity("B7", "older-title", "หัวหน้ากลุ่มงาน"),
    _post("B8", "พัฒนาการอำเภอ"),
    _post("B9", "บุคลากรกรมการพัฒนาชุมชน"),
    Wanted("B10", "20 provinces of Isan", "count-check", "20 จังหวัด", lambda p: p.verdict == "agrees" and p.counted == 20),
    Wanted("B10", "region Isan", "group", "ภาคอีสาน", lambda p: p.key == "region-isan"),
    _issue("B11", "1", "การทำงานในบทบาทข้าราชการกรมการพัฒนาชุมชน"),
    _point("B13", "กระบวนการทำงาน"),
    _point("B14", "หลักการทำงาน"),
    _issue("B15", "1.1", "ศึกษาชุมชน"),
    _issue("B16", "1.2", "การให้การศึกษาเพื่อการพัฒนา"),
    _issue("B17", "1.3", "การวางแผน"),
    _issue("B18", "1.4", "การดำเนินงาน"),
    _issue("B19", "1.5", "ติดตามและประเมิน"),
    _point("B20", "สิ่งที่เกิดขึ้นจากการทำงานของข้าราชการ"),
    _issue("B21", "2", "การขับเคลื่อนชุมชนท่องเที่ยว OTOP นวัตวิถี"),
    _issue("B22", "2.1", "การสร้างภาคีการทำงาน"),
    _issue("B24", "2.2", "การเชื่อมโยง"),
    _issue("B26", "2.3", "กิจกรรมของชุมชน"),
    _issue("B29", "2.4", "การสร้างการรับรู้"),
    Wanted("B33", "four-point rule", "directive", "ต้องมีความละเอียด รอบคอบ ปลอดภัย และได้ประโยชน์"),
    _point("B35", "การใส่ใจในรายละเอียดต่างๆ"),
    _point("B36", "การทำสื่อแคตตาลอก"),
    _oddity("B36", "spelling", "แคตตาลอก"),
    _point("B37", "การทำชุมชนท่องเที่ยว OTOP นวัตวิถี"),
    _issue("B38", "3", "การเบิกจ่ายงบประมาณ OTOP นวัตวิถี"),
    Wanted("B39", "33.28, no unit, no as-of day", "figure", "33.28", lambda p: str(p.value) == "33.28" and p.unit is None and p.as_of is None),
    _oddity("B39", "number-without-unit", "33.28"),
    Wanted("B40", "base of 33.28", "figure", "33.28", lambda p: _text(p.base) == "จากงบประมาณทั้งประเทศ"),
    Wanted("B41", "bottom ten", "figure", "10 อันดับ", lambda p: p.value == 10),
    Wanted("B42", "base of the rank", "figure", "10 อันดับ", lambda p: _text(p.base) == "จากผลเบิกจ่ายทั่วประเทศ"),
    *(
        _place("B43", name, code)
        for name, code in (
            ("เลย", "42"), ("บุรีรัมย์", "31"), ("ขอนแก่น", "40"),
            ("อุดรธานี", "41"), ("สระแก้ว", "27"), ("หนองบัวลำภู", "39"),
        )
    ),
    _oddity("B44", "place-outside-its-group", "สระแก้ว"),
    _point("B45", "ประเด็นเน้นย้ำ/ฝากดำเนินการ"),
    Wanted("B46", "directive to provinces by 31 Mar 2562", "directive", "เร่งการเบิกจ่ายให้แล้วเสร็จ", lambda p: _text(p.who) == "จังหวัด" and p.due.isoformat() == "2019-03-31"),
    Wanted("B46", "its last working day, Fri 29 Mar", "directive", "31 มีนาคม 2562", lambda p: p.last_working_day.isoformat() == "2019-03-29"),
    _oddity("B46", "deadline-not-a-working-day", "31 มีนาคม 2562"),
    Wanted("B47", "directive on media issues", "directive", "การรายงาน/ชี้แจงข้อมูลที่เป็นประเด็น"),
    Wanted("B49", "at once when known", "directive", "รายงานทันที", lambda p: _text(p.due_words) == "ทันทีที่ทราบข้อมูล" and p.due is None),
    Wanted("B50", "for local people", "directive", "มุ่งเน้นไปที่การสร้างความเข้าใจ", lambda p: "ประชาชน" in _text(p.for_whom)),
    Wanted("B51", "directive on the audit", "directive", "ตรวจติดตามงานของ สตง."),
    Wanted("B53", "the areas must be ready", "directive", "เตรียมความพร้อมเพื่อรองรับการตรวจ", lambda p: _text(p.who) == "พื้นที่"),
    _issue("B54", "4", "หลักการทำงานในฐานะผู้บริหาร"),
    _issue("B55", "4.1", "บทบาทตามกฎหมาย"),
    _issue("B57", "4.2", "บทบาทที่ทีมงานคาดหวัง"),
    _issue("B66", "5", "การสร้างทีมงานของหัวหน้าทีม"),
    _issue("B67", "5.1", "การกำหนดเป้าหมายขององค์กรร่วมกัน"),
    _issue("B68", "5.2", "การกำหนดกลยุทธ์ที่จะทำให้ไปสู่เป้าหมาย"),
    _issue("B69", "5.3", "ประเมินศักยภาพของทีม"),
    _issue("B70", "5.4", "พัฒนาทีมงานและสร้างทีมงาน"),
    _issue("B71", "5.5", "Empowerment"),
    _issue("B72", "5.6", "การติดตาม ประเมินผล และสอนแนะงาน"),
    _issue("B73", "5.7", "การให้รางวัลความสำเร็จของทีม"),
    Wanted("B74", "directive on working as a team", "directive", "คำนึงถึงความเป็นทีม"),
    _oddity("E9", "spelling", "ร่วมไปถึง"),
)  # fmt: skip


def check_rows(seeds: Path) -> Iterator[RowChecked]:
    """Every wanted row of both seeds, with what was found for it."""
    for letter, wanted in (("A", WANTED), ("B", WANTED_B)):
        text = (seeds / SEEDS[letter]).read_text(encoding="utf-8")
        reading = read_document(pasted(text), places())
        for each in wanted:
            yield checked(reading, each)


def checked(reading: Reading, wanted: Wanted) -> RowChecked:
    holding = [
        p
        for p in reading.of(wanted.kind)
        if wanted.quote in reading.quote(p.span) or wanted.quote == "มิติที่"
    ]
    right = [p for p in holding if wanted.holds(p)]
    shown = right or holding
    found = f"[{shown[0].span.start}–{shown[0].span.end}] {shown[0].rule}" if shown else ""
    return RowChecked(
        wanted.row, wanted.what, "found" if right else "wrong" if holding else "missed", found
    )
