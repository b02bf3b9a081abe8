"""``tiddao materialise``: bring the kept scores up to the facts now, without waiting for the job."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from tiddao.indicators.actions.scoring import Materialised, materialise, materialise_pending
from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.queries.frameworks import all_rounds


class Command(AskingCommand):
    help = "Score every round that has pending changes (--all: every round) and keep the scores."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        if options["all"]:
            tried = [materialise(round_id, at=at) for round_id in all_rounds()]
            done = [each for each in tried if each is not None]
        else:
            done = materialise_pending(at=at)
        if options["json"]:
            self.print_json([_shape(each) for each in done])
            return
        for each in done:
            seconds = sum(each.seconds.values())
            self.stdout.write(
                f"round {each.round_id}: {each.units} units, {each.written} written, {seconds:.2f} s"
            )


def _shape(each: Materialised) -> dict[str, Any]:
    return {
        "round": each.round_id,
        "units": each.units,
        "written": each.written,
        "changes_settled": each.changes_settled,
        "seconds": {step: round(value, 4) for step, value in each.seconds.items()},
    }
