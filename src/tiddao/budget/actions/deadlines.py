"""Setting, moving and ending the days by which money must be spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from tiddao.budget.models import Fund, SpendingDeadline
from tiddao.budget.rules.cgd_figures import SPENDINGS, Basis, Spending
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.workdays import last_working_day
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import NATION, Level


class DeadlineRefused(Exception):
    """The deadline cannot be set, moved or ended so. field: the form's field it is about, or "".

    code: not_nation_or_province, name_missing, source_missing, outside_year, passed, goal_unfit,
    already_set, same_day, ended, reason_missing.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class DeadlineMovedOn(Exception):
    """Somebody else moved or ended the deadline in the meantime; nothing was written."""

    def __init__(self, current: SpendingDeadline) -> None:
        super().__init__(f"{current} stands at {current.day.isoformat()}")
        self.current = current


@dataclass(frozen=True, slots=True)
class NewDeadline:
    """What is to be reached by when. goal: per cent of the base. source: the letter or meeting."""

    place: str
    year: FiscalYear
    name_th: str
    day: date
    goal: Decimal
    basis: Basis
    source: str
    spending: Spending = "total"
    fund: str = ""


@transaction.atomic
def set_deadline(wanted: NewDeadline, *, on: date, by: Actor, at: datetime) -> SpendingDeadline:
    """Set a deadline for a place and all below it.

    Raises DeadlineRefused, and ValueError for a basis, type of spending or fund that there is not.
    """
    if wanted.basis not in {"disbursed", "used"} or wanted.spending not in SPENDINGS:
        raise ValueError(f"no such basis or spending: {wanted.basis} {wanted.spending}")
    if wanted.fund and wanted.fund not in Fund.values:
        raise ValueError(f"no such fund: {wanted.fund}")
    if tree.level_of_code(wanted.place) not in (Level.NATION, Level.PROVINCE):
        raise DeadlineRefused("not_nation_or_province")
    name, source = wanted.name_th.strip(), wanted.source.strip()
    if not name:
        raise DeadlineRefused("name_missing", "name_th")
    if not source:
        raise DeadlineRefused("source_missing", "source")
    if not 0 < wanted.goal <= 100:
        raise DeadlineRefused("goal_unfit", "goal")
    _refuse_day(wanted.day, wanted.year, on=on)
    what = {
        "place_id": wanted.place,
        "fiscal_year": wanted.year.be,
        "day": wanted.day,
        "basis": wanted.basis,
        "spending": wanted.spending,
        "fund": wanted.fund,
    }
    lock_for_deadlines(wanted.place)
    if SpendingDeadline.objects.filter(ended_at__isnull=True, **what).exists():
        raise DeadlineRefused("already_set", "day")
    made = SpendingDeadline.objects.create(
        name_th=name,
        goal=wanted.goal,
        source=source,
        set_at=at,
        set_by=by.reference,
        **what,
    )
    _record("set_deadline", made, by=by, at=at, after=_said(made))
    return made


@transaction.atomic
def move_deadline(
    deadline_id: int, *, day: date, source: str, seen: date, on: date, by: Actor, at: datetime
) -> SpendingDeadline:
    """Move a deadline to another day of its fiscal year; where it stood is kept in its history.

    seen: the day that the person had before them. source: the letter or meeting that moves it.
    Raises DeadlineRefused, DeadlineMovedOn, SpendingDeadline.DoesNotExist.
    """
    held = _held(deadline_id, lambda current: current.day == seen)
    before = _said(held)
    if not source.strip():
        raise DeadlineRefused("source_missing", "source")
    if day == held.day:
        raise DeadlineRefused("same_day", "day")
    _refuse_day(day, FiscalYear(held.fiscal_year), on=on)
    lock_for_deadlines(held.place_id)
    same = SpendingDeadline.objects.filter(
        place=held.place_id,
        fiscal_year=held.fiscal_year,
        day=day,
        basis=held.basis,
        spending=held.spending,
        fund=held.fund,
        ended_at__isnull=True,
    )
    if same.exists():
        raise DeadlineRefused("already_set", "day")
    held.day, held.source = day, source.strip()
    held.set_at, held.set_by = at, by.reference
    held.save(update_fields=["day", "source", "set_at", "set_by"])
    _record("move_deadline", held, by=by, at=at, before=before, after=_said(held))
    return held


@transaction.atomic
def end_deadline(
    deadline_id: int, *, reason: str, seen: date, by: Actor, at: datetime
) -> SpendingDeadline:
    """End a deadline with a reason: it binds nobody any more, and stays to be read.

    Raises DeadlineRefused, DeadlineMovedOn, SpendingDeadline.DoesNotExist.
    """
    held = _held(deadline_id, lambda current: current.day == seen)
    if not reason.strip():
        raise DeadlineRefused("reason_missing", "reason")
    before = _said(held)
    held.ended_at, held.end_reason = at, reason.strip()[:300]
    held.save(update_fields=["ended_at", "end_reason"])
    _record("end_deadline", held, by=by, at=at, before=before, after=_said(held))
    return held


def lock_for_deadlines(place: str, deadline_id: int = 0) -> None:
    """Let one writer in at a time for a place (and deadline), until the transaction ends.

    A row that is not there yet cannot be locked; two people who begin the same plan must meet.
    """
    number = 0 if place == NATION else int(place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK + deadline_id, number])


_LOCK = 7_400_000  # class of the advisory locks of deadlines; the deadline's number is added


def _held(deadline_id: int, is_as_seen: Callable[[SpendingDeadline], bool]) -> SpendingDeadline:
    held = SpendingDeadline.objects.select_for_update().get(pk=deadline_id)
    if held.ended_at is not None or not is_as_seen(held):
        raise DeadlineMovedOn(held)
    return held


def _refuse_day(day: date, year: FiscalYear, *, on: date) -> None:
    if not year.contains(day):
        raise DeadlineRefused("outside_year", "day")
    if last_working_day(day) < on:
        raise DeadlineRefused("passed", "day")


def _said(deadline: SpendingDeadline) -> dict[str, Any]:
    return {
        "day": deadline.day.isoformat(),
        "goal": str(deadline.goal.normalize()),
        "basis": deadline.basis,
        "spending": deadline.spending,
        "fund": deadline.fund,
        "source": deadline.source,
        "end_reason": deadline.end_reason,
    }


def _record(
    act: str,
    deadline: SpendingDeadline,
    *,
    by: Actor,
    at: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
) -> None:
    record(
        act,
        on=f"deadline:{deadline.pk}",
        by=by,
        at=at,
        place=deadline.place_id,
        before=before,
        after=after,
        detail={
            "day": deadline.day.isoformat(),
            "goal": deadline.goal,
            "fiscal_year": deadline.fiscal_year,
        },
    )
