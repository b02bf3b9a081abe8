"""Files of results: received, read into a dry run by a job, then accepted, whole or cell by cell.

Nothing is written before a person has seen every cell beside what the system holds. What has moved in
between is shown again; where both sides changed, the person chooses, and both are kept on record.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from tiddao.indicators.actions.conflicts import settle_at_once
from tiddao.indicators.actions.reported_rows import ResultRow, refused_rows
from tiddao.indicators.actions.reporting import ResultMovedOn, ResultsWritten, report_results
from tiddao.indicators.models import EntryConflict, ResultImport, ResultState, Round
from tiddao.indicators.queries.workbooks import ComparedFile, compare_file
from tiddao.indicators.rules.questions import questions
from tiddao.indicators.rules.results_comparison import Compared, Key, Standing
from tiddao.indicators.rules.results_file import LARGEST_FILE, FileUnreadable
from tiddao.indicators.rules.results_workbook import Finding, ReadResult
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import Place

MOST_SHOWN = 1000
"""Results shown before they are written, conflicts first; the counts speak of all."""
MOST_FINDINGS = 500
"""Findings kept in a report; more are counted, and the first ones are those to mend first."""

_SHOWN_FIRST = {"conflict": 0, "changed": 1, "new": 2, "moved": 3, "same": 4}
_TO_DECIDE = frozenset({"conflict", "changed", "new"})


class ImportNotReady(Exception):
    """The file cannot be accepted now. code: not_read, has_errors, undecided (a conflict without a
    choice), moved_on (the system's figures, since the file was compared), nothing_in_it,
    file_changed.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person chose. submit: hand in, not as drafts; then drafts that say the same go along.

    left_out: not to be taken. mine, theirs: conflicts in which the file's, or the system's, holds.
    """

    submit: bool = False
    left_out: frozenset[Key] = frozenset()
    mine: frozenset[Key] = frozenset()
    theirs: frozenset[Key] = frozenset()


# -- receiving and reading ------------------------------------------------------------------------


@transaction.atomic
def receive_result_import(
    one: Round, *, scope: str, file_name: str, content: bytes, by: Actor, at: datetime
) -> ResultImport:
    """Keep an uploaded file for the job that reads it. Raises FileUnreadable when it is too large."""
    if len(content) > LARGEST_FILE:
        raise FileUnreadable("too_large", f"ไฟล์ใหญ่เกิน {LARGEST_FILE // 1024 // 1024} MB")
    digest = hashlib.sha256(content).hexdigest()
    name = PurePath(file_name.replace("\\", "/")).name[:200] or "results"
    row = ResultImport(
        round=one, scope=scope, file_name=name, sha256=digest, by=by.reference, post=by.post, at=at
    )
    # The file's own name stays in the row; on disk it is known by what it holds.
    row.file.save(f"{digest}{PurePath(name).suffix.lower()[:5]}", ContentFile(content), save=False)
    row.save()
    record(
        "receive_result_import",
        on=f"result-import:{row.pk}",
        by=by,
        at=at,
        place=scope,
        after=digest,
        detail={"file": name, "round": one.code},
    )
    return row


def read_waiting_imports(*, at: datetime) -> int:
    """Read every file that waits into its dry-run report; return how many.

    Safe to run twice, or after a kill: a report is made anew and written at once.
    """
    waiting = ResultImport.objects.filter(
        state__in=[ResultImport.State.WAITING, ResultImport.State.READING]
    ).order_by("id")
    rows = list(waiting)
    for row in rows:
        read_import(row, at=at)
    return len(rows)


def read_import(row: ResultImport, *, at: datetime) -> None:
    """Write the dry-run report of one file; pages see how far it is."""
    still = ResultImport.objects.filter(
        pk=row.pk, state__in=[ResultImport.State.WAITING, ResultImport.State.READING]
    )
    still.update(state=ResultImport.State.READING, progress=10)
    try:
        with row.file.open("rb") as file:
            content = file.read()
    except OSError:  # one lost file must not keep those behind it from being read
        report = _nothing_but(Finding(True, "", "", "file_lost", "ไม่พบแฟ้มที่ส่งไว้แล้ว กรุณาส่งแฟ้มใหม่"))
    else:
        still.update(progress=30)
        one = Round.objects.select_related("framework__owner").get(pk=row.round_id)
        report = dry_run(one, content, scope=row.scope)
    report |= {"read_at": at.isoformat()}
    still.update(report=report, state=ResultImport.State.READ, progress=100)


def read_import_again(row: ResultImport) -> None:
    """Let the file be compared anew, since what it was compared with has moved on."""
    ResultImport.objects.filter(pk=row.pk, state=ResultImport.State.READ).update(
        state=ResultImport.State.WAITING, progress=0
    )


def _nothing_but(finding: Finding) -> dict[str, Any]:
    """Return the report of a file of which nothing could be read."""
    return _counted((), empty=0) | {
        "layouts": {},
        "errors": 1,
        "notes": 0,
        "findings": [_finding(finding)],
        "preview": [],
        "revisions": {},
        "under": None,
    }


def dry_run(one: Round, content: bytes, *, scope: str) -> dict[str, Any]:
    """Return what accepting the file would do, and all that is wrong with it. Writes nothing.

    results: found; new, changed, unchanged, moved, conflicts: against what stands now; empty: asked
    for in the file and not filled in; drafts: unchanged ones that can be handed in; errors and notes:
    how many; findings: [{error, sheet, cell, code, message_th}], at most MOST_FINDINGS of them.
    preview: [{fate, place, place_th, indicator, cell, before, after, questions}], at most MOST_SHOWN,
    those that stand already left out; before and after hold what is reported in the fields of
    ``Reported``, before is None for a new one. revisions: "5712/1.1" → what each was compared with.
    """
    file, lines, findings = _examined(one, content, scope=scope)
    findings = sorted(findings, key=lambda each: not each.error)
    errors = sum(each.error for each in findings)
    return _counted(lines, empty=len(file.read.empty)) | {
        "layouts": dict(file.read.layouts),
        "errors": errors,
        "notes": len(findings) - errors,
        "findings": [_finding(each) for each in findings[:MOST_FINDINGS]],
        "preview": _preview(file, lines),
        "revisions": _revisions(lines),
        "under": file.under,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _examined(
    one: Round, content: bytes, *, scope: str
) -> tuple[ComparedFile, tuple[Compared, ...], list[Finding]]:
    """Read and compare the file; what the act of reporting would refuse is a finding too."""
    file = compare_file(one, content, scope=scope)
    findings = list(file.read.findings)
    rows = [_row(each, file, "") for each in file.lines if each.fate in _TO_DECIDE]
    refused = {(each.place, each.indicator): each for each in refused_rows(rows, one)}
    for each in file.lines:
        fault = refused.get(each.key)
        if fault is not None:
            findings.append(
                Finding(True, each.found.sheet, each.found.cell, fault.code, fault.message_th)
            )
    return file, tuple(each for each in file.lines if each.key not in refused), findings


def _counted(lines: Sequence[Compared], *, empty: int) -> dict[str, Any]:
    fates = Counter(each.fate for each in lines)
    return {
        "results": len(lines),
        "places": len({each.found.place for each in lines}),
        "new": fates["new"],
        "changed": fates["changed"],
        "unchanged": fates["same"],
        "moved": fates["moved"],
        "conflicts": fates["conflict"],
        "drafts": sum(_can_be_handed_in(each) for each in lines),
        "empty": empty,
    }


def _can_be_handed_in(line: Compared) -> bool:
    return (
        line.fate == "same"
        and line.now is not None
        and line.now.state in {ResultState.DRAFT, ResultState.RETURNED}
    )


def _revisions(lines: Sequence[Compared]) -> dict[str, int]:
    """What the reader is shown, and so decides about; compared again before anything is written."""
    return {
        "/".join(each.key): each.revision
        for each in lines
        if each.fate in _TO_DECIDE or _can_be_handed_in(each)
    }


def _preview(file: ComparedFile, lines: Sequence[Compared]) -> list[dict[str, Any]]:
    shown = sorted(
        (each for each in lines if each.fate != "same"), key=lambda each: _SHOWN_FIRST[each.fate]
    )[:MOST_SHOWN]
    places = Place.objects.in_bulk({each.found.place for each in shown})
    return [
        {
            "fate": each.fate,
            "place": each.found.place,
            "place_th": places[each.found.place].name_th,
            "indicator": each.found.indicator,
            "cell": f"{each.found.sheet}!{each.found.cell}",
            "before": _amounts(each.now) if each.now and not each.now.says_nothing else None,
            "after": _amounts(each.found),
            "questions": _questions(file, each),
        }
        for each in shown
    ]


def _questions(file: ComparedFile, line: Compared) -> list[str]:
    last, report = file.last.get(line.key), line.found.report
    if file.definition is None or last is None or report is None:
        return []
    indicator = file.definition.indicator(line.found.indicator)
    return [each.message_th for each in questions(indicator, report, last.report)]


def _amounts(said: Standing | ReadResult) -> dict[str, Any]:
    """Return what was reported, as JSON: numbers as text, so that no digit is lost."""
    amounts: dict[str, Any] = {"not_applicable": said.not_applicable}
    if said.report is not None:
        for field in ("numerator", "denominator", "self_score", "checked_score"):
            number = getattr(said.report, field)
            amounts[field] = None if number is None else str(number)
        steps = said.report.steps
        amounts["steps"] = None if steps is None else sorted(steps)
    return amounts


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "error": each.error,
        "sheet": each.sheet,
        "cell": each.cell,
        "code": each.code,
        "message_th": each.message_th,
    }


# -- accepting ------------------------------------------------------------------------------------


@transaction.atomic
def accept_result_import(
    row: ResultImport, decision: Decision, *, by: Actor, at: datetime
) -> ResultsWritten:
    """Write what was decided about a file that was read: all of that, or nothing.

    The file is read and compared again, so that what is written is what was shown. Refused cells stay
    out. Raises ImportNotReady, RoundNotOpen, ResultsRefused.
    """
    held = ResultImport.objects.select_for_update().get(pk=row.pk)
    if held.state != ResultImport.State.READ:
        raise ImportNotReady("not_read")
    with held.file.open("rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != held.sha256:
        raise ImportNotReady("file_changed")
    one = Round.objects.select_related("framework__owner").get(pk=held.round_id)
    found, lines, _findings = _examined(one, content, scope=held.scope)
    if _revisions(lines) != held.report["revisions"]:
        raise ImportNotReady("moved_on")
    written = _write(one, found, lines, decision, f"import:{held.file_name}", by=by, at=at)
    outcome = {
        "written": written.written,
        "stood_already": written.unchanged,
        "left_out": len(decision.left_out),
        "mine": len(decision.mine),
        "theirs": len(decision.theirs),
        "submitted": decision.submit,
    }
    held.state = ResultImport.State.ACCEPTED
    held.report = held.report | outcome | {
        "left_out_keys": sorted("/".join(key) for key in decision.left_out),
        "decided_by": by.reference,
        "decided_as": by.post,
        "decided_at": at.isoformat(),
    }  # fmt: skip
    held.save(update_fields=["state", "report"])
    record(
        "accept_result_import",
        on=f"result-import:{held.pk}",
        by=by,
        at=at,
        place=held.scope,
        after=held.sha256,
        detail=outcome,
    )
    return written


def _write(
    one: Round,
    file: ComparedFile,
    lines: Sequence[Compared],
    decision: Decision,
    source: str,
    *,
    by: Actor,
    at: datetime,
) -> ResultsWritten:
    conflicts = [each for each in lines if each.fate == "conflict"]
    if any(each.key not in decision.mine | decision.theirs for each in conflicts):
        raise ImportNotReady("undecided")
    taken = [each for each in lines if _is_taken(each, decision)]
    if not lines:
        raise ImportNotReady("nothing_in_it")
    based_on = file.read.sent.revisions if file.read.sent else {}
    for each in conflicts:
        choice = EntryConflict.Choice.MINE if each in taken else EntryConflict.Choice.THEIRS
        settle_at_once(
            one,
            _row(each, file, source),
            based_on=based_on.get(each.key, 0),
            found=each.revision,
            choice=choice,
            by=by,
            at=at,
        )
    state = ResultState.SUBMITTED if decision.submit else ResultState.DRAFT
    rows = [_row(each, file, source) for each in taken]
    try:
        written = report_results(one, rows, by=by, at=at, state=state)
    except ResultMovedOn as moved:
        raise ImportNotReady("moved_on") from moved
    stood = sum(each.fate == "same" and each not in taken for each in lines)
    return ResultsWritten(written.written, written.unchanged + stood)


def _is_taken(line: Compared, decision: Decision) -> bool:
    if line.key in decision.left_out:
        return False
    if line.fate == "conflict":
        return line.key in decision.mine
    return line.fate in _TO_DECIDE or (decision.submit and _can_be_handed_in(line))


def _row(line: Compared, file: ComparedFile, source: str) -> ResultRow:
    found = line.found
    return ResultRow(
        place=found.place,
        indicator=found.indicator,
        report=found.report,
        not_applicable=found.not_applicable,
        narrative=found.narrative or None,
        source=f"{source} {found.sheet}!{found.cell}",
        expected_revision=line.revision,
        under=file.under,
    )


@transaction.atomic
def write_file(
    one: Round,
    content: bytes,
    *,
    scope: str,
    file_name: str,
    by: Actor,
    at: datetime,
    submit: bool = False,
    partly: bool = False,
    conflicts: str = "",
) -> ResultsWritten:
    """Write the results of a file at once, for the command line.

    partly: leave out the refused cells, where otherwise one of them refuses the file. conflicts:
    "mine" or "theirs", for all of them. Raises ImportNotReady, RoundNotOpen, ResultsRefused.
    """
    file, lines, findings = _examined(one, content, scope=scope)
    if any(each.error for each in findings) and not partly:
        raise ImportNotReady("has_errors")
    keys = frozenset(each.key for each in lines if each.fate == "conflict")
    decision = Decision(
        submit=submit,
        mine=keys if conflicts == EntryConflict.Choice.MINE else frozenset(),
        theirs=keys if conflicts == EntryConflict.Choice.THEIRS else frozenset(),
    )
    return _write(one, file, lines, decision, f"import:{file_name}", by=by, at=at)


@transaction.atomic
def refuse_result_import(row: ResultImport, *, by: Actor, at: datetime) -> None:
    """Put a file aside without writing anything of it. Raises ImportNotReady once it is accepted."""
    held = ResultImport.objects.select_for_update().get(pk=row.pk)
    if held.state == ResultImport.State.ACCEPTED:
        raise ImportNotReady("not_read")
    held.state = ResultImport.State.REFUSED
    held.save(update_fields=["state"])
    record("refuse_result_import", on=f"result-import:{held.pk}", by=by, at=at, place=held.scope)


def find_import(import_id: int) -> ResultImport | None:
    """Return the uploaded file, for an act on it, or None."""
    return (
        ResultImport.objects.select_related("round__framework__owner").filter(pk=import_id).first()
    )
