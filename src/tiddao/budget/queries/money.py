"""Everything the tab งบ says of a unit: its own money, and the units below it side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tiddao.budget.models import Book, WorkbookIssue
from tiddao.budget.queries.goals import Goal, next_goals
from tiddao.budget.queries.positions import AnySpending, UnitBelow, units_below
from tiddao.budget.queries.reckoned import Reckoned, reckoned_by_spending
from tiddao.budget.queries.scores import DistrictScore, district_scores
from tiddao.budget.rules.cgd_checks import ranks
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.reckoning import JudgedBy
from tiddao.kernel.collation import thai_key
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree
from tiddao.places.models import Level, Place
from tiddao.places.queries import Unit, full_name

SortKey = Literal["percent", "name", "gap", "base", "remaining", "needed", "score"]


@dataclass(frozen=True, slots=True)
class MoneyAsked:
    """What is asked of the books. on: a day of the year, its end included in what is summed."""

    year: FiscalYear
    on: date
    basis: Basis = "disbursed"
    spending: AnySpending = "total"
    fund: str = ""
    judged_by: JudgedBy = "days"


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """A unit among those beside it. Equal percentages share both ranks.

    A unit without figures, or with figures to be checked first, has no rank and stands last; of: how
    many are ranked.
    """

    unit: UnitBelow
    money: Reckoned
    score: DistrictScore | None
    from_lowest: int | None
    from_highest: int | None
    of: int
    tied: int


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """A finding that left money out of the sums. name: of its place; where: sheet and cell."""

    unit: str
    name: str
    type: str
    where: str
    message_th: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class UnitMoney:
    """A unit's money on a day. by_spending: also of each unit below, by key."""

    key: str
    asked: MoneyAsked
    goals: Mapping[AnySpending, Goal]
    by_spending: Mapping[AnySpending, Mapping[str, Reckoned]]
    below: tuple[UnitBelow, ...]
    scores: Mapping[str, DistrictScore]
    issues: tuple[OpenIssue, ...]

    @property
    def money(self) -> Reckoned:
        """All its money, whatever type of spending the league compares."""
        return self.by_spending["total"][self.key]

    @property
    def score(self) -> DistrictScore | None:
        return self.scores.get(self.key)

    def of(self, spending: AnySpending) -> Reckoned:
        """Return its money of one type of spending."""
        return self.by_spending[spending][self.key]


_MOST_ISSUES = 5


def keeps_money(unit: Unit) -> bool:
    """Say whether the unit has money of its own: below a district none has."""
    return unit.is_group or unit.level in (Level.NATION, Level.PROVINCE, Level.DISTRICT)


def unit_money(unit: Unit, asked: MoneyAsked) -> UnitMoney:
    """Return the unit's money and that of the units below, judged; a constant number of queries."""
    below = units_below(unit.key, on=asked.on)
    goals = next_goals(asked.year, unit.members, on=asked.on, basis=asked.basis, fund=asked.fund)
    found = reckoned_by_spending(
        asked.year,
        [unit.key, *(each.key for each in below)],
        on=asked.on,
        goals=goals,
        fund=asked.fund,
        judged_by=asked.judged_by,
    )
    scores: dict[str, DistrictScore] = {}
    if not asked.fund:
        every = {key: each.position for key, each in found["total"].items()}
        scores = district_scores(asked.year, every, on=asked.on)
    return UnitMoney(
        key=unit.key,
        asked=asked,
        goals=goals,
        by_spending=found,
        below=below,
        scores=scores,
        issues=_open_issues(asked.year, unit.members),
    )


def league(
    found: UnitMoney, *, sort: SortKey = "percent", descending: bool = False
) -> tuple[LeagueRow, ...]:
    """Return the units below, each with its ranks by percentage; reads no database.

    sort settles the order alone, never the ranks; what it cannot be sorted by stands last both ways.
    """
    money = found.by_spending[found.asked.spending]
    ranked = ranks(found.below, lambda each: _ranked_by(money[each.key]))
    rows = [
        LeagueRow(
            unit=each.row,
            money=money[each.row.key],
            score=found.scores.get(each.row.key),
            from_lowest=each.rank_from_lowest,
            from_highest=each.rank_from_highest,
            of=each.of,
            tied=each.tied,
        )
        for each in ranked
    ]
    rows.sort(key=lambda row: thai_key(row.unit.name))
    if sort == "name":
        return tuple(reversed(rows) if descending else rows)
    values = {row.unit.key: _value(row, sort) for row in rows}
    known = [row for row in rows if values[row.unit.key] is not None]
    known.sort(key=lambda row: values[row.unit.key] or Decimal(0), reverse=descending)
    # Figures that must be checked come before those that are not there at all.
    rest = [row for row in rows if values[row.unit.key] is None]
    rest.sort(key=lambda row: row.money.position.balance is None)
    return (*known, *rest)


def _ranked_by(money: Reckoned) -> Decimal | None:
    return None if money.status.code in ("grey", "purple") else money.percent


def _value(row: LeagueRow, sort: SortKey) -> Decimal | None:
    money = row.money
    if sort == "percent":
        return _ranked_by(money)
    if sort == "gap":
        return money.judged_gap
    if sort == "base":
        return money.reckoning.amounts.base
    if sort == "remaining":
        return money.reckoning.remaining
    if sort == "needed":
        return money.pace.baht_per_working_day if money.pace else None
    score = row.score.score if row.score else None
    return None if score is None else Decimal(score)


def years_with_books() -> tuple[int, ...]:
    """Return the fiscal years of which any book was opened, the newest first. One query."""
    years = Book.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return tuple(years)


def _open_issues(year: FiscalYear, members: Collection[str]) -> tuple[OpenIssue, ...]:
    """Return a few of the open findings of places of one province or less; none for more."""
    if any(tree.level_of_code(code) == Level.NATION for code in members):
        return ()
    rows = WorkbookIssue.objects.filter(
        unit__in=Place.objects.filter(tree.within_any(members)).values("pk"),
        upload__fiscal_year=year.be,
        severity="refused",
        superseded_at__isnull=True,
        explained_at__isnull=True,
    ).select_related("unit")
    return tuple(
        OpenIssue(
            unit=each.unit_id,
            name=full_name(each.unit),
            type=each.type,
            where=f"{each.sheet}!{each.cell}" if each.cell else each.sheet,
            message_th=each.message_th,
            amount=each.amount,
        )
        for each in rows.order_by("-upload__at", "pk")[:_MOST_ISSUES]
    )
