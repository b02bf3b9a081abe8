"""What the workbook of a provincial office says: figures with their cells, and what is wrong there.

Amounts are in baht, percentages in per cent; all are Decimal. A blank is None, never zero, and so is
a cell that cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from tiddao.budget.rules.cgd_figures import Finding
from tiddao.budget.rules.office_mapping import Category, OfficeMapping, SheetKind
from tiddao.kernel.fiscal import FiscalYear

Measure = Literal[
    "allotted",
    "transferred",
    "revised",
    "committed",
    "disbursed",
    "used",
    "returned",
    "remaining",
    "supervision",
    "percent",
]
MEASURE_TH: dict[Measure, str] = {
    "allotted": "ได้รับจัดสรร",
    "transferred": "โอนเปลี่ยนแปลง",
    "revised": "หลังโอนเปลี่ยนแปลง",
    "committed": "ก่อหนี้ (PO)",
    "disbursed": "เบิกจ่าย",
    "used": "ใช้จ่าย",
    "returned": "ส่งคืน",
    "remaining": "คงเหลือ",
    "supervision": "ค่าควบคุมงาน",
    "percent": "ร้อยละ",
}
MEASURES: tuple[Measure, ...] = get_args(Measure)
MONEY: tuple[Measure, ...] = tuple(each for each in MEASURES if each != "percent")
BASIC: tuple[Measure, ...] = ("allotted", "disbursed")

FindingType = Literal[
    "REF_ERROR",
    "UNCALCULATED",
    "UNREADABLE_NUMBER",
    "SUB_SATANG",
    "ANOMALY",
    "PERCENT_MISMATCH",
    "BALANCE_MISMATCH",
    "SUMMARY_MISMATCH",
    "SUMMARY_ONLY",
    "SUMMARY_COLUMNS",
    "WRONG_FISCAL_YEAR",
    "LEVEL_VIOLATION",
    "DUP_PROJECT",
    "DUP_ROW",
    "DUP_TABLE",
    "SCORE_MISMATCH",
    "SCORE_UNCHECKED",
    "UNKNOWN_PLACE",
    "AMBIGUOUS_PLACE",
    "ROW_WITHOUT_UNIT",
    "ROW_AFTER_FOOTER",
    "HEAD_NOT_FOUND",
    "UNKNOWN_COLUMN",
    "AMBIGUOUS_COLUMN",
    "CATEGORY_UNKNOWN",
    "TRANCHE_UNKNOWN",
    "CONTEXT_CONFLICT",
    "MONITOR_UNLINKED",
    "NUMBER_AS_DATE",
    "PROVINCE_EQUALS_SUM",
    "HIDDEN_CELLS",
]

NotCounted = Literal[
    "other-year",
    "level",
    "duplicate",
    "summary",
    "category-unknown",
    "column-unknown",
    "months-unclear",
]
"""Why a row that was read is in no sum."""


@dataclass(frozen=True, slots=True)
class OfficeFigure:
    """One number of the workbook.

    value: as the cell holds it, None when it is blank or cannot be read; a percentage is brought to
    per cent (0.83 with 83 % beside it is 83). fault: why there is no value ("REF_ERROR", …); "" for
    a blank one.
    """

    value: Decimal | None
    cell: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """What one unit has of one activity of one project on one sheet.

    unit: the district's four-digit code, or the province's two digits for the provincial office,
    which is a unit beside its districts. project_number: "24/2569", "" where none is printed.
    activity: "" where the project has none. not_counted: "" when its money is in the totals.
    """

    sheet: str
    row: int
    unit: str
    unit_cell: str
    category: Category | None
    tranche: str | None
    project_number: str
    project_name: str
    activity: str
    figures: Mapping[Measure, OfficeFigure]
    not_counted: NotCounted | Literal[""] = ""

    @property
    def project_key(self) -> str:
        """What the project is known by: its number, or its name where it has none, or ""."""
        return self.project_number or self.project_name

    def value(self, measure: Measure) -> Decimal | None:
        """The figure of that measure; None where it is blank, unreadable or not on the sheet.

        Source: docs domain 3.4 (columns recognised).
        """
        figure = self.figures.get(measure)
        return figure.value if figure else None

    @property
    def is_provincial_office(self) -> bool:
        return len(self.unit) == 2


@dataclass(frozen=True, slots=True)
class OfficeTotal:
    """The sum of one unit in one category and tranche, reckoned from the rows.

    amounts: in baht. A measure is None when one cell that belongs to it cannot be read: a partial sum
    would be taken for the whole. broken: those measures.
    """

    unit: str
    category: Category
    tranche: str | None
    amounts: Mapping[Measure, Decimal | None]
    broken: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficeEnvelope:
    """One category and tranche. broken: none of its allotments, or of its payments, can be read; it
    is left out of every sum, and is not zero.
    """

    category: Category
    tranche: str | None
    sheets: tuple[str, ...]
    broken: bool


@dataclass(frozen=True, slots=True)
class OfficeProject:
    """One project under all the names it goes by; counted once, on the first sheet it stands on."""

    number: str
    name: str
    aliases: tuple[str, ...]
    sheets: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.number or self.name


@dataclass(frozen=True, slots=True)
class OfficeMonitorRow:
    """A line of a monitoring sheet: more about money that is counted elsewhere, never added.

    project_key: of the project it belongs to, "" where none was found. plots: แปลง.
    """

    sheet: str
    row: int
    unit: str
    project_key: str
    plots: Decimal | None
    figures: Mapping[Measure, OfficeFigure]


@dataclass(frozen=True, slots=True)
class OfficeScore:
    """One district on แบบประเมินที่ 1. computed: by the rule, None where a part of it is missing."""

    sheet: str
    cell: str
    unit: str
    percent: Decimal | None
    papers_complete: bool | None
    overdue_loans: int | None
    printed: Decimal | None
    computed: int | None


@dataclass(frozen=True, slots=True)
class OfficeSummary:
    """A sum that somebody typed or reckoned in the file, beside ours.

    unit, category, tranche: what it is a sum of; None where it runs over all of them. printed is never
    used; computed is None where the rows below it cannot all be read.
    """

    sheet: str
    cell: str
    unit: str | None
    category: Category | None
    tranche: str | None
    measure: Measure
    printed: Decimal
    computed: Decimal | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell that is in no table. reason: stable code; reason_th: in words."""

    sheet: str
    cell: str
    text: str
    reason: str
    reason_th: str


@dataclass(frozen=True, slots=True)
class OfficeSheet:
    """How one sheet was understood. heads: cell → (its words, what they were taken for).

    cells: address → what became of it: "understood", "left-out" or "refused". texts: address → what
    stands there, as one line of at most 60 signs; a mended cell as it was mended.
    """

    tab: str
    kind: SheetKind
    category: Category | None
    tranche: str | None
    fiscal_year: int | None
    as_of: date | None
    heads: Mapping[str, tuple[str, str]]
    cells: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OfficeWorkbook:
    """One office's workbook. Nothing in it was guessed: what is doubtful is among the findings."""

    file: str
    province: str
    province_code: str
    fiscal_year: FiscalYear
    sheets: tuple[OfficeSheet, ...]
    rows: tuple[OfficeRow, ...]
    totals: tuple[OfficeTotal, ...]
    envelopes: tuple[OfficeEnvelope, ...]
    projects: tuple[OfficeProject, ...]
    monitors: tuple[OfficeMonitorRow, ...]
    scores: tuple[OfficeScore, ...]
    summaries: tuple[OfficeSummary, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    mapping: OfficeMapping
    """What the reader was told beforehand."""

    @property
    def counted_rows(self) -> tuple[OfficeRow, ...]:
        """The rows whose money is in the totals."""
        return tuple(row for row in self.rows if not row.not_counted)

    def as_dict(self) -> dict[str, Any]:
        """The whole of it, ready for JSON; amounts as text, so that no satang is lost.

        Source: issue 3, "Must show" 2 (dry run as JSON).
        """
        return {
            "file": self.file,
            "province": self.province_code,
            "fiscal_year": self.fiscal_year.be,
            "sheets": [
                {
                    "sheet": each.tab,
                    "kind": each.kind,
                    "category": each.category,
                    "tranche": each.tranche,
                    "as_of": each.as_of.isoformat() if each.as_of else None,
                    "cells": _counted(each.cells.values()),
                }
                for each in self.sheets
            ],
            "rows": [
                {
                    "sheet": row.sheet,
                    "row": row.row,
                    "unit": row.unit,
                    "category": row.category,
                    "tranche": row.tranche,
                    "project_number": row.project_number,
                    "project_name": row.project_name,
                    "activity": row.activity,
                    "counted": not row.not_counted,
                    "not_counted": row.not_counted,
                    "figures": {
                        measure: {
                            "value": _text(figure.value),
                            "cell": figure.cell,
                            "fault": figure.fault,
                        }
                        for measure, figure in row.figures.items()
                    },
                }
                for row in self.rows
            ],
            "totals": [
                {
                    "unit": each.unit,
                    "category": each.category,
                    "tranche": each.tranche,
                    "amounts": {measure: _text(value) for measure, value in each.amounts.items()},
                    "broken": list(each.broken),
                }
                for each in self.totals
            ],
            "envelopes": [
                {
                    "category": each.category,
                    "tranche": each.tranche,
                    "sheets": list(each.sheets),
                    "broken": each.broken,
                }
                for each in self.envelopes
            ],
            "projects": [
                {
                    "number": each.number,
                    "name": each.name,
                    "aliases": list(each.aliases),
                    "sheets": list(each.sheets),
                }
                for each in self.projects
            ],
            "scores": [
                {
                    "sheet": each.sheet,
                    "cell": each.cell,
                    "unit": each.unit,
                    "printed": _text(each.printed),
                    "computed": each.computed,
                }
                for each in self.scores
            ],
            "left_out": [
                {
                    "sheet": each.sheet,
                    "cell": each.cell,
                    "text": each.text,
                    "reason": each.reason_th,
                }
                for each in self.left_out
            ],
            "issues": [
                {
                    "type": each.code,
                    "sheet": each.sheet,
                    "cell": each.cell,
                    "severity": each.severity,
                    "message": each.message_th,
                }
                for each in self.findings
            ],
        }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _counted(fates: Iterable[str]) -> dict[str, int]:
    counts = {"understood": 0, "left-out": 0, "refused": 0}
    for fate in fates:
        counts[fate] += 1
    return counts
