"""What a file of results would change: each one beside what the system holds now.

A workbook knows which revision each of its cells was made from. Where the system has moved on since,
nobody's figure is taken over the other's: a cell that was not touched leaves the newer one alone, and
one that was is a conflict, for a person to settle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tiddao.indicators.rules.results_layout import Sent
from tiddao.indicators.rules.results_workbook import ReadResult
from tiddao.indicators.rules.scoring import Reported

Fate = Literal["conflict", "changed", "new", "moved", "same"]
Key = tuple[str, str]
"""Code of the place, code of the indicator."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One revision of a result. report: None where it says nothing, or that it does not apply."""

    revision: int
    state: str
    report: Reported | None
    not_applicable: bool
    narrative: str = ""

    @property
    def says_nothing(self) -> bool:
        return self.report is None and not self.not_applicable


@dataclass(frozen=True, slots=True)
class Compared:
    """A result of the file beside what stands. now: None where nothing was ever written.

    fate: new (nothing stood), changed, same; moved: the cell says what it was sent out with, and the
    system holds something newer; conflict: the cell was changed, and the system's too.
    """

    found: ReadResult
    fate: Fate
    now: Standing | None

    @property
    def key(self) -> Key:
        return self.found.place, self.found.indicator

    @property
    def revision(self) -> int:
        """The revision that was compared with; 0 where there is none."""
        return self.now.revision if self.now else 0


def compared(
    results: Sequence[ReadResult],
    *,
    sent: Sent | None,
    now: Mapping[Key, Standing],
    before: Mapping[Key, Standing],
) -> tuple[Compared, ...]:
    """Return each result with its fate.

    sent: what the workbook says it was made from; None where it does not say, and every difference is
    a change then. before: the revisions that it was made from, of those that have moved on.

    Source: issue 5, Excel both ways; anchors §3 no. 12 (who overwrote whom).
    """
    based_on = sent.revisions if sent is not None else {}
    return tuple(
        Compared(each, _fate(each, now.get(key), based_on.get(key), before.get(key)), now.get(key))
        for each in results
        for key in [(each.place, each.indicator)]
    )


def _fate(
    found: ReadResult, now: Standing | None, based_on: int | None, before: Standing | None
) -> Fate:
    if now is not None and _says_the_same(found, now):
        return "same"
    if based_on is not None and based_on != (now.revision if now else 0):
        if before is not None and _says_the_same(found, before):
            return "moved"
        if now is not None and not now.says_nothing:
            return "conflict"
    return "new" if now is None or now.says_nothing else "changed"


def _says_the_same(found: ReadResult, stands: Standing) -> bool:
    if found.narrative and found.narrative != " ".join(stands.narrative.split()):
        return False
    if found.not_applicable or stands.not_applicable or stands.report is None:
        return found.not_applicable and stands.not_applicable
    report = found.report
    return report is not None and (
        report.numerator == stands.report.numerator
        and report.denominator == stands.report.denominator
        and report.steps == stands.report.steps
        and report.self_score == stands.report.self_score
        and report.checked_score in (None, stands.report.checked_score)
    )
