"""Reminders: what the rules of definitions/reminders.toml give rise to on a day, written once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from tiddao.kernel.dates import BANGKOK
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.policy.models import Assignment, Directive, Reminder
from tiddao.policy.queries.reminding import reminder_rules
from tiddao.policy.rules.reminders import (
    COUNTS_FROM_DUE,
    COUNTS_FROM_SENT,
    WHEN,
    ReminderRule,
    days_concerned,
)

BATCH = 500


@transaction.atomic
def write_reminders(*, on: date, by: Actor, at: datetime) -> int:
    """Write the reminders of the day that are not there yet; say how many. Safe to run at any time.

    A rule reminds once for each day it counts from; a day that was missed is made up for.
    """
    written = 0
    for rule in reminder_rules().rules:
        rows = [_reminder(rule, *found, on=on, at=at) for found in _concerned(rule, on=on)]
        before = Reminder.objects.count()
        Reminder.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        written += Reminder.objects.count() - before
    if written:
        record(
            "remind_offices",
            on=f"reminders:{on.isoformat()}",
            by=by,
            at=at,
            place=NATION,
            detail={"reminders": written},
        )
    return written


def _concerned(rule: ReminderRule, *, on: date) -> Iterator[tuple[Assignment, date]]:
    """The assignments that the rule applies to, each with the day it counts from."""
    first, last = days_concerned(rule, on=on)
    rows: QuerySet[Assignment] = Assignment.objects.filter(
        directive__state=Directive.State.OPEN, state__in=WHEN[rule.when]
    ).select_related("directive")
    if rule.when in COUNTS_FROM_DUE:
        counted = rows.annotate(counted=Coalesce("due_on", F("directive__due_on")))
    elif rule.when in COUNTS_FROM_SENT:
        counted = rows.annotate(counted=F("directive__sent_on"))
    else:
        counted = rows.annotate(counted=TruncDate("moved_at", tzinfo=BANGKOK))
    counted = counted.filter(counted__lte=last)
    if first is not None:
        counted = counted.filter(counted__gte=first)
    for each in counted:
        yield each, each.counted


def _reminder(
    rule: ReminderRule, assignment: Assignment, counted: date, *, on: date, at: datetime
) -> Reminder:
    places = {
        "receiver": assignment.place_id,
        "sender": assignment.directive.place_id,
        "above": tree.parent_code(assignment.place_id) or NATION,
    }
    return Reminder(
        assignment=assignment,
        rule=rule.code,
        to=rule.to,
        place_id=places[rule.to],
        counted_from=counted,
        on=on,
        at=at,
    )
