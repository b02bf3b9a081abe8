"""Saying why our books and the treasury differ, and taking such a reason back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from tiddao.budget.models import ReconciliationNote
from tiddao.budget.rules.cgd_figures import SPENDINGS
from tiddao.budget.rules.reconciling import LINES, REASONS, SHEETS, Line
from tiddao.kernel.money import SATANG
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor


class NoteRefused(ValueError):
    """The note says too little, or of something that is not compared.

    code: no_words, no_amount, finer_than_satang, unknown_choice, no_reason, ended.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def note_difference(
    place: str,
    as_of: date,
    *,
    line: Line,
    basis: str,
    spending: str,
    reason: str,
    amount: Decimal,
    words: str,
    document: str = "",
    by: Actor,
    at: datetime,
) -> ReconciliationNote:
    """Explain a part of the difference at the end of a day. amount: baht, treasury less ours.

    Raises NoteRefused.
    """
    if (
        line not in LINES
        or basis not in SHEETS[line]
        or spending not in SPENDINGS
        or reason not in REASONS
    ):
        raise NoteRefused("unknown_choice")
    if not amount:
        raise NoteRefused("no_amount")
    if amount != amount.quantize(SATANG):
        raise NoteRefused("finer_than_satang")
    if not words.strip():
        raise NoteRefused("no_words")
    note = ReconciliationNote.objects.create(
        place_id=place,
        as_of=as_of,
        line=line,
        basis=basis,
        spending=spending,
        reason=reason,
        amount=amount,
        words=words.strip(),
        document=document.strip()[:120],
        at=at,
        by=by.reference,
    )
    record(
        "note_difference",
        on=f"reconciliation-note:{note.pk}",
        by=by,
        at=at,
        place=place,
        detail={
            "as_of": as_of.isoformat(),
            "line": line,
            "basis": basis,
            "spending": spending,
            "reason": reason,
            "baht": amount,
        },
    )
    return note


@transaction.atomic
def end_note(note_id: int, *, reason: str, by: Actor, at: datetime) -> ReconciliationNote:
    """Take a note back, with a reason; that it was written stays known.

    Raises NoteRefused (no_reason, ended), ReconciliationNote.DoesNotExist.
    """
    note = ReconciliationNote.objects.select_for_update(of=("self",)).get(pk=note_id)
    if note.ended_at is not None:
        raise NoteRefused("ended")
    if not reason.strip():
        raise NoteRefused("no_reason")
    note.ended_at, note.end_reason = at, reason.strip()[:300]
    note.save(update_fields=["ended_at", "end_reason"])
    record(
        "end_note",
        on=f"reconciliation-note:{note.pk}",
        by=by,
        at=at,
        place=note.place_id,
        detail={"reason": note.end_reason, "baht": note.amount},
    )
    return note
