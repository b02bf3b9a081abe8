"""Field visits: where a follow-up stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

OPEN: Final = "open"
OVERDUE: Final = "overdue"
HANDED_DOWN: Final = "handed-down"
DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class FollowUpState:
    """Where it stands: open, overdue, handed-down or done. days: overdue, or left until the day; None
    without a day, and for what is done or handed down.
    """

    code: str
    days: int | None = None

    @property
    def is_open(self) -> bool:
        return self.code in {OPEN, OVERDUE}


def follow_up_state(
    due_on: date | None, *, is_done: bool, is_handed_down: bool, on: date
) -> FollowUpState:
    """Return where a follow-up stands on a day: overdue from the day after its own.

    What was handed down as a directive is followed there, with the directive's own deadline.
    Source: requirements A84, A93 (problem seen, follow-up); issue 4 "Meetings" (field visit).
    """
    if is_done:
        return FollowUpState(DONE)
    if is_handed_down:
        return FollowUpState(HANDED_DOWN)
    if due_on is None:
        return FollowUpState(OPEN)
    if due_on < on:
        return FollowUpState(OVERDUE, (on - due_on).days)
    return FollowUpState(OPEN, (due_on - on).days)
