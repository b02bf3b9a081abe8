"""Scoring by tables checked by hand, by properties, and by a second computation."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.rules import frameworks as make
from tests.indicators.rules.second_computation import second_score
from tiddao.indicators.rules.definitions import (
    Breakpoints,
    FrameworkDefinition,
    LadderRefused,
    StarRules,
)
from tiddao.indicators.rules.scoring import (
    NOT_REPORTED,
    ImpossibleReport,
    Parts,
    Reported,
    contribution,
    level_of,
    merge,
    merged,
    parts_asked,
    penalised,
    points_of,
    score_place,
    stars_for,
    value_of,
    weighted_score,
)

D = Decimal


# -- levels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ladder", "value", "level"),
    [
        ((92, 93, 94, 95, 96), "93.28", "2.2800"),  # domain facts §2.1
        ((92, 93, 94, 95, 96), "33.28", "1.0000"),
        ((92, 93, 94, 95, 96), "92", "1.0000"),
        ((92, 93, 94, 95, 96), "93", "2.0000"),
        ((92, 93, 94, 95, 96), "96", "5.0000"),
        ((92, 93, 94, 95, 96), "100", "5.0000"),
        ((40, 50, 60, 60, 70), "60", "4.0000"),
        ((40, 50, 60, 60, 70), "65", "4.5000"),
        ((40, 50, 60, 60, 70), "59.999999", "3.0000"),
        ((40, 40, 50, 60, 70), "40", "1.0000"),  # at L1, whatever follows
        ((40, 40, 50, 60, 70), "40.5", "2.0500"),
        ((40, 50, 60, 70, 70), "70", "5.0000"),
        ((40, 50, 50, 50, 70), "50", "4.0000"),
        ((20, 15, 10, 5, 0), "20", "1.0000"),  # lower is better
        ((20, 15, 10, 5, 0), "25", "1.0000"),
        ((20, 15, 10, 5, 0), "12.5", "2.5000"),
        ((20, 15, 10, 5, 0), "0", "5.0000"),
        ((20, 15, 10, 10, 0), "10", "4.0000"),
        ((0, 1, 2, 3, 6), "3.00005", "4.0000"),  # 4.00001666… rounds down
        ((0, 1, 2, 3, 4), "1.00005", "2.0001"),  # a tie goes up
    ],
)
def test_level_of_a_value(ladder: tuple[int, ...], value: str, level: str) -> None:
    assert str(level_of(D(value), make.ladder(*ladder))) == level


@pytest.mark.parametrize(
    "levels", [(1, 1, 1, 1, 1), (1, 2, 1, 3, 4), (5, 4, 6, 2, 1), (1, 0, 0, 0, 1)]
)
def test_ladder_that_does_not_run_one_way_is_refused(levels: tuple[int, ...]) -> None:
    with pytest.raises(LadderRefused):
        make.ladder(*levels)


@pytest.mark.parametrize(
    ("value", "middle", "points"),
    [
        ("59.999999", 75, "0.0000"),
        ("60", 75, "50.0000"),
        ("65", 75, "62.5000"),
        ("70", 75, "75.0000"),
        ("70", 70, "70.0000"),  # domain facts §2.2: one agency printed 70
        ("75", 70, "85.0000"),
        ("80", 75, "100.0000"),
        ("99", 75, "100.0000"),
    ],
)
def test_points_of_a_value(value: str, middle: int, points: str) -> None:
    scale = Breakpoints((D(60), D(70), D(80)))
    assert str(points_of(D(value), scale, (D(50), D(middle), D(100)))) == points


def test_points_where_less_is_better() -> None:
    scale = Breakpoints((D(30), D(20), D(10)))
    worth = (D(50), D(75), D(100))
    assert [points_of(D(each), scale, worth) for each in (31, 30, 25, 20, 5)] == [
        D(0), D(50), D("62.5"), D(75), D(100),
    ]  # fmt: skip


def test_penalty_is_a_fixed_part_of_a_point_for_each_report() -> None:
    assert penalised(D("5.0000"), 1, D("0.2")) == D("4.8")
    assert penalised(D("2.0000"), 2, D("0.2")) == D("1.6")
    assert penalised(D("0.3"), 2, D("0.2")) == 0


def test_weight_four_of_a_hundred_at_five_brings_a_fifth() -> None:
    assert str(weighted_score(D(5), D(4), D(100))) == "0.2000"


@pytest.mark.parametrize(
    ("share", "stars"),
    [
        ("90", 5),
        ("89.9999", 4),
        ("80", 4),
        ("79.9999", 3),
        ("70", 3),
        ("69.9999", 2),
        ("50", 2),
        ("49.9999", 1),
        ("20", 1),
    ],
)
def test_stars_at_the_edges(share: str, stars: int) -> None:
    assert stars_for(D(share), StarRules()) == stars


# -- what may be reported -------------------------------------------------------------------------

VILLAGES = make.ratio("1.1")
PER_TAMBON = make.ratio("2.1", kind="count", factor=D(1), maximum=D(50))
JOBS = make.ratio("2.2", kind="count", rollup="mean", factor=D(1), maximum=None)
TOTAL = make.ratio("2.3", kind="count", rollup="sum", factor=D(1), maximum=None)
HAPPY = make.ratio("3.2", kind="average", factor=D(1), minimum=D(1), maximum=D(5), whole=False)
PLAN = make.stepped("1.1")
LEADER = make.stepped("1.6", "rubric")
TEAM = make.stepped("1.5", "linked", link="teams", otherwise="milestone")
MONEY = make.ratio("1.7", kind="linked", link="budget", maximum=D(200), whole=False)
STOCK = make.ratio("4.2", kind="latest", rollup="sum", factor=D(1), maximum=None, whole=False)


@pytest.mark.parametrize(
    ("indicator", "report", "parts", "value"),
    [
        (VILLAGES, Reported(D(15), D(20)), Parts(D(15), D(20)), "75"),
        (VILLAGES, Reported(D(0), D(20)), Parts(D(0), D(20)), "0"),  # zero is a report
        (VILLAGES, Reported(D(2), D(3)), Parts(D(2), D(3)), "66.666667"),
        (PER_TAMBON, Reported(D(12), D(5)), Parts(D(12), D(5)), "2.4"),
        (JOBS, Reported(D(7)), Parts(D(7), D(1)), "7"),
        (TOTAL, Reported(D(7)), Parts(D(7), None), "7"),
        (STOCK, Reported(D("7.5")), Parts(D("7.5"), None), "7.5"),
        (HAPPY, Reported(D("41.5"), D(10)), Parts(D("41.5"), D(10)), "4.15"),
        (PLAN, Reported(steps=frozenset()), Parts(D(0), D(1)), "0"),
        (PLAN, Reported(steps=frozenset({1, 2, 3})), Parts(D(3), D(1)), "3"),
        (LEADER, Reported(self_score=D(4)), Parts(D(4), D(1)), "4"),
        (LEADER, Reported(self_score=D(4), checked_score=D("3.5")), Parts(D("3.5"), D(1)), "3.5"),
        (TEAM, Reported(steps=frozenset({1})), Parts(D(1), D(1)), "1"),
        (TEAM, Reported(D(4), D(1)), Parts(D(4), D(1)), "4"),
        (MONEY, Reported(D("110.25"), D(100)), Parts(D("110.25"), D(100)), "110.25"),
    ],
)
def test_contribution_of_each_kind(indicator, report, parts, value) -> None:
    assert contribution(indicator, report) == parts
    assert value_of(indicator, parts) == D(value)


@pytest.mark.parametrize(
    ("indicator", "report", "code", "part"),
    [
        (VILLAGES, Reported(D(21), D(20)), "numerator_over_denominator", "numerator"),
        (VILLAGES, Reported(D(5), D(0)), "zero_base", "denominator"),
        (VILLAGES, Reported(D(-1), D(20)), "negative", "numerator"),
        (VILLAGES, Reported(D("1.5"), D(20)), "not_whole", "numerator"),
        (VILLAGES, Reported(None, D(20)), "missing_part", "numerator"),
        (VILLAGES, Reported(D(1), None), "missing_part", "denominator"),
        (VILLAGES, Reported(D("NaN"), D(20)), "not_a_number", "numerator"),
        (VILLAGES, Reported(D(1), D("Infinity")), "not_a_number", "denominator"),
        (VILLAGES, Reported(D(1), D(20), steps=frozenset({1})), "unexpected_part", "steps"),
        (JOBS, Reported(D("7.5")), "not_whole", "numerator"),
        (JOBS, Reported(D(7), D(2)), "unexpected_part", "denominator"),
        (PER_TAMBON, Reported(D(500), D(5)), "above_maximum", "numerator"),
        (HAPPY, Reported(D(60), D(10)), "above_maximum", "numerator"),
        (HAPPY, Reported(D(5), D(10)), "below_minimum", "numerator"),
        (HAPPY, Reported(D(40), D("9.5")), "not_whole", "denominator"),
        (HAPPY, Reported(D(40), D(0)), "zero_base", "denominator"),
        (PLAN, Reported(steps=frozenset({1, 3})), "step_skipped", "steps"),
        (PLAN, Reported(steps=frozenset({2})), "step_skipped", "steps"),
        (PLAN, Reported(steps=frozenset({1, 6})), "unknown_step", "steps"),
        (PLAN, Reported(steps=frozenset({0, 1})), "unknown_step", "steps"),
        (PLAN, Reported(), "missing_part", "steps"),
        (PLAN, Reported(D(3)), "unexpected_part", "numerator"),
        (LEADER, Reported(self_score=D("0.5")), "outside_rubric", "self_score"),
        (LEADER, Reported(self_score=D(3), checked_score=D(6)), "outside_rubric", "checked_score"),
        (LEADER, Reported(), "missing_part", "self_score"),
        (MONEY, Reported(D(300), D(100)), "above_maximum", "numerator"),
        (STOCK, Reported(D(10) ** 18), "too_large", "numerator"),
        (STOCK, Reported(D("0.12345678901")), "too_precise", "numerator"),
    ],
)
def test_impossible_report_is_refused_with_its_reason(indicator, report, code, part) -> None:
    with pytest.raises(ImpossibleReport) as refused:
        contribution(indicator, report)
    assert (refused.value.code, refused.value.part) == (code, part)
    assert any("ก" <= letter <= "๙" for letter in refused.value.message_th)


@pytest.mark.parametrize(
    ("indicator", "asked"),
    [
        (VILLAGES, ("numerator", "denominator")),
        (JOBS, ("numerator",)),
        (PLAN, ("steps",)),
        (LEADER, ("self_score", "checked_score")),
        (TEAM, ("steps",)),
        (MONEY, ("numerator", "denominator")),
    ],
)
def test_parts_asked_follow_the_kind(indicator, asked) -> None:
    assert parts_asked(indicator) == asked


# -- roll-up --------------------------------------------------------------------------------------


def test_a_province_is_recomputed_from_parts_and_never_averaged() -> None:
    districts = [Parts(D(10), D(10)), Parts(D(10), D(90)), NOT_REPORTED]
    province = merged(districts)
    assert province == Parts(D(20), D(100), 2, 3)
    assert value_of(VILLAGES, province) == 20  # the mean of 100 and 11.1 would be 55.6


def test_a_count_by_mean_keeps_the_ladder_fair_for_a_province() -> None:
    province = merge(*(contribution(JOBS, Reported(D(each))) for each in (4, 8)))
    assert value_of(JOBS, province) == 6


def test_nobody_reported_is_no_value_and_zero_is_a_value() -> None:
    assert value_of(VILLAGES, merge(NOT_REPORTED, NOT_REPORTED)) is None
    assert value_of(VILLAGES, merge()) is None
    assert value_of(VILLAGES, Parts(D(0), D(4))) == 0


any_parts = st.builds(
    Parts,
    st.decimals(-(10**17), 10**17, places=4),
    st.one_of(st.none(), st.decimals(0, 10**17, places=4)),
    st.integers(0, 20),
    st.integers(0, 20),
)


@given(any_parts, any_parts, any_parts)
def test_merging_in_any_order_and_grouping_is_the_same(
    one: Parts, two: Parts, three: Parts
) -> None:
    whole = merge(one, two, three)
    assert merge(merge(one, two), three) == merge(one, merge(two, three)) == whole
    assert merge(three, one, two) == whole
    assert merge(one, Parts(D(0), None, 0, 0)) == one


# -- properties of levels -------------------------------------------------------------------------


@given(make.ladders(), make.numbers, make.numbers)
def test_level_never_falls_when_the_value_gets_better(scale, one: Decimal, two: Decimal) -> None:
    worse, better = sorted([one, two], reverse=scale.descending)
    assert D(1) <= level_of(worse, scale) <= level_of(better, scale) <= D(5)


@given(make.ladders(), make.numbers)
def test_level_is_the_same_in_the_mirror(scale, value: Decimal) -> None:
    mirrored = make.ladder(*(str(-each) for each in scale.levels))
    assert mirrored.descending != scale.descending
    assert level_of(-value, mirrored) == level_of(value, scale)


@given(make.ladders())
def test_the_value_of_a_step_earns_at_least_that_step(scale) -> None:
    for number, value in enumerate(scale.levels, start=1):
        level = level_of(value, scale)
        assert level == level.to_integral_value()
        assert level >= number or value == scale.levels[0]


@given(make.breakpoints(), make.numbers, make.numbers)
def test_points_never_fall_when_the_value_gets_better(scale, one: Decimal, two: Decimal) -> None:
    worth = (D(50), D(75), D(100))
    worse, better = sorted([one, two], reverse=scale.descending)
    assert D(0) <= points_of(worse, scale, worth) <= points_of(better, scale, worth) <= D(100)


# -- a whole place --------------------------------------------------------------------------------


def two_dimensions(**rules) -> FrameworkDefinition:
    """Dimension 1: milestones of weights 10, 10; dimension 2: five of weight 20."""
    return make.framework(
        make.dimension("1", *(make.stepped(f"1.{n}", weight=D(10)) for n in (1, 2))),
        make.dimension("2", *(make.stepped(f"2.{n}", weight=D(20)) for n in range(1, 6))),
        star_rules=StarRules(**rules),
    )


def levels(one, two) -> dict[str, Parts]:
    found = {f"1.{n}": make.at_level(each) for n, each in enumerate(one, start=1) if each}
    return found | {f"2.{n}": make.at_level(each) for n, each in enumerate(two, start=1) if each}


def test_a_place_by_hand() -> None:
    score = score_place(two_dimensions(), levels((4, 5), (4, 4, 4, 4, 5)))
    one, two = score.dimensions
    assert (one.score, one.share, one.stars) == (D("4.5000"), D(90), 5)
    assert (two.score, two.share, two.stars) == (D("4.2000"), D(84), 4)
    assert (score.score, score.share, score.stars) == (D("4.3500"), D(87), 4)
    assert score.completeness == 100
    assert [each.weighted for each in one.indicators] == [D("2.0000"), D("2.5000")]


def test_the_lowest_dimension_holds_the_stars_back() -> None:
    definition = two_dimensions()
    score = score_place(definition, levels((5, 5), (2, 3, 2, 3, 3)))
    assert [each.stars for each in score.dimensions] == [5, 2]
    assert (score.score, score.stars_by_mean, score.stars) == (D("3.8000"), 3, 3)
    assert score.capped_by is None  # one above the lowest is allowed
    low = score_place(definition, levels((5, 5), (2, 2, 2, 2, 2)))
    assert (low.stars_by_mean, low.stars, low.capped_by) == (3, 2, "2")
    free = replace(definition, star_rules=StarRules(balance_margin=None))
    assert score_place(free, levels((5, 5), (2, 2, 2, 2, 2))).stars == 3


def test_a_dimension_with_too_little_reported_has_no_star() -> None:
    definition = two_dimensions()
    enough = score_place(definition, levels((5, 5), (5, 5, 5, 5, None)))
    assert (enough.dimensions[1].completeness, enough.stars) == (D("80.0000"), 5)
    assert enough.completeness == D("90.0000")
    short = score_place(definition, levels((5, 5), (5, 5, 5, None, None)))
    assert short.dimensions[1].score == 5  # missing is not zero
    assert short.dimensions[1].stars is None
    assert (short.starred, short.stars, short.reason) == (False, None, "incomplete")
    assert (short.incomplete, short.stars_by_mean) == (("2",), 5)
    assert [each.status for each in short.dimensions[1].indicators] == ["reported"] * 3 + [
        "missing"
    ] * 2


def test_part_of_the_offices_counts_as_part_of_the_weight() -> None:
    found = levels((5, 5), (5, 5, 5, 5, 5))
    found["2.1"] = found["2.1"]._replace(reported=1, expected=3)
    score = score_place(two_dimensions(), found)
    assert score.dimensions[1].completeness == D("86.6667")
    assert score.dimensions[1].indicators[0].status == "partly"
    assert score.dimensions[1].score == 5


def test_what_does_not_apply_counts_nowhere() -> None:
    definition = two_dimensions()
    score = score_place(
        definition, levels((5, 5), (5, 5, 5, None, None)), not_applicable={"2.4", "2.5"}
    )
    assert (score.dimensions[1].completeness, score.stars) == (D("100.0000"), 5)
    alone = score_place(
        definition, levels((5, 4), ()), not_applicable={f"2.{n}" for n in range(1, 6)}
    )
    assert (alone.score, alone.stars, alone.dimensions[1].applies) == (D("4.5000"), 5, False)
    nothing = score_place(
        definition, {}, not_applicable={each.code for each in definition.indicators}
    )
    assert (nothing.stars, nothing.reason) == (None, "nothing_applies")


def test_a_place_that_reported_nothing_has_no_score() -> None:
    score = score_place(two_dimensions(), {"1.1": NOT_REPORTED})
    assert (score.score, score.stars, score.completeness) == (None, None, D(0))
    assert score.incomplete == ("1", "2")


def test_missed_reports_cost_what_the_framework_says() -> None:
    definition = two_dimensions(penalty_per_missed_report=D("0.2"))
    score = score_place(definition, levels((5, 5), (5,) * 5), missed_reports={"1.1": 1})
    first = score.dimensions[0].indicators[0]
    assert (first.level, first.penalty, first.missed) == (D("4.8"), D("0.2"), 1)
    assert score.dimensions[0].score == D("4.9000")


def test_an_unknown_indicator_is_an_error() -> None:
    with pytest.raises(KeyError, match="9\\.9"):
        score_place(two_dimensions(), {"9.9": make.at_level(3)})


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_second_computation_agrees(data: st.DataObject) -> None:
    definition = data.draw(make.frameworks())
    found, not_applicable, missed = data.draw(make.places(definition))
    score = score_place(definition, found, not_applicable=not_applicable, missed_reports=missed)
    second = second_score(definition, found, not_applicable, missed)
    assert {i.code: Fraction(i.level) for i in score.indicators if i.level is not None} == second[
        "levels"
    ]
    for dimension in score.dimensions:
        expected, complete, stars = second["dimensions"][dimension.code]
        assert dimension.score == expected
        assert Fraction(dimension.completeness) == complete
        assert dimension.stars == stars
    assert score.score == second["score"]
    assert Fraction(score.completeness) == second["completeness"]
    assert score.stars == second["stars"]


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 9))
def test_weights_count_only_beside_each_other(data: st.DataObject, times: int) -> None:
    definition = data.draw(make.frameworks())
    found, not_applicable, missed = data.draw(make.places(definition))
    heavier = replace(
        definition,
        dimensions=tuple(
            replace(
                dimension,
                weight=dimension.weight * times,
                indicators=tuple(replace(i, weight=i.weight * times) for i in dimension.indicators),
            )
            for dimension in definition.dimensions
        ),
    )
    one, two = (
        score_place(each, found, not_applicable=not_applicable, missed_reports=missed)
        for each in (definition, heavier)
    )
    assert (one.score, one.stars, one.completeness) == (two.score, two.stars, two.completeness)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_better_indicator_never_lowers_the_place(data: st.DataObject) -> None:
    definition = data.draw(make.frameworks())
    found, not_applicable, missed = data.draw(make.places(definition))
    code = data.draw(st.sampled_from([each.code for each in definition.indicators]))
    before = score_place(definition, found, not_applicable=not_applicable, missed_reports=missed)
    scale = definition.indicator(code).ladder or definition.indicator(code).breakpoints
    part = found.get(code)
    if part is None or scale is None:
        return
    by = data.draw(st.decimals(0, 500, places=2)) * (-1 if scale.descending else 1)
    better = {**found, code: part._replace(numerator=part.numerator + by)}
    after = score_place(definition, better, not_applicable=not_applicable, missed_reports=missed)
    assert (after.score or D(0)) >= (before.score or D(0))
    assert (after.stars or 0) >= (before.stars or 0)


def test_a_nation_is_scored_in_a_fraction_of_a_second() -> None:
    """1,100 places × 24 indicators × 2 rounds; the bound is loose because machines are shared."""
    definition = make.framework(
        *(
            make.dimension(str(d), *(make.ratio(f"{d}.{n}") for n in range(1, many + 1)))
            for d, many in enumerate((8, 4, 4, 4, 4), start=1)
        )
    )
    nation = [
        {
            each.code: Parts(D(55 + (number * 7 + at * 13) % 45), D(100 + number % 7))
            for at, each in enumerate(definition.indicators)
        }
        for number in range(2_200)
    ]
    began = time.process_time()
    stars = {score_place(definition, place).stars for place in nation}
    assert time.process_time() - began < 2
    assert len(stars) > 1
