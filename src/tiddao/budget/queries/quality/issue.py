"""One finding of an accepted workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tiddao.budget.models import WorkbookIssue


@dataclass(frozen=True, slots=True)
class IssueView:
    """One finding of an accepted workbook. explanation: "" while it is open."""

    id: int
    unit: str
    province: str
    fiscal_year: int
    file_name: str
    as_of: date | None
    type: str
    severity: str
    sheet: str
    cell: str
    message_th: str
    amount: Decimal | None
    is_superseded: bool
    explanation: str


def find_issue(issue_id: int) -> IssueView | None:
    """Return the finding of that number, or None. One query."""
    row = WorkbookIssue.objects.select_related("upload").filter(pk=issue_id).first()
    if row is None:
        return None
    return IssueView(
        id=row.pk,
        unit=row.unit_id,
        province=row.upload.place_id,
        fiscal_year=row.upload.fiscal_year,
        file_name=row.upload.file_name,
        as_of=row.upload.as_of,
        type=row.type,
        severity=row.severity,
        sheet=row.sheet,
        cell=row.cell,
        message_th=row.message_th,
        amount=row.amount,
        is_superseded=row.superseded_at is not None,
        explanation=row.explanation if row.explained_at else "",
    )
