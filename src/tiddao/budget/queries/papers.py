"""Cash advances with their clock, and the financial papers that entries have or lack.

Both are asked of envelopes that are kept entry by entry: what a workbook states has no documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tiddao.budget.models import BookEntry, Keeping, PaperHeld
from tiddao.budget.queries.books import BookView
from tiddao.budget.queries.entries import StoredEntry, stored_entries
from tiddao.budget.rules.advances import CLEARING_DAYS, open_advances
from tiddao.budget.rules.books import book_of
from tiddao.budget.rules.papers import PROPOSED_PAPERS, papers_needed


@dataclass(frozen=True, slots=True)
class AdvanceRow:
    """A cash advance on a day. due_on: the last day to clear it in time.

    outstanding: baht not yet cleared, 0 when it is; days_left: calendar days to due_on, None when
    it is cleared. cleared_on: the day of the last clearance, None while something is open.
    """

    id: int
    envelope: int
    office_name: str
    place: str
    document: str
    borrower: str
    lent_on: date
    due_on: date
    lent: Decimal
    outstanding: Decimal
    days_left: int | None
    cleared_on: date | None

    @property
    def is_open(self) -> bool:
        return self.days_left is not None

    @property
    def days_late(self) -> int:
        """How many days after the last one, 0 when in time; of a cleared one, when it was."""
        if self.cleared_on is not None:
            return max((self.cleared_on - self.due_on).days, 0)
        return max(-(self.days_left or 0), 0)


@dataclass(frozen=True, slots=True)
class PaperState:
    """A paper that an entry needs. held: number of the row that says so, None when it is missing."""

    paper: str
    held: int | None
    evidence: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """An entry that needs papers."""

    entry: StoredEntry
    papers: tuple[PaperState, ...]

    @property
    def missing(self) -> int:
        return sum(1 for each in self.papers if each.held is None)


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of a book's entries. needed, held: papers; rows: all entries that need any."""

    needed: int
    held: int
    rows: tuple[PaperRow, ...]

    @property
    def complete(self) -> bool | None:
        """Whether every paper is there; None when none is needed yet."""
        return self.held == self.needed if self.needed else None


def advances_of(books: Collection[BookView], *, on: date) -> tuple[AdvanceRow, ...]:
    """Return the advances of the books on the day: open ones by due day, then those cleared.

    A reversed advance counts as never made. Two queries for any number of books.
    """
    rows = stored_entries(
        BookEntry.objects.filter(
            book__in=[each.id for each in books],
            kind__in=("advance", "clearance"),
            envelope__keeping=Keeping.ENTRIES,
            on__lte=on,
        )
    )
    undoing = BookEntry.objects.filter(
        kind="reversal", against__in=[row.id for row in rows], on__lte=on
    )
    rows += stored_entries(undoing)
    by_book: dict[int, list[StoredEntry]] = defaultdict(list)
    for row in rows:
        by_book[row.book].append(row)
    found: list[AdvanceRow] = []
    for view in books:
        found += _advances(view, by_book.get(view.id, []), on=on)
    return tuple(sorted(found, key=_by_clock))


def _by_clock(row: AdvanceRow) -> tuple[bool, int, int]:
    """Open ones first, the one due first at the head; then cleared ones, the newest first."""
    day = row.due_on.toordinal() if row.cleared_on is None else -row.cleared_on.toordinal()
    return row.cleared_on is not None, day, row.id


def _advances(view: BookView, rows: list[StoredEntry], *, on: date) -> list[AdvanceRow]:
    entries = [row.entry for row in rows]
    still_open = {each.id: each for each in open_advances(entries, year=view.year, on=on)}
    book = book_of(entries, year=view.year)
    found = []
    for row in rows:
        if row.kind != "advance" or book.is_reversed(row.entry_id):
            continue
        clock = still_open.get(row.entry_id)
        found.append(
            AdvanceRow(
                id=row.id,
                envelope=row.envelope,
                office_name=view.office_name,
                place=view.place,
                document=row.document,
                borrower=row.borrower,
                lent_on=row.on,
                due_on=row.due_on or row.on + timedelta(days=CLEARING_DAYS),
                lent=row.amount,
                outstanding=clock.outstanding if clock else Decimal(0),
                days_left=clock.days_left if clock else None,
                cleared_on=None if clock else max(each.on for each in book.standing(row.entry_id)),
            )
        )
    return found


def papers_of(book: BookView, *, on: date) -> Papers:
    """Return the papers that the book's entries true by the day need, the oldest entry first.

    Reversed entries need none. Three queries.
    """
    entries = BookEntry.objects.filter(
        book=book.id,
        kind__in=tuple(PROPOSED_PAPERS),
        envelope__keeping=Keeping.ENTRIES,
        on__lte=on,
    )
    rows = stored_entries(entries)
    undone = set(
        BookEntry.objects.filter(book=book.id, kind="reversal", on__lte=on).values_list(
            "against", flat=True
        )
    )
    held: dict[tuple[int, str], PaperHeld] = {
        (each.entry_id, each.paper): each
        for each in PaperHeld.objects.filter(book=book.id, ended_at=None)
    }
    found = []
    needed: dict[tuple[str, bool], tuple[str, ...]] = {}  # what is needed depends on no more
    for row in rows:
        if row.id in undone:
            continue
        alike = (row.kind, row.against is None)
        if alike not in needed:
            needed[alike] = papers_needed(row.entry)
        states = tuple(_state(paper, held.get((row.id, paper))) for paper in needed[alike])
        found.append(PaperRow(row, states))
    states_all = [state for row in found for state in row.papers]
    return Papers(
        needed=len(states_all),
        held=sum(1 for state in states_all if state.held is not None),
        rows=tuple(found),
    )


def papers_of_entry(entry: StoredEntry) -> tuple[PaperState, ...]:
    """Return the papers that one entry needs, held or missing. One query."""
    held = {each.paper: each for each in PaperHeld.objects.filter(entry=entry.id, ended_at=None)}
    return tuple(_state(paper, held.get(paper)) for paper in papers_needed(entry.entry))


def _state(paper: str, held: PaperHeld | None) -> PaperState:
    if held is None:
        return PaperState(paper, None, "", "", None)
    return PaperState(paper, held.pk, held.evidence, held.note, held.at)


def find_paper(held_id: int) -> tuple[StoredEntry, str, bool] | None:
    """Return the entry of a held paper, the paper's name, and whether it is still held."""
    held = PaperHeld.objects.filter(pk=held_id).first()
    if held is None:
        return None
    (entry,) = stored_entries(BookEntry.objects.filter(pk=held.entry_id))
    return entry, held.paper, held.ended_at is None
