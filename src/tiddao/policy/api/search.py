"""JSON of the search."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja import Query, Router

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.search import Narrowed, find
from tiddao.policy.schemas.search import FoundOut, SearchAsked, found_out, nothing_asked

router = Router()


@router.get(
    "/policy/search",
    response=FoundOut,
    summary="What the caller may see of documents, meetings, papers and the rest, by words in it",
)
def search(request: HttpRequest, asked: Query[SearchAsked]) -> FoundOut:
    """Return one page of 20, the best first: words in the title, then the newest."""
    narrowed = Narrowed(
        kind=asked.kind,
        fiscal_year=asked.fiscal_year,
        within=frozenset({asked.place}) if asked.place else frozenset(),
    )
    standing = cast("SignedInRequest", request).standing
    found = find(asked.q, standing, narrowed, page=asked.page)
    return found_out(found) if found is not None else nothing_asked(asked.q)
