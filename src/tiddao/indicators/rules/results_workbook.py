"""Reported results in a workbook or CSV, as offices keep them: read exactly, each fault by its cell.

Two layouts, found by their heads or their hidden keys (``results_layout``). Long: one row per result,
with columns รหัสพื้นที่ (or อำเภอ), ตัวชี้วัด, and the figures. Wide: places as rows, indicators as columns,
the figures of each as sub-heads. A sheet without either is listed as not read. Empty is not
reported, and never zero. What is wrong with one result refuses that one and no other.

A milestone's cell holds the steps done, "1,2,3" or "1-3"; a lone "3" says that step 3 is reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from tiddao.indicators.rules import results_cells as cells_of
from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.results_file import Merged, Sheet, read_sheets
from tiddao.indicators.rules.results_layout import (
    GUIDE_SHEET_TH,
    HEAD_WITHIN,
    PART_HEADS_TH,
    PARTS,
    Sent,
    cell_text,
    is_keys_sheet,
    keyed_columns,
    part_named_in,
    role_of,
    roles_in,
    sent_with,
)
from tiddao.indicators.rules.results_places import PlaceFinder, ReportingPlace
from tiddao.indicators.rules.scoring import ImpossibleReport, Reported, contribution, parts_asked
from tiddao.kernel.digits import to_arabic
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.unreadable import Unreadable

_BESIDE = frozenset({"last", "target", "state", "asked"})
_READ = frozenset({*PARTS, "not_applicable", "narrative"})
_TOTALS = ("รวม", "รวมทั้งสิ้น", "เฉลี่ย", "ค่าเฉลี่ย", "total")
_MONTHS = re.compile(r"รอบ(?:\s*ที่\s*\d)?\s*\(?\s*(\d{1,2})\s*เดือน")
_YEAR = re.compile(r"(?:ปีงบประมาณ|ปีงบฯ|ปีงบ)\s*(?:พ\.?\s?ศ\.?)?\s*(\d{4}|\d{2})(?!\d)")
_CODE_AT_FRONT = re.compile(r"(?:ตัวชี้วัด(?:ที่)?\s*)?([0-9A-Za-z][0-9A-Za-z._-]*)(?=$|[\s:)])")
_MANY_FIGURES = 3
"""A sheet with so many numbers is no note by the way: that it is not read is a fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the importer must know. error: a result, row or sheet is refused for it; otherwise
    a note of what was not read. cell: "F7", or "" for the whole sheet.
    """

    error: bool
    sheet: str
    cell: str
    code: str
    message_th: str


@dataclass(frozen=True, slots=True)
class ReadResult:
    """One result as it stands in the file. cell: where its first figure is."""

    sheet: str
    cell: str
    place: str
    indicator: str
    report: Reported | None
    not_applicable: bool
    narrative: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All that was read. results: those without a fault. empty: (place, indicator) whose cells stand
    in the file and say nothing. layouts: sheet → "wide" or "long", of those that were read. sent: what
    the workbook was made from, where it still says so.
    """

    results: tuple[ReadResult, ...]
    findings: tuple[Finding, ...]
    layouts: Mapping[str, str]
    empty: frozenset[tuple[str, str]] = frozenset()
    sent: Sent | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which something is refused."""
        return tuple(each for each in self.findings if each.error)


def read_file(
    content: bytes,
    *,
    definition: FrameworkDefinition,
    round_code: str,
    places: Sequence[ReportingPlace],
) -> ReadFile:
    """Return the results in an uploaded file: ``read_sheets``, then ``read_results``.

    Raises FileUnreadable. For ``kernel.apart``.

    Source: issue 5, Excel both ways.
    """
    sheets = read_sheets(content)
    return read_results(sheets, definition=definition, round_code=round_code, places=places)


def read_results(
    sheets: Sequence[Sheet],
    *,
    definition: FrameworkDefinition,
    round_code: str,
    places: Sequence[ReportingPlace],
) -> ReadFile:
    """Return the results in the sheets and all that is wrong with them.

    places: every place that reports in the round, also those out of the importer's scope, so that
    these can be told from unknown ones.

    Source: product description, "Indicator" (kinds), "Results"; domain facts §6.3 (codes as text).
    """
    reader = _Reader(definition, round_code, places)
    kept = [each for each in sheets if not is_keys_sheet(each.rows)]
    sent = next((sent_with(each.rows) for each in sheets if is_keys_sheet(each.rows)), None)
    if sent is not None and not reader.is_for(sent):
        return ReadFile((), tuple(reader.findings), {}, sent=sent)
    for sheet in kept:
        reader.read(sheet)
    if not reader.layouts and not any(each.error for each in reader.findings):
        said = "ไม่พบหัวตารางที่รู้จักในไฟล์: ต้องมีคอลัมน์ “รหัสพื้นที่” หรือ “อำเภอ” และมีตัวชี้วัดเป็นคอลัมน์หรือเป็นหัวคอลัมน์"
        name = kept[0].name if kept else ""
        reader.findings.insert(0, Finding(True, name, "", "no_heads", said))
    results = reader.once_each()
    return ReadFile(
        results,
        tuple(reader.findings),
        reader.layouts,
        frozenset(reader.empty - {(each.place, each.indicator) for each in results}),
        sent,
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a figure is: row and column from 0, and what stands there."""

    row: int
    column: int
    value: Any

    @property
    def name(self) -> str:
        return f"{get_column_letter(self.column + 1)}{self.row + 1}"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column holds what: role → column; for the wide layout (indicator code, role) → column.

    other: columns that are not read for a reason known by now, so that it is not said again.
    """

    roles: Mapping[str, int]
    figures: Mapping[tuple[str, str], int] = field(default_factory=dict)
    first_row: int = 0
    other: frozenset[int] = frozenset()


class _Reader:
    """Reads sheet after sheet and gathers results and findings."""

    def __init__(
        self,
        definition: FrameworkDefinition,
        round_code: str,
        places: Sequence[ReportingPlace],
    ) -> None:
        self.definition = definition
        self.round_code = round_code
        self.indicators = {each.code: each for each in definition.indicators}
        self.by_name = {_folded(each.name_th): each.code for each in definition.indicators}
        self.places = PlaceFinder(places)
        self.results: list[ReadResult] = []
        self.findings: list[Finding] = []
        self.layouts: dict[str, str] = {}
        self.empty: set[tuple[str, str]] = set()
        self.sheet = ""
        self.rows: Sequence[Sequence[Any]] = ()
        self.merged: tuple[Merged, ...] = ()

    def error(self, cell: str, code: str, message_th: str) -> None:
        self.findings.append(Finding(True, self.sheet, cell, code, message_th))

    def note(self, cell: str, code: str, message_th: str) -> None:
        self.findings.append(Finding(False, self.sheet, cell, code, message_th))

    def is_for(self, sent: Sent) -> bool:
        """Refuse a workbook that was made for another framework, year or round."""
        asked = (self.definition.code, self.definition.fiscal_year, self.round_code)
        if (sent.framework, sent.fiscal_year, sent.round_code) == asked:
            return True
        said = (
            f"แบบนี้ส่งออกไปสำหรับแบบประเมิน {sent.framework} ปีงบประมาณ {sent.fiscal_year} รอบ {sent.round_code} "
            f"แต่กำลังนำเข้า{self._round_name()} ปีงบประมาณ {self.definition.fiscal_year} ของแบบประเมิน {self.definition.code}"
        )
        self.error("", "other_round", said)
        return False

    # -- heads --

    def read(self, sheet: Sheet) -> None:
        self.sheet, self.rows = sheet.name, sheet.rows
        self.merged = tuple(each for each in sheet.merged if self._says_something(each))
        keys = next(
            (found for row in sheet.rows[:HEAD_WITHIN] if (found := keyed_columns(row))), {}
        )
        head = next(
            (n for n in range(min(HEAD_WITHIN, len(sheet.rows))) if _has_place(sheet, n)), None
        )
        roles = {role: column for column, (code, role) in keys.items() if not code}
        if head is not None:
            headed = roles_in(sheet.rows[head])
            if "indicator" in headed and self.indicator_code(sheet.rows[head][headed["indicator"]]):
                del headed["indicator"]  # "ตัวชี้วัดที่ 1.1 …" heads the figures of that one
            roles = self._agreed(roles, headed, head)
        if not roles.keys() & {"place_code", "place_name"}:
            self._say_not_read(sheet, "ไม่พบหัวตารางในแผ่นงานนี้ จึงไม่ได้อ่าน")
            return
        first_row = self._first_place(roles) if head is None else head + 1
        if not self._is_of_round(sheet.rows[: first_row if head is None else head]):
            return
        if "indicator" in roles and not roles.keys() & _READ:
            self._say_not_read(sheet, "มีคอลัมน์ตัวชี้วัดแต่ไม่พบคอลัมน์ของผล จึงไม่ได้อ่าน")
            return
        if "indicator" in roles:
            self.layouts[sheet.name] = "long"
            self._read_long(_Columns(roles, first_row=first_row))
            return
        columns = self._wide_columns(head, roles, keys, first_row)
        if columns is None:
            self._say_not_read(sheet, "มีคอลัมน์พื้นที่แต่ไม่พบตัวชี้วัดในหัวตาราง จึงไม่ได้อ่าน")
            return
        self.layouts[sheet.name] = "wide"
        self._read_wide(columns)

    def _agreed(
        self, keyed: Mapping[str, int], headed: Mapping[str, int], head: int
    ) -> dict[str, int]:
        """Bring together what keys and heads say of the columns; where they differ, neither is read."""
        key_of_column = {column: role for role, column in keyed.items()}
        agreed = {role: column for role, column in keyed.items() if role not in headed}
        for role, column in headed.items():
            key = key_of_column.get(column)
            if key not in {None, role} and key in _READ:
                cell = _Cell(head, column, self.rows[head][column])
                said = f"หัวคอลัมน์ “{cell_text(cell.value)}” ไม่ตรงกับรหัสของคอลัมน์ จึงไม่ได้อ่านคอลัมน์นี้"
                self.error(cell.name, "head_and_key_differ", said)
                agreed = {r: c for r, c in agreed.items() if c != column}
            else:
                agreed[role] = column
        return agreed

    def _says_something(self, merged: Merged) -> bool:
        return merged.top < len(self.rows) and bool(
            cell_text(_at(self.rows[merged.top], merged.left))
        )

    def _first_place(self, roles: Mapping[str, int]) -> int:
        """The first row with a code: where places begin in a sheet whose heads are gone."""
        codes = roles.get("place_code")
        return next(
            (
                number
                for number, row in enumerate(self.rows)
                if to_arabic(cell_text(_at(row, codes))).isdecimal()
            ),
            len(self.rows),
        )

    def _say_not_read(self, sheet: Sheet, said: str) -> None:
        told = [cell.value for cell in _cells(sheet.rows)]
        numbers = sum(isinstance(value, int | float | Decimal) for value in told)
        if sheet.name == GUIDE_SHEET_TH or not told:
            return
        if numbers >= _MANY_FIGURES:
            self.error("", "sheet_not_read", said)
        else:
            self.note("", "sheet_not_read", said)

    def _is_of_round(self, rows: Sequence[Sequence[Any]]) -> bool:
        """Refuse a sheet whose title speaks of another round or year."""
        before = len(self.findings)
        for cell in _cells(rows):
            said = to_arabic(cell_text(cell.value))
            self._check_year(cell.name, [year[1] for year in _YEAR.finditer(said)])
            wanted = self._months()
            for found in _MONTHS.finditer(said):
                if wanted and found[1] != wanted:
                    self.error(
                        cell.name,
                        "wrong_round",
                        f"หัวตารางเป็นรอบ {found[1]} เดือน แต่กำลังนำเข้า{self._round_name()} จึงไม่ได้อ่านแผ่นงานนี้",
                    )
        return len(self.findings) == before

    def _check_year(self, cell: str, years: Iterable[str]) -> None:
        for year in years:
            try:
                written = FiscalYear.parse(year).be
            except Unreadable:
                continue
            if written != self.definition.fiscal_year:
                self.error(
                    cell,
                    "wrong_year",
                    f"เป็นปีงบประมาณ {written} แต่กำลังนำเข้าปีงบประมาณ {self.definition.fiscal_year} จึงไม่ได้อ่าน",
                )

    def _round_name(self) -> str:
        found = [each for each in self.definition.rounds if each.code == self.round_code]
        return found[0].name_th if found else self.round_code

    def _months(self) -> str:
        found = re.search(r"(\d{1,2})\s*(?:เดือน|m$)", f"{self._round_name()} {self.round_code}")
        return found[1] if found else ""

    def _wide_columns(
        self,
        head: int | None,
        roles: Mapping[str, int],
        keys: Mapping[int, tuple[str, str]],
        first_row: int,
    ) -> _Columns | None:
        """Bring together what the hidden keys and the visible heads say of the columns."""
        keyed = {
            column: (code, role)
            for column, (code, role) in keys.items()
            if code in self.indicators and role in _READ
        }
        other = {column for column, (_, role) in keys.items() if role in _BESIDE}
        figures: dict[tuple[str, str], int] = {}
        if head is not None:
            places = {roles[name] for name in ("place_code", "place_name") if name in roles}
            heads = _WideHeads(self, head, keyed=keyed, skipped=frozenset(places | other))
            if heads.found:
                first_row = max(heads.first_row, head + 1)
                figures = heads.figures()
                other |= heads.other
        for column, key in keyed.items():
            if column not in other and column not in figures.values():
                self._assign(figures, key, _Cell(0, column, None), other)
        return _Columns(roles, figures, first_row, frozenset(other)) if figures else None

    def _assign(
        self,
        figures: dict[tuple[str, str], int],
        key: tuple[str, str],
        head: _Cell,
        other: set[int],
    ) -> None:
        if key in figures:
            self.error(head.name, "head_twice", f"ตัวชี้วัด {key[0]} มีหัวคอลัมน์ซ้ำ จึงไม่ได้อ่านคอลัมน์นี้")
            other.add(head.column)
        else:
            figures[key] = head.column

    def indicator_code(self, value: Any) -> str | None:
        """The indicator a head or cell names: by code, by code and name, or by name alone."""
        text = to_arabic(cell_text(value))
        if not text:
            return None
        front = _CODE_AT_FRONT.match(text)
        if front and front[1] in self.indicators:
            is_number = isinstance(value, float | Decimal)
            if is_number and f"{front[1]}0" in self.indicators:
                return None  # 1.10 typed as a number is 1.1
            return front[1]
        return self.by_name.get(_folded(text))

    # -- rows --

    def _read_wide(self, columns: _Columns) -> None:
        codes = dict.fromkeys(code for code, _ in columns.figures)
        known = {*columns.figures.values(), *columns.roles.values(), *columns.other}
        unread: dict[int, str] = {}
        for number in range(columns.first_row, len(self.rows)):
            row = self.rows[number]
            if all(value is None for value in row):  # a stray cell far down makes a million of them
                continue
            figures = {
                key: _Cell(number, column, _at(row, column))
                for key, column in columns.figures.items()
                if cell_text(_at(row, column))
            }
            named = {
                role: self._downwards(_Cell(number, column, _at(row, column)))
                for role, column in columns.roles.items()
            }
            place = self._place(named, number, told=bool(figures))
            if place is None:
                continue
            for column, value in enumerate(row):
                if column not in known and cell_text(value):
                    unread.setdefault(column, _Cell(number, column, value).name)
            for code in codes:
                own = {role: figures[c, role] for c, role in figures if c == code}
                asked = {
                    role: _Cell(number, column, None)
                    for (c, role), column in columns.figures.items()
                    if c == code and role in PARTS
                }
                self._take(place, code, own, asked)
        for cell in unread.values():
            said = "ไม่ได้อ่านคอลัมน์นี้ เพราะไม่พบว่าเป็นของตัวชี้วัดใด"
            self.note(cell, "column_not_read", said)

    def _read_long(self, columns: _Columns) -> None:
        roles = columns.roles
        for number in range(columns.first_row, len(self.rows)):
            row = self.rows[number]
            if all(value is None for value in row):
                continue
            cells = {role: _Cell(number, at, _at(row, at)) for role, at in roles.items()}
            for role in ("place_code", "place_name", "indicator"):
                if role in cells:
                    cells[role] = self._downwards(cells[role])
            told = {role: cell for role, cell in cells.items() if cell_text(cell.value)}
            figures = {role: cell for role, cell in told.items() if role in _READ}
            if not told.keys() - _BESIDE:
                continue
            place = self._place(cells, number, told=bool(figures))
            if place is None or not self._is_row_of_round(told):
                continue
            named = cells["indicator"]
            code = self.indicator_code(named.value)
            if code is not None:
                asked = {role: cells[role] for role in PARTS if role in cells}
                self._take(place, code, figures, asked)
            elif figures:
                said = cell_text(named.value) or "(ว่าง)"
                self.error(named.name, "unknown_indicator", f"ไม่มีตัวชี้วัด “{said}” ในแบบประเมินนี้")

    def _downwards(self, cell: _Cell) -> _Cell:
        """The cell, with what stands in one that was merged downwards over it."""
        if cell_text(cell.value):
            return cell
        for each in self.merged:
            if each.holds(cell.row, cell.column) and each.left == each.right == cell.column:
                return _Cell(cell.row, cell.column, _at(self.rows[each.top], cell.column))
        return cell

    def _is_row_of_round(self, told: Mapping[str, _Cell]) -> bool:
        before = len(self.findings)
        if "year" in told:
            self._check_year(told["year"].name, [to_arabic(cell_text(told["year"].value))])
        if "round" in told:
            said = to_arabic(cell_text(told["round"].value))
            months = _MONTHS.search(said) or re.match(r"(\d{1,2})(?:m|\s*เดือน)?$", said)
            fits = said in {self.round_code, self._round_name()} or (
                months is not None and months[1] == self._months()
            )
            if not fits:
                said = f"เป็นรอบ “{said}” แต่กำลังนำเข้า{self._round_name()}"
                self.error(told["round"].name, "wrong_round", said)
        return len(self.findings) == before

    def _place(
        self, cells: Mapping[str, _Cell], number: int, *, told: bool
    ) -> ReportingPlace | None:
        """The place of a row; None for empty rows, totals, and what was reported as a finding."""
        nowhere = _Cell(number, 0, None)
        code, name = cells.get("place_code", nowhere), cells.get("place_name", nowhere)
        code_text, name_text = cell_text(code.value), cell_text(name.value)
        if not code_text and not name_text:
            if told and self.places.only is not None:
                return self.places.only
            if told:
                self.error(code.name, "no_place", "แถวนี้มีผล แต่ไม่บอกว่าเป็นพื้นที่ใด")
            return None
        if (name_text or code_text).startswith(_TOTALS):
            if told:
                said = "ไม่ได้อ่านแถวรวม: ระบบคำนวณผลรวมเองจากผลของแต่ละพื้นที่"
                self.note((name if name_text else code).name, "total_not_read", said)
            return None
        try:
            return self.places.find(code_text, name_text)
        except Unreadable as fault:
            if told or fault.code != "unknown_place":
                self.error((code if code_text else name).name, fault.code, str(fault))
            else:
                self.note((code if code_text else name).name, fault.code, str(fault))
            return None

    # -- one result --

    def _take(
        self,
        place: ReportingPlace,
        code: str,
        told: Mapping[str, _Cell],
        asked: Mapping[str, _Cell],
    ) -> None:
        """Turn the cells of one result into a report, or into findings.

        asked: where its figures go, part by part.
        """
        indicator = self.indicators[code]
        if self._is_merged(place, code, list(asked.values())):
            return
        figures = {
            role: cell
            for role, cell in told.items()
            if role in PARTS and not self._says_nothing_yet(cell)
        }
        marked = self._says_not_applicable(told, figures)
        if marked is None:
            return
        if not figures and not marked:
            self.empty.add((place.code, code))
            if "narrative" in told:
                said = f"มีคำอธิบายแต่ไม่มีผลของตัวชี้วัด {code} จึงไม่ได้อ่าน"
                self.note(told["narrative"].name, "narrative_alone", said)
            return
        at = next(iter((figures or told).values())).name
        if place.level != indicator.reports_at:
            said = f"ตัวชี้วัด {code} ไม่ได้รายงานที่พื้นที่ {place.name_th}"
            self.error(at, "wrong_level", said)
            return
        report = None
        if marked:
            numbers = [c for c in figures.values() if not cells_of.says_not_applicable(c.value)]
            if numbers:
                said = "ระบุว่าไม่ใช้กับพื้นที่ แต่มีตัวเลข"
                self.error(numbers[0].name, "not_applicable_with_figures", said)
                return
        else:
            report = self._report(place, indicator, figures, asked)
            if report is None:
                return
        narrative = cell_text(told["narrative"].value) if "narrative" in told else ""
        self.results.append(
            ReadResult(self.sheet, at, place.code, code, report, report is None, narrative)
        )

    def _is_merged(self, place: ReportingPlace, code: str, asked: Sequence[_Cell]) -> bool:
        """Refuse figures in a cell that was merged with others: whose they are cannot be known."""
        for each in self.merged:
            mine = [cell for cell in asked if each.holds(cell.row, cell.column)]
            if mine and (each.top != each.bottom or len(mine) > 1 or each.left != mine[0].column):
                first = _Cell(each.top, each.left, None).name
                last = _Cell(each.bottom, each.right, None).name
                said = (
                    f"เซลล์ {first}:{last} ถูกผสานเป็นเซลล์เดียว จึงไม่รู้ว่าเป็นผลของ {place.name_th} ตัวชี้วัด {code} หรือไม่ "
                    "ให้ยกเลิกการผสานแล้วใส่ทีละช่อง"
                )
                self.error(mine[0].name, "merged", said)
                return True
        return False

    def _says_nothing_yet(self, cell: _Cell) -> bool:
        if not cells_of.says_nothing_yet(cell.value):
            return False
        if cell_text(cell.value):
            said = f"“{cell_text(cell.value)}” ถือว่ายังไม่รายงาน (ไม่ใช่ศูนย์)"
            self.note(cell.name, "not_yet", said)
        return True

    def _says_not_applicable(
        self, told: Mapping[str, _Cell], figures: Mapping[str, _Cell]
    ) -> bool | None:
        """Say whether the result does not apply; None after a finding."""
        mark = told.get("not_applicable")
        if mark is not None:
            try:
                if cells_of.is_marked(mark.value):
                    return True
            except Unreadable as fault:
                self.error(mark.name, fault.code, str(fault))
                return None
        return any(cells_of.says_not_applicable(cell.value) for cell in figures.values())

    def _report(
        self,
        place: ReportingPlace,
        indicator: IndicatorDefinition,
        cells: Mapping[str, _Cell],
        asked: Mapping[str, _Cell],
    ) -> Reported | None:
        """The report the cells make, if it can be true; else None and the findings."""
        read: dict[str, Any] = {}
        for role, cell in cells.items():
            try:
                read[role] = cells_of.figure_in(cell.value, role, indicator)
            except Unreadable as fault:
                where = f"{place.name_th} ตัวชี้วัด {indicator.code}"
                said = f"{where}: {PART_HEADS_TH[role]} {fault}"
                self.error(cell.name, fault.code, said)
        if len(read) < len(cells):
            return None
        report = Reported(**read)
        try:
            contribution(indicator, report)
        except ImpossibleReport as impossible:
            first = next(iter(cells.values()))
            wrong = cells.get(impossible.part) or asked.get(impossible.part) or first
            said = f"{place.name_th} ตัวชี้วัด {indicator.code}: {impossible.message_th}"
            self.error(wrong.name, impossible.code, said)
            return None
        return report

    def once_each(self) -> tuple[ReadResult, ...]:
        """Return the results, without those that the file says twice and differently."""
        said: dict[tuple[str, str], list[ReadResult]] = {}
        for each in self.results:
            said.setdefault((each.place, each.indicator), []).append(each)
        kept = []
        for (_, code), found in said.items():
            first, *more = found
            differ = any(
                (each.report, each.not_applicable) != (first.report, first.not_applicable)
                for each in more
            )
            for each in found if differ else more:
                other = next(o for o in found if o is not each)
                words = f"ตัวชี้วัด {code} ของพื้นที่นี้มีอีกที่แผ่นงาน {other.sheet} เซลล์ {other.cell}"
                ending = "และไม่ตรงกัน จึงไม่รับทั้งสองที่" if differ else "ตรงกัน จึงรับครั้งเดียว"
                self.findings.append(
                    Finding(
                        differ,
                        each.sheet,
                        each.cell,
                        "duplicate" if differ else "said_twice",
                        f"{words} {ending}",
                    )
                )
            if not differ:
                kept.append(first)
        return tuple(kept)


class _WideHeads:
    """The visible heads of a wide sheet, checked against its hidden keys."""

    def __init__(
        self,
        reader: _Reader,
        head: int,
        *,
        keyed: Mapping[int, tuple[str, str]],
        skipped: frozenset[int],
    ) -> None:
        self.reader = reader
        self.keyed = keyed
        self.skipped = skipped
        self.other: set[int] = set()
        rows = reader.rows
        candidates = [n for n in (head, head - 1, head + 1) if 0 <= n < len(rows)]
        heads = {n: self._indicator_heads(rows[n]) for n in candidates}
        self.at = max(candidates, key=lambda n: len(heads[n]))
        self.found = heads[self.at]
        self.top = rows[self.at]
        self.below = rows[self.at + 1] if self.at + 1 < len(rows) else ()
        self.has_parts = any(
            role_of(value) in _READ
            for column, value in enumerate(self.below)
            if column not in self.skipped
        )
        self.first_row = self.at + (2 if self.has_parts else 1)

    def _indicator_heads(self, row: Sequence[Any]) -> dict[int, str]:
        found = {}
        for column, value in enumerate(row):
            code = self.reader.indicator_code(value) if column not in self.skipped else None
            if code is not None:
                found[column] = code
        return found

    def figures(self) -> dict[tuple[str, str], int]:
        """Return (indicator, role) → column; name what contradicts itself or is not known."""
        figures: dict[tuple[str, str], int] = {}
        current: str | None = None
        for column in range(max(len(self.top), len(self.below))):
            stated = cell_text(_at(self.top, column))
            if stated and column not in self.skipped:
                current = self.found.get(column)
            if column in self.skipped:
                continue
            key = self._key(column, stated, current)
            if key is not None:
                self.reader._assign(  # noqa: SLF001 -- of this module
                    figures, key, _Cell(self.at, column, stated), self.other
                )
        return figures

    def _key(self, column: int, stated: str, current: str | None) -> tuple[str, str] | None:
        if column in self.keyed:
            return self._keyed(column, stated)
        if current is not None:
            return self._headed(column, stated, current)
        if stated and not _is_ordinal(stated):
            said = f"ไม่มีตัวชี้วัด “{stated}” ในแบบประเมินนี้"
            self._refused(_Cell(self.at, column, stated), "unknown_indicator", said)
        elif stated:
            self.other.add(column)
        return None

    def _keyed(self, column: int, stated: str) -> tuple[str, str] | None:
        """The column's key, unless its heads plainly say that it has become another's."""
        keyed, under = self.keyed[column], cell_text(_at(self.below, column))
        named, role = self.found.get(column), role_of(under) if self.has_parts else None
        if (named is None or named == keyed[0]) and (role not in PARTS or role == keyed[1]):
            return keyed
        said = f"หัวคอลัมน์ “{stated or under}” ไม่ตรงกับรหัสของคอลัมน์ (ตัวชี้วัด {keyed[0]}) จึงไม่ได้อ่านคอลัมน์นี้"
        self._refused(_Cell(self.at, column, stated), "head_and_key_differ", said)
        return None

    def _headed(self, column: int, stated: str, current: str) -> tuple[str, str] | None:
        under = cell_text(_at(self.below, column))
        role = role_of(under) if self.has_parts else None
        if role is None and (not self.has_parts or (stated and not under)):
            role = part_named_in(stated) or self._only_part(current, _Cell(self.at, column, stated))
        if role in _READ:
            return current, str(role)
        if role is not None:
            self.other.add(column)  # what stands beside for the eye
        elif under and self.has_parts:
            said = f"ไม่รู้จักหัวคอลัมน์ย่อย “{under}” ของตัวชี้วัด {current} จึงไม่ได้อ่านคอลัมน์นี้"
            self._refused(_Cell(self.at + 1, column, under), "unknown_part", said)
        return None

    def _refused(self, cell: _Cell, code: str, said: str) -> None:
        self.reader.error(cell.name, code, said)
        self.other.add(cell.column)

    def _only_part(self, code: str, cell: _Cell) -> str | None:
        asked = parts_asked(self.reader.indicators[code])
        if len(asked) == 1 or asked[0] == "self_score":
            return asked[0]
        wanted = " และ ".join(PART_HEADS_TH[each] for each in asked)
        said = f"ตัวชี้วัด {code} ต้องมีหัวคอลัมน์ย่อย {wanted}"
        self._refused(cell, "parts_not_told_apart", said)
        return None


# -- cells ----------------------------------------------------------------------------------------


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", to_arabic(text)).casefold()


def _at(row: Sequence[Any], column: int | None) -> Any:
    return row[column] if column is not None and column < len(row) else None


def _cells(rows: Sequence[Sequence[Any]]) -> Iterator[_Cell]:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if cell_text(value):
                yield _Cell(number, column, value)


def _has_place(sheet: Sheet, number: int) -> bool:
    """Say whether the row is a head: it names a place's column, and is no title in one cell."""
    row = sheet.rows[number]
    told = [value for value in row if cell_text(value)]
    return len(told) > 1 and bool(roles_in(row).keys() & {"place_code", "place_name"})


def _is_ordinal(stated: str) -> bool:
    return _folded(stated) in {"ที่", "ลำดับ", "ลำดับที่", "no.", "no"} or role_of(stated) is not None
