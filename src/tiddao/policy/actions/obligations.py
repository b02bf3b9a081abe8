"""Reports that offices owe again and again: agreed once, sent by themselves for each period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.models import Channel, Directive, Facet, Obligation
from tiddao.policy.queries.receivers import offices_of
from tiddao.policy.rules.receivers import Choice, choice_of
from tiddao.policy.rules.recurrence import Period, Recurrence, periods_between, recurrence_of


class ObligationRefused(Exception):
    """It cannot be set or ended so. field: the form's field, or "".

    code: title-missing, text-missing, no-receivers, ends-before-it-begins, lead-unfit,
    reason-missing.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class NewObligation:
    """What is owed. lead_days: how long before it is due each occurrence is sent (0–90)."""

    title: str
    text: str
    recurrence: Recurrence
    receivers: Choice
    starts_on: date
    ends_on: date | None = None
    lead_days: int = 14
    facet: str = ""
    channel: str = Channel.ONLINE
    responsible: str = ""
    number: str = ""
    link: str = ""


@transaction.atomic
def set_obligation(
    wanted: NewObligation, *, sender: Sender, on: date, by: Actor, at: datetime
) -> Obligation:
    """Agree on a report that recurs. Raises ObligationRefused."""
    if not wanted.title.strip():
        raise ObligationRefused("title-missing", "title")
    if not wanted.text.strip():
        raise ObligationRefused("text-missing", "text")
    if wanted.ends_on is not None and wanted.ends_on < wanted.starts_on:
        raise ObligationRefused("ends-before-it-begins", "ends_on")
    if not 0 <= wanted.lead_days <= 90:
        raise ObligationRefused("lead-unfit", "lead_days")
    asked = [
        office
        for office in offices_of(wanted.receivers, scope=sender.scope, on=on)
        if office.code != sender.office
    ]
    if not asked or sender.post_id is None:
        raise ObligationRefused("no-receivers", "receivers")
    made = Obligation.objects.create(
        place_id=sender.place,
        office_id=sender.office,
        post_id=sender.post_id,
        title=wanted.title.strip()[:300],
        text=wanted.text.strip(),
        facet=wanted.facet if wanted.facet in Facet.values else "",
        channel=wanted.channel,
        responsible=wanted.responsible.strip()[:200],
        number=wanted.number.strip()[:120],
        link=wanted.link.strip()[:2000],
        recurrence=wanted.recurrence.as_json(),
        receivers=wanted.receivers.as_json() | {"scope": sorted(sender.scope)},
        lead_days=wanted.lead_days,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    record(
        "set_obligation",
        on=f"obligation:{made.pk}",
        by=by,
        at=at,
        place=sender.place,
        after={"title": made.title, "recurrence": made.recurrence, "receivers": made.receivers},
        detail={"receivers": len(asked), "every": wanted.recurrence.every},
    )
    return made


@transaction.atomic
def end_obligation(obligation_id: int, *, reason: str, by: Actor, at: datetime) -> Obligation:
    """End a report that recurs; what was sent stays. Ending again changes nothing.

    Raises ObligationRefused (reason-missing), Obligation.DoesNotExist.
    """
    held = Obligation.objects.select_for_update().get(pk=obligation_id)
    if held.ended_at is not None:
        return held
    if not reason.strip():
        raise ObligationRefused("reason-missing", "reason")
    held.ended_at, held.end_reason = at, reason.strip()[:300]
    held.save(update_fields=["ended_at", "end_reason"])
    record(
        "end_obligation",
        on=f"obligation:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        after={"reason": held.end_reason},
    )
    return held


def send_occurrences(*, on: date, at: datetime) -> int:
    """Send every report that is to be asked for by today and has not been; say how many.

    Safe to run twice, to be killed half way and to be missed: a period is sent once, and one that
    was missed is sent late as long as it is not yet due. Each is a transaction of its own.
    """
    sent = 0
    for obligation_id in list(
        Obligation.objects.filter(ended_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    ):
        sent += _send_due(obligation_id, on=on, at=at)
    return sent


@transaction.atomic
def _send_due(obligation_id: int, *, on: date, at: datetime) -> int:
    held = (
        Obligation.objects.select_for_update(of=("self",))
        .select_related("office", "post")
        .get(pk=obligation_id)
    )
    if held.ended_at is not None:
        return 0
    there = set(Directive.objects.filter(obligation=held).values_list("period", flat=True))
    wanted = [period for period in _periods(held, on=on) if period.key not in there]
    for period in wanted:
        _send(held, period, on=on, at=at)
    return len(wanted)


def _periods(held: Obligation, *, on: date) -> list[Period]:
    """The periods whose reports are to be asked for by the day and are not yet past due."""
    rule = recurrence_of(held.recurrence)
    horizon = on + timedelta(days=held.lead_days)
    last = min(horizon, held.ends_on) if held.ends_on else horizon
    return [
        period
        for period in periods_between(rule, held.starts_on, last)
        if on <= period.due_on <= horizon
    ]


def _send(held: Obligation, period: Period, *, on: date, at: datetime) -> None:
    stored = dict(held.receivers)
    scope = frozenset(stored.pop("scope"))
    offices = [
        office.code
        for office in offices_of(choice_of(stored), scope=scope, on=on)
        if office.code != held.office_id
    ]
    if not offices:
        return
    sender = Sender(
        office=held.office_id,
        place=held.place_id,
        title=held.post.title_th or held.office.name_th,
        scope=scope,
        post_id=held.post_id,
    )
    hand_down(
        NewDirective(
            title=f"{held.title} · {period.words_th}",
            text=held.text,
            due_on=period.due_on,
            facet=held.facet,
            number=held.number,
            obligation_id=held.pk,
            period=period.key,
        ),
        offices,
        sender=sender,
        on=on,
        by=SYSTEM,
        at=at,
    )
