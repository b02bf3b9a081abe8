"""``tiddao report verify [--json]``: every issued report made again from history, and compared."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from tiddao.indicators.queries.verifying import verify_reports


class Command(BaseCommand):
    help = "Make every issued report again and compare it byte for byte; 1 = something differs."

    def add_arguments(self, parser: CommandParser) -> None:
        verify = parser.add_subparsers(dest="act", required=True).add_parser("verify")
        verify.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify_reports()
        if options["json"]:
            report = asdict(found) | {"ok": found.ok}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            for each in found.problems:
                self.stdout.write(f"{each.what} {each.row}: {each.code}")
            self.stdout.write(
                _("%(reports)d reports, %(papers)d papers made again, %(wrong)d problems")
                % {**found.counts, "wrong": len(found.problems)}
            )
        if not found.ok:
            sys.exit(1)
