"""Idea boards: votes within a limit, and groups proposed by the words that ideas share.

A proposal names its reason, the shared word, and a person accepts it or not: nothing is grouped by
itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MOST_VOTES: Final = 20
"""Votes that a board may give to each person, at most."""
LONGEST_IDEA: Final = 1_000
"""Characters of one idea: a card, not a report."""
FEWEST_ALIKE: Final = 2
"""Ideas that make a group."""
LONGEST_TERM: Final = 3
"""Words in a row that are taken for one term: ศูนย์ + เรียนรู้ + ชุมชน."""
SHORTEST_TERM: Final = 3
"""Signs of a term; a shorter one says too little."""
EVERYWHERE: Final = 5
"""From so many ideas on, a term that more than half of them hold tells them apart no more."""

NOT_TELLING: Final = frozenset(
    {"โครงการ", "กิจกรรม", "ดำเนินการ", "ดำเนินงาน", "จัดทำ", "จัดให้", "แนวทาง", "เรื่อง", "ทำให้"}
)
"""Words of every paper of the office, beside the language's own stop words."""


_AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("taken_up", "declined"),
    "taken_up": ("became", "declined"),
    "declined": ("taken_up",),
    "became": (),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or words in a row, as one thing that ideas may share. start, end: in the idea."""

    text: str  # as compared: without capitals
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alike:
    """An idea in a proposal: its number, and where the shared word stands in it, each time."""

    idea: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GroupProposal:
    """Ideas that may belong together. word: what they share, the reason.

    group: number of the group that is there already and whose heading has the word; None: a new one.
    """

    word: str
    ideas: tuple[Alike, ...]
    group: int | None = None


def possible_answers(last: str) -> tuple[str, ...]:
    """Return what may be said to a proposal after the last answer, "" for none yet.

    taken_up, became, declined. What was declined may be taken up after all; what became work is
    settled there.

    Source: issue 4 "idea board (… turn into a directive, an indicator proposal or a project idea)".
    """
    return _AFTER[last]


def votes_left(votes_each: int, given: int) -> int:
    """Return how many votes a person has left; never below zero.

    Source: requirements A28 (post, group, vote); issue 4 "idea board".
    """
    return max(votes_each - given, 0)


def terms_of(text: str) -> tuple[Term, ...]:
    """Return what a text may share with another: its telling words, alone and in rows of up to three.

    Source: issue 4 "idea board"; words by pythainlp (newmm), its stop words left out.
    """
    rows: list[list[Term]] = [[]]
    position = 0
    for token in _words(text):
        start, position = position, position + len(token)
        if _tells(token):
            rows[-1].append(Term(token.casefold(), start, position))
        elif rows[-1]:
            rows.append([])
    found: list[Term] = []
    for row in rows:
        for first in range(len(row)):
            for last in range(first, min(first + LONGEST_TERM, len(row))):
                start, end = row[first].start, row[last].end
                if end - start >= SHORTEST_TERM:
                    found.append(Term(text[start:end].casefold(), start, end))
    return tuple(found)


def propose_groups(
    ideas: Mapping[int, str], headings: Mapping[int, str] | None = None
) -> tuple[GroupProposal, ...]:
    """Return groups for ideas (number → words) that stand in none, each idea in one at most.

    headings: number → title of the groups there are; an idea that shares a word with one of them
    goes there. The others are put together greedily: the term that the most ideas share first, of
    equals the longest, then by the alphabet; so the same ideas always give the same groups.
    Source: issue 4 "idea board" (post, group, vote); method of this module.
    """
    terms = {number: terms_of(words) for number, words in sorted(ideas.items())}
    proposals = list(_into_headings(terms, headings or {}))
    placed = {each.idea for one in proposals for each in one.ideas}
    holding = _holding({number: has for number, has in terms.items() if number not in placed})
    too_common = len(ideas) // 2 if len(ideas) >= EVERYWHERE else len(ideas)
    while True:
        choice = _widest(holding, too_common)
        if choice is None:
            return tuple(proposals)
        numbers = holding[choice]
        proposals.append(_proposal(choice, sorted(numbers), terms))
        holding = {
            term: left
            for term, others in holding.items()
            if len(left := others - numbers) >= FEWEST_ALIKE
        }


def _into_headings(
    terms: Mapping[int, Sequence[Term]], headings: Mapping[int, str]
) -> Iterable[GroupProposal]:
    """Proposals for the groups that are there: one for each of their words that ideas share."""
    of_headings = {
        group: {term.text for term in terms_of(title)} for group, title in headings.items()
    }
    found: dict[tuple[int, str], list[int]] = {}
    for number, has in terms.items():
        shared = [
            (-len(term.text), term.text, group)
            for group, words in of_headings.items()
            for term in has
            if term.text in words
        ]
        if shared:
            _length, word, group = min(shared)
            found.setdefault((group, word), []).append(number)
    order = list(headings)
    for (group, word), numbers in sorted(
        found.items(), key=lambda one: (order.index(one[0][0]), one[0][1])
    ):
        yield _proposal(word, numbers, terms, group=group)


def _holding(terms: Mapping[int, Sequence[Term]]) -> dict[str, frozenset[int]]:
    """By term, the ideas that hold it; terms of one idea alone are left out."""
    found: dict[str, set[int]] = {}
    for number, has in terms.items():
        for term in has:
            found.setdefault(term.text, set()).add(number)
    return {
        term: frozenset(numbers) for term, numbers in found.items() if len(numbers) >= FEWEST_ALIKE
    }


def _widest(holding: Mapping[str, Collection[int]], most: int) -> str | None:
    fit = [
        (-len(numbers), -len(term), term)
        for term, numbers in holding.items()
        if FEWEST_ALIKE <= len(numbers) <= max(most, FEWEST_ALIKE)
    ]
    return min(fit)[2] if fit else None


def _proposal(
    word: str,
    numbers: Iterable[int],
    terms: Mapping[int, Sequence[Term]],
    *,
    group: int | None = None,
) -> GroupProposal:
    return GroupProposal(
        word,
        tuple(
            Alike(
                number,
                tuple((term.start, term.end) for term in terms[number] if term.text == word),
            )
            for number in numbers
        ),
        group,
    )


def _words(text: str) -> list[str]:
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 -- its dictionary takes a moment

    words: list[str] = word_tokenize(text, engine="newmm", keep_whitespace=True)
    # Where the library tidied the text up, positions would no longer fit it.
    return words if "".join(words) == text else text.split(" ")


def _tells(word: str) -> bool:
    """Whether a word says what an idea is about: no stop word, no number, no sign."""
    bare = word.strip().casefold()
    return (
        len(bare) > 1
        and any(sign.isalpha() for sign in bare)
        and bare not in NOT_TELLING
        and bare not in _stop_words()
    )


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    from pythainlp.corpus import thai_stopwords  # noqa: PLC0415 -- read from the library's files

    return frozenset(str(word) for word in thai_stopwords())
