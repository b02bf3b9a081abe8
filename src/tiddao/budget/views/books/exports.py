"""A book and its entries as Excel workbooks, whole."""

from __future__ import annotations

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiddao.budget.models import Fund, Kind, SpendingType
from tiddao.budget.queries.balances import total_of
from tiddao.budget.queries.entries import book_entries
from tiddao.budget.queries.envelopes import envelopes_of
from tiddao.budget.rules.accounts import Balance
from tiddao.budget.rules.books import book_of
from tiddao.budget.views.books.pieces import book_or_404
from tiddao.people.access import SignedInRequest
from tiddao.ui.templatetags.ui import be_time
from tiddao.ui.xlsx import Cell, Column, xlsx_response


@require_GET
def book_xlsx(request: SignedInRequest, book_id: int) -> FileResponse:
    """Hand out the book: a line for each envelope."""
    opened = book_or_404(request, book_id)
    rows = envelopes_of(book_id)
    baht = _("baht")
    columns = (
        Column("fund", _("Fund"), width=22),
        Column("number", _("Project number"), width=14),
        Column("project", _("Project"), width=44),
        Column("activity", _("Activity"), width=36),
        Column("spending", _("Type of spending"), width=18),
        Column("tranche", _("Tranche"), width=14),
        Column("keeping", _("Kept from"), width=26),
        *(Column(code, words, "number", 18, baht) for code, words in _accounts().items()),
        Column("percent", _("Disbursed, %"), "percent", 14),
    )
    cells: list[list[Cell]] = [
        [
            each.fund_name, each.project_number, each.project_name, each.activity_name,
            each.spending_name, each.tranche, each.keeping_name, *_amounts(each.balance),
            each.disbursed_percent,
        ]
        for each in rows
    ]  # fmt: skip
    whole = total_of(each.balance for each in rows)
    title = _("Book of money: %(office)s, fiscal year %(year)s") % {
        "office": opened.book.office_name,
        "year": opened.book.fiscal_year,
    }
    notes = []
    if whole is not None:
        notes.append(
            _("All envelopes: base %(base)s, disbursed %(disbursed)s, remaining %(remaining)s baht")
            % {
                "base": f"{whole.base:,.2f}",
                "disbursed": f"{whole.disbursed:,.2f}",
                "remaining": f"{whole.remaining:,.2f}",
            }
        )
    return xlsx_response(title, title, columns, cells, as_of=timezone.now(), notes=notes)


@require_GET
def entries_xlsx(request: SignedInRequest, book_id: int) -> FileResponse:
    """Hand out every entry of the book, with what it adds to the remaining money."""
    opened = book_or_404(request, book_id)
    envelopes = {each.id: each for each in envelopes_of(book_id)}
    rows = book_entries(book_id)
    book = book_of((row.entry for row in rows), year=opened.book.year)
    baht = _("baht")
    columns = (
        Column("id", _("Number of the entry"), "integer", 10),
        Column("on", _("Day of the document"), "date", 14),
        Column("kind", _("Kind"), width=22),
        Column("document", _("Number of the document"), width=22),
        Column("line", _("Line"), "integer", 8),
        Column("amount", _("Amount"), "number", 18, baht),
        Column("cash_back", _("Cash handed back"), "number", 16, baht),
        Column("change", _("Change of the remaining money"), "number", 18, baht),
        Column("against", _("Refers to"), width=26),
        Column("due_on", _("To be cleared by"), "date", 14),
        Column("borrower", _("Borrower"), width=20),
        Column("fund", _("Fund"), width=20),
        Column("spending", _("Type of spending"), width=16),
        Column("number", _("Project number"), width=14),
        Column("project", _("Project"), width=40),
        Column("activity", _("Activity"), width=32),
        Column("tranche", _("Tranche"), width=14),
        Column("note", _("Note"), width=30),
        Column("source", _("Read from"), width=30),
        Column("known_at", _("Written down"), width=20),
    )
    cells: list[list[Cell]] = []
    for row in rows:
        envelope = envelopes[row.envelope]
        cells.append(
            [
                row.id, row.on, str(Kind(row.kind).label), row.document, row.line, row.amount,
                row.cash_back or None, book.effect(row.entry).remaining,
                "" if row.against_kind is None
                else f"{Kind(row.against_kind).label} {row.against_document}",
                row.due_on, row.borrower, str(Fund(row.fund).label),
                str(SpendingType(row.spending).label),
                envelope.project_number, envelope.project_name, envelope.activity_name,
                row.tranche, row.note, row.source, be_time(row.known_at),
            ]
        )  # fmt: skip
    title = _("Entries of the book: %(office)s, fiscal year %(year)s") % {
        "office": opened.book.office_name,
        "year": opened.book.fiscal_year,
    }
    return xlsx_response(title, title, columns, cells, as_of=timezone.now())


def _accounts() -> dict[str, str]:
    return {
        "allotted": _("Allotted"),
        "transferred": _("Transferred"),
        "returned": _("Money returned"),
        "base": _("Base: after transfers and returns"),
        "committed": _("Committed"),
        "disbursed": _("Disbursed"),
        "advanced": _("Of that, advances not cleared"),
        "remaining": _("Remaining"),
        "reserved": _("Of that, reserved for next year"),
    }


def _amounts(balance: Balance | None) -> list[Cell]:
    if balance is None:
        return [None] * len(_accounts())
    return [getattr(balance, account) for account in _accounts()]
