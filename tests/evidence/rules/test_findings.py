"""What a proof makes one ask: tables reckoned by hand, no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.evidence.rules.findings import (
    WEIGHTS,
    Whereabouts,
    date_findings,
    place_findings,
    seen_before_findings,
)

HANDED_IN = datetime(2023, 3, 20, 2, 0, tzinfo=UTC)


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("taken_at", "effective_on", "expected"),
    [
        (None, date(2023, 3, 14), ["no-time"]),
        (datetime(2023, 3, 14, 3, tzinfo=UTC), None, []),
        (datetime(2023, 3, 14, 3, tzinfo=UTC), date(2023, 3, 14), []),
        (datetime(2023, 3, 14, 18, tzinfo=UTC), date(2023, 3, 15), []),  # the 15th in Thailand
        (datetime(2023, 3, 15, 3, tzinfo=UTC), date(2023, 3, 14), []),  # a day apart
        (datetime(2023, 3, 16, 3, tzinfo=UTC), date(2023, 3, 14), ["taken-other-day"]),
        (datetime(2022, 3, 14, 3, tzinfo=UTC), date(2023, 3, 14), ["taken-other-day"]),
        (HANDED_IN + timedelta(hours=24), None, []),
        (HANDED_IN + timedelta(hours=25), None, ["taken-in-future"]),
    ],
)
def test_dates(taken_at, effective_on, expected):
    found = date_findings(taken_at=taken_at, effective_on=effective_on, handed_in_at=HANDED_IN)
    assert codes(found) == expected


def test_days_apart_are_counted_in_thai_days():
    [found] = date_findings(
        taken_at=datetime(2023, 3, 10, 18, tzinfo=UTC),  # the 11th, 1 o'clock
        effective_on=date(2023, 3, 14),
        handed_in_at=HANDED_IN,
    )
    assert found.fields == {
        "taken_on": "2023-03-11", "effective_on": "2023-03-14", "days": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (None, ["no-position"]),
        (Whereabouts(None, None, None), ["no-outline"]),
        (Whereabouts(None, None, "50"), ["no-outline"]),
        (Whereabouts("5712", 0, "5712"), []),
        (Whereabouts("5712", 1_500, "5713"), []),  # within what outlines and phones err
        (Whereabouts("5712", 1_501, "5713"), ["taken-elsewhere"]),
        (Whereabouts("57", 700_000, None), ["taken-elsewhere"]),
    ],
)
def test_places(where, expected):
    assert codes(place_findings(where, claimed="571203")) == expected


def test_the_same_file_elsewhere_is_a_question():
    assert seen_before_findings(here=0, elsewhere=0) == ()
    [found] = seen_before_findings(here=1, elsewhere=2)
    assert (found.code, found.fields, found.weight) == (
        "seen-before", {"here": 1, "elsewhere": 2}, "question",
    )  # fmt: skip


@given(
    st.none() | st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    st.none() | st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_every_finding_is_known_and_kept_as_json(taken_at, effective_on):
    found = date_findings(taken_at=taken_at, effective_on=effective_on, handed_in_at=HANDED_IN)
    assert len(found) <= 1
    for each in found:
        assert each.code in WEIGHTS
        assert all(isinstance(value, str | int) for value in each.as_json()["fields"].values())
