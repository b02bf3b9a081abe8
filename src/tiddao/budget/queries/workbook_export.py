"""A workbook's issues and cells in full, read anew for a download."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tiddao.budget.models import WorkbookUpload
from tiddao.budget.queries.office_reading import read_stored
from tiddao.budget.queries.workbook_effect import effect_of, known_books
from tiddao.budget.queries.workbook_report import all_issues
from tiddao.budget.rules.office_figures import OfficeWorkbook
from tiddao.budget.rules.office_issues import OfficeIssue
from tiddao.budget.rules.office_lines import office_lines
from tiddao.kernel.fiscal import FiscalYear


@dataclass(frozen=True, slots=True)
class CellShown:
    """One cell that is not empty. fate: understood, left-out or refused; why: in words, or ""."""

    sheet: str
    cell: str
    text: str
    fate: str
    why: str


@dataclass(frozen=True)
class Exported:
    """Everything wrong, and every cell."""

    issues: tuple[OfficeIssue, ...]
    cells: tuple[CellShown, ...]


def exported_workbook(upload_id: int) -> Exported:
    """Return the workbook's issues and cells, read as it is to be read now.

    Raises WorkbookUpload.DoesNotExist, WorkbookRefused.
    """
    upload = WorkbookUpload.objects.get(pk=upload_id)
    workbook = read_stored(upload).workbook
    lines = office_lines(workbook)
    known = known_books(upload.place_id, FiscalYear(upload.fiscal_year))
    effect = effect_of(lines.stated, known, as_of=upload.as_of)
    return Exported(all_issues(workbook, lines, effect), tuple(_cells(workbook)))


def _cells(workbook: OfficeWorkbook) -> Iterator[CellShown]:
    why = {(each.sheet, each.cell): each.reason_th for each in workbook.left_out}
    for finding in workbook.findings:
        if finding.cell:
            place = (finding.sheet, finding.cell)
            why[place] = "; ".join(filter(None, (why.get(place), finding.message_th)))
    for sheet in workbook.sheets:
        for cell, fate in sheet.cells.items():
            yield CellShown(
                sheet.tab, cell, sheet.texts.get(cell, ""), fate, why.get((sheet.tab, cell), "")
            )
