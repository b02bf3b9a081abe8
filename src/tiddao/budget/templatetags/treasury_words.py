"""Small words of the treasury's pages."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tiddao.ui.templatetags.ui import status

register = template.Library()

_SEVERITIES = {
    "refused": ("bad", _("stops the import")),
    "error": ("bad", _("contradicts the workbook")),
    "warning": ("check", _("worth a look")),
}


@register.filter
def iso_day(text: str) -> date:
    """Return the day of an ISO date as a report in JSON keeps it."""
    return date.fromisoformat(text)


@register.simple_tag
def severity(code: str) -> SafeString:
    """Show the weight of a finding: icon, colour and word."""
    kind, words = _SEVERITIES[code]
    return status(kind, words)
