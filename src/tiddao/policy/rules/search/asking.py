"""What a person typed into the search box, as signs that an entry of the index must have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tiddao.kernel.names import without_title
from tiddao.policy.rules.search.folding import GRAM, fold, grams, pattern_of
from tiddao.policy.rules.search.words import meant_by, runs, word_signs
from tiddao.policy.rules.spelling import KNOWN_MISTAKES

MOST_TERMS = 12
LONGEST = 200
"""Characters of a question; what is typed beyond is not looked at."""
_TERM = re.compile('["“”„]([^"“”„]+)["“”„]|([^\\s"“”„]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """One word or quoted phrase. folded: what is looked for; signs: what an entry of the index must
    have for it; exact: quoted, as it must be written.
    """

    typed: str
    folded: str
    signs: frozenset[int]
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: all signs of any of the alternatives, and all exact phrases. terms: as typed.

    joined: the words typed with spaces, as one ("โคก หนอง นา"), where that is another way to
    write them; "" else.
    """

    text: str
    terms: tuple[Term, ...]
    alternatives: tuple[frozenset[int], ...]
    joined: str

    @property
    def needles(self) -> tuple[str, ...]:
        """Folded words to be marked in an excerpt, the longest first, with their known mistakes."""
        words = {term.folded for term in self.terms} | ({self.joined} if self.joined else set())
        return tuple(sorted(_with_mistakes(words), key=lambda word: (-len(word), word)))

    @property
    def needs_reading(self) -> bool:
        """Whether the signs may all be there and the words not: some word has several grams."""
        return any(len(term.folded) > GRAM for term in self.terms)

    def stands_in(self, text: str) -> bool:
        """Whether all words, each of a piece, or the joined one stand in the text, however spelt.

        Short words and numbers are told for certain by the signs.
        """
        return all(
            term.typed in text or _stands(term.folded, text)
            for term in self.terms
            if len(term.folded) > GRAM
        ) or (bool(self.joined) and _stands(self.joined, text))

    def alone(self, term: Term) -> Asked:
        """The question for this one word."""
        return Asked(term.typed, (term,), (term.signs,), "")


def asked(text: str) -> Asked | None:
    """What the text asks for, None where it holds no letter or digit.

    Words are all needed, in any order. "…" is a phrase exactly as written. A title before a name is
    not needed before a name of four letters or more. A mistake that the department's papers are known for is looked for as what it means.

    Source: issue 4, Pages (search); docs requirements E3, E9.
    """
    text = " ".join(text[:LONGEST].replace("\0", " ").split())
    terms = []
    for match in list(_TERM.finditer(text))[:MOST_TERMS]:
        phrase, word = match[1], match[2]
        meant = phrase or meant_by(_name_of(word))
        folded = fold(meant)
        if folded:
            exact = phrase.strip() if phrase else ""
            terms.append(Term((phrase or word).strip(), folded, _signs(meant), exact))
    if not terms:
        return None
    whole = frozenset[int]().union(*(term.signs for term in terms))
    joined = _joined(terms)
    alternatives = (whole, grams(joined)) if joined else (whole,)
    return Asked(text, tuple(terms), alternatives, joined)


def _stands(folded: str, text: str) -> bool:
    return any(pattern_of(each).search(text) for each in _with_mistakes({folded}))


def _with_mistakes(words: set[str]) -> set[str]:
    for wrong, right in KNOWN_MISTAKES.items():
        words = words | {word.replace(fold(right), fold(wrong)) for word in words}
    return words


def _signs(text: str) -> frozenset[int]:
    long: set[int] = set()
    short: set[str] = set()
    for kind, run in runs(text):
        folded = fold(run) if kind == "thai" else run
        if kind == "thai" and len(folded) >= GRAM:
            long |= grams(folded)
        elif folded:
            short.add(folded)
    # What is cut into pieces by spaces or dots is one word all the same in a phrase.
    if not long and len(short) > 1 and len(folded := fold(text)) >= GRAM and not folded.isascii():
        return grams(folded) | word_signs(each for each in short if each.isascii())
    return frozenset(long) | word_signs(short)


def _name_of(word: str) -> str:
    """The word without a title; นางรอง is a district, so what is left must be more than a syllable."""
    name = without_title(word)
    return name if len(fold(name)) >= GRAM else word


def _joined(terms: list[Term]) -> str:
    """Words of which one is short may be one word written apart, or a name behind a title."""
    plain = all(not term.exact and not re.search("[0-9a-z]", term.folded) for term in terms)
    if (
        len(terms) < 2
        or not plain
        or (
            all(len(term.folded) >= GRAM for term in terms[1:])
            and (len(fold(without_title(terms[0].typed))) >= GRAM)
        )
    ):
        return ""
    first = fold(without_title(terms[0].typed))
    whole = first + "".join(term.folded for term in terms[1:])
    return whole if len(whole) >= GRAM else ""
