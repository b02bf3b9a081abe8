"""What a proof makes one ask: about its day, its place, and whether it was seen before.

A finding is a question with its reason, never a verdict: cameras have wrong clocks, messengers drop
what the camera wrote, and one event may rightly prove several things.

Source: issue 4 of 4, "Evidence" (EXIF time and place compared with the claimed place and date);
product.md "What it must not become".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from tiddao.kernel.dates import BANGKOK

DAYS_APART: Final = 1
"""Days between the photo and the day claimed that nobody asks about: events end after midnight."""
CLOCK_MAY_BE_AHEAD: Final = timedelta(hours=24)

Weight = Literal["question", "note"]

WEIGHTS: Final[dict[str, Weight]] = {
    "taken-in-future": "question",
    "taken-other-day": "question",
    "taken-elsewhere": "question",
    "seen-before": "question",
    "no-outline": "note",
    "no-position": "note",
    "no-time": "note",
}
"""Every finding there is. A question wants an answer; a note says what could not be compared."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One question or note. fields: what its sentence needs, JSON-able; days as ISO text."""

    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        """Whether it asks, or only notes."""
        return WEIGHTS[self.code]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"code": self.code, "fields": dict(self.fields)}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a photo was taken, against a claimed place.

    compared: code of the claimed place, or the nearest above it whose outline is known; None: none.
    metres: how far from that outline, 0 inside. found: code of the smallest known outline that
    holds the point, None for none.
    """

    compared: str | None
    metres: int | None
    found: str | None


OUTLINE_METRES: Final = 1_500
"""How far outside an outline nobody asks: stored outlines are simplified to about a kilometre, and a
phone under a roof errs by hundreds of metres."""


def date_findings(
    *, taken_at: datetime | None, effective_on: date | None, handed_in_at: datetime
) -> tuple[Finding, ...]:
    """Return what the photo's own time makes one ask. effective_on: the day claimed, None = not said.

    Source: issue 4 of 4, "Evidence"; DAYS_APART is proposed.
    """
    if taken_at is None:
        return (Finding("no-time"),)
    taken_on = taken_at.astimezone(BANGKOK).date()
    if taken_at > handed_in_at + CLOCK_MAY_BE_AHEAD:
        return (
            Finding(
                "taken-in-future",
                {
                    "taken_on": taken_on.isoformat(),
                    "handed_in_on": handed_in_at.astimezone(BANGKOK).date().isoformat(),
                },
            ),
        )
    if effective_on is not None and abs((taken_on - effective_on).days) > DAYS_APART:
        return (
            Finding(
                "taken-other-day",
                {
                    "taken_on": taken_on.isoformat(),
                    "effective_on": effective_on.isoformat(),
                    "days": abs((taken_on - effective_on).days),
                },
            ),
        )
    return ()


def place_findings(where: Whereabouts | None, *, claimed: str) -> tuple[Finding, ...]:
    """Return what the photo's own place makes one ask. where: None for a photo that names none.

    Source: issue 4 of 4, "Evidence"; OUTLINE_METRES is proposed.
    """
    if where is None:
        return (Finding("no-position"),)
    if where.compared is None or where.metres is None:
        return (Finding("no-outline", {"claimed": claimed, "found": where.found}),)
    if where.metres > OUTLINE_METRES:
        return (
            Finding(
                "taken-elsewhere",
                {
                    "claimed": claimed,
                    "compared": where.compared,
                    "found": where.found,
                    "metres": where.metres,
                },
            ),
        )
    return ()


def seen_before_findings(*, here: int, elsewhere: int) -> tuple[Finding, ...]:
    """Return the question about the very same file in other proofs: of this office, of others.

    Source: issue 4 of 4, "Data quality" (copied proofs); anchors.md §3.
    """
    if not here and not elsewhere:
        return ()
    return (Finding("seen-before", {"here": here, "elsewhere": elsewhere}),)
