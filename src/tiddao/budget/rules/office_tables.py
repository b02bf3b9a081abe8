"""Finds the tables of a sheet by their heads, wherever they stand, and what each column is about.

A head may take several rows: names of projects spanning their activities, activities spanning their
measures. What stands above a column, from the top down, is its path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tiddao.budget.rules.office_figures import MEASURES
from tiddao.budget.rules.office_grid import Cell, OfficeGrid
from tiddao.budget.rules.office_mapping import Category
from tiddao.budget.rules.office_places import PlaceBook
from tiddao.budget.rules.office_words import (
    BESIDE,
    GENERIC,
    LABELS,
    head_role,
    is_footer,
    is_index,
    is_time,
    is_title,
    is_total,
    only_category,
    only_tranche,
    project_like,
    project_name_in,
    project_number_in,
    scale_in,
    squashed,
    years_in,
)

VALUES = frozenset({*MEASURES, "score", "papers", "loans", "plots"})
"""Roles of columns whose cells are read as values."""

_HEAD_ROWS_ABOVE = 8
_BLANKS_ABOVE = 2
_YEARS = range(2400, 2701)


@dataclass(frozen=True, slots=True)
class Context:
    """What a column, or a whole table, is about; None and "" where nothing is said."""

    number: str = ""
    name: str = ""
    activity: str = ""
    unit: str | None = None
    category: Category | None = None
    tranche: str | None = None
    year: int | None = None
    total: bool = False
    time: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of values. role: out of VALUES. of: what a percentage is a share of, if told.

    scale: power of ten of its unit. group: columns of one group belong to one line of the books.
    """

    index: int
    role: str
    of: str
    head: Cell
    context: Context
    scale: int = 0
    group: int = 0


@dataclass
class Table:
    """One table. Rows top … first−1 are its head, first … last hold its lines.

    labels: role → its columns. unknown: columns with a head nobody understands. beside: columns that
    are understood and hold no money (note, plan, count). titles: cells above that speak of the whole.
    """

    top: int
    first: int
    last: int
    left: int
    right: int
    labels: Mapping[str, tuple[int, ...]]
    columns: tuple[Column, ...]
    beside: Mapping[int, str]
    unknown: Mapping[int, Cell]
    titles: tuple[Cell, ...]
    heads: Mapping[Cell, str]
    context: Context = field(default_factory=Context)

    @property
    def signature(self) -> tuple[object, ...]:
        """Equal for a table and its continuation under repeated heads."""
        return (
            tuple(sorted(self.labels.items())),
            tuple((column.index, column.role, column.context) for column in self.columns),
        )


@dataclass(frozen=True, slots=True)
class TableFinder:
    """Finds the tables of one sheet.

    heads: what the office said about its own heads (squashed words → role; "" for none).
    """

    grid: OfficeGrid
    places: PlaceBook
    fiscal_year: int
    heads: Mapping[str, str] = field(default_factory=dict)

    def tables(self) -> list[Table]:
        """From the top down, and from left to right where two stand side by side.

        Source: docs domain 3.4; issue 3, "finds tables by their heads, not by position".
        """
        bands = list(self._bands())
        found: list[Table] = []
        for i, (start, end) in enumerate(bands):
            above = bands[i - 1][1] if i else -1
            found += self._tables_of(start, end, above, first_of_sheet=i == 0)
        tops = sorted({table.top for table in found})
        for table in found:
            below = [top for top in tops if top > table.first - 1]
            last_row = self.grid.rows[-1] if self.grid.rows else 0
            table.last = min(below) - 1 if below else last_row
        return found

    # --- rows of heads ----------------------------------------------------------------------------

    def role(self, text: str) -> str | None:
        """What a head means to this office."""
        if self.heads and (told := self.heads.get(squashed(text))) is not None:
            return told or "note"
        return head_role(text)

    def _roles(self, row: int) -> dict[int, str]:
        """The heads of a row; one merged from above counts where it is seen."""
        columns: Iterable[int] = self.grid.columns(row)
        seen = {c for c in columns if isinstance(self.grid.cells[row, c], str)}
        seen |= self.grid.merged_into.get(row, set())
        return {c: role for c in sorted(seen) if (role := self.role(self.grid.text(row, c)))}

    def _bands(self) -> Iterator[tuple[int, int]]:
        """Runs of rows that hold heads of measures: first and last row of each."""
        run: tuple[int, int] | None = None
        for row in self.grid.rows:
            if not self._is_measure_row(row):
                continue
            if run and row - run[1] <= 2 and not self._has_figures_between(run[1], row):
                run = (run[0], row)
                continue
            if run:
                yield run
            run = (row, row)
        if run:
            yield run

    def _is_measure_row(self, row: int) -> bool:
        roles = self._roles(row)
        values = [c for c, role in roles.items() if role in VALUES]
        if not values or self._has_figures(row, min(roles), max(roles)):
            return False
        own = [c for c in values if (row, c) in self.grid.cells]
        if not own:
            return False
        labels = [c for c, role in roles.items() if role in {"unit", "project", "seq", "number"}]
        return len(values) >= 2 or bool(labels) or self._labels_just_above(row)

    def _labels_just_above(self, row: int) -> bool:
        return any(
            role in {"unit", "project"}
            for above in range(max(row - 3, 0), row)
            if not self._has_figures(above, 0, 10**6)
            for role in self._roles(above).values()
        )

    def _has_figures_between(self, first: int, last: int) -> bool:
        return any(self._has_figures(row, 0, 10**6) for row in range(first + 1, last))

    def _has_figures(self, row: int, left: int, right: int) -> bool:
        return any(
            left <= c <= right and not isinstance(value, str) and not _is_year(value)
            for c in self.grid.columns(row)
            for value in (self.grid.cells[row, c],)
        )

    # --- one band ---------------------------------------------------------------------------------

    def _tables_of(self, start: int, end: int, above: int, *, first_of_sheet: bool) -> list[Table]:
        cells = [(row, c) for row in range(start, end + 1) for c in self._roles(row)]
        left, right = min(c for _, c in cells), max(c for _, c in cells)
        right = self._right_end(start, end, right)
        bottom = self._with_index_rows(end, left, right)
        top = self._top(start, above, left, right, first_of_sheet=first_of_sheet)
        paths = {
            c: self._path(range(top, bottom + 1), c, left, start) for c in range(left, right + 1)
        }
        roles = {c: self._column_role(path) for c, path in paths.items()}
        tables = []
        for first, last in self._segments(roles, left, right):
            table = self._table(top, bottom, first, last, paths, roles)
            if table.columns:
                tables.append(table)
        return tables

    def _right_end(self, start: int, end: int, right: int) -> int:
        """Heads nobody knows, beside the last known one, still belong to the table."""
        while any(
            self.grid.is_text(row, right + 1) and not is_footer(self.grid.text(row, right + 1))
            for row in range(start, end + 1)
        ):
            right += 1
        return right

    def _with_index_rows(self, end: int, left: int, right: int) -> int:
        """Rows below the heads that number the columns or name their unit."""
        while True:
            row = end + 1
            inside = [c for c in self.grid.columns(row) if left <= c <= right]
            if not inside or not self._is_index_row(row, inside):
                return end
            end = row

    def _is_index_row(self, row: int, inside: list[int]) -> bool:
        values = [self.grid.cells[row, c] for c in inside]
        if all(isinstance(value, str) for value in values):
            texts = [self.grid.text(row, c) for c in inside]
            return all(is_index(text) or self.role(text) == GENERIC for text in texts)
        numbers = [value for value in values if isinstance(value, int | float)]
        return len(numbers) == len(values) >= 4 and numbers == [*range(1, len(numbers) + 1)]

    def _top(self, start: int, above: int, left: int, right: int, *, first_of_sheet: bool) -> int:
        top, blanks = start, 0
        for row in range(start - 1, max(above, start - 1 - _HEAD_ROWS_ABOVE), -1):
            inside = [c for c in self.grid.columns(row) if c <= right]
            if not inside and row not in self.grid.merged_into:
                blanks += 1
                if blanks > _BLANKS_ABOVE:
                    break
                continue
            if self._has_figures(row, left, right) or not inside:
                break
            if not first_of_sheet and self._ends_a_table(row, inside):
                break
            top = row
        return top

    def _ends_a_table(self, row: int, inside: list[int]) -> bool:
        texts = [self.grid.text(row, c) for c in inside]
        return any(is_footer(text) or is_total(text) for text in texts[:2]) or (
            len(texts) == 1 and self.places.unit(texts[0]) is not None
        )

    # --- columns ----------------------------------------------------------------------------------

    def _path(self, rows: range, column: int, left: int, start: int) -> list[Cell]:
        """The cells that speak about a column, from the top down, each once."""
        path: list[Cell] = []
        for row in rows:
            where = self._head_cell(row, column, left, start)
            if where is not None and where not in path:
                path.append(where)
        return path

    def _head_cell(self, row: int, column: int, left: int, start: int) -> Cell | None:
        where = self.grid.source(row, column)
        if where is not None:
            whole = self.grid.covers.get(where, where)
            spans_all = where[1] <= left and whole[1] > column
            # A title merged over the whole table speaks of no column.
            return None if spans_all and whole[1] - where[1] >= 2 and row < start else where
        if row >= start:
            return None
        # A name typed over the first of its columns, without merging, holds for those to its right.
        for c in range(column - 1, left - 1, -1):
            found = self.grid.source(row, c)
            if found is not None:
                whole = self.grid.covers.get(found, found)
                return found if whole[1] == c and self._may_spread(found, left) else None
        return None

    def _may_spread(self, where: Cell, left: int) -> bool:
        text = self.grid.text(*where)
        return where[1] > left and self.role(text) not in LABELS and not self._speaks_of_all(text)

    def _speaks_of_all(self, text: str) -> bool:
        return is_title(text) and not project_like(text)

    def _column_role(self, path: list[Cell]) -> tuple[str, str] | None:
        """The role of a column, and for a percentage what it is a share of."""
        roles = [(cell, role) for cell in path if (role := self.role(self.grid.text(*cell)))]
        if not roles:
            return None
        told = [role for _, role in roles if role != GENERIC]
        if not told:
            return None
        lowest = told[-1]
        if lowest in LABELS or lowest in BESIDE - VALUES:
            return lowest, ""
        values = [role for role in told if role in VALUES]
        if "percent" in values:
            return "percent", next((role for role in values if role != "percent"), "")
        return lowest, ""

    def _segments(
        self, roles: Mapping[int, tuple[str, str] | None], left: int, right: int
    ) -> list[tuple[int, int]]:
        """Two tables side by side: the second begins where seq, unit or project comes again."""
        segments, begin, met, valued = [], left, set[str](), False
        for c in range(left, right + 1):
            found = roles[c]
            role = found[0] if found else ""
            if role in {"seq", "unit", "project"} and valued and role in met:
                segments.append((begin, c - 1))
                begin, met, valued = c, set(), False
            met.add(role)
            valued = valued or role in VALUES
        segments.append((begin, right))
        return segments

    def _table(
        self,
        top: int,
        bottom: int,
        left: int,
        right: int,
        paths: Mapping[int, list[Cell]],
        roles: Mapping[int, tuple[str, str] | None],
    ) -> Table:
        labels: dict[str, list[int]] = {}
        columns: list[Column] = []
        beside: dict[int, str] = {}
        unknown: dict[int, Cell] = {}
        heads: dict[Cell, str] = {}
        for c in range(left, right + 1):
            found, path = roles[c], paths[c]
            if found is None:
                if path:
                    unknown[c] = path[-1]
                continue
            role, of = found
            heads.update((cell, self.role(self.grid.text(*cell)) or "context") for cell in path)
            if role in LABELS:
                labels.setdefault(role, []).append(c)
            elif role in VALUES:
                columns.append(self._column(c, role, of, path))
            else:
                beside[c] = role
        self._adopt_unheaded_units(labels, unknown, columns, bottom, left)
        columns = _promoted(_without_lonely_totals(columns))
        titles = [
            (row, c)
            for row in range(top, bottom + 1)
            for c in self.grid.columns(row)
            if c <= right and (row, c) not in heads and self.grid.is_text(row, c)
            and (row, c) not in unknown.values()
        ]  # fmt: skip
        return Table(
            top=top,
            first=bottom + 1,
            last=bottom,
            left=left,
            right=right,
            labels={role: tuple(where) for role, where in labels.items()},
            columns=_grouped(columns),
            beside=beside,
            unknown=unknown,
            titles=tuple(titles),
            heads=heads,
            context=self._context_of(titles),
        )

    def _adopt_unheaded_units(
        self,
        labels: dict[str, list[int]],
        unknown: dict[int, Cell],
        columns: list[Column],
        bottom: int,
        left: int,
    ) -> None:
        """A column whose cells are units is the column of units, whatever its head says."""
        if "unit" in labels or not columns:
            return
        rows = range(bottom + 1, bottom + 41)
        taken = {c for role in ("seq", "number") for c in labels.get(role, ())}
        best, hits = None, 2
        for c in range(max(left - 2, 0), columns[0].index):
            if c in taken or c in labels.get("project", ()):
                continue
            found = sum(self.places.unit(self.grid.text(row, c)) is not None for row in rows)
            if found > hits:
                best, hits = c, found
        if best is not None:
            labels["unit"] = [best]
            unknown.pop(best, None)
            for role in ("activity", "category", "tranche", "date"):
                if best in labels.get(role, []):
                    labels[role].remove(best)

    def _column(self, index: int, role: str, of: str, path: list[Cell]) -> Column:
        texts = [self.grid.text(*cell) for cell in path]
        pieces = [
            text
            for text in texts
            if self.role(text) is None and not self._speaks_of_all(text)
        ]
        scale = next((s for text in reversed(texts) if (s := scale_in(text))), 0)
        return Column(index, role, of, path[-1], self._context(pieces), scale)

    def _context(self, pieces: Iterable[str]) -> Context:
        """What the pieces of a path say, read from the top down."""
        context, names = Context(), list[str]()
        for text in pieces:
            told = self._told_by(text)
            if told is not None:
                context = replace(context, **told)
                continue
            number = project_number_in(text, self.fiscal_year)
            if number and not context.number:
                context = replace(context, number=number)
            if name := project_name_in(text):
                names.append(name)
        return replace(
            context, name=names[0] if names else "", activity=" / ".join(dict.fromkeys(names[1:]))
        )

    def _told_by(self, text: str) -> dict[str, object] | None:
        """What a piece says that is no name of a project."""
        readers: tuple[tuple[str, Callable[[str], object]], ...] = (
            ("unit", self.places.unit),
            ("tranche", only_tranche),
            ("category", only_category),
            ("year", _only_year),
        )
        if project_like(text):
            return None
        told = {key: value for key, read in readers if (value := read(text)) is not None}
        if is_total(text):
            told["total"] = True
        elif is_time(text):
            told["time"] = text
        return told or None

    def _context_of(self, titles: Iterable[Cell]) -> Context:
        """The project or unit a table is about, when a line above names it."""
        context = Context()
        for cell in titles:
            text = self.grid.text(*cell)
            if project_like(text):
                context = replace(
                    context,
                    number=project_number_in(text, self.fiscal_year) or context.number,
                    name=project_name_in(text) or context.name,
                )
            elif (unit := self.places.unit(text)) is not None:
                context = replace(context, unit=unit)
            elif (tranche := only_tranche(text)) is not None:
                context = replace(context, tranche=tranche)
        return context


def _only_year(text: str) -> int | None:
    years = years_in(text, bare=True)
    bare = squashed(text)
    short = len(bare) <= len("ปีงบประมาณพ.ศ.2569")
    return min(years) if len(years) == 1 and short else None


def _is_year(value: object) -> bool:
    return isinstance(value, int | float) and value in _YEARS


def _without_lonely_totals(columns: list[Column]) -> list[Column]:
    """Where every group is called รวม, none of them is the sum of others."""
    if columns and all(column.context.total for column in columns):
        return [replace(c, context=replace(c.context, total=False)) for c in columns]
    return columns


def _promoted(columns: list[Column]) -> list[Column]:
    """Among months or numbered times of one measure, the column รวม is the measure itself."""
    timed: dict[tuple[object, str], int] = {}
    for column in columns:
        if column.context.time:
            key = (replace(column.context, time="", total=False), column.role)
            timed[key] = timed.get(key, 0) + 1
    promoted = []
    for column in columns:
        plain = replace(column.context, time="", total=False)
        count = timed.get((plain, column.role), 0)
        if count == 1 and column.context.time:
            # One day over one column is the day it is true for.
            promoted.append(replace(column, context=plain))
        elif count > 1 and column.context.total:
            promoted.append(replace(column, context=plain))
        else:
            promoted.append(column)
    return promoted


def _grouped(columns: list[Column]) -> tuple[Column, ...]:
    """Numbers the groups: columns that say the same but for their measure, standing together."""
    groups: dict[Context, int] = {}
    return tuple(
        replace(column, group=groups.setdefault(replace(column.context, time=""), len(groups)))
        for column in columns
    )

