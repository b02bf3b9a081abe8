"""Small words of the pages about deadlines."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tiddao.budget.rules.plans import Kept
from tiddao.ui.templatetags.ui import status

register = template.Library()


@register.simple_tag
def kept_status(kept: Kept) -> SafeString:
    """Show how a week of a plan was kept: icon, colour and word."""
    words = {
        "kept": gettext("as planned"),
        "ahead": gettext("ahead of the plan"),
        "behind": gettext("behind the plan"),
        "nodata": gettext("no data yet"),
        "now": gettext("this week"),
        "to_come": gettext("still to come"),
    }[kept.code]
    return status(kept.kind, words)
