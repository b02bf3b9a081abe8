"""JSON of the offices' own books under /api/v1: the same figures as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, cast

from django.http import Http404, HttpRequest
from ninja import Query, Router

from tiddao.budget.queries.books import books_within, find_book
from tiddao.budget.queries.entries import entries_after, envelope_state
from tiddao.budget.queries.envelopes import envelopes_of, find_envelope
from tiddao.budget.queries.projects import find_project, projects_of
from tiddao.budget.schemas.books import (
    BookOut,
    EntriesOut,
    EnvelopeOut,
    ProjectLineOut,
    ProjectOut,
    balance_out,
    book_out,
    entry_out,
    envelope_out,
    project_line_out,
    project_out,
)
from tiddao.budget.schemas.treasury import Problem
from tiddao.kernel.fiscal import EARLIEST_BE, LATEST_BE, FiscalYear
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree

router = Router()

Year = Annotated[int, Query(ge=EARLIEST_BE, le=LATEST_BE, description="Buddhist fiscal year")]
Cursor = Annotated[int, Query(ge=0, description="next of the page before, 0 for the first")]
Limit = Annotated[int, Query(ge=1, le=2000, description="entries on a page")]


@router.get(
    "/places/{key}/books",
    response={200: list[BookOut], 404: Problem},
    summary="The books of the offices of a place",
)
def books(request: HttpRequest, key: str, year: Year) -> list[BookOut]:
    """Return the book of the place's own office and of all offices below it, by office code."""
    unit = visible_unit_or_404(cast("SignedInRequest", request), key)
    found = books_within(FiscalYear(year), visible=tree.within_any(unit.members))
    return [book_out(each) for each in found]


@router.get(
    "/books/{book_id}/envelopes",
    response={200: list[EnvelopeOut], 404: Problem},
    summary="The envelopes of a book with their balances",
)
def envelopes(
    request: HttpRequest, book_id: int, fund: str = "", tranche: str | None = None
) -> list[EnvelopeOut]:
    """Return all envelopes of the book, or of one fund or tranche ("" for those without one)."""
    _book_or_404(request, book_id)
    return [envelope_out(each) for each in envelopes_of(book_id, fund=fund, tranche=tranche)]


@router.get(
    "/books/{book_id}/entries",
    response={200: EntriesOut, 404: Problem},
    summary="The entries of a book, page by page",
)
def book_entries(
    request: HttpRequest, book_id: int, *, cursor: Cursor = 0, limit: Limit = 500
) -> EntriesOut:
    """Return entries in the order in which they were written down; go on until next is null."""
    _book_or_404(request, book_id)
    found, following, total = entries_after(book_id=book_id, after=cursor, most=limit)
    return EntriesOut(items=[entry_out(each) for each in found], next=following, total=total)


@router.get(
    "/envelopes/{envelope_id}",
    response={200: EnvelopeOut, 404: Problem},
    summary="An envelope, now or as it was",
)
def envelope(
    request: HttpRequest,
    envelope_id: int,
    on: date | None = None,
    known_at: datetime | None = None,
) -> EnvelopeOut:
    """Return the envelope with its balance, as true on a day and known at a moment where asked."""
    found = find_envelope(envelope_id)
    if found is None:
        raise Http404
    year = _book_or_404(request, found.book)
    out = envelope_out(found)
    if on is not None or known_at is not None:
        state = envelope_state(found, year, on=on, known_at=known_at)
        out = out.model_copy(update={"balance": balance_out(state.balance)})
    return out


@router.get(
    "/envelopes/{envelope_id}/entries",
    response={200: EntriesOut, 404: Problem},
    summary="The entries of an envelope, page by page",
)
def envelope_entries(
    request: HttpRequest,
    envelope_id: int,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
    cursor: Cursor = 0,
    limit: Limit = 500,
) -> EntriesOut:
    """Return entries in the order in which they were written down; go on until next is null."""
    found = find_envelope(envelope_id)
    if found is None:
        raise Http404
    _book_or_404(request, found.book)
    rows, following, total = entries_after(
        envelope_id=envelope_id, after=cursor, most=limit, on=on, known_at=known_at
    )
    return EntriesOut(items=[entry_out(each) for each in rows], next=following, total=total)


@router.get(
    "/places/{key}/projects",
    response={200: list[ProjectLineOut], 404: Problem},
    summary="The projects of which the offices of a place have money",
)
def projects(request: HttpRequest, key: str, year: Year) -> list[ProjectLineOut]:
    """Return the projects in the order of their numbers, with the money of all those offices."""
    unit = visible_unit_or_404(cast("SignedInRequest", request), key)
    found = projects_of(FiscalYear(year), visible=tree.within_any(unit.members))
    return [project_line_out(each) for each in found]


@router.get(
    "/projects/{project_id}",
    response={200: ProjectOut, 404: Problem},
    summary="A project with the money of the offices in scope",
)
def project(request: HttpRequest, project_id: int) -> ProjectOut:
    """Return the project; only offices that the reader may see, and their sum."""
    standing = cast("SignedInRequest", request).standing
    found = find_project(project_id, visible=tree.within_any(standing.roots))
    if found is None or not (found.offices or standing.covers(found.owner)):
        raise Http404
    return project_out(found)


def _book_or_404(request: HttpRequest, book_id: int) -> FiscalYear:
    book = find_book(book_id)
    if book is None or not cast("SignedInRequest", request).standing.covers(book.place):
        raise Http404
    return book.year
