"""Keeping the boards of a week, so that any past week can be shown again as it stood.

A board is of one place and its units, on one basis, for one type of spending (and fund), against one
deadline or the year's own goal. Boards are never changed; a corrected report of the treasury
supersedes those of the former one. Money is read once for all places: a week is a handful of reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils.timezone import localdate, localtime, make_aware

from tiddao.budget.models import (
    Board,
    BoardLine,
    BookDay,
    SpendingDeadline,
    TreasuryReport,
)
from tiddao.budget.queries.figures import Ranking, ranking_in
from tiddao.budget.queries.forecasts import forecasts
from tiddao.budget.queries.goals import Goal, year_goal
from tiddao.budget.queries.positions import UnitBelow, units_below
from tiddao.budget.queries.reckoned import Reckoned, reckoned
from tiddao.budget.queries.reports import ReportView, find_report
from tiddao.budget.queries.standings import (
    BoardRow,
    Measure,
    assemble,
    chance_of,
    said_by_unit,
)
from tiddao.budget.rules.boards import Reference
from tiddao.budget.rules.cgd_figures import SPENDINGS, Basis, Spending
from tiddao.budget.rules.forecast import Forecast
from tiddao.budget.rules.reckoning import STATUSES, StatusCode
from tiddao.budget.rules.treasury_words import universe_words
from tiddao.budget.rules.weeks import board_days
from tiddao.columns.writing import copy_rows
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.money import SATANG
from tiddao.kernel.workdays import last_working_day
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import NATION, Level

BASES: tuple[Basis, ...] = ("disbursed", "used")
RANKING_SHEETS = (11, 12, 13, 14)
"""Sheets of the treasury's workbook that rank provinces, each on its own basis and base."""
END_OF_WORK = time(18)
"""From this hour on a day's board is due (proposed)."""

_LOCK = 7_317  # advisory locks (class, day): two takers of one day never meet
_MILLION = Decimal(1_000_000)
_SIX = Decimal("0.000001")


class BoardRefused(ValueError):
    """There is no such board to take. code: not_a_board_day, no_report, no_units."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class WeekTaken:
    """What was kept of one week. boards: new ones; stood: those that were kept before."""

    as_of: date
    boards: int
    stood: int
    lines: int


# -- the offices' own books -----------------------------------------------------------------------


@transaction.atomic
def take_board(
    as_of: date,
    *,
    series: Literal["books", "cgd"],
    level: Literal["province", "district"],
    basis: Basis,
    spending: Spending,
    by: Actor,
    at: datetime,
    within: str = "",
    deadline: int | None = None,
) -> Board:
    """Keep one board, or return the one that is kept already.

    level: what is ranked; within: the province, for districts. deadline: None counts to the year's
    own goal. series "cgd": of sheet 13 or 14 of that day's report. Raises BoardRefused, ValueError
    for districts of no province.
    """
    if level == "district" and not within:
        raise ValueError("whose districts?")
    _lock(as_of)
    if series == "cgd":
        report = find_report(as_of)
        sheet = 13 if basis == "disbursed" else 14
        if report is None or report.sheet(sheet) is None:
            raise BoardRefused("no_report")
        reference = str(Reference(sheet=sheet, report=report.id))
    else:
        reference = str(Reference(place=within or NATION, deadline=deadline))
    kept = Board.objects.filter(
        series=series,
        as_of=as_of,
        level=level,
        basis=basis,
        spending=spending,
        reference=reference,
        superseded_at__isnull=True,
    ).first()
    if kept is not None:
        return kept
    if series == "cgd" and report is not None:
        _take_treasury(report, at=at)
        boards = 1
    else:
        held = SpendingDeadline.objects.get(pk=deadline) if deadline else None
        aims = [_Aim(_measure(FiscalYear.of(as_of), basis, spending, held), held)]
        boards = _take(as_of, [within or NATION], aims, at=at).boards
    if not boards:
        raise BoardRefused("no_units")
    _record(WeekTaken(as_of, boards, 0, 0), series, by=by, at=at)
    return Board.objects.get(
        series=series, as_of=as_of, level=level, basis=basis, spending=spending,
        reference=reference, superseded_at__isnull=True,
    )  # fmt: skip


@transaction.atomic
def take_week(as_of: date, *, by: Actor, at: datetime) -> WeekTaken:
    """Keep every board of the books for the day: the nation's provinces, each province's units.

    On both bases to the year's goal, and against each deadline in force. Run twice it keeps nothing
    twice. Raises BoardRefused for a day that ends no week.
    """
    year = FiscalYear.of(as_of)
    if as_of not in board_days(year, until=as_of):
        raise BoardRefused("not_a_board_day")
    _lock(as_of)
    aims = [_Aim(_measure(year, basis, "total", None), None) for basis in BASES]
    for held in _deadlines(year, as_of):
        found = _measure(year, _basis(held), _spending(held), held)
        aims.append(_Aim(found, held))
    provinces = [each.place for each in units_below(NATION, on=as_of) if not each.is_office]
    done = _take(as_of, [NATION, *provinces], aims, at=at)
    if done.boards:
        _record(done, "books", by=by, at=at)
    return done


def take_boards_due(*, by: Actor, at: datetime) -> tuple[WeekTaken, ...]:
    """Keep the boards of every week that has ended and has none, oldest first; each by itself.

    Of the running fiscal year and the one before, from the first day anything was entered.
    """
    return tuple(take_week(day, by=by, at=at) for day in weeks_without_boards(at=at))


def weeks_without_boards(*, at: datetime) -> tuple[date, ...]:
    """Return the days whose week has ended without boards of the books, oldest first."""
    today = localdate(at)
    last = today if localtime(at).time() >= END_OF_WORK else today - timedelta(days=1)
    running = FiscalYear.of(today)
    years = (running.previous(), running)
    first = dict(
        BookDay.objects.filter(book__fiscal_year__in=[year.be for year in years])
        .values_list("book__fiscal_year")
        .annotate(first=Min("on"))
    )
    kept = set(
        Board.objects.filter(
            series="books",
            fiscal_year__in=list(first),
            reference=str(Reference(place=NATION)),
            superseded_at__isnull=True,
        ).values_list("as_of", flat=True)
    )
    return tuple(
        day
        for year in years
        if year.be in first
        for day in board_days(year, until=last)
        if day >= first[year.be] and day not in kept
    )


@dataclass(frozen=True, slots=True)
class _Aim:
    """What is compared, and the deadline it is for."""

    measure: Measure
    deadline: SpendingDeadline | None

    def concerns(self, within: str) -> bool:
        """Whether the deadline binds the whole place (or there is none)."""
        return self.deadline is None or tree.is_within(within, self.deadline.place_id)


def _measure(
    year: FiscalYear, basis: Basis, spending: Spending, deadline: SpendingDeadline | None
) -> Measure:
    if deadline is None:
        return Measure(year, basis, spending, "", year_goal(year, spending, basis))
    goal = Goal(
        deadline.day,
        deadline.goal,
        basis,
        deadline.name_th,
        "deadline",
        deadline.source,
        deadline=deadline.pk,
    )
    return Measure(year, basis, spending, deadline.fund, goal)


def _basis(deadline: SpendingDeadline) -> Basis:
    return "used" if deadline.basis == "used" else "disbursed"


def _spending(deadline: SpendingDeadline) -> Spending:
    return next(each for each in SPENDINGS if each == deadline.spending)


def _deadlines(year: FiscalYear, as_of: date) -> list[SpendingDeadline]:
    """Return the deadlines in force at the end of the day that had not passed by then."""
    end = _end_of(as_of)
    found = SpendingDeadline.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=end), fiscal_year=year.be, set_at__lte=end
    )
    return [each for each in found.order_by("pk") if last_working_day(each.day) >= as_of]


def _take(as_of: date, places: Sequence[str], aims: Sequence[_Aim], *, at: datetime) -> WeekTaken:
    """Keep the boards of the places for each aim that are not kept yet."""
    below = {place: units_below(place, on=as_of) for place in places}
    keys = list(dict.fromkeys([*places, *(each.key for units in below.values() for each in units)]))
    kept = set(
        Board.objects.filter(series="books", as_of=as_of, superseded_at__isnull=True).values_list(
            "basis", "spending", "reference"
        )
    )
    boards = stood = lines = 0
    for aim in aims:
        wanted = []
        for place in places:
            if not below[place] or not aim.concerns(place):
                continue
            if (aim.measure.basis, aim.measure.spending, _reference(place, aim)) in kept:
                stood += 1
            else:
                wanted.append(place)
        if not wanted:
            continue
        figures, chances = _money(aim.measure, keys, as_of=as_of)
        for place in wanted:
            lines += _write(place, below[place], aim, figures, chances, as_of=as_of, at=at)
            boards += 1
    return WeekTaken(as_of, boards, stood, lines)


def _money(
    measure: Measure, keys: Sequence[str], *, as_of: date
) -> tuple[Mapping[str, Reckoned], Mapping[str, Forecast]]:
    figures = reckoned(
        measure.year,
        keys,
        on=as_of,
        basis=measure.basis,
        spending=measure.spending,
        fund=measure.fund,
        deadline=measure.goal,
    )
    known = [key for key, each in figures.items() if each.percent is not None]
    if not known:
        return figures, {}
    found = forecasts(
        measure.year,
        known,
        on=as_of,
        deadline=measure.goal.day,
        goal=measure.goal.percent,
        basis=measure.basis,
        spending=measure.spending,
        fund=measure.fund,
    )
    return figures, found


def _write(
    place: str,
    below: Sequence[UnitBelow],
    aim: _Aim,
    figures: Mapping[str, Reckoned],
    chances: Mapping[str, Forecast],
    *,
    as_of: date,
    at: datetime,
) -> int:
    rows, own, universe = assemble(place, below, figures)
    said = (
        said_by_unit(aim.deadline.pk, place, rows, own, until=min(at, _end_of(as_of)))
        if aim.deadline
        else {}
    )
    key_of = {(each.place, each.is_office): each.key for each in below} | {own.id: place}
    measure = aim.measure
    board = Board.objects.create(
        series=Board.Series.BOOKS,
        as_of=as_of,
        fiscal_year=measure.year.be,
        level=Level.PROVINCE if place == NATION else Level.DISTRICT,
        basis=measure.basis,
        spending=measure.spending,
        fund=measure.fund,
        universe_th=universe[:200],
        reference=_reference(place, aim),
        deadline=aim.deadline,
        deadline_day=measure.goal.day,
        goal=measure.goal.percent,
        taken_at=at,
    )
    shown = [
        replace(
            row,
            said=said.get(row.id, row.said),
            chance=chance_of(chances.get(key_of[row.id]), on=as_of),
        )
        for row in (own, *rows)
    ]
    copy_rows([_line(board, row) for row in shown])
    return len(shown)


def _reference(place: str, aim: _Aim) -> str:
    return str(Reference(place=place, deadline=aim.deadline.pk if aim.deadline else None))


def _line(board: Board, row: BoardRow) -> BoardLine:
    return BoardLine(
        board=board,
        unit_id=row.unit,
        own_office=row.own_office,
        last_on=row.last_on,
        rank=row.rank,
        out_of=row.out_of,
        base=row.base,
        disbursed=row.disbursed,
        committed=row.committed,
        used=row.used,
        returned=row.returned,
        percent=_six(row.percent),
        target=_six(row.target),
        gap=_six(row.gap),
        recent=_six(row.recent),
        status=row.status.code,
        chance=_six(row.chance.percent),
        low=_six(row.chance.low),
        middle=_six(row.chance.middle),
        high=_six(row.chance.high),
        forecast_way=row.chance.way,
        forecast_words=row.chance.words,
        reasons=[each.value for each in row.said.reasons],
        words=row.said.words,
        plan_state=row.said.state,
        asks_help=row.said.asks_help,
    )


def _six(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_SIX, rounding=ROUND_HALF_UP)


# -- the treasury's series ------------------------------------------------------------------------


def keep_treasury_boards(report_id: int, *, at: datetime) -> int:
    """Keep the boards of a report that was just taken in; return how many are new.

    One for each of sheets 11–14 and each type of spending, all provinces. Boards of the report of
    the same day that it supersedes are superseded with it. A part of the act that takes the report
    in: it runs inside that act's transaction and leaves no entry of its own.
    """
    report = TreasuryReport.objects.get(pk=report_id)
    former = TreasuryReport.objects.filter(as_of=report.as_of, superseded_at__isnull=False)
    mark = Q(pk__in=[])
    for each in former.values_list("pk", flat=True):
        mark |= Q(reference__endswith=f"/treasury-report:{each}")
    Board.objects.filter(
        mark, series=Board.Series.CGD, as_of=report.as_of, superseded_at__isnull=True
    ).update(superseded_at=at)
    view = find_report(report.as_of)
    return _take_treasury(view, at=at) if view is not None and view.id == report_id else 0


def _take_treasury(report: ReportView, *, at: datetime) -> int:
    kept = set(
        Board.objects.filter(
            series=Board.Series.CGD, as_of=report.as_of, superseded_at__isnull=True
        ).values_list("reference", "spending")
    )
    taken = 0
    for number in RANKING_SHEETS:
        sheet = report.sheet(number)
        reference = str(Reference(sheet=number, report=report.id))
        for spending in SPENDINGS if sheet else ():
            if sheet is None or (reference, spending) in kept:
                continue
            ranking = ranking_in(report, sheet, spending, kind="province")
            if ranking.rows:
                _write_treasury(ranking, reference, at=at)
                taken += 1
    return taken


def _write_treasury(ranking: Ranking, reference: str, *, at: datetime) -> None:
    board = Board.objects.create(
        series=Board.Series.CGD,
        as_of=ranking.report.as_of,
        fiscal_year=ranking.report.fiscal_year,
        level=Level.PROVINCE,
        basis=ranking.sheet.basis,
        spending=ranking.spending,
        universe_th=universe_words("province", ranking.units),
        reference=reference,
        taken_at=at,
    )
    copy_rows(list(_treasury_lines(board, ranking)))


def _treasury_lines(board: Board, ranking: Ranking) -> Iterable[BoardLine]:
    whole = [(NATION, ranking.total)] if ranking.total else []
    for unit, row in [*whole, *((row.place, row) for row in ranking.rows)]:
        line = row.lines.get(ranking.spending)
        if not unit or line is None:
            continue
        figures = line.figures
        used = ranking.sheet.basis == "used"
        amount = _baht(figures.amount.value)
        gap = None
        if line.percent is not None and line.target is not None:
            gap = line.percent - line.target
        yield BoardLine(
            board=board,
            unit_id=unit,
            last_on=ranking.report.as_of,
            rank=line.rank.from_lowest if line.rank else None,
            out_of=line.rank.of if line.rank else ranking.units,
            base=_baht(figures.base.value),
            disbursed=None if used else amount,
            committed=_baht(figures.ordered.value) if figures.ordered else None,
            used=amount if used else None,
            percent=_six(line.percent),
            target=_six(line.target),
            gap=_six(gap),
            status=_TREASURY_STATUS[line.status],
        )


_TREASURY_STATUS: dict[str, StatusCode] = {each.kind: each.code for each in STATUSES.values()}


def _baht(million: Decimal | None) -> Decimal | None:
    if million is None:
        return None
    return (million * _MILLION).quantize(SATANG, rounding=ROUND_HALF_UP)


# -- what all takers share ------------------------------------------------------------------------


def _lock(as_of: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, as_of.toordinal()])


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(
        microseconds=1
    )


def _record(done: WeekTaken, series: str, *, by: Actor, at: datetime) -> None:
    record(
        "take_boards",
        on=f"boards:{done.as_of.isoformat()}",
        by=by,
        at=at,
        place=NATION,
        detail={"series": series, "boards": done.boards, "lines": done.lines},
    )
