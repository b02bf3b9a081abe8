"""The strategy of a year as its pages show it: down to the work, up from any part of the work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tiddao.people.access import HeldPost, Standing
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.models import NATION, Level
from tiddao.places.queries.units import full_name
from tiddao.policy.measuring import Measure, measures_at
from tiddao.policy.models import (
    Directive,
    Document,
    LeftOut,
    Mission,
    MissionDirective,
    PointWord,
    StrategySource,
    StrategyVersion,
)
from tiddao.policy.queries.directives import DirectiveLine, directive_lines
from tiddao.policy.queries.tallies import Tally
from tiddao.policy.queries.visibility import visible_directives, visible_documents
from tiddao.policy.rules.strategy import (
    POINTS,
    Change,
    Gaps,
    MissionNode,
    Part,
    Reference,
    SourceNode,
    changes_between,
    gaps_of,
    points_lacking,
    standing_words,
)
from tiddao.policy.rules.strategy import Said as SaidOfPoint

PUBLISHED = StrategyVersion.State.PUBLISHED
WRITE, CHECK, PUBLISH = "write_strategy", "check_direction", "publish_strategy"
HEADS = (Level.NATION, Level.PROVINCE)
"""Levels of places whose offices have a strategy."""


# -- who sees what ---------------------------------------------------------------------------------


def visible_versions(standing: Standing) -> Q:
    """Return the condition that a person may read a StrategyVersion: what is published, of the own
    place and of those above and below it; a draft, with the right to write or check at its place.
    """
    at_work = standing.roots_for(WRITE) | standing.roots_for(CHECK)
    drafts = tree.within_any(at_work, "strategy__place__")
    if NATION in standing.roots:
        return Q(state=PUBLISHED) | drafts if NATION not in at_work else Q()
    above = {code for root in standing.roots for code in tree.ancestor_codes(root)}
    near = tree.within_any(standing.roots, "strategy__place__") | Q(strategy__place__in=above)
    return Q(state=PUBLISHED) & near | drafts


def head_of(key: str) -> str:
    """Return the place whose strategy a place or group follows: its province's, else the nation's."""
    if key == NATION or not key[:1].isdigit():
        return NATION
    return key[: tree.DIGITS[Level.PROVINCE]]


def post_of_office(standing: Standing, act: str, office: str) -> HeldPost | None:
    """Return the post of that very office under which the person may do the act."""
    own = (each for each in standing.posts if each.office_code == office and not each.group_key)
    return next((post for post in own if may(post.role, act)), None)


def post_that_checks(standing: Standing, place: str) -> HeldPost | None:
    """Return the post under which the person may check the direction of the place."""
    return standing.post_for(CHECK, place)


# -- what is shown ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in a list. in_force: the highest published number of its place and year."""

    id: int
    place: str
    place_name: str
    office: str
    fiscal_year: int
    number: int
    title: str
    state: str
    in_force: bool
    published_on: date | None
    published_name: str
    published_title: str
    change_reason: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source. document_id: of its paper, where the person may open it here."""

    key: str
    order: int
    kind: str
    kind_words: str
    title: str
    text: str
    number: str
    issued_on: date | None
    document_id: int | None
    has_document: bool


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
class PointLine:
    """One of the four points. words: what counts; earlier: said of another edition or by a writer."""

    point: str
    label: str
    meets: bool | None  # None: nobody has answered
    words: str
    by_name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    part: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Top:
    """What stands above everything: vision with its source and day, and the highest goal."""

    vision: str
    source: str
    on: date | None
    goal: str


@dataclass(frozen=True, slots=True)
class StrategyView:
    """One version with all its parts. writers: references of accounts; measures: all indicators
    that hold at the place in the year.
    """

    line: VersionLine
    vision: str
    vision_on: date | None
    vision_source: str
    goal: str
    edition: int
    writers: tuple[str, ...]
    saved_at: datetime
    sources: tuple[SourceLine, ...]
    missions: tuple[MissionLine, ...]
    measures: tuple[Measure, ...]
    points: tuple[PointLine, ...]
    points_lacking: tuple[str, ...]
    left_out: tuple[LeftOutLine, ...]
    carried_from: int | None
    carried_from_year: int | None
    directive: DirectiveLine | None
    gaps: Gaps
    above: StrategyView | None  # the department's of the same year, under a province's

    @property
    def is_direction(self) -> bool:
        return self.line.place != NATION

    @property
    def is_draft(self) -> bool:
        return self.line.state != PUBLISHED

    @property
    def top(self) -> Top:
        """Its own vision and goal, where it has none the department's."""
        from_whom = self if self.vision or self.above is None else self.above
        goal = self.goal or (self.above.goal if self.above else "")
        return Top(from_whom.vision, from_whom.vision_source, from_whom.vision_on, goal)

    def carrying_out(self, mission_key: str) -> tuple[MissionLine, ...]:
        return tuple(each for each in self.missions if each.carries_out_key == mission_key)


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


@dataclass(frozen=True, slots=True)
class MissionOffered:
    """A mission in force that a directive may be hung on."""

    id: int
    title: str
    strategy_title: str


# -- reads -----------------------------------------------------------------------------------------


def versions_seen(
    standing: Standing, *, fiscal_year: int | None = None
) -> QuerySet[StrategyVersion]:
    """Return the versions that the person may read, by year and place, the newest first."""
    rows = StrategyVersion.objects.filter(visible_versions(standing))
    if fiscal_year is not None:
        rows = rows.filter(strategy__fiscal_year=fiscal_year)
    return _with_place(rows).order_by(
        "-strategy__fiscal_year", F("strategy__place__code").desc(), "-number"
    )


def version_lines(rows: Iterable[StrategyVersion]) -> list[VersionLine]:
    """Return rows of ``versions_seen`` as lines."""
    return [_version_line(row) for row in rows]


def years_with_strategy(standing: Standing, place: str) -> tuple[int, ...]:
    """Return the fiscal years in which the person may read a strategy of the place, newest first."""
    rows = StrategyVersion.objects.filter(
        visible_versions(standing), strategy__place__in={place, NATION}
    )
    return tuple(
        rows.order_by("-strategy__fiscal_year")
        .values_list("strategy__fiscal_year", flat=True)
        .distinct()
    )


def year_is_begun(place: str, year: int) -> bool:
    """Say whether the office at the place has a strategy of the year, be it a draft. One query."""
    return StrategyVersion.objects.filter(
        strategy__place=place, strategy__fiscal_year=year
    ).exists()


def shown_version(standing: Standing, place: str, year: int) -> int | None:
    """Return the version that a place's page opens on: in force, else its draft; or None."""
    rows = StrategyVersion.objects.filter(
        visible_versions(standing), strategy__place=place, strategy__fiscal_year=year
    )
    found = rows.order_by(F("state").desc(), "-number").first()  # published comes after draft
    return found.pk if found else None


def find_strategy(version_id: int, standing: Standing) -> StrategyView | None:
    """Return a version with all that hangs on it if the person may read it.

    The same number of queries however much hangs on it: about a dozen, twice that of a province.
    """
    row = (
        _with_place(StrategyVersion.objects.filter(visible_versions(standing), pk=version_id))
        .select_related("carried_from__strategy")
        .first()
    )
    if row is None:
        return None
    above = None
    if row.strategy.place_id != NATION:
        department = _newest_published(NATION, row.strategy.fiscal_year)
        above = _view(department, standing, above=None) if department else None
    return _view(row, standing, above=above)


def versions_of(place: str, year: int, standing: Standing) -> tuple[VersionLine, ...]:
    """Return the versions of a place and year that the person may read, the newest first."""
    rows = versions_seen(standing, fiscal_year=year).filter(strategy__place=place)
    return tuple(version_lines(rows))


def changes_since(version_id: int) -> tuple[int, tuple[Change, ...]] | None:
    """Return the number of the version before, and what changed since; None for a first version."""
    row = StrategyVersion.objects.get(pk=version_id)
    before = (
        StrategyVersion.objects.filter(strategy=row.strategy_id, number__lt=row.number)
        .order_by("-number")
        .first()
    )
    if before is None:
        return None
    return before.number, changes_between(_parts(before), _parts(row))


def policies_behind(
    framework: str, code: str, year: int, place: str, standing: Standing
) -> tuple[Behind, ...]:
    """Return the missions in force that are measured by an indicator, at the place and above it."""
    rows = Mission.objects.filter(indicators__framework=framework, indicators__code=code).filter(
        _in_force_at(place, year)
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
    return _behind(Mission.objects.filter(which, _newest()), standing, hangings=ids)


def missions_offered(standing: Standing, *, place: str, year: int) -> tuple[MissionOffered, ...]:
    """Return the missions in force at a place (its province's, the department's) in a year."""
    rows = (
        Mission.objects.filter(_in_force_at(place, year))
        .select_related("version__strategy")
        .order_by("version__strategy__place", "order", "pk")
    )
    seen = StrategyVersion.objects.filter(visible_versions(standing)).values("pk")
    return tuple(
        MissionOffered(each.pk, each.title, each.version.title)
        for each in rows.filter(version__in=seen)
    )


def directives_on_nothing(office: str, year: int, standing: Standing) -> QuerySet[Directive]:
    """Return the directives that an office sent in a year and that carry out no mission, but for
    those by which a strategy itself was handed down.
    """
    hanging = MissionDirective.objects.filter(directive=OuterRef("pk"), ended_at__isnull=True)
    to_read = StrategyVersion.objects.filter(directive=OuterRef("pk"))
    return (
        Directive.objects.filter(visible_directives(standing), office=office, fiscal_year=year)
        .exclude(state=Directive.State.CANCELLED)
        .exclude(Exists(hanging) | Exists(to_read))
        .order_by("-sent_at", "-pk")
    )


def documents_offered(standing: Standing, *, place: str) -> list[tuple[int, str]]:
    """Return the newest 200 documents of the place's office, to name one as a source's paper."""
    rows = Document.objects.filter(visible_documents(standing), place=place).order_by("-at")[:200]
    return [(row.pk, f"{row.number} {row.title}".strip()) for row in rows]


# -- rows to views ---------------------------------------------------------------------------------


def _with_place(rows: QuerySet[StrategyVersion]) -> QuerySet[StrategyVersion]:
    newer = StrategyVersion.objects.filter(
        strategy=OuterRef("strategy"), state=PUBLISHED, number__gt=OuterRef("number")
    )
    return rows.select_related("strategy__place").annotate(is_old=Exists(newer))


def _version_line(row: StrategyVersion) -> VersionLine:
    return VersionLine(
        id=row.pk,
        place=row.strategy.place_id,
        place_name=full_name(row.strategy.place),
        office=row.strategy.office_id,
        fiscal_year=row.strategy.fiscal_year,
        number=row.number,
        title=row.title,
        state=row.state,
        in_force=row.state == PUBLISHED and not row.is_old,  # type: ignore[attr-defined]  # annotated
        published_on=row.published_on,
        published_name=row.published_name,
        published_title=row.published_title,
        change_reason=row.change_reason,
    )


def _newest_published(place: str, year: int) -> StrategyVersion | None:
    rows = StrategyVersion.objects.filter(
        strategy__place=place, strategy__fiscal_year=year, state=PUBLISHED
    )
    return _with_place(rows).order_by("-number").first()


def _newest() -> Q:
    """Of Mission: its version is the one in force."""
    newer = StrategyVersion.objects.filter(
        strategy=OuterRef("version__strategy"),
        state=PUBLISHED,
        number__gt=OuterRef("version__number"),
    )
    return Q(version__state=PUBLISHED) & ~Q(Exists(newer))


def _in_force_at(place: str, year: int) -> Q:
    """Of Mission: of the version in force, in the year, of the place's province or the department."""
    return (
        Q(
            version__strategy__fiscal_year=year,
            version__strategy__place__in={head_of(place), NATION},
        )
        & _newest()
    )


def _view(row: StrategyVersion, standing: Standing, *, above: StrategyView | None) -> StrategyView:
    line = _version_line(row)
    measures = measures_at(line.place, line.fiscal_year, shown_at=_own_place(standing, line.place))
    sources = _sources(row, standing)
    missions = _missions(row, standing, measures)
    said = list(row.point_words.order_by("pk"))
    words = [SaidOfPoint(each.point, each.meets, each.by, each.edition) for each in said]
    is_direction = line.place != NATION
    carried = row.carried_from
    return StrategyView(
        line=line,
        vision=row.vision,
        vision_on=row.vision_on,
        vision_source=row.vision_source,
        goal=row.goal,
        edition=row.edition,
        writers=tuple(row.writers),
        saved_at=row.saved_at,
        sources=sources,
        missions=missions,
        measures=measures,
        points=_points(said, words, row) if is_direction else (),
        points_lacking=points_lacking(words, edition=row.edition, writers=row.writers)
        if is_direction
        else (),
        left_out=tuple(
            LeftOutLine(each.part, each.title, each.reason)
            for each in LeftOut.objects.filter(version=row).order_by("pk")
        ),
        carried_from=carried.pk if carried else None,
        carried_from_year=carried.strategy.fiscal_year if carried else None,
        directive=_one_directive(row.directive_id, standing),
        gaps=_gaps(sources, missions, measures, above),
        above=above,
    )


def _own_place(standing: Standing, place: str) -> str:
    """The place whose figures the person may see: the strategy's, else the widest own one below it."""
    if standing.covers(place):
        return place
    below = (root for root in standing.roots if tree.is_within(root, place))
    return min(below, key=lambda code: (len(code), code), default="")


def _one_directive(directive_id: int | None, standing: Standing) -> DirectiveLine | None:
    if directive_id is None:
        return None
    rows = Directive.objects.filter(visible_directives(standing), pk=directive_id)
    return next(iter(directive_lines(rows, standing)), None)


def _sources(row: StrategyVersion, standing: Standing) -> tuple[SourceLine, ...]:
    readable = Document.objects.filter(visible_documents(standing), pk=OuterRef("document"))
    rows = row.sources.annotate(readable=Exists(readable)).order_by("order", "pk")
    return tuple(
        SourceLine(
            key=each.key,
            order=each.order,
            kind=each.kind,
            kind_words=str(StrategySource.Kind(each.kind).label),
            title=each.title,
            text=each.text,
            number=each.number,
            issued_on=each.issued_on,
            document_id=each.document_id if each.readable else None,
            has_document=each.document_id is not None,
        )
        for each in rows
    )


def _missions(
    row: StrategyVersion, standing: Standing, measures: Sequence[Measure]
) -> tuple[MissionLine, ...]:
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
            _newest(), carries_out__version__strategy=version.strategy_id, version__in=seen
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


def _points(
    said: Sequence[PointWord], words: Sequence[SaidOfPoint], row: StrategyVersion
) -> tuple[PointLine, ...]:
    stand = standing_words(words, edition=row.edition, writers=row.writers)
    by_word = {id(word): kept for word, kept in zip(words, said, strict=True)}
    found = []
    for point in POINTS:
        label = str(PointWord.Point(point).label)
        word = stand.get(point)
        kept = by_word[id(word)] if word else None
        found.append(
            PointLine(point, label, kept.meets, kept.words, kept.by_name, kept.at)
            if kept
            else PointLine(point, label, None, "", "", None)
        )
    return tuple(found)


def _gaps(
    sources: Sequence[SourceLine],
    missions: Sequence[MissionLine],
    measures: Sequence[Measure],
    above: StrategyView | None,
) -> Gaps:
    nodes = [
        MissionNode(
            key=each.key,
            title=each.title,
            sources=frozenset(each.sources),
            indicators=frozenset((one.framework, one.code) for one in each.measures),
            directives=int(each.has_directive),
            above=each.carries_out_key,
            below=len(each.carried_out_by),
        )
        for each in missions
    ]
    return gaps_of(
        [SourceNode(each.key, each.title) for each in sources],
        nodes,
        indicators=[each.reference for each in measures],
        hanging_above={
            (one.framework, one.code)
            for each in (above.missions if above else ())
            for one in each.measures
        },
        above=[each.key for each in above.missions] if above else (),
    )


def _parts(version: StrategyVersion) -> list[Part]:
    """Every part of a version as what it says, for the comparison of two."""
    parts = [
        Part(
            "head",
            version.title,
            {
                "vision": version.vision,
                "vision_on": version.vision_on.isoformat() if version.vision_on else "",
                "vision_source": version.vision_source,
                "goal": version.goal,
            },
        )
    ]
    parts += [
        Part(
            each.key,
            each.title,
            {
                "kind": each.kind,
                "text": each.text,
                "number": each.number,
                "issued_on": each.issued_on.isoformat() if each.issued_on else "",
                "order": str(each.order),
            },
        )
        for each in version.sources.order_by("order", "pk")
    ]
    rows = version.missions.select_related("carries_out").order_by("order", "pk")
    for mission in rows.prefetch_related("stands_on__source", "indicators"):
        measured = (f"{one.framework} {one.code}" for one in mission.indicators.all())
        parts.append(
            Part(
                mission.key,
                mission.title,
                {
                    "text": mission.text,
                    "owner": mission.owner,
                    "sources": " ".join(sorted(one.source.key for one in mission.stands_on.all())),
                    "carries_out": mission.carries_out.key if mission.carries_out else "",
                    "indicators": ", ".join(sorted(measured)),
                    "order": str(mission.order),
                },
            )
        )
    return parts


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
