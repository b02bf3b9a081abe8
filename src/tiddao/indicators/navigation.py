"""What this area adds to the frame of all pages: menu, tabs of a place, the panel of the home page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tiddao.indicators.panels import stars_panel, targets_panel
from tiddao.ui import registry


def register() -> None:
    """Add it all; called once from ``AppConfig.ready``, and harmless when called again."""
    registry.add(registry.NavigationItem(_("Stars"), "league", "star", 20))
    registry.add(registry.NavigationItem(_("Frameworks"), "frameworks", "clipboard-list", 30))
    registry.add(
        registry.NavigationItem(_("My targets"), "personal", "user-check", 35, _has_a_post)
    )
    registry.add(
        registry.NavigationItem(_("Import results"), "import-results", "upload", 40, _may_import)
    )
    registry.add(registry.PlaceTab("stars", pgettext_lazy("tab", "Stars"), "place", "star", 10))
    registry.add(registry.PlaceTab("children", _("Below"), "place-children", "list-numbers", 90))
    registry.add(registry.HomePanel("stars", "indicators/panel_stars.html", stars_panel, 10))
    registry.add(registry.HomePanel("targets", "indicators/panel_targets.html", targets_panel, 11))


def _has_a_post(request: HttpRequest) -> bool:
    return bool(request.standing.posts)  # type: ignore[attr-defined]  # StandingMiddleware


def _may_import(request: HttpRequest) -> bool:
    return bool(request.standing.may("import_results"))  # type: ignore[attr-defined]  # StandingMiddleware
