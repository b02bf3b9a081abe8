"""Cash advances with their clock; which entry lacks which paper."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tiddao.budget.actions.papers import PaperRefused, end_paper, hold_paper
from tiddao.budget.models import Kind
from tiddao.budget.queries.books import books_at, books_of_place
from tiddao.budget.queries.papers import PaperRow, advances_of, find_paper, papers_of
from tiddao.budget.subjects import ENTRY
from tiddao.budget.views.books.pieces import (
    book_or_404,
    entry_or_404,
    keeper,
    place_crumbs,
    year_asked,
)
from tiddao.evidence.queries.uses import evidence_of
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import Level

ROWS = 50

_REFUSED = {
    "not_needed": gettext_lazy("This entry does not need that paper."),
    "nothing_shown": gettext_lazy("Choose the evidence, or say where the paper lies."),
    "held": gettext_lazy("This paper is noted as held already."),
    "no_reason": gettext_lazy("Say why."),
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """An entry that needs papers, ready to show."""

    row: PaperRow
    kind_name: str
    href: str


@require_GET
def advances(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the advances of the office, of a province also its districts': open first, late on top."""
    unit = visible_unit_or_404(request, key)
    if unit.is_group or unit.level not in (Level.NATION, Level.PROVINCE, Level.DISTRICT):
        raise Http404
    on = request.standing.on
    year = year_asked(request, [known for known, _number in books_of_place(key)])
    places = [key]
    if unit.level == Level.PROVINCE:
        below: list[str] = list(
            tree.descendants(key, on=on, level=Level.DISTRICT).values_list("code", flat=True)
        )
        places += below
    # The clock of a year gone by stands still at its last day but for what was cleared later.
    rows = advances_of(books_at(places, year), on=on)
    open_rows = [row for row in rows if row.is_open]
    cleared = Paginator([row for row in rows if not row.is_open], ROWS)
    context = {
        "crumbs": [
            *place_crumbs(unit),
            (_("Book of money"), f"{reverse('place-books', args=[key])}?year={year.be}"),
            (_("Cash advances"), None),
        ],
        "unit": unit,
        "year": year,
        "on": on,
        "rows": open_rows,
        "late": [row for row in open_rows if row.days_late],
        "outstanding": sum(row.outstanding for row in open_rows),
        "cleared": cleared.get_page(request.GET.get("page")),
        "several": len(places) > 1,
    }
    return render(request, "budget/books/advances.html", context)


@require_GET
def papers(request: SignedInRequest, book_id: int) -> HttpResponse:
    """Show which entries lack which papers; all that need any when asked."""
    opened = book_or_404(request, book_id)
    found = papers_of(opened.book, on=request.standing.on)
    all_asked = request.GET.get("show") == "all"
    rows = [row for row in found.rows if all_asked or row.missing]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "crumbs": opened.crumbs((_("Financial papers"), None)),
        "opened": opened,
        "unit": opened.unit,
        "book": opened.book,
        "papers": found,
        "missing": found.needed - found.held,
        "page": page,
        "lines": [
            PaperLine(
                row, str(Kind(row.entry.kind).label), reverse("book-entry", args=[row.entry.id])
            )
            for row in page
        ],
        "all_asked": all_asked,
    }
    return render(request, "budget/books/papers.html", context)


@require_POST
def hold(request: SignedInRequest, entry_id: int) -> HttpResponse:
    """Say that a paper of an entry is held."""
    one, opened = entry_or_404(request, entry_id)
    by = keeper(request, opened.book.book.place)
    evidence = request.POST.get("evidence", "")
    if evidence and evidence not in {
        f"evidence:{row.evidence_id}/{row.number}"
        for row in evidence_of(ENTRY, [str(one.id)])[str(one.id)]
    }:
        raise Http404
    try:
        hold_paper(
            entry_id,
            request.POST.get("paper", ""),
            evidence=evidence,
            note=request.POST.get("note", ""),
            by=by,
            at=timezone.now(),
        )
    except PaperRefused as refused:
        messages.error(request, str(_REFUSED[refused.code]))
    else:
        messages.success(request, _("The paper is noted as held."))
    return redirect("book-entry", entry_id=entry_id)


@require_POST
def end(request: SignedInRequest, held_id: int) -> HttpResponse:
    """Take a paper away again, with a reason."""
    found = find_paper(held_id)
    if found is None:
        raise Http404
    one, _paper, _is_held = found
    _entry, opened = entry_or_404(request, one.id)
    by = keeper(request, opened.book.book.place)
    try:
        end_paper(held_id, reason=request.POST.get("reason", ""), by=by, at=timezone.now())
    except PaperRefused as refused:
        messages.error(request, str(_REFUSED[refused.code]))
    else:
        messages.success(request, _("The paper is missing again."))
    return redirect("book-entry", entry_id=one.id)
