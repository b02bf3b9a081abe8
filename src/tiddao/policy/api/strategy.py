"""JSON of strategies and directions: the same reads as the pages."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.strategy.versions import version_lines, versions_seen
from tiddao.policy.queries.strategy.view import find_strategy
from tiddao.policy.schemas.directives import Problem
from tiddao.policy.schemas.strategy import StrategyOut, VersionOut, strategy_out, version_out

router = Router()
MOST = 500
"""Versions in one answer, the newest years first; narrow by fiscal year for older ones."""


@router.get("/strategies", response=list[VersionOut], summary="Strategies the caller may read")
def strategies(request: HttpRequest, fiscal_year: int | None = None) -> list[VersionOut]:
    """Return the newest 500 versions, or those of a fiscal year (Buddhist era)."""
    standing = cast("SignedInRequest", request).standing
    rows = versions_seen(standing, fiscal_year=fiscal_year)
    return [version_out(each) for each in version_lines(rows[:MOST])]


@router.get(
    "/strategies/{version_id}",
    response={200: StrategyOut, 404: Problem},
    summary="One version: sources, key missions, what hangs on them, gaps",
)
def strategy(request: HttpRequest, version_id: int) -> StrategyOut:
    """Return it with the directives that the caller may see."""
    found = find_strategy(version_id, cast("SignedInRequest", request).standing)
    if found is None:
        raise Http404
    return strategy_out(found)
