"""``tiddao league --scope KEY --level LEVEL``: every place of a level, ranked where it has stars."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.management.tables import league_text
from tiddao.indicators.queries.league import league_of
from tiddao.indicators.schemas.league import league_json
from tiddao.places.models import GroupKind, Level


class Command(AskingCommand):
    help = "Show a league table: places of a level within a scope, reported or not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scope", required=True, metavar="KEY")
        parser.add_argument("--level", required=True, choices=[*Level.values, *GroupKind.values])
        parser.add_argument("--dimension", metavar="CODE", help="rank by one dimension")
        parser.add_argument("--peers", metavar="KEY", help="only places of that group")
        self.add_question(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        asked = self.asked(options)
        if options["peers"]:
            self.unit(options["peers"])
        scope = self.unit(options["scope"])
        try:
            table = league_of(
                scope,
                options["level"],
                **asked,
                dimension=options["dimension"],
                peers=options["peers"],
            )
        except KeyError:
            named = {"code": options["dimension"]}
            self.refuse(_("The framework has no dimension “%(code)s”.") % named)
        except ValueError:
            self.refuse(_("That level is below the one that is assessed."))
        if table is None:
            named = {"key": options["scope"]}
            self.refuse(
                _("No published framework (or no such round) applies to “%(key)s” in that year.")
                % named
            )
        if options["json"]:
            self.print_json(league_json(table, at=timezone.now()))
        else:
            self.stdout.write(league_text(table))
