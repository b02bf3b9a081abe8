"""Addresses of the treasury's series."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views import imports, treasury

urlpatterns: list[URLPattern | URLResolver] = [
    path("treasury/", treasury.reports, name="treasury"),
    path("treasury/import/", imports.imports, name="treasury-imports"),
    path("treasury/import/<int:upload_id>/", imports.one_upload, name="treasury-upload"),
    path("treasury/import/<int:upload_id>/accept/", imports.accept, name="treasury-accept"),
    path("treasury/import/<int:upload_id>/drop/", imports.drop, name="treasury-drop"),
    path("treasury/<str:as_of>/", treasury.ranking, name="treasury-ranking"),
    path("treasury/<str:as_of>/ranking.xlsx", treasury.ranking_xlsx, name="treasury-ranking-xlsx"),
]
