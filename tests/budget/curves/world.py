"""Several years of several offices' books, laid down as sums by day, from generated curves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.budget.money.curves import OFFICES, generate
from tests.budget.months import keep_months
from tests.budget.positions.factory import keep
from tiddao.budget.models import (
    Activity,
    Board,
    BoardLine,
    Book,
    BookBalance,
    BookDay,
    Envelope,
    Keeping,
    Project,
    StatedFigure,
    WorkbookUpload,
)
from tiddao.kernel.fiscal import FiscalYear

D = Decimal
YEAR = FiscalYear(2569)
GIVEN = D(1_000_000)
KNOWN = datetime(2026, 7, 10, 3, tzinfo=UTC)


def an_envelope(book: Book, keeping: str = Keeping.ENTRIES) -> Envelope:
    """Say how the book is kept."""
    project, _ = Project.objects.get_or_create(
        fiscal_year=book.fiscal_year, owner_id="57", key="1/2569"
    )
    activity, _ = Activity.objects.get_or_create(project=project, name_th="")
    return Envelope.objects.create(
        book=book, activity=activity, fund="strategy", spending="recurrent", keeping=keeping
    )


def kept_by_entries(office: str, days, **more) -> Book:
    """A book that is known on every day up to its last entry."""
    book = keep(office, days, **more)
    an_envelope(book)
    return book


def stated(book: Book, *days: date) -> None:
    """A workbook that was true for those days."""
    envelope = an_envelope(book, Keeping.WORKBOOK)
    for day in days:
        upload = WorkbookUpload.objects.create(
            place_id="57", fiscal_year=book.fiscal_year, as_of=day, file_name="a.xlsx",
            sha256="0" * 64, state=WorkbookUpload.State.ACCEPTED, by="user:1", at=KNOWN,
        )  # fmt: skip
        StatedFigure.objects.create(upload=upload, envelope=envelope, as_of=day, known_at=KNOWN)


def lay_down(
    offices: Sequence[str],
    *,
    seed: int = 7,
    past_years: int = 3,
    until: date = date(2026, 6, 30),
    world=OFFICES,
) -> None:
    """Books of the offices ("5712", "CDD-57"): past years whole, and 2569 up to a day.

    Given once, on 1 October; paid as the generated curves say.
    """
    made = generate(world, seed=seed, units=len(offices), past_years=past_years)
    office_of = {f"u{number:03d}": office for number, office in enumerate(offices)}
    books, days, balances = [], [], []
    for curve in (*made.past, *made.present):
        year = FiscalYear(curve.year.be - made.year.be + YEAR.be)
        shift = year.start - curve.year.start
        office = office_of[curve.unit]
        code = office if office.startswith("CDD") else f"CDD-{office}"
        book = Book(
            office_id=code, fiscal_year=year.be, place_id=code.removeprefix("CDD-"),
            opened_at=KNOWN,
        )  # fmt: skip
        paid, points = D(0), []
        for point in curve.points:
            on = min(point.on + shift, year.end)
            if year == YEAR and on > until:
                break
            amount = (GIVEN * point.percent / 100).quantize(D("0.01"))
            points.append((on, amount - paid))
            paid = amount
        books.append(book)
        by_day = {year.start: D(0)}
        for on, amount in points:
            by_day[on] = by_day.get(on, D(0)) + amount
        for on, amount in by_day.items():
            given = GIVEN if on == year.start else D(0)
            days.append(
                BookDay(book=book, fund="strategy", spending="recurrent", on=on, allotted=given,
                        disbursed=amount, remaining=given - amount)
            )  # fmt: skip
        balances.append(
            BookBalance(
                book=book, fund="strategy", spending="recurrent", allotted=GIVEN, disbursed=paid,
                remaining=GIVEN - paid, last_on=max(by_day), last_known_at=KNOWN,
            )
        )  # fmt: skip
    for book in books:  # tracked: one by one is quick enough for some dozens
        book.save()
    BookDay.objects.bulk_create(days, batch_size=500)
    BookBalance.objects.bulk_create(balances, batch_size=500)
    keep_months()


def snap(
    as_of: date,
    shares: dict[str, str | None],
    *,
    level: str = "province",
    year: FiscalYear = YEAR,
    **more,
) -> Board:
    """A weekly board: the share of each place in per cent of a million baht."""
    deadline = more.pop("deadline", None)
    board = Board.objects.create(
        series="books", as_of=as_of, fiscal_year=year.be, level=level, basis="disbursed",
        spending="total", universe_th="ทุกหน่วย", deadline=deadline, taken_at=KNOWN,
        reference=f"place:{more.pop('within', 'th')}/{deadline.pk if deadline else ''}",
    )  # fmt: skip
    BoardLine.objects.bulk_create(
        BoardLine(
            board=board, unit_id=unit, out_of=len(shares), status="green",
            base=None if share is None else GIVEN,
            disbursed=None if share is None else GIVEN * D(share) / 100,
            percent=None if share is None else D(share), **more,
        )
        for unit, share in shares.items()
    )  # fmt: skip
    return board
