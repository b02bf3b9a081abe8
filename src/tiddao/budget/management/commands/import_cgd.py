"""``tiddao import_cgd FILE [--sheets all|13,14] [--dry-run] [--json]``."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tiddao.budget.actions.treasury import (
    ReportImported,
    ReportRefused,
    import_treasury_report,
    rehearse_import,
)
from tiddao.budget.queries.reading import read_for_import
from tiddao.budget.queries.summary import findings_as_json, workbook_summary
from tiddao.budget.rules.cgd_figures import CgdWorkbook, Finding, WorkbookRefused
from tiddao.budget.rules.cgd_workbook import ALL_SHEETS
from tiddao.ledger.actors import SYSTEM

REFUSED = 2  # exit code


def sheet_numbers(text: str) -> tuple[int, ...]:
    """Return the sheets asked for: "all", or numbers between commas."""
    if text == "all":
        return ALL_SHEETS
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) in ALL_SHEETS for part in parts):
        known = ", ".join(map(str, ALL_SHEETS))
        raise ArgumentTypeError(f"“{text}”: write all, or numbers out of {known}")
    return tuple(sorted({int(part) for part in parts}))


class Command(BaseCommand):
    help = "Take in the Comptroller General's weekly workbook (all eight sheets unless told)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--sheets", type=sheet_numbers, default=ALL_SHEETS)
        parser.add_argument("--dry-run", action="store_true", help="say what would be written")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        dry_run: bool = options["dry_run"]
        try:
            with file.open("rb") as source:
                sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            workbook = read_for_import(
                file, file=file.name, sha256=sha256, sheets=options["sheets"]
            )
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}", returncode=REFUSED) from fault
        except WorkbookRefused as refused:
            self._refuse(file, None, refused.findings, options)
        act = rehearse_import if dry_run else import_treasury_report
        try:
            done = act(workbook, sha256=sha256, by=SYSTEM, at=timezone.now())
        except ReportRefused as refused:
            self._refuse(file, workbook, refused.findings, options)
        summary = workbook_summary(workbook, sha256=sha256)
        written = done.outcome != "unchanged" and not dry_run
        summary["findings"] += findings_as_json(done.warnings)
        said = {**summary, "dry_run": dry_run, "written": written, **_done(done)}
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        else:
            self._tell(said)

    def _refuse(
        self,
        file: Path,
        workbook: CgdWorkbook | None,
        findings: tuple[Finding, ...],
        options: dict[str, Any],
    ) -> None:
        if options["json"]:
            said = workbook_summary(workbook, sha256="") if workbook else {"file": file.name}
            said |= {
                "dry_run": options["dry_run"],
                "written": False,
                "outcome": "refused",
                "findings": findings_as_json(findings),
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
        else:
            for each in findings:
                self.stdout.write(f"  {each.severity}: {each}")
        raise CommandError(
            f"{file.name}: {len(findings)} findings; nothing was written.", returncode=REFUSED
        )

    def _tell(self, said: dict[str, Any]) -> None:
        self.stdout.write(
            f"{said['file']}: ข้อมูล ณ {said['as_of']} (รายงานวันที่ {said['report_date']}) "
            f"ปีงบประมาณ {said['fiscal_year']}"
        )
        for sheet in said["sheets"]:
            total = sheet["total"]["total"]
            self.stdout.write(
                f"  แผ่นงาน {sheet['sheet']}: {sheet['rows']} แถว; รวม {total['amount']} จาก "
                f"{total['base']} ล้านบาท = ร้อยละ {total['percent_shown']}; "
                f"ร้อยละที่คำนวณใหม่ต่างไม่เกิน {sheet['worst_percent_difference']}"
            )
        for each in said["findings"]:
            self.stdout.write(
                f"  {each['severity']}: {each['sheet']} {each['cell']} {each['message']}"
            )
        outcome = {
            "written": f"เขียนตัวเลข {said['figures']:,} แถว ผล {said['results']} จังหวัด",
            "sheets_added": f"เพิ่มแผ่นงาน {said['sheets_written']}",
            "unchanged": "แฟ้มเดียวกันนี้นำเข้าแล้ว ไม่มีอะไรเปลี่ยน",
        }[said["outcome"]]
        self.stdout.write(f"{outcome}{' (ลองอ่านเท่านั้น ยังไม่เขียน)' if said['dry_run'] else ''}")


def _done(done: ReportImported) -> dict[str, Any]:
    return {
        "outcome": done.outcome,
        "replaced": done.replaced,
        "sheets_written": list(done.sheets_written),
        "figures": done.figures,
        "crosswalk": done.crosswalk,
        "round": done.round_code,
        "results": done.results,
    }
