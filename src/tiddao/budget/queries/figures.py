"""The treasury's figures of one unit, and whole sheets ranked both ways.

Ranks are reckoned from the parts, among the units of one kind; the printed rank stands beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db.models import Q

from tiddao.budget.models import TreasuryFigure, TreasuryReport
from tiddao.budget.queries.reports import ReportView, SheetView, find_report, known_reports
from tiddao.budget.queries.thresholds import status_thresholds
from tiddao.budget.rules.cgd_checks import Ranked, percent_of, ranks
from tiddao.budget.rules.cgd_figures import (
    SPENDINGS,
    Basis,
    Figure,
    Kind,
    Measure,
    Spending,
    SpendingFigures,
    unit_of,
)
from tiddao.budget.rules.cgd_layouts import measure_name
from tiddao.budget.rules.treasury_words import RANKED_KIND, Status, gap_status
from tiddao.places.models import NATION


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a unit stands among all of its kind by one percentage; equal ones share a rank.

    from_lowest: 1 is the lowest, the workbook's own order; from_highest: 1 is the highest. Both are
    None for a unit without a percentage. of: how many are ranked. kind: what they are.
    """

    from_lowest: int | None
    from_highest: int | None
    of: int
    tied: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class FiguresLine:
    """The figures of one unit for one type of spending.

    percent: of the sheet's basis, from its parts, None over a base of zero; figures.percent is as
    printed. target: of the month for use, per cent. status: of the gap to it.
    """

    figures: SpendingFigures
    percent: Decimal | None
    target: Decimal | None
    status: Status
    rank: Rank | None

    @property
    def spending(self) -> Spending:
        return self.figures.spending


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of a sheet. printed_rank: None in a total row. place: code of the province or ""."""

    row: int
    kind: Kind
    is_total: bool
    name: str
    code: str
    place: str
    printed_rank: int | None
    rank_cell: str
    lines: Mapping[Spending, FiguresLine]


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """A unit's rows on one sheet: one row, but of the nation on sheet 1 several."""

    sheet: SheetView
    rows: tuple[UnitRow, ...]


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """All that one report says of a province, or of the nation."""

    place: str
    report: ReportView
    sheets: tuple[SheetFigures, ...]

    def row(self, number: int) -> UnitRow | None:
        """Return the unit's (first) row on the sheet, or None."""
        return next((each.rows[0] for each in self.sheets if each.sheet.number == number), None)

    def line(self, number: int, spending: Spending) -> FiguresLine | None:
        """Return the figures of one type of spending on the sheet, or None."""
        row = self.row(number)
        return row.lines.get(spending) if row else None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All units of one kind on one sheet for one type of spending, the lowest first.

    A unit without a percentage stands last. total: the sheet's total row. units: how many units.
    """

    report: ReportView
    sheet: SheetView
    kind: Kind
    spending: Spending
    rows: tuple[UnitRow, ...]
    total: UnitRow | None

    @property
    def units(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One report's percentage (of the sheet's basis, from its parts) and gap of one unit."""

    as_of: date
    percent: Decimal | None
    gap: Decimal | None


def province_figures(
    place: str, as_of: date | None = None, known_at: datetime | None = None
) -> PlaceFigures | None:
    """Return what the report of that day (or the newest) says of a province or the nation.

    None when there is no report, or it says nothing of the place. Four queries.
    """
    report = find_report(as_of, known_at=known_at)
    return figures_in(report, place) if report else None


def figures_in(report: ReportView, place: str) -> PlaceFigures | None:
    """Return what a report says of a province or the nation, or None. Two queries."""
    of_nation = Q(is_total=True) | Q(kind="country")
    wanted = of_nation if place == NATION else Q(place_id=place, kind="province")
    sheets = {sheet.id: sheet for sheet in report.sheets}
    found = _rows(TreasuryFigure.objects.filter(wanted, sheet__in=list(sheets)), sheets)
    if not found:
        return None
    ranked = {} if place == NATION else _ranks_of(place, sheets)
    return PlaceFigures(
        place=place,
        report=report,
        sheets=tuple(
            SheetFigures(sheet, tuple(_unit_row(sheet, rows, ranked) for rows in found[sheet.id]))
            for sheet in report.sheets
            if sheet.id in found
        ),
    )


_Found = dict[int, list[list[TreasuryFigure]]]


def _rows(figures: Collection[TreasuryFigure], sheets: Mapping[int, SheetView]) -> _Found:
    """Return sheet id → rows in printed order, each as its figures by type of spending."""
    rows: dict[int, dict[int, list[TreasuryFigure]]] = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        rows[figure.sheet_id][figure.row].append(figure)
    return {
        sheet: [by_row[number] for number in sorted(by_row)]
        for sheet, by_row in rows.items()
        if sheet in sheets
    }


_Parts = tuple[str, Decimal | None, Decimal | None]


def _ranks_of(place: str, sheets: Mapping[int, SheetView]) -> dict[tuple[int, Spending], Rank]:
    """Return the ranks of one province on each sheet and type of spending. One query."""
    parts: dict[tuple[int, Spending], list[_Parts]] = defaultdict(list)
    columns = ("sheet_id", "spending", "place_id", "base", "disbursed", "used")
    for sheet, spending, code, base, disbursed, used in TreasuryFigure.objects.filter(
        sheet__in=list(sheets), kind="province", is_total=False
    ).values_list(*columns):
        amount = disbursed if sheets[sheet].basis == "disbursed" else used
        parts[sheet, cast("Spending", spending)].append((str(code), amount, base))
    found = {}
    for key, units in parts.items():
        for each in ranks(units, lambda unit: percent_of(unit[1], unit[2])):
            if each.row[0] == place:
                found[key] = _rank(each, "province")
    return found


def _rank(ranked: Ranked[_Parts] | Ranked[TreasuryFigure], kind: Kind) -> Rank:
    return Rank(ranked.rank_from_lowest, ranked.rank_from_highest, ranked.of, ranked.tied, kind)


def _unit_row(
    sheet: SheetView, figures: list[TreasuryFigure], ranked: Mapping[tuple[int, Spending], Rank]
) -> UnitRow:
    first = figures[0]
    by_spending = {cast("Spending", each.spending): each for each in figures}
    return UnitRow(
        row=first.row,
        kind=cast("Kind", first.kind),
        is_total=first.is_total,
        name=first.name,
        code=first.code,
        place=first.place_id or "",
        printed_rank=first.printed_rank,
        rank_cell=first.cells.get("rank", ""),
        lines={
            spending: _line(sheet, by_spending[spending], ranked.get((sheet.id, spending)))
            for spending in SPENDINGS
            if spending in by_spending
        },
    )


def _line(sheet: SheetView, figure: TreasuryFigure, rank: Rank | None) -> FiguresLine:
    spending = cast("Spending", figure.spending)
    measures: dict[Measure, Figure] = {
        measure: Figure(
            measure=measure,
            value=getattr(figure, measure),
            cell=cell,
            unit=unit_of(measure),
            name_th=measure_name(sheet.number, measure),
            base_th=sheet.base_th,
        )
        for measure, cell in figure.cells.items()
        if measure not in _OWN_CELLS
    }
    # Over a base of zero the workbook prints a gap of 0, which says nothing.
    gap = figure.gap if figure.base else None
    return FiguresLine(
        figures=SpendingFigures(spending, sheet.basis, measures),
        percent=_percent(figure, sheet.basis),
        target=sheet.targets.get(spending),
        status=gap_status(gap, status_thresholds()),
        rank=rank,
    )


_OWN_CELLS = ("rank", "name", "code")


def _percent(figure: TreasuryFigure, basis: Basis) -> Decimal | None:
    amount = figure.disbursed if basis == "disbursed" else figure.used
    return percent_of(amount, figure.base)


def treasury_ranking(
    sheet: int,
    spending: Spending = "total",
    as_of: date | None = None,
    *,
    kind: Kind | None = None,
    known_at: datetime | None = None,
) -> Ranking | None:
    """Return the units of a sheet, the lowest percentage first; None when it was not taken in.

    kind: of unit; None takes the one that the sheet's printed ranks compare first. Three queries.
    """
    report = find_report(as_of, known_at=known_at)
    view = report.sheet(sheet) if report else None
    if report is None or view is None or sheet not in RANKED_KIND:
        return None
    return ranking_in(report, view, spending, kind=kind or RANKED_KIND[sheet])


def ranking_in(report: ReportView, sheet: SheetView, spending: Spending, *, kind: Kind) -> Ranking:
    """Return the units of one kind on one sheet of a report. One query."""
    figures = list(
        TreasuryFigure.objects.filter(
            Q(kind=kind) | Q(is_total=True), sheet=sheet.id, spending=spending
        ).order_by("row")
    )
    units = [each for each in figures if not each.is_total]
    total = next((each for each in figures if each.is_total), None)
    return Ranking(
        report=report,
        sheet=sheet,
        kind=kind,
        spending=spending,
        rows=tuple(
            _unit_row(sheet, [each.row], {(sheet.id, spending): _rank(each, kind)})
            for each in ranks(units, lambda unit: _percent(unit, sheet.basis))
        ),
        total=_unit_row(sheet, [total], {}) if total else None,
    )


def place_history(
    place: str,
    sheet: int,
    spending: Spending,
    *,
    fiscal_year: int,
    known_at: datetime | None = None,
) -> tuple[HistoryPoint, ...]:
    """Return a province's (or the nation's) percentages of one year, week by week. One query."""
    wanted = Q(is_total=True) if place == NATION else Q(place_id=place, kind="province")
    reports = TreasuryReport.objects.filter(known_reports(known_at), fiscal_year=fiscal_year)
    rows = (
        TreasuryFigure.objects.filter(
            wanted, sheet__number=sheet, spending=spending, sheet__report__in=reports
        )
        .select_related("sheet__report")
        .order_by("sheet__report__as_of")
    )
    return tuple(
        HistoryPoint(
            as_of=each.sheet.report.as_of,
            percent=_percent(each, cast("Basis", each.sheet.basis)),
            gap=each.gap if each.base else None,
        )
        for each in rows
    )
