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
from tiddao.budget.rules.accounts import Balance
from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.pace import RECENT_DAYS, Pace, Reported, pace_to
from tiddao.budget.rules.reckoning import Amounts, JudgedBy, Reckoning, Status, reckon
from tiddao.budget.rules.targets import TargetPoint
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
    measure = _measure(year, spending, goal, on=on, judged_by=judged_by)
    return {key: measure.of(each, scores.get(key)) for key, each in found.items()}


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
    measures = {
        spending: _measure(year, spending, goals[spending], on=on, judged_by=judged_by)
        for spending in ANY_SPENDING
    }
    return {
        spending: {key: measure.of(each) for key, each in found[spending].items()}
        for spending, measure in measures.items()
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


@dataclass(frozen=True, slots=True)
class _Measure:
    """What every unit of a board is judged by on one day; looked up once for all of them."""

    year: FiscalYear
    on: date
    goal: Goal
    target: TargetPoint | None
    judged_by: JudgedBy

    def of(self, position: Position, score: DistrictScore | None = None) -> Reckoned:
        balance, basis = position.balance, self.goal.basis
        amounts = balance.amounts if balance else Amounts(base=None)
        thresholds = status_thresholds()
        reckoning = reckon(
            amounts,
            year=self.year,
            on=self.on,
            thresholds=thresholds,
            target=self.target,
            basis=basis,
            judged_by=self.judged_by,
            doubtful=thresholds.is_doubtful(
                offices=position.offices, with_issues=position.offices_with_issues
            ),
        )
        share = reckoning.used_percent if basis == "used" else reckoning.disbursed_percent
        return Reckoned(
            position=position,
            reckoning=reckoning,
            basis=basis,
            judged_by=self.judged_by,
            goal=self.goal,
            pace=None if share is None else self._pace(position, share, amounts),
            score=score,
        )

    def _pace(self, position: Position, share: Decimal, amounts: Amounts) -> Pace:
        return pace_to(
            self.goal.day,
            as_of=self.on,
            percent=share,
            base=amounts.base,
            goal=self.goal.percent,
            reports=_earlier(position, share, self.goal.basis, on=self.on),
        )


def _measure(
    year: FiscalYear, spending: AnySpending, goal: Goal, *, on: date, judged_by: JudgedBy
) -> _Measure:
    target = official_target(year, spending, goal.basis, on=on)
    return _Measure(year, on, goal, target, judged_by)


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
