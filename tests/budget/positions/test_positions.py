"""Where the money of places, groups and offices stands, from rows of books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.budget.positions.factory import KNOWN, YEAR, issue, keep
from tiddao.budget.queries.positions import offices_of, positions, units_below
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places.models import Membership

pytestmark = pytest.mark.django_db

NOVEMBER = date(2025, 11, 10)
JANUARY = date(2026, 1, 15)
FEBRUARY = date(2026, 2, 27)
ZONE = "zone-57-ing-su-khong"


@pytest.fixture
def chiang_rai():
    """The provincial office, two districts; and one district of Chiang Mai."""
    keep("57", {NOVEMBER: {"allotted": 500_000}, FEBRUARY: {"disbursed": 100_000}})
    keep(
        "5712",
        {
            NOVEMBER: {"allotted": 200_000},
            JANUARY: {"disbursed": 60_000, "committed": 20_000},
            FEBRUARY: {"disbursed": 40_000, "committed": -10_000, "advanced": 5_000},
        },
    )
    keep("5712", {JANUARY: {"allotted": 50_000}}, spending="investment", fund="province")
    keep("5712", {JANUARY: {"allotted": 7_000, "disbursed": 7_000}}, spending="total")
    keep("5713", {JANUARY: {"allotted": 90_000, "returned": 10_000, "disbursed": 9_000}})
    keep("5001", {JANUARY: {"allotted": 33_000}})


def said(position):
    balance = position.balance
    return balance and (balance.base, balance.disbursed, balance.committed, balance.remaining)


def test_a_province_is_its_own_office_and_its_districts(chiang_rai):
    found = positions(YEAR, ["th", "57", "CDD-57", "5712", "5713", "5714", "50", "571203"])
    assert said(found["5712"]) == (257_000, 107_000, 10_000, 140_000)
    assert said(found["CDD-57"]) == (500_000, 100_000, 0, 400_000)
    assert said(found["5713"]) == (80_000, 9_000, 0, 71_000)
    assert said(found["57"]) == (837_000, 216_000, 10_000, 611_000)
    assert said(found["50"]) == (33_000, 0, 0, 33_000)
    assert said(found["th"]) == (870_000, 216_000, 10_000, 644_000)
    assert found["5714"].balance is None
    assert found["571203"].offices == 0
    assert (found["57"].offices, found["57"].offices_reporting) == (19, 3)
    assert (found["5712"].offices, found["5712"].level) == (1, "district")
    assert found["CDD-57"].level == "office"
    assert found["5712"].last_on == FEBRUARY
    assert found["57"].last_known_at == KNOWN


@pytest.mark.parametrize(
    ("spending", "fund", "wanted"),
    [
        ("recurrent", "", (200_000, 100_000, 10_000, 90_000)),
        ("investment", "", (50_000, 0, 0, 50_000)),
        ("undivided", "", (7_000, 7_000, 0, 0)),
        ("total", "strategy", (207_000, 107_000, 10_000, 90_000)),
        ("total", "province", (50_000, 0, 0, 50_000)),
        ("recurrent", "province", None),
        ("total", "carried_over", None),
    ],
)
def test_a_type_of_spending_and_a_fund_are_told_apart(chiang_rai, spending, fund, wanted):
    found = positions(YEAR, ["5712"], spending=spending, fund=fund)["5712"]
    assert said(found) == wanted


def test_the_parts_of_spending_add_up_to_all_of_it(chiang_rai):
    parts = [
        positions(YEAR, ["57"], spending=each)["57"].balance
        for each in ("recurrent", "investment", "undivided")
    ]
    assert sum(parts[1:], parts[0]) == positions(YEAR, ["57"])["57"].balance


@pytest.mark.parametrize(
    ("on", "wanted", "last_on"),
    [
        (date(2025, 11, 9), None, None),
        (NOVEMBER, (200_000, 0, 0, 200_000), NOVEMBER),
        (JANUARY, (257_000, 67_000, 20_000, 170_000), JANUARY),
        (date(2026, 2, 26), (257_000, 67_000, 20_000, 170_000), JANUARY),
        (FEBRUARY, (257_000, 107_000, 10_000, 140_000), FEBRUARY),
        (date(2026, 9, 30), (257_000, 107_000, 10_000, 140_000), FEBRUARY),
    ],
)
def test_a_past_day_is_summed_from_the_days_of_the_book(chiang_rai, on, wanted, last_on):
    found = positions(YEAR, ["5712"], on=on)["5712"]
    assert said(found) == wanted
    assert found.last_on == last_on


def test_a_group_is_the_sum_of_its_members_and_of_nothing_else(chiang_rai):
    on = date(2026, 3, 2)
    members = set(
        Membership.objects.filter(group=ZONE, valid_to__isnull=True).values_list(
            "place_id", flat=True
        )
    )
    assert "5712" in members
    found = positions(YEAR, [ZONE, *sorted(members)], on=None, members_on=on)
    parts = [found[code].balance for code in sorted(members) if found[code].balance]
    assert found[ZONE].balance == sum(parts[1:], parts[0])
    assert found[ZONE].offices == len(members)
    assert positions(YEAR, ["region-isan"])["region-isan"].balance is None


def test_a_year_of_its_own(chiang_rai):
    keep("5712", {date(2024, 11, 1): {"allotted": 1}}, year=FiscalYear(2568))
    assert said(positions(FiscalYear(2568), ["57"])["57"]) == (1, 0, 0, 1)
    assert positions(FiscalYear(2570), ["57", "th"])["57"].balance is None


def test_open_refused_findings_are_counted_where_they_lie(chiang_rai):
    issue("5712")
    issue("5712", superseded_at=KNOWN)
    issue("5712", explained_at=KNOWN)
    issue("5712", severity="warning")
    issue("5713")
    issue("57")
    found = positions(YEAR, ["th", "57", "CDD-57", "5712", "5714"])
    assert {key: each.issues for key, each in found.items()} == {
        "th": 3,
        "57": 3,
        "CDD-57": 1,
        "5712": 1,
        "5714": 0,
    }
    assert found["57"].offices_with_issues == 3


def test_units_below_together_are_the_whole(chiang_rai):
    on = date(2026, 3, 2)
    below = units_below("57", on=on)
    assert below[0].key == "CDD-57"
    assert below[0].is_office
    assert len(below) == 19
    found = positions(YEAR, [each.key for each in below] + ["57"])
    parts = [found[each.key].balance for each in below if found[each.key].balance]
    assert sum(parts[1:], parts[0]) == found["57"].balance

    provinces = units_below("th", on=on)
    assert provinces[0].key == "CDD"
    assert len(provinces) == 77  # the department and 76 provinces; it has no office in Bangkok
    assert "10" not in {each.key for each in provinces}
    assert [each.key for each in units_below(ZONE, on=on)] != []
    assert units_below("5712", on=on) == ()
    assert units_below("571203", on=on) == ()


def test_offices_of_units():
    found = offices_of(["57", "5712", "CDD", "no-such"], YEAR, on=YEAR.end)
    assert found["5712"] == {"CDD-5712"}
    assert found["CDD"] == {"CDD"}
    assert len(found["57"]) == 19
    assert "no-such" not in found


@pytest.mark.parametrize("on", [None, date(2026, 2, 1)])
def test_the_number_of_queries_does_not_grow_with_the_units(chiang_rai, on):
    def asked(units):
        with CaptureQueriesContext(connection) as queries:
            positions(YEAR, units, on=on)
        return len(queries)

    few = asked(["57", ZONE])
    many = asked(["57", "5712", "5713", "50", "5001", ZONE, "region-isan", "CDD-57"])
    assert few == many <= 8


def test_money_is_exact_to_the_satang():
    keep("5712", {JANUARY: {"allotted": "1234567890123.45", "disbursed": "0.01"}})
    balance = positions(YEAR, ["th"])["th"].balance
    assert balance.remaining == Decimal("1234567890123.44")
