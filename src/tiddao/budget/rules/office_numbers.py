"""Reads one cell as a number of baht, per cent or pieces, or says why it cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tiddao.budget.rules.office_figures import FindingType
from tiddao.budget.rules.office_grid import CellError
from tiddao.kernel.digits import to_arabic
from tiddao.kernel.names import repair_spelling
from tiddao.kernel.numerals import NumberUnreadable, parse_decimal

SATANG = Decimal("0.01")
_NOISE = Decimal("0.000001")
_UNITS = ("บาท", "บ.", ".-", "%", "แปลง", "สัญญา", "คะแนน", "ราย")
_NONE = frozenset({"ไม่มี", "ไม่มีข้อมูล", "ยังไม่มี", "n/a", "na"})
_PERCENT_FIRST = re.compile(r"^(?:ร้อยละ|%)\s*")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """value: None for a blank mark ("-") and for a fault. fault: type of the finding, or ""."""

    value: Decimal | None
    fault: FindingType | None = None
    message_th: str = ""


def read_number(cell: object, *, scale: int = 0, money: bool = True) -> NumberRead:
    """The number a cell holds, exactly, times ten to the power of scale.

    A binary fraction of a reckoned amount (1234.5600000001) is brought to its satang; an amount that
    truly has more than two decimals keeps them, with the fault SUB_SATANG beside its value.

    Source: docs house, "Not reported is not zero", "Money and points are Decimal".
    """
    if isinstance(cell, CellError):
        if cell.text:
            return NumberRead(None, "REF_ERROR", f"เซลล์มีค่าผิดพลาดของ Excel ({cell.text})")
        return NumberRead(None, "UNCALCULATED", "สูตรยังไม่ได้คำนวณ ให้เปิดไฟล์ด้วย Excel แล้วบันทึกอีกครั้ง")
    if not isinstance(cell, str | int | float | Decimal):
        return NumberRead(None, "UNREADABLE_NUMBER", f"เป็นวันที่หรือเวลา ({cell}) ไม่ใช่ตัวเลข")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    try:
        value = parse_decimal(_without_word(cell) if isinstance(cell, str) else cell, units=_UNITS)
    except NumberUnreadable as fault:
        none = isinstance(cell, str) and repair_spelling(cell).strip(" ().").lower() in _NONE
        if none or fault.code in {"blank-mark", "empty"}:
            return NumberRead(None)
        return NumberRead(None, "UNREADABLE_NUMBER", str(fault))
    value = value.scaleb(scale)
    return _to_satang(value) if money else NumberRead(value)


def _without_word(text: str) -> str:
    return _PERCENT_FIRST.sub("", to_arabic(repair_spelling(text)))


def _to_satang(value: Decimal) -> NumberRead:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -2:
        return NumberRead(value)
    near = value.quantize(SATANG) if value.adjusted() < 20 else value
    if abs(near - value) <= _NOISE:
        return NumberRead(near)
    return NumberRead(value, "SUB_SATANG", f"มีเศษเล็กกว่าสตางค์ ({value})")
