"""The thirty-day clock of cash advances, asked on any day."""

from decimal import Decimal

from tests.budget.money.entries import YEAR, book, day, entry
from tiddao.budget.rules.advances import open_advances, overdue_advances

D = Decimal


def overdue(held, on):
    return [
        (each.id.document, each.days_late)
        for each in overdue_advances(held.entries, year=YEAR, on=on)
    ]


def test_clock_runs_thirty_days_from_receipt_and_the_last_day_is_in_time():
    held = book(entry("allotment", "A", 1000), entry("advance", "V1", 300, 10, borrower="p7"))
    (found,) = open_advances(held.entries, year=YEAR, on=day(40))
    assert (found.due_on, found.days_left, found.is_overdue) == (day(40), 0, False)
    assert (found.borrower, found.lent, found.outstanding) == ("p7", 300, 300)
    assert overdue(held, day(40)) == []
    assert overdue(held, day(41)) == [("V1", 1)]
    assert open_advances(held.entries, year=YEAR, on=day(9)) == []


def test_partly_cleared_is_open_and_wholly_cleared_is_not():
    held = book(
        entry("allotment", "A", 1000),
        entry("advance", "V1", 300, 10),
        entry("clearance", "C1", 100, 20, against=("advance", "V1")),
        entry("clearance", "C2", "150.50", 45, against=("advance", "V1"), cash_back="49.50"),
    )
    (found,) = overdue_advances(held.entries, year=YEAR, on=day(44))
    assert (found.outstanding, found.days_late) == (200, 4)
    assert overdue(held, day(45)) == []


def test_reversed_clearance_opens_the_advance_again_and_reversed_advance_never_was():
    held = book(
        entry("allotment", "A", 1000),
        entry("advance", "V1", 300, 10),
        entry("clearance", "C1", 300, 20, against=("advance", "V1")),
        entry("reversal", "X1", 300, 50, against=("clearance", "C1")),
        entry("advance", "V2", 100, 10),
        entry("reversal", "X2", 100, 50, against=("advance", "V2")),
    )
    assert overdue(held, day(49)) == [("V2", 9)]
    assert overdue(held, day(50)) == [("V1", 10)]


def test_travel_has_a_last_day_of_its_own_and_the_latest_comes_first():
    held = book(
        entry("allotment", "A", 1000),
        entry("advance", "V1", 100, 10),
        entry("advance", "V2", 100, 12, due_on=day(35)),
        entry("advance", "V3", 100, 100),
    )
    assert overdue(held, day(60)) == [("V2", 25), ("V1", 20)]
    assert [a.id.document for a in open_advances(held.entries, year=YEAR, on=day(100))] == [
        "V2",
        "V1",
        "V3",
    ]
