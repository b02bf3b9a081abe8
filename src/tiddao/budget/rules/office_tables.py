"""Finds the tables of a sheet by their heads, wherever they stand, and what each column is about.

A head may take several rows: names of projects spanning their activities, activities spanning their
measures. What stands above a column, from the top down, is its path.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    is_amount,
    is_footer,
    is_index,
    is_sum_of_columns,
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
    tranche_in,
    years_in,
)

VALUES = frozenset({*MEASURES, "score", "papers", "loans", "plots"})
"""Roles of columns whose cells are read as values."""

_ROW_NAMES = frozenset({"unit", "project", "number", "seq"})
"""A table has a column of one of these, or its units across; mere words above figures are no table."""

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
        bands = self._joined(list(self._bands()))
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
            if run and row - run[1] <= 2 and self._belong_together(run[1], row):
                run = (run[0], row)
                continue
            if run:
                yield run
            run = (row, row)
        if run:
            yield run

    def _joined(self, bands: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Bands of one head between whose rows stands a row of other words, as one."""
        joined: list[tuple[int, int]] = []
        for start, end in bands:
            if joined:
                first, last = joined[-1]
                reach = max(
                    (self._with_lower_heads(last, *span) for span in self._clusters(first, last)),
                    default=last,
                )
                if reach >= start:
                    joined[-1] = (first, end)
                    continue
            joined.append((start, end))
        return joined

    def _belong_together(self, first: int, last: int) -> bool:
        """Whether two rows of heads are one head: nothing counted between, or a label over both."""
        return not self._has_figures_between(first, last) or any(
            self.grid.source(first, c) == self.grid.source(last, c)
            for c, role in self._roles(last).items()
            if role in LABELS
        )

    def _is_measure_row(self, row: int) -> bool:
        roles = self._roles(row)
        return any(self._is_head(row, run, roles) for run in _runs(sorted(roles), roles))

    def _is_head(self, row: int, run: Sequence[int], roles: Mapping[int, str]) -> bool:
        """Whether heads that stand together in a row head a table."""
        values = [c for c in run if roles[c] in VALUES]
        if not values or self._has_figures(row, run[0], run[-1]):
            return False
        own = [c for c in values if (row, c) in self.grid.cells]
        labels = [c for c in run if roles[c] in {"unit", "project", "seq", "number"}]
        if not labels and self._has_figures(row, 0, run[0]):
            return False  # words beside a line of figures
        # One word such as เงินยืม beside a label is a jotting as easily as a head.
        money = any(roles[c] in MEASURES for c in own)
        return len(own) >= 2 or (money and (bool(labels) or self._labels_just_above(row)))

    def _labels_just_above(self, row: int) -> bool:
        return any(
            role in {"unit", "project"}
            for above in range(max(row - 3, 0), row)
            if not self._has_figures_between(above - 1, row + 1)
            for role in self._roles(above).values()
        )

    def _has_figures_between(self, first: int, last: int) -> bool:
        return any(self._has_figures(row, 0, 10**6) for row in range(first + 1, last))

    def _has_figures(self, row: int, left: int, right: int) -> bool:
        return any(
            left <= c <= right and _is_figure(self.grid.cells[row, c], self.grid.text(row, c))
            for c in self.grid.columns(row)
        )

    # --- one band ---------------------------------------------------------------------------------

    def _tables_of(self, start: int, end: int, above: int, *, first_of_sheet: bool) -> list[Table]:
        tables = []
        taken = -1
        for first, right in self._clusters(start, end):
            top = self._top(start, above, first, right, first=first_of_sheet)
            left = self._with_labels_above(range(top, end + 1), first, taken)
            lower = self._with_lower_heads(end, left, right)
            tables += self._tables_within((start, lower), left, right, top)
            taken = right
        if tables:
            tables[0].left = 0  # a label without a head of its own still stands before its line
        return tables

    def _with_labels_above(self, rows: range, left: int, taken: int) -> int:
        """Heads of labels typed one row higher than those of the measures, to their left."""
        found = [
            c
            for row in rows
            for c, role in self._roles(row).items()
            if taken < c < left and role in LABELS
        ]
        return min(found, default=left)

    def _with_lower_heads(self, end: int, left: int, right: int) -> int:
        """Rows of words below a head that is spread over them: months, kinds, รวม."""
        while self._is_lower_head(end, left, right):
            end += 1
        return end

    def _is_lower_head(self, end: int, left: int, right: int) -> bool:
        row = end + 1
        inside = [c for c in self.grid.columns(row) if left <= c <= right]
        if not inside or not all(self.grid.is_text(row, c) for c in inside):
            return False
        texts = [self.grid.text(row, c) for c in inside]
        if self._has_figures(row, left, right) or any(
            is_footer(text) or is_index(text) for text in texts
        ):
            return False
        if sum(self.places.unit(text) is not None for text in texts) == 1:
            return False  # the first line of the table; units across the columns are several
        # Below a head over several columns, or beside one that reaches down to here.
        spread = any(
            self.grid.covers.get((end, c), (end, c))[1] > c for c in range(left, right + 1)
        )
        reaching = any(
            (where := self.grid.spread.get((row, c))) is not None and where[0] <= end
            for c in range(left, right + 1)
        )
        return (spread and len(inside) >= 2) or reaching

    def _clusters(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Heads that stand together; what stands two columns off is another table, or a jotting."""
        rows = range(start, end + 1)
        roles = {c: role for row in rows for c, role in self._roles(row).items()}
        seen = {c for row in rows for c in self.grid.columns(row) if self.grid.is_text(row, c)}
        seen |= {c for row in rows for c in self.grid.merged_into.get(row, ())}
        for run in _runs(sorted(seen | set(roles)), roles):
            yield from self._as_cluster(run, roles)

    def _as_cluster(
        self, run: Sequence[int], roles: Mapping[int, str]
    ) -> Iterator[tuple[int, int]]:
        own = [c for c in run if c in roles]
        values = [c for c in own if roles[c] in VALUES]
        if len(values) >= 2 or (values and len(own) > len(values)):
            # Heads nobody knows, beside the known ones, still belong to the table.
            first, last = min(own), max(own)
            while last + 1 in run:
                last += 1
            while first - 1 in run:
                first -= 1
            yield first, last

    def _tables_within(self, band: tuple[int, int], left: int, right: int, top: int) -> list[Table]:
        start, end = band
        bottom = self._with_index_rows(end, left, right)
        lines = self._title_rows(range(top, start), right)
        rows = [row for row in range(top, end + 1) if row not in lines]
        measures = [
            (row, c)
            for row in range(start, end + 1)
            for c, role in self._roles(row).items()
            if left <= c <= right and role in VALUES
        ]
        named = {row for row, _ in measures}
        values = min(c for _, c in measures)
        paths = {c: self._path(rows, c, values, named) for c in range(left, right + 1)}
        roles = _with_plain_amount({c: self._column_role(path) for c, path in paths.items()})
        tables = []
        for first, last in self._segments(roles, left, right):
            table = self._table((top, bottom), (first, last), paths, roles)
            rows_named = bool(_ROW_NAMES & set(table.labels)) or any(
                c.context.unit for c in table.columns
            )
            if table.columns and rows_named:
                tables.append(table)
        return tables

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

    def _top(self, start: int, above: int, left: int, right: int, *, first: bool) -> int:
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
            if not first and self._ends_a_table(row, inside):
                break
            top = row
        return top

    def _ends_a_table(self, row: int, inside: list[int]) -> bool:
        texts = [self.grid.text(row, c) for c in inside]
        return any(is_footer(text) or is_total(text) for text in texts[:2]) or (
            len(texts) == 1 and self.places.unit(texts[0]) is not None
        )

    # --- columns ----------------------------------------------------------------------------------

    def _title_rows(self, rows: range, right: int) -> frozenset[int]:
        """Rows above the heads whose one text speaks of the whole table."""
        titles = set()
        for row in rows:
            inside = [c for c in self.grid.columns(row) if c <= right]
            if len(inside) == 1 and self._speaks_of_all(self.grid.text(row, inside[0])):
                titles.add(row)
        return frozenset(titles)

    def _path(
        self, rows: Iterable[int], column: int, values: int, named: Collection[int]
    ) -> list[Cell]:
        """The cells that speak about a column, from the top down, each once."""
        path: list[Cell] = []
        for row in rows:
            where = self._head_cell(row, column, values, named=row in named)
            if where is not None and where not in path:
                path.append(where)
        return path

    def _head_cell(self, row: int, column: int, values: int, *, named: bool) -> Cell | None:
        """values: the first column of values; a text left of it names a label, or the whole table.

        named: the row holds heads of measures, each over its own column.
        """
        where = self.grid.source(row, column)
        if where is not None:
            last = self.grid.covers.get(where, where)[1]
            of_labels = where[1] < values and self.role(self.grid.text(*where)) is None
            return None if of_labels and not named else where
        if named or column < values:
            return None
        # A name typed over the first of its columns, without merging, holds for those to its right.
        for c in range(column - 1, values - 1, -1):
            found = self.grid.source(row, c)
            if found is not None:
                last = self.grid.covers.get(found, found)[1]
                return found if last == c and self._may_spread(found) else None
        return None

    def _may_spread(self, where: Cell) -> bool:
        return self.role(self.grid.text(*where)) not in LABELS

    def _speaks_of_all(self, text: str) -> bool:
        return is_title(text) and not project_like(text)

    def _column_role(self, path: list[Cell]) -> tuple[str, str] | None:
        """The role of a column, and for a percentage what it is a share of."""
        roles = [(cell, role) for cell in path if (role := self.role(self.grid.text(*cell)))]
        if not roles:
            return None
        told = [role for _, role in roles if role != GENERIC]
        if not told:
            return GENERIC, ""
        if any(role in VALUES for role in told):
            # "สพจ." below ผลการเบิกจ่าย is the office whose payments they are.
            told = [
                role
                for cell, role in roles
                if role != GENERIC
                and not (role == "unit" and self.places.unit(self.grid.text(*cell)))
            ]
        lowest = told[-1]
        if lowest in LABELS or lowest in BESIDE - VALUES:
            return lowest, ""
        values = [role for role in told if role in VALUES]
        if "percent" in values:
            return "percent", next((role for role in reversed(values) if role != "percent"), "")
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
        rows: tuple[int, int],
        span: tuple[int, int],
        paths: Mapping[int, list[Cell]],
        roles: Mapping[int, tuple[str, str] | None],
    ) -> Table:
        (top, bottom), (left, right) = rows, span
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
        self._adopt_unheaded_units(labels, unknown, columns, bottom)
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
    ) -> None:
        """A column whose cells are units is the column of units, whatever its head says."""
        if "unit" in labels or not columns:
            return
        rows = range(bottom + 1, bottom + 41)
        taken = {c for role in ("seq", "number") for c in labels.get(role, ())}
        best, hits = None, 2
        for c in range(max(columns[0].index - 6, 0), columns[0].index):
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
            # "สพจ." over figures is the provincial office; over names it heads the units.
            if self.role(text) is None or self.places.unit(text) is not None
        ]
        scale = next((s for text in reversed(texts) if (s := scale_in(text))), 0)
        return Column(index, role, of, path[-1], self._context(pieces), scale)

    def _context(self, pieces: Iterable[str]) -> Context:
        """What the pieces of a path say, read from the top down."""
        context, names = Context(), list[str]()
        for text in pieces:
            told = None if project_like(text) else self._told_by(text, context)
            if told is not None:
                context = told
                continue
            number = project_number_in(text, self.fiscal_year)
            if number and not context.number:
                context = replace(context, number=number)
            if name := project_name_in(text):
                names.append(name)
        return replace(
            context, name=names[0] if names else "", activity=" / ".join(dict.fromkeys(names[1:]))
        )

    def _told_by(self, text: str, context: Context) -> Context | None:
        """The context with what a piece adds that is no name of a project; None for a name."""
        if (unit := self.places.unit(text)) is not None:
            return replace(context, unit=unit)
        category = only_category(text)
        told = replace(
            context,
            category=category or context.category,
            tranche=(tranche_in(text) if category else only_tranche(text)) or context.tranche,
            year=_only_year(text) or context.year,
            total=context.total or is_sum_of_columns(text),
            time=text if is_time(text) else context.time,
        )
        return told if told != context or is_sum_of_columns(text) else None

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


def _runs(columns: Iterable[int], roles: Mapping[int, str]) -> Iterator[list[int]]:
    """Columns that stand together: two blank ones part them, once a measure has been met."""
    run: list[int] = []
    for c in columns:
        if run and c - run[-1] > 2 and any(roles.get(each) in VALUES for each in run):
            yield run
            run = []
        run.append(c)
    if run:
        yield run


def _with_plain_amount(
    roles: dict[int, tuple[str, str] | None],
) -> dict[int, tuple[str, str] | None]:
    """จำนวนเงิน alone is the allotment where no other column is; else nobody knows what it is."""
    plain = [c for c, found in roles.items() if found and found[0] == GENERIC]
    allotted = any(found and found[0] in {"allotted", "revised"} for found in roles.values())
    taken: tuple[str, str] | None = None if allotted or len(plain) != 1 else ("allotted", "")
    return {**roles, **dict.fromkeys(plain, taken)}


def _only_year(text: str) -> int | None:
    years = years_in(text, bare=True)
    bare = squashed(text)
    short = len(bare) <= len("ปีงบประมาณพ.ศ.2569")
    return min(years) if len(years) == 1 and short else None


def _is_figure(value: object, text: str) -> bool:
    """Whether a cell holds a number, written as one or as text, that is no year."""
    if isinstance(value, str):
        return is_amount(text) and not (text.isdecimal() and int(text) in _YEARS)
    return not (isinstance(value, int | float) and value in _YEARS)


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
