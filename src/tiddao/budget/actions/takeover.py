"""Taking over whole books from the system that an office kept them in before.

Every entry goes through the rules of the book one by one, as an entry that is typed in does; only
the writing is in bulk. Sums are written beside the entries from the very effects that the rules
reckon, so ``recount_books`` finds nothing to differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

from tiddao.budget.models import (
    Book,
    BookBalance,
    BookDay,
    BookEntry,
    BookMonth,
    Envelope,
    EnvelopeBalance,
    Keeping,
    PaperHeld,
)
from tiddao.budget.queries.recount import ACCOUNTS
from tiddao.budget.rules import accounts
from tiddao.budget.rules import books as rules
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import Office

ENTRIES_AT_ONCE = 20_000
"""Entries held in memory together, in whole books: some 40 MB."""


@dataclass(frozen=True, slots=True)
class TakenBook:
    """One office's entries of a year, in an order in which the book takes them.

    In their envelopes ``activity`` is the number of the activity's row, as text; ``project`` is not
    looked at. papers: those held of an entry; where says in words where they lie.
    """

    office: str
    entries: Sequence[accounts.Entry]
    papers: Mapping[accounts.EntryId, Sequence[str]] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many rows were written."""

    books: int = 0
    envelopes: int = 0
    entries: int = 0
    papers: int = 0

    def __add__(self, other: TakenOver) -> TakenOver:
        return TakenOver(
            self.books + other.books,
            self.envelopes + other.envelopes,
            self.entries + other.entries,
            self.papers + other.papers,
        )


class BookIsThere(ValueError):
    """Offices have a book of the year already; it is kept entry by entry from then on."""

    def __init__(self, offices: Sequence[str]) -> None:
        super().__init__(f"a book of the year is there already: {', '.join(offices)}")
        self.offices = tuple(offices)


@transaction.atomic
def take_over_books(
    books: Iterable[TakenBook],
    year: FiscalYear,
    *,
    place: str,
    source: str,
    by: Actor,
    at: datetime,
) -> TakenOver:
    """Write whole books of one year of offices of one place, all or nothing.

    source: where they were read, kept with each entry. Memory is bounded: books are read, checked
    and written some twenty thousand entries at a time. Raises BookIsThere; rules.books.EntryRefused at the first entry that
    a book does not take.
    """
    offices = dict(Office.objects.values_list("code", "place_id"))
    done = TakenOver()
    for batch in _batches(books):
        _refuse_those_there([each.office for each in batch], year)
        done += _write(batch, year, offices, source=source, by=by, at=at)
    record(
        "take_over_books",
        on=f"books:{year}/place:{place}",
        by=by,
        at=at,
        place=place,
        detail={"fiscal_year": year.be, "source": source, **asdict(done)},
    )
    return done


def _batches(books: Iterable[TakenBook]) -> Iterator[list[TakenBook]]:
    batch: list[TakenBook] = []
    for book in books:
        batch.append(book)
        if sum(len(each.entries) for each in batch) >= ENTRIES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _refuse_those_there(offices: Sequence[str], year: FiscalYear) -> None:
    there = Book.objects.filter(office__in=offices, fiscal_year=year.be)
    found = sorted(there.values_list("office_id", flat=True))
    twice = sorted({each for each in offices if offices.count(each) > 1})
    if found or twice:
        raise BookIsThere(found or twice)


# -- one batch ------------------------------------------------------------------------------------

_Row = tuple[Any, ...]
_Pocket = tuple[str, str]
"""Fund and type of spending."""


def _write(
    batch: Sequence[TakenBook],
    year: FiscalYear,
    offices: dict[str, str],
    *,
    source: str,
    by: Actor,
    at: datetime,
) -> TakenOver:
    posted = [_posted(each, year) for each in batch]
    of_book = [list(dict.fromkeys(entry.envelope for entry in each.entries)) for each in posted]
    book_ids = _reserve(Book, len(batch))
    envelope_ids = _reserve(Envelope, sum(map(len, of_book)))
    entry_ids = _reserve(BookEntry, sum(len(each.by_id) for each in posted))
    sums = _Sums()
    rows: dict[type[models.Model], list[_Row]] = {
        Book: [], Envelope: [], BookEntry: [], PaperHeld: [],
    }  # fmt: skip
    for taken, book, envelopes in zip(batch, posted, of_book, strict=True):
        book_id = next(book_ids)
        rows[Book].append((book_id, taken.office, year.be, offices[taken.office], at, None))
        ids = {envelope: next(envelope_ids) for envelope in envelopes}
        rows[Envelope] += [
            (
                ids[each], book_id, int(each.activity), each.fund, each.spending, each.tranche,
                Keeping.ENTRIES.value,
            )
            for each in envelopes
        ]  # fmt: skip
        numbers: dict[accounts.EntryId, int] = {}
        for entry in book.entries:
            numbers[entry.id] = number = next(entry_ids)
            envelope_id = ids[entry.envelope]
            rows[BookEntry].append(
                (
                    number, book_id, envelope_id, entry.kind, entry.id.document, entry.id.line,
                    entry.amount, entry.on, entry.known_at,
                    numbers[entry.against] if entry.against else None,
                    entry.cash_back, entry.due_on, entry.borrower, "", source, by.reference,
                )
            )  # fmt: skip
            sums.add(book_id, envelope_id, entry, book.effect(entry))
            rows[PaperHeld] += [
                (book_id, number, paper, "", taken.where, at, by.reference, "")
                for paper in taken.papers.get(entry.id, ())
            ]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _copy(
        Book, ("id", "office_id", "fiscal_year", "place_id", "opened_at", "closed_at"), rows[Book]
    )
    _copy(
        Envelope,
        ("id", "book_id", "activity_id", "fund", "spending", "tranche", "keeping"),
        rows[Envelope],
    )
    _copy(
        BookEntry,
        (
            "id", "book_id", "envelope_id", "kind", "document", "line", "amount", "on", "known_at",
            "against_id", "cash_back", "due_on", "borrower", "note", "source", "by",
        ),
        rows[BookEntry],
    )  # fmt: skip
    _copy(
        PaperHeld,
        ("book_id", "entry_id", "paper", "evidence", "note", "at", "by", "end_reason"),
        rows[PaperHeld],
    )
    sums.write()
    return TakenOver(*(len(each) for each in rows.values()))


def refresh_statistics() -> None:
    """Let the database count its rows of books anew, after many were taken over.

    Until it does so by itself, a minute later, it takes the tables to be as empty as before and a
    question about one book may cost minutes.
    """
    tables = (
        Book,
        Envelope,
        BookEntry,
        PaperHeld,
        EnvelopeBalance,
        BookBalance,
        BookDay,
        BookMonth,
    )
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")  # noqa: SLF001 -- Django's public name


def _posted(taken: TakenBook, year: FiscalYear) -> rules.Book:
    book = rules.Book(year)
    for entry in taken.entries:
        book.post(entry)
    return book


class _Sums:
    """The balances that the entries of a batch come to, and when each was last moved."""

    def __init__(self) -> None:
        self.envelopes: dict[tuple[int, int], accounts.Balance] = defaultdict(accounts.Balance)
        self.days: dict[tuple[int, date, _Pocket], accounts.Balance] = defaultdict(accounts.Balance)
        self.known: dict[tuple[int, _Pocket], datetime] = {}

    def add(
        self, book: int, envelope: int, entry: accounts.Entry, effect: accounts.Balance
    ) -> None:
        """Count one entry's effect where boards and pages read it."""
        pocket = (entry.envelope.fund, entry.envelope.spending)
        self.envelopes[envelope, book] += effect
        self.days[book, entry.on, pocket] += effect
        before = self.known.get((book, pocket))
        if before is None or entry.known_at > before:
            self.known[book, pocket] = entry.known_at

    def write(self) -> None:
        """Write the four tables of sums."""
        _copy(
            EnvelopeBalance,
            ("envelope_id", "book_id", *ACCOUNTS),
            [(*key, *_accounts(balance)) for key, balance in self.envelopes.items()],
        )
        books: dict[tuple[int, _Pocket], accounts.Balance] = defaultdict(accounts.Balance)
        last: dict[tuple[int, _Pocket], date] = {}
        for (book, on, pocket), balance in self.days.items():
            books[book, pocket] += balance
            last[book, pocket] = max(on, last.get((book, pocket), on))
        _copy(
            BookBalance,
            ("book_id", "fund", "spending", "last_on", "last_known_at", *ACCOUNTS),
            [
                (key[0], *key[1], last[key], self.known[key], *_accounts(balance))
                for key, balance in books.items()
            ],
        )
        _copy(
            BookDay,
            ("book_id", "on", "fund", "spending", *ACCOUNTS),
            [
                (book, on, *pocket, *_accounts(balance))
                for (book, on, pocket), balance in self.days.items()
            ],
        )
        months: dict[tuple[int, date, _Pocket], accounts.Balance] = defaultdict(accounts.Balance)
        newest: dict[tuple[int, date, _Pocket], date] = {}
        for (book, on, pocket), balance in self.days.items():
            key = (book, on.replace(day=1), pocket)
            months[key] += balance
            newest[key] = max(on, newest.get(key, on))
        _copy(
            BookMonth,
            ("book_id", "month", "fund", "spending", "last_on", *ACCOUNTS),
            [
                (key[0], key[1], *key[2], newest[key], *_accounts(balance))
                for key, balance in months.items()
            ],
        )


def _accounts(balance: accounts.Balance) -> Iterator[Any]:
    return (getattr(balance, name) for name in ACCOUNTS)


def _reserve(model: type[models.Model], count: int) -> Iterator[int]:
    """Return so many numbers of rows that nobody else will use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],  # noqa: SLF001 -- Django's public name
        )
        return iter([number for (number,) in cursor.fetchall()])


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[_Row]) -> None:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)  # noqa: SLF001 -- Django's public name
    names = ", ".join(quote(each) for each in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
