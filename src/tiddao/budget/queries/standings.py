"""Who stands where against a goal: the rows of a board, reckoned now or read from a kept board.

Both kinds of board have the same rows, so that a past week is shown on the same page as today. What
a row says beyond what is kept (pace, order of help) is reckoned from what is kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from tiddao.budget.models import BoardLine, CatchUpPlan, DelayReason, HelpRequest
from tiddao.budget.queries.goals import Goal
from tiddao.budget.queries.plans import Said, said_about
from tiddao.budget.queries.positions import OFFICE, UnitBelow, units_below
from tiddao.budget.queries.reckoned import Reckoned, reckoned
from tiddao.budget.rules.cgd_checks import ranks
from tiddao.budget.rules.cgd_figures import Basis, Spending
from tiddao.budget.rules.forecast import Forecast
from tiddao.budget.rules.help_order import HelpStep, Need, by_need, step_of
from tiddao.budget.rules.pace import Pace, pace_to
from tiddao.budget.rules.reckoning import STATUSES, Status
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree
from tiddao.places.models import NATION, Level

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Measure:
    """Which money is compared, and the goal it is to reach. goal: per cent by its day."""

    year: FiscalYear
    basis: Basis
    spending: Spending
    fund: str
    goal: Goal


@dataclass(frozen=True, slots=True)
class Chance:
    """A forecast as it is shown: per cent; None where it cannot be said. on: as of which day."""

    percent: Decimal | None
    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    way: str
    words: str
    on: date | None = None


NO_CHANCE = Chance(None, None, None, None, "", "")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One unit. unit: its place; own_office: the office there alone, not the place with all below.

    Amounts in baht; percent, target in per cent, gap and recent in points (recent by working day,
    over the last 30 days). rank 1 is the lowest; None: not reported. chance: in per cent.
    plans_*: of the offices below a province, live boards only.
    """

    unit: str
    own_office: bool
    name: str
    level: str
    status: Status
    rank: int | None = None
    out_of: int = 0
    tied: int = 0
    base: Decimal | None = None
    disbursed: Decimal | None = None
    committed: Decimal | None = None
    used: Decimal | None = None
    returned: Decimal | None = None
    percent: Decimal | None = None
    target: Decimal | None = None
    gap: Decimal | None = None
    recent: Decimal | None = None
    last_on: date | None = None
    chance: Chance = NO_CHANCE
    said: Said = field(default_factory=Said)
    pace: Pace | None = None
    step: HelpStep = "nodata"
    offices: int = 0
    plans_in_force: int = 0
    plans_waiting: int = 0

    @property
    def id(self) -> tuple[str, bool]:
        return (self.unit, self.own_office)

    @property
    def is_reported(self) -> bool:
        return self.percent is not None

    @property
    def rank_from_highest(self) -> int | None:
        return None if self.rank is None else self.out_of - self.rank - self.tied + 2

    @property
    def left(self) -> Decimal | None:
        """Baht still to be spent to the goal."""
        return self.pace.baht_left if self.pace else None

    @property
    def per_day(self) -> Decimal | None:
        """Points needed each working day."""
        return self.pace.points_per_working_day if self.pace else None


@dataclass(frozen=True, slots=True)
class Standings:
    """A place against a goal: itself as a whole, and the units below it, from the lowest share.

    own: the place with all below; a place without units below has that row alone. chances_on: the
    day of the kept board from which the chances come; None: there is none yet.
    """

    within: str
    measure: Measure
    on: date
    own: BoardRow
    rows: tuple[BoardRow, ...]
    universe_th: str
    chances_on: date | None = None

    @property
    def unreported(self) -> tuple[BoardRow, ...]:
        return tuple(row for row in self.rows if not row.is_reported)

    @property
    def ties(self) -> int:
        """How many units share their rank with another."""
        return sum(row.tied > 1 for row in self.rows)

    @property
    def by_need(self) -> tuple[BoardRow, ...]:
        """The rows, whom to help first at the head."""
        return in_order_of_help(self.rows)


# -- reckoned now ---------------------------------------------------------------------------------


def standings(within: str, measure: Measure, *, on: date, deadline: int | None = None) -> Standings:
    """Return where a place (or group) and its units stand at the end of the day.

    deadline: whose plans and requests for help are shown, and whose newest kept board gives the
    chances, so that a page is cheap. A constant number of queries, however many units.
    """
    below = units_below(within, on=on)
    figures = _reckoned(measure, [within, *(each.key for each in below)], on=on)
    rows, own, universe = assemble(within, below, figures)
    if deadline is None:
        return Standings(within, measure, on, own, rows, universe)
    said = said_by_unit(deadline, within, rows, own)
    chances = newest_chances(deadline, within, until=on)
    counts = _plan_counts(deadline, [row for row in rows if not row.own_office])
    rows = tuple(
        replace(
            row,
            said=said.get(row.id, row.said),
            chance=chances.by_unit.get(row.id, NO_CHANCE),
            plans_in_force=counts[row.unit]["approved"],
            plans_waiting=counts[row.unit]["submitted"],
        )
        for row in rows
    )
    own = replace(
        own, said=said.get(own.id, own.said), chance=chances.by_unit.get(own.id, NO_CHANCE)
    )
    rows = tuple(with_step(row) for row in rows)
    return Standings(within, measure, on, with_step(own), rows, universe, chances.on)


def _reckoned(measure: Measure, keys: Sequence[str], *, on: date) -> dict[str, Reckoned]:
    return reckoned(
        measure.year,
        keys,
        on=on,
        basis=measure.basis,
        spending=measure.spending,
        fund=measure.fund,
        deadline=measure.goal,
    )


def assemble(
    within: str,
    below: Sequence[UnitBelow],
    figures: Mapping[str, Reckoned],
) -> tuple[tuple[BoardRow, ...], BoardRow, str]:
    """Return the ranked rows of the units below, the row of the whole, and who is compared in words."""
    rows = [
        _row(each.place, figures[each.key], own_office=each.is_office)
        for each in below
        if each.key in figures
    ]
    ranked = [
        replace(each.row, rank=each.rank_from_lowest, out_of=each.of, tied=each.tied)
        for each in ranks(rows, lambda row: row.percent)
    ]
    whole = figures.get(within)
    own = (
        BoardRow(within, False, within, "", STATUSES["grey"])
        if whole is None
        else _row(within, whole, own_office=False)
    )
    return tuple(with_step(row) for row in ranked), with_step(own), universe_of(own.name, below)


def _row(unit: str, found: Reckoned, *, own_office: bool) -> BoardRow:
    amounts = found.reckoning.amounts
    pace = found.pace
    return BoardRow(
        unit=unit,
        own_office=own_office,
        name=found.position.name,
        level=found.position.level,
        status=found.status,
        base=amounts.base,
        disbursed=amounts.disbursed,
        committed=amounts.committed,
        used=found.reckoning.used,
        returned=amounts.returned,
        percent=found.percent,
        target=found.reckoning.expected_by_days,
        gap=found.gap,
        recent=pace.recent.points_per_working_day if pace and pace.recent else None,
        last_on=found.position.last_on,
        pace=pace,
        offices=found.position.offices,
    )


def universe_of(name: str, below: Sequence[UnitBelow]) -> str:
    """Who is compared, in words: every rank says of whom."""
    places = Counter(each.level for each in below if not each.is_office)
    said = [f"{count:,} {_LEVEL_TH.get(level, 'หน่วย')}" for level, count in places.items()]
    said += [each.name for each in below if each.is_office]
    return f"{' และ '.join(said) or 'ไม่มีหน่วยย่อย'} ใน{name}"


_LEVEL_TH: dict[str, str] = {
    Level.PROVINCE: "จังหวัด",
    Level.DISTRICT: "อำเภอ",
    Level.TAMBON: "ตำบล",
}


def with_step(row: BoardRow) -> BoardRow:
    """The row with its place in the order of help."""
    return replace(row, step=step_of(_need(row)))


def in_order_of_help(rows: Iterable[BoardRow]) -> tuple[BoardRow, ...]:
    """The rows, whom to help first at the head; those without data last."""
    by_key = {f"{row.unit} {int(row.own_office)}": row for row in rows}
    return tuple(by_key[need.unit] for need in by_need(_need(row) for row in by_key.values()))


def _need(row: BoardRow) -> Need:
    chance = row.chance.percent
    return Need(
        unit=f"{row.unit} {int(row.own_office)}",
        known=row.is_reported,
        asks_help=row.said.asks_help,
        doubtful=row.status.code == "purple",
        points_left=row.pace.points_left if row.pace else None,
        chance=None if chance is None else chance / _HUNDRED,
        per_day=row.per_day,
        recent=row.recent,
        left=row.left,
    )


# -- what the units said --------------------------------------------------------------------------


def said_by_unit(
    deadline: int,
    within: str,
    rows: Sequence[BoardRow],
    own: BoardRow,
    *,
    until: datetime | None = None,
) -> dict[tuple[str, bool], Said]:
    """Return what each unit's own office said, and who below it waits for help from `within`.

    A province on the nation's board speaks by its provincial office; a request that a district's
    province has passed up is shown as the province's. Three queries.
    """
    found = said_about(deadline, {row.unit for row in (*rows, own)}, until=until)
    passed: Counter[str] = Counter()
    waiting = HelpRequest.objects.filter(
        deadline=deadline,
        asked_of=within if tree.parent_code(within) is None else "",
        state__in=(HelpRequest.State.OPEN, HelpRequest.State.PASSED_UP),
    )
    if until is not None:
        waiting = waiting.filter(at__lte=until)
    if within == NATION:
        for place in waiting.values_list("place_id", flat=True):
            passed[place[:2]] += 1
    said: dict[tuple[str, bool], Said] = {}
    for row in (*rows, own):
        each = found.get(row.unit, Said())
        if passed[row.unit] and not row.own_office and row.unit != within:
            each = replace(each, asks_help=True)
        said[row.id] = each
    return said


def _plan_counts(deadline: int, rows: Collection[BoardRow]) -> dict[str, Counter[str]]:
    """Return how many offices below each province have a plan in each state. One query or none."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    provinces = {row.unit for row in rows if row.level == Level.PROVINCE}
    if provinces:
        states = CatchUpPlan.objects.filter(
            deadline=deadline, state__in=("approved", "submitted")
        ).values_list("place_id", "state")
        for place, state in states:
            counts[place[:2]][state] += 1
    return counts


# -- chances as a board kept them -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptChances:
    """The chances on the newest kept board. on: its day; None: there is no board yet."""

    on: date | None
    by_unit: Mapping[tuple[str, bool], Chance]


def newest_chances(deadline: int, within: str, *, until: date) -> KeptChances:
    """Return the chances of the newest kept board of the place against the deadline. One query."""
    lines = BoardLine.objects.filter(
        board__series="books",
        board__superseded_at__isnull=True,
        board__deadline=deadline,
        board__reference__startswith=f"place:{within}/",
        board__as_of__lte=until,
    )
    newest = lines.order_by("-board__as_of").values("board__as_of")[:1]
    rows = list(lines.filter(board__as_of=newest).select_related("board"))
    return KeptChances(
        on=rows[0].board.as_of if rows else None,
        by_unit={(row.unit_id, row.own_office): _kept_chance(row, row.board.as_of) for row in rows},
    )


def _kept_chance(line: BoardLine, as_of: date) -> Chance:
    return Chance(
        percent=line.chance,
        low=line.low,
        middle=line.middle,
        high=line.high,
        way=line.forecast_way,
        words=line.forecast_words,
        on=as_of,
    )


def chance_of(found: Forecast | None, *, on: date) -> Chance:
    """A forecast as a board keeps it, in per cent."""
    if found is None:
        return NO_CHANCE
    share = found.probability
    return Chance(
        percent=None if share is None else share * _HUNDRED,
        low=found.low,
        middle=found.mid,
        high=found.high,
        way=found.way,
        words=found.basis_th,
        on=on,
    )


# -- a kept row -----------------------------------------------------------------------------------


def row_of_line(
    line: BoardLine,
    *,
    name: str,
    level: str,
    as_of: date,
    day: date | None,
    goal: Decimal | None,
    tied: int,
) -> BoardRow:
    """The row that a kept line shows: kept figures as they are, pace reckoned from them."""
    pace = None
    if day is not None and goal is not None and line.percent is not None:
        pace = pace_to(day, as_of=as_of, percent=line.percent, base=line.base, goal=goal)
    row = BoardRow(
        unit=line.unit_id,
        own_office=line.own_office,
        name=name,
        level=OFFICE if line.own_office else level,
        status=STATUSES[line.status],  # type: ignore[index]  # written as a StatusCode
        rank=line.rank,
        out_of=line.out_of,
        tied=tied,
        base=line.base,
        disbursed=line.disbursed,
        committed=line.committed,
        used=line.used,
        returned=line.returned,
        percent=line.percent,
        target=line.target,
        gap=line.gap,
        recent=line.recent,
        last_on=line.last_on,
        chance=_kept_chance(line, as_of),
        said=Said(
            state=line.plan_state,
            reasons=tuple(DelayReason(code) for code in line.reasons),
            words=line.words,
            asks_help=line.asks_help,
        ),
        pace=pace,
    )
    return with_step(row)
