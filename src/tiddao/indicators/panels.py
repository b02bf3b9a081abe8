"""The panel of the home page: stars of my places, rounds that are due, what waits for me."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from tiddao.indicators import wording
from tiddao.indicators.queries.cascade import targets_waiting
from tiddao.indicators.queries.frameworks import shown_first, years_with_frameworks
from tiddao.indicators.queries.stars import PlaceStars, stars_of
from tiddao.indicators.workload import (
    MyWork,
    OpenRound,
    ReportCounts,
    deadline_words,
    imports_waiting,
    my_work,
    open_rounds,
    report_counts,
)
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.people.rules.matrix import may
from tiddao.places.queries import Unit, find_unit, in_language

MOST_POSTS = 3
"""Posts whose own place shows its stars; a person with more opens the place itself."""


@dataclass(frozen=True, slots=True)
class StarsLine:
    """The stars of the place of one post."""

    name: str
    href: str
    stars: PlaceStars
    sentence: str
    missing: int


@dataclass(frozen=True, slots=True)
class TargetsLine:
    """Targets that wait at one place of mine, with the way there."""

    name: str
    href: str
    to_answer: int
    objections: int


@dataclass(frozen=True, slots=True)
class RoundLine:
    """An open round, how far my places have come, and what of it waits for me, with the way there.

    review_href, entry_href: "" where the person decides, or reports, nothing.
    """

    title: str
    name: str
    href: str
    deadline: str
    counts: ReportCounts
    work: MyWork
    review_href: str
    entry_href: str


def stars_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the panel's variables, or None for somebody without a post."""
    signed_in = cast("SignedInRequest", request)
    standing = signed_in.standing
    if not standing.posts:
        return None
    rounds = open_rounds(standing.roots)
    counts = report_counts([each.view.id for each in rounds], standing.roots, me=standing.reference)
    years = years_with_frameworks()
    reports = [
        root
        for post in standing.posts
        if not post.group_key
        for root in post.roots
        if standing.may("report_result", root)
    ]
    work = my_work(
        [each.view.id for each in rounds],
        checks=standing.roots_for("check_result"),
        approves=standing.roots_for("approve_results"),
        reports=reports,
        me=standing.reference,
    )
    keys = [post.group_key or min(post.roots, default="") for post in standing.posts]
    lines = []
    for key in list(dict.fromkeys(each for each in keys if each))[:MOST_POSTS]:
        line = _line(visible_unit_or_404(signed_in, key), years)
        if line is not None:
            lines.append(line)
    reporting = min(reports, default="")
    lines_of_rounds = [
        _round(signed_in, each, counts, work.get(each.view.id, MyWork()), reporting)
        for each in rounds
    ]
    return {
        "places": lines,
        "rounds": lines_of_rounds,
        "waits": [
            each
            for each in lines_of_rounds
            if each.work.to_decide or each.work.returned or each.work.drafts
        ],
        "report_href": reverse("entry-rounds", args=[reporting]) if reporting and rounds else "",
        "imports": imports_waiting(standing.reference),
    }


def targets_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the targets that wait for the person's offices, or None where none does."""
    standing = cast("SignedInRequest", request).standing
    own = [post for post in standing.posts if not post.group_key]
    waiting = targets_waiting(
        [root for post in own if may(post.role, "answer_target") for root in post.roots],
        [root for post in own if may(post.role, "hand_down_target") for root in post.roots],
    )
    if not waiting:
        return None
    units = {each.place: find_unit(each.place, on=standing.on) for each in waiting}
    return {
        "lines": [
            TargetsLine(
                name=unit.full_name,
                href=reverse("targets", args=[each.place]),
                to_answer=each.to_answer,
                objections=each.objections,
            )
            for each in waiting
            if (unit := units[each.place]) is not None
        ]
    }


def _line(unit: Unit, years: tuple[int, ...]) -> StarsLine | None:
    """Return the unit's stars as its own page opens on them."""
    found = shown_first(unit, years)
    stars = stars_of(unit, year=found[0], code=found[1][0].code) if found else None
    if stars is None or stars.score is None:
        return None
    missing = sum(each.status == "missing" for each in stars.score.indicators)
    return StarsLine(
        name=unit.full_name,
        href=reverse("place", args=[unit.key]),
        stars=stars,
        sentence=wording.star_sentences(stars.definition, stars.score)[0],
        missing=missing,
    )


def _round(
    request: SignedInRequest,
    each: OpenRound,
    counts: dict[int, ReportCounts],
    work: MyWork,
    reporting: str,
) -> RoundLine:
    view, standing = each.view, request.standing
    deciding = standing.roots_for("approve_results") or standing.roots_for("check_result")
    return RoundLine(
        title=in_language(each.framework_title_th, each.framework_title_en),
        name=view.name,
        href=reverse("round", args=[each.framework_code, view.fiscal_year, view.code]),
        deadline=deadline_words(view.closes, request.standing.on),
        counts=counts.get(view.id, ReportCounts(0, 0, 0)),
        work=work,
        review_href=reverse("review", args=[min(deciding), view.id]) if deciding else "",
        entry_href=reverse("entry", args=[reporting, view.id]) if reporting else "",
    )
