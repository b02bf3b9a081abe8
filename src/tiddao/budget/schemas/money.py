"""Money of a unit from its offices' own books, as JSON. Figures are exact decimal text, in baht."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ninja import Schema

from tiddao.budget.queries.goals import Goal
from tiddao.budget.queries.money import LeagueRow, MoneyAsked, UnitMoney
from tiddao.budget.queries.positions import ANY_SPENDING, AnySpending
from tiddao.budget.queries.reckoned import Reckoned
from tiddao.budget.queries.scores import DistrictScore
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.reckoning import DOUBT_TH
from tiddao.budget.rules.targets import TargetPoint


class AskedOut(Schema):
    """What the figures are of. on: the day at whose end they are true."""

    fiscal_year: int
    on: date
    basis: str
    spending: str
    fund: str
    judged_by: str
    unit: str = "baht"


class TargetOut(Schema):
    """An official target. how: printed, interpolated or inferred; certainty: of the least sure."""

    on: date
    percent: Decimal
    how: str
    certainty: str
    sources: list[str]


class GoalOut(Schema):
    """What is to be reached next. origin: deadline, official or year-end (nobody named one)."""

    day: date
    percent: Decimal
    basis: str
    name: str
    origin: str
    source: str
    of_all_money: bool


class PaceOut(Schema):
    """What it takes to reach the goal. Points are per cent of the base; None: cannot be said."""

    deadline: date
    last_working_day: date
    working_days_left: int
    days_off: list[date]
    holidays_announced: bool
    points_left: Decimal | None
    baht_left: Decimal | None
    points_per_working_day: Decimal | None
    baht_per_working_day: Decimal | None
    recent_points_per_working_day: Decimal | None
    recent_since: date | None
    ratio_recent: Decimal | None


class StatusOut(Schema):
    """code: green, yellow, red, grey (no data) or purple (data to be checked)."""

    code: str
    words: str
    doubts: list[str]


class MoneyLineOut(Schema):
    """One type of spending. Not reported is null, never zero."""

    spending: str
    allotted: Decimal | None
    transferred: Decimal | None
    returned: Decimal | None
    base: Decimal | None
    committed: Decimal | None
    disbursed: Decimal | None
    used: Decimal | None
    remaining: Decimal | None
    disbursed_percent: Decimal | None
    used_percent: Decimal | None
    committed_percent: Decimal | None
    expected_by_days: Decimal
    gap_by_days: Decimal | None
    target: TargetOut | None
    gap_by_target: Decimal | None
    status: StatusOut
    goal: GoalOut
    pace: PaceOut | None


class ScoreOut(Schema):
    """แบบประเมินที่ 1, 0–5. printed: in the newest accepted workbook, at cell, as of its day."""

    score: int | None
    why_none: str
    overdue_advances: int | None
    papers_complete: bool | None
    papers_needed: int
    papers_held: int
    printed: Decimal | None
    printed_as_of: date | None
    printed_cell: str
    differs: bool


class BoundsOut(Schema):
    """When a status is green or yellow, in points from what is expected."""

    green_from: Decimal
    yellow_from: Decimal
    proposed: bool
    source: str


class UnitMoneyOut(Schema):
    """A unit's money. offices: that keep it; offices_reporting: of them, with figures."""

    unit: str
    name: str
    level: str
    asked: AskedOut
    offices: int
    offices_reporting: int
    open_findings: int
    newest_entry: date | None
    known_at: datetime | None
    lines: list[MoneyLineOut]
    score: ScoreOut | None
    bounds: BoundsOut


class LeagueUnitOut(Schema):
    """A unit beside others. Units without figures, or to be checked first, have no rank."""

    unit: str
    name: str
    level: str
    rank_from_lowest: int | None
    rank_from_highest: int | None
    tied: int
    percent: Decimal | None
    offices: int
    offices_reporting: int
    open_findings: int
    newest_entry: date | None
    money: MoneyLineOut
    score: ScoreOut | None


class MoneyLeagueOut(Schema):
    """The units below one. of: how many are ranked."""

    unit: str
    asked: AskedOut
    of: int
    rows: list[LeagueUnitOut]


def unit_money_out(found: UnitMoney) -> UnitMoneyOut:
    """Return a unit's money; a type of spending that has nothing is listed with nulls."""
    position, bounds = found.money.position, status_thresholds()
    return UnitMoneyOut(
        unit=found.key,
        name=position.name,
        level=position.level,
        asked=asked_out(found.asked),
        offices=position.offices,
        offices_reporting=position.offices_reporting,
        open_findings=position.issues,
        newest_entry=position.last_on,
        known_at=position.last_known_at,
        lines=[_line(found.of(each), each) for each in ANY_SPENDING],
        score=_score(found.score),
        bounds=BoundsOut(
            green_from=bounds.green_from,
            yellow_from=bounds.yellow_from,
            proposed=bounds.proposed,
            source=bounds.source,
        ),
    )


def league_out(found: UnitMoney, rows: tuple[LeagueRow, ...]) -> MoneyLeagueOut:
    """Return the units below in the order of the rows."""
    return MoneyLeagueOut(
        unit=found.key,
        asked=asked_out(found.asked),
        of=rows[0].of if rows else 0,
        rows=[_row(row, found.asked.spending) for row in rows],
    )


def asked_out(asked: MoneyAsked) -> AskedOut:
    """Return what the figures are of."""
    return AskedOut(
        fiscal_year=asked.year.be,
        on=asked.on,
        basis=asked.basis,
        spending=asked.spending,
        fund=asked.fund,
        judged_by=asked.judged_by,
    )


def _row(row: LeagueRow, spending: AnySpending) -> LeagueUnitOut:
    position = row.money.position
    return LeagueUnitOut(
        unit=row.unit.key,
        name=row.unit.name,
        level=row.unit.level,
        rank_from_lowest=row.from_lowest,
        rank_from_highest=row.from_highest,
        tied=row.tied,
        percent=row.money.percent,
        offices=position.offices,
        offices_reporting=position.offices_reporting,
        open_findings=position.issues,
        newest_entry=position.last_on,
        money=_line(row.money, spending),
        score=_score(row.score),
    )


def _line(money: Reckoned, spending: AnySpending) -> MoneyLineOut:
    balance, reckoning = money.position.balance, money.reckoning
    return MoneyLineOut(
        spending=spending,
        allotted=balance.allotted if balance else None,
        transferred=balance.transferred if balance else None,
        returned=balance.returned if balance else None,
        base=reckoning.amounts.base,
        committed=reckoning.amounts.committed,
        disbursed=reckoning.amounts.disbursed,
        used=reckoning.used,
        remaining=reckoning.remaining,
        disbursed_percent=reckoning.disbursed_percent,
        used_percent=reckoning.used_percent,
        committed_percent=reckoning.committed_percent,
        expected_by_days=reckoning.expected_by_days,
        gap_by_days=reckoning.gap_by_days,
        target=target_out(reckoning.target) if reckoning.target else None,
        gap_by_target=reckoning.gap_by_target,
        status=StatusOut(
            code=money.status.code,
            words=money.status.word_th,
            doubts=[DOUBT_TH[each] for each in reckoning.doubts],
        ),
        goal=goal_out(money.goal),
        pace=_pace(money),
    )


def target_out(target: TargetPoint) -> TargetOut:
    """Return an official target."""
    return TargetOut(
        on=target.on,
        percent=target.percent,
        how=target.how,
        certainty=target.certainty,
        sources=list(target.sources),
    )


def goal_out(goal: Goal) -> GoalOut:
    """Return a goal."""
    return GoalOut(
        day=goal.day,
        percent=goal.percent,
        basis=goal.basis,
        name=goal.name,
        origin=goal.origin,
        source=goal.source,
        of_all_money=goal.of_all,
    )


def _pace(money: Reckoned) -> PaceOut | None:
    pace = money.pace
    if pace is None:
        return None
    recent = pace.recent
    return PaceOut(
        deadline=pace.deadline,
        last_working_day=pace.last_working_day,
        working_days_left=pace.working_days_left,
        days_off=[each.on for each in pace.days_off],
        holidays_announced=pace.holidays_announced,
        points_left=pace.points_left,
        baht_left=pace.baht_left,
        points_per_working_day=pace.points_per_working_day,
        baht_per_working_day=pace.baht_per_working_day,
        recent_points_per_working_day=recent.points_per_working_day if recent else None,
        recent_since=recent.since if recent else None,
        ratio_recent=pace.ratio_recent,
    )


def _score(score: DistrictScore | None) -> ScoreOut | None:
    if score is None:
        return None
    stated = score.stated
    return ScoreOut(
        score=score.score,
        why_none=score.why_none,
        overdue_advances=score.overdue,
        papers_complete=score.papers_complete,
        papers_needed=score.papers_needed,
        papers_held=score.papers_held,
        printed=stated.printed if stated else None,
        printed_as_of=stated.as_of if stated else None,
        printed_cell=stated.cell if stated else "",
        differs=score.differs,
    )
