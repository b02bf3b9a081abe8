"""What the star commands have in common: whose stars, of which year, round and moment."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from ninja.responses import NinjaJSONEncoder

from tiddao.indicators.models import Basis
from tiddao.indicators.queries.frameworks import years_with_frameworks
from tiddao.indicators.queries.stars import PlaceStars, stars_of
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.unreadable import Unreadable
from tiddao.places.queries import Unit, find_unit


class AskingCommand(BaseCommand):
    """A command that answers a question, as a table for people or as JSON for programs.

    A question that cannot be answered ends with status 2 and one sentence on standard error.
    """

    requires_migrations_checks = False

    def add_question(self, parser: CommandParser) -> None:
        parser.add_argument("--year", help="Buddhist fiscal year; without it, the newest")
        parser.add_argument("--framework", metavar="CODE")
        parser.add_argument(
            "--round", metavar="CODE", help="6m, 12m …; without it, the last reported"
        )
        parser.add_argument("--known-at", metavar="ISO", help="as it was known at that moment")
        parser.add_argument(
            "--include-unapproved",
            action="store_true",
            help="count submitted and checked results too",
        )
        parser.add_argument("--json", action="store_true")

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(2)

    def print_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, cls=NinjaJSONEncoder))

    def asked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options as the queries take them."""
        return {
            "year": self.year(options["year"]),
            "code": options["framework"],
            "round_code": options["round"],
            "basis": Basis.ALL if options["include_unapproved"] else Basis.APPROVED,
            "known_at": self.moment(options["known_at"]),
        }

    def year(self, text: str | None) -> int:
        if text is None:
            years = years_with_frameworks()
            if not years:
                self.refuse(_("No framework has been published yet."))
            return years[0]
        try:
            return FiscalYear.parse(text).be
        except Unreadable as fault:
            self.refuse(str(fault))

    def moment(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        try:
            found = parse_datetime(text)
        except ValueError:
            found = None
        if found is None:
            self.refuse(_("%(text)s is no moment; write 2023-04-15T16:00+07:00.") % {"text": text})
        return found if timezone.is_aware(found) else timezone.make_aware(found)

    def unit(self, key: str) -> Unit:
        found = find_unit(key, on=timezone.localdate())
        if found is None:
            self.refuse(_("There is no place or group “%(key)s”.") % {"key": key})
        return found

    def stars(self, key: str, options: dict[str, Any]) -> PlaceStars:
        found = stars_of(self.unit(key), **self.asked(options))
        if found is None:
            self.refuse(
                _("No published framework (or no such round) applies to “%(key)s” in that year.")
                % {"key": key}
            )
        return found
