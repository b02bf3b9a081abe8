"""The map of this area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.evidence.views import files, items, proving

_ONE = "evidence/<int:evidence_id>/"
_VERSION = _ONE + "<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("evidence/", items.evidence_list, name="evidence"),
    path("evidence/add/", items.add, name="evidence-add"),
    path(_ONE, items.item, name="evidence-item"),
    path(_ONE + "versions/", items.version_add, name="evidence-version-add"),
    path(_ONE + "expiry/", items.expiry, name="evidence-expiry"),
    path(_VERSION + "file", files.original, name="evidence-file"),
    path(_VERSION + "picture.jpg", files.picture, name="evidence-picture"),
    path(_VERSION + "thumbnail.jpg", files.thumbnail, name="evidence-thumbnail"),
    path(
        "evidence/of/<slug:subject_kind>/<path:subject_key>/",
        proving.attach,
        name="evidence-attach",
    ),
    path("evidence/uses/<int:use_id>/detach/", proving.detach, name="evidence-detach"),
]
