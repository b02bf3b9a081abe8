"""The office's own books: entries that are only ever added, and what they come to.

A book is one office's for one fiscal year. Money lies in envelopes (ซองเงิน): a project's activity,
a fund source, a type of spending and an allotment tranche. "ไตร 3-4" and "ไตร 4" are two envelopes,
not two periods. Every entry has a document number and two dates, the day it is true for and the
moment it became known; a mistake is undone by a reversing entry, never by a change.

How each kind of entry moves money, ``accounts`` says.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Literal

from tiddao.budget.rules.accounts import (
    KIND_TH,
    KINDS,
    Balance,
    Entry,
    EntryId,
    EntryKind,
    Envelope,
    balances,
    effect_of,
)
from tiddao.kernel.dates import BANGKOK, format_medium
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.money import SATANG, format_baht

_NOTHING = Decimal(0)

RefusalCode = Literal[
    "no-document",
    "not-positive",
    "finer-than-satang",
    "not-yet",
    "wrong-fiscal-year",
    "number-taken",
    "no-reference",
    "unknown-reference",
    "wrong-reference",
    "other-envelope",
    "before-reference",
    "reversal-of-reversal",
    "reversed-twice",
    "reference-reversed",
    "amount-differs",
    "has-dependants",
    "overdraw",
    "over-commitment",
    "over-clearance",
    "over-reduction",
    "not-for-this-kind",
    "due-before-lent",
    # found where books are kept
    "unknown-envelope",
    "kept-by-workbook",
    "kept-by-entries",
    "book-closed",
    "no-reason",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an entry is not taken: a stable code and words for the person who typed it.

    short_by: the baht that are missing, of overdrawing. on: the first day on which they are.
    """

    code: RefusalCode
    entry: EntryId
    message_th: str
    short_by: Decimal | None = None
    on: date | None = None

    def __str__(self) -> str:
        return f"{self.entry}: {self.message_th}"


class EntryRefused(ValueError):
    """The book does not take the entry; nothing of it was written."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("; ".join(str(each) for each in refusals))
        self.refusals = refusals


NEEDS: Mapping[EntryKind, tuple[EntryKind, ...]] = {
    "release": ("commitment",),
    "clearance": ("advance",),
    "reduction": ("allotment", "disbursement", "return"),
    "reversal": tuple(kind for kind in KINDS if kind != "reversal"),
}
"""The kinds that must name another entry, and what that may be."""
MAY_NAME: Mapping[EntryKind, tuple[EntryKind, ...]] = {"disbursement": ("commitment",)}


# -- the book -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Book:
    """One office's entries of one fiscal year, indexed, so that one more is checked at once."""

    year: FiscalYear
    by_id: dict[EntryId, Entry] = field(default_factory=dict)
    naming: dict[EntryId, list[Entry]] = field(default_factory=dict)
    """The entries that name an entry: its payments, clearances, reversals."""
    free: dict[Envelope, dict[date, Decimal]] = field(default_factory=dict)
    """What each day adds to or takes from the free money of an envelope, in baht."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """In the order in which they were taken."""
        return tuple(self.by_id.values())

    def has_same(self, entry: Entry) -> bool:
        """Whether the very same line of the same document is in the book already.

        Source: issue "งบ", "import twice changes nothing".
        """
        found = self.by_id.get(entry.id)
        return found is not None and entry.same_as(found)

    def post(self, entry: Entry) -> bool:
        """Take the entry in. False, and nothing changes, when it is in the book already.

        Raises EntryRefused with every reason.

        Source: docs domain 3.4; issue "งบ", The office's own books.
        """
        if self.has_same(entry):
            return False
        refusals = check_entry(self, entry)
        if refusals:
            raise EntryRefused(refusals)
        self.post_accepted(entry)
        return True

    def post_accepted(self, entry: Entry) -> None:
        """Take in an entry that was checked, now or when it was first posted.

        Source: issue "งบ", The office's own books (append-only).
        """
        self.by_id[entry.id] = entry
        if entry.against is not None:
            self.naming.setdefault(entry.against, []).append(entry)
        days = self.free.setdefault(entry.envelope, {})
        days[entry.on] = days.get(entry.on, _NOTHING) + self.effect(entry).free

    def effect(self, entry: Entry) -> Balance:
        """How the entry moves money. Raises KeyError for a reversal of what is not in the book.

        Source: docs domain 3.4; the module's identity.
        """
        return effect_of(entry, self.year, self.by_id)

    def balances(
        self, *, on: date | None = None, known_at: datetime | None = None
    ) -> dict[Envelope, Balance]:
        """As the function of this name, for the whole book.

        Source: docs domain 3.4.
        """
        return balances(self.by_id.values(), year=self.year, on=on, known_at=known_at)

    def is_reversed(self, entry: EntryId) -> bool:
        """Whether a reversing entry undoes it.

        Source: issue "งบ", "corrections are reversing entries".
        """
        return any(each.kind == "reversal" for each in self.naming.get(entry, ()))

    def standing(self, named: EntryId) -> list[Entry]:
        """The payments, releases and clearances that name an entry and are not reversed.

        Source: issue "งบ", The office's own books.
        """
        return [
            each
            for each in self.naming.get(named, ())
            if each.kind != "reversal" and not self.is_reversed(each.id)
        ]

    def drawn(self, named: EntryId) -> list[Entry]:
        """All that ever drew on a commitment or advance, and the reversals of it.

        Source: issue "งบ", The office's own books.
        """
        direct = self.naming.get(named, [])
        return direct + [undone for each in direct for undone in self.naming.get(each.id, ())]

    def outstanding(self, named: EntryId) -> Decimal:
        """What of a commitment is neither paid nor released, of an advance not cleared, in baht.

        Zero for one that is reversed. Raises KeyError for one that is not in the book.

        Source: docs domain 3.2 (สัญญายืมเงิน, PO).
        """
        if self.is_reversed(named):
            return _NOTHING
        taken = sum((_drawn(each) for each in self.standing(named)), _NOTHING)
        return self.by_id[named].amount - taken


def book_of(entries: Iterable[Entry], *, year: FiscalYear) -> Book:
    """A book of entries that were all accepted once, without checking them again.

    Source: issue "งบ", The office's own books (append-only).
    """
    book = Book(year)
    held = {entry.id: entry for entry in entries}
    # What a reversal undoes must be there before it.
    for entry in sorted(held.values(), key=lambda each: each.kind == "reversal"):
        book.post_accepted(entry)
    return book


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of many entries at once, by identity. already: in the book before, left alone."""

    taken: tuple[EntryId, ...]
    already: tuple[EntryId, ...]
    refused: tuple[Refusal, ...]


def post_all(book: Book, entries: Iterable[Entry]) -> Posted:
    """Post what the book accepts, in the order of the days, whatever order the entries come in.

    What is refused is tried again once the rest of its day is in, because a reversal may make the
    room that the right entry of the same day needs, and once more when all days are. The same entries give the same book in any order; two
    different lines under one number are both refused.

    Source: issue "งบ", "order of import does not matter; import twice changes nothing".
    """
    known: dict[EntryId, Entry] = {}
    clashing: dict[EntryId, Refusal] = {}
    for entry in entries:
        first = known.setdefault(entry.id, entry)
        if not first.same_as(entry):
            clashing[entry.id] = _refusal(
                entry, "number-taken", "เลขที่เอกสารนี้ซ้ำกันในแฟ้ม แต่ข้อมูลไม่เหมือนกัน"
            )
        elif entry.known_at < first.known_at:
            known[entry.id] = entry
    pending = [known[each] for each in known.keys() - clashing.keys()]
    pending.sort(key=lambda entry: (entry.on, KINDS.index(entry.kind), entry.known_at, entry.id))
    already = tuple(entry.id for entry in pending if book.has_same(entry))
    pending = [entry for entry in pending if not book.has_same(entry)]
    taken: list[EntryId] = []
    while pending:
        left: list[Entry] = []
        for _, of_day in groupby(pending, key=_true_on):
            left += _post_day(book, list(of_day), taken)
        if len(left) == len(pending):
            break
        pending = left
    refused = tuple(refusal for entry in pending for refusal in check_entry(book, entry))
    clashes = tuple(clashing[each] for each in sorted(clashing))
    return Posted(tuple(taken), already, (*clashes, *refused))


def _post_day(book: Book, entries: list[Entry], taken: list[EntryId]) -> list[Entry]:
    """Post entries of one day until no more are taken; return those left."""
    while entries:
        left = []
        for entry in entries:
            try:
                book.post(entry)
            except EntryRefused:
                left.append(entry)
            else:
                taken.append(entry.id)
        if len(left) == len(entries):
            break
        entries = left
    return entries


def check_entry(book: Book, entry: Entry) -> tuple[Refusal, ...]:
    """Why the book would refuse the entry; empty when it may be posted.

    What is wrong with the entry alone is told at once; its reference is looked at only when the
    entry itself is sound, and money only when both are. Money is looked at on every day from the
    entry's own, so that an entry dated back cannot overdraw a day gone by.

    Source: docs domain 3.4 (ANOMALY, WRONG_FISCAL_YEAR); issue "งบ" (overdrawing, negative balance
    and wrong fiscal year are refused at entry).
    """
    for check in (_check_alone, _check_reference, _check_money):
        found = tuple(check(book, entry))
        if found:
            return found
    return ()


def _check_alone(book: Book, entry: Entry) -> Iterator[Refusal]:
    if not entry.id.document.strip():
        yield _refusal(entry, "no-document", "ต้องมีเลขที่เอกสาร")
    cash_alone = entry.kind == "clearance" and entry.amount == 0 < entry.cash_back
    if entry.cash_back < 0 or (entry.amount <= 0 and not cash_alone):
        yield _refusal(entry, "not-positive", "จำนวนเงินต้องมากกว่าศูนย์")
    if any(each != each.quantize(SATANG) for each in (entry.amount, entry.cash_back)):
        yield _refusal(entry, "finer-than-satang", "จำนวนเงินละเอียดกว่าหนึ่งสตางค์")
    if (entry.cash_back and entry.kind != "clearance") or (
        (entry.due_on or entry.borrower) and entry.kind != "advance"
    ):
        yield _refusal(entry, "not-for-this-kind", f"มีช่องที่ไม่ใช้กับรายการ{KIND_TH[entry.kind]}")
    if entry.due_on and entry.due_on < entry.on:
        yield _refusal(entry, "due-before-lent", "วันครบกำหนดส่งใช้มาก่อนวันที่รับเงินยืม")
    if entry.on > entry.known_at.astimezone(BANGKOK).date():
        yield _refusal(entry, "not-yet", f"วันที่ {format_medium(entry.on)} ยังมาไม่ถึง")
    # An advance of September is cleared within thirty days, which may be in the next year.
    may_be_later = entry.kind == "clearance" or (
        entry.kind == "reversal" and entry.against is not None and entry.against.kind == "clearance"
    )
    if not book.year.contains(entry.on) and not (
        may_be_later and book.year.next().contains(entry.on)
    ):
        yield _refusal(
            entry,
            "wrong-fiscal-year",
            f"วันที่ {format_medium(entry.on)} ไม่อยู่ในปีงบประมาณ {book.year}",
        )
    if entry.id in book.by_id:
        yield _refusal(
            entry,
            "number-taken",
            "เลขที่เอกสารนี้มีอยู่แล้วและข้อมูลไม่เหมือนกัน ให้กลับรายการเดิมแล้วบันทึกด้วยเลขใหม่",
        )


def _check_reference(book: Book, entry: Entry) -> Iterator[Refusal]:
    allowed = NEEDS.get(entry.kind) or MAY_NAME.get(entry.kind, ())
    against = entry.against
    if against is None:
        if entry.kind in NEEDS:
            yield _refusal(entry, "no-reference", "ต้องระบุรายการที่อ้างถึง")
    elif entry.kind == "reversal" and against.kind == "reversal":
        yield _refusal(entry, "reversal-of-reversal", "กลับรายการที่เป็นการกลับรายการไม่ได้")
    elif against.kind not in allowed:
        yield _refusal(entry, "wrong-reference", f"อ้างถึงรายการ{KIND_TH[against.kind]}ไม่ได้")
    elif (named := book.by_id.get(against)) is None:
        yield _refusal(entry, "unknown-reference", f"ไม่พบรายการ{against}")
    else:
        yield from _check_named(book, entry, named)


def _check_named(book: Book, entry: Entry, named: Entry) -> Iterator[Refusal]:
    if entry.envelope != named.envelope:
        yield _refusal(entry, "other-envelope", f"เป็นคนละซองเงินกับรายการ{named.id}")
    if entry.on < named.on or entry.known_at < named.known_at:
        yield _refusal(
            entry,
            "before-reference",
            f"มาก่อนรายการ{named.id} วันที่ {format_medium(named.on)}",
        )
    reversing = entry.kind == "reversal"
    if book.is_reversed(named.id):
        yield _refusal(
            entry,
            "reversed-twice" if reversing else "reference-reversed",
            f"รายการ{named.id} ถูกกลับรายการไปแล้ว",
        )
    elif reversing:
        yield from _check_undoing(book, entry, named)
    elif entry.kind == "reduction" and named.against is not None:
        # What it lowers would have to go back to the commitment: reverse the payment instead.
        yield _refusal(entry, "wrong-reference", "เป็นรายการจ่ายตามข้อผูกพัน ให้กลับรายการแทนการปรับลด")


def _check_undoing(book: Book, entry: Entry, named: Entry) -> Iterator[Refusal]:
    if entry.amount != _drawn(named):
        yield _refusal(entry, "amount-differs", f"ต้องกลับทั้งจำนวน {format_baht(_drawn(named))}")
    if book.standing(named.id):
        yield _refusal(entry, "has-dependants", f"ต้องกลับรายการที่อ้างถึง{named.id} ก่อน")
    last = max(
        (
            undone.on
            for each in book.naming.get(named.id, ())
            for undone in book.naming.get(each.id, ())
            if undone.on > each.on
        ),
        default=entry.on,
    )
    if entry.on < last:
        # Else the commitment would stand below zero until its payment is undone. What was undone
        # on its own day never stood at the end of one.
        yield _refusal(
            entry,
            "before-reference",
            f"มาก่อนรายการที่อ้างถึง{named.id} วันที่ {format_medium(last)}",
        )


def _check_money(book: Book, entry: Entry) -> Iterator[Refusal]:
    taken = book.effect(entry).free
    if taken < 0:
        moves = book.free.get(entry.envelope, {}).items()
        yield from _short(entry, "overdraw", moves, taken, "เงินคงเหลือในซองไม่พอ")
    # A reversal gives room back to what it names, and undoes only what nothing draws on.
    if entry.against is not None and entry.kind != "reversal":
        named = book.by_id[entry.against]
        drawn = [(named.on, named.amount)]
        drawn += [
            (each.on, each.amount if each.kind == "reversal" else -_drawn(each))
            for each in book.drawn(named.id)
        ]
        code, words = _REFERENCE_WORDS[named.kind]
        yield from _short(entry, code, drawn, -_drawn(entry), words)


_REFERENCE_WORDS: Mapping[EntryKind, tuple[RefusalCode, str]] = {
    "commitment": ("over-commitment", "เกินวงเงินผูกพันที่เหลืออยู่"),
    "advance": ("over-clearance", "เกินเงินยืมที่ยังไม่ส่งใช้"),
    "allotment": ("over-reduction", "ปรับลดเกินยอดที่จัดสรร"),
    "disbursement": ("over-reduction", "ปรับลดเกินยอดที่เบิกจ่าย"),
    "return": ("over-reduction", "ปรับลดเกินยอดที่ส่งคืน"),
}


def _drawn(entry: Entry) -> Decimal:
    return entry.amount + entry.cash_back


def _short(
    entry: Entry,
    code: RefusalCode,
    moves: Iterable[tuple[date, Decimal]],
    change: Decimal,
    words: str,
) -> Iterator[Refusal]:
    """Refuse when the change makes any day's end, from the entry's day on, fall below zero."""
    by_day: dict[date, Decimal] = {entry.on: _NOTHING}
    for day, amount in moves:
        by_day[day] = by_day.get(day, _NOTHING) + amount
    days = sorted(by_day)
    first = bisect_left(days, entry.on)
    standing = sum((by_day[day] for day in days[:first]), _NOTHING)
    for day in days[first:]:
        standing += by_day[day]
        if standing + change < 0:
            short = -(standing + change)
            when = "" if day == entry.on else f" ณ วันที่ {format_medium(day)}"
            yield Refusal(code, entry.id, f"{words}{when} ขาด {format_baht(short)}", short, day)
            return


def _refusal(entry: Entry, code: RefusalCode, message_th: str) -> Refusal:
    return Refusal(code, entry.id, message_th)


def _true_on(entry: Entry) -> date:
    return entry.on
