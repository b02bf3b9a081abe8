"""What the pages of the books share: who may see and write what, and the way to a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from tiddao.budget.queries.books import BookView, find_book
from tiddao.budget.queries.entries import StoredEntry, find_entry
from tiddao.budget.queries.envelopes import EnvelopeView, find_envelope
from tiddao.kernel.fiscal import FiscalYear, FiscalYearUnreadable
from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places.queries import Unit

KEEP = "keep_books"

Crumbs = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class OpenedBook:
    """A book that the reader may see, and the place whose page it stands under."""

    book: BookView
    unit: Unit
    may_keep: bool

    @property
    def href(self) -> str:
        return f"{reverse('place-books', args=[self.unit.key])}?year={self.book.fiscal_year}"

    def crumbs(self, *further: tuple[str, str | None]) -> Crumbs:
        """The way here from the place."""
        words = _("Book of money %(year)s") % {"year": self.book.fiscal_year}
        return [*place_crumbs(self.unit), (words, self.href if further else None), *further]


@dataclass(frozen=True, slots=True)
class OpenedEnvelope:
    """An envelope that the reader may see, with its book."""

    envelope: EnvelopeView
    book: OpenedBook

    @property
    def name(self) -> str:
        parts = (
            self.envelope.project_label,
            self.envelope.activity_name,
            self.envelope.fund_name,
            self.envelope.tranche,
        )
        return " · ".join(part for part in parts if part)

    def crumbs(self, *further: tuple[str, str | None]) -> Crumbs:
        href = reverse("book-envelope", args=[self.envelope.id]) if further else None
        label = self.envelope.project_label or _("Envelope")
        return self.book.crumbs((label, href), *further)


def place_crumbs(unit: Unit) -> Crumbs:
    """Return the way to a page below the place's tab of money."""
    return [
        (unit.full_name, reverse("place", args=[unit.key])),
        (_("Money"), reverse("place-money", args=[unit.key])),
    ]


def book_or_404(request: SignedInRequest, book_id: int) -> OpenedBook:
    """Return the book if the person's posts cover its place."""
    return _opened(request, find_book(book_id))


def envelope_or_404(request: SignedInRequest, envelope_id: int) -> OpenedEnvelope:
    """Return the envelope if the person's posts cover its book's place."""
    envelope = find_envelope(envelope_id)
    if envelope is None:
        raise Http404
    return OpenedEnvelope(envelope, book_or_404(request, envelope.book))


def entry_or_404(request: SignedInRequest, entry_id: int) -> tuple[StoredEntry, OpenedEnvelope]:
    """Return the entry and its envelope if the person's posts cover its book's place."""
    entry = find_entry(entry_id)
    if entry is None:
        raise Http404
    return entry, envelope_or_404(request, entry.envelope)


def _opened(request: SignedInRequest, book: BookView | None) -> OpenedBook:
    if book is None or not request.standing.covers(book.place):
        raise Http404
    unit = visible_unit_or_404(request, book.place, on=book.year.end)
    may_keep = book.closed_at is None and request.standing.may(KEEP, book.place)
    return OpenedBook(book, unit, may_keep)


def keeper(request: SignedInRequest, place: str) -> Actor:
    """Return the person as they keep the book at the place; else 404 or forbidden."""
    return request.standing.actor(require(request, KEEP, place))


def year_asked(request: SignedInRequest, known: list[int]) -> FiscalYear:
    """Return the year asked for; else this one, or the newest of which there is a book."""
    said = request.GET.get("year", "")
    if said:
        try:
            return FiscalYear.parse(said)
        except FiscalYearUnreadable:
            pass
    this = FiscalYear.of(request.standing.on)
    return this if this.be in known or not known else FiscalYear(max(known))
