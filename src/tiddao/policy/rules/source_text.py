"""The plain text that spans are counted in, with its blocks, and why a file is not brought to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tiddao.policy.rules.spans import Span

Format = Literal["txt", "docx", "pdf", "html"]

LONGEST_TEXT = 1_000_000
"""Characters of text that are read: some 400 pages."""


class IntakeRefused(ValueError):
    """A file that is not read. code: stable; the message is Thai, for the person who gave it.

    Codes: too-large, too-long, empty, unknown-format, wrong-extension, not-text, encrypted, damaged,
    no-text-layer, bomb, old-word, macros.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[IntakeRefused], tuple[str, str]]:
        return IntakeRefused, (self.code, str(self))  # it comes from the process that read the file


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text as the file had it. page: of a PDF, from 1."""

    span: Span
    kind: Literal["paragraph", "heading", "cell", "item"]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    """The plain text that spans are counted in.

    wraps: places of line ends that only wrap a line (PDF). left_out: what was not taken over, in
    Thai: pictures, scripts.
    """

    text: str
    format: Format
    blocks: tuple[Block, ...] = ()
    wraps: tuple[int, ...] = ()
    left_out: tuple[str, ...] = ()
