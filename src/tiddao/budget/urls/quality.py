"""Addresses of reconciliation and data quality."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views import quality, reconciliation

_MONEY = "places/<slug:key>/money/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_MONEY + "reconciliation/", reconciliation.page, name="place-reconciliation"),
    path(_MONEY + "reconciliation/notes/", reconciliation.add_note, name="reconciliation-note"),
    path(
        _MONEY + "reconciliation/notes/<int:note_id>/end/",
        reconciliation.withdraw_note,
        name="reconciliation-end",
    ),
    path(_MONEY + "quality/", quality.page, name="place-quality"),
    path(_MONEY + "quality/questions.xlsx", quality.page_xlsx, name="place-quality-xlsx"),
    path(_MONEY + "quality/issues/<int:issue_id>/", quality.issue, name="quality-issue"),
]
