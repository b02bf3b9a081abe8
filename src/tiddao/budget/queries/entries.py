"""Entries of the books as the rules take them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, cast

from django.db.models import QuerySet

from tiddao.budget.models import BookEntry
from tiddao.budget.rules.books import Entry, EntryId, EntryKind, Envelope
from tiddao.budget.rules.cgd_figures import Spending


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
