"""Addresses of documents."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.policy.views import documents, sending

_ONE = "documents/<int:document_id>/"
_PROPOSAL = "documents/proposals/<int:proposal_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/", documents.documents, name="documents"),
    path("documents/new/", documents.document_new, name="document-new"),
    path(_ONE, documents.document, name="document"),
    path(_ONE + "proposals.json", documents.document_json, name="document-json"),
    path(_ONE + "confirm/", documents.document_confirm, name="document-confirm"),
    path(_ONE + "point/", documents.document_point, name="document-point"),
    path(_ONE + "read-again/", documents.document_read_again, name="document-read-again"),
    path(_ONE + "hand-down/", sending.document_hand_down, name="document-hand-down"),
    path(_PROPOSAL, documents.proposal_edit, name="proposal"),
    path(_PROPOSAL + "decide/", documents.proposal_decide, name="proposal-decide"),
]
