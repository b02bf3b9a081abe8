"""``tiddao next_star KEY``: the cheapest way to the next star."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.management.tables import next_star_text
from tiddao.indicators.queries.stars import next_star_of
from tiddao.indicators.schemas.next_star import next_star_json


class Command(AskingCommand):
    help = "Show the cheapest set of steps to a place's next star, and what would lose this one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key")
        parser.add_argument("--target", type=int, choices=range(1, 6), help="stars to reach")
        self.add_question(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        found = self.stars(options["key"], options)
        if options["json"]:
            self.print_json(next_star_json(found, target=options["target"]))
        else:
            self.stdout.write(next_star_text(found, next_star_of(found, target=options["target"])))
