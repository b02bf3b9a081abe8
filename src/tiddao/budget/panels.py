"""The card of the home page: what waits for me about money to be spent in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from tiddao.budget.queries.deadlines import DeadlineView, deadlines_binding
from tiddao.budget.queries.plans import help_waiting_for, plans_returned, plans_to_decide
from tiddao.people.access import SignedInRequest, Standing

NEAREST = 3
"""Running deadlines that are shown; all stand on the place's own page."""
LAST_DAYS = 3
"""Working days before a deadline from which the card stands before all others."""


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A running deadline that binds one of my places. finish: in words; days: working days left."""

    name: str
    href: str
    finish: str
    days: int

    @property
    def is_near(self) -> bool:
        return self.days <= LAST_DAYS


def deadlines_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Return the panel's variables, or None when no deadline runs and nothing waits."""
    standing = cast("SignedInRequest", request).standing
    if not standing.roots:
        return None
    me = standing.reference
    decide = plans_to_decide(standing.roots_for("approve_plan"), me=me)
    asked = help_waiting_for(standing.roots_for("answer_help"))
    returned = plans_returned(standing.roots_for("write_plan"), me=me)
    running = [
        _line(each, standing)
        for each in deadlines_binding(standing.roots)
        if not each.is_over(standing.on)
    ][:NEAREST]
    if not (decide or asked or returned or running):
        return None
    return {
        "presses": any(each.is_near for each in running),
        "running": running,
        "decide": [each for each in decide if not each.is_own],
        "own": [each for each in decide if each.is_own],
        "asked": asked,
        "returned": returned,
    }


def _line(deadline: DeadlineView, standing: Standing) -> DeadlineLine:
    left = deadline.countdown(standing.on)
    return DeadlineLine(
        deadline.name,
        reverse("deadline", args=[deadline.id]),
        left.deadline_th,
        left.working_days_left,
    )
