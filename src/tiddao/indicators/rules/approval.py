"""What may become of a result, by whom, and which of its revisions counts.

A result is a row of revisions; each act adds one. Reporters write (save, submit), reviewers decide
(check, approve, return), the closing of a round locks what is approved. Two questions are asked of
the row: may this person do this act now, and which revision counts towards the stars.

An approved figure goes on counting while a correction of it is on its way: a district does not lose
a star because somebody began to correct a comma. It stops when another one is approved in its place,
or when it is returned itself; a correction that is returned leaves it standing. A reporter cannot
withdraw what is approved, only ask for its return.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

State = Literal["draft", "submitted", "checked", "approved", "locked", "returned"]
Act = Literal["save", "submit", "check", "approve", "return", "lock"]
STATES: tuple[State, ...] = get_args(State)
ACTS: tuple[Act, ...] = get_args(Act)

RefusalCode = Literal["round_not_open", "not_submitted", "already", "own_submission"]

WAITING: frozenset[State] = frozenset({"submitted", "checked"})
"""Reported and not yet decided."""
STANDING: frozenset[State] = frozenset({"approved", "locked"})
COUNTING: frozenset[State] = WAITING | STANDING

_REPORTED: Mapping[Act, State] = {"save": "draft", "submit": "submitted"}
_TAKES: Mapping[Act, frozenset[State]] = {
    "check": frozenset({"submitted"}),
    "approve": WAITING,
    "return": WAITING | {"approved"},
    "lock": frozenset({"approved"}),
}
"""The states that a reviewer's act can follow on."""
_GIVES: Mapping[Act, State] = {
    "check": "checked",
    "approve": "approved",
    "return": "returned",
    "lock": "locked",
}
_NOT_ONES_OWN: frozenset[Act] = frozenset({"check", "approve"})


class Revision(NamedTuple):
    """One revision: the state that an act left the result in, and who did the act."""

    state: State
    by: str


class ActRefused(ValueError):
    """The act cannot be done now, or not by this person."""

    def __init__(self, code: RefusalCode) -> None:
        super().__init__(code)
        self.code = code


def state_after(
    act: Act,
    state: State | None,
    *,
    by: str,
    reporters: Collection[str] = (),
    stands: bool = False,
    round_open: bool = True,
) -> State:
    """Return the state in which the act leaves a result.

    state: None where nothing was reported yet. reporters: see ``reporters_of``. stands: an approved
    revision counts, though a draft was written since; it can be returned over the draft. A round
    that is not open takes no act but the locking that closes it. Raises ActRefused.

    Source: product.md "Results" (draft → submitted → checked → approved → locked; returned with a
    reason at any step; a person never approves their own submission).
    """
    if not round_open and act != "lock":
        raise ActRefused("round_not_open")
    if act in _REPORTED:
        return _REPORTED[act]
    over_a_draft = act == "return" and state == "draft" and stands
    if state is None or (state not in _TAKES[act] and not over_a_draft):
        raise ActRefused("already" if state in COUNTING else "not_submitted")
    if act in _NOT_ONES_OWN and by in reporters:
        raise ActRefused("own_submission")
    return _GIVES[act]


def reporters_of(history: Sequence[Revision]) -> frozenset[str]:
    """Return everybody who wrote or handed in the figures that wait: since the last that stood.

    Who drafts what another hands in has reported it too, and does not approve it.

    Source: product.md "Results" (a person never approves their own submission).
    """
    since = max(
        (place for place, each in enumerate(history, 1) if each.state in STANDING), default=0
    )
    return frozenset(
        each.by for each in history[since:] if each.state in ("draft", "submitted")
    )  # fmt: skip


def standing(history: Sequence[Revision]) -> int | None:
    """Return which revision counts where only approved ones do: its place in the row, from 0.

    Source: product.md "Results"; issue "Results that stand up to questions", Approval.
    """
    found: int | None = None
    for place, each in enumerate(history):
        if each.state in STANDING:
            found = place
        elif each.state == "returned" and history[place - 1].state not in WAITING:
            found = None
    return found


def counting(history: Sequence[Revision]) -> int | None:
    """Return which revision counts where those on their way count too: the last one if it waits,
    else the one that stands.

    Source: product.md "Results"; issue "Results that stand up to questions", Approval.
    """
    if history and history[-1].state in WAITING:
        return len(history) - 1
    return standing(history)
