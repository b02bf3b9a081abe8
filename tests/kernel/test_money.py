import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.kernel.money import (
    AmountTooFine,
    baht,
    baht_text,
    format_baht,
    format_million,
    from_million,
    to_million,
)
from tiddao.kernel.numerals import NumberUnreadable, parse_decimal

AMOUNTS = st.integers(min_value=-(10**20), max_value=10**20).map(
    lambda satang: Decimal(satang).scaleb(-2)
)

WORDS = {
    "หนึ่ง": 1,
    "เอ็ด": 1,
    "สอง": 2,
    "ยี่": 2,
    "สาม": 3,
    "สี่": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "แปด": 8,
    "เก้า": 9,
}
PLACES = {"สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000}


def read_number(words):
    """A second, independent reading of spelt numbers, from the right-hand ล้าน down."""
    if words == "ศูนย์":
        return 0
    if "ล้าน" in words:
        millions, rest = words.rsplit("ล้าน", 1)
        return read_number(millions) * 1_000_000 + (read_number(rest) if rest else 0)
    total = 0
    digit = None
    tokens = re.findall("|".join([*WORDS, *PLACES]), words)
    assert "".join(tokens) == words
    for token in tokens:
        if token in WORDS:
            digit = WORDS[token]
        else:
            total += (1 if digit is None else digit) * PLACES[token]
            digit = None
    return total + (digit or 0)


def read_baht(words):
    found = re.fullmatch(r"(ลบ)?(?:(.+)บาท)?(?:ถ้วน|(.+)สตางค์)", words)
    amount = Decimal(read_number(found[2]) if found[2] else 0)
    amount += Decimal(read_number(found[3]) if found[3] else 0) / 100
    return -amount if found[1] else amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "ศูนย์บาทถ้วน"),
        ("1", "หนึ่งบาทถ้วน"),
        ("0.01", "หนึ่งสตางค์"),
        ("0.50", "ห้าสิบสตางค์"),
        ("0.21", "ยี่สิบเอ็ดสตางค์"),
        ("10", "สิบบาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("20", "ยี่สิบบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("110", "หนึ่งร้อยสิบบาทถ้วน"),
        ("1234.50", "หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์"),
        ("100000", "หนึ่งแสนบาทถ้วน"),
        ("1000000", "หนึ่งล้านบาทถ้วน"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("11000000", "สิบเอ็ดล้านบาทถ้วน"),
        ("21000011.25", "ยี่สิบเอ็ดล้านสิบเอ็ดบาทยี่สิบห้าสตางค์"),
        ("4189530000", "สี่พันหนึ่งร้อยแปดสิบเก้าล้านห้าแสนสามหมื่นบาทถ้วน"),
        ("1000000000000", "หนึ่งล้านล้านบาทถ้วน"),
        ("3752700000000", "สามล้านเจ็ดแสนห้าหมื่นสองพันเจ็ดร้อยล้านบาทถ้วน"),
        ("-5.05", "ลบห้าบาทห้าสตางค์"),
    ],
)
def test_amount_is_spelt_as_papers_ask(amount, words):
    assert baht_text(Decimal(amount)) == words


@given(AMOUNTS)
def test_spelt_amount_reads_back_the_same(amount):
    assert read_baht(baht_text(amount)) == amount


@given(st.integers(min_value=0, max_value=10**13))
def test_spelling_never_says_one_ten_or_two_tens(number):
    words = baht_text(number)
    assert "หนึ่งสิบ" not in words
    assert "สองสิบ" not in words


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("1,234.50 บาท", "1234.50"),
        ("๑,๒๓๔.๕๐", "1234.50"),
        (1234, "1234.00"),
        (1234.5, "1234.50"),
        ("(10)", "-10.00"),
        (Decimal("0.010"), "0.01"),
    ],
)
def test_amount_is_exact_to_the_satang(value, amount):
    assert baht(value) == Decimal(amount)
    assert baht(value).as_tuple().exponent == -2


def test_fraction_of_a_satang_is_refused_unless_rounding_is_asked_for():
    with pytest.raises(AmountTooFine) as caught:
        baht("0.005")
    assert caught.value.code == "finer-than-satang"
    assert baht("0.005", round_half_up=True) == Decimal("0.01")
    assert baht("-0.005", round_half_up=True) == Decimal("-0.01")
    assert baht("0.0049", round_half_up=True) == 0
    with pytest.raises(AmountTooFine):
        baht_text(Decimal("1.001"))


def test_amount_that_is_no_number_is_refused():
    with pytest.raises(NumberUnreadable):
        baht("5 ล้านบาท")


def test_million_baht_converts_both_ways():
    assert from_million("4,189.53 ล้านบาท") == Decimal("4189530000.00")
    assert from_million(0.000001) == Decimal("1.00")
    assert to_million(Decimal("4189534999.99")) == Decimal("4189.53")
    assert to_million(Decimal("4189535000.00")) == Decimal("4189.54")
    assert to_million(Decimal("1234567.89"), places=None) == Decimal("1.23456789")
    with pytest.raises(AmountTooFine):
        from_million("0.000000001")
    assert from_million("0.000000005", round_half_up=True) == Decimal("0.01")


def test_amounts_are_shown_with_their_unit():
    assert format_baht(Decimal("1234.5")) == "1,234.50 บาท"
    assert format_baht(Decimal("-1234.5")) == "-1,234.50 บาท"
    assert format_million(Decimal(4189530000)) == "4,189.53 ล้านบาท"
    assert format_million(Decimal(4189530000), places=0) == "4,190 ล้านบาท"
    assert format_million(Decimal(4189530000), places=4) == "4,189.5300 ล้านบาท"


@given(AMOUNTS)
def test_amount_survives_every_round_trip(amount):
    assert baht(format_baht(amount)) == amount
    assert from_million(to_million(amount, places=None)) == amount
    shown = parse_decimal(format_million(amount, places=2), units=("ล้านบาท",))
    assert abs(shown * 1_000_000 - amount) <= 5000
