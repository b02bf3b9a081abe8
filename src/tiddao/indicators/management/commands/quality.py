"""``tiddao quality --framework CODE --round CODE``: what is unusual in a round's figures, as questions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiddao.indicators.actions.quality import look_at_figures
from tiddao.indicators.forms.quality import STATE_WORDS
from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.models import QualityKind
from tiddao.indicators.queries.frameworks import (
    DEFAULT_CODE,
    RoundView,
    default_round,
    find_round,
    framework_detail,
)
from tiddao.indicators.queries.quality import look_at, questions_about
from tiddao.indicators.schemas.quality import quality_json
from tiddao.kernel.dates import format_medium
from tiddao.ledger.actors import SYSTEM


class Command(AskingCommand):
    help = "Show what was asked about the figures of a round; --look looks at them first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scope", default="th", metavar="KEY", help="a place or group")
        parser.add_argument("--look", action="store_true", help="look at the figures now")
        self.add_question(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = self.moment(options["known_at"])
        year = self.year(options["year"])
        code = options["framework"] or DEFAULT_CODE
        view = self._round(code, year, options["round"])
        unit = self.unit(options["scope"])
        if options["look"]:
            one = find_round(view.id)
            assert one is not None  # it was found a moment ago
            look_at_figures(one, by=SYSTEM, at=timezone.now())
        look = look_at(view.id, at=at)
        questions = questions_about(view.id, unit.members, known_at=at)
        if options["json"]:
            self.print_json(
                quality_json(
                    unit, code, year, view.code, look=look, questions=questions, known_at=at
                )
            )
            return
        lines = [f"{unit.full_name} · {code} {year} · {view.name}"]
        if look is None:
            lines.append(_("Nobody has looked at the figures yet"))
        for each in questions:
            lines.append("")
            lines.append(
                f"{each.place_name} ({each.place}) · {QualityKind(each.kind).label}"
                f" · {STATE_WORDS[each.state]} · {format_medium(timezone.localtime(each.asked_at).date())}"
            )
            lines.append(f"  {each.reason_th}")
            lines += [f"    {told.indicator} {told.words_th}" for told in each.figures]
        count = len(questions)
        lines += ["", ngettext("%(n)s question", "%(n)s questions", count) % {"n": count}]
        self.stdout.write("\n".join(lines))

    def _round(self, code: str, year: int, round_code: str | None) -> RoundView:
        detail = framework_detail(code, year)
        rounds = detail.rounds if detail else ()
        if round_code is None:
            found = default_round(rounds)
        else:
            found = next((each for each in rounds if each.code == round_code), None)
        if found is None:
            self.refuse(
                _("No published framework (or no such round) applies to “%(key)s” in that year.")
                % {"key": code}
            )
        return found
