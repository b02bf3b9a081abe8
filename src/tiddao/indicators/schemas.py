"""What goes out as JSON, from the API and the command line alike, and what may be asked.

Scores, percentages and points are JSON numbers of at most four decimals; an explanation carries exact
decimals as strings, because it is recomputed from. Days are Gregorian (ISO 8601); years Buddhist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from tiddao.indicators.queries.cascade import BoardRow, Received, SplitView, receives_rates
from tiddao.indicators.queries.frameworks import (
    FrameworkDetail,
    FrameworkInForce,
    FrameworkRow,
    RoundView,
    VersionView,
)
from tiddao.indicators.queries.imports import ImportView
from tiddao.indicators.queries.league import LeagueTable
from tiddao.indicators.queries.quality import LookView, QuestionView
from tiddao.indicators.queries.stars import (
    PlaceStars,
    ResultView,
    explanation_of,
    next_star_of,
    results_of,
)
from tiddao.indicators.queries.timeliness import Counts, Timeliness
from tiddao.indicators.rules.next_star import NextStar
from tiddao.places.models import NATION
from tiddao.places.queries import Unit

BasisName = Literal["approved", "all"]
Year = Annotated[int, Field(ge=2443, le=2644, description="Buddhist fiscal year")]
DatabaseId = Annotated[int, Field(ge=1, le=2**63 - 1)]
FORBID = ConfigDict(extra="forbid")


class Problem(Schema):
    """What every refusal looks like."""

    detail: str


class NothingAsked(Schema):
    """No questions may be asked; unknown ones are refused."""

    model_config = FORBID


class FrameworksAsked(Schema):
    model_config = FORBID
    year: Year | None = None


class FrameworkAsked(Schema):
    model_config = FORBID
    version: int | None = Field(None, ge=1, le=32767, description="that version; else the newest")


class StarsAsked(Schema):
    model_config = FORBID
    year: Year
    framework: str | None = Field(None, description="code; without it, the one pages open with")
    round: str | None = Field(None, description="code; without it, the last with results")
    basis: BasisName = "approved"
    known_at: AwareDatetime | None = Field(None, description="as it was known at that moment")


class NextStarAsked(StarsAsked):
    target: int | None = Field(None, ge=1, le=5)


class ResultsAsked(StarsAsked):
    indicator: str | None = None
    page: int = Field(1, ge=1, le=100_000)


class LeagueAsked(StarsAsked):
    scope: str
    level: str
    dimension: str | None = None
    peers: str | None = None


class TimelinessAsked(Schema):
    model_config = FORBID
    scope: str
    known_at: AwareDatetime | None = None


class ReportCountsOut(Schema):
    """Numbers of results; completeness, timeliness: per cent of what is owed, null where nothing is."""

    owed: int
    reported: int
    on_time: int
    late: int
    missing: int
    submitted: int
    checked: int
    approved: int
    returned: int
    drafts: int
    completeness: float | None
    timeliness: float | None


class PlaceReportsOut(ReportCountsOut):
    place: str
    name: str
    level: str
    offices: int
    last_handed_in_at: datetime | None


class TimelinessOut(Schema):
    """deadline: the last day of the round as it was opened first."""

    scope: str
    round: str
    fiscal_year: int
    deadline: date
    known_at: datetime
    rows: list[PlaceReportsOut]
    total: ReportCountsOut


class TargetsAsked(Schema):
    model_config = FORBID
    year: Year
    framework: str | None = Field(None, description="code; without it, the one pages open with")


class SaidOut(Schema):
    """How receivers of a target answered: numbers of places."""

    acknowledged: int
    objected: int
    silent: int


class ReceivedOut(Schema):
    """A target got from above. answer: acknowledged, objected, or silent; handed_on: the whole that
    the place handed down itself, null where it has not.
    """

    part: int
    giver: str
    value: Decimal
    sent_at: datetime
    answer: str
    reason: str
    answered_at: datetime | None
    handed_on: Decimal | None


class TargetOut(Schema):
    """One indicator's target, in its own unit. carried: a rate that every place gets, else the parts
    make the whole. right_below, further_below: null where it was not handed down there.
    """

    indicator: str
    name: str
    unit: str
    carried: bool
    target: Decimal | None
    received: ReceivedOut | None
    right_below: SaidOut | None
    further_below: SaidOut | None


class TargetsOut(Schema):
    place: str
    framework: str
    fiscal_year: int
    targets: list[TargetOut]


class PartOut(Schema):
    """One receiver's part. answer: acknowledged, objected, or silent."""

    place: str
    value: Decimal
    base: Decimal | None
    last: Decimal | None
    locked: bool
    answer: str
    reason: str
    answered_at: datetime | None


class SplitOut(Schema):
    """One time that a target was handed down; ended_at: null for the one that stands."""

    level: str
    method: str
    carried: bool
    whole: Decimal
    together: Decimal
    reason: str
    sent_at: datetime
    ended_at: datetime | None
    said: SaidOut
    parts: list[PartOut]


class HandedDownOut(Schema):
    """A target as its place handed it down, the newest first; empty where it has not."""

    place: str
    framework: str
    fiscal_year: int
    indicator: str
    splits: list[SplitOut]


class DimensionOut(Schema):
    """score: 1–5 or 0–100 by the framework's scheme; completeness: per cent."""

    code: str
    name: str
    score: float | None
    stars: int | None
    completeness: float


class StarsOut(Schema):
    """The stars of one place or group. reason: why there are none, where there are none."""

    place: str
    place_name: str
    framework: str
    title: str
    version: int
    proposed: bool
    fiscal_year: int
    round: str | None
    basis: str
    score: float | None
    stars: int | None
    completeness: float | None
    reason: str | None
    as_of: date | None
    known_at: datetime
    source: str
    stamp: str
    dimensions: list[DimensionOut]


class LeagueRowOut(Schema):
    """rank: None for a place without stars; rank_low, rank_high: when weights vary by 20 %."""

    rank: int | None
    tied: bool
    place: str
    name: str
    score: float | None
    stars: int | None
    completeness: float
    reported: bool
    change_rank: int | None
    change_score: float | None
    rank_low: int | None
    rank_high: int | None
    dimensions: list[DimensionOut]


class WithoutOffice(Schema):
    place: str
    name: str


class LeagueOut(Schema):
    """rows: every place of the level with an office, reported or not. without_office: the rest of
    total_places, and without_office_reason says why they are no rows.
    """

    scope: str
    level: str
    framework: str
    version: int
    proposed: bool
    fiscal_year: int
    round: str
    previous_round: str | None
    basis: str
    dimension: str | None
    peers: str | None
    as_of: date
    known_at: datetime
    total_places: int
    without_office: list[WithoutOffice]
    without_office_reason: str | None
    rows: list[LeagueRowOut]


class StepOut(Schema):
    code: str
    name_th: str
    unit_th: str
    level_now: float | None
    level_needed: float
    needs_th: str


class BreakOut(Schema):
    code: str
    name_th: str
    level_now: float
    level_after: float
    stars_after: int | None


class NextStarOut(Schema):
    """The cheapest set of steps to the target; what_would_break_it: falls that lose a star."""

    place: str
    framework: str
    version: int
    round: str | None
    present: int | None
    target: int | None
    reachable: bool
    cost: float
    score_after: float | None
    stars_after: int | None
    steps: list[StepOut]
    what_would_break_it: list[BreakOut]


class RoundOut(Schema):
    code: str
    name_th: str
    name_en: str
    opens: date
    closes: date
    true_on: date
    state: str
    has_results: bool


class FrameworkOut(Schema):
    code: str
    fiscal_year: int
    title_th: str
    title_en: str
    proposed: bool
    owner: str
    owner_place: str
    published: int | None
    draft: int | None


class VersionOut(Schema):
    number: int
    state: str
    digest: str
    published_at: datetime | None


class FrameworkDetailOut(FrameworkOut):
    """toml: address of the definition itself."""

    shown: VersionOut
    versions: list[VersionOut]
    rounds: list[RoundOut]
    dimensions: list[str]
    indicators: list[str]


class ResultOut(Schema):
    """One reported result. Figures are exact decimals as text; known_at: when it became known."""

    place: str
    place_name: str
    indicator: str
    state: str
    not_applicable: bool
    numerator: str | None
    denominator: str | None
    steps: list[int] | None
    self_score: str | None
    checked_score: str | None
    narrative: str
    revision: int
    known_at: datetime
    source: str


class ResultsOut(Schema):
    """count: of all pages; rows: of this page, 200 at most."""

    place: str
    framework: str
    round: str
    basis: str
    count: int
    page: int
    pages: int
    rows: list[ResultOut]


class FileFindingOut(Schema):
    """error: something is refused for it; cell: "F7", or "" for the whole sheet or file."""

    error: bool
    sheet: str
    cell: str
    code: str
    message_th: str


class ResultFileOut(Schema):
    """A file of results that was handed in, and how it compared with what the system held.

    Counts are of results, errors and notes of cells; null until the file is read. written: after it was
    accepted.
    """

    id: int
    framework: str
    fiscal_year: int
    round: str
    file: str
    sha256: str
    state: str
    handed_in_at: datetime
    new: int | None
    changed: int | None
    conflicts: int | None
    unchanged: int | None
    moved: int | None
    empty: int | None
    errors: int | None
    notes: int | None
    written: int | None


class ResultFileDetailOut(ResultFileOut):
    """With its findings, 500 at most, errors first."""

    findings: list[FileFindingOut]


WITHOUT_OFFICE_TH = "ไม่มีสำนักงานพัฒนาชุมชน จึงไม่มีหน่วยที่รายงาน"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def stars_json(stars: PlaceStars, *, at: datetime) -> dict[str, Any]:
    """Shape the stars; at: the moment of asking, which is what they are known at by default."""
    score = stars.score
    return {
        "place": stars.unit.key,
        "place_name": stars.unit.name,
        "framework": stars.framework.code,
        "title": stars.framework.title,
        "version": stars.version,
        "proposed": stars.definition.proposed,
        "fiscal_year": stars.framework.fiscal_year,
        "round": stars.round.code if stars.round else None,
        "basis": stars.basis,
        "score": _number(score.score) if score else None,
        "stars": score.stars if score else None,
        "completeness": _number(score.completeness) if score else None,
        "reason": (score.reason if score else stars.not_assessed) or None,
        "as_of": stars.as_of,
        "known_at": stars.known_at or at,
        "source": stars.source,
        "stamp": stars.stamp,
        "dimensions": [
            {
                "code": each.code,
                "name": each.name_th,
                "score": _number(each.score),
                "stars": each.stars,
                "completeness": _number(each.completeness),
            }
            for each in (score.dimensions if score else ())
        ],
    }


def explain_json(stars: PlaceStars, *, at: datetime) -> dict[str, Any]:
    """Shape the stars with the whole tree under "explanation".

    For a place that reports itself, each indicator also carries the row it came from ("results").
    """
    tree = explanation_of(stars)
    if tree and stars.round is not None and stars.unit.level == stars.definition.assessed_level:
        rows = results_of(
            stars.round.id,
            stars.unit,
            on=stars.round.true_on,
            basis=stars.basis,
            known_at=stars.known_at,
        )
        for dimension in tree["dimensions"]:
            for indicator in dimension["indicators"]:
                indicator["results"] = [
                    result_json(row) for row in rows if row.indicator == indicator["code"]
                ]
    return stars_json(stars, at=at) | {"explanation": tree}


def next_star_json(stars: PlaceStars, *, target: int | None) -> dict[str, Any]:
    """Shape the cheapest way to the next star; nothing to reach where the unit is not assessed."""
    found = next_star_of(stars, target=target)
    head = {
        "place": stars.unit.key,
        "framework": stars.framework.code,
        "version": stars.version,
        "round": stars.round.code if stars.round else None,
    }
    if found is None:
        found = NextStar(None, None, False, Decimal(0), (), None, None, ())
    return head | {
        "present": found.present,
        "target": found.target,
        "reachable": found.reachable,
        "cost": _number(found.cost),
        "score_after": _number(found.score_after),
        "stars_after": found.stars_after,
        "steps": [
            {
                "code": each.code,
                "name_th": each.name_th,
                "unit_th": each.unit_th,
                "level_now": _number(each.level_now),
                "level_needed": _number(each.level_needed),
                "needs_th": each.needs_th,
            }
            for each in found.steps
        ],
        "what_would_break_it": [
            {
                "code": each.code,
                "name_th": each.name_th,
                "level_now": _number(each.level_now),
                "level_after": _number(each.level_after),
                "stars_after": each.stars_after,
            }
            for each in found.what_would_break_it
        ],
    }


def timeliness_json(found: Timeliness, view: RoundView, *, known_at: datetime) -> dict[str, Any]:
    """Shape who reported when; known_at: the moment it stood so."""
    return {
        "scope": found.unit.key,
        "round": view.code,
        "fiscal_year": view.fiscal_year,
        "deadline": found.deadline,
        "known_at": known_at,
        "rows": [
            {
                "place": row.place,
                "name": row.name,
                "level": row.level,
                "offices": row.offices,
                "last_handed_in_at": row.last_at,
            }
            | _counts(row.counts)
            for row in found.rows
        ],
        "total": _counts(found.total),
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return asdict(counts) | {
        "missing": counts.missing,
        "completeness": _number(counts.completeness),
        "timeliness": _number(counts.timeliness),
    }


def league_json(table: LeagueTable, *, at: datetime) -> dict[str, Any]:
    """Shape a league table; at: the moment of asking."""
    names = {each.code: each.name_th for each in table.definition.dimensions}
    return {
        "scope": table.scope.key,
        "level": table.level,
        "framework": table.framework.code,
        "version": table.version,
        "proposed": table.definition.proposed,
        "fiscal_year": table.framework.fiscal_year,
        "round": table.round.code,
        "previous_round": table.previous_round.code if table.previous_round else None,
        "basis": table.basis,
        "dimension": table.dimension or None,
        "peers": table.peers or None,
        "as_of": table.as_of,
        "known_at": table.known_at or at,
        "total_places": table.total_places,
        "without_office": [{"place": code, "name": name} for code, name in table.without_office],
        "without_office_reason": WITHOUT_OFFICE_TH if table.without_office else None,
        "rows": [
            {
                "rank": row.rank,
                "tied": row.tied,
                "place": row.key,
                "name": row.name_th,
                "score": _number(row.score),
                "stars": row.stars,
                "completeness": _number(row.completeness),
                "reported": row.reported,
                "change_rank": row.change_rank,
                "change_score": _number(row.change_score),
                "rank_low": row.rank_low,
                "rank_high": row.rank_high,
                "dimensions": [
                    {
                        "code": each.code,
                        "name": names.get(each.code, ""),
                        "score": _number(each.score),
                        "stars": each.stars,
                        "completeness": _number(each.completeness),
                    }
                    for each in row.dimensions
                ],
            }
            for row in table.rows
        ],
    }


def round_json(each: RoundView) -> dict[str, Any]:
    return {
        "code": each.code,
        "name_th": each.name_th,
        "name_en": each.name_en,
        "opens": each.opens,
        "closes": each.closes,
        "true_on": each.true_on,
        "state": each.state,
        "has_results": each.has_results,
    }


def framework_json(row: FrameworkRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "fiscal_year": row.fiscal_year,
        "title_th": row.title_th,
        "title_en": row.title_en,
        "proposed": row.proposed,
        "owner": row.owner_code,
        "owner_place": row.owner_place,
        "published": row.published,
        "draft": row.draft,
    }


def _version_json(each: VersionView) -> dict[str, Any]:
    return {
        "number": each.number,
        "state": each.state,
        "digest": each.digest,
        "published_at": each.published_at,
    }


def framework_detail_json(detail: FrameworkDetail) -> dict[str, Any]:
    return framework_json(detail.row) | {
        "shown": _version_json(detail.shown),
        "versions": [_version_json(each) for each in detail.versions],
        "rounds": [round_json(each) for each in detail.rounds],
        "dimensions": [each.code for each in detail.definition.dimensions],
        "indicators": [each.code for each in detail.definition.indicators],
    }


_FILE_COUNTS = (
    "new", "changed", "conflicts", "unchanged", "moved", "empty", "errors", "notes", "written",
)  # fmt: skip


def result_file_json(one: ImportView) -> dict[str, Any]:
    """Shape a file that was handed in. Who did it stands in the ledger, not here."""
    return {
        "id": one.id,
        "framework": one.framework_code,
        "fiscal_year": one.fiscal_year,
        "round": one.round_name,
        "file": one.file_name,
        "sha256": one.sha256,
        "state": one.state,
        "handed_in_at": one.at,
        "findings": one.report.get("findings", []),
    } | {name: one.report.get(name) for name in _FILE_COUNTS}


def result_json(row: ResultView) -> dict[str, Any]:
    """Shape a result. Who reported it stands in the ledger, not here."""

    def exact(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return {
        "place": row.place,
        "place_name": row.place_name,
        "indicator": row.indicator,
        "state": row.state,
        "not_applicable": row.not_applicable,
        "numerator": exact(row.numerator),
        "denominator": exact(row.denominator),
        "steps": None if row.steps is None else list(row.steps),
        "self_score": exact(row.self_score),
        "checked_score": exact(row.checked_score),
        "narrative": row.narrative,
        "revision": row.revision,
        "known_at": row.known_at,
        "source": row.source,
    }


# -- questions about figures -----------------------------------------------------------------------


class QualityAsked(Schema):
    model_config = FORBID
    scope: str = Field(NATION, max_length=60, description="place or group key; else the nation")
    known_at: AwareDatetime | None = None


class QualityFigureOut(Schema):
    indicator: str
    words: str


class QualityAnswerOut(Schema):
    choice: Literal["confirmed", "corrected"]
    words: str
    at: datetime


class QualityQuestionOut(Schema):
    id: int
    place: str
    indicator: str
    kind: Literal["outlier", "digits", "copied", "neighbour", "cutoff", "late_edits"]
    strength: Literal["strong", "fair"]
    chance: float = Field(description="how often an honest office would look like this")
    reason: str
    figures: list[QualityFigureOut]
    other: str = Field(description="place whose figures these equal, or empty")
    state: Literal["open", "answered", "settled"]
    asked_at: datetime
    answers: list[QualityAnswerOut]


class QualityLookOut(Schema):
    kind: str
    looked_at: int
    asked: int


class QualityOut(Schema):
    place: str
    framework: str
    fiscal_year: int
    round: str
    known_at: datetime | None
    looked_at: datetime | None
    looks: list[QualityLookOut]
    count: int
    questions: list[QualityQuestionOut]


def quality_json(
    unit: Unit,
    framework: str,
    year: int,
    round_code: str,
    *,
    look: LookView | None,
    questions: Sequence[QuestionView],
    known_at: datetime | None,
) -> dict[str, Any]:
    """Return what was asked about a unit's figures in a round, as `QualityOut` says."""
    return {
        "place": unit.key,
        "framework": framework,
        "fiscal_year": year,
        "round": round_code,
        "known_at": known_at,
        "looked_at": look.at if look else None,
        "looks": [
            {"kind": kind, "looked_at": looked, "asked": asked}
            for kind, looked, asked in (look.looks if look else ())
        ],
        "count": len(questions),
        "questions": [
            {
                "id": each.id,
                "place": each.place,
                "indicator": each.indicator,
                "kind": each.kind,
                "strength": each.strength,
                "chance": each.chance,
                "reason": each.reason_th,
                "figures": [
                    {"indicator": told.indicator, "words": told.words_th} for told in each.figures
                ],
                "other": each.other,
                "state": each.state,
                "asked_at": each.asked_at,
                "answers": [
                    {"choice": said.choice, "words": said.words, "at": said.at}
                    for said in each.answers
                ],
            }
            for each in questions
        ],
    }


def targets_json(
    place: str, framework: FrameworkInForce, rows: Iterable[BoardRow]
) -> dict[str, Any]:
    """Shape a place's targets and how those below answered."""
    return {
        "place": place,
        "framework": framework.code,
        "fiscal_year": framework.fiscal_year,
        "targets": [
            {
                "indicator": row.indicator.code,
                "name": row.indicator.name_th,
                "unit": row.indicator.unit_th,
                "carried": receives_rates(row.indicator),
                "target": row.target,
                "received": row.received and _received(row.received),
                "right_below": row.said and asdict(row.said),
                "further_below": row.below and asdict(row.below),
            }
            for row in rows
        ],
    }


def handed_down_json(
    place: str, framework: FrameworkInForce, indicator: str, splits: Iterable[SplitView]
) -> dict[str, Any]:
    """Shape what a place handed down of one indicator, with every receiver's answer."""
    return {
        "place": place,
        "framework": framework.code,
        "fiscal_year": framework.fiscal_year,
        "indicator": indicator,
        "splits": [
            {
                "level": each.level,
                "method": each.method,
                "carried": each.carried,
                "whole": each.whole,
                "together": each.together,
                "reason": each.reason,
                "sent_at": each.sent_at,
                "ended_at": each.ended_at,
                "said": {
                    "acknowledged": each.said["acknowledged"],
                    "objected": each.said["objected"],
                    "silent": each.said[""],
                },
                "parts": [
                    {
                        "place": part.place,
                        "value": part.value,
                        "base": part.base,
                        "last": part.last,
                        "locked": part.locked,
                        "answer": part.answer or "silent",
                        "reason": part.reason,
                        "answered_at": part.answered_at,
                    }
                    for part in each.parts
                ],
            }
            for each in splits
        ],
    }


def _received(got: Received) -> dict[str, Any]:
    return {
        "part": got.part.part,
        "giver": got.giver,
        "value": got.part.value,
        "sent_at": got.sent_at,
        "answer": got.part.answer or "silent",
        "reason": got.part.reason,
        "answered_at": got.part.answered_at,
        "handed_on": got.handed_on,
    }
