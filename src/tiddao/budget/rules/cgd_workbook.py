"""Reads the Comptroller General's weekly workbook (รายงานผลการเบิกจ่าย, กรมบัญชีกลาง).

Sheets are found by their titles and columns by their heads, wherever they stand: a moved or an extra
blank column is read rightly, and what is not understood is refused by sheet and cell. Dates, fiscal
year, unit and order come from the sheets' own text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from tiddao.budget.rules.cgd_checks import pair_findings, sheet_findings
from tiddao.budget.rules.cgd_figures import (
    CgdSheet,
    CgdWorkbook,
    Finding,
    WorkbookRefused,
)
from tiddao.budget.rules.cgd_grid import Grid, open_grids
from tiddao.budget.rules.cgd_layouts import LAYOUTS
from tiddao.budget.rules.cgd_sheet import HEADS_WITHIN, heads_row, read_sheet, squash
from tiddao.kernel.dates import format_long
from tiddao.kernel.fiscal import FiscalYear

PROVINCE_SHEETS = (13, 14)
ALL_SHEETS = tuple(LAYOUTS)


def read_workbook(
    source: Path | bytes,
    *,
    file: str,
    sheets: Collection[int] = PROVINCE_SHEETS,
    fiscal_year: FiscalYear | None = None,
) -> CgdWorkbook:
    """The asked sheets of one week's workbook, checked against themselves and against each other.

    file: its name, for messages. sheets: numbers out of `ALL_SHEETS`; sheets not asked for are not
    judged. fiscal_year: the year the caller expects; None takes the workbook's own.

    Raises WorkbookRefused with every reason, by sheet and cell, when anything asked for cannot be
    read with certainty. Contradictions (a percentage that is not its parts, a total that is not its
    rows, a rank out of order) do not refuse the workbook: they are its `errors`.

    Source: docs domain 3.3 (the official workbook, column for column); issue 2, "Real input".
    """
    findings: list[Finding] = []
    grids = _recognised(source, file, sheets, findings)
    read: dict[int, CgdSheet] = {}
    for number in sorted(grids):
        sheet = read_sheet(LAYOUTS[number], grids[number], findings)
        if sheet is not None:
            read[number] = sheet
    findings += _date_findings(read.values(), fiscal_year)
    report_dates = [sheet.report_date for sheet in read.values() if sheet.report_date is not None]
    if read and not report_dates:
        findings.append(
            Finding(
                "no-report-date", "", "", "ไม่พบ “วันที่เรียกรายงาน” ท้ายตารางของแผ่นงานใดเลย", "refused"
            )
        )
    if any(each.severity == "refused" for each in findings):
        raise WorkbookRefused(file, findings)
    for sheet in read.values():
        findings += sheet_findings(sheet)
    findings += pair_findings(read)
    first = next(iter(read.values()))
    return CgdWorkbook(
        file=file,
        as_of=first.as_of,
        report_date=report_dates[0],
        fiscal_year=first.fiscal_year,
        sheets=read,
        findings=tuple(findings),
    )


def _recognised(
    source: Path | bytes, file: str, sheets: Collection[int], findings: list[Finding]
) -> dict[int, Grid]:
    """The asked sheets by number; a missing one, or one that is there twice, is refused."""
    unknown = sorted(set(sheets) - set(LAYOUTS))
    if unknown or not sheets:
        raise ValueError(f"no layout is known for sheets {unknown}")
    found: dict[int, list[Grid]] = {number: [] for number in sorted(sheets)}
    for grid in open_grids(source, file=file):
        title = "".join(squash(cell) for row in grid.cells[:HEADS_WITHIN] for cell in row)
        for number, grids in found.items():
            layout = LAYOUTS[number]
            if all(words in title for words in layout.title) and not any(
                words in title for words in layout.not_title
            ):
                grids.append(grid)
    for number, grids in found.items():
        if not grids:
            title = " … ".join(LAYOUTS[number].title)
            message = f"ไม่พบแผ่นงานที่ {number} ซึ่งชื่อตารางมีคำว่า “{title}”"
            findings.append(Finding("sheet-missing", str(number), "", message, "refused"))
        elif len(grids) > 1:
            # A page of contents quotes the titles, but has no heads below them.
            grids[:] = [
                each for each in grids if heads_row(LAYOUTS[number], each) is not None
            ] or grids
        findings += [
            Finding(
                "sheet-twice",
                other.tab,
                "",
                f"มีตารางเดียวกับแผ่นงาน “{grids[0].tab}” จึงไม่ทราบว่าต้องใช้แผ่นใด",
                "refused",
            )
            for other in grids[1:]
        ]
    return {number: grids[0] for number, grids in found.items() if grids}


def _date_findings(sheets: Iterable[CgdSheet], fiscal_year: FiscalYear | None) -> Iterator[Finding]:
    """All sheets of one workbook speak of one day, one report and one fiscal year."""
    read = list(sheets)
    for sheet in read:
        first = read[0]
        for code, name, mine, theirs in (
            ("as-of-differs", "วันที่ของข้อมูล", sheet.as_of, first.as_of),
            ("report-date-differs", "วันที่เรียกรายงาน", sheet.report_date, first.report_date),
        ):
            if mine is not None and theirs is not None and mine != theirs:
                yield Finding(
                    code,
                    sheet.tab,
                    "",
                    f"{name}คือ {format_long(mine)} แต่แผ่นงาน “{first.tab}” คือ {format_long(theirs)}",
                    "refused",
                )
        if sheet.fiscal_year != first.fiscal_year:
            yield Finding(
                "fiscal-year-differs",
                sheet.tab,
                "",
                f"เป็นปีงบประมาณ {sheet.fiscal_year} แต่แผ่นงาน “{first.tab}” เป็นปีงบประมาณ "
                f"{first.fiscal_year}",
                "refused",
            )
        if fiscal_year is not None and sheet.fiscal_year != fiscal_year:
            yield Finding(
                "other-fiscal-year",
                sheet.tab,
                "",
                f"เป็นของปีงบประมาณ {sheet.fiscal_year} ไม่ใช่ปีงบประมาณ {fiscal_year} ที่กำลังนำเข้า",
                "refused",
            )
