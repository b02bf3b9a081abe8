"""What tells kept boards apart, when one is late, and how many stand at its foot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

BOTTOM = 10
"""A board's lowest ranks that are shown apart; a tie at the tenth rank brings more than ten units."""
LATE_AFTER = timedelta(days=3)
"""A board taken later than this after its day is marked as taken late (proposed: over a weekend)."""

_REFERENCE = re.compile(
    r"place:(?P<place>[0-9a-z]+)/(?:deadline:(?P<deadline>\d+))?"
    r"|sheet:(?P<sheet>\d+)/treasury-report:(?P<report>\d+)"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a board is of: of a place against a deadline (or none), or of a sheet of a report."""

    place: str = ""
    deadline: int | None = None
    sheet: int | None = None
    report: int | None = None

    def __str__(self) -> str:
        if self.sheet is not None:
            return f"sheet:{self.sheet}/treasury-report:{self.report}"
        return f"place:{self.place}/{f'deadline:{self.deadline}' if self.deadline else ''}"

    @property
    def series(self) -> str:
        """What boards of other weeks share with this one: the text their references begin with."""
        return f"sheet:{self.sheet}/" if self.sheet is not None else str(self)


def read_reference(text: str) -> Reference:
    """The reference as written. Raises ValueError for a text that is none.

    Source: budget.models.deadlines.Board.
    """
    found = _REFERENCE.fullmatch(text)
    if found is None:
        raise ValueError(f"not a board's reference: {text!r}")

    def number(name: str) -> int | None:
        return int(found[name]) if found[name] else None

    return Reference(found["place"] or "", number("deadline"), number("sheet"), number("report"))


def is_late(as_of: date, taken_on: date) -> bool:
    """Whether a board was taken so long after its day that later entries may stand on it.

    Source: issue "งบ", Acting on it (weekly snapshot); the bound is proposed.
    """
    return taken_on > as_of + LATE_AFTER
