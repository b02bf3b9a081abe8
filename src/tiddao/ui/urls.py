"""The map of this area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tiddao.ui import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("gallery/", views.gallery, name="ui-gallery"),
]
