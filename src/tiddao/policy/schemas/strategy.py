"""What the JSON of strategies looks like. Days are Gregorian, fiscal years Buddhist."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema

from tiddao.policy.queries.strategy.missions import MissionLine
from tiddao.policy.queries.strategy.versions import VersionLine
from tiddao.policy.queries.strategy.view import StrategyView


class VersionOut(Schema):
    id: int
    place: str
    place_name: str
    fiscal_year: int
    number: int
    title: str
    state: str
    in_force: bool
    published_on: date | None
    published_name: str
    published_title: str
    change_reason: str


class SourceOut(Schema):
    """document_id: of its paper, where the caller may read it."""

    key: str
    kind: str
    title: str
    text: str
    number: str
    issued_on: date | None
    document_id: int | None


class IndicatorOut(Schema):
    """name: None where no framework of the year has the indicator."""

    framework: str
    code: str
    name: str | None


class HangingDirectiveOut(Schema):
    """Offices that the caller sees: asked, silent, closed."""

    id: int
    title: str
    asked: int
    silent: int
    closed: int


class MissionOut(Schema):
    """sources: keys; carries_out: key of the department's mission, "" for none."""

    key: str
    title: str
    text: str
    owner: str
    sources: list[str]
    carries_out: str
    indicators: list[IndicatorOut]
    directives: list[HangingDirectiveOut]


class PointOut(Schema):
    """meets: None where nobody has answered."""

    point: str
    meets: bool | None
    words: str
    by_name: str
    at: datetime | None


class LeftOutOut(Schema):
    part: str
    title: str
    reason: str


class GapsOut(Schema):
    """What hangs on nothing: keys, and indicators as "framework code"."""

    sources_without_mission: list[str]
    missions_without_source: list[str]
    missions_without_work: list[str]
    indicators_on_nothing: list[str]
    unknown_indicators: list[str]
    unanswered: list[str]


class StrategyOut(Schema):
    """One version; above: the department's version of the same year under a province's, by id."""

    version: VersionOut
    vision: str
    vision_on: date | None
    vision_source: str
    goal: str
    sources: list[SourceOut]
    missions: list[MissionOut]
    points: list[PointOut]
    left_out: list[LeftOutOut]
    carried_from: int | None
    above: int | None
    gaps: GapsOut


def version_out(line: VersionLine) -> VersionOut:
    return VersionOut.from_orm(line)


def strategy_out(found: StrategyView) -> StrategyOut:
    gaps = found.gaps
    return StrategyOut(
        version=version_out(found.line),
        vision=found.top.vision,
        vision_on=found.top.on,
        vision_source=found.top.source,
        goal=found.top.goal,
        sources=[SourceOut.from_orm(each) for each in found.sources],
        missions=[_mission(each) for each in found.missions],
        points=[PointOut.from_orm(each) for each in found.points],
        left_out=[LeftOutOut.from_orm(each) for each in found.left_out],
        carried_from=found.carried_from,
        above=found.above.line.id if found.above else None,
        gaps=GapsOut(
            sources_without_mission=list(gaps.sources_without_mission),
            missions_without_source=list(gaps.missions_without_source),
            missions_without_work=list(gaps.missions_without_work),
            indicators_on_nothing=[" ".join(each) for each in gaps.indicators_on_nothing],
            unknown_indicators=[" ".join(each) for each in gaps.unknown_indicators],
            unanswered=list(gaps.unanswered),
        ),
    )


def _mission(each: MissionLine) -> MissionOut:
    return MissionOut(
        key=each.key,
        title=each.title,
        text=each.text,
        owner=each.owner,
        sources=list(each.sources),
        carries_out=each.carries_out_key,
        indicators=[
            IndicatorOut(
                framework=one.framework,
                code=one.code,
                name=one.measure.name if one.measure else None,
            )
            for one in each.measures
        ],
        directives=[
            HangingDirectiveOut(
                id=one.id,
                title=one.title,
                asked=one.tally.total,
                silent=one.tally.silent,
                closed=one.tally.closed,
            )
            for one in each.directives
        ],
    )
