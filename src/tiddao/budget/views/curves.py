"""The page of curves and forecasts of a unit: its own large, one small one a unit below."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.budget.models import Fund
from tiddao.budget.queries.curves import Series
from tiddao.budget.queries.money import keeps_money
from tiddao.budget.queries.outlooks import Outlooks, has_treasury_series, outlooks
from tiddao.budget.queries.positions import UnitBelow
from tiddao.budget.views.curves_shown import Address, curves_shown
from tiddao.budget.views.money_choice import Choice, choice_of
from tiddao.budget.views.money_words import basis_words, spending_words
from tiddao.budget.views.report import has_paper
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.queries import Unit, full_name


@dataclass(frozen=True, slots=True)
class SeriesLink:
    """One of the two series a province can be drawn by."""

    words: str
    href: str
    here: bool


@require_GET
def page(request: SignedInRequest, key: str) -> HttpResponse:
    """Show how the unit's money and that of the units below has gone, and where it is going."""
    unit, choice, series, found = asked_outlooks(request, key)
    return render(
        request,
        "budget/curves/page.html",
        {
            "unit": unit,
            "path": _path(request, unit),
            "choice": choice,
            "measure": _measure(choice),
            "series": series,
            "series_links": _series_links(unit, choice, series),
            "curves": curves_shown(found, addresses(request, choice)),
            "may_report": has_paper(unit),
        },
    )


@require_GET
def least(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the few units below with the least chance, as a piece of the tab."""
    unit, choice, _series, found = asked_outlooks(request, key)
    shown = curves_shown(found, addresses(request, choice))
    return render(
        request, "budget/curves/_small.html", {"unit": unit, "choice": choice, "curves": shown}
    )


def asked_outlooks(request: SignedInRequest, key: str) -> tuple[Unit, Choice, Series, Outlooks]:
    """Return the visible unit with its outlooks as the address asks. Http404 where it has no money."""
    unit = visible_unit_or_404(request, key)
    if not keeps_money(unit):
        raise Http404
    choice = choice_of(request.GET, today=request.standing.on)
    series: Series = (
        "cgd" if request.GET.get("series") == "cgd" and has_treasury_series(unit) else "books"
    )
    return unit, choice, series, outlooks(unit, choice.asked, series=series)


def addresses(request: SignedInRequest, choice: Choice) -> Address:
    """Return where the curves of a unit below are, for those that the reader may open."""

    def address(unit: UnitBelow) -> str:
        if unit.is_office or not request.standing.covers(unit.place):
            return ""
        return f"{reverse('place-curves', args=[unit.key])}?{choice.query}"

    return address


def _measure(choice: Choice) -> str:
    """Basis, type of spending and fund, in one line."""
    asked = choice.asked
    fund = str(Fund(asked.fund).label) if asked.fund else _("All funds")
    return " · ".join((basis_words(asked.basis), spending_words(asked.spending), fund))


def _series_links(unit: Unit, choice: Choice, series: Series) -> tuple[SeriesLink, ...]:
    if not has_treasury_series(unit):
        return ()
    words = {"books": _("The offices' own books"), "cgd": _("The Comptroller General's report")}
    return tuple(
        SeriesLink(said, "?" + urlencode({**choice.said, "series": code}), code == series)
        for code, said in words.items()
    )


def _path(request: SignedInRequest, unit: Unit) -> list[tuple[str, str | None]]:
    above = [] if unit.is_group else tree.ancestors(unit.key, on=request.standing.on)
    return [
        *(
            (full_name(each), reverse("place", args=[each.code]))
            for each in above
            if request.standing.covers(each.code)
        ),
        (unit.full_name, reverse("place", args=[unit.key])),
        (_("Money"), reverse("place-money", args=[unit.key])),
        (_("Curves and forecast"), None),
    ]
