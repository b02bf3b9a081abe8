"""Reading a strategy: the tree of a year on one page, its versions, its paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places.models import NATION
from tiddao.policy.measuring import Measure
from tiddao.policy.queries.directives import directive_lines
from tiddao.policy.queries.search_written import mission_address
from tiddao.policy.queries.strategy.access import (
    PUBLISH,
    WRITE,
    head_of,
    post_of_office,
    post_that_checks,
)
from tiddao.policy.queries.strategy.missions import MissionLine
from tiddao.policy.queries.strategy.offered import directives_on_nothing
from tiddao.policy.queries.strategy.versions import (
    VersionLine,
    changes_since,
    shown_version,
    version_lines,
    versions_of,
    versions_seen,
    year_is_begun,
    years_with_strategy,
)
from tiddao.policy.queries.strategy.view import SourceLine, StrategyView, find_strategy
from tiddao.policy.strategy_paper import direction_paper
from tiddao.policy.strategy_words import FIELD_WORDS
from tiddao.policy.views.pieces import Crumbs, one_page

MOST_LOOSE = 5
"""Directives without a mission that a tree names."""


@dataclass(frozen=True, slots=True)
class MissionBranch:
    """A mission in the tree. below: what a province does to carry it out; again: it stands in full
    under an earlier source; foreign: the department's, shown above a province's own.
    """

    mission: MissionLine
    below: tuple[MissionLine, ...]
    again: bool
    foreign: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A source with its missions; source None: missions that name none."""

    source: SourceLine | None
    missions: tuple[MissionBranch, ...]
    foreign: bool


@dataclass(frozen=True, slots=True)
class UpRow:
    """An indicator with the missions that are measured by it: (mission, its sources, the
    department's mission it carries out).
    """

    measure: Measure
    ways: tuple[tuple[MissionLine, tuple[SourceLine, ...]], ...]


@require_GET
def own_strategy(request: SignedInRequest) -> HttpResponse:
    """Go to the strategy that the person's first post follows."""
    posts = request.standing.posts
    if not posts:
        raise Http404
    group = posts[0].group_key
    root = min(posts[0].roots, key=len, default=NATION)
    return redirect("place-strategy", group or root)


@require_GET
def place_strategy(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the strategy that a place follows in a year: its province's, under the department's."""
    unit = visible_unit_or_404(request, key)
    standing = request.standing
    head = head_of(unit.within if unit.is_group else unit.key)
    years = years_with_strategy(standing, head)
    now = FiscalYear.of(standing.on).be
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else None
    if year is None:
        year = now if now in years or not years else years[0]
    version = shown_version(standing, head, year)
    if version is None and head != NATION:
        version = shown_version(standing, NATION, year)
    office = _office_that_may_begin(request, head, year)
    found = find_strategy(version, standing) if version else None
    context = {
        "crumbs": [(unit.full_name, None)],
        "unit": unit,
        "year": year,
        "years": years,
        "head": head,
        "may_begin": office,
        "only_above": found is not None and found.line.place != head,
        **(_tree(request, found) if found else {"strategy": None}),
    }
    return render(request, "policy/strategy_place.html", context)


@require_GET
def strategy_version(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Show one version with all that hangs on it."""
    found = strategy_or_404(request, version_id)
    context = {
        "crumbs": strategy_crumbs((found.line.title, None)),
        "changes": changes_since(version_id),
        "field_words": FIELD_WORDS,
        **_tree(request, found),
    }
    return render(request, "policy/strategy_version.html", context)


@require_GET
def mission(request: SignedInRequest, mission_id: int) -> HttpResponse:
    """Go to where the mission stands in its strategy."""
    address = mission_address(mission_id, request.standing)
    if address is None:
        raise Http404
    return redirect(address)


@require_GET
def strategies(request: SignedInRequest) -> HttpResponse:
    """List all versions that the person may read."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else None
    page = one_page(request, versions_seen(request.standing, fiscal_year=year))
    context = {
        "crumbs": strategy_crumbs((_("All versions"), None)),
        "page": page,
        "rows": version_lines(page.object_list),
        "year": year,
        "may_write": request.standing.may(WRITE),
    }
    return render(request, "policy/strategies.html", context)


@require_GET
def strategy_pdf(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Return a version as a paper of at most two pages."""
    return direction_paper(strategy_or_404(request, version_id))


# -- shared with the other views of strategies -----------------------------------------------------


def strategy_or_404(request: SignedInRequest, version_id: int) -> StrategyView:
    """Return the version if the person may read it."""
    found = find_strategy(version_id, request.standing)
    if found is None:
        raise Http404
    return found


def strategy_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of strategies."""
    return [(_("Strategy"), reverse("strategy")), *more]


def what_may_be_done(request: SignedInRequest, line: VersionLine) -> dict[str, bool]:
    """Return which acts the person may do to a version."""
    standing = request.standing
    is_draft = line.state != "published"
    return {
        "may_write": bool(post_of_office(standing, WRITE, line.office)),
        "may_check": is_draft
        and line.place != NATION
        and bool(post_that_checks(standing, line.place)),
        "may_publish": is_draft and bool(post_of_office(standing, PUBLISH, line.office)),
    }


# -- pieces ----------------------------------------------------------------------------------------


def _tree(request: SignedInRequest, found: StrategyView) -> dict[str, Any]:
    line = found.line
    versions = versions_of(line.place, line.fiscal_year, request.standing)
    draft = next((each for each in versions if each.state != "published"), None)
    may = what_may_be_done(request, line)
    if (
        draft is not None
    ):  # what is checked is the draft, also from the page of the version in force
        may["may_check"] = what_may_be_done(request, draft)["may_check"]
    loose = directives_on_nothing(line.office, line.fiscal_year, request.standing)
    return {
        "strategy": found,
        "branches": branches_of(found),
        "up": up_rows(found),
        "titles": _titles(found),
        "versions": versions,
        "draft": draft,
        "loose": directive_lines(loose[:MOST_LOOSE], request.standing) if may["may_write"] else [],
        **may,
    }


def branches_of(found: StrategyView) -> tuple[Branch, ...]:
    """Return the tree downwards: the department's sources first, then the version's own, then
    missions that name no source. A mission stands in full once, later it is only named.
    """
    shown: set[int] = set()
    branches: list[Branch] = []
    if found.above is not None:
        branches += _branches(
            found.above.sources, found.above.missions, shown, below=found, foreign=True
        )
        for branch in branches:
            shown.update(each.id for mission in branch.missions for each in mission.below)
    branches += _branches(found.sources, found.missions, shown, below=None, foreign=False)
    return tuple(branches)


def _branches(
    sources: Sequence[SourceLine],
    missions: Sequence[MissionLine],
    shown: set[int],
    *,
    below: StrategyView | None,
    foreign: bool,
) -> list[Branch]:
    def put(lines: Iterable[MissionLine]) -> tuple[MissionBranch, ...]:
        found = []
        for each in lines:
            again = each.id in shown
            shown.add(each.id)
            carrying = below.carrying_out(each.key) if below and not again else ()
            found.append(MissionBranch(each, carrying, again, foreign))
        return tuple(found)

    branches = [
        Branch(source, put(each for each in missions if source.key in each.sources), foreign)
        for source in sources
    ]
    rest = put(each for each in missions if not each.sources and each.id not in shown)
    if rest:
        branches.append(Branch(None, rest, foreign))
    return branches


def up_rows(found: StrategyView) -> tuple[UpRow, ...]:
    """Return every indicator of the year with the missions that are measured by it."""
    ways: dict[tuple[str, str], list[tuple[MissionLine, tuple[SourceLine, ...]]]] = {}
    for view in (found, *([found.above] if found.above else [])):
        sources = {each.key: each for each in view.sources}
        for mission in view.missions:
            stands_on = tuple(sources[key] for key in mission.sources)
            for one in mission.measures:
                ways.setdefault((one.framework, one.code), []).append((mission, stands_on))
    return tuple(UpRow(each, tuple(ways.get(each.reference, ()))) for each in found.measures)


def _titles(found: StrategyView) -> dict[str, list[tuple[str, str]]]:
    """What hangs on nothing, in words: kind of gap → (anchor, title)."""
    sources = {each.key: each.title for each in found.sources}
    missions = {each.key: each.title for each in found.missions}
    above = {each.key: each.title for each in found.above.missions} if found.above else {}
    measures = {each.reference: f"{each.code} {each.name}" for each in found.measures}
    gaps = found.gaps
    return {
        "sources_without_mission": [(f"s-{k}", sources[k]) for k in gaps.sources_without_mission],
        "unanswered": [(f"d-{k}", above[k]) for k in gaps.unanswered],
        "missions_without_source": [(f"m-{k}", missions[k]) for k in gaps.missions_without_source],
        "missions_without_work": [(f"m-{k}", missions[k]) for k in gaps.missions_without_work],
        "indicators_on_nothing": [("up", measures[r]) for r in gaps.indicators_on_nothing],
        "unknown_indicators": [
            (f"m-{each.key}", f"{one.code} · {each.title}")
            for each in found.missions
            for one in each.measures
            if one.measure is None
        ],
    }


def _office_that_may_begin(request: SignedInRequest, head: str, year: int) -> str:
    """The office at the head place for which the person may begin the year's strategy, or ""."""
    begun = year_is_begun(head, year)
    for post in request.standing.posts:
        if begun or post.group_key or head not in post.roots:
            continue
        if post_of_office(request.standing, WRITE, post.office_code):
            return post.office_code
    return ""
