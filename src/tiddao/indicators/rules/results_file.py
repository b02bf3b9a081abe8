"""An uploaded file as sheets of cells: what it is is decided by its content, never by its name.

The readers here are meant for ``kernel.apart``: a file made to fill the memory ends its own process.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from posixpath import normpath
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import openpyxl
from openpyxl.utils import range_boundaries

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of an uploaded file."""
LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes that its parts may unpack to: a workbook of a nation's results has some 20 million."""
MOST_CELLS = 2_000_000
"""Filled cells of a file: a workbook of a nation's results has some 200,000."""
NO_VALUE = "#NO VALUE"
"""What stands for a formula that was saved without its value, so that it is not taken for empty."""

_ARCHIVE = b"PK\x03\x04"
_LOOKED_AT = 20
_CHUNK = 1024 * 1024
_NAMES = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_QUOTED = re.compile(r'"[^"]*"|\\.')
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})")


class FileUnreadable(ValueError):
    """The file as a whole cannot be read. code: too_large, not_a_table, old_excel, macros, damaged,
    encoding, empty; message_th is shown to the person who sent it.
    """

    def __init__(self, code: str, message_th: str) -> None:
        super().__init__(code, message_th)
        self.code = code
        self.message_th = message_th

    def __str__(self) -> str:
        return self.message_th


class Merged(NamedTuple):
    """Cells made into one: rows and columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Say whether the cell is one of them. Source: ISO/IEC 29500-1, 18.3.1.55 mergeCells."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's cells, row by row from the first: text, numbers, None for empty.

    A number that its sheet shows as a percentage is text here, "85%": 0.85 is not what was typed.
    """

    name: str
    rows: tuple[tuple[Any, ...], ...]
    merged: tuple[Merged, ...] = ()


def unpacks(content: bytes) -> bool:
    """Say whether the file is an archive, whose size says nothing of what is in it.

    Source: issue 5, Excel both ways (memory bounded).
    """
    return content.startswith(_ARCHIVE)


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an XLSX or CSV file, hidden ones too.

    Formulas give their saved values; one saved without a value becomes NO_VALUE. Raises
    FileUnreadable.

    Source: product description, "Indicator"; house rule "nothing fails silently".
    """
    if len(content) > LARGEST_FILE:
        said = f"ไฟล์ใหญ่เกิน {LARGEST_FILE // 1024 // 1024} MB"
        raise FileUnreadable("too_large", said)
    if not content.strip():
        raise FileUnreadable("empty", "ไฟล์ว่างเปล่า")
    if unpacks(content):
        return _xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        said = "เป็นไฟล์ Excel รุ่นเก่าหรือมีรหัสผ่าน ให้บันทึกเป็น .xlsx ที่ไม่มีรหัสผ่านแล้วส่งใหม่"
        raise FileUnreadable("old_excel", said)
    return (Sheet("CSV", _csv(content)),)


# -- workbooks ------------------------------------------------------------------------------------


def _xlsx(content: bytes) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _refuse_unsafe(parts)
            merged = _merged(parts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and the like, which are not read here
            values = _grid(content, data_only=True)
            formulas = _grid(content, data_only=False)
    except (FileUnreadable, MemoryError):
        raise
    except Exception as failure:  # the library has no one error for a damaged file
        raise FileUnreadable("damaged", "ไฟล์เสียหาย เปิดอ่านไม่ได้ ให้บันทึกใหม่จาก Excel") from failure
    return tuple(
        Sheet(
            name,
            tuple(_saved(row, below) for row, below in zip(rows, formulas[name], strict=True)),
            merged.get(name, ()),
        )
        for name, rows in values.items()
    )


def _refuse_unsafe(parts: zipfile.ZipFile) -> None:
    names = parts.namelist()
    if "xl/workbook.xml" not in names:
        raise FileUnreadable("not_a_table", "ไฟล์นี้ไม่ใช่สมุดงาน Excel (.xlsx)")
    if sum(each.file_size for each in parts.infolist()) > LARGEST_UNPACKED:
        raise FileUnreadable("too_large", "ไฟล์คลายออกแล้วใหญ่เกินกว่าจะเป็นแบบรายงานผล")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        said = "ไฟล์มีมาโคร (.xlsm) ซึ่งไม่รับเพื่อความปลอดภัย ให้บันทึกเป็น “สมุดงาน Excel (.xlsx)” แล้วส่งใหม่"
        raise FileUnreadable("macros", said)
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            with parts.open(name) as part:
                _refuse_entities(part)


def _refuse_entities(part: Any) -> None:
    """Refuse a part that declares names of its own: a workbook has none, an attack is built of them."""
    before = b""
    while chunk := part.read(_CHUNK):
        seen = (before + chunk).upper()
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"<\x00!\x00" in seen:
            raise FileUnreadable("damaged", "ไฟล์มีส่วนที่สมุดงาน Excel ปกติไม่มี จึงไม่เปิดอ่านเพื่อความปลอดภัย")
        before = chunk[-_LOOKED_AT:]


def _merged(parts: zipfile.ZipFile) -> dict[str, tuple[Merged, ...]]:
    """Return sheet name → its merged cells; the streaming reader does not speak of them."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in ET.fromstring(parts.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 -- entities are refused above
    }
    found = {}
    for each in ET.fromstring(parts.read("xl/workbook.xml")).iter():  # noqa: S314 -- as above
        if each.tag.rpartition("}")[2] != "sheet":
            continue
        target = targets.get(each.get(f"{_NAMES}id"), "")
        path = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")
        if path in parts.namelist():
            found[each.get("name", "")] = tuple(_ranges(parts.read(path)))
    return found


def _ranges(xml: bytes) -> Iterator[Merged]:
    for reference in _MERGED.findall(xml):
        left, top, right, bottom = (int(each or 1) for each in range_boundaries(reference.decode()))
        yield Merged(top - 1, left - 1, bottom - 1, right - 1)


def _grid(content: bytes, *, data_only: bool) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    cells = 0
    try:
        found = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some writers state a wrong size
            rows = []
            for row in sheet.iter_rows():
                rows.append(tuple(_value(cell) for cell in row))
                cells += len(row)
                if cells > MOST_CELLS:
                    raise FileUnreadable("too_large", "ไฟล์มีเซลล์มากเกินกว่าจะเป็นแบบรายงานผล")
            found[sheet.title] = rows
        return found
    finally:
        book.close()


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = cell.number_format or ""
        if "%" in shown and "%" in _QUOTED.sub("", shown):
            return f"{(_fifteen_digits(value) * 100).normalize():f}%"
        if isinstance(value, float):
            return _fifteen_digits(value)
    return value


def _fifteen_digits(value: float) -> Decimal:
    """The number as Excel shows it: fifteen digits; what lies beyond is of its binary form."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def _saved(values: tuple[Any, ...], formulas: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        NO_VALUE if value is None and _is_formula(formula) else value
        for value, formula in zip(values, formulas, strict=True)
    )


def _is_formula(value: Any) -> bool:
    if isinstance(value, str):
        return value[:1] == "="
    return value is not None  # an array formula, or one over a table


# -- comma-separated values -----------------------------------------------------------------------


def _csv(content: bytes) -> tuple[tuple[Any, ...], ...]:
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileUnreadable(
            "not_a_table", "ไฟล์เสียหาย หรือเนื้อในไม่ใช่ .xlsx หรือ .csv แม้ชื่อไฟล์จะลงท้ายเช่นนั้น"
        )
    text = _decoded(content)
    first = "\n".join(text.splitlines()[:_LOOKED_AT])
    delimiter = max(",;\t|", key=first.count)
    if not first.count(delimiter):
        raise FileUnreadable("not_a_table", "ไม่พบตารางในไฟล์ (ไม่มีตัวคั่นคอลัมน์)")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as failure:
        said = f"ไฟล์ CSV เสียหาย: {failure}"
        raise FileUnreadable("damaged", said) from failure
    if sum(map(len, rows)) > MOST_CELLS:
        raise FileUnreadable("too_large", "ไฟล์มีเซลล์มากเกินกว่าจะเป็นแบบรายงานผล")
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
