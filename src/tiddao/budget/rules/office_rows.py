"""Reads the lines of one table: which unit, which project, which figures; sums are set aside."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from tiddao.budget.rules.cgd_figures import Severity
from tiddao.budget.rules.office_figures import (
    MEASURES,
    MONEY,
    Measure,
    OfficeFigure,
    OfficeRow,
    OfficeSummary,
)
from tiddao.budget.rules.office_grid import Cell, CellError, OfficeGrid, address
from tiddao.budget.rules.office_mapping import PROVINCE_ONLY, Category
from tiddao.budget.rules.office_numbers import NumberRead, read_number
from tiddao.budget.rules.office_places import PlaceBook, shown
from tiddao.budget.rules.office_report import SheetReport
from tiddao.budget.rules.office_sums import TOLERANCE, SumBook
from tiddao.budget.rules.office_tables import Column, Context, Table
from tiddao.budget.rules.office_words import (
    depth_of,
    is_amount,
    is_carried,
    is_footer,
    is_only_total,
    is_section,
    is_total,
    only_category,
    only_tranche,
    project_like,
    project_name_in,
    project_number_in,
    squashed,
    tranche_in,
    without_bullet,
    years_in,
)
from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.digits import to_arabic
from tiddao.kernel.fiscal import BE_OFFSET, FiscalYear

_LABEL_ROLES = ("seq", "number", "project", "activity", "unit", "category", "tranche", "date")
_LOOK_BEYOND = 3
_CHIEF: frozenset[str] = frozenset({"allotted", "disbursed", "committed", "returned", "transferred", "revised"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetContext:
    """What a sheet says about all its tables. scale: power of ten of its unit of money."""

    category: Category | None
    tranche: str | None
    unit: str | None
    scale: int
    fiscal_year: FiscalYear


@dataclass(frozen=True, slots=True)
class ProjectName:
    number: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.number or self.name)


@dataclass
class LinesAbove:
    """What the lines above leave behind for the lines below."""

    section: ProjectName = field(default_factory=ProjectName)
    project: ProjectName = field(default_factory=ProjectName)
    activity: str = ""
    depth: int | None = None
    unit: str | None = None
    unit_cell: Cell | None = None
    part: str = ""
    category: Category | None = None
    tranche: str | None = None
    after_sum: bool = False
    after_footer: bool = False


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
        table = self.table
        self._span = range(
            min([table.left, *(c for where in table.labels.values() for c in where)]),
            table.right + 1,
        )
        self._across = any(column.context.unit for column in table.columns)
        self._known = {c for where in table.labels.values() for c in where}
        self._known |= {column.index for column in table.columns}
        wanted = [column for column in table.columns if column.role in self.roles]
        self._beside = {*table.beside, *(c.index for c in table.columns if c not in wanted)}
        self._readable, self._parts, self._doubtful = _sorted_out(wanted)
        self._unitless = tuple(
            c for c in self._readable if self._across and not (c.context.unit or c.context.total)
        )
        self._readable = tuple(c for c in self._readable if c not in self._unitless)
        self._sums = SumBook(self.report, self.sheet.category, self.sheet.tranche)
        self._other_years: set[tuple[int, int | None]] = set()
        self._lacking = self._lacks_a_column()
        self._look_through()
        self._last_line = max(
            (row for row in self._lines() if self._unit_cell(row) is not None), default=-1
        )
        self._seen: dict[tuple[object, ...], OfficeRow] = {}

    def read(self) -> None:
        """Every line of the table, from the top down.

        Source: docs domain 3.4; issue 3, "Any office workbook".
        """
        self._read_head()
        for row in self.grid.rows:
            if self.table.first <= row <= self.table.last:
                self._read_line(row)
        self.summaries += self._sums.close()

    # --- the head ---------------------------------------------------------------------------------

    def _read_head(self) -> None:
        table, report = self.table, self.report
        report.understand(table.heads)
        report.understand(table.titles)
        for column in self._doubtful:
            words = shown(self.grid.text(*column.head))
            report.find(
                "AMBIGUOUS_COLUMN",
                column.head,
                f"มีคอลัมน์ “{words}” มากกว่าหนึ่งคอลัมน์โดยไม่มีสิ่งที่แยกออกจากกัน จึงไม่นำคอลัมน์นี้มาใช้",
                "refused",
            )
        for column in self._unitless:
            heads = [h for h in table.heads if h[1] <= column.index and h[0] < column.head[0]]
            words = shown(
                self.grid.text(*max(heads, key=lambda each: each[1], default=column.head))
            )
            report.find(
                "UNKNOWN_PLACE",
                column.head,
                f"ไม่รู้จักหน่วยงาน “{words}” เหนือคอลัมน์นี้ จึงไม่นับรวม",
                "refused",
            )
        for c, head in table.unknown.items():
            report.leave([head], "unknown-column")
            if self._holds_numbers(c):
                words = "จึงไม่นำตัวเลขในคอลัมน์นี้มาใช้"
                if self._lacking:
                    missing = next(iter(self._lacking.values()))
                    words = f"และไม่พบคอลัมน์{missing} จึงยังไม่นับรายการเหล่านี้ ให้บอกว่าคอลัมน์นี้คืออะไร"
                report.find(
                    "UNKNOWN_COLUMN",
                    head,
                    f"ไม่รู้จักหัวคอลัมน์ “{shown(self.grid.text(*head))}” {words}",
                    "refused" if self._lacking else "warning",
                )
        if self._lacking and not table.unknown:
            group, missing = next(iter(self._lacking.items()))
            head = next(column.head for column in self._readable if column.group == group)
            report.find(
                "UNKNOWN_COLUMN",
                head,
                f"ไม่พบคอลัมน์{missing}ที่คู่กับคอลัมน์นี้ จึงยังไม่นับตารางนี้ ให้ตรวจหัวตาราง",
                "refused",
            )
        for row in range(table.top, table.first):
            report.leave(((row, c) for c in self.grid.columns(row) if c in self._span), "index")
        self._find_headless()

    def _find_headless(self) -> None:
        """A column as full of figures as the others, but without a head, is not passed over."""
        known = self._known | set(self._beside) | set(self.table.unknown)
        first = min((c for where in self.table.labels.values() for c in where), default=0)
        lines = [
            row for row in self._lines() if self._unit_cell(row) is not None and self._values(row)
        ]
        for c in range(first, self.table.right + _LOOK_BEYOND):
            if c in known or any(
                self.grid.text(row, c) for row in range(self.table.top, self.table.first)
            ):
                continue
            full = [row for row in lines if isinstance(self.grid.value(row, c), int | float)]
            if len(full) >= 2 and len(full) * 2 >= len(lines):
                self.report.find(
                    "UNKNOWN_COLUMN",
                    (full[0], c),
                    "คอลัมน์นี้มีตัวเลขแทบทุกแถวแต่ไม่มีหัวคอลัมน์ จึงไม่นำมาใช้",
                    "error",
                )

    def _lacks_a_column(self) -> dict[int, str]:
        """Groups of columns without allotments, or without payments, for certain: which, in words.

        A table of allotments alone is one; with a column of figures nobody knows, that may be it.
        """
        groups: dict[int, set[str]] = {}
        for column in self._readable:
            if not column.context.total:
                groups.setdefault(column.group, set()).add(column.role)
        lacking: dict[int, str] = {}
        for group, roles in groups.items():
            if not roles & {"allotted", "revised"}:
                lacking[group] = "ยอดจัดสรร"
            elif not roles & {"disbursed", "used"}:
                lacking[group] = "ยอดเบิกจ่าย"
        strange = [*self.table.unknown, *(c for c, r in self.table.beside.items() if r == "plan")]
        strange += [c.index for c in self._doubtful if c.role != "percent"]
        torn = len(lacking) == len(groups) and len({*lacking.values()}) > 1
        return lacking if torn or any(self._holds_numbers(c) for c in strange) else {}

    def _holds_numbers(self, column: int) -> bool:
        return any(
            isinstance(value := self.grid.value(row, column), int | float | CellError)
            or (isinstance(value, str) and is_amount(value))
            for row in self.grid.rows
            if self.table.first <= row <= self.table.last
        )

    # --- what kind of table -----------------------------------------------------------------------

    def _label_cell(self, row: int, role: str) -> Cell | None:
        for c in self.table.labels.get(role, ()):
            where = self.grid.source(row, c)
            if where is not None and where[0] >= self.table.first:
                return where
        return None

    def _label(self, row: int, role: str) -> str:
        where = self._label_cell(row, role)
        return self.grid.text(*where) if where else ""

    def _lines(self) -> Iterator[int]:
        return (row for row in self.grid.rows if self.table.first <= row <= self.table.last)

    def _look_through(self) -> None:
        """How units and projects stand to each other in this table.

        outline: no column of units, they stand among the projects, under each. unit_major: a unit
        once, its projects below it; a table the other way round has lines with a unit alone.
        """
        labels = self.table.labels
        self._outline = self._unit_major = self._has_units = False
        if self._across:
            return
        if "unit" not in labels:
            among = (self.places.unit(self._label(row, "project")) for row in self._lines())
            self._outline = "project" in labels and sum(unit is not None for unit in among) >= 2
            return
        named = alone = 0
        for row in self._lines():
            unit = self.places.unit(self._label(row, "unit")) is not None
            project = self._label(row, "project")
            named += unit
            alone += (
                not unit
                and not self._label(row, "unit")
                and bool(project and self._values(row))
                and not is_total(project)
            )
        self._has_units = named > 0
        # One unit that was forgotten must not become the unit above it.
        listed = "project" in labels and alone >= 2 and alone * 2 >= named > 0
        self._unit_major = listed and not self._unit_alone()

    def _unit_alone(self) -> bool:
        return any(
            not self._label(row, "project")
            and self.places.unit(self._label(row, "unit")) is not None
            for row in self._lines()
        )

    # --- one line ---------------------------------------------------------------------------------

    def _read_line(self, row: int) -> None:
        inside = [(row, c) for c in self.grid.columns(row) if c in self._span]
        if not inside:
            return
        beside = [(row, c) for _, c in inside if c in self._beside]
        self.report.leave(beside, "column")
        unknown = [(row, c) for _, c in inside if c in self.table.unknown]
        self.report.leave(unknown, "unknown-column")
        self.report.leave(((row, c.index) for c in self._parts), "part")
        doubtful = [
            (row, c.index)
            for c in (*self._doubtful, *self._unitless)
            if (row, c.index) in self.grid.cells
        ]
        for cell in doubtful:
            self.report.fates[cell] = "refused"
        if self._is_sum(row):
            self._read_sum(row, inside)
        elif (category := self._category_line(row, inside)) is not None:
            self._read_category_line(row, inside, *category)
        elif (unit_cell := self._unit_cell(row)) is not None:
            self._read_unit_line(row, inside, unit_cell)
        elif self._is_footer(inside):
            self.state.after_footer = True
            self.report.leave(inside, "footer")
        else:
            self._read_other_line(row, inside)

    def _unit_cell(self, row: int) -> Cell | None:
        """The cell that names a unit for this very line."""
        role = "project" if self._outline else "unit"
        where = self._label_cell(row, role)
        if where is None or self.places.unit(self.grid.text(*where)) is None:
            return None
        own = where[0] == row or self._values(row)
        return where if own else None

    def _is_sum(self, row: int) -> bool:
        labels = [where for role in _LABEL_ROLES if (where := self._label_cell(row, role))]
        first = next(
            (
                (row, c)
                for c in self.grid.columns(row)
                if c in self._span and self.grid.is_text(row, c)
            ),
            None,
        )
        if first is not None and first not in labels and first[1] <= self._first_value:
            labels.append(first)
        totals = [where for where in labels if where[0] == row and is_total(self.grid.text(*where))]
        if not totals:
            return False
        if any(is_only_total(self.grid.text(*where)) for where in totals):
            return True  # "รวม" beside the name of a unit is the sum of that unit's lines
        unit = self._label_cell(row, "unit")
        named = unit is not None and self.places.unit(self.grid.text(*unit)) is not None
        return not named and not self._is_counted(row)

    @property
    def _first_value(self) -> int:
        return self.table.columns[0].index

    def _is_footer(self, inside: Sequence[Cell]) -> bool:
        """A person's name in a column of notes, or beside figures, ends no table."""
        texts = [
            self.grid.text(*cell)
            for cell in inside
            if self.grid.is_text(*cell)
            and cell[1] not in self._beside
            and cell[1] not in self.table.unknown
        ]
        return len(self._values(inside[0][0])) < 2 and any(is_footer(text) for text in texts)

    def _values(self, row: int) -> list[Column]:
        """The columns of values in which this line holds something that could be a number."""
        return [
            column
            for column in self._readable
            if (value := self.grid.value(row, column.index)) is not None
            and (not isinstance(value, str) or any(sign.isdigit() for sign in value))
        ]

    def _read_sum(self, row: int, inside: Sequence[Cell]) -> None:
        label = next(self.grid.text(*c) for c in inside if self.grid.is_text(*c))
        numbers = self._numbers(row, self._readable)
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
        values = self._values(row)
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
        if self._categories_below(row):
            self._sums.open_section(row, text, self._numbers(row, self._readable))
            self.report.leave(((row, c.index) for c in values), "sum")
            self.report.understand(inside)
            return
        if not self._outline and self._is_parent(row):
            self._open_section(
                row, inside, self._label(row, "project"), values, depth=self._depth(row)
            )
            return
        self._keep_project(row)
        self._figures(row, found.unit, where)
        self._close_line(row, inside)

    # --- lines that name a category ---------------------------------------------------------------

    def _category_line(self, row: int, inside: Sequence[Cell]) -> tuple[Cell, Category] | None:
        """The cell of a line that says nothing but a category of budget, where units or projects stand."""
        for role in ("unit", "project"):
            where = self._label_cell(row, role)
            if where is not None and where[0] == row:
                break
        else:
            texts = [cell for cell in inside if self.grid.is_text(*cell)]
            if len(texts) != 1 or texts[0][1] >= self._first_value:
                return None
            where = texts[0]
        text = self.grid.text(*where)
        if is_total(text) or self.places.unit(text) is not None:
            return None
        if (category := only_category(text)) is None:
            return None
        return where, category

    def _categories_below(self, row: int) -> bool:
        """Whether this unit's money stands in lines of categories below it."""
        after = self._next_line(row)
        if after is None or not self._values(after):
            return False
        inside = [(after, c) for c in self.grid.columns(after) if c in self._span]
        found = self._category_line(after, inside)
        return found is not None and not self._is_heading(
            after, self.grid.text(*found[0]), self._values(after)
        )

    def _read_category_line(
        self, row: int, inside: Sequence[Cell], where: Cell, category: Category
    ) -> None:
        """A heading over the units below it, or a line of the unit above it."""
        text, values = self.grid.text(*where), self._values(row)
        self.state.category, self.state.tranche = category, tranche_in(text)
        if not values or self._is_heading(row, text, values):
            self.state.section = self.state.project = ProjectName()
            self.state.activity, self.state.depth, self.state.unit = "", None, None
            self._sums.open_section(row, text, self._numbers(row, self._readable) if values else {})
            self.report.leave(((row, c.index) for c in values), "sum")
            self.report.understand(inside)
        elif self.state.unit is None:
            self._refuse_unitless(row, inside, values)
        else:
            self._figures(row, self.state.unit, self.state.unit_cell)
            self._close_line(row, inside)

    # --- numbered lists ---------------------------------------------------------------------------

    def _depth(self, row: int) -> int | None:
        where = self._label_cell(row, "project")
        label = self.grid.text(*where) if where and where[0] == row else ""
        seq = next((self.grid.text(row, c) for c in self.table.labels.get("seq", ())), "")
        return depth_of(seq, label)

    def _is_parent(self, row: int) -> bool:
        """Whether the next line is a part of this one: 1.1 below 1, or a dash; with figures of its own."""
        depth, after = self._depth(row), self._next_line(row)
        if depth is None or after is None or not self._values(row):
            return False
        below = self._depth(after)
        return below is not None and below > depth and bool(self._values(after))

    def _next_line(self, row: int) -> int | None:
        after = next(iter(self.grid.rows[bisect_right(self.grid.rows, row) :][:1]), None)
        return after if after is not None and after <= self.table.last else None

    def _read_other_line(self, row: int, inside: Sequence[Cell]) -> None:
        """A line that names no unit of its own."""
        values = self._values(row)
        unit_where = self._label_cell(row, "unit")
        own = unit_where is not None and (unit_where[0] == row or bool(values))
        unit_text = self.grid.text(*unit_where) if unit_where and own else ""
        project = self._label(row, "project") or self._label(row, "number")
        if unit_text:
            self._read_strange_unit(row, inside, unit_text, values)
        elif self._outline and (label := self._label(row, "project")):
            if self._is_heading(row, label, values) or self._is_counted(row):
                self._open_section(row, inside, label, values)
            else:
                self._refuse_place(row, inside, label)
        elif project and (values or self._across):
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
        headings = bool(self.state.section) and not self._is_counted(row)
        if project_like(text) or (headings and self._is_heading(row, text, values)):
            self._open_section(row, inside, text, values)
        elif is_section(text):
            self.report.leave(inside, "section")
        elif values or self._is_counted(row):
            self._refuse_place(row, inside, text)
        else:
            self.report.leave(inside, "note")

    def _refuse_place(self, row: int, inside: Sequence[Cell], text: str) -> None:
        note = self.places.find(text).note
        self.state.unit = self.state.unit_cell = None  # what follows is not of the unit before
        if self._categories_below(row):
            self._sums.end_section()
        else:
            self._sums.line(row, "", self._numbers(row, self._readable))
        named = [cell for cell in inside if self.grid.text(*cell) == text]
        self.report.refuse(
            [*named[:1], *inside],
            "UNKNOWN_PLACE",
            f"ไม่รู้จักหน่วยงาน “{shown(text)}” ในจังหวัด{self.places.province}"
            f"{f' ({note})' if note else ''} จึงไม่นับรวม",
        )

    def _is_heading(self, row: int, text: str, values: Sequence[Column]) -> bool:
        """Whether a label among units is a project: by its words, without figures, or as their sum."""
        if project_like(text) or not values:
            return True
        role = "project" if self._outline else "unit"
        whole = dict.fromkeys(values, Decimal(0))
        lines = 0
        for below in self.grid.rows[bisect_right(self.grid.rows, row) :]:
            label = self._label(below, role)
            if below > self.table.last or self.places.unit(label) is None:
                break
            lines += 1
            for column, read in self._numbers(below, values).items():
                whole[column] += read.value or Decimal(0)
        printed = self._numbers(row, values)
        return lines > 0 and all(
            read.value is not None and abs(read.value - whole[column]) <= TOLERANCE
            for column, read in printed.items()
            if column.role in MONEY
        )

    def _is_counted(self, row: int) -> bool:
        """Whether the line has a number of its own in the list."""
        return any(
            to_arabic(self.grid.text(row, c)).isdecimal()
            for c in self.table.labels.get("seq", ())
            if (row, c) in self.grid.cells
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
        number = self._label(row, "number")
        if number and not self.state.section.number:
            self.state.section = ProjectName(
                project_number_in(self._number_text(row), self.sheet.fiscal_year.be),
                self.state.section.name,
            )
        self.state.project = ProjectName()
        numbers = self._numbers(row, self._readable) if values else {}
        self._sums.open_section(row, text, numbers)
        self.report.leave(((row, c.index) for c in values), "sum")
        self.report.understand(inside)

    def _read_project_line(
        self, row: int, inside: Sequence[Cell], values: Sequence[Column]
    ) -> None:
        """A line with a project and no unit of its own."""
        if "unit" in self.table.labels and not self._unit_major and self._unit_below(row):
            self._open_section(row, inside, self._label(row, "project"), values)
            return
        if self._is_parent(row):
            self._open_section(
                row, inside, self._label(row, "project"), values, depth=self._depth(row)
            )
            return
        unit, where = self._unit_without_label()
        if unit is None and not self._across:
            self._refuse_unitless(row, inside, values)
            return
        self._keep_project(row)
        self._figures(row, unit or "", where)
        self._close_line(row, inside)

    def _unit_below(self, row: int) -> bool:
        """Whether the next line names a unit and no project: then this one is its heading."""
        after = self._next_line(row)
        return (
            after is not None
            and self.places.unit(self._label(after, "unit")) is not None
            and not self._label(after, "project")
        )

    def _unit_without_label(self) -> tuple[str | None, Cell | None]:
        """The unit of a line that names none: never a guess where others in the table name theirs."""
        if self._unit_major:
            return self.state.unit, self.state.unit_cell
        if self._has_units:
            return None, None
        told = self.table.context.unit or self.sheet.unit
        if told is None and self.sheet.category in PROVINCE_ONLY:
            told = self.places.province_code
        return told, None

    def _refuse_unitless(self, row: int, inside: Sequence[Cell], values: Sequence[Column]) -> None:
        self._sums.line(row, "", self._numbers(row, self._readable))
        self.report.refuse(
            [(row, values[0].index), *inside] if values else inside,
            "ROW_WITHOUT_UNIT",
            "มีตัวเลขแต่ไม่มีชื่อหน่วยงานกำกับ จึงไม่นับรวม",
        )

    def _read_unlabelled(self, row: int, inside: Sequence[Cell], values: Sequence[Column]) -> None:
        """Figures with no name at all: a sum nobody named, jottings below the table, or a fault."""
        numbers = self._numbers(row, values)
        if self._sums.is_sum(numbers) and not self._is_counted(row):
            self._sums.sum_line(row, "", numbers)
            self.report.leave(inside, "sum")
            self.state.after_sum = True
        elif (
            (self.state.after_sum or self.state.after_footer)
            and not self._is_counted(row)
            and row > self._last_line
        ):
            self.report.leave(inside, "below")
        else:
            self._refuse_unitless(row, inside, values)

    def _close_line(self, row: int, inside: Sequence[Cell]) -> None:
        self.report.understand(cell for cell in inside if cell[1] in self._known)
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

    # --- project ----------------------------------------------------------------------------------

    def _project_of(self, text: str) -> ProjectName:
        return ProjectName(
            project_number_in(text, self.sheet.fiscal_year.be), project_name_in(text)
        )

    def _number_text(self, row: int) -> str:
        """A number column's text; a bare 24, and 2/2569 that Excel took for a month, are put right."""
        where = self._label_cell(row, "number")
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
        where = None if self._outline else self._label_cell(row, "project")
        number_where = self._label_cell(row, "number")
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
        depth = self._depth(row)
        if depth is not None and depth > self.state.depth:
            self.state.project = ProjectName()
            self.state.activity = project_name_in(self._label(row, "project"))
            return True
        self.state.depth, self.state.section, self.state.activity = None, ProjectName(), ""
        self._sums.end_section()
        return False

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

    # --- figures ----------------------------------------------------------------------------------

    def _numbers(self, row: int, columns: Iterable[Column]) -> dict[Column, NumberRead]:
        return {
            column: read_number(
                self.grid.value(row, column.index),
                scale=self._scale(column),
                money=column.role in MONEY,
            )
            for column in columns
            if self.grid.value(row, column.index) is not None
        }

    def _scale(self, column: Column) -> int:
        return (column.scale or self.sheet.scale) if column.role in MONEY else 0

    def _figures(self, row: int, unit: str, unit_cell: Cell | None) -> None:
        numbers = self._numbers(row, self._readable)
        whose = "province" if unit == self.places.province_code else "district"
        self._sums.line(row, "" if self._across else whose, numbers)
        activity = self._label(row, "activity")
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
            elif group in self._lacking:
                self.rows.append(replace(line, not_counted="column-unknown"))
            else:
                self._keep(line, group)

    def _year(self, row: int) -> int | None:
        """The fiscal year of a line in whose table a column says it."""
        years = years_in(self._label(row, "year"), bare=True) if "year" in self.table.labels else ()
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
            only_category(self._label(row, "category")) if "category" in self.table.labels else None
        )
        return told or context.category or self.state.category or self.sheet.category

    def _tranche(self, row: int, context: Context) -> str | None:
        """The sheet's envelope stands; a quarter over some columns only divides it."""
        told = only_tranche(self._label(row, "tranche")) if "tranche" in self.table.labels else None
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
        listed = "project" in self.table.labels and not self._across
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
            self._sums.compare((row, column.index), unit or None, column.role, read.value, whole)


def _is_part(part: Context, whole: Context) -> bool:
    if part.total:
        return False
    return (
        (not whole.number or part.number == whole.number)
        and (not whole.name or bool(whole.number) or part.name == whole.name)
        and (whole.unit is None or part.unit == whole.unit)
        and (whole.category is None or part.category == whole.category)
    )


def _sorted_out(
    columns: Sequence[Column],
) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[Column, ...]]:
    """Columns to read; parts of a figure whose whole stands beside them; those nobody can tell apart."""
    readable: list[Column] = []
    parts: list[Column] = []
    doubtful: list[Column] = []
    whole = {(c.group, c.role) for c in columns if not c.context.time}
    met: set[tuple[int, str, str]] = set()
    for column in columns:
        key = (column.group, column.role, column.of)
        if column.context.time:
            (parts if (column.group, column.role) in whole else doubtful).append(column)
        elif key in met:
            doubtful.append(column)
        else:
            met.add(key)
            readable.append(column)
    return tuple(readable), tuple(parts), tuple(doubtful)
