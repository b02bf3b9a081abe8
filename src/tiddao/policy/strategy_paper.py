"""A direction on paper: at most two pages, however much stands in it."""

from __future__ import annotations

from typing import Any

import pypdfium2
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tiddao.policy.queries.strategy.missions import MissionLine
from tiddao.policy.queries.strategy.view import StrategyView
from tiddao.ui.context import DEMONSTRATION_MARK
from tiddao.ui.pdf import render_pdf
from tiddao.ui.templatetags.ui import be_medium
from tiddao.ui.xlsx import attachment

TEMPLATE = "policy/typst/direction.typ"
MOST_PAGES = 2
FORMS = ("full", "short", "titles")
"""How much is said, tried in this order until the paper has no more than two pages: all; without the
texts of missions; titles alone, in smaller letters. The paper says what it leaves to the system.
"""


def direction_paper(found: StrategyView) -> HttpResponse:
    """Return a version as a PDF download."""
    response = HttpResponse(direction_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = attachment(f"{found.line.title}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response


def direction_pdf(found: StrategyView) -> bytes:
    """Return a version as PDF: the fullest form that has no more than two pages, else the shortest."""
    made = b""
    for form in FORMS:
        made = render_pdf(TEMPLATE, paper_data(found, form))
        if len(pypdfium2.PdfDocument(made)) <= MOST_PAGES:
            break
    return made


def paper_data(found: StrategyView, form: str) -> dict[str, Any]:
    """Return what the paper shows. form: one of FORMS."""
    line = found.line
    top = found.top
    sources = {each.key: each for each in found.sources}
    shortened = {
        "full": None,
        "short": _("Shortened to two pages: the texts are in the system."),
        "titles": _("Shortened to two pages: texts, owners and sources are in the system."),
    }
    state = (
        _("Draft, not in force")
        if found.is_draft
        else _("version no. %(n)s") % {"n": line.number} + f" · {be_medium(line.published_on)}"
    )

    def row(number: int, each: MissionLine) -> list[str | None]:
        what = each.title
        if form == "full" and each.text:
            what = f"{each.title}: {each.text}"
        stands_on = [each.carries_out_title, *(sources[key].title for key in each.sources)]
        measured = [
            f"{one.code} {one.measure.name}" if one.measure and form == "full" else one.code
            for one in each.measures
        ]
        cells = [str(number), what]
        if form != "titles":
            cells += ["; ".join(filter(None, stands_on)) or "–", each.owner or "–"]
        return [*cells, ", ".join(measured) or "–"]

    return {
        "title": line.title,
        "subtitle": f"{line.place_name} · {_('fiscal year %(year)s') % {'year': line.fiscal_year}} · {state}",
        "as_of": be_medium(line.published_on) if line.published_on else None,
        "demonstration": (settings.HOME / DEMONSTRATION_MARK).exists(),
        "small": form == "titles",
        "shortened": shortened[form],
        "vision": top.vision or None,
        "vision_source": " · ".join(filter(None, [top.source, be_medium(top.on) if top.on else ""]))
        or None,
        "goal": top.goal or None,
        "sources": [
            f"{each.kind_words}: {each.title}" + (f" ({each.number})" if each.number else "")
            for each in (*(found.above.sources if found.above else ()), *found.sources)
        ]
        if form != "titles"
        else [],
        "missions": [row(number, each) for number, each in enumerate(found.missions, start=1)],
        "points": [
            f"{each.label}: {each.words} ({each.by_name} {be_medium(each.at)})"
            for each in found.points
            if each.words
        ]
        if form == "full"
        else [
            f"{each.label} ({each.by_name} {be_medium(each.at)})"
            for each in found.points
            if each.words
        ],
        "signed": [line.published_name, line.published_title] if line.published_name else [],
        "words": {
            "vision": _("Vision"),
            "goal": _("Highest goal"),
            "sources": _("Where it comes from"),
            "missions": _("Ways to go") if found.is_direction else _("Key missions"),
            "what": _("Way to go") if found.is_direction else _("Key mission"),
            "stands_on": _("Stands on"),
            "owner": _("Who drives it"),
            "measured": _("Indicators"),
            "points": _("Check of the four points"),
            "signed": _("Published by"),
        },
    }
