"""Letting one place report after its round was closed, by name, with a reason and an end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from tiddao.indicators.actions.revisions import revise
from tiddao.indicators.models import LateEntry, Result, ResultState, Round
from tiddao.indicators.queries.late import is_late, late_places
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor


class LateEntryRefused(Exception):
    """It cannot be let in as asked.

    code: not_closed (an open round takes reports anyway), reason_missing, end_missing, already.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def allow_late_entry(
    one: Round, place: str, *, until: date | None, reason: str, by: Actor, at: datetime
) -> LateEntry:
    """Let the place (and all below it) report in a closed round until that day.

    What is locked goes on counting until a correction of it is approved. Raises LateEntryRefused.
    """
    held = Round.objects.select_for_update().get(pk=one.pk)
    if held.state != Round.State.CLOSED:
        raise LateEntryRefused("not_closed")
    if not reason.strip():
        raise LateEntryRefused("reason_missing")
    if until is None or until < localdate(at):
        raise LateEntryRefused("end_missing")
    if is_late(place, late_places(held.pk, on=localdate(at))):
        raise LateEntryRefused("already")
    # One whose last day has passed makes room; its results were locked when it was over.
    over = LateEntry.objects.filter(round=held, place=place, ended_at__isnull=True)
    over.update(ended_at=at, ended_by=by.reference)
    made = LateEntry.objects.create(
        round=held, place_id=place, until=until, reason=reason.strip()[:500], by=by.reference,
        by_name=by.name, at=at,
    )  # fmt: skip
    record(
        "allow_late_entry",
        on=f"round:{held.pk}/place:{place}",
        by=by,
        at=at,
        place=place,
        after={"place": place, "until": until.isoformat()},
        detail={"round": held.code, "until": until.isoformat(), "reason": reason.strip()[:200]},
    )
    return made


@transaction.atomic
def end_late_entry(late_id: int, *, by: Actor, at: datetime) -> int:
    """End a late entry now; what was approved under it is locked. Returns how many were locked.

    Ending it twice changes nothing. Raises LateEntry.DoesNotExist.
    """
    late = LateEntry.objects.select_for_update().select_related("round").get(pk=late_id)
    if late.ended_at is not None:
        return 0
    late.ended_at, late.ended_by = at, by.reference
    late.save(update_fields=["ended_at", "ended_by"])
    locked = _lock([late], by=by, at=at)
    record(
        "end_late_entry",
        on=f"round:{late.round_id}/place:{late.place_id}",
        by=by,
        at=at,
        place=late.place_id,
        detail={"round": late.round.code, "locked": locked},
    )
    return locked


def end_late_entries_due(*, by: Actor, at: datetime) -> int:
    """End every late entry whose last day has passed; return how many. For a daily job."""
    due = LateEntry.objects.filter(ended_at__isnull=True, until__lt=localdate(at))
    ids = list(due.values_list("pk", flat=True))
    for late_id in ids:
        end_late_entry(late_id, by=by, at=at)
    return len(ids)


def _lock(late: Sequence[LateEntry], *, by: Actor, at: datetime) -> int:
    """Lock what is approved in closed rounds at the places; others wait by the round's own lock."""
    locked = 0
    for each in late:
        held = Round.objects.select_for_update().get(pk=each.round_id)
        if held.state != Round.State.CLOSED:
            continue  # open again as a whole: closing it will lock them
        approved = Result.objects.filter(
            round=held,
            superseded_at__isnull=True,
            state=ResultState.APPROVED,
            place__code__startswith=each.place_id,
        )
        locked += revise(list(approved), state=ResultState.LOCKED, by=by, at=at)
    return locked
