"""Words of the treasury's figures on pages, in the language of the page."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tiddao.budget.queries.figures import Rank
from tiddao.budget.rules.cgd_figures import Kind, Spending
from tiddao.budget.rules.treasury_words import Status
from tiddao.kernel.numerals import format_decimal
from tiddao.ui.registry import Words

SPENDING: dict[Spending, Words] = {
    "recurrent": _("Recurrent"),
    "investment": _("Investment"),
    "total": _("All spending"),
}
KINDS: dict[Kind, Words] = {
    "province": _("provinces"),
    "province_group": _("groups of provinces"),
    "ministry": _("ministries"),
    "agency": _("agencies"),
    "country": _("lines"),
}
SHEETS: dict[int, Words] = {
    1: _("Overview of the country"),
    2: _("Ministries: disbursed"),
    3: _("Agencies: disbursed"),
    4: _("Agencies: used"),
    11: _("Budget of the provinces: disbursed"),
    12: _("Budget of the provinces: used"),
    13: _("Allotted by the centre to provinces: disbursed"),
    14: _("Allotted by the centre to provinces: used"),
}


def sheet_words(number: int) -> str:
    """Return "Sheet 13 · Allotted by the centre to provinces: disbursed"."""
    return gettext("Sheet %(number)s · %(name)s") % {"number": number, "name": SHEETS[number]}


def gap_words(gap: Decimal | None, status: Status) -> str:
    """Return the gap to the month's target in words, with its size in points."""
    if gap is None or status == "nodata":
        return gettext("no monthly target")
    points = format_decimal(abs(gap), 2)
    if gap >= 0:
        return gettext("%(points)s points above the target") % {"points": points}
    return gettext("%(points)s points below the target") % {"points": points}


def rank_words(rank: Rank | None) -> str:
    """Return both ranks in one sentence that cannot be mistaken, or "" without a rank."""
    if rank is None or rank.from_lowest is None:
        return ""
    return gettext(
        "rank %(low)s of %(of)s from the lowest, %(high)s of %(of)s from the highest"
    ) % {"low": rank.from_lowest, "high": rank.from_highest, "of": rank.of}
