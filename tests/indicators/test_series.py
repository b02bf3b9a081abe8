"""A place that was split carries its series by stated shares, on both maps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.indicators.frameworks import minutes, published, report_and_approve, round_of, share
from tests.persons import signed_in
from tests.places.test_successions import split
from tiddao.indicators.queries.series import series_of
from tiddao.places.models import Succession

pytestmark = pytest.mark.django_db


@pytest.fixture
def split_district(db):
    """5712 reports 45 of 50; from July it is 5731 (0.6) and 5732 (0.4), which report for September."""
    version = published()
    report_and_approve(round_of(version), [share("5712", "1.1", 45, 50)])
    split(on=date(2023, 7, 1), at=minutes(60))
    late = [share("5731", "1.1", 20, 30), share("5732", "1.1", 20, 20)]
    report_and_approve(round_of(version, "12m"), late, at=minutes(90))


def told(place, *, by_today, **more):
    found = series_of(place, code="amphoe-tid-dao", year=2566, by_today=by_today, **more)
    return [(each.round.code, each.value, each.estimated) for each in found.points["1.1"]]


def test_a_successor_has_its_share_of_what_was_before(split_district):
    assert told("5731", by_today=True) == [
        ("6m", Decimal(90), True),
        ("12m", Decimal("66.666667"), False),
    ]


def test_the_former_place_goes_on_as_the_sum_of_its_successors(split_district):
    assert told("5712", by_today=False) == [("6m", Decimal(90), False), ("12m", Decimal(80), True)]


def test_before_the_split_was_known_the_series_was_as_reported(split_district):
    asked = told("5712", by_today=False, known_at=minutes(50))
    assert asked == [("6m", Decimal(90), False), ("12m", None, False)]


def test_shares_that_nobody_states_are_not_guessed(split_district):
    Succession.objects.filter(predecessor="5712").update(share=None)
    found = series_of("5731", code="amphoe-tid-dao", year=2566, by_today=True)
    assert found.unknown == "5712"
    assert found.points["1.1"][0].value is None


def test_the_page_offers_both_maps_also_of_a_place_that_ended(
    split_district, provincial_head, stranger
):
    client = signed_in(provincial_head)
    page = client.get("/places/5731/series/", {"year": "2566"}).content.decode()
    assert "ประมาณจากสัดส่วน" in page
    assert "ตามเขตเดิม" in page
    former = client.get("/places/5712/series/", {"year": "2566", "map": "former"})
    assert former.content.decode().count("ประมาณจากสัดส่วน") == 1
    assert signed_in(stranger).get("/places/5712/series/").status_code == 404
