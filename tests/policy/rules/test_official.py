"""Official words: cases checked by hand, properties, and papers that come back from what was kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.papers.made import LETTER, MINUTES
from tiddao.policy.rules.minutes import Asked, Came, roll_of
from tiddao.policy.rules.news import news_of, traced
from tiddao.policy.rules.official import (
    Item,
    Person,
    agenda_heading,
    canonical,
    content_of,
    in_words,
    letter_fields,
    letter_from,
    meeting_number,
    minutes_differences,
    minutes_fields,
    minutes_from,
    minutes_heading,
    official_day,
    official_deadline,
    official_digits,
    official_hours,
    sha256_of,
    unbroken,
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("จำนวน 6 อำเภอ", "จำนวน ๖ อำเภอ"),
        ("ที่ มท 0402/ว 999", "ที่ มท ๐๔๐๒/ว ๙๙๙"),
        ("ร้อยละ 33.28 (จาก 1,234,567 บาท)", "ร้อยละ ๓๓.๒๘ (จาก ๑,๒๓๔,๕๖๗ บาท)"),
        ("ดูที่ https://cdd.go.th/2566/a1 หน้า 5", "ดูที่ https://cdd.go.th/2566/a1 หน้า ๕"),
        ("ส่ง abc12@example.go.th ภายใน 3 วัน", "ส่ง abc12@example.go.th ภายใน ๓ วัน"),
        ("ระบบD2Pจำนวน10แห่ง", "ระบบD2Pจำนวน๑๐แห่ง"),
        ("COVID-19 ระลอก 2", "COVID-19 ระลอก ๒"),
        ("โทร. 0 5371 1111", "โทร. ๐ ๕๓๗๑ ๑๑๑๑"),
        ("หมู่ที่ ๑๔ เลขที่ 14/2", "หมู่ที่ ๑๔ เลขที่ ๑๔/๒"),
        ("“5 มิติ”", "“๕ มิติ”"),
        ("", ""),
    ],
)
def test_official_digits(text, said) -> None:
    assert official_digits(text) == said


@given(st.text(alphabet="0123456789 ก.ข/-,()ที่\n", max_size=40))
@settings(max_examples=200)
def test_without_latin_letters_every_digit_becomes_thai(text) -> None:
    made = official_digits(text)
    assert not re.search("[0-9]", made)
    assert len(made) == len(text)


@given(st.text(alphabet="0123456789 กขabZ@:/.-", max_size=40))
@settings(max_examples=200)
def test_official_digits_said_twice_say_the_same(text) -> None:
    once = official_digits(text)
    assert official_digits(once) == once


def test_days_and_hours() -> None:
    assert official_day(date(2022, 11, 22)) == "วันอังคารที่ ๒๒ พฤศจิกายน ๒๕๖๕"
    assert official_hours(time(9), time(12)) == "เวลา ๐๙.๐๐ – ๑๒.๐๐ น."
    assert official_hours(time(13, 5), None) == "เวลา ๑๓.๐๕ น."
    assert official_hours(None, time(12)) == "ถึงเวลา ๑๒.๐๐ น."
    assert official_hours(None, None) == ""


def test_a_deadline_on_a_sunday_says_the_last_working_day() -> None:
    assert official_deadline(date(2019, 3, 31)) == (
        "ภายในวันที่ ๓๑ มีนาคม ๒๕๖๒ (วันทำการสุดท้ายคือวันศุกร์ที่ ๒๙ มีนาคม ๒๕๖๒)"
    )
    assert official_deadline(date(2019, 3, 29)) == "ภายในวันที่ ๒๙ มีนาคม ๒๕๖๒"
    assert official_deadline(date(1950, 1, 1)) == "ภายในวันที่ ๑ มกราคม ๒๔๙๓"  # holidays unknown


def test_numbers_and_headings() -> None:
    assert agenda_heading(12) == "ระเบียบวาระที่ ๑๒"
    assert meeting_number(3, 2566) == "ครั้งที่ ๓/๒๕๖๖"
    assert meeting_number(None, 2566) == ""
    assert minutes_heading("ประชุมประจำเดือน 5") == "รายงานการประชุมประจำเดือน ๕"
    assert minutes_heading("การประชุมเชิงปฏิบัติการ") == "รายงานการประชุมเชิงปฏิบัติการ"
    assert minutes_heading("รายงานการประชุมทีม") == "รายงานการประชุมทีม"
    assert minutes_heading("ติวเข้มนโยบาย") == "รายงานการประชุม ติวเข้มนโยบาย"
    assert minutes_heading("ประชุม") == "รายงานการประชุม"


def test_what_belongs_together_stays_on_a_line() -> None:
    said = unbroken({"a": ["วันที่ ๓๑ มีนาคม ๒๕๖๒ เวลา ๐๙.๐๐ น.", "พ.ศ. ๒๕๖๖ และ หมู่ที่ ๔"]})
    assert said == {
        "a": [
            "วันที่ ๓๑\u00a0มีนาคม\u00a0๒๕๖๒ เวลา ๐๙.๐๐\u00a0น.",
            "พ.ศ.\u00a0๒๕๖๖ และ หมู่ที่\u00a0๔",
        ]
    }


def test_words_are_parted_and_names_are_not() -> None:
    assert in_words("นำนวัตกรรมมาใช้") == "นำ\u200bนวัตกรรม\u200bมา\u200bใช้"
    assert "ปิน\u200b" not in in_words("นายธัญ ปินตาเป๊ก", names={"ปินตาเป๊ก"})
    text = "ให้ความสำคัญในการสื่อสาร (งาน งบ) ฯลฯ ต่างๆ 12 a"
    assert in_words(text).replace("\u200b", "") == text
    assert "\u200bๆ" not in in_words(text)


def test_papers_come_back_from_what_is_kept() -> None:
    kept = json.loads(canonical(content_of(MINUTES)))
    assert minutes_from(kept) == MINUTES
    assert letter_from(json.loads(canonical(content_of(LETTER)))) == LETTER
    unfinished = replace(MINUTES, number=None, ends=None)
    assert minutes_from(content_of(unfinished)) == unfinished
    assert sha256_of(content_of(MINUTES)) == sha256_of(dict(reversed(kept.items())))
    assert sha256_of(kept) != sha256_of(content_of(unfinished))


def test_fields_of_minutes_are_official() -> None:
    said = minutes_fields(MINUTES, issue=2)
    assert said["heading"] == "รายงานการประชุมเชิงปฏิบัติการขับเคลื่อนนโยบายสำคัญ"
    assert said["items"][1]["resolved"][0]["due"].startswith("ภายในวันที่ ๓๑ มีนาคม ๒๕๖๒")
    assert said["issue"] == "๒"
    assert not said["draft"]
    assert minutes_fields(MINUTES, issue=None)["draft"]
    assert not re.search("[0-9]", json.dumps(said, ensure_ascii=False))


def test_fields_of_letters_number_what_is_more_than_one() -> None:
    said = letter_fields(LETTER, issue=1)
    assert said["references"] == ["หนังสือกรมการพัฒนาชุมชน ที่ มท ๐๔๐๒/ว ๙๙๙"]
    assert said["enclosures"] == ["๑. กำหนดการ", "๒. บัญชีรายชื่อ"]
    assert said["email"] == "a1@example.go.th"
    assert letter_fields(replace(LETTER, kind="memo"), issue=1)["closing"] == ""


def test_differences_are_told_in_words() -> None:
    second = replace(
        MINUTES,
        ends=time(16, 45),
        present=MINUTES.present[:1],
        absent=(*MINUTES.absent, Person("นายสมมุติ สาม")),
        items=(
            MINUTES.items[0],
            replace(MINUTES.items[1], resolved=MINUTES.items[1].resolved[:1]),
            Item("เรื่องอื่นๆ"),
        ),
    )
    told = [(each.what, each.before, each.after) for each in minutes_differences(MINUTES, second)]
    assert told == [
        ("เวลาเลิกประชุม", "๑๖.๓๐ น.", "๑๖.๔๕ น."),
        ("ผู้มาประชุม", "นายสมมุติ สาม นักวิชาการ แทนพัฒนาการอำเภอเทิง", ""),
        ("ผู้ไม่มาประชุม", "", "นายสมมุติ สาม"),
        ("ระเบียบวาระที่ ๒ มติ", "รับทราบ", ""),
        ("ระเบียบวาระที่ ๓", "", "เรื่องอื่นๆ"),
    ]
    assert minutes_differences(MINUTES, MINUTES) == ()


def test_roll_of_a_meeting() -> None:
    asked = [
        Asked(1, "พัฒนาการอำเภอเทิง", "CDD-5704", holder="นายเทิง"),
        Asked(2, "พัฒนาการอำเภอขุนตาล", "CDD-5713", holder="นายขุน", excuse="ติดราชการ"),
        Asked(3, "", guest="นายกสมมุติ ดีใจ นายกเทศมนตรี"),
        Asked(4, "พัฒนาการอำเภอพาน", "CDD-5705"),
        Asked(5, "ผู้อำนวยการกลุ่มงาน", "CDD-57", holder="นางกลุ่ม"),
    ]
    came = [
        Came("นางสาวช่วย", "นักวิชาการ", "CDD-5704"),
        Came("นายกสมมุติ ดีใจ"),
        Came("นายผู้ฟัง", "อาสาพัฒนา"),
        Came("นางกลุ่ม", "", "CDD-57", asked=5),
        Came("นายอีกคน", "นักวิชาการ", "CDD-57"),
    ]
    roll = roll_of(asked, came)
    assert roll.present == (
        Person("นางสาวช่วย", "นักวิชาการ", "แทนพัฒนาการอำเภอเทิง"),
        Person("นายกสมมุติ ดีใจ", ""),
        Person("นางกลุ่ม", "ผู้อำนวยการกลุ่มงาน"),
    )
    assert roll.absent == (
        Person("นายขุน", "พัฒนาการอำเภอขุนตาล", "ติดราชการ"),
        Person("พัฒนาการอำเภอพาน", ""),
    )
    assert roll.also == (Person("นายผู้ฟัง", "อาสาพัฒนา"), Person("นายอีกคน", "นักวิชาการ"))


def test_nobody_came_leaves_everybody_absent() -> None:
    roll = roll_of([Asked(1, "พัฒนาการอำเภอเทิง", "CDD-5704")], [])
    assert (len(roll.present), len(roll.absent), len(roll.also)) == (0, 1, 0)


def test_news_says_only_what_is_recorded_and_names_its_fields() -> None:
    news = news_of(MINUTES, purpose="เพื่อถ่ายทอดตัวชี้วัด")
    assert news.title.words == (
        "นายสมมุติ หนึ่ง ผู้ตรวจราชการกรม เป็นประธานการประชุมเชิงปฏิบัติการขับเคลื่อนนโยบายสำคัญ"
    )
    assert news.sentences[0].words == (
        "วันที่ 22 พฤศจิกายน 2565 เวลา 09:00 น. ณ หอประชุมบ้านสมมุติ หมู่ที่ 14 ตำบลไม้ยา "
        "นายสมมุติ หนึ่ง ผู้ตรวจราชการกรม เป็นประธานในการประชุมเชิงปฏิบัติการขับเคลื่อนนโยบายสำคัญ "
        "จัดโดยสำนักงานพัฒนาชุมชนจังหวัดเชียงราย"
    )
    assert news.sentences[0].fields == ("day", "begins", "venue", "chair", "title", "office")
    assert news.sentences[1].words == "การประชุมครั้งนี้มีวัตถุประสงค์เพื่อถ่ายทอดตัวชี้วัด"
    assert news.sentences[2].words == "มีผู้เข้าร่วมประชุมทั้งสิ้น 2 คน"
    assert all(sentence.fields for sentence in news.sentences)
    digits = set(re.findall(r"\d+", news.body))
    recorded = json.dumps(content_of(MINUTES), ensure_ascii=False)
    known = set(re.findall(r"\d+", recorded)) | {"22", "2565", "31", "2562", "2"}
    assert digits <= known


def test_what_a_person_wrote_has_no_field() -> None:
    news = news_of(MINUTES)
    kept = traced(f"{news.body}\n\nข้อความที่เพิ่มเอง", news)
    assert [bool(each.fields) for each in kept] == [True] * len(news.sentences) + [False]


def test_a_meeting_without_anything_still_has_an_opening() -> None:
    bare = replace(MINUTES, chair="", venue="", present=(), absent=(), items=(), title="ติวเข้ม")
    news = news_of(bare)
    assert news.title.words == "ติวเข้ม"
    assert len(news.sentences) == 1
