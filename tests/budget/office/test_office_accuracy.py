"""Generated workbooks with faults planted: what is read, what is said, what is silent.

`make bench` measures two hundred; here as many as a run of all tests has time for.
"""

from __future__ import annotations

import pytest

from tests.budget.office.accuracy import Measured, judge, measure, read
from tests.budget.office.workbooks import FAULTS, REPORTED_AS, make

WORKBOOKS = 60


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure(range(WORKBOOKS))


def test_cells_are_read_for_what_they_are(measured):
    assert measured.accuracy >= 0.999, str(measured)


def test_no_error_is_silent(measured):
    assert measured.silent == [], str(measured)


def test_every_planted_fault_is_reported(measured):
    assert measured.missed == [], str(measured)


def test_sound_workbooks_raise_no_alarm(measured):
    assert measured.false_alarms == [], str(measured)


def test_every_cell_of_every_workbook_is_accounted_for(measured):
    assert measured.unaccounted == [], str(measured)


def test_every_kind_of_fault_was_planted(measured):
    assert {REPORTED_AS.get(fault, fault) for fault in FAULTS} <= set(measured.types)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_alone_is_reported(fault):
    result = Measured()
    planted = 0
    for seed in range(7000, 7004):
        made = make(seed, planted=[fault])
        planted += fault in made.planted
        judge(made, read(made), result)
    assert planted >= 2
    assert (result.silent, result.missed, result.unaccounted) == ([], [], [])
