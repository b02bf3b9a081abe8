"""The next star: what is lacking, step by step, and what would cost one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiddao.indicators import wording
from tiddao.indicators.queries.stars import PlaceStars
from tiddao.indicators.rules.next_star import NextStar
from tiddao.indicators.views.shown import why_href
from tiddao.places.queries import in_language


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the plan, in words."""

    code: str
    name: str
    lacking: str
    now_words: str
    needed_words: str
    level_now: Decimal | None
    level_needed: Decimal
    effort: Decimal
    href: str


@dataclass(frozen=True, slots=True)
class BreakLine:
    """An indicator whose fall by one level costs a star."""

    code: str
    name: str
    level_now: Decimal
    level_after: Decimal
    then: str
    href: str


def plan_steps(stars: PlaceStars, plan: NextStar, query: str) -> tuple[PlanStep, ...]:
    """Return the steps of the plan, in the framework's order."""
    steps = []
    for step in plan.steps:
        indicator = stars.definition.indicator(step.code)
        unit = wording.unit_of(indicator)
        steps.append(
            PlanStep(
                step.code,
                in_language(indicator.name_th, indicator.name_en),
                step.needs_th,
                wording.figure(step.value_now, unit),
                wording.figure(step.value_needed, unit),
                step.level_now,
                step.level_needed,
                step.cost,
                why_href(stars.unit.key, step.code, query),
            )
        )
    return tuple(steps)


def break_lines(stars: PlaceStars, plan: NextStar, query: str) -> tuple[BreakLine, ...]:
    """Return what would lose the present stars, in the framework's order."""
    lines = []
    for each in plan.what_would_break_it:
        indicator = stars.definition.indicator(each.code)
        then = (
            _("no stars at all")
            if each.stars_after is None
            else ngettext("%(n)s star", "%(n)s stars", each.stars_after) % {"n": each.stars_after}
        )
        lines.append(
            BreakLine(
                each.code,
                in_language(indicator.name_th, indicator.name_en),
                each.level_now,
                each.level_after,
                then,
                why_href(stars.unit.key, each.code, query),
            )
        )
    return tuple(lines)


def next_sentences(plan: NextStar) -> list[str]:
    """Return the plan in one or two sentences."""
    if plan.target is None:
        return [_("All five stars are there. What matters now is to keep them.")]
    if not plan.reachable:
        return [
            _(
                "%(target)s stars cannot be reached in this round by any set of steps: too much "
                "is not reported or does not apply."
            )
            % {"target": plan.target}
        ]
    said = [
        ngettext(
            "The cheapest way to %(target)s stars is %(n)s indicator:",
            "The cheapest way to %(target)s stars is these %(n)s indicators:",
            len(plan.steps),
        )
        % {"target": plan.target, "n": len(plan.steps)}
    ]
    if plan.score_after is not None:
        said.append(_("The score then becomes %(score)s.") % {"score": f"{plan.score_after:f}"})
    return said
