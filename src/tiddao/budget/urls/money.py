"""Addresses of the tab งบ, province tables, leagues."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views import place

urlpatterns: list[URLPattern | URLResolver] = [
    path("places/<slug:key>/money/", place.money, name="place-money"),
]
