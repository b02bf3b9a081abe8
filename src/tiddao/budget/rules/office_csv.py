"""A list saved as text (CSV) as the one sheet of a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path, PurePath

from tiddao.budget.rules.cgd_figures import Finding, WorkbookRefused
from tiddao.budget.rules.cgd_grid import LARGEST_FILE, LAST_COLUMN, LAST_ROW

_DELIMITERS = ",;\t|"
_ENCODINGS = ("utf-8-sig", "cp874")
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")
_LINES_TO_TELL = 50
_MARKUP = ("<!doctype", "<html", "<table", "<?xml", "{\\rtf")


def text_file(source: Path | bytes, *, file: str) -> bytes | None:
    """Its content, where the file calls itself CSV or text and is no workbook under that name.

    Source: docs domain 3.5 (plan for file import, xlsx and csv).
    """
    if PurePath(file).suffix.lower() not in {".csv", ".txt", ".tsv"}:
        return None
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > LARGEST_FILE:
        raise _refused(file, f"ไฟล์ใหญ่ {size / 1e6:,.0f} MB เกิน {LARGEST_FILE // 1024**2} MB")
    content = source if isinstance(source, bytes) else source.read_bytes()
    return None if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) else content


def text_rows(content: bytes, *, file: str) -> list[list[str]]:
    """The cells of each line. UTF-8, UTF-16 with its mark, or the Thai code page of Windows.

    Raises WorkbookRefused for what is no table of text, or reaches beyond what a sheet may have.

    Source: docs domain 3.5; docs house, "nothing fails silently".
    """
    text = _decoded(content, file)
    if text.lstrip().lower().startswith(_MARKUP):
        raise _refused(file, "เป็นหน้าเว็บหรือเอกสารอื่น ไม่ใช่ตาราง CSV ให้เปิดด้วย Excel แล้วบันทึกเป็น .xlsx")
    lines = [line for line in text.splitlines() if line.strip()][:_LINES_TO_TELL]
    delimiter = max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in lines))
    try:
        rows = [
            list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        ]
    except csv.Error as fault:
        raise _refused(file, f"อ่านตาราง CSV ไม่ได้ ({fault})") from fault
    if len(rows) > LAST_ROW or max((len(row) for row in rows), default=0) > LAST_COLUMN:
        raise _refused(file, f"ตารางใหญ่เกิน {LAST_ROW:,} แถว หรือ {LAST_COLUMN} คอลัมน์")
    if not _is_table(rows):
        raise _refused(file, "ไม่ใช่ตาราง CSV")
    return rows


def _decoded(content: bytes, file: str) -> str:
    encodings: Sequence[str] = ("utf-16",) if content.startswith(_BYTE_ORDER) else _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(sign < " " and sign not in "\t\r\n" for sign in text):
            return text
    raise _refused(file, "ไม่ใช่ไฟล์ข้อความที่อ่านได้ ให้บันทึกเป็น CSV UTF-8 หรือ .xlsx")


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    return any(len(row) > 1 for row in rows)


def _refused(file: str, message: str) -> WorkbookRefused:
    return WorkbookRefused(file, [Finding("not-xlsx", "", "", message, "refused")])
