"""From reported figures to stars. Pure and exact: `Decimal` throughout, no clock, no chance.

Everything a stranger needs in order to recompute a star, in order. "Rounded" always means half up
(a tie goes away from zero), and every later step starts from the rounded number that is shown,
never from a hidden longer one.

1.  Parts. Each report becomes additive parts: numerator, denominator, how many offices reported
    and how many were expected to. ratio: the two counts. average: sum and n. count and latest: the
    number, over its base where the indicator rolls up by parts, over 1 where it rolls up by mean,
    over nothing where it is a plain sum. milestone and rubric: the step or score, over 1.
    linked: the parts as the other area reported them.
    A milestone's step is the highest unbroken one; a rubric's score is the checked score, and
    the office's own score while there is none.
2.  Roll-up. A higher place's parts are the sums of the parts below it. Nothing is averaged twice
    and nothing is summed over time.
3.  value = numerator × factor ÷ denominator (numerator × factor where there is no denominator),
    rounded to 6 decimals. Nobody reported: no value, and never zero.
4.  Level, ladder5. With the ladder L1…L5 (a descending ladder and the value both turned by −1):
    value ≤ L1 → 1; value ≥ L5 → 5; else k is the highest level with Lk ≤ value (so of equal
    neighbours the higher), and level = k + (value − Lk) ÷ (Lk+1 − Lk), rounded to 4 decimals.
    Points, points100: below the first breakpoint 0; at or above the third the third's points;
    between two breakpoints linear between their points; rounded to 4 decimals.
5.  Penalty. level − missed reports × points per missed report, never below 0.
6.  Dimension score = Σ(weight × level) ÷ Σ weight over the indicators with a level, rounded to 4
    decimals. Indicators that do not apply to the place count nowhere.
    share of full marks = score ÷ 5 × 100 (ladder5), or the points themselves (points100).
    completeness = Σ(weight × reported ÷ expected) ÷ Σ weight × 100 over the indicators that apply,
    rounded to 4 decimals. Completeness under the framework's minimum: no star. Otherwise 5, 4, 3 or
    2 stars where the share is at or above that cut-off, else 1.
7.  The place: score = Σ(dimension weight × dimension score) ÷ Σ dimension weight over dimensions
    with a score, rounded to 4 decimals; completeness likewise over dimensions that apply;
    stars by mean from the share of that score.
    Balance: stars = the smaller of stars by mean and (lowest dimension's stars + margin).
    A dimension without a star leaves the place not yet starred.

Sources: the product description, "Stars: the rules"; domain facts §2.1 (ladder, check values,
penalty, weighted score) and §2.2 (50/75/100).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal, NamedTuple

from tiddao.indicators.rules.definitions import (
    Breakpoints,
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
    Kind,
    Ladder,
    Scheme,
    StarRules,
)

EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
"""Long enough that no quotient of reported sums falls on the wrong side of a tie before it is
rounded: reported figures have at most 28 digits.
"""

_MICRO = Decimal("0.000001")
_FOUR = Decimal("0.0001")
_ZERO = Decimal(0)
_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_NOTHING = Decimal("0.0000")
_LOWEST_LEVEL = Decimal("1.0000")
_HIGHEST_LEVEL = Decimal("5.0000")

MOST_DECIMALS = 10
"""Decimals kept of a reported figure."""
TOO_LARGE = Decimal(10) ** 18
"""Reported figures stay below this."""

Status = Literal["reported", "partly", "missing", "not_applicable"]
Reason = Literal["incomplete", "nothing_applies"]


# -- what was reported ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reported:
    """What one office reported for one indicator; only the fields of its kind are filled.

    ratio, average, linked: numerator and denominator (average: sum and n). count, latest: numerator,
    and the base as denominator where the indicator rolls up by parts. milestone: steps done, 1–5
    (an empty set: started nothing). rubric: self_score and checked_score, 1–5.
    """

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    steps: frozenset[int] | None = None
    self_score: Decimal | None = None
    checked_score: Decimal | None = None


class Parts(NamedTuple):
    """The additive parts of one indicator at one place.

    reported of expected: offices that reported, and offices that were to. A place that has not
    reported is `NOT_REPORTED`, which adds to what was expected and to nothing else. A named tuple,
    for the same reason as `IndicatorScore`.
    """

    numerator: Decimal
    denominator: Decimal | None
    reported: int = 1
    expected: int = 1


NOT_REPORTED = Parts(_ZERO, None, 0, 1)


class ImpossibleReport(ValueError):
    """A report that cannot be true. code is stable; message_th is shown to the person reporting.

    code: missing_part, unexpected_part, not_a_number, too_precise, too_large, negative, not_whole,
    zero_base, numerator_over_denominator, below_minimum, above_maximum, unknown_step,
    step_skipped, outside_rubric. part: the field of `Reported` it is about.
    """

    def __init__(self, code: str, part: str, message_th: str) -> None:
        super().__init__(message_th)
        self.code = code
        self.part = part
        self.message_th = message_th


_PART_TH = {
    "numerator": "ตัวตั้ง",
    "denominator": "ตัวหาร",
    "steps": "ขั้นที่ทำแล้ว",
    "self_score": "คะแนนประเมินตนเอง",
    "checked_score": "คะแนนผู้ตรวจ",
}


def parts_asked(indicator: IndicatorDefinition) -> tuple[str, ...]:
    """Names of the fields of `Reported` that a form or a sheet asks for, in order.

    Source: product description, "Indicator" (kinds and what is reported).
    """
    if indicator.kind == "linked" and indicator.otherwise is not None:
        return _asked(indicator.otherwise, indicator)
    return _asked(indicator.kind, indicator)


def contribution(indicator: IndicatorDefinition, report: Reported) -> Parts:
    """Return the additive parts of one office's report.

    Raises ImpossibleReport, with a stable code and a Thai message, when the report cannot be true.

    Source: product description, "Indicator" (kinds) and house rule "not reported is not zero".
    """
    kind = indicator.kind
    if kind == "linked" and indicator.otherwise is not None:
        by_hand = _asked(indicator.otherwise, indicator)
        if any(getattr(report, name) is not None for name in by_hand):
            kind = indicator.otherwise
    asked = _asked(kind, indicator)
    _refuse_unexpected(report, asked)
    if kind == "milestone":
        parts = Parts(Decimal(_highest_step(report.steps)), _ONE)
    elif kind == "rubric":
        parts = Parts(_rubric_score(report), _ONE)
    else:
        parts = _figures(indicator, kind, report, asked)
    _refuse_outside_bounds(indicator, parts)
    return parts


def merge(*parts: Parts) -> Parts:
    """Return the sum of the parts of several places (of one indicator, in one round).

    Order and grouping do not matter. No parts at all: nothing reported, nothing expected.

    Source: house rule "rates are recomputed from their parts, never averaged".
    """
    return merged(parts)


def merged(parts: Iterable[Parts]) -> Parts:
    """Return the same as `merge`, for any iterable.

    Source: house rule "rates are recomputed from their parts, never averaged".
    """
    add = EXACT.add
    numerator, denominator, reported, expected = _ZERO, None, 0, 0
    for each in parts:
        numerator = add(numerator, each.numerator)
        if each.denominator is not None:
            denominator = (
                each.denominator if denominator is None else add(denominator, each.denominator)
            )
        reported += each.reported
        expected += each.expected
    return Parts(numerator, denominator, reported, expected)


# -- value, level, stars --------------------------------------------------------------------------


def value_of(indicator: IndicatorDefinition, parts: Parts) -> Decimal | None:
    """Return the value in the indicator's unit, 6 decimals half up; None when nobody reported.

    It is rounded here, so that every later step is exact arithmetic on the number people see.

    Source: product description, "Indicator" (value by kind); module docstring, steps 1–3.
    """
    if not parts.reported:
        return None
    value = EXACT.multiply(parts.numerator, indicator.factor)
    if parts.denominator is not None:
        value = EXACT.divide(value, parts.denominator)
    return value.quantize(_MICRO, ROUND_HALF_UP, EXACT)


def level_of(value: Decimal, ladder: Ladder) -> Decimal:
    """Return the level 1.0000–5.0000 of a value, linear between steps, 4 decimals half up.

    value: in the ladder's unit. At or below L1 (descending: at or above) is 1, at or beyond L5 is
    5, and of equal neighbouring steps the higher counts.

    Source: domain facts §2.1, "Formula to implement" and check values.
    """
    rising = ladder.rising
    turned = -value if ladder.descending else value
    if turned <= rising[0]:
        return _LOWEST_LEVEL
    if turned >= rising[4]:
        return _HIGHEST_LEVEL
    k = bisect_right(rising, turned)
    low = rising[k - 1]
    part = EXACT.divide(turned - low, rising[k] - low)
    return (k + part).quantize(_FOUR, ROUND_HALF_UP)


def points_of(
    value: Decimal, breakpoints: Breakpoints, points: tuple[Decimal, Decimal, Decimal]
) -> Decimal:
    """Return points of 100 for a value: ขั้นต้น/มาตรฐาน/ขั้นสูง are worth `points`, 4 decimals half up.

    Below ขั้นต้น is 0; linear between; at or beyond ขั้นสูง the last of `points`.

    Source: domain facts §2.2 (50/75/100; one agency printed 70).
    """
    rising = breakpoints.rising
    turned = -value if breakpoints.descending else value
    if turned < rising[0]:
        return _NOTHING
    if turned >= rising[2]:
        return points[2].quantize(_FOUR, ROUND_HALF_UP)
    k = bisect_right(rising, turned)
    low = rising[k - 1]
    gained = EXACT.multiply(turned - low, points[k] - points[k - 1])
    return (points[k - 1] + EXACT.divide(gained, rising[k] - low)).quantize(_FOUR, ROUND_HALF_UP)


def level_in(
    definition: FrameworkDefinition, indicator: IndicatorDefinition, value: Decimal
) -> Decimal:
    """Return the level (ladder5) or the points (points100) of a value, by the framework's scheme.

    Raises ValueError when the indicator lacks what the scheme needs.

    Source: product description, "Level": a framework uses one scheme.
    """
    if definition.scheme == "ladder5":
        if indicator.ladder is None:
            raise ValueError(f"{indicator.code}: no ladder")
        return level_of(value, indicator.ladder)
    if indicator.breakpoints is None:
        raise ValueError(f"{indicator.code}: no breakpoints")
    return points_of(value, indicator.breakpoints, definition.star_rules.breakpoints)


def penalised(score: Decimal, missed: int, per_report: Decimal) -> Decimal:
    """Return the level (or points) less `per_report` for each missed report, never below 0.

    Check values: one missed at 0.2: 5.0 → 4.8; two missed: 2.0 → 1.6.

    Source: domain facts §2.1, "Penalty for not reporting".
    """
    return max(score - missed * per_report, _ZERO).quantize(_FOUR, ROUND_HALF_UP)


def weighted_score(level: Decimal, weight: Decimal, total_weight: Decimal) -> Decimal:
    """Return level × weight ÷ total weight, 4 decimals half up: what one indicator brings.

    Check value: weight 4 of 100 at level 5 brings 0.2000.

    Source: domain facts §2.1, "Weighted score".
    """
    return EXACT.divide(level * weight, total_weight).quantize(_FOUR, ROUND_HALF_UP)


def share_of_full_marks(score: Decimal, scheme: Scheme) -> Decimal:
    """Return the share of full marks in per cent: score ÷ 5 × 100, or the points of 100.

    Source: product description, "Dimension stars".
    """
    return score * 20 if scheme == "ladder5" else score


def stars_for(share: Decimal, rules: StarRules) -> int:
    """Return 1–5 stars for a share of full marks (per cent); a share on a cut-off has reached it.

    Source: product description, "Dimension stars"; half-open intervals by domain facts §2.3.
    """
    for stars, cutoff in zip((5, 4, 3, 2), rules.cutoffs, strict=True):
        if share >= cutoff:
            return stars
    return 1


# -- a whole place --------------------------------------------------------------------------------


class IndicatorScore(NamedTuple):
    """One indicator at one place. level: after penalty, 1–5 (ladder5) or 0–100 (points100).

    of_weight: the weight scored in the dimension; `missed` reports cost `penalty` points. value and
    level are None where nobody reported. A named tuple, because a nation makes 50,000 of these at
    once and it is made in a third of the time of a frozen dataclass.
    """

    code: str
    status: Status
    weight: Decimal
    of_weight: Decimal
    parts: Parts | None
    value: Decimal | None
    level: Decimal | None
    missed: int
    penalty: Decimal

    @property
    def weighted(self) -> Decimal | None:
        """Level × weight ÷ weight scored in the dimension, 4 decimals: what it brings."""
        if self.level is None:
            return None
        return weighted_score(self.level, self.weight, self.of_weight)


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One dimension at one place. score: 4 decimals; share and completeness: per cent.

    applies: at least one indicator applies to the place. stars: None where the dimension does not
    apply or less than the framework's minimum was reported.
    """

    code: str
    name_th: str
    name_en: str
    weight: Decimal
    score: Decimal | None
    share: Decimal | None
    completeness: Decimal
    stars: int | None
    applies: bool
    indicators: tuple[IndicatorScore, ...]


@dataclass(frozen=True, slots=True)
class PlaceScore:
    """The stars of one place, and all they stand on.

    starred: it has stars; otherwise `reason` says why not and `incomplete` names the dimensions.
    capped_by: the lowest dimension, where the balance rule took stars away. stars_by_mean is
    what the mean alone would give, also for a place not yet starred.
    """

    score: Decimal | None
    share: Decimal | None
    stars: int | None
    stars_by_mean: int | None
    capped_by: str | None
    completeness: Decimal
    reason: Reason | None
    incomplete: tuple[str, ...]
    dimensions: tuple[DimensionScore, ...]

    @property
    def starred(self) -> bool:
        """Whether the place has stars at all."""
        return self.stars is not None

    @property
    def indicators(self) -> tuple[IndicatorScore, ...]:
        """All indicators, in the order of the dimensions."""
        return tuple(each for dimension in self.dimensions for each in dimension.indicators)


def score_place(
    definition: FrameworkDefinition,
    place_parts: Mapping[str, Parts],
    *,
    not_applicable: AbstractSet[str] = frozenset(),
    missed_reports: Mapping[str, int] | None = None,
) -> PlaceScore:
    """Score one place from its parts.

    place_parts: indicator code → parts; a code that is absent, or whose parts hold no report, is
    missing. not_applicable: codes that do not apply here. missed_reports: code → reports missed,
    for frameworks with a penalty. Raises KeyError for a code the framework does not have.

    Source: product description, "Dimension score", "Dimension stars", "Overall stars"; module
    docstring, steps 3–7.
    """
    missed_reports = missed_reports or {}
    dimensions = tuple(
        _score_dimension(definition, each, place_parts, not_applicable, missed_reports)
        for each in definition.dimensions
    )
    strangers = (place_parts.keys() | not_applicable | missed_reports.keys()) - {
        each.code for dimension in dimensions for each in dimension.indicators
    }
    if strangers:
        raise KeyError(", ".join(sorted(strangers)))
    return overall(definition, dimensions)


def overall(definition: FrameworkDefinition, dimensions: Sequence[DimensionScore]) -> PlaceScore:
    """Return the place's score and stars from its dimensions: mean, completeness, balance.

    Source: product description, "Overall stars"; module docstring, step 7.
    """
    rules = definition.star_rules
    applying = [each for each in dimensions if each.applies]
    if not applying:
        return PlaceScore(
            None,
            None,
            None,
            None,
            None,
            _NOTHING,
            "nothing_applies",
            (),
            tuple(dimensions),
        )
    completeness = _mean([(each.weight, each.completeness) for each in applying])
    score = _mean([(each.weight, each.score) for each in applying if each.score is not None])
    share = stars_by_mean = None
    if score is not None:
        share = share_of_full_marks(score, definition.scheme)
        stars_by_mean = stars_for(share, rules)
    starred = [(each.stars, each.code) for each in applying if each.stars is not None]
    incomplete = tuple(each.code for each in applying if each.stars is None)
    stars, capped_by = None, None
    if not incomplete and stars_by_mean is not None:
        stars = stars_by_mean
        lowest, lowest_code = min(starred, key=lambda pair: pair[0])
        if rules.balance_margin is not None and lowest + rules.balance_margin < stars:
            stars, capped_by = lowest + rules.balance_margin, lowest_code
    return PlaceScore(
        score,
        share,
        stars,
        stars_by_mean,
        capped_by,
        completeness if completeness is not None else _NOTHING,
        "incomplete" if incomplete else None,
        incomplete,
        tuple(dimensions),
    )


def total_up(
    definition: FrameworkDefinition,
    dimension: DimensionDefinition,
    indicators: Sequence[IndicatorScore],
) -> DimensionScore:
    """Return a dimension's score, completeness and stars from its indicators.

    Source: product description, "Dimension score", "Dimension stars"; module docstring, step 6.
    """
    rules = definition.star_rules
    applying_weight = scored_weight = reported_weight = total = _ZERO
    for each in indicators:
        if each.status == "not_applicable":
            continue
        applying_weight += each.weight
        if each.level is not None:
            scored_weight += each.weight
            total += each.weight * each.level
            reported_weight = EXACT.add(reported_weight, reported_part(each))
    score = share = stars = None
    completeness = _NOTHING
    if applying_weight:
        completeness = percent(reported_weight, applying_weight)
    if scored_weight:
        score = EXACT.divide(total, scored_weight).quantize(_FOUR, ROUND_HALF_UP)
        share = share_of_full_marks(score, definition.scheme)
        if completeness >= rules.min_completeness:
            stars = stars_for(share, rules)
    return DimensionScore(
        dimension.code,
        dimension.name_th,
        dimension.name_en,
        dimension.weight,
        score,
        share,
        completeness,
        stars,
        bool(applying_weight),
        tuple(indicators),
    )


def _score_dimension(
    definition: FrameworkDefinition,
    dimension: DimensionDefinition,
    place_parts: Mapping[str, Parts],
    not_applicable: AbstractSet[str],
    missed_reports: Mapping[str, int],
) -> DimensionScore:
    scored_weight = _ZERO
    for indicator in dimension.indicators:
        parts = place_parts.get(indicator.code)
        if parts is not None and parts.reported and indicator.code not in not_applicable:
            scored_weight += indicator.weight
    return total_up(
        definition,
        dimension,
        [
            _unscored(each, "not_applicable", scored_weight, None)
            if each.code in not_applicable
            else _score_indicator(
                definition, each, place_parts.get(each.code), scored_weight, missed_reports
            )
            for each in dimension.indicators
        ],
    )


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """Return part ÷ whole × 100, 4 decimals half up.

    Source: module docstring, step 6 (completeness).
    """
    return EXACT.divide(EXACT.multiply(part, _HUNDRED), whole).quantize(_FOUR, ROUND_HALF_UP)


def reported_part(scored: IndicatorScore) -> Decimal:
    """Return the part of an indicator's weight that counts as reported: weight × reported ÷ expected.

    Source: product description, "Dimension score" (completeness); module docstring, step 6.
    """
    if scored.parts is None or not scored.parts.reported:
        return _ZERO
    if scored.parts.reported >= scored.parts.expected:
        return scored.weight
    return EXACT.divide(scored.weight * scored.parts.reported, Decimal(scored.parts.expected))


def _score_indicator(
    definition: FrameworkDefinition,
    indicator: IndicatorDefinition,
    parts: Parts | None,
    of_weight: Decimal,
    missed_reports: Mapping[str, int],
) -> IndicatorScore:
    value = None if parts is None else value_of(indicator, parts)
    if parts is None or value is None:
        return _unscored(indicator, "missing", of_weight, parts)
    level = level_in(definition, indicator, value)
    missed, penalty = missed_reports.get(indicator.code, 0), _ZERO
    if missed:
        after = penalised(level, missed, definition.star_rules.penalty_per_missed_report)
        penalty, level = level - after, after
    status: Status = "partly" if parts.reported < parts.expected else "reported"
    return IndicatorScore(
        indicator.code, status, indicator.weight, of_weight, parts, value, level, missed, penalty
    )


def _unscored(
    indicator: IndicatorDefinition, status: Status, of_weight: Decimal, parts: Parts | None
) -> IndicatorScore:
    return IndicatorScore(
        indicator.code, status, indicator.weight, of_weight, parts, None, None, 0, _ZERO
    )


def _mean(pairs: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """Weighted mean of what is there, 4 decimals half up; None of nothing."""
    present = [(weight, each) for weight, each in pairs if each is not None]
    if not present:
        return None
    total = sum((weight * each for weight, each in present), _ZERO)
    return EXACT.divide(total, sum((weight for weight, _ in present), _ZERO)).quantize(
        _FOUR, ROUND_HALF_UP
    )


# -- is the report possible? ----------------------------------------------------------------------


def _asked(kind: Kind, indicator: IndicatorDefinition) -> tuple[str, ...]:
    if kind == "milestone":
        return ("steps",)
    if kind == "rubric":
        return ("self_score", "checked_score")
    if kind in ("count", "latest") and indicator.rollup != "parts":
        return ("numerator",)
    if kind == "linked" and indicator.rollup == "sum":
        return ("numerator",)
    return ("numerator", "denominator")


def _refuse_unexpected(report: Reported, asked: tuple[str, ...]) -> None:
    for name, thai in _PART_TH.items():
        if name not in asked and getattr(report, name) is not None:
            raise ImpossibleReport("unexpected_part", name, f"ตัวชี้วัดนี้ไม่รับ{thai}")


def _figures(
    indicator: IndicatorDefinition, kind: Kind, report: Reported, asked: tuple[str, ...]
) -> Parts:
    """Parts of the kinds that are reported as one or two figures."""
    whole = {
        "numerator": indicator.whole or (kind == "count"),
        "denominator": indicator.whole or kind == "average",
    }
    figures = {name: _figure(report, name, whole=whole[name]) for name in asked}
    numerator = figures["numerator"]
    denominator = figures.get("denominator")
    if denominator is not None and not denominator:
        thai = "จำนวนผู้ตอบ (n)" if kind == "average" else indicator.base_th or "ตัวหาร"
        raise ImpossibleReport("zero_base", "denominator", f"{thai} เป็น 0 จึงคำนวณค่าไม่ได้")
    if (
        kind == "ratio"
        and denominator is not None
        and indicator.maximum == _HUNDRED
        and numerator > denominator
    ):
        raise ImpossibleReport(
            "numerator_over_denominator",
            "numerator",
            f"ตัวตั้ง {numerator:f} มากกว่าตัวหาร {denominator:f} (เกินร้อยละ 100)",
        )
    if denominator is None and indicator.rollup == "mean":
        denominator = _ONE
    return Parts(numerator, denominator)


def _figure(report: Reported, name: str, *, whole: bool) -> Decimal:
    figure: Decimal | None = getattr(report, name)
    thai = _PART_TH[name]
    if figure is None:
        raise ImpossibleReport("missing_part", name, f"ยังไม่ได้กรอก{thai}")
    _refuse_unkeepable(figure, name)
    if figure < 0:
        raise ImpossibleReport("negative", name, f"{thai} {figure:f} ติดลบไม่ได้")
    if whole and figure != figure.to_integral_value():
        raise ImpossibleReport("not_whole", name, f"{thai} {figure:f} ต้องเป็นจำนวนเต็ม")
    return figure


def _refuse_unkeepable(figure: Decimal, name: str) -> None:
    thai = _PART_TH[name]
    exponent = figure.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ImpossibleReport("not_a_number", name, f"{thai} ไม่ใช่ตัวเลข")
    if -exponent > MOST_DECIMALS and figure != figure.quantize(
        _ONE.scaleb(-MOST_DECIMALS), ROUND_HALF_UP, EXACT
    ):
        raise ImpossibleReport("too_precise", name, f"{thai} มีทศนิยมเกิน {MOST_DECIMALS} ตำแหน่ง")
    if abs(figure) >= TOO_LARGE:
        raise ImpossibleReport("too_large", name, f"{thai} มากเกินกว่าที่เป็นไปได้")


def _highest_step(steps: frozenset[int] | None) -> int:
    if steps is None:
        raise ImpossibleReport("missing_part", "steps", "ยังไม่ได้ระบุขั้นที่ทำแล้ว")
    strange = sorted(steps - {1, 2, 3, 4, 5})
    if strange:
        raise ImpossibleReport("unknown_step", "steps", f"ไม่มีขั้นที่ {strange[0]} (มีขั้นที่ 1–5)")
    highest = len(steps)
    if steps != frozenset(range(1, highest + 1)):
        skipped = min(set(range(1, max(steps) + 1)) - steps)
        raise ImpossibleReport(
            "step_skipped", "steps", f"ข้ามขั้นที่ {skipped}: จะถึงขั้นที่ {max(steps)} ต้องทำขั้นก่อนหน้าครบ"
        )
    return highest


def _rubric_score(report: Reported) -> Decimal:
    """Return the checked score, else the office's own; both must be possible."""
    chosen: Decimal | None = None
    for name in ("self_score", "checked_score"):
        given: Decimal | None = getattr(report, name)
        if given is None:
            continue
        _refuse_unkeepable(given, name)
        if not 1 <= given <= 5:
            raise ImpossibleReport(
                "outside_rubric", name, f"{_PART_TH[name]} {given:f} ต้องอยู่ระหว่าง 1 ถึง 5"
            )
        chosen = given
    if chosen is None:
        raise ImpossibleReport("missing_part", "self_score", "ยังไม่ได้ให้คะแนน")
    return chosen


def _refuse_outside_bounds(indicator: IndicatorDefinition, parts: Parts) -> None:
    value = value_of(indicator, parts)
    if value is None:
        return
    if indicator.minimum is not None and value < indicator.minimum:
        raise ImpossibleReport(
            "below_minimum",
            "numerator",
            f"ค่า {indicator.amount_th(value)} ต่ำกว่าที่เป็นไปได้ ({indicator.amount_th(indicator.minimum)})",
        )
    if indicator.maximum is not None and value > indicator.maximum:
        raise ImpossibleReport(
            "above_maximum",
            "numerator",
            f"ค่า {indicator.amount_th(value)} เกินกว่าที่เป็นไปได้ ({indicator.amount_th(indicator.maximum)})",
        )
