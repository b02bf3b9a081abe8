"""One project: its names, its programme, what each office has of it; naming a programme."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tiddao.budget.actions.books import put_under_new_programme, put_under_programme
from tiddao.budget.forms.books import ProgrammeForm
from tiddao.budget.queries.balances import total_of
from tiddao.budget.queries.books import books_within
from tiddao.budget.queries.projects import (
    MonitoredView,
    ProjectView,
    find_project,
    monitored_of,
    programmes_of,
    projects_of,
)
from tiddao.budget.views.books.pieces import KEEP, keeper, place_crumbs, year_asked
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree


@require_GET
def projects(request: SignedInRequest, key: str) -> HttpResponse:
    """List the projects of which the offices of a place have money."""
    unit = visible_unit_or_404(request, key)
    year = year_asked(request, [])
    visible = tree.within_any(unit.members)
    found = projects_of(year, visible=visible)
    days = [each.last_on for each in books_within(year, visible=visible) if each.last_on]
    context = {
        "crumbs": [
            *place_crumbs(unit),
            (_("Book of money"), f"{reverse('place-books', args=[key])}?year={year.be}"),
            (_("Projects"), None),
        ],
        "unit": unit,
        "year": year,
        "projects": found,
        "total": total_of(each.balance for each in found),
        "last_on": max(days, default=None),
    }
    return render(request, "budget/books/projects.html", context)


@require_GET
def project(request: SignedInRequest, project_id: int) -> HttpResponse:
    """Show a project with the money of the offices that the reader may see, and monitored work."""
    found, monitored = _project_or_404(request, project_id)
    owners = [*tree.ancestor_codes(found.owner), found.owner]
    programmes = [
        (each.id, f"{each.code} {each.name}".strip())
        for each in programmes_of(_year(found), owners)
    ]
    may_name = request.standing.may(KEEP, found.owner)
    context = {
        "crumbs": [
            (found.owner_name, reverse("place", args=[found.owner]))
            if request.standing.covers(found.owner)
            else (found.owner_name, None),
            (found.label, None),
        ],
        "project": found,
        "monitored": monitored,
        "measures": sorted({name for each in monitored for name in each.amounts}),
        "form": ProgrammeForm(
            programmes=programmes,
            initial={"programme": found.programme.id if found.programme else None},
        )
        if may_name
        else None,
        "is_whole": request.standing.covers(found.owner),
    }
    return render(request, "budget/books/project.html", context)


@require_POST
def programme(request: SignedInRequest, project_id: int) -> HttpResponse:
    """Put the project under a programme; a new one is named on the way."""
    found, _monitored = _project_or_404(request, project_id)
    by, at = keeper(request, found.owner), timezone.now()
    owners = [*tree.ancestor_codes(found.owner), found.owner]
    choices = [(each.id, each.name) for each in programmes_of(_year(found), owners)]
    form = ProgrammeForm(request.POST, programmes=choices)
    if not form.is_valid():
        messages.error(request, _("This is no programme of the year."))
    elif form.cleaned_data["name"].strip():
        given = form.cleaned_data
        put_under_new_programme(project_id, given["name"], code=given["code"], by=by, at=at)
        messages.success(request, _("The project is under its programme."))
    else:
        put_under_programme(project_id, form.cleaned_data["programme"], by=by, at=at)
        messages.success(request, _("The project is under its programme."))
    return redirect("book-project", project_id=project_id)


def _project_or_404(
    request: SignedInRequest, project_id: int
) -> tuple[ProjectView, tuple[MonitoredView, ...]]:
    """Return the project if it belongs to a place in scope or an office in scope has money of it."""
    visible = tree.within_any(request.standing.roots)
    found = find_project(project_id, visible=visible)
    if found is None or not (found.offices or request.standing.covers(found.owner)):
        raise Http404
    return found, monitored_of(project_id, visible=visible)


def _year(found: ProjectView) -> FiscalYear:
    return FiscalYear(found.fiscal_year)
