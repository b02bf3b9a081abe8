"""A catch-up plan: its states, what it must cover, the amounts proposed, and how it is kept.

The machine is the whole law of a plan: what is not in ``MOVES`` cannot happen. Who may move it is a
second question, and has one rule here: nobody decides on a plan that they wrote or handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Literal

from tiddao.budget.rules.reckoning import StatusKind
from tiddao.budget.rules.weeks import Week
from tiddao.kernel.money import SATANG

PlanState = Literal["draft", "submitted", "returned", "approved", "replaced"]
PlanAct = Literal["write", "submit", "approve", "return", "replace"]

MOVES: Mapping[tuple[PlanState, PlanAct], PlanState] = {
    ("draft", "write"): "draft",
    ("draft", "submit"): "submitted",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "returned",
    ("approved", "replace"): "replaced",
}
"""Every step a plan can take. A returned or approved plan is answered by a next version."""
DECISIONS: frozenset[PlanAct] = frozenset({"approve", "return"})

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)


class PlanActRefused(Exception):
    """A step that a plan cannot take. code: wrong_state, own_plan."""

    def __init__(
        self, code: Literal["wrong_state", "own_plan"], state: PlanState, act: PlanAct
    ) -> None:
        super().__init__(f"{code}: {act} on {state}")
        self.code = code
        self.state = state
        self.act = act


def next_state(state: PlanState, act: PlanAct, *, by: str, writers: Collection[str]) -> PlanState:
    """The state after the act. by: who does it; writers: all who wrote or handed in this version.

    Raises PlanActRefused: for a step that is not in MOVES, and for a decision on one's own plan.

    Source: issue "งบ", Acting on it ("its head approves it"); product.md, Results ("a person never
    approves their own submission").
    """
    after = MOVES.get((state, act))
    if after is None:
        raise PlanActRefused("wrong_state", state, act)
    if act in DECISIONS and by in writers:
        raise PlanActRefused("own_plan", state, act)
    return after


def missing_amount(base: Decimal, spent: Decimal, goal: Decimal) -> Decimal:
    """What must still be spent to reach the goal (per cent of base), in baht, rounded up to the satang.

    Never below zero.

    Source: docs domain 3.1 (SEED-B: what is missing to the deadline's goal).
    """
    wanted = (base * goal / _HUNDRED).quantize(SATANG, rounding=ROUND_CEILING)
    return max(wanted - spent, _NOTHING)


def proposed_amounts(missing: Decimal, weeks: Sequence[Week]) -> tuple[Decimal, ...]:
    """What each week would spend at the pace needed: by its working days, exact in sum.

    Baht to the satang. Raises ValueError without weeks but with something missing.

    Source: issue "งบ", Reckoning (pace: baht per working day needed to the last working day).
    """
    days = sum(week.working_days for week in weeks)
    if not days:
        if missing:
            raise ValueError("no working day is left to plan for")
        return ()
    amounts = []
    gone, before = 0, _NOTHING
    for week in weeks:
        gone += week.working_days
        upto = (missing * gone / days).quantize(SATANG, rounding=ROUND_HALF_UP)
        amounts.append(upto - before)
        before = upto
    return tuple(amounts)


def left_over(missing: Decimal, amounts: Sequence[Decimal]) -> Decimal:
    """What a plan leaves of the missing amount, in baht; 0 when it covers it or more.

    Source: issue "งบ", Acting on it; a plan that falls short says by how much and why.
    """
    return max(missing - sum(amounts, _NOTHING), _NOTHING)


KeptCode = Literal["kept", "ahead", "behind", "nodata", "now", "to_come"]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a week's outcome is shown: never by colour alone."""

    code: KeptCode
    kind: StatusKind | Literal["info"]
    word_th: str


KEPT: Mapping[KeptCode, Kept] = {
    each.code: each
    for each in (
        Kept("kept", "ok", "ตามแผน"),
        Kept("ahead", "ok", "เร็วกว่าแผน"),
        Kept("behind", "bad", "ช้ากว่าแผน"),
        Kept("nodata", "nodata", "ยังไม่มีข้อมูล"),
        Kept("now", "info", "สัปดาห์นี้"),
        Kept("to_come", "info", "ยังไม่ถึงกำหนด"),
    )
}


@dataclass(frozen=True, slots=True)
class WeekKept:
    """One week of a plan beside what was really spent. Amounts in baht, sums from the plan's start.

    spent, spent_sum: None where nothing is known of the week.
    """

    until: date
    planned: Decimal
    planned_sum: Decimal
    spent: Decimal | None
    spent_sum: Decimal | None
    kept: Kept


def weeks_kept(
    planned: Sequence[tuple[date, Decimal]],
    spent: Sequence[Decimal],
    *,
    on: date,
    known_to: date | None,
) -> tuple[WeekKept, ...]:
    """Each week of a plan, in order, with what was spent in it, as of the day.

    planned: (last working day, amount); spent: by week, as many. known_to: the last day of which
    the books say anything; a week that ends later is without data, and one that has not ended yet
    is not judged. Judged by sums, so that one late week made good in the next is kept: "ahead" has
    reached the next week's sum already.

    Source: issue "งบ", Acting on it (planned against really spent each week; no data is grey).
    """
    if len(planned) != len(spent):
        raise ValueError("one amount spent for each week")
    sums, total = [], _NOTHING
    for _, amount in planned:
        total += amount
        sums.append(total)
    found = []
    really = _NOTHING
    for number, ((until, amount), real) in enumerate(zip(planned, spent, strict=True)):
        really += real
        begun = number == 0 or planned[number - 1][0] < on
        known = known_to is not None and known_to >= until
        code: KeptCode
        if until >= on:
            code = "now" if begun else "to_come"
        elif not known:
            code = "nodata"
        elif really < sums[number]:
            code = "behind"
        else:
            following = sums[number + 1] if number + 1 < len(sums) else None
            code = (
                "ahead" if following is not None and really >= following > sums[number] else "kept"
            )
        partly = (
            begun and known_to is not None and (number == 0 or known_to > planned[number - 1][0])
        )
        shown = known or (code == "now" and partly)
        found.append(
            WeekKept(
                until=until,
                planned=amount,
                planned_sum=sums[number],
                spent=real if shown else None,
                spent_sum=really if shown else None,
                kept=KEPT[code],
            )
        )
    return tuple(found)
