"""The proofs of a thing on any area's page: ``{% load evidence %}{% attached_evidence attached %}``."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.template import Context

from tiddao.evidence.attached import Attached
from tiddao.evidence.queries.items import expiry_of
from tiddao.evidence.queries.uses import EvidenceRow

register = template.Library()


@register.inclusion_tag("evidence/attached.html", takes_context=True)
def attached_evidence(context: Context, attached: Attached) -> dict[str, Any]:
    """Show a thing's proofs and, to somebody who may, the form that adds to them."""
    return {"attached": attached, "csrf_token": context.get("csrf_token")}


@register.filter
def expiry(row: EvidenceRow, on: date) -> str:
    """Return "expired", "soon" or "" for a proof on the day."""
    return expiry_of(row.expires_on, on)
