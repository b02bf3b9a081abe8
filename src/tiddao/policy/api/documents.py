"""JSON of documents: what was read and what people decided."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest
from ninja import Router

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.documents import document_lines, documents_seen, find_document
from tiddao.policy.schemas.directives import (
    DocumentOut,
    DocumentPageOut,
    Problem,
    document_out,
    document_page_out,
)

router = Router()
MOST = 500
"""Documents in one answer, the newest; narrow by fiscal year for older ones."""


@router.get("/documents", response=list[DocumentOut], summary="Documents that the caller may read")
def documents(request: HttpRequest, fiscal_year: int | None = None) -> list[DocumentOut]:
    """Return the newest 500, or those of a fiscal year (Buddhist era)."""
    standing = cast("SignedInRequest", request).standing
    rows = documents_seen(standing, fiscal_year=fiscal_year)
    return [document_out(each) for each in document_lines(rows[:MOST])]


@router.get(
    "/documents/{document_id}",
    response={200: DocumentPageOut, 404: Problem},
    summary="One document: its text, what was read in it with spans, what people decided",
)
def document(request: HttpRequest, document_id: int) -> DocumentPageOut:
    """Return it; spans count characters of the text from 0."""
    found = find_document(document_id, cast("SignedInRequest", request).standing)
    if found is None:
        raise Http404
    return document_page_out(found)
