"""JSON of this area under /api/v1: the same queries as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router
from ninja.errors import HttpError

from tiddao.indicators.queries.cascade import board_of, split_history
from tiddao.indicators.queries.frameworks import (
    FrameworkDetail,
    FrameworkInForce,
    framework_detail,
    framework_rows,
    frameworks_for,
    shown_first,
)
from tiddao.indicators.queries.imports import import_view, imports_within
from tiddao.indicators.queries.league import league_of
from tiddao.indicators.queries.quality import look_at, questions_about
from tiddao.indicators.queries.stars import PlaceStars, results_of, stars_of
from tiddao.indicators.queries.timeliness import timeliness_of
from tiddao.indicators.schemas.asking import DatabaseId, NothingAsked, Problem, StarsAsked, Year
from tiddao.indicators.schemas.frameworks import (
    FrameworkAsked,
    FrameworkDetailOut,
    FrameworkOut,
    FrameworksAsked,
    framework_detail_json,
    framework_json,
)
from tiddao.indicators.schemas.league import LeagueAsked, LeagueOut, league_json
from tiddao.indicators.schemas.next_star import NextStarAsked, NextStarOut, next_star_json
from tiddao.indicators.schemas.quality import QualityAsked, QualityOut, quality_json
from tiddao.indicators.schemas.result_files import (
    ResultFileDetailOut,
    ResultFileOut,
    result_file_json,
)
from tiddao.indicators.schemas.results import ResultsAsked, ResultsOut, result_json
from tiddao.indicators.schemas.stars import StarsOut, explain_json, stars_json
from tiddao.indicators.schemas.targets import (
    HandedDownOut,
    TargetsAsked,
    TargetsOut,
    handed_down_json,
    targets_json,
)
from tiddao.indicators.schemas.timeliness import TimelinessAsked, TimelinessOut, timeliness_json
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.queries import Unit

router = Router()

PAGE = 200
"""Results on one page."""
REFUSALS = {404: Problem, 422: Problem}


@router.get("/frameworks", response={200: list[FrameworkOut], 422: Problem}, summary="Frameworks")
def list_frameworks(request: HttpRequest, asked: Query[FrameworksAsked]) -> list[dict[str, Any]]:
    """Return the frameworks that concern the places in scope, the newest year first."""
    _only_known(request, FrameworksAsked)
    roots = _signed_in(request).standing.roots
    return [framework_json(row) for row in framework_rows(roots, year=asked.year)]


@router.get(
    "/frameworks/{year}/{code}",
    response={200: FrameworkDetailOut, **REFUSALS},
    summary="One framework",
)
def one_framework(
    request: HttpRequest, year: Path[Year], code: str, asked: Query[FrameworkAsked]
) -> dict[str, Any]:
    """Return a framework with its versions and rounds."""
    _only_known(request, FrameworkAsked)
    return framework_detail_json(_framework_or_404(request, year, code, asked.version))


@router.get(
    "/frameworks/{year}/{code}/toml",
    response={200: str, **REFUSALS},
    summary="A framework's definition, as the TOML file that travels",
)
def framework_toml(
    request: HttpRequest, year: Path[Year], code: str, asked: Query[FrameworkAsked]
) -> HttpResponse:
    """Return the definition's own text."""
    _only_known(request, FrameworkAsked)
    detail = _framework_or_404(request, year, code, asked.version)
    return HttpResponse(detail.toml, content_type="application/toml; charset=utf-8")


@router.get("/places/{key}/stars", response={200: StarsOut, **REFUSALS}, summary="Stars of a place")
def stars(request: HttpRequest, key: str, asked: Query[StarsAsked]) -> dict[str, Any]:
    """Return score, stars and completeness of a place or group."""
    _only_known(request, StarsAsked)
    return stars_json(_stars_or_404(request, key, asked), at=timezone.now())


@router.get(
    "/places/{key}/explain",
    response={200: dict[str, Any], **REFUSALS},
    summary="Why this star: the whole tree",
)
def explain(request: HttpRequest, key: str, asked: Query[StarsAsked]) -> dict[str, Any]:
    """Return all that the stars stand on, enough to recompute them."""
    _only_known(request, StarsAsked)
    return explain_json(_stars_or_404(request, key, asked), at=timezone.now())


@router.get(
    "/places/{key}/next-star",
    response={200: NextStarOut, **REFUSALS},
    summary="The cheapest way to the next star",
)
def next_star(request: HttpRequest, key: str, asked: Query[NextStarAsked]) -> dict[str, Any]:
    """Return the cheapest set of steps that reaches the target, and what would lose the star."""
    _only_known(request, NextStarAsked)
    return next_star_json(_stars_or_404(request, key, asked), target=asked.target)


@router.get(
    "/places/{key}/results",
    response={200: ResultsOut, **REFUSALS},
    summary="What the offices of a place reported",
)
def results(request: HttpRequest, key: str, asked: Query[ResultsAsked]) -> dict[str, Any]:
    """Return the results that count on the basis asked for, page by page."""
    _only_known(request, ResultsAsked)
    found = _stars_or_404(request, key, asked)
    if found.round is None:
        raise Http404
    rows = results_of(
        found.round.id,
        found.unit,
        on=found.round.true_on,
        basis=asked.basis,
        indicator=asked.indicator,
        known_at=asked.known_at,
    )
    first = (asked.page - 1) * PAGE
    return {
        "place": found.unit.key,
        "framework": found.framework.code,
        "round": found.round.code,
        "basis": asked.basis,
        "count": len(rows),
        "page": asked.page,
        "pages": -(-len(rows) // PAGE),
        "rows": [result_json(row) for row in rows[first : first + PAGE]],
    }


@router.get(
    "/places/{key}/result-files",
    response={200: list[ResultFileOut], **REFUSALS},
    summary="Workbooks of results that were handed in for a place",
)
def result_files(request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """Return the newest 50 files handed in for the place and those within it."""
    within = frozenset({_importer(request, key)})
    _only_known(request, NothingAsked)
    return [result_file_json(each) for each in imports_within(within)]


@router.get(
    "/places/{key}/result-files/{file_id}",
    response={200: ResultFileDetailOut, **REFUSALS},
    summary="How a workbook compared with the system, cell by cell",
)
def result_file(request: HttpRequest, key: str, file_id: Path[DatabaseId]) -> dict[str, Any]:
    """Return one file with its findings by sheet and cell."""
    within = _importer(request, key)
    _only_known(request, NothingAsked)
    one = import_view(file_id)
    if one is None or not tree.is_within(one.scope, within):
        raise Http404
    return result_file_json(one)


def _importer(request: HttpRequest, key: str) -> str:
    """Return the place, for somebody who may take in results there."""
    signed_in = _signed_in(request)
    if "\x00" in key:  # which no text of the database can hold
        raise Http404
    unit = visible_unit_or_404(signed_in, key)
    if unit.is_group or not signed_in.standing.may("import_results", key):
        raise Http404
    return key


@router.get(
    "/places/{key}/targets",
    response={200: TargetsOut, **REFUSALS},
    summary="Targets of a place: got, handed down, answered",
)
def targets(request: HttpRequest, key: str, asked: Query[TargetsAsked]) -> dict[str, Any]:
    """Return each indicator's target with the answers of the places below."""
    _only_known(request, TargetsAsked)
    unit, framework = _assessed_or_404(request, key, asked.year, asked.framework)
    return targets_json(unit.key, framework, board_of(unit.key, framework))


@router.get(
    "/places/{key}/targets/{year}/{code}/{indicator}",
    response={200: HandedDownOut, **REFUSALS},
    summary="One target as the place handed it down, with every receiver's answer",
)
def handed_down(
    request: HttpRequest, key: str, year: Path[Year], code: str, indicator: str
) -> dict[str, Any]:
    """Return what was sent, the newest first."""
    _only_known(request, NothingAsked)
    unit, framework = _assessed_or_404(request, key, year, code)
    if all(each.code != indicator for each in framework.definition.indicators):
        raise Http404
    history = split_history(framework.framework_id, indicator, unit.key)
    return handed_down_json(unit.key, framework, indicator, history)


def _assessed_or_404(
    request: HttpRequest, key: str, year: int, code: str | None
) -> tuple[Unit, FrameworkInForce]:
    """Return a place in scope, and the framework of the year that speaks of it."""
    unit = visible_unit_or_404(_signed_in(request), key)
    if unit.is_group:
        raise Http404
    if code is None:
        shown = shown_first(unit, [year])
        found = shown[1] if shown else ()
    else:
        found = tuple(each for each in frameworks_for(unit, year) if each.code == code)
    if not found:
        raise Http404
    return unit, found[0]


@router.get("/league", response={200: LeagueOut, **REFUSALS}, summary="League table")
def league(request: HttpRequest, asked: Query[LeagueAsked]) -> dict[str, Any]:
    """Return every place of a level within a scope, ranked where it has stars."""
    _only_known(request, LeagueAsked)
    scope = visible_unit_or_404(_signed_in(request), asked.scope, **_then(asked.known_at))
    if asked.peers is not None:
        visible_unit_or_404(_signed_in(request), asked.peers)
    try:
        table = league_of(
            scope,
            asked.level,
            year=asked.year,
            code=asked.framework,
            round_code=asked.round,
            basis=asked.basis,
            dimension=asked.dimension,
            peers=asked.peers,
            known_at=asked.known_at,
        )
    except KeyError as unknown:
        raise HttpError(422, f"no dimension {unknown.args[0]}") from unknown
    except ValueError as refused:
        raise HttpError(422, str(refused)) from refused
    if table is None:
        raise Http404
    return league_json(table, at=timezone.now())


@router.get(
    "/frameworks/{year}/{code}/rounds/{round_code}/quality",
    response={200: QualityOut, **REFUSALS},
    summary="Questions about the figures of a round",
)
def quality(
    request: HttpRequest, year: Path[Year], code: str, round_code: str, asked: Query[QualityAsked]
) -> dict[str, Any]:
    """Return what is unusual in the figures of the unit's offices, and what they said to it."""
    _only_known(request, QualityAsked)
    scope = visible_unit_or_404(_signed_in(request), asked.scope, **_then(asked.known_at))
    detail = _framework_or_404(request, year, code, None)
    view = next((each for each in detail.rounds if each.code == round_code), None)
    if view is None:
        raise Http404
    return quality_json(
        scope,
        code,
        year,
        round_code,
        look=look_at(view.id, at=asked.known_at),
        questions=questions_about(view.id, scope.members, known_at=asked.known_at),
        known_at=asked.known_at,
    )


@router.get(
    "/frameworks/{year}/{code}/rounds/{round_code}/timeliness",
    response={200: TimelinessOut, **REFUSALS},
    summary="Completeness and timeliness of a round's reports",
)
def timeliness(
    request: HttpRequest,
    year: Path[Year],
    code: str,
    round_code: str,
    asked: Query[TimelinessAsked],
) -> dict[str, Any]:
    """Return per office (per province, where there are several) what is owed, on time, late, missing."""
    _only_known(request, TimelinessAsked)
    scope = visible_unit_or_404(_signed_in(request), asked.scope, **_then(asked.known_at))
    detail = _framework_or_404(request, year, code, None)
    view = next((each for each in detail.rounds if each.code == round_code), None)
    if view is None:
        raise Http404
    found = timeliness_of(detail, view, scope, known_at=asked.known_at)
    return timeliness_json(found, view, known_at=asked.known_at or timezone.now())


def _signed_in(request: HttpRequest) -> SignedInRequest:
    return cast("SignedInRequest", request)


def _then(known_at: datetime | None) -> dict[str, Any]:
    """The day and moment by which the map is asked, for ``visible_unit_or_404``."""
    if known_at is None:
        return {}
    return {"on": timezone.localdate(known_at), "known_at": known_at}


def _only_known(request: HttpRequest, asked: type[Any]) -> None:
    """Refuse a question that nobody will answer: a misspelt filter must not look like an answer."""
    if "\x00" in request.path or any("\x00" in text for text in request.GET.values()):
        raise HttpError(422, "a text cannot hold NUL")
    unknown = sorted(request.GET.keys() - asked.model_fields.keys())
    if unknown:
        raise HttpError(422, f"unknown query parameter: {', '.join(unknown)}")


def _stars_or_404(request: HttpRequest, key: str, asked: StarsAsked) -> PlaceStars:
    unit = visible_unit_or_404(_signed_in(request), key, **_then(asked.known_at))
    found = stars_of(
        unit,
        year=asked.year,
        code=asked.framework,
        round_code=asked.round,
        basis=asked.basis,
        known_at=asked.known_at,
    )
    if found is None:
        raise Http404
    return found


def _framework_or_404(
    request: HttpRequest, year: int, code: str, number: int | None
) -> FrameworkDetail:
    """The published framework, where it concerns a place in scope; drafts are not for export."""
    roots = _signed_in(request).standing.roots
    detail = framework_detail(code, year, number=number)
    concerned = {(row.code, row.fiscal_year) for row in framework_rows(roots, year=year)}
    if detail is None or (code, year) not in concerned or detail.shown.state == "draft":
        raise Http404
    return detail
