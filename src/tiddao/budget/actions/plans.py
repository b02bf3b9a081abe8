"""Writing, handing in, approving and returning catch-up plans.

A plan's row is locked by whoever moves it. ``seen`` is the moment of the state that the person had
before them: when somebody else has changed the plan since, nothing is written and they are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import connection, transaction

from tiddao.budget.actions.deadlines import lock_for_deadlines
from tiddao.budget.models import CatchUpPlan, CatchUpWeek, DelayReason, SpendingDeadline
from tiddao.budget.queries.plans import OwnMoney, own_money
from tiddao.budget.rules.plans import (
    PlanAct,
    PlanState,
    left_over,
    missing_amount,
    next_state,
)
from tiddao.budget.rules.weeks import plan_weeks
from tiddao.kernel.workdays import last_working_day
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor

_AT_WORK = (CatchUpPlan.State.DRAFT, CatchUpPlan.State.SUBMITTED)


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """Until its last working day the office will have spent so much more, in baht."""

    until: date
    amount: Decimal
    what: str = ""


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """What an office writes. reasons: of ``DelayReason``; leaves_why: why it does not cover all."""

    reasons: tuple[str, ...]
    words: str
    weeks: tuple[PlannedWeek, ...]
    leaves_why: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a plan. week: the week it is about, where it is about one.

    code: deadline_ended, deadline_passed, no_figures, nothing_missing, waiting, reasons_missing,
    unknown_reason, words_missing, unknown_week, week_twice, negative_amount, half_satang,
    nothing_planned, more_than_is_left, leaves_without_why, reason_missing.
    """

    code: str
    field: str = ""
    week: date | None = None
    amount: Decimal | None = None


class PlanRefused(Exception):
    """The plan was not written; faults say all that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(each.code for each in faults))
        self.faults = tuple(faults)


class PlanMovedOn(Exception):
    """Somebody else changed the plan in the meantime; nothing was written. current: as it stands."""

    def __init__(self, current: CatchUpPlan | None) -> None:
        super().__init__(f"{current} is {current.state}" if current else "there is no plan")
        self.current = current


@transaction.atomic
def write_plan(
    deadline_id: int,
    place: str,
    written: WrittenPlan,
    *,
    seen: datetime | None,
    on: date,
    by: Actor,
    at: datetime,
) -> CatchUpPlan:
    """Write the draft of an office's plan, or write it again; a decided plan gets a next version.

    seen: the moment of the draft that the writer had before them; None: there was none. What is
    missing is reckoned on the day from the office's book. Raises PlanRefused with every fault,
    PlanMovedOn, SpendingDeadline.DoesNotExist.
    """
    deadline = _deadline_in_force(deadline_id)
    lock_for_deadlines(place, deadline_id)
    plans = list(
        CatchUpPlan.objects.select_for_update()
        .filter(deadline=deadline, place=place)
        .order_by("-version")
    )
    at_work = next((each for each in plans if each.state in _AT_WORK), None)
    if at_work is not None and at_work.state == CatchUpPlan.State.SUBMITTED:
        raise PlanRefused([Fault("waiting")])
    if (at_work.at if at_work else None) != seen:
        raise PlanMovedOn(at_work or (plans[0] if plans else None))
    money = own_money(deadline, place, on=on)
    if money is None:
        raise PlanRefused([Fault("no_figures")])
    faults, leaves = _checked(written, deadline, money, on=on)
    if faults:
        raise PlanRefused(faults)
    before = _said(at_work) if at_work else None
    if at_work is None:
        at_work = CatchUpPlan(
            deadline=deadline, place_id=place, version=(plans[0].version if plans else 0) + 1
        )
    _move(at_work, "write", by=by)
    at_work.reasons = list(dict.fromkeys(written.reasons))
    at_work.words = written.words.strip()
    at_work.base, at_work.spent = money.base, money.spent
    at_work.leaves = leaves
    at_work.leaves_why = written.leaves_why.strip() if leaves else ""
    at_work.written_on = on
    at_work.writers = _with(at_work.writers, by)
    at_work.by, at_work.by_post, at_work.at = by.reference, by.post[:120], at
    at_work.save()
    at_work.weeks.all().delete()
    CatchUpWeek.objects.bulk_create(
        CatchUpWeek(plan=at_work, until=each.until, amount=each.amount, what=each.what.strip())
        for each in written.weeks
    )
    _record("write_plan", at_work, by=by, at=at, before=before)
    return at_work


@transaction.atomic
def submit_plan(plan_id: int, *, seen: datetime, by: Actor, at: datetime) -> CatchUpPlan:
    """Hand the draft in to a head. Raises PlanMovedOn, PlanRefused, CatchUpPlan.DoesNotExist."""
    held = _held(plan_id, seen=seen)
    _deadline_in_force(held.deadline_id)
    before = _said(held)
    _move(held, "submit", by=by)
    held.writers = _with(held.writers, by)
    held.at = at
    held.save(update_fields=["state", "writers", "at"])
    _record("submit_plan", held, by=by, at=at, before=before)
    return held


@transaction.atomic
def approve_plan(
    plan_id: int, *, seen: datetime, by: Actor, at: datetime, words: str = ""
) -> CatchUpPlan:
    """Approve a plan; the approved one before it is replaced by it.

    Raises PlanActRefused for one's own plan, PlanMovedOn, CatchUpPlan.DoesNotExist.
    """
    held = _held(plan_id, seen=seen)
    before = _said(held)
    _move(held, "approve", by=by)
    former = (
        CatchUpPlan.objects.select_for_update()
        .filter(deadline=held.deadline_id, place=held.place_id, state=CatchUpPlan.State.APPROVED)
        .first()
    )
    if former is not None:
        _move(former, "replace", by=by)
        former.save(update_fields=["state"])
    _decide(held, words, by=by, at=at)
    replaced = former.version if former else None
    _record("approve_plan", held, by=by, at=at, before=before, more={"replaces": replaced})
    return held


@transaction.atomic
def return_plan(
    plan_id: int, *, reason: str, seen: datetime, by: Actor, at: datetime
) -> CatchUpPlan:
    """Return a plan with a reason; the office answers with the next version.

    Raises PlanRefused without a reason, PlanActRefused, PlanMovedOn, CatchUpPlan.DoesNotExist.
    """
    held = _held(plan_id, seen=seen)
    before = _said(held)
    _move(held, "return", by=by)
    if not reason.strip():
        raise PlanRefused([Fault("reason_missing", "words")])
    _decide(held, reason, by=by, at=at)
    _record("return_plan", held, by=by, at=at, before=before)
    return held


# -- what a plan must be --------------------------------------------------------------------------


def _checked(
    written: WrittenPlan, deadline: SpendingDeadline, money: OwnMoney, *, on: date
) -> tuple[list[Fault], Decimal]:
    """Return all that is wrong, and what the plan leaves of the missing amount."""
    missing = missing_amount(money.base, money.spent, deadline.goal)
    finish = last_working_day(deadline.day)
    if on >= finish:
        return [Fault("deadline_passed")], missing
    if not missing:
        return [Fault("nothing_missing")], missing
    faults: list[Fault] = []
    if not written.reasons:
        faults.append(Fault("reasons_missing", "reasons"))
    if set(written.reasons) - set(DelayReason.values):
        faults.append(Fault("unknown_reason", "reasons"))
    if not written.words.strip():
        faults.append(Fault("words_missing", "words"))
    faults += _week_faults(written.weeks, {week.until for week in plan_weeks(on, finish)})
    amounts = [each.amount for each in written.weeks]
    planned = sum(amounts, Decimal(0))
    leaves = left_over(missing, amounts)
    if not planned:
        faults.append(Fault("nothing_planned", "weeks"))
    elif planned > money.base - money.spent:
        faults.append(
            Fault("more_than_is_left", "weeks", amount=planned - (money.base - money.spent))
        )
    elif leaves and not written.leaves_why.strip():
        faults.append(Fault("leaves_without_why", "leaves_why", amount=leaves))
    return faults, leaves


def _week_faults(weeks: Sequence[PlannedWeek], known: set[date]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[date] = set()
    for each in weeks:
        if each.until not in known:
            faults.append(Fault("unknown_week", "weeks", each.until))
        elif each.until in seen:
            faults.append(Fault("week_twice", "weeks", each.until))
        seen.add(each.until)
        if each.amount < 0:
            faults.append(Fault("negative_amount", "weeks", each.until))
        elif each.amount != round(each.amount, 2):
            faults.append(Fault("half_satang", "weeks", each.until))
    return faults


# -- moving it ------------------------------------------------------------------------------------


def _deadline_in_force(deadline_id: int) -> SpendingDeadline:
    """Read the deadline and keep it from being moved or ended until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM budget_spendingdeadline WHERE id = %s FOR SHARE", [deadline_id]
        )
    deadline = SpendingDeadline.objects.get(pk=deadline_id)
    if deadline.ended_at is not None:
        raise PlanRefused([Fault("deadline_ended")])
    return deadline


def _held(plan_id: int, *, seen: datetime) -> CatchUpPlan:
    """Lock the plan; raise PlanMovedOn when it is not as the person saw it."""
    asked = CatchUpPlan.objects.get(pk=plan_id)
    # All versions of one office are moved one at a time: an approval replaces another.
    lock_for_deadlines(asked.place_id, asked.deadline_id)
    held = CatchUpPlan.objects.select_for_update().get(pk=plan_id)
    if held.at != seen:
        raise PlanMovedOn(held)
    return held


def _move(plan: CatchUpPlan, act: PlanAct, *, by: Actor) -> None:
    """Take one step of the law of plans. Raises PlanActRefused."""
    plan.state = next_state(
        cast("PlanState", plan.state), act, by=by.reference, writers={plan.by, *plan.writers}
    )


def _decide(plan: CatchUpPlan, words: str, *, by: Actor, at: datetime) -> None:
    plan.decided_by, plan.decided_at, plan.decision_words = by.reference, at, words.strip()
    plan.at = at
    plan.save(update_fields=["state", "decided_by", "decided_at", "decision_words", "at"])


def _with(writers: Sequence[str], by: Actor) -> list[str]:
    return list(dict.fromkeys([*writers, by.reference]))


def _said(plan: CatchUpPlan) -> dict[str, Any]:
    weeks = plan.weeks.values_list("until", "amount", "what")
    return {
        "state": plan.state,
        "reasons": plan.reasons,
        "words": plan.words,
        "base": str(plan.base),
        "spent": str(plan.spent),
        "leaves": str(plan.leaves),
        "leaves_why": plan.leaves_why,
        "decision_words": plan.decision_words,
        "weeks": [[until.isoformat(), str(amount), what] for until, amount, what in weeks],
    }


def _record(
    act: str,
    plan: CatchUpPlan,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None,
    more: dict[str, Any] | None = None,
) -> None:
    record(
        act,
        on=f"deadline:{plan.deadline_id}/plan:{plan.pk}",
        by=by,
        at=at,
        place=plan.place_id,
        before=before,
        after=_said(plan),
        detail={"version": plan.version, "leaves": plan.leaves} | (more or {}),
    )
