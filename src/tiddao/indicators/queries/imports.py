"""Uploaded files of results, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from tiddao.indicators.models import ResultImport
from tiddao.places.models import NATION


@dataclass(frozen=True, slots=True)
class ImportView:
    """One uploaded file. report: counts and findings of the dry run, and what was written."""

    id: int
    round_id: int
    round_name: str
    framework_code: str
    fiscal_year: int
    scope: str
    file_name: str
    sha256: str
    state: str
    progress: int
    report: Mapping[str, Any]
    by: str
    at: datetime

    @property
    def decisions(self) -> int:
        """How many results are new, changed, or in conflict."""
        return sum(self.report.get(name, 0) for name in ("new", "changed", "conflicts"))

    @property
    def is_unreadable(self) -> bool:
        """It was read to the end and nothing in it could be taken for a result."""
        if self.state != ResultImport.State.READ or not self.report.get("errors"):
            return False
        return not (self.decisions or self.report.get("unchanged") or self.report.get("empty"))

    @property
    def may_be_accepted(self) -> bool:
        """It was read and holds something to decide about."""
        return self.state == ResultImport.State.READ and bool(self.report.get("revisions"))


def import_view(import_id: int) -> ImportView | None:
    """Return the uploaded file, or None. One query."""
    row = ResultImport.objects.select_related("round__framework").filter(pk=import_id).first()
    return _view(row) if row else None


def imports_within(roots: frozenset[str], *, newest: int = 50) -> tuple[ImportView, ...]:
    """Return the newest uploads for places within the roots. One query."""
    within = Q(pk__in=[])
    for root in roots:
        within |= Q() if root == NATION else Q(scope__startswith=root)
    if NATION in roots:
        within = Q()
    rows = ResultImport.objects.select_related("round__framework").filter(within)
    return tuple(_view(row) for row in rows.order_by("-id")[:newest])


def imports_of(round_id: int, scope: str, *, newest: int = 20) -> tuple[ImportView, ...]:
    """Return the newest uploads for one round and place. One query."""
    rows = ResultImport.objects.select_related("round__framework")
    found = rows.filter(round_id=round_id, scope=scope).order_by("-id")[:newest]
    return tuple(_view(row) for row in found)


def _view(row: ResultImport) -> ImportView:
    return ImportView(
        id=row.pk,
        round_id=row.round_id,
        round_name=row.round.name_th,
        framework_code=row.round.framework.code,
        fiscal_year=row.round.framework.fiscal_year,
        scope=row.scope,
        file_name=row.file_name,
        sha256=row.sha256,
        state=row.state,
        progress=row.progress,
        report=row.report,
        by=row.by,
        at=row.at,
    )
