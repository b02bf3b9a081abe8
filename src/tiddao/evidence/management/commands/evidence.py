"""``tiddao evidence verify | sweep``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.evidence.actions.sweeping import sweep_files
from tiddao.evidence.queries.verifying import verify_files
from tiddao.evidence.wording import problem_words, size_words
from tiddao.ledger.actors import SYSTEM


class Command(BaseCommand):
    help = "Read every stored file again and compare it with its hash, or remove left-over files."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="name missing, altered and orphaned files; 1 = any")
        verify.add_argument("--json", action="store_true")
        acts.add_parser("sweep", help="remove files that broken-off uploads left behind")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "sweep":
            removed = sweep_files(by=SYSTEM, at=timezone.now())
            self.stdout.write(_("%(count)d left-over files removed") % {"count": removed})
        else:
            self._verify(as_json=options["json"])

    def _verify(self, *, as_json: bool) -> None:
        found = verify_files()
        if as_json:
            report = asdict(found) | {"found": found.found, "ok": found.ok}
            for problem in report["problems"]:
                problem["words"] = problem_words(problem["code"])
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            for each in found.problems:
                self.stdout.write(f"{each.name}: {problem_words(each.code)}")
                for use in each.used_by:
                    self.stdout.write(f"    {use}")
            if found.found > len(found.problems):
                self.stdout.write(
                    _("… and %(count)d more problems")
                    % {"count": found.found - len(found.problems)}
                )
            self.stdout.write(
                _("%(files)d files, %(size)s read")
                % {"files": found.files, "size": size_words(found.bytes)}
            )
            self.stdout.write(
                _("Every file is there and unaltered.")
                if found.ok
                else _("%(missing)d missing, %(altered)d altered, %(orphaned)d orphaned")
                % {
                    "missing": found.missing,
                    "altered": found.altered,
                    "orphaned": found.orphaned,
                }
            )
        if not found.ok:
            sys.exit(1)
