"""The search over all kinds of things that are registered."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import SignedInRequest
from tiddao.places.queries.search import search as find_places
from tiddao.policy.forms.search import SearchWorksForm
from tiddao.policy.queries.search import ROWS, find, place_choices

_YEARS = 8
_PLACES = 3  # places shown above what was found


@require_GET
def search(request: SignedInRequest) -> HttpResponse:
    """Find what the person may see by the words in it, and places by their names."""
    standing = request.standing
    this_year = FiscalYear.of(standing.on).be
    form = SearchWorksForm(
        request.GET,
        years=[this_year + 1 - back for back in range(_YEARS)],
        places=place_choices(standing),
    )
    asked_page = request.GET.get("page", "1")
    number = int(asked_page) if asked_page.isdecimal() and len(asked_page) < 6 else 1
    found = find(form.words, standing, form.narrowed, page=number)
    places = (
        find_places(form.words, roots=standing.roots, on=standing.on, limit=_PLACES)
        if found is not None and number == 1 and not form.is_narrowed and standing.roots
        else None
    )
    context = {
        "form": form,
        "found": found,
        "places": places,
        "kind": form.narrowed.kind,
        "kind_links": [(each, _asking(request, kind=each.kind)) for each in found.kinds]
        if found
        else [],
        "all_kinds": _asking(request, kind=""),
        "everything": f"{request.path}?{urlencode({'q': form.words})}",
        "is_narrowed": form.is_narrowed,
        "page": Paginator(range(found.total), ROWS).get_page(found.page) if found else None,
    }
    return render(request, "policy/search.html", context)


def _asking(request: SignedInRequest, *, kind: str) -> str:
    """Return the same question for one kind, from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    query["kind"] = kind
    return f"?{query.urlencode()}"
