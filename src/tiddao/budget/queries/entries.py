"""Entries of the books: as the rules take them, and as pages, exports and the API show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, cast

from django.db.models import Q, QuerySet

from tiddao.budget.models import BookEntry
from tiddao.budget.queries.envelopes import EnvelopeView
from tiddao.budget.rules.accounts import EMPTY, Balance, Entry, EntryId, EntryKind, Envelope
from tiddao.budget.rules.books import book_of
from tiddao.budget.rules.cgd_figures import Spending
from tiddao.kernel.fiscal import FiscalYear


class StoredEntry(NamedTuple):
    """A row of the entries with what makes its envelope: all that a page or the rules need of it."""

    id: int
    book: int
    envelope: int
    kind: EntryKind
    document: str
    line: int
    amount: Decimal
    on: date
    known_at: datetime
    against: int | None
    against_kind: EntryKind | None
    against_document: str | None
    against_line: int | None
    cash_back: Decimal
    due_on: date | None
    borrower: str
    note: str
    source: str
    project: int
    activity: int
    fund: str
    spending: Spending
    tranche: str

    @property
    def entry_id(self) -> EntryId:
        return EntryId(self.kind, self.document, self.line)

    @property
    def against_id(self) -> EntryId | None:
        if self.against_kind is None:
            return None
        return EntryId(self.against_kind, self.against_document or "", self.against_line or 1)

    @property
    def entry(self) -> Entry:
        """The row as the rules take it; the envelope is told by numbers, which nobody renames."""
        return Entry(
            id=self.entry_id,
            envelope=Envelope(
                str(self.project), str(self.activity), self.fund, self.spending, self.tranche
            ),
            amount=self.amount,
            on=self.on,
            known_at=self.known_at,
            against=self.against_id,
            cash_back=self.cash_back,
            due_on=self.due_on,
            borrower=self.borrower,
        )


_FIELDS = (
    "pk", "book_id", "envelope_id", "kind", "document", "line", "amount", "on", "known_at",
    "against_id", "against__kind", "against__document", "against__line", "cash_back", "due_on",
    "borrower", "note", "source", "envelope__activity__project_id", "envelope__activity_id",
    "envelope__fund", "envelope__spending", "envelope__tranche",
)  # fmt: skip


def stored_entries(rows: QuerySet[BookEntry]) -> list[StoredEntry]:
    """Return the rows, oldest true day first, those of a day as they were written down. One query."""
    return [
        StoredEntry(*cast("tuple[object, ...]", row))  # type: ignore[arg-type]  # in the order of _FIELDS
        for row in rows.order_by("on", "pk").values_list(*_FIELDS)
    ]


def with_what_they_name(rows: Iterable[StoredEntry]) -> list[StoredEntry]:
    """Return the rows and the entries that they name, as far down as any is named.

    A payment names a commitment and its reversal names the payment: two steps at the most.
    """
    found = {row.id: row for row in rows}
    while missing := {row.against for row in found.values() if row.against} - found.keys():
        for row in stored_entries(BookEntry.objects.filter(pk__in=missing)):
            found[row.id] = row
    return list(found.values())


# -- as they are shown -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of an envelope's page.

    change: what it adds to the remaining money; remaining: after it. reversed_by: number and
    document of the entry that undoes it.
    """

    entry: StoredEntry
    change: Decimal
    remaining: Decimal
    reversed_by: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class EnvelopeState:
    """An envelope's entries and balance, now or as true on a day and known at a moment."""

    rows: tuple[EntryRow, ...]
    balance: Balance | None
    last_on: date | None
    from_files: int
    """How many of the entries were read from files; the opening of an envelope taken over."""


@dataclass(frozen=True, slots=True)
class OpenReference:
    """A commitment not wholly paid or an advance not wholly cleared."""

    id: int
    kind: EntryKind
    document: str
    on: date
    amount: Decimal
    outstanding: Decimal
    borrower: str


@dataclass(frozen=True, slots=True)
class EntryRelations:
    """What an entry names, what names it, and the reversal that undoes it."""

    names: StoredEntry | None
    named_by: tuple[StoredEntry, ...]

    @property
    def reversed_by(self) -> StoredEntry | None:
        return next((each for each in self.named_by if each.kind == "reversal"), None)


def envelope_state(
    envelope: EnvelopeView,
    year: FiscalYear,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
) -> EnvelopeState:
    """Return the entries with the money remaining after each, in the order of the days. One query.

    on, known_at: as true at the end of the day and known at the moment; None: no limit.
    """
    wanted = BookEntry.objects.filter(envelope=envelope.id)
    if on is not None:
        wanted = wanted.filter(on__lte=on)
    if known_at is not None:
        wanted = wanted.filter(known_at__lte=known_at)
    stored = stored_entries(wanted)
    book = book_of((each.entry for each in stored), year=year)
    undone = {each.against: (each.id, each.document) for each in stored if each.kind == "reversal"}
    rows = []
    balance = EMPTY
    for each in stored:
        effect = book.effect(each.entry)
        balance += effect
        rows.append(EntryRow(each, effect.remaining, balance.remaining, undone.get(each.id)))
    return EnvelopeState(
        rows=tuple(rows),
        balance=balance if rows else None,
        last_on=stored[-1].on if stored else None,
        from_files=sum(1 for each in stored if each.source),
    )


def open_references(envelope: EnvelopeView, year: FiscalYear) -> tuple[OpenReference, ...]:
    """Return the commitments and advances of an envelope on which something is still open."""
    stored = stored_entries(BookEntry.objects.filter(envelope=envelope.id))
    book = book_of((each.entry for each in stored), year=year)
    return tuple(
        OpenReference(
            each.id, each.kind, each.document, each.on, each.amount, outstanding, each.borrower
        )
        for each in stored
        if each.kind in {"commitment", "advance"}
        and (outstanding := book.outstanding(each.entry_id))
    )


def find_entry(entry_id: int) -> StoredEntry | None:
    """Return the entry of that number. One query."""
    found = stored_entries(BookEntry.objects.filter(pk=entry_id))
    return found[0] if found else None


def entry_relations(entry: StoredEntry) -> EntryRelations:
    """Return the entries tied to one. One query."""
    rows = stored_entries(BookEntry.objects.filter(Q(against=entry.id) | Q(pk=entry.against or 0)))
    return EntryRelations(
        names=next((row for row in rows if row.id == entry.against), None),
        named_by=tuple(row for row in rows if row.against == entry.id),
    )


def book_entries(book_id: int) -> list[StoredEntry]:
    """Return all entries of a book, in the order of the days. One query."""
    return stored_entries(BookEntry.objects.filter(book=book_id))


def entries_after(
    *,
    book_id: int | None = None,
    envelope_id: int | None = None,
    after: int = 0,
    most: int = 500,
    on: date | None = None,
    known_at: datetime | None = None,
) -> tuple[list[StoredEntry], int | None, int]:
    """Return entries in the order in which they were written down, from behind a number.

    The second part is the number to go on from, None at the end; the third how many there are in
    all. Entries are only ever added, so no page is missed or seen twice. Two queries.
    """
    rows = BookEntry.objects.all()
    if book_id is not None:
        rows = rows.filter(book=book_id)
    if envelope_id is not None:
        rows = rows.filter(envelope=envelope_id)
    if on is not None:
        rows = rows.filter(on__lte=on)
    if known_at is not None:
        rows = rows.filter(known_at__lte=known_at)
    count = rows.count()
    numbers = list(
        rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: most + 1]
    )
    page = numbers[:most]
    found = sorted(stored_entries(BookEntry.objects.filter(pk__in=page)), key=lambda each: each.id)
    return found, page[-1] if len(numbers) > most else None, count
