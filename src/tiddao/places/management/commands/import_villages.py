"""``tiddao import_villages FILE``: villages from CSV or XLSX, all or none."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tiddao.ledger.actors import SYSTEM
from tiddao.places.actions.villages import import_villages


class Command(BaseCommand):
    help = "Read villages (code, name, moo) from a CSV or XLSX file and write all of them or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--within", default="th", help="refuse villages outside this place")
        parser.add_argument("--dry-run", action="store_true", help="say what would be written")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                report = import_villages(
                    file,
                    within=options["within"],
                    at=timezone.now(),
                    by=SYSTEM,
                    reference=f"file:{path.name}"[:200],
                    dry_run=options["dry_run"],
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        elif not report.refusal:
            self.stdout.write(
                f"{report.rows:,} villages: {report.new:,} new, {report.renamed:,} renamed, "
                f"{report.unchanged:,} unchanged; {report.not_in_file:,} known ones not in the file; "
                f"{report.same_name:,} share a name within their tambon"
            )
            for fault in report.faults:
                self.stdout.write(f"  {fault.cell} {fault.value!r}: {fault.message}")
            self.stdout.write("Written." if report.written else "Nothing was written.")
        if report.refusal:
            raise CommandError(f"{path.name}: {report.refusal}")
        if report.fault_count:
            raise CommandError(f"{report.fault_count:,} faults; nothing was written.")
