"""Posting entries into the offices' own books, and undoing them.

Whoever posts locks the row of the book first, so two people at once take turns, and the second
sees what the first has left. Whoever posts into several books in one transaction goes through them
by number. The sums (``EnvelopeBalance``, ``BookBalance``, ``BookDay``, ``BookMonth``) are written
here alone, in the transaction of the entries they sum.
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
    Book,
    BookBalance,
    BookDay,
    BookEntry,
    BookMonth,
    Envelope,
    EnvelopeBalance,
    Keeping,
)
from tiddao.budget.queries.entries import StoredEntry, stored_entries, with_what_they_name
from tiddao.budget.queries.recount import ACCOUNTS
from tiddao.budget.rules import accounts
from tiddao.budget.rules import books as rules
from tiddao.budget.rules.accounts import Balance, EntryId, EntryKind
from tiddao.budget.rules.books import EntryRefused, Posted, Refusal, RefusalCode
from tiddao.budget.rules.cgd_figures import Spending
from tiddao.columns.writing import copy_rows
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor

_NOTHING = Decimal(0)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One line to post; see ``rules.accounts.Entry``. envelope: its number.

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
    book = lock_book(book_id)
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
    book = lock_book(named.book_id)
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


def lock_book(book_id: int) -> Book:
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
) -> list[accounts.Entry]:
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
            accounts.Entry(
                id=entry.id,
                envelope=accounts.Envelope(
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


def _add_to_sums(
    book: Book,
    entries: Iterable[tuple[Envelope, accounts.Entry]],
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
