"""Reporting results: all rows or none, drafts handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from tiddao.indicators.actions.reported_rows import (
    RefusedRow,
    ResultRow,
    ResultsRefused,
    checked_parts,
    older_versions,
)
from tiddao.indicators.actions.revisions import (
    RoundNotOpen,
    hold_open_round,
    lock_current,
    mark_places,
    new_revision,
    revise,
    shared_place,
    write_revisions,
)
from tiddao.indicators.models import Result, ResultState, Round
from tiddao.indicators.queries.frameworks import definition_of, version_of
from tiddao.indicators.queries.said import FIGURES, as_said
from tiddao.indicators.rules.approval import COUNTING, STANDING
from tiddao.ledger.actions import record
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.lines import after_lines


class ResultMovedOn(Exception):
    """Somebody else changed a result in the meantime; nothing was written.

    expected: the revision the reporter saw; current: what stands now (None: withdrawn); proposed:
    the reporter's own row. A page shows both values and lets the person decide.
    """

    def __init__(self, *, expected: int, current: Result | None, proposed: ResultRow) -> None:
        found = current.revision if current else 0
        super().__init__(f"{proposed.place} {proposed.indicator}: revision {found}, not {expected}")
        self.expected = expected
        self.current = current
        self.proposed = proposed


@dataclass(frozen=True, slots=True)
class ResultsWritten:
    """How many results got a new revision, and how many stood so already."""

    written: int
    unchanged: int


@transaction.atomic
def report_results(
    one: Round,
    rows: Sequence[ResultRow],
    *,
    by: Actor,
    at: datetime,
    state: str = ResultState.SUBMITTED,
) -> ResultsWritten:
    """Write what offices report; all rows or none.

    A row that says what stands already, in a state that counts, makes no new revision. state:
    draft or submitted; approved only for the system's own figures (linked areas, set-up).
    Raises ResultsRefused with every refused row, RoundNotOpen, ResultMovedOn, and ValueError for
    the same place and indicator twice.
    """
    if state not in {ResultState.DRAFT, ResultState.SUBMITTED} and by.reference != SYSTEM.reference:
        raise ValueError(f"{by.reference} may not report as {state}")
    keys = [(row.place, row.indicator) for row in rows]
    if len(set(keys)) != len(keys):
        raise ValueError("one result is reported twice in one act")
    at = after_lines(at)
    held = hold_open_round(one, {row.place for row in rows}, at=at)
    version = version_of(held)
    if version is None:
        raise RoundNotOpen(held.state)
    definition = definition_of(version)
    current = lock_current(held, {row.place for row in rows}, {row.indicator for row in rows})
    rows = [_completed(row, current.get((row.place, row.indicator))) for row in rows]
    older = older_versions(rows, version)
    parts = checked_parts(rows, definition, held, older=older)
    _refuse_withdrawing_what_stands(rows, current)
    fresh: list[Result] = []
    closing: list[Result] = []
    for row in rows:
        before = current.get((row.place, row.indicator))
        found = before.revision if before else 0
        if row.expected_revision is not None and row.expected_revision != found:
            raise ResultMovedOn(expected=row.expected_revision, current=before, proposed=row)
        made_under = older.get(row.under, version) if row.under else version
        after = new_revision(row, parts[row.place, row.indicator], held, made_under, by=by, at=at)
        after.state, after.revision = _state_of(row, state), found + 1
        if before is not None:
            if _says_the_same(before, after):
                continue
            closing.append(before)
        elif row.report is None and not row.not_applicable:
            continue  # nothing stood, and nothing is said
        fresh.append(after)
    write_revisions(closing, fresh, at=at)
    if fresh:
        mark_places(held, definition, {each.place_id for each in fresh}, at=at)
        record(
            "report_results",
            on=f"round:{held.pk}",
            by=by,
            at=at,
            place=shared_place({each.place_id for each in fresh}),
            before=[as_said(each) for each in closing],
            after=[as_said(each) for each in fresh],
            detail={
                "written": len(fresh),
                "unchanged": len(rows) - len(fresh),
                "source": rows[0].source[:100],
            },
        )
    return ResultsWritten(len(fresh), len(rows) - len(fresh))


def _completed(row: ResultRow, stands: Result | None) -> ResultRow:
    """The row with what it leaves standing."""
    if stands is None:
        return row
    if row.narrative is None:
        row = replace(row, narrative=stands.narrative)
    report = row.report
    if (
        report is not None
        and report.checked_score is None
        and stands.checked_score is not None
        and report.self_score == stands.self_score
    ):
        row = replace(row, report=replace(report, checked_score=stands.checked_score))
    return row


def _refuse_withdrawing_what_stands(
    rows: Sequence[ResultRow], current: Mapping[tuple[str, str], Result]
) -> None:
    said = "ผลนี้อนุมัติแล้ว ถอนเองไม่ได้ ขอให้ผู้อนุมัติส่งคืนก่อน"
    refused = [
        RefusedRow(row.place, row.indicator, "approved", "", said)
        for row in rows
        if _is_withdrawn(row)
        and (stands := current.get((row.place, row.indicator))) is not None
        and stands.state in STANDING
    ]
    if refused:
        raise ResultsRefused(refused)


def _state_of(row: ResultRow, state: str) -> str:
    return ResultState.DRAFT if _is_withdrawn(row) else state


def _is_withdrawn(row: ResultRow) -> bool:
    return row.report is None and not row.not_applicable


def _says_the_same(before: Result, after: Result) -> bool:
    same = all(getattr(before, name) == getattr(after, name) for name in FIGURES)
    if not same:
        return False
    return before.state == after.state or (
        after.state == ResultState.SUBMITTED and before.state in COUNTING
    )


@transaction.atomic
def submit_drafts(one: Round, place: str, *, by: Actor, at: datetime) -> int:
    """Hand in every draft of the place that says something; return how many there were.

    Raises RoundNotOpen.
    """
    at = after_lines(at)
    held = hold_open_round(one, {place}, at=at)
    current = lock_current(held, {place}, None)
    drafts = [
        each
        for _, each in sorted(current.items())
        if each.state == ResultState.DRAFT
        and (each.not_applicable or each.part_numerator is not None)
    ]
    if not drafts:
        return 0
    version = version_of(held)
    assert version is not None  # nothing is drafted before a version is published
    handed_in = revise(drafts, state=ResultState.SUBMITTED, by=by, at=at)
    mark_places(held, definition_of(version), {place}, at=at)
    record(
        "submit_results",
        on=f"round:{held.pk}/place:{place}",
        by=by,
        at=at,
        place=place,
        after=[as_said(each) for each in drafts],
        detail={"submitted": handed_in},
    )
    return handed_in
