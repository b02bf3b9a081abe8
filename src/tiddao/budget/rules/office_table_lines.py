"""The lines of one table: what each says, and what kind of line it is. Nothing is changed here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tiddao.budget.rules.office_above import SheetContext
from tiddao.budget.rules.office_figures import MONEY
from tiddao.budget.rules.office_grid import Cell, OfficeGrid
from tiddao.budget.rules.office_heads import TableHead
from tiddao.budget.rules.office_mapping import Category
from tiddao.budget.rules.office_numbers import NumberRead, read_number
from tiddao.budget.rules.office_places import PlaceBook
from tiddao.budget.rules.office_sums import TOLERANCE
from tiddao.budget.rules.office_tables import Column, Table
from tiddao.budget.rules.office_words import (
    depth_of,
    is_footer,
    is_only_total,
    is_total,
    only_category,
    project_like,
)
from tiddao.kernel.digits import to_arabic

_LABEL_ROLES = ("seq", "number", "project", "activity", "unit", "category", "tranche", "date")


@dataclass
class TableLines:
    """What the lines of one table say.

    outline: no column of units, they stand among the projects, under each. unit_major: a unit once,
    its projects below it; a table the other way round has lines with a unit alone. last_line: the
    last one that names a unit, -1 where none does.
    """

    grid: OfficeGrid
    table: Table
    head: TableHead
    sheet: SheetContext
    places: PlaceBook

    def __post_init__(self) -> None:
        self._look_through()
        self.last_line = max(
            (row for row in self.all() if self.unit_cell(row) is not None), default=-1
        )

    def all(self) -> Iterator[int]:
        return (row for row in self.grid.rows if self.table.first <= row <= self.table.last)

    def label_cell(self, row: int, role: str) -> Cell | None:
        for c in self.table.labels.get(role, ()):
            where = self.grid.source(row, c)
            if where is not None and where[0] >= self.table.first:
                return where
        return None

    def label(self, row: int, role: str) -> str:
        where = self.label_cell(row, role)
        return self.grid.text(*where) if where else ""

    def values(self, row: int) -> list[Column]:
        """The columns of values in which this line holds something that could be a number."""
        return [
            column
            for column in self.head.readable
            if (value := self.grid.value(row, column.index)) is not None
            and (not isinstance(value, str) or any(sign.isdigit() for sign in value))
        ]

    def numbers(self, row: int, columns: Iterable[Column]) -> dict[Column, NumberRead]:
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

    def next_line(self, row: int) -> int | None:
        after = next(iter(self.grid.rows[bisect_right(self.grid.rows, row) :][:1]), None)
        return after if after is not None and after <= self.table.last else None

    @property
    def first_value(self) -> int:
        return self.table.columns[0].index

    def _look_through(self) -> None:
        """How units and projects stand to each other in this table.

        outline: no column of units, they stand among the projects, under each. unit_major: a unit
        once, its projects below it; a table the other way round has lines with a unit alone.
        """
        labels = self.table.labels
        self.outline = self.unit_major = self.has_units = False
        if self.head.across:
            return
        if "unit" not in labels:
            among = (self.places.unit(self.label(row, "project")) for row in self.all())
            self.outline = "project" in labels and sum(unit is not None for unit in among) >= 2
            return
        named = alone = 0
        for row in self.all():
            unit = self.places.unit(self.label(row, "unit")) is not None
            project = self.label(row, "project")
            named += unit
            alone += (
                not unit
                and not self.label(row, "unit")
                and bool(project and self.values(row))
                and not is_total(project)
            )
        self.has_units = named > 0
        # One unit that was forgotten must not become the unit above it.
        listed = "project" in labels and alone >= 2 and alone * 2 >= named > 0
        self.unit_major = listed and not self._unit_alone()

    def _unit_alone(self) -> bool:
        return any(
            not self.label(row, "project") and self.places.unit(self.label(row, "unit")) is not None
            for row in self.all()
        )

    def unit_cell(self, row: int) -> Cell | None:
        """The cell that names a unit for this very line."""
        role = "project" if self.outline else "unit"
        where = self.label_cell(row, role)
        if where is None or self.places.unit(self.grid.text(*where)) is None:
            return None
        own = where[0] == row or self.values(row)
        return where if own else None

    def unit_below(self, row: int) -> bool:
        """Whether the next line names a unit and no project: then this one is its heading."""
        after = self.next_line(row)
        return (
            after is not None
            and self.places.unit(self.label(after, "unit")) is not None
            and not self.label(after, "project")
        )

    def is_sum(self, row: int) -> bool:
        labels = [where for role in _LABEL_ROLES if (where := self.label_cell(row, role))]
        first = next(
            (
                (row, c)
                for c in self.grid.columns(row)
                if c in self.head.span and self.grid.is_text(row, c)
            ),
            None,
        )
        if first is not None and first not in labels and first[1] <= self.first_value:
            labels.append(first)
        totals = [where for where in labels if where[0] == row and is_total(self.grid.text(*where))]
        if not totals:
            return False
        if any(is_only_total(self.grid.text(*where)) for where in totals):
            return True  # "รวม" beside the name of a unit is the sum of that unit's lines
        unit = self.label_cell(row, "unit")
        named = unit is not None and self.places.unit(self.grid.text(*unit)) is not None
        return not named and not self.is_counted(row)

    def is_footer(self, inside: Sequence[Cell]) -> bool:
        """A person's name in a column of notes, or beside figures, ends no table."""
        texts = [
            self.grid.text(*cell)
            for cell in inside
            if self.grid.is_text(*cell)
            and cell[1] not in self.head.beside
            and cell[1] not in self.table.unknown
        ]
        return len(self.values(inside[0][0])) < 2 and any(is_footer(text) for text in texts)

    def is_counted(self, row: int) -> bool:
        """Whether the line has a number of its own in the list."""
        return any(
            to_arabic(self.grid.text(row, c)).isdecimal()
            for c in self.table.labels.get("seq", ())
            if (row, c) in self.grid.cells
        )

    def is_heading(self, row: int, text: str, values: Sequence[Column]) -> bool:
        """Whether a label among units is a project: by its words, without figures, or as their sum."""
        if project_like(text) or not values:
            return True
        role = "project" if self.outline else "unit"
        whole = dict.fromkeys(values, Decimal(0))
        lines = 0
        for below in self.grid.rows[bisect_right(self.grid.rows, row) :]:
            label = self.label(below, role)
            if below > self.table.last or self.places.unit(label) is None:
                break
            lines += 1
            for column, read in self.numbers(below, values).items():
                whole[column] += read.value or Decimal(0)
        printed = self.numbers(row, values)
        return lines > 0 and all(
            read.value is not None and abs(read.value - whole[column]) <= TOLERANCE
            for column, read in printed.items()
            if column.role in MONEY
        )

    def category_line(self, row: int, inside: Sequence[Cell]) -> tuple[Cell, Category] | None:
        """The cell of a line that says nothing but a category of budget, where units or projects stand."""
        for role in ("unit", "project"):
            where = self.label_cell(row, role)
            if where is not None and where[0] == row:
                break
        else:
            texts = [cell for cell in inside if self.grid.is_text(*cell)]
            if len(texts) != 1 or texts[0][1] >= self.first_value:
                return None
            where = texts[0]
        text = self.grid.text(*where)
        if is_total(text) or self.places.unit(text) is not None:
            return None
        if (category := only_category(text)) is None:
            return None
        return where, category

    def categories_below(self, row: int) -> bool:
        """Whether this unit's money stands in lines of categories below it."""
        after = self.next_line(row)
        if after is None or not self.values(after):
            return False
        inside = [(after, c) for c in self.grid.columns(after) if c in self.head.span]
        found = self.category_line(after, inside)
        return found is not None and not self.is_heading(
            after, self.grid.text(*found[0]), self.values(after)
        )

    def depth(self, row: int) -> int | None:
        where = self.label_cell(row, "project")
        label = self.grid.text(*where) if where and where[0] == row else ""
        seq = next((self.grid.text(row, c) for c in self.table.labels.get("seq", ())), "")
        return depth_of(seq, label)

    def is_parent(self, row: int) -> bool:
        """Whether the next line is a part of this one: 1.1 below 1, or a dash; with figures of its own."""
        depth, after = self.depth(row), self.next_line(row)
        if depth is None or after is None or not self.values(row):
            return False
        below = self.depth(after)
        return below is not None and below > depth and bool(self.values(after))
