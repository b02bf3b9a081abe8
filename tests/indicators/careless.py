"""A careless officer with a spreadsheet: fills a province's workbook in, with every fault there is.

What was planted is known: each fault by sheet, cell and code, and every result that must arrive.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.results_layout import keyed_columns
from tiddao.indicators.rules.scoring import Reported, parts_asked
from tiddao.kernel.digits import to_thai

Key = tuple[str, str]
FIRST_PLACE = 6
"""The row of the first place, as the workbook goes out."""


def honest_report(indicator: IndicatorDefinition, chance: random.Random) -> Reported:
    """A report that can be true, with as many digits as people type."""
    kind = indicator.otherwise if indicator.kind == "linked" else indicator.kind
    if kind == "milestone":
        return Reported(steps=frozenset(range(1, chance.randint(0, 5) + 1)))
    if kind == "rubric":
        return Reported(self_score=Decimal(chance.randint(100, 500)) / 100)
    below = Decimal(chance.randint(20, 4000))
    if kind == "average":
        low, high = indicator.minimum or Decimal(0), indicator.maximum or Decimal(5)
        mean = low + (high - low) * Decimal(chance.randint(1, 9999)) / 10000
        return Reported((mean * below).quantize(Decimal("0.0001")), below)
    if kind == "count" and indicator.rollup != "parts":
        return Reported(Decimal(chance.randint(0, int(indicator.maximum or 100))))
    above = Decimal(chance.randint(0, int(below)))
    if not indicator.whole:
        above = min(below, above + Decimal(chance.randint(0, 99)) / 100)
    return Reported(above, below)


@dataclass
class Careless:
    """Fills in a workbook that went out. faults: (sheet, cell) → code of each that was planted.

    expected: what must arrive; lost: results that the faults refuse.
    """

    definition: FrameworkDefinition
    book: Any
    seed: int
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: dict[tuple[str, str], str] = field(default_factory=dict)
    expected: dict[Key, Reported | None] = field(default_factory=dict)
    where: dict[Key, dict[str, tuple[Worksheet, int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.sheets: list[Worksheet] = self.book.worksheets[1:-1]
        self.places: dict[str, str] = {}
        for sheet in self.sheets:
            columns = keyed_columns([cell.value for cell in sheet[1]])
            for row in range(FIRST_PLACE, sheet.max_row + 1):
                place = str(sheet.cell(row, 1).value)
                self.places[place] = str(sheet.cell(row, 2).value)
                for column, (code, role) in columns.items():
                    if code:
                        cells = self.where.setdefault((place, code), {})
                        cells[role] = (sheet, row, column + 1)

    def fill_all(self, but: Sequence[Key] = ()) -> None:
        """Type an honest figure into every cell, as people type figures."""
        for (place, code), cells in self.where.items():
            if (place, code) in but:
                continue
            indicator = self.definition.indicator(code)
            report = honest_report(indicator, self.chance)
            self.expected[place, code] = report
            for part in parts_asked(indicator):
                if part in cells:
                    self._type(cells[part], getattr(report, part))

    def _type(self, at: tuple[Worksheet, int, int], value: Any) -> None:
        sheet, row, column = at
        if isinstance(value, frozenset):
            done = max(value, default=0)
            ways: list[Any] = [done, str(done), to_thai(done), f"ขั้นที่ {done}"]
            if done > 1:
                ways += [",".join(map(str, sorted(value))), f"1-{done}", f"๑ ถึง {to_thai(done)}"]
        else:
            plain = f"{value:f}"
            ways = [
                int(value) if value == value.to_integral_value() else float(value),
                plain,
                f"{value:,f}",
                f"  {plain} ",
                to_thai(f"{value:,f}"),
                f"{plain}\u200b",
                plain.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
            ]
        sheet.cell(row, column).value = self.chance.choice(ways)

    # -- faults --

    def spoil(self, key: Key, part: str, value: Any, code: str, *, at: str = "") -> None:
        """Type something that must be refused; at: the part whose cell must be named."""
        sheet, row, column = self.where[key][part]
        cell = sheet.cell(row, column)
        cell.value = value
        named = self.where[key][at or part]
        self.faults[sheet.title, f"{get_column_letter(named[2])}{named[1]}"] = code
        self.expected.pop(key, None)

    def put(self, key: Key, part: str, value: Any, report: Reported | None) -> None:
        """Type something odd that must be understood."""
        sheet, row, column = self.where[key][part]
        sheet.cell(row, column).value = value
        self.expected[key] = report

    def each_fault(self) -> Iterator[tuple[str, Callable[[Key], None]]]:
        """Every fault of one cell, with the kind of indicator that it can happen to."""

        def plain(value: Any, code: str, part: str = "numerator") -> Callable[[Key], None]:
            return lambda key: self.spoil(key, part, value, code)

        yield "1.2", plain(99999, "numerator_over_denominator")
        yield "1.3", plain("แปดสิบห้า", "text")
        yield "1.4", plain("-", "blank-mark")
        yield "2.3", plain("ไม่มี", "two_meanings")
        yield "3.1", plain("N/A", "two_meanings")
        yield "3.4", plain("85%", "per_cent")
        yield "4.1", plain("ร้อยละ ๘๕", "per_cent")
        yield "5.1", self._shown_as_percent
        yield "5.2", plain(datetime(2566, 3, 31), "date")
        yield "5.3", plain("31 มี.ค. 2566", "date")
        yield "1.2", plain(-5, "negative")
        yield "1.3", plain("(5)", "negative")
        yield "1.4", plain("1.5", "not_whole")
        yield "2.3", plain(0, "zero_base", "denominator")
        yield "3.1", self._half_filled
        yield "3.4", plain("#DIV/0!", "excel-error")
        yield "4.1", plain("=A1+", "formula_without_value")
        yield "1.1", plain(7, "unknown_step", "steps")
        yield "1.5", plain("1,3", "step_skipped", "steps")
        yield "1.6", plain(6, "outside_rubric", "self_score")
        yield "4.3", plain("ดีมาก", "text", "self_score")
        yield "5.1", plain("12 จาก 20", "two-numbers")
        yield "5.2", plain("1.234,56", "grouping")
        yield "5.3", plain("1E+05", "scientific")
        yield "3.2", plain("๕๐ ล้าน", "text")
        yield "4.4", plain(True, "boolean")
        yield "5.4", plain("12345678901.12345678912", "too_precise")
        yield "2.1", self._does_not_apply_and_has_figures

    def _shown_as_percent(self, key: Key) -> None:
        self.spoil(key, "numerator", 0.85, "per_cent")
        sheet, row, column = self.where[key]["numerator"]
        sheet.cell(row, column).number_format = "0.00%"

    def _half_filled(self, key: Key) -> None:
        self.spoil(key, "denominator", None, "missing_part")

    def _does_not_apply_and_has_figures(self, key: Key) -> None:
        self.spoil(key, "numerator", "ไม่ใช้กับพื้นที่", "not_applicable_with_figures", at="denominator")

    def neighbours(self, code: str, *, but: set[str]) -> list[Key]:
        """Return two results of an indicator that stand one below the other."""
        rows = {
            next(iter(cells.values()))[1]: key
            for key, cells in self.where.items()
            if key[1] == code and key[0] not in but
        }
        first = next(row for row in sorted(rows) if row + 1 in rows)
        return [rows[first], rows[first + 1]]

    def merge_downwards(self, keys: Sequence[Key], part: str) -> None:
        """Merge one part of several places into one cell."""
        sheet, first, column = self.where[keys[0]][part]
        letter = get_column_letter(column)
        last = self.where[keys[-1]][part][1]
        sheet.merge_cells(f"{letter}{first}:{letter}{last}")
        for row in range(first, last + 1):
            self.faults[sheet.title, f"{letter}{row}"] = "merged"
        for key in keys:
            self.expected.pop(key, None)

    def add_row(self, sheet: Worksheet, code: str, name: str, fault: str) -> None:
        """Add a row at the end with one figure, of a place that cannot be taken."""
        row = sheet.max_row + 1
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = code or None, name
        sheet.cell(row, 3).value, sheet.cell(row, 4).value = 1, 2
        self.faults[sheet.title, f"{'A' if code else 'B'}{row}"] = fault

    def say_twice(self, key: Key, differently: Reported) -> None:
        """Add a second row of a place, with other figures than the first."""
        sheet, row, column = self.where[key]["numerator"]
        again = sheet.max_row + 1
        sheet.cell(again, 1).value = key[0]
        letter = get_column_letter(column)
        sheet.cell(again, column).value = int(differently.numerator or 0)
        sheet.cell(again, column + 1).value = int(differently.denominator or 0)
        self.faults[sheet.title, f"{letter}{row}"] = "duplicate"
        self.faults[sheet.title, f"{letter}{again}"] = "duplicate"
        self.expected.pop(key, None)

    def note_total(self, sheet: Worksheet) -> None:
        row = sheet.max_row + 1
        sheet.cell(row, 2).value = "รวมทั้งจังหวัด"
        sheet.cell(row, 3).value = 12345
        self.notes[sheet.title, f"B{row}"] = "total_not_read"

    # -- the sheets themselves: before they are filled in -----------------------------------------

    def reverse_rows(self, sheet: Worksheet) -> None:
        """Sort the places the other way round."""
        self._rewrite(
            sheet, lambda rows: [*rows[: FIRST_PLACE - 1], *reversed(rows[FIRST_PLACE - 1 :])]
        )

    def swap_indicators(self, sheet: Worksheet, first: str, second: str) -> None:
        """Cut the columns of an indicator and put them behind another's."""
        columns = keyed_columns([cell.value for cell in sheet[1]])
        mine = [n for n, (code, _) in columns.items() if code == first]
        last = max(n for n, (code, _) in columns.items() if code == second)
        rest = [n for n in range(sheet.max_column) if n not in mine]
        order = [*(n for n in rest if n <= last), *mine, *(n for n in rest if n > last)]
        self._rewrite(sheet, lambda rows: [[row[n] for n in order] for row in rows])

    def retype(self, sheet: Worksheet, names: Callable[[str], str]) -> None:
        """Make a sheet of one's own: no ids, no codes, own heads, own names, empty rows between."""

        def own(rows: list[list[Any]]) -> list[list[Any]]:
            heads = [
                f"ตัวชี้วัดที่ {to_thai(str(each.value))}" if each.value else None for each in rows[3][2:]
            ]
            found = [
                ["แบบรายงานของจังหวัด ปีงบประมาณ พ.ศ. ๒๕๖๖"],
                ["ลำดับ", "อำเภอ", *heads],
                [None, None, *(each.value for each in rows[4][2:])],
            ]
            for number, row in enumerate(rows[FIRST_PLACE - 1 :], start=1):
                found += [[to_thai(number), names(str(row[1].value)), *row[2:]], [None]]
            return found

        self._rewrite(sheet, own)

    def _rewrite(
        self, sheet: Worksheet, change: Callable[[list[list[Any]]], list[list[Any]]]
    ) -> None:
        """Write a sheet anew, in another order, and remember where each result went."""
        rows = [list(row) for row in sheet.iter_rows()]
        changed = change(rows)
        went = {
            (cell.row, cell.column): (row, column)
            for row, cells in enumerate(changed, start=1)
            for column, cell in enumerate(cells, start=1)
            if isinstance(cell, Cell | MergedCell)
        }
        values = [[getattr(cell, "value", cell) for cell in cells] for cells in changed]
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.delete_rows(1, sheet.max_row)
        for number, cells in enumerate(values, start=1):
            for column, value in enumerate(cells, start=1):
                if value is not None:
                    sheet.cell(number, column).value = value
        for parts in self.where.values():
            for part, (own, row, column) in list(parts.items()):
                if own is sheet:
                    parts[part] = (sheet, *went[row, column])

    def saved(self) -> bytes:
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()
