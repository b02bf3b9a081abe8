"""What missions are measured by. The area of indicators, which stands above, says so when it is ready.

Policy may not import indicators: it knows one as the code of its framework and its own code, and
asks whoever registered for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator of a framework that holds at a place in a year.

    name, unit, dimension, framework_title: in the language of the page; href: where the reader
    sees a value of it, "" where there is no such page.
    """

    framework: str
    code: str
    name: str
    unit: str
    dimension: str
    framework_title: str
    href: str

    @property
    def reference(self) -> tuple[str, str]:
        """How a mission names it."""
        return self.framework, self.code


class Measures(Protocol):
    """What the area of indicators answers."""

    def at(self, place: str, year: int, *, shown_at: str) -> Sequence[Measure]:
        """Return the indicators of all frameworks published for the place and fiscal year, in
        the order of the frameworks. As few queries for many as for one.

        shown_at: the place whose values the reader may see, "" for none.
        """


_known: list[Measures] = []


def register(measures: Measures) -> None:
    """Say who knows the indicators; registering again replaces."""
    _known[:] = [measures]


def measures_at(place: str, year: int, *, shown_at: str) -> tuple[Measure, ...]:
    """Return the indicators that hold at the place in the year; none where nobody knows any."""
    return tuple(_known[0].at(place, year, shown_at=shown_at)) if _known else ()
