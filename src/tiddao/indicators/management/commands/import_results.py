"""``tiddao import_results FILE``: take a workbook or CSV of results in, or say why not, by cell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.indicators.actions.imports import ImportNotReady, dry_run, write_file
from tiddao.indicators.actions.results import ResultsRefused, RoundNotOpen
from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.models import Round
from tiddao.indicators.queries.frameworks import find_framework, find_round, rounds_of
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import NATION


class Command(AskingCommand):
    help = (
        "Read results from a file; with --dry-run nothing is written. Exit 1: the file has errors."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--framework", required=True, metavar="CODE")
        parser.add_argument("--year", required=True)
        parser.add_argument("--round", required=True, metavar="CODE")
        parser.add_argument("--scope", default=NATION, metavar="KEY", help="places answered for")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError:
            self.refuse(_("The file %(path)s cannot be read.") % {"path": path})
        scope = self.unit(options["scope"])
        one = self._round(options)
        report = dry_run(one, content, scope=scope.key)
        if not options["dry_run"] and not report["errors"]:
            try:
                written = write_file(
                    one,
                    content,
                    scope=scope.key,
                    file_name=path.name,
                    by=SYSTEM,
                    at=timezone.now(),
                )
            except (ImportNotReady, RoundNotOpen, ResultsRefused) as refused:
                self.refuse(str(refused))
            report |= {"written": written.written, "stood_already": written.unchanged}
        if options["json"]:
            self.print_json(report)
        else:
            self._print(report)
        if report["errors"]:
            sys.exit(1)

    def _round(self, options: dict[str, Any]) -> Round:
        framework = find_framework(options["framework"], self.year(options["year"]))
        if framework is None:
            named = {"code": options["framework"]}
            self.refuse(_("There is no framework “%(code)s” in that year.") % named)
        views = [each for each in rounds_of([framework.pk]) if each.code == options["round"]]
        one = find_round(views[0].id) if views else None
        if one is None:
            named = {"code": options["round"]}
            self.refuse(_("The framework has no round “%(code)s”.") % named)
        return one

    def _print(self, report: dict[str, Any]) -> None:
        for each in report["findings"]:
            kind = _("error") if each["error"] else _("note")
            where = f"{each['sheet']}!{each['cell']}" if each["cell"] else each["sheet"]
            self.stdout.write(f"{kind}  {where}  {each['message_th']}  [{each['code']}]")
        counts = _(
            "%(results)d results of %(places)d places: %(new)d new, %(changed)d changed, "
            "%(unchanged)d stand already; %(errors)d errors, %(notes)d notes"
        )
        self.stdout.write(counts % report)
        if "written" in report:
            self.stdout.write(_("%(written)d results written") % report)
        else:
            self.stdout.write(_("nothing written"))
