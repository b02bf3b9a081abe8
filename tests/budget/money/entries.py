"""Short ways to write entries of a book."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tiddao.budget.rules.accounts import Entry, EntryId, Envelope
from tiddao.budget.rules.books import Book
from tiddao.kernel.fiscal import FiscalYear

YEAR = FiscalYear(2569)
TRANCHE_34 = Envelope("24/2569", "", "งบยุทธศาสตร์", "recurrent", "ไตร 3-4")
TRANCHE_4 = TRANCHE_34._replace(tranche="ไตร 4")
WRITTEN = datetime(2026, 9, 30, 5, tzinfo=UTC)


def day(number):
    """The day of the fiscal year, 1 for 1 October 2568."""
    return YEAR.start + timedelta(days=number - 1)


def entry(kind, document, amount, on=1, **more):
    """on: a day or its number in the year; against: (kind, document)."""
    if "against" in more:
        more["against"] = EntryId(*more["against"])
    if "cash_back" in more:
        more["cash_back"] = Decimal(more["cash_back"])
    return Entry(
        id=EntryId(kind, document, more.pop("line", 1)),
        envelope=more.pop("envelope", TRANCHE_34),
        amount=Decimal(amount),
        on=on if isinstance(on, date) else day(on),
        known_at=more.pop("known_at", WRITTEN),
        **more,
    )


def book(*entries):
    found = Book(YEAR)
    for each in entries:
        assert found.post(each)
    return found
