"""The row of links that all pages about a unit's money share."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tiddao.people.access import sees_the_nation
from tiddao.places.models import Level
from tiddao.places.queries import Unit
from tiddao.ui.registry import Words

register = template.Library()

_PROVINCE = (Level.PROVINCE,)
_OFFICES = (Level.NATION, Level.PROVINCE, Level.DISTRICT)
_TREASURY = (Level.NATION, Level.PROVINCE)

_LINKS: tuple[tuple[str, Words, str, str, tuple[Level, ...] | None], ...] = (
    ("overview", _("Overview"), "coins", "place-money", None),
    ("books", _("Books"), "book", "place-books", _OFFICES),
    ("workbooks", _("Import files"), "upload", "place-workbooks", _PROVINCE),
    ("deadlines", _("Catch up"), "calendar-due", "place-deadlines", None),
    ("curves", _("Curves and forecast"), "chart-line", "place-curves", None),
    ("reconciliation", _("Reconciliation"), "arrows-diff", "place-reconciliation", _TREASURY),
    ("quality", _("Data quality"), "eye-check", "place-quality", None),
)
"""code, words, icon, address by the unit's key, levels of places that have it (None: all units)."""


@dataclass(frozen=True, slots=True)
class MoneyLink:
    label: Words
    icon: str
    href: str
    here: bool


@register.simple_tag(takes_context=True)
def money_links(context: Context, unit: Unit, active: str) -> list[MoneyLink]:
    """Return the links for the unit; a part that is not built yet is left out."""
    links = []
    for code, label, icon, name, levels in _LINKS:
        if levels is not None and (unit.is_group or unit.level not in levels):
            continue
        try:
            href = reverse(name, args=[unit.key])
        except NoReverseMatch:
            continue
        links.append(MoneyLink(label, icon, href, code == active))
    if sees_the_nation(context["request"].standing):
        links.append(MoneyLink(_("Treasury's report"), "report-money", reverse("treasury"), False))
    return links
