"""What is wrong in a workbook, each with the unit it concerns and the baht it keeps out of the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tiddao.budget.rules.cgd_figures import Finding, Severity
from tiddao.budget.rules.office_figures import OfficeWorkbook
from tiddao.budget.rules.office_lines import ONCE_ELSEWHERE, LineLeftOut, OfficeLines, WhyLeftOut

_ORDER: dict[Severity, int] = {"refused": 0, "error": 1, "warning": 2}
_TYPE_OF: Mapping[WhyLeftOut, str] = {
    "fault": "UNREADABLE_NUMBER",
    "broken-category": "REF_ERROR",
    "negative": "ANOMALY",
    "over": "ANOMALY",
    "no-allotment": "ANOMALY",
    "other-year": "WRONG_FISCAL_YEAR",
    "level": "LEVEL_VIOLATION",
    "category-unknown": "CATEGORY_UNKNOWN",
    "column-unknown": "UNKNOWN_COLUMN",
    "months-unclear": "DUP_TABLE",
}
_OF_A_SHEET = frozenset({"other-year", "category-unknown", "column-unknown", "months-unclear"})
"""Told once for a whole sheet."""
_OF_A_CELL = frozenset({"REF_ERROR", "UNCALCULATED", "UNREADABLE_NUMBER", "NUMBER_AS_DATE"})


@dataclass(slots=True)
class OfficeIssue:
    """One thing wrong. unit: code of the place it concerns. severity: "refused" leaves money out.

    amount: the baht left out because of it, None where nothing is or nobody can tell. text: what the
    cell holds.
    """

    type: str
    severity: Severity
    sheet: str
    cell: str
    message_th: str
    unit: str
    amount: Decimal | None = None
    text: str = ""

    @property
    def row(self) -> int:
        return int("".join(sign for sign in self.cell if sign.isdigit()) or 0)


@dataclass
class _Places:
    """Which unit a cell or a row of a sheet is about."""

    of_cell: dict[tuple[str, str], str] = field(default_factory=dict)
    of_row: dict[tuple[str, int], set[str]] = field(default_factory=dict)

    def unit(self, finding: Finding, default: str) -> str:
        if unit := self.of_cell.get((finding.sheet, finding.cell)):
            return unit
        row = int("".join(sign for sign in finding.cell if sign.isdigit()) or 0)
        units = self.of_row.get((finding.sheet, row), set())
        return next(iter(units)) if len(units) == 1 else default


def office_issues(workbook: OfficeWorkbook, lines: OfficeLines) -> tuple[OfficeIssue, ...]:
    """Everything wrong in the workbook, worst first; what leaves money out says how much.

    Every line that is left out and counted nowhere else is behind an issue of severity "refused".

    Source: issue 3, "Any office workbook" (refused and why, by sheet and cell); docs house,
    "Nothing fails silently".
    """
    texts = {sheet.tab: sheet.texts for sheet in workbook.sheets}
    places = _places(workbook)
    issues = [
        OfficeIssue(
            type=each.code,
            severity=_severity(each),
            sheet=each.sheet,
            cell=each.cell,
            message_th=each.message_th,
            unit=places.unit(each, workbook.province_code),
            text=texts.get(each.sheet, {}).get(each.cell, ""),
        )
        for each in workbook.findings
    ]
    index = _Index(issues)
    for line in lines.left_out:
        if line.why in ONCE_ELSEWHERE:
            continue
        issue = index.behind(line)
        if issue is None:
            issue = OfficeIssue(
                type=_TYPE_OF.get(line.why, "ANOMALY"),
                severity="refused",
                sheet=line.sheet,
                cell="" if line.why in {"broken-category", *_OF_A_SHEET} else line.cells[0],
                message_th=line.why_th,
                unit=line.unit,
            )
            issues.append(issue)
            index.add(issue)
        issue.severity = "refused"
        if line.amount is not None:
            issue.amount = (issue.amount or Decimal(0)) + line.amount
    issues += [
        OfficeIssue(
            type="ANOMALY",
            severity="warning",
            sheet=each.sheet,
            cell=each.cells.get("committed", ("!",))[0].rpartition("!")[2],
            message_th=each.doubt,
            unit=each.key.unit,
        )
        for each in lines.stated
        if each.doubt
    ]
    issues.sort(key=lambda each: (_ORDER[each.severity], -(each.amount or 0)))
    return tuple(issues)


def _severity(finding: Finding) -> Severity:
    """A cell that cannot be read is judged by the line it stands in; a place or table by itself."""
    if finding.severity == "refused" and finding.code in _OF_A_CELL:
        return "error"
    return finding.severity


class _Index:
    """Finds the issue behind a line that is left out."""

    def __init__(self, issues: Iterable[OfficeIssue]) -> None:
        self._by_cell: dict[tuple[str, str], OfficeIssue] = {}
        self._by_row: dict[tuple[str, int, str], OfficeIssue] = {}
        self._by_sheet: dict[tuple[str, str], OfficeIssue] = {}
        self._by_unit: dict[tuple[str, str, str], OfficeIssue] = {}
        for each in issues:
            self.add(each)

    def add(self, issue: OfficeIssue) -> None:
        self._by_unit.setdefault((issue.sheet, issue.unit, issue.type), issue)
        if issue.cell:
            held = self._by_cell.setdefault((issue.sheet, issue.cell), issue)
            if _ORDER[issue.severity] < _ORDER[held.severity]:
                self._by_cell[issue.sheet, issue.cell] = issue
            self._by_row.setdefault((issue.sheet, issue.row, issue.type), issue)
        if not issue.cell or issue.type in {"WRONG_FISCAL_YEAR", "UNKNOWN_COLUMN", "DUP_TABLE"}:
            self._by_sheet.setdefault((issue.sheet, issue.type), issue)

    def behind(self, line: LineLeftOut) -> OfficeIssue | None:
        wanted = _TYPE_OF.get(line.why, "")
        if line.why in _OF_A_SHEET:
            return self._in_row(line, wanted) or self._by_sheet.get((line.sheet, wanted))
        if line.why == "broken-category":
            # One for every unit, so that each of them is shown as doubtful.
            found = self._by_unit.get((line.sheet, line.unit, wanted))
            return found if found is not None and not found.cell else None
        found = self._in_row(line, wanted)
        if found is not None:
            return found
        at_cells = [
            self._by_cell[line.sheet, c] for c in line.cells if (line.sheet, c) in self._by_cell
        ]
        return min(at_cells, key=lambda each: _ORDER[each.severity], default=None)

    def _in_row(self, line: LineLeftOut, wanted: str) -> OfficeIssue | None:
        cells = set(line.cells)
        near = (self._by_row.get((line.sheet, row, wanted)) for row in line.rows)
        found = next((each for each in near if each is not None), None)
        if found is None:
            return None
        return found if found.cell in cells or found.unit == line.unit else None


def _places(workbook: OfficeWorkbook) -> _Places:
    places = _Places()
    for row in workbook.rows:
        places.of_row.setdefault((row.sheet, row.row), set()).add(row.unit)
        for figure in row.figures.values():
            places.of_cell[row.sheet, figure.cell] = row.unit
    return places


def refusal_of(workbook: OfficeWorkbook) -> Finding | None:
    """Why the whole file is plainly not this office's of this year, or None.

    Source: issue 3 (WRONG_FISCAL_YEAR, UNKNOWN_PLACE); docs house, "a clear error naming the place".
    """
    counted = workbook.counted_rows
    other_year = [row for row in workbook.rows if row.not_counted == "other-year"]
    if other_year and not counted:
        years = sorted(
            {sheet.fiscal_year for sheet in workbook.sheets if sheet.fiscal_year is not None}
            - {workbook.fiscal_year.be}
        )
        said = f"ปีงบประมาณ {years[0]}" if len(years) == 1 else "ปีงบประมาณอื่น"
        message = f"ไฟล์นี้เป็นของ{said} ไม่ใช่ปีงบประมาณ {workbook.fiscal_year} จึงไม่รับทั้งไฟล์"
        return Finding("WRONG_FISCAL_YEAR", other_year[0].sheet, "", message, "refused")
    unknown = [each for each in workbook.findings if each.code == "UNKNOWN_PLACE"]
    # Every province has a district called เมือง, and a line called จังหวัด.
    own = {row.unit for row in workbook.rows if len(row.unit) == 4 and not row.unit.endswith("01")}
    lines = {(each.sheet, each.cell) for each in unknown}
    if len(lines) >= 3 and len(lines) > 2 * len(own):
        message = (
            f"ชื่ออำเภอในไฟล์ {len(lines)} แห่งไม่ใช่ของจังหวัด{workbook.province} "
            f"(พบของจังหวัดนี้ {len(own)} แห่ง) ไฟล์นี้น่าจะเป็นของจังหวัดอื่น จึงไม่รับทั้งไฟล์"
        )
        return Finding("UNKNOWN_PLACE", unknown[0].sheet, unknown[0].cell, message, "refused")
    return None


def printed_days(workbook: OfficeWorkbook) -> Mapping[str, str]:
    """Tab → the day printed above its table, as ISO text; sheets that print none are left out.

    Source: docs domain 3.4 (ข้อมูล ณ วันที่).
    """
    return {
        sheet.tab: sheet.as_of.isoformat()
        for sheet in workbook.sheets
        if sheet.as_of is not None and sheet.kind in {"budget", "summary"}
    }
