"""One sheet of an office's workbook as cells, with what a plain grid does not tell.

The fast reader gives values. A second look at the sheet's XML gives merged ranges, errors of Excel,
formulas that were never calculated and what is hidden.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path, PurePath
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

from tiddao.budget.rules.cgd_figures import Finding, WorkbookRefused
from tiddao.budget.rules.cgd_grid import LAST_COLUMN, LAST_ROW, address, open_grids
from tiddao.budget.rules.office_csv import text_file, text_rows
from tiddao.kernel.names import repair_spelling
from tiddao.kernel.numerals import NumberUnreadable, parse_decimal

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_TO_PART = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ERROR_TEXT = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")

Cell = tuple[int, int]

_repaired = lru_cache(maxsize=1 << 14)(repair_spelling)
"""A list of 5,000 lines says the same few hundred things over and over."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that Excel could not reckon: "#REF!" and its like; "" for a formula never calculated."""

    text: str


@dataclass
class OfficeGrid:
    """The cells of one sheet that are not blank; rows and columns count from 0.

    spread: a cell inside a merged range → the range's first cell. covers: that first cell → the
    range's last row and column.
    """

    tab: str
    cells: dict[Cell, object]
    covers: dict[Cell, Cell] = field(default_factory=dict)
    spread: dict[Cell, Cell] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    _rows: dict[int, list[int]] = field(default_factory=dict)
    _texts: dict[Cell, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row, column in self.cells:
            self._rows.setdefault(row, []).append(column)
        for columns in self._rows.values():
            columns.sort()
        self.rows = sorted(self._rows)
        self.merged_into: dict[int, set[int]] = {}
        """Row → the columns in which something merged from above or the left is seen."""
        for (row, column), first in self.spread.items():
            if first != (row, column) and first in self.cells:
                self.merged_into.setdefault(row, set()).add(column)

    def turned(self) -> OfficeGrid:
        """The sheet on its side: what stood across stands down."""

        def swapped(cells: Mapping[Cell, Cell]) -> dict[Cell, Cell]:
            return {first[::-1]: second[::-1] for first, second in cells.items()}

        return OfficeGrid(
            self.tab,
            {cell[::-1]: self.cells[cell] for cell in sorted(self.cells, key=lambda at: at[::-1])},
            covers=swapped(self.covers),
            spread=swapped(self.spread),
            hidden_rows=self.hidden_columns,
            hidden_columns=self.hidden_rows,
        )

    def columns(self, row: int) -> list[int]:
        """The columns of a row that hold something."""
        return self._rows.get(row, [])

    def value(self, row: int, column: int) -> object:
        """What the cell itself holds, or None."""
        return self.cells.get((row, column))

    def source(self, row: int, column: int) -> Cell | None:
        """The cell whose content is seen here: itself, or the first of its merged range."""
        if (row, column) in self.cells:
            return row, column
        first = self.spread.get((row, column))
        return first if first in self.cells else None

    def text(self, row: int, column: int) -> str:
        """The content seen here, as text on one line; "" where there is none."""
        where = self.source(row, column)
        if where is None:
            return ""
        if where not in self._texts:
            self._texts[where] = _as_text(self.cells[where])
        return self._texts[where]

    def is_text(self, row: int, column: int) -> bool:
        """Whether words are seen here, not a number, a date or an error."""
        where = self.source(row, column)
        return where is not None and isinstance(self.cells[where], str)


def _as_text(value: object) -> str:
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _repaired(str(value))


Mends = Mapping[tuple[str, str], str]
"""Tab and address → what stands in the cell instead; "" for a blank one."""


class MendMisplaced(ValueError):
    """A cell to be mended is not in the workbook. place: "tab!cell"."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place

    def __str__(self) -> str:
        return f"ไม่มีช่อง {self.place} ในไฟล์นี้"


def open_office_grids(
    source: Path | bytes, *, file: str, mends: Mends | None = None
) -> Iterator[OfficeGrid]:
    """The worksheets of a workbook in the order of its tabs, hidden ones too.

    mends: cells put right by a person; the file itself stays as it is.

    A file called CSV is a workbook of one sheet. Raises WorkbookRefused for what cannot be opened
    safely, as `open_grids` does, MendMisplaced for a
    mend of a sheet that is not there or beyond its edges.

    Source: docs house, "nothing fails silently"; docs domain 3.4.
    """
    as_text = text_file(source, file=file)
    if as_text is not None:
        yield _text_grid(as_text, file, mends or {})
        return
    waiting: dict[str, dict[str, str]] = {}
    for (tab, where_to), text in (mends or {}).items():
        waiting.setdefault(tab, {})[where_to] = text
    parts: dict[str, str] = {}
    for grid in open_grids(source, file=file):
        try:
            parts = parts or _parts(grid.content)
            second = _second_look(grid.content, parts[grid.tab])
        except (ParseError, KeyError, ValueError) as fault:
            finding = Finding(
                "damaged", grid.tab, "", f"แผ่นงานนี้เสียหาย เปิดอ่านไม่ได้ ({fault})", "refused"
            )
            raise WorkbookRefused(file, [finding]) from fault
        cells: dict[Cell, object] = {
            (r, c): value
            for r, row in enumerate(grid.cells)
            for c, value in enumerate(row)
            if not _is_blank(value)
        }
        for where, value in cells.items():
            if isinstance(value, str) and _ERROR_TEXT.fullmatch(value.strip()):
                cells[where] = CellError(value.strip())
            elif isinstance(value, date | datetime | time | timedelta):
                cells[where] = value
        cells.update(
            (where, error)
            for where, error in second.errors.items()
            if where not in cells or error.text
        )
        _mend(grid.tab, cells, waiting.pop(grid.tab, {}))
        yield OfficeGrid(
            grid.tab,
            cells,
            covers=second.covers,
            spread=second.spread,
            hidden_rows=frozenset(second.hidden_rows),
            hidden_columns=frozenset(second.hidden_columns),
        )

    for tab, left in waiting.items():
        raise MendMisplaced(f"{tab}!{next(iter(left))}")


def _text_grid(content: bytes, file: str, mends: Mends) -> OfficeGrid:
    """A CSV file as a sheet that is called as the file is."""
    tab = PurePath(file).stem
    cells = {
        (r, c): value
        for r, row in enumerate(text_rows(content, file=file))
        for c, text in enumerate(row)
        if (value := typed(text)) is not None
    }
    for where, value in cells.items():
        if isinstance(value, str) and _ERROR_TEXT.fullmatch(value.strip()):
            cells[where] = CellError(value.strip())
    for (of_tab, place), text in mends.items():
        if of_tab != tab:
            raise MendMisplaced(f"{of_tab}!{place}")
        _mend(tab, cells, {place: text})
    return OfficeGrid(tab, cells)


def _mend(tab: str, cells: dict[Cell, object], texts: Mapping[str, str]) -> None:
    for place, text in texts.items():
        try:
            where = _cell(place)
        except ValueError:
            raise MendMisplaced(f"{tab}!{place}") from None
        if where[0] >= LAST_ROW or where[1] >= LAST_COLUMN:
            raise MendMisplaced(f"{tab}!{place}")
        value = typed(text)
        if value is None:
            cells.pop(where, None)
        else:
            cells[where] = value


def typed(text: str) -> object:
    """What a spreadsheet would hold if a person typed this: a number, words, or None for nothing.

    Thai digits, thousands separators and บาท are understood as in any other cell.

    Source: issue 3, "mends two cells in the preview".
    """
    if not repair_spelling(text):
        return None
    try:
        number = parse_decimal(text, units=("บาท",))
    except NumberUnreadable:
        return text
    if number == number.to_integral_value():
        return int(number)
    exact = float(number)
    return exact if Decimal(repr(exact)) == number else text


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not _repaired(value))


@dataclass
class _SecondLook:
    errors: dict[Cell, CellError] = field(default_factory=dict)
    covers: dict[Cell, Cell] = field(default_factory=dict)
    spread: dict[Cell, Cell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def _parts(content: bytes) -> dict[str, str]:
    """Tab → the file of its sheet inside the workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        relations = fromstring(container.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 -- expat refuses entity bombs; the container was measured
        targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
        book = fromstring(container.read("xl/workbook.xml"))  # noqa: S314 -- as above
        parts = {}
        for element in book.iter():
            if _name(element) != "sheet":
                continue
            target = targets.get(next((v for k in _TO_PART if (v := element.get(k))), ""), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            parts[element.get("name", "")] = posixpath.normpath(path)
    return parts


def _second_look(content: bytes, part: str) -> _SecondLook:
    seen = _SecondLook()
    with zipfile.ZipFile(io.BytesIO(content)) as container, container.open(part) as stream:
        for _, element in iterparse(stream):  # noqa: S314 -- expat refuses entity bombs; the container was measured
            _look_at(element, seen)
    return seen


def _look_at(element: Element, seen: _SecondLook) -> None:
    name = _name(element)
    if name == "c":
        _look_at_cell(element, seen)
    elif name == "row":
        if element.get("hidden") in {"1", "true"}:
            seen.hidden_rows.add(int(element.get("r", "1")) - 1)
        element.clear()
    elif name == "col" and element.get("hidden") in {"1", "true"}:
        first, last = int(element.get("min", "1")), int(element.get("max", "1"))
        seen.hidden_columns.update(range(first - 1, min(last, LAST_COLUMN)))
    elif name == "mergeCell":
        _look_at_merge(element.get("ref", ""), seen)


def _look_at_cell(element: Element, seen: _SecondLook) -> None:
    formula = value = None
    for child in element:
        if _name(child) == "f":
            formula = child
        elif _name(child) in {"v", "is"}:
            value = child
    where = element.get("r")
    if where is None:
        return
    if element.get("t") == "e":
        seen.errors[_cell(where)] = CellError(
            (value.text if value is not None else "") or "#VALUE!"
        )
    elif (
        formula is not None
        and element.get("t") != "str"
        and (value is None or not (value.text or len(value)))
    ):
        # A formula whose answer is the empty text says so by its type; this one has no answer.
        seen.errors[_cell(where)] = CellError("")


def _look_at_merge(reference: str, seen: _SecondLook) -> None:
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = _cell(first), _cell(last or first)
    bottom, right = min(bottom, LAST_ROW - 1), min(right, LAST_COLUMN - 1)
    if (bottom - top + 1) * (right - left + 1) > LAST_ROW:
        return  # a whole sheet merged into one cell has no table under it
    seen.covers[top, left] = (bottom, right)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            seen.spread[row, column] = (top, left)


def turned_address(reference: str) -> str:
    """The address of a cell of a sheet that lay on its side: "C5" → "E3"; "" stays "".

    Source: the addressing of spreadsheets (ISO/IEC 29500-1, 18.3.1.4).
    """
    if not reference:
        return ""
    row, column = _cell(reference)
    return address(column, row)


def _cell(reference: str) -> Cell:
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if found is None:
        raise ValueError(f"{reference!r} is no cell")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _name(element: Element) -> str:
    return element.tag.removeprefix(_MAIN).removeprefix(_STRICT)


__all__ = ["Cell", "CellError", "OfficeGrid", "address", "open_office_grids", "turned_address"]
