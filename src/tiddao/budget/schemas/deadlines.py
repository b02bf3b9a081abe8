"""What the JSON of deadlines, plans, requests for help and boards looks like.

Amounts are baht, shares per cent, gaps points; all exact decimal text. None: not reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema

from tiddao.budget.queries.boards import BoardHead, BoardView, Change
from tiddao.budget.queries.deadlines import DeadlineState, DeadlineView
from tiddao.budget.queries.plans import HelpView, PlanView
from tiddao.budget.queries.standings import BoardRow, Standings
from tiddao.budget.rules.help_order import STEP_TH
from tiddao.budget.rules.pace import Pace
from tiddao.budget.rules.plans import WeekKept
from tiddao.budget.rules.treasury_words import ORDER_TH


class DayOffOut(Schema):
    on: date
    name: str


class CountdownOut(Schema):
    """Days from as_of to the last working day; the holidays that were left out, by name."""

    as_of: date
    last_working_day: date
    last_working_day_words: str
    working_days_left: int
    calendar_days_left: int
    days_off: list[DayOffOut]
    holidays_announced: bool
    elapsed_percent: Decimal


class StateOut(Schema):
    """What a deadline said from a moment on."""

    day: date
    goal: Decimal
    source: str
    since: datetime
    end_reason: str


class DeadlineOut(Schema):
    """goal: per cent of the budget after transfers, on the basis, by the day."""

    id: int
    place: str
    place_name: str
    fiscal_year: int
    name: str
    day: date
    goal: Decimal
    basis: str
    spending: str
    fund: str
    source: str
    ended_at: datetime | None
    end_reason: str
    countdown: CountdownOut


class RowOut(Schema):
    """One unit. own_office: the office at the place alone, not the place with all below."""

    unit: str
    own_office: bool
    name: str
    rank: int | None
    rank_from_highest: int | None
    out_of: int
    tied: int
    base: Decimal | None
    disbursed: Decimal | None
    committed: Decimal | None
    used: Decimal | None
    returned: Decimal | None
    percent: Decimal | None
    target: Decimal | None
    gap: Decimal | None
    status: str
    status_words: str
    last_on: date | None
    baht_left: Decimal | None
    points_per_working_day: Decimal | None
    recent_points_per_working_day: Decimal | None
    chance: Decimal | None
    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    forecast_way: str
    forecast_words: str
    help_group: str
    help_group_words: str
    asks_help: bool
    plan_state: str
    reasons: list[str]
    words: str


class ChangeOut(Schema):
    """Against the board before: points of the share, places (+ is upwards)."""

    points: Decimal | None
    places: int | None


class KeptRowOut(RowOut):
    change: ChangeOut | None
    groups: list[str]


class StandingsOut(Schema):
    """A deadline's board as it stands now. rows: whom to help first at the head."""

    deadline: DeadlineOut
    history: list[StateOut]
    within: str
    as_of: date
    universe: str
    order_words: str
    chances_as_of: date | None
    own: RowOut
    rows: list[RowOut]


class WeekOut(Schema):
    until: date
    planned: Decimal
    what: str


class KeptWeekOut(Schema):
    """spent: None where nothing is known. kept: kept, ahead, behind, nodata, now or to_come."""

    until: date
    planned: Decimal
    spent: Decimal | None
    planned_sum: Decimal
    spent_sum: Decimal | None
    kept: str
    kept_words: str


class PlanOut(Schema):
    version: int
    state: str
    state_words: str
    reasons: list[str]
    reason_words: list[str]
    words: str
    base: Decimal
    spent: Decimal
    missing: Decimal
    leaves: Decimal
    leaves_why: str
    written_on: date
    at: datetime
    decided_at: datetime | None
    decision_words: str
    weeks: list[WeekOut]


class HelpOut(Schema):
    """asked_of: the place whose office is to answer now."""

    id: int
    place: str
    asked_of: str
    state: str
    words: str
    at: datetime
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None


class PlansOut(Schema):
    """An office against a deadline. kept: the plan in force beside what was really spent."""

    deadline: DeadlineOut
    place: str
    plans: list[PlanOut]
    kept: list[KeptWeekOut]
    help: list[HelpOut]


class BoardHeadOut(Schema):
    """day and goal: of the deadline as it stood then. late: kept long after its day."""

    id: int
    series: str
    as_of: date
    fiscal_year: int
    level: str
    within: str
    basis: str
    spending: str
    fund: str
    sheet: int | None
    deadline: int | None
    deadline_name: str
    day: date | None
    goal: Decimal | None
    universe: str
    order: str
    order_words: str
    taken_at: datetime
    late: bool
    superseded_at: datetime | None


class BoardOut(BoardHeadOut):
    """A kept board whole. bottom: units of the ten lowest ranks, ties included."""

    before: date | None
    own: KeptRowOut | None
    bottom: list[str]
    ties: int
    rows: list[KeptRowOut]


def deadline_out(found: DeadlineView, *, on: date) -> DeadlineOut:
    return DeadlineOut(
        id=found.id,
        place=found.place,
        place_name=found.place_name,
        fiscal_year=found.year.be,
        name=found.name,
        day=found.day,
        goal=found.goal,
        basis=found.basis,
        spending=found.spending,
        fund=found.fund,
        source=found.source,
        ended_at=found.ended_at,
        end_reason=found.end_reason,
        countdown=_countdown(found.countdown(on)),
    )


def _countdown(pace: Pace) -> CountdownOut:
    return CountdownOut(
        as_of=pace.as_of,
        last_working_day=pace.last_working_day,
        last_working_day_words=pace.deadline_th,
        working_days_left=pace.working_days_left,
        calendar_days_left=pace.calendar_days_left,
        days_off=[DayOffOut(on=each.on, name=each.name) for each in pace.days_off],
        holidays_announced=pace.holidays_announced,
        elapsed_percent=pace.elapsed_percent,
    )


def standings_out(
    found: Standings, deadline: DeadlineView, history: Iterable[DeadlineState], *, on: date
) -> StandingsOut:
    return StandingsOut(
        deadline=deadline_out(deadline, on=on),
        history=[
            StateOut(
                day=each.day,
                goal=each.goal,
                source=each.source,
                since=each.since,
                end_reason=each.end_reason,
            )
            for each in history
        ],
        within=found.within,
        as_of=found.on,
        universe=found.universe_th,
        order_words=ORDER_TH["ascending"],
        chances_as_of=found.chances_on,
        own=RowOut(**_row(found.own)),
        rows=[RowOut(**_row(each)) for each in found.by_need],
    )


def _row(row: BoardRow) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "own_office": row.own_office,
        "name": row.name,
        "rank": row.rank,
        "rank_from_highest": row.rank_from_highest,
        "out_of": row.out_of,
        "tied": row.tied,
        "base": row.base,
        "disbursed": row.disbursed,
        "committed": row.committed,
        "used": row.used,
        "returned": row.returned,
        "percent": row.percent,
        "target": row.target,
        "gap": row.gap,
        "status": row.status.code,
        "status_words": row.status.word_th,
        "last_on": row.last_on,
        "baht_left": row.left,
        "points_per_working_day": row.per_day,
        "recent_points_per_working_day": row.recent,
        "chance": row.chance.percent,
        "low": row.chance.low,
        "middle": row.chance.middle,
        "high": row.chance.high,
        "forecast_way": row.chance.way,
        "forecast_words": row.chance.words,
        "help_group": row.step,
        "help_group_words": STEP_TH[row.step],
        "asks_help": row.said.asks_help,
        "plan_state": row.said.state,
        "reasons": [each.value for each in row.said.reasons],
        "words": row.said.words,
    }


def plan_out(found: PlanView) -> PlanOut:
    return PlanOut(
        version=found.version,
        state=found.state,
        state_words=found.state_words,
        reasons=[each.value for each in found.reasons],
        reason_words=list(found.reason_words),
        words=found.words,
        base=found.base,
        spent=found.spent,
        missing=found.missing,
        leaves=found.leaves,
        leaves_why=found.leaves_why,
        written_on=found.written_on,
        at=found.at,
        decided_at=found.decided_at,
        decision_words=found.decision_words,
        weeks=[
            WeekOut(until=until, planned=amount, what=what) for until, amount, what in found.weeks
        ],
    )


def kept_week_out(week: WeekKept) -> KeptWeekOut:
    return KeptWeekOut(
        until=week.until,
        planned=week.planned,
        spent=week.spent,
        planned_sum=week.planned_sum,
        spent_sum=week.spent_sum,
        kept=week.kept.code,
        kept_words=week.kept.word_th,
    )


def help_out(found: HelpView) -> HelpOut:
    return HelpOut(
        id=found.id,
        place=found.place,
        asked_of=found.turn,
        state=found.state,
        words=found.words,
        at=found.at,
        answer=found.answer,
        answered_at=found.answered_at,
        closed_at=found.closed_at,
    )


def board_head_out(head: BoardHead) -> BoardHeadOut:
    return BoardHeadOut(**_head(head))


def board_out(found: BoardView) -> BoardOut:
    return BoardOut(
        **_head(found.head),
        before=found.before.as_of if found.before else None,
        own=_kept_row(found.own, found) if found.own else None,
        bottom=[row.unit for row in found.bottom],
        ties=found.ties,
        rows=[_kept_row(row, found) for row in found.rows],
    )


def _head(head: BoardHead) -> dict[str, Any]:
    return {
        "id": head.id,
        "series": head.series,
        "as_of": head.as_of,
        "fiscal_year": head.fiscal_year,
        "level": head.level,
        "within": head.within,
        "basis": head.basis,
        "spending": head.spending,
        "fund": head.fund,
        "sheet": head.reference.sheet,
        "deadline": head.deadline,
        "deadline_name": head.deadline_name,
        "day": head.day,
        "goal": head.goal,
        "universe": head.universe_th,
        "order": head.order,
        "order_words": ORDER_TH["ascending"],
        "taken_at": head.taken_at,
        "late": head.is_late,
        "superseded_at": head.superseded_at,
    }


def _kept_row(row: BoardRow, found: BoardView) -> KeptRowOut:
    return KeptRowOut(
        **_row(row),
        change=_change(found.changes.get(row.id)),
        groups=list(found.groups.get(row.unit, ())),
    )


def _change(change: Change | None) -> ChangeOut | None:
    return None if change is None else ChangeOut(points=change.points, places=change.ranks)
