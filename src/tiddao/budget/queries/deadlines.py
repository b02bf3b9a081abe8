"""Which deadlines bind a place, where each stood before it was moved, and who is where against one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db.models import Q

from tiddao.budget.models import Fund, SpendingDeadline
from tiddao.budget.queries.goals import Goal
from tiddao.budget.queries.plans import names_of
from tiddao.budget.queries.standings import Measure
from tiddao.budget.rules.cgd_figures import Basis, Spending
from tiddao.budget.rules.pace import Pace, pace_to
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.workdays import last_working_day
from tiddao.places import tree
from tiddao.places.queries import full_name


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline as it stands. finish: the last working day up to it. goal: per cent of the base."""

    id: int
    place: str
    place_name: str
    year: FiscalYear
    name: str
    day: date
    finish: date
    goal: Decimal
    basis: Basis
    spending: Spending
    fund: str
    source: str
    set_at: datetime
    ended_at: datetime | None
    end_reason: str

    @property
    def fund_words(self) -> str:
        return str(Fund(self.fund).label) if self.fund else ""

    @property
    def measure(self) -> Measure:
        """What is compared, and the goal it is to reach."""
        goal = Goal(
            self.day, self.goal, self.basis, self.name, "deadline", self.source, deadline=self.id
        )
        return Measure(self.year, self.basis, self.spending, self.fund, goal)

    def day_within(self, on: date) -> date:
        """Return the day on which money is looked at: the day itself, kept within the year."""
        return min(max(on, self.year.start), self.year.end)

    def countdown(self, on: date) -> Pace:
        """Return the days that are left from the day on, holidays named, without any money."""
        return pace_to(self.day, as_of=self.day_within(on), percent=None, goal=self.goal)

    def is_over(self, on: date) -> bool:
        return on > self.finish or self.ended_at is not None


@dataclass(frozen=True, slots=True)
class DeadlineState:
    """What a deadline said from a moment on."""

    day: date
    goal: Decimal
    source: str
    since: datetime
    by_name: str
    end_reason: str


def binds(place: str) -> Q:
    """Return the condition that a deadline binds the place: set for it or for one above it."""
    return Q(place_id__in=[*tree.ancestor_codes(place), place])


def find_deadline(deadline_id: int) -> DeadlineView | None:
    """Return one deadline by its number. Two queries."""
    found = _views(Q(pk=deadline_id))
    return found[0] if found else None


def held_deadline(deadline_id: int) -> SpendingDeadline | None:
    """Return the row itself, for the reads of its plans. One query."""
    return SpendingDeadline.objects.filter(pk=deadline_id).first()


def deadlines_binding(
    places: Collection[str], year: FiscalYear | None = None
) -> tuple[DeadlineView, ...]:
    """Return the deadlines that bind any of the places, the nearest day first. Two queries."""
    codes = {code for place in places for code in (*tree.ancestor_codes(place), place)}
    condition = Q(place_id__in=codes)
    if year is not None:
        condition &= Q(fiscal_year=year.be)
    return _views(condition)


def deadline_history(deadline_id: int) -> tuple[DeadlineState, ...]:
    """Return what the deadline said, the newest first: every move with its source. Two queries."""
    events: Any = SpendingDeadline.pgh_event_model  # type: ignore[attr-defined]  # made by pghistory.track
    rows = list(events.objects.filter(pgh_obj_id=deadline_id).order_by("-pgh_id"))
    names = names_of({each.set_by for each in rows})
    return tuple(
        DeadlineState(
            day=each.day,
            goal=each.goal,
            source=each.source,
            since=each.ended_at or each.set_at,
            by_name=names.get(each.set_by, each.set_by),
            end_reason=each.end_reason,
        )
        for each in rows
    )


def _views(condition: Q) -> tuple[DeadlineView, ...]:
    rows = SpendingDeadline.objects.filter(condition).select_related("place").order_by("day", "pk")
    return tuple(
        DeadlineView(
            id=each.pk,
            place=each.place_id,
            place_name=full_name(each.place),
            year=FiscalYear(each.fiscal_year),
            name=each.name_th,
            day=each.day,
            finish=last_working_day(each.day),
            goal=each.goal,
            basis=cast("Basis", each.basis),
            spending=cast("Spending", each.spending),
            fund=each.fund,
            source=each.source,
            set_at=each.set_at,
            ended_at=each.ended_at,
            end_reason=each.end_reason,
        )
        for each in rows
    )
