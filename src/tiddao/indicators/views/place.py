"""The star pages of one place or group: its stars, why, and the way to the next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tiddao.indicators import wording
from tiddao.indicators.queries.league import LeagueTable, league_of
from tiddao.indicators.queries.stars import (
    PlaceStars,
    ResultView,
    explanation_of,
    results_of,
)
from tiddao.indicators.rules.next_star import next_star
from tiddao.indicators.surroundings import (
    account_names,
    children_of,
    level_within,
    parent_of,
)
from tiddao.indicators.views.choices import Choice, Offered, moment_asked, offered_to, stars_chosen
from tiddao.indicators.views.explained import (
    ChildValue,
    child_values,
    explained_blocks,
    indicator_shown,
    report_lines,
    round_points,
    with_proofs,
)
from tiddao.indicators.views.exports import explanation_workbook, file_title, stars_workbook
from tiddao.indicators.views.frame import StarsFrame, frame_of
from tiddao.indicators.views.next_star import break_lines, next_sentences, plan_steps
from tiddao.indicators.views.papers import star_paper
from tiddao.indicators.views.shown import rank_words, shown
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places.queries import Unit
from tiddao.policy.queries.strategy.behind import policies_behind
from tiddao.ui.context import address
from tiddao.ui.xlsx import attachment

REPORTS_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A unit opened on a choice. stars: None where no framework speaks of it."""

    unit: Unit
    choice: Choice | None
    stars: PlaceStars | None
    frame: StarsFrame
    inherited: PlaceStars | None  # of the place that is assessed instead of a smaller one
    table: LeagueTable | None  # the league the unit stands in, where the reader may open it


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing to show yet, and the next step."""

    title: str
    text: str
    href: str
    label: str


@require_GET
def place(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the unit's stars, what limits them, and every indicator."""
    opened = _open(request, key, with_league=True)
    stars = opened.inherited or opened.stars
    context: dict[str, Any] = {
        "page": opened.frame,
        "stars": None,
        "notes": _notes(opened),
        "empty": _empty(opened),
        "level_label": _level_label(stars),
        "facts": _facts(request, opened.unit),
        "report_href": _report_href(request, opened.unit),
    }
    if stars is not None and stars.score is not None and opened.choice is not None:
        context["stars"] = shown(
            stars,
            opened.choice,
            rank=rank_words(opened.table, stars.unit.key),
            of_unit=stars.unit if opened.inherited else None,
        )
    return render(request, "indicators/place.html", context)


def _report_href(request: SignedInRequest, unit: Unit) -> str:
    """Where the office reports, for those who may; "" for the others."""
    if unit.is_group or not request.standing.may("report_result", unit.key):
        return ""
    return reverse("entry-rounds", args=[unit.key])


@require_GET
def why(request: SignedInRequest, key: str) -> HttpResponse:
    """Show how the stars are computed, from the whole down to each report."""
    opened = _open(request, key)
    stars = opened.stars
    context: dict[str, Any] = {
        "page": opened.frame,
        "crumbs": _crumbs(opened, _("Why these stars")),
        "tree": explanation_of(stars) if stars else {},
        "empty": _empty(opened),
    }
    if stars is not None and stars.score is not None and opened.choice is not None:
        single = opened.unit.level == stars.definition.assessed_level
        reports = _reports(opened, stars) if single else ()
        names = account_names([each.by for each in reports])
        blocks = explained_blocks(
            stars, context["tree"], opened.choice.query(), report_lines(stars, reports, names)
        )
        context |= {
            "blocks": blocks,
            "sentences": wording.star_sentences(stars.definition, stars.score),
            "total_weight": sum(each.weight for each in blocks if each.score is not None),
            "total_product": sum(each.product or 0 for each in blocks),
        }
    return render(request, "indicators/place_why.html", context)


@require_GET
def why_json(request: SignedInRequest, key: str) -> HttpResponse:
    """Hand out the whole tree, enough to recompute the stars without us."""
    opened, stars = _assessed(request, key)
    body = {
        "place": opened.unit.key,
        "round": stars.round.code if stars.round else None,
        "basis": stars.basis,
        "as_of": stars.as_of.isoformat() if stars.as_of else None,
        "known_at": stars.known_at.isoformat() if stars.known_at else None,
        "digest": opened.frame.digest,
        "stamp": stars.stamp,
        "explanation": explanation_of(stars),
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, indent=2), content_type="application/json"
    )
    response["Content-Disposition"] = attachment(f"{file_title(_('Why these stars'), stars)}.json")
    return response


@require_GET
def why_xlsx(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out the tree as a workbook."""
    _opened, stars = _assessed(request, key)
    return explanation_workbook(stars)


@require_GET
def why_indicator(request: SignedInRequest, key: str, code: str) -> HttpResponse:
    """Show one indicator of the unit: over the rounds, from below, and every report."""
    opened, stars = _assessed(request, key)
    assert opened.choice is not None
    try:
        indicator = stars.definition.indicator(code)
    except KeyError:
        raise Http404 from None
    reports = _reports(opened, stars, code)
    names = account_names([each.by for each in reports])
    lines = report_lines(stars, reports, names).get(code, ())
    page = Paginator(lines, REPORTS_ON_A_PAGE).get_page(request.GET.get("page"))
    children: tuple[ChildValue, ...] = ()
    below = level_within(opened.unit)
    if below is not None and opened.unit.level != stars.definition.assessed_level:
        assert stars.as_of is not None
        places = children_of(opened.unit, below, on=stars.as_of, known_at=stars.known_at)
        children = child_values(stars, indicator, places, reports, opened.choice.query())
    may_report = request.standing.may("import_results", next(iter(opened.unit.members)))
    return render(
        request,
        "indicators/place_why_indicator.html",
        {
            "page": opened.frame,
            "crumbs": _crumbs(opened, code),
            "indicator": indicator,
            "row": indicator_shown(stars, indicator),
            "points": round_points(stars, indicator),
            "behind": policies_behind(
                stars.framework.code,
                code,
                stars.framework.fiscal_year,
                opened.unit.within if opened.unit.is_group else opened.unit.key,
                request.standing,
            ),
            "children": children,
            "children_level": below or "",
            "reports": page,
            "report_lines": with_proofs(list(page), known_at=stars.known_at),
            "level_label": _level_label(stars),
            "empty_text": _("The office brings its results in with a workbook."),
            "report_href": address("import-results") if may_report else "",
            "report_label": _("Import results"),
        },
    )


@require_GET
def next_page(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the cheapest steps to the next star, and what would lose the present ones."""
    opened = _open(request, key)
    stars = opened.stars
    context: dict[str, Any] = {
        "page": opened.frame,
        "crumbs": _crumbs(opened, _("The next star")),
        "now": None,
        "empty": _empty(opened),
        "level_label": _level_label(stars),
    }
    if stars is not None and stars.score is not None and opened.choice is not None:
        present = stars.score.stars or 0
        higher = range(present + 1, 6)
        asked = request.GET.get("target", "")
        target = int(asked) if asked.isdigit() and int(asked) in higher else None
        plan = next_star(stars.definition, stars.score, target=target)
        query = opened.choice.query()
        context |= {
            "now": stars.score,
            "target": plan.target,
            "targets": [
                {"stars": each, "href": opened.choice.query(target=str(each))} for each in higher
            ],
            "sentences": next_sentences(plan),
            "steps": plan_steps(stars, plan, query),
            "cost": plan.cost,
            "breaks": break_lines(stars, plan, query),
            "no_breaks": _("No single indicator falling by one level would cost a star.")
            if stars.score.stars is not None
            else _("There are no stars yet that could be lost."),
        }
    return render(request, "indicators/place_next.html", context)


@require_GET
def place_pdf(request: SignedInRequest, key: str) -> HttpResponse:
    """Hand out the star page as a PDF for print."""
    opened, stars = _assessed(request, key, with_league=True)
    assert opened.choice is not None
    ready = shown(stars, opened.choice, rank=rank_words(opened.table, stars.unit.key))
    return star_paper(stars, ready)


@require_GET
def place_xlsx(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out the table of indicators as a workbook."""
    _opened, stars = _assessed(request, key)
    return stars_workbook(stars)


# -- opening --------------------------------------------------------------------------------------


def _open(request: SignedInRequest, key: str, *, with_league: bool = False) -> Opened:
    unit = visible_unit_or_404(request, key, **moment_asked(request))
    offered = offered_to(request, unit)
    stars = stars_chosen(unit, offered.choice) if offered else None
    inherited = _inherited(request, offered, stars)
    table = None
    if with_league and offered is not None:
        table = _league_around(request, inherited or stars)
    choice = None
    if offered is not None and stars is not None:
        choice = _settled(offered.choice, stars)
    frame = frame_of(request, unit, offered, choice, inherited or stars)
    return Opened(unit, choice, stars, frame, inherited, table)


def _assessed(
    request: SignedInRequest, key: str, *, with_league: bool = False
) -> tuple[Opened, PlaceStars]:
    """Return the unit and its stars; 404 where it has none to hand out."""
    opened = _open(request, key, with_league=with_league)
    if opened.stars is None or opened.stars.score is None:
        raise Http404
    return opened, opened.stars


def _settled(choice: Choice, stars: PlaceStars) -> Choice:
    """Return the choice with the round that is in fact shown."""
    return Choice(
        year=choice.year,
        code=stars.framework.code,
        basis=choice.basis,
        known_at=choice.known_at,
        round_code=stars.round.code if stars.round else None,
    )


def _inherited(
    request: SignedInRequest, offered: Offered | None, stars: PlaceStars | None
) -> PlaceStars | None:
    """Return the stars of the place assessed instead of a smaller one, if the reader may see it."""
    if offered is None or stars is None or not stars.assessed_in:
        return None
    if not request.standing.covers(stars.assessed_in):
        return None
    return stars_chosen(
        visible_unit_or_404(request, stars.assessed_in, **moment_asked(request)), offered.choice
    )


def _league_around(request: SignedInRequest, stars: PlaceStars | None) -> LeagueTable | None:
    """Return the league of the unit's parent; ranks are told also to those below the parent."""
    if stars is None or stars.score is None or stars.unit.is_group or not stars.unit.within:
        return None
    scope = parent_of(stars.unit, on=stars.as_of or request.standing.on, known_at=stars.known_at)
    if scope is None or stars.round is None:
        return None
    return league_of(
        scope,
        stars.unit.level,
        year=stars.framework.fiscal_year,
        code=stars.framework.code,
        round_code=stars.round.code,
        basis=stars.basis,
        known_at=stars.known_at,
    )


def _crumbs(opened: Opened, here: str) -> tuple[tuple[str, str | None], ...]:
    own = reverse("place", args=[opened.unit.key]) + opened.frame.query
    return (*opened.frame.path[:-1], (opened.unit.full_name, own), (here, None))


def _level_label(stars: PlaceStars | None) -> str:
    if stars is not None and stars.definition.scheme == "points100":
        return _("Points")
    return _("Level")


def _reports(opened: Opened, stars: PlaceStars, code: str | None = None) -> tuple[ResultView, ...]:
    assert stars.round is not None
    return results_of(
        stars.round.id,
        opened.unit,
        on=stars.round.true_on,
        basis=stars.basis,
        indicator=code,
        known_at=stars.known_at,
    )


def _facts(request: SignedInRequest, unit: Unit) -> list[tuple[str, str]]:
    """Return what a place below the assessed level has of its own to show."""
    if unit.level not in ("tambon", "village"):
        return []
    facts = [(_("Official code"), unit.key)]
    if unit.level == "tambon":
        villages = children_of(unit, "village", on=request.standing.on)
        words = (
            ngettext("%(n)s village", "%(n)s villages", len(villages)) % {"n": len(villages)}
            if villages
            else _("no list of villages brought in yet")
        )
        facts.append((_("Villages"), words))
    return facts


# -- words for what is not there ------------------------------------------------------------------


def _notes(opened: Opened) -> list[dict[str, str]]:
    stars = opened.stars
    if stars is None:
        return []
    if stars.not_assessed == "below_assessed_level":
        level = wording.word(wording.LEVEL_PLURAL, stars.definition.assessed_level)
        note = {
            "text": _("This framework assesses %(level)s, not smaller places.") % {"level": level},
            "href": "",
            "label": "",
        }
        if opened.inherited is not None:
            unit = opened.inherited.unit
            note["text"] += " " + _("These are the stars of %(name)s.") % {"name": unit.full_name}
            note["href"] = reverse("place", args=[unit.key]) + opened.frame.query
            note["label"] = _("Open its page")
        return [note]
    return []


def _empty(opened: Opened) -> Empty:
    """Say why there are no stars, and what to do next."""
    stars = opened.stars
    if stars is None:
        return Empty(
            _("No framework speaks of this place yet"),
            _("The department publishes frameworks; a province may copy one and make it its own."),
            reverse("frameworks"),
            _("See the frameworks"),
        )
    if stars.not_assessed == "no_office":
        return Empty(
            _("Nobody is assessed here"),
            _(
                "The Community Development Department has no office at the level this framework "
                "assesses here (in Bangkok the city itself does this work), so nothing can be "
                "reported and no star is given."
            ),
            reverse("framework", args=[stars.framework.code, stars.framework.fiscal_year]),
            _("See what the framework assesses"),
        )
    if stars.not_assessed == "no_round":
        return Empty(
            _("No round yet"),
            _("The framework is published, but none of its rounds has begun."),
            reverse("framework", args=[stars.framework.code, stars.framework.fiscal_year]),
            _("See its rounds"),
        )
    if stars.not_assessed == "below_assessed_level":
        return Empty(_("The stars stand with the district"), "", "", "")
    return Empty("", "", "", "")
