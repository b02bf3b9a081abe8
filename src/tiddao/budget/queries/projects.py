"""The projects of a year across the books of the offices. Amounts are baht."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q

from tiddao.budget.models import Book, BookEntry, Envelope, MonitoredWork, Programme, Project
from tiddao.budget.queries.balances import Balanced, total_of
from tiddao.budget.queries.books import codes_of
from tiddao.budget.queries.envelopes import EnvelopeView, envelope_views, natural_order
from tiddao.budget.queries.positions import office_name
from tiddao.budget.rules.accounts import Balance
from tiddao.kernel.fiscal import FiscalYear


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
class ProjectOffice(Balanced):
    """What one office's envelopes of a project come to."""

    book: int
    office: str
    office_name: str
    place: str
    envelopes: tuple[EnvelopeView, ...]
    balance: Balance | None


@dataclass(frozen=True, slots=True)
class ProjectView(Balanced):
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


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list, with the money of the offices asked for."""

    id: int
    number: str
    name: str
    programme: str
    offices: int
    balance: Balance | None


def find_project(project_id: int, *, visible: Q) -> ProjectView | None:
    """Return a project with the envelopes of the offices at visible places. Six queries.

    visible: condition on ``places.Place``.
    """
    project = Project.objects.filter(pk=project_id).select_related("owner", "programme").first()
    if project is None:
        return None
    rows = Envelope.objects.filter(activity__project=project, book__place__in=codes_of(visible))
    by_book: dict[int, list[EnvelopeView]] = {}
    for each in envelope_views(rows):
        by_book.setdefault(each.book, []).append(each)
    books = Book.objects.filter(pk__in=by_book).select_related("office").order_by("office_id")
    offices = tuple(
        ProjectOffice(
            book=book.pk,
            office=book.office_id,
            office_name=office_name(book.office),
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
        MonitoredWork.objects.filter(project=project_id, unit__in=codes_of(visible))
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
    rows = Envelope.objects.filter(book__fiscal_year=year.be, book__place__in=codes_of(visible))
    by_project: dict[int, list[EnvelopeView]] = {}
    for each in envelope_views(rows):
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
            by_project.items(), key=lambda item: natural_order(item[1][0].project_number)
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
    found = sorted(rows, key=lambda each: (natural_order(each.number), each.name_th))
    return [(each.pk, str(each)) for each in found]
