"""An office's book of a year, and one envelope of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.budget.actions.books import TakeoverRefused, keep_by_entries, open_book, open_envelope
from tiddao.budget.forms.books import BookFilterForm, EnvelopeForm, MomentForm, ReasonForm
from tiddao.budget.queries.balances import share_of, total_of
from tiddao.budget.queries.books import books_of_place, office_at
from tiddao.budget.queries.entries import envelope_state
from tiddao.budget.queries.envelopes import envelopes_of, grouped, tranches_of
from tiddao.budget.queries.positions import positions, units_below
from tiddao.budget.queries.projects import projects_named
from tiddao.budget.rules.accounts import Balance
from tiddao.budget.views.books.pieces import (
    KEEP,
    book_or_404,
    envelope_or_404,
    keeper,
    place_crumbs,
    year_asked,
)
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import Level
from tiddao.places.queries import Unit

ROWS = 100
"""Entries on one page of an envelope."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit below, with what its books come to. href: its own book's page."""

    name: str
    href: str
    balance: Balance | None
    disbursed_percent: Decimal | None
    last_on: date | None
    offices: int
    offices_reporting: int


@require_GET
def book(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the book of the place's own office, and the books below it."""
    unit = visible_unit_or_404(request, key)
    if not unit.is_group and unit.level in (Level.TAMBON, Level.VILLAGE):
        # Their money is in the book of the district's office.
        district = key[:4]
        if request.standing.covers(district):
            return redirect("place-books", key=district)
        raise Http404
    known = dict(books_of_place(key)) if not unit.is_group else {}
    year = year_asked(request, list(known))
    opened = book_or_404(request, known[year.be]) if year.be in known else None
    form = BookFilterForm(request.GET)
    this = FiscalYear.of(request.standing.on).be
    form.offer(
        sorted({*known, this, year.be}, reverse=True), tranches_of(opened.book.id) if opened else []
    )
    if opened is None:
        for name in ("fund", "tranche", "q"):
            del form.fields[name]
    shown = (
        envelopes_of(
            opened.book.id,
            fund=form.said("fund"),
            tranche=form.tranche_asked,
            text=form.said("q"),
        )
        if opened
        else ()
    )
    office = None if unit.is_group else office_at(key)
    below = _below(request, unit, year)
    context = {
        "crumbs": [*place_crumbs(unit), (_("Book of money"), None)],
        "unit": unit,
        "year": year,
        "office": office,
        "opened": opened,
        "form": form,
        "is_filtered": any(form.said(name) for name in ("fund", "tranche", "q")),
        "groups": grouped(shown),
        "count": len(shown),
        "total": total_of(each.balance for each in shown),
        "total_percent": share_of(total_of(each.balance for each in shown), "disbursed"),
        "below": below,
        "may_open": office is not None and opened is None and request.standing.may(KEEP, key),
        "query": urlencode({"year": year.be}),
    }
    return render(request, "budget/books/book.html", context)


def _below(request: SignedInRequest, unit: Unit, year: FiscalYear) -> list[UnitLine]:
    units = [
        each
        for each in units_below(unit.key, on=year.end)
        if not each.is_office and request.standing.covers(each.place)
    ]
    found = positions(year, [each.key for each in units]) if units else {}
    lines = []
    for each in units:
        position = found[each.key]
        href = f"{reverse('place-books', args=[each.key])}?year={year.be}"
        lines.append(
            UnitLine(
                name=each.name,
                href=href,
                balance=position.balance,
                disbursed_percent=share_of(position.balance, "disbursed"),
                last_on=position.last_on,
                offices=position.offices,
                offices_reporting=position.offices_reporting,
            )
        )
    return lines


@require_POST
def open_year(request: SignedInRequest, key: str) -> HttpResponse:
    """Open the book of the place's office for a year."""
    unit = visible_unit_or_404(request, key)
    by = keeper(request, unit.key)
    office = None if unit.is_group else office_at(key)
    if office is None:
        raise Http404
    try:
        year = FiscalYear(int(request.POST.get("year", "")))
    except ValueError:
        raise Http404 from None
    open_book(office[0], year, by=by, at=timezone.now())
    messages.success(request, _("The book of fiscal year %(year)s is open.") % {"year": year})
    return redirect(f"{reverse('place-books', args=[key])}?{urlencode({'year': year.be})}")


@require_GET
def envelope(request: SignedInRequest, envelope_id: int) -> HttpResponse:
    """Show an envelope's entries with the money remaining after each; any past day can be asked."""
    opened = envelope_or_404(request, envelope_id)
    form = MomentForm(request.GET)
    form.is_valid()
    on, known_at = form.cleaned_data.get("on"), form.cleaned_data.get("known_at")
    state = envelope_state(opened.envelope, opened.book.book.year, on=on, known_at=known_at)
    pages = Paginator(state.rows, ROWS)
    page = pages.get_page(request.GET.get("page", pages.num_pages))
    context = {
        "crumbs": opened.crumbs(),
        "opened": opened,
        "envelope": opened.envelope,
        "unit": opened.book.unit,
        "book": opened.book.book,
        "form": form,
        "state": state,
        "percent": share_of(state.balance, "disbursed"),
        "page": page,
        "is_past": on is not None or known_at is not None,
        "may_write": opened.book.may_keep and not opened.envelope.is_kept_by_workbook,
        "takeover": ReasonForm()
        if opened.book.may_keep and opened.envelope.is_kept_by_workbook
        else None,
    }
    return render(request, "budget/books/envelope.html", context)


@require_POST
def takeover(request: SignedInRequest, envelope_id: int) -> HttpResponse:
    """Keep an envelope entry by entry from now on, not from the workbook."""
    opened = envelope_or_404(request, envelope_id)
    by = keeper(request, opened.book.book.place)
    try:
        keep_by_entries(
            envelope_id, reason=request.POST.get("reason", ""), by=by, at=timezone.now()
        )
    except TakeoverRefused as refused:
        words = {"no_reason": _("Say why."), "book_closed": _("The book of this year is closed.")}
        messages.error(request, words[refused.code])
    else:
        messages.success(request, _("From now on this envelope is kept entry by entry."))
    return redirect("book-envelope", envelope_id=envelope_id)


@require_http_methods(["GET", "POST"])
def new_envelope(request: SignedInRequest, book_id: int) -> HttpResponse:
    """Open an envelope: choose or name the project, its activity, the fund, the tranche."""
    opened = book_or_404(request, book_id)
    by = keeper(request, opened.book.place)
    owners = [*tree.ancestor_codes(opened.book.place), opened.book.place]
    form = EnvelopeForm(request.POST or None, projects=projects_named(opened.book.year, owners))
    if request.method == "POST" and form.is_valid():
        made = open_envelope(book_id, form.wanted(), by=by, at=timezone.now())
        return redirect("book-envelope", envelope_id=made.pk)
    context = {
        "crumbs": opened.crumbs((_("New envelope"), None)),
        "opened": opened,
        "unit": opened.unit,
        "form": form,
    }
    return render(
        request, "budget/books/envelope_new.html", context, status=422 if form.errors else 200
    )
