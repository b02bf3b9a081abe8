"""The entries that follow from what workbooks state: hand-checked cases, then any statements at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.budget.rules.accounts import Entry, EntryId, Envelope, balances
from tiddao.budget.rules.books import Book, book_of, post_all
from tiddao.budget.rules.statements import (
    STATED,
    HeldEntry,
    Statement,
    by_day,
    changes,
    standing_entries,
    stated_satang,
)
from tiddao.kernel.dates import BANGKOK
from tiddao.kernel.fiscal import FiscalYear

YEAR = FiscalYear(2569)
D = Decimal
JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
MORNING = datetime(2026, 4, 1, 9, tzinfo=BANGKOK)
ENVELOPE = Envelope("24/2569", "", "strategy", "total", "ไตร 3-4")


def said(as_of, *, known=0, **figures):
    return Statement(
        as_of,
        MORNING + timedelta(hours=known),
        known,
        **{measure: D(value) for measure, value in figures.items() if value is not None},
    )


def lines(statements):
    return [
        (entry.kind, entry.on, entry.amount, entry.against)
        for entry in standing_entries(statements, year=YEAR).entries
    ]


def test_rise_is_an_entry_of_the_difference():
    assert lines(
        [said(FEB, allotted=120, disbursed=50), said(JAN, allotted=100, disbursed=20)]
    ) == [
        ("allotment", JAN, D(100), None),
        ("disbursement", JAN, D(20), None),
        ("allotment", FEB, D(20), None),
        ("disbursement", FEB, D(30), None),
    ]


def test_fall_lowers_the_latest_that_raised_it():
    found = lines(
        [said(JAN, allotted=100), said(FEB, allotted=130), said(MAR, allotted=60, transferred=-10)]
    )
    assert found[2:] == [
        ("reduction", MAR, D(30), 1),
        ("reduction", MAR, D(40), 0),
        ("transfer_out", MAR, D(10), None),
    ]


def test_what_is_not_said_stays_as_it_was():
    assert lines([said(JAN, allotted=100, disbursed=20), said(FEB, disbursed=30)]) == [
        ("allotment", JAN, D(100), None),
        ("disbursement", JAN, D(20), None),
        ("disbursement", FEB, D(10), None),
    ]


def test_of_two_statements_of_one_day_the_later_known_counts():
    first, second = said(JAN, allotted=100, known=1), said(JAN, allotted=90, known=2)
    assert lines([second, first]) == [("allotment", JAN, D(90), None)]


def test_report_after_the_years_end_is_true_for_its_last_day():
    october = date(2026, 10, 9)
    found = lines([said(YEAR.end, allotted=100, known=9), said(october, allotted=80, known=1)])
    assert found == [("allotment", YEAR.end, D(80), None)]
    assert by_day([said(october, allotted=80)], year=YEAR)[0][0] == YEAR.end


def test_broken_correction_of_a_day_leaves_the_sound_one_standing():
    sound, broken = (
        said(JAN, allotted=100, known=1),
        said(JAN, allotted=100, disbursed=101, known=2),
    )
    assert lines([sound, broken]) == lines([sound])


@pytest.mark.parametrize(
    ("figures", "why", "short"),
    [
        ({"allotted": 100, "disbursed": 130}, "over", 30),
        ({"disbursed": 5}, "no-allotment", 5),
        ({"allotted": -1}, "negative", 0),
        ({"allotted": 100, "committed": 60, "disbursed": 41}, "over", 1),
        ({"allotted": 100, "transferred": -150}, "over", 50),
    ],
)
def test_statement_that_cannot_be_true_makes_no_entry(figures, why, short):
    found = standing_entries([said(JAN, **figures)], year=YEAR)
    assert found.entries == ()
    assert [(each.why, each.short_by) for each in found.contradictions] == [(why, short)]


def test_last_years_statement_is_set_aside():
    found = standing_entries([said(date(2025, 9, 30), allotted=1)], year=YEAR)
    assert (found.entries, found.contradictions[0].why) == ((), "other-year")


def test_fractions_of_formulas_go_to_the_satang_half_up():
    assert [stated_satang(D(text)) for text in ("3333.335", "3333.333333", "0")] == [
        D("3333.34"),
        D("3333.33"),
        D("0.00"),
    ]


# -- any statements --------------------------------------------------------------------------------

amounts = st.none() | st.integers(-20, 400).map(lambda number: D(number) / 4)


@st.composite
def any_statements(draw):
    return [
        said(
            YEAR.start + timedelta(days=draw(st.integers(-5, 380))),
            known=number,
            **{measure: draw(amounts) for measure in STATED},
        )
        for number in range(draw(st.integers(1, 7)))
    ]


@st.composite
def likely_statements(draw):
    """Few days, figures that mostly fit, so that falls, replacements and late files are common."""
    found = []
    for number in range(draw(st.integers(2, 8))):
        allotted = draw(st.integers(40, 100))
        disbursed = draw(st.integers(0, 40))
        found.append(
            said(
                YEAR.start + timedelta(days=30 * draw(st.integers(1, 4))),
                known=number,
                allotted=draw(st.sampled_from([None, allotted])),
                transferred=draw(st.sampled_from([None, 0, 5, -5])),
                committed=draw(st.sampled_from([None, 0, 3, 9, allotted - disbursed])),
                disbursed=draw(st.sampled_from([None, disbursed, allotted])),
                returned=draw(st.sampled_from([None, 0, 2, allotted - disbursed])),
            )
        )
    return found


class Keeper:
    """Keeps one envelope's book as the office does: file after file, undoing and adding."""

    def __init__(self) -> None:
        self.book = Book(YEAR)
        self.known: list[Statement] = []
        self.numbers: dict[int, EntryId] = {}
        self.written = 0

    def take_in(self, statement: Statement) -> int:
        """Post what follows from one more statement; return how many entries that took."""
        self.known.append(statement)
        wanted = standing_entries(self.known, year=YEAR).entries
        of_id = {each: number for number, each in self.numbers.items()}
        held = [
            HeldEntry(
                number,
                each.kind,
                self.book.by_id[each].on,
                self.book.by_id[each].amount,
                None if (named := self.book.by_id[each].against) is None else of_id[named],
            )
            for number, each in self.numbers.items()
            if not self.book.is_reversed(each)
        ]
        needed = changes(held, wanted)
        moment = MORNING + timedelta(days=400, minutes=len(self.known))
        undo: list[Entry] = []
        fresh: list[Entry] = []
        for each in needed.undo:
            self.written += 1
            undo.append(
                Entry(
                    EntryId("reversal", f"D{self.written}"), ENVELOPE, each.amount, each.on, moment,
                    self.numbers[each.number],
                )
            )  # fmt: skip
        lines: list[EntryId] = []
        for line in needed.post:
            self.written += 1
            against = self.numbers[line.held] if line.held is not None else None
            if line.line is not None:
                against = lines[line.line]
            lines.append(EntryId(line.kind, f"D{self.written}"))
            self.numbers[self.written] = lines[-1]
            fresh.append(Entry(lines[-1], ENVELOPE, line.amount, line.on, moment, against))
        assert post_all(self.book, undo).refused == ()
        assert post_all(self.book, fresh).refused == ()
        return len(undo) + len(fresh)

    def by_day(self):
        days = sorted({each.on for each in self.book.entries})
        return {on: balances(self.book.entries, year=YEAR, on=on)[ENVELOPE] for on in days}

    def standing(self):
        return sorted(
            (each.kind, each.on, each.amount)
            for each in self.book.entries
            if each.kind != "reversal" and not self.book.is_reversed(each.id)
        )


def kept(statements):
    keeper = Keeper()
    for each in statements:
        keeper.take_in(each)
    return keeper


def test_order_placed_in_january_and_paid_by_march_may_arrive_after_march():
    keeper = kept(
        [
            said(MAR, known=1, allotted=100, committed=0, disbursed=100),
            said(JAN, known=2, allotted=100, committed=100, disbursed=0),
        ]
    )
    found = keeper.by_day()
    assert (found[JAN].committed, found[JAN].remaining) == (100, 0)
    assert (found[MAR].committed, found[MAR].disbursed) == (0, 100)


@settings(max_examples=150, deadline=None)
@given(st.one_of(any_statements(), likely_statements()))
def test_balances_of_each_stated_day_are_what_was_stated(statements):
    keeper = kept(statements)
    refused = [each.statement for each in standing_entries(statements, year=YEAR).contradictions]
    now = dict.fromkeys(STATED, D(0))
    for _, (each, *_) in by_day([s for s in statements if s not in refused], year=YEAR):
        for measure in STATED:
            if (value := each.value(measure)) is not None:
                now[measure] = value
        found = balances(keeper.book.entries, year=YEAR, on=min(each.as_of, YEAR.end))
        if ENVELOPE in found:
            assert {measure: getattr(found[ENVELOPE], measure) for measure in STATED} == now
        else:
            assert not any(now.values())
    for balance in keeper.by_day().values():
        assert min(balance.remaining, balance.committed, balance.disbursed, balance.returned) >= 0


@settings(max_examples=100, deadline=None)
@given(likely_statements(), st.randoms(use_true_random=False))
def test_order_of_import_does_not_matter(statements, chance):
    shuffled = list(statements)
    chance.shuffle(shuffled)
    first, second = kept(statements), kept(shuffled)
    assert first.standing() == second.standing()
    days = {on: balance for on, balance in first.by_day().items() if balance != type(balance)()}
    other = second.by_day()
    for on, balance in days.items():
        latest = max((day for day in other if day <= on), default=None)
        assert latest is not None
        assert other[latest] == balance


@settings(max_examples=100, deadline=None)
@given(likely_statements())
def test_import_twice_changes_nothing(statements):
    keeper = kept(statements)
    assert [keeper.take_in(each) for each in statements] == [0] * len(statements)
    assert book_of(keeper.book.entries, year=YEAR).balances() == keeper.book.balances()
