"""Keeping the offices' own books: opening them, posting entries, undoing them, holding papers.

Whoever posts locks the row of the book first, so two people at once take turns, and the second
sees what the first has left. Whoever posts into several books in one transaction goes through them
by number. The sums (``EnvelopeBalance``, ``BookBalance``, ``BookDay``, ``BookMonth``) are written here alone, in
the transaction of the entries they sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from tiddao.budget.models import (
    Account,
    Activity,
    Book,
    BookBalance,
    BookDay,
    BookEntry,
    BookMonth,
    Envelope,
    EnvelopeBalance,
    Fund,
    Keeping,
    PaperHeld,
    Programme,
    Project,
    ProjectAlias,
    SpendingType,
)
from tiddao.budget.queries.entries import StoredEntry, stored_entries, with_what_they_name
from tiddao.budget.queries.recount import ACCOUNTS, Difference, recount_books
from tiddao.budget.rules import books as rules
from tiddao.budget.rules.books import (
    Balance,
    EntryId,
    EntryKind,
    EntryRefused,
    Posted,
    Refusal,
    RefusalCode,
)
from tiddao.budget.rules.cgd_figures import Spending
from tiddao.budget.rules.papers import papers_needed
from tiddao.columns.writing import copy_rows
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import Office

__all__ = [
    "ACCOUNTS",
    "Difference",
    "EnvelopeKey",
    "NewEntry",
    "PaperRefused",
    "TakeoverRefused",
    "WantedEnvelope",
    "balance_after",
    "end_paper",
    "ensure_activity",
    "ensure_envelope",
    "ensure_programme",
    "ensure_project",
    "hold_paper",
    "keep_by_entries",
    "open_book",
    "open_envelope",
    "post_entries",
    "put_under_new_programme",
    "put_under_programme",
    "recount_books",
    "reverse_entry",
]

_NOTHING = Decimal(0)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class EnvelopeKey:
    """What tells an envelope apart within a book. activity: number of the ``Activity``."""

    activity: int
    fund: str
    spending: str
    tranche: str = ""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One line to post; see ``rules.books.Entry``. envelope: its number.

    against: number of the entry it names, or its identity (one of the same batch has no number
    yet). source: "" for one typed in, else where it was read: file, sheet, cell.
    """

    envelope: int
    kind: EntryKind
    document: str
    amount: Decimal
    on: date
    line: int = 1
    against: int | EntryId | None = None
    cash_back: Decimal = _NOTHING
    due_on: date | None = None
    borrower: str = ""
    note: str = ""
    source: str = ""

    @property
    def id(self) -> EntryId:
        return EntryId(self.kind, self.document.strip(), self.line)


class TakeoverRefused(ValueError):
    """The envelope cannot be taken over as asked. code: no_reason, book_closed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PaperRefused(ValueError):
    """The paper cannot be held or ended as asked. code: not_needed, nothing_shown, held, no_reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# -- what there is to keep ------------------------------------------------------------------------


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
    book = _lock(book_id)
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
    book = _lock(held.book_id)
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


# -- entries --------------------------------------------------------------------------------------


@transaction.atomic
def post_entries(
    book_id: int,
    entries: Sequence[NewEntry],
    *,
    by: Actor,
    at: datetime,
    keeping: Keeping = Keeping.ENTRIES,
) -> Posted:
    """Post the entries into the book, all of them or none, whatever order they come in.

    What is in the book already is left alone. keeping: how the envelopes must be kept; those kept
    otherwise are refused. Raises EntryRefused with every refusal, Book.DoesNotExist.
    """
    book = _lock(book_id)
    posted, written = _post(book, entries, by=by, at=at, keeping=keeping)
    if written:
        _record_posting("post_entries", book, written, posted, by=by, at=at)
    return posted


def balance_after(book_id: int, entry: NewEntry, *, at: datetime) -> Balance:
    """Return what the entry's envelope would come to with it, without writing or locking.

    Raises as post_entries does.
    """
    book = Book.objects.get(pk=book_id)
    envelopes, held = _surroundings(book, [entry])
    known, _posted = _check(book, [entry], envelopes, held, at=at, keeping=Keeping.ENTRIES)
    return known.balances()[known.by_id[entry.id].envelope]


@transaction.atomic
def reverse_entry(
    entry_id: int, *, document: str, on: date, reason: str, by: Actor, at: datetime
) -> BookEntry:
    """Undo an entry by a reversing one, to the satang.

    The same again returns the reversal that is there. Raises EntryRefused, BookEntry.DoesNotExist.
    """
    named = BookEntry.objects.get(pk=entry_id)
    book = _lock(named.book_id)
    wanted = NewEntry(
        envelope=named.envelope_id,
        kind="reversal",
        document=document,
        amount=named.amount + named.cash_back,
        on=on,
        against=named.pk,
        note=reason.strip(),
    )
    if not wanted.note:
        raise EntryRefused((_refusal("no-reason", wanted.id),))
    posted, written = _post(book, [wanted], by=by, at=at, keeping=Keeping.ENTRIES)
    if not written:
        return BookEntry.objects.get(against=named, kind="reversal")
    _record_posting(
        "reverse_entry", book, written, posted, by=by, at=at, reverses=named.pk, reason=wanted.note
    )
    return written[0]


def _lock(book_id: int) -> Book:
    return Book.objects.select_for_update(of=("self",)).get(pk=book_id)


def _post(
    book: Book, entries: Sequence[NewEntry], *, by: Actor, at: datetime, keeping: Keeping
) -> tuple[Posted, list[BookEntry]]:
    """Check and write. The book is locked; what is written comes back in the order of the days."""
    envelopes, held = _surroundings(book, entries)
    known, posted = _check(book, entries, envelopes, held, at=at, keeping=keeping)
    if not posted.taken:
        return posted, []
    said = {entry.id: entry for entry in entries}
    rows = _insert(book, known, posted.taken, said, held, by=by, at=at)
    _add_to_sums(
        book,
        [(envelopes[row.envelope_id], known.by_id[each]) for each, row in rows.items()],
        known,
        at=at,
    )
    return posted, list(rows.values())


def _check(
    book: Book,
    entries: Sequence[NewEntry],
    envelopes: Mapping[int, Envelope],
    held: Mapping[EntryId, StoredEntry],
    *,
    at: datetime,
    keeping: Keeping,
) -> tuple[rules.Book, Posted]:
    """Return the part of the book that matters, the entries in it. Raises EntryRefused."""
    refusals = [
        refusal
        for entry in entries
        if (refusal := _refused_outside(book, entry, envelopes.get(entry.envelope), keeping))
    ]
    if refusals:
        raise EntryRefused(tuple(refusals))
    wanted = _as_rules(entries, envelopes, held, at=at)
    known = rules.book_of((row.entry for row in held.values()), year=FiscalYear(book.fiscal_year))
    posted = rules.post_all(known, wanted)
    if posted.refused:
        raise EntryRefused(posted.refused)
    return known, posted


_OUTSIDE_TH: Mapping[RefusalCode, str] = {
    "unknown-envelope": "ไม่มีซองเงินนี้ในสมุดเงินของสำนักงาน",
    "kept-by-workbook": (
        "ซองเงินนี้ใช้ตัวเลขจากไฟล์ของสำนักงาน จึงบันทึกทีละรายการไม่ได้ "
        "ถ้าจะเลิกใช้ไฟล์กับซองนี้ ให้เปลี่ยนเป็นบันทึกทีละรายการที่หน้าซองเงินก่อน"
    ),
    "kept-by-entries": "ซองเงินนี้บันทึกทีละรายการแล้ว จึงไม่รับตัวเลขจากไฟล์ของสำนักงาน",
    "book-closed": "สมุดเงินของปีงบประมาณนี้ปิดแล้ว",
    "no-reason": "ต้องบอกเหตุผล",
    "unknown-reference": "ไม่พบรายการที่อ้างถึงในสมุดเงินนี้",
    "number-taken": "เลขที่เอกสารนี้เพิ่งถูกใช้ไปในสมุดเดียวกัน ให้ตรวจรายการแล้วลองใหม่",
    "reversed-twice": "รายการนี้เพิ่งถูกกลับรายการไป",
}


def _refusal(code: RefusalCode, entry: EntryId) -> Refusal:
    return Refusal(code, entry, _OUTSIDE_TH[code])


def _refused_outside(
    book: Book, entry: NewEntry, envelope: Envelope | None, keeping: Keeping
) -> Refusal | None:
    """What the rules cannot know: the envelope is another book's, or kept another way."""
    if book.closed_at is not None:
        return _refusal("book-closed", entry.id)
    if envelope is None:
        return _refusal("unknown-envelope", entry.id)
    if envelope.keeping != keeping:
        code: RefusalCode = (
            "kept-by-workbook" if envelope.keeping == Keeping.WORKBOOK else "kept-by-entries"
        )
        return _refusal(code, entry.id)
    return None


def _surroundings(
    book: Book, entries: Sequence[NewEntry]
) -> tuple[dict[int, Envelope], dict[EntryId, StoredEntry]]:
    """Return the envelopes by number, and the entries to check against by identity.

    These are all entries of the envelopes, and whatever has one of the numbers or is named.
    """
    envelopes = {
        each.pk: each
        for each in Envelope.objects.filter(
            book=book, pk__in={entry.envelope for entry in entries}
        ).select_related("activity")
    }
    of_book = BookEntry.objects.filter(book=book)
    rows = {row.id: row for row in stored_entries(of_book.filter(envelope__in=list(envelopes)))}
    identities = {entry.id for entry in entries}
    identities |= {entry.against for entry in entries if isinstance(entry.against, EntryId)}
    named = {entry.against for entry in entries if isinstance(entry.against, int)}
    elsewhere = of_book.exclude(envelope__in=list(envelopes)).filter(
        Q(document__in={each.document for each in identities}) | Q(pk__in=named)
    )
    rows |= {
        row.id: row
        for row in stored_entries(elsewhere)
        if row.entry_id in identities or row.id in named
    }
    return envelopes, {row.entry_id: row for row in with_what_they_name(rows.values())}


def _as_rules(
    entries: Sequence[NewEntry],
    envelopes: Mapping[int, Envelope],
    held: Mapping[EntryId, StoredEntry],
    *,
    at: datetime,
) -> list[rules.Entry]:
    """Return the entries as the rules take them. Raises EntryRefused where a number names nothing."""
    identity = {row.id: each for each, row in held.items()}
    found, lost = [], []
    for entry in entries:
        against = entry.against
        if isinstance(against, int):
            if against not in identity:
                lost.append(_refusal("unknown-reference", entry.id))
                continue
            against = identity[against]
        envelope = envelopes[entry.envelope]
        found.append(
            rules.Entry(
                id=entry.id,
                envelope=rules.Envelope(
                    str(envelope.activity.project_id),
                    str(envelope.activity_id),
                    envelope.fund,
                    cast("Spending", envelope.spending),
                    envelope.tranche,
                ),
                amount=entry.amount,
                on=entry.on,
                known_at=at,
                against=against,
                cash_back=entry.cash_back,
                due_on=entry.due_on,
                borrower=entry.borrower.strip(),
            )
        )
    if lost:
        raise EntryRefused(tuple(lost))
    return found


def _insert(
    book: Book,
    known: rules.Book,
    taken: Sequence[EntryId],
    said: Mapping[EntryId, NewEntry],
    held: Mapping[EntryId, StoredEntry],
    *,
    by: Actor,
    at: datetime,
) -> dict[EntryId, BookEntry]:
    """Write the rows. Their numbers are drawn first, because one may name another of the batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [BookEntry._meta.db_table, len(taken)],  # noqa: SLF001 -- Django's public name
        )
        numbers = [number for (number,) in cursor.fetchall()]
    number_of = {each: row.id for each, row in held.items()} | dict(
        zip(taken, numbers, strict=True)
    )
    rows = {}
    for each in taken:
        entry, line = known.by_id[each], said[each]
        rows[each] = BookEntry(
            pk=number_of[each],
            book=book,
            envelope_id=line.envelope,
            kind=each.kind,
            document=each.document,
            line=each.line,
            amount=entry.amount,
            on=entry.on,
            known_at=at,
            against_id=None if entry.against is None else number_of[entry.against],
            cash_back=entry.cash_back,
            due_on=entry.due_on,
            borrower=entry.borrower,
            note=line.note.strip()[:300],
            source=line.source[:300],
            by=by.reference,
        )
    try:
        with transaction.atomic():
            copy_rows(rows.values())
    except IntegrityError as error:
        # Somebody wrote past the lock. The database has refused; say which line and why.
        refusals = _clashes(book, rows)
        if not refusals:
            raise
        raise EntryRefused(refusals) from error
    return rows


def _clashes(book: Book, rows: Mapping[EntryId, BookEntry]) -> tuple[Refusal, ...]:
    there = {
        EntryId(cast("EntryKind", kind), document, line)
        for kind, document, line in BookEntry.objects.filter(
            book=book, document__in={each.document for each in rows}
        ).values_list("kind", "document", "line")
    }
    undone = set(
        BookEntry.objects.filter(
            kind="reversal",
            against__in=[row.against_id for row in rows.values() if row.kind == "reversal"],
        ).values_list("against_id", flat=True)
    )
    found = [_refusal("number-taken", each) for each in rows if each in there]
    found += [
        _refusal("reversed-twice", each)
        for each, row in rows.items()
        if each not in there and row.kind == "reversal" and row.against_id in undone
    ]
    return tuple(found)


# -- sums -----------------------------------------------------------------------------------------


def _add_to_sums(
    book: Book,
    entries: Iterable[tuple[Envelope, rules.Entry]],
    known: rules.Book,
    *,
    at: datetime,
) -> None:
    """Add what the entries do to the four tables of sums. The book is locked."""
    by_envelope: dict[int, Balance] = defaultdict(Balance)
    by_fund: dict[tuple[str, str], Balance] = defaultdict(Balance)
    by_day: dict[tuple[date, str, str], Balance] = defaultdict(Balance)
    newest: dict[tuple[str, str], date] = {}
    for envelope, entry in entries:
        effect, fund = known.effect(entry), (envelope.fund, envelope.spending)
        by_envelope[envelope.pk] += effect
        by_fund[fund] += effect
        by_day[entry.on, *fund] += effect
        newest[fund] = max(entry.on, newest.get(fund, entry.on))

    envelopes = {row.pk: row for row in EnvelopeBalance.objects.filter(pk__in=list(by_envelope))}
    for number, change in by_envelope.items():
        row = envelopes.setdefault(number, EnvelopeBalance(envelope_id=number, book=book))
        _add(row, change)
    EnvelopeBalance.objects.bulk_create(
        envelopes.values(),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["envelope"],
        update_fields=ACCOUNTS,
    )

    funds = {(row.fund, row.spending): row for row in BookBalance.objects.filter(book=book)}
    for (fund_code, spending), change in by_fund.items():
        of_fund = funds.setdefault(
            (fund_code, spending), BookBalance(book=book, fund=fund_code, spending=spending)
        )
        _add(of_fund, change)
        true_on = newest[fund_code, spending]
        of_fund.last_on = max(true_on, of_fund.last_on or true_on)
        of_fund.last_known_at = max(at, of_fund.last_known_at or at)
    BookBalance.objects.bulk_create(
        [funds[key] for key in by_fund],
        update_conflicts=True,
        unique_fields=["book", "fund", "spending"],
        update_fields=[*ACCOUNTS, "last_on", "last_known_at"],
    )

    days = {
        (row.on, row.fund, row.spending): row
        for row in BookDay.objects.filter(book=book, on__in={on for on, _fund, _kind in by_day})
    }
    months = {
        (row.month, row.fund, row.spending): row
        for row in BookMonth.objects.filter(
            book=book, month__in={on.replace(day=1) for on, _fund, _kind in by_day}
        )
    }
    for (on, fund_code, spending), change in by_day.items():
        kind = {"book": book, "fund": fund_code, "spending": spending}
        day = days.setdefault((on, fund_code, spending), BookDay(on=on, **kind))
        _add(day, change)
        first = on.replace(day=1)
        month = months.setdefault(
            (first, fund_code, spending), BookMonth(month=first, last_on=on, **kind)
        )
        _add(month, change)
        month.last_on = max(month.last_on, on)
    BookDay.objects.bulk_create(
        [days[key] for key in by_day],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["book", "on", "fund", "spending"],
        update_fields=ACCOUNTS,
    )
    BookMonth.objects.bulk_create(
        months.values(),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["book", "month", "fund", "spending"],
        update_fields=[*ACCOUNTS, "last_on"],
    )


def _add(row: Account, change: Balance) -> None:
    for account in ACCOUNTS:
        setattr(row, account, getattr(row, account) + getattr(change, account))


def _record_posting(
    act: str,
    book: Book,
    written: Sequence[BookEntry],
    posted: Posted,
    *,
    by: Actor,
    at: datetime,
    **more: Any,
) -> None:
    """Write the ledger: how many lines and how much of each kind; the lines themselves as a digest."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in written:
        sums[row.kind] += row.amount + row.cash_back
    record(
        act,
        on=f"book:{book.pk}",
        by=by,
        at=at,
        place=book.place_id,
        after=[
            [
                row.pk, row.envelope_id, row.kind, row.document, row.line, str(row.amount),
                str(row.cash_back), row.on.isoformat(), row.against_id,
            ]
            for row in written
        ],
        detail={
            "office": book.office_id,
            "fiscal_year": book.fiscal_year,
            "entries": len(written),
            "already": len(posted.already),
            "baht": {kind: str(amount) for kind, amount in sorted(sums.items())},
            "from": min(row.on for row in written).isoformat(),
            "to": max(row.on for row in written).isoformat(),
            **more,
        },
    )  # fmt: skip


# -- papers ---------------------------------------------------------------------------------------


@transaction.atomic
def hold_paper(
    entry_id: int, paper: str, *, evidence: str = "", note: str = "", by: Actor, at: datetime
) -> PaperHeld:
    """Say that a financial paper of an entry is held, by a file of the evidence area or in words.

    paper: one of ``rules.papers.papers_needed`` of the entry. evidence: the file's reference;
    note: where the paper lies when there is no file. The same again returns what is held.
    Raises PaperRefused (not_needed, nothing_shown, held), BookEntry.DoesNotExist.
    """
    evidence, note = evidence.strip(), note.strip()
    entry = BookEntry.objects.select_related("book").get(pk=entry_id)
    _lock(entry.book_id)
    row = stored_entries(BookEntry.objects.filter(pk=entry_id))[0]
    if paper not in papers_needed(row.entry):
        raise PaperRefused("not_needed")
    if not (evidence or note):
        raise PaperRefused("nothing_shown")
    held = PaperHeld.objects.filter(entry=entry, paper=paper, ended_at=None).first()
    if held is not None:
        if (held.evidence, held.note) == (evidence, note):
            return held
        raise PaperRefused("held")
    held = PaperHeld.objects.create(
        entry=entry, paper=paper, evidence=evidence, note=note[:300], at=at, by=by.reference
    )
    record(
        "hold_paper",
        on=f"book:{entry.book_id}/entry:{entry.pk}",
        by=by,
        at=at,
        place=entry.book.place_id,
        detail={"paper": paper, "evidence": evidence},
    )
    return held


@transaction.atomic
def end_paper(held_id: int, *, reason: str, by: Actor, at: datetime) -> PaperHeld:
    """Take a paper away again, with a reason; that it was held stays known.

    Raises PaperRefused (no_reason), PaperHeld.DoesNotExist.
    """
    if not reason.strip():
        raise PaperRefused("no_reason")
    held = (
        PaperHeld.objects.select_for_update(of=("self",))
        .select_related("entry__book")
        .get(pk=held_id)
    )
    if held.ended_at is not None:
        return held
    held.ended_at, held.end_reason = at, reason.strip()[:300]
    held.save(update_fields=["ended_at", "end_reason"])
    record(
        "end_paper",
        on=f"book:{held.entry.book_id}/entry:{held.entry_id}",
        by=by,
        at=at,
        place=held.entry.book.place_id,
        detail={"paper": held.paper, "reason": held.end_reason},
    )
    return held
