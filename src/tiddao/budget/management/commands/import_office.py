"""``tiddao import_office FILE --province 47 --fiscal-year 2569 --dry-run [--json]``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tiddao.budget.queries.offices import office_units
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.budget.rules.office_workbook import read_office_workbook
from tiddao.kernel.fiscal import FiscalYear, FiscalYearUnreadable

REFUSED = 2  # exit code: the file or the words of the call cannot be used


class Command(BaseCommand):
    help = (
        "Say what a provincial office's own workbook holds, sheet by sheet and cell by cell, and "
        "what is wrong with it. Reads only: the office's books are not kept in this version yet."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--province", required=True, metavar="CODE", help="two digits")
        parser.add_argument("--fiscal-year", required=True, metavar="YEAR")
        parser.add_argument("--dry-run", action="store_true", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            year = FiscalYear.parse(options["fiscal_year"])
        except FiscalYearUnreadable as fault:
            raise CommandError(str(fault), returncode=REFUSED) from None
        units = office_units(options["province"], on=year.end)
        if units is None:
            raise CommandError(f"ไม่มีจังหวัดรหัส “{options['province']}”", returncode=REFUSED)
        try:
            workbook = read_office_workbook(
                path,
                file=path.name,
                province=units.province,
                fiscal_year=year,
                districts=units.districts,
            )
        except (WorkbookRefused, OSError) as refused:
            raise CommandError(str(refused), returncode=REFUSED) from None
        if options["json"]:
            said = json.dumps(workbook.as_dict(), ensure_ascii=False, indent=1)
            self.stdout.write(said)
            return
        kinds = Counter(finding.code for finding in workbook.findings)
        self.stdout.write(
            f"{path.name}: {len(workbook.sheets)} แผ่นงาน {len(workbook.rows)} แถว "
            f"(นับ {len(workbook.counted_rows)}) โครงการ {len(workbook.projects)}; ไม่ได้เขียนอะไร"
        )
        for code, count in kinds.most_common():
            self.stdout.write(f"  {code}: {count}")
        for finding in workbook.findings:
            self.stdout.write(f"  {finding.sheet}!{finding.cell} {finding.message_th}")
