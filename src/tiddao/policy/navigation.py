"""What this area adds to the frame of all pages: the menu, a tab of places, the home page's panel."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import SignedInRequest
from tiddao.policy.queries.idea_proposals import MINE, proposals_waiting
from tiddao.policy.queries.meetings import meeting_lines, meetings_waiting
from tiddao.policy.queries.visits import overdue_follow_ups
from tiddao.policy.queries.waiting import waiting_for
from tiddao.ui import registry

COMING_DAYS = 30
MOST_COMING = 5
"""How far ahead the home page looks for meetings, and how many it shows."""


def register() -> None:
    """Add it all; called once from ``AppConfig.ready``, and harmless when called again."""
    registry.add(registry.NavigationItem(_("Directives"), "directives", "send", 15, _has_a_post))
    registry.add(
        registry.NavigationItem(_("Meetings"), "meetings", "calendar-event", 16, _has_a_post)
    )
    registry.add(registry.NavigationItem(_("Idea boards"), "idea-boards", "bulb", 31, _has_a_post))
    registry.add(registry.NavigationItem(_("Field visits"), "visits", "walk", 32, _has_a_post))
    registry.add(registry.PlaceTab("work", _("Work"), "place-work", "checklist", 20))
    registry.add(registry.HomePanel("directives", "policy/panel.html", waiting_panel, 10))
    registry.add(registry.HomePanel("meetings", "policy/meetings_panel.html", meetings_panel, 12))
    registry.add(registry.HomePanel("ideas", "policy/ideas/panel.html", ideas_panel, 11))
    registry.add(registry.HomePanel("visits", "policy/visits/panel.html", visits_panel, 13))


def waiting_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return what waits for the person, or None when nothing does."""
    standing = cast("SignedInRequest", request).standing
    if not standing.posts:
        return None
    found = waiting_for(standing)
    return None if found.is_empty else {"waiting": found}


def meetings_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the meetings of the next weeks that concern the person, or None when there are none."""
    standing = cast("SignedInRequest", request).standing
    if not standing.posts:
        return None
    rows = meetings_waiting(standing, now=timezone.now(), days=COMING_DAYS)[: MOST_COMING + 1]
    lines = meeting_lines(rows, standing)
    if not lines:
        return None
    return {"coming": lines[:MOST_COMING], "more_coming": len(lines) > MOST_COMING}


def ideas_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the proposals from ideas that wait for the person's answer, or None when none does."""
    found = proposals_waiting(cast("SignedInRequest", request).standing)
    return None if found.is_empty else {"waiting": found, "state": MINE}


def visits_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the overdue follow-ups of the person's offices, or None when there are none."""
    standing = cast("SignedInRequest", request).standing
    if not standing.posts:
        return None
    count, rows = overdue_follow_ups(standing)
    return {"count": count, "rows": rows} if count else None


def _has_a_post(request: HttpRequest) -> bool:
    return bool(cast("SignedInRequest", request).standing.posts)
