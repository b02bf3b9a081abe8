"""The sums of the books counted again from the entries alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection

from tiddao.budget.models import Book
from tiddao.budget.rules.accounts import Balance

ACCOUNTS: tuple[str, ...] = tuple(field.name for field in fields(Balance))
_BOOKS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that is not what the entries come to.

    table: of the database. where: the row's key. account: one of ``ACCOUNTS``, "last_on", or
    "row" when only one side has the row at all; kept, counted: None where there is nothing.
    """

    table: str
    book: int
    office: str
    fiscal_year: int
    where: str
    account: str
    kept: Decimal | date | None
    counted: Decimal | date | None

    def __str__(self) -> str:
        return (
            f"{self.office} {self.fiscal_year} {self.table} {self.where} {self.account}: "
            f"kept {self.kept}, counted {self.counted}"
        )


# Counted in the database, by another way than the rules', so that no book comes into memory whole.
# A reversal counts as what it undoes, turned round, on its own day.
_COUNTED = """
    WITH posted AS (
        SELECT
            entry.book_id, entry.envelope_id, envelope.fund, envelope.spending, entry."on",
            CASE WHEN entry.kind = 'reversal' THEN -1 ELSE 1 END AS sign,
            done.kind, done.amount, done.cash_back, done.against_id IS NOT NULL AS drawn,
            lowered.kind AS lowered,
            done."on" > make_date(book.fiscal_year - 543, 9, 30) AS late
        FROM budget_bookentry AS entry
        JOIN budget_bookentry AS done
            ON done.id = CASE WHEN entry.kind = 'reversal' THEN entry.against_id ELSE entry.id END
        LEFT JOIN budget_bookentry AS lowered
            ON lowered.id = done.against_id AND done.kind = 'reduction'
        JOIN budget_envelope AS envelope ON envelope.id = entry.envelope_id
        JOIN budget_book AS book ON book.id = entry.book_id
        WHERE entry.book_id = ANY(%(books)s)
    ), moved AS (
        SELECT
            book_id, envelope_id, fund, spending, "on", date_trunc('month', "on")::date AS month,
            sign * CASE WHEN kind = 'allotment' THEN amount
                WHEN lowered = 'allotment' THEN -amount ELSE 0 END AS allotted,
            sign * CASE kind WHEN 'transfer_in' THEN amount WHEN 'transfer_out' THEN -amount
                ELSE 0 END AS transferred,
            sign * CASE WHEN kind IN ('disbursement', 'advance') THEN amount
                WHEN lowered = 'disbursement' THEN -amount ELSE -cash_back END AS disbursed,
            sign * CASE WHEN kind = 'commitment' THEN amount
                WHEN kind = 'release' OR kind = 'disbursement' AND drawn THEN -amount
                ELSE 0 END AS committed,
            sign * CASE WHEN kind = 'return' THEN amount WHEN late THEN cash_back
                WHEN lowered = 'return' THEN -amount ELSE 0 END AS returned,
            sign * CASE kind WHEN 'advance' THEN amount WHEN 'clearance' THEN -amount - cash_back
                ELSE 0 END AS advanced,
            sign * CASE WHEN kind = 'reservation' THEN amount ELSE 0 END AS reserved
        FROM posted
    ), counted AS (
        SELECT
            {keys}, max("on") AS newest, sum(allotted) AS allotted, sum(transferred) AS transferred,
            sum(disbursed) AS disbursed, sum(committed) AS committed, sum(returned) AS returned,
            sum(allotted + transferred - disbursed - committed - returned) AS remaining,
            sum(advanced) AS advanced, sum(reserved) AS reserved
        FROM moved GROUP BY {keys}
    )
    SELECT
        book_id, concat_ws(' ', {words}), kept.there, counted.newest IS NOT NULL, {last}, {pairs}
    FROM counted
    FULL JOIN (
        SELECT true AS there, * FROM {table} WHERE book_id = ANY(%(books)s)
    ) AS kept USING ({keys})
    WHERE kept.there IS NULL OR counted.newest IS NULL OR {last_differs}
        OR ({kept}) IS DISTINCT FROM ({counted})
    ORDER BY 1, 2
"""
_TABLES = (
    ("budget_envelopebalance", ("book_id", "envelope_id")),
    ("budget_bookbalance", ("book_id", "fund", "spending")),
    ("budget_bookday", ("book_id", '"on"', "fund", "spending")),
    ("budget_bookmonth", ("book_id", "month", "fund", "spending")),
)
_WITH_NEWEST = {"budget_bookbalance", "budget_bookmonth"}
"""They keep the newest day of what they sum."""


def books_kept(*, office: str | None = None, fiscal_year: int | None = None) -> list[int]:
    """Return the numbers of the books, of one office or year where asked."""
    books = Book.objects.order_by("pk")
    if office:
        books = books.filter(office=office)
    if fiscal_year:
        books = books.filter(fiscal_year=fiscal_year)
    return list(books.values_list("pk", flat=True))


def recount_books(book_ids: Collection[int] | None = None) -> tuple[Difference, ...]:
    """Count the sums of the books again from their entries; return where they differ.

    None: all books, some dozens at a time. Empty when every kept sum is right.
    """
    books = Book.objects.order_by("pk")
    if book_ids is not None:
        books = books.filter(pk__in=book_ids)
    known = {
        pk: (office, year) for pk, office, year in books.values_list("pk", "office", "fiscal_year")
    }
    numbers = iter(known)
    found: list[Difference] = []
    while some := list(islice(numbers, _BOOKS_AT_ONCE)):
        for table, keys in _TABLES:
            for book, *rest in _rows(table, keys, some):
                found += _differences(table, book, known[book], rest)
    return tuple(found)


def _rows(table: str, keys: tuple[str, ...], books: list[int]) -> list[tuple[Any, ...]]:
    has_last = table in _WITH_NEWEST
    statement = _COUNTED.format(
        table=table,
        keys=", ".join(keys),
        words=", ".join(keys[1:]),
        last="kept.last_on, counted.newest" if has_last else "NULL, NULL",
        last_differs="kept.last_on IS DISTINCT FROM counted.newest" if has_last else "false",
        pairs=", ".join(f"kept.{name}, counted.{name}" for name in ACCOUNTS),
        kept=", ".join(f"kept.{name}" for name in ACCOUNTS),
        counted=", ".join(f"counted.{name}" for name in ACCOUNTS),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"books": books})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _differences(
    table: str, book: int, of: tuple[str, int], row: list[Any]
) -> Iterator[Difference]:
    where, kept_there, counted_there, last_kept, last_counted, *pairs = row
    if not (kept_there and counted_there):
        base = ACCOUNTS.index("remaining") * 2
        yield Difference(table, book, *of, where, "row", pairs[base], pairs[base + 1])
        return
    if last_kept != last_counted:
        yield Difference(table, book, *of, where, "last_on", last_kept, last_counted)
    for account, kept, counted in zip(ACCOUNTS, pairs[::2], pairs[1::2], strict=True):
        if kept != counted:
            yield Difference(table, book, *of, where, account, kept, counted)
