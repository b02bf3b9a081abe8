"""Addresses of the tab งบ, province tables, leagues."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views import place

urlpatterns: list[URLPattern | URLResolver] = [
    path("money/", place.own_place, name="own-money"),
    path("places/<slug:key>/money/", place.money, name="place-money"),
    path("places/<slug:key>/money/table.xlsx", place.table, name="place-money-table-xlsx"),
    path("places/<slug:key>/money/league.xlsx", place.league_table, name="place-money-league-xlsx"),
    path(
        "places/<slug:key>/money/spending.xlsx",
        place.spending_table,
        name="place-money-spending-xlsx",
    ),
]
