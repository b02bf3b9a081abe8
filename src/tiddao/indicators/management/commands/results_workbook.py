"""``tiddao results_workbook out|in FILE``: a round's workbook out of the system, or back into it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.indicators import wording
from tiddao.indicators.actions.imports import ImportNotReady, dry_run, write_file
from tiddao.indicators.actions.reported_rows import ResultsRefused
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.models import EntryConflict, Round
from tiddao.indicators.queries.frameworks import find_framework, find_round, rounds_of
from tiddao.indicators.queries.workbooks import workbook_of
from tiddao.indicators.rules.results_file import LARGEST_FILE
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import NATION


class Command(AskingCommand):
    help = (
        "Write the workbook of a round for an office or a province (out), or compare a workbook or "
        "CSV with the system and take it in (in). Exit 1: the file has errors or conflicts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        for way, words in (("out", "write FILE"), ("in", "read FILE")):
            one = ways.add_parser(way, help=words)
            one.add_argument("file", type=Path)
            one.add_argument("--framework", required=True, metavar="CODE")
            one.add_argument("--year", required=True)
            one.add_argument("--round", required=True, metavar="CODE")
            one.add_argument("--scope", default=NATION, metavar="KEY", help="places answered for")
            one.add_argument("--json", action="store_true")
        one.add_argument("--dry-run", action="store_true", help="compare, and write nothing")
        one.add_argument("--submit", action="store_true", help="hand in, not as drafts")
        one.add_argument("--partly", action="store_true", help="leave out what is refused")
        one.add_argument(
            "--conflicts",
            choices=EntryConflict.Choice.values,
            default="",
            help="whose figure holds where both sides changed: mine, the file's; theirs, the system's",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scope = self.unit(options["scope"])
        one = self._round(options)
        if options["way"] == "out":
            self._out(one, scope.key, options)
        else:
            self._in(one, scope.key, options)

    def _out(self, one: Round, scope: str, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            content = workbook_of(one, scope=scope)
        except LookupError:
            self.refuse(_("Nobody in these places reports for that round."))
        path.write_bytes(content)
        if options["json"]:
            self.print_json({"file": str(path), "bytes": len(content)})
        else:
            self.stdout.write(_("%(path)s: %(n)d bytes") % {"path": path, "n": len(content)})

    def _in(self, one: Round, scope: str, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        content = self._content(path)
        report = dry_run(one, content, scope=scope)
        stops = (report["errors"] and not options["partly"]) or (
            report["conflicts"] and not options["conflicts"]
        )
        if not options["dry_run"] and not stops:
            try:
                written = write_file(
                    one,
                    content,
                    scope=scope,
                    file_name=path.name,
                    by=SYSTEM,
                    at=timezone.now(),
                    submit=options["submit"],
                    partly=options["partly"],
                    conflicts=options["conflicts"],
                )
            except ImportNotReady as refused:
                self.refuse(wording.import_refusal(refused.code))
            except (RoundNotOpen, ResultsRefused) as refused:
                self.refuse(str(refused))
            report |= {"written": written.written, "stood_already": written.unchanged}
        if options["json"]:
            self.print_json(report)
        else:
            self._print(report)
        if stops:
            sys.exit(1)

    def _content(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > LARGEST_FILE:
                self.refuse(_("The file is larger than 20 MB."))
            return path.read_bytes()
        except OSError:
            self.refuse(_("The file %(path)s cannot be read.") % {"path": path})

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
        both_changed = _("conflict")
        for each in report["preview"]:
            if each["fate"] == "conflict":
                where = f"{each['cell']}  {each['place_th']} {each['indicator']}"
                self.stdout.write(f"{both_changed}  {where}")
        counts = _(
            "%(results)d results of %(places)d places: %(new)d new, %(changed)d changed, "
            "%(conflicts)d conflicts, %(unchanged)d stand already, %(empty)d empty; "
            "%(errors)d errors, %(notes)d notes"
        )
        self.stdout.write(counts % report)
        if "written" in report:
            self.stdout.write(_("%(written)d results written") % report)
        else:
            self.stdout.write(_("nothing written"))
