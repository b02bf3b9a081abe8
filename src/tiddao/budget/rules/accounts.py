"""Entries of the offices' own books, and how each moves money between accounts.

Each kind of entry moves money as double entry does, so that

    allotted + transferred = disbursed + committed + returned + remaining

holds because every entry keeps it, and a balance is nothing but a sum. Amounts are baht, exact to
the satang.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Literal, NamedTuple, get_args

from tiddao.budget.rules.cgd_figures import Spending
from tiddao.budget.rules.reckoning import Amounts
from tiddao.kernel.fiscal import FiscalYear

EntryKind = Literal[
    "allotment",
    "transfer_in",
    "transfer_out",
    "return",
    "commitment",
    "release",
    "disbursement",
    "advance",
    "clearance",
    "reservation",
    "reduction",
    "reversal",
]
KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
KIND_TH: Mapping[EntryKind, str] = {
    "allotment": "จัดสรร",
    "transfer_in": "รับโอน",
    "transfer_out": "โอนออก",
    "return": "ส่งคืนกรม",
    "commitment": "ก่อหนี้ผูกพัน",
    "release": "คืนวงเงินผูกพันที่ไม่ใช้",
    "disbursement": "เบิกจ่าย",
    "advance": "จ่ายเงินยืม",
    "clearance": "ส่งใช้เงินยืม",
    "reservation": "สำรองเงินที่จะกันไว้เบิกเหลื่อมปี",
    "reduction": "ปรับลดยอด",
    "reversal": "กลับรายการ",
}

_NOTHING = Decimal(0)
_ONE = Decimal(1)
_MINUS = Decimal(-1)


class EntryId(NamedTuple):
    """What makes an entry the same when a file is imported again: kind, document number, line.

    line: which line of the document, from 1; one document may touch several envelopes.
    """

    kind: EntryKind
    document: str
    line: int = 1

    def __str__(self) -> str:
        shown = f"{KIND_TH[self.kind]} เลขที่ {self.document}"
        return shown if self.line == 1 else f"{shown} บรรทัด {self.line}"


class Envelope(NamedTuple):
    """Where money lies. fund: งบบริหาร, งบยุทธศาสตร์, งบจังหวัด …; tranche: as the letter names it.

    spending: recurrent or investment. Money carried over from the year before has a fund of its own.
    """

    project: str
    activity: str
    fund: str
    spending: Spending
    tranche: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a document, in baht above zero.

    on: the day it is true for. known_at: the moment it was written down, with its time zone.
    against: the commitment a payment or release draws on, the advance a clearance clears, the
    allotment, payment or return that a reduction lowers, the entry a reversal undoes. cash_back: of a clearance, the cash handed back beside the papers of amount.
    due_on: of an advance, the last day to clear it where that is not thirty days after on.
    borrower: of an advance, who signed for it (a reference, not a name).
    """

    id: EntryId
    envelope: Envelope
    amount: Decimal
    on: date
    known_at: datetime
    against: EntryId | None = None
    cash_back: Decimal = _NOTHING
    due_on: date | None = None
    borrower: str = ""

    def __post_init__(self) -> None:
        if self.known_at.tzinfo is None:
            raise ValueError("known_at needs a time zone")
        if not (self.amount.is_finite() and self.cash_back.is_finite()):
            raise ValueError("an amount is a number of baht")

    @property
    def kind(self) -> EntryKind:
        return self.id.kind

    def same_as(self, other: Entry) -> bool:
        """Whether both say the same; when each was written down does not matter.

        Source: issue "งบ", "import twice changes nothing".
        """
        return replace(self, known_at=other.known_at) == other


@dataclass(frozen=True, slots=True)
class Balance:
    """What entries come to, in baht.

    advanced: paid out on advances and not yet cleared, a part of disbursed (the treasury counts an
    advance as paid when it leaves). reserved: documents that reserve money to be carried over, a
    part of remaining.
    """

    allotted: Decimal = _NOTHING
    transferred: Decimal = _NOTHING
    disbursed: Decimal = _NOTHING
    committed: Decimal = _NOTHING
    returned: Decimal = _NOTHING
    remaining: Decimal = _NOTHING
    advanced: Decimal = _NOTHING
    reserved: Decimal = _NOTHING

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.allotted + other.allotted,
            self.transferred + other.transferred,
            self.disbursed + other.disbursed,
            self.committed + other.committed,
            self.returned + other.returned,
            self.remaining + other.remaining,
            self.advanced + other.advanced,
            self.reserved + other.reserved,
        )

    def times(self, factor: Decimal) -> Balance:
        """Every account multiplied.

        Source: docs domain 3.4.
        """
        return Balance(
            self.allotted * factor,
            self.transferred * factor,
            self.disbursed * factor,
            self.committed * factor,
            self.returned * factor,
            self.remaining * factor,
            self.advanced * factor,
            self.reserved * factor,
        )

    @property
    def entitled(self) -> Decimal:
        """All that was ever given: allotted, and transfers in less out."""
        return self.allotted + self.transferred

    @property
    def base(self) -> Decimal:
        """วงเงินงบประมาณหลังโอนเปลี่ยนแปลง: what was given, less what was sent back."""
        return self.entitled - self.returned

    @property
    def free(self) -> Decimal:
        """What a new commitment or payment may still take: remaining and not reserved."""
        return self.remaining - self.reserved

    @property
    def amounts(self) -> Amounts:
        """The balance as the reckoning takes it."""
        return Amounts(
            base=self.base,
            disbursed=self.disbursed,
            committed=self.committed,
            reserved=self.reserved,
            returned=self.returned,
        )


EMPTY = Balance()
_accounts_of = attrgetter(*(each.name for each in fields(Balance)))


def sum_of_balances(balances: Iterable[Balance]) -> Balance:
    """Return what the balances come to together, in baht; of none, an empty one.

    Account by account, for a nation adds up thousands.

    Source: docs domain 3.4.
    """
    columns = zip(*map(_accounts_of, balances), strict=True)
    return Balance(*(sum(column, _NOTHING) for column in columns))


_ONE_BAHT: Mapping[EntryKind, Balance] = {
    "allotment": Balance(allotted=_ONE, remaining=_ONE),
    "transfer_in": Balance(transferred=_ONE, remaining=_ONE),
    "transfer_out": Balance(transferred=_MINUS, remaining=_MINUS),
    "return": Balance(returned=_ONE, remaining=_MINUS),
    "commitment": Balance(committed=_ONE, remaining=_MINUS),
    "release": Balance(committed=_MINUS, remaining=_ONE),
    "disbursement": Balance(disbursed=_ONE, remaining=_MINUS),
    "advance": Balance(disbursed=_ONE, advanced=_ONE, remaining=_MINUS),
    "clearance": Balance(advanced=_MINUS),
    "reservation": Balance(reserved=_ONE),
}
"""What one baht of each kind does; every line keeps the identity of the module."""
_PAID_ON_COMMITMENT = Balance(committed=_MINUS, disbursed=_ONE)
_CASH_BACK = Balance(disbursed=_MINUS, advanced=_MINUS, remaining=_ONE)
"""Cash handed back in its year can be spent again."""
_LATE_CASH_BACK = Balance(disbursed=_MINUS, advanced=_MINUS, returned=_ONE)
"""Cash handed back after the year's end goes to the treasury (เงินเหลือจ่ายปีเก่าส่งคืน)."""


def _postings(entry: Entry, year: FiscalYear) -> Balance:
    """How one entry, no reversal, moves money."""
    if entry.kind == "disbursement" and entry.against is not None:
        return _PAID_ON_COMMITMENT.times(entry.amount)
    if entry.kind == "reduction":
        if entry.against is None:
            raise ValueError(f"{entry.id} lowers nothing")
        return _ONE_BAHT[entry.against.kind].times(-entry.amount)
    moved = _ONE_BAHT[entry.kind].times(entry.amount)
    if entry.cash_back:
        back = _LATE_CASH_BACK if entry.on > year.end else _CASH_BACK
        moved += back.times(entry.cash_back)
    return moved


def effect_of(entry: Entry, year: FiscalYear, known: Mapping[EntryId, Entry]) -> Balance:
    """How one entry moves money; a reversal posts what it undoes, turned round.

    Raises KeyError for a reversal of an entry that is not known.

    Source: docs domain 3.4.
    """
    if entry.kind != "reversal":
        return _postings(entry, year)
    if entry.against is None:
        raise ValueError(f"{entry.id} undoes nothing")
    return _postings(known[entry.against], year).times(_MINUS)


def balances(
    entries: Iterable[Entry],
    *,
    year: FiscalYear,
    on: date | None = None,
    known_at: datetime | None = None,
) -> dict[Envelope, Balance]:
    """What the entries of one book come to, by envelope, at the end of a day, as it was then known.

    on: entries true later are left out; known_at: so are those written down later. None: no limit.
    The order of the entries does not matter, and one that stands twice counts once. Raises KeyError
    for a reversal of an entry that is not among them.

    Source: docs domain 3.4; product "Two dates on every fact".
    """
    known = {entry.id: entry for entry in entries}
    wanted = (
        entry
        for entry in known.values()
        if (on is None or entry.on <= on) and (known_at is None or entry.known_at <= known_at)
    )
    found: dict[Envelope, Balance] = {}
    for entry in wanted:
        effect = effect_of(entry, year, known)
        found[entry.envelope] = found.get(entry.envelope, EMPTY) + effect
    return found


def total(found: Mapping[Envelope, Balance]) -> Balance:
    """All envelopes together.

    Source: docs domain 3.4 (summaries are computed, never imported).
    """
    return sum_of_balances(found.values())
