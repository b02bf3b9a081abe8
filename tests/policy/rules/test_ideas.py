"""Votes and proposed groups: by hand, by property, and by a second plain count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiddao.policy.rules.ideas import (
    FEWEST_ALIKE,
    LONGEST_TERM,
    propose_groups,
    terms_of,
    votes_left,
)

WORDS = ["ศูนย์เรียนรู้", "กองทุน", "ผ้าทอ", "ตลาด", "แผนที่", "ข้าว", "ท่องเที่ยว", "LINE", "ออมทรัพย์"]


@pytest.mark.parametrize(
    ("each", "given_so_far", "left"), [(3, 0, 3), (3, 2, 1), (3, 3, 0), (3, 4, 0), (1, 1, 0)]
)
def test_votes_left(each: int, given_so_far: int, left: int) -> None:
    assert votes_left(each, given_so_far) == left


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        ("เปิดศูนย์เรียนรู้ชุมชน", {"ศูนย์เรียนรู้ชุมชน", "เรียนรู้", "ชุมชน"}, {"ศูนย์เรียนรู้ชุมชนเปิด"}),
        ("ใช้ Line OA", {"line"}, {"Line", "ใช้"}),
        ("ทำให้ได้ 100 ครั้ง", set(), {"100", "ให้", "ได้"}),
        ("", set(), {""}),
    ],
)
def test_terms_of_texts(text: str, has: set[str], has_not: set[str]) -> None:
    found = {term.text for term in terms_of(text)}
    assert has <= found
    assert not has_not & found
    assert all(text[term.start : term.end].casefold() == term.text for term in terms_of(text))


def test_the_longest_shared_words_are_the_reason() -> None:
    ideas = {
        1: "ทำแผนที่ศูนย์เรียนรู้ชุมชนให้คนค้นเจอ",
        2: "เปิดศูนย์เรียนรู้ชุมชนวันเสาร์อาทิตย์",
        3: "ใช้ Line OA ตอบประชาชน",
        4: "แจ้งข่าวกองทุนทาง LINE",
        5: "อบรมบัญชี",
    }
    found = propose_groups(ideas)
    assert [(one.word, [each.idea for each in one.ideas]) for one in found] == [
        ("ศูนย์เรียนรู้ชุมชน", [1, 2]), ("line", [3, 4]),
    ]  # fmt: skip
    for one in found:
        for each in one.ideas:
            assert each.spans
            for start, end in each.spans:
                assert ideas[each.idea][start:end].casefold() == one.word


def test_ideas_go_first_to_a_group_whose_heading_has_their_word() -> None:
    ideas = {1: "ตั้งทีมตำบลเข้มแข็ง", 2: "กองทุนออนไลน์", 3: "อบรมกองทุน"}
    found = propose_groups(ideas, {7: "Extra Job", 8: "ตำบลเข้มแข็ง"})
    assert [(one.group, one.word, [each.idea for each in one.ideas]) for one in found] == [
        (8, "ตำบลเข้มแข็ง", [1]), (None, "กองทุน", [2, 3]),
    ]  # fmt: skip


def test_a_word_that_most_ideas_hold_tells_nothing() -> None:
    ideas = {number: f"ตลาด{word}" for number, word in enumerate(WORDS)}
    ideas |= {20: "ตลาดกองทุนสัญจร", 21: "ตลาดผ้าทอสัญจร"}
    assert all(one.word != "ตลาด" for one in propose_groups(ideas))
    assert propose_groups({1: "ตลาดผ้า", 2: "ตลาดข้าว"})[0].word == "ตลาด"  # of two it does


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(1, 40), phrases, max_size=12), st.randoms())
def test_proposals_are_disjoint_explained_and_the_same_each_time(ideas, random) -> None:
    found = propose_groups(ideas)
    placed = [each.idea for one in found for each in one.ideas]
    assert len(placed) == len(set(placed))
    assert set(placed) <= set(ideas)
    for one in found:
        assert len(one.ideas) >= FEWEST_ALIKE
        assert all(one.word in ideas[each.idea].casefold() for each in one.ideas)
    shuffled = list(ideas.items())
    random.shuffle(shuffled)
    assert propose_groups(dict(shuffled)) == found


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(1, 40), phrases, min_size=2, max_size=4))
def test_first_group_is_the_widest_by_a_plain_count(ideas) -> None:
    """A second, slow computation: every term against every idea, no index."""
    terms = {term.text for words in ideas.values() for term in terms_of(words)}
    counts = {
        term: sum(term in {each.text for each in terms_of(words)} for words in ideas.values())
        for term in terms
    }
    shared = {term: count for term, count in counts.items() if count >= FEWEST_ALIKE}
    found = propose_groups(ideas)
    if not shared:
        assert not found
        return
    widest = max(shared.values())
    assert len(found[0].ideas) == widest
    same = [term for term, count in shared.items() if count == widest]
    assert len(found[0].word) == max(map(len, same))
    assert LONGEST_TERM * max(map(len, WORDS)) + LONGEST_TERM >= len(found[0].word)
