"""An office's own workbook handed in: read without writing, put right in the preview, put aside.

Taking it into the books is ``actions.workbook_acceptance``. A workbook is read in a process of its
own each time something about it changes; the file itself is never changed. Each change names the
version it was made on, so that of two people at once the second sees what the first has done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any, Literal
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from tiddao.budget.models import WorkbookUpload
from tiddao.budget.queries.office_reading import (
    ReadUpload,
    as_json,
    from_json,
    read_new,
    read_stored,
    units_of,
)
from tiddao.budget.queries.workbook_effect import effect_of, known_books
from tiddao.budget.queries.workbook_report import report_of
from tiddao.budget.rules.cgd_figures import Finding
from tiddao.budget.rules.office_figures import OfficeWorkbook
from tiddao.budget.rules.office_issues import printed_days, refusal_of
from tiddao.budget.rules.office_mapping import (
    CATEGORIES,
    SHEET_KINDS,
    OfficeMapping,
    SheetMapping,
)
from tiddao.budget.rules.office_words import squashed
from tiddao.kernel.dates import BANGKOK
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor

State = WorkbookUpload.State

LATE_REPORT = timedelta(days=92)
"""Proposed: how long after a fiscal year's end a report of it is still made."""
LONGEST_MEND = 300


class WorkbookMovedOn(Exception):
    """The upload was decided or changed by somebody else meanwhile. code: decided, changed."""

    def __init__(self, code: Literal["decided", "changed"]) -> None:
        super().__init__(code)
        self.code = code


class ChangeRefused(ValueError):
    """What was asked cannot be done to this workbook.

    code: no_reason, too_long, no_such_sheet, no_such_cell, no_mend, unknown_value, other_unit,
    not_in_year, in_future.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def receive_workbook(
    content: bytes,
    *,
    file_name: str,
    province: str,
    year: FiscalYear,
    by: Actor,
    at: datetime,
    as_of: date | None = None,
    read: ReadUpload | None = None,
) -> WorkbookUpload:
    """Keep a handed-in workbook with what it says and what accepting it would do.

    It is read with what was accepted of the province's workbooks before. One that is plainly of
    another year or province is kept as refused. read: the content as it was just read, by whoever has
    done so. Raises WorkbookRefused for what cannot be read at
    all or is too large: that is not kept. Raises ChangeRefused for an impossible as_of, ValueError
    for what is no province.
    """
    if as_of is not None:
        check_day(as_of, year=year, at=at)
    read = read or read_new(content, file=file_name, province=province, year=year)
    refusal = refusal_of(read.workbook)
    upload = WorkbookUpload(
        place_id=province,
        fiscal_year=year.be,
        as_of=as_of or _printed_day(read.workbook, year=year, at=at),
        file_name=PurePath(file_name).name[-255:],
        sha256=hashlib.sha256(content).hexdigest(),
        state=State.READ if refusal is None else State.REFUSED,
        mapping=as_json(read.workbook.mapping),
        by=by.reference,
        at=at,
    )
    upload.report = _report(upload, read, refusal=refusal, known_before=read.is_known)
    suffix = PurePath(file_name).suffix.lower()
    suffix = suffix if suffix in {".xlsx", ".xlsm", ".csv", ".txt", ".tsv"} else ".xlsx"
    upload.file.save(f"{uuid4().hex}{suffix}", ContentFile(content), save=False)
    upload.save(force_insert=True)
    record(
        "receive_workbook",
        on=f"workbook:{upload.pk}",
        by=by,
        at=at,
        place=province,
        after=upload.sha256,
        detail={
            "sha256": upload.sha256,
            "fiscal_year": year.be,
            "state": upload.state,
            "lines": upload.report["lines"],
            "issues": upload.report["issue_count"],
        },
    )
    return upload


@transaction.atomic
def mend_cell(
    upload_id: int,
    *,
    version: int,
    sheet: str,
    cell: str,
    value: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> WorkbookUpload:
    """Say what should stand in a cell; "" for nothing. The original stays known.

    Raises WorkbookMovedOn, ChangeRefused, WorkbookRefused.
    """
    upload = _waiting(upload_id, version)
    place, reason = f"{sheet}!{cell.strip().upper()}", reason.strip()
    if not reason:
        raise ChangeRefused("no_reason")
    if max(len(value), len(reason)) > LONGEST_MEND:
        raise ChangeRefused("too_long")
    held = upload.mends.get(place)
    before = read_stored(upload)
    texts = next((each.texts for each in before.workbook.sheets if each.tab == sheet), None)
    if texts is None:
        raise ChangeRefused("no_such_sheet")
    address = place.rpartition("!")[2]
    if address not in texts and held is None:
        raise ChangeRefused("no_such_cell")
    was = held["was"] if held else texts.get(address, "")
    upload.mends = {
        **upload.mends,
        place: {"value": value.strip(), "was": was, "reason": reason, "by": by.name},
    }
    return _changed(
        upload,
        "mend_cell",
        {"cell": place, "was": was, "value": value.strip(), "reason": reason},
        by=by,
        at=at,
    )


@transaction.atomic
def unmend_cell(
    upload_id: int, *, version: int, sheet: str, cell: str, by: Actor, at: datetime
) -> WorkbookUpload:
    """Take a mend away again: the cell counts as it stands in the file.

    Raises WorkbookMovedOn, ChangeRefused.
    """
    upload = _waiting(upload_id, version)
    place = f"{sheet}!{cell}"
    if place not in upload.mends:
        raise ChangeRefused("no_mend")
    upload.mends = {key: each for key, each in upload.mends.items() if key != place}
    return _changed(upload, "unmend_cell", {"cell": place}, by=by, at=at)


@transaction.atomic
def change_sheet(
    upload_id: int,
    *,
    version: int,
    sheet: str,
    kind: str,
    category: str = "",
    tranche: str = "",
    by: Actor,
    at: datetime,
) -> WorkbookUpload:
    """Say what a sheet is: its kind, and the category and tranche of its money.

    Raises WorkbookMovedOn, ChangeRefused.
    """
    if kind not in SHEET_KINDS or (category and category not in CATEGORIES):
        raise ChangeRefused("unknown_value")
    upload = _waiting(upload_id, version)
    if sheet not in {each["sheet"] for each in upload.report["sheets"]}:
        raise ChangeRefused("no_such_sheet")
    told = SheetMapping(
        kind,
        category or None,
        " ".join(tranche.split())[:60] or None,
    )
    return _told(
        upload,
        lambda mapping: replace(mapping, sheets={**mapping.sheets, sheet: told}),
        {"sheet": sheet, "kind": kind, "category": category, "tranche": told.tranche or ""},
        by=by,
        at=at,
    )


@transaction.atomic
def change_mapping(
    upload_id: int,
    *,
    version: int,
    what: Literal["heads", "places", "projects"],
    written: str,
    means: str,
    by: Actor,
    at: datetime,
) -> WorkbookUpload:
    """Say what a head, a place or a project that the workbook writes in its own way means.

    means: a measure or "" (a column to be left out); a unit's code; the project's number or name.
    Raises WorkbookMovedOn, ChangeRefused.
    """
    written, means = " ".join(written.split()), " ".join(means.split())
    if not written or len(written) > LONGEST_MEND or len(means) > LONGEST_MEND:
        raise ChangeRefused("too_long" if written else "unknown_value")
    upload = _waiting(upload_id, version)
    if what == "places":
        units = units_of(upload.place_id, FiscalYear(upload.fiscal_year))
        if means not in {upload.place_id, *units.districts}:
            raise ChangeRefused("other_unit")
    elif what == "projects" and not means:
        raise ChangeRefused("unknown_value")

    def told(mapping: OfficeMapping) -> OfficeMapping:
        if what == "heads":
            return replace(mapping, heads={**mapping.heads, squashed(written): means})
        if what == "places":
            return replace(mapping, places={**mapping.places, written: means})
        return replace(mapping, projects={**mapping.projects, written: means})

    return _told(upload, told, {"what": what, "written": written, "means": means}, by=by, at=at)


@transaction.atomic
def set_as_of(
    upload_id: int, *, version: int, as_of: date, by: Actor, at: datetime
) -> WorkbookUpload:
    """Say for which day the workbook's figures are true. Raises WorkbookMovedOn, ChangeRefused."""
    upload = _waiting(upload_id, version)
    check_day(as_of, year=FiscalYear(upload.fiscal_year), at=at)
    upload.as_of = as_of
    return _changed(upload, "set_as_of", {"as_of": as_of.isoformat()}, by=by, at=at)


@transaction.atomic
def read_again(upload_id: int, *, version: int, by: Actor, at: datetime) -> WorkbookUpload:
    """Read the workbook against the books as they stand now. Raises WorkbookMovedOn."""
    return _changed(_waiting(upload_id, version), "read_workbook_again", {}, by=by, at=at)


@transaction.atomic
def drop_workbook(upload_id: int, *, by: Actor, at: datetime) -> None:
    """Put a workbook aside that was not taken in. Raises WorkbookMovedOn."""
    upload = WorkbookUpload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    if upload.state != State.READ:
        raise WorkbookMovedOn("decided")
    upload.state, upload.decided_by, upload.decided_at = State.DROPPED, by.reference, at
    upload.save(update_fields=["state", "decided_by", "decided_at"])
    record("drop_workbook", on=f"workbook:{upload.pk}", by=by, at=at, place=upload.place_id)


# -- what the acts share -------------------------------------------------------------------------


def check_day(as_of: date, *, year: FiscalYear, at: datetime) -> None:
    """Raise ChangeRefused for a day that figures of the year cannot be true for."""
    if as_of > at.astimezone(BANGKOK).date():
        raise ChangeRefused("in_future")
    if not year.start <= as_of <= year.end + LATE_REPORT:
        raise ChangeRefused("not_in_year")


def _printed_day(workbook: OfficeWorkbook, *, year: FiscalYear, at: datetime) -> date | None:
    """The latest day printed above a table, if figures of the year can be true for it."""
    days = [date.fromisoformat(each) for each in printed_days(workbook).values()]
    for day in sorted(days, reverse=True):
        try:
            check_day(day, year=year, at=at)
        except ChangeRefused:
            continue
        return day
    return None


def _waiting(upload_id: int, version: int) -> WorkbookUpload:
    upload = WorkbookUpload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    if upload.state != State.READ:
        raise WorkbookMovedOn("decided")
    if upload.version != version:
        raise WorkbookMovedOn("changed")
    return upload


def _told(
    upload: WorkbookUpload,
    change: Callable[[OfficeMapping], OfficeMapping],
    detail: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> WorkbookUpload:
    upload.mapping = as_json(change(from_json(upload.mapping)))
    return _changed(upload, "change_mapping", detail, by=by, at=at)


def _changed(
    upload: WorkbookUpload, act: str, detail: Mapping[str, Any], *, by: Actor, at: datetime
) -> WorkbookUpload:
    """Read again as it is to be read now, and keep what came of it under the next version."""
    read = read_stored(upload)
    upload.report = _report(upload, read, known_before=upload.report["known_before"])
    upload.version += 1
    upload.save(update_fields=["as_of", "mends", "mapping", "report", "version"])
    record(
        act,
        on=f"workbook:{upload.pk}",
        by=by,
        at=at,
        place=upload.place_id,
        after=[upload.mends, upload.mapping, upload.as_of and upload.as_of.isoformat()],
        detail={**detail, "version": upload.version, "issues": upload.report["issue_count"]},
    )
    return upload


def _report(
    upload: WorkbookUpload,
    read: ReadUpload,
    *,
    refusal: Finding | None = None,
    known_before: bool,
) -> dict[str, Any]:
    known = known_books(upload.place_id, read.year)
    effect = effect_of(read.lines.stated, known, as_of=upload.as_of)
    accepted = WorkbookUpload.objects.filter(
        place_id=upload.place_id, fiscal_year=upload.fiscal_year, state=State.ACCEPTED
    ).order_by("-decided_at", "-pk")
    same = accepted.filter(sha256=upload.sha256).first()
    latest = accepted.first()
    return report_of(
        read.workbook,
        read.lines,
        effect,
        units={upload.place_id: "", **read.units.districts},
        refusal=refusal,
        known_before=known_before,
        same_as=same.pk if same else None,
        books_after=latest.pk if latest else None,
    )
