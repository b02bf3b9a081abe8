"""League tables: all the places there are, in the right order, from any source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.indicators.frameworks import (
    dimension,
    full_report,
    minutes,
    published,
    ratio,
    report_and_approve,
    round_of,
    share,
    two_dimensions,
)
from tiddao.indicators.actions.scoring import materialise_pending
from tiddao.indicators.queries.league import league_of
from tiddao.places.models import Office
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db


def table(scope, level, one, **asked):
    return league_of(
        find_unit(scope, on=one.true_on), level, year=2566, round_code=one.code, **asked
    )


def test_a_province_has_all_its_districts_reported_or_not(one):
    assert len(table("57", "district", one).rows) == 18
    report_and_approve(one, [*full_report("5712", 90), *full_report("5701", 60)])
    found = table("57", "district", one)
    assert len(found.rows) == found.total_places == 18
    assert [(row.rank, row.key) for row in found.rows[:2]] == [(1, "5712"), (2, "5701")]
    assert {row.reported for row in found.rows[2:]} == {False}
    assert {row.rank for row in found.rows[2:]} == {None}
    assert found.without_office == ()


def test_the_nation_has_76_provinces_and_says_what_the_77th_is(one):
    found = table("th", "province", one)
    assert len(found.rows) == 76
    assert found.total_places == 77
    assert found.without_office == (("10", "กรุงเทพมหานคร"),)
    districts = table("th", "district", one)
    assert (len(districts.rows), districts.total_places) == (878, 928)


def test_ties_share_a_rank_and_the_next_is_skipped(one):
    report_and_approve(
        one,
        [
            row
            for n, place in ((90, "5701"), (90, "5702"), (60, "5703"))
            for row in full_report(place, n)
        ],
    )
    found = table("57", "district", one)
    assert [(row.rank, row.tied) for row in found.rows[:3]] == [(1, True), (1, True), (3, False)]


def test_a_place_that_reported_its_best_alone_is_not_ranked(one):
    report_and_approve(one, [share("5701", "1.1", 100, 100), *full_report("5712", 60)])
    found = table("57", "district", one)
    assert [(row.key, row.rank, row.reported) for row in found.rows[:2]] == [
        ("5712", 1, True),
        ("5701", None, True),
    ]
    assert found.rows[1].score == 5


def test_kept_computed_and_as_known_tables_are_the_same():
    version = published()
    one, two = round_of(version, "6m"), round_of(version, "12m")
    for n, place in enumerate(["5701", "5702", "5703", "5712", "5001"]):
        report_and_approve(one, full_report(place, 60 + 7 * n))
        report_and_approve(two, full_report(place, 95 - 7 * n))
    tables = (
        ("57", "district"),
        ("50", "district"),
        ("th", "province"),
        ("th", "inspection"),
        ("zone-57-ing-su-khong", "district"),
    )
    computed = [table(*asked, two).rows for asked in tables]
    materialise_pending(at=minutes(5))
    kept = [table(*asked, two).rows for asked in tables]
    assert kept == computed
    assert kept == [table(*asked, two, known_at=minutes(60)).rows for asked in tables]
    report_and_approve(two, [share("5002", "1.1", 50, 100)], at=minutes(70))
    changed = [table(*asked, two).rows for asked in tables]
    assert [new == old for new, old in zip(changed, kept, strict=True)] == [
        True,
        False,
        False,
        False,
        True,
    ]
    assert kept == [table(*asked, two, known_at=minutes(60)).rows for asked in tables]


def test_change_since_the_last_round_is_of_the_same_table():
    version = published()
    one, two = round_of(version, "6m"), round_of(version, "12m")
    for place, first, second in (("5701", 90, 60), ("5702", 80, 85), ("5703", 70, 95)):
        report_and_approve(one, full_report(place, first))
        report_and_approve(two, full_report(place, second))
    rows = {row.key: row for row in table("57", "district", two).rows}
    assert [rows[key].change_rank for key in ("5701", "5702", "5703")] == [-2, 0, 2]
    assert rows["5703"].change_score == Decimal("1.5000")
    assert table("57", "district", one).rows[0].change_rank is None


def test_a_dimension_can_be_ranked_by_itself(one):
    report_and_approve(
        one,
        [
            *full_report("5701", 90, step=1),
            share("5702", "2.1", 95, 100),
            share("5702", "2.2", 95, 100),
            *full_report("5703", 60, step=5),
        ],
    )
    found = table("57", "district", one, dimension="2")
    assert {row.key: row.rank for row in found.rows if row.rank} == {
        "5701": 1,
        "5702": 1,
        "5703": 3,
    }
    assert found.rows[0].rank_low is None
    with pytest.raises(KeyError):
        table("57", "district", one, dimension="9")


def test_a_peer_group_narrows_the_table(one):
    members = find_unit("peer-57-small-districts", on=one.true_on).members
    found = table("57", "district", one, peers="peer-57-small-districts")
    assert {row.key for row in found.rows} == members


def test_a_level_below_the_assessed_is_refused(one):
    with pytest.raises(ValueError, match="not assessed"):
        table("57", "tambon", one)


def test_rank_intervals_hold_the_rank_and_are_the_same_each_time():
    weights = two_dimensions(
        dimensions=(dimension("1", ratio("1.1")), dimension("2", ratio("2.1")))
    )
    one = round_of(published(weights))
    for place, first, second in (("5701", 90, 50), ("5702", 50, 90), ("5703", 71, 70)):
        report_and_approve(one, [share(place, "1.1", first, 100), share(place, "2.1", second, 100)])
    rows = table("57", "district", one).rows[:3]
    assert all(row.rank_low <= row.rank <= row.rank_high for row in rows)
    assert any(row.rank_low < row.rank_high for row in rows)
    assert [(r.rank_low, r.rank_high) for r in table("57", "district", one).rows[:3]] == [
        (r.rank_low, r.rank_high) for r in rows
    ]


@pytest.mark.parametrize("scope", ["zone-57-ing-su-khong", "57", "th"])
def test_a_table_costs_the_same_number_of_queries_for_any_size(
    scope, django_assert_max_num_queries
):
    one = round_of(published())
    districts = Office.objects.filter(place__code__startswith="57", kind="district")
    report_and_approve(one, [row for each in districts for row in full_report(each.place_id)])
    materialise_pending(at=minutes(1))
    unit = find_unit(scope, on=one.true_on)
    with django_assert_max_num_queries(8):
        league_of(unit, "district", year=2566)
