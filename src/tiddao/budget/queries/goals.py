"""What a unit is to reach next: a deadline somebody set, else the year's official target."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext

from tiddao.budget.models import SpendingDeadline
from tiddao.budget.queries.official import official_targets
from tiddao.budget.queries.positions import ANY_SPENDING, AnySpending
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.targets import TargetPoint
from tiddao.kernel.fiscal import FiscalYear
from tiddao.places import tree

Origin = Literal["deadline", "official", "year-end"]
ALL_OF_IT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Goal:
    """A share to reach by a day, in per cent of the base.

    origin: a deadline somebody set; the official target of the year; or, where nobody named one,
    all of it by 30 September. source: the letter or page; target: the official one it rests on.
    deadline: the row's number. of_all: the goal is about all money though part of it is asked for.
    """

    day: date
    percent: Decimal
    basis: Basis
    name: str
    origin: Origin
    source: str = ""
    target: TargetPoint | None = None
    deadline: int | None = None
    of_all: bool = False


def next_goals(
    year: FiscalYear, members: Collection[str], *, on: date, basis: Basis, fund: str = ""
) -> dict[AnySpending, Goal]:
    """Return the next goal of each type of spending for the places, from the day on. One query.

    members: the unit's places; a deadline binds them when it was set for a place that holds them
    all. The earliest day counts, and of one day the one set nearest. A deadline for all money stands
    in where none was set for the fund or type asked for.
    """
    deadlines = _in_force(year, members, on=on, basis=basis)
    goals: dict[AnySpending, Goal] = {}
    for spending in ANY_SPENDING:
        exact = [d for d in deadlines if (d.spending, d.fund) == (spending, fund)]
        whole = [d for d in deadlines if (d.spending, d.fund) == ("total", "")]
        found = next(iter(exact or whole), None)
        goals[spending] = (
            year_goal(year, spending, basis)
            if found is None
            else Goal(
                day=found.day,
                percent=found.goal,
                basis=basis,
                name=found.name_th,
                origin="deadline",
                source=found.source,
                deadline=found.pk,
                of_all=not exact,
            )
        )
    return goals


def year_goal(year: FiscalYear, spending: AnySpending, basis: Basis) -> Goal:
    """Return the year's official target, or all of it where nobody has announced one."""
    target = official_target(year, spending, basis, on=year.end)
    if target is None:
        return Goal(year.end, ALL_OF_IT, basis, gettext("End of the fiscal year"), "year-end")
    return Goal(
        day=year.end,
        percent=target.percent,
        basis=basis,
        name=gettext("The government's target of the year"),
        origin="official",
        source="; ".join(target.sources),
        target=target,
    )


def official_target(
    year: FiscalYear, spending: AnySpending, basis: Basis, *, on: date
) -> TargetPoint | None:
    """Return the official target of the day's month, as the treasury compares; None: not announced.

    Money whose type of spending is not told apart has no official target of its own.
    """
    if spending == "undivided" or not year.contains(on):
        return None
    return official_targets().month_target(year, spending, basis, on)


def _in_force(
    year: FiscalYear, members: Collection[str], *, on: date, basis: Basis
) -> list[SpendingDeadline]:
    lines = [{*tree.ancestor_codes(code), code} for code in members]
    shared = set.intersection(*lines) if lines else set()
    found = SpendingDeadline.objects.filter(
        Q(ended_at__isnull=True),
        fiscal_year=year.be,
        basis=basis,
        place__in=shared,
        day__gte=on,
    )
    return sorted(found, key=lambda d: (d.day, -len(tree.ancestor_codes(d.place_id)), d.pk))
