"""The stars of one place or group: score, what it stands on, what it was before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from tiddao.indicators.models import Basis, Result, Target
from tiddao.indicators.queries.counting import counts
from tiddao.indicators.queries.frameworks import (
    FrameworkInForce,
    RoundView,
    default_round,
    framework_in_force,
    known,
)
from tiddao.indicators.queries.scores import (
    ScoredRound,
    UnitScore,
    members_of_unit,
    scored_rounds,
    unit_scores,
)
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.explain import explain
from tiddao.indicators.rules.next_star import NextStar, next_star
from tiddao.indicators.rules.scoring import PlaceScore
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Place
from tiddao.places.queries import Unit

NotAssessed = Literal["", "no_round", "below_assessed_level", "no_office"]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One indicator in one round; value in the indicator's unit, level by that round's ladder."""

    round: RoundView
    value: Decimal | None
    level: Decimal | None


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """The place's whole score in one round."""

    round: RoundView
    score: PlaceScore


@dataclass(frozen=True, slots=True)
class TargetView:
    """What the place is to reach, in the indicator's unit. revision: for who changes it next."""

    value: Decimal
    source: str
    revision: int
    known_at: datetime


@dataclass(frozen=True, slots=True)
class ResultView:
    """One reported result, as it stands (or stood): the row behind a figure.

    by: reference of the account that wrote this revision; post: under which post.
    """

    id: int
    place: str
    place_name: str
    indicator: str
    state: str
    not_applicable: bool
    numerator: Decimal | None
    denominator: Decimal | None
    steps: tuple[int, ...] | None
    self_score: Decimal | None
    checked_score: Decimal | None
    narrative: str
    part_numerator: Decimal | None
    part_denominator: Decimal | None
    revision: int
    known_at: datetime
    by: str
    post: str
    source: str


@dataclass(frozen=True, slots=True)
class PlaceStars:
    """The stars of one unit in one round of one framework.

    framework, definition: the version that scores this round (a closed round keeps its own).
    score: None where the unit is not assessed, and not_assessed says why: the framework has no
    round yet; the place lies below the level that is assessed (assessed_in: the place that is); or
    there is no office here that could report (Bangkok). as_of: the day the results are true for.
    known_at: the moment asked for, or None for now. source: "materialised" or "computed".
    stamp: SHA-256 over the version's digest and the parts, so that equal stamps mean equal scores.
    history: whole scores of the rounds of this and the last fiscal year, oldest first, this round
    included; previous: the one before this round. trend: the same by indicator code.
    """

    unit: Unit
    framework: FrameworkInForce
    definition: FrameworkDefinition
    version: int
    round: RoundView | None
    rounds: tuple[RoundView, ...]
    basis: str
    score: PlaceScore | None
    not_assessed: NotAssessed
    assessed_in: str
    as_of: date | None
    known_at: datetime | None
    source: str
    stamp: str
    previous: ScorePoint | None
    history: tuple[ScorePoint, ...]
    trend: Mapping[str, tuple[TrendPoint, ...]]
    targets: Mapping[str, TargetView]


def stars_of(
    unit: Unit,
    *,
    year: int,
    code: str | None = None,
    round_code: str | None = None,
    basis: str = Basis.APPROVED,
    known_at: datetime | None = None,
) -> PlaceStars | None:
    """Return the unit's stars, or None when no framework (or no such round) applies to it.

    code, round_code: without them the framework and round that pages open with. basis: "approved"
    counts approved and locked results, "all" also what is submitted and checked. known_at: all as
    it was known at that moment: results, published version, members on the round's day.

    The number of queries does not depend on the unit's size: 8 at most for a place.
    """
    framework = framework_in_force(unit, year, code=code, at=known_at)
    if framework is None:
        return None
    both_years = scored_rounds(code=framework.code, years=[year - 1, year], at=known_at)
    own = [each for each in both_years if each.round.framework_id == framework.framework_id]
    rounds = tuple(each.round for each in own)
    if round_code is None:
        view = default_round(rounds)
    else:
        view = next((each for each in rounds if each.code == round_code), None)
        if view is None:
            return None
    current = next((each for each in own if view and each.round.id == view.id), None)
    definition = current.definition if current else framework.definition
    assessed_in = _assessed_above(unit, definition)
    scores: Mapping[int, UnitScore] = {}
    if current and not assessed_in:
        scores = unit_scores(both_years, unit, basis=basis, known_at=known_at)
    found = scores.get(current.round.id) if current else None
    history = tuple(
        ScorePoint(each.round, scores[each.round.id].score)
        for each in both_years
        if each.round.id in scores
    )
    before = [each for each in history if current and each.round.true_on < current.round.true_on]
    not_assessed: NotAssessed = ""
    if current is None:
        not_assessed = "no_round"
    elif assessed_in:
        not_assessed = "below_assessed_level"
    elif found is None:
        not_assessed = "no_office"
    return PlaceStars(
        unit=unit,
        framework=framework,
        definition=definition,
        version=current.version if current else framework.version,
        round=view,
        rounds=rounds,
        basis=basis,
        score=found.score if found else None,
        not_assessed=not_assessed,
        assessed_in=assessed_in,
        as_of=view.true_on if view else None,
        known_at=known_at,
        source=found.source if found else "",
        stamp=found.stamp if found else "",
        previous=before[-1] if before else None,
        history=history,
        trend=_trend(both_years, scores),
        targets=targets_of(framework.framework_id, unit, at=known_at),
    )


def _assessed_above(unit: Unit, definition: FrameworkDefinition) -> str:
    """Code of the place that is assessed instead, for one below the assessed level; else ""."""
    if unit.is_group:
        return ""
    digits = tree.DIGITS[Level(definition.assessed_level)]
    if tree.DIGITS[Level(unit.level)] <= digits:
        return ""
    return unit.key[:digits] or NATION


def _trend(
    rounds: Sequence[ScoredRound], scores: Mapping[int, UnitScore]
) -> dict[str, tuple[TrendPoint, ...]]:
    points: dict[str, list[TrendPoint]] = defaultdict(list)
    for each in rounds:
        if each.round.id in scores:
            for scored in scores[each.round.id].score.indicators:
                points[scored.code].append(TrendPoint(each.round, scored.value, scored.level))
    return {code: tuple(found) for code, found in points.items()}


def targets_of(
    framework_id: int, unit: Unit, *, at: datetime | None = None
) -> dict[str, TargetView]:
    """Return indicator code → the place's target. A group has none of its own. One query."""
    if unit.is_group:
        return {}
    rows = Target.objects.filter(known(at), framework_id=framework_id, place_id=unit.key)
    return {
        row.indicator_code: TargetView(row.value, row.source, row.revision, row.known_at)
        for row in rows
    }


def results_of(
    round_id: int,
    unit: Unit,
    *,
    on: date,
    basis: str | None = None,
    indicator: str | None = None,
    known_at: datetime | None = None,
) -> tuple[ResultView, ...]:
    """Return what the unit's offices reported in a round, by place and indicator. One query.

    on: the day whose members count (the round's). basis: only results that count on it; None: of
    every state, drafts too, for those who work on them. Withdrawn results are rows without parts.
    """
    shown = known(known_at) if basis is None else counts(basis, at=known_at)
    rows = Result.objects.filter(shown, round_id=round_id).select_related("place")
    members = members_of_unit(unit, on, known_at=known_at)
    if NATION not in members:
        rows = rows.filter(place__in=Place.objects.filter(tree.within_any(members)))
    if indicator is not None:
        rows = rows.filter(indicator_code=indicator)
    return tuple(
        result_view(row) for row in rows.order_by("place__sort_key", "place_id", "indicator_code")
    )


def result_view(row: Result) -> ResultView:
    """Return the result for show."""
    return ResultView(
        id=row.pk,
        place=row.place_id,
        place_name=row.place.name_th,
        indicator=row.indicator_code,
        state=row.state,
        not_applicable=row.not_applicable,
        numerator=row.numerator,
        denominator=row.denominator,
        steps=None if row.steps is None else tuple(row.steps),
        self_score=row.self_score,
        checked_score=row.checked_score,
        narrative=row.narrative,
        part_numerator=row.part_numerator,
        part_denominator=row.part_denominator,
        revision=row.revision,
        known_at=row.known_at,
        by=row.by,
        post=row.post,
        source=row.source,
    )


def explanation_of(stars: PlaceStars) -> dict[str, Any]:
    """Return the whole tree behind the stars as JSON-able data: see ``rules.explain``.

    Empty where the unit is not assessed.
    """
    if stars.score is None:
        return {}
    return explain(stars.definition, stars.score)


def next_star_of(stars: PlaceStars, *, target: int | None = None) -> NextStar | None:
    """Return the cheapest way to the next star (or to target), and what would break this one.

    None where the unit is not assessed. Raises ValueError for a target that is none of 1–5.
    """
    if stars.score is None:
        return None
    return next_star(stars.definition, stars.score, target=target)
