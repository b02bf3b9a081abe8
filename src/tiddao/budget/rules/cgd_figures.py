"""What the Comptroller General's weekly workbook says, cell by cell, and what is wrong with it.

Amounts are in million baht (ล้านบาท), percentages in per cent, gaps in percentage points; all are
Decimal, exactly as the cell holds them. A blank is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from tiddao.kernel.fiscal import FiscalYear

Spending = Literal["recurrent", "investment", "total"]
Measure = Literal[
    "base",
    "allotted",
    "planned",
    "ordered",
    "disbursed",
    "disbursed_percent",
    "used",
    "used_percent",
    "gap",
    "remaining",
    "remaining_percent",
]
Basis = Literal["disbursed", "used"]
Order = Literal["ascending", "descending"]
Kind = Literal["province", "province_group", "ministry", "agency", "country"]
Severity = Literal["refused", "error", "warning"]

SPENDINGS: tuple[Spending, ...] = get_args(Spending)
SPENDING_TH: dict[Spending, str] = {
    "recurrent": "รายจ่ายประจำ",
    "investment": "รายจ่ายลงทุน",
    "total": "รวม",
}
MILLION_BAHT = "ล้านบาท"
PER_CENT = "ร้อยละ"
POINTS = "จุดร้อยละ"
KIND_TH: dict[Kind, str] = {
    "province": "จังหวัด",
    "province_group": "กลุ่มจังหวัด",
    "ministry": "กระทรวง",
    "agency": "หน่วยงาน",
    "country": "รายการ",
}


def unit_of(measure: Measure) -> str:
    """The unit in which a measure is given, in Thai.

    Source: docs domain 3.3 (unit: ล้านบาท; ร้อยละ; สูง/ต่ำกว่าเป้าหมาย in points).
    """
    if measure == "gap":
        return POINTS
    return PER_CENT if measure.endswith("_percent") else MILLION_BAHT


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with its place.

    severity: "refused" — it could not be read; "error" — it was read, and contradicts the rest of
    the workbook; "warning" — read rightly, but worth a look.
    sheet: the tab as named in the file, or the number of a sheet that is not there. cell: "K15", or
    "" where no single cell is meant.
    """

    code: str
    sheet: str
    cell: str
    message_th: str
    severity: Severity

    def __str__(self) -> str:
        place = " ".join(
            part for part in (self.sheet and f"แผ่นงาน “{self.sheet}”", self.cell) if part
        )
        return f"{place}: {self.message_th}" if place else self.message_th


class WorkbookRefused(ValueError):
    """The workbook cannot be read with certainty, and is therefore not read at all.

    findings: every reason found, each by sheet and cell; at least one has severity "refused".
    """

    def __init__(self, file: str, findings: Iterable[Finding]) -> None:
        self.file = file
        self.findings = tuple(findings)
        super().__init__(file, self.findings)

    def __str__(self) -> str:
        return f"{self.file}: " + "; ".join(
            str(each) for each in self.findings if each.severity == "refused"
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the workbook. value: as held by the cell, None when the cell is blank."""

    measure: Measure
    value: Decimal | None
    cell: str
    unit: str
    name_th: str
    """What the column is called."""
    base_th: str
    """What it is a share of, or the budget it belongs to."""
    as_text: bool = False
    """The cell held the number as text, so that it may have been rounded."""


@dataclass(frozen=True, slots=True)
class SpendingFigures:
    """The figures of one unit for one type of spending."""

    spending: Spending
    basis: Basis
    measures: Mapping[Measure, Figure]

    @property
    def base(self) -> Figure:
        return self.measures["base"]

    @property
    def ordered(self) -> Figure | None:
        """PO + สำรองเงินมีหนี้; only on sheets of disbursement."""
        return self.measures.get("ordered")

    @property
    def amount(self) -> Figure:
        """Disbursed or used, whichever the sheet is about."""
        return self.measures[self.basis]

    @property
    def percent(self) -> Figure:
        """The percentage as printed, of the same basis as the amount."""
        return self.measures["disbursed_percent" if self.basis == "disbursed" else "used_percent"]

    @property
    def gap(self) -> Figure | None:
        """Points above (+) or below (−) the month's target as printed; only on sheets of use."""
        return self.measures.get("gap")

    @property
    def cells(self) -> dict[str, str]:
        """Where each measure stands: {"base": "K7", …}."""
        return {measure: figure.cell for measure, figure in self.measures.items()}


@dataclass(frozen=True, slots=True)
class CgdRow:
    """One unit on one sheet; the total row has rank None and no code.

    name: as printed. code: as printed, text. place_code: two-digit official province code, or None
    for what is no province.
    """

    sheet: int
    row: int
    kind: Kind
    printed_rank: int | None
    rank_cell: str
    name: str
    name_cell: str
    code: str
    code_cell: str
    place_code: str | None
    figures: Mapping[Spending, SpendingFigures]


@dataclass(frozen=True, slots=True)
class CgdSheet:
    """One sheet. Ranks count as `order` says: "ascending" means that rank 1 is the lowest.

    basis_th: numerator and denominator in words. targets: the month's target for use (per cent) by
    type of spending, from the footnote; empty where the sheet prints none.
    Where a sheet holds provinces and groups of provinces (11, 12), the printed rank runs through all
    provinces first and goes on through the groups: it compares only units of one kind.
    """

    number: int
    tab: str
    title: str
    unit: str
    basis: Basis
    basis_th: str
    base_th: str
    order: Order | None
    code_name: str
    as_of: date
    report_date: date | None
    fiscal_year: FiscalYear
    rows: tuple[CgdRow, ...]
    total_row: CgdRow
    footnotes: tuple[str, ...]
    targets: Mapping[Spending, Decimal]

    def of_kind(self, kind: Kind) -> tuple[CgdRow, ...]:
        """Its rows of that kind, in printed order.

        Source: docs domain 3.3 (sheets 11–12 list provinces, then groups of provinces).
        """
        return tuple(row for row in self.rows if row.kind == kind)

    def province(self, place_code: str) -> CgdRow | None:
        """The row of the province with that two-digit code, or None.

        Source: docs domain 6.3 (crosswalk '5700' → '57').
        """
        return next((row for row in self.rows if row.place_code == place_code), None)


@dataclass(frozen=True, slots=True)
class CgdWorkbook:
    """One week's workbook. findings: contradictions and warnings; nothing in it was guessed."""

    file: str
    as_of: date
    report_date: date
    fiscal_year: FiscalYear
    sheets: Mapping[int, CgdSheet]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that contradict the figures; a week with any should not be relied upon."""
        return tuple(each for each in self.findings if each.severity == "error")

    def as_dict(self) -> dict[str, Any]:
        """The heads of the workbook and its findings, ready for JSON.

        Source: issue 2, "Real input" (dry run as JSON).
        """
        return {
            "file": self.file,
            "as_of": self.as_of.isoformat(),
            "report_date": self.report_date.isoformat(),
            "fiscal_year": self.fiscal_year.be,
            "sheets": [
                {
                    "number": sheet.number,
                    "tab": sheet.tab,
                    "title": sheet.title,
                    "unit": sheet.unit,
                    "basis": sheet.basis_th,
                    "order": sheet.order,
                    "rows": len(sheet.rows),
                }
                for sheet in self.sheets.values()
            ],
            "findings": [
                {
                    "code": each.code,
                    "severity": each.severity,
                    "sheet": each.sheet,
                    "cell": each.cell,
                    "message": each.message_th,
                }
                for each in self.findings
            ],
        }
