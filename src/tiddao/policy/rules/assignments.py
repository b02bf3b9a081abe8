"""Where one office stands with one directive, and what may happen next.

A receiver may answer at once with the work itself: a report says that the directive is known. Silence
is the state before any move; no move leads back to it. A closed, released or cancelled assignment
takes no more answers; only a closed one may be opened again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from tiddao.kernel.workdays import HolidaysUnknown, last_working_day, working_days_between

SENT: Final = "sent"
STATES: Final = (
    SENT, "asking", "acknowledged", "objected", "working", "done", "returned",
    "closed", "released", "cancelled",
)  # fmt: skip
FINAL: Final = frozenset({"closed", "released", "cancelled"})

RECEIVER_ACTS: Final = ("acknowledge", "ask", "object", "report", "finish", "take_back")
SENDER_ACTS: Final = ("accept", "return", "insist", "release", "reopen", "cancel")
NEEDS_WORDS: Final = frozenset(
    {"ask", "object", "report", "finish", "return", "insist", "release", "reopen", "cancel"}
)

_UNDER_WAY = ("acknowledged", "working", "returned")
_OPEN = (SENT, "asking", "acknowledged", "objected", "working", "done", "returned")

TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        **{(state, "acknowledge"): "acknowledged" for state in (SENT, "asking", "objected")},
        (SENT, "ask"): "asking",
        **{(state, "ask"): state for state in ("asking", "objected", *_UNDER_WAY)},
        **{(state, "object"): "objected" for state in (SENT, "asking", *_UNDER_WAY)},
        **{(state, "report"): "working" for state in (SENT, "asking", *_UNDER_WAY)},
        **{(state, "finish"): "done" for state in (SENT, "asking", *_UNDER_WAY)},
        ("done", "take_back"): "working",
        ("done", "accept"): "closed",
        ("done", "return"): "returned",
        ("objected", "insist"): "acknowledged",
        **{(state, "release"): "released" for state in _OPEN},
        ("closed", "reopen"): "returned",
        **{(state, "cancel"): "cancelled" for state in _OPEN},
    }
)
"""(state, act): the state afterwards; what is not here cannot happen."""

ACKNOWLEDGES: Final = frozenset({"acknowledge", "report", "finish", "insist"})
"""Acts after which the office is known to know the directive."""


class NotPossible(ValueError):
    """The act cannot happen in this state; nothing was written."""

    def __init__(self, state: str, act: str) -> None:
        super().__init__(f"{act} is not possible in state {state}")
        self.state = state
        self.act = act


def state_after(state: str, act: str) -> str:
    """The state after the act. Raises NotPossible.

    Source: issue 4 "Directives" (acknowledges, asks or objects with a reason, reports, closes; the
    sender accepts or returns); requirements B61, B64.
    """
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise NotPossible(state, act) from None


def possible_acts(state: str, acts: Iterable[str]) -> tuple[str, ...]:
    """Those of the acts that may happen now, in their order.

    Source: this module's TRANSITIONS.
    """
    return tuple(act for act in acts if (state, act) in TRANSITIONS)


def state_of(acts: Iterable[str]) -> str:
    """The state that acts lead to from silence, one after the other. Raises NotPossible.

    Source: this module's TRANSITIONS; must-show 3 of issue 4 (a recount at any moment).
    """
    state = SENT
    for act in acts:
        state = state_after(state, act)
    return state


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time from one day to another. working_days: None in a year whose holidays are unknown."""

    days: int
    working_days: int | None


def elapsed(since: date, on: date) -> Elapsed:
    """Days and working days after since, up to and including on; none before since.

    Source: issue 4 "silence is visible"; must-show 2 (what is silent is listed with days).
    """
    if on <= since:
        return Elapsed(0, 0)
    try:
        return Elapsed((on - since).days, working_days_between(since, on))
    except HolidaysUnknown:
        return Elapsed((on - since).days, None)


@dataclass(frozen=True, slots=True)
class DueDay:
    """A deadline. last_working_day: the day itself or the working day before it, None in a year
    whose holidays are unknown. days_left: negative once it has passed.
    """

    day: date
    last_working_day: date | None
    days_left: int

    @property
    def is_on_a_day_off(self) -> bool:
        return self.last_working_day is not None and self.last_working_day != self.day


def due_day(day: date | None, *, on: date) -> DueDay | None:
    """What there is to say about a deadline on a day; None for none.

    Source: requirements B46, E10 (31 March 2562 is a Sunday: show the last working day).
    """
    if day is None:
        return None
    try:
        working = last_working_day(day)
    except HolidaysUnknown:
        working = None
    return DueDay(day, working, (day - on).days)


def is_overdue(state: str, due: date | None, *, on: date) -> bool:
    """Whether an office is behind: its day has passed and it has neither finished nor been let off.

    Source: domain.md §7 "Report obligations" (status overdue).
    """
    return due is not None and due < on and state not in FINAL and state != "done"


def obligation_status(state: str, due: date | None, *, on: date) -> str:
    """One of completed, partial, pending, overdue, as report trackers of the provinces say it.

    Source: domain.md §7 "Report obligations" (Surat Thani's tracker).
    """
    if state in {"done", "closed", "released"}:
        return "completed"
    if is_overdue(state, due, on=on):
        return "overdue"
    return "partial" if state in {"working", "returned"} else "pending"
