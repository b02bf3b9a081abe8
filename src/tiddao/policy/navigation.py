"""What this area adds to the frame of all pages: the menu, a tab of places, the home page's panel."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.waiting import waiting_for
from tiddao.ui import registry


def register() -> None:
    """Add it all; called once from ``AppConfig.ready``, and harmless when called again."""
    registry.add(registry.NavigationItem(_("Directives"), "directives", "send", 15, _has_a_post))
    registry.add(registry.PlaceTab("work", _("Work"), "place-work", "checklist", 20))
    registry.add(registry.HomePanel("directives", "policy/panel.html", waiting_panel, 10))


def waiting_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return what waits for the person, or None when nothing does."""
    standing = cast("SignedInRequest", request).standing
    if not standing.posts:
        return None
    found = waiting_for(standing)
    return None if found.is_empty else {"waiting": found}


def _has_a_post(request: HttpRequest) -> bool:
    return bool(cast("SignedInRequest", request).standing.posts)
