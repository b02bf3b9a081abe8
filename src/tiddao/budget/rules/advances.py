"""The clock of cash advances (สัญญายืมเงิน): thirty days to clear, then it counts against the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tiddao.budget.rules.accounts import Entry, EntryId, Envelope
from tiddao.budget.rules.books import book_of
from tiddao.kernel.fiscal import FiscalYear

CLEARING_DAYS = 30
"""Days from receipt. For travel the clock starts on return: such an advance has a due_on of its own."""


@dataclass(frozen=True, slots=True)
class OpenAdvance:
    """An advance with baht not yet cleared at the end of a day."""

    id: EntryId
    envelope: Envelope
    borrower: str
    lent_on: date
    due_on: date
    """The last day on which clearing it is in time."""
    lent: Decimal
    outstanding: Decimal
    days_left: int
    """Calendar days to the last one; below zero when it has passed."""

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def days_late(self) -> int:
        return max(-self.days_left, 0)


def open_advances(entries: Iterable[Entry], *, year: FiscalYear, on: date) -> list[OpenAdvance]:
    """The advances not wholly cleared at the end of the day, the one due first at the head.

    entries: those of one book; what is true later than the day is left out, so that any past day
    can be asked. A reversed advance or clearance counts as never made.

    Source: docs domain 3.2 (สัญญายืมเงิน / ส่งใช้เงินยืม, 30 days), 1.3 (deduction).
    """
    book = book_of((entry for entry in entries if entry.on <= on), year=year)
    found = []
    for entry in book.entries:
        if entry.kind != "advance" or not (outstanding := book.outstanding(entry.id)):
            continue
        due = entry.due_on or entry.on + timedelta(days=CLEARING_DAYS)
        found.append(
            OpenAdvance(
                id=entry.id,
                envelope=entry.envelope,
                borrower=entry.borrower,
                lent_on=entry.on,
                due_on=due,
                lent=entry.amount,
                outstanding=outstanding,
                days_left=(due - on).days,
            )
        )
    return sorted(found, key=lambda each: (each.due_on, each.id))


def overdue_advances(entries: Iterable[Entry], *, year: FiscalYear, on: date) -> list[OpenAdvance]:
    """The advances still open when their last day has passed, the latest at the head.

    Source: docs domain 1.3 (contracts not cleared within 30 days lower the district's score).
    """
    return [each for each in open_advances(entries, year=year, on=on) if each.is_overdue]
