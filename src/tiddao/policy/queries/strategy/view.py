"""One version of a strategy with all its parts and what hangs on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from tiddao.people.access import Standing
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.policy.measuring import Measure, measures_at
from tiddao.policy.models import (
    Directive,
    Document,
    LeftOut,
    PointWord,
    StrategySource,
    StrategyVersion,
)
from tiddao.policy.queries.directives import DirectiveLine, directive_lines
from tiddao.policy.queries.strategy.access import PUBLISHED, visible_versions
from tiddao.policy.queries.strategy.missions import MissionLine, missions_of
from tiddao.policy.queries.strategy.versions import (
    VersionLine,
    newest_published,
    version_line,
    with_place,
)
from tiddao.policy.queries.visibility import visible_directives, visible_documents
from tiddao.policy.rules.strategy import (
    POINTS,
    Gaps,
    MissionNode,
    SourceNode,
    gaps_of,
    points_lacking,
    standing_words,
)
from tiddao.policy.rules.strategy import Said as SaidOfPoint


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


def find_strategy(version_id: int, standing: Standing) -> StrategyView | None:
    """Return a version with all that hangs on it if the person may read it.

    The same number of queries however much hangs on it: about a dozen, twice that of a province.
    """
    row = (
        with_place(StrategyVersion.objects.filter(visible_versions(standing), pk=version_id))
        .select_related("carried_from__strategy")
        .first()
    )
    if row is None:
        return None
    above = None
    if row.strategy.place_id != NATION:
        department = newest_published(NATION, row.strategy.fiscal_year)
        above = _view(department, standing, above=None) if department else None
    return _view(row, standing, above=above)


def _view(row: StrategyVersion, standing: Standing, *, above: StrategyView | None) -> StrategyView:
    line = version_line(row)
    measures = measures_at(line.place, line.fiscal_year, shown_at=_own_place(standing, line.place))
    sources = _sources(row, standing)
    missions = missions_of(row, standing, measures)
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
        )
        for each in rows
    )


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
