"""Whole books taken over: by the rules of every entry, summed as entries that are typed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.persons import BANGKOK
from tiddao.budget.actions import takeover
from tiddao.budget.actions.books import (
    EnvelopeKey,
    ensure_activity,
    ensure_envelope,
    ensure_project,
    open_book,
)
from tiddao.budget.actions.posting import NewEntry, post_entries
from tiddao.budget.actions.takeover import BookIsThere, TakenBook, take_over_books
from tiddao.budget.models import (
    Book,
    BookBalance,
    BookDay,
    BookEntry,
    BookMonth,
    Envelope,
    EnvelopeBalance,
    PaperHeld,
)
from tiddao.budget.queries.recount import ACCOUNTS, recount_books
from tiddao.budget.rules.accounts import Entry, EntryId
from tiddao.budget.rules.accounts import Envelope as Pocket
from tiddao.budget.rules.books import EntryRefused
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry as LedgerEntry

pytestmark = pytest.mark.django_db

YEAR = FiscalYear(2569)
AT = datetime(2026, 9, 30, 16, 0, tzinfo=BANGKOK)


@pytest.fixture
def activity() -> int:
    project = ensure_project(YEAR, "th", number="24/2569", name_th="โครงการ", by=SYSTEM, at=AT)
    return ensure_activity(project).pk


def entries(activity: int) -> list[Entry]:
    """An allotment, an order with one payment on it, an advance with its clearance."""
    pocket = Pocket("", str(activity), "strategy", "recurrent", "ไตร 1-2")
    order, contract = EntryId("commitment", "PO 1"), EntryId("advance", "บย. 1/2569")

    def one(kind: str, document: str, baht: str, day: date, **more: object) -> Entry:
        return Entry(EntryId(kind, document), pocket, Decimal(baht), day, AT, **more)

    return [
        one("allotment", "มท 0402/ว 1", "100000", date(2025, 10, 20)),
        one("commitment", "PO 1", "40000.50", date(2025, 11, 3)),
        one("advance", "บย. 1/2569", "12000", date(2025, 11, 5), borrower="ผู้ยืม 1"),
        one("disbursement", "ขบ. 1", "30000.25", date(2025, 12, 8), against=order),
        one(
            "clearance", "สย. 1", "11000", date(2025, 12, 8),
            against=contract, cash_back=Decimal("999.75"),
        ),
    ]  # fmt: skip


def taken(office: str, activity: int, **more) -> TakenBook:
    return TakenBook(office, entries(activity), **more)


def take(*books: TakenBook, year: FiscalYear = YEAR):
    return take_over_books(
        books, year, place="57", source="ระบบเดิม.xlsx", by=SYSTEM, at=AT
    )  # fmt: skip


def sums(office: str) -> tuple[list, ...]:
    book = Book.objects.get(office=office)
    return (
        list(EnvelopeBalance.objects.filter(book=book).values_list(*ACCOUNTS)),
        list(
            BookBalance.objects.filter(book=book).values_list(
                "fund", "spending", "last_on", "last_known_at", *ACCOUNTS
            )
        ),
        sorted(BookDay.objects.filter(book=book).values_list("on", "fund", "spending", *ACCOUNTS)),
        sorted(
            BookMonth.objects.filter(book=book).values_list(
                "month", "fund", "spending", "last_on", *ACCOUNTS
            )
        ),
    )


def test_a_book_taken_over_sums_as_one_that_was_typed_in(activity):
    take(taken("CDD-5712", activity))
    book = open_book("CDD-5713", YEAR, by=SYSTEM, at=AT)
    envelope = ensure_envelope(book, EnvelopeKey(activity, "strategy", "recurrent", "ไตร 1-2"))
    typed = [
        NewEntry(
            envelope=envelope.pk, kind=each.kind, document=each.id.document, amount=each.amount,
            on=each.on, against=each.against, cash_back=each.cash_back, borrower=each.borrower,
        )
        for each in entries(activity)
    ]  # fmt: skip
    post_entries(book.pk, typed, by=SYSTEM, at=AT)
    assert sums("CDD-5712") == sums("CDD-5713")
    of_envelope = EnvelopeBalance.objects.get(book__office="CDD-5712")
    assert of_envelope.disbursed == Decimal("41000.50")  # 30,000.25 paid, 12,000 lent, 999.75 back
    assert of_envelope.committed == Decimal("10000.25")
    assert of_envelope.advanced == Decimal("0.25")
    assert of_envelope.remaining == Decimal("48999.25")
    assert recount_books() == ()


def test_entries_keep_their_dates_references_and_source(activity):
    take(taken("CDD-5712", activity))
    paid = BookEntry.objects.select_related("against").get(document="ขบ. 1")
    assert (paid.against.document, paid.on, paid.known_at) == ("PO 1", date(2025, 12, 8), AT)
    assert (paid.source, paid.by) == ("ระบบเดิม.xlsx", "system")
    assert BookEntry.objects.get(kind="advance").borrower == "ผู้ยืม 1"


def test_an_entry_that_a_book_does_not_take_is_refused_and_nothing_is_written(activity):
    good, *rest = entries(activity)
    too_much = replace(rest[0], amount=Decimal("100000.01"))
    with pytest.raises(EntryRefused) as refused:
        take(taken("CDD-5713", activity), TakenBook("CDD-5712", [good, too_much]))
    assert refused.value.refusals[0].code == "overdraw"
    for table in (Book, Envelope, BookEntry, BookDay, BookMonth, BookBalance, EnvelopeBalance):
        assert not table.objects.exists()
    assert not LedgerEntry.objects.filter(act="take_over_books").exists()


def test_a_book_that_is_there_is_never_taken_over(activity):
    take(taken("CDD-5712", activity))
    with pytest.raises(BookIsThere, match="CDD-5712"):
        take(taken("CDD-5713", activity), taken("CDD-5712", activity))
    assert Book.objects.count() == 1
    with pytest.raises(BookIsThere, match="CDD-5714"):
        take(taken("CDD-5714", activity), taken("CDD-5714", activity))


def test_papers_come_with_their_entries(activity):
    papers = {EntryId("advance", "บย. 1/2569"): ("สัญญายืมเงิน",)}
    done = take(taken("CDD-5712", activity, papers=papers, where="แฟ้ม 3"))
    held = PaperHeld.objects.select_related("entry").get()
    assert (held.paper, held.note, held.entry.kind) == ("สัญญายืมเงิน", "แฟ้ม 3", "advance")
    assert held.book_id == held.entry.book_id
    assert (done.books, done.envelopes, done.entries, done.papers) == (1, 1, 5, 1)


def test_the_ledger_tells_how_much_was_taken_over(activity):
    take(taken("CDD-5712", activity), taken("CDD-5713", activity))
    told = LedgerEntry.objects.get(act="take_over_books")
    assert (told.on, told.place) == ("books:2569/place:57", "57")
    assert told.detail == {
        "fiscal_year": 2569, "source": "ระบบเดิม.xlsx", "books": 2, "envelopes": 2, "entries": 10,
        "papers": 0,
    }  # fmt: skip


def test_many_books_go_through_in_batches(activity, monkeypatch):
    monkeypatch.setattr(takeover, "ENTRIES_AT_ONCE", 7)
    offices = ["CDD-57", *(f"CDD-57{number:02}" for number in range(1, 6))]
    done = take(*(taken(office, activity) for office in offices))
    assert (done.books, done.entries) == (6, 30)
    assert recount_books() == ()
    assert len({tuple(map(str, sums(office))) for office in offices}) == 1
