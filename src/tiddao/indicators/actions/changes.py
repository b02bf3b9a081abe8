"""Saying that scores may be out of date, in the transaction of the fact that makes them so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from tiddao.indicators.models import FactChange, Round, RoundStanding
from tiddao.indicators.queries.scores import EVERY_UNIT


def mark_changed(rounds: Iterable[Round], units: Iterable[str], *, at: datetime) -> None:
    """Mark the units' scores (and those of all that contain them) in the rounds as out of date.

    units: codes of places whose facts changed, keys of groups whose members did, or EVERY_UNIT.
    """
    changed = sorted(set(units))
    FactChange.objects.bulk_create(
        [FactChange(round=each, unit=unit, at=at) for each in rounds for unit in changed]
    )


def rounds_touched_by(one: Round, *, penalty: bool) -> list[Round]:
    """Return the rounds whose scores a fact of this round enters.

    Its own; and where missed reports cost points, the later ones of the same framework too.
    """
    if not penalty:
        return [one]
    later = Round.objects.filter(framework_id=one.framework_id, true_on__gt=one.true_on)
    return [one, *later.order_by("true_on")]


def mark_groups_changed(
    sender: object,  # noqa: ARG001 -- what a signal hands over
    *,
    group: str,
    on: date | None = None,
    **others: object,  # noqa: ARG001 -- as above
) -> None:
    """Mark a group's scores as out of date when its members change, in the same transaction.

    on: the first day that differs; rounds before it keep their scores. None: all rounds.
    """
    rounds = Round.objects.all()
    if on is not None:
        rounds = rounds.filter(true_on__gte=on)
    mark_changed(rounds, [group], at=timezone.now())


def mark_map_changed(
    sender: object,  # noqa: ARG001 -- what a signal hands over
    *,
    on: date,
    **others: object,  # noqa: ARG001 -- as above
) -> None:
    """Mark all scores of the rounds from the day on as out of date: the map is another one then."""
    mark_changed(Round.objects.filter(true_on__gte=on), [EVERY_UNIT], at=timezone.now())


def keep_standing(rounds: Iterable[Round], *, at: datetime) -> None:
    """Keep how rounds stand from now on, for pages that are asked as known then."""
    RoundStanding.objects.bulk_create(
        RoundStanding(
            round=each,
            name_th=each.name_th,
            name_en=each.name_en,
            opens=each.opens,
            closes=each.closes,
            true_on=each.true_on,
            state=each.state,
            version_id=each.version_id,
            known_at=at,
        )
        for each in rounds
    )
