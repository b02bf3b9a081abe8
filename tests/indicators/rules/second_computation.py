"""The stars computed a second time: slow, plain, in fractions, and sharing nothing with `scoring`.

Written from the product description and domain facts §2 alone; it uses the definitions as data.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition


def half_up(number: Fraction, places: int) -> Fraction:
    scaled = abs(number) * 10**places
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if number >= 0 else -whole, 10**places)


def value(
    indicator: IndicatorDefinition, numerator: Decimal, denominator: Decimal | None
) -> Fraction:
    found = Fraction(numerator) * Fraction(indicator.factor)
    if denominator is not None:
        found /= Fraction(denominator)
    return half_up(found, 6)


def beyond(x: Fraction, step: Fraction, *, lower_is_better: bool) -> bool:
    return x <= step if lower_is_better else x >= step


def level(x: Fraction, steps: list[Fraction]) -> Fraction:
    down = steps[4] < steps[0]
    if x == steps[0] or not beyond(x, steps[0], lower_is_better=down):
        return Fraction(1)
    if beyond(x, steps[4], lower_is_better=down):
        return Fraction(5)
    for k in (4, 3, 2, 1):
        here, following = steps[k - 1], steps[k]
        if beyond(x, here, lower_is_better=down):
            return half_up(k + (x - here) / (following - here), 4)
    raise AssertionError("a value beyond L1 stands on some step")


def points(x: Fraction, steps: list[Fraction], worth: list[Fraction]) -> Fraction:
    down = steps[2] < steps[0]
    if not beyond(x, steps[0], lower_is_better=down):
        return Fraction(0)
    if beyond(x, steps[2], lower_is_better=down):
        return worth[2]
    if beyond(x, steps[1], lower_is_better=down):
        return half_up(worth[1] + (worth[2] - worth[1]) * (x - steps[1]) / (steps[2] - steps[1]), 4)
    return half_up(worth[0] + (worth[1] - worth[0]) * (x - steps[0]) / (steps[1] - steps[0]), 4)


def scale_of(
    definition: FrameworkDefinition, indicator: IndicatorDefinition, x: Fraction
) -> Fraction:
    if definition.scheme == "ladder5":
        assert indicator.ladder is not None
        return level(x, [Fraction(each) for each in indicator.ladder.levels])
    assert indicator.breakpoints is not None
    return points(
        x,
        [Fraction(each) for each in indicator.breakpoints.values],
        [Fraction(each) for each in definition.star_rules.breakpoints],
    )


def stars_of(definition: FrameworkDefinition, score: Fraction) -> int:
    share = score if definition.scheme == "points100" else score / 5 * 100
    stars = 1
    for number, cutoff in zip((2, 3, 4, 5), reversed(definition.star_rules.cutoffs), strict=True):
        if share >= Fraction(cutoff):
            stars = number
    return stars


def weighted(pairs: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    if not pairs:
        return None
    return half_up(sum(w * x for w, x in pairs) / sum(w for w, _ in pairs), 4)


def stars_from_levels(
    definition: FrameworkDefinition,
    levels: Mapping[str, Fraction],
    told: Mapping[str, Fraction],
    not_applicable: AbstractSet[str] = frozenset(),
) -> dict[str, Any]:
    """Score and stars from levels (a missing code is missing) and the share of offices that told."""
    result: dict[str, Any] = {"dimensions": {}}
    scores, completes, lows = [], [], []
    for dimension in definition.dimensions:
        ours = [each for each in dimension.indicators if each.code not in not_applicable]
        scored = [(Fraction(i.weight), levels[i.code]) for i in ours if i.code in levels]
        score = weighted(scored)
        complete = weighted(
            [(Fraction(i.weight), 100 * told.get(i.code, Fraction(0))) for i in ours]
        )
        stars = None
        minimum = Fraction(definition.star_rules.min_completeness)
        if score is not None and complete is not None and complete >= minimum:
            stars = stars_of(definition, score)
        result["dimensions"][dimension.code] = (score, complete or Fraction(0), stars)
        if complete is not None:
            completes.append((Fraction(dimension.weight), complete))
            lows.append(stars)
        if score is not None:
            scores.append((Fraction(dimension.weight), score))
    result["score"] = weighted(scores)
    result["completeness"] = weighted(completes) or Fraction(0)
    result["stars"] = None
    if lows and None not in lows:
        result["stars"] = stars_of(definition, result["score"])
        if definition.star_rules.balance_margin is not None:
            result["stars"] = min(result["stars"], min(lows) + definition.star_rules.balance_margin)
    return result


def second_score(
    definition: FrameworkDefinition,
    place_parts: Mapping[str, Any],
    not_applicable: AbstractSet[str],
    missed: Mapping[str, int],
) -> dict[str, Any]:
    """Everything about a place: levels, then dimensions, score, completeness, stars."""
    levels, told = {}, {}
    for indicator in definition.indicators:
        part = place_parts.get(indicator.code)
        if part is None or part.reported == 0 or indicator.code in not_applicable:
            continue
        found = scale_of(definition, indicator, value(indicator, part.numerator, part.denominator))
        lost = missed.get(indicator.code, 0) * Fraction(
            definition.star_rules.penalty_per_missed_report
        )
        levels[indicator.code] = half_up(max(found - lost, Fraction(0)), 4)
        told[indicator.code] = Fraction(part.reported, part.expected)
    return stars_from_levels(definition, levels, told, not_applicable) | {"levels": levels}
