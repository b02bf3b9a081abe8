"""The state machine of an assignment: every pair of state and act, and what must hold of any history."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.policy.models import Act, AssignmentState
from tiddao.policy.rules.assignments import (
    FINAL,
    NEEDS_WORDS,
    RECEIVER_ACTS,
    SENDER_ACTS,
    SENT,
    STATES,
    TRANSITIONS,
    NotPossible,
    due_day,
    elapsed,
    is_overdue,
    obligation_status,
    possible_acts,
    state_after,
    state_of,
)

ACTS = (*RECEIVER_ACTS, *SENDER_ACTS)

# By hand, a row per state: what each act leads to, "" where it cannot happen.
#                  acknowledge     ask             object      report     finish  take_back  accept    return      insist          release     reopen      cancel
TABLE = {
    "sent":         ("acknowledged", "asking",       "objected", "working", "done", "",        "",       "",         "",             "released", "",         "cancelled"),
    "asking":       ("acknowledged", "asking",       "objected", "working", "done", "",        "",       "",         "",             "released", "",         "cancelled"),
    "acknowledged": ("",             "acknowledged", "objected", "working", "done", "",        "",       "",         "",             "released", "",         "cancelled"),
    "objected":     ("acknowledged", "objected",     "",         "",        "",     "",        "",       "",         "acknowledged", "released", "",         "cancelled"),
    "working":      ("",             "working",      "objected", "working", "done", "",        "",       "",         "",             "released", "",         "cancelled"),
    "done":         ("",             "",             "",         "",        "",     "working", "closed", "returned", "",             "released", "",         "cancelled"),
    "returned":     ("",             "returned",     "objected", "working", "done", "",        "",       "",         "",             "released", "",         "cancelled"),
    "closed":       ("",             "",             "",         "",        "",     "",        "",       "",         "",             "",         "returned", ""),
    "released":     ("",) * 12,
    "cancelled":    ("",) * 12,
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_every_state_and_act_as_the_table_says(state: str, act: str) -> None:
    wanted = TABLE[state][ACTS.index(act)]
    if wanted:
        assert state_after(state, act) == wanted
    else:
        with pytest.raises(NotPossible) as refused:
            state_after(state, act)
        assert (refused.value.state, refused.value.act) == (state, act)
    assert (act in possible_acts(state, ACTS)) == bool(wanted)


def test_the_tables_know_the_same_states_and_acts() -> None:
    assert set(STATES) == set(AssignmentState.values)
    assert set(ACTS) == set(Act.values)
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) <= set(STATES)
    assert set(ACTS) >= NEEDS_WORDS


@settings(max_examples=200)
@given(st.lists(st.sampled_from(ACTS), max_size=30))
def test_no_history_leads_back_to_silence_or_out_of_an_end(acts: list[str]) -> None:
    state, done = SENT, []
    for act in acts:
        if (state, act) not in TRANSITIONS:
            continue
        before, state = state, state_after(state, act)
        done.append(act)
        assert state != SENT
        assert before not in FINAL or (before, act) == ("closed", "reopen")
    assert state_of(done) == state


def test_every_state_can_reach_an_end() -> None:
    def reach(state: str) -> set[str]:
        seen, waiting = {state}, [state]
        while waiting:
            here = waiting.pop()
            for after in {TRANSITIONS[pair] for pair in TRANSITIONS if pair[0] == here} - seen:
                seen.add(after)
                waiting.append(after)
        return seen

    for state in STATES:
        assert reach(state) & FINAL
    assert reach(SENT) == set(STATES)


def test_seed_deadline_has_its_last_working_day() -> None:
    due = due_day(date(2019, 3, 31), on=date(2019, 1, 24))
    assert due is not None
    assert (due.last_working_day, due.days_left, due.is_on_a_day_off) == (
        date(2019, 3, 29),
        66,
        True,
    )
    assert due_day(None, on=date(2019, 1, 24)) is None


def test_elapsed_counts_days_and_working_days() -> None:
    # Fri 16 Jan 2569 to Tue 20 Jan: Saturday and Sunday between.
    found = elapsed(date(2026, 1, 16), date(2026, 1, 20))
    assert (found.days, found.working_days) == (4, 2)
    assert elapsed(date(2026, 1, 20), date(2026, 1, 16)).days == 0


@pytest.mark.parametrize(
    ("state", "due", "overdue", "status"),
    [
        ("sent", None, False, "pending"),
        ("sent", date(2026, 1, 20), False, "pending"),  # the day itself is still in time
        ("sent", date(2026, 1, 19), True, "overdue"),
        ("working", date(2026, 1, 21), False, "partial"),
        ("returned", date(2026, 1, 19), True, "overdue"),
        ("done", date(2026, 1, 19), False, "completed"),
        ("closed", date(2026, 1, 19), False, "completed"),
        ("released", date(2026, 1, 19), False, "completed"),
        ("objected", date(2026, 1, 19), True, "overdue"),
    ],
)  # fmt: skip
def test_overdue_and_the_status_of_a_report(
    state: str, due: date | None, overdue: bool, status: str
) -> None:
    on = date(2026, 1, 20)
    assert is_overdue(state, due, on=on) is overdue
    assert obligation_status(state, due, on=on) == status
