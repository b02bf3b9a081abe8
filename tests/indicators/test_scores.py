from __future__ import annotations

from decimal import Decimal

import pytest

from tests.indicators.frameworks import (
    full_report,
    minutes,
    published,
    report_and_approve,
    round_of,
)
from tiddao.indicators.actions.scoring import materialise_pending
from tiddao.indicators.models import FactChange
from tiddao.indicators.queries.stars import stars_of
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db


def unit(key, one):
    return find_unit(key, on=one.true_on)


def test_stars_of_a_district_are_computed_then_kept():
    one = round_of(published())
    report_and_approve(one, full_report("5712"))
    computed = stars_of(unit("5712", one), year=2566)
    assert computed.source == "computed"
    assert (computed.score.score, computed.score.stars) == (Decimal("4.3750"), 4)
    materialise_pending(at=minutes(5))
    assert not FactChange.objects.exists()
    kept = stars_of(unit("5712", one), year=2566)
    assert kept.source == "materialised"
    assert (kept.score, kept.stamp) == (computed.score, computed.stamp)
