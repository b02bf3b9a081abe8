"""What this area adds to the frame of all pages: the menu and the panel of the home page."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tiddao.evidence.queries.items import REMIND_DAYS, expiring_evidence
from tiddao.people.access import SignedInRequest
from tiddao.ui import registry


def register() -> None:
    """Add it all; called once from ``AppConfig.ready``, and harmless when called again."""
    registry.add(registry.NavigationItem(_("Evidence"), "evidence", "paperclip", 35))
    registry.add(registry.HomePanel("evidence", "evidence/panel_expiring.html", expiring_panel, 40))


def expiring_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return what expires soon at the offices in scope, or None when nothing does.

    Only for people who can do something about it.
    """
    standing = cast("SignedInRequest", request).standing
    roots = standing.roots_for("add_evidence")
    if not roots:
        return None
    rows, count = expiring_evidence(roots, on=standing.on)
    if not count:
        return None
    return {"rows": rows, "count": count, "more": count - len(rows), "days": REMIND_DAYS}
