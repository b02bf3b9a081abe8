"""Positions judged: shares, expected shares, status, and the pace to the next goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tiddao.budget.queries.goals import Goal, official_target, year_goal
from tiddao.budget.queries.positions import (
    ANY_SPENDING,
    AnySpending,
    Position,
    positions,
    positions_by_spending,
)
from tiddao.budget.queries.scores import DistrictScore, district_scores
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.books import Balance
from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.pace import RECENT_DAYS, Pace, Reported, pace_to
from tiddao.budget.rules.reckoning import Amounts, JudgedBy, Reckoning, Status, reckon
from tiddao.kernel.fiscal import FiscalYear


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One unit's money on one day. basis: of the share that is compared.

    pace: to the goal; None where nothing was reported. score: of แบบประเมินที่ 1, where asked for.
    """

    position: Position
    reckoning: Reckoning
    basis: Basis
    judged_by: JudgedBy
    goal: Goal
    pace: Pace | None
    score: DistrictScore | None = None

    @property
    def status(self) -> Status:
        return self.reckoning.status

    @property
    def percent(self) -> Decimal | None:
        """The share of the basis, in per cent."""
        if self.basis == "used":
            return self.reckoning.used_percent
        return self.reckoning.disbursed_percent

    @property
    def gap(self) -> Decimal | None:
        """Points from the share expected by days gone by."""
        return self.reckoning.gap_by_days

    @property
    def judged_gap(self) -> Decimal | None:
        """Points from the share that the status compares with."""
        by_days = self.judged_by == "days"
        return self.reckoning.gap_by_days if by_days else self.reckoning.gap_by_target


def reckoned(
    year: FiscalYear,
    units: Sequence[str],
    *,
    on: date,
    basis: Basis = "disbursed",
    spending: AnySpending = "total",
    fund: str = "",
    deadline: tuple[date, Decimal] | Goal | None = None,
    judged_by: JudgedBy = "days",
    with_scores: bool = False,
) -> dict[str, Reckoned]:
    """Return each unit's money at the end of the day, judged, by key; a constant number of queries.

    deadline: the day and share the pace leads to; None takes the year's official target, or all of
    it by 30 September. with_scores: the 0–5 score of districts too (three queries more).
    """
    goal = _goal(deadline, year, spending, basis)
    found = positions(
        year, units, spending=spending, fund=fund, on=on, since=on - timedelta(days=RECENT_DAYS)
    )
    scores = district_scores(year, found, on=on) if with_scores else {}
    return {
        key: _reckoned(
            each, year, spending, goal, on=on, judged_by=judged_by, score=scores.get(key)
        )
        for key, each in found.items()
    }


def reckoned_by_spending(
    year: FiscalYear,
    units: Sequence[str],
    *,
    on: date,
    goals: Mapping[AnySpending, Goal],
    fund: str = "",
    judged_by: JudgedBy = "days",
) -> dict[AnySpending, dict[str, Reckoned]]:
    """Return the same for each type of spending and for all of it, each to its own goal."""
    found = positions_by_spending(
        year, units, fund=fund, on=on, since=on - timedelta(days=RECENT_DAYS)
    )
    return {
        spending: {
            key: _reckoned(each, year, spending, goals[spending], on=on, judged_by=judged_by)
            for key, each in found[spending].items()
        }
        for spending in ANY_SPENDING
    }


def _goal(
    deadline: tuple[date, Decimal] | Goal | None,
    year: FiscalYear,
    spending: AnySpending,
    basis: Basis,
) -> Goal:
    if deadline is None:
        return year_goal(year, spending, basis)
    if isinstance(deadline, Goal):
        return deadline
    day, percent = deadline
    return Goal(day, percent, basis, "", "deadline")


def _reckoned(
    position: Position,
    year: FiscalYear,
    spending: AnySpending,
    goal: Goal,
    *,
    on: date,
    judged_by: JudgedBy,
    score: DistrictScore | None = None,
) -> Reckoned:
    balance = position.balance
    amounts = balance.amounts if balance else Amounts(base=None)
    thresholds = status_thresholds()
    reckoning = reckon(
        amounts,
        year=year,
        on=on,
        thresholds=thresholds,
        target=official_target(year, spending, goal.basis, on=on),
        basis=goal.basis,
        judged_by=judged_by,
        doubtful=thresholds.is_doubtful(
            offices=position.offices, with_issues=position.offices_with_issues
        ),
    )
    share = reckoning.used_percent if goal.basis == "used" else reckoning.disbursed_percent
    return Reckoned(
        position=position,
        reckoning=reckoning,
        basis=goal.basis,
        judged_by=judged_by,
        goal=goal,
        pace=None
        if share is None
        else pace_to(
            goal.day,
            as_of=on,
            percent=share,
            base=amounts.base,
            goal=goal.percent,
            reports=_earlier(position, share, goal.basis, on=on),
        ),
        score=score,
    )


def _earlier(position: Position, share: Decimal, basis: Basis, *, on: date) -> tuple[Reported, ...]:
    """The share thirty days before, as a share of today's money, so that paces can be compared.

    An allotment that came since then is no spending, and does not slow the pace shown.
    """
    if position.moved is None:
        return ()
    points = percent_of(_spent(position.moved, basis), position.moved_base)
    if points is None:
        return ()
    return (Reported(on - timedelta(days=RECENT_DAYS), share - points),)


def _spent(balance: Balance, basis: Basis) -> Decimal:
    return balance.disbursed + (balance.committed if basis == "used" else Decimal(0))
