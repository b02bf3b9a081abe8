"""Curves: points checked by hand, sums that agree with the days, sources, and what they cost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.budget.cgd_files import week
from tests.budget.curves.world import (
    YEAR,
    D,
    kept_by_entries,
    lay_down,
    snap,
    stated,
)
from tests.budget.positions.factory import keep
from tests.budget.weeks import NEXT_WEEK, second_week, take_in
from tiddao.budget.models import Book, BookBalance, BookDay, BookMonth, Envelope
from tiddao.budget.queries import curves as module
from tiddao.budget.queries.curves import curves, money_curves, past_curves
from tiddao.kernel.fiscal import FiscalYear

pytestmark = pytest.mark.django_db

OCT_1 = date(2025, 10, 1)
DISTRICTS = ("5701", "5702", "5712", "5713")


def shares(curve):
    return [(point.on, point.percent) for point in curve.points]


def test_points_of_a_book_kept_entry_by_entry_stand_on_fridays_and_on_its_last_day():
    kept_by_entries(
        "5712",
        {
            OCT_1: {"allotted": 1_000},  # a Wednesday
            date(2025, 10, 10): {"disbursed": 100},  # a Friday
            date(2025, 10, 11): {"disbursed": 50},  # a Saturday: next week's
            date(2025, 11, 4): {"disbursed": 100, "allotted": 1_000},
        },
    )
    found = curves(YEAR, ["5712"], basis="disbursed")["5712"]
    assert shares(found) == [
        (date(2025, 10, 3), D(0)),
        (date(2025, 10, 10), D(10)),
        (date(2025, 10, 17), D(15)),
        (date(2025, 10, 24), D(15)),  # nothing was paid, and that is known
        (date(2025, 10, 31), D(15)),
        (date(2025, 11, 4), D("12.5")),  # a tranche pulls the share down
    ]


def test_points_of_a_book_kept_from_workbooks_stand_on_the_days_they_were_true_for():
    book = keep(
        "5712",
        {date(2025, 11, 28): {"allotted": 800, "disbursed": 200}, date(2026, 1, 30): {"disbursed": 200}},
    )  # fmt: skip
    stated(book, date(2025, 11, 28), date(2025, 12, 30), date(2026, 1, 30), date(2026, 2, 27))
    found = curves(YEAR, ["5712"], basis="disbursed")["5712"]
    assert shares(found) == [
        (date(2025, 11, 28), D(25)),
        (date(2025, 12, 30), D(25)),  # a workbook that says the same as before is a report too
        (date(2026, 1, 30), D(50)),
        (date(2026, 2, 27), D(50)),
    ]


def test_used_counts_what_is_committed_and_in_september_what_is_reserved():
    kept_by_entries(
        "5712",
        {
            OCT_1: {"allotted": 1_000},
            date(2026, 8, 28): {"disbursed": 400, "committed": 100, "reserved": 50},
            date(2026, 9, 4): {"committed": -100, "disbursed": 100, "returned": 200},
        },
    )
    points = curves(YEAR, ["5712"], basis="used")["5712"].points
    assert points[-2:] == (
        module.Reported(date(2026, 8, 28), D(50)),
        module.Reported(date(2026, 9, 4), (D(400) + 100 + 50) / (D(1_000) - 200) * 100),
    )


def test_year_ends_on_its_last_day_though_the_week_goes_on():
    kept_by_entries("5712", {date(2026, 9, 30): {"allotted": 10, "disbursed": 10}})
    assert shares(curves(YEAR, ["5712"], basis="disbursed")["5712"]) == [
        (date(2026, 9, 30), D(100))
    ]


def test_each_unit_sums_its_offices_and_the_provincial_office_stands_by_itself():
    day = date(2025, 12, 5)
    for office, paid in (("CDD-57", 10), ("5701", 20), ("5712", 30), ("5001", 40), ("CDD", 50)):
        kept_by_entries(office, {day: {"allotted": 100, "disbursed": paid}})
    found = money_curves(
        YEAR, ["th", "57", "CDD-57", "5712", "zone-57-ing-su-khong", "5713"], basis="disbursed"
    )
    amounts = {unit: each.last and each.last.amount for unit, each in found.items()}
    assert amounts == {
        "th": 150, "57": 60, "CDD-57": 10, "5712": 30, "zone-57-ing-su-khong": 30, "5713": None,
    }  # fmt: skip
    assert found["57"].last.percent == D(20)
    assert found["5713"].points == ()


def test_type_of_spending_and_fund_narrow_the_money():
    on = date(2025, 12, 5)
    keep("5712", {on: {"allotted": 100, "disbursed": 10}})
    keep("5712", {on: {"allotted": 100, "disbursed": 50}}, fund="admin", spending="investment")
    keep("5712", {on: {"allotted": 200, "disbursed": 20}}, fund="province", spending="total")

    def last(**more):
        return money_curves(YEAR, ["5712"], basis="disbursed", **more)["5712"].last

    assert last().percent == D(20)
    assert last(spending="recurrent").percent == D(10)
    assert last(spending="investment", fund="admin").percent == D(50)
    assert last(fund="strategy").amount == 10
    assert last(spending="investment", fund="strategy") is None


def test_days_after_the_one_asked_for_are_left_out():
    kept_by_entries(
        "5712",
        {OCT_1: {"allotted": 100}, date(2026, 1, 5): {"disbursed": 10}, date(2026, 2, 5): {"disbursed": 30}},
    )  # fmt: skip
    found = curves(YEAR, ["5712"], basis="disbursed", until=date(2026, 1, 31))["5712"]
    assert found.points[-1] == module.Reported(date(2026, 1, 5), D(10))


def test_nothing_allotted_is_no_share():
    keep("5712", {OCT_1: {"disbursed": 0, "allotted": 0}})
    found = money_curves(YEAR, ["5712"], basis="disbursed")["5712"]
    assert (found.last, found.curve.points, len(found.points)) == (None, (), 1)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    paid=st.dictionaries(
        st.integers(0, 364), st.integers(-500, 3_000), min_size=1, max_size=30
    ),
    by_entries=st.booleans(),
)  # fmt: skip
def test_point_is_always_the_sum_of_the_days_up_to_it(db, paid, by_entries):
    BookDay.objects.all().delete()
    BookMonth.objects.all().delete()
    keeping = kept_by_entries if by_entries else keep
    days = {
        YEAR.start + timedelta(days=number): {"disbursed": amount}
        for number, amount in paid.items()
    }
    days.setdefault(YEAR.start, {})["allotted"] = 100_000
    BookBalance.objects.all().delete()
    Envelope.objects.all().delete()
    Book.objects.all().delete()
    book = keeping("5712", days)
    found = money_curves(YEAR, ["5712"], basis="disbursed")["5712"].points
    assert [each.on for each in found] == sorted({each.on for each in found})
    assert found[-1].on == max(days)
    for point in found:
        summed = BookDay.objects.filter(book=book, on__lte=point.on).aggregate(
            Sum("allotted"), Sum("disbursed")
        )
        assert point.base == summed["allotted__sum"]
        assert point.amount == summed["disbursed__sum"]


def test_many_offices_are_read_from_the_weekly_boards(monkeypatch):
    monkeypatch.setattr(module, "MANY_OFFICES", 1)
    for office in ("5712", "5001", "CDD-57"):
        kept_by_entries(office, {OCT_1: {"allotted": 100, "disbursed": 1}})
    snap(date(2026, 1, 9), {"th": "30", "57": "31.5", "50": None})
    snap(date(2026, 1, 2), {"th": "29", "57": "30.5", "50": None})
    units = ["th", "57", "50", "CDD-57"]
    found = money_curves(YEAR, units, basis="disbursed")
    assert {unit: each.source for unit, each in found.items() if each.points} == {
        "th": "boards", "57": "boards", "50": "boards", "CDD-57": "books",
    }  # fmt: skip
    assert shares(found["57"].curve) == [
        (date(2026, 1, 2), D("30.5")),
        (date(2026, 1, 9), D("31.5")),
    ]
    assert found["50"].curve.points == ()  # on the board, but not reported
    live = money_curves(YEAR, units, basis="disbursed", live=True)
    assert {each.source for each in live.values()} == {"books"}
    # Of a fund, and on the other basis, no board was taken.
    assert money_curves(YEAR, ["57"], basis="disbursed", fund="strategy")["57"].last.percent == 1
    assert money_curves(YEAR, ["th"], basis="used")["th"].source == "books"


def test_treasury_weeks_are_the_curve_of_provinces_and_the_nation():
    take_in(week(13, 14))
    take_in(second_week(13, 14), at=NEXT_WEEK)
    found = money_curves(YEAR, ["th", "57", "5712"], basis="disbursed", series="cgd")
    assert len(found["57"].points) == len(found["th"].points) == 2
    assert found["5712"].points == ()
    point = found["57"].points[0]
    assert abs(point.percent - point.amount / point.base * 100) < D("1e-20")
    assert point.base > 1_000_000  # baht, not millions
    used = money_curves(YEAR, ["57"], basis="used", series="cgd")["57"]
    assert used.points[0].percent > point.percent


def test_past_years_come_together_and_only_where_there_is_something():
    lay_down(DISTRICTS, past_years=2)
    years = [FiscalYear(2566), FiscalYear(2567), FiscalYear(2568)]
    found = past_curves(years, [*DISTRICTS, "5705"], basis="disbursed")
    assert {(each.unit, each.year.be) for each in found} == {
        (unit, be) for unit in DISTRICTS for be in (2567, 2568)
    }
    assert all((each.year.end - each.points[-1].on).days <= 1 for each in found)


def test_cost_does_not_grow_with_the_units(django_assert_num_queries):
    lay_down(DISTRICTS, past_years=2)
    for units in (["5712"], ["th", "57", *DISTRICTS]):
        with django_assert_num_queries(3):
            money_curves(YEAR, units, basis="disbursed")
        with django_assert_num_queries(3):
            past_curves([FiscalYear(2567), FiscalYear(2568)], units, basis="disbursed")


def test_shares_are_decimals_never_floats():
    lay_down(["5712"], past_years=0)
    points = curves(YEAR, ["5712"], basis="disbursed")["5712"].points
    assert points
    assert all(isinstance(point.percent, Decimal) for point in points)
