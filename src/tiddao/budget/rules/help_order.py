"""Whom to help first: the order of a deadline's board, and the reason in words.

Support before blame: the board does not begin with the lowest share but with those who have asked,
then with those who by their own curve will not make it. The order is proposed; nobody has published
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tiddao.budget.rules.forecast import WILL_MISS_BELOW

HelpStep = Literal["asks", "check", "miss", "late", "going", "reached", "nodata"]

STEPS: tuple[HelpStep, ...] = ("asks", "miss", "check", "late", "going", "reached", "nodata")
STEP_TH: Mapping[HelpStep, str] = {
    "asks": "ขอความช่วยเหลือและยังรอคำตอบ",
    "miss": "โอกาสทันกำหนดต่ำกว่าร้อยละ 10",
    "check": "ข้อมูลควรตรวจสอบก่อน",
    "late": "ต้องเร่งกว่าอัตรา 30 วันล่าสุด",
    "going": "อัตราปัจจุบันพอให้ทันกำหนด",
    "reached": "ถึงเป้าหมายแล้ว",
    "nodata": "ยังไม่มีข้อมูล",
}
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Need:
    """What is known of one unit. chance: 0–1; per_day: points needed a working day; recent: points
    a working day of the last 30 days; left: baht still to be spent. None: not known.
    """

    unit: str
    known: bool
    asks_help: bool = False
    doubtful: bool = False
    points_left: Decimal | None = None
    chance: Decimal | None = None
    per_day: Decimal | None = None
    recent: Decimal | None = None
    left: Decimal | None = None


def step_of(need: Need) -> HelpStep:
    """Which group of the order the unit stands in.

    Source: this module (proposed); issue "งบ", Acting on it (support before blame).
    """
    slow = need.per_day is None or need.recent is None or need.recent < need.per_day
    tried: tuple[tuple[HelpStep, bool], ...] = (
        ("asks", need.asks_help),
        ("nodata", not need.known),
        ("check", need.doubtful),
        ("reached", need.points_left is not None and need.points_left <= 0),
        ("miss", need.chance is not None and need.chance < WILL_MISS_BELOW),
        ("late", slow),
    )
    return next((step for step, holds in tried if holds), "going")


def by_need(needs: Iterable[Need]) -> list[Need]:
    """The units, whom to help first at the head; no unit is dropped, ties by unit code.

    Source: this module (proposed); issue "งบ", Acting on it (support before blame).
    """
    return sorted(needs, key=_key)


def _key(need: Need) -> tuple[int, Decimal, Decimal, str]:
    step = step_of(need)
    urgency = _NOTHING
    if step == "late":
        urgency = _urgency(need)
    elif step == "miss" and need.chance is not None:
        urgency = need.chance
    return (STEPS.index(step), urgency, -(need.left or _NOTHING), need.unit)


def _urgency(need: Need) -> Decimal:
    """Less is more urgent: minus how many times faster it must go; nothing spent is the most."""
    if need.per_day is None:
        return Decimal("-Infinity")  # no working day is left
    if need.recent is None or need.recent <= 0:
        return Decimal("-1e9") - need.per_day
    return -(need.per_day / need.recent)
