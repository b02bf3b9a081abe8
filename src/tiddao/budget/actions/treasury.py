"""Taking in the Comptroller General's weekly workbook, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection, transaction

from tiddao.budget.actions.boards import keep_treasury_boards
from tiddao.budget.actions.disbursement import SHEET, PostingRefused, post_disbursed_shares
from tiddao.budget.models import TreasuryFigure, TreasuryReport, TreasurySheet
from tiddao.budget.rules.cgd_checks import month_targets
from tiddao.budget.rules.cgd_figures import CgdRow, CgdSheet, CgdWorkbook, Finding
from tiddao.kernel.dates import format_long
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import NATION, CodeCrosswalk

DEPARTMENT_CODES = "cgd-department-province"
"""Scheme of the crosswalk for รหัสกรมจังหวัด, as printed on sheets 11 and 12."""
DEPARTMENT_CODE_HEAD = "รหัสกรมจังหวัด"

_LOCK = 7_316  # advisory locks (class, day): two workbooks of one day never meet
_MEASURES = (
    "base", "allotted", "planned", "ordered", "disbursed", "disbursed_percent", "used",
    "used_percent", "gap", "remaining", "remaining_percent",
)  # fmt: skip
_COLUMNS = (
    "sheet_id", "row", "kind", "is_total", "printed_rank", "name", "code", "place_id", "spending",
    *_MEASURES, "cells",
)  # fmt: skip

Outcome = Literal["written", "sheets_added", "unchanged"]


class ReportRefused(Exception):
    """The workbook was not taken in, and nothing was written; findings say why, by sheet and cell."""

    def __init__(self, file: str, findings: Iterable[Finding]) -> None:
        self.file = file
        self.findings = tuple(findings)
        super().__init__(f"{file}: {'; '.join(str(each) for each in self.findings)}")


@dataclass(frozen=True, slots=True)
class ReportImported:
    """What taking in a workbook did.

    outcome: "written" a report, "sheets_added" to the same report, or "unchanged". replaced: it
    supersedes an earlier workbook of the same day. figures: rows written, one for each unit and
    type of spending. results: shares posted in the round. warnings: noticed beside what the reader
    found.
    """

    report_id: int
    outcome: Outcome
    replaced: bool
    sheets_written: tuple[int, ...]
    figures: int
    crosswalk: int
    round_code: str
    results: int
    warnings: tuple[Finding, ...] = ()


@transaction.atomic
def import_treasury_report(
    workbook: CgdWorkbook, *, sha256: str, by: Actor, at: datetime
) -> ReportImported:
    """Take in the sheets of one week's workbook and post the disbursed shares of sheet 13.

    sha256: of the file. The same file again adds the sheets that were not taken in yet, and changes
    nothing when there are none. Another file of the same day supersedes the former, which is kept.

    Raises ReportRefused when the workbook contradicts itself, is an older edition than the one that
    is known, lacks a sheet that the former holds, or its shares cannot be posted; ValueError for a
    moment before the former became known.
    """
    if workbook.errors:
        raise ReportRefused(workbook.file, workbook.findings)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, workbook.as_of.toordinal()])
    former = TreasuryReport.objects.filter(as_of=workbook.as_of, superseded_at__isnull=True).first()
    held = set(former.sheets.values_list("number", flat=True)) if former else set()
    same_file = former is not None and former.sha256 == sha256
    fresh = sorted(set(workbook.sheets) - held) if same_file else sorted(workbook.sheets)
    if former is not None and same_file:
        if not fresh:
            return ReportImported(former.pk, "unchanged", False, (), 0, 0, "", 0)
        report = former
    else:
        if former is not None:
            _supersede(former, workbook, held, at=at)
        report = TreasuryReport.objects.create(
            as_of=workbook.as_of,
            report_date=workbook.report_date,
            fiscal_year=workbook.fiscal_year.be,
            file_name=workbook.file[:255],
            sha256=sha256,
            known_at=at,
            by=by.reference,
        )
    sheets = [workbook.sheets[number] for number in fresh]
    crosswalk, warnings = _add_crosswalk(workbook, sheets)
    figures = _write_figures(report, sheets, (*workbook.findings, *warnings), at=at)
    round_code, results = "", 0
    if SHEET in fresh:
        try:
            round_code, results = post_disbursed_shares(workbook.sheets[SHEET], at=at)
        except PostingRefused as refused:
            raise ReportRefused(workbook.file, (*refused.findings, *workbook.findings)) from refused
    keep_treasury_boards(report.pk, at=at)
    done = ReportImported(
        report.pk,
        "sheets_added" if same_file else "written",
        former is not None and not same_file,
        tuple(fresh),
        figures,
        crosswalk,
        round_code,
        results,
        warnings,
    )
    record(
        "import_treasury",
        on=f"treasury-report:{report.pk}",
        by=by,
        at=at,
        place=NATION,
        before=former.sha256 if former else None,
        after=sha256,
        detail={
            "as_of": workbook.as_of.isoformat(),
            "sha256": sha256,
            "sheets": fresh,
            "figures": figures,
            "results": results,
            "replaced": done.replaced,
        },
    )
    return done


def rehearse_import(
    workbook: CgdWorkbook, *, sha256: str, by: Actor, at: datetime
) -> ReportImported:
    """Return what ``import_treasury_report`` would do; it is done, and undone. Raises as it does."""
    with transaction.atomic():
        done = import_treasury_report(workbook, sha256=sha256, by=by, at=at)
        transaction.set_rollback(True)
    return done


def _supersede(
    former: TreasuryReport, workbook: CgdWorkbook, held: set[int], *, at: datetime
) -> None:
    refusals = []
    if workbook.report_date < former.report_date:
        message = (
            f"เป็นรายงานวันที่ {format_long(workbook.report_date)} เก่ากว่ารายงานของวันเดียวกันที่มีอยู่แล้ว "
            f"(วันที่ {format_long(former.report_date)})"
        )
        refusals.append(Finding("older-edition", "", "", message, "refused"))
    for number in sorted(held - set(workbook.sheets)):
        message = "รายงานที่จะถูกแทนมีแผ่นงานนี้ แต่ครั้งนี้ไม่ได้อ่าน ต้องนำเข้าให้ครบทุกแผ่นที่มีอยู่เดิม"
        refusals.append(Finding("sheet-left-out", str(number), "", message, "refused"))
    if refusals:
        raise ReportRefused(workbook.file, refusals)
    if at < former.known_at:
        raise ValueError(f"{former} is known since {former.known_at}, after {at}")
    former.superseded_at = at
    former.save(update_fields=["superseded_at"])


def _write_figures(
    report: TreasuryReport,
    sheets: Sequence[CgdSheet],
    findings: Iterable[Finding],
    *,
    at: datetime,
) -> int:
    made = {
        sheet.number: TreasurySheet.objects.create(
            report=report,
            number=sheet.number,
            tab=sheet.tab,
            title=sheet.title[:500],
            basis=sheet.basis,
            basis_th=sheet.basis_th,
            base_th=sheet.base_th,
            order=sheet.order or "",
            code_name=sheet.code_name,
            targets={spending: str(share) for spending, share in month_targets(sheet).items()},
            footnotes=list(sheet.footnotes),
            findings=[
                [each.code, each.cell, each.message_th]
                for each in findings
                if each.sheet == sheet.tab
            ],
            known_at=at,
        )
        for sheet in sheets
    }
    table = TreasuryFigure._meta.db_table  # noqa: SLF001 -- Django's public name
    columns = ", ".join(f'"{column}"' for column in _COLUMNS)
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as lines,
    ):
        for sheet in sheets:
            for row in (*sheet.rows, sheet.total_row):
                for line in _lines(made[sheet.number].pk, row, is_total=row is sheet.total_row):
                    lines.write_row(line)
                    count += 1
    return count


def _lines(sheet_id: int, row: CgdRow, *, is_total: bool) -> Iterator[tuple[Any, ...]]:
    own = {"rank": row.rank_cell, "name": row.name_cell, "code": row.code_cell}
    for spending, figures in row.figures.items():
        values = {measure: figure.value for measure, figure in figures.measures.items()}
        cells = {name: cell for name, cell in own.items() if cell} | figures.cells
        yield (
            sheet_id,
            row.row,
            row.kind,
            is_total,
            row.printed_rank,
            row.name[:300],
            row.code,
            row.place_code,
            spending,
            *(values.get(measure) for measure in _MEASURES),  # type: ignore[call-overload]  # the names of Measure
            json.dumps(cells),
        )


def _add_crosswalk(
    workbook: CgdWorkbook, sheets: Sequence[CgdSheet]
) -> tuple[int, tuple[Finding, ...]]:
    """Add the department codes that are printed for provinces; return how many, and warnings.

    The provinces were known by their names, so a code that has meant another province casts doubt
    on the crosswalk only: it is reported, and the crosswalk stays as it is.
    """
    printed = {
        row.code: (row.place_code, sheet, row)
        for sheet in sheets
        if sheet.code_name == DEPARTMENT_CODE_HEAD
        for row in sheet.rows
        if row.place_code
    }
    known = dict(
        CodeCrosswalk.objects.filter(scheme=DEPARTMENT_CODES, code__in=printed).values_list(
            "code", "place_id"
        )
    )
    warnings = tuple(
        Finding(
            "code-of-another",
            sheet.tab,
            row.code_cell,
            f"รหัส {code} ของ{row.name} เคยใช้กับจังหวัดรหัส {known[code]} จึงไม่ได้เพิ่มในตารางเทียบรหัส",
            "warning",
        )
        for code, (place, sheet, row) in printed.items()
        if known.get(code, place) != place
    )
    fresh = [
        CodeCrosswalk(
            scheme=DEPARTMENT_CODES,
            code=code,
            place_id=place,
            source=f"กรมบัญชีกลาง รายงานรายสัปดาห์ ข้อมูล ณ {workbook.as_of.isoformat()} "
            f"แผ่นงาน {sheet.number} ช่อง {row.code_cell}",
        )
        for code, (place, sheet, row) in printed.items()
        if code not in known
    ]
    CodeCrosswalk.objects.bulk_create(fresh)
    return len(fresh), warnings
