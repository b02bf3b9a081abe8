"""Files of results that were handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema

from tiddao.indicators.queries.imports import ImportView


class FileFindingOut(Schema):
    """error: something is refused for it; cell: "F7", or "" for the whole sheet or file."""

    error: bool
    sheet: str
    cell: str
    code: str
    message_th: str


class ResultFileOut(Schema):
    """A file of results that was handed in, and how it compared with what the system held.

    Counts are of results, errors and notes of cells; null until the file is read. written: after it was
    accepted.
    """

    id: int
    framework: str
    fiscal_year: int
    round: str
    file: str
    sha256: str
    state: str
    handed_in_at: datetime
    new: int | None
    changed: int | None
    conflicts: int | None
    unchanged: int | None
    moved: int | None
    empty: int | None
    errors: int | None
    notes: int | None
    written: int | None


class ResultFileDetailOut(ResultFileOut):
    """With its findings, 500 at most, errors first."""

    findings: list[FileFindingOut]


_FILE_COUNTS = (
    "new", "changed", "conflicts", "unchanged", "moved", "empty", "errors", "notes", "written",
)  # fmt: skip


def result_file_json(one: ImportView) -> dict[str, Any]:
    """Shape a file that was handed in. Who did it stands in the ledger, not here."""
    return {
        "id": one.id,
        "framework": one.framework_code,
        "fiscal_year": one.fiscal_year,
        "round": one.round_name,
        "file": one.file_name,
        "sha256": one.sha256,
        "state": one.state,
        "handed_in_at": one.at,
        "findings": one.report.get("findings", []),
    } | {name: one.report.get(name) for name in _FILE_COUNTS}
