"""Which policy stands behind an indicator or a directive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tiddao.people.access import Standing
from tiddao.policy.models import Mission, MissionDirective, StrategySource, StrategyVersion
from tiddao.policy.queries.strategy.access import visible_versions
from tiddao.policy.queries.strategy.missions import in_force_at, of_newest_version


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind an indicator or a directive: a mission, and where that comes from.

    steps: titles upwards from the mission's own sources or the mission that it carries out, each
    with its kind in words; top: vision, else goal, of the department, else of the same strategy.
    """

    hanging_id: int | None
    version_id: int
    strategy_title: str
    fiscal_year: int
    mission_id: int
    mission_key: str
    mission: str
    steps: tuple[tuple[str, str], ...]
    top: str


def policies_behind(
    framework: str, code: str, year: int, place: str, standing: Standing
) -> tuple[Behind, ...]:
    """Return the missions in force that are measured by an indicator, at the place and above it."""
    rows = Mission.objects.filter(indicators__framework=framework, indicators__code=code).filter(
        in_force_at(place, year)
    )
    return _behind(rows, standing)


def policies_behind_directive(directive_id: int, standing: Standing) -> tuple[Behind, ...]:
    """Return the missions that a directive carries out, as the version in force words them."""
    hangings = list(
        MissionDirective.objects.filter(directive=directive_id, ended_at__isnull=True).order_by(
            "pk"
        )
    )
    if not hangings:
        return ()
    which = Q(pk__in=[])
    for each in hangings:
        which |= Q(version__strategy=each.strategy_id, key=each.mission_key)
    ids = {(each.strategy_id, each.mission_key): each.pk for each in hangings}
    return _behind(Mission.objects.filter(which, of_newest_version()), standing, hangings=ids)


def _behind(
    rows: QuerySet[Mission],
    standing: Standing,
    *,
    hangings: Mapping[tuple[int, str], int] | None = None,
) -> tuple[Behind, ...]:
    seen = StrategyVersion.objects.filter(visible_versions(standing)).values("pk")
    found = (
        rows.filter(version__in=seen)
        .select_related("version__strategy", "carries_out__version")
        .prefetch_related("stands_on__source", "carries_out__stands_on__source")
        .order_by("version__strategy__place", "order", "pk")
    )
    lines = []
    for each in found:
        strategy = each.version.strategy
        steps = [_step(one.source) for one in each.stands_on.all()]
        head = each.version
        if each.carries_out is not None:
            head = each.carries_out.version
            steps.append((head.title, each.carries_out.title))
            steps += [_step(one.source) for one in each.carries_out.stands_on.all()]
        lines.append(
            Behind(
                hanging_id=(hangings or {}).get((strategy.pk, each.key)),
                version_id=each.version_id,
                strategy_title=each.version.title,
                fiscal_year=strategy.fiscal_year,
                mission_id=each.pk,
                mission_key=each.key,
                mission=each.title,
                steps=tuple(steps),
                top=head.vision or head.goal,
            )
        )
    return tuple(lines)


def _step(source: StrategySource) -> tuple[str, str]:
    return str(StrategySource.Kind(source.kind).label), source.title
