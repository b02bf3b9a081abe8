from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.digits import to_thai
from tiddao.kernel.numerals import (
    NumberUnreadable,
    format_decimal,
    format_trimmed,
    parse_decimal,
    rounded,
)

FINITE = st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15
)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("33.28", "33.28"),
        ("๓๓.๒๘", "33.28"),
        ("  1,234,567.89 ", "1234567.89"),
        ("\u00a01,234\u200b", "1234"),
        ("１，２３４．５", "1234.5"),
        ("(1,234.50)", "-1234.50"),
        ("( 5 )", "-5"),
        ("-5", "-5"),
        ("− 5", "-5"),
        ("–5.5", "-5.5"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0012", "12"),
        ("-0.00", "0.00"),
        (7, "7"),
        (0.1, "0.1"),
        (-0.0, "0.0"),
        (1e22, "1e22"),
        (79.1472, "79.1472"),
        (0.1 + 0.2, "0.30000000000000004"),
        (Decimal("1.10"), "1.10"),
    ],
)
def test_number_is_read_exactly(written, number):
    read = parse_decimal(written)
    assert read == Decimal(number)
    assert not read.is_signed() or read < 0


@pytest.mark.parametrize(
    ("written", "units", "number"),
    [
        ("79.15%", ("%",), "79.15"),
        ("79.15 %", ("%",), "79.15"),
        ("1,000 บาท", ("%", "บาท"), "1000"),
        ("1.5 ล้านบาท", ("บาท", "ล้านบาท"), "1.5"),
        ("(5)%", ("%",), "-5"),
        ("(5%)", ("%",), "-5"),
    ],
)
def test_one_trailing_unit_is_dropped_when_it_was_named(written, units, number):
    assert parse_decimal(written, units=units) == Decimal(number)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        (" \u00a0\u200b", "empty"),
        ("()", "empty"),
        ("-", "blank-mark"),
        ("–", "blank-mark"),
        ("--", "blank-mark"),
        ("#REF!", "excel-error"),
        ("#N/A", "excel-error"),
        ("#div/0!", "excel-error"),
        ("#####", "excel-error"),
        ("1.234,56", "grouping"),
        ("12,34", "grouping"),
        ("1,2345", "grouping"),
        ("1234,567", "grouping"),
        ("1.2.3", "grouping"),
        (",5", "grouping"),
        ("1 234", "two-numbers"),
        ("5-7", "two-numbers"),
        ("10/12", "two-numbers"),
        ("1E+05", "scientific"),
        ("5-", "sign"),
        ("(-5)", "sign"),
        ("NaN", "not-finite"),
        ("-inf", "not-finite"),
        (float("nan"), "not-finite"),
        (float("inf"), "not-finite"),
        (Decimal("NaN"), "not-finite"),
        (Decimal("-Infinity"), "not-finite"),
        (True, "boolean"),
        (False, "boolean"),
        ("ยังไม่รายงาน", "text"),
        ("79.15%", "text"),
        ("79.15%%", "text"),
        ("5 บาท", "text"),
        ("10²", "text"),
        ("½", "text"),
    ],
)
def test_number_that_is_not_certain_is_refused_with_its_reason(written, code):
    with pytest.raises(NumberUnreadable) as caught:
        parse_decimal(written)
    assert caught.value.code == code
    assert caught.value.text == str(written)
    assert caught.value.reason


def test_excel_error_is_named_in_the_reason():
    with pytest.raises(NumberUnreadable, match=r"#REF!.*Excel"):
        parse_decimal(" #REF! ")


def test_second_unit_is_not_dropped_too():
    with pytest.raises(NumberUnreadable):
        parse_decimal("(5%)%", units=("%",))


@pytest.mark.parametrize(
    ("number", "places", "shown"),
    [
        (Decimal("1234567.891"), None, "1,234,567.891"),
        (Decimal("1234.5"), 2, "1,234.50"),
        (Decimal("0.005"), 2, "0.01"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("-0.001"), 2, "0.00"),
        (Decimal("1E+3"), None, "1,000"),
        (1000, None, "1,000"),
        (
            Decimal("123456789012345678901234567890.126"),
            2,
            "123,456,789,012,345,678,901,234,567,890.13",
        ),
    ],
)
def test_number_is_shown_with_commas(number, places, shown):
    assert format_decimal(number, places) == shown


@pytest.mark.parametrize(
    ("number", "places", "shown"),
    [
        (Decimal("1234.50"), None, "1,234.5"),
        (Decimal("100.00"), None, "100"),
        (100, None, "100"),
        (Decimal("1E+2"), None, "100"),
        (Decimal("79.1472"), 2, "79.15"),
        (Decimal("80.001"), 2, "80"),
    ],
)
def test_number_is_shown_without_trailing_zeros(number, places, shown):
    assert format_trimmed(number, places) == shown


@given(FINITE)
def test_shown_number_reads_back_the_same(number):
    assert parse_decimal(format_decimal(number)) == number
    assert parse_decimal(format_trimmed(number)) == number
    assert parse_decimal(to_thai(format_decimal(number))) == number
    assert parse_decimal(f" {format_decimal(number, 4)} % ", units=("%",)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float_is_read_as_it_prints(number):
    assert float(parse_decimal(number)) == number


@given(st.text(alphabet="0123456789๐๕.,-()% #eE+นบ\u200b", max_size=12) | st.text(max_size=12))
def test_any_text_gives_a_finite_number_or_a_refusal(text):
    try:
        number = parse_decimal(text, units=("%",))
    except NumberUnreadable:
        return
    assert number.is_finite()


@given(FINITE, st.integers(min_value=0, max_value=3))
def test_rounding_is_never_further_off_than_half_a_step_and_goes_away_from_zero(number, places):
    step = Decimal(1).scaleb(-places)
    off = rounded(number, places) - number
    assert abs(off) <= step / 2
    if abs(off) == step / 2:
        assert abs(rounded(number, places)) > abs(number)
