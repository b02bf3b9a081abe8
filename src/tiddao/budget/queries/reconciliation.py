"""Our books beside the treasury's report of one day, for a province or the nation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from django.db.models import Q, QuerySet, Sum

from tiddao.budget.models import (
    Book,
    BookBalance,
    BookDay,
    ReconciliationNote,
    SpendingType,
    TreasuryFigure,
    TreasuryReport,
)
from tiddao.budget.queries.recount import ACCOUNTS
from tiddao.budget.queries.reports import known_reports
from tiddao.budget.rules.accounts import EMPTY, Balance
from tiddao.budget.rules.cgd_figures import SPENDINGS, Basis, Spending
from tiddao.budget.rules.reckoning import used_amount
from tiddao.budget.rules.reconciling import (
    DEPARTMENT_CODE,
    FUNDS,
    LINES,
    SHEETS,
    Comparison,
    Line,
    compare,
)
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.money import from_million
from tiddao.places import tree
from tiddao.places.models import NATION, Office

Row = Literal["base", "disbursed", "used"]
BASES: tuple[Basis, ...] = ("disbursed", "used")


@dataclass(frozen=True, slots=True)
class NoteView:
    """One reason that stands. amount: baht, treasury less ours."""

    id: int
    line: str
    basis: str
    spending: str
    reason: str
    amount: Decimal
    words: str
    document: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReconciledRow:
    """One type of spending on one basis. cell: where the treasury's figure stands, "13!K73"."""

    basis: Basis
    spending: Spending
    base: Comparison
    amount: Comparison
    cell: str
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """A weekly report that can be compared with."""

    as_of: date
    fiscal_year: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The line of the treasury that was chosen beside our books, at the end of the report's day.

    rows: each basis × recurrent, investment, total. undivided: baht disbursed in our books that no
    workbook tells apart, so in the total alone. carried_over: disbursed of money carried over, in no
    row. elsewhere: disbursed in funds that another line is compared with.
    """

    as_of: date
    line: Line
    rows: tuple[ReconciledRow, ...]
    undivided: Decimal
    carried_over: Decimal
    elsewhere: Decimal
    offices: int
    offices_reporting: int

    @property
    def is_settled(self) -> bool:
        """Whether no row that can be compared has anything open."""
        known = [each.amount for each in self.rows if each.amount.difference is not None]
        return bool(known) and all(each.is_settled for each in known)


def report_choices() -> tuple[ReportChoice, ...]:
    """Return the days of the weekly reports, the newest first. One query."""
    rows = TreasuryReport.objects.filter(known_reports(None)).order_by("-as_of")
    return tuple(ReportChoice(*row) for row in rows.values_list("as_of", "fiscal_year"))


def lines_of(place: str) -> tuple[Line, ...]:
    """Return the treasury's figures that a place's books may be compared with."""
    return ("department",) if place == NATION else tuple(e for e in LINES if e != "department")


def reconciliation(place: str, as_of: date, line: Line) -> Reconciliation:
    """Return both sides, what explains the difference and what is open. Six queries.

    place: a province or "th". line: one of ``lines_of`` the place.
    """
    ours = _ours(place, as_of)
    of_line = {
        spending: sum(
            (
                balance
                for (fund, own), balance in ours.items()
                if fund in FUNDS[line] and spending in ("total", own)
            ),
            EMPTY,
        )
        for spending in SPENDINGS
    }
    offices, reporting = _coverage(place, as_of)
    figures = _treasury(place, as_of, line)
    notes: dict[tuple[str, str], list[NoteView]] = defaultdict(list)
    for each in notes_of(place, as_of, line):
        notes[each.basis, each.spending].append(each)
    rows = []
    for basis in BASES:
        for spending in SPENDINGS:
            own = of_line[spending] if reporting else None
            figure = figures.get((basis, spending))
            reasons = notes[basis, spending]
            rows.append(
                ReconciledRow(
                    basis=basis,
                    spending=spending,
                    base=compare(figure.base if figure else None, own.base if own else None, ()),
                    amount=compare(
                        figure.amount if figure else None,
                        _amount(own, basis, as_of),
                        (each.amount for each in reasons),
                    ),
                    cell=figure.cell if figure else "",
                    notes=tuple(reasons),
                )
            )
    funds = {fund for fund, _ in ours}
    return Reconciliation(
        as_of=as_of,
        line=line,
        rows=tuple(rows),
        undivided=_disbursed(ours, FUNDS[line], SpendingType.UNDIVIDED),
        carried_over=_disbursed(ours, {"carried_over"}),
        elsewhere=_disbursed(ours, funds - FUNDS[line] - {"carried_over"}),
        offices=offices,
        offices_reporting=reporting,
    )


def _amount(own: Balance | None, basis: Basis, as_of: date) -> Decimal | None:
    if own is None:
        return None
    return own.disbursed if basis == "disbursed" else used_amount(own.amounts, as_of)


def _disbursed(
    ours: Mapping[tuple[str, str], Balance], funds: Iterable[str], spending: str = ""
) -> Decimal:
    wanted = set(funds)
    return sum(
        (
            balance.disbursed
            for (fund, own), balance in ours.items()
            if fund in wanted and (not spending or own == spending)
        ),
        Decimal(0),
    )


def notes_of(place: str, as_of: date, line: str) -> tuple[NoteView, ...]:
    """Return the reasons that stand for the place, day and line, the oldest first. One query."""
    rows = ReconciliationNote.objects.filter(
        place=place, as_of=as_of, line=line, ended_at__isnull=True
    ).order_by("pk")
    return tuple(_note(each) for each in rows)


def find_note(note_id: int) -> tuple[str, date, NoteView] | None:
    """Return place, day and note of that number while it stands, or None."""
    note = ReconciliationNote.objects.filter(pk=note_id, ended_at__isnull=True).first()
    return (note.place_id, note.as_of, _note(note)) if note else None


def _note(note: ReconciliationNote) -> NoteView:
    return NoteView(
        id=note.pk,
        line=note.line,
        basis=note.basis,
        spending=note.spending,
        reason=note.reason,
        amount=note.amount,
        words=note.words,
        document=note.document,
        at=note.at,
    )


# -- our side -------------------------------------------------------------------------------------


def _ours(place: str, as_of: date) -> dict[tuple[str, str], Balance]:
    """Return what the books come to at the day's end, by fund and type of spending. Two queries.

    What the books are now, less what the days since have added: there are fewer of those.
    """
    books = _books(place, as_of)
    now = _sums(BookBalance.objects.filter(book__in=books))
    since = _sums(BookDay.objects.filter(book__in=books, on__gt=as_of))
    minus = Decimal(-1)
    return {key: balance + since.get(key, EMPTY).times(minus) for key, balance in now.items()}


def _books(place: str, as_of: date) -> QuerySet[Book]:
    of_year = Book.objects.filter(fiscal_year=FiscalYear.of(as_of).be)
    return of_year.filter(tree.within_any([place], "place__"))


def _sums(rows: QuerySet[Any]) -> dict[tuple[str, str], Balance]:
    summed = (
        rows.order_by()
        .values_list("fund", "spending")
        .annotate(**{f"sum_{name}": Sum(name) for name in ACCOUNTS})
    )
    return {(fund, spending): Balance(*sums) for fund, spending, *sums in summed}


def _coverage(place: str, as_of: date) -> tuple[int, int]:
    """Return how many offices there are, and how many had entries by the day. Two queries."""
    offices = Office.objects.filter(tree.exists_on(as_of), tree.within_any([place], "place__"))
    reporting = (
        BookDay.objects.filter(book__in=_books(place, as_of), on__lte=as_of)
        .order_by()
        .values("book")
        .distinct()
        .count()
    )
    return offices.count(), reporting


# -- the treasury's side --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Figure:
    base: Decimal | None
    amount: Decimal | None
    cell: str


def _treasury(place: str, as_of: date, line: Line) -> dict[tuple[Basis, Spending], _Figure]:
    """Return the treasury's figures in baht by basis and type of spending. One query."""
    wanted = Q(code=DEPARTMENT_CODE) if line == "department" else Q(place=place, kind="province")
    sheets = SHEETS[line]
    basis_of = {number: cast("Basis", basis) for basis, number in sheets.items()}
    rows = TreasuryFigure.objects.filter(
        wanted,
        known_reports(None, "sheet__report__"),
        sheet__report__as_of=as_of,
        sheet__number__in=basis_of,
        is_total=False,
    ).select_related("sheet")
    found = {}
    for each in rows:
        basis = basis_of[each.sheet.number]
        amount = each.disbursed if basis == "disbursed" else each.used
        cell = each.cells.get(basis, "")
        found[basis, cast("Spending", each.spending)] = _Figure(
            base=_baht(each.base), amount=_baht(amount), cell=f"{each.sheet.number}!{cell}"
        )
    return found


def _baht(millions: Decimal | None) -> Decimal | None:
    return None if millions is None else from_million(millions, round_half_up=True)
