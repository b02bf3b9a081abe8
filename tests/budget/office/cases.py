"""Small workbooks written out by hand, cell by cell, for one peculiarity each."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tiddao.budget.rules.cgd_figures import Finding
from tiddao.budget.rules.office_figures import OfficeRow, OfficeWorkbook
from tiddao.budget.rules.office_mapping import OfficeMapping
from tiddao.budget.rules.office_workbook import read_office_workbook
from tiddao.kernel.fiscal import FiscalYear

DISTRICTS = {
    "5701": "เมืองเชียงราย",
    "5702": "เวียงชัย",
    "5703": "เชียงของ",
    "5704": "เทิง",
    "5705": "พาน",
    "5712": "พญาเม็งราย",
}
Lines = Sequence[Sequence[object]]


def write(sheets: Mapping[str, Lines], merges: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """A workbook of sheets written as lines of cells; None is an empty cell."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for tab, lines in sheets.items():
        page: Worksheet = book.create_sheet(tab)
        for line in lines:
            page.append(list(line))
        for area in (merges or {}).get(tab, ()):
            page.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(
    sheets: Mapping[str, Lines],
    merges: Mapping[str, Sequence[str]] | None = None,
    *,
    mapping: OfficeMapping | None = None,
    year: int = 2569,
) -> OfficeWorkbook:
    return read_office_workbook(
        write(sheets, merges),
        file="case.xlsx",
        province="เชียงราย",
        fiscal_year=FiscalYear(year),
        districts=DISTRICTS,
        mapping=mapping,
    )


def rows(workbook: OfficeWorkbook) -> list[OfficeRow]:
    return list(workbook.counted_rows)


def found(workbook: OfficeWorkbook, code: str) -> list[Finding]:
    return [finding for finding in workbook.findings if finding.code == code]


def grave(workbook: OfficeWorkbook) -> list[str]:
    """The types of everything that is more than a warning."""
    return [finding.code for finding in workbook.findings if finding.severity != "warning"]
