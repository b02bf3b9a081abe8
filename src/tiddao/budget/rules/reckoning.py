"""Where an office's money stands: shares, expected shares, gaps and the status a page shows.

Money is baht, exact to the satang. Shares and gaps are per cent and percentage points, unrounded:
whoever shows them rounds, whoever judges them does not. What was not reported is None and stays so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.targets import TargetPoint
from tiddao.budget.rules.thresholds import Thresholds
from tiddao.kernel.fiscal import FiscalYear

StatusCode = Literal["green", "yellow", "red", "grey", "purple"]
StatusKind = Literal["ok", "warn", "bad", "nodata", "check"]
JudgedBy = Literal["days", "target"]
DoubtCode = Literal["negative-amount", "over-budget", "money-without-budget"]

SEPTEMBER = 9
_HUNDRED = Decimal(100)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Status:
    """How a status is shown: never by colour alone. kind: what the page's status tag takes."""

    code: StatusCode
    kind: StatusKind
    word_th: str
    icon: str


STATUSES: Mapping[StatusCode, Status] = {
    each.code: each
    for each in (
        Status("green", "ok", "เป็นไปตามเป้าหมาย", "circle-check"),
        Status("yellow", "warn", "ต่ำกว่าเป้าหมายเล็กน้อย", "alert-triangle"),
        Status("red", "bad", "ต่ำกว่าเป้าหมายมาก", "circle-x"),
        Status("grey", "nodata", "ยังไม่มีข้อมูล", "circle-dashed"),
        Status("purple", "check", "ข้อมูลควรตรวจสอบ", "eye-check"),
    )
}
DOUBT_TH: Mapping[DoubtCode, str] = {
    "negative-amount": "มียอดเงินติดลบ",
    "over-budget": "ใช้จ่ายเกินวงเงินที่ได้รับ",
    "money-without-budget": "มีการใช้จ่ายแต่ไม่มีวงเงิน",
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is known of one budget on one day, in baht; None: not reported.

    base: วงเงินงบประมาณหลังโอนเปลี่ยนแปลง, money returned to the department already taken out.
    committed: contracts and purchase orders not yet paid. reserved: documents that reserve money to
    be carried over (เอกสารสำรองเงินที่จะกันเงินไว้เบิกเหลื่อมปี), a part of what remains; None where
    there are none. returned: ส่งคืนกรม, told beside the base, not part of it.
    """

    base: Decimal | None
    disbursed: Decimal | None = None
    committed: Decimal | None = None
    reserved: Decimal | None = None
    returned: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Amounts in baht, shares in per cent of the base, gaps in points; None: cannot be said."""

    on: date
    amounts: Amounts
    used: Decimal | None
    remaining: Decimal | None
    """Neither disbursed nor committed."""
    undisbursed: Decimal | None
    disbursed_percent: Decimal | None
    committed_percent: Decimal | None
    used_percent: Decimal | None
    expected_by_days: Decimal
    target: TargetPoint | None
    gap_by_days: Decimal | None
    gap_by_target: Decimal | None
    status: Status
    doubts: tuple[DoubtCode, ...]


def used_amount(amounts: Amounts, on: date) -> Decimal | None:
    """What counts as used (การใช้จ่าย) on the day, in baht: disbursed and committed.

    In September the documents that reserve money to be carried over count too, in no other month.
    None when either part was not reported.

    Source: footnotes of the treasury's weekly workbook (docs domain 3.2).
    """
    if amounts.disbursed is None or amounts.committed is None:
        return None
    used = amounts.disbursed + amounts.committed
    if on.month == SEPTEMBER and amounts.reserved is not None:
        used += amounts.reserved
    return used


def expected_by_days(year: FiscalYear, on: date) -> Decimal:
    """The share expected when money flows evenly over the year's days, in per cent, the day included.

    24 Jan 2562 is day 116 of 365: 31.78. (A tool in use counts 117 of 366: 31.97.)

    Source: docs domain 3.4 (pace status), 3.1 (SEED-B arithmetic).
    """
    return year.elapsed_share(on) * _HUNDRED


def status_of(
    percent: Decimal | None,
    expected: Decimal | None,
    *,
    thresholds: Thresholds,
    doubtful: bool = False,
) -> Status:
    """The status of a share against the expected one, both in per cent, unrounded.

    Doubtful data is purple whatever it says; so is a share outside 0–100. Without a share or an
    expectation it is grey.

    Source: docs domain 3.4 (green ≥ expected, yellow a little below, red further, grey, purple); the
    bounds are data (definitions/money-status.toml).
    """
    if doubtful or (percent is not None and not 0 <= percent <= _HUNDRED):
        return STATUSES["purple"]
    if percent is None or expected is None:
        return STATUSES["grey"]
    gap = percent - expected
    if gap >= thresholds.green_from:
        return STATUSES["green"]
    return STATUSES["yellow" if gap >= thresholds.yellow_from else "red"]


def doubts_of(amounts: Amounts) -> tuple[DoubtCode, ...]:
    """Why the amounts should be looked at before anyone is judged by them; empty when all is well.

    Source: docs domain 3.4 (ANOMALY: over 100 % or negative balance).
    """
    given = (
        amounts.base,
        amounts.disbursed,
        amounts.committed,
        amounts.reserved,
        amounts.returned,
    )
    spent = (amounts.disbursed or _NOTHING) + (amounts.committed or _NOTHING)
    found: list[DoubtCode] = []
    if any(each is not None and each < 0 for each in given):
        found.append("negative-amount")
    if amounts.base is not None and spent > max(amounts.base, _NOTHING):
        found.append("over-budget" if amounts.base > 0 else "money-without-budget")
    return tuple(found)


def reckon(
    amounts: Amounts,
    *,
    year: FiscalYear,
    on: date,
    thresholds: Thresholds,
    target: TargetPoint | None = None,
    basis: Basis = "disbursed",
    judged_by: JudgedBy = "days",
    doubtful: bool = False,
) -> Reckoning:
    """All that a page says of one budget on one day.

    basis: which share is compared, disbursed or used; the target must be of the same basis.
    judged_by: whether the status follows the days gone by or the official target. A status by a
    target that is not known is grey: nobody is called late against nothing. doubtful: findings of
    the source say that money is left out; then it is purple, as where the amounts contradict.

    Source: docs domain 3.1–3.4; issue "งบ", Reckoning.
    """
    used = used_amount(amounts, on)
    shares = {
        "disbursed": percent_of(amounts.disbursed, amounts.base),
        "used": percent_of(used, amounts.base),
    }
    share = shares[basis]
    by_days = expected_by_days(year, on)
    by_target = target.percent if target else None
    doubts = doubts_of(amounts)
    undisbursed = _less(amounts.base, amounts.disbursed)
    return Reckoning(
        on=on,
        amounts=amounts,
        used=used,
        remaining=_less(undisbursed, amounts.committed),
        undisbursed=undisbursed,
        disbursed_percent=shares["disbursed"],
        committed_percent=percent_of(amounts.committed, amounts.base),
        used_percent=shares["used"],
        expected_by_days=by_days,
        target=target,
        gap_by_days=_less(share, by_days),
        gap_by_target=_less(share, by_target),
        status=status_of(
            share,
            by_days if judged_by == "days" else by_target,
            doubtful=doubtful or bool(doubts),
            thresholds=thresholds,
        ),
        doubts=doubts,
    )


def _less(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else whole - part
