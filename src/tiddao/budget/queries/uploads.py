"""Workbooks handed in on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiddao.budget.models import TreasuryUpload

State = TreasuryUpload.State


@dataclass(frozen=True, slots=True)
class UploadView:
    """A workbook handed in. report: as ``actions.uploads`` wrote it when it was read."""

    id: int
    file_name: str
    sha256: str
    sheets: tuple[int, ...]
    state: str
    state_name: str
    report: Mapping[str, Any]
    at: datetime

    @property
    def can_accept(self) -> bool:
        return self.state == State.READ

    @property
    def changes_nothing(self) -> bool:
        """Whether the very file was taken in already."""
        effect = self.report.get("effect")
        return bool(effect and effect["outcome"] == "unchanged")


def treasury_upload(upload_id: int) -> UploadView | None:
    """Return the upload, or None. One query."""
    found = TreasuryUpload.objects.filter(pk=upload_id).first()
    return _view(found) if found else None


def recent_uploads(limit: int = 20) -> tuple[UploadView, ...]:
    """Return the latest uploads, the newest first. One query."""
    return tuple(_view(each) for each in TreasuryUpload.objects.order_by("-at", "-pk")[:limit])


def _view(upload: TreasuryUpload) -> UploadView:
    return UploadView(
        id=upload.pk,
        file_name=upload.file_name,
        sha256=upload.sha256,
        sheets=tuple(upload.sheets),
        state=upload.state,
        state_name=str(State(upload.state).label),
        report=upload.report,
        at=upload.at,
    )
