"""What an office would count: from the character of a district to the figures that it reports.

Each indicator's wanted level is carried back through its own ladder to a value, and from the value
to whole things counted against the district's size; so the figures stay plausible when somebody
changes a ladder, and the stars come from the product's own rules, never from here.
No database and no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from tiddao.config.demonstration.districts import (
    ROUNDS,
    Character,
    Round,
    Size,
    character_of,
    random_for,
    size_of,
    spread,
)
from tiddao.indicators.rules.definitions import (
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
    Ladder,
)
from tiddao.indicators.rules.scoring import Reported, contribution, score_place

Figures = dict[str, Reported]
"""Indicator code → what is reported; an absent code is not reported."""

COUNTED_OVER_THE_YEAR = frozenset({"2.2", "2.4", "3.3"})
"""What is added up from the first day of the year stands at a little over half after six months."""
HALF_WAY = 0.6

_BASES: dict[str, Callable[[Size], int]] = {
    "1.2": lambda size: size.processes,
    "1.3": lambda size: size.villages,
    "1.4": lambda size: size.villages,
    "2.1": lambda size: size.tambons,
    "2.3": lambda size: size.villages,
    "3.1": lambda size: size.posts,
    "4.1": lambda size: size.problems,
    "4.2": lambda size: size.tambons,
    "4.4": lambda size: size.visitors,
    "5.1": lambda size: size.households,
    "5.2": lambda size: size.villages,
    "5.3": lambda size: size.households,
    "5.4": lambda size: size.villages,
}
_BY_OFFICERS = frozenset({"3.2", "3.3", "3.4"})
_CENT = Decimal("0.01")
_ONE = Decimal(1)


def figures_of(definition: FrameworkDefinition, code: str, tambons: int, at: Round) -> Figures:
    """Return everything the district's office would report in the round, nothing left out.

    at: one of ROUNDS. Rubrics carry the self-score and the checked one. The same arguments give the
    same figures.
    """
    size, character = size_of(code, tambons), character_of(code)
    rounds_ago = len(ROUNDS) - 1 - ROUNDS.index(at)
    part_of_year = HALF_WAY if at[1] == "6m" else 1.0
    figures: Figures = {}
    for position, dimension in enumerate(definition.dimensions):
        wanted = _levels(dimension, code, character, position, rounds_ago)
        for indicator in dimension.indicators:
            value = value_at(wanted[indicator.code], _ladder(indicator))
            if indicator.code in COUNTED_OVER_THE_YEAR:
                value *= Decimal(str(part_of_year))
            report = _reported(indicator, value, size, part_of_year, figures)
            if report.checked_score is not None:
                report = replace(
                    report, self_score=_own_view(report.checked_score, indicator, code, at)
                )
            figures[indicator.code] = report
    return figures


def value_at(level: float, ladder: Ladder) -> Decimal:
    """Return the value worth a level of 1–5 on the ladder, in the ladder's unit."""
    position = min(max(level, 1.0), 5.0) - 1
    step = min(int(position), 3)
    low, high = ladder.levels[step], ladder.levels[step + 1]
    return low + (high - low) * Decimal(str(round(position - step, 4)))


def _levels(
    dimension: DimensionDefinition, code: str, character: Character, position: int, rounds_ago: int
) -> Mapping[str, float]:
    """Wanted level of each indicator: around the dimension's, each district with its own habits."""
    middle = character.dimensions[position] - character.growth * rounds_ago
    middle = min(max(middle, 1.2), 4.95)
    room = min(character.uneven, 5 - middle, middle - 1)
    habits = {
        each.code: spread(random_for("habit", code, each.code), room)
        for each in dimension.indicators
    }
    of_all = sum(float(each.weight) for each in dimension.indicators)
    lean = sum(float(each.weight) * habits[each.code] for each in dimension.indicators) / of_all
    moods = {
        each.code: spread(random_for("mood", code, each.code, rounds_ago), 0.15)
        if rounds_ago
        else 0.0
        for each in dimension.indicators
    }
    return {name: middle + habits[name] - lean + moods[name] for name in habits}


def _ladder(indicator: IndicatorDefinition) -> Ladder:
    if indicator.ladder is None:
        raise ValueError(f"the demonstration needs a ladder for {indicator.code}")
    return indicator.ladder


def _reported(
    indicator: IndicatorDefinition,
    value: Decimal,
    size: Size,
    part_of_year: float,
    before: Figures,
) -> Reported:
    kind = indicator.otherwise or indicator.kind
    if kind == "milestone":
        return Reported(steps=frozenset(range(1, int(_whole(value)) + 1)))
    if kind == "rubric":
        return Reported(checked_score=_whole(value))
    if indicator.link == "budget":
        return _money(indicator, value, size, part_of_year)
    if indicator.rollup != "parts":
        return Reported(numerator=_whole(value))
    if indicator.code in _BY_OFFICERS:
        filled = before["3.1"].numerator
        assert filled is not None  # dimension 3 begins with it
        base = filled
    else:
        base = Decimal(_BASES[indicator.code](size))
    counted = _whole(value * base / indicator.factor)
    if kind == "ratio":
        counted = min(counted, base)
    if indicator.code == "5.3":  # who passes every indicator passes that of income
        passing_all = before["5.1"].numerator
        assert passing_all is not None
        counted = max(counted, passing_all)
    return Reported(numerator=counted, denominator=base)


def _own_view(checked: Decimal, indicator: IndicatorDefinition, code: str, at: Round) -> Decimal:
    """Return the office's own score: now and then a step above what the province saw."""
    hopeful = random_for("self-score", code, indicator.code, *at).random() < 0.35
    return checked + 1 if hopeful and checked < 5 else checked


def _money(
    indicator: IndicatorDefinition, value: Decimal, size: Size, part_of_year: float
) -> Reported:
    """What the area of money would report: satang-exact baht, or points for papers in order."""
    if (indicator.otherwise or indicator.kind) == "average":
        return Reported(numerator=_whole(value * 2) / 2, denominator=_ONE)
    target = _whole(Decimal(size.budget) * Decimal(str(part_of_year)))
    return Reported(
        numerator=(value * target / indicator.factor).quantize(_CENT, ROUND_HALF_UP),
        denominator=target,
    )


def _whole(value: Decimal) -> Decimal:
    return value.quantize(_ONE, ROUND_HALF_UP)


# -- two districts with one score -----------------------------------------------------------------


def level_with(
    definition: FrameworkDefinition, figures: Figures, wanted: Decimal | None
) -> Figures | None:
    """Return the figures with two survey sums moved by a little, so that the score is the wanted one.

    The smallest move wins. None when no small move reaches it: the seed was ill chosen.
    """
    steps = sorted(range(-15, 16), key=abs)
    moves = sorted(product(steps, steps), key=lambda move: abs(move[0]) + abs(move[1]))
    for happiness, satisfaction in moves:
        moved = figures | {
            "5.4": _moved(figures["5.4"], happiness),
            "4.4": _moved(figures["4.4"], satisfaction),
        }
        if score_of(definition, moved) == wanted:
            return moved
    return None


def score_of(definition: FrameworkDefinition, figures: Figures) -> Decimal | None:
    """Return the score that the product's rules give the figures."""
    parts = {
        code: contribution(definition.indicator(code), report) for code, report in figures.items()
    }
    return score_place(definition, parts).score


def _moved(report: Reported, by: int) -> Reported:
    assert report.numerator is not None
    return Reported(numerator=report.numerator + by, denominator=report.denominator)
