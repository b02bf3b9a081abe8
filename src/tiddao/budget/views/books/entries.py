"""Writing into a book: an entry's kind first, then what it needs; undoing one; one entry's page."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.budget.actions.posting import balance_after, post_entries, reverse_entry
from tiddao.budget.forms.books import (
    EntryForm,
    PaperForm,
    ReversalForm,
    add_refusals,
    first_day,
    kinds_offered,
)
from tiddao.budget.models import Kind
from tiddao.budget.queries.entries import entry_relations, envelope_state, open_references
from tiddao.budget.queries.papers import papers_of_entry
from tiddao.budget.rules.accounts import EMPTY, KINDS, Balance, EntryKind
from tiddao.budget.rules.books import EntryRefused
from tiddao.budget.subjects import ENTRY
from tiddao.budget.views.books.pieces import (
    OpenedEnvelope,
    entry_or_404,
    envelope_or_404,
    keeper,
)
from tiddao.evidence.attached import attached_to
from tiddao.evidence.subjects import find_subject
from tiddao.people.access import SignedInRequest


@require_http_methods(["GET", "POST"])
def new_entry(request: SignedInRequest, envelope_id: int) -> HttpResponse:
    """Choose the kind of entry, fill in what it needs, look at the balance after it, write it."""
    opened = envelope_or_404(request, envelope_id)
    by = keeper(request, opened.book.book.place)
    if opened.envelope.is_kept_by_workbook or not opened.book.may_keep:
        raise PermissionDenied(_("This envelope is kept from the office's workbook."))
    year = opened.book.book.year
    references = open_references(opened.envelope, year)
    balance = opened.envelope.balance
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in KINDS or kind == "reversal":
        context = _context(opened, balance) | {
            "crumbs": opened.crumbs((_("New entry"), None)),
            "kinds": kinds_offered(references, has_money=bool(balance and balance.free > 0)),
        }
        return render(request, "budget/books/entry_kind.html", context)
    offered = first_day(request.standing.on, year.start, year.end)
    form = EntryForm(
        request.POST or None,
        kind=cast("EntryKind", kind),
        references=references,
        initial={"on": offered},
    )
    after: Balance | None = None
    if request.method == "POST" and form.is_valid():
        entry, at = form.new_entry(envelope_id), timezone.now()
        try:
            if request.POST.get("act") == "look":
                after = balance_after(opened.book.book.id, entry, at=at)
            else:
                posted = post_entries(opened.book.book.id, [entry], by=by, at=at)
                if posted.taken:
                    messages.success(request, _("%(entry)s is written.") % {"entry": entry.id})
                else:
                    messages.info(request, _("This very entry is in the book already."))
                return redirect("book-envelope", envelope_id=envelope_id)
        except EntryRefused as refused:
            add_refusals(form, refused)
    label = str(Kind(kind).label)
    context = _context(opened, balance) | {
        "crumbs": opened.crumbs((label, None)),
        "form": form,
        "kind": kind,
        "kind_name": label,
        "after": after,
    }
    status = 422 if form.errors else 200
    return render(request, "budget/books/entry_new.html", context, status=status)


def _context(opened: OpenedEnvelope, balance: Balance | None) -> dict[str, object]:
    return {
        "opened": opened,
        "envelope": opened.envelope,
        "unit": opened.book.unit,
        "book": opened.book.book,
        "balance": balance or EMPTY,
    }


@require_GET
def entry(request: SignedInRequest, entry_id: int) -> HttpResponse:
    """Show one entry: its document, what names it and what it names, its papers and evidence."""
    one, opened = entry_or_404(request, entry_id)
    relations = entry_relations(one)
    papers = papers_of_entry(one) if not relations.reversed_by else ()
    subject = find_subject(ENTRY, str(entry_id))
    if subject is None:
        raise Http404
    attached = attached_to(request.standing, ENTRY, subject)
    may_keep = opened.book.may_keep and not opened.envelope.is_kept_by_workbook
    offered = [(f"evidence:{row.evidence_id}/{row.number}", row.title) for row in attached.rows]
    context = {
        "crumbs": opened.crumbs((one.document, None)),
        "opened": opened,
        "envelope": opened.envelope,
        "unit": opened.book.unit,
        "book": opened.book.book,
        "entry": one,
        "kind_name": str(Kind(one.kind).label),
        "relations": relations,
        "papers": [
            (each, PaperForm(initial={"paper": each.paper}, evidence=offered, auto_id=f"id_{n}_%s"))
            for n, each in enumerate(papers)
        ],
        "attached": attached,
        "may_keep": may_keep,
        "may_reverse": may_keep and one.kind != "reversal" and not relations.reversed_by,
    }
    return render(request, "budget/books/entry.html", context)


@require_http_methods(["GET", "POST"])
def reverse(request: SignedInRequest, entry_id: int) -> HttpResponse:
    """Undo an entry: the day, the document and the reason; what the balance will be."""
    one, opened = entry_or_404(request, entry_id)
    by = keeper(request, opened.book.book.place)
    if opened.envelope.is_kept_by_workbook or not opened.book.may_keep or one.kind == "reversal":
        raise PermissionDenied
    year = opened.book.book.year
    form = ReversalForm(
        request.POST or None,
        initial={"on": max(first_day(request.standing.on, year.start, year.end), one.on)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            reverse_entry(entry_id, **given, by=by, at=timezone.now())
        except EntryRefused as refused:
            add_refusals(form, refused)
        else:
            messages.success(request, _("The entry is reversed; both stay in the book."))
            return redirect("book-envelope", envelope_id=opened.envelope.id)
    state = envelope_state(opened.envelope, year)
    change = next((row.change for row in state.rows if row.entry.id == entry_id), None)
    context = {
        "crumbs": opened.crumbs((_("Reverse %(document)s") % {"document": one.document}, None)),
        "opened": opened,
        "envelope": opened.envelope,
        "unit": opened.book.unit,
        "book": opened.book.book,
        "entry": one,
        "kind_name": str(Kind(one.kind).label),
        "form": form,
        "remaining": state.balance.remaining if state.balance else None,
        "remaining_after": state.balance.remaining - change
        if state.balance and change is not None
        else None,
    }
    status = 422 if form.errors else 200
    return render(request, "budget/books/reverse.html", context, status=status)
