"""Whose data are asked about: which offices, which year, as of which day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from tiddao.budget.models import Book
from tiddao.budget.queries.positions import office_name
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree
from tiddao.places.models import Office, OfficeKind

MOST_LIVE = 60
"""Offices of which the questions are looked up at once: any province's, or a few zones'."""


@dataclass(frozen=True, slots=True)
class OfficeAsked:
    """An office whose data are asked about."""

    code: str
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Which offices, which year, as of which day. books: number of a book → place of its office."""

    year: FiscalYear
    on: date
    offices: tuple[OfficeAsked, ...]
    books: Mapping[int, str]

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(each.place for each in self.offices)

    @property
    def names(self) -> dict[str, str]:
        """By place of the office."""
        return {each.place: each.name for each in self.offices}

    @property
    def is_live(self) -> bool:
        """Few enough to look at the facts themselves."""
        return len(self.offices) <= MOST_LIVE

    def narrowed(self, place: str) -> Scope:
        """The same for the office at one place alone."""
        return Scope(
            self.year,
            self.on,
            tuple(each for each in self.offices if each.place == place),
            {book: own for book, own in self.books.items() if own == place},
        )


def scope_of(members: Collection[str], year: FiscalYear, *, today: date) -> Scope:
    """Return the offices within the places, with their books. Two queries.

    The day asked about is today, or the year's last when it is over.
    """
    on = min(today, year.end)
    rows = Office.objects.filter(
        tree.exists_on(on), tree.within_any(tuple(members), "place__")
    ).exclude(kind=OfficeKind.DEPARTMENT)
    offices = tuple(
        OfficeAsked(each.code, each.place_id, office_name(each)) for each in rows.order_by("code")
    )
    books = Book.objects.filter(fiscal_year=year.be, office__in=[each.code for each in offices])
    return Scope(year, on, offices, dict(books.values_list("pk", "place_id")))
