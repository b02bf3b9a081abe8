"""Small words of the pages of offices' own workbooks."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tiddao.ui.templatetags.ui import status

register = template.Library()

_WEIGHTS = {
    "refused": ("bad", _("not taken")),
    "error": ("warn", _("contradicts the workbook")),
    "warning": ("check", _("worth a look")),
}


@register.filter
def iso_date(text: str) -> date:
    """Return the day of an ISO date as a report in JSON keeps it."""
    return date.fromisoformat(text)


@register.simple_tag
def issue_weight(code: str) -> SafeString:
    """Show the weight of an issue: icon, colour and word."""
    kind, words = _WEIGHTS[code]
    return status(kind, words)
