"""Reads the lines of one table: which unit, which project, which figures; sums are set aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tiddao.budget.rules.office_above import LinesAbove, ProjectName, SheetContext
from tiddao.budget.rules.office_figures import MEASURES, OfficeRow, OfficeSummary
from tiddao.budget.rules.office_grid import Cell, OfficeGrid
from tiddao.budget.rules.office_heads import TableHead
from tiddao.budget.rules.office_line_figures import FigureReader
from tiddao.budget.rules.office_mapping import PROVINCE_ONLY, Category
from tiddao.budget.rules.office_places import PlaceBook, shown
from tiddao.budget.rules.office_report import SheetReport
from tiddao.budget.rules.office_sums import SumBook
from tiddao.budget.rules.office_table_lines import TableLines
from tiddao.budget.rules.office_tables import Column, Table
from tiddao.budget.rules.office_words import (
    is_carried,
    is_section,
    project_like,
    project_name_in,
    project_number_in,
    squashed,
    tranche_in,
)
from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.fiscal import BE_OFFSET


@dataclass
class TableReader:
    """Reads one table into rows.

    state: given by the table above when this one continues it. roles: of the columns to be read.
    """

    grid: OfficeGrid
    table: Table
    sheet: SheetContext
    places: PlaceBook
    report: SheetReport
    state: LinesAbove = field(default_factory=LinesAbove)
    roles: Collection[str] = MEASURES
    rows: list[OfficeRow] = field(default_factory=list)
    summaries: list[OfficeSummary] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.head = TableHead(self.grid, self.table, self.report, self.roles)
        self.lines = TableLines(self.grid, self.table, self.head, self.sheet, self.places)
        self._sums = SumBook(self.report, self.sheet.category, self.sheet.tranche)
        self.figures = FigureReader(self.lines, self.state, self.report, self._sums, self.rows)

    def read(self) -> None:
        """Every line of the table, from the top down.

        Source: docs domain 3.4; issue 3, "Any office workbook".
        """
        self.head.read(
            row
            for row in self.lines.all()
            if self.lines.unit_cell(row) is not None and self.lines.values(row)
        )
        for row in self.grid.rows:
            if self.table.first <= row <= self.table.last:
                self._read_line(row)
        self.summaries += self._sums.close()

    def _read_line(self, row: int) -> None:
        inside = [(row, c) for c in self.grid.columns(row) if c in self.head.span]
        if not inside:
            return
        beside = [(row, c) for _, c in inside if c in self.head.beside]
        self.report.leave(beside, "column")
        unknown = [(row, c) for _, c in inside if c in self.table.unknown]
        self.report.leave(unknown, "unknown-column")
        self.report.leave(((row, c.index) for c in self.head.parts), "part")
        doubtful = [
            (row, c.index)
            for c in (*self.head.doubtful, *self.head.unitless)
            if (row, c.index) in self.grid.cells
        ]
        for cell in doubtful:
            self.report.fates[cell] = "refused"
        if self.lines.is_sum(row):
            self._read_sum(row, inside)
        elif (category := self.lines.category_line(row, inside)) is not None:
            self._read_category_line(row, inside, *category)
        elif (unit_cell := self.lines.unit_cell(row)) is not None:
            self._read_unit_line(row, inside, unit_cell)
        elif self.lines.is_footer(inside):
            self.state.after_footer = True
            self.report.leave(inside, "footer")
        else:
            self._read_other_line(row, inside)

    def _read_sum(self, row: int, inside: Sequence[Cell]) -> None:
        label = next(self.grid.text(*c) for c in inside if self.grid.is_text(*c))
        numbers = self.lines.numbers(row, self.head.readable)
        if is_carried(label):
            self._sums.carry(numbers)
        else:
            self._sums.sum_line(row, label, numbers)
        self.report.leave(inside, "sum")
        self.state.after_sum = True

    def _read_unit_line(self, row: int, inside: Sequence[Cell], where: Cell) -> None:
        text = self.grid.text(*where)
        found = self.places.find(text)
        assert found.unit is not None
        values = self.lines.values(row)
        if self.state.after_footer and values and where[0] == row:
            self.report.refuse(
                inside,
                "ROW_AFTER_FOOTER",
                f"“{shown(text)}” อยู่ใต้หมายเหตุหรือลายเซ็นของตาราง จึงไม่นับรวม",
            )
            return
        if found.note and where not in self.report.fates:
            self.report.find("AMBIGUOUS_PLACE", where, f"“{shown(text)}” {found.note}", "warning")
        self.state.unit, self.state.unit_cell, self.state.part = found.unit, where, found.part
        if self.lines.categories_below(row):
            self._sums.open_section(row, text, self.lines.numbers(row, self.head.readable))
            self.report.leave(((row, c.index) for c in values), "sum")
            self.report.understand(inside)
            return
        if not self.lines.outline and self.lines.is_parent(row):
            self._open_section(
                row, inside, self.lines.label(row, "project"), values, depth=self.lines.depth(row)
            )
            return
        self._keep_project(row)
        self.figures.read(row, found.unit, where)
        self._close_line(row, inside)

    def _read_category_line(
        self, row: int, inside: Sequence[Cell], where: Cell, category: Category
    ) -> None:
        """A heading over the units below it, or a line of the unit above it."""
        text, values = self.grid.text(*where), self.lines.values(row)
        self.state.category, self.state.tranche = category, tranche_in(text)
        if not values or self.lines.is_heading(row, text, values):
            self.state.section = self.state.project = ProjectName()
            self.state.activity, self.state.depth, self.state.unit = "", None, None
            self._sums.open_section(
                row, text, self.lines.numbers(row, self.head.readable) if values else {}
            )
            self.report.leave(((row, c.index) for c in values), "sum")
            self.report.understand(inside)
        elif self.state.unit is None:
            self._refuse_unitless(row, inside, values)
        else:
            self.figures.read(row, self.state.unit, self.state.unit_cell)
            self._close_line(row, inside)

    def _read_other_line(self, row: int, inside: Sequence[Cell]) -> None:
        """A line that names no unit of its own."""
        values = self.lines.values(row)
        unit_where = self.lines.label_cell(row, "unit")
        own = unit_where is not None and (unit_where[0] == row or bool(values))
        unit_text = self.grid.text(*unit_where) if unit_where and own else ""
        project = self.lines.label(row, "project") or self.lines.label(row, "number")
        if unit_text:
            self._read_strange_unit(row, inside, unit_text, values)
        elif self.lines.outline and (label := self.lines.label(row, "project")):
            if self.lines.is_heading(row, label, values) or self.lines.is_counted(row):
                self._open_section(row, inside, label, values)
            else:
                self._refuse_place(row, inside, label)
        elif project and (values or self.head.across):
            self._read_project_line(row, inside, values)
        elif project and project_like(project):
            self._open_section(row, inside, project, values)
        elif values:
            self._read_unlabelled(row, inside, values)
        else:
            self.report.leave(inside, "note")

    def _read_strange_unit(
        self, row: int, inside: Sequence[Cell], text: str, values: Sequence[Column]
    ) -> None:
        headings = bool(self.state.section) and not self.lines.is_counted(row)
        if project_like(text) or (headings and self.lines.is_heading(row, text, values)):
            self._open_section(row, inside, text, values)
        elif is_section(text):
            self.report.leave(inside, "section")
        elif values or self.lines.is_counted(row):
            self._refuse_place(row, inside, text)
        else:
            self.report.leave(inside, "note")

    def _refuse_place(self, row: int, inside: Sequence[Cell], text: str) -> None:
        note = self.places.find(text).note
        self.state.unit = self.state.unit_cell = None  # what follows is not of the unit before
        if self.lines.categories_below(row):
            self._sums.end_section()
        else:
            self._sums.line(row, "", self.lines.numbers(row, self.head.readable))
        named = [cell for cell in inside if self.grid.text(*cell) == text]
        self.report.refuse(
            [*named[:1], *inside],
            "UNKNOWN_PLACE",
            f"ไม่รู้จักหน่วยงาน “{shown(text)}” ในจังหวัด{self.places.province}"
            f"{f' ({note})' if note else ''} จึงไม่นับรวม",
        )

    def _open_section(
        self,
        row: int,
        inside: Sequence[Cell],
        text: str,
        values: Sequence[Column],
        *,
        depth: int | None = None,
    ) -> None:
        """A project as a heading; figures beside it are the sum of what follows.

        depth: of a heading in a numbered list, which ends where a line stands as high again.
        """
        self.state.depth = depth
        self.state.section = self._project_of(text)
        number = self.lines.label(row, "number")
        if number and not self.state.section.number:
            self.state.section = ProjectName(
                project_number_in(self._number_text(row), self.sheet.fiscal_year.be),
                self.state.section.name,
            )
        self.state.project = ProjectName()
        numbers = self.lines.numbers(row, self.head.readable) if values else {}
        self._sums.open_section(row, text, numbers)
        self.report.leave(((row, c.index) for c in values), "sum")
        self.report.understand(inside)

    def _read_project_line(
        self, row: int, inside: Sequence[Cell], values: Sequence[Column]
    ) -> None:
        """A line with a project and no unit of its own."""
        if "unit" in self.table.labels and not self.lines.unit_major and self.lines.unit_below(row):
            self._open_section(row, inside, self.lines.label(row, "project"), values)
            return
        if self.lines.is_parent(row):
            self._open_section(
                row, inside, self.lines.label(row, "project"), values, depth=self.lines.depth(row)
            )
            return
        unit, where = self._unit_without_label()
        if unit is None and not self.head.across:
            self._refuse_unitless(row, inside, values)
            return
        self._keep_project(row)
        self.figures.read(row, unit or "", where)
        self._close_line(row, inside)

    def _unit_without_label(self) -> tuple[str | None, Cell | None]:
        """The unit of a line that names none: never a guess where others in the table name theirs."""
        if self.lines.unit_major:
            return self.state.unit, self.state.unit_cell
        if self.lines.has_units:
            return None, None
        told = self.table.context.unit or self.sheet.unit
        if told is None and self.sheet.category in PROVINCE_ONLY:
            told = self.places.province_code
        return told, None

    def _refuse_unitless(self, row: int, inside: Sequence[Cell], values: Sequence[Column]) -> None:
        self._sums.line(row, "", self.lines.numbers(row, self.head.readable))
        self.report.refuse(
            [(row, values[0].index), *inside] if values else inside,
            "ROW_WITHOUT_UNIT",
            "มีตัวเลขแต่ไม่มีชื่อหน่วยงานกำกับ จึงไม่นับรวม",
        )

    def _read_unlabelled(self, row: int, inside: Sequence[Cell], values: Sequence[Column]) -> None:
        """Figures with no name at all: a sum nobody named, jottings below the table, or a fault."""
        numbers = self.lines.numbers(row, values)
        if self._sums.is_sum(numbers) and not self.lines.is_counted(row):
            self._sums.sum_line(row, "", numbers)
            self.report.leave(inside, "sum")
            self.state.after_sum = True
        elif (
            (self.state.after_sum or self.state.after_footer)
            and not self.lines.is_counted(row)
            and row > self.lines.last_line
        ):
            self.report.leave(inside, "below")
        else:
            self._refuse_unitless(row, inside, values)

    def _close_line(self, row: int, inside: Sequence[Cell]) -> None:
        self.report.understand(cell for cell in inside if cell[1] in self.head.known)
        self.report.leave(inside, "beside")
        self._check_dates(row)
        self.state.after_sum = False

    def _check_dates(self, row: int) -> None:
        for c in self.table.labels.get("date", ()):
            value = self.grid.value(row, c)
            if not isinstance(value, str | date | datetime):
                continue
            try:
                on = parse_date(value)
            except DateUnreadable:
                continue
            if not self.sheet.fiscal_year.contains(on):
                self.report.find(
                    "WRONG_FISCAL_YEAR",
                    (row, c),
                    f"วันที่ {self.grid.text(row, c)} ไม่อยู่ในปีงบประมาณ {self.sheet.fiscal_year}",
                    "error",
                )

    def _project_of(self, text: str) -> ProjectName:
        return ProjectName(
            project_number_in(text, self.sheet.fiscal_year.be), project_name_in(text)
        )

    def _number_text(self, row: int) -> str:
        """A number column's text; a bare 24, and 2/2569 that Excel took for a month, are put right."""
        where = self.lines.label_cell(row, "number")
        if where is None:
            return ""
        value = self.grid.cells[where]
        if isinstance(value, date | datetime):
            year = value.year if value.year > 2400 else value.year + BE_OFFSET
            if where not in self.report.fates:
                self.report.find(
                    "NUMBER_AS_DATE",
                    where,
                    f"Excel เปลี่ยนเลขที่โครงการเป็นวันที่ อ่านเป็น {value.month}/{year}",
                    "warning",
                )
            return f"{value.month}/{year}"
        text = self.grid.text(*where)
        return f"เลขที่ {text}" if text.isdigit() else text

    def _keep_project(self, row: int) -> None:
        """The project of this line, or of the lines above where this one names none."""
        if self._is_within_heading(row):
            return
        where = None if self.lines.outline else self.lines.label_cell(row, "project")
        number_where = self.lines.label_cell(row, "number")
        if where is not None or number_where is not None:
            named = self._project_of(self.grid.text(*where)) if where else ProjectName()
            number = project_number_in(self._number_text(row), self.sheet.fiscal_year.be)
            if where is None and number == self.state.project.number:
                return
            if not number and number_where is not None and not named.number:
                number = squashed(self.grid.text(*number_where))
            self.state.project = ProjectName(number or named.number, named.name)
            self.state.activity = ""

    def _is_within_heading(self, row: int) -> bool:
        """A part of the numbered heading above is an activity of it; otherwise the heading is over."""
        if self.state.depth is None:
            return False
        depth = self.lines.depth(row)
        if depth is not None and depth > self.state.depth:
            self.state.project = ProjectName()
            self.state.activity = project_name_in(self.lines.label(row, "project"))
            return True
        self.state.depth, self.state.section, self.state.activity = None, ProjectName(), ""
        self._sums.end_section()
        return False
