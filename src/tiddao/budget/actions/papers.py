"""Holding the financial papers of an entry, and taking them away again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tiddao.budget.actions.posting import lock_book
from tiddao.budget.models import (
    BookEntry,
    PaperHeld,
)
from tiddao.budget.queries.entries import stored_entries
from tiddao.budget.rules.papers import papers_needed
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor


class PaperRefused(ValueError):
    """The paper cannot be held or ended as asked. code: not_needed, nothing_shown, held, no_reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def hold_paper(
    entry_id: int, paper: str, *, evidence: str = "", note: str = "", by: Actor, at: datetime
) -> PaperHeld:
    """Say that a financial paper of an entry is held, by a file of the evidence area or in words.

    paper: one of ``rules.papers.papers_needed`` of the entry. evidence: the file's reference;
    note: where the paper lies when there is no file. The same again returns what is held.
    Raises PaperRefused (not_needed, nothing_shown, held), BookEntry.DoesNotExist.
    """
    evidence, note = evidence.strip(), note.strip()
    entry = BookEntry.objects.select_related("book").get(pk=entry_id)
    lock_book(entry.book_id)
    row = stored_entries(BookEntry.objects.filter(pk=entry_id))[0]
    if paper not in papers_needed(row.entry):
        raise PaperRefused("not_needed")
    if not (evidence or note):
        raise PaperRefused("nothing_shown")
    held = PaperHeld.objects.filter(entry=entry, paper=paper, ended_at=None).first()
    if held is not None:
        if (held.evidence, held.note) == (evidence, note):
            return held
        raise PaperRefused("held")
    held = PaperHeld.objects.create(
        book=entry.book,
        entry=entry,
        paper=paper,
        evidence=evidence,
        note=note[:300],
        at=at,
        by=by.reference,
    )
    record(
        "hold_paper",
        on=f"book:{entry.book_id}/entry:{entry.pk}",
        by=by,
        at=at,
        place=entry.book.place_id,
        detail={"paper": paper, "evidence": evidence},
    )
    return held


@transaction.atomic
def end_paper(held_id: int, *, reason: str, by: Actor, at: datetime) -> PaperHeld:
    """Take a paper away again, with a reason; that it was held stays known.

    Raises PaperRefused (no_reason), PaperHeld.DoesNotExist.
    """
    if not reason.strip():
        raise PaperRefused("no_reason")
    held = PaperHeld.objects.select_for_update(of=("self",)).select_related("book").get(pk=held_id)
    if held.ended_at is not None:
        return held
    held.ended_at, held.end_reason = at, reason.strip()[:300]
    held.save(update_fields=["ended_at", "end_reason"])
    record(
        "end_paper",
        on=f"book:{held.book_id}/entry:{held.entry_id}",
        by=by,
        at=at,
        place=held.book.place_id,
        detail={"paper": held.paper, "reason": held.end_reason},
    )
    return held
