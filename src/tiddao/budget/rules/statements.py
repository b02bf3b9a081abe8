"""From what workbooks state to the entries that must stand.

A workbook says what an envelope had come to on a day: cumulative figures. The entries of an envelope
that is kept by workbook follow from the set of all its statements and from nothing else, so the order
in which files arrive does not matter, and the same file twice changes nothing. Entries that once
followed and no longer do are undone on their own day, so that nothing of them is left on any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

from tiddao.budget.rules.accounts import EntryKind
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.money import SATANG

StatedMeasure = Literal["allotted", "transferred", "committed", "disbursed", "returned"]
STATED: tuple[StatedMeasure, ...] = get_args(StatedMeasure)
_NOTHING = Decimal(0)

# measure: what raises it, what lowers it (naming an entry that raised it)
_KINDS: dict[StatedMeasure, tuple[EntryKind, EntryKind]] = {
    "allotted": ("allotment", "reduction"),
    "transferred": ("transfer_in", "transfer_out"),
    "returned": ("return", "reduction"),
    "committed": ("commitment", "release"),
    "disbursed": ("disbursement", "reduction"),
}

WhyNot = Literal["negative", "over", "no-allotment", "other-year"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one workbook says of one envelope, in baht, cumulative at the end of as_of.

    None: it does not say. number: of the workbook; of two that became known at once the higher counts.
    """

    as_of: date
    known_at: datetime
    number: int = 0
    allotted: Decimal | None = None
    transferred: Decimal | None = None
    committed: Decimal | None = None
    disbursed: Decimal | None = None
    returned: Decimal | None = None

    def value(self, measure: StatedMeasure) -> Decimal | None:
        """The figure of that measure, None where it is not said.

        Source: docs domain 3.4 (columns recognised).
        """
        found: Decimal | None = getattr(self, measure)
        return found


@dataclass(frozen=True, slots=True)
class WantedEntry:
    """An entry that must stand. against: the place in the list of the one it lowers."""

    kind: EntryKind
    on: date
    amount: Decimal
    against: int | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A statement that no entry may follow from. short_by: baht missing, of "over"."""

    statement: Statement
    why: WhyNot
    short_by: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class Standing:
    """The entries that must stand, those before that they name, and the statements set aside."""

    entries: tuple[WantedEntry, ...]
    contradictions: tuple[Contradiction, ...]


def fault_of(statement: Statement, *, year: FiscalYear) -> Contradiction | None:
    """Why the statement cannot be true by itself, or None.

    Source: docs domain 3.4 (ANOMALY over 100 % or negative, WRONG_FISCAL_YEAR); issue 3.
    """
    if statement.as_of < year.start:
        return Contradiction(statement, "other-year")
    if any(
        (value := statement.value(measure)) is not None and value < 0
        for measure in STATED
        if measure != "transferred"
    ):
        return Contradiction(statement, "negative")
    return None


def by_day(
    statements: Iterable[Statement], *, year: FiscalYear
) -> tuple[tuple[date, tuple[Statement, ...]], ...]:
    """The statements of each day in the order of the days, that which counts first.

    Of several of one day the one that became known last counts. What is stated after the year's end
    is true for its last day, and of such days the latest counts.

    Source: issue 3, "order of import does not matter; import twice changes nothing".
    """
    days: dict[date, list[Statement]] = {}
    for each in statements:
        days.setdefault(min(each.as_of, year.end), []).append(each)
    return tuple((on, tuple(sorted(days[on], key=_later, reverse=True))) for on in sorted(days))


def _later(statement: Statement) -> tuple[date, datetime, int]:
    return statement.as_of, statement.known_at, statement.number


def standing_entries(statements: Iterable[Statement], *, year: FiscalYear) -> Standing:
    """The entries of one envelope that follow from all that was ever stated about it.

    At the end of each stated day the balances equal what was stated that day; a measure that is not
    said stays as it was. A statement that is negative, of another year, or that spends more than it
    gives is set aside whole: no entry follows from it, and what was stated before stands.

    Source: issue 3, "The office's own books" and "Any office workbook"; docs domain 3.4.
    """
    contradictions: list[Contradiction] = []
    sound: list[Statement] = []
    for each in statements:
        fault = fault_of(each, year=year)
        if fault is None:
            sound.append(each)
        else:
            contradictions.append(fault)
    entries: list[WantedEntry] = []
    now: dict[StatedMeasure, Decimal] = dict.fromkeys(STATED, _NOTHING)
    rising: dict[StatedMeasure, list[tuple[int, Decimal]]] = {each: [] for each in STATED}
    for on, statements_of_day in by_day(sound, year=year):
        for each in statements_of_day:
            then = _then(now, each)
            short = _taken(then) - _given(then)
            if short > 0:
                why: WhyNot = "over" if _given(then) else "no-allotment"
                contradictions.append(Contradiction(each, why, short))
                continue
            for measure in _KINDS:
                _move(entries, rising[measure], measure, on, then[measure] - now[measure])
            now = then
            break
    return Standing(tuple(entries), tuple(contradictions))


def _then(
    now: Mapping[StatedMeasure, Decimal], statement: Statement
) -> dict[StatedMeasure, Decimal]:
    return {
        measure: now[measure] if (value := statement.value(measure)) is None else value
        for measure in STATED
    }


def _given(amounts: Mapping[StatedMeasure, Decimal]) -> Decimal:
    return amounts["allotted"] + amounts["transferred"]


def _taken(amounts: Mapping[StatedMeasure, Decimal]) -> Decimal:
    return amounts["disbursed"] + amounts["committed"] + amounts["returned"]


def _move(
    entries: list[WantedEntry],
    rising: list[tuple[int, Decimal]],
    measure: StatedMeasure,
    on: date,
    change: Decimal,
) -> None:
    """Add what raises the measure by the change, or lowers the latest of what raised it."""
    up, down = _KINDS[measure]
    if change > 0:
        rising.append((len(entries), change))
        entries.append(WantedEntry(up, on, change))
    elif change < 0 and measure == "transferred":
        entries.append(WantedEntry(down, on, -change))
    while change < 0 and measure != "transferred":
        place, left = rising.pop()
        amount = min(left, -change)
        entries.append(WantedEntry(down, on, amount, place))
        change += amount
        if left > amount:
            rising.append((place, left - amount))


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """An entry of the book that is not reversed. against: the number of the one it lowers."""

    number: int
    kind: EntryKind
    on: date
    amount: Decimal
    against: int | None = None


@dataclass(frozen=True, slots=True)
class NewLine:
    """An entry to be posted. against: the number of a held one, or of a line before it in the list."""

    kind: EntryKind
    on: date
    amount: Decimal
    held: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What to do to a book: entries to undo on their own day, those that lower another first."""

    undo: tuple[HeldEntry, ...]
    post: tuple[NewLine, ...]

    def __bool__(self) -> bool:
        return bool(self.undo or self.post)


def changes(held: Sequence[HeldEntry], wanted: Sequence[WantedEntry]) -> Changes:
    """What makes the held entries those that are wanted: nothing, when they are already.

    First all of undo is posted, then all of post; a book that checks the money of every day at every
    entry takes them so. As much as can be stays. Where the way there would overdraw some day in
    between, everything from the first day that differs is undone and written anew.

    Source: issue 3, "import twice changes nothing", "corrections are reversing entries".
    """
    found = _changes(held, wanted, until=date.max)
    if _is_passable(held, found):
        return found
    kept = {each.number for each in held} - {each.number for each in found.undo}
    differing = [each.on for each in held if each.number not in kept]
    differing += [each.on for each in found.post]
    return _changes(held, wanted, until=min(differing))


def _changes(held: Sequence[HeldEntry], wanted: Sequence[WantedEntry], *, until: date) -> Changes:
    """Keep what is the same before that day, undo the rest of what is held."""
    waiting: dict[tuple[EntryKind, date, Decimal, int | None], list[HeldEntry]] = {}
    for each in held:
        if each.on < until:
            waiting.setdefault((each.kind, each.on, each.amount, each.against), []).append(each)
    number_of: dict[int, int] = {}
    line_of: dict[int, int] = {}
    post: list[NewLine] = []
    for place, want in enumerate(wanted):
        against = None if want.against is None else number_of.get(want.against)
        same = (
            []
            if want.against is not None and against is None
            else waiting.get((want.kind, want.on, want.amount, against), [])
        )
        if same:
            number_of[place] = same.pop(0).number
        else:
            line_of[place] = len(post)
            line = None if want.against is None else line_of.get(want.against)
            post.append(NewLine(want.kind, want.on, want.amount, against, line))
    kept = set(number_of.values())
    undo = [each for each in held if each.number not in kept]
    undo.sort(key=lambda each: (each.against is None, each.on, each.number))
    return Changes(tuple(undo), tuple(post))


_GIVING: frozenset[EntryKind] = frozenset({"allotment", "transfer_in", "release"})
_Move = tuple[date, Decimal]


def _is_passable(held: Sequence[HeldEntry], found: Changes) -> bool:
    """Whether no day is overdrawn on the way, in whatever order the changes are posted.

    Counted against every day: what takes room, all of it, and of what gives room only that which
    nothing can hold up. That is enough, not necessary.
    """
    kind_of = {each.number: each.kind for each in held}

    def room(kind: EntryKind, amount: Decimal, lowered: EntryKind | None) -> Decimal:
        gives = kind in _GIVING or (kind == "reduction" and lowered != "allotment")
        return amount if gives else -amount

    def of_held(each: HeldEntry) -> Decimal:
        lowered = None if each.against is None else kind_of[each.against]
        return room(each.kind, each.amount, lowered)

    undone = {each.number for each in found.undo}
    named = {each.against for each in held}
    before = [(each.on, of_held(each)) for each in held]
    undo = [(each, -of_held(each)) for each in found.undo]
    undoing = [(each.on, change) for each, change in undo if change < 0 or each.number not in named]
    stayed = [(each.on, of_held(each)) for each in held if each.number not in undone]
    posting: list[_Move] = []
    for each in found.post:
        lowered = None
        if each.held is not None:
            lowered = kind_of[each.held]
        elif each.line is not None:
            lowered = found.post[each.line].kind
        change = room(each.kind, each.amount, lowered)
        if change < 0 or lowered is None:
            posting.append((each.on, change))
    return _never_short([*before, *undoing]) and _never_short([*stayed, *posting])


def _never_short(moves: Iterable[_Move]) -> bool:
    by_day: dict[date, Decimal] = {}
    for on, change in moves:
        by_day[on] = by_day.get(on, _NOTHING) + change
    left = _NOTHING
    for on in sorted(by_day):
        left += by_day[on]
        if left < 0:
            return False
    return True


def stated_satang(value: Decimal) -> Decimal:
    """A sum of a workbook's cells to the satang, half up: fractions that a formula left behind.

    Source: docs house, "Money and points are Decimal"; the reader names such cells (SUB_SATANG).
    """
    return value.quantize(SATANG, rounding="ROUND_HALF_UP")
