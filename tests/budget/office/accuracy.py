"""Measures the reader on generated workbooks: `python -m tests.budget.office.accuracy [how many]`.

A cell is right when its figure was read under the right unit, category, tranche, project and measure.
An error is silent when a figure is wrong, or in a sum that is wrong, and no finding says so.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.budget.office.workbooks import Fact, Made, make
from tiddao.budget.rules.office_figures import OfficeRow, OfficeWorkbook
from tiddao.budget.rules.office_mapping import CATEGORY_TH, Category
from tiddao.budget.rules.office_words import squashed
from tiddao.budget.rules.office_workbook import accounted_for, read_office_workbook
from tiddao.kernel.fiscal import FiscalYear

CATEGORY_OF = {name: code for code, name in CATEGORY_TH.items()} | {"กลุ่มจังหวัด": "province_group"}
CLOSE = Decimal("0.0000001")


@dataclass
class Measured:
    """seeds: of the workbooks. silent: what was wrong and not said. missed: planted, not reported."""

    workbooks: int = 0
    cells: int = 0
    right: int = 0
    silent: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    totals: int = 0
    seconds: float = 0.0
    types: Counter[str] = field(default_factory=Counter)

    @property
    def accuracy(self) -> float:
        return self.right / self.cells if self.cells else 1.0

    def __str__(self) -> str:
        return (
            f"{self.workbooks} workbooks, {self.cells:,} cells, right {self.right:,} "
            f"({self.accuracy:.4%}); {self.totals:,} totals; silent errors {len(self.silent)}; "
            f"planted faults missed {len(self.missed)}; false alarms {len(self.false_alarms)}; "
            f"cells not accounted for {len(self.unaccounted)}; reading {self.seconds:.1f} s"
        )


def read(made: Made) -> OfficeWorkbook:
    return read_office_workbook(
        made.content,
        file=f"{made.seed}.xlsx",
        province=made.province,
        fiscal_year=FiscalYear(made.fiscal_year),
        districts=made.districts,
    )


def measure(seeds: Iterable[int]) -> Measured:
    result = Measured()
    for seed in seeds:
        made = make(seed)
        begun = time.perf_counter()
        workbook = read(made)
        result.seconds += time.perf_counter() - begun
        judge(made, workbook, result)
    return result


def judge(made: Made, workbook: OfficeWorkbook, result: Measured) -> None:
    result.workbooks += 1
    where = f"seed {made.seed}"
    result.types.update(finding.code for finding in workbook.findings)
    loud = Loud(workbook)
    found = {
        (row.sheet, figure.cell): (row, measure)
        for row in workbook.counted_rows
        for measure, figure in row.figures.items()
    }
    expected = {(fact.sheet, fact.cell): fact for fact in made.facts}
    for key, fact in expected.items():
        result.cells += 1
        wrong = _wrong(fact, found.get(key))
        if wrong is None:
            result.right += 1
        elif not loud.about(fact.sheet, fact.cell):
            result.silent.append(f"{where} {fact.sheet}!{fact.cell}: {wrong} ({fact})")
    for key, (row, name) in found.items():
        if key not in expected and row.figures[name].value is not None and not loud.about(*key):
            result.silent.append(f"{where} {key}: counted {name} of {row.project_key} {row.unit}")
    _judge_totals(made, workbook, loud, result)
    _judge_scores(made, workbook, result)
    for fault in made.faults:
        said = [f for f in workbook.findings if f.code == fault.kind and f.sheet == fault.sheet]
        if not any(not fault.cells or f.cell in fault.cells for f in said):
            result.missed.append(f"{where} {fault.kind} {fault.sheet} {sorted(fault.cells)[:3]}")
    if not made.faults:
        result.false_alarms += [
            f"{where} {finding.code} {finding}"
            for finding in workbook.findings
            if finding.severity != "warning"
        ]
    accounts = {each.sheet: each for each in accounted_for(workbook)}
    for sheet, cells in made.cells.items():
        each = accounts[sheet]
        if not each.cells == cells == each.understood + each.left_out + each.refused:
            result.unaccounted.append(f"{where} {sheet}: {cells} cells, accounted {each}")


def _wrong(fact: Fact, read_as: tuple[OfficeRow, str] | None) -> str | None:
    if read_as is None:
        return "not read"
    row, name = read_as
    figure = row.figures[name]  # type: ignore[index] -- the name came out of these figures
    named = row.project_key == fact.project or squashed(row.project_name) == squashed(fact.project)
    differing = [
        what
        for what, mine, truth in (
            ("unit", row.unit, fact.unit),
            ("category", row.category, CATEGORY_OF[fact.category]),
            ("tranche", row.tranche, fact.tranche),
            ("measure", name, fact.measure),
            ("project", named, True),
        )
        if mine != truth
    ]
    if differing:
        return f"{', '.join(differing)}: {row.unit} {row.category} {row.tranche} {name} {row.project_key}"
    if (figure.value is None) != (fact.value is None):
        return f"value {figure.value}"
    if (
        figure.value is not None
        and fact.value is not None
        and abs(figure.value - fact.value) > CLOSE
    ):
        return f"value {figure.value}"
    return None


@dataclass
class Loud:
    """What the findings speak about: cells, rows and whole sheets."""

    workbook: OfficeWorkbook

    def __post_init__(self) -> None:
        grave = [f for f in self.workbook.findings if f.severity != "warning"]
        self.sheets = {f.sheet for f in grave if not f.cell} | {
            f.sheet for f in grave if f.code in {"HEAD_NOT_FOUND", "WRONG_FISCAL_YEAR"}
        }
        self.rows = {(f.sheet, _row(f.cell)) for f in grave if f.cell}
        column_codes = {"UNKNOWN_COLUMN", "AMBIGUOUS_COLUMN"}
        of_columns = [f for f in self.workbook.findings if f.code in column_codes]
        self.sheets |= {f.sheet for f in of_columns if f.severity == "refused"}
        of_columns += [f for f in self.workbook.findings if f.code == "UNKNOWN_PLACE"]
        self.columns = {(f.sheet, _column(f.cell)) for f in of_columns}
        self.rows |= {(f.sheet, _row(f.cell)) for f in of_columns}

    def about(self, sheet: str, cell: str) -> bool:
        return (
            sheet in self.sheets
            or (sheet, _row(cell)) in self.rows
            or (sheet, _column(cell)) in self.columns
        )


def _row(cell: str) -> str:
    return re.sub(r"\D", "", cell)


def _column(cell: str) -> str:
    return re.sub(r"\d", "", cell)


def _judge_totals(made: Made, workbook: OfficeWorkbook, loud: Loud, result: Measured) -> None:
    mine = {
        (total.unit, total.category, total.tranche, measure): amount
        for total in workbook.totals
        for measure, amount in total.amounts.items()
    }
    lost = {
        (f.unit, CATEGORY_OF[f.category], f.tranche)
        for f in made.facts
        if loud.about(f.sheet, f.cell)
    }
    for (unit, category, tranche, name), truth in made.totals().items():
        code: Category = CATEGORY_OF[category]  # type: ignore[assignment] -- the keys are Thai names
        result.totals += 1
        amount = mine.pop((unit, code, tranche, name), None)
        if amount != truth and (unit, code, tranche) not in lost:
            result.silent.append(
                f"seed {made.seed} total {unit} {category} {tranche} {name}: {amount}, truth {truth}"
            )
    for key, amount in mine.items():
        if amount and not loud.sheets:
            result.silent.append(f"seed {made.seed} total {key} {amount}: there is none")


def _judge_scores(made: Made, workbook: OfficeWorkbook, result: Measured) -> None:
    scores = {(score.sheet, score.cell): score for score in workbook.scores}
    for truth in made.scores:
        result.cells += 1
        mine = scores.get((truth.sheet, truth.cell))
        if mine is not None and (
            mine.unit, mine.percent, mine.papers_complete, mine.overdue_loans, mine.printed
        ) == (truth.unit, truth.percent, truth.papers, truth.loans, truth.printed):  # fmt: skip
            result.right += 1
        else:
            result.silent.append(f"seed {made.seed} score {truth}: {mine}")
    monitored = {
        f"{row.sheet}!{figure.cell}": figure.value
        for row in workbook.monitors
        for figure in row.figures.values()
    }
    for cell, value in made.monitored.items():
        result.cells += 1
        if monitored.get(cell) == value:
            result.right += 1
        else:
            result.silent.append(
                f"seed {made.seed} monitor {cell}: {monitored.get(cell)}, truth {value}"
            )


def main(arguments: Sequence[str]) -> None:
    result = measure(range(int(arguments[0]) if arguments else 200))
    print(result)
    for name, lines in (
        ("silent", result.silent),
        ("missed", result.missed),
        ("false alarm", result.false_alarms),
        ("unaccounted", result.unaccounted),
    ):
        for line in lines[:20]:
            print(f"{name}: {line}")
    print(dict(result.types))


if __name__ == "__main__":
    main(sys.argv[1:])
