"""Where a point lies among outlines: squares whose distances are reckoned by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence.outlines import SQUARES, make_outlines
from tiddao.places.queries.outlines import point_among_places

pytestmark = pytest.mark.django_db

ON = date(2023, 3, 15)


def among(latitude, longitude, code):
    return point_among_places(Decimal(str(latitude)), Decimal(str(longitude)), code, on=ON)


@pytest.fixture
def outlines(db):
    return make_outlines()


@pytest.mark.parametrize(
    ("point", "claimed", "known", "kilometres", "smallest"),
    [
        ((19.85, 100.15), "5712", "5712", 0, "5712"),
        ((19.85, 100.15), "571203", "5712", 0, "5712"),  # a tambon: its district's outline
        ((19.85, 100.15), "57120314", "5712", 0, "5712"),
        ((19.85, 100.15), "57", "57", 0, "5712"),
        ((20.25, 100.15), "5712", "5712", 0.25 * 111.32, "57"),  # north of it: only the province
        ((19.75, 99.75), "5712", "5712", 0.25 * 111.32 * 0.97437, "5713"),  # west: × cos 13°
        ((19.85, 100.15), "5701", "57", 0, "5712"),  # its own outline is not known
        ((13.75, 100.5), "50", None, None, None),  # no outline above, none around
        ((19.85, 100.15), "5001", None, None, "5712"),
        ((19.85, 100.15), "th", None, None, "5712"),
        ((13.75, 100.25), "57", "57", 5.75 * 111.32, None),
    ],
)
def test_point_among_places(outlines, point, claimed, known, kilometres, smallest):
    found = among(*point, claimed)
    assert (found.nearest_known, found.smallest) == (known, smallest)
    if kilometres is None:
        assert found.metres is None
    else:
        assert found.metres == pytest.approx(kilometres * 1000, rel=0.005, abs=60)


def test_without_any_outline_nothing_is_known(db):
    found = among(19.85, 100.15, "5712")
    assert (found.nearest_known, found.metres, found.smallest) == (None, None, None)


@pytest.mark.parametrize("claimed", ["5712", "57120314"])
def test_one_query_however_deep_the_place(outlines, django_assert_num_queries, claimed):
    with django_assert_num_queries(1):
        among(19.85, 100.15, claimed)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.decimals(19, 21, places=4),
    st.decimals(99, 101, places=4),
    st.sampled_from(sorted(SQUARES)),
)
def test_inside_is_no_distance_and_outside_is_some(outlines, latitude, longitude, code):
    """Against the plain corners; the grid of the plane is 55 m, so its edge is left out."""
    west, south, east, north = SQUARES[code]
    inward = min(
        float(longitude) - west, east - float(longitude),
        float(latitude) - south, north - float(latitude),
    )  # fmt: skip
    if abs(inward) < 0.001:
        return
    assert (among(latitude, longitude, code).metres == 0) == (inward > 0)
