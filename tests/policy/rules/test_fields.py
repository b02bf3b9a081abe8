"""Each field by hand: what a rule reads, and what it must leave alone."""

from __future__ import annotations

from datetime import date

import pytest

from tests.policy.gold import places
from tiddao.policy.rules.calendar import days_in, times_in, years_in
from tiddao.policy.rules.directives import due_in
from tiddao.policy.rules.gazetteer import KnownGroup, KnownPlace, PlaceIndex
from tiddao.policy.rules.intake import pasted
from tiddao.policy.rules.lines import lines_of
from tiddao.policy.rules.outline import dimensions_in, issues_in
from tiddao.policy.rules.people import aliases_of, people_in
from tiddao.policy.rules.places import groups_in, places_in
from tiddao.policy.rules.programmes import programmes_in
from tiddao.policy.rules.proposals import Oddity
from tiddao.policy.rules.reader import Reading, read_document
from tiddao.policy.rules.spans import Span
from tiddao.policy.rules.spelling import misspellings_in


def read(text: str) -> Reading:
    return read_document(pasted(text), places())


def odd(text: str) -> set[str]:
    return {each.code for each in read(text).of("oddity") if isinstance(each, Oddity)}


@pytest.mark.parametrize(
    ("text", "first", "last", "role"),
    [
        ("เมื่อวันที่ 22 พฤศจิกายน 2565 ได้", "2022-11-22", "2022-11-22", "event"),
        ("ภายใน 31 มีนาคม 2562 นี้", "2019-03-31", "2019-03-31", "deadline"),
        ("ภายในวันศุกร์ที่ 15 มีนาคม พ.ศ. 2567", "2024-03-15", "2024-03-15", "deadline"),
        ("ข้อมูล ณ วันที่ 30 ก.ย. 66 พบว่า", "2023-09-30", "2023-09-30", "as-of"),
        ("สั่ง ณ วันที่ 6 พฤศจิกายน พ.ศ. 2566", "2023-11-06", "2023-11-06", "document"),
        ("ลงวันที่ 9 พฤษภาคม 2566", "2023-05-09", "2023-05-09", "reference"),
        ("ระหว่างวันที่ 18 - 20 กรกฎาคม 2566", "2023-07-18", "2023-07-20", "event"),
        ("วันที่ 28 ธันวาคม 2566 – 2 มกราคม 2567", "2023-12-28", "2024-01-02", "event"),
        ("วันที่ 30 ม.ค. ถึง 2 ก.พ. 2566", "2023-01-30", "2023-02-02", "event"),
        ("ประชุมวันที่ 5/6/2566 เวลา", "2023-06-05", "2023-06-05", "event"),
        ("24 มกราคม 2019", "2019-01-24", "2019-01-24", "document"),
    ],
)
def test_day_is_read_with_its_role(text: str, first: str, last: str, role: str) -> None:
    (day,) = days_in(text)
    assert (str(day.first), str(day.last), day.role) == (first, last, role)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("วันจันทร์ที่ 22 พฤศจิกายน 2565", "weekday-differs"),
        ("วันที่ 31 มิถุนายน 2566", "no-such-day"),
        ("ภายในวันที่ 15 มีนาคม นี้", "no-year"),
        ("วันที่ 20 - 18 กรกฎาคม 2566", "ends-before-it-begins"),
    ],
)
def test_day_at_fault_is_told_and_not_mended(text: str, fault: str) -> None:
    (day,) = days_in(text)
    assert day.fault == fault
    assert day.first is None or fault in {"weekday-differs", "ends-before-it-begins"}


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("เวลา 10:00 น.", [("10:00", "")]),
        ("เวลา 9:00 น. ถึง 12:00 น.", [("09:00", "12:00")]),
        ("09.00-10.30 น. ลงทะเบียน", [("09:00", "10:30")]),
        ("เริ่มจากเวลา 13:00 น. เป็น", [("13:00", "")]),
        ("เวลา 14 นาฬิกา", [("14:00", "")]),
        ("เบิกจ่ายได้เพียง 33.28 (จาก", []),
        ("ร้อยละ 10.30 ของ", []),
        ("ข้อ 2.15 น่าจะ", []),
    ],
)
def test_time_needs_a_word_that_makes_it_one(text: str, times: list[tuple[str, str]]) -> None:
    said = [
        (f"{each.start:%H:%M}", f"{each.end:%H:%M}" if each.end else "") for each in times_in(text)
    ]
    assert said == times


def test_fiscal_and_buddhist_years_are_kept_apart() -> None:
    text = "ปีงบประมาณ พ. ศ. 2566 และประจำปีพุทธศักราช 2566 เมื่อวันที่ 1 มกราคม พ.ศ. 2566"
    assert [(year.be_year, year.fiscal) for year in years_in(text, days_in(text))] == [
        (2566, True),
        (2566, False),
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("หมู่ที่ 14 ตำบลไม้ยา อำเภอพญาเม็งราย จังหวัดเชียงราย", ["57120314", "571203", "5712", "57"]),
        ("บ้านทดสอบ ม.3 ต.อัยเยอร์เวง อ.เบตง จ.ยะลา", ["95020403", "950204", "9502", "95"]),
        ("อ.เมือง จ.เชียงใหม่", ["5001", "50"]),
        (
            "อำเภอเวียงชัย พญาเม็งราย ขุนตาล เทิง และอำเภอเวียงแก่น จังหวัดเชียงราย",
            ["5702", "5712", "5714", "5704", "5713", "57"],
        ),
        ("จังหวัดในภาคอีสาน คือ เลย บุรีรัมย์ และหนองบัวลำภู", ["42", "31", "39"]),
        ("พัฒนาการจังหวัดน่านกล่าวว่า", ["55"]),
        ("อำเภอติดดาว ตำบลเข้มแข็ง จังหวัดเร่งเบิกจ่าย", []),
        ("จังหวัดเลยกำหนดไว้ว่า", ["42"]),
    ],
)
def test_places_resolve_to_codes(text: str, codes: list[str]) -> None:
    assert [place.code for place in places_in(text, places())] == codes


def test_name_that_may_be_several_stays_open_until_the_text_settles_it() -> None:
    (alone,) = places_in("ลงพื้นที่อำเภอเฉลิมพระเกียรติ", places())
    assert alone.code is None
    assert {"5515", "3123"} <= set(alone.candidates)
    settled = places_in("ลงพื้นที่อำเภอเฉลิมพระเกียรติ ในจังหวัดน่าน", places())
    assert settled[0].code == "5515"


def test_village_takes_the_tambon_named_nearest() -> None:
    text = "ตำบลไม้ยา อำเภอพญาเม็งราย จังหวัดเชียงราย แปลงของนายก หมู่ที่ 6"
    assert places_in(text, places())[-1].code == "57120306"


def test_groups_are_known_by_the_gazetteer() -> None:
    known = PlaceIndex(
        [KnownPlace("42", "เลย")],
        [KnownGroup("region-isan", "ภาคอีสาน", "region", frozenset({"42"}))],
    )
    found = groups_in("ภาคตะวันออกเฉียงเหนือ และโซนสมมุติ", known)
    assert [(group.name, group.key) for group in found] == [
        ("ภาคตะวันออกเฉียงเหนือ", "region-isan"),
        ("โซนสมมุติ", None),
    ]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("นายสมมุติ ตัวอย่าง พัฒนาการจังหวัดน่าน เป็นประธาน", [("สมมุติ ตัวอย่าง", "พัฒนาการจังหวัดน่าน")]),
        ("พัฒนาการอำเภอปัว นางสาวลองดู เขียนเล่น กล่าว", [("ลองดู เขียนเล่น", "พัฒนาการอำเภอปัว")]),
        ("แปลงนายทดลอง ปลูกผักโดยผู้เข้าร่วมประชุม", [("ทดลอง ปลูกผัก", "")]),
        (
            "(นายลายมือ สวยเกินไป)\nรองอธิบดี ปฏิบัติราชการแทน\nอธิบดีกรมการพัฒนาชุมชน",
            [("ลายมือ สวยเกินไป", "รองอธิบดี")],
        ),
        ("ว่าที่ร้อยตรีสมมุติ แบบร่าง นายอำเภอเทิง", [("สมมุติ แบบร่าง", "นายอำเภอเทิง")]),
        ("นายอำเภอพญาเม็งราย และนายกเทศมนตรีตำบลไม้ยา ร่วมงาน", []),
        ("อำเภอนางรอง จังหวัดบุรีรัมย์", []),
    ],
)
def test_people_are_read_with_their_posts(text: str, people: list[tuple[str, str]]) -> None:
    said = [
        (each.name, each.position.text if each.position else "")
        for each in people_in(text, places())
    ]
    assert said == people


def test_spellings_that_may_be_one_person_are_proposed() -> None:
    people = people_in("นายทดลอง ปินตาเป๊ก กับ นายทดลอง ปินตาเป็ก และนายอื่นไกล ไม่เหมือน", places())
    (alias,) = aliases_of(people)
    assert [words.text for words in alias.spellings] == ["ทดลอง ปินตาเป๊ก", "ทดลอง ปินตาเป็ก"]


def outline(text: str) -> list[tuple[str, int, str]]:
    return [(each.number, each.depth, each.heading) for each in issues_in(text, lines_of(text))]


def test_list_that_begins_anew_lies_within_the_one_before() -> None:
    text = "1.หนึ่ง\n– ขีด\n2.สอง\n1. ย่อยแรก\n2. ย่อยสอง\n3.สาม\n1) วงเล็บ\n2) วงเล็บสอง\n4.สี่"
    assert outline(text) == [
        ("1", 0, "หนึ่ง"), ("", 1, "ขีด"), ("2", 0, "สอง"), ("2.1", 1, "ย่อยแรก"), ("2.2", 1, "ย่อยสอง"),
        ("3", 0, "สาม"), ("3.1", 1, "วงเล็บ"), ("3.2", 1, "วงเล็บสอง"), ("4", 0, "สี่"),
    ]  # fmt: skip


def test_list_within_a_line_is_divided() -> None:
    assert outline("1. หลักการ\n– คือ “1)ศึกษา 2) วางแผน 3)ติดตาม") == [
        ("1", 0, "หลักการ"), ("", 1, "คือ “1)ศึกษา 2) วางแผน 3)ติดตาม"),
        ("1.1", 2, "ศึกษา"), ("1.2", 2, "วางแผน"), ("1.3", 2, "ติดตาม"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["09.00 - 10.30 น. ลงทะเบียน", "33.28 ล้านบาท", "25", "2566 เป็นปี", "ม.ค. 2566"]
)
def test_quantities_times_and_lone_numbers_number_no_issue(line: str) -> None:
    assert outline(f"ก่อนหน้า\n{line}\nต่อมา") == []


def test_dimensions_are_divided_on_their_mark_not_on_paragraphs() -> None:
    text = "มิติที่ ๔".replace("๔", "4") + " บริการดี เน้นการบริการและการประสานมิติที่ 5 คุณภาพชีวิตดี โดยเกิดจากงาน"
    found = dimensions_in(text)
    assert [(each.number, each.name) for each in found] == [(4, "บริการดี"), (5, "คุณภาพชีวิตดี")]
    assert [words.text for words in found[0].points] == ["การบริการ", "การประสาน"]


@pytest.mark.parametrize(
    ("text", "value", "unit", "base"),
    [
        ("– มีผลเบิกจ่ายได้เพียง 33.28 (จากงบประมาณทั้งประเทศ)", "33.28", None, "จากงบประมาณทั้งประเทศ"),
        ("ในพื้นที่ 3 ไร่ โดย", "3", "ไร่", None),
        ("ร้อยละ 78.45 ของงบประมาณที่ได้รับ", "78.45", "ร้อยละ", "ของงบประมาณที่ได้รับ"),
        ("วงเงิน 1,234.56 ล้านบาท", "1234.56", "ล้านบาท", None),
        ("สำเร็จ 85% ตามเป้า", "85", "%", None),
    ],
)
def test_figure_has_unit_and_base_or_says_that_none_is_given(text, value, unit, base) -> None:
    (figure,) = read(f"ข่าวทดสอบ\n{text}").of("figure")
    assert (str(figure.value), figure.unit.text if figure.unit else None) == (value, unit)
    assert (figure.base.text if figure.base else None) == base
    assert figure.as_of is None


def test_figure_takes_the_as_of_day_of_its_line() -> None:
    (figure,) = read("หัวข้อ\nข้อมูล ณ วันที่ 30 กันยายน 2566 เบิกจ่ายร้อยละ 95.10").of("figure")
    assert figure.as_of == date(2023, 9, 30)


@pytest.mark.parametrize(
    "text", ["โทร. 0 2141 6200", "ครั้งที่ 3/2566", "ไตรมาส 2", "หมู่ที่ 5", "มาตรา 32", "ปี 2566", "รุ่นที่ 75"]
)
def test_numbers_that_name_something_are_no_figures(text: str) -> None:
    assert read(f"หัวข้อ\nเรื่องนี้ {text} แล้ว").of("figure") == ()


@pytest.mark.parametrize(
    ("text", "who", "due", "words"),
    [
        (
            "ขอให้จังหวัดเร่งการเบิกจ่ายให้แล้วเสร็จภายใน 31 มีนาคม 2562",
            "จังหวัด",
            "2019-03-31",
            "31 มีนาคม 2562",
        ),
        ("ขอให้ทุกอำเภอส่งภาพกิจกรรม ภายใน 3 วันทำการ", "ทุกอำเภอ", None, "ภายใน 3 วันทำการ"),
        ("กำชับให้อำเภอที่ยังไม่ทำสัญญา เร่งลงนามโดยด่วน", "อำเภอที่ยังไม่ทำสัญญา", None, "โดยด่วน"),
        ("มติที่ประชุม ให้ฝ่ายเลขานุการทำหนังสือแจ้ง", "ฝ่ายเลขานุการ", None, None),
        (
            "ทุกอำเภอต้องส่งผลประเมินภายในสิ้นเดือนมกราคม 2566",
            "ทุกอำเภอ",
            "2023-01-31",
            "ภายในสิ้นเดือนมกราคม 2566",
        ),
        ("ห้ามเรียกเก็บค่าใช้จ่ายจากประชาชน", None, None, None),
    ],
)
def test_directive_says_who_and_by_when(text, who, due, words) -> None:
    (found,) = read(f"หัวข้อ\n{text}").of("directive")
    assert (found.who.text if found.who else None) == who
    assert (str(found.due) if found.due else None) == due
    assert (found.due_words.text if found.due_words else None) == words


@pytest.mark.parametrize(
    "text",
    [
        "มอบหมายให้นายสมมุติ ตัวอย่าง ผู้อำนวยการกลุ่มงาน เป็นประธานการประชุม",
        "จึงเรียนมาเพื่อโปรดทราบ",
        "ซึ่งต้องขอบคุณทุกหน่วยงานที่ให้การสนับสนุน",
        "กล่าวขอให้กำลังใจแก่เจ้าหน้าที่",
        "งานพิเศษที่ได้รับมอบหมายแล้วเสร็จ",
    ],
)
def test_what_asks_nothing_is_no_directive(text: str) -> None:
    assert read(f"หัวข้อ\n{text}").of("directive") == ()


def test_items_below_a_line_that_asks_are_directives_of_whom_it_asks() -> None:
    reading = read(
        "เรื่องทดสอบ\nจึงขอให้จังหวัดดำเนินการ ดังนี้\n1. เร่งเบิกจ่าย\n2. ให้อำเภอรายงานผล\nขอแสดงความนับถือ"
    )
    assert [(each.who.text, each.inherited_who) for each in reading.of("directive")] == [
        ("จังหวัด", True),
        ("อำเภอ", False),
    ]


def test_last_working_day_of_a_deadline_on_a_sunday() -> None:
    (found,) = read("หัวข้อ\nขอให้จังหวัดรายงานภายในวันที่ 31 มีนาคม 2562").of("directive")
    assert found.last_working_day == date(2019, 3, 29)


def test_due_of_a_span_without_any_is_nothing() -> None:
    assert due_in("ขอให้จังหวัดรายงาน", Span(0, 18), ()) == (None, None)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("stray-number", "ข่าวทดสอบ\n25\nเนื้อข่าว"),
        ("page-residue", "หน้าแรก ประชาสัมพันธ์/กิจกรรม\nข่าวจริง"),
        ("number-without-unit", "หัวข้อ\nเบิกจ่ายได้ 33.28 แล้ว"),
        ("count-differs", "หัวข้อ\nจำนวน 4 อำเภอ ได้แก่ อำเภอเทิง อำเภอพาน และอำเภอแม่จัน จังหวัดเชียงราย"),
        ("place-outside-its-group", "หัวข้อ\nจังหวัดในภาคอีสาน คือ เลย ขอนแก่น และสระแก้ว"),
        ("place-outside-its-place", "หัวข้อ\nอำเภอพญาเม็งราย จังหวัดน่าน"),
        ("name-spelt-two-ways", "หัวข้อ\nนายทดลอง ปินตาเป๊ก พบ นายทดลอง ปินตาเป็ก วันนี้"),
        ("deadline-not-a-working-day", "หัวข้อ\nขอให้จังหวัดรายงานภายในวันที่ 31 มีนาคม 2562"),
        (
            "two-times",
            "หัวข้อ\nวันที่ 5 มกราคม 2566 เวลา 10.00 น. ณ ห้องประชุมทดสอบ\nเวลา 09.00 - 10.00 น. ลงทะเบียน",
        ),
        ("numbering", "หัวข้อ\n1. ก่อน\n2. ต่อ\n4. ข้าม"),
        ("unclosed-quote", "หัวข้อ\nเปิดไว้ “แล้วไม่ปิด"),
        ("year-two-ways", "ปีงบประมาณ 2566 หรือพุทธศักราช 2566"),
        ("older-title", "ข่าว\nหัวหน้ากลุ่มงาน เข้าร่วม"),
        ("two-labels", "โมเดล “อำเภอติดดาว”\nและ “สพอ.ติดดาว”"),
        ("two-dimensions-in-one-paragraph", "มิติที่ 1 บริหารดี เน้นแผน มิติที่ 2 ภาคีดี"),
    ],
)
def test_oddity_is_told(code: str, text: str) -> None:
    assert code in odd(text)


def test_text_without_oddities_has_none_told() -> None:
    assert (
        odd(
            "สรุปงาน\nวันที่ 5 มกราคม 2566 เวลา 10.00 น. มีผู้เข้าร่วม 3 คน จาก 2 อำเภอ ได้แก่ อำเภอเทิง และอำเภอพาน จังหวัดเชียงราย"
        )
        == set()
    )


@pytest.mark.parametrize(
    ("written", "flagged"),
    [("มุ้งเน้น", 1), ("แคตตาลอก", 1), ("ร่วมไปถึง", 1), ("พบปัญหารือ", 1), ("มุ่งเน้น แคตตาล็อก รวมไปถึง", 0)],
)
def test_misspelt_word_is_told_and_quoted_as_written(written: str, flagged: int) -> None:
    found = misspellings_in(f"ได้{written}การ")
    assert len(found) == flagged
    assert all(f"ได้{written}การ"[each.span.start : each.span.end] == written for each in found)


def test_programmes_are_named_once_by_their_longest_name() -> None:
    found = programmes_in(
        "ชุมชนท่องเที่ยว OTOP นวัตวิถี และ “อำเภอติดดาว” และโคกหนองนา ชุมชนท่องเที่ยว OTOP นวัตวิถี"
    )
    assert [each.known_as for each in found] == [
        "ชุมชนท่องเที่ยว OTOP นวัตวิถี",
        "อำเภอติดดาว",
        "โคก หนอง นา",
    ]
