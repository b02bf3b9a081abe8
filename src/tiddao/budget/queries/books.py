"""The offices' own books as pages, exports and the API show them.

Amounts are baht. What has no entry has no balance (None): not reported is not zero.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from tiddao.budget.models import (
    Book,
    BookBalance,
    BookEntry,
    Envelope,
    Fund,
    Keeping,
    MonitoredWork,
    Programme,
    Project,
    ProjectAlias,
    SpendingType,
)
from tiddao.budget.queries.entries import StoredEntry, stored_entries
from tiddao.budget.queries.recount import ACCOUNTS
from tiddao.budget.rules.books import EMPTY, Balance, EntryKind, book_of, sum_of_balances
from tiddao.budget.rules.cgd_checks import percent_of
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places.models import Office, Place

_FUND_ORDER = {code: number for number, code in enumerate(Fund.values)}


@dataclass(frozen=True, slots=True)
class BookView:
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

    @property
    def disbursed_percent(self) -> Decimal | None:
        """Disbursed of what was given less what was sent back, per cent."""
        return share_of(self.balance, "disbursed")


@dataclass(frozen=True, slots=True)
class EnvelopeView:
    """An envelope with what its entries come to. project_name: number and name, as far as known."""

    id: int
    book: int
    project: int
    project_number: str
    project_name: str
    activity: int
    activity_name: str
    fund: str
    spending: str
    tranche: str
    keeping: str
    balance: Balance | None

    @property
    def fund_name(self) -> str:
        return str(Fund(self.fund).label)

    @property
    def spending_name(self) -> str:
        return str(SpendingType(self.spending).label)

    @property
    def keeping_name(self) -> str:
        return str(Keeping(self.keeping).label)

    @property
    def project_label(self) -> str:
        return f"{self.project_number} {self.project_name}".strip()

    @property
    def is_kept_by_workbook(self) -> bool:
        return self.keeping == Keeping.WORKBOOK

    @property
    def disbursed_percent(self) -> Decimal | None:
        """Disbursed of the envelope's base, per cent."""
        return share_of(self.balance, "disbursed")

    @property
    def used_percent(self) -> Decimal | None:
        """Disbursed and committed of the envelope's base, per cent."""
        return share_of(self.balance, "used")


@dataclass(frozen=True, slots=True)
class ProjectGroup:
    """A project within a fund of a book: its envelopes and their sum."""

    id: int
    label: str
    envelopes: tuple[EnvelopeView, ...]
    balance: Balance | None

    @property
    def disbursed_percent(self) -> Decimal | None:
        return share_of(self.balance, "disbursed")


@dataclass(frozen=True, slots=True)
class FundGroup:
    """A fund of a book: its projects and their sum."""

    fund: str
    name: str
    projects: tuple[ProjectGroup, ...]
    balance: Balance | None

    @property
    def disbursed_percent(self) -> Decimal | None:
        return share_of(self.balance, "disbursed")


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of an envelope's page.

    change: what it adds to the remaining money; remaining: after it. reversed_by: number and
    document of the entry that undoes it.
    """

    entry: StoredEntry
    change: Decimal
    remaining: Decimal
    reversed_by: tuple[int, str] | None

    @property
    def is_reversal(self) -> bool:
        return self.entry.kind == "reversal"


@dataclass(frozen=True, slots=True)
class EnvelopeState:
    """An envelope's entries and balance, now or as true on a day and known at a moment."""

    rows: tuple[EntryRow, ...]
    balance: Balance | None
    first_on: date | None
    last_on: date | None
    from_files: int
    """How many of the entries were read from files; the opening of an envelope taken over."""


@dataclass(frozen=True, slots=True)
class OpenReference:
    """A commitment not wholly paid or an advance not wholly cleared."""

    id: int
    kind: EntryKind
    document: str
    on: date
    amount: Decimal
    outstanding: Decimal
    borrower: str


@dataclass(frozen=True, slots=True)
class EntryRelations:
    """What an entry names, what names it, and the reversal that undoes it."""

    names: StoredEntry | None
    named_by: tuple[StoredEntry, ...]

    @property
    def reversed_by(self) -> StoredEntry | None:
        return next((each for each in self.named_by if each.kind == "reversal"), None)


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    id: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class MonitoredView:
    """A line of a monitoring sheet: more about a project counted already; in no sum."""

    place: str
    place_name: str
    as_of: date
    plots: Decimal | None
    amounts: Mapping[str, Decimal]
    sheet: str
    row: int
    file_name: str


@dataclass(frozen=True, slots=True)
class ProjectOffice:
    """What one office's envelopes of a project come to."""

    book: int
    office: str
    office_name: str
    place: str
    envelopes: tuple[EnvelopeView, ...]
    balance: Balance | None

    @property
    def disbursed_percent(self) -> Decimal | None:
        return share_of(self.balance, "disbursed")


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project of a year, with what the offices asked for have of it."""

    id: int
    fiscal_year: int
    owner: str
    owner_name: str
    number: str
    name: str
    aliases: tuple[str, ...]
    programme: ProgrammeView | None
    activities: tuple[str, ...]
    offices: tuple[ProjectOffice, ...]
    balance: Balance | None
    last_on: date | None  # the newest day an entry is true for

    @property
    def label(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def disbursed_percent(self) -> Decimal | None:
        return share_of(self.balance, "disbursed")


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list, with the money of the offices asked for."""

    id: int
    number: str
    name: str
    programme: str
    offices: int
    balance: Balance | None


def share_of(balance: Balance | None, what: str) -> Decimal | None:
    """Return disbursed, or "used": disbursed and committed, of the base, per cent."""
    if balance is None:
        return None
    amount = balance.disbursed if what == "disbursed" else balance.disbursed + balance.committed
    return percent_of(amount, balance.base)


def total_of(balances: Iterable[Balance | None]) -> Balance | None:
    """Add up those that are reported; None when none is."""
    known = [each for each in balances if each is not None]
    return sum_of_balances(known) if known else None


# -- books ----------------------------------------------------------------------------------------


def books_of_place(place: str) -> list[tuple[int, int]]:
    """Return (fiscal year, number) of the books of the office at the place, the newest first."""
    return list(
        Book.objects.filter(place=place).order_by("-fiscal_year").values_list("fiscal_year", "pk")
    )


def office_at(place: str) -> tuple[str, str] | None:
    """Return code and name of the office that sits at the place, or None."""
    office = Office.objects.filter(place=place).order_by("code").first()
    return (office.pk, _office_name(office)) if office else None


def find_book(book_id: int) -> BookView | None:
    """Return the book of that number. Two queries."""
    return _book_view(Book.objects.filter(pk=book_id))


def book_at(place: str, year: FiscalYear) -> BookView | None:
    """Return the book of the office at the place. Two queries."""
    return _book_view(Book.objects.filter(place=place, fiscal_year=year.be))


def books_at(places: Collection[str], year: FiscalYear) -> tuple[BookView, ...]:
    """Return the books of the offices at the places, in the order of office codes. Two queries."""
    return _book_views(Book.objects.filter(place__in=places, fiscal_year=year.be))


def books_within(year: FiscalYear, *, visible: Q) -> tuple[BookView, ...]:
    """Return the books of the offices at visible places, by office code. Two queries."""
    return _book_views(Book.objects.filter(place__in=_codes(visible), fiscal_year=year.be))


def _book_view(books: QuerySet[Book]) -> BookView | None:
    found = _book_views(books)
    return found[0] if found else None


def _book_views(books: QuerySet[Book]) -> tuple[BookView, ...]:
    rows = list(books.select_related("office").order_by("office_id", "fiscal_year"))
    sums: dict[int, list[BookBalance]] = {}
    for each in BookBalance.objects.filter(book__in=[row.pk for row in rows]):
        sums.setdefault(each.book_id, []).append(each)
    return tuple(
        BookView(
            id=row.pk,
            office=row.office_id,
            office_name=_office_name(row.office),
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


def _office_name(office: Office) -> str:
    return office.name_en if get_language() == "en" and office.name_en else office.name_th


def _balance_of(row: Any) -> Balance:
    return Balance(*(getattr(row, account) for account in ACCOUNTS))


# -- envelopes ------------------------------------------------------------------------------------


def envelopes_of(
    book_id: int, *, fund: str = "", tranche: str | None = None, text: str = ""
) -> tuple[EnvelopeView, ...]:
    """Return the envelopes of a book, by fund, project, activity, type of spending and tranche.

    text: what a project's number, name or alias, or an activity's name holds. One query.
    """
    rows = Envelope.objects.filter(book=book_id)
    if fund:
        rows = rows.filter(fund=fund)
    if tranche is not None:
        rows = rows.filter(tranche=tranche)
    for word in text.split():
        alias = ProjectAlias.objects.filter(
            project=OuterRef("activity__project"), written__icontains=word
        )
        rows = rows.filter(
            Q(activity__project__number__icontains=word)
            | Q(activity__project__name_th__icontains=word)
            | Q(activity__name_th__icontains=word)
            | Exists(alias)
        )
    return _envelope_views(rows)


def find_envelope(envelope_id: int) -> EnvelopeView | None:
    """Return the envelope of that number. One query."""
    found = _envelope_views(Envelope.objects.filter(pk=envelope_id))
    return found[0] if found else None


def tranches_of(book_id: int) -> list[str]:
    """Return the tranches of a book's envelopes, in order; "" is for none."""
    rows = Envelope.objects.filter(book=book_id).order_by("tranche")
    return list(rows.values_list("tranche", flat=True).distinct())


def grouped(envelopes: Iterable[EnvelopeView]) -> tuple[FundGroup, ...]:
    """Group envelopes by fund and project, each with its sum."""
    by_fund: dict[str, dict[int, list[EnvelopeView]]] = {}
    for each in envelopes:
        by_fund.setdefault(each.fund, {}).setdefault(each.project, []).append(each)
    groups = []
    for fund, projects in by_fund.items():
        found = tuple(
            ProjectGroup(
                id=number,
                label=lines[0].project_label,
                envelopes=tuple(lines),
                balance=total_of(each.balance for each in lines),
            )
            for number, lines in projects.items()
        )
        groups.append(
            FundGroup(
                fund=fund,
                name=str(Fund(fund).label),
                projects=found,
                balance=total_of(each.balance for each in found),
            )
        )
    return tuple(groups)


def _envelope_views(rows: QuerySet[Envelope]) -> tuple[EnvelopeView, ...]:
    accounts = [f"balance__{account}" for account in ACCOUNTS]
    values = rows.values_list(
        "pk", "book_id", "activity__project_id", "activity__project__number",
        "activity__project__name_th", "activity_id", "activity__name_th", "fund", "spending",
        "tranche", "keeping", *accounts,
    )  # fmt: skip
    found = [_envelope_view(row) for row in values]
    return tuple(sorted(found, key=_envelope_order))


def _envelope_view(row: tuple[Any, ...]) -> EnvelopeView:
    balance = None if row[11] is None else Balance(*row[11:])
    return EnvelopeView(*(*row[:11], balance))


def _envelope_order(each: EnvelopeView) -> tuple[Any, ...]:
    return (
        _FUND_ORDER[each.fund],
        _natural(each.project_number),
        each.project_name,
        each.project,
        each.activity_name,
        each.spending,
        each.tranche,
    )


def _natural(number: str) -> tuple[bool, tuple[tuple[int, str], ...]]:
    """Order "9/2569" before "24/2569"; what has no number comes last."""
    parts = re.findall(r"\d+|\D+", number)
    return not number, tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)


# -- entries --------------------------------------------------------------------------------------


def envelope_state(
    envelope: EnvelopeView,
    year: FiscalYear,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
) -> EnvelopeState:
    """Return the entries with the money remaining after each, in the order of the days. One query.

    on, known_at: as true at the end of the day and known at the moment; None: no limit.
    """
    wanted = BookEntry.objects.filter(envelope=envelope.id)
    if on is not None:
        wanted = wanted.filter(on__lte=on)
    if known_at is not None:
        wanted = wanted.filter(known_at__lte=known_at)
    stored = stored_entries(wanted)
    book = book_of((each.entry for each in stored), year=year)
    undone = {each.against: (each.id, each.document) for each in stored if each.kind == "reversal"}
    rows = []
    balance = EMPTY
    for each in stored:
        effect = book.effect(each.entry)
        balance += effect
        rows.append(EntryRow(each, effect.remaining, balance.remaining, undone.get(each.id)))
    return EnvelopeState(
        rows=tuple(rows),
        balance=balance if rows else None,
        first_on=stored[0].on if stored else None,
        last_on=stored[-1].on if stored else None,
        from_files=sum(1 for each in stored if each.source),
    )


def open_references(envelope: EnvelopeView, year: FiscalYear) -> tuple[OpenReference, ...]:
    """Return the commitments and advances of an envelope on which something is still open."""
    stored = stored_entries(BookEntry.objects.filter(envelope=envelope.id))
    book = book_of((each.entry for each in stored), year=year)
    return tuple(
        OpenReference(
            each.id, each.kind, each.document, each.on, each.amount, outstanding, each.borrower
        )
        for each in stored
        if each.kind in {"commitment", "advance"}
        and (outstanding := book.outstanding(each.entry_id))
    )


def find_entry(entry_id: int) -> StoredEntry | None:
    """Return the entry of that number. One query."""
    found = stored_entries(BookEntry.objects.filter(pk=entry_id))
    return found[0] if found else None


def entry_relations(entry: StoredEntry) -> EntryRelations:
    """Return the entries tied to one. One query."""
    rows = stored_entries(BookEntry.objects.filter(Q(against=entry.id) | Q(pk=entry.against or 0)))
    return EntryRelations(
        names=next((row for row in rows if row.id == entry.against), None),
        named_by=tuple(row for row in rows if row.against == entry.id),
    )


def book_entries(book_id: int) -> list[StoredEntry]:
    """Return all entries of a book, in the order of the days. One query."""
    return stored_entries(BookEntry.objects.filter(book=book_id))


def entries_after(
    *,
    book_id: int | None = None,
    envelope_id: int | None = None,
    after: int = 0,
    most: int = 500,
    on: date | None = None,
    known_at: datetime | None = None,
) -> tuple[list[StoredEntry], int | None, int]:
    """Return entries in the order in which they were written down, from behind a number.

    The second part is the number to go on from, None at the end; the third how many there are in
    all. Entries are only ever added, so no page is missed or seen twice. Two queries.
    """
    rows = BookEntry.objects.all()
    if book_id is not None:
        rows = rows.filter(book=book_id)
    if envelope_id is not None:
        rows = rows.filter(envelope=envelope_id)
    if on is not None:
        rows = rows.filter(on__lte=on)
    if known_at is not None:
        rows = rows.filter(known_at__lte=known_at)
    count = rows.count()
    numbers = list(
        rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: most + 1]
    )
    page = numbers[:most]
    found = sorted(stored_entries(BookEntry.objects.filter(pk__in=page)), key=lambda each: each.id)
    return found, page[-1] if len(numbers) > most else None, count


# -- projects -------------------------------------------------------------------------------------


def find_project(project_id: int, *, visible: Q) -> ProjectView | None:
    """Return a project with the envelopes of the offices at visible places. Six queries.

    visible: condition on ``places.Place``.
    """
    project = Project.objects.filter(pk=project_id).select_related("owner", "programme").first()
    if project is None:
        return None
    rows = Envelope.objects.filter(activity__project=project, book__place__in=_codes(visible))
    by_book: dict[int, list[EnvelopeView]] = {}
    for each in _envelope_views(rows):
        by_book.setdefault(each.book, []).append(each)
    books = Book.objects.filter(pk__in=by_book).select_related("office").order_by("office_id")
    offices = tuple(
        ProjectOffice(
            book=book.pk,
            office=book.office_id,
            office_name=_office_name(book.office),
            place=book.place_id,
            envelopes=tuple(by_book[book.pk]),
            balance=total_of(each.balance for each in by_book[book.pk]),
        )
        for book in books
    )
    programme = project.programme
    return ProjectView(
        id=project.pk,
        fiscal_year=project.fiscal_year,
        owner=project.owner_id,
        owner_name=project.owner.name_th,
        number=project.number,
        name=project.name_th,
        aliases=tuple(project.aliases.order_by("written").values_list("written", flat=True)),
        programme=ProgrammeView(programme.pk, programme.name_th, programme.code)
        if programme
        else None,
        activities=tuple(
            project.activities.exclude(name_th="")
            .order_by("name_th")
            .values_list("name_th", flat=True)
        ),
        offices=offices,
        balance=total_of(each.balance for each in offices),
        last_on=BookEntry.objects.filter(envelope__in=rows).aggregate(newest=Max("on"))["newest"],
    )


def monitored_of(project_id: int, *, visible: Q) -> tuple[MonitoredView, ...]:
    """Return what accepted monitoring sheets say of a project at visible places, newest first."""
    rows = (
        MonitoredWork.objects.filter(project=project_id, unit__in=_codes(visible))
        .select_related("unit", "upload")
        .order_by("-as_of", "unit_id", "sheet", "row")
    )
    return tuple(
        MonitoredView(
            place=row.unit_id,
            place_name=row.unit.name_th,
            as_of=row.as_of,
            plots=row.plots,
            amounts={name: Decimal(amount) for name, amount in row.amounts.items()},
            sheet=row.sheet,
            row=row.row,
            file_name=row.upload.file_name,
        )
        for row in rows
    )


def projects_of(year: FiscalYear, *, visible: Q) -> tuple[ProjectLine, ...]:
    """Return the projects of which offices at visible places have envelopes. Two queries."""
    rows = Envelope.objects.filter(book__fiscal_year=year.be, book__place__in=_codes(visible))
    by_project: dict[int, list[EnvelopeView]] = {}
    for each in _envelope_views(rows):
        by_project.setdefault(each.project, []).append(each)
    programmes = dict(
        Project.objects.filter(pk__in=by_project).values_list("pk", "programme__name_th")
    )
    return tuple(
        ProjectLine(
            id=number,
            number=lines[0].project_number,
            name=lines[0].project_name,
            programme=programmes[number] or "",
            offices=len({each.book for each in lines}),
            balance=total_of(each.balance for each in lines),
        )
        for number, lines in sorted(
            by_project.items(), key=lambda item: _natural(item[1][0].project_number)
        )
    )


def programmes_of(year: FiscalYear, owners: Collection[str]) -> tuple[ProgrammeView, ...]:
    """Return the programmes that the places have named for the year, by code and name."""
    rows = Programme.objects.filter(fiscal_year=year.be, owner__in=owners)
    return tuple(
        ProgrammeView(row.pk, row.name_th, row.code) for row in rows.order_by("code", "name_th")
    )


def projects_named(year: FiscalYear, owners: Collection[str]) -> list[tuple[int, str]]:
    """Return (number, label) of the projects that the places have for the year."""
    rows = Project.objects.filter(fiscal_year=year.be, owner__in=owners)
    found = sorted(rows, key=lambda each: (_natural(each.number), each.name_th))
    return [(each.pk, str(each)) for each in found]


def activities_named(project_id: int) -> list[tuple[int, str]]:
    """Return (number, name) of a project's activities; "" is the project as a whole."""
    rows = Project.objects.get(pk=project_id).activities.order_by("name_th")
    return list(rows.values_list("pk", "name_th"))


def _codes(visible: Q) -> Any:
    return Place.objects.filter(visible).values("pk")
