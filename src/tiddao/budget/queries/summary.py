"""What a workbook holds, for the person who decides whether to take it in. Reads no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tiddao.budget.rules.cgd_checks import month_targets, percent_of, recompute
from tiddao.budget.rules.cgd_figures import (
    SPENDING_TH,
    CgdRow,
    CgdSheet,
    CgdWorkbook,
    Finding,
)
from tiddao.kernel.numerals import rounded


def workbook_summary(workbook: CgdWorkbook, *, sha256: str) -> dict[str, Any]:
    """Return the workbook's head, each sheet's size, total row and recomputation, as JSON values."""
    return {
        "file": workbook.file,
        "sha256": sha256,
        "as_of": workbook.as_of.isoformat(),
        "report_date": workbook.report_date.isoformat(),
        "fiscal_year": workbook.fiscal_year.be,
        "sheets": [_sheet(each, workbook.findings) for each in workbook.sheets.values()],
        "findings": findings_as_json(workbook.findings),
    }


def findings_as_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return the findings as JSON values."""
    return [
        {
            "code": each.code,
            "severity": each.severity,
            "sheet": each.sheet,
            "cell": each.cell,
            "message": each.message_th,
        }
        for each in findings
    ]


def _sheet(sheet: CgdSheet, findings: Iterable[Finding]) -> dict[str, Any]:
    again = recompute(sheet)
    kinds = Counter(row.kind for row in sheet.rows)
    groups = {spending: None for row in sheet.rows for spending in row.figures}
    return {
        "sheet": sheet.number,
        "tab": sheet.tab,
        "title": sheet.title,
        "unit": sheet.unit,
        "basis": sheet.basis,
        "basis_words": sheet.basis_th,
        "base_words": sheet.base_th,
        "order": sheet.order,
        "rows": len(sheet.rows),
        "provinces": kinds["province"],
        "units": dict(kinds),
        "groups": [{"code": each, "name": SPENDING_TH[each]} for each in groups],
        "targets": {name: str(share) for name, share in month_targets(sheet).items()},
        "total": _row(sheet.total_row),
        "recomputed": len(again.percents),
        "worst_percent_difference": f"{again.worst_percent:.3e}",
        "worst_total_difference": f"{again.worst_total:.3e}",
        "findings": sum(each.sheet == sheet.tab for each in findings),
    }


def _row(row: CgdRow) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for spending, figures in row.figures.items():
        percent = percent_of(figures.amount.value, figures.base.value)
        gap = figures.gap.value if figures.gap else None
        said[spending] = {
            "name": SPENDING_TH[spending],
            "base": _text(figures.base.value),
            "amount": _text(figures.amount.value),
            "percent": _text(figures.percent.value),
            "percent_shown": None if percent is None else str(rounded(percent, 2)),
            "gap": _text(gap),
            "cells": figures.cells,
        }
    return said


def _text(value: object) -> str | None:
    return None if value is None else str(value)
