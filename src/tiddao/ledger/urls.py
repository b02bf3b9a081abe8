"""The map of this area."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []  # its page: ``people.urls``, by scope
