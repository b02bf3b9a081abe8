"""Directives that carry out a key mission: hung on it all year, taken off with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.strategy import PUBLISHED, StrategyRefused
from tiddao.policy.models import Directive, Mission, MissionDirective, StrategyVersion


@transaction.atomic
def hang_directive(
    directive_id: int, mission_id: int, *, by: Actor, at: datetime
) -> MissionDirective:
    """Say that a directive carries out a mission of the strategy in force.

    Raises StrategyRefused (mission-gone, not-of-this-year, hangs-there), Directive.DoesNotExist.
    """
    directive = Directive.objects.select_for_update().get(pk=directive_id)
    mission = (
        Mission.objects.select_related("version__strategy")
        .filter(pk=mission_id, version__state=PUBLISHED)
        .first()
    )
    if mission is None or not _in_force(mission.version):
        raise StrategyRefused("mission-gone", "mission")
    strategy = mission.version.strategy
    if strategy.fiscal_year != directive.fiscal_year:
        raise StrategyRefused("not-of-this-year", "mission")
    standing = MissionDirective.objects.filter(
        strategy=strategy, mission_key=mission.key, directive=directive, ended_at__isnull=True
    )
    if standing.exists():
        raise StrategyRefused("hangs-there", "mission")
    made = MissionDirective.objects.create(
        strategy=strategy,
        mission_key=mission.key,
        directive=directive,
        by=by.reference,
        by_name=by.name,
        at=at,
    )
    record(
        "hang_directive",
        on=f"directive:{directive.pk}",
        by=by,
        at=at,
        place=directive.place_id,
        after={"mission": mission.title, "strategy": strategy.pk, "key": mission.key},
    )
    return made


@transaction.atomic
def take_directive_off(
    hanging_id: int, *, reason: str, by: Actor, at: datetime
) -> MissionDirective:
    """End that a directive carries out a mission. Ending again changes nothing.

    Raises StrategyRefused (reason-missing), MissionDirective.DoesNotExist.
    """
    held = MissionDirective.objects.select_for_update(of=("self",)).select_related(
        "directive"
    ).get(pk=hanging_id)  # fmt: skip
    if held.ended_at is not None:
        return held
    if not reason.strip():
        raise StrategyRefused("reason-missing", "reason")
    held.ended_at, held.ended_by, held.end_reason = at, by.reference, reason.strip()[:300]
    held.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record(
        "take_directive_off",
        on=f"directive:{held.directive_id}",
        by=by,
        at=at,
        place=held.directive.place_id,
        before={"strategy": held.strategy_id, "key": held.mission_key},
        after={"reason": held.end_reason},
    )
    return held


def _in_force(version: StrategyVersion) -> bool:
    newer = StrategyVersion.objects.filter(
        strategy=version.strategy_id, state=PUBLISHED, number__gt=version.number
    )
    return version.state == PUBLISHED and not newer.exists()
