"""Where a follow-up stands on a day, at the edges of its deadline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.policy.rules.visits import DONE, HANDED_DOWN, OPEN, OVERDUE, follow_up_state

ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("due_on", "is_done", "is_handed_down", "code", "days"),
    [
        (None, False, False, OPEN, None),
        (date(2026, 6, 2), False, False, OPEN, 1),
        (date(2026, 6, 1), False, False, OPEN, 0),  # its own day is still in time
        (date(2026, 5, 31), False, False, OVERDUE, 1),
        (date(2026, 5, 2), False, False, OVERDUE, 30),
        (date(2026, 5, 2), True, False, DONE, None),
        (date(2026, 5, 2), False, True, HANDED_DOWN, None),
        (date(2026, 5, 2), True, True, DONE, None),
    ],
)
def test_follow_up_state(due_on, is_done, is_handed_down, code, days) -> None:
    found = follow_up_state(due_on, is_done=is_done, is_handed_down=is_handed_down, on=ON)
    assert (found.code, found.days) == (code, days)


@given(st.integers(-400, 400))
def test_open_and_overdue_meet_without_a_gap(days: int) -> None:
    due = ON + timedelta(days=days)
    found = follow_up_state(due, is_done=False, is_handed_down=False, on=ON)
    assert found.is_open
    assert found.days == abs(days)
    assert (found.code == OVERDUE) == (days < 0)
