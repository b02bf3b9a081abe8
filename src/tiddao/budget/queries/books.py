"""The offices' own books of a year as pages, exports and the API show them.

Amounts are baht. What has no entry has no balance (None): not reported is not zero.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from tiddao.budget.models import Book, BookBalance
from tiddao.budget.queries.balances import Balanced, total_of
from tiddao.budget.queries.positions import office_name
from tiddao.budget.queries.recount import ACCOUNTS
from tiddao.budget.rules.accounts import Balance
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places.models import Office, Place


@dataclass(frozen=True, slots=True)
class BookView(Balanced):
    """One office's book of a year. balance: None without entries. closed_at: None while open."""

    id: int
    office: str
    office_name: str
    place: str
    fiscal_year: int
    opened_at: datetime
    closed_at: datetime | None
    balance: Balance | None
    last_on: date | None
    last_known_at: datetime | None

    @property
    def year(self) -> FiscalYear:
        return FiscalYear(self.fiscal_year)


def books_of_place(place: str) -> list[tuple[int, int]]:
    """Return (fiscal year, number) of the books of the office at the place, the newest first."""
    return list(
        Book.objects.filter(place=place).order_by("-fiscal_year").values_list("fiscal_year", "pk")
    )


def office_at(place: str) -> tuple[str, str] | None:
    """Return code and name of the office that sits at the place, or None."""
    office = Office.objects.filter(place=place).order_by("code").first()
    return (office.pk, office_name(office)) if office else None


def find_book(book_id: int) -> BookView | None:
    """Return the book of that number. Two queries."""
    return next(iter(_book_views(Book.objects.filter(pk=book_id))), None)


def books_at(places: Collection[str], year: FiscalYear) -> tuple[BookView, ...]:
    """Return the books of the offices at the places, in the order of office codes. Two queries."""
    return _book_views(Book.objects.filter(place__in=places, fiscal_year=year.be))


def books_within(year: FiscalYear, *, visible: Q) -> tuple[BookView, ...]:
    """Return the books of the offices at visible places, by office code. Two queries."""
    return _book_views(Book.objects.filter(place__in=codes_of(visible), fiscal_year=year.be))


def _book_views(books: QuerySet[Book]) -> tuple[BookView, ...]:
    rows = list(books.select_related("office").order_by("office_id", "fiscal_year"))
    sums: dict[int, list[BookBalance]] = {}
    for each in BookBalance.objects.filter(book__in=[row.pk for row in rows]):
        sums.setdefault(each.book_id, []).append(each)
    return tuple(
        BookView(
            id=row.pk,
            office=row.office_id,
            office_name=office_name(row.office),
            place=row.place_id,
            fiscal_year=row.fiscal_year,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            balance=total_of(_balance_of(each) for each in sums.get(row.pk, ())),
            last_on=max(
                (each.last_on for each in sums.get(row.pk, ()) if each.last_on), default=None
            ),
            last_known_at=max(
                (each.last_known_at for each in sums.get(row.pk, ()) if each.last_known_at),
                default=None,
            ),
        )
        for row in rows
    )


def _balance_of(row: Any) -> Balance:
    return Balance(*(getattr(row, account) for account in ACCOUNTS))


def codes_of(visible: Q) -> Any:
    """Return the codes of the places that a condition on ``places.Place`` admits, for a query."""
    return Place.objects.filter(visible).values("pk")
