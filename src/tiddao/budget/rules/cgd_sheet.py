"""Reads one sheet of the weekly workbook: the words around the table, its heads, its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

import geothai

from tiddao.budget.rules.cgd_figures import (
    KIND_TH,
    MILLION_BAHT,
    SPENDING_TH,
    CgdRow,
    CgdSheet,
    Figure,
    Finding,
    Kind,
    Measure,
    Order,
    Severity,
    Spending,
    SpendingFigures,
    unit_of,
)
from tiddao.budget.rules.cgd_grid import Grid, address
from tiddao.budget.rules.cgd_layouts import RANK_HEAD, TOTAL_LABELS, Column, SheetLayout
from tiddao.kernel.dates import format_long, parse_date
from tiddao.kernel.digits import to_arabic
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.names import fold_place, repair_spelling
from tiddao.kernel.numerals import parse_decimal
from tiddao.kernel.unreadable import Unreadable

BANGKOK = "10"
HEADS_WITHIN = 30
"""Rows from the top in which title and heads are looked for."""
LOWER_HEAD_WITHIN = 3

_SPACES = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_FISCAL_YEAR = re.compile(r"ประจำปี(?:งบประมาณ)?\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*(\d{4})")
_UNTIL = re.compile(r"จนถึง\s*(?:ณ\s*)?วันที่(?P<day>.*)")
_AS_OF = re.compile(r"ข้อมูล\s*ณ\s*วันที่(?P<day>.*)")
_REPORTED = re.compile(r"วันที่เรียกรายงาน(?P<day>.*)")
_DAY = re.compile(r"\d{1,2}\s*/\s*\d{1,2}\s*/\s*\d{4}|\d{1,2}[^\d]{2,24}\d{4}")
_UNIT = re.compile(r"^\(?หน่วย[::]?(?P<unit>[^)]*)\)?$")
_TARGET_MONTH = re.compile(r"เป้าหมายการใช้จ่ายเดือน(?P<month>[ก-๙]+)\s*(?P<year>\d{4})")
_TARGET_HEADS: tuple[tuple[Spending, str], ...] = (
    ("total", "ภาพรวม"),
    ("recurrent", "รายจ่ายประจำ"),
    ("investment", "รายจ่ายลงทุน"),
)
_ORDERS: tuple[tuple[str, Order], ...] = (
    ("จากน้อยไปมาก", "ascending"),
    ("จากมากไปน้อย", "descending"),
)


def read_sheet(layout: SheetLayout, grid: Grid, findings: list[Finding]) -> CgdSheet | None:
    """The sheet that the layout describes; every fault goes to findings.

    None when anything in it cannot be read with certainty: then a finding says "refused".

    Source: docs domain 3.3 (the official workbook, column for column).
    """
    return _SheetReader(layout, grid, findings).read()


@cache
def provinces_by_name() -> dict[str, str]:
    """Folded name → two-digit code of the 77 official provinces.

    Source: geothai (Department of Provincial Administration codes), docs domain 6.3.
    """
    return {fold_place(each.name_th): each.code for each in geothai.provinces()}


def province_of_code(code: str) -> str | None:
    """'5700' → '57': the two-digit code behind the workbook's province code, None if there is none.

    Source: docs domain 6.3 (crosswalk), 3.3 (รหัสจังหวัด 4 digits).
    """
    if len(code) == 4 and code.endswith("00") and geothai.province(code[:2]) is not None:
        return code[:2]
    return None


def squash(value: object) -> str:
    """Words as they are compared: no spaces, no line breaks, Arabic digits, vowels repaired.

    Source: docs domain 3.3 (parsing traps: line breaks inside cells, spaces in heads).
    """
    if not isinstance(value, str):
        return ""
    return _SPACES.sub("", to_arabic(repair_spelling(value)))


def _printed(value: object) -> str:
    return " ".join(str(value).split())


def heads_row(layout: SheetLayout, grid: Grid) -> int | None:
    """The row of the upper heads, counted from 0; None when there is none.

    Source: docs domain 3.3 (header of two rows).
    """
    needed = set(_needed(layout))
    for r, row in enumerate(grid.cells[:HEADS_WITHIN]):
        if needed <= {squash(cell) for cell in row}:
            return r
    return None


def _needed(layout: SheetLayout) -> tuple[str, ...]:
    """The heads by which the row of heads is known."""
    return (layout.name_head,) if layout.fixed_rows else (RANK_HEAD, layout.name_head)


class _Stopped(Exception):
    """The sheet cannot be read further; the reason is already among the findings."""


@dataclass
class _Heads:
    """Where the columns stand, counted from 0."""

    upper_row: int
    lower_row: int
    rank: int | None
    name: int
    code: int | None
    figures: dict[int, Column]

    @property
    def first_figure(self) -> int:
        return min(self.figures)

    @property
    def known(self) -> frozenset[int]:
        lead = (self.rank, self.name, self.code)
        return frozenset(column for column in (*lead, *self.figures) if column is not None)


@dataclass
class _Foot:
    """What stands below the total row."""

    notes: list[str] = field(default_factory=list)
    as_of: list[tuple[date, str]] = field(default_factory=list)
    reported: list[tuple[date, str]] = field(default_factory=list)


@dataclass
class _SheetReader:
    """Reads one sheet; every fault goes to `findings`, and reading goes on as far as it can."""

    layout: SheetLayout
    grid: Grid
    findings: list[Finding]

    def read(self) -> CgdSheet | None:
        before = len(self.findings)
        try:
            sheet = self._read()
        except _Stopped:
            return None
        refused = any(each.severity == "refused" for each in self.findings[before:])
        return None if refused else sheet

    def _read(self) -> CgdSheet:
        heads = self._heads()
        above = list(self._texts(range(heads.upper_row)))
        self._check_unit(above)
        fiscal_year = self._fiscal_year(above)
        order = self._order(above)
        rows, total, after = self._rows(heads)
        foot = self._foot(range(after, len(self.grid.cells)), heads)
        self._check_units(rows)
        as_of = self._as_of(above, foot, fiscal_year)
        reported = self._report_date(foot, as_of)
        if total is None:
            raise _Stopped
        return CgdSheet(
            number=self.layout.number,
            tab=self.grid.tab,
            title=_printed(above[0][1]) if above else "",
            unit=MILLION_BAHT,
            basis=self.layout.basis,
            basis_th=self.layout.basis_th,
            base_th=self.layout.base_th,
            order=order,
            code_name=self.layout.code_head,
            as_of=as_of,
            report_date=reported,
            fiscal_year=fiscal_year,
            rows=tuple(rows),
            total_row=total,
            footnotes=tuple(foot.notes),
            targets=self._targets(foot, as_of),
        )

    # -- faults

    def _say(
        self,
        code: str,
        message: str,
        *,
        cell: str = "",
        severity: Severity = "refused",
    ) -> None:
        self.findings.append(Finding(code, self.grid.tab, cell, message, severity))

    def _stop(self, code: str, message: str, *, cell: str = "") -> _Stopped:
        self._say(code, message, cell=cell)
        return _Stopped()

    # -- words around the table

    def _texts(self, rows: Iterable[int]) -> Iterator[tuple[str, str]]:
        """(address, text with Arabic digits) of each cell with words in those rows."""
        for r in rows:
            for c, cell in enumerate(self.grid.cells[r]):
                if isinstance(cell, str) and cell.strip():
                    yield address(r, c), to_arabic(cell)

    def _check_unit(self, above: list[tuple[str, str]]) -> None:
        for cell, text in above:
            found = _UNIT.match(squash(text))
            if found is None:
                continue
            if found["unit"] == MILLION_BAHT:
                return
            raise self._stop(
                "other-unit", f"หน่วยคือ “{found['unit']}” ต้องเป็น “{MILLION_BAHT}”", cell=cell
            )
        raise self._stop("no-unit", f"ไม่พบ “หน่วย: {MILLION_BAHT}” เหนือหัวตาราง")

    def _fiscal_year(self, above: list[tuple[str, str]]) -> FiscalYear:
        found = [
            (cell, year)
            for cell, text in above
            for year in _FISCAL_YEAR.findall(_printed(repair_spelling(text)))
        ]
        if not found:
            raise self._stop("no-fiscal-year", "ไม่พบปีงบประมาณในชื่อตาราง")
        cell, written = found[0]
        other = next((each for each in found if each[1] != written), None)
        if other is not None:
            raise self._stop(
                "fiscal-year-differs",
                f"ชื่อตารางเขียนปีงบประมาณทั้ง {written} (ช่อง {cell}) และ {other[1]}",
                cell=other[0],
            )
        try:
            return FiscalYear.parse(written)
        except Unreadable as fault:
            raise self._stop("no-fiscal-year", fault.reason, cell=cell) from fault

    def _order(self, above: list[tuple[str, str]]) -> Order | None:
        if self.layout.fixed_rows is not None:
            return None
        words = "".join(squash(text) for _, text in above)
        orders = [order for phrase, order in _ORDERS if phrase in words]
        if len(orders) != 1:
            raise self._stop(
                "no-order",
                "ชื่อตารางไม่ได้บอกว่าเรียงลำดับจากน้อยไปมากหรือจากมากไปน้อย จึงไม่ทราบความหมายของลำดับที่",
            )
        return orders[0]

    def _day(self, pattern: re.Pattern[str], cell: str, text: str) -> date | None:
        """The day behind the phrase; None when the phrase is not there."""
        phrase = pattern.search(_printed(text))
        if phrase is None:
            return None
        written = _DAY.search(phrase["day"])
        try:
            return parse_date(written[0] if written else phrase["day"], era="be")
        except Unreadable as fault:
            raise self._stop(
                "date-unreadable",
                f"อ่านวันที่ “{phrase['day'].strip()}” ไม่ได้: {fault.reason}",
                cell=cell,
            ) from fault

    def _foot(self, rows: Iterable[int], heads: _Heads) -> _Foot:
        foot = _Foot()
        for r in rows:
            words = []
            for c, value in enumerate(self.grid.cells[r]):
                if isinstance(value, str):
                    words.append(_printed(value))
                elif c in heads.figures and not isinstance(value, bool):
                    self._say(
                        "row-after-total",
                        f"มีตัวเลข {value} อยู่ใต้แถวรวม ไม่ทราบว่าเป็นของหน่วยใด",
                        cell=address(r, c),
                    )
            note = " ".join(word for word in words if word)
            if note:
                foot.notes.append(note)
        for cell, text in self._texts(rows):
            as_of = self._day(_AS_OF, cell, text)
            if as_of is not None:
                foot.as_of.append((as_of, cell))
            reported = self._day(_REPORTED, cell, text)
            if reported is not None:
                foot.reported.append((reported, cell))
        return foot

    def _as_of(self, above: list[tuple[str, str]], foot: _Foot, year: FiscalYear) -> date:
        found = [
            (day, cell)
            for cell, text in above
            if (day := self._day(_UNTIL, cell, text)) is not None
        ]
        found += foot.as_of
        if not found:
            raise self._stop("no-as-of", "ไม่พบวันที่ของข้อมูล (“จนถึงวันที่ …” หรือ “ข้อมูล ณ วันที่ …”)")
        as_of, cell = found[0]
        for other, elsewhere in found[1:]:
            if other != as_of:
                raise self._stop(
                    "as-of-differs",
                    f"วันที่ของข้อมูลคือ {format_long(other)} แต่ช่อง {cell} ของแผ่นเดียวกันคือ "
                    f"{format_long(as_of)}",
                    cell=elsewhere,
                )
        if not year.contains(as_of):
            raise self._stop(
                "fiscal-year-differs",
                f"วันที่ {format_long(as_of)} ไม่อยู่ในปีงบประมาณ {year} ที่เขียนไว้ในชื่อตาราง",
                cell=cell,
            )
        return as_of

    def _report_date(self, foot: _Foot, as_of: date) -> date | None:
        if not foot.reported:
            self._say("no-report-date", "ไม่พบ “วันที่เรียกรายงาน” ท้ายตาราง", severity="warning")
            return None
        reported, cell = foot.reported[0]
        if reported < as_of:
            raise self._stop(
                "report-before-data",
                f"วันที่เรียกรายงาน {format_long(reported)} มาก่อนวันที่ของข้อมูล {format_long(as_of)}",
                cell=cell,
            )
        return reported

    def _targets(self, foot: _Foot, as_of: date) -> dict[Spending, Decimal]:
        """The month's targets for use, from the footnote of the sheets that print gaps."""
        for note in foot.notes:
            text = to_arabic(note)
            month = _TARGET_MONTH.search(text)
            if month is None:
                continue
            day = self._day(re.compile(r"^(?P<day>.*)$"), "", f"1 {month['month']} {month['year']}")
            if day is None or (day.year, day.month) != (as_of.year, as_of.month):
                self._say(
                    "target-of-other-month",
                    f"เป้าหมายท้ายตารางเป็นของเดือน{month['month']} {month['year']} "
                    f"แต่ข้อมูล ณ วันที่ {format_long(as_of)}",
                    severity="warning",
                )
            rest = text[month.end() :]
            targets: dict[Spending, Decimal] = {}
            for spending, head in _TARGET_HEADS:
                found = re.search(rf"{head}\s*ร้อยละ\s*(\d+(?:\.\d+)?)", rest)
                if found is not None:
                    targets[spending] = Decimal(found[1])
            return targets
        if any(column.measure == "gap" for column in self.layout.columns.values()):
            self._say(
                "no-target-note",
                "ท้ายตารางไม่ได้เขียนเป้าหมายการใช้จ่ายรายเดือน จึงตรวจส่วนต่างได้เพียงว่าทุกแถวใช้เป้าหมายเดียวกัน",
                severity="warning",
            )
        return {}

    # -- heads

    def _heads(self) -> _Heads:
        upper = heads_row(self.layout, self.grid)
        if upper is None:
            needed = " และ ".join(f"“{each}”" for each in _needed(self.layout))
            raise self._stop(
                "heads-not-found", f"ไม่พบแถวหัวตารางที่มี {needed} ใน {HEADS_WITHIN} แถวแรก"
            )
        tops = [squash(cell) for cell in self.grid.cells[upper]]
        lower, lows = upper, [""] * len(tops)
        for r in range(upper + 1, min(upper + 1 + LOWER_HEAD_WITHIN, len(self.grid.cells))):
            words = [squash(cell) for cell in self.grid.cells[r]]
            if any(words):
                lower, lows = r, words
                break
        self._check_groups(upper, tops)
        placed: dict[tuple[str, str], int] = {}
        group = ""
        for c, (top, low) in enumerate(zip(tops, lows, strict=True)):
            group = top or group
            if not (top or low) or (not low and top in self.layout.groups):
                continue  # a spacer column
            label = (group, low) if low else (top, "")
            cell = address(lower if low else upper, c)
            if label in placed:
                self._say(
                    "head-twice",
                    f"หัวตาราง “{_label(label)}” ซ้ำกับช่อง "
                    f"{address(lower if low else upper, placed[label])}",
                    cell=cell,
                )
            elif label not in self._expected():
                self._say("head-unknown", f"ไม่รู้จักหัวตาราง “{_label(label)}”", cell=cell)
            else:
                placed[label] = c
        missing = [label for label in self._expected() if label not in placed]
        for label in missing:
            place = tops.index(label[0]) if label[0] in tops else 0
            self._say("head-missing", f"ไม่พบหัวตาราง “{_label(label)}”", cell=address(upper, place))
        if missing:
            raise _Stopped
        return _Heads(
            upper_row=upper,
            lower_row=lower,
            rank=placed.get((RANK_HEAD, "")),
            name=placed[self.layout.name_head, ""],
            code=placed.get((self.layout.code_head, "")),
            figures={placed[label]: column for label, column in self.layout.columns.items()},
        )

    def _expected(self) -> list[tuple[str, str]]:
        lead = [(self.layout.name_head, "")]
        if self.layout.fixed_rows is None:
            lead = [(RANK_HEAD, ""), *lead, (self.layout.code_head, "")]
        return [*lead, *self.layout.columns]

    def _check_groups(self, upper: int, tops: list[str]) -> None:
        for group in self.layout.groups:
            places = [c for c, top in enumerate(tops) if top == group]
            if len(places) > 1:
                raise self._stop(
                    "group-twice",
                    f"หัวตาราง “{group}” มีมากกว่าหนึ่งแห่ง (ช่อง "
                    f"{' และ '.join(address(upper, c) for c in places)})",
                    cell=address(upper, places[1]),
                )

    # -- rows

    def _rows(self, heads: _Heads) -> tuple[list[CgdRow], CgdRow | None, int]:
        """The rows, the total row, and the row below it; all up to the total row must be understood."""
        rows: list[CgdRow] = []
        for r in range(heads.lower_row + 1, len(self.grid.cells)):
            cells = self.grid.cells[r]
            lead = {c: squash(cell) for c, cell in enumerate(cells[: heads.first_figure])}
            label = next((c for c, text in lead.items() if text in TOTAL_LABELS), None)
            if label is not None:
                total = self._row(r, heads, total_label=label)
                return self._in_order(rows), total, r + 1
            if all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in cells):
                if any(address(r, c) in self.grid.excel_errors for c in heads.known):
                    rows.append(self._row(r, heads))
                continue
            if self._is_foot(r):
                break
            rows.append(self._row(r, heads))
        raise self._stop(
            "no-total-row",
            "ไม่พบแถว “รวม” ท้ายตาราง จึงตรวจยอดรวมไม่ได้",
            cell=address(heads.lower_row, 0),
        )

    def _is_foot(self, r: int) -> bool:
        words = "".join(squash(cell) for cell in self.grid.cells[r])
        return words.startswith(("หมายเหตุ", "ที่มา", "วันที่เรียกรายงาน", "ข้อมูลณวันที่"))

    def _in_order(self, rows: list[CgdRow]) -> list[CgdRow]:
        """Named rows (sheet 1) in the order of the layout, all there, each once."""
        fixed = self.layout.fixed_rows
        if fixed is None:
            return rows
        ordered = []
        for label in fixed:
            found = [row for row in rows if squash(row.name).startswith(label)]
            if len(found) != 1:
                raise self._stop(
                    "row-missing" if not found else "row-twice",
                    f"ต้องมีแถว “{label}” หนึ่งแถว แต่พบ {len(found)} แถว",
                    cell=found[1].name_cell if found else "",
                )
            ordered += found
        return ordered

    def _row(self, r: int, heads: _Heads, *, total_label: int | None = None) -> CgdRow:
        cells = self.grid.cells[r]
        is_total = total_label is not None
        name_column = heads.name if total_label is None else total_label
        name = _printed(cells[name_column])
        if not name:
            self._say("no-name", "แถวนี้ไม่มีชื่อหน่วย", cell=address(r, name_column))
        spending = self._row_spending(r, name, name_column, is_total=is_total)
        if not is_total:
            self._check_stray(r, heads)
        kind: Kind = next(
            (each.kind for each in self.layout.kinds if squash(name).startswith(each.prefix)),
            self.layout.kinds[-1].kind,
        )
        code = "" if is_total or heads.code is None else self._code(r, heads.code, name)
        return CgdRow(
            sheet=self.layout.number,
            row=r + 1,
            kind=kind,
            printed_rank=None
            if is_total or heads.rank is None
            else self._rank(r, heads.rank, name),
            rank_cell="" if heads.rank is None else address(r, heads.rank),
            name=name,
            name_cell=address(r, name_column),
            code=code,
            code_cell="" if heads.code is None else address(r, heads.code),
            place_code=(
                self._place(r, heads, name, code)
                if kind == "province" and not is_total and name and code
                else None
            ),
            figures=self._figures(r, heads, name, spending),
        )

    def _row_spending(self, r: int, name: str, column: int, *, is_total: bool) -> Spending:
        """Sheet 1 says the type of spending in the row."""
        fixed = self.layout.fixed_rows
        if fixed is None or is_total:
            return "total"
        for label, spending in fixed.items():
            if squash(name).startswith(label):
                return spending
        raise self._stop("row-unknown", f"ไม่รู้จักแถว “{name}”", cell=address(r, column))

    def _figures(
        self, r: int, heads: _Heads, name: str, spending: Spending
    ) -> dict[Spending, SpendingFigures]:
        measures: dict[Spending, dict[Measure, Figure]] = {}
        for c, column in heads.figures.items():
            which = column.spending or spending
            # Sheet 1 leaves allotments blank on purpose: carried-over money has none, nor has the sum.
            may_be_blank = self.layout.fixed_rows is not None and column.measure == "allotted"
            value, as_text = self._number(r, c, name, column, may_be_blank=may_be_blank)
            measures.setdefault(which, {})[column.measure] = Figure(
                measure=column.measure,
                value=value,
                cell=address(r, c),
                unit=unit_of(column.measure),
                name_th=column.name_th,
                base_th=self.layout.base_th,
                as_text=as_text,
            )
        return {
            which: SpendingFigures(which, self.layout.basis, found)
            for which, found in measures.items()
        }

    def _number(
        self, r: int, c: int, name: str, column: Column, *, may_be_blank: bool
    ) -> tuple[Decimal | None, bool]:
        """The number of a cell, and whether the cell held text."""
        value, cell = self.grid.cells[r][c], address(r, c)
        what = f"{name}: {column.name_th}"
        if column.spending:
            what += f" ({SPENDING_TH[column.spending]})"
        if isinstance(value, str) and not value.strip():
            error = None if may_be_blank else self.grid.excel_errors.get(cell)
            if error is not None:
                self._say("excel-error", f"{what} เป็นค่าผิดพลาดของ Excel ({error})", cell=cell)
            elif not may_be_blank:
                self._say("blank", f"{what} เป็นช่องว่าง (ไม่ใช่ 0)", cell=cell, severity="error")
            return None, False
        if not isinstance(value, (int, float, str)):
            self._say("not-a-number", f"{what} เป็นวันที่หรือเวลา ไม่ใช่ตัวเลข", cell=cell)
            return None, False
        try:
            number = parse_decimal(value, units=("%", MILLION_BAHT))
        except Unreadable as fault:
            code = "excel-error" if fault.code == "excel-error" else "not-a-number"
            self._say(code, f"{what} เขียนว่า “{_printed(value)}”: {fault.reason}", cell=cell)
            return None, False
        if isinstance(value, str):
            self._say(
                "number-as-text",
                f"{what} เก็บตัวเลข “{_printed(value)}” เป็นข้อความ อ่านได้ แต่อาจถูกปัดเศษมาแล้ว",
                cell=cell,
                severity="warning",
            )
        return number, isinstance(value, str)

    def _rank(self, r: int, c: int, name: str) -> int | None:
        value, cell = self.grid.cells[r][c], address(r, c)
        error = self.grid.excel_errors.get(cell) if value == "" else None
        try:
            number = parse_decimal(value) if isinstance(value, (int, float, str)) else None
        except Unreadable:
            number = None
        if number is None or number != int(number) or number < 1:
            written = error or _printed(value) or "ช่องว่าง"
            self._say("bad-rank", f"{name}: ลำดับที่ต้องเป็นจำนวนเต็ม แต่เป็น “{written}”", cell=cell)
            return None
        return int(number)

    def _code(self, r: int, c: int, name: str) -> str:
        value, cell = self.grid.cells[r][c], address(r, c)
        head, length = self.layout.code_head, self.layout.code_length
        if isinstance(value, float) and value.is_integer() and value >= 0:
            text = str(int(value)).zfill(length)
            self._say(
                "code-as-number",
                f"{name}: {head}เก็บเป็นตัวเลข อ่านเป็น “{text}”",
                cell=cell,
                severity="warning",
            )
        else:
            text = squash(value)
        if len(text) != length or not (text.isascii() and text.isdecimal()):
            written = self.grid.excel_errors.get(cell) if value == "" else _printed(value)
            self._say(
                "bad-code",
                f"{name}: {head}ต้องเป็นตัวเลข {length} หลัก แต่เป็น “{written or 'ช่องว่าง'}”",
                cell=cell,
            )
            return ""
        return text

    def _place(self, r: int, heads: _Heads, name: str, code: str) -> str | None:
        """The official province that both the printed name and the printed code mean."""
        named = provinces_by_name().get(fold_place(name))
        if named is None:
            self._say("unknown-province", f"ไม่รู้จักจังหวัด “{name}”", cell=address(r, heads.name))
            return None
        if not self.layout.code_is_place or heads.code is None:
            return named
        coded = province_of_code(code)
        if coded is None:
            self._say("unknown-code", f"{name}: ไม่มีจังหวัดที่ใช้รหัส {code}", cell=address(r, heads.code))
        elif coded != named:
            other = geothai.province(coded)
            self._say(
                "code-name-differ",
                f"รหัส {code} เป็นของจังหวัด{other.name_th if other else coded} แต่แถวนี้ชื่อ “{name}”",
                cell=address(r, heads.code),
            )
        return named

    def _check_stray(self, r: int, heads: _Heads) -> None:
        for c, value in enumerate(self.grid.cells[r]):
            if c not in heads.known and not (isinstance(value, str) and not value.strip()):
                self._say(
                    "stray-value",
                    f"มีค่า “{_printed(value)}” ในคอลัมน์ที่ไม่มีหัวตาราง ไม่ได้นำมาใช้",
                    cell=address(r, c),
                    severity="warning",
                )

    def _check_units(self, rows: list[CgdRow]) -> None:
        """Each unit once; every province there; as many of each kind as there must be."""
        if self.layout.fixed_rows is not None:
            return
        seen: dict[str, CgdRow] = {}
        for row in rows:
            for key in {row.code, row.place_code or ""} - {""}:
                if key in seen and seen[key] is not row:
                    self._say(
                        "unit-twice",
                        f"“{row.name}” (รหัส {row.code}) ซ้ำกับ “{seen[key].name}” ในแถว {seen[key].row}",
                        cell=row.name_cell,
                    )
                    break
                seen[key] = row
        for kind in self.layout.kinds:
            count = sum(row.kind == kind.kind for row in rows)
            if kind.count is None or count == kind.count:
                continue
            message = f"ต้องมี {kind.count} {KIND_TH[kind.kind]} แต่พบ {count} แถว"
            severity: Severity = "warning"
            if kind.kind == "province":
                severity = "refused"
                here = {row.place_code for row in rows}
                names = {each.code: each.name_th for each in geothai.provinces()}
                lost = [names[code] for code in names if code not in here and code != BANGKOK]
                if lost:
                    message += f" ขาด {', '.join(lost)}"
                if BANGKOK in here:
                    message += f" และมี{names[BANGKOK]}ซึ่งไม่อยู่ในตารางนี้"
            last = rows[-1].name_cell if rows else ""
            self._say("wrong-count", message, cell=last, severity=severity)


def _label(label: tuple[str, str]) -> str:
    return " › ".join(part for part in label if part)
