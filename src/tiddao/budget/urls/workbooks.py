"""Addresses of offices' own workbooks."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.budget.views.workbooks import changes, pages

_ALL = "places/<slug:key>/money/workbooks/"
_ONE = f"{_ALL}<int:workbook_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_ALL, pages.workbooks, name="place-workbooks"),
    path(_ONE, pages.workbook, name="place-workbook"),
    path(f"{_ONE}issues.xlsx", pages.issues_xlsx, name="place-workbook-issues"),
    path(f"{_ONE}cells.xlsx", pages.cells_xlsx, name="place-workbook-cells"),
    path(f"{_ONE}mend/", changes.mend, name="place-workbook-mend"),
    path(f"{_ONE}unmend/", changes.unmend, name="place-workbook-unmend"),
    path(f"{_ONE}sheet/", changes.sheet, name="place-workbook-sheet"),
    path(f"{_ONE}meaning/", changes.meaning, name="place-workbook-meaning"),
    path(f"{_ONE}day/", changes.day, name="place-workbook-day"),
    path(f"{_ONE}again/", changes.again, name="place-workbook-again"),
    path(f"{_ONE}accept/", changes.accept, name="place-workbook-accept"),
    path(f"{_ONE}drop/", changes.drop, name="place-workbook-drop"),
]
