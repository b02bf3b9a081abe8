"""Folding, words, questions and excerpts of the search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.policy.rules.search.asking import asked
from tiddao.policy.rules.search.excerpts import excerpt
from tiddao.policy.rules.search.folding import fold, grams, number_of, pattern_of, spellings
from tiddao.policy.rules.search.words import lexemes, signs

NEWS = (
    "นายธัญปินตาเป๊กนายอำเภอพญาเม็งรายเปิดประชุมขับเคลื่อนอำเภอติดดาวและโคกหนองนาโมเดล "
    "ชมผ้าไหมของหมู่บ้าน อบต. ที่ มท ๐๔๐๒.๓/ว ๑๒๓ ร้อยละ ๓๓.๒๘ พ.ช. จัดพบปัญหารือ แคตตาลอก OTOP"
)
THAI = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E4E), max_size=40)
MIXED = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


def finds(question: str, text: str) -> bool:
    wanted = asked(question)
    return wanted is not None and any(each <= signs(text) for each in wanted.alternatives)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("แคตตาลอก", "แคตตาล็อก"),
        ("ปินตาเป๊ก", "ปินตาเป็ก"),
        ("โคก หนอง นา", "โคกหนองนา"),
        ("เเพร่", "แพร่"),
        ("นํ้าใจ", "น้ำใจ"),
        ("น้้ำใจ", "น้ำใจ"),
        ("ปรากฎ", "ปรากฏ"),
        ("สันติสุุข", "สันติสุข"),
        ("พ.ศ. ๒๕๖๙", "พศ 2569"),
        ("กรุงเทพฯ", "กรุงเทพ"),
        ("ต่างๆ", "ต่าง"),
        ("Otop", "OTOP"),
        ("หลักสูตรใหม่", "หลักสูตรไหม่"),
        ("ติด\u200bดาว", "ติดดาว"),
    ],
)
def test_spellings_of_one_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@given(MIXED | THAI)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "question",
    [
        "ติดดาว",
        "โคกหนองนา",
        "โคก หนอง นา",
        "ปินตาเป็ก",
        "นายธัญ ปินตาเป็ก",
        "ธัญ ปินตาเป๊ก",
        "แคตตาล็อก",
        "พบปะหารือ",
        "พบปัญหารือ",
        "ผ้าไหม",
        "ไหม",
        "ดาว",
        "33.28",
        "๓๓.๒๘",
        "ว 123",
        "0402.3/ว123",
        "อบต",
        "พช.",
        "otop",
        "ติดดาว โคกหนองนา",
        '"อำเภอติดดาว"',
    ],
)
def test_words_are_found_inside_unspaced_text(question: str) -> None:
    assert finds(question, NEWS)


@pytest.mark.parametrize(
    "question",
    ["ติดตาม", "นาว", "ม็ง", "3328", "ว 124", "ติดดาว กองทุน", "หนองโคกนา", "อำเภอดาว", "top"],
)
def test_what_does_not_stand_there_is_not_found(question: str) -> None:
    assert not finds(question, NEWS)


@pytest.mark.parametrize("nothing", ["", "  ", "…", "ๆ", '""', "/-"])
def test_a_question_without_a_letter_asks_nothing(nothing: str) -> None:
    assert asked(nothing) is None


@given(THAI, st.integers(0, 40), st.integers(4, 20))
def test_every_stretch_of_four_letters_or_more_is_found_again(
    text: str, start: int, length: int
) -> None:
    """A second look, letter by letter: no cut into words may hide what stands in the text."""
    stretch = fold(text)[start : start + length]
    if len(stretch) >= 4 and fold(stretch) == stretch:
        assert grams(stretch) <= grams(fold(text))
        assert pattern_of(stretch).search(text)


def test_grams_are_numbers_of_four_thai_letters() -> None:
    assert grams("ติดดาว") == {number_of(each) for each in ("ติดด", "ิดดา", "ดดาว")}
    assert grams("ดาว") == grams("otop2569") == frozenset()
    assert all(-(2**31) <= each < 2**31 for each in grams(fold(NEWS)))


def test_short_words_of_compounds_are_kept_and_pieces_of_words_are_not() -> None:
    kept = lexemes("ผ้าไหมมัดหมี่ของอบต. 1,234.50 บาท")
    assert {"ผา", "ไหม", "1234.50", "บาท"} <= kept
    assert "มัดหมี" not in kept  # four letters and more are told by grams


def test_words_a_letter_apart_share_a_spelling() -> None:
    near = spellings("ชุมพูคำ", left_out=1)
    assert near & spellings("ชมพูคำ", left_out=1)
    assert near & spellings("ชุมพูตำ", left_out=1)
    assert not near & spellings("พญาเมงราย", left_out=1)


def shown(text: str, *needles: str, length: int = 60) -> str:
    pieces = excerpt(text, needles, length=length)
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def test_an_excerpt_marks_the_words_as_they_were_written() -> None:
    assert "[ติดดาว]" in shown(NEWS, "ติดดาว")
    assert "[แคตตาลอก]" in shown(NEWS, fold("แคตตาล็อก"))
    assert "[โคก หนอง  นา]" in shown("งานโคก หนอง  นา โมเดล", "โคกหนองนา", "โคก", "นา")
    assert "[๓๓.๒๘]" in shown(NEWS, fold("33.28"))
    assert "[พบปัญหารือ]" in shown(NEWS, *asked("พบปะหารือ").needles)


@given(MIXED, THAI, st.integers(10, 80))
def test_an_excerpt_is_a_stretch_of_the_text(text: str, word: str, length: int) -> None:
    pieces = excerpt(text + word + text, (fold(word),), length=length)
    said = "".join(piece.text for piece in pieces)
    assert said.removeprefix("…").removesuffix("…") in text + word + text or "…" in text


def test_a_long_search_in_a_long_text_takes_no_time() -> None:
    """Signs that may be left out must not make the pattern try everything."""
    import time

    began = time.perf_counter()
    shown("ก็็็็็่่่ ่ ่ ่ ่" * 4_000, "กก" * 40)
    shown("เเเเเ า า ํ" * 4_000, "แแ" * 30, "ำา" * 20)
    assert time.perf_counter() - began < 30  # else it would not end at all
