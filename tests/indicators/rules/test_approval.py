"""The machine of approval, walked through every way there is."""

from __future__ import annotations

from itertools import product

import pytest

from tiddao.indicators.rules.approval import (
    ACTS,
    COUNTING,
    STANDING,
    STATES,
    WAITING,
    ActRefused,
    Revision,
    counting,
    reporters_of,
    standing,
    state_after,
)

PEOPLE = ("officer", "head", "province")
DEPTH = 6


def all_histories(depth=DEPTH):
    """Every row of revisions that the machine lets three people make, round open all the while."""
    found = [()]
    layer = [()]
    for _ in range(depth):
        grown = []
        for history in layer:
            for act, person in product(ACTS, PEOPLE):
                if act == "lock" and person != "province":
                    continue  # rounds are closed, not results
                try:
                    state = state_after(
                        act,
                        history[-1].state if history else None,
                        by=person,
                        reporters=reporters_of(history),
                        stands=standing(history) is not None,
                    )
                except ActRefused:
                    continue
                grown.append((*history, Revision(state, person)))
        layer = grown
        found += grown
    return found


@pytest.fixture(scope="module")
def histories():
    return all_histories()


def test_the_walk_is_long_and_reaches_every_state(histories):
    assert len(histories) > 50_000
    assert {each.state for history in histories for each in history} == set(STATES)


def test_no_unapproved_figure_ever_counts_as_approved(histories):
    for history in histories:
        place = standing(history)
        if place is not None:
            assert history[place].state in STANDING


def test_nobody_decides_on_figures_they_drafted_or_handed_in(histories):
    """Told without ``reporters_of``: from a decision, walk back to what stood before it."""
    for history in histories:
        for place, each in enumerate(history):
            if each.state not in {"checked", "approved"}:
                continue
            for earlier in reversed(history[:place]):
                if earlier.state in {"approved", "locked"}:
                    break
                if earlier.state in {"draft", "submitted"}:
                    assert earlier.by != each.by, history


def test_what_counts_was_decided_by_two_people(histories):
    for history in histories:
        place = standing(history)
        if place is not None and history[place].state == "approved":
            assert len({each.by for each in history[: place + 1]}) >= 2


def test_an_approved_figure_stands_until_another_is_approved_or_it_is_returned(histories):
    for history in histories:
        before = standing(history[:-1])
        if before is None:
            continue
        last = history[-1].state
        after = standing(history)
        if last in STANDING:
            assert after == len(history) - 1
        elif last == "returned" and history[-2].state in {"approved", "draft"}:
            assert after is None
        else:
            assert after == before


def test_with_those_on_their_way_the_newest_that_waits_counts(histories):
    for history in histories:
        place = counting(history)
        if place is None:
            assert not any(each.state in STANDING for each in history[-1:])
        else:
            assert history[place].state in COUNTING
            if history[-1].state in WAITING:
                assert place == len(history) - 1


@pytest.mark.parametrize("act", [act for act in ACTS if act != "lock"])
@pytest.mark.parametrize("state", [None, *STATES])
def test_a_round_that_is_not_open_takes_nothing(act, state):
    with pytest.raises(ActRefused) as refused:
        state_after(act, state, by="province", round_open=False)
    assert refused.value.code == "round_not_open"


@pytest.mark.parametrize(
    ("act", "state", "after"),
    [
        ("save", None, "draft"),
        ("submit", None, "submitted"),
        ("submit", "draft", "submitted"),
        ("submit", "returned", "submitted"),
        ("submit", "locked", "submitted"),  # in a round opened again by name
        ("check", "submitted", "checked"),
        ("check", "checked", "already"),
        ("check", "draft", "not_submitted"),
        ("check", None, "not_submitted"),
        ("approve", "submitted", "approved"),
        ("approve", "checked", "approved"),
        ("approve", "approved", "already"),
        ("approve", "locked", "already"),
        ("approve", "returned", "not_submitted"),
        ("return", "submitted", "returned"),
        ("return", "approved", "returned"),
        ("return", "locked", "already"),
        ("return", "draft", "not_submitted"),
        ("lock", "approved", "locked"),
        ("lock", "checked", "already"),
        ("lock", "draft", "not_submitted"),
    ],
)
def test_each_step_by_hand(act, state, after):
    try:
        found = state_after(act, state, by="province", reporters={"officer"})
    except ActRefused as refused:
        found = refused.code
    assert found == after


def test_who_drafts_what_another_hands_in_does_not_approve_it():
    history = [Revision("draft", "head"), Revision("submitted", "officer")]
    with pytest.raises(ActRefused) as refused:
        state_after("approve", "submitted", by="head", reporters=reporters_of(history))
    assert refused.value.code == "own_submission"


def test_who_reported_before_the_last_approval_may_decide_on_the_next_report():
    history = [
        Revision("submitted", "officer"),
        Revision("approved", "province"),
        Revision("submitted", "head"),
    ]
    assert reporters_of(history) == {"head"}
    assert (
        state_after("check", "submitted", by="officer", reporters=reporters_of(history))
        == "checked"
    )
