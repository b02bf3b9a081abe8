"""The cheapest way to the next star, and what would lose the present one.

A step raises one indicator to the next level of its ladder that can be reached (from 2.28 to 3; on
40/50/60/60/70 from 2 straight to 4, because the value worth 3 is already worth 4), or one breakpoint
up in the 50/75/100 scheme. An indicator that nobody has reported is reported at its first, second …
level for one, two … steps. One that only some offices have reported can be completed at its present
level for one step, alone or with raises. Each step costs the indicator's effort.

The answer is an exact optimum under the very rules of `scoring`: cut-offs, balance, completeness,
rounding. Least cost; then fewest indicators; then the indicators that stand earliest in the
framework; then fewest steps on the earliest of them.

How: everything is a whole number (levels in ten-thousandths, weights and costs scaled), so nothing
is lost. All four orders of preference are packed into one number per choice, the key, which adds
up. Within a dimension, indicators are taken one after another; of two partial choices with the same
weight scored and the same completeness, one that has no more points and no smaller key can never be
the better beginning and is dropped. Then dimensions are joined in the same way. A first pass
with cost alone gives the least cost, and the second drops whatever cannot be part of it.

Source: product description, "Next star".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import inf
from operator import itemgetter

from tiddao.indicators.rules.definitions import (
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
)
from tiddao.indicators.rules.scoring import (
    EXACT,
    DimensionScore,
    IndicatorScore,
    Parts,
    PlaceScore,
    level_in,
    overall,
    penalised,
    percent,
    reported_part,
    total_up,
    value_of,
)
from tiddao.kernel.numerals import format_trimmed

_TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Step:
    """What one indicator has to do. level_now and value_now: None where nobody has reported.

    levels: steps on the ladder, each at the indicator's effort; cost: their sum with completing.
    value_needed: in the indicator's unit. numerator_needed and numerator_missing: at the present
    denominator, None where there is none yet; missing is negative where less is better.
    offices_missing: offices that still have to report, 0 where that is not part of it.
    needs_th: all of it in a plain sentence.
    """

    code: str
    name_th: str
    unit_th: str
    level_now: Decimal | None
    level_needed: Decimal
    value_now: Decimal | None
    value_needed: Decimal
    numerator_needed: Decimal | None
    numerator_missing: Decimal | None
    denominator: Decimal | None
    offices_missing: int
    levels: int
    cost: Decimal
    needs_th: str


@dataclass(frozen=True, slots=True)
class Break:
    """An indicator whose fall by one level loses the present star."""

    code: str
    name_th: str
    level_now: Decimal
    level_after: Decimal
    stars_after: int | None


@dataclass(frozen=True, slots=True)
class NextStar:
    """The cheapest set of steps to `target` stars.

    present: None where the place has no star yet. target: None where it has all five. reachable:
    some set of steps reaches it. cost is 0 and steps empty where nothing is needed or nothing helps.
    score_after, stars_after: of the place once the steps are done. what_would_break_it: only for a
    place that has stars.
    """

    present: int | None
    target: int | None
    reachable: bool
    cost: Decimal
    steps: tuple[Step, ...]
    score_after: Decimal | None
    stars_after: int | None
    what_would_break_it: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One thing that can be done with one indicator; index 0 is to leave it."""

    scored: IndicatorScore
    raises: int
    completes: bool
    cost: int
    key: int


_Chosen = _Choice | tuple["_Chosen", "_Chosen"] | None
"""What has been chosen so far, as a tree that is cheap to grow; read by `_in_order`."""

_State = tuple[int, int, _Chosen]
"""key, points, chosen. Points: Σ weight × level, or Σ dimension weight × dimension score."""

_Front = list[_State]
"""States by rising key, each with more points than all before it."""


def next_star(
    definition: FrameworkDefinition, score: PlaceScore, *, target: int | None = None
) -> NextStar:
    """Return the cheapest set of steps from this score to the next overall star, or to `target`.

    target: 1–5; by default one more than now, or the first for a place that has none. Raises
    ValueError for any other target.

    Source: product description, "Next star".
    """
    breaks = what_would_break_it(definition, score)
    if target is None:
        target = 1 if score.stars is None else score.stars + 1
        if target > 5:
            return NextStar(
                score.stars, None, True, Decimal(0), (), score.score, score.stars, breaks
            )
    if not 1 <= target <= 5:
        raise ValueError(f"{target} stars: there are 1 to 5")
    chosen = _cheapest(definition, score, target)
    if chosen is None:
        return NextStar(
            score.stars, target, False, Decimal(0), (), score.score, score.stars, breaks
        )
    after = _after(definition, score, {each.scored.code: each.scored for each in chosen})
    before = {each.code: each for each in score.indicators}
    steps = tuple(
        _step(definition.indicator(each.scored.code), before[each.scored.code], each)
        for each in chosen
    )
    cost = sum((each.cost for each in steps), Decimal(0))
    return NextStar(score.stars, target, True, cost, steps, after.score, after.stars, breaks)


def what_would_break_it(definition: FrameworkDefinition, score: PlaceScore) -> tuple[Break, ...]:
    """Return the indicators whose fall by one level would cost the place a star, in framework order.

    One level: 1 of 5 (never below 1), or down to the next breakpoint (from the first to nothing).

    Source: product description, "Next star" ("and what would break it").
    """
    if score.stars is None:
        return ()
    breaks = []
    for each in score.indicators:
        if each.value is None or each.level is None:
            continue
        indicator = definition.indicator(each.code)
        now = level_in(definition, indicator, each.value)
        lower = _one_lower(definition, now)
        level = penalised(lower, each.missed, definition.star_rules.penalty_per_missed_report)
        if lower == now:
            continue
        after = _after(definition, score, {each.code: each._replace(level=level)})
        if after.stars is None or after.stars < score.stars:
            breaks.append(Break(each.code, indicator.name_th, each.level, level, after.stars))
    return tuple(breaks)


def _one_lower(definition: FrameworkDefinition, level: Decimal) -> Decimal:
    if definition.scheme == "ladder5":
        return max(level - 1, Decimal(1))
    points = definition.star_rules.breakpoints
    return max((each for each in points if each < level), default=Decimal(0))


def _after(
    definition: FrameworkDefinition, score: PlaceScore, changed: dict[str, IndicatorScore]
) -> PlaceScore:
    """Score the place again with some indicators changed, by the rules of `scoring` themselves."""
    dimensions: list[DimensionScore] = []
    for dimension, scored in zip(definition.dimensions, score.dimensions, strict=True):
        if any(each.code in changed for each in scored.indicators):
            indicators = [changed.get(each.code, each) for each in scored.indicators]
            dimensions.append(total_up(definition, dimension, indicators))
        else:
            dimensions.append(scored)
    return overall(definition, dimensions)


# -- the optimum ----------------------------------------------------------------------------------


def _cheapest(
    definition: FrameworkDefinition, score: PlaceScore, target: int
) -> list[_Choice] | None:
    """Return the choices of the optimum, in framework order; None where it is out of reach."""
    rules = definition.star_rules
    margin = 5 if rules.balance_margin is None else rules.balance_margin
    floor = _least_score(definition, max(target - margin, 1))
    unit = _unit(each.weight for each in definition.dimensions)
    key_of = _Keys(definition)
    dimensions = [
        _Dimension(definition, one, scored, key_of, weight=int(one.weight * unit), floor=floor)
        for one, scored in zip(definition.dimensions, score.dimensions, strict=True)
        if scored.applies
    ]
    if not dimensions:
        return None
    # Rounded half up, points ÷ weight reaches `least` as soon as 2 points + weight ≥ 2 weight least.
    least, weight = _least_score(definition, target), sum(each.weight for each in dimensions)
    needed = max(-((weight - 2 * weight * least) // 2), 0)
    by_cost = [each.front(lambda choice: choice.cost) for each in dimensions]
    enough = [key for key, points, _ in _joined(by_cost) if points >= needed]
    if not enough:
        return None
    cost = enough[0]
    least_costs = [front[0][0] for front in by_cost]
    fronts = []
    for number, each in enumerate(dimensions):
        others = _joined(by_cost[:number] + by_cost[number + 1 :])
        left = cost - sum(least_costs) + least_costs[number]
        within = each.front(lambda choice: choice.key, most=(left + 1) * key_of.per_cost - 1)
        fronts.append(
            [
                state
                for state in within
                if state[1] + _most_points(others, cost - state[0] // key_of.per_cost) >= needed
            ]
        )
    return _in_order(next(state for state in _joined(fronts, needed) if state[1] >= needed)[2])


class _Keys:
    """Packs the order of preference into one whole number per choice, so that sums compare right.

    From the most significant: cost, number of indicators, which indicators (earlier ones weigh
    more, and count against the key), index of the choice.
    """

    def __init__(self, definition: FrameworkDefinition) -> None:
        codes = [each.code for each in definition.indicators]
        self.place = {code: len(codes) - 1 - number for number, code in enumerate(codes)}
        self.unit = _unit(each.effort for each in definition.indicators)
        self.below_which = 1 << 5 * len(codes)
        self.per_one = self.below_which << len(codes)
        self.per_cost = (len(codes) + 1) * self.per_one

    def cost(self, indicator: IndicatorDefinition, steps: int) -> int:
        return int(indicator.effort * self.unit) * steps

    def key(self, indicator: IndicatorDefinition, steps: int, index: int) -> int:
        place = self.place[indicator.code]
        which = self.per_one - (self.below_which << place)
        chosen = index << 5 * place
        return self.cost(indicator, steps) * self.per_cost + which + chosen


class _Dimension:
    """The choices in one dimension, and the fronts they make."""

    def __init__(
        self,
        definition: FrameworkDefinition,
        dimension: DimensionDefinition,
        scored: DimensionScore,
        key_of: _Keys,
        *,
        weight: int,
        floor: int,
    ) -> None:
        self.weight = weight
        self.floor = floor
        self.min_completeness = definition.star_rules.min_completeness
        applying = [
            (one, each)
            for one, each in zip(dimension.indicators, scored.indicators, strict=True)
            if each.status != "not_applicable"
        ]
        self.applying_weight = sum((each.weight for _, each in applying), Decimal(0))
        self.unit = _unit(each.weight for _, each in applying)
        self.choices = [_choices(definition, one, each, key_of) for one, each in applying]

    def front(self, key_of: Callable[[_Choice], int], *, most: int | None = None) -> _Front:
        """States of the whole dimension that earn its star, by the given key, up to `most`."""
        groups: dict[tuple[int, Decimal], _Front] = {(0, Decimal(0)): [(0, 0, None)]}
        for choices in self.choices:
            grown: dict[tuple[int, Decimal], _Front] = {}
            for choice in choices:
                scored, added = choice.scored, key_of(choice)
                weight = 0 if scored.level is None else int(scored.weight * self.unit)
                points = 0 if scored.level is None else weight * _whole(scored.level)
                told = reported_part(scored)
                for (sum_weight, sum_told), states in groups.items():
                    group = grown.setdefault((sum_weight + weight, EXACT.add(sum_told, told)), [])
                    group.extend(
                        (key + added, had + points, (before, choice) if added else before)
                        for key, had, before in states
                        if most is None or key + added <= most
                    )
            groups = {group: _pruned(states) for group, states in grown.items()}
        return _pruned(
            [
                (key, self.weight * score, chosen)
                for (weight, told), states in groups.items()
                if weight and percent(told, self.applying_weight) >= self.min_completeness
                for key, points, chosen in states
                if (score := (2 * points + weight) // (2 * weight)) >= self.floor
            ]
        )


def _choices(
    definition: FrameworkDefinition,
    indicator: IndicatorDefinition,
    scored: IndicatorScore,
    key_of: _Keys,
) -> list[_Choice]:
    """Return what can be done with one indicator: nothing first, then by steps."""
    choices = [_Choice(scored, 0, False, 0, 0)]
    reach = _reachable(definition, indicator)
    if scored.value is not None:
        now = level_in(definition, indicator, scored.value)
        reach = [(now, scored.value), *(each for each in reach if each[0] > now)]
    for raises, (level, value) in enumerate(reach, start=0 if scored.value is not None else 1):
        after = penalised(level, scored.missed, definition.star_rules.penalty_per_missed_report)
        for completes in (False, True):
            if (not raises and not completes) or (completes and scored.status != "partly"):
                continue
            parts, steps = scored.parts, raises + completes
            if completes and parts is not None:
                parts = parts._replace(reported=parts.expected)
            if parts is None or not parts.reported:
                parts = Parts(Decimal(0), None, 1, 1)
            choices.append(
                _Choice(
                    scored._replace(level=after, value=value, parts=parts),
                    raises,
                    completes,
                    key_of.cost(indicator, steps),
                    key_of.key(indicator, steps, len(choices)),
                )
            )
    return choices


def _reachable(
    definition: FrameworkDefinition, indicator: IndicatorDefinition
) -> list[tuple[Decimal, Decimal]]:
    """Return each level (or points) that a step's value earns, with that value, rising."""
    scale: tuple[Decimal, ...] = indicator.ladder.levels if indicator.ladder else ()
    if definition.scheme == "points100" and indicator.breakpoints:
        scale = indicator.breakpoints.values
    reach: dict[Decimal, Decimal] = {}
    for value in scale:
        reach.setdefault(level_in(definition, indicator, value), value)
    return sorted(reach.items())


def _joined(fronts: Sequence[_Front], needed: int = 0) -> _Front:
    """Return the front of choosing one state from each front, less what cannot reach `needed`."""
    joined: _Front = [(0, 0, None)]
    for number, front in enumerate(fronts):
        still = sum(each[-1][1] for each in fronts[number + 1 :] if each)
        joined = _pruned(
            [
                (key + more_key, points + more, (chosen, more_chosen))
                for key, points, chosen in joined
                for more_key, more, more_chosen in front
                if points + more + still >= needed
            ]
        )
    return joined


def _pruned(states: _Front) -> _Front:
    """Keep only states with more points than every state of a smaller key."""
    kept: _Front = []
    most = -1
    for state in sorted(states, key=itemgetter(0)):
        if state[1] > most:
            most = state[1]
            if kept and kept[-1][0] == state[0]:
                kept[-1] = state
            else:
                kept.append(state)
    return kept


def _most_points(front: _Front, most_key: int) -> float:
    """The most points that a front gives for a key of at most `most_key`; −∞ where none does."""
    at = bisect_right(front, most_key, key=lambda state: state[0])
    return front[at - 1][1] if at else -inf


def _in_order(chosen: _Chosen) -> list[_Choice]:
    if chosen is None:
        return []
    if isinstance(chosen, _Choice):
        return [chosen]
    return _in_order(chosen[0]) + _in_order(chosen[1])


def _unit(numbers: Iterable[Decimal]) -> int:
    """The power of ten that makes every one of these decimals whole."""
    places = (-int(each.as_tuple().exponent) for each in numbers)
    return int(10 ** max(0, max(places, default=0)))


def _whole(level: Decimal) -> int:
    return int(level * _TEN_THOUSAND)


def _least_score(definition: FrameworkDefinition, stars: int) -> int:
    """The lowest score, in ten-thousandths, that earns this many stars by its share."""
    if stars == 1:
        return 0
    cutoff = definition.star_rules.cutoffs[5 - stars]
    per_share = Decimal(500) if definition.scheme == "ladder5" else Decimal(10_000)
    return int((cutoff * per_share).to_integral_value(ROUND_CEILING))


# -- in words -------------------------------------------------------------------------------------


def _step(indicator: IndicatorDefinition, before: IndicatorScore, choice: _Choice) -> Step:
    """Return the step that a choice means, with what it takes in the indicator's own numbers."""
    after = choice.scored
    assert after.value is not None
    assert after.level is not None
    numerator = missing = denominator = None
    if choice.raises and before.value is not None and before.parts is not None:
        denominator = before.parts.denominator
        numerator = _numerator_for(indicator, after.value, before.parts)
        missing = numerator - before.parts.numerator
    offices = 0
    if before.parts is not None and before.status in ("partly", "missing"):
        offices = max(before.parts.expected - before.parts.reported, 0)
    offices = offices if choice.completes or before.value is None else 0
    return Step(
        code=indicator.code,
        name_th=indicator.name_th,
        unit_th=indicator.unit_th,
        level_now=before.level,
        level_needed=after.level,
        value_now=before.value,
        value_needed=after.value,
        numerator_needed=numerator,
        numerator_missing=missing,
        denominator=denominator,
        offices_missing=offices,
        levels=choice.raises,
        cost=indicator.effort * (choice.raises + choice.completes),
        needs_th=_needs(indicator, before, choice, numerator, missing),
    )


def _numerator_for(indicator: IndicatorDefinition, value: Decimal, parts: Parts) -> Decimal:
    """Return the numerator nearest to the present one that earns the value at the same denominator.

    Whole where the parts are counted things, else to 6 decimals.
    """
    descending = _falls(indicator)
    size = Decimal(1) if indicator.whole or indicator.kind == "count" else Decimal("0.000001")
    exact = EXACT.divide(EXACT.multiply(value, parts.denominator or Decimal(1)), indicator.factor)
    numerator = exact.quantize(size, ROUND_FLOOR if descending else ROUND_CEILING)
    # The value is rounded to 6 decimals, so one unit less may do (2 of 3 earns 66.666667).
    easier = numerator + size if descending else numerator - size
    reached = value_of(indicator, parts._replace(numerator=easier))
    if reached is not None and (reached <= value if descending else reached >= value):
        return easier
    return numerator


def _falls(indicator: IndicatorDefinition) -> bool:
    scale = indicator.ladder or indicator.breakpoints
    return scale is not None and scale.descending


def _needs(
    indicator: IndicatorDefinition,
    before: IndicatorScore,
    choice: _Choice,
    numerator: Decimal | None,
    missing: Decimal | None,
) -> str:
    after = choice.scored
    assert after.value is not None
    bound = "ไม่เกิน" if _falls(indicator) else "อย่างน้อย"
    wanted = f"{bound} {indicator.amount_th(after.value)}"
    said = []
    if choice.completes and before.parts is not None:
        left = before.parts.expected - before.parts.reported
        said.append(f"ติดตามอีก {left} หน่วยงานที่ยังไม่รายงานให้ครบ")
    if before.value is None:
        said.append(f"รายงานผลให้ได้{wanted}")
    elif choice.raises:
        said.append(f"ให้ได้{wanted} (ปัจจุบัน {indicator.amount_th(before.value)})")
    single = before.parts is None or before.parts.denominator in (None, 1)
    if indicator.steps_th and choice.raises and single:
        first = 1 if before.value is None else int(before.value) + 1
        said.extend(
            f"ขั้นที่ {number}: {indicator.steps_th[number - 1]}"
            for number in range(max(first, 1), min(int(after.value), 5) + 1)
        )
    elif numerator is not None and missing is not None and before.parts is not None:
        change = "ลดลงอีก" if missing < 0 else "ขาดอีก"
        # Said to two places and to the safe side: nobody disburses 2,093,999.999999 baht.
        said_as = numerator.quantize(
            Decimal("0.01"), ROUND_FLOOR if _falls(indicator) else ROUND_CEILING
        )
        missing += said_as - numerator
        base = before.parts.denominator
        of = ""
        if base is not None and base != 1:
            # Only a ratio's numerator is a part of its denominator.
            amount = format_trimmed(base)
            named = indicator.base_th or indicator.denominator_th
            of = f" จาก {amount}" if indicator.kind == "ratio" else f" ต่อ {amount} {named}"
        said.append(
            f"{indicator.numerator_th or indicator.name_th} {format_trimmed(said_as)}{of} "
            f"({change} {format_trimmed(abs(missing))})"
        )
    return "; ".join(said)
