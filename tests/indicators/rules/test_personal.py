"""Marks, bands and states of personal targets: cases checked by hand, properties, a plain second way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.indicators.rules.definitions import Ladder
from tiddao.indicators.rules.personal import (
    ACTS,
    AWAITS,
    STATES,
    TRANSITIONS,
    Line,
    PersonalRefused,
    SchemeRefused,
    band_of,
    head_line,
    level_of_line,
    mark_of,
    product_of,
    read_scheme,
    refuse_unassessed,
    refuse_unready,
    round_days,
    round_of,
    share_of_part,
    state_after,
)

D = Decimal
FILE = Path(__file__).parents[3] / "definitions" / "personal-targets.toml"
TEXT = FILE.read_text(encoding="utf-8")
SCHEME = read_scheme(TEXT, file=FILE.name)
LADDER = Ladder((D(60), D(65), D(70), D(80), D(90)))


def judged(weight: str, level: str | None) -> Line:
    return Line(D(weight), judged=None if level is None else D(level))


def test_the_shipped_scheme_is_70_30_proposed_and_names_its_sources() -> None:
    assert (SCHEME.results, SCHEME.competency, SCHEME.proposed) == (70, 30, True)
    assert [(each.words, each.at_least) for each in SCHEME.bands] == [
        ("ดีเด่น", 90), ("ดีมาก", 80), ("ดี", 70), ("พอใช้", 60), ("ต้องปรับปรุง", 0),
    ]  # fmt: skip
    assert all(each.source for each in SCHEME.bands)
    assert SCHEME.split_source
    assert len(SCHEME.competencies) == 5


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("100", "ดีเด่น"), ("90", "ดีเด่น"), ("90.00", "ดีเด่น"), ("89.995", "ดีมาก"), ("89.99", "ดีมาก"),
        ("80", "ดีมาก"), ("79.999", "ดี"), ("70", "ดี"), ("69.99", "พอใช้"), ("60", "พอใช้"),
        ("59.99", "ต้องปรับปรุง"), ("0", "ต้องปรับปรุง"),
    ],
)  # fmt: skip
def test_a_mark_is_in_the_one_band_whose_edge_it_reaches(mark: str, words: str) -> None:
    assert band_of(D(mark), SCHEME.bands).words == words


@pytest.mark.parametrize("mark", ["-0.01", "100.01"])
def test_a_mark_outside_0_to_100_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match=r"0–100"):
        band_of(D(mark), SCHEME.bands)


@given(st.decimals(0, 100, places=4))
def test_every_mark_is_in_exactly_one_band(mark: Decimal) -> None:
    edges = [each.at_least for each in SCHEME.bands]
    inside = [
        each
        for each, above in zip(SCHEME.bands, [None, *edges], strict=False)
        if mark >= each.at_least and (above is None or mark < above)
    ]
    assert inside == [band_of(mark, SCHEME.bands)]


@pytest.mark.parametrize(
    ("weights", "share"),
    [  # (weight, level): Σค ÷ (5 × Σข) × 100
        ([("100", "5")], "100.0000"),
        ([("100", "1")], "20.0000"),
        ([("60", "4"), ("40", "3")], "72.0000"),  # (240 + 120) ÷ 500
        ([("50", "4.5"), ("50", "4.4999")], "89.9990"),
        ([("33.33", "4"), ("33.33", "4"), ("33.34", "5")], "86.6680"),
    ],
)
def test_a_part_against_its_full_marks(weights, share: str) -> None:
    assert share_of_part([judged(*each) for each in weights]) == D(share)


def test_a_measured_line_takes_its_level_from_the_ladder() -> None:
    line = Line(D(40), LADDER, result=D(75))
    assert level_of_line(line) == D("3.5000")
    assert product_of(line) == D("140.0000")
    assert level_of_line(Line(D(40), LADDER)) is None


@pytest.mark.parametrize(
    ("one", "two", "mark", "words"),
    [
        ("4.5", "4.5", "90.00", "ดีเด่น"),
        ("4.4998", "4.4998", "90.00", "ดีเด่น"),  # 89.996 is shown as 90.00, and called so
        ("4.4997", "4.4997", "89.99", "ดีมาก"),  # 89.994
        ("5", "1", "76.00", "ดี"),  # 70 + 6
        ("3", "3", "60.00", "พอใช้"),
        ("2.9997", "2.9997", "59.99", "ต้องปรับปรุง"),
    ],
)
def test_a_mark_is_rounded_half_up_before_its_band_is_read(one, two, mark, words) -> None:
    found = mark_of([judged("100", one)], [judged("100", two)], SCHEME)
    assert found is not None
    assert (found.mark, found.band.words) == (D(mark), words)


def test_89_995_exactly_is_shown_as_90_00() -> None:
    found = mark_of([judged("100", "4.49975")], [judged("100", "4.49975")], SCHEME)
    assert found is not None
    assert found.results == D("89.9950")
    assert (found.mark, found.band.words) == (D("90.00"), "ดีเด่น")


def test_without_every_level_there_is_no_mark_and_no_zero() -> None:
    assert mark_of([judged("50", "5"), judged("50", None)], [judged("100", "5")], SCHEME) is None
    assert mark_of([], [judged("100", "5")], SCHEME) is None
    with pytest.raises(PersonalRefused, match="results-missing"):
        refuse_unassessed([judged("50", "5"), judged("50", None)])


levels = st.decimals(1, 5, places=4)
parts = st.lists(st.tuples(st.decimals("0.5", 100, places=2), levels), min_size=1, max_size=8)


def half_up(value: Fraction, places: int) -> Fraction:
    scaled = value * 10**places
    whole = scaled.numerator // scaled.denominator
    return Fraction(whole + (scaled - whole >= Fraction(1, 2)), 10**places)


@settings(max_examples=200)
@given(parts, parts)
def test_marks_agree_with_fractions(results, competency) -> None:
    def share(rows) -> Fraction:
        full = sum(Fraction(weight) for weight, _ in rows) * 5
        reached = sum(Fraction(weight) * Fraction(level) for weight, level in rows)
        return half_up(reached / full * 100, 4)

    found = mark_of(
        [Line(w, judged=v) for w, v in results], [Line(w, judged=v) for w, v in competency], SCHEME
    )
    assert found is not None
    plain = half_up((share(results) * 70 + share(competency) * 30) / 100, 2)
    assert Fraction(found.mark) == plain
    assert 20 <= found.mark <= 100


@given(parts, levels)
def test_a_better_level_never_makes_a_worse_mark(results, level) -> None:
    rows = [Line(w, judged=v) for w, v in results]
    better = [Line(rows[0].weight, judged=max(rows[0].judged, level)), *rows[1:]]
    assert share_of_part(better) >= share_of_part(rows)


@pytest.mark.parametrize(
    ("weights", "code"),
    [(["100"], ""), (["99.99"], "weights"), (["100.0001"], "weights"), ([], "no-lines"),
     (["33.33", "33.33", "33.34"], ""), (["60", "40.00"], "")],
)  # fmt: skip
def test_weights_are_exactly_100(weights: list[str], code: str) -> None:
    lines, whole = [judged(each, None) for each in weights], [judged("100", None)]
    if code:
        with pytest.raises(PersonalRefused, match=code):
            refuse_unready(lines, whole)
    else:
        refuse_unready(lines, whole)
    with pytest.raises(PersonalRefused, match="weights"):
        refuse_unready(whole, [judged("99", None)])


def test_every_step_of_the_way_and_no_other() -> None:
    way = ["propose", "agree", "self-assess", "assess", "object", "assess", "acknowledge"]
    state = "draft"
    for act in way:
        side = TRANSITIONS[state, act][0]
        state = state_after(state, act, side=side, own=False, words="เหตุผล")
    assert state == "acknowledged"
    assert not [act for before, act in TRANSITIONS if before == "acknowledged"]
    for before in STATES:
        for act in ACTS:
            if (before, act) not in TRANSITIONS:
                with pytest.raises(PersonalRefused, match="not-possible"):
                    state_after(before, act, side="head", own=False, words="x")
    assert {TRANSITIONS[key][0] for key in TRANSITIONS if key[0] == "draft"} == {AWAITS["draft"]}


@pytest.mark.parametrize(
    ("before", "act"), [key for key in TRANSITIONS if TRANSITIONS[key][0] == "head"]
)
def test_nobody_does_the_heads_part_for_themselves(before, act) -> None:
    with pytest.raises(PersonalRefused, match="own"):
        state_after(before, act, side="head", own=True, words="x")
    with pytest.raises(PersonalRefused, match="not-yours"):
        state_after(before, act, side=None, own=False, words="x")


@pytest.mark.parametrize(
    ("before", "act", "side"),
    [("proposed", "send-back", "head"), ("agreed", "change", "person"),
     ("assessed", "object", "person"), ("objected", "assess", "head")],
)  # fmt: skip
def test_what_goes_back_needs_a_reason(before, act, side) -> None:
    with pytest.raises(PersonalRefused, match="words-missing"):
        state_after(before, act, side=side, own=False, words=" ")


@pytest.mark.parametrize(
    ("on", "found"),
    [(date(2022, 10, 1), (2566, 1)), (date(2023, 3, 31), (2566, 1)), (date(2023, 4, 1), (2566, 2)),
     (date(2023, 9, 30), (2566, 2)), (date(2023, 10, 1), (2567, 1))],
)  # fmt: skip
def test_the_round_of_a_day(on: date, found: tuple[int, int]) -> None:
    assert round_of(on) == found
    first, last = round_days(*found)
    assert first <= on <= last


@pytest.mark.parametrize(
    ("role", "level", "line"),
    [
        ("tambon_officer", "district", [("district_head", "district"), ("provincial_head", "province"), ("executive", "nation")]),
        ("district_head", "district", [("provincial_head", "province"), ("executive", "nation")]),
        ("group_director", "province", [("provincial_head", "province"), ("executive", "nation")]),
        ("provincial_head", "province", [("executive", "nation")]),
        ("executive", "nation", [("executive", "nation")]),
    ],
)  # fmt: skip
def test_who_may_assess_whom(role: str, level: str, line) -> None:
    assert list(head_line(role, level)) == line


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("results = 70", "results = 80", "split"),
        ("at_least = 80", "at_least = 95", "bands"),
        ("at_least = 0", "at_least = 1", "bands"),
        ("weight = 20", "weight = 25", "competencies"),
        ("[split]", "[splits]", "split"),
        ("proposed = true", "", "proposed"),
        ("proposed = true", "proposed =", "personal-targets.toml"),
    ],
)
def test_a_wrong_file_is_refused_by_its_key(old: str, new: str, words: str) -> None:
    with pytest.raises(SchemeRefused, match=words):
        read_scheme(TEXT.replace(old, new, 1), file=FILE.name)
