"""JSON of the offices' own books. Amounts are baht as text, exact to the satang."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ninja import Schema

from tiddao.budget.queries.balances import share_of
from tiddao.budget.queries.books import BookView
from tiddao.budget.queries.entries import StoredEntry
from tiddao.budget.queries.envelopes import EnvelopeView
from tiddao.budget.queries.projects import ProgrammeView, ProjectLine, ProjectView
from tiddao.budget.rules.accounts import Balance, EntryKind


class BalanceOut(Schema):
    """What entries come to. base: allotted and transferred less returned; free: remaining and not
    reserved; advanced is a part of disbursed, reserved a part of remaining.
    """

    allotted: Decimal
    transferred: Decimal
    returned: Decimal
    base: Decimal
    committed: Decimal
    disbursed: Decimal
    advanced: Decimal
    remaining: Decimal
    reserved: Decimal
    free: Decimal
    disbursed_percent: Decimal | None
    used_percent: Decimal | None


class BookOut(Schema):
    """An office's book of a fiscal year (Buddhist). balance: null while nothing is reported."""

    id: int
    office: str
    office_name: str
    place: str
    fiscal_year: int
    opened_at: datetime
    closed_at: datetime | None
    as_of: date | None
    known_at: datetime | None
    balance: BalanceOut | None


class EnvelopeOut(Schema):
    """An envelope: activity of a project, fund, type of spending, tranche."""

    id: int
    book: int
    project: int
    project_number: str
    project_name: str
    activity: str
    fund: str
    spending: Literal["recurrent", "investment", "total"]
    tranche: str
    keeping: Literal["workbook", "entries"]
    balance: BalanceOut | None


class EntryOut(Schema):
    """One line of a document. against: the entry it refers to; source: where it was read."""

    id: int
    book: int
    envelope: int
    kind: EntryKind
    document: str
    line: int
    amount: Decimal
    cash_back: Decimal
    on: date
    known_at: datetime
    against: int | None
    due_on: date | None
    borrower: str
    note: str
    source: str


class EntriesOut(Schema):
    """A page of entries in the order in which they were written down.

    next: the cursor of the page after it, null on the last; total: entries in all.
    """

    items: list[EntryOut]
    next: int | None
    total: int


class ProgrammeOut(Schema):
    id: int
    name: str
    code: str


class ProjectLineOut(Schema):
    """A project with the money of the offices of the place asked for."""

    id: int
    number: str
    name: str
    programme: str
    offices: int
    balance: BalanceOut | None


class ProjectOfficeOut(Schema):
    book: int
    office: str
    office_name: str
    place: str
    balance: BalanceOut | None
    envelopes: list[EnvelopeOut]


class ProjectOut(Schema):
    """A project with the money of the offices that the reader may see."""

    id: int
    fiscal_year: int
    owner: str
    number: str
    name: str
    aliases: list[str]
    programme: ProgrammeOut | None
    activities: list[str]
    as_of: date | None
    balance: BalanceOut | None
    offices: list[ProjectOfficeOut]


def balance_out(balance: Balance | None) -> BalanceOut | None:
    """Return the balance with what follows from it."""
    if balance is None:
        return None
    return BalanceOut(
        allotted=balance.allotted,
        transferred=balance.transferred,
        returned=balance.returned,
        base=balance.base,
        committed=balance.committed,
        disbursed=balance.disbursed,
        advanced=balance.advanced,
        remaining=balance.remaining,
        reserved=balance.reserved,
        free=balance.free,
        disbursed_percent=share_of(balance, "disbursed"),
        used_percent=share_of(balance, "used"),
    )


def book_out(book: BookView) -> BookOut:
    """Return one book."""
    return BookOut(
        id=book.id,
        office=book.office,
        office_name=book.office_name,
        place=book.place,
        fiscal_year=book.fiscal_year,
        opened_at=book.opened_at,
        closed_at=book.closed_at,
        as_of=book.last_on,
        known_at=book.last_known_at,
        balance=balance_out(book.balance),
    )


def envelope_out(envelope: EnvelopeView) -> EnvelopeOut:
    """Return one envelope."""
    return EnvelopeOut.model_validate(
        {
            "id": envelope.id,
            "book": envelope.book,
            "project": envelope.project,
            "project_number": envelope.project_number,
            "project_name": envelope.project_name,
            "activity": envelope.activity_name,
            "fund": envelope.fund,
            "spending": envelope.spending,
            "tranche": envelope.tranche,
            "keeping": envelope.keeping,
            "balance": balance_out(envelope.balance),
        }
    )


def entry_out(entry: StoredEntry) -> EntryOut:
    """Return one entry."""
    return EntryOut(**{name: getattr(entry, name) for name in EntryOut.model_fields})


def project_line_out(line: ProjectLine) -> ProjectLineOut:
    """Return one project of a list."""
    return ProjectLineOut(
        id=line.id,
        number=line.number,
        name=line.name,
        programme=line.programme,
        offices=line.offices,
        balance=balance_out(line.balance),
    )


def project_out(project: ProjectView) -> ProjectOut:
    """Return one project with its offices."""
    return ProjectOut(
        id=project.id,
        fiscal_year=project.fiscal_year,
        owner=project.owner,
        number=project.number,
        name=project.name,
        aliases=list(project.aliases),
        programme=_programme_out(project.programme),
        activities=list(project.activities),
        as_of=project.last_on,
        balance=balance_out(project.balance),
        offices=[
            ProjectOfficeOut(
                book=each.book,
                office=each.office,
                office_name=each.office_name,
                place=each.place,
                balance=balance_out(each.balance),
                envelopes=[envelope_out(envelope) for envelope in each.envelopes],
            )
            for each in project.offices
        ],
    )


def _programme_out(programme: ProgrammeView | None) -> ProgrammeOut | None:
    if programme is None:
        return None
    return ProgrammeOut(id=programme.id, name=programme.name, code=programme.code)
