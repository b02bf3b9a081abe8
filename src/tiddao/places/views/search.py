"""The search for places and groups."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tiddao.places.access import SignedInRequest
from tiddao.places.forms import SearchForm
from tiddao.places.queries.search import places_by_codes, search


@require_GET
def place_search(request: SignedInRequest) -> HttpResponse:
    """Find places and groups in scope; without words, show the person's own places."""
    form = SearchForm(request.GET or None)
    standing = request.standing
    text = level = ""
    if form.is_valid():
        text, level = form.cleaned_data["q"], form.cleaned_data["level"]
    context = {
        "form": form if form.is_bound else SearchForm(),
        "result": search(text, roots=standing.roots, on=standing.on, level=level),
        "own": () if text else places_by_codes(standing.roots, on=standing.on),
    }
    return render(request, "places/search.html", context)
