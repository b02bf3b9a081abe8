"""The head of one table: which of its columns are read, which are not, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tiddao.budget.rules.office_grid import CellError, OfficeGrid
from tiddao.budget.rules.office_places import shown
from tiddao.budget.rules.office_report import SheetReport
from tiddao.budget.rules.office_tables import Column, Table
from tiddao.budget.rules.office_words import is_amount

_LOOK_BEYOND = 3


@dataclass
class TableHead:
    """The columns of one table. roles: of those to be read.

    readable: columns of figures that are read. parts: of a figure whose whole stands beside them.
    doubtful: nobody can tell them apart. unitless: among columns of units, those of no unit that is
    known. beside: understood, but not read here. lacking: groups of columns without allotments, or
    without payments, for certain: which, in words.
    """

    grid: OfficeGrid
    table: Table
    report: SheetReport
    roles: Collection[str]

    def __post_init__(self) -> None:
        table = self.table
        labels = {c for where in table.labels.values() for c in where}
        self.span = range(min([table.left, *labels]), table.right + 1)
        self.across = any(column.context.unit for column in table.columns)
        self.known = labels | {column.index for column in table.columns}
        wanted = [column for column in table.columns if column.role in self.roles]
        self.beside = {*table.beside, *(c.index for c in table.columns if c not in wanted)}
        readable, self.parts, self.doubtful = _sorted_out(wanted)
        self.unitless = tuple(
            c for c in readable if self.across and not (c.context.unit or c.context.total)
        )
        self.readable = tuple(c for c in readable if c not in self.unitless)
        self.lacking = self._lacks_a_column()

    def read(self, lines: Iterable[int]) -> None:
        """Say what of the head is understood, and what in it or below it nobody can use.

        lines: those that name a unit and hold figures.

        Source: docs domain 3.4; issue 3, "Any office workbook".
        """
        table, report = self.table, self.report
        report.understand(table.heads)
        report.understand(table.titles)
        for column in self.doubtful:
            words = shown(self.grid.text(*column.head))
            report.find(
                "AMBIGUOUS_COLUMN",
                column.head,
                f"มีคอลัมน์ “{words}” มากกว่าหนึ่งคอลัมน์โดยไม่มีสิ่งที่แยกออกจากกัน จึงไม่นำคอลัมน์นี้มาใช้",
                "refused",
            )
        for column in self.unitless:
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
                if self.lacking:
                    missing = next(iter(self.lacking.values()))
                    words = f"และไม่พบคอลัมน์{missing} จึงยังไม่นับรายการเหล่านี้ ให้บอกว่าคอลัมน์นี้คืออะไร"
                report.find(
                    "UNKNOWN_COLUMN",
                    head,
                    f"ไม่รู้จักหัวคอลัมน์ “{shown(self.grid.text(*head))}” {words}",
                    "refused" if self.lacking else "warning",
                )
        if self.lacking and not table.unknown:
            group, missing = next(iter(self.lacking.items()))
            head = next(column.head for column in self.readable if column.group == group)
            report.find(
                "UNKNOWN_COLUMN",
                head,
                f"ไม่พบคอลัมน์{missing}ที่คู่กับคอลัมน์นี้ จึงยังไม่นับตารางนี้ ให้ตรวจหัวตาราง",
                "refused",
            )
        for row in range(table.top, table.first):
            report.leave(((row, c) for c in self.grid.columns(row) if c in self.span), "index")
        self._find_headless(list(lines))

    def _find_headless(self, lines: Sequence[int]) -> None:
        """A column as full of figures as the others, but without a head, is not passed over."""
        known = self.known | set(self.beside) | set(self.table.unknown)
        first = min((c for where in self.table.labels.values() for c in where), default=0)
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
        for column in self.readable:
            if not column.context.total:
                groups.setdefault(column.group, set()).add(column.role)
        lacking: dict[int, str] = {}
        for group, roles in groups.items():
            if not roles & {"allotted", "revised"}:
                lacking[group] = "ยอดจัดสรร"
            elif not roles & {"disbursed", "used"}:
                lacking[group] = "ยอดเบิกจ่าย"
        strange = [*self.table.unknown, *(c for c, r in self.table.beside.items() if r == "plan")]
        strange += [c.index for c in self.doubtful if c.role != "percent"]
        torn = len(lacking) == len(groups) and len({*lacking.values()}) > 1
        return lacking if torn or any(self._holds_numbers(c) for c in strange) else {}

    def _holds_numbers(self, column: int) -> bool:
        return any(
            isinstance(value := self.grid.value(row, column), int | float | CellError)
            or (isinstance(value, str) and is_amount(value))
            for row in self.grid.rows
            if self.table.first <= row <= self.table.last
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
