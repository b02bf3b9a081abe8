"""Files of results: received, read into a dry-run report by a job, accepted whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from tiddao.indicators.actions.results import ResultRow, ResultsWritten, report_results
from tiddao.indicators.models import Result, ResultImport, Round
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.queries.imports import places_reporting
from tiddao.indicators.rules.results_workbook import (
    LARGEST_FILE,
    FileUnreadable,
    Finding,
    ReadFile,
    ReadResult,
    read_results,
    read_sheets,
)
from tiddao.indicators.rules.scoring import Reported
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import Place

MOST_SHOWN = 300
"""Results shown before they are written; the counts speak of all."""
MOST_FINDINGS = 500
"""Findings kept in a report; more are counted, and the first ones are those to mend first."""


class ImportNotReady(Exception):
    """The file cannot be accepted now. code: not_read, has_errors, nothing_in_it, file_changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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


def _nothing_but(finding: Finding) -> dict[str, Any]:
    """Return the report of a file of which nothing could be read."""
    counts = dict.fromkeys(("results", "places", "new", "changed", "unchanged", "notes"), 0)
    return counts | {"layouts": {}, "errors": 1, "findings": [_finding(finding)], "preview": []}


def dry_run(one: Round, content: bytes, *, scope: str) -> dict[str, Any]:
    """Return what accepting the file would do, and all that is wrong with it. Writes nothing.

    results: found; new, changed, unchanged: against what stands now; errors and notes: how many;
    findings: [{error, sheet, cell, code, message_th}], at most MOST_FINDINGS of them. preview:
    [{fate, place, place_th, indicator, cell, before, after}], changed ones first, at most MOST_SHOWN;
    before and after hold what is reported in the fields of ``Reported``, before is None for a new one.
    """
    read = _read(one, content, scope=scope)
    standing = _standing(one, read.results)
    fate = Counter(_fate(each, standing) for each in read.results)
    findings = sorted(read.findings, key=lambda each: not each.error)
    return {
        "results": len(read.results),
        "places": len({each.place for each in read.results}),
        "new": fate["new"],
        "changed": fate["changed"],
        "unchanged": fate["unchanged"],
        "layouts": dict(read.layouts),
        "errors": len(read.errors),
        "notes": len(read.findings) - len(read.errors),
        "findings": [_finding(each) for each in findings[:MOST_FINDINGS]],
        "preview": _preview(read.results, standing),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _read(one: Round, content: bytes, *, scope: str) -> ReadFile:
    version = version_in_force(one.framework_id)
    if version is None or one.state != Round.State.OPEN:
        said = "รอบนี้ยังไม่เปิดหรือปิดรับรายงานแล้ว"
        return ReadFile((), (Finding(True, "", "", "round_not_open", said),), {})
    definition = definition_of(version)
    try:
        sheets = read_sheets(content)
    except FileUnreadable as fault:
        return ReadFile((), (Finding(True, "", "", fault.code, fault.message_th),), {})
    return read_results(
        sheets,
        definition=definition,
        round_code=one.code,
        places=places_reporting(one, definition, scope=scope),
    )


def _standing(one: Round, results: Sequence[ReadResult]) -> dict[tuple[str, str], Result]:
    rows = Result.objects.filter(
        round=one,
        superseded_at__isnull=True,
        place_id__in={each.place for each in results},
    )
    return {(each.place_id, each.indicator_code): each for each in rows}


def _fate(found: ReadResult, standing: Mapping[tuple[str, str], Result]) -> str:
    stands = standing.get((found.place, found.indicator))
    if stands is None:
        return "new"
    report = found.report
    same = stands.not_applicable == found.not_applicable and (
        report is None
        or (
            stands.numerator == report.numerator
            and stands.denominator == report.denominator
            and stands.self_score == report.self_score
            and report.checked_score in (None, stands.checked_score)
            and (None if stands.steps is None else frozenset(stands.steps)) == report.steps
        )
    )
    return "unchanged" if same and stands.state not in {"draft", "returned"} else "changed"


def _preview(
    results: Sequence[ReadResult], standing: Mapping[tuple[str, str], Result]
) -> list[dict[str, Any]]:
    order = {"changed": 0, "new": 1, "unchanged": 2}
    by_fate = sorted(results, key=lambda each: order[_fate(each, standing)])[:MOST_SHOWN]
    places = Place.objects.in_bulk({each.place for each in by_fate})
    rows = []
    for each in by_fate:
        stands = standing.get((each.place, each.indicator))
        rows.append(
            {
                "fate": _fate(each, standing),
                "place": each.place,
                "place_th": places[each.place].name_th,
                "indicator": each.indicator,
                "cell": f"{each.sheet}!{each.cell}",
                "before": _amounts(stands, stands.not_applicable) if stands else None,
                "after": _amounts(each.report, each.not_applicable),
            }
        )
    return rows


def _amounts(said: Result | Reported | None, not_applicable: bool) -> dict[str, Any]:
    """Return what was reported, as JSON: numbers as text, so that no digit is lost."""
    amounts: dict[str, Any] = {"not_applicable": not_applicable}
    if said is not None:
        for field in ("numerator", "denominator", "self_score", "checked_score"):
            number = getattr(said, field)
            amounts[field] = None if number is None else str(number)
        amounts["steps"] = None if said.steps is None else sorted(said.steps)
    return amounts


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "error": each.error,
        "sheet": each.sheet,
        "cell": each.cell,
        "code": each.code,
        "message_th": each.message_th,
    }


@transaction.atomic
def accept_result_import(row: ResultImport, *, by: Actor, at: datetime) -> ResultsWritten:
    """Write the results of a file that was read without errors: all of them, or none.

    The file is read again, so that what is written is what stands in it now. Results that stand so
    already get no new revision. Raises ImportNotReady, RoundNotOpen, ResultsRefused.
    """
    held = ResultImport.objects.select_for_update().get(pk=row.pk)
    if held.state != ResultImport.State.READ:
        raise ImportNotReady("not_read")
    with held.file.open("rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != held.sha256:
        raise ImportNotReady("file_changed")
    one = Round.objects.select_related("framework__owner").get(pk=held.round_id)
    written = write_file(one, content, scope=held.scope, file_name=held.file_name, by=by, at=at)
    held.state = ResultImport.State.ACCEPTED
    held.report = held.report | {"written": written.written, "stood_already": written.unchanged}
    held.save(update_fields=["state", "report"])
    record(
        "accept_result_import",
        on=f"result-import:{held.pk}",
        by=by,
        at=at,
        place=held.scope,
        after=held.sha256,
        detail={"written": written.written, "unchanged": written.unchanged},
    )
    return written


@transaction.atomic
def write_file(
    one: Round, content: bytes, *, scope: str, file_name: str, by: Actor, at: datetime
) -> ResultsWritten:
    """Write the results of a file at once, for the command line. Raises ImportNotReady."""
    read = _read(one, content, scope=scope)
    if read.errors:
        raise ImportNotReady("has_errors")
    if not read.results:
        raise ImportNotReady("nothing_in_it")
    rows = [
        ResultRow(
            place=each.place,
            indicator=each.indicator,
            report=each.report,
            not_applicable=each.not_applicable,
            narrative=each.narrative or None,
            source=f"import:{file_name} {each.sheet}!{each.cell}",
        )
        for each in read.results
    ]
    return report_results(one, rows, by=by, at=at)


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
