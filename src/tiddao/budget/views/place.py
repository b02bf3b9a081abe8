"""The tab งบ of a place: the offices' own books, then the treasury's weekly report."""

from __future__ import annotations

from datetime import datetime

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tiddao.budget.forms.treasury import KnownAtForm
from tiddao.budget.queries.money import UnitMoney, keeps_money, unit_money
from tiddao.budget.queries.outlooks import outlooks
from tiddao.budget.views.curves import addresses
from tiddao.budget.views.curves_shown import CurvesShown, curves_shown
from tiddao.budget.views.money_choice import Choice, choice_of
from tiddao.budget.views.money_shown import in_million, own_money
from tiddao.budget.views.money_tables import league_xlsx, spending_xlsx, table_xlsx
from tiddao.budget.views.report import has_paper
from tiddao.budget.views.treasury_part import treasury_part
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.places.queries import Unit, full_name


@require_GET
def money(request: SignedInRequest, key: str) -> HttpResponse:
    """Show where the place's money stands by its offices' books, and as the treasury reports it."""
    unit = visible_unit_or_404(request, key)
    form = KnownAtForm(request.GET)
    known_at: datetime | None = form.cleaned_data.get("known_at") if form.is_valid() else None
    choice = choice_of(request.GET, today=request.standing.on)
    found = unit_money(unit, choice.asked) if keeps_money(unit) else None
    own = own_money(request, unit, found, choice) if found else None
    context = {
        "unit": unit,
        "path": _path(request, unit),
        "known_form": form,
        "choice": choice,
        "own": own,
        "issues": found.issues if found else (),
        "map": own.map if own else None,
        "band_words": own.band_words if own else {},
        # Of many provinces they take longer than all the rest: they come when they are scrolled to.
        "curves": _curves(request, unit, found, choice)
        if found and found.below and not in_million(unit)
        else None,
        "curves_later": found is not None and bool(found.below) and in_million(unit),
        "may_report": has_paper(unit),
        "office": _office_place(request, unit),
        "may_keep": request.standing.may("keep_books", _home(unit)),
        "may_import_workbook": request.standing.may("import_workbook", _home(unit)),
        **treasury_part(request, unit, known_at),
    }
    return render(request, "budget/place_money.html", context)


@require_GET
def table(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out the unit's own table by type of spending as a workbook."""
    unit, found, _choice = _found_or_404(request, key)
    return table_xlsx(unit, found)


@require_GET
def league_table(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out the units below, ranked, as a workbook: all of them, whatever the page shows."""
    unit, found, choice = _found_or_404(request, key)
    if not found.below:
        raise Http404
    return league_xlsx(unit, found, sort=choice.sort, descending=choice.descending)


@require_GET
def spending_table(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out the units below by type of spending and basis as a workbook."""
    unit, found, _choice = _found_or_404(request, key)
    if not found.below:
        raise Http404
    return spending_xlsx(unit, found)


@require_GET
def own_place(request: SignedInRequest) -> HttpResponse:
    """Lead each person to the money of the place they serve."""
    posts = request.standing.posts
    if not posts:
        raise Http404
    # The widest scope first: who serves the nation and a province begins with the nation.
    post = min(posts, key=lambda each: min(map(_depth, each.roots), default=len(tree.LEVELS)))
    key = post.group_key or min(post.roots, key=lambda code: (_depth(code), code), default="")
    if not key:
        raise Http404
    return redirect("place-money", key)


def _depth(code: str) -> int:
    return len(tree.ancestor_codes(code))


def _found_or_404(request: SignedInRequest, key: str) -> tuple[Unit, UnitMoney, Choice]:
    unit = visible_unit_or_404(request, key)
    if not keeps_money(unit):
        raise Http404
    choice = choice_of(request.GET, today=request.standing.on)
    return unit, unit_money(unit, choice.asked), choice


def _home(unit: Unit) -> str:
    """The place whose business the unit is."""
    return unit.within or NATION if unit.is_group else unit.key


def _curves(request: SignedInRequest, unit: Unit, found: UnitMoney, choice: Choice) -> CurvesShown:
    """The small curves of the units below, from what the tab has already read of their money."""
    return curves_shown(outlooks(unit, choice.asked, money=found), addresses(request, choice))


def _office_place(request: SignedInRequest, unit: Unit) -> tuple[str, str] | None:
    """Of a tambon or village: the district whose office keeps its money, by name and address."""
    if keeps_money(unit):
        return None
    above = tree.ancestors(unit.key, on=request.standing.on)
    district = next((each for each in above if each.level == Level.DISTRICT), None)
    if district is None:
        return None
    href = ""
    if request.standing.covers(district.code):
        href = reverse("place-money", args=[district.code])
    return full_name(district), href


def _path(request: SignedInRequest, unit: Unit) -> list[tuple[str, str | None]]:
    path: list[tuple[str, str | None]] = []
    if not unit.is_group:
        path += [
            (full_name(above), reverse("place", args=[above.code]))
            for above in tree.ancestors(unit.key, on=request.standing.on)
            if request.standing.covers(above.code)
        ]
    return [*path, (unit.full_name, None)]
