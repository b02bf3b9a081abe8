"""Reported results in a workbook or CSV, as offices keep them: read exactly, each fault by its cell.

Two layouts, found by their heads. Long: one row per result, with columns รหัสพื้นที่ (or อำเภอ),
ตัวชี้วัด, and the figures. Wide: places as rows, indicators as columns, the figures of each as
sub-heads (the template that the product writes is wide, one sheet per dimension). A sheet without
such heads is listed as not read. Empty is not reported, and never zero.

A milestone's cell holds the steps done, "1,2,3" or "1-3"; a lone "3" says that step 3 is reached.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.scoring import ImpossibleReport, Reported, contribution, parts_asked
from tiddao.kernel.digits import to_arabic
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.names import fold_place
from tiddao.kernel.numerals import parse_decimal
from tiddao.kernel.unreadable import Unreadable

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of an uploaded file."""
LARGEST_UNPACKED = 300 * 1024 * 1024
"""Bytes that its parts may unpack to: a workbook of a nation's results has some 20 million."""
HEAD_WITHIN = 20
"""Heads are looked for in this many first rows of a sheet."""

NOT_APPLICABLE_TH = "ไม่ใช้กับพื้นที่"
PART_HEADS_TH: Mapping[str, str] = {
    "numerator": "ตัวตั้ง",
    "denominator": "ตัวหาร",
    "steps": "ขั้นที่ทำแล้ว",
    "self_score": "คะแนนประเมินตนเอง",
    "checked_score": "คะแนนผู้ตรวจ",
}
"""Sub-heads as the template writes them."""

_PARTS = tuple(PART_HEADS_TH)
_HEADS: Mapping[str, tuple[str, ...]] = {
    "place_code": ("รหัสพื้นที่", "รหัสอำเภอ", "รหัสจังหวัด", "รหัสหน่วยงาน", "place_code", "place code"),
    "place_name": (
        "อำเภอ",
        "จังหวัด",
        "พื้นที่",
        "ชื่อพื้นที่",
        "หน่วยงาน",
        "สพอ.",
        "สพจ.",
        "ตำบล",
        "หมู่บ้าน",
        "place",
        "district",
        "province",
    ),
    "indicator": ("ตัวชี้วัด", "รหัสตัวชี้วัด", "ตัวชี้วัดที่", "indicator"),
    "numerator": ("ตัวตั้ง", "ผลรวมคะแนน", "ผลงาน", "numerator", "sum"),
    "denominator": ("ตัวหาร", "จำนวนผู้ตอบ", "denominator", "n"),
    "steps": ("ขั้นที่ทำแล้ว", "ขั้นที่ทำได้", "ขั้น", "steps"),
    "self_score": ("คะแนนประเมินตนเอง", "ประเมินตนเอง", "self_score"),
    "checked_score": ("คะแนนผู้ตรวจ", "คะแนนผู้ประเมิน", "checked_score"),
    "not_applicable": (NOT_APPLICABLE_TH, "ไม่ใช้", "not_applicable"),
    "narrative": ("คำอธิบาย", "หมายเหตุ", "narrative"),
    "round": ("รอบ", "รอบการประเมิน", "round"),
    "year": ("ปีงบประมาณ", "ปี", "fiscal_year"),
}
_NOT_APPLICABLE = {NOT_APPLICABLE_TH, "ไม่ใช้", "ไม่เกี่ยวข้อง", "n/a", "na"}
_YES = {"1", "ใช่", "true", "yes", "x", "/", "✓"} | _NOT_APPLICABLE
_TOTALS = ("รวม", "รวมทั้งสิ้น", "เฉลี่ย", "ค่าเฉลี่ย", "total")
_MONTHS = re.compile(r"รอบ(?:\s*ที่\s*\d)?\s*\(?\s*(\d{1,2})\s*เดือน")
_YEAR = re.compile(r"(?:ปีงบประมาณ|ปีงบฯ|ปีงบ)\s*(?:พ\.?\s?ศ\.?)?\s*(\d{4}|\d{2})(?!\d)")
_CODE_AT_FRONT = re.compile(r"(?:ตัวชี้วัด(?:ที่)?\s*)?([0-9A-Za-z][0-9A-Za-z._-]*)(?=$|[\s:)])")
_STEP_RANGE = re.compile(r"(\d)\s*(?:-|–|ถึง)\s*(\d)")


class FileUnreadable(ValueError):
    """The file as a whole cannot be read. code: too_large, not_a_table, old_excel, encrypted,
    damaged, encoding, empty; message_th is shown to the person who sent it.
    """

    def __init__(self, code: str, message_th: str) -> None:
        super().__init__(message_th)
        self.code = code
        self.message_th = message_th


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's cells, row by row from the first: text, numbers, None for empty."""

    name: str
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportingPlace:
    """A place that reports in the round. in_scope: the importer answers for it."""

    code: str
    level: str
    name_th: str
    name_en: str
    province_th: str
    in_scope: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the importer must know. error: nothing is written while there is one; otherwise a
    note of what was not read. cell: "F7", or "" for the whole sheet.
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
    """All that was read. layouts: sheet → "wide" or "long", of those that were read."""

    results: tuple[ReadResult, ...]
    findings: tuple[Finding, ...]
    layouts: Mapping[str, str]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the file from being accepted."""
        return tuple(each for each in self.findings if each.error)


# -- the file -------------------------------------------------------------------------------------


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an XLSX or CSV file; its content decides which it is, not its name.

    Formulas give their saved values; one saved without a value becomes the text "#NO VALUE", so that
    it is reported and not taken for empty. Raises FileUnreadable.

    Source: product description, "Indicator"; house rule "nothing fails silently".
    """
    if len(content) > LARGEST_FILE:
        said = f"ไฟล์ใหญ่เกิน {LARGEST_FILE // 1024 // 1024} MB"
        raise FileUnreadable("too_large", said)
    if not content.strip():
        raise FileUnreadable("empty", "ไฟล์ว่างเปล่า")
    if content.startswith(b"PK\x03\x04"):
        return _xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        said = "เป็นไฟล์ Excel รุ่นเก่าหรือมีรหัสผ่าน ให้บันทึกเป็น .xlsx ที่ไม่มีรหัสผ่านแล้วส่งใหม่"
        raise FileUnreadable("old_excel", said)
    return (Sheet("CSV", _csv(content)),)


def _xlsx(content: bytes) -> tuple[Sheet, ...]:
    try:
        _refuse_other_archives(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and the like, which are not read here
            values = _grid(content, data_only=True)
            formulas = _grid(content, data_only=False)
    except FileUnreadable:
        raise
    except Exception as failure:  # the library has no one error for a damaged file
        raise FileUnreadable("damaged", "ไฟล์เสียหาย เปิดอ่านไม่ได้ ให้บันทึกใหม่จาก Excel") from failure
    return tuple(
        Sheet(
            name, tuple(_saved(row, below) for row, below in zip(rows, formulas[name], strict=True))
        )
        for name, rows in values.items()
    )


def _refuse_other_archives(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "xl/workbook.xml" not in parts.namelist():
            raise FileUnreadable("not_a_table", "ไฟล์นี้ไม่ใช่สมุดงาน Excel (.xlsx)")
        if sum(each.file_size for each in parts.infolist()) > LARGEST_UNPACKED:
            raise FileUnreadable("too_large", "ไฟล์คลายออกแล้วใหญ่เกินกว่าจะเป็นแบบรายงานผล")


def _grid(content: bytes, *, data_only: bool) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    try:
        found = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some writers state a wrong size
            found[sheet.title] = [tuple(row) for row in sheet.iter_rows(values_only=True)]
        return found
    finally:
        book.close()


def _saved(values: tuple[Any, ...], formulas: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        "#NO VALUE" if value is None and isinstance(formula, str) and formula[:1] == "=" else value
        for value, formula in zip(values, formulas, strict=True)
    )


def _csv(content: bytes) -> tuple[tuple[Any, ...], ...]:
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileUnreadable("not_a_table", "ไฟล์นี้ไม่ใช่ .xlsx หรือ .csv")
    text = _decoded(content)
    first = "\n".join(text.splitlines()[:HEAD_WITHIN])
    delimiter = max(",;\t|", key=first.count)
    if not first.count(delimiter):
        raise FileUnreadable("not_a_table", "ไม่พบตารางในไฟล์ (ไม่มีตัวคั่นคอลัมน์)")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as failure:
        said = f"ไฟล์ CSV เสียหาย: {failure}"
        raise FileUnreadable("damaged", said) from failure
    return tuple(tuple(cell if cell.strip() else None for cell in row) for row in rows)


def _decoded(content: bytes) -> str:
    encodings = ["utf-8-sig", "cp874"]  # cp874: what Excel in Thai saves as CSV
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable("encoding", "อ่านตัวอักษรในไฟล์ไม่ได้ ให้บันทึกเป็น CSV UTF-8")


# -- what the cells say ---------------------------------------------------------------------------


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
    for sheet in sheets:
        reader.read(sheet)
    if not reader.layouts:
        said = "ไม่พบหัวตารางที่รู้จักในไฟล์: ต้องมีคอลัมน์ “รหัสพื้นที่” หรือ “อำเภอ” และมีตัวชี้วัดเป็นคอลัมน์หรือเป็นหัวคอลัมน์"
        name = sheets[0].name if sheets else ""
        reader.findings.insert(0, Finding(True, name, "", "no_heads", said))
    return ReadFile(tuple(reader.results), tuple(reader.findings), reader.layouts)


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
    """Which column holds what: role → column; for the wide layout (indicator code, role) → column."""

    roles: Mapping[str, int]
    figures: Mapping[tuple[str, str], int] = field(default_factory=dict)
    first_row: int = 0


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
        self.places = {each.code: each for each in places}
        self.named: dict[str, list[ReportingPlace]] = {}
        for each in places:
            keys = {
                fold_place(each.name_th, province=each.province_th or None),
                fold_place(each.name_th),
                fold_place(each.name_en) if each.name_en else "",
            }
            for key in keys - {""}:
                self.named.setdefault(key, []).append(each)
        self.results: list[ReadResult] = []
        self.findings: list[Finding] = []
        self.layouts: dict[str, str] = {}
        self.first_at: dict[tuple[str, str], tuple[str, str]] = {}
        self.sheet = ""

    def error(self, cell: str, code: str, message_th: str) -> None:
        self.findings.append(Finding(True, self.sheet, cell, code, message_th))

    def note(self, cell: str, code: str, message_th: str) -> None:
        self.findings.append(Finding(False, self.sheet, cell, code, message_th))

    # -- heads --

    def read(self, sheet: Sheet) -> None:
        self.sheet = sheet.name
        head = next(
            (n for n in range(min(HEAD_WITHIN, len(sheet.rows))) if _has_place(sheet, n)), None
        )
        if head is None:
            if any(_text(value) for row in sheet.rows for value in row):
                self.note("", "sheet_not_read", "ไม่พบหัวตารางในแผ่นงานนี้ จึงไม่ได้อ่าน")
            return
        roles = _roles(sheet.rows[head])
        if "indicator" in roles:
            self.layouts[sheet.name] = "long"
            self._check_title(sheet.rows[:head])
            self._read_long(sheet, _Columns(roles, first_row=head + 1))
            return
        columns = self._wide_columns(sheet, head, roles)
        if columns is None:
            self.note("", "sheet_not_read", "มีคอลัมน์พื้นที่แต่ไม่พบตัวชี้วัดในหัวตาราง จึงไม่ได้อ่าน")
            return
        self.layouts[sheet.name] = "wide"
        self._check_title(sheet.rows[:head])
        self._read_wide(sheet, columns)

    def _check_title(self, rows: Sequence[Sequence[Any]]) -> None:
        """Refuse a sheet whose title speaks of another round or year."""
        for cell in _cells(rows):
            said = to_arabic(_text(cell.value))
            self._check_year(cell.name, [year[1] for year in _YEAR.finditer(said)])
            wanted = self._months()
            for found in _MONTHS.finditer(said):
                if wanted and found[1] != wanted:
                    self.error(
                        cell.name,
                        "wrong_round",
                        f"หัวตารางเป็นรอบ {found[1]} เดือน แต่กำลังนำเข้ารอบ {self._round_name()}",
                    )

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
                    f"เป็นปีงบประมาณ {written} แต่กำลังนำเข้าปีงบประมาณ {self.definition.fiscal_year}",
                )

    def _round_name(self) -> str:
        found = [each for each in self.definition.rounds if each.code == self.round_code]
        return found[0].name_th if found else self.round_code

    def _months(self) -> str:
        found = re.search(r"(\d{1,2})\s*(?:เดือน|m$)", f"{self._round_name()} {self.round_code}")
        return found[1] if found else ""

    def _wide_columns(self, sheet: Sheet, head: int, roles: Mapping[str, int]) -> _Columns | None:
        """Find the row of indicators beside or right above or below the place's head."""
        beside = {roles[name] for name in ("place_code", "place_name") if name in roles}
        candidates = [n for n in (head, head - 1, head + 1) if 0 <= n < len(sheet.rows)]
        heads = {n: self._indicator_heads(sheet.rows[n], beside) for n in candidates}
        best = max(candidates, key=lambda n: len(heads[n]))
        if not heads[best]:
            return None
        below = sheet.rows[best + 1] if best + 1 < len(sheet.rows) else ()
        has_parts = any(
            _role(value) in _PARTS or _role(value) in {"not_applicable", "narrative"}
            for column, value in enumerate(below)
            if column not in beside
        )
        figures: dict[tuple[str, str], int] = {}
        width = max(len(sheet.rows[best]), len(below))
        current: str | None = None
        for column in range(width):
            if column in beside:
                continue
            stated = _text(_at(sheet.rows[best], column))
            cell = _Cell(best, column, stated)
            if stated:
                current = heads[best].get(column)
                if current is None and not _is_ordinal(stated):
                    self.error(cell.name, "unknown_indicator", f"ไม่มีตัวชี้วัด “{stated}” ในแบบประเมินนี้")
            if current is None:
                continue
            role = _role(_at(below, column)) if has_parts else self._only_part(current, cell)
            if role is None:
                under = _text(_at(below, column))
                if under:
                    said = f"ไม่รู้จักหัวคอลัมน์ย่อย “{under}” ของตัวชี้วัด {current}"
                    self.error(_Cell(best + 1, column, under).name, "unknown_part", said)
                continue
            if (current, role) in figures:
                self.error(cell.name, "head_twice", f"ตัวชี้วัด {current} มีหัวคอลัมน์ซ้ำ")
                continue
            figures[current, role] = column
        first = max(best + (2 if has_parts else 1), head + 1)
        return _Columns(roles, figures, first)

    def _indicator_heads(self, row: Sequence[Any], beside: Iterable[int]) -> dict[int, str]:
        skipped = set(beside)
        found = {}
        for column, value in enumerate(row):
            code = self._indicator_code(value) if column not in skipped else None
            if code is not None:
                found[column] = code
        return found

    def _indicator_code(self, value: Any) -> str | None:
        """The indicator a head or cell names: by code, by code and name, or by name alone."""
        text = to_arabic(_text(value))
        if not text:
            return None
        front = _CODE_AT_FRONT.match(text)
        if front and front[1] in self.indicators:
            return front[1]
        return self.by_name.get(_folded(text))

    def _only_part(self, code: str, cell: _Cell) -> str | None:
        asked = parts_asked(self.indicators[code])
        if len(asked) == 1 or asked[0] == "self_score":
            return asked[0]
        wanted = " และ ".join(PART_HEADS_TH[each] for each in asked)
        said = f"ตัวชี้วัด {code} ต้องมีหัวคอลัมน์ย่อย {wanted}"
        self.error(cell.name, "parts_not_told_apart", said)
        return None

    # -- rows --

    def _read_wide(self, sheet: Sheet, columns: _Columns) -> None:
        for number in range(columns.first_row, len(sheet.rows)):
            row = sheet.rows[number]
            figures = {
                key: _Cell(number, column, _at(row, column))
                for key, column in columns.figures.items()
                if _text(_at(row, column))
            }
            place = self._place(row, number, columns.roles, told=bool(figures))
            if place is None:
                continue
            for code in dict.fromkeys(code for code, _ in columns.figures):
                own = {role: figures[c, role] for c, role in figures if c == code}
                if own:
                    self._take(place, code, own)

    def _read_long(self, sheet: Sheet, columns: _Columns) -> None:
        roles = columns.roles
        for number in range(columns.first_row, len(sheet.rows)):
            row = sheet.rows[number]
            cells = {role: _Cell(number, at, _at(row, at)) for role, at in roles.items()}
            told = {role: cell for role, cell in cells.items() if _text(cell.value)}
            figures = {
                role: cell
                for role, cell in told.items()
                if role in _PARTS or role in {"not_applicable", "narrative"}
            }
            if not told:
                continue
            place = self._place(row, number, roles, told=bool(figures))
            if place is None:
                continue
            self._check_row_head(told)
            named = cells["indicator"]
            code = self._indicator_code(named.value)
            if code is None:
                said = _text(named.value) or "(ว่าง)"
                self.error(named.name, "unknown_indicator", f"ไม่มีตัวชี้วัด “{said}” ในแบบประเมินนี้")
            elif figures.keys() - {"narrative"}:
                self._take(place, code, figures)

    def _check_row_head(self, told: Mapping[str, _Cell]) -> None:
        if "year" in told:
            self._check_year(told["year"].name, [to_arabic(_text(told["year"].value))])
        if "round" in told:
            said = to_arabic(_text(told["round"].value))
            months = _MONTHS.search(said) or re.match(r"(\d{1,2})(?:m|\s*เดือน)?$", said)
            fits = said in {self.round_code, self._round_name()} or (
                months is not None and months[1] == self._months()
            )
            if not fits:
                wanted = self._round_name()
                said = f"เป็นรอบ “{said}” แต่กำลังนำเข้า {wanted}"
                self.error(told["round"].name, "wrong_round", said)

    def _place(
        self, row: Sequence[Any], number: int, roles: Mapping[str, int], *, told: bool
    ) -> ReportingPlace | None:
        """The place of a row; None for empty rows, totals, and what was reported as a finding."""
        code = _Cell(number, roles.get("place_code", 0), _at(row, roles.get("place_code")))
        name = _Cell(number, roles.get("place_name", 0), _at(row, roles.get("place_name")))
        code_text, name_text = to_arabic(_text(code.value)), _text(name.value)
        if not code_text and not name_text:
            if told:
                self.error(code.name, "no_place", "แถวนี้มีผล แต่ไม่บอกว่าเป็นพื้นที่ใด")
            return None
        if (name_text or code_text).startswith(_TOTALS):
            if told:
                said = "ไม่ได้อ่านแถวรวม: ระบบคำนวณผลรวมเองจากผลของแต่ละพื้นที่"
                self.note((name if name_text else code).name, "total_not_read", said)
            return None
        if code_text:
            return self._by_code(code, code_text, name_text)
        return self._by_name(name, name_text)

    def _by_code(self, cell: _Cell, code: str, name: str) -> ReportingPlace | None:
        place = self.places.get(code)
        if place is None:
            self.error(cell.name, "unknown_place", f"ไม่มีหน่วยที่ต้องรายงานรหัส “{code}”")
            return None
        if name:
            same = self._candidates(name)
            if same and place not in same:
                said = f"รหัส {code} คือ {place.name_th} แต่ชื่อในแถวเป็น “{name}”"
                self.error(cell.name, "code_and_name_differ", said)
                return None
        return self._in_scope(cell, place)

    def _candidates(self, name: str) -> list[ReportingPlace]:
        found = dict.fromkeys(self.named.get(fold_place(name), []))
        return list(found)

    def _by_name(self, cell: _Cell, name: str) -> ReportingPlace | None:
        same = self._candidates(name)
        mine = [each for each in same if each.in_scope]
        if len(mine) == 1:
            return mine[0]
        if not same:
            self.error(cell.name, "unknown_place", f"ไม่รู้จักพื้นที่ “{name}”")
            return None
        if len(mine) > 1 or len(same) > 1:
            options = ", ".join(
                f"{each.name_th} {each.province_th} ({each.code})" for each in same[:4]
            )
            said = f"“{name}” มีหลายแห่ง ({options}) ให้ใส่รหัสพื้นที่"
            self.error(cell.name, "ambiguous_place", said)
            return None
        return self._in_scope(cell, same[0])

    def _in_scope(self, cell: _Cell, place: ReportingPlace) -> ReportingPlace | None:
        if place.in_scope:
            return place
        said = f"{place.name_th} ({place.code}) อยู่นอกพื้นที่ที่ผู้นำเข้ารับผิดชอบ"
        self.error(cell.name, "out_of_scope", said)
        return None

    def _take(self, place: ReportingPlace, code: str, cells: Mapping[str, _Cell]) -> None:
        """Turn the cells of one result into a report, or into findings."""
        indicator = self.indicators[code]
        figures = {role: cell for role, cell in cells.items() if role in _PARTS}
        at = next(iter((figures or cells).values())).name
        narrative = _text(cells["narrative"].value) if "narrative" in cells else ""
        if not figures.keys() and "not_applicable" not in cells:
            self.note(at, "narrative_alone", f"มีหมายเหตุแต่ไม่มีผลของตัวชี้วัด {code} จึงไม่ได้อ่าน")
            return
        if not self._first_time(place, code, at):
            return
        if place.level != indicator.reports_at:
            said = f"ตัวชี้วัด {code} ไม่ได้รายงานที่พื้นที่ {place.name_th}"
            self.error(at, "wrong_level", said)
            return
        if self._says_not_applicable(cells):
            if any(
                _text(each.value).casefold() not in _NOT_APPLICABLE for each in figures.values()
            ):
                self.error(at, "not_applicable_with_figures", "ระบุว่าไม่ใช้กับพื้นที่ แต่มีตัวเลข")
                return
            report = None
        else:
            report = self._report(place, indicator, figures, at)
            if report is None:
                return
        self.results.append(
            ReadResult(self.sheet, at, place.code, code, report, report is None, narrative)
        )

    def _first_time(self, place: ReportingPlace, code: str, at: str) -> bool:
        before = self.first_at.get((place.code, code))
        if before is None:
            self.first_at[place.code, code] = (self.sheet, at)
            return True
        sheet, cell = before
        said = f"{place.name_th} ตัวชี้วัด {code} มีแล้วที่แผ่นงาน {sheet} เซลล์ {cell}"
        self.error(at, "duplicate", said)
        return False

    def _says_not_applicable(self, cells: Mapping[str, _Cell]) -> bool:
        told = cells.get("not_applicable")
        if told is not None:
            said = to_arabic(_text(told.value)).casefold()
            if said in _YES:
                return True
            if said not in {"0", "ไม่", "false", "no"}:
                self.error(told.name, "unknown_mark", f"“{said}” บอกไม่ได้ว่าใช้กับพื้นที่หรือไม่")
        return any(
            _text(cell.value).casefold() in _NOT_APPLICABLE
            for role, cell in cells.items()
            if role in _PARTS
        )

    def _report(
        self,
        place: ReportingPlace,
        indicator: IndicatorDefinition,
        cells: Mapping[str, _Cell],
        at: str,
    ) -> Reported | None:
        """The report the cells make, if it can be true; else None and the findings."""
        read: dict[str, Any] = {}
        for role, cell in cells.items():
            try:
                read[role] = _steps(cell.value) if role == "steps" else _number(cell.value)
            except Unreadable as fault:
                said = f"{PART_HEADS_TH[role]}ของตัวชี้วัด {indicator.code}: {fault}"
                self.error(cell.name, fault.code, said)
        if len(read) < len(cells):
            return None
        report = Reported(**read)
        try:
            contribution(indicator, report)
        except ImpossibleReport as impossible:
            where = cells.get(impossible.part)
            said = f"{place.name_th} ตัวชี้วัด {indicator.code}: {impossible.message_th}"
            self.error(where.name if where else at, impossible.code, said)
            return None
        return report


# -- cells ----------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).replace("\u200b", "").split())


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", to_arabic(text)).casefold()


def _at(row: Sequence[Any], column: int | None) -> Any:
    return row[column] if column is not None and column < len(row) else None


def _cells(rows: Sequence[Sequence[Any]]) -> Iterator[_Cell]:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if _text(value):
                yield _Cell(number, column, value)


def _role(value: Any) -> str | None:
    """What a head says its column holds: the head, or the head followed by an explanation."""
    said = to_arabic(_text(value)).casefold()
    for role, heads in _HEADS.items():
        if any(
            said == head or said.startswith((f"{head} ", f"{head}:", f"{head}(")) for head in heads
        ):
            return role
    return None


def _roles(row: Sequence[Any]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for column, value in enumerate(row):
        role = _role(value)
        if role is not None:
            roles.setdefault(role, column)
    return roles


def _has_place(sheet: Sheet, number: int) -> bool:
    """Say whether the row is a head: it names a place's column, and is no title in one cell."""
    row = sheet.rows[number]
    told = [value for value in row if _text(value)]
    return len(told) > 1 and bool(_roles(row).keys() & {"place_code", "place_name"})


def _is_ordinal(stated: str) -> bool:
    return _folded(stated) in {"ที่", "ลำดับ", "ลำดับที่", "no.", "no"} or _role(stated) is not None


def _number(value: Any) -> Decimal:
    if isinstance(value, datetime | date):
        raise Unreadable(value, "date", "เป็นวันที่ ไม่ใช่ตัวเลข (Excel อาจแปลงให้เอง)")
    if value == "#NO VALUE":
        raise Unreadable(value, "formula_without_value", "เป็นสูตรที่ไม่ได้บันทึกค่าไว้ ให้เปิดและบันทึกใน Excel")
    return parse_decimal(value, units=("%", "ร้อยละ"))


def _steps(value: Any) -> frozenset[int]:
    """Steps done: "1,2,3", "1-3", or a lone number for the step reached ("0": none yet)."""
    text = to_arabic(_text(value))
    ranged = _STEP_RANGE.fullmatch(text)
    if ranged:
        return frozenset(range(int(ranged[1]), int(ranged[2]) + 1))
    listed = [each for each in re.split(r"[,\s;/]+", text) if each]
    if len(listed) > 1 and all(each.isdigit() for each in listed):
        return frozenset(int(each) for each in listed)
    reached = _number(value)
    if reached != reached.to_integral_value() or not 0 <= reached <= 5:
        raise Unreadable(value, "unknown_step", "ขั้นต้องเป็น 0–5 หรือรายการขั้นที่ทำแล้ว เช่น 1,2,3")
    return frozenset(range(1, int(reached) + 1))
