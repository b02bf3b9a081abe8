"""The words of a text, as the index keeps them and as suggestions are taken from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from tiddao.kernel.digits import to_arabic
from tiddao.policy.rules.search.folding import GRAM, fold, grams, number_of
from tiddao.policy.rules.spelling import KNOWN_MISTAKES

LONGEST_KNOWN = 14
"""Folded letters of the longest word or name that is kept to suggest spellings from."""
_RUN = re.compile(
    r"(?P<initials>(?<![ก-๎])(?:[ก-ฮ]{1,3}\.){2,}[ก-ฮ]{0,3}(?![ก-๎]))"
    r"|(?P<thai>[ก-ฺเ-๎]+)"
    r"|(?P<number>[0-9๐-๙]+(?:[.,][0-9๐-๙]+)*)"
    r"|(?P<latin>[^\W\d_ก-๎]+)"
)


def signs(text: str) -> frozenset[int]:
    """What an index keeps of the text: its grams, and the words that grams cannot tell.

    Those are Thai words of up to three letters, numbers and Latin words. A short word is found as
    part of a compound too ("ไหม" in "ผ้าไหม"), but not inside another word. A mistake that the
    department's papers are known for is kept as what it means as well.

    Source: docs/adr/0013-search.md; docs requirements E9.
    """
    found = grams(fold(text)) | word_signs(lexemes(text))
    meant = meant_by(text)
    return found if meant == text else found | grams(fold(meant))


def meant_by(text: str) -> str:
    """The text with the department's known spelling mistakes as what they mean.

    Source: docs requirements E9 (พบปัญหารือ), ``rules.spelling``.
    """
    for wrong, right in KNOWN_MISTAKES.items():
        if wrong in text:
            text = text.replace(wrong, right)
    return text


def word_signs(words: Iterable[str]) -> frozenset[int]:
    """Whole words, each as a number that no gram has.

    Source: docs/adr/0013-search.md.
    """
    return frozenset(number_of(f"={word}") for word in words)


def lexemes(text: str) -> frozenset[str]:
    """The whole words that ``signs`` keeps, folded.

    Source: docs/adr/0013-search.md.
    """
    found: set[str] = set()
    for kind, run in runs(text):
        if kind != "thai":
            found.add(run)
            continue
        # A run of two or three letters is an abbreviation, whatever words it might hold (อบต).
        if len(run) < 2 * GRAM and 0 < len(folded := fold(run)) < GRAM:
            found.add(folded)
        for word in _cut(run):
            found |= _short(word)
    return frozenset(found)


def known_words(text: str) -> dict[str, str]:
    """Words and short names of the text by their folded spelling, each as first written.

    Names are what stands between spaces: "ปินตาเป็ก" is no word of the dictionary.

    Source: docs requirements E3; issue 4 "No results: the nearest known spelling".
    """
    found: dict[str, str] = {}
    for kind, run in runs(text):
        if kind != "thai":
            continue
        for word in (run, *_cut(run)) if len(run) <= 2 * LONGEST_KNOWN else _cut(run):
            if GRAM <= len(folded := _folded(word)) <= LONGEST_KNOWN:
                found.setdefault(folded, word)
    return found


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Stretches of one script: ("thai", run), ("number", "1234.5"), ("latin", small letters).

    Initials with dots are one run of Thai letters that is not cut further: ("initials", "พช").

    Source: docs requirements E9.
    """
    for match in _RUN.finditer(text):
        kind = match.lastgroup or ""
        run = match[0]
        if kind == "initials":
            yield kind, fold(run)
        elif kind == "number":
            yield kind, to_arabic(run).replace(",", "")
        elif kind == "latin":
            yield kind, run.casefold()
        else:
            yield kind, run


@lru_cache(maxsize=200_000)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=200_000)
def _short(word: str) -> frozenset[str]:
    """The word and its parts, folded, as far as they are too short for grams."""
    folded = map(fold, (word, *_parts(word)))
    return frozenset(each for each in folded if 0 < len(each) < GRAM)


@lru_cache(maxsize=50_000)
def _cut(run: str) -> tuple[str, ...]:
    return tuple(_segmenter()(run))


@cache
def _segmenter():  # type: ignore[no-untyped-def]  # noqa: ANN202 -- pythainlp has no types
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 -- its dictionary takes a second

    return word_tokenize


@cache
def _dictionary() -> frozenset[str]:
    from pythainlp.corpus import thai_words  # noqa: PLC0415 -- its dictionary takes a second

    return frozenset(thai_words())


def _parts(word: str) -> tuple[str, ...]:
    """The fewest words of the dictionary that a compound is made of; none where it is not."""
    if len(word) <= GRAM or word not in _dictionary():
        return ()
    best: list[tuple[str, ...] | None] = [(), *([None] * len(word))]
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            before, piece = best[start], word[start:end]
            if before is None or piece == word or piece not in _dictionary():
                continue
            if re.match("[ะ-ฺ็-๎]", word[end : end + 1]):
                continue
            current = best[end]
            if current is None or len(before) + 1 < len(current):
                best[end] = (*before, piece)
    return best[-1] or ()
