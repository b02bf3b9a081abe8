"""The star page on paper: the same words and figures as the screen, set by Typst."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.indicators import wording
from tiddao.indicators.queries.stars import PlaceStars
from tiddao.indicators.rules.next_star import next_star
from tiddao.indicators.views.exports import file_title
from tiddao.indicators.views.frame import digest_of
from tiddao.indicators.views.next_star import next_sentences, plan_steps
from tiddao.indicators.views.shown import DimensionBlock, StarsShown, dimension_line
from tiddao.kernel.numerals import format_decimal, format_trimmed
from tiddao.ui.context import DEMONSTRATION_MARK
from tiddao.ui.pdf import pdf_response
from tiddao.ui.templatetags.ui import be_medium, be_time

TEMPLATE = "indicators/typst/stars.typ"


def star_paper(stars: PlaceStars, ready: StarsShown) -> HttpResponse:
    """Return the star page of an assessed unit as a PDF of one or two pages."""
    return pdf_response(file_title(_("Stars"), stars), TEMPLATE, paper_data(stars, ready))


def paper_data(stars: PlaceStars, ready: StarsShown) -> dict[str, Any]:
    """Return what the paper shows, every figure already in words."""
    assert stars.score is not None
    plan = next_star(stars.definition, stars.score)
    moment = be_time(stars.known_at or timezone.now())
    round_name = stars.round.name if stars.round else ""
    return {
        "title": _("Stars of %(name)s") % {"name": stars.unit.full_name},
        "subtitle": f"{stars.framework.title} {stars.framework.fiscal_year} · {round_name}",
        "office": None,
        "as_of": be_medium(stars.as_of),
        "source": stars.framework.title,
        "demonstration": (settings.HOME / DEMONSTRATION_MARK).exists(),
        "proposed": str(wording.PROPOSED) if stars.definition.proposed else None,
        "stars": stars.score.stars,
        "sentences": list(ready.sentences),
        "rank": ready.rank or None,
        "change": ready.change or None,
        "dimensions": [_dimension(each) for each in ready.dimensions],
        "next": {
            "sentences": next_sentences(plan),
            "steps": [
                [f"{step.code} {step.name}", step.lacking, format_trimmed(step.effort, 2)]
                for step in plan_steps(stars, plan, "")
            ],
        },
        "words": {
            "dimension": _("Dimension"),
            "indicator": _("Indicator"),
            "value": _("Value"),
            "target": _("Target"),
            "level": _("Level"),
            "weight": _("Weight"),
            "status": _("Status"),
            "next": _("The next star"),
            "lacking": _("What is lacking"),
            "effort": _("Effort"),
        },
        "footer": [
            _("Data as of %(day)s") % {"day": be_medium(stars.as_of)}
            + " · "
            + _("As known on %(moment)s") % {"moment": moment}
            + " · "
            + wording.word(wording.BASIS_WORDS, stars.basis),
            f"{stars.framework.title} · "
            + _("version %(n)s") % {"n": stars.version}
            + f" · SHA-256 {digest_of(stars)}",
            _("Stamp of the facts: %(stamp)s") % {"stamp": stars.stamp},
        ],
    }


def _dimension(block: DimensionBlock) -> dict[str, Any]:
    return {
        "code": block.code,
        "name": block.name,
        "stars": block.stars,
        "share": None if block.share is None else float(block.share) / 100,  # a length, no figure
        "share_words": None if block.share is None else f"{format_decimal(block.share, 2)}%",
        "line": dimension_line(block),
        "rows": [
            [
                f"{row.code} {row.name}",
                row.value_words,
                row.target_words,
                None if row.level is None else format_decimal(row.level, 4),
                format_trimmed(row.weight),
                row.status_words,
            ]
            for row in block.rows
        ],
    }
