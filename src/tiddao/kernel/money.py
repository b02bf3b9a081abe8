"""Money in baht, exact to the satang, and how papers and screens write it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from tiddao.kernel.numerals import format_decimal, parse_decimal, rounded
from tiddao.kernel.unreadable import Unreadable

SATANG = Decimal("0.01")
"""One satang, in baht: the finest money there is."""

MILLION = Decimal(1_000_000)

_DIGIT_WORDS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACE_WORDS = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


class AmountTooFine(Unreadable):
    """An amount with a fraction of a satang. Code: finer-than-satang."""


def baht(value: Decimal | float | str, *, round_half_up: bool = False) -> Decimal:
    """The amount in baht with two decimals exactly.

    Text is read as numerals do, "บาท" allowed. Raises NumberUnreadable for what is no number, and
    AmountTooFine for a fraction of a satang, unless round_half_up asks to round it.

    Source: พระราชบัญญัติเงินตรา พ.ศ. 2501 (one baht is a hundred satang); docs house, money is Decimal.
    """
    amount = parse_decimal(value, units=("บาท",))
    exact = rounded(amount, 2)
    if exact != amount and not round_half_up:
        raise AmountTooFine(value, "finer-than-satang", "จำนวนเงินละเอียดกว่าหนึ่งสตางค์")
    return exact


def from_million(value: Decimal | float | str, *, round_half_up: bool = False) -> Decimal:
    """The amount in baht of a figure given in million baht (ล้านบาท).

    Raises as baht() does.

    Source: docs domain 3.3 (the weekly workbook is in ล้านบาท).
    """
    millions = parse_decimal(value, units=("ล้านบาท",))
    return baht(_WIDE.multiply(millions, MILLION), round_half_up=round_half_up)


def to_million(amount: Decimal, places: int | None = 2) -> Decimal:
    """The amount of baht in million baht, rounded half-up to places; None keeps it exact.

    Source: docs domain 3.3 (the weekly workbook is in ล้านบาท).
    """
    millions = amount.scaleb(-6, context=_WIDE)
    return millions if places is None else rounded(millions, places)


def format_baht(amount: Decimal) -> str:
    """The amount with commas, two decimals and its unit: "1,234.50 บาท".

    Source: Arabic digits on screen and in tables (docs domain 9.1).
    """
    return f"{format_decimal(amount, 2)} บาท"


def format_million(amount: Decimal, places: int = 2) -> str:
    """The amount of baht in million baht with its unit: "4,189.53 ล้านบาท".

    Source: docs domain 3.3 (the weekly workbook is in ล้านบาท).
    """
    return f"{format_decimal(to_million(amount, places), places)} ล้านบาท"


def baht_text(amount: Decimal | int) -> str:
    """The amount spelt in Thai words, as official papers ask for beside the figure.

    1234.50 → "หนึ่งพันสองร้อยสามสิบสี่บาทห้าสิบสตางค์"; a whole amount ends with "ถ้วน". Raises
    AmountTooFine for a fraction of a satang.

    Source: reading of numbers in หลักเกณฑ์ของราชบัณฑิตยสภา (เอ็ด for a final one, ยี่ for twenty,
    ล้าน repeated for each six further places).
    """
    exact = baht(amount)
    whole, cents = divmod(int(exact.copy_abs().scaleb(2, context=_WIDE)), 100)
    sign = "ลบ" if exact < 0 else ""
    if not cents:
        return f"{sign}{_spelt(whole)}บาทถ้วน"
    baht_part = f"{_spelt(whole)}บาท" if whole else ""
    return f"{sign}{baht_part}{_spelt(cents)}สตางค์"


def _spelt(number: int) -> str:
    if number == 0:
        return "ศูนย์"
    millions, rest = divmod(number, 1_000_000)
    words = f"{_spelt(millions)}ล้าน" if millions else ""
    figures = str(rest)
    for place, figure in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
        digit = int(figure)
        if digit == 0:
            continue
        if place == 1 and digit <= 2:
            words += ("", "ยี่")[digit - 1] + "สิบ"
        elif place == 0 and digit == 1 and number > 1:
            words += "เอ็ด"
        else:
            words += _DIGIT_WORDS[digit] + _PLACE_WORDS[place]
    return words
