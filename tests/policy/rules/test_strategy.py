"""The strategy tree without a database: tables checked by hand, properties, a plain second count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiddao.policy.rules.strategy import (
    POINTS,
    Change,
    MissionNode,
    Part,
    Said,
    SourceNode,
    changes_between,
    gaps_of,
    next_key,
    points_lacking,
    standing_words,
)

A, B = ("tid-dao", "1.1"), ("tid-dao", "1.2")


def test_a_tree_where_all_hangs_together_has_no_gap() -> None:
    gaps = gaps_of(
        [SourceNode("s1", "ที่มา")],
        [MissionNode("m1", "ภารกิจ", frozenset({"s1"}), frozenset({A}))],
        indicators=[A],
    )
    assert gaps.count == 0


@pytest.mark.parametrize(
    ("mission", "found"),
    [
        (MissionNode("m1", ""), {"missions_without_source", "missions_without_work"}),
        (MissionNode("m1", "", above="d1"), {"missions_without_work"}),
        (MissionNode("m1", "", frozenset({"s1"}), directives=1), set()),
        (MissionNode("m1", "", frozenset({"s1"}), below=3), set()),
        (MissionNode("m1", "", frozenset({"s1"}), frozenset({B})), {"unknown_indicators"}),
    ],
)
def test_what_one_mission_leaves_hanging(mission: MissionNode, found: set[str]) -> None:
    gaps = gaps_of([], [mission], indicators=[])
    assert {name for name in gaps.__slots__ if getattr(gaps, name)} == found


def test_an_indicator_of_the_department_s_mission_hangs_on_something() -> None:
    gaps = gaps_of([], [], indicators=[A, B], hanging_above={A})
    assert gaps.indicators_on_nothing == (B,)


def test_missions_above_that_nothing_carries_out_are_named_in_their_order() -> None:
    gaps = gaps_of([], [MissionNode("m9", "", above="m2")], above=["m1", "m2", "m3"])
    assert gaps.unanswered == ("m1", "m3")


keys = st.sampled_from(["s1", "s2", "s3"])
references = st.sampled_from([A, B, ("x", "9")])
nodes = st.lists(
    st.builds(
        MissionNode,
        key=st.text("abcdefgh", min_size=3, max_size=6),
        title=st.just(""),
        sources=st.frozensets(keys),
        indicators=st.frozensets(references),
        directives=st.integers(0, 2),
        above=st.sampled_from(["", "d1", "d2"]),
        below=st.integers(0, 1),
    ),
    max_size=6,
)


@given(nodes, st.lists(references, unique=True), st.frozensets(references))
def test_gaps_agree_with_a_plain_walk(missions, known, above) -> None:
    sources = [SourceNode(key, "") for key in ("s1", "s2", "s3")]
    gaps = gaps_of(sources, missions, indicators=known, hanging_above=above, above=["d1", "d2"])
    named = {one for mission in missions for one in mission.indicators}
    plain = 0
    for source in sources:
        plain += not [mission for mission in missions if source.key in mission.sources]
    for mission in missions:
        plain += len(mission.sources) == 0 and mission.above == ""
        plain += mission.directives + len(mission.indicators) + mission.below == 0
    for reference in known:
        plain += reference not in named and reference not in above
    for reference in named:
        plain += reference not in known
    for key in ("d1", "d2"):
        plain += not [mission for mission in missions if mission.above == key]
    assert gaps.count == plain


def said(point: str, meets: bool = True, by: str = "user:2", edition: int = 3) -> Said:
    return Said(point, meets, by, edition)


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ([], POINTS),
        ([said(point) for point in POINTS], ()),
        ([said(point) for point in POINTS[:3]], ("common-good",)),
        ([said(point) for point in POINTS] + [said("clear", meets=False)], ("clear",)),
        ([said("clear", meets=False)] + [said(point) for point in POINTS], ()),
        ([said(point, edition=2) for point in POINTS], POINTS),  # of an earlier text
        ([said(point, by="user:1") for point in POINTS], POINTS),  # by a writer
    ],
)
def test_points_that_keep_a_direction_back(words: list[Said], lacking: tuple[str, ...]) -> None:
    assert points_lacking(words, edition=3, writers=["user:1"]) == lacking


@given(
    st.lists(
        st.builds(
            Said,
            point=st.sampled_from(POINTS),
            meets=st.booleans(),
            by=st.sampled_from(["user:1", "user:2", "user:3"]),
            edition=st.integers(1, 3),
        ),
        max_size=12,
    )
)
def test_a_writers_word_never_counts_and_the_last_of_the_others_does(words) -> None:
    stand = standing_words(words, edition=2, writers={"user:1"})
    for point in POINTS:
        counting = [w for w in words if w.point == point and w.edition == 2 and w.by != "user:1"]
        assert stand.get(point) == (counting[-1] if counting else None)


def test_a_key_is_never_given_twice() -> None:
    assert next_key("m", []) == "m1"
    assert next_key("m", ["m1", "s7", "m3"]) == "m4"


def test_what_changed_between_two_versions() -> None:
    before = [Part("m1", "เดิม", {"text": "ก", "order": "1"}), Part("m2", "หายไป")]
    after = [Part("m1", "ใหม่", {"text": "ข", "order": "1"}), Part("m3", "เพิ่ม")]
    assert changes_between(before, after) == (
        Change("changed", "m1", "ใหม่", ("title", "text")),
        Change("added", "m3", "เพิ่ม"),
        Change("removed", "m2", "หายไป"),
    )
    assert changes_between(before, before) == ()
