"""Thai set right, with every character's way back to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.policy.rules.repair import repaired
from tiddao.policy.rules.spans import Span, trimmed


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("๑๒ มกราคม ๒๕๖๒", "12 มกราคม 2562"),
        ("เเผน", "แผน"),
        ("จํานวน นํ้า น้ํา น้ำ", "จำนวน น้ำ น้ำ น้ำ"),
        ("ที่ี่ นี่้", "ที่ นี่้"),
        ("ป\uf702\uf70aที\uf70aเก\uf70bา", "ปี่ที่เก้า"),
        ("พัฒนา\u200bชุมชน\u00a0กรม", "พัฒนาชุมชน กรม"),
        ("ขึ้่น", "ขึ้่น"),
        ("หนึ่ง\r\nสอง\rสาม", "หนึ่ง\nสอง\nสาม"),
    ],
)
def test_signs_stand_as_they_should_be_typed(source: str, read: str) -> None:
    assert repaired(source).text == read


def test_faults_of_pdf_are_mended_in_pdf_only() -> None:
    source = "ข้อสั่สั่งการ ถ ึง ต ้องการ"
    assert repaired(source, from_pdf=True).text == "ข้อสั่งการ ถึง ต้องการ"
    assert repaired(source).text == source


def test_wrapped_line_ends_vanish_between_thai_letters() -> None:
    source = "การพัฒนา\nชุมชน OTOP\nนวัตวิถี\nบรรทัดใหม่"
    wraps = [place for place, sign in enumerate(source) if sign == "\n"][:2]
    assert repaired(source, wraps=wraps).text == "การพัฒนาชุมชน OTOP นวัตวิถี\nบรรทัดใหม่"


def test_span_leads_back_to_what_was_read() -> None:
    source = "ณ\u200b ตําบล\u200bเเม่ปะ ๓๓.๒๘ บาท"
    text = repaired(source)
    at = text.text.index("ตำบลแม่ปะ")
    span = text.in_source(Span(at, at + len("ตำบลแม่ปะ")))
    assert source[span.start : span.end] == "ตําบล\u200bเเม่ปะ"
    at = text.text.index("33.28")
    span = text.in_source(Span(at, at + 5))
    assert source[span.start : span.end] == "๓๓.๒๘"


@given(st.text(alphabet=st.sampled_from("กงำาเแ่้ิี็ํ๑1 \n\u200b\uf70aข"), max_size=60), st.booleans())
def test_repair_settles_and_every_character_has_its_source(source: str, from_pdf: bool) -> None:
    text = repaired(source, from_pdf=from_pdf)
    assert repaired(text.text, from_pdf=from_pdf).text == text.text
    assert len(text.starts) == len(text.ends) == len(text.text)
    assert all(
        0 <= start < end <= len(source) for start, end in zip(text.starts, text.ends, strict=True)
    )
    assert list(text.starts) == sorted(text.starts)


def test_trimmed_span_has_no_signs_around_it() -> None:
    assert trimmed("  ก ข, ", 0, 7) == Span(2, 5)
