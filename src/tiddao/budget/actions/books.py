"""Opening the offices' own books, and what they are kept by: projects, activities, envelopes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from tiddao.budget.actions.posting import lock_book
from tiddao.budget.models import (
    Activity,
    Book,
    Envelope,
    EnvelopeBalance,
    Fund,
    Keeping,
    Programme,
    Project,
    ProjectAlias,
    SpendingType,
)
from tiddao.budget.queries.recount import ACCOUNTS
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import Office


@dataclass(frozen=True, slots=True)
class EnvelopeKey:
    """What tells an envelope apart within a book. activity: number of the ``Activity``."""

    activity: int
    fund: str
    spending: str
    tranche: str = ""


class TakeoverRefused(ValueError):
    """The envelope cannot be taken over as asked. code: no_reason, book_closed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def open_book(office_code: str, year: FiscalYear, *, by: Actor, at: datetime) -> Book:
    """Open the office's book of the year, or return it when it is open already.

    Raises Office.DoesNotExist.
    """
    office = Office.objects.get(pk=office_code)
    book, opened = Book.objects.get_or_create(
        office=office,
        fiscal_year=year.be,
        defaults={"place_id": office.place_id, "opened_at": at},
    )
    if opened:
        record(
            "open_book",
            on=f"book:{book.pk}",
            by=by,
            at=at,
            place=office.place_id,
            detail={"office": office.pk, "fiscal_year": year.be},
        )
    return book


@transaction.atomic
def ensure_programme(
    year: FiscalYear, owner_code: str, name_th: str, *, code: str = "", by: Actor, at: datetime
) -> Programme:
    """Name a programme or output of the year, or return the one of that name.

    Raises ValueError without a name.
    """
    name = " ".join(name_th.split())
    if not name:
        raise ValueError("a programme has a name")
    programme, added = Programme.objects.get_or_create(
        fiscal_year=year.be, owner_id=owner_code, name_th=name, defaults={"code": code.strip()}
    )
    if added:
        record(
            "name_programme",
            on=f"programme:{programme.pk}",
            by=by,
            at=at,
            place=owner_code,
            detail={"fiscal_year": year.be, "name": name, "code": programme.code},
        )
    return programme


@transaction.atomic
def ensure_project(
    year: FiscalYear,
    owner_code: str,
    *,
    number: str = "",
    name_th: str = "",
    aliases: Iterable[str] = (),
    by: Actor,
    at: datetime,
) -> Project:
    """Return the project of that number, or of that name where it has none; add what is missing.

    A project without a number is known by its name or by any other way in which it was written
    before. A further way of writing the name is kept as an alias; nothing that is there is changed.
    Raises ValueError without number and name.
    """
    number, name = " ".join(number.split()), " ".join(name_th.split())
    if not (number or name):
        raise ValueError("a project has a number or a name")
    of_year = Project.objects.filter(fiscal_year=year.be, owner_id=owner_code)
    project = of_year.filter(key=number or name).first()
    if project is None and not number:
        project = of_year.filter(Q(name_th=name) | Q(aliases__written=name)).order_by("pk").first()
    added = project is None
    if project is None:
        project, added = Project.objects.get_or_create(
            fiscal_year=year.be,
            owner_id=owner_code,
            key=number or name,
            defaults={"number": number, "name_th": name},
        )
    changed: dict[str, Any] = {}
    if name and not project.name_th:
        project.name_th = changed["name"] = name
        project.save(update_fields=["name_th"])
    known = {project.key, project.number, project.name_th}
    wanted = {" ".join(each.split()) for each in (name, *aliases)} - known - {""}
    if wanted:
        wanted -= set(project.aliases.values_list("written", flat=True))
        ProjectAlias.objects.bulk_create(
            [ProjectAlias(project=project, written=each) for each in sorted(wanted)],
            ignore_conflicts=True,
        )
    if wanted:
        changed["aliases"] = sorted(wanted)
    if added or changed:
        record(
            "add_project" if added else "complete_project",
            on=f"project:{project.pk}",
            by=by,
            at=at,
            place=owner_code,
            detail={"fiscal_year": year.be, "number": number, "name": name, **changed},
        )
    return project


@transaction.atomic
def put_under_programme(
    project_id: int, programme_id: int | None, *, by: Actor, at: datetime
) -> Project:
    """Put a project under a programme of its year, or under none.

    Raises Project.DoesNotExist, Programme.DoesNotExist (another year's or province's is none).
    """
    project = Project.objects.select_for_update(of=("self",)).get(pk=project_id)
    before = project.programme_id
    programme = (
        None
        if programme_id is None
        else Programme.objects.get(
            pk=programme_id,
            fiscal_year=project.fiscal_year,
            owner__in=[*tree.ancestor_codes(project.owner_id), project.owner_id],
        )
    )
    if before == programme_id:
        return project
    project.programme = programme
    project.save(update_fields=["programme"])
    record(
        "put_under_programme",
        on=f"project:{project.pk}",
        by=by,
        at=at,
        place=project.owner_id,
        before=before,
        after=programme_id,
        detail={"programme": programme.name_th if programme else ""},
    )
    return project


@transaction.atomic
def put_under_new_programme(
    project_id: int, name_th: str, *, code: str = "", by: Actor, at: datetime
) -> Project:
    """Name a programme for the project's year and owner, and put the project under it."""
    project = Project.objects.get(pk=project_id)
    programme = ensure_programme(
        FiscalYear(project.fiscal_year), project.owner_id, name_th, code=code, by=by, at=at
    )
    return put_under_programme(project_id, programme.pk, by=by, at=at)


@transaction.atomic
def ensure_activity(project: Project, name_th: str = "") -> Activity:
    """Return the project's activity of that name; "" is the project as a whole."""
    return Activity.objects.get_or_create(project=project, name_th=" ".join(name_th.split()))[0]


@transaction.atomic
def ensure_envelope(
    book: Book, key: EnvelopeKey, *, keeping: Keeping = Keeping.ENTRIES
) -> Envelope:
    """Return the envelope of that key; a new one is kept as said, an old one as it was.

    Raises ValueError for a fund or type of spending that does not exist, or a project of another
    year.
    """
    if key.fund not in Fund.values or key.spending not in SpendingType.values:
        raise ValueError(f"no such fund or type of spending: {key.fund}, {key.spending}")
    of_key = {
        "activity_id": key.activity,
        "fund": key.fund,
        "spending": key.spending,
        "tranche": " ".join(key.tranche.split()),
    }
    found = Envelope.objects.filter(book=book, **of_key).first()
    if found is not None:
        return found
    activity = Activity.objects.select_related("project").get(pk=key.activity)
    if activity.project.fiscal_year != book.fiscal_year:
        raise ValueError(f"{activity.project} is of fiscal year {activity.project.fiscal_year}")
    return Envelope.objects.get_or_create(book=book, **of_key, defaults={"keeping": keeping})[0]


@dataclass(frozen=True, slots=True)
class WantedEnvelope:
    """An envelope as a person asks for it. project: its number in the database, or None for the one
    of that number or name, which is added when it is not there. activity: "" for the whole project.
    """

    fund: str
    spending: str
    tranche: str = ""
    project: int | None = None
    number: str = ""
    name: str = ""
    activity: str = ""


@transaction.atomic
def open_envelope(book_id: int, wanted: WantedEnvelope, *, by: Actor, at: datetime) -> Envelope:
    """Open an envelope that is kept entry by entry, or return it.

    A project that is added belongs to the province of the book's office. Raises as ensure_project
    and ensure_envelope do, Project.DoesNotExist for one of a place that is not above the office.
    """
    book = lock_book(book_id)
    above = [*tree.ancestor_codes(book.place_id), book.place_id]
    if wanted.project is None:
        owner = above[min(1, len(above) - 1)]
        year = FiscalYear(book.fiscal_year)
        project = ensure_project(
            year, owner, number=wanted.number, name_th=wanted.name, by=by, at=at
        )
    else:
        project = Project.objects.get(pk=wanted.project, owner__in=above)
    activity = ensure_activity(project, wanted.activity)
    known = book.envelopes.count()
    key = EnvelopeKey(activity.pk, wanted.fund, wanted.spending, wanted.tranche)
    envelope = ensure_envelope(book, key)
    if book.envelopes.count() > known:
        record(
            "open_envelope",
            on=f"book:{book.pk}/envelope:{envelope.pk}",
            by=by,
            at=at,
            place=book.place_id,
            detail={
                "fund": key.fund,
                "spending": key.spending,
                "tranche": envelope.tranche,
                "project": str(project),
            },
        )
    return envelope


@transaction.atomic
def keep_by_entries(envelope_id: int, *, reason: str, by: Actor, at: datetime) -> Envelope:
    """Take an envelope over from the office's workbook: from now on it is kept entry by entry.

    What the workbooks have stated so far stays as its opening entries; later workbooks no longer
    reach it. Nothing changes when it is kept so already. Raises TakeoverRefused.
    """
    held = Envelope.objects.select_related("book").get(pk=envelope_id)
    book = lock_book(held.book_id)
    envelope = Envelope.objects.select_for_update(of=("self",)).get(pk=envelope_id)
    if envelope.keeping == Keeping.ENTRIES:
        return envelope
    if book.closed_at is not None:
        raise TakeoverRefused("book_closed")
    if not reason.strip():
        raise TakeoverRefused("no_reason")
    envelope.keeping = Keeping.ENTRIES
    envelope.save(update_fields=["keeping"])
    balance = EnvelopeBalance.objects.filter(pk=envelope_id).values(*ACCOUNTS).first() or {}
    newest = envelope.entries.order_by("-on").values_list("on", flat=True).first()
    record(
        "keep_by_entries",
        on=f"book:{book.pk}/envelope:{envelope.pk}",
        by=by,
        at=at,
        place=book.place_id,
        before={"keeping": Keeping.WORKBOOK.value},
        after={"keeping": Keeping.ENTRIES.value},
        detail={
            "reason": reason.strip(),
            "opening": {name: str(amount) for name, amount in balance.items()},
            "as_of": newest.isoformat() if newest else "",
        },
    )
    return envelope
