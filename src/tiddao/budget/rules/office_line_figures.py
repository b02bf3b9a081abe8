"""The figures of one line, made into rows; sums beside them are compared and never used."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

from tiddao.budget.rules.cgd_figures import Severity
from tiddao.budget.rules.office_above import LinesAbove, ProjectName
from tiddao.budget.rules.office_figures import MONEY, Measure, OfficeFigure, OfficeRow
from tiddao.budget.rules.office_grid import Cell, address
from tiddao.budget.rules.office_mapping import Category
from tiddao.budget.rules.office_numbers import NumberRead
from tiddao.budget.rules.office_report import SheetReport
from tiddao.budget.rules.office_sums import SumBook
from tiddao.budget.rules.office_table_lines import TableLines
from tiddao.budget.rules.office_tables import Column, Context
from tiddao.budget.rules.office_words import only_category, only_tranche, without_bullet, years_in

_CHIEF: frozenset[str] = frozenset({"allotted", "disbursed", "committed", "returned", "transferred", "revised"})  # fmt: skip


@dataclass
class FigureReader:
    """Makes rows of the lines of one table. state: what the lines above leave behind."""

    lines: TableLines
    state: LinesAbove
    report: SheetReport
    sums: SumBook
    rows: list[OfficeRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.grid, self.table, self.head = self.lines.grid, self.lines.table, self.lines.head
        self.sheet, self.places = self.lines.sheet, self.lines.places
        self._other_years: set[tuple[int, int | None]] = set()
        self._seen: dict[tuple[object, ...], OfficeRow] = {}

    def read(self, row: int, unit: str, unit_cell: Cell | None) -> None:
        numbers = self.lines.numbers(row, self.head.readable)
        whose = "province" if unit == self.places.province_code else "district"
        self.sums.line(row, "" if self.head.across else whose, numbers)
        activity = self.lines.label(row, "activity")
        groups: dict[int, dict[Column, NumberRead]] = {}
        for column, number in numbers.items():
            if not column.context.total:
                self._report_fault(row, column, number)
                groups.setdefault(column.group, {})[column] = number
        self._read_totals(row, unit, numbers)
        for group, of_group in groups.items():
            context = next(iter(of_group)).context
            project, within = self._project_for(context)
            parts = [
                each
                for each in (
                    self.state.part,
                    self.state.activity,
                    without_bullet(activity) if activity else "",
                    within,
                )
                if each
            ]
            figures = {
                cast("Measure", column.role): OfficeFigure(
                    read.value,
                    address(row, column.index),
                    "" if read.fault in {None, "SUB_SATANG"} else str(read.fault),
                )
                for column, read in of_group.items()
                if not (column.role == "percent" and column.of not in {"", "disbursed"})
            }
            if not figures:
                continue
            line = OfficeRow(
                sheet=self.grid.tab,
                row=row + 1,
                unit=context.unit or unit,
                unit_cell=address(*unit_cell) if unit_cell else "",
                category=self._category(row, context),
                tranche=self._tranche(row, context),
                project_number=project.number,
                project_name=project.name,
                activity=" / ".join(dict.fromkeys(parts)),
                figures=figures,
            )
            year = context.year or self._year(row)
            if year not in {None, self.sheet.fiscal_year.be}:
                self._set_aside_year(next(iter(of_group)), year, line)
            elif group in self.head.lacking:
                self.rows.append(replace(line, not_counted="column-unknown"))
            else:
                self._keep(line, group)

    def _project_for(self, context: Context) -> tuple[ProjectName, str]:
        """The project and the activity of a group of columns on this line."""
        column = ProjectName(context.number, context.name)
        table = ProjectName(self.table.context.number, self.table.context.name)
        sources = [self.state.project, self.state.section, column, table]
        project = next((each for each in sources if each.number), None) or next(
            (each for each in sources if each.name), ProjectName()
        )
        others = [context.name] if column and project != column else []
        others += [context.activity]
        return project, " / ".join(dict.fromkeys(each for each in others if each))

    def _year(self, row: int) -> int | None:
        """The fiscal year of a line in whose table a column says it."""
        years = (
            years_in(self.lines.label(row, "year"), bare=True)
            if "year" in self.table.labels
            else ()
        )
        return next(iter(years)) if len(years) == 1 else None

    def _set_aside_year(self, column: Column, year: int | None, line: OfficeRow) -> None:
        if (column.index, year) not in self._other_years:
            self._other_years.add((column.index, year))
            self.report.find(
                "WRONG_FISCAL_YEAR",
                column.head if column.context.year else (line.row - 1, column.index),
                f"{'คอลัมน์' if column.context.year else 'แถว'}นี้เป็นของปี {year} ไม่ใช่ปีงบประมาณ {self.sheet.fiscal_year} จึงไม่นับรวม",
                "error",
            )
        self.rows.append(replace(line, not_counted="other-year"))

    def _category(self, row: int, context: Context) -> Category | None:
        told = (
            only_category(self.lines.label(row, "category"))
            if "category" in self.table.labels
            else None
        )
        return told or context.category or self.state.category or self.sheet.category

    def _tranche(self, row: int, context: Context) -> str | None:
        """The sheet's envelope stands; a quarter over some columns only divides it."""
        told = (
            only_tranche(self.lines.label(row, "tranche"))
            if "tranche" in self.table.labels
            else None
        )
        own = told or context.tranche or self.state.tranche
        return self.sheet.tranche or own or self.table.context.tranche

    def _keep(self, line: OfficeRow, group: int) -> None:
        """A unit that comes twice in one table is a mistake, unless its lines are different things."""
        key = (line.unit, line.project_key, line.activity, group, line.category, line.tranche)
        before = self._seen.setdefault(key, line)
        if before is line:
            self.rows.append(line)
            return
        same = all(
            line.value(measure) == before.value(measure) for measure in ("allotted", "disbursed")
        )
        listed = "project" in self.table.labels and not self.head.across
        cells = [figure.cell for figure in line.figures.values()]
        if same or not listed:
            words = "ตัวเลขเหมือนกัน" if same else "ตัวเลขต่างกัน"
            self.report.find(
                "DUP_ROW",
                line.unit_cell or cells[0],
                f"หน่วยงานนี้อยู่ในตารางเดียวกันแล้วที่แถว {before.row} ({words}) จึงไม่นับแถว {line.row}",
                "warning" if same else "error",
            )
            self.rows.append(replace(line, not_counted="duplicate"))
            return
        self.report.find(
            "DUP_ROW",
            line.unit_cell or cells[0],
            f"หน่วยงานและโครงการเดียวกันอยู่ที่แถว {before.row} ด้วย ตัวเลขต่างกัน จึงนับทั้งสองแถว",
            "warning",
        )
        self.rows.append(line)

    def _report_fault(self, row: int, column: Column, read: NumberRead) -> None:
        if read.fault is None:
            return
        cell = (row, column.index)
        if read.fault == "SUB_SATANG":
            self.report.find(read.fault, cell, read.message_th, "warning")
            return
        severity: Severity = "refused" if column.role in _CHIEF else "warning"
        self.report.refuse([cell], read.fault, read.message_th, severity)

    def _read_totals(self, row: int, unit: str, numbers: dict[Column, NumberRead]) -> None:
        """Columns of sums beside the projects: compared with them, never used."""
        for column, read in numbers.items():
            if not column.context.total:
                continue
            self.report.leave([(row, column.index)], "sum")
            if column.role not in MONEY or read.value is None:
                continue
            parts = [
                (other, number)
                for other, number in numbers.items()
                if other.role == column.role and _is_part(other.context, column.context)
            ]
            if not parts:
                continue
            broken = any(number.fault not in {None, "SUB_SATANG"} for _, number in parts)
            whole = None if broken else sum((n.value or Decimal(0) for _, n in parts), Decimal(0))
            self.sums.compare((row, column.index), unit or None, column.role, read.value, whole)


def _is_part(part: Context, whole: Context) -> bool:
    if part.total:
        return False
    return (
        (not whole.number or part.number == whole.number)
        and (not whole.name or bool(whole.number) or part.name == whole.name)
        and (whole.unit is None or part.unit == whole.unit)
        and (whole.category is None or part.category == whole.category)
    )
