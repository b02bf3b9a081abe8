"""Missions: what hangs on each, which are in force, which a directive may be hung on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from tiddao.people.access import Standing
from tiddao.places.models import NATION
from tiddao.places.queries.units import full_name
from tiddao.policy.measuring import Measure
from tiddao.policy.models import Directive, Mission, MissionDirective, StrategyVersion
from tiddao.policy.queries.directives import DirectiveLine, directive_lines
from tiddao.policy.queries.strategy.access import PUBLISHED, head_of, visible_versions
from tiddao.policy.queries.tallies import Tally
from tiddao.policy.queries.visibility import visible_directives
from tiddao.policy.rules.strategy import Reference


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """What a mission is measured by. measure: None where no framework of the year has it."""

    framework: str
    code: str
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """A province's mission that carries out one of the department's."""

    place_name: str
    version_id: int
    title: str


@dataclass(frozen=True, slots=True)
class MissionLine:
    """A mission. directives: those the person may see; has_directive: any at all hangs on it.

    tally: of the offices asked by the directives seen; carries_out: id of the department's mission.
    """

    id: int
    key: str
    order: int
    title: str
    text: str
    owner: str
    sources: tuple[str, ...]
    carries_out: int | None
    carries_out_key: str
    carries_out_title: str
    measures: tuple[MeasureLine, ...]
    directives: tuple[DirectiveLine, ...]
    has_directive: bool
    carried_out_by: tuple[CarriedOut, ...]
    tally: Tally

    @property
    def closed_percent(self) -> float | None:
        """How much of what was asked is closed; None where nothing was asked."""
        return self.tally.closed_percent


@dataclass(frozen=True, slots=True)
class MissionOffered:
    """A mission in force that a directive may be hung on."""

    id: int
    title: str
    strategy_title: str


def missions_offered(standing: Standing, *, place: str, year: int) -> tuple[MissionOffered, ...]:
    """Return the missions in force at a place (its province's, the department's) in a year."""
    rows = (
        Mission.objects.filter(in_force_at(place, year))
        .select_related("version__strategy")
        .order_by("version__strategy__place", "order", "pk")
    )
    seen = StrategyVersion.objects.filter(visible_versions(standing)).values("pk")
    return tuple(
        MissionOffered(each.pk, each.title, each.version.title)
        for each in rows.filter(version__in=seen)
    )


def in_force_at(place: str, year: int) -> Q:
    """Of Mission: of the version in force, in the year, of the place's province or the department."""
    return (
        Q(
            version__strategy__fiscal_year=year,
            version__strategy__place__in={head_of(place), NATION},
        )
        & of_newest_version()
    )


def of_newest_version() -> Q:
    """Of Mission: its version is the one in force."""
    newer = StrategyVersion.objects.filter(
        strategy=OuterRef("version__strategy"),
        state=PUBLISHED,
        number__gt=OuterRef("version__number"),
    )
    return Q(version__state=PUBLISHED) & ~Q(Exists(newer))


def missions_of(
    row: StrategyVersion, standing: Standing, measures: Sequence[Measure]
) -> tuple[MissionLine, ...]:
    """Return the missions of a version with what hangs on them, in their order.

    measures: all that hold at its place in its year.
    """
    known = {each.reference: each for each in measures}
    rows = list(
        row.missions.select_related("carries_out")
        .prefetch_related("indicators", "stands_on__source")
        .order_by("order", "pk")
    )
    hanging: dict[str, list[int]] = defaultdict(list)
    for key, directive in MissionDirective.objects.filter(
        strategy=row.strategy_id, ended_at__isnull=True
    ).values_list("mission_key", "directive_id"):
        hanging[key].append(directive)
    every = [each for some in hanging.values() for each in some]
    seen = Directive.objects.filter(visible_directives(standing), pk__in=every)
    lines = {each.id: each for each in directive_lines(seen, standing)} if every else {}
    below = _carried_out(rows, row, standing)
    return tuple(_mission(each, known, hanging[each.key], lines, below) for each in rows)


def _mission(
    row: Mission,
    known: Mapping[Reference, Measure],
    hanging: Sequence[int],
    lines: Mapping[int, DirectiveLine],
    below: Mapping[str, tuple[CarriedOut, ...]],
) -> MissionLine:
    directives = tuple(lines[each] for each in sorted(hanging) if each in lines)
    references = sorted(
        ((each.framework, each.code) for each in row.indicators.all()),
        key=lambda one: (one[0], [int(n) if n.isdecimal() else 0 for n in one[1].split(".")]),
    )
    ordered = sorted(row.stands_on.all(), key=lambda each: (each.source.order, each.source_id))
    return MissionLine(
        id=row.pk,
        key=row.key,
        order=row.order,
        title=row.title,
        text=row.text,
        owner=row.owner,
        sources=tuple(each.source.key for each in ordered),
        carries_out=row.carries_out_id,
        carries_out_key=row.carries_out.key if row.carries_out else "",
        carries_out_title=row.carries_out.title if row.carries_out else "",
        measures=tuple(MeasureLine(*each, known.get(each)) for each in references),
        directives=directives,
        has_directive=bool(hanging),
        carried_out_by=below.get(row.key, ()),
        tally=_together(each.tally for each in directives),
    )


def _carried_out(
    rows: Sequence[Mission], version: StrategyVersion, standing: Standing
) -> dict[str, tuple[CarriedOut, ...]]:
    """By mission key, the missions of provinces in force that carry it out and that are seen."""
    if version.strategy.place_id != NATION or not rows:
        return {}
    seen = StrategyVersion.objects.filter(visible_versions(standing)).values("pk")
    found: dict[str, list[CarriedOut]] = defaultdict(list)
    for each in (
        Mission.objects.filter(
            of_newest_version(),
            carries_out__version__strategy=version.strategy_id,
            version__in=seen,
        )
        .select_related("version__strategy__place", "carries_out")
        .order_by("version__strategy__place", "order", "pk")
    ):
        assert each.carries_out is not None
        found[each.carries_out.key].append(
            CarriedOut(full_name(each.version.strategy.place), each.version_id, each.title)
        )
    return {key: tuple(some) for key, some in found.items()}


def _together(tallies: Iterable[Tally]) -> Tally:
    states: dict[str, int] = defaultdict(int)
    overdue = 0
    for each in tallies:
        overdue += each.overdue
        for state, count in each.states.items():
            states[state] += count
    return Tally(dict(states), overdue)
