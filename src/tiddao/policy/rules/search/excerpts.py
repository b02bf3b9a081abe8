"""The few lines of a text in which the words stand, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tiddao.policy.rules.search.folding import pattern_of

LENGTH = 240
"""Characters of an excerpt, about."""
_COMBINING = re.compile("[ะ-ฺๅ็-๎]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt."""

    text: str
    marked: bool = False


def excerpt(text: str, needles: Sequence[str], *, length: int = LENGTH) -> tuple[Piece, ...]:
    """The part of the text with the most of the words, as pieces; "…" where it was cut.

    needles: folded. Where none stands in the text, its beginning. The pieces hold the text as
    written, nothing is escaped.

    Source: issue 4, Pages (search); docs requirements E9 (quote as written).
    """
    found = _places(text, needles)
    start, end = _window(text, found, length)
    pieces: list[Piece] = [Piece("…")] if start > 0 else []
    at = start
    for first, last, _ in found:
        if first < at or first >= end:
            continue
        if first > at:
            pieces.append(Piece(text[at:first]))
        at = min(last, end)
        pieces.append(Piece(text[first:at], marked=True))
    if at < end:
        pieces.append(Piece(text[at:end]))
    if end < len(text):
        pieces.append(Piece("…"))
    return tuple(pieces)


def marked(text: str, needles: Sequence[str]) -> tuple[Piece, ...]:
    """The whole text (a title) as pieces, with the words marked.

    Source: see ``excerpt``.
    """
    return excerpt(text, needles, length=len(text) + 1)


def _places(text: str, needles: Sequence[str]) -> list[tuple[int, int, int]]:
    """(start, end, which needle), the first of overlapping ones, in order.

    A short word that is part of a longer one found too ("นา" of "โคกหนองนา") is not marked alone.
    """
    standing = {
        needle: [
            (match.start(), match.start() + len(match[0].rstrip()), number)
            for match in pattern_of(needle).finditer(text)
        ]
        for number, needle in enumerate(needles)
        if needle
    }
    known = [needle for needle, places in standing.items() if places]
    found = [
        place
        for needle in known
        if not any(needle != other and needle in other for other in known)
        for place in standing[needle]
    ]
    kept: list[tuple[int, int, int]] = []
    for first, last, number in sorted(found, key=lambda each: (each[0], -each[1])):
        if not kept or first >= kept[-1][1]:
            kept.append((first, last, number))
    return kept


def _window(text: str, found: list[tuple[int, int, int]], length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    best, most = 0, 0
    for position, (first, *_rest) in enumerate(found):
        inside: dict[int, int] = {}
        for at, to, which in found[position:]:
            if at >= first + length * 3 // 4:
                break
            inside[which] = to - at
        if sum(inside.values()) > most:
            best, most = first, sum(inside.values())
    start = max(0, min(best - length // 4, len(text) - length))
    return _cut_at(text, start, best), _cut_back(text, min(start + length, len(text)))


def _cut_at(text: str, start: int, before: int) -> int:
    """A place to begin: after a space where one is near, never between a letter and its sign."""
    if start == 0:
        return 0
    space = text.find(" ", start, min(start + 40, before))
    if space >= 0:
        return space + 1
    while start > 0 and (_COMBINING.match(text[start]) or text[start - 1] in "เแโใไ"):
        start -= 1
    return start


def _cut_back(text: str, end: int) -> int:
    while end < len(text) and _COMBINING.match(text[end]):
        end += 1
    return end - 1 if end < len(text) and text[end - 1] in "เแโใไ" else end
