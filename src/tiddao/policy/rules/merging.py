"""Two people write at once: their words put together where they do not meet."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

Edit = tuple[int, int, tuple[str, ...]]
"""Lines [first, end) of the common text are replaced by these."""


def merged(base: str, mine: str, theirs: str) -> str | None:
    """One text with what both changed in the common one, line by line; None where they meet.

    Lines that both added at the same point are both kept, theirs first; a change that both made is
    made once. What comes back does not end in an empty line.

    Source: issue 4 "notes against agenda items" (two people writing at once lose no words).
    """
    if theirs in {mine, base}:
        return mine
    if mine == base:
        return theirs
    lines = base.splitlines()
    found = _together(_edits(lines, mine.splitlines()), _edits(lines, theirs.splitlines()))
    if found is None:
        return None
    out: list[str] = []
    at = 0
    for first, end, words in found:
        out += [*lines[at:first], *words]
        at = end
    return "\n".join([*out, *lines[at:]])


def _edits(base: Sequence[str], changed: Sequence[str]) -> list[Edit]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [
        (i1, i2, tuple(changed[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def _together(mine: Sequence[Edit], theirs: Sequence[Edit]) -> list[Edit] | None:
    shared = set(mine) & set(theirs)
    for own in mine:
        for other in theirs:
            if own == other or own in shared or other in shared:
                continue
            both_add = own[0] == own[1] == other[0] == other[1]
            apart = own[1] <= other[0] or other[1] <= own[0]
            # An addition at the edge of what the other replaced has no sure place.
            touches = own[0] == other[0] or (own[1] == other[0] or other[1] == own[0])
            adds = own[0] == own[1] or other[0] == other[1]
            if not both_add and (not apart or (touches and adds)):
                return None
    unique = [(edit, 0) for edit in theirs] + [(edit, 1) for edit in mine if edit not in shared]
    return [edit for edit, _ in sorted(unique, key=lambda each: (each[0][0], each[0][1], each[1]))]
