"""Reading a handed-in workbook for an import: with all the sheets that the import must have."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tiddao.budget.queries.reports import find_report
from tiddao.budget.rules.cgd_figures import CgdWorkbook
from tiddao.budget.rules.cgd_workbook import read_workbook


def read_for_import(
    source: Path | bytes, *, file: str, sha256: str, sheets: Collection[int]
) -> CgdWorkbook:
    """Read the asked sheets, and those that the report it would supersede holds besides.

    So a corrected workbook never takes away sheets that were known. Raises WorkbookRefused.
    """
    workbook = read_workbook(source, file=file, sheets=sheets)
    current = find_report(workbook.as_of)
    if current is None or current.sha256 == sha256:
        return workbook
    held = {each.number for each in current.sheets}
    if held <= set(sheets):
        return workbook
    return read_workbook(source, file=file, sheets={*sheets, *held})
