"""Months of books for tests that write the days themselves."""

from __future__ import annotations

from itertools import groupby

from tiddao.budget.models import Book, BookDay, BookMonth
from tiddao.budget.queries.recount import ACCOUNTS


def keep_months(*books: Book) -> None:
    """Sum the days of these books (none: all) into their months, afresh."""
    days = BookDay.objects.filter(book__in=books) if books else BookDay.objects.all()
    months = BookMonth.objects.filter(book__in=books) if books else BookMonth.objects.all()
    months.delete()

    def of_month(day: BookDay):
        return day.book_id, day.fund, day.spending, day.on.replace(day=1)

    rows = []
    for key, some in groupby(days.order_by("book", "fund", "spending", "on"), key=of_month):
        book, fund, spending, month = key
        same = list(some)
        sums = {name: sum(getattr(day, name) for day in same) for name in ACCOUNTS}
        rows.append(
            BookMonth(
                book_id=book, fund=fund, spending=spending, month=month, last_on=same[-1].on, **sums
            )
        )
    BookMonth.objects.bulk_create(rows, batch_size=500)
