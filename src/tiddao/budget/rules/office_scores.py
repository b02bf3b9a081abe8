"""Reads แบบประเมินที่ 1 from an office's workbook and puts the rule's own score beside each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from tiddao.budget.rules.district_score import district_score
from tiddao.budget.rules.office_figures import OfficeScore
from tiddao.budget.rules.office_grid import Cell, OfficeGrid, address
from tiddao.budget.rules.office_numbers import read_number
from tiddao.budget.rules.office_places import PlaceBook, shown
from tiddao.budget.rules.office_report import SheetReport
from tiddao.budget.rules.office_tables import Column, Table
from tiddao.budget.rules.office_words import is_footer, is_total, squashed
from tiddao.kernel.numerals import format_trimmed

_INCOMPLETE = re.compile(r"ไม่|ขาด|ยัง|✗|✘|❌|^x$|^0$|^no$|^n$|^false$")
_COMPLETE = re.compile(r"ครบ|มี|✓|✔|☑|✅|^/$|^1$|^yes$|^y$|^true$|ใช่|เรียบร้อย|ถูกต้อง")


@dataclass
class ScoreReader:
    """Reads one table of scores. scores: what was found."""

    grid: OfficeGrid
    table: Table
    places: PlaceBook
    report: SheetReport
    scores: list[OfficeScore] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._columns: dict[str, Column] = {}
        for column in self.table.columns:
            self._columns.setdefault(column.role, column)

    def read(self) -> None:
        """Every district of the table.

        Source: docs domain 1.3, 3.4 (SCORE_MISMATCH).
        """
        self.report.understand(self.table.heads)
        self.report.understand(self.table.titles)
        for row in self.grid.rows:
            if self.table.first <= row <= self.table.last:
                self._read_line(row)

    def _read_line(self, row: int) -> None:
        inside = [(row, c) for c in self.grid.columns(row) if c <= self.table.right]
        where = next(
            (
                found
                for c in self.table.labels.get("unit", ())
                if (found := self.grid.source(row, c))
            ),
            None,
        )
        text = self.grid.text(*where) if where else ""
        unit = self.places.unit(text) if text else None
        numbers = [cell for cell in inside if isinstance(self.grid.cells[cell], int | float)]
        if unit is not None and where is not None:
            self._score(row, unit)
            self.report.understand(inside)
        elif any(is_footer(self.grid.text(*c)) or is_total(self.grid.text(*c)) for c in inside):
            self.report.leave(inside, "footer")
        elif text and len(numbers) >= 3:
            note = self.places.find(text).note
            self.report.refuse(
                inside,
                "UNKNOWN_PLACE",
                f"ไม่รู้จักหน่วยงาน “{shown(text)}”" + (f" ({note})" if note else ""),
            )
        else:
            self.report.leave(inside, "footer")

    def _score(self, row: int, unit: str) -> None:
        percent = self._number(row, "percent")
        loans = self._number(row, "loans")
        printed = self._number(row, "score")
        papers = self._papers(row)
        whole = self._whole(loans, row)
        computed = None
        if percent is not None and papers is not None and whole is not None:
            if percent <= 1 and self._fractions:
                percent *= 100
            computed = district_score(percent, papers, whole)
        cell = self._cell(row, "score") or self._cell(row, "percent") or (row, 0)
        self.scores.append(
            OfficeScore(
                self.grid.tab, address(*cell), unit, percent, papers, whole, printed, computed
            )
        )
        self._compare(cell, unit, printed, computed)

    def _compare(
        self, cell: Cell, unit: str, printed: Decimal | None, computed: int | None
    ) -> None:
        name = self.places.districts.get(unit, "จังหวัด")
        if computed is None:
            self.report.find(
                "SCORE_UNCHECKED",
                cell,
                f"{name}: ข้อมูลไม่พอจะคำนวณคะแนนตามเกณฑ์ (ร้อยละเบิกจ่าย เอกสาร สัญญายืมเงิน)",
                "warning",
            )
        elif printed is not None and printed != computed:
            self.report.find(
                "SCORE_MISMATCH",
                cell,
                f"{name}: คะแนนในไฟล์ {format_trimmed(printed)} แต่ตามเกณฑ์ได้ {computed}",
                "error",
            )

    @property
    def _fractions(self) -> bool:
        """Whether the whole column is written 0.83 instead of 83."""
        column = self._columns.get("percent")
        if column is None:
            return False
        values = [
            value
            for row in self.grid.rows
            if self.table.first <= row <= self.table.last
            for value in (self.grid.value(row, column.index),)
            if isinstance(value, int | float)
        ]
        return bool(values) and max(values) <= 1.5 and any(0 < value < 1 for value in values)

    def _cell(self, row: int, role: str) -> Cell | None:
        column = self._columns.get(role)
        return (row, column.index) if column else None

    def _number(self, row: int, role: str) -> Decimal | None:
        cell = self._cell(row, role)
        if cell is None or cell not in self.grid.cells:
            return None
        read = read_number(self.grid.cells[cell], money=False)
        if read.fault:
            self.report.refuse([cell], read.fault, read.message_th)
        return read.value

    def _whole(self, loans: Decimal | None, row: int) -> int | None:
        """The number of overdue contracts: a dash or a blank in a column that is there means none."""
        cell = self._cell(row, "loans")
        if cell is None or self.report.fates.get(cell) == "refused":
            return None
        if loans is None:
            return 0
        return int(loans) if loans >= 0 and loans == loans.to_integral_value() else None

    def _papers(self, row: int) -> bool | None:
        cell = self._cell(row, "papers")
        if cell is None or cell not in self.grid.cells:
            return None
        value = self.grid.cells[cell]
        if isinstance(value, bool):
            return value
        text = squashed(self.grid.text(*cell))
        if _INCOMPLETE.search(text):
            return False
        return True if _COMPLETE.search(text) else None
