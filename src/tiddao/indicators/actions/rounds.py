"""Opening, adding and closing rounds of reporting."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from tiddao.indicators.actions.changes import keep_standing, mark_changed
from tiddao.indicators.actions.revisions import revise
from tiddao.indicators.models import Framework, Result, ResultState, Round
from tiddao.indicators.queries.frameworks import version_in_force
from tiddao.indicators.queries.scores import EVERY_UNIT
from tiddao.indicators.rules.definitions import RoundDefinition
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines


class RoundRefused(Exception):
    """The round cannot be opened or closed as asked.

    code: not_published, already_open, not_open, reason_missing, end_missing.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def open_round(
    one: Round, *, by: Actor, at: datetime, reason: str = "", until: date | None = None
) -> Round:
    """Open a round for reports. A closed one opens again only with a reason and a last day.

    Raises RoundRefused.
    """
    at = after_lines(at)
    held = Round.objects.select_for_update().select_related("framework__owner").get(pk=one.pk)
    if held.state == Round.State.OPEN:
        raise RoundRefused("already_open")
    if version_in_force(held.framework_id) is None:
        raise RoundRefused("not_published")
    reopened = held.state == Round.State.CLOSED
    if reopened:
        if not reason.strip():
            raise RoundRefused("reason_missing")
        if until is None or until < localdate(at) or until < held.opens:
            raise RoundRefused("end_missing")
        held.closes = until
        held.version = None
        mark_changed([held], [EVERY_UNIT], at=at)
    held.state = Round.State.OPEN
    held.save(update_fields=["state", "closes", "version"])
    keep_standing([held], at=at)
    record(
        "reopen_round" if reopened else "open_round",
        on=f"round:{held.pk}",
        by=by,
        at=at,
        place=held.framework.owner.place_id,
        detail={"round": held.code, "reason": reason, "until": until.isoformat() if until else ""},
    )
    return held


@transaction.atomic
def add_round(framework: Framework, wanted: RoundDefinition, *, by: Actor, at: datetime) -> Round:
    """Add an open round to a published framework: official figures come with their own days.

    Raises RoundRefused (not_published).
    """
    at = after_lines(at)
    if version_in_force(framework.pk) is None:
        raise RoundRefused("not_published")
    added = Round.objects.create(framework=framework, state=Round.State.OPEN, **asdict(wanted))
    keep_standing([added], at=at)
    mark_changed([added], [EVERY_UNIT], at=at)
    place, detail = framework.owner.place_id, {"round": added.code}
    record("add_round", on=f"round:{added.pk}", by=by, at=at, place=place, detail=detail)
    return added


@transaction.atomic
def close_round(one: Round, *, by: Actor, at: datetime) -> int:
    """Close a round: approved results are locked, and its version scores it from now on.

    Returns how many results were locked; what was never approved stays as it is and counts no
    more than before. Raises RoundRefused.
    """
    at = after_lines(at)
    held = Round.objects.select_for_update().select_related("framework__owner").get(pk=one.pk)
    if held.state != Round.State.OPEN:
        raise RoundRefused("not_open")
    version = version_in_force(held.framework_id)
    if version is None:
        raise RoundRefused("not_published")
    held.state, held.version = Round.State.CLOSED, version
    held.save(update_fields=["state", "version"])
    keep_standing([held], at=at)
    approved = Result.objects.filter(
        round=held, superseded_at__isnull=True, state=ResultState.APPROVED
    )
    locked = revise(list(approved), state=ResultState.LOCKED, by=by, at=at)
    mark_changed([held], [EVERY_UNIT], at=at)
    # A report missed in a closed round may cost points in the rounds after it.
    later = Round.objects.filter(framework_id=held.framework_id, true_on__gt=held.true_on)
    mark_changed(later, [EVERY_UNIT], at=at)
    record(
        "close_round",
        on=f"round:{held.pk}",
        by=by,
        at=at,
        place=held.framework.owner.place_id,
        detail={"round": held.code, "version": version.number, "locked": locked},
    )
    return locked


def open_rounds_due(*, by: Actor, at: datetime) -> int:
    """Open every planned round whose first day has come; return how many. For a daily job."""
    today = localdate(at)
    due = Round.objects.filter(state=Round.State.PLANNED, opens__lte=today, closes__gte=today)
    opened = 0
    for one in due:
        if version_in_force(one.framework_id) is not None:
            open_round(one, by=by, at=at)
            opened += 1
    return opened
