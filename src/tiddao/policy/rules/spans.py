"""Where something stands in a text, and the repaired text that rules read with the way back."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters start ≤ n < end of a text, counted from 0."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no span of a text: {self.start}–{self.end}")

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class RepairedText:
    """A text as rules read it. Its characters know which characters of the source they stand for."""

    source: str
    text: str
    starts: array[int]
    ends: array[int]

    def in_source(self, span: Span) -> Span:
        """The span of the source that a span of the repaired text was read from."""
        if span.start == span.end:
            at = self.starts[span.start] if span.start < len(self.text) else len(self.source)
            return Span(at, at)
        return Span(self.starts[span.start], max(self.ends[span.start : span.end]))

    def replaced(
        self, pattern: re.Pattern[str], becomes: Callable[[re.Match[str]], str]
    ) -> RepairedText:
        """The text with every match replaced; the new characters stand for the whole match."""
        if not pattern.search(self.text):
            return self
        pieces: list[str] = []
        starts, ends = array("L"), array("L")
        done = 0
        for found in pattern.finditer(self.text):
            pieces.append(self.text[done : found.start()])
            starts.extend(self.starts[done : found.start()])
            ends.extend(self.ends[done : found.start()])
            done = found.end()
            new = becomes(found)
            if new == found[0]:
                pieces.append(new)
                starts.extend(self.starts[found.start() : done])
                ends.extend(self.ends[found.start() : done])
            elif new:
                pieces.append(new)
                starts.extend([self.starts[found.start()]] * len(new))
                ends.extend([self.ends[done - 1]] * len(new))
        pieces.append(self.text[done:])
        starts.extend(self.starts[done:])
        ends.extend(self.ends[done:])
        return RepairedText(self.source, "".join(pieces), starts, ends)


def unrepaired(source: str) -> RepairedText:
    """The source as it stands, each character for itself.

    Source: issue 4 "Reading a document" (proposals tied to the exact span of the source).
    """
    places = array("L", range(len(source)))
    return RepairedText(source, source, places, array("L", range(1, len(source) + 1)))


def trimmed(text: str, start: int, end: int, around: str = " \n\t,;:") -> Span:
    """The span without the signs around it.

    Source: issue 4 "Reading a document" (the exact span).
    """
    while start < end and text[start] in around:
        start += 1
    while end > start and text[end - 1] in around:
        end -= 1
    return Span(start, end)
