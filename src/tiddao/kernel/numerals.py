"""Numbers as people and workbooks write them, read exactly or refused.

A number that could be read in two ways is refused: a wrong figure costs more than a question.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Context, Decimal

from tiddao.kernel.digits import to_arabic
from tiddao.kernel.unreadable import Unreadable

_WIDE = str.maketrans("０１２３４５６７８９，．－＋（）％", "0123456789,.-+()%")
_DASHES = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-"})
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_EXCEL_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|#{2,}")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_FAULTS = tuple(
    (re.compile(pattern, re.IGNORECASE), code, reason)
    for pattern, code, reason in (
        (r"^$", "empty", "ไม่มีตัวเลข"),
        (
            r"^[\d.]+e[+-]?\d+$",
            "scientific",
            "เป็นรูปแบบวิทยาศาสตร์ซึ่งอาจถูกปัดเศษมาแล้ว ให้ใส่ตัวเลขเต็ม",
        ),
        (r"^(?:nan|inf|infinity)$", "not-finite", "ค่านี้ไม่ใช่จำนวน (NaN หรืออนันต์)"),
        (r"^[\d.,]+$", "grouping", "จุลภาคหรือจุดทศนิยมอยู่ผิดตำแหน่ง ให้เขียนเช่น 1,234.56"),
        (r"^[\d.,]+\s?[-+]$", "sign", "เครื่องหมายอยู่ท้ายตัวเลข ให้เขียนไว้ข้างหน้า"),
        (r"\d[^\d.,]+\d", "two-numbers", "มีตัวเลขมากกว่าหนึ่งจำนวนในช่องเดียว"),
    )
)


class NumberUnreadable(Unreadable):
    """A number that cannot be read with certainty.

    Codes: empty, boolean, excel-error, not-finite, blank-mark, two-numbers, grouping, scientific,
    sign, text.
    """


def parse_decimal(
    text: str | float | Decimal,
    *,
    units: Collection[str] = (),
) -> Decimal:
    """The exact number written in text, or held in a cell.

    Understands Thai and full-width digits, thousands commas in their places, surrounding and
    invisible spaces, a leading minus or accounting parentheses, and one trailing word out of
    units ("%", "บาท", …); the word is dropped, nothing is converted. A float is taken as Python
    prints it, so 0.1 is 0.1 and no binary noise appears.

    Raises NumberUnreadable for anything else: blank cells, dashes for "none", words, two numbers,
    European "1.234,56", "1E+05" (a display that was already rounded), NaN, booleans, Excel errors.

    Source: house rules on input ("nothing fails silently"); docs requirements E7, domain 3.3.
    """
    if isinstance(text, bool):
        raise NumberUnreadable(text, "boolean", "ค่านี้เป็นจริง/เท็จ ไม่ใช่ตัวเลข")
    if isinstance(text, Decimal):
        if not text.is_finite():
            raise NumberUnreadable(text, "not-finite", "ค่านี้ไม่ใช่จำนวน (NaN หรืออนันต์)")
        return _unsigned_zero(text)
    if isinstance(text, int):
        return Decimal(text)
    if isinstance(text, float):
        if not math.isfinite(text):
            raise NumberUnreadable(text, "not-finite", "ค่านี้ไม่ใช่จำนวน (NaN หรืออนันต์)")
        return _unsigned_zero(Decimal(repr(text)))
    return _read(text, units)


def _read(text: str, units: Collection[str]) -> Decimal:
    cleaned = _INVISIBLE.sub("", to_arabic(text).translate(_WIDE).translate(_DASHES)).strip()
    if not cleaned:
        raise NumberUnreadable(text, "empty", "ช่องว่าง ไม่มีตัวเลข")
    if _EXCEL_ERROR.fullmatch(cleaned.upper()):
        raise NumberUnreadable(text, "excel-error", f"เซลล์มีค่าผิดพลาดของ Excel ({cleaned}) ไม่ใช่ตัวเลข")
    if set(cleaned) == {"-"}:
        raise NumberUnreadable(text, "blank-mark", "ขีดแทนค่าว่าง ไม่ใช่ตัวเลข (ไม่มีข้อมูลไม่เท่ากับ 0)")
    body, had_unit = _without_unit(cleaned, units)
    negative = False
    if body.startswith("(") and body.endswith(")"):
        negative, body = True, body[1:-1].strip()
        if not had_unit:
            body, _ = _without_unit(body, units)
        if body[:1] in {"-", "+"}:
            raise NumberUnreadable(text, "sign", "มีทั้งวงเล็บและเครื่องหมาย จึงไม่ทราบว่าบวกหรือลบ")
    elif body[:1] in {"-", "+"}:
        negative, body = body[0] == "-", body[1:].lstrip()
    if not (_PLAIN.fullmatch(body) or _GROUPED.fullmatch(body)):
        raise _fault(text, body)
    number = Decimal(body.replace(",", ""))
    return _unsigned_zero(number.copy_negate() if negative else number)


def _without_unit(cleaned: str, units: Collection[str]) -> tuple[str, bool]:
    for unit in sorted(units, key=len, reverse=True):
        if unit and cleaned.endswith(unit):
            return cleaned[: -len(unit)].rstrip(), True
    return cleaned, False


def _fault(text: str, body: str) -> NumberUnreadable:
    for pattern, code, reason in _FAULTS:
        if pattern.search(body):
            return NumberUnreadable(text, code, reason)
    return NumberUnreadable(text, "text", "เป็นข้อความ ไม่ใช่ตัวเลข")


def _unsigned_zero(number: Decimal) -> Decimal:
    return number.copy_abs() if number.is_zero() else number


def rounded(value: Decimal, places: int) -> Decimal:
    """The value rounded half-up to places decimals, whatever its size.

    Source: rounding half-up as shown in the department's tables (docs product, "Stars: the rules").
    """
    room = Context(prec=max(28, value.adjusted() + places + 3), rounding=ROUND_HALF_UP)
    return _unsigned_zero(value.quantize(Decimal(1).scaleb(-places), context=room))


def format_decimal(value: Decimal | int, places: int | None = None) -> str:
    """The number with thousands commas: "1,234.50".

    places: decimals to show, rounded half-up; None shows the number exactly as it is held.

    Source: Arabic digits on screen and in tables (docs domain 9.1).
    """
    number = Decimal(value)
    if places is not None:
        number = rounded(number, places)
    return f"{_unsigned_zero(number):,f}"


def format_trimmed(value: Decimal | int, places: int | None = None) -> str:
    """The number with thousands commas and no trailing zeros: "1,234.5", "100".

    places: at most this many decimals, rounded half-up.

    Source: Arabic digits on screen and in tables (docs domain 9.1).
    """
    shown = format_decimal(value, places)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
