"""Personal targets as the paper form: indicator, five levels, score (ก), weight (ข), ค = ก × ข."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tiddao.indicators.personal_words import round_words
from tiddao.indicators.queries.personal import LineView, PlanView
from tiddao.indicators.rules.personal import Mark
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.ui.context import DEMONSTRATION_MARK
from tiddao.ui.pdf import pdf_response

TEMPLATE = "indicators/typst/personal.typ"


def personal_paper(plan: PlanView) -> HttpResponse:
    """Return the form as a PDF download; its file name says nothing of what stands in it."""
    return pdf_response(_("Personal targets"), TEMPLATE, paper_data(plan))


def paper_data(plan: PlanView) -> dict[str, Any]:
    """Return what the paper shows. The head's marks stand on it once the head has assessed."""
    by_self = not plan.is_shown_assessed
    mark = plan.self_mark if by_self else plan.mark
    return {
        "title": _("Personal targets and assessment"),
        "subtitle": round_words(plan.fiscal_year, plan.number),
        "demonstration": (settings.HOME / DEMONSTRATION_MARK).exists(),
        "facts": [
            [_("Name"), plan.name],
            [_("Post"), plan.title],
            [_("Office"), plan.office_name],
            [_("Assessed by"), ", ".join(plan.assessors) or "–"],
            [_("State"), plan.state_words],
            [_("Scores shown"), _("the person's own") if by_self else _("the head's")],
        ],
        "results": [
            _row(number, each, by_self=by_self) for number, each in enumerate(plan.results, 1)
        ],
        "competencies": [
            _row(number, each, by_self=by_self) for number, each in enumerate(plan.competencies, 1)
        ],
        "sums": [
            f"{_('Weight')} {format_trimmed(plan.result_weight)}",
            f"{_('Weight')} {format_trimmed(plan.competency_weight)}",
        ],
        "mark": _mark(mark, plan),
        "proposed": plan.scheme.note if plan.scheme.proposed else None,
        "history": [[each.by_name, each.state, each.at, each.words or None] for each in plan.moves],
        "words": {
            "results": _("Results of the work"),
            "competencies": _("Competencies"),
            "line": _("Indicator or task"),
            "levels": _("Target at levels 1–5"),
            "result": _("Result"),
            "level": _("Score (ก)"),
            "weight": _("Weight (ข)"),
            "product": _("ค = ก × ข"),
            "history": _("Who agreed, assessed and acknowledged"),
            "name": _("Name"),
            "state": _("State"),
            "moment": _("When"),
            "reason": _("Words said"),
            "signed_person": _("(the person)"),
            "signed_head": _("(the head who assesses)"),
        },
    }


def _row(number: int, line: LineView, *, by_self: bool) -> list[str | None]:
    result = line.self_result if by_self else line.result
    level = line.self_level if by_self else line.level
    product = line.self_product if by_self else line.product
    return [
        str(number),
        line.title + (f" ({line.unit})" if line.unit else ""),
        " / ".join(line.levels) or "1–5",
        None if result is None else format_trimmed(result),
        None if level is None else format_decimal(level, 4),
        format_trimmed(line.weight),
        None if product is None else format_decimal(product, 4),
    ]


def _mark(mark: Mark | None, plan: PlanView) -> list[str]:
    if mark is None:
        return [_("No mark yet: not every line is assessed.")]
    scheme = plan.scheme
    parts = _("Results %(one)s × %(a)s%% + competencies %(two)s × %(b)s%% = %(mark)s") % {
        "one": format_decimal(mark.results, 4),
        "a": format_trimmed(scheme.results),
        "two": format_decimal(mark.competency, 4),
        "b": format_trimmed(scheme.competency),
        "mark": format_decimal(mark.mark, 2),
    }
    return [parts, _("Band: %(band)s") % {"band": mark.band.words}]
