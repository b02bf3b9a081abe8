"""Which weekly reports there are, and what each of their sheets says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db.models import Q

from tiddao.budget.models import TreasuryReport, TreasurySheet
from tiddao.budget.rules.cgd_figures import Basis, Order, Spending


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet of a report. targets: the month's target for use, per cent, where it has one.

    findings: (code, cell, words) of what the reader noticed on it.
    """

    id: int
    number: int
    tab: str
    title: str
    basis: Basis
    basis_th: str
    base_th: str
    order: Order | None
    targets: Mapping[Spending, Decimal]
    footnotes: tuple[str, ...]
    findings: tuple[tuple[str, str, str], ...]
    known_at: datetime


@dataclass(frozen=True, slots=True)
class ReportView:
    """One weekly report. superseded_at: when a corrected one of the same day took its place."""

    id: int
    as_of: date
    report_date: date
    fiscal_year: int
    file_name: str
    sha256: str
    known_at: datetime
    superseded_at: datetime | None
    sheets: tuple[SheetView, ...]

    def sheet(self, number: int) -> SheetView | None:
        """Return the sheet of that number, or None when it was not taken in."""
        return next((each for each in self.sheets if each.number == number), None)

    @property
    def findings(self) -> int:
        """How many things the reader noticed."""
        return sum(len(each.findings) for each in self.sheets)


def known_reports(known_at: datetime | None, prefix: str = "") -> Q:
    """Return the condition that a report was the known one of its day at the moment, or is now.

    prefix: the way from the table asked to the report, such as "sheet__report__".
    """
    current = Q(**{f"{prefix}superseded_at__isnull": True})
    if known_at is None:
        return current
    return Q(**{f"{prefix}known_at__lte": known_at}) & (
        current | Q(**{f"{prefix}superseded_at__gt": known_at})
    )


def treasury_reports(*, known_at: datetime | None = None) -> tuple[ReportView, ...]:
    """Return the reports in force, the newest day first. Two queries."""
    return _views(known_reports(known_at), known_at)


def former_reports(as_of: date) -> tuple[ReportView, ...]:
    """Return the superseded reports of a day, the latest first. Two queries."""
    return _views(Q(as_of=as_of, superseded_at__isnull=False), None)


def find_report(
    as_of: date | None = None, *, known_at: datetime | None = None
) -> ReportView | None:
    """Return the report of that day, or the newest; None when there is none. Two queries."""
    condition = known_reports(known_at)
    if as_of is not None:
        condition &= Q(as_of=as_of)
    newest = TreasuryReport.objects.filter(condition).order_by("-as_of").values("pk")[:1]
    found = _views(Q(pk__in=newest), known_at)
    return found[0] if found else None


def _views(condition: Q, known_at: datetime | None) -> tuple[ReportView, ...]:
    reports = list(TreasuryReport.objects.filter(condition).order_by("-as_of", "-known_at"))
    sheets = TreasurySheet.objects.filter(report__in=[each.pk for each in reports])
    if known_at is not None:
        sheets = sheets.filter(known_at__lte=known_at)
    of_report: dict[int, list[SheetView]] = {each.pk: [] for each in reports}
    for sheet in sheets.order_by("number"):
        of_report[sheet.report_id].append(_sheet_view(sheet))
    return tuple(
        ReportView(
            id=each.pk,
            as_of=each.as_of,
            report_date=each.report_date,
            fiscal_year=each.fiscal_year,
            file_name=each.file_name,
            sha256=each.sha256,
            known_at=each.known_at,
            superseded_at=each.superseded_at,
            sheets=tuple(of_report[each.pk]),
        )
        for each in reports
    )


def _sheet_view(sheet: TreasurySheet) -> SheetView:
    return SheetView(
        id=sheet.pk,
        number=sheet.number,
        tab=sheet.tab,
        title=sheet.title,
        basis=cast("Basis", sheet.basis),
        basis_th=sheet.basis_th,
        base_th=sheet.base_th,
        order=cast("Order", sheet.order) if sheet.order else None,
        targets={name: Decimal(share) for name, share in sheet.targets.items()},
        footnotes=tuple(sheet.footnotes),
        findings=tuple((code, cell, words) for code, cell, words in sheet.findings),
        known_at=sheet.known_at,
    )
