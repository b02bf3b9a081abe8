"""``tiddao ledger verify | head | seal``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.ledger.actions import keep_check, seal_entries
from tiddao.ledger.anchors import anchor_path
from tiddao.ledger.queries import Problem, head, verify_ledger
from tiddao.ledger.words import problem_words


class Command(BaseCommand):
    help = "Check the chained ledger, show its head, or seal what waits."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="reckon every digest and link again; 1 = problems")
        verify.add_argument("--json", action="store_true")
        verify.add_argument("--anchor", type=Path, help="a file of heads kept elsewhere")
        shown = acts.add_parser("head", help="the last seal, as an office would write it down")
        shown.add_argument("--json", action="store_true")
        acts.add_parser("seal", help="give every waiting entry its place in the chain")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        {"verify": self._verify, "head": self._head, "seal": self._seal}[act](options)

    def _verify(self, options: dict[str, Any]) -> None:
        anchor_file: Path | None = options["anchor"]
        if anchor_file is not None and not anchor_file.is_file():
            self.stderr.write(_("There is no file %(path)s.") % {"path": anchor_file})
            sys.exit(2)
        found = verify_ledger(anchor_file=anchor_file)
        if anchor_file is None:
            keep_check(found, at=timezone.now())  # the pages say when and what
        if options["json"]:
            report = asdict(found)
            for problem in report["problems"]:
                problem["words"] = problem_words(problem["code"])
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            for problem in found.problems:
                self.stdout.write(_line(problem))
            if found.found > len(found.problems):
                self.stdout.write(
                    _("… and %(count)d more problems")
                    % {"count": found.found - len(found.problems)}
                )
            self.stdout.write(
                _(
                    "%(entries)d entries, %(sealed)d sealed, %(unsealed)d waiting, %(anchors)d anchors"
                )
                % {
                    "entries": found.entries,
                    "sealed": found.sealed,
                    "unsealed": found.unsealed,
                    "anchors": found.anchors,
                }
            )
            self.stdout.write(f"{found.head_sequence} {found.head_chain}")
            self.stdout.write(
                _("The ledger verifies.")
                if found.ok
                else _("%(count)d problems found.") % {"count": found.found}
            )
        if not found.ok:
            sys.exit(1)

    def _head(self, options: dict[str, Any]) -> None:
        now = head()
        if options["json"]:
            shown = asdict(now) | {"sealed_at": now.sealed_at and now.sealed_at.isoformat()}
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        else:
            self.stdout.write(f"{now.sequence} {now.chain}")
            self.stdout.write(
                _("%(count)d entries wait to be sealed; heads are kept in %(path)s")
                % {"count": now.waiting, "path": anchor_path()}
            )

    def _seal(self, options: dict[str, Any]) -> None:
        total = 0
        while (done := seal_entries(at=timezone.now())).sealed:
            total += done.sealed
        self.stdout.write(_("%(count)d entries sealed") % {"count": total})
        self.stdout.write(f"{done.sequence} {done.chain}")


def _line(problem: Problem) -> str:
    where = []
    if problem.entry is not None:
        where.append(_("entry %(number)d") % {"number": problem.entry})
    if problem.sequence is not None:
        where.append(_("seal %(number)d") % {"number": problem.sequence})
    if problem.anchor is not None:
        where.append(_("anchor line %(number)d") % {"number": problem.anchor})
    return f"{', '.join(where)}: {problem_words(problem.code)}"
