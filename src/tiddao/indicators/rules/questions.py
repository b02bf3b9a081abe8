"""Questions about a figure that may well be right: asked of the person who reports it, at once.

Nothing here refuses: ``scoring.contribution`` refuses what cannot be true. A question says what is
unusual against the office's own last report, with both figures, so that it can be answered on sight.
All bounds are proposed; no office has published any.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.scoring import (
    Parts,
    Reported,
    contribution,
    level_of,
    value_of,
)
from tiddao.kernel.numerals import format_trimmed, rounded

QuestionCode = Literal["jump", "base_changed", "stock_fell", "step_back", "same_as_last"]

JUMP_LEVELS = Decimal(2)
"""A change of so many levels between two rounds is asked about."""
JUMP_SHARE = Decimal("0.5")
"""Without a ladder: a change by more than half of the last value."""
BASE_SHARE = Decimal("0.2")
"""A base (villages, households) rarely changes by more than a fifth between two rounds."""


@dataclass(frozen=True, slots=True)
class Question:
    """code is stable; message_th is shown beside the figure."""

    code: QuestionCode
    message_th: str


def questions(
    indicator: IndicatorDefinition, report: Reported, last: Reported | None
) -> tuple[Question, ...]:
    """Return what to ask about a report, given the office's last one; empty without a last one.

    Both reports are possible ones. Source: docs anchors §3 no. 9 (checks in words, at the cell);
    the bounds are proposed.
    """
    if last is None:
        return ()
    now, before = contribution(indicator, report), contribution(indicator, last)
    found = [
        _jump(indicator, now, before),
        _base(indicator, report, last),
        _stock(indicator, report, last),
        _steps(report, last),
        _same(indicator, report, last),
    ]
    return tuple(each for each in found if each is not None)


def _jump(indicator: IndicatorDefinition, now: Parts, before: Parts) -> Question | None:
    value, was = value_of(indicator, now), value_of(indicator, before)
    if value is None or was is None:
        return None
    if indicator.ladder is not None:
        far = abs(level_of(value, indicator.ladder) - level_of(was, indicator.ladder))
        unusual = far >= JUMP_LEVELS
    else:
        unusual = abs(value - was) > JUMP_SHARE * abs(was)
    if not unusual or value == was:
        return None
    change = "เพิ่มขึ้น" if value > was else "ลดลง"
    return Question(
        "jump",
        f"{change}มากจากครั้งก่อน: จาก {indicator.amount_th(rounded(was, 2))} เป็น {indicator.amount_th(rounded(value, 2))} "
        "ถูกต้องหรือไม่",
    )


def _base(indicator: IndicatorDefinition, report: Reported, last: Reported) -> Question | None:
    base, was = report.denominator, last.denominator
    if indicator.kind not in {"ratio", "count"} or base is None or not was:
        return None
    if abs(base - was) <= BASE_SHARE * was:
        return None
    name = indicator.denominator_th or indicator.base_th or "ฐาน"
    return Question(
        "base_changed",
        f"{name}ต่างจากครั้งก่อนมาก: จาก {format_trimmed(was)} เป็น {format_trimmed(base)} ถูกต้องหรือไม่",
    )


def _stock(indicator: IndicatorDefinition, report: Reported, last: Reported) -> Question | None:
    now, was = report.numerator, last.numerator
    if indicator.kind != "latest" or now is None or was is None or now >= was:
        return None
    return Question(
        "stock_fell",
        f"ยอดสะสมน้อยกว่าครั้งก่อน: จาก {format_trimmed(was)} เหลือ {format_trimmed(now)} ถูกต้องหรือไม่",
    )


def _steps(report: Reported, last: Reported) -> Question | None:
    if report.steps is None or last.steps is None:
        return None
    lost = sorted(last.steps - report.steps)
    if not lost:
        return None
    shown = ", ".join(str(each) for each in lost)
    return Question("step_back", f"ครั้งก่อนรายงานว่าทำขั้นที่ {shown} แล้ว ครั้งนี้ไม่มี ถูกต้องหรือไม่")


def _same(indicator: IndicatorDefinition, report: Reported, last: Reported) -> Question | None:
    """Copied forward? Steps and stocks may well stand still; sums of two figures hardly do."""
    if indicator.kind not in {"ratio", "average"} or report != last or not report.numerator:
        return None
    if report.numerator == report.denominator:
        return None  # all of them, once more: nothing to ask
    return Question("same_as_last", "ตัวเลขเท่ากับครั้งก่อนทุกช่อง เป็นข้อมูลของรอบนี้แล้วหรือยัง")
