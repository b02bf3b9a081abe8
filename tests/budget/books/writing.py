"""Short ways to write into real books: office CDD-5712 (พญาเม็งราย), fiscal year 2569."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tiddao.budget.actions.books import (
    EnvelopeKey,
    ensure_activity,
    ensure_envelope,
    ensure_project,
    open_book,
)
from tiddao.budget.actions.posting import NewEntry, post_entries
from tiddao.budget.models import BookEntry, Keeping
from tiddao.budget.rules.accounts import EntryId
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import Actor

YEAR = FiscalYear(2569)
WRITER = Actor("user:1", "ผู้บันทึก", "post:1 finance_officer CDD-5712")
AT = datetime(2026, 9, 30, 5, tzinfo=UTC)


def day(number):
    """The day of the fiscal year, 1 for 1 October 2568."""
    return YEAR.start + timedelta(days=number - 1)


def a_book(office="CDD-5712", year=YEAR):
    return open_book(office, year, by=WRITER, at=AT)


def an_envelope(
    book,
    *,
    project="24/2569",
    name="ส่งเสริมสัมมาชีพชุมชน",
    activity="",
    fund="strategy",
    spending="recurrent",
    tranche="ไตร 3-4",
    keeping=Keeping.ENTRIES,
    owner="57",
):
    of = ensure_project(
        FiscalYear(book.fiscal_year), owner, number=project, name_th=name, by=WRITER, at=AT
    )
    key = EnvelopeKey(ensure_activity(of, activity).pk, fund, spending, tranche)
    return ensure_envelope(book, key, keeping=keeping)


def line(envelope, kind, document, amount, on=1, **more):
    """on: a day or its number in the year; against: number, (kind, document) or nothing."""
    if isinstance(more.get("against"), tuple):
        more["against"] = EntryId(*more["against"])
    if "cash_back" in more:
        more["cash_back"] = Decimal(more["cash_back"])
    return NewEntry(
        envelope=envelope.pk,
        kind=kind,
        document=document,
        amount=Decimal(amount),
        on=on if isinstance(on, date) else day(on),
        **more,
    )


def post(book, *lines, at=AT, by=WRITER, keeping=Keeping.ENTRIES):
    return post_entries(book.pk, lines, by=by, at=at, keeping=keeping)


def entry_of(book, kind, document, number=1):
    return BookEntry.objects.get(book=book, kind=kind, document=document, line=number)
