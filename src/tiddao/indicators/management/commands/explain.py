"""``tiddao explain KEY``: why a place has these stars."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.management.tables import explanation_text
from tiddao.indicators.queries.stars import explanation_of
from tiddao.indicators.schemas.stars import explain_json


class Command(AskingCommand):
    help = "Show everything a place's stars stand on; the JSON is enough to recompute them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key")
        self.add_question(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        found = self.stars(options["key"], options)
        if options["json"]:
            self.print_json(explain_json(found, at=timezone.now()))
        else:
            self.stdout.write(explanation_text(found, explanation_of(found)))
