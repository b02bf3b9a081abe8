"""Forecasts from the tables: whose years are learnt from, what is aimed at, what they cost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.budget.cgd_files import week
from tests.budget.curves.world import YEAR, D, kept_by_entries, lay_down, snap
from tests.budget.money.curves import PROVINCES
from tests.budget.weeks import take_in
from tiddao.budget.models import BookBalance, BookDay
from tiddao.budget.queries import curves as curve_queries
from tiddao.budget.queries import forecasts as module
from tiddao.budget.queries.forecasts import (
    Money,
    fans,
    forecasts,
    month_ends,
)
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places.models import Place

pytestmark = pytest.mark.django_db

ON, END = date(2026, 6, 30), date(2026, 9, 30)
GOAL = D(93)


@pytest.fixture(autouse=True)
def nothing_kept():
    module._kept.clear()


def districts(count=None):
    codes = Place.objects.filter(level="district", code__startswith="57").values_list("code")
    return [code for (code,) in codes.order_by("code")][:count]


def asked(units, **more):
    return forecasts(YEAR, units, **({"on": ON, "deadline": END, "goal": GOAL} | more))


# -- whose years are learnt from ------------------------------------------------------------------


def test_district_learns_from_the_offices_of_its_province():
    lay_down([*districts(17), "CDD-57"], past_years=3)
    found = asked(["5712"])["5712"]
    assert (found.way, found.enough) == ("peers", True)
    assert (found.curves, found.units, [year.be for year in found.years]) == (
        54, 18, [2566, 2567, 2568],
    )  # fmt: skip
    assert D(0) <= found.low <= found.mid <= found.high <= D(104)
    assert asked(["CDD-57"])["CDD-57"].units == 18


def test_too_few_offices_learn_from_the_districts_of_the_country_on_the_boards():
    lay_down(["5712", "5713"], past_years=2)
    assert asked(["5712"])["5712"].way == "few"
    others = [code for (code,) in Place.objects.filter(level="district").values_list("code")][:30]
    for be in (2567, 2568):
        year = FiscalYear(be)
        for number in range(1, 12):
            on = date(be - 544 + (number > 3), (number + 8) % 12 + 1, 28)
            board = {code: f"{number * 8 + place % 7}" for place, code in enumerate(others)}
            snap(on, board, level="district", year=year)
        snap(year.end, dict.fromkeys(others, "95"), level="district", year=year)
    found = asked(["5712"])["5712"]
    assert found.way == "peers"
    assert found.units > 30  # its own, too
    assert "เป็นของหน่วยงานเอง 2 ปี" in found.basis_th


def test_without_past_years_no_probability_is_given():
    lay_down(["5712"], past_years=0)
    found = asked(["5712", "5713"])
    assert (found["5712"].way, found["5712"].probability) == ("shape", None)
    assert found["5712"].basis_th.startswith("ข้อมูลไม่พอ")
    assert (found["5713"].way, found["5713"].mid) == ("none", None)  # never dropped


def test_nation_and_group_learn_from_their_own_years_only():
    lay_down(districts(6), past_years=4)
    found = asked(["th", "zone-57-ing-su-khong", "57"])
    assert [found["th"].way, found["th"].curves] == ["few", 4]
    assert found["zone-57-ing-su-khong"].units == 1
    assert found["57"].units == 1  # no other province has books here


def test_provinces_learn_from_all_provinces():
    offices = [f"CDD-{code}" for code in ("57", "50", "30", "40", "11", "12", "13", "14")]
    lay_down(offices, past_years=4, world=PROVINCES)
    found = asked(["57", "50"])
    assert (found["57"].way, found["57"].curves, found["57"].units) == ("peers", 32, 8)


def test_answer_for_one_unit_is_the_answer_for_it_among_many():
    names = districts(12)
    lay_down(names, past_years=3)
    together = asked(["th", "57", *names])
    module._kept.clear()
    assert asked([names[3]])[names[3]] == together[names[3]]


def test_what_the_treasury_tells_is_a_series_of_its_own():
    take_in(week(13, 14))
    found = asked(["57"], series="cgd", on=date(2026, 7, 10))["57"]
    assert (found.as_of, found.way, found.probability) == (date(2026, 7, 10), "shape", None)
    assert asked(["57"], on=date(2026, 7, 10))["57"].way == "none"  # the books know nothing


def test_later_reports_are_not_known_on_an_earlier_day():
    names = districts(12)
    lay_down(names, past_years=3, until=date(2026, 6, 30))
    early = asked(names, on=date(2026, 3, 31))
    assert all(each.as_of <= date(2026, 3, 31) for each in early.values())


def test_past_that_was_mended_is_read_again():
    names = districts(12)
    lay_down(names, past_years=3)
    before = asked(names)
    assert asked(names) == before
    late = BookDay.objects.filter(book__fiscal_year=2568, book__office="CDD-5712").order_by("-on")[
        0
    ]
    late.disbursed, late.remaining = late.disbursed - 200_000, late.remaining + 200_000
    late.save()
    balance = BookBalance.objects.get(book=late.book_id)
    balance.disbursed -= 200_000
    balance.remaining += 200_000
    balance.save()
    after = asked(names)
    assert after["5712"] != before["5712"]


def test_cost_does_not_grow_with_the_units(django_assert_max_num_queries):
    names = districts()
    lay_down([*names, "CDD-57", "5001"], past_years=3)
    with django_assert_max_num_queries(9) as one:
        asked(["5712"])
    module._kept.clear()
    with django_assert_max_num_queries(14) as many:
        asked(["th", "57", "50", "CDD-57", "5001", *names])
    assert len(many) <= len(one) + 5  # whole provinces by themselves, and the country's boards
    with django_assert_max_num_queries(5):  # past years stay in the process
        asked(["5712"])


def test_deadline_of_another_year_is_refused():
    with pytest.raises(ValueError, match="outside fiscal year 2569"):
        asked(["5712"], deadline=date(2026, 10, 1))


# -- fans -----------------------------------------------------------------------------------------


def test_fan_opens_from_month_end_to_month_end_and_stays_within_the_whole():
    names = districts(15)
    lay_down(names, past_years=4)
    days = month_ends(ON, END)
    assert days == (date(2026, 7, 31), date(2026, 8, 31), END)
    given = curve_queries.curves(YEAR, names, basis="disbursed", until=ON)
    for fan in fans(given, Money(YEAR, ON), days, GOAL).values():
        mids = [each.mid for each in fan]
        assert mids == sorted(mids)
        for each in fan:
            assert D(0) <= each.low <= each.mid <= each.high <= D(104)
    single = asked([names[0]])[names[0]]
    assert fans({names[0]: given[names[0]]}, Money(YEAR, ON), days, GOAL)[names[0]][-1] == single


def test_month_ends_leave_out_what_is_too_near():
    assert month_ends(date(2026, 3, 26), date(2026, 3, 31)) == (date(2026, 3, 31),)
    assert month_ends(date(2026, 2, 25), date(2026, 3, 31)) == (date(2026, 3, 31),)
    assert month_ends(date(2026, 1, 1), date(2026, 4, 2)) == (
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 2),
    )  # fmt: skip


def test_one_report_that_is_old_says_that_it_is_old():
    kept_by_entries("5712", {YEAR.start: {"allotted": 100, "disbursed": 5}})
    found = asked(["5712"])["5712"]
    assert (found.way, found.basis_th) == ("none", "ข้อมูลไม่พอ: รายงานล่าสุดเก่าเกินไป")
    assert found.probability is None
    assert isinstance(found.goal, Decimal)
