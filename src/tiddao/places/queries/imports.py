"""Lists of villages that were handed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiddao.places import tree
from tiddao.places.models import VillageImport
from tiddao.places.queries.units import full_name

_MOST = 50


@dataclass(frozen=True, slots=True)
class VillageImportRow:
    """One list of villages. report: ``VillageReport`` as JSON, empty until it was read."""

    id: int
    file_name: str
    state: str
    state_name: str
    is_working: bool  # the job has it, or will
    can_accept: bool
    progress: int
    within: str
    within_name: str
    at: datetime
    report: dict[str, Any]


def village_imports(*, roots: Collection[str]) -> tuple[VillageImportRow, ...]:
    """Return the last fifty lists handed in for places below the roots, newest first. One query."""
    rows = VillageImport.objects.select_related("within").order_by("-pk")
    visible = (row for row in rows[:1_000] if tree.is_within_any(row.within_id, roots))
    return tuple(_row(row) for row, _ in zip(visible, range(_MOST), strict=False))


def village_import(import_id: int, *, roots: Collection[str]) -> VillageImportRow | None:
    """Return one list, or None when it is not for a place below the roots. One query."""
    row = VillageImport.objects.select_related("within").filter(pk=import_id).first()
    if row is None or not tree.is_within_any(row.within_id, roots):
        return None
    return _row(row)


def _row(row: VillageImport) -> VillageImportRow:
    state = VillageImport.State(row.state)
    working = {
        VillageImport.State.WAITING,
        VillageImport.State.READING,
        VillageImport.State.ACCEPTING,
    }
    return VillageImportRow(
        id=row.pk,
        file_name=row.file_name,
        state=row.state,
        state_name=str(state.label),
        is_working=state in working,
        can_accept=state == VillageImport.State.READ,
        progress=row.progress,
        within=row.within_id,
        within_name=full_name(row.within),
        at=row.at,
        report=row.report,
    )
