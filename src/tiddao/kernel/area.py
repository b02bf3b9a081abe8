"""Land in the Thai measure: 1 rai (ไร่) = 4 ngan (งาน) = 400 square wa (ตารางวา) = 1,600 m².

Held in square wa, exactly; a square wa is four square metres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tiddao.kernel.digits import to_arabic
from tiddao.kernel.numerals import NumberUnreadable, format_trimmed, parse_decimal
from tiddao.kernel.unreadable import Unreadable

SQUARE_WA_PER_RAI = 400
SQUARE_WA_PER_NGAN = 100
SQUARE_METRES_PER_SQUARE_WA = 4

_NUMBER = r"[\d.,]+"
_SQUARE_WA = r"(?:ตารางวา|ตร\s?\.?\s?ว\s?\.?|วา)"
_SQUARE_METRES = r"(?:ตารางเมตร|ตร\s?\.?\s?ม\s?\.?|ม\.?²|sq\.?\s?m\.?|m²|m2)"
_HYPHENS = re.compile(rf"({_NUMBER})\s?-\s?({_NUMBER})\s?-\s?({_NUMBER})\s?(?:ไร่)?")
_WORDS = re.compile(
    rf"(?:({_NUMBER})\s?ไร่)?\s?(?:({_NUMBER})\s?งาน)?\s?(?:({_NUMBER})\s?{_SQUARE_WA})?"
)
_METRES = re.compile(rf"({_NUMBER})\s?{_SQUARE_METRES}")


class AreaUnreadable(Unreadable):
    """An area that cannot be read with certainty. Codes: not-an-area, number, part-too-large."""


@dataclass(frozen=True, order=True, slots=True)
class LandArea:
    """A piece of land, in square wa (ตารางวา), never below zero.

    Source: the customary Thai measure: 1 ไร่ = 4 งาน = 400 ตารางวา = 1,600 m².
    """

    square_wa: Decimal

    def __post_init__(self) -> None:
        if not self.square_wa.is_finite() or self.square_wa < 0:
            raise ValueError("an area is a finite number of square wa, not below zero")

    @classmethod
    def from_rai_ngan_wa(
        cls, rai: Decimal | int = 0, ngan: Decimal | int = 0, wa: Decimal | int = 0
    ) -> LandArea:
        """The area of so many rai, ngan and square wa.

        Source: 1 ไร่ = 4 งาน = 400 ตารางวา.
        """
        whole = Decimal(rai) * SQUARE_WA_PER_RAI + Decimal(ngan) * SQUARE_WA_PER_NGAN
        return cls(whole + Decimal(wa))

    @classmethod
    def from_square_metres(cls, square_metres: Decimal | int) -> LandArea:
        """The area of so many square metres.

        Source: 1 ตารางวา = 4 ตารางเมตร.
        """
        return cls(Decimal(square_metres) / SQUARE_METRES_PER_SQUARE_WA)

    @classmethod
    def parse(cls, text: str) -> LandArea:
        """The area written "3 ไร่ 2 งาน 50 ตร.ว.", "3-2-50", "3.5 ไร่", "1,600 ตร.ม.".

        Thai digits are read. Below a larger unit, ngan must be under 4 and square wa under 100, and
        only the last number may have decimals: "3-5-120" has its parts in the wrong places. A bare
        number is refused: it has no unit. Raises AreaUnreadable.

        Source: docs requirements A88 (พื้นที่ 3 ไร่); title deeds write ไร่-งาน-ตารางวา.
        """
        cleaned = " ".join(to_arabic(text).replace("\u200b", "").split()).lower()
        if metres := _METRES.fullmatch(cleaned):
            return cls.from_square_metres(_number(text, metres[1]))
        found = _HYPHENS.fullmatch(cleaned) or _WORDS.fullmatch(cleaned)
        if found is None or not any(found.groups()):
            raise AreaUnreadable(
                text, "not-an-area", "ไม่ใช่เนื้อที่ ให้เขียนเช่น 3 ไร่ 2 งาน 50 ตร.ว. หรือ 3-2-50"
            )
        parts = [None if part is None else _number(text, part) for part in found.groups()]
        _check_parts(text, parts)
        rai, ngan, wa = (part or Decimal(0) for part in parts)
        return cls.from_rai_ngan_wa(rai, ngan, wa)

    @property
    def rai(self) -> int:
        """Whole rai."""
        return int(self.square_wa // SQUARE_WA_PER_RAI)

    @property
    def ngan(self) -> int:
        """Whole ngan beyond the rai, 0–3."""
        return int(self.square_wa % SQUARE_WA_PER_RAI // SQUARE_WA_PER_NGAN)

    @property
    def wa(self) -> Decimal:
        """Square wa beyond the ngan, 0 to under 100."""
        return self.square_wa % SQUARE_WA_PER_NGAN

    @property
    def square_metres(self) -> Decimal:
        """The whole area in square metres."""
        return self.square_wa * SQUARE_METRES_PER_SQUARE_WA

    @property
    def in_rai(self) -> Decimal:
        """The whole area in rai, with its fraction."""
        return self.square_wa / SQUARE_WA_PER_RAI

    def format(self) -> str:
        """In words, parts that are zero left out: "3 ไร่ 2 งาน 50 ตร.ว.".

        Source: 1 ไร่ = 4 งาน = 400 ตารางวา.
        """
        parts = []
        if self.rai:
            parts.append(f"{format_trimmed(self.rai)} ไร่")
        if self.ngan:
            parts.append(f"{self.ngan} งาน")
        if self.wa or not parts:
            parts.append(f"{format_trimmed(self.wa)} ตร.ว.")
        return " ".join(parts)

    def format_short(self) -> str:
        """As a title deed writes it: "3-2-50".

        Source: title deeds write ไร่-งาน-ตารางวา.
        """
        return f"{self.rai}-{self.ngan}-{format_trimmed(self.wa)}"

    def __add__(self, other: LandArea) -> LandArea:
        return LandArea(self.square_wa + other.square_wa)

    def __str__(self) -> str:
        return self.format()


def _number(text: str, part: str) -> Decimal:
    try:
        return parse_decimal(part)
    except NumberUnreadable as fault:
        raise AreaUnreadable(text, "number", fault.reason) from fault


def _check_parts(text: str, parts: list[Decimal | None]) -> None:
    given = [index for index, part in enumerate(parts) if part is not None]
    for index in given:
        part = parts[index]
        assert part is not None
        if index != given[-1] and part % 1:
            raise AreaUnreadable(text, "number", "ทศนิยมใช้ได้เฉพาะหน่วยสุดท้าย")
        limit = (None, 4, 100)[index]
        if index != given[0] and limit is not None and part >= limit:
            unit = ("ไร่", "งาน", "ตารางวา")[index]
            raise AreaUnreadable(
                text, "part-too-large", f"{unit} ต้องน้อยกว่า {limit} เมื่อมีหน่วยใหญ่กว่าอยู่ข้างหน้า"
            )
