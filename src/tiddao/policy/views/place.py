"""The tab งาน of a place: the directives that bind its offices."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.queries import find_unit
from tiddao.policy.forms.directives import FilterForm
from tiddao.policy.models import Assignment
from tiddao.policy.queries.directives import (
    Wanted,
    directive_lines,
    directives_seen,
)
from tiddao.policy.queries.silence import silent_lines, silent_offices
from tiddao.policy.queries.tallies import counted, tally_of
from tiddao.policy.queries.visibility import visible_assignments
from tiddao.policy.queries.visits import seen_here
from tiddao.policy.views.pieces import Crumbs, one_page

MOST_SILENT = 10


@require_GET
def place_work(request: SignedInRequest, key: str) -> HttpResponse:
    """Show what the offices of a place or group were asked, and where they stand."""
    unit = visible_unit_or_404(request, key)
    standing = request.standing
    within = tree.within_any(unit.members, "place__")
    rows = Assignment.objects.filter(visible_assignments(standing)).filter(within)
    form = FilterForm(request.GET)
    wanted = Wanted(
        state=form.said("state"),
        facet=form.said("facet"),
        line=form.said("line"),
        text=form.said("q"),
    )
    directives = directives_seen(standing, wanted).filter(
        Exists(rows.filter(directive=OuterRef("pk")))
    )
    page = one_page(request, directives)
    silent = silent_offices(rows, on=standing.on)
    context = {
        "crumbs": _crumbs(request, unit.within, unit.full_name),
        "unit": unit,
        "form": form,
        "is_filtered": any(form.said(name) for name in ("q", "state", "line", "facet")),
        "page": page,
        "rows": directive_lines(page.object_list, standing),
        "tally": tally_of(counted(rows, "place_id", on=standing.on)),
        "silent": silent_lines(silent[:MOST_SILENT], on=standing.on),
        "seen": seen_here(standing, unit.members, place="" if unit.is_group else unit.key),
    }
    return render(request, "policy/place_work.html", context)


def _crumbs(request: SignedInRequest, within: str, name: str) -> Crumbs:
    crumbs: Crumbs = []
    above = find_unit(within, on=request.standing.on) if within else None
    if above and request.standing.covers(above.key):
        crumbs.append((above.full_name, reverse("place-work", args=[above.key])))
    return [*crumbs, (name, None)]
