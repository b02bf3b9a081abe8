"""Each detector on small histories made by hand, and all of them on generated ones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.indicators.quality.generated import ELSEWHERE, HOME, told
from tests.indicators.quality.measuring import NO_WORDS, measured
from tiddao.indicators.rules.quality.asking import (
    IDLE,
    KINDS,
    OUTLIERS_EACH,
    look_at_round,
)
from tiddao.indicators.rules.quality.copies import look_at_last_round, look_at_neighbours
from tiddao.indicators.rules.quality.cutoffs import look_at_cutoffs
from tiddao.indicators.rules.quality.digits import look_at_digits
from tiddao.indicators.rules.quality.edits import Edit, look_at_edits
from tiddao.indicators.rules.quality.history import (
    History,
    Measured,
    expected,
    peers_middle,
    rank_of,
)
from tiddao.indicators.rules.quality.outliers import look_for_outliers

STEPS = (50.0, 60.0, 70.0, 80.0, 90.0)


def history(*, places: int = 60, indicators: int = 12, rounds: int = 6, base: int = 137) -> History:
    """Ratios of 137 villages around 65 per cent, a point or two up and down."""
    random = np.random.default_rng(1)
    shape = (rounds, places, indicators)
    own = random.normal(65, 6, (1, places, indicators))
    below = np.full(shape, float(base))
    above = np.round((own + random.normal(0, 1.5, shape)) / 100 * below)
    return History(
        places=tuple(f"{1000 + n}" for n in range(places)),
        circles=tuple("ab"[n % 2] for n in range(places)),
        indicators=tuple(Measured(f"1.{n}", steps=STEPS, factor=100.0) for n in range(indicators)),
        rounds=tuple(str(n) for n in range(rounds)),
        years=tuple(2560 + n // 2 for n in range(rounds)),
        numerators=above,
        denominators=below,
        reported_at=random.uniform(-1e6, -1e5, (places, indicators)),
        targets=np.full((places, indicators), np.nan),
    )


def test_values_without_a_base_are_no_values():
    one = history()
    one.denominators[-1, 0, 0] = 0
    assert np.isnan(one.values[-1, 0, 0])
    assert one.values[-1, 1, 1] == pytest.approx(one.numerators[-1, 1, 1] * 100 / 137)


def test_peers_are_the_province_where_it_has_enough():
    one = history(places=20)
    values = np.arange(20.0)[:, None]
    assert peers_middle(one, values)[0, 0] == 9  # the even ones: ten places
    values[2:16:2] = np.nan  # three of its province are left: everybody is asked
    assert peers_middle(one, values)[0, 0] == np.nanmedian(values)


def test_expected_follows_the_peers():
    """When everybody rises by ten points, nobody is far out."""
    one = history()
    one.numerators[-1] += 14
    standing = expected(one).standing(one.values[-1])
    assert np.nanmax(np.abs(standing)) < 7


@pytest.mark.parametrize(("better", "value", "steps"), [(1, 70.0, 3), (-1, 3.0, 2), (1, 10.0, 0)])
def test_rank_of(better, value, steps):
    ladder = STEPS if better > 0 else (5.0, 4.0, 2.0, 1.0, 0.5)
    assert rank_of(value, ladder, better) == steps
    assert rank_of(float("nan"), ladder, better) == 0


def test_outlier_is_told_with_what_was_expected():
    one = history()
    one.numerators[-1, 7, 3] = 5
    found = look_for_outliers(one, expected(one))
    first = min(found.findings, key=lambda each: each.chance)
    assert (first.place, first.indicator, first.own) == (7, 3, True)
    assert first.value == pytest.approx(500 / 137)
    assert first.expected == pytest.approx(np.median(one.values[:-1, 7, 3]), abs=2)
    assert first.distance < -15
    assert found.tests == 60 * 12


def test_outlier_of_the_first_report_is_held_against_the_peers():
    one = history()
    one.numerators[:-1, 7] = np.nan
    one.numerators[-1, 7, 3] = 1
    found = [each for each in look_for_outliers(one, expected(one)).findings if each.place == 7]
    assert [(each.indicator, each.own) for each in found] == [(3, False)]


def test_outliers_need_peers_or_a_past():
    one = history(places=10, rounds=1)
    one.numerators[-1, 7, 3] = 1
    assert look_for_outliers(one, expected(one)).findings == ()


def test_round_figures_stand_out_and_few_figures_say_nothing():
    one = history(base=2_743)
    one.numerators[:, 4] = np.round(one.numerators[:, 4] / 5) * 5
    looked = look_at_digits(one)
    first = min(looked.findings, key=lambda each: each.chance)
    assert (first.place, first.pattern) == (4, "round")
    assert first.round_ones == first.count - 1  # all but the base itself
    assert first.usual < first.count / 2
    few = look_at_digits(history(indicators=3, rounds=2))
    assert np.isnan(few.chances).all()


def test_figures_that_everybody_rounds_say_nothing():
    one = history()
    one.numerators[:] = np.round(one.numerators / 10) * 10
    assert np.isnan(look_at_digits(one).chances).all()


def test_repeated_bases_count_once():
    """137 villages stand in every row; a hundred copies of one figure are one figure."""
    one = history(indicators=4)
    one.numerators[:] = 88
    assert np.isnan(look_at_digits(one).chances).all()


def test_last_rounds_figures_once_more():
    one = history(base=1_370)
    one.numerators[-1, 9] = one.numerators[-2, 9]
    looked = look_at_last_round(one)
    first = min(looked.findings, key=lambda each: each.chance)
    assert (first.place, first.source, len(first.indicators)) == (9, -1, 12)
    assert first.usual < 4
    assert first.chance < 1e-4


def test_figures_that_stand_still_everywhere_say_nothing():
    one = history()
    one.numerators[-1, :, :] = one.numerators[-2, :, :]
    assert look_at_last_round(one).findings == ()


def test_all_of_them_once_more_is_no_copy():
    one = history()
    one.numerators[-2:, 9] = one.denominators[-2:, 9]
    assert 9 not in {each.place for each in look_at_last_round(one).findings}


def test_a_neighbours_figures_are_asked_of_the_later_office():
    one = history()
    one.numerators[-1, 8] = one.numerators[-1, 2]
    one.reported_at[2], one.reported_at[8] = -500_000, -400_000
    looked = look_at_neighbours(one)
    first = min(looked.findings, key=lambda each: each.chance)
    assert (first.place, first.source) == (8, 2)
    assert len(first.indicators) == 12
    other_way = history()
    other_way.numerators[-1, 8] = other_way.numerators[-1, 2]
    other_way.reported_at[2], other_way.reported_at[8] = -400_000, -500_000
    assert min(look_at_neighbours(other_way).findings, key=lambda each: each.chance).place == 2


def test_offices_of_other_provinces_are_not_compared():
    one = history()
    one.numerators[-1, 9] = one.numerators[-1, 2]
    pairs = {(each.place, each.source) for each in look_at_neighbours(one).findings}
    assert not pairs & {(9, 2), (2, 9)}


def test_values_just_over_a_cutoff_that_they_always_lay_under():
    one = history()
    for number in range(6):
        one.numerators[:, 5, number] = 80  # 58.4 per cent for years
        one.numerators[-1, 5, number] = 110  # 80.3 per cent
    looked = look_at_cutoffs(one, expected(one))
    first = min(looked.findings, key=lambda each: each.chance)
    assert first.place == 5
    assert {(each.indicator, each.cutoff) for each in first.landings} == {
        (number, 80.0) for number in range(6)
    }
    assert first.chance < 1e-4
    assert first.usual < 1


def test_a_target_is_a_cutoff_of_its_own():
    one = history()
    one.numerators[:, 5, 0] = 80
    one.numerators[-1, 5, 0] = 103  # 75.2 per cent, no step of the ladder
    one.targets[5, 0] = 75.0
    found = {each.place: each for each in look_at_cutoffs(one, expected(one)).findings}
    assert [(each.cutoff, each.is_target) for each in found[5].landings] == [(75.0, True)]


def test_landing_well_over_a_cutoff_is_no_landing():
    one = history()
    one.numerators[:, 5, 0] = 80
    one.numerators[-1, 5, 0] = 118  # 86 per cent
    found = {each.place: each for each in look_at_cutoffs(one, expected(one)).findings}
    landed = found[5].landings if 5 in found else ()
    assert 0 not in {each.indicator for each in landed}


def edit(place: int, number: int, *, left: float, gain: float, by: str = "user:9") -> Edit:
    return Edit(place, number, by, left, gain, gain >= 1)


def ordinary() -> list[Edit]:
    """Single corrections all over the country, as many down as up."""
    return [
        edit(n, n % 12, left=90_000 + 600 * n, gain=0.4 * (-1) ** n, by=f"user:{n}")
        for n in range(10, 60)
    ]


def test_many_gains_in_the_last_hour_by_one_account():
    one = history()
    late = [edit(3, n, left=3_600 - 60 * n, gain=1.2) for n in range(9)]
    looked = look_at_edits(one, [*ordinary(), *late])
    assert [each.place for each in looked.findings] == [3]
    assert looked.chances[3] < 1e-6
    assert looked.findings[0].minutes == 8


@pytest.mark.parametrize(
    "changed",
    [
        {"gain": 0.1},  # brought up to date: a little each
        {"gain": -1.2},  # lowered
    ],
)
def test_late_edits_that_gain_nothing_are_usual(changed):
    late = [edit(3, n, left=3_600 - 60 * n, **changed) for n in range(9)]
    assert look_at_edits(history(), [*ordinary(), *late]).chances[3] > 0.01


@pytest.mark.parametrize("spread", ["days", "people"])
def test_edits_apart_are_no_burst(spread):
    late = [
        edit(3, n, left=3_600 + 7_200 * n, gain=1.2)
        if spread == "days"
        else edit(3, n, left=3_600, gain=1.2, by=f"user:{n}")
        for n in range(9)
    ]
    assert look_at_edits(history(), [*ordinary(), *late]).findings == ()


def test_edits_early_in_the_round_are_not_late():
    early = [edit(3, n, left=200_000 - 60 * n, gain=1.2) for n in range(9)]
    assert np.isnan(look_at_edits(history(), [*ordinary(), *early]).chances[3])


def test_a_look_names_place_kind_figures_and_what_was_looked_at():
    one = history(places=120, base=1_370)
    one.numerators[-1, 9] = one.numerators[-2, 9]
    look = look_at_round(one, [], NO_WORDS)
    assert [(each.place, each.kind) for each in look.questions] == [("1009", "copied")]
    asked = look.questions[0]
    assert "เท่ากับรอบก่อน" in asked.reason_th
    assert len(asked.figures) == 12
    shown = f"{one.numerators[-1, 9, 0]:,.0f}/1,370"
    assert any(shown in each.words_th for each in asked.figures if each.indicator == "1.0")
    assert {each.kind for each in look.looks} == set(KINDS)


def test_nothing_is_asked_of_a_first_round():
    one = history(rounds=1)
    assert look_at_round(one, [], NO_WORDS).questions == ()


def test_histories_of_one_seed_are_the_same():
    first, second = told(HOME, 5, 0.02), told(HOME, 5, 0.02)
    assert np.array_equal(first.history.numerators, second.history.numerators, equal_nan=True)
    assert first.cheats == second.cheats
    assert 12 <= len(first.cheats) <= round(878 * 0.02)
    assert {place for place, _ in first.touched} == set(first.cheats)


@pytest.mark.parametrize("world", [HOME, ELSEWHERE], ids=["home", "elsewhere"])
def test_planted_cheating_is_found_with_few_idle_questions(world):
    """A small form of ``make quality``, on seeds that no bound was set on."""
    tally = measured(world, range(3000, 3002), [0.04])
    assert tally.precision >= 0.95
    assert tally.recall >= 0.5
    assert tally.idle_per_district <= 2 * OUTLIERS_EACH + sum(IDLE.values()) / 10


def test_honest_offices_are_left_in_peace():
    tally = measured(ELSEWHERE, range(3000, 3002), [0.0])
    assert tally.idle_per_district <= 4 * OUTLIERS_EACH
