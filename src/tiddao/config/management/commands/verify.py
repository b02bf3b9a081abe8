"""``tiddao verify [--json]``: everything that can be checked against its own proof, area by area."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from tiddao.config.wrongs import wrong_words
from tiddao.evidence.queries.verifying import verify_files
from tiddao.indicators.queries.verifying import verify_reports, verify_results
from tiddao.ledger.histories import history_problems
from tiddao.ledger.queries import verify_ledger
from tiddao.people.models import Post
from tiddao.places.models import Membership, Office, Place, Succession


@dataclass(frozen=True, slots=True)
class AreaChecked:
    """What one area's check found. problems: code, what and which; notes: not comparable here."""

    area: str
    counts: dict[str, int]
    problems: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        return not self.problems


_Found = tuple[dict[str, int], list[tuple[str, str, str]], tuple[str, ...]]


class Command(BaseCommand):
    help = (
        "Check the ledger, histories, results, issued reports and evidence; 1 = something is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--only", choices=sorted(CHECKS), action="append")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [checked(area) for area in options["only"] or CHECKS]
        if options["json"]:
            report = {
                "ok": all(each.ok for each in found),
                "areas": {each.area: asdict(each) | {"ok": each.ok} for each in found},
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            for each in found:
                self._say(each)
        if not all(each.ok for each in found):
            sys.exit(1)

    def _say(self, each: AreaChecked) -> None:
        counts = ", ".join(f"{name} {count}" for name, count in each.counts.items())
        state = (
            _("in order") if each.ok else _("%(count)d problems") % {"count": len(each.problems)}
        )
        self.stdout.write(f"{each.area}: {state} ({counts}; {each.seconds:.1f} s)")
        for code, what, row in each.problems:
            self.stdout.write(f"  {what} {row}: {wrong_words(code)}")
        if each.notes:
            self.stdout.write(
                "  "
                + _("%(count)d papers were set with another typesetter: compared by hash only")
                % {"count": len(each.notes)}
            )


def checked(area: str) -> AreaChecked:
    """Run one area's check."""
    begun = monotonic()
    counts, problems, notes = CHECKS[area]()
    return AreaChecked(area, counts, tuple(problems), notes, monotonic() - begun)


def _ledger() -> _Found:
    found = verify_ledger()
    problems = [
        (each.code, "Entry", str(each.entry or each.sequence or each.anchor))
        for each in found.problems
    ]
    return {"entries": found.entries, "sealed": found.sealed}, problems, ()


def _histories() -> _Found:
    counts: dict[str, int] = {}
    problems: list[tuple[str, str, str]] = []
    for model, may_change in (
        (Membership, ["superseded_at"]),
        (Succession, ["superseded_at"]),
        (Place, None),
        (Office, None),
        (Post, None),
    ):
        counts[model.__name__], found = history_problems(model, may_change=may_change)
        problems += [(each.code, each.table, each.row) for each in found]
    return counts, problems, ()


def _results() -> _Found:
    found = verify_results()
    return found.counts, [(each.code, each.what, each.row) for each in found.problems], ()


def _reports() -> _Found:
    found = verify_reports()
    problems = [(each.code, each.what, each.row) for each in found.problems]
    return found.counts, problems, found.notes


def _evidence() -> _Found:
    found = verify_files()
    problems = [(each.code, "File", each.name) for each in found.problems]
    return {"files": found.files}, problems, ()


CHECKS: dict[str, Callable[[], _Found]] = {
    "ledger": _ledger,
    "histories": _histories,
    "results": _results,
    "reports": _reports,
    "evidence": _evidence,
}
