"""Reads a list of villages from CSV or XLSX, row by row, and names what is wrong by cell."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, Final, Literal

from python_calamine import CalamineError, CalamineWorkbook

from tiddao.kernel.digits import to_arabic
from tiddao.kernel.names import repair_spelling

LARGEST_FILE: Final = 20 * 1024 * 1024  # bytes
_LARGEST_UNPACKED: Final = 400 * 1024 * 1024  # bytes; an XLSX is a packed file
_HEAD_WITHIN = 20  # rows from the top in which the head must stand
_LONGEST_NAME = 100

Column = Literal["code", "name", "moo", "name_en"]

# Words of the head, without spaces, dots and case.
_HEAD_WORDS: Final[dict[str, Column]] = {
    "รหัสหมู่บ้าน": "code",
    "รหัส": "code",
    "รหัสหมู่บ้าน8หลัก": "code",
    "code": "code",
    "villagecode": "code",
    "villcode": "code",
    "mooban": "code",
    "ชื่อหมู่บ้าน": "name",
    "หมู่บ้าน": "name",
    "ชื่อ": "name",
    "ชื่อหมู่บ้านภาษาไทย": "name",
    "name": "name",
    "nameth": "name",
    "village": "name",
    "villagename": "name",
    "หมู่ที่": "moo",
    "หมู่": "moo",
    "ม": "moo",
    "moo": "moo",
    "mu": "moo",
    "villageno": "moo",
    "nameen": "name_en",
    "ชื่อภาษาอังกฤษ": "name_en",
    "ชื่อหมู่บ้านภาษาอังกฤษ": "name_en",
    "englishname": "name_en",
}


class VillageFileError(ValueError):
    """The file cannot be read as a list of villages. code is stable; message is Thai."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class VillageRow:
    """One village of the file. line: as the person sees it, from 1."""

    line: int
    code: str
    name_th: str
    name_en: str
    moo: int


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one row. cell: "B7", or "" for the row; message is Thai."""

    line: int
    cell: str
    code: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class _Head:
    line: int
    columns: dict[Column, int]


def read_villages(
    file: BinaryIO, *, tambons: Collection[str], within: str = "th"
) -> Iterator[VillageRow | RowFault]:
    """Yield each row as a village or as what is wrong in it; blank rows are skipped.

    A row with several faults yields each. tambons: codes of the tambons that exist, of the whole
    country; within: no village outside this place ("th" for none). The kind of file is told by its
    content. Reads the file from its start.

    Raises VillageFileError when there is no head with a code and a name, or the file is neither CSV
    nor XLSX.

    Source: domain.md §6.3 (village codes); issue 2 "places" (village import).
    """
    with closing(_rows(file)) as rows:
        head = _head(rows)
        seen: dict[str, int] = {}
        for line, cells in rows:
            if not any(_text(cell) for cell in cells):
                continue
            row = _Line(line, cells, head)
            yield from _row(row, tambons=tambons, within=within, seen=seen)


def kind_of_file(file: BinaryIO) -> Literal["csv", "xlsx"]:
    """Return the kind by content. Raises VillageFileError for any other kind or an oversized one.

    Source: issue 2 "places" (CSV/XLSX); the file's name is not believed.
    """
    file.seek(0, io.SEEK_END)
    if file.tell() > LARGEST_FILE:
        raise VillageFileError("too_large", "ไฟล์ใหญ่เกิน 20 MB")
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(file) as packed:
                names = set(packed.namelist())
                unpacked = sum(item.file_size for item in packed.infolist())
        except zipfile.BadZipFile as error:
            raise VillageFileError("broken", "ไฟล์ XLSX เสียหาย เปิดไม่ได้") from error
        file.seek(0)
        if "xl/workbook.xml" not in names:
            raise VillageFileError("not_a_list", "ไฟล์นี้ไม่ใช่ CSV หรือ XLSX")
        if unpacked > _LARGEST_UNPACKED:
            raise VillageFileError("too_large", "ไฟล์ XLSX เมื่อคลายแล้วใหญ่เกินไป")
        return "xlsx"
    if not start:
        raise VillageFileError("empty", "ไฟล์ว่าง")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise VillageFileError("old_excel", "ไฟล์ Excel รุ่นเก่า (.xls): โปรดบันทึกเป็น .xlsx แล้วนำเข้าใหม่")
    if b"\x00" in start or start.startswith(b"%PDF"):
        raise VillageFileError("not_a_list", "ไฟล์นี้ไม่ใช่ CSV หรือ XLSX")
    return "csv"


_Cells = Sequence[Any]
_Rows = Generator[tuple[int, _Cells], None, None]


def _rows(file: BinaryIO) -> _Rows:
    if kind_of_file(file) == "xlsx":
        return _xlsx_rows(file)
    return _csv_rows(file)


def _xlsx_rows(file: BinaryIO) -> _Rows:
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError) as error:
        raise VillageFileError("broken", "ไฟล์ XLSX เสียหาย เปิดไม่ได้") from error
    # Calamine gives rows from the first, but columns from the first that is used.
    indent = [""] * (sheet.start[1] if sheet.start else 0)
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield line, [*indent, *cells]


def _csv_rows(file: BinaryIO) -> _Rows:
    encoding = _encoding(file)
    file.seek(0)
    first_line = file.readline(4096).decode(encoding, errors="replace")
    delimiter = max(",;\t", key=first_line.count)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise VillageFileError(
            "broken", f"อ่าน CSV ไม่ได้ที่บรรทัด {reader.line_num}: เครื่องหมายคำพูดไม่ครบ"
        ) from error
    finally:
        text.detach()  # the file is the caller's to close


def _encoding(file: BinaryIO) -> str:
    """Return utf-8-sig or cp874, whichever reads the whole file."""
    for encoding in ("utf-8-sig", "cp874"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece := file.read(1 << 16):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise VillageFileError("encoding", "อ่านตัวอักษรในไฟล์ไม่ได้: โปรดบันทึกเป็น CSV UTF-8")


def _head(rows: _Rows) -> _Head:
    for count, (line, cells) in enumerate(rows, start=1):
        columns: dict[Column, int] = {}
        for position, cell in enumerate(cells):
            word = _text(cell).casefold()
            word = word.replace(" ", "").replace(".", "").replace("_", "").replace("-", "")
            column = _HEAD_WORDS.get(to_arabic(word))
            if column is None:
                continue
            if column in columns:
                raise VillageFileError(
                    "head_twice",
                    f"หัวตารางบรรทัด {line} มีคอลัมน์ซ้ำ: {cell_name(columns[column], line)} และ {cell_name(position, line)}",
                )
            columns[column] = position
        if {"code", "name"} <= set(columns):
            return _Head(line, columns)
        if count == _HEAD_WITHIN:
            break
    raise VillageFileError(
        "no_head", "ไม่พบหัวตารางที่มี “รหัสหมู่บ้าน” และ “ชื่อหมู่บ้าน” ใน 20 บรรทัดแรกของแผ่นงานแรก"
    )


class _Line:
    """One row of the list, with its cells by column."""

    def __init__(self, line: int, cells: _Cells, head: _Head) -> None:
        self.line = line
        self._cells = cells
        self._columns = head.columns

    def value(self, column: Column) -> Any:
        position = self._columns.get(column)
        return self._cells[position] if position is not None and position < len(self._cells) else ""

    def fault(self, column: Column, code: str, message: str) -> RowFault:
        where = cell_name(self._columns[column], self.line)
        return RowFault(self.line, where, code, _text(self.value(column))[:80], message)


def _row(
    row: _Line, *, tambons: Collection[str], within: str, seen: dict[str, int]
) -> Sequence[VillageRow | RowFault]:
    code = _digits(row.value("code"))
    name = _repaired(_text(row.value("name")))
    wrong_code = _code_fault(row, code, tambons=tambons, within=within, seen=seen)
    if wrong_code is None:
        seen[code] = row.line
        faults = [_name_fault(row, name), _moo_fault(row, code)]
    else:
        faults = [wrong_code, _name_fault(row, name)]
    found = [fault for fault in faults if fault is not None]
    if found:
        return found
    english = " ".join(_text(row.value("name_en")).split())[:_LONGEST_NAME]
    return [VillageRow(row.line, code, name, english, int(code[6:]))]


def _code_fault(
    row: _Line, code: str, *, tambons: Collection[str], within: str, seen: dict[str, int]
) -> RowFault | None:
    if len(code) != 8 or not (code.isascii() and code.isdigit()):
        hint = " (เลขข้างหน้าหายไปหรือไม่)" if code.isdigit() and len(code) == 7 else ""
        return row.fault("code", "code_form", f"รหัสหมู่บ้านต้องเป็นเลข 8 หลัก{hint}")
    if code.endswith("00"):
        return row.fault("code", "code_moo", "เลขหมู่ในรหัสต้องเป็น 01 ถึง 99")
    if code[:6] not in tambons:
        return row.fault("code", "no_tambon", f"ไม่มีตำบลรหัส {code[:6]}")
    if within != "th" and not code.startswith(within):
        return row.fault("code", "outside", "หมู่บ้านอยู่นอกพื้นที่ที่นำเข้าได้")
    if code in seen:
        return row.fault("code", "twice", f"รหัสซ้ำกับบรรทัด {seen[code]}")
    return None


def _name_fault(row: _Line, name: str) -> RowFault | None:
    if not name:
        return row.fault("name", "no_name", "ไม่มีชื่อหมู่บ้าน")
    if len(name) > _LONGEST_NAME or name.isdigit():
        return row.fault("name", "bad_name", "ชื่อหมู่บ้านยาวเกินไปหรือเป็นตัวเลขล้วน")
    return None


def _moo_fault(row: _Line, code: str) -> RowFault | None:
    written = _digits(row.value("moo"))
    if not written or (written.isascii() and written.isdigit() and int(written) == int(code[6:])):
        return None
    return row.fault("moo", "moo_differs", f"หมู่ที่ไม่ตรงกับสองหลักท้ายของรหัส ({int(code[6:])})")


@lru_cache(maxsize=50_000)  # many villages share a name
def _repaired(name: str) -> str:
    return repair_spelling(name)


def _digits(value: Any) -> str:
    """Return what was written as digits: 57120314, "57120314", "๕๗๑๒๐๓๑๔", "5712 0314", 57120314.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = to_arabic(_text(value)).replace(" ", "").replace("-", "")
    return text.removeprefix("หมู่ที่").removeprefix("หมู่").removeprefix("ม.").removeprefix("'")


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def cell_name(column: int, line: int) -> str:
    """Return the name of a cell as spreadsheets write it; column from 0, line from 1: "B7".

    Source: the A1 notation of spreadsheets.
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{line}"
