"""Completeness of financial papers (เอกสารการเงินครบถ้วน): each payment with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tiddao.budget.rules.accounts import Entry, EntryId, EntryKind
from tiddao.budget.rules.books import book_of
from tiddao.kernel.fiscal import FiscalYear

PROPOSED_PAPERS: Mapping[EntryKind, tuple[str, ...]] = {
    "disbursement": ("ขออนุมัติเบิกจ่าย", "หลักฐานการจ่าย"),
    "advance": ("สัญญายืมเงิน",),
    "clearance": ("ใบสำคัญส่งใช้เงินยืม",),
    "return": ("หนังสือนำส่งเงินคืน",),
}
"""Proposed, not official: the form asks for completeness and does not list the papers."""
PAPER_OF_DELIVERY = "ใบตรวจรับพัสดุ"
"""Asked for besides when a payment draws on a purchase order."""


@dataclass(frozen=True, slots=True)
class MissingPaper:
    entry: EntryId
    paper: str

    def __str__(self) -> str:
        return f"{self.entry}: ขาด{self.paper}"


@dataclass(frozen=True, slots=True)
class Completeness:
    """needed, held: papers. missing: each by entry. complete: None when no paper is needed yet."""

    needed: int
    held: int
    missing: tuple[MissingPaper, ...]

    @property
    def complete(self) -> bool | None:
        return not self.missing if self.needed else None


def papers_needed(
    entry: Entry, papers: Mapping[EntryKind, tuple[str, ...]] = PROPOSED_PAPERS
) -> tuple[str, ...]:
    """The papers one entry needs, in order; none for kinds that move no money out.

    Source: docs domain 1.3 (เอกสารการเงินครบถ้วน); the list itself is proposed.
    """
    needed = papers.get(entry.kind, ())
    if entry.kind == "disbursement" and entry.against is not None:
        needed = (*needed, PAPER_OF_DELIVERY)
    return needed


def completeness(
    entries: Iterable[Entry],
    evidence: Mapping[EntryId, Collection[str]],
    *,
    year: FiscalYear,
    on: date,
    papers: Mapping[EntryKind, tuple[str, ...]] = PROPOSED_PAPERS,
) -> Completeness:
    """Whether every payment true by the day has its papers.

    evidence: by entry, the papers for which a file is held. Reversed entries need none.

    Source: docs domain 1.3 (100 % and complete papers make level 5).
    """
    book = book_of((entry for entry in entries if entry.on <= on), year=year)
    needed = [
        (entry.id, paper)
        for entry in book.entries
        if not book.is_reversed(entry.id)
        for paper in papers_needed(entry, papers)
    ]
    missing = tuple(
        MissingPaper(entry, paper)
        for entry, paper in needed
        if paper not in evidence.get(entry, ())
    )
    return Completeness(len(needed), len(needed) - len(missing), missing)
