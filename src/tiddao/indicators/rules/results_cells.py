"""What one cell of results says: a figure, steps, "does not apply", nothing yet; or why it is refused."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.results_file import NO_VALUE
from tiddao.indicators.rules.results_layout import NOT_APPLICABLE_TH, cell_text
from tiddao.kernel.dates import parse_date
from tiddao.kernel.digits import to_arabic
from tiddao.kernel.numerals import parse_decimal
from tiddao.kernel.unreadable import Unreadable

_NOT_APPLICABLE = {NOT_APPLICABLE_TH, "ไม่ใช้", "ไม่เกี่ยวข้อง"}
_YES = {"1", "ใช่", "true", "yes", "x", "/", "✓"} | _NOT_APPLICABLE
_NO = {"0", "ไม่", "false", "no"}
_NOT_YET = {
    "ยังไม่รายงาน", "ยังไม่ได้รายงาน", "ไม่มีข้อมูล", "ยังไม่มีข้อมูล", "รอข้อมูล", "รอผล", "อยู่ระหว่างดำเนินการ",
    "อยู่ระหว่างรวบรวม",
}  # fmt: skip
_TWO_MEANINGS = {
    "ไม่มี": "อาจหมายถึงศูนย์หรือยังไม่มีข้อมูล ถ้าเป็นศูนย์ให้ใส่ 0 ถ้ายังไม่มีข้อมูลให้เว้นว่าง",
    "n/a": f"อาจหมายถึงไม่มีข้อมูลหรือไม่เกี่ยวข้อง ให้เว้นว่าง หรือพิมพ์ “{NOT_APPLICABLE_TH}”",
    "na": f"อาจหมายถึงไม่มีข้อมูลหรือไม่เกี่ยวข้อง ให้เว้นว่าง หรือพิมพ์ “{NOT_APPLICABLE_TH}”",
}
_COUNTED = (
    "คน", "ราย", "หมู่บ้าน", "หมู่", "ครัวเรือน", "หลังคาเรือน", "ตำบล", "อำเภอ", "แห่ง", "ครั้ง", "เวที", "กลุ่ม", "ภาคี",
    "โครงการ", "กิจกรรม", "งาน", "เรื่อง", "ฉบับ", "แผน", "กระบวนงาน", "อัตรา", "ตำแหน่ง", "หน่วยงาน", "ศูนย์", "ข้อ",
    "คะแนน", "บาท",
)  # fmt: skip
_PER_CENT = ("%", "ร้อยละ", "เปอร์เซ็นต์")
_STEP_WORDS = ("ขั้นที่", "ขั้น", "ระดับ")
_STEP_RANGE = re.compile(r"(\d)\s*(?:-|–|ถึง)\s*(\d)")
_HIGHEST_STEP = 5


def says_nothing_yet(value: Any) -> bool:
    """Say whether the cell is empty, or says in words that nothing is reported yet.

    Source: house rule "not reported is not zero".
    """
    said = cell_text(value)
    return not said or said in _NOT_YET


def says_not_applicable(value: Any) -> bool:
    """Say whether a figure's cell says that the indicator does not apply to the place.

    Source: product description, "Dimension score" (indicators that apply).
    """
    return cell_text(value).casefold() in _NOT_APPLICABLE


def is_marked(value: Any) -> bool:
    """Say whether a cell of the column "does not apply" is marked. Raises Unreadable for other words.

    Source: product description, "Dimension score" (indicators that apply).
    """
    said = to_arabic(cell_text(value)).casefold()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unreadable(said, "unknown_mark", "บอกไม่ได้ว่าใช้กับพื้นที่หรือไม่")


def figure_in(value: Any, role: str, indicator: IndicatorDefinition) -> Decimal | frozenset[int]:
    """Return the figure of a part, or the steps done. Raises Unreadable.

    A number may be followed by what is counted ("๑๒ คน"). A percentage is taken only where the
    indicator is reported as one: of a figure that is counted, it is not the count.

    Source: product description, "Indicator" (kinds); requirements E7 (numbers as offices type them).
    """
    return _steps(value) if role == "steps" else _number(value, _units(role, indicator))


def _units(role: str, indicator: IndicatorDefinition) -> tuple[str, ...]:
    own = (indicator.unit_th, indicator.base_th) if role != "self_score" else ()
    kept = (*_COUNTED, *(each for each in own if each and each not in _PER_CENT))
    is_one_figure = indicator.kind in {"count", "latest"} and indicator.rollup != "parts"
    return (*kept, *_PER_CENT) if is_one_figure and indicator.unit_th in _PER_CENT else kept


def _number(value: Any, units: tuple[str, ...]) -> Decimal:
    if isinstance(value, datetime | date | time):
        raise Unreadable(value, "date", "เป็นวันที่ ไม่ใช่ตัวเลข (Excel อาจแปลงให้เอง)")
    if value == NO_VALUE:
        raise Unreadable(value, "formula_without_value", "เป็นสูตรที่ไม่ได้บันทึกค่าไว้ ให้เปิดและบันทึกใน Excel")
    if isinstance(value, str):
        said = to_arabic(cell_text(value))
        meanings = _TWO_MEANINGS.get(said.casefold())
        if meanings is not None:
            raise Unreadable(value, "two_meanings", meanings)
        if any(each in said for each in _PER_CENT):
            if not set(_PER_CENT) & set(units):
                raise Unreadable(
                    value,
                    "per_cent",
                    "เป็นร้อยละ แต่ช่องนี้ต้องใส่จำนวน ระบบคำนวณร้อยละให้เองจากตัวตั้งและตัวหาร",
                )
            said = said.removeprefix("ร้อยละ").strip()
        value = said
    try:
        return parse_decimal(value, units=units)
    except Unreadable:
        if isinstance(value, str) and _is_date(value):
            raise Unreadable(value, "date", "เป็นวันที่ ไม่ใช่ตัวเลข") from None
        raise


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except Unreadable:
        return False
    return True


def _steps(value: Any) -> frozenset[int]:
    """Steps done: "1,2,3", "1-3", or a lone number for the step reached ("0": none yet)."""
    if isinstance(value, str) and cell_text(value) in _TWO_MEANINGS:
        raise Unreadable(value, "two_meanings", _TWO_MEANINGS[cell_text(value)])
    if isinstance(value, datetime | date | time) or value == NO_VALUE:
        _number(value, ())
    text = to_arabic(cell_text(value))
    for word in _STEP_WORDS:
        text = text.replace(word, " ").strip()
    ranged = _STEP_RANGE.fullmatch(text)
    if ranged:
        return frozenset(range(int(ranged[1]), int(ranged[2]) + 1))
    listed = [each for each in re.split(r"[,\s;/]+", text) if each]
    if len(listed) > 1 and all(each.isdecimal() for each in listed):
        return frozenset(int(each) for each in listed)
    reached = _number(text if isinstance(value, str) else value, ())
    if reached != reached.to_integral_value() or not 0 <= reached <= _HIGHEST_STEP:
        raise Unreadable(value, "unknown_step", "ขั้นต้องเป็น 0–5 หรือรายการขั้นที่ทำแล้ว เช่น 1,2,3")
    return frozenset(range(1, int(reached) + 1))
