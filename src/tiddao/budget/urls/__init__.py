"""The map of this area; each part has a module of its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from tiddao.budget.urls import books, curves, deadlines, money, quality, treasury, workbooks

urlpatterns: list[URLPattern | URLResolver] = [
    *money.urlpatterns,
    *curves.urlpatterns,
    *books.urlpatterns,
    *workbooks.urlpatterns,
    *deadlines.urlpatterns,
    *quality.urlpatterns,
    *treasury.urlpatterns,
]
