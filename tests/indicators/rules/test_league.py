"""Ranks, ties, movement, those who have not reported, and how firm a rank is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.indicators.rules.league import RankInterval, rank_changes, rank_intervals, ranks

D = Decimal


def test_equal_scores_share_a_rank_and_the_next_is_skipped() -> None:
    scores = {"a": D("4.5"), "b": D("4.2"), "c": D("4.2000"), "d": D("3.9"), "e": None}
    assert ranks(scores) == {"a": (1, False), "b": (2, True), "c": (2, True), "d": (4, False)}
    assert ranks(scores, order="ascending") == {
        "d": (1, False), "b": (2, True), "c": (2, True), "a": (4, False),
    }  # fmt: skip


def test_change_is_counted_towards_rank_one_among_those_ranked_both_times() -> None:
    now = {"a": D("4.00"), "b": D("3.50"), "c": D("3.00"), "d": None, "e": D("0")}
    then = {"a": D("3.00"), "b": D("3.75"), "c": None, "d": D("4.00"), "e": D("1")}
    # Both times: a, b, e. Then b 1, a 2, e 3; now a 1, b 2, e 3. A score of 0 is a score.
    assert rank_changes(now, then) == {"a": 1, "b": -1, "e": 0}


def test_newcomers_push_nobody_down() -> None:
    now = {"old": D(3), "new": D(4), "newer": D(5)}
    assert rank_changes(now, {"old": D(3)}) == {"old": 0}
    assert rank_changes(now, {}) == {}


@given(
    st.dictionaries(
        st.text("0123456789", min_size=1, max_size=3),
        st.one_of(st.none(), st.integers(1, 6).map(D)),
        max_size=30,
    )
)
def test_rank_is_one_more_than_those_who_did_better(scores: dict[str, Decimal | None]) -> None:
    present = {place: score for place, score in scores.items() if score is not None}
    table = ranks(scores)
    assert table.keys() == present.keys()
    for place, (rank, tied) in table.items():
        assert rank == 1 + sum(score > present[place] for score in present.values())
        assert tied == (list(present.values()).count(present[place]) > 1)


WEIGHTS = [D(20)] * 5


def row(*scores: float | None) -> list[Decimal | None]:
    return [None if each is None else D(str(each)) for each in scores]


def test_interval_of_places_that_weights_cannot_part() -> None:
    rows = {"best": row(5, 5, 5, 5, 5), "mid": row(3, 3, 3, 3, 3), "low": row(1, 1, 1, 1, 1)}
    assert rank_intervals(rows, WEIGHTS, seed=1) == {
        "best": RankInterval(1, 1), "mid": RankInterval(2, 2), "low": RankInterval(3, 3),
    }  # fmt: skip


def test_interval_is_wide_where_places_are_good_at_different_things() -> None:
    rows = {
        "a": row(5, 1, 3, 3, 3),
        "b": row(1, 5, 3, 3, 3),
        "c": row(2, 2, 2, 2, 2),
        "d": row(*[None] * 5),
    }
    intervals = rank_intervals(rows, WEIGHTS, seed=1)
    assert intervals == {
        "a": RankInterval(1, 2), "b": RankInterval(1, 2), "c": RankInterval(3, 3), "d": None,
    }  # fmt: skip
    assert intervals == rank_intervals(rows, WEIGHTS, seed=1)
    turned = rank_intervals(rows, WEIGHTS, seed=1, order="ascending")
    assert turned["c"] == RankInterval(1, 1)


def test_interval_without_draws_is_the_rank_itself() -> None:
    rows = {"a": row(5, None, 3, 3, 3), "b": row(1, 5, 3, 3, 3), "c": row(1, 5, 3, 3, 3)}
    assert rank_intervals(rows, WEIGHTS, seed=1, draws=0) == {
        "a": RankInterval(1, 1), "b": RankInterval(2, 2), "c": RankInterval(2, 2),
    }  # fmt: skip


def test_weights_of_one_dimension_move_nobody() -> None:
    rows = {str(n): row(1 + n / 10) for n in range(10)}
    intervals = rank_intervals(rows, [D("12.5")], seed=3, draws=50)
    assert {each: (found.low, found.high) for each, found in intervals.items() if found} == {
        str(n): (10 - n, 10 - n) for n in range(10)
    }


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.decimals(1, 5, places=4), min_size=3, max_size=3), min_size=1, max_size=8),
    st.integers(0, 99),
)
def test_rank_lies_within_its_interval(rows: list[list[Decimal]], seed: int) -> None:
    """The mean with the real weights, rounded as scores are, gives a rank inside the range."""
    weights = [D(50), D(30), D(20)]
    places = {str(n): each for n, each in enumerate(rows)}
    means = {
        place: (sum(w * s for w, s in zip(weights, each, strict=True)) / 100).quantize(
            D("0.0001"), "ROUND_HALF_UP"
        )
        for place, each in places.items()
    }
    found = rank_intervals(places, weights, seed=seed, draws=40)
    for place, (rank, _) in ranks(means).items():
        interval = found[place]
        assert interval is not None
        assert 1 <= interval.low <= rank <= interval.high <= len(places)
