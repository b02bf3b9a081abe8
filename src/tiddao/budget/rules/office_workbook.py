"""Reads the workbook that a provincial office really keeps (docs domain 3.4).

Sheets are category × tranche; tables are found by their heads. Every cell that is not empty is
understood, left out with a reason, or refused with a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from tiddao.budget.rules.cgd_figures import Finding
from tiddao.budget.rules.office_above import LinesAbove, SheetContext
from tiddao.budget.rules.office_checks import (
    balance_findings,
    counted,
    line_findings,
    mark,
    percent_findings,
    projects_named,
    province_findings,
    summary_findings,
    totals_of,
    with_percent,
)
from tiddao.budget.rules.office_figures import (
    MEASURES,
    LeftOut,
    OfficeEnvelope,
    OfficeMonitorRow,
    OfficeProject,
    OfficeRow,
    OfficeScore,
    OfficeSheet,
    OfficeSummary,
    OfficeWorkbook,
)
from tiddao.budget.rules.office_grid import (
    Mends,
    OfficeGrid,
    address,
    open_office_grids,
    turned_address,
)
from tiddao.budget.rules.office_mapping import (
    CATEGORY_TH,
    Category,
    OfficeMapping,
    SheetKind,
    SheetMapping,
)
from tiddao.budget.rules.office_places import PlaceBook
from tiddao.budget.rules.office_report import SheetReport
from tiddao.budget.rules.office_rows import TableReader
from tiddao.budget.rules.office_scores import ScoreReader
from tiddao.budget.rules.office_tables import Table, TableFinder
from tiddao.budget.rules.office_words import (
    as_of_in,
    category_in,
    is_carried_over,
    kind_of_tab,
    month_in,
    project_like,
    scale_in,
    squashed,
    tranche_in,
    years_in,
)
from tiddao.kernel.dates import format_medium
from tiddao.kernel.fiscal import FiscalYear

_TITLE_ROWS = 12
_UNITS_ACROSS = 3
_SHOWN = 60  # signs of a cell's text that a page needs
_LATE_REPORT = timedelta(days=92)
"""Proposed: a report of a fiscal year is still made up to three months after its end."""
_MONITOR_ROLES = (*MEASURES, "plots")


@dataclass(frozen=True, slots=True)
class Accounts:
    """How many cells of a sheet are not empty, and what became of them; the three make up the whole."""

    sheet: str
    cells: int
    understood: int
    left_out: int
    refused: int


def read_office_workbook(
    source: Path | bytes,
    *,
    file: str,
    province: str,
    fiscal_year: FiscalYear,
    districts: Mapping[str, str],
    mapping: OfficeMapping | None = None,
    mends: Mends | None = None,
) -> OfficeWorkbook:
    """One office's workbook: its lines, their sums, and everything that is wrong with it.

    file: its name, for messages. province: Thai name. districts: four-digit code → Thai name, all of
    one province. mapping: what the office said about its workbook before; it goes before the
    reader's own understanding. mends: (tab, cell) → the text that stands there instead.

    Raises WorkbookRefused when the file cannot be opened safely, ValueError when the districts are
    not of one province or the mapping names units outside it, MendMisplaced for a mend of a cell that
    is not there. A fault inside the workbook refuses
    nothing else: it is among the findings, and its figure is in no sum.

    Source: docs domain 3.4 (how an office really tracks money); issue 3, "Any office workbook".
    """
    told = mapping or OfficeMapping()
    places = PlaceBook(province, districts, told.places)
    readers = []
    for grid in open_office_grids(source, file=file, mends=mends):
        reader = _SheetReader(grid, places, fiscal_year, told)
        reader.read()
        readers.append(reader)
    return _assembled(readers, file=file, places=places, fiscal_year=fiscal_year, mapping=told)


def accounted_for(workbook: OfficeWorkbook) -> tuple[Accounts, ...]:
    """What became of every cell that is not empty, by sheet.

    Source: docs house, "Nothing fails silently".
    """
    return tuple(
        Accounts(
            sheet.tab,
            len(sheet.cells),
            *(sum(fate == each for fate in sheet.cells.values()) for each in ("understood", "left-out", "refused")),
        )
        for sheet in workbook.sheets
    )  # fmt: skip


def mapping_of(workbook: OfficeWorkbook) -> OfficeMapping:
    """What to keep about this workbook, so that next month's is read the same way.

    What the office said stands; the reader adds how it took each sheet and each head.

    Source: issue 3, "A saved mapping per office makes next month's file one click".
    """
    told = workbook.mapping
    sheets = {
        sheet.tab: SheetMapping(sheet.kind, sheet.category, sheet.tranche)
        for sheet in workbook.sheets
    }
    heads = {
        squashed(words): role
        for sheet in workbook.sheets
        for words, role in sheet.heads.values()
        if role not in {"context", "generic"}
    }
    projects = {
        alias: project.key
        for project in workbook.projects
        for alias in project.aliases
        if project.number and alias != project.name
    }
    return OfficeMapping(
        sheets={**sheets, **told.sheets},
        heads={**heads, **told.heads},
        places=dict(told.places),
        projects={**projects, **told.projects},
    )


# --- one sheet ------------------------------------------------------------------------------------


@dataclass
class _SheetReader:
    grid: OfficeGrid
    places: PlaceBook
    fiscal_year: FiscalYear
    mapping: OfficeMapping
    kind: SheetKind = "other"
    category: Category | None = None
    tranche: str | None = None
    year: int | None = None
    as_of: date | None = None
    day: date | None = None
    """The day or the end of the month that the sheet's figures are of, by its tab or a title."""
    is_turned: bool = False
    tables: list[Table] = field(default_factory=list)
    rows: list[OfficeRow] = field(default_factory=list)
    scores: list[OfficeScore] = field(default_factory=list)
    summaries: list[OfficeSummary] = field(default_factory=list)
    plots: dict[tuple[int, str], OfficeRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.report = SheetReport(self.grid)
        self._told = self.mapping.sheets.get(self.grid.tab)
        self._used: set[str] = set()

    def read(self) -> None:
        if self._told is not None and self._told.kind == "other":
            self.report.close("not-read")
            return
        finder = TableFinder(self.grid, self.places, self.fiscal_year.be, self.mapping.heads)
        self.tables = finder.tables()
        titles = self._titles()
        if not self.tables and self._lies_on_its_side():
            titles = self._turn()
        self._understand(titles)
        if not self.tables:
            self._without_table()
            return
        if self.kind == "score":
            self._read_scores()
        else:
            self._read_tables(titles)
        self.report.understand(
            cell
            for cell, text in titles.items()
            if category_in(text) or years_in(text) or as_of_in(text)
        )
        self.report.leave(
            (cell for table in self.tables for cell in self.grid.cells if cell[1] > table.right
             and table.top <= cell[0] <= table.last),
            "beside",
        )  # fmt: skip
        self._hidden()
        self.report.close()
        self._unread_lines()
        if self.is_turned:
            self._turn_back()

    def _lies_on_its_side(self) -> bool:
        """Whether units stand across and measures down: the table is a table, on its side."""
        return self._row_of_units() is not None

    def _row_of_units(self) -> int | None:
        """The first row in which several units stand side by side."""
        for row in self.grid.rows:
            units = {self.places.unit(self.grid.text(row, c)) for c in self.grid.columns(row)}
            if len(units - {None}) >= _UNITS_ACROSS:
                return row
        return None

    def _turn(self) -> dict[tuple[int, int], str]:
        """Read the sheet with its columns as rows, when that gives a table; its titles, turned too."""
        below = self._row_of_units() or 0
        titles = {(c, r): text for (r, c), text in self._titles().items() if r < below}
        turned = self.grid.turned()
        finder = TableFinder(turned, self.places, self.fiscal_year.be, self.mapping.heads)
        tables = finder.tables()
        if not tables:
            return self._titles()
        self.is_turned, self.grid, self.tables = True, turned, tables
        self.report = SheetReport(turned)
        return titles

    def _turn_back(self) -> None:
        """Name every cell as it stands in the file."""
        report = self.report
        report.findings = [
            replace(each, cell=turned_address(each.cell)) for each in report.findings
        ]
        report.left_out = [
            replace(each, cell=turned_address(each.cell)) for each in report.left_out
        ]
        report.fates = {cell[::-1]: fate for cell, fate in report.fates.items()}
        self.rows = [_turned_row(row) for row in self.rows]
        self.summaries = [replace(s, cell=turned_address(s.cell)) for s in self.summaries]
        self.scores = [replace(s, cell=turned_address(s.cell)) for s in self.scores]
        for table in self.tables:
            table.heads = {cell[::-1]: role for cell, role in table.heads.items()}
        self.grid = self.grid.turned()
        report.grid = self.grid

    def _titles(self) -> dict[tuple[int, int], str]:
        """The texts above the first table; those of the first rows where there is none."""
        first = self.tables[0] if self.tables else None
        below = first.first if first else _TITLE_ROWS
        heads = first.heads if first else {}
        return {
            cell: self.grid.text(*cell)
            for row in self.grid.rows
            if row < below
            for cell in ((row, c) for c in self.grid.columns(row))
            if self.grid.is_text(*cell) and cell not in heads
        }

    def _understand(self, titles: Mapping[tuple[int, int], str]) -> None:
        """What the sheet is: told by the office, by its tab, by its titles, by its heads."""
        tab = self.grid.tab
        plain = [text for text in titles.values() if not project_like(text)]
        roles = {column.role for table in self.tables for column in table.columns}
        by_tab, by_title = category_in(tab), next((c for t in plain if (c := category_in(t))), None)
        kind = kind_of_tab(tab)
        if kind in {None, "budget"} and "score" in roles and {"loans", "papers"} & roles:
            kind = "score"
        elif kind is None and by_title is None and {"plots", "supervision"} & roles:
            kind = "monitor"
        elif kind is None and by_title is None and self._categories_over_columns() >= 2:
            kind = "summary"
        self.kind = kind or "budget"
        self.category = by_tab or by_title
        self.tranche = _tranche_of(tab, plain)
        if self._told is not None:
            self.kind = self._told.kind
            self.category, self.tranche = self._told.category, self._told.tranche
        else:
            self._conflicts(titles, by_tab, by_title)
        self.as_of = next((day for text in titles.values() if (day := as_of_in(text))), None)
        year = self.fiscal_year.be
        by_tab_month = month_in(tab, fiscal_year=year)
        by_title_month = (
            month_in(text.rpartition("เดือน")[2], fiscal_year=year)
            for text in plain
            if "เดือน" in text
        )
        self.day = self.as_of or by_tab_month or next((d for d in by_title_month if d), None)

    def _categories_over_columns(self) -> int:
        return len(
            {c.context.category for t in self.tables for c in t.columns if c.context.category}
        )

    def _conflicts(
        self,
        titles: Mapping[tuple[int, int], str],
        by_tab: Category | None,
        by_title: Category | None,
    ) -> None:
        if (
            by_tab
            and by_title
            and by_tab != by_title
            and self.kind == "budget"
            and not self._titles_differ()
        ):
            cell = next(c for c, text in titles.items() if category_in(text) == by_title)
            message = "ประเภทงบในหัวเรื่องไม่ตรงกับชื่อแผ่นงาน ใช้ตามชื่อแผ่นงาน"
            self.report.find("CONTEXT_CONFLICT", cell, message, "warning")
        first = tranche_in(self.grid.tab)
        for cell, text in titles.items():
            if not first or project_like(text):
                continue
            if (other := tranche_in(text)) and other not in {first, self.tranche}:
                message = f"หัวเรื่องเขียน {other} แต่ชื่อแผ่นงานเป็น {first} ใช้ตามชื่อแผ่นงาน"
                self.report.find("CONTEXT_CONFLICT", cell, message, "warning")

    def _other_year(self, titles: Mapping[tuple[int, int], str]) -> bool:
        """Whether the whole sheet is of another fiscal year; says so once."""
        texts = {"": self.grid.tab} | {
            address(*cell): text
            for cell, text in titles.items()
            if not project_like(text) and as_of_in(text) is None
        }
        years = {cell: years_in(text, bare=not cell) for cell, text in texts.items()}
        named = frozenset[int]().union(*years.values())
        self.year = min(named) if len(named) == 1 else None
        carried = next((cell for cell, text in texts.items() if is_carried_over(text)), None)
        if carried is None and (not named or self.fiscal_year.be in named):
            return self._late_day()
        where = carried if carried is not None else next(c for c, found in years.items() if found)
        of = "เงินกันไว้เบิกเหลื่อมปี" if carried is not None else f"ปีงบประมาณ {min(named)}"
        message = f"แผ่นงานนี้เป็นของ{of} ไม่ใช่ปีงบประมาณ {self.fiscal_year} จึงไม่นับรวม"
        self.report.find("WRONG_FISCAL_YEAR", where, message, "error")
        return True

    def _late_day(self) -> bool:
        year = self.fiscal_year
        if self.as_of and not year.start <= self.as_of <= year.end + _LATE_REPORT:
            message = f"ข้อมูล ณ วันที่ {format_medium(self.as_of)} ไม่อยู่ในปีงบประมาณ {year}"
            self.report.find("WRONG_FISCAL_YEAR", "", message, "warning")
        return False

    def _without_table(self) -> None:
        """No heads were found. Where there is plainly money of units, that is refused aloud."""
        numbers = sum(isinstance(value, int | float) for value in self.grid.cells.values())
        units = sum(
            isinstance(value, str) and self.places.unit(self.grid.text(*cell)) is not None
            for cell, value in self.grid.cells.items()
        )
        expected = kind_of_tab(self.grid.tab) is not None or self.category is not None
        if self._told is not None or (numbers and (expected or units >= 3)):
            self.report.refuse(
                self.grid.cells,
                "HEAD_NOT_FOUND",
                "ไม่พบหัวตาราง (หน่วยงาน จัดสรร เบิกจ่าย …) จึงไม่ได้อ่านแผ่นงานนี้",
            )
        else:
            if self.grid.cells:
                self.report.find("HEAD_NOT_FOUND", "", "ไม่มีตารางงบประมาณในแผ่นงานนี้", "warning")
            self.kind = "other"
            self.report.close("no-table")

    def _read_scores(self) -> None:
        for table in self.tables:
            reader = ScoreReader(self.grid, table, self.places, self.report)
            reader.read()
            self.scores += reader.scores

    def _read_tables(self, titles: Mapping[tuple[int, int], str]) -> None:
        other_year = self._other_year(titles)
        roles = _MONITOR_ROLES if self.kind == "monitor" else MEASURES
        above: tuple[tuple[object, ...], LinesAbove] | None = None
        for table in self.tables:
            state = LinesAbove()
            if above and above[0] == table.signature and not table.titles:
                state = replace(above[1], after_sum=False, after_footer=False)
            context = self._context(table, titles)
            reader = TableReader(
                self.grid, table, context, self.places, self.report, state=state, roles=roles
            )
            reader.read()
            above = (table.signature, reader.state)
            reader.rows = self._read_once(reader.rows)
            self.rows += mark(reader.rows, "other-year") if other_year else reader.rows
            self.summaries += reader.summaries

    def _read_once(self, rows: Sequence[OfficeRow]) -> list[OfficeRow]:
        """No cell may be counted twice, whatever two heads lay claim to it."""
        kept = []
        for row in rows:
            cells = {figure.cell for figure in row.figures.values()}
            if cells & self._used:
                message = "มีหัวตารางสองชุดครอบตัวเลขแถวนี้ อ่านตามหัวตารางชุดแรกเท่านั้น"
                self.report.find("AMBIGUOUS_COLUMN", min(cells), message, "error")
            else:
                kept.append(row)
            self._used |= cells
        return kept

    def _context(self, table: Table, titles: Mapping[tuple[int, int], str]) -> SheetContext:
        """The sheet's context, with what stands above this very table where the tab says nothing."""
        own = [self.grid.text(*cell) for cell in table.titles]
        plain = [text for text in own if not project_like(text)]
        category, tranche = self.category, self.tranche
        own_category = next((c for text in plain if (c := category_in(text))), None)
        if self._told is None and own_category and self._titles_differ():
            category = own_category
        if self._told is None and table is not self.tables[0]:
            if not category_in(self.grid.tab):
                category = own_category or category
            if not tranche_in(self.grid.tab):
                tranche = next((t for text in plain if (t := tranche_in(text))), tranche)
        unit = self.places.unit(self.grid.tab)
        if table.context.unit is not None and len(table.context.unit) == 2:
            table.context = replace(table.context, unit=None)  # a letterhead names no owner
        scale = next((s for text in (*plain, *titles.values()) if (s := scale_in(text))), 0)
        return SheetContext(category, tranche, unit, scale, self.fiscal_year)

    def _titles_differ(self) -> bool:
        """Whether each table of the sheet has a title of its own that names its category."""
        named = [
            next((c for cell in t.titles if (c := category_in(self.grid.text(*cell)))), None)
            for t in self.tables
        ]
        return None not in named and len(set(named)) > 1

    def _unread_lines(self) -> None:
        """Units with figures outside every table: a table whose head was not understood."""
        outside = {
            left.cell for left in self.report.left_out if left.reason in {"beside", "outside"}
        }
        lines = []
        for row in self.grid.rows:
            cells = [(row, c) for c in self.grid.columns(row) if address(row, c) in outside]
            figures = any(isinstance(self.grid.cells[cell], int | float) for cell in cells)
            if figures and any(self.places.unit(self.grid.text(*cell)) for cell in cells):
                lines.append(cells[0])
        if len(lines) >= 2:
            message = f"มีชื่อหน่วยงานและตัวเลข {len(lines)} แถวอยู่นอกตารางที่อ่านได้ จึงไม่ได้นับรวม"
            self.report.find("HEAD_NOT_FOUND", lines[0], message, "error")

    def _hidden(self) -> None:
        rows = [r for r in self.grid.rows if r in self.grid.hidden_rows]
        columns = {c for _, c in self.grid.cells if c in self.grid.hidden_columns}
        if rows or columns:
            where = address(rows[0], 0) if rows else address(0, min(columns))
            message = f"มีข้อมูลในแถวที่ซ่อน {len(rows)} แถว คอลัมน์ที่ซ่อน {len(columns)} คอลัมน์ ได้อ่านรวมแล้ว"
            self.report.find("HIDDEN_CELLS", where, message, "warning")

    def sheet(self) -> OfficeSheet:
        heads = {
            address(*cell): (self.grid.text(*cell), role)
            for table in self.tables
            for cell, role in table.heads.items()
        }
        return OfficeSheet(
            tab=self.grid.tab,
            kind=self.kind,
            category=self.category,
            tranche=self.tranche,
            fiscal_year=self.year,
            as_of=self.as_of,
            heads=heads,
            cells={address(*cell): fate for cell, fate in self.report.fates.items()},
            texts={address(*cell): self.grid.text(*cell)[:_SHOWN] for cell in self.grid.cells},
        )


def _turned_row(row: OfficeRow) -> OfficeRow:
    figures = {
        measure: replace(figure, cell=turned_address(figure.cell))
        for measure, figure in row.figures.items()
    }
    first = next(iter(figures.values())).cell
    number = int("".join(sign for sign in first if sign.isdigit()))
    return replace(row, row=number, unit_cell=turned_address(row.unit_cell), figures=figures)


def _tranche_of(tab: str, titles: Iterable[str]) -> str | None:
    """The tab goes before the titles, unless Excel's limit of 31 signs cut its end off."""
    told = next((tranche for text in titles if (tranche := tranche_in(text))), None)
    by_tab = tranche_in(tab)
    if by_tab and told and told.startswith(f"{by_tab}-") and squashed(tab)[-1:].isdigit():
        return told
    return by_tab or told


# --- the whole ------------------------------------------------------------------------------------


def _assembled(
    readers: list[_SheetReader],
    *,
    file: str,
    places: PlaceBook,
    fiscal_year: FiscalYear,
    mapping: OfficeMapping,
) -> OfficeWorkbook:
    findings = [each for reader in readers for each in reader.report.findings]
    rows = _rows_of(readers, "budget", mapping)
    summary_rows = _rows_of(readers, "summary", mapping)
    monitor_rows = _rows_of(readers, "monitor", mapping)
    findings += _line_findings([*rows, *monitor_rows])
    # In a table of sums the sums are the fault; what they are sums of is judged by itself.
    findings += [replace(each, severity="warning") for each in _line_findings(summary_rows)]
    days = {reader.grid.tab: reader.day for reader in readers if reader.day is not None}
    rows, set_aside = counted(rows, fiscal_year.be, days)
    findings += set_aside
    plain_sums = [row for row in rows if row.not_counted == "summary"]
    summaries, differing = summary_findings(
        [*plain_sums, *(row for row in summary_rows if not row.not_counted)], rows
    )
    findings += differing
    findings += province_findings(rows, places.province_code)
    findings += _tranche_findings(readers)
    totals, envelopes = totals_of(rows)
    findings += _broken_findings(envelopes)
    projects = _projects(rows)
    monitors, unlinked = _monitors(monitor_rows, projects, readers)
    findings += unlinked
    left_out: list[LeftOut] = [each for reader in readers for each in reader.report.left_out]
    order = {reader.grid.tab: i for i, reader in enumerate(readers)}
    findings.sort(key=lambda each: order.get(each.sheet, -1))
    return OfficeWorkbook(
        file=file,
        province=places.province,
        province_code=places.province_code,
        fiscal_year=fiscal_year,
        sheets=tuple(reader.sheet() for reader in readers),
        rows=tuple(rows),
        totals=totals,
        envelopes=envelopes,
        projects=projects,
        monitors=monitors,
        scores=tuple(score for reader in readers for score in reader.scores),
        summaries=(*(s for reader in readers for s in reader.summaries), *summaries),
        left_out=tuple(left_out),
        findings=tuple(findings),
        mapping=mapping,
    )


def _tranche_findings(readers: Iterable[_SheetReader]) -> Iterator[Finding]:
    """A sheet that names no envelope, where others of its category do."""
    budget = [each for each in readers if each.kind == "budget" and each.rows]
    named = {each.category for each in budget if each.tranche}
    for each in budget:
        tranches = {row.tranche for row in each.rows if not row.not_counted}
        if each.category in named and None in tranches:
            message = "แผ่นงานนี้ไม่ได้บอกไตรมาสของเงินจัดสรร ขณะที่แผ่นงานอื่นของงบประเภทนี้บอกไว้"
            yield Finding("TRANCHE_UNKNOWN", each.grid.tab, "", message, "warning")


def _broken_findings(envelopes: Iterable[OfficeEnvelope]) -> Iterator[Finding]:
    for each in envelopes:
        if each.broken:
            name = " ".join(part for part in (CATEGORY_TH[each.category], each.tranche) if part)
            message = f"ตัวเลขของ{name}ใช้ไม่ได้ทั้งหมวด จึงไม่อยู่ในยอดรวมใด (ไม่ใช่ศูนย์)"
            yield Finding("REF_ERROR", each.sheets[0], "", message, "error")


def _line_findings(rows: Sequence[OfficeRow]) -> Iterator[Finding]:
    for row in rows:
        yield from line_findings(row)
    yield from percent_findings(rows)
    yield from balance_findings(rows)


def _rows_of(
    readers: Iterable[_SheetReader], kind: SheetKind, mapping: OfficeMapping
) -> list[OfficeRow]:
    found = [row for reader in readers if reader.kind == kind for row in reader.rows]
    return [with_percent(row) for row in projects_named(found, mapping.projects)]


def _projects(rows: Iterable[OfficeRow]) -> tuple[OfficeProject, ...]:
    """Projects in the order in which they appear; those of other years are not this year's."""
    names: dict[str, dict[str, None]] = {}
    sheets: dict[str, dict[str, None]] = {}
    for row in rows:
        if not row.project_key or row.not_counted == "other-year":
            continue
        names.setdefault(row.project_key, {})
        if row.project_name:
            names[row.project_key][row.project_name] = None
        sheets.setdefault(row.project_key, {})[row.sheet] = None
    return tuple(
        OfficeProject(
            number=key if key not in aliases else "",
            name=next(iter(aliases), ""),
            aliases=tuple(aliases)[1:],
            sheets=tuple(sheets[key]),
        )
        for key, aliases in names.items()
    )


def _monitors(
    rows: Iterable[OfficeRow], projects: Iterable[OfficeProject], readers: Iterable[_SheetReader]
) -> tuple[tuple[OfficeMonitorRow, ...], list[Finding]]:
    """Lines of monitoring sheets beside the project they tell more about."""
    known: dict[str, str] = {}
    for project in projects:
        for each in (project.number, project.name, *project.aliases):
            if each:
                known.setdefault(squashed(each), project.key)
    monitors = []
    unlinked: dict[str, Finding] = {}
    tabs = [reader.grid.tab for reader in readers if reader.kind == "monitor"]
    for row in rows:
        key = known.get(squashed(row.project_number)) or known.get(squashed(row.project_name), "")
        key = key or _named_by_tab(row.sheet, known)
        figures = dict(row.figures)
        plots = cast("dict[str, object]", figures).pop("plots", None)
        monitors.append(
            OfficeMonitorRow(
                sheet=row.sheet,
                row=row.row,
                unit=row.unit,
                project_key=key,
                plots=getattr(plots, "value", None),
                figures=figures,
            )
        )
        if not key and row.sheet in tabs:
            message = "ไม่พบโครงการของแผ่นงานติดตามนี้ในแผ่นงานงบประมาณ ยอดเงินในแผ่นนี้ไม่ได้นับรวม"
            unlinked.setdefault(
                row.sheet, Finding("MONITOR_UNLINKED", row.sheet, "", message, "warning")
            )
    return tuple(monitors), list(unlinked.values())


def _named_by_tab(tab: str, known: Mapping[str, str]) -> str:
    """The one project whose name has the tab's own word in it."""
    word = squashed(tab).removeprefix("ติดตาม").removeprefix("มอนิเตอร์")
    keys = {key for name, key in known.items() if word and (word in name or name in word)}
    return keys.pop() if len(keys) == 1 else ""
