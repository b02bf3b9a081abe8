"""What the JSON of this area looks like, on the command line and under /api/v1 alike.

Figures are written as exact decimal text. Each carries its unit, base, cell and as-of day.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema

from tiddao.budget.queries.figures import (
    FiguresLine,
    PlaceFigures,
    Ranking,
    SheetFigures,
    UnitRow,
)
from tiddao.budget.queries.reports import ReportView, SheetView
from tiddao.budget.rules.cgd_figures import PER_CENT, POINTS, SPENDING_TH, Figure
from tiddao.budget.rules.treasury_words import ORDER_TH, RANKED_KIND, universe_words
from tiddao.kernel.numerals import rounded

SERIES = "cgd"
SOURCE_TH = "กรมบัญชีกลาง รายงานผลการเบิกจ่าย/การใช้จ่ายเงินงบประมาณรายสัปดาห์"


class Problem(Schema):
    """Why there is no answer."""

    detail: str


class FigureOut(Schema):
    """One number. value: exactly as the cell holds it; shown: to two places; base: what it is of."""

    value: Decimal | None
    shown: str | None
    unit: str
    name: str
    base: str
    cell: str
    as_of: date


class RankOut(Schema):
    """A rank both ways. from_lowest 1 is the lowest, the workbook's own order; of: how many."""

    from_lowest: int | None
    from_highest: int | None
    of: int
    tied: int
    universe: str
    basis: str
    order: str
    order_words: str
    as_of: date


class LineOut(Schema):
    """The figures for one type of spending. percent: recomputed from its parts."""

    spending: str
    spending_name: str
    percent: Decimal | None
    shown: str | None
    unit: str
    base: FigureOut
    amount: FigureOut
    printed_percent: FigureOut
    gap: FigureOut | None
    target: Decimal | None
    status: str
    rank: RankOut | None
    others: list[FigureOut]


class SheetOut(Schema):
    """What a sheet says of itself. order: of its printed ranks; "ascending": 1 is the lowest."""

    sheet: int
    tab: str
    title: str
    basis: str
    basis_words: str
    base_words: str
    order: str | None
    order_words: str
    as_of: date


class RowOut(Schema):
    """One row of a sheet. spending: by type; headline figures are those of all spending."""

    row: int
    name: str
    code: str
    place: str
    kind: str
    printed_rank: int | None
    printed_rank_cell: str
    percent: Decimal | None
    shown: str | None
    gap: Decimal | None
    gap_shown: str | None
    rank_from_lowest: int | None
    rank_from_highest: int | None
    rank_of: int | None
    universe: str | None
    spending: dict[str, LineOut]


class SheetFiguresOut(SheetOut):
    """A unit's figures on one sheet, of its first row; rows: all of them."""

    headline: RowOut
    rows: list[RowOut]


class ReportOut(Schema):
    """One weekly report; sheets: those that were taken in."""

    series: str
    source: str
    as_of: date
    report_date: date
    fiscal_year: int
    file: str
    sha256: str
    known_at: datetime
    superseded_at: datetime | None
    sheets: list[SheetOut]
    findings: int


class PlaceOut(Schema):
    """A province, or the nation."""

    code: str
    name: str


class PlaceFiguresOut(Schema):
    """All that a report says of a province or the nation."""

    place: PlaceOut
    series: str
    source: str
    as_of: date
    report_date: date
    fiscal_year: int
    file: str
    sha256: str
    known_at: datetime
    unit: str
    sheets: list[SheetFiguresOut]


class RankingRowOut(Schema):
    """One unit in a ranking. percent: recomputed; gap: points above (+) or below (−) the target."""

    rank_from_lowest: int | None
    rank_from_highest: int | None
    of: int
    tied: int
    printed_rank: int | None
    name: str
    code: str
    place: str
    percent: Decimal | None
    shown: str | None
    gap: Decimal | None
    gap_shown: str | None
    base: FigureOut
    amount: FigureOut
    printed_percent: FigureOut


class RankingOut(Schema):
    """A sheet's units of one kind, the lowest first."""

    series: str
    source: str
    sheet: int
    title: str
    basis: str
    basis_words: str
    base_words: str
    spending: str
    spending_name: str
    unit: str
    order: str
    order_words: str
    universe: str
    count: int
    as_of: date
    report_date: date
    fiscal_year: int
    known_at: datetime
    rows: list[RankingRowOut]
    total: LineOut | None


# -- from what the queries return -----------------------------------------------------------------


def shown_to_two(value: Decimal | None, *, signed: bool = False) -> str | None:
    """Return the number to two places, half-up; signed: with + above zero. None stays None."""
    if value is None:
        return None
    text = str(rounded(value, 2))
    return f"+{text}" if signed and value > 0 else text


def _exact(percent: Decimal | None) -> Decimal | None:
    """A recomputed percentage to 12 places: a thousandth of what the check of 1e-9 asks for."""
    return None if percent is None else rounded(percent, 12)


def report_out(report: ReportView) -> ReportOut:
    """Return the report as JSON shows it."""
    return ReportOut(
        series=SERIES,
        source=SOURCE_TH,
        as_of=report.as_of,
        report_date=report.report_date,
        fiscal_year=report.fiscal_year,
        file=report.file_name,
        sha256=report.sha256,
        known_at=report.known_at,
        superseded_at=report.superseded_at,
        sheets=[SheetOut(**_sheet(each, report)) for each in report.sheets],
        findings=report.findings,
    )


def place_out(found: PlaceFigures, *, name: str) -> PlaceFiguresOut:
    """Return a place's figures as JSON shows them."""
    report = found.report
    return PlaceFiguresOut(
        place=PlaceOut(code=found.place, name=name),
        series=SERIES,
        source=SOURCE_TH,
        as_of=report.as_of,
        report_date=report.report_date,
        fiscal_year=report.fiscal_year,
        file=report.file_name,
        sha256=report.sha256,
        known_at=report.known_at,
        unit="ล้านบาท",
        sheets=[_sheet_figures(each, report) for each in found.sheets],
    )


def ranking_out(ranking: Ranking) -> RankingOut:
    """Return a ranking as JSON shows it."""
    sheet, report = ranking.sheet, ranking.report
    rows = []
    for row in ranking.rows:
        line = row.lines[ranking.spending]
        assert line.rank is not None  # every row of a ranking has been ranked
        figures = line.figures
        gap = figures.gap.value if figures.gap else None
        rows.append(
            RankingRowOut(
                rank_from_lowest=line.rank.from_lowest,
                rank_from_highest=line.rank.from_highest,
                of=line.rank.of,
                tied=line.rank.tied,
                printed_rank=row.printed_rank,
                name=row.name,
                code=row.code,
                place=row.place,
                percent=_exact(line.percent),
                shown=shown_to_two(line.percent),
                gap=gap,
                gap_shown=shown_to_two(gap, signed=True),
                base=_figure(figures.base, report.as_of),
                amount=_figure(figures.amount, report.as_of),
                printed_percent=_figure(figures.percent, report.as_of),
            )
        )
    total = ranking.total.lines.get(ranking.spending) if ranking.total else None
    return RankingOut(
        series=SERIES,
        source=SOURCE_TH,
        sheet=sheet.number,
        title=sheet.title,
        basis=sheet.basis,
        basis_words=sheet.basis_th,
        base_words=sheet.base_th,
        spending=ranking.spending,
        spending_name=SPENDING_TH[ranking.spending],
        unit=PER_CENT,
        order="ascending",
        order_words=ORDER_TH["ascending"],
        universe=universe_words(ranking.kind, ranking.units),
        count=ranking.units,
        as_of=report.as_of,
        report_date=report.report_date,
        fiscal_year=report.fiscal_year,
        known_at=report.known_at,
        rows=rows,
        total=_line(total, sheet, report) if total else None,
    )


def _sheet(sheet: SheetView, report: ReportView) -> dict[str, Any]:
    return {
        "sheet": sheet.number,
        "tab": sheet.tab,
        "title": sheet.title,
        "basis": sheet.basis,
        "basis_words": sheet.basis_th,
        "base_words": sheet.base_th,
        "order": sheet.order,
        "order_words": ORDER_TH[sheet.order] if sheet.order else "",
        "as_of": report.as_of,
    }


def _sheet_figures(found: SheetFigures, report: ReportView) -> SheetFiguresOut:
    rows = [_row(each, found.sheet, report) for each in found.rows]
    return SheetFiguresOut(**_sheet(found.sheet, report), headline=rows[0], rows=rows)


def _row(row: UnitRow, sheet: SheetView, report: ReportView) -> RowOut:
    line = row.lines.get("total")
    gap = line.figures.gap.value if line and line.figures.gap else None
    rank = line.rank if line else None
    ranked = RANKED_KIND.get(sheet.number) == row.kind and rank is not None
    return RowOut(
        row=row.row,
        name=row.name,
        code=row.code,
        place=row.place,
        kind=row.kind,
        printed_rank=row.printed_rank,
        printed_rank_cell=row.rank_cell,
        percent=_exact(line.percent) if line else None,
        shown=shown_to_two(line.percent) if line else None,
        gap=gap,
        gap_shown=shown_to_two(gap, signed=True),
        rank_from_lowest=rank.from_lowest if rank else None,
        rank_from_highest=rank.from_highest if rank else None,
        rank_of=rank.of if rank else None,
        universe=universe_words(row.kind, rank.of) if rank and ranked else None,
        spending={name: _line(each, sheet, report) for name, each in row.lines.items()},
    )


def _line(line: FiguresLine, sheet: SheetView, report: ReportView) -> LineOut:
    figures, rank = line.figures, line.rank
    named = {figures.base.measure, figures.amount.measure, figures.percent.measure, "gap"}
    return LineOut(
        spending=line.spending,
        spending_name=SPENDING_TH[line.spending],
        percent=_exact(line.percent),
        shown=shown_to_two(line.percent),
        unit=PER_CENT,
        base=_figure(figures.base, report.as_of),
        amount=_figure(figures.amount, report.as_of),
        printed_percent=_figure(figures.percent, report.as_of),
        gap=_figure(figures.gap, report.as_of) if figures.gap else None,
        target=line.target,
        status=line.status,
        rank=None
        if rank is None
        else RankOut(
            from_lowest=rank.from_lowest,
            from_highest=rank.from_highest,
            of=rank.of,
            tied=rank.tied,
            universe=universe_words(rank.kind, rank.of),
            basis=sheet.basis_th,
            order="ascending",
            order_words=ORDER_TH["ascending"],
            as_of=report.as_of,
        ),
        others=[
            _figure(each, report.as_of)
            for measure, each in figures.measures.items()
            if measure not in named
        ],
    )


def _figure(figure: Figure, as_of: date) -> FigureOut:
    return FigureOut(
        value=figure.value,
        shown=shown_to_two(figure.value, signed=figure.unit == POINTS),
        unit=figure.unit,
        name=figure.name_th,
        base=figure.base_th,
        cell=figure.cell,
        as_of=as_of,
    )
