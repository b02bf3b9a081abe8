"""Deadlines of the demonstration, and what offices behind them say, plan and ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from tiddao.budget.actions.deadlines import NewDeadline, set_deadline
from tiddao.budget.actions.help import answer_help, ask_help, pass_up_help
from tiddao.budget.actions.plans import (
    PlannedWeek,
    PlanRefused,
    WrittenPlan,
    approve_plan,
    return_plan,
    submit_plan,
    write_plan,
)
from tiddao.budget.models import CatchUpPlan, SpendingDeadline
from tiddao.budget.queries.plans import own_money
from tiddao.budget.rules.plans import missing_amount, proposed_amounts
from tiddao.budget.rules.weeks import plan_weeks
from tiddao.config.demonstration.books import keeper_of, known_until
from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.districts import PROVINCE, SHOWN
from tiddao.config.demonstration.money import working
from tiddao.config.demonstration.people import DEPUTY, HEAD_OF_PROVINCE, actor
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.workdays import last_working_day
from tiddao.places.models import NATION

GOALS = {1: Decimal(30), 2: Decimal(54), 3: Decimal(77), 4: Decimal(93)}
"""Per cent of the year's money by the end of a quarter: invented, in the neighbourhood of real ones."""
SHORTEST = timedelta(days=14)
"""A deadline nearer than this is no longer set; the one after it is."""
_SOURCE = "หนังสือสาธิต ที่ มท 0402/ว 999"

DRAFTED, RETURNED, APPROVED, RENEWED = "5713", "5710", "5708", "5703"
"""Districts whose plans are in each state; that of SHOWN waits for its head."""
_WHY: dict[str, tuple[tuple[str, ...], str]] = {
    SHOWN: (("procurement", "papers"), "อยู่ระหว่างจัดซื้อวัสดุฝึกอบรม และรอใบสำคัญค่าอาหารและที่พัก"),
    DRAFTED: (("activity_moved",), "เลื่อนการอบรมเพราะชาวบ้านอยู่ในช่วงเก็บเกี่ยว"),
    RETURNED: (("advances", "people"), "เจ้าหน้าที่การเงินย้าย ยังส่งใช้เงินยืมไม่ครบ"),
    APPROVED: (("late_allotment",), "ได้รับหนังสือจัดสรรช้ากว่าแผนสองสัปดาห์"),
    RENEWED: (("no_bidder",), "ประกาศจัดจ้างครั้งแรกไม่มีผู้ยื่นข้อเสนอ"),
}


def deadlines_are_there(day: date) -> bool:
    return SpendingDeadline.objects.filter(fiscal_year=FiscalYear.of(day).be).exists()


def set_deadlines(day: date) -> None:
    """The department sets the half year's end, the province the quarter's before it."""
    year, until = FiscalYear.of(day), known_until(day)
    on = min(max(year.start, working(year.start + timedelta(days=20))), until)
    quarters = [each for each in GOALS if year.quarter_end(each) >= until + SHORTEST]
    if not quarters:
        return
    halves = [each for each in quarters if each % 2 == 0] or quarters
    for place, quarter, username in (
        (NATION, halves[0], DEPUTY),
        (PROVINCE, quarters[0], HEAD_OF_PROVINCE),
    ):
        set_deadline(
            NewDeadline(
                place=place,
                year=year,
                name_th=f"เร่งรัดการเบิกจ่ายถึงสิ้นไตรมาส {quarter} (ข้อมูลสาธิต)",
                day=year.quarter_end(quarter),
                goal=GOALS[quarter],
                basis="disbursed",
                source=_SOURCE,
            ),
            on=on,
            by=actor(username, on=on),
            at=moment(on, MORNING),
        )


def plans_are_there(day: date) -> bool:
    """Also when there was nothing to plan: before the first deadline or figure of the year."""
    found = _deadline(day)
    return found is None or CatchUpPlan.objects.filter(deadline=found).exists()


def write_plans(day: date) -> None:
    """Districts behind the province's deadline say why and plan; some are answered, some ask for help."""
    held, on = _deadline(day), known_until(day)
    if held is None:
        return
    head = actor(HEAD_OF_PROVINCE, on=on)
    _plan(held, DRAFTED, on)
    _submitted(held, SHOWN, on)
    for place in (APPROVED, RENEWED):
        plan = _submitted(held, place, on)
        if plan is not None:
            approve_plan(plan.pk, seen=plan.at, by=head, at=moment(on, EVENING), words="เห็นชอบ")
    renewed = _submitted(held, RENEWED, on, at=moment(on, EVENING))
    if renewed is not None:
        approve_plan(renewed.pk, seen=renewed.at, by=head, at=moment(on, EVENING))
    sent_back = _submitted(held, RETURNED, on)
    if sent_back is not None:
        return_plan(
            sent_back.pk,
            reason="แผนยังไม่บอกว่าใครส่งใช้เงินยืม ขอให้ระบุรายสัญญาและวันที่",
            seen=sent_back.at,
            by=head,
            at=moment(on, EVENING),
        )
    _ask_for_help(held, on)


def _ask_for_help(held: SpendingDeadline, on: date) -> None:
    asked, head = moment(on, NOON), actor(HEAD_OF_PROVINCE, on=on)
    ask_help(
        held.pk, RETURNED, "ขอเจ้าหน้าที่การเงินช่วยตรวจใบสำคัญสองสัปดาห์",
        by=keeper_of(RETURNED, on), at=asked,
    )  # fmt: skip
    passed = ask_help(
        held.pk, DRAFTED, "ขอให้กรมยืนยันว่าเลื่อนกิจกรรมข้ามไตรมาสได้",
        by=keeper_of(DRAFTED, on), at=asked,
    )  # fmt: skip
    pass_up_help(passed.pk, seen=passed.asked_of_id, by=head, at=moment(on, EVENING))
    answered = ask_help(
        held.pk, RENEWED, "ขอตัวอย่างร่างขอบเขตงานที่มีผู้ยื่นข้อเสนอ", by=keeper_of(RENEWED, on), at=asked
    )
    answer_help(
        answered.pk,
        "ส่งตัวอย่างของอำเภอแม่จันให้แล้ว และนัดพี่เลี้ยงวันพุธหน้า",
        seen=answered.asked_of_id,
        by=head,
        at=moment(on, EVENING),
    )


def _deadline(day: date) -> SpendingDeadline | None:
    return SpendingDeadline.objects.filter(
        place=PROVINCE, fiscal_year=FiscalYear.of(day).be, ended_at__isnull=True
    ).first()


def _plan(
    held: SpendingDeadline, place: str, on: date, *, at: datetime | None = None
) -> CatchUpPlan | None:
    """Write the district's draft, at the pace needed; None where nothing is missing or known."""
    money = own_money(held, place, on=on)
    if money is None:
        return None
    missing = missing_amount(money.base, money.spent, held.goal)
    weeks = plan_weeks(on, last_working_day(held.day))
    if not missing or not weeks:
        return None
    reasons, words = _WHY[place]
    amounts: Sequence[Decimal] = proposed_amounts(missing, weeks)
    written = WrittenPlan(
        reasons=reasons,
        words=f"{words} (ข้อมูลสาธิต)",
        weeks=tuple(
            PlannedWeek(week.until, amount) for week, amount in zip(weeks, amounts, strict=True)
        ),
    )
    try:
        return write_plan(
            held.pk,
            place,
            written,
            seen=None,
            on=on,
            by=keeper_of(place, on),
            at=at or moment(on, MORNING),
        )
    except PlanRefused:
        return None  # the day is too near its end for a plan


def _submitted(
    held: SpendingDeadline, place: str, on: date, *, at: datetime | None = None
) -> CatchUpPlan | None:
    plan = _plan(held, place, on, at=at)
    if plan is None:
        return None
    return submit_plan(plan.pk, seen=plan.at, by=keeper_of(place, on), at=at or moment(on, NOON))
