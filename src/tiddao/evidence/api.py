"""JSON of this area under /api/v1: the same queries as the pages."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from tiddao.evidence.access import visible_evidence_or_404
from tiddao.evidence.queries.items import evidence_detail, evidence_page
from tiddao.evidence.queries.uses import evidence_of
from tiddao.evidence.schemas import (
    AttachedOut,
    EvidenceAsked,
    EvidenceDetailOut,
    EvidenceListOut,
    NothingAsked,
    Problem,
    UsesAsked,
    attached_json,
    detail_json,
    evidence_json,
)
from tiddao.evidence.subjects import find_subject
from tiddao.people.access import SignedInRequest, visible_unit_or_404

router = Router()

REFUSALS = {404: Problem, 422: Problem}
LARGEST_ID = 2**63 - 1


@router.get("/evidence", response={200: EvidenceListOut, **REFUSALS}, summary="Evidence of offices")
def list_evidence(request: HttpRequest, asked: Query[EvidenceAsked]) -> dict[str, Any]:
    """Return the proofs of the offices in scope, newest first, fifty to a page."""
    _only_known(request, EvidenceAsked)
    standing = _signed_in(request).standing
    if asked.place is not None and visible_unit_or_404(_signed_in(request), asked.place).is_group:
        raise HttpError(422, "place: a place, not a group")
    found = evidence_page(
        standing.roots,
        on=standing.on,
        text=asked.q or "",
        kind=asked.kind or "",
        state=asked.state or "",
        place=asked.place or "",
        number=asked.page,
    )
    return {
        "count": found.pages.paginator.count,
        "page": found.pages.number,
        "pages": found.pages.paginator.num_pages,
        "rows": [evidence_json(row) for row in found.rows],
    }


@router.get(
    "/evidence/{int:evidence_id}",
    response={200: EvidenceDetailOut, **REFUSALS},
    summary="One proof with its versions and uses",
)
def one_evidence(request: HttpRequest, evidence_id: int) -> dict[str, Any]:
    """Return a proof with all its versions and what it proves at places in scope."""
    if evidence_id > LARGEST_ID:
        raise Http404
    visible_evidence_or_404(_signed_in(request), evidence_id)
    _only_known(request, NothingAsked)
    standing = _signed_in(request).standing
    return detail_json(evidence_detail(evidence_id, roots=standing.roots, on=standing.on))


@router.get(
    "/evidence-of",
    response={200: list[AttachedOut], **REFUSALS},
    summary="What proves one thing",
)
def attached_evidence(request: HttpRequest, asked: Query[UsesAsked]) -> list[dict[str, Any]]:
    """Return what is attached to a thing, by its kind and key."""
    _only_known(request, UsesAsked)
    subject = find_subject(asked.subject_kind, asked.subject_key)
    if subject is None or not _signed_in(request).standing.covers(subject.place):
        raise Http404
    return [
        attached_json(row) for row in evidence_of(asked.subject_kind, [subject.key])[subject.key]
    ]


def _signed_in(request: HttpRequest) -> SignedInRequest:
    return cast("SignedInRequest", request)


def _only_known(request: HttpRequest, asked: type[Any]) -> None:
    """Refuse a question that nobody will answer: a misspelt filter must not look like an answer."""
    if "\x00" in request.path or any("\x00" in text for text in request.GET.values()):
        raise HttpError(422, "a text cannot hold NUL")
    unknown = sorted(request.GET.keys() - asked.model_fields.keys())
    if unknown:
        raise HttpError(422, f"unknown query parameter: {', '.join(unknown)}")
