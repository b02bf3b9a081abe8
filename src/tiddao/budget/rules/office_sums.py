"""Compares the sums that a file prints with the lines they should be the sums of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tiddao.budget.rules.office_figures import MEASURE_TH, MONEY, Measure, OfficeSummary
from tiddao.budget.rules.office_grid import Cell, address
from tiddao.budget.rules.office_mapping import Category
from tiddao.budget.rules.office_numbers import NumberRead
from tiddao.budget.rules.office_report import SheetReport
from tiddao.budget.rules.office_tables import Column
from tiddao.budget.rules.office_words import squashed
from tiddao.kernel.numerals import format_trimmed

TOLERANCE = Decimal("0.01")
_NO_SUM = ("เฉลี่ย", "ค่าเฉลี่ย")


@dataclass
class _Running:
    """One column's sums so far. broken: a line of it cannot be read."""

    whole: Decimal = Decimal(0)
    districts: Decimal = Decimal(0)
    since: Decimal = Decimal(0)
    broken: bool = False
    broken_since: bool = False
    lines: int = 0


@dataclass(frozen=True, slots=True)
class _Pending:
    """A sum that stands before its lines."""

    row: int
    printed: Mapping[Column, NumberRead]
    begun: Mapping[Column, Decimal]
    broken: frozenset[Column]


@dataclass
class SumBook:
    """The sums of one table. category, tranche: what its lines are about."""

    report: SheetReport
    category: Category | None
    tranche: str | None
    columns: dict[Column, _Running] = field(default_factory=dict)
    summaries: list[OfficeSummary] = field(default_factory=list)
    lines: int = 0
    _first: list[_Pending] = field(default_factory=list)
    _section: _Pending | None = None

    def line(self, row: int, whose: str, numbers: Mapping[Column, NumberRead]) -> None:
        """A line was read. whose: "province", "district", or "" where nobody knows."""
        del row
        self.lines += 1
        for column, read in numbers.items():
            running = self.columns.setdefault(column, _Running())
            running.lines += 1
            if read.fault not in {None, "SUB_SATANG"}:
                running.broken = running.broken_since = True
            elif read.value is not None:
                running.whole += read.value
                running.since += read.value
                if whose != "province":
                    running.districts += read.value

    def sum_line(self, row: int, label: str, numbers: Mapping[Column, NumberRead]) -> None:
        """A line of sums was met."""
        if squashed(label).startswith(_NO_SUM):
            return
        if not self.lines:
            self._first.append(self._pending(row, numbers))
            return
        for column, read in numbers.items():
            if read.value is None or column.role not in MONEY:
                continue
            running = self.columns.setdefault(column, _Running())
            near = [running.since, running.whole, running.districts]
            computed = next((each for each in near if abs(each - read.value) <= TOLERANCE), None)
            if computed is None:
                computed = running.whole
            self.compare(
                (row, column.index),
                column.context.unit,
                column.role,
                read.value,
                None if running.broken else computed,
            )
        for running in self.columns.values():
            running.since, running.broken_since = Decimal(0), False

    def carry(self, numbers: Mapping[Column, NumberRead]) -> None:
        """A page begins with what the pages before it came to: its sums run on from there."""
        for column, read in numbers.items():
            if read.value is not None and column.role in MONEY:
                running = self.columns.setdefault(column, _Running())
                running.whole += read.value
                running.districts += read.value

    def is_sum(self, numbers: Mapping[Column, NumberRead]) -> bool:
        """Whether an unnamed line is, in every column of money, the sum of the lines above."""
        money = [
            (column, read.value)
            for column, read in numbers.items()
            if column.role in MONEY and read.value is not None
        ]
        if len(money) < 2 or self.lines < 2 or not any(value for _, value in money):
            return False
        return all(
            (running := self.columns.get(column)) is not None
            and not running.broken
            and min(abs(running.whole - value), abs(running.since - value)) <= TOLERANCE
            for column, value in money
        )

    def open_section(self, row: int, label: str, numbers: Mapping[Column, NumberRead]) -> None:
        """A heading was met; figures beside it are the sum of the lines until the next one."""
        del label
        self._close_section()
        self._section = self._pending(row, numbers) if numbers else None

    def end_section(self) -> None:
        """The lines of the last heading are over, and no new heading begins."""
        self._close_section()

    def close(self) -> list[OfficeSummary]:
        """The table ends: sums that stood before their lines are compared now."""
        self._close_section()
        for pending in self._first:
            self._compare_pending(pending)
        return self.summaries

    def compare(
        self,
        cell: Cell,
        unit: str | None,
        measure: Measure,
        printed: Decimal,
        computed: Decimal | None,
    ) -> None:
        """A printed sum is put beside ours; a difference of more than a satang is a finding."""
        self.summaries.append(
            OfficeSummary(
                self.report.grid.tab,
                address(*cell),
                unit,
                self.category,
                self.tranche,
                measure,
                printed,
                computed,
            )
        )
        if computed is not None and abs(computed - printed) > TOLERANCE:
            self.report.find(
                "SUMMARY_MISMATCH",
                cell,
                f"ยอดรวม{MEASURE_TH[measure]}ในไฟล์ {format_trimmed(printed)} "
                f"ไม่ตรงกับรายการที่รวมได้ {format_trimmed(computed)}",
                "error",
            )

    def _pending(self, row: int, numbers: Mapping[Column, NumberRead]) -> _Pending:
        return _Pending(
            row,
            dict(numbers),
            {column: running.whole for column, running in self.columns.items()},
            frozenset(column for column, running in self.columns.items() if running.broken),
        )

    def _close_section(self) -> None:
        if self._section is not None:
            self._compare_pending(self._section)
        self._section = None

    def _compare_pending(self, pending: _Pending) -> None:
        for column, read in pending.printed.items():
            if read.value is None or column.role not in MONEY:
                continue
            running = self.columns.get(column, _Running())
            broken = running.broken and column not in pending.broken
            whole = running.whole - pending.begun.get(column, Decimal(0))
            self.compare(
                (pending.row, column.index),
                column.context.unit,
                column.role,
                read.value,
                None if broken else whole,
            )
