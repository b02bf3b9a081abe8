"""``tiddao stars KEY``: how many stars a place has."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.management.tables import stars_text
from tiddao.indicators.schemas.stars import stars_json


class Command(AskingCommand):
    help = "Show the stars of a place or group, with its dimensions and how complete the data is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="place code or group key: 5712, 57, th, zone-57-…")
        self.add_question(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        found = self.stars(options["key"], options)
        if options["json"]:
            self.print_json(stars_json(found, at=timezone.now()))
        else:
            self.stdout.write(stars_text(found))
