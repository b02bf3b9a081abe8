"""Any table as an Excel workbook, whole: what is too long is refused, never cut.

Written row by row in constant memory. The sheet says what it holds, as of when, and how many rows.
Source: docs anchors §3 nos. 8, 9 (exports cut silently, exports that time out).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, Any, Literal
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext, ngettext

from tiddao.ui.templatetags.ui import be_medium, be_numeric

Kind = Literal["text", "integer", "number", "percent", "share", "date"]
Cell = str | int | float | Decimal | date | datetime | None
Row = Sequence[Cell] | Mapping[str, Cell]

FONT = "TH Sarabun New"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
IN_MEMORY = 4 * 1024 * 1024
"""Bytes of a workbook kept in memory; a larger one goes to a temporary file."""

_FORMATS = {
    "text": "@",
    "integer": "#,##0",
    "number": "#,##0.00",
    "percent": '#,##0.00"%"',  # 79.15 is 79.15%
    "share": "0.00%",  # 0.7915 is 79.15%
    "date": "@",
}
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 -- same bytes for same rows
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


class TableTooLong(ValueError):
    """More than an Excel sheet holds; the table must be narrowed, for it is not cut."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. key: where a row that is a mapping has its value. width: in characters.

    kind: percent takes 79.15 and share 0.7915 for 79.15%; a date is written as Buddhist-era text,
    since Excel knows no such year. unit: stands under the title.
    """

    key: str
    title: str
    kind: Kind = "text"
    width: float = 16
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook of several: see ``table_workbook`` for what each part means."""

    title: str
    columns: Sequence[Column]
    rows: Collection[Row]
    as_of: date | datetime | None = None
    notes: Sequence[str] = ()


def table_workbook(
    title: str,
    columns: Sequence[Column],
    rows: Collection[Row],
    *,
    as_of: date | datetime | None = None,
    notes: Sequence[str] = (),
    into: IO[bytes],
) -> int:
    """Write a workbook of one table to the file and return how many rows it holds.

    Rows come as sequences in the order of the columns, or as mappings by column key. None leaves a
    cell empty: not reported is not zero. Text is text, never a formula or a link.

    Raises TableTooLong beyond Excel's rows or a cell's length, ValueError for a row of another
    width; nothing is then written to the file.
    """
    return tables_workbook([Table(title, columns, rows, as_of, notes)], into=into)


def tables_workbook(tables: Sequence[Table], *, into: IO[bytes]) -> int:
    """Write a workbook of a sheet a table to the file and return how many rows it holds in all.

    The sheets are named by their titles, which must differ in what Excel keeps of them (31 letters).
    Raises as table_workbook does; nothing is then written to the file.
    """
    with TemporaryDirectory(prefix="tiddao-") as scratch:
        made = Path(scratch) / "table.xlsx"
        book = xlsxwriter.Workbook(
            made,
            {
                "constant_memory": True,
                "tmpdir": scratch,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        try:
            for each in tables:
                _write(
                    book, each.title, each.columns, each.rows, as_of=each.as_of, notes=each.notes
                )
            book.set_properties({"title": tables[0].title, "created": _CREATED})
        finally:
            book.close()  # after a refusal too, to close the writer's own files; nobody sees that one
        with made.open("rb") as whole:
            shutil.copyfileobj(whole, into)
    return sum(len(each.rows) for each in tables)


def xlsx_response(
    file_title: str,
    title: str,
    columns: Sequence[Column],
    rows: Collection[Row],
    *,
    as_of: date | datetime | None = None,
    notes: Sequence[str] = (),
) -> FileResponse:
    """Return the table as a download named file_title.xlsx, in Thai letters (RFC 5987).

    Raises as table_workbook does, before anything is sent.
    """
    return tables_response(file_title, [Table(title, columns, rows, as_of, notes)])


def tables_response(file_title: str, tables: Sequence[Table]) -> FileResponse:
    """Return the tables, a sheet each, as a download named file_title.xlsx, in Thai letters.

    Raises as table_workbook does, before anything is sent.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the response closes it
    try:
        tables_workbook(tables, into=file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = FileResponse(file, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = attachment(f"{file_title}.xlsx")
    response["Cache-Control"] = "private, no-store"
    return response


def attachment(file_name: str) -> str:
    """Return the header that names a download, also in Thai: RFC 6266 with RFC 5987."""
    name = re.sub(r'[\x00-\x1f/\\"]', "-", file_name)
    plain = re.sub(r"[^\x20-\x7e]+", "_", name).replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _write(
    book: Any,
    title: str,
    columns: Sequence[Column],
    rows: Collection[Row],
    *,
    as_of: date | datetime | None,
    notes: Sequence[str],
) -> None:
    sheet = book.add_worksheet(_sheet_name(title))
    base = {"font_name": FONT, "font_size": 14, "valign": "top"}
    heading = base | {
        "bold": True, "bg_color": "#E8F0EA", "bottom": 1, "text_wrap": True, "valign": "vcenter",
    }  # fmt: skip
    plain = book.add_format(base)
    big = book.add_format(base | {"bold": True, "font_size": 18})
    head = book.add_format(heading)
    head_right = book.add_format(heading | {"align": "right"})
    cells = [
        book.add_format(
            base
            | {"num_format": _FORMATS[c.kind]}
            | ({"text_wrap": True} if c.kind == "text" else {})
        )
        for c in columns
    ]
    for i, column in enumerate(columns):
        sheet.set_column(i, i, column.width, cells[i])

    line = 0
    sheet.write_string(line, 0, title, big)
    for words in _opening(len(rows), as_of, notes):
        line += 1
        sheet.write_string(line, 0, words, plain)
    line += 2
    header = line
    if header + 1 + len(rows) > MOST_ROWS:
        raise TableTooLong(
            gettext("%(count)d rows do not fit into one sheet; narrow the table first")
            % {"count": len(rows)}
        )
    for i, column in enumerate(columns):
        words = f"{column.title}\n({column.unit})" if column.unit else column.title
        sheet.write_string(line, i, words, head if column.kind in {"text", "date"} else head_right)
    for row in rows:
        line += 1
        for i, value in enumerate(_in_order(row, columns)):
            _write_cell(sheet, (line, i), value, columns[i], cells[i])
    if line != header + len(rows):
        raise RuntimeError(f"{line - header} rows came, {len(rows)} were announced")
    sheet.freeze_panes(header + 1, 0)
    sheet.autofilter(header, 0, max(line, header), len(columns) - 1)
    sheet.repeat_rows(header)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _opening(count: int, as_of: date | datetime | None, notes: Sequence[str]) -> list[str]:
    lines = []
    if as_of is not None:
        lines.append(gettext("As of %(day)s") % {"day": be_medium(as_of)})
    lines.append(ngettext("%(count)s row", "%(count)s rows", count) % {"count": f"{count:,}"})
    return [*lines, *notes]


def _in_order(row: Row, columns: Sequence[Column]) -> Sequence[Cell]:
    if isinstance(row, Mapping):
        return [row[column.key] for column in columns]
    if len(row) != len(columns):
        raise ValueError(f"a row has {len(row)} values for {len(columns)} columns")
    return row


def _write_cell(sheet: Any, at: tuple[int, int], value: Cell, column: Column, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(*at, None, look)
    elif isinstance(value, date):
        sheet.write_string(*at, be_numeric(value), look)
    elif column.kind in {"text", "date"} or isinstance(value, str):
        if len(str(value)) > LONGEST_TEXT:
            raise TableTooLong(
                gettext("The text in column “%(column)s” is longer than an Excel cell holds")
                % {"column": column.title}
            )
        sheet.write_string(*at, str(value), look)
    else:
        sheet.write_number(*at, float(value), look)


def _sheet_name(title: str) -> str:
    """Return the title as Excel allows it for a sheet: 31 characters, none of the signs it forbids there."""
    name = _NO_SHEET_NAME.sub(" ", title).strip(" '")[:31].strip(" '")
    return name if name and name.casefold() != "history" else "Table"
