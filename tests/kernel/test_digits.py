from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.digits import to_arabic, to_thai


def test_digits_in_a_sentence_change_and_nothing_else_does():
    assert to_arabic("มท ๐๔๐๓.๒/ว ๑๗๙๗") == "มท 0403.2/ว 1797"
    assert to_thai("มท 0403.2/ว 1797") == "มท ๐๔๐๓.๒/ว ๑๗๙๗"
    assert to_thai(2566) == "๒๕๖๖"
    assert to_thai(-7) == "-๗"


@given(st.integers())
def test_thai_digits_come_back_as_the_same_number(number):
    assert int(to_arabic(to_thai(number))) == number


@given(st.text())
def test_to_arabic_is_idempotent_and_keeps_the_length(text):
    assert to_arabic(to_arabic(text)) == to_arabic(text)
    assert len(to_arabic(text)) == len(text)
