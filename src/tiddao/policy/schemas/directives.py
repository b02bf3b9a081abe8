"""What the JSON of directives, documents and recurring reports looks like.

Counts are offices; days are Gregorian; None: not said or not reported.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from ninja import Schema

from tiddao.policy.queries.directives import (
    AssignmentLine,
    DirectiveLine,
    DirectiveView,
    MoveLine,
    QuestionLine,
)
from tiddao.policy.queries.documents import DocumentLine, DocumentView, ProposalView
from tiddao.policy.queries.obligations import ObligationLine, ObligationView
from tiddao.policy.queries.silence import Overview, UnitTally
from tiddao.policy.queries.tallies import Tally
from tiddao.policy.rules.assignments import DueDay


class Problem(Schema):
    """Why there is no answer."""

    detail: str


class DueOut(Schema):
    day: date
    last_working_day: date | None
    days_left: int


class TallyOut(Schema):
    """Offices by state; total without those called off."""

    total: int
    silent: int
    overdue: int
    states: dict[str, int]


class DirectiveOut(Schema):
    """tally: of the receivers that the caller may see."""

    id: int
    title: str
    sender: str
    on_behalf_of: str
    line: str
    place: str
    facet: str
    number: str
    fiscal_year: int
    sent_on: date
    due: DueOut | None
    due_words: str
    is_cancelled: bool
    is_recurring: bool
    is_handed_down: bool
    tally: TallyOut


class AssignmentOut(Schema):
    """One office's part. silent_days, silent_working_days: since the sending, of a silent one."""

    id: int
    directive_id: int
    title: str
    office: str
    office_name: str
    place: str
    state: str
    progress: int | None
    due: DueOut | None
    is_overdue: bool
    silent_days: int | None
    silent_working_days: int | None
    acknowledged_at: datetime | None
    moved_at: datetime
    has_evidence: bool
    last_words: str


class UnitTallyOut(Schema):
    key: str
    name: str
    own_state: str
    tally: TallyOut


class QuestionOut(Schema):
    id: int
    words: str
    office_name: str
    at: datetime
    answers: list[str]


class DirectivePageOut(DirectiveOut):
    """One directive; whole: with all that was handed down from it."""

    text: str
    source: str
    document_id: int | None
    whole: TallyOut
    units: list[UnitTallyOut]
    offices: list[AssignmentOut]
    questions: list[QuestionOut]


class MoveOut(Schema):
    """One answer or ruling. stands: it took effect."""

    act: str
    stands: bool
    words: str
    progress: int | None
    by_name: str
    at: datetime


class OverviewOut(Schema):
    directives: int
    tally: TallyOut
    level: str
    units: list[UnitTallyOut]
    silent: list[AssignmentShortOut]


class AssignmentShortOut(Schema):
    id: int
    directive_id: int
    directive_title: str
    office_name: str
    silent_days: int
    silent_working_days: int | None


class DocumentOut(Schema):
    id: int
    title: str
    sort: str
    number: str
    issued_on: date | None
    fiscal_year: int
    place: str
    at: datetime
    directives: int


class ProposalOut(Schema):
    """What was read on a span of the text and what a person said; confirmed: None until then."""

    id: int
    kind: str
    start: int
    end: int
    because: str
    read: dict[str, Any]
    verdict: str
    confirmed: dict[str, str | None] | None


class DocumentPageOut(DocumentOut):
    text: str
    proposals: list[ProposalOut]


class ObligationOut(Schema):
    """direction: D2P (district to province) or P2D (province to department)."""

    id: int
    title: str
    direction: str
    office_name: str
    every: str
    days_after: int
    starts_on: date
    ends_on: date | None
    is_ended: bool
    periods: int
    last_due: date | None


class PeriodOut(Schema):
    """statuses: offices by completed, partial, pending, overdue."""

    directive: DirectiveOut
    statuses: dict[str, int]


class ObligationPageOut(ObligationOut):
    text: str
    list_of_periods: list[PeriodOut]


OverviewOut.model_rebuild()


def tally_out(tally: Tally) -> TallyOut:
    """Return a tally as JSON has it."""
    return TallyOut(
        total=tally.total, silent=tally.silent, overdue=tally.overdue, states=dict(tally.states)
    )


def directive_out(line: DirectiveLine) -> DirectiveOut:
    """Return a directive as JSON has it."""
    return DirectiveOut(**_directive(line))


def assignment_out(line: AssignmentLine) -> AssignmentOut:
    """Return one office's part as JSON has it."""
    kept = {
        key: getattr(line, key)
        for key in AssignmentOut.model_fields
        if key not in {"due", "silent_days", "silent_working_days", "has_evidence"}
    }
    return AssignmentOut(
        **kept,
        due=_due(line.due),
        silent_days=line.silence.days if line.silence else None,
        silent_working_days=line.silence.working_days if line.silence else None,
        has_evidence=bool(line.evidence),
    )


def directive_page_out(
    found: DirectiveView,
    units: tuple[UnitTally, ...],
    offices: list[AssignmentLine],
    questions: tuple[QuestionLine, ...],
) -> DirectivePageOut:
    """Return one directive as JSON has it."""
    return DirectivePageOut(
        **_directive(found.line),
        text=found.text,
        source=found.source,
        document_id=found.document.document_id if found.document else None,
        whole=tally_out(found.whole),
        units=[
            UnitTallyOut(
                key=unit.key, name=unit.name, own_state=unit.direct, tally=tally_out(unit.whole)
            )
            for unit in units
        ],
        offices=[assignment_out(each) for each in offices],
        questions=[
            QuestionOut(
                id=each.id,
                words=each.words,
                office_name=each.office_name,
                at=each.at,
                answers=[words for words, _by, _at in each.answers],
            )
            for each in questions
        ],
    )


def move_out(line: MoveLine) -> MoveOut:
    """Return a move as JSON has it."""
    return MoveOut(**{key: getattr(line, key) for key in MoveOut.model_fields})


def overview_out(found: Overview) -> OverviewOut:
    """Return an overview as JSON has it."""
    return OverviewOut(
        directives=found.directives,
        tally=tally_out(found.whole),
        level=found.level,
        units=[
            UnitTallyOut(key=key, name=name, own_state="", tally=tally_out(tally))
            for key, name, tally in found.units
        ],
        silent=[
            AssignmentShortOut(
                id=each.assignment_id,
                directive_id=each.directive_id,
                directive_title=each.directive_title,
                office_name=each.office_name,
                silent_days=each.silence.days,
                silent_working_days=each.silence.working_days,
            )
            for each in found.silent
        ],
    )


def document_out(line: DocumentLine) -> DocumentOut:
    """Return a document as JSON has it."""
    return DocumentOut(**{key: getattr(line, key) for key in DocumentOut.model_fields})


def document_page_out(found: DocumentView) -> DocumentPageOut:
    """Return one document as JSON has it."""
    proposals = [each for group in found.groups for each in group.proposals]
    return DocumentPageOut(
        **document_out(found.line).model_dump(),
        text=found.text,
        proposals=[_proposal(each) for each in proposals],
    )


def obligation_out(line: ObligationLine) -> ObligationOut:
    """Return a report that recurs as JSON has it."""
    return ObligationOut(**_obligation(line))


def obligation_page_out(found: ObligationView) -> ObligationPageOut:
    """Return one report that recurs as JSON has it."""
    return ObligationPageOut(
        **_obligation(found.line),
        text=found.text,
        list_of_periods=[
            PeriodOut(directive=directive_out(each.directive), statuses=dict(each.statuses))
            for each in found.periods
        ],
    )


def _directive(line: DirectiveLine) -> dict[str, Any]:
    kept = {
        key: getattr(line, key) for key in DirectiveOut.model_fields if key not in {"due", "tally"}
    }
    return kept | {"due": _due(line.due), "tally": tally_out(line.tally)}


def _obligation(line: ObligationLine) -> dict[str, Any]:
    kept = {
        key: getattr(line, key)
        for key in ObligationOut.model_fields
        if key not in {"every", "days_after", "is_ended"}
    }
    return kept | line.recurrence.as_json() | {"is_ended": line.ended_at is not None}


def _due(due: DueDay | None) -> DueOut | None:
    return DueOut(**asdict(due)) if due else None


def _proposal(each: ProposalView) -> ProposalOut:
    return ProposalOut(
        id=each.id,
        kind=each.kind,
        start=each.start,
        end=each.end,
        because=each.because,
        read=dict(each.raw),
        verdict=each.verdict,
        confirmed=dict(each.value) if each.value is not None else None,
    )
