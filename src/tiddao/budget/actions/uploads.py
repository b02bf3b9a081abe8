"""A workbook handed in on the page: kept, read without writing, then taken in or put aside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from tiddao.budget.actions.treasury import (
    ReportImported,
    ReportRefused,
    import_treasury_report,
    rehearse_import,
)
from tiddao.budget.models import TreasuryUpload
from tiddao.budget.queries.reading import read_for_import
from tiddao.budget.queries.summary import findings_as_json, workbook_summary
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places.models import NATION

State = TreasuryUpload.State

NO_WORKBOOK = {"not-xlsx", "too-large"}
"""Findings of a file that is not kept: nobody could read it again."""


class UploadMovedOn(Exception):
    """The upload was accepted or put aside already. state: what it is now."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@transaction.atomic
def receive_treasury_file(
    content: bytes, *, file_name: str, sheets: Sequence[int], by: Actor, at: datetime
) -> TreasuryUpload:
    """Keep a handed-in workbook with what it holds and what accepting it would do.

    Raises WorkbookRefused for what is no Excel workbook or too large: that is not kept.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    report: dict[str, Any] = {"file": file_name, "sheets": [], "effect": None}
    try:
        workbook = read_for_import(content, file=file_name, sha256=sha256, sheets=sheets)
        report |= workbook_summary(workbook, sha256=sha256)
        done = rehearse_import(workbook, sha256=sha256, by=by, at=at)
        report["effect"] = asdict(done)
        report["findings"] += findings_as_json(done.warnings)
        state = State.READ
    except WorkbookRefused as refused:
        if any(each.code in NO_WORKBOOK for each in refused.findings):
            raise
        report["findings"] = findings_as_json(refused.findings)
        state = State.REFUSED
    except ReportRefused as refused:
        report["findings"] = findings_as_json(refused.findings)
        state = State.REFUSED
    upload = TreasuryUpload(
        file_name=file_name[:255],
        sha256=sha256,
        sheets=list(sheets),
        state=state,
        report=report,
        by=by.reference,
        at=at,
    )
    upload.file.save(f"{uuid4().hex}.xlsx", ContentFile(content), save=False)
    upload.save(force_insert=True)
    record(
        "receive_treasury_file",
        on=f"treasury-upload:{upload.pk}",
        by=by,
        at=at,
        place=NATION,
        after=sha256,
        detail={"sha256": sha256, "state": state, "findings": len(report["findings"])},
    )
    return upload


@transaction.atomic
def accept_treasury_upload(upload_id: int, *, by: Actor, at: datetime) -> ReportImported:
    """Take the workbook in, as ``import_treasury_report`` does; its entry is that act's.

    Raises UploadMovedOn, and ReportRefused when what stands now no longer allows it.
    """
    upload = _waiting(upload_id)
    with upload.file.open("rb") as stored:
        content = stored.read()
    workbook = read_for_import(
        content, file=upload.file_name, sha256=upload.sha256, sheets=upload.sheets
    )
    done = import_treasury_report(workbook, sha256=upload.sha256, by=by, at=at)
    upload.state = State.ACCEPTED
    upload.save(update_fields=["state"])
    return done


@transaction.atomic
def drop_treasury_upload(upload_id: int, *, by: Actor, at: datetime) -> None:
    """Put a workbook aside that was not taken in. Raises UploadMovedOn."""
    upload = _waiting(upload_id)
    upload.state = State.DROPPED
    upload.save(update_fields=["state"])
    record("drop_treasury_upload", on=f"treasury-upload:{upload.pk}", by=by, at=at, place=NATION)


def _waiting(upload_id: int) -> TreasuryUpload:
    upload = TreasuryUpload.objects.select_for_update().get(pk=upload_id)
    if upload.state != State.READ:
        raise UploadMovedOn(upload.state)
    return upload
