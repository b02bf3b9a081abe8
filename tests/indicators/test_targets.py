"""Targets of a place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.indicators.frameworks import (
    APPROVER,
    minutes,
)
from tiddao.indicators.actions.targets import TargetMovedOn, TargetRefused, set_target
from tiddao.indicators.queries.stars import stars_of
from tiddao.places.queries import find_unit

pytestmark = pytest.mark.django_db


def test_a_target_has_revisions_and_bounds(one):
    asked = {"by": APPROVER, "source": "บันทึก 1"}
    first = set_target(one.framework, "1.1", "5712", Decimal(80), at=minutes(1), **asked)
    again = set_target(one.framework, "1.1", "5712", Decimal(80), at=minutes(2), **asked)
    assert again == first
    second = set_target(one.framework, "1.1", "5712", Decimal(85), at=minutes(3), **asked)
    assert second.revision == 2
    with pytest.raises(TargetMovedOn):
        set_target(
            one.framework,
            "1.1",
            "5712",
            Decimal(90),
            at=minutes(4),
            expected_revision=1,
            **asked,
        )
    for indicator, value in (("9.9", 1), ("1.1", 101), ("1.1", -1)):
        with pytest.raises(TargetRefused):
            set_target(one.framework, indicator, "5712", Decimal(value), at=minutes(5), **asked)
    unit = find_unit("5712", on=one.true_on)
    assert stars_of(unit, year=2566).targets["1.1"].value == 85
    assert stars_of(unit, year=2566, known_at=minutes(2)).targets["1.1"].value == 80
