"""The figures of a round and of those before it, in the shape that detectors look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Min

from tiddao.indicators.models import Basis, Result, ResultState, Round, Target, Version
from tiddao.indicators.queries.counting import counts
from tiddao.indicators.queries.frameworks import definition_of, known
from tiddao.indicators.rules.approval import COUNTING
from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.quality.asking import Words
from tiddao.indicators.rules.quality.edits import Edit
from tiddao.indicators.rules.quality.history import History, Measured, rank_of
from tiddao.indicators.rules.scoring import level_of
from tiddao.places import tree
from tiddao.places.models import Level, Place
from tiddao.places.queries import full_name

ROUNDS = 8
"""So many rounds are looked at: the one asked about and those before it."""
_BANGKOK = ZoneInfo("Asia/Bangkok")
_PROVINCE_DIGITS = tree.DIGITS[Level.PROVINCE]
_SCORED = {"milestone", "rubric"}


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """All figures that offices of one level reported, with the changes made to the last round's."""

    history: History
    edits: tuple[Edit, ...]
    words: Words


def figures_of(one: Round, version: Version) -> Iterator[RoundFigures]:
    """Yield the figures of the round and of those before it, level by level that reports.

    one: with its framework. version: the one in force. Figures that wait for approval count; drafts
    do not. Seven queries for a level, however many places.
    """
    definition = definition_of(version)
    past = _rounds(one)
    alike = _alike(definition, past)
    by_level: dict[str, list[IndicatorDefinition]] = defaultdict(list)
    for indicator in definition.indicators:
        by_level[indicator.reports_at].append(indicator)
    for level, indicators in by_level.items():
        found = _level(one, past, level, indicators, alike)
        if found is not None:
            yield found


def _rounds(one: Round) -> tuple[Round, ...]:
    """The rounds of the same form up to this one, the oldest first."""
    rows = (
        Round.objects.filter(framework__code=one.framework.code, true_on__lte=one.true_on)
        .filter(framework__owner=one.framework.owner_id)
        .exclude(pk=one.pk)
        .select_related("framework")
        .order_by("-true_on", "-pk")
    )
    return (*reversed(rows[: ROUNDS - 1]), one)


def _alike(
    definition: FrameworkDefinition, rounds: Sequence[Round]
) -> Mapping[int, frozenset[str]]:
    """Framework → the indicators that ask the same there as they do now."""
    now = {each.code: _asks(each) for each in definition.indicators}
    newest: dict[int, Version] = {}
    versions = Version.objects.filter(framework__in={each.framework_id for each in rounds})
    for version in versions.exclude(state=Version.State.DRAFT).order_by("number"):
        newest[version.framework_id] = version
    return {
        framework: frozenset(
            each.code
            for each in definition_of(version).indicators
            if now.get(each.code) == _asks(each)
        )
        for framework, version in newest.items()
    }


def _asks(indicator: IndicatorDefinition) -> tuple[object, ...]:
    return (
        indicator.kind,
        indicator.otherwise,
        indicator.rollup,
        indicator.reports_at,
        indicator.factor,
        indicator.unit_th,
        indicator.name_th,
    )


def _level(
    one: Round,
    rounds: Sequence[Round],
    level: str,
    indicators: Sequence[IndicatorDefinition],
    alike: Mapping[int, frozenset[str]],
) -> RoundFigures | None:
    column = {each.code: number for number, each in enumerate(indicators)}
    rows = list(
        Result.objects.filter(
            counts(Basis.ALL),
            round__in=rounds,
            indicator_code__in=column,
            part_numerator__isnull=False,
        ).values_list(
            "round_id", "place_id", "indicator_code", "part_numerator", "part_denominator"
        )
    )
    places = sorted({place for round_id, place, *_ in rows if round_id == one.pk})
    if not places:
        return None
    row_of = {code: number for number, code in enumerate(places)}
    number_of = {each.pk: number for number, each in enumerate(rounds)}
    same = {each.pk: alike.get(each.framework_id, frozenset()) for each in rounds}
    shape = (len(rounds), len(places), len(indicators))
    above, below = np.full(shape, np.nan), np.ones(shape)
    for round_id, place, code, numerator, denominator in rows:
        if place in row_of and code in same[round_id] and numerator is not None:
            at = number_of[round_id], row_of[place], column[code]
            above[at] = float(numerator)
            if denominator is not None:
                below[at] = float(denominator)
    targets = _targets(one, row_of, column)
    history = History(
        places=tuple(places),
        circles=tuple(_circle(code, level) for code in places),
        indicators=tuple(measured(each) for each in indicators),
        rounds=tuple(each.code for each in rounds),
        years=tuple(each.framework.fiscal_year for each in rounds),
        numerators=above,
        denominators=below,
        reported_at=_first_reports(one, row_of, column),
        targets=targets,
    )
    known_places = Place.objects.in_bulk(places)
    return RoundFigures(
        history=history,
        edits=tuple(_edits(one, indicators, row_of, column, targets)),
        words=Words(
            {each.code: each for each in indicators},
            {code: full_name(place) for code, place in known_places.items()},
        ),
    )


def _circle(code: str, level: str) -> str:
    """Places below a province share its circumstances; provinces are peers of one another."""
    return code[:_PROVINCE_DIGITS] if tree.DIGITS[Level(level)] > _PROVINCE_DIGITS else ""


def measured(indicator: IndicatorDefinition) -> Measured:
    """Return the indicator as detectors see it."""
    scale: tuple[Decimal, ...] = ()
    descending = False
    if indicator.ladder is not None:
        scale, descending = indicator.ladder.levels, indicator.ladder.descending
    elif indicator.breakpoints is not None:
        scale, descending = indicator.breakpoints.values, indicator.breakpoints.descending
    return Measured(
        code=indicator.code,
        typed=indicator.kind != "linked",
        scored=indicator.kind in _SCORED or indicator.otherwise in _SCORED,
        steps=tuple(dict.fromkeys(float(each) for each in scale)),
        better=-1 if descending else 1,
        factor=float(indicator.factor),
    )


def _targets(
    one: Round, row_of: Mapping[str, int], column: Mapping[str, int]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    found = np.full((len(row_of), len(column)), np.nan)
    rows = Target.objects.filter(known(None), framework=one.framework_id)
    for place, code, value in rows.values_list("place_id", "indicator_code", "value"):
        if place in row_of and code in column:
            found[row_of[place], column[code]] = float(value)
    return found


def _first_reports(
    one: Round, row_of: Mapping[str, int], column: Mapping[str, int]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Seconds at which each figure was first handed in."""
    found = np.full((len(row_of), len(column)), np.nan)
    rows = (
        Result.objects.filter(round=one, state__in=COUNTING)
        .values("place_id", "indicator_code")
        .annotate(first=Min("known_at"))
        .values_list("place_id", "indicator_code", "first")
    )
    for place, code, first in rows:
        if place in row_of and code in column:
            found[row_of[place], column[code]] = first.timestamp()
    return found


def _edits(
    one: Round,
    indicators: Sequence[IndicatorDefinition],
    row_of: Mapping[str, int],
    column: Mapping[str, int],
    targets: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> Iterator[Edit]:
    """Changes that a reporter made to a figure that stood, so that its score could be seen.

    What was returned and mended is none: somebody asked for it.
    """
    end = datetime.combine(one.closes + timedelta(days=1), time(), _BANGKOK)
    changed = Result.objects.filter(round=one, revision__gt=1).values("place_id", "indicator_code")
    keys = {(each["place_id"], each["indicator_code"]) for each in changed}
    if not keys:
        return
    rows: Iterable[tuple[str, str, str, Decimal | None, Decimal | None, str, datetime]] = (
        Result.objects.filter(round=one, place__in={place for place, _ in keys})
        .exclude(state=ResultState.DRAFT)
        .order_by("place_id", "indicator_code", "revision")
        .values_list(
            "place_id", "indicator_code", "state",
            "part_numerator", "part_denominator", "by", "known_at",
        )
    )  # fmt: skip
    for before, after in pairwise(rows):
        place, code, state, *figures, by, at = after
        if before[:2] != (place, code) or place not in row_of or code not in column:
            continue
        if state != ResultState.SUBMITTED or before[2] == ResultState.RETURNED:
            continue
        if list(before[3:5]) == figures:
            continue
        number = column[code]
        indicator = indicators[number]
        was, now = _value(indicator, *before[3:5]), _value(indicator, *figures)
        if was is None or now is None:
            continue
        target = float(targets[row_of[place], number])
        yield Edit(
            place=row_of[place],
            indicator=number,
            by=by,
            seconds_left=(end - at).total_seconds(),
            gain=_gain(indicator, was, now),
            passed=_passed(indicator, float(was), float(now), target),
        )


def _value(
    indicator: IndicatorDefinition, numerator: Decimal | None, denominator: Decimal | None
) -> Decimal | None:
    if numerator is None or denominator == 0:
        return None
    return numerator * indicator.factor / (1 if denominator is None else denominator)


def _gain(indicator: IndicatorDefinition, was: Decimal, now: Decimal) -> float:
    """Levels gained; of a form of points, quarters of its span."""
    if indicator.ladder is not None:
        return float(level_of(now, indicator.ladder) - level_of(was, indicator.ladder))
    if indicator.breakpoints is None:
        return 0.0
    low, _, high = indicator.breakpoints.values
    return float((now - was) * 4 / (high - low))


def _passed(indicator: IndicatorDefinition, was: float, now: float, target: float) -> bool:
    """Say whether the change came over a step of the scale or over the place's target."""
    seen = measured(indicator)
    steps = seen.steps if np.isnan(target) else (*seen.steps, target)
    return rank_of(now, steps, seen.better) > rank_of(was, steps, seen.better)
