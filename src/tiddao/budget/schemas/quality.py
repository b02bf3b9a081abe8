"""What the JSON of reconciliation and data quality looks like. Amounts are baht as exact text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ninja import Schema

from tiddao.budget.queries.quality.counts import Tally
from tiddao.budget.queries.quality.finder import Question
from tiddao.budget.queries.reconciliation import NoteView, ReconciledRow, Reconciliation
from tiddao.budget.rules.reconciling import SHEETS, Comparison


class NoteOut(Schema):
    """A reason. amount: treasury less ours, as far as this explains it."""

    id: int
    reason: str
    amount: Decimal
    words: str
    document: str


class ComparisonOut(Schema):
    """One figure of both sides. difference: treasury less ours; open: what no reason explains."""

    treasury: Decimal | None
    ours: Decimal | None
    difference: Decimal | None
    explained: Decimal
    open: Decimal | None


class ReconciledRowOut(Schema):
    """One basis and type of spending. cell: where the treasury's figure stands."""

    basis: str
    spending: str
    base: ComparisonOut
    amount: ComparisonOut
    cell: str
    notes: list[NoteOut]


class ReconciliationOut(Schema):
    """Our books beside the treasury's report of a day."""

    place: str
    as_of: date
    line: str
    sheets: list[int]
    unit: str
    offices: int
    offices_reporting: int
    undivided: Decimal
    carried_over: Decimal
    elsewhere: Decimal
    rows: list[ReconciledRowOut]


class CountOut(Schema):
    """How many questions of a kind an office has, and the baht they are about."""

    place: str
    kind: str
    count: int
    amount: Decimal


class QuestionOut(Schema):
    """One question about data. days: how long, where that is the point."""

    kind: str
    place: str
    office: str
    subject: str
    reference: str
    amount: Decimal | None
    on: date | None
    days: int | None
    type: str
    severity: str
    details: list[str]


class QualityOut(Schema):
    """as_of: the day counted; None when nobody has counted yet. questions: of one page."""

    place: str
    fiscal_year: int
    as_of: date | None
    unit: str
    total: int
    counts: list[CountOut]
    page: int
    page_size: int
    questions: list[QuestionOut]


def reconciliation_out(place: str, found: Reconciliation) -> ReconciliationOut:
    """Return both sides as JSON shows them."""
    return ReconciliationOut(
        place=place,
        as_of=found.as_of,
        line=found.line,
        sheets=sorted(SHEETS[found.line].values()),
        unit="บาท",
        offices=found.offices,
        offices_reporting=found.offices_reporting,
        undivided=found.undivided,
        carried_over=found.carried_over,
        elsewhere=found.elsewhere,
        rows=[_row(each) for each in found.rows],
    )


def _row(row: ReconciledRow) -> ReconciledRowOut:
    return ReconciledRowOut(
        basis=row.basis,
        spending=row.spending,
        base=_compared(row.base),
        amount=_compared(row.amount),
        cell=row.cell,
        notes=[_note(each) for each in row.notes],
    )


def _compared(found: Comparison) -> ComparisonOut:
    return ComparisonOut(
        treasury=found.treasury,
        ours=found.ours,
        difference=found.difference,
        explained=found.explained,
        open=found.open,
    )


def _note(note: NoteView) -> NoteOut:
    return NoteOut(
        id=note.id,
        reason=note.reason,
        amount=note.amount,
        words=note.words,
        document=note.document,
    )


def count_out(place: str, kind: str, tally: Tally) -> CountOut:
    """Return one count as JSON shows it."""
    return CountOut(place=place, kind=kind, count=tally.count, amount=tally.amount)


def question_out(question: Question) -> QuestionOut:
    """Return one question as JSON shows it."""
    return QuestionOut(
        kind=question.kind,
        place=question.place,
        office=question.office_name,
        subject=question.subject,
        reference=question.reference,
        amount=question.amount,
        on=question.on,
        days=question.days,
        type=question.type,
        severity=question.severity,
        details=list(question.detail),
    )
