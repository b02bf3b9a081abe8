"""Addresses of curves, forecasts and the page for a meeting."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views import curves, money_book, report

urlpatterns: list[URLPattern | URLResolver] = [
    path("places/<slug:key>/money/curves/", curves.page, name="place-curves"),
    path("places/<slug:key>/money/curves/least/", curves.least, name="place-curves-least"),
    path("places/<slug:key>/money/report.pdf", report.paper, name="place-money-report"),
    path("places/<slug:key>/money.xlsx", money_book.workbook, name="place-money-workbook"),
]
