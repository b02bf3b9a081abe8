"""Offices' own workbooks as they were handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tiddao.budget.models import WorkbookMapping, WorkbookUpload
from tiddao.people.models import User

State = WorkbookUpload.State


@dataclass(frozen=True, slots=True)
class Mend:
    """A cell put right in the preview. was: what the file holds."""

    sheet: str
    cell: str
    value: str
    was: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class WorkbookShown:
    """A workbook handed in. report: as ``queries.workbook_report`` wrote it when it was last read."""

    id: int
    place: str
    fiscal_year: int
    as_of: date | None
    file_name: str
    sha256: str
    state: str
    state_name: str
    version: int
    report: Mapping[str, Any]
    mends: tuple[Mend, ...]
    by: str
    at: datetime
    decided_by: str
    decided_at: datetime | None
    books_after: int | None

    @property
    def is_open(self) -> bool:
        return self.state == State.READ

    @property
    def books_moved_on(self) -> bool:
        """Whether another workbook was taken in since this one was read."""
        return self.is_open and self.report["books_after"] != self.books_after


@dataclass(frozen=True, slots=True)
class WorkbookLine:
    """A workbook in the list of those handed in."""

    id: int
    file_name: str
    fiscal_year: int
    as_of: date | None
    state: str
    state_name: str
    lines: int
    issues: int
    by: str
    at: datetime


def workbooks_of(province: str, *, most: int = 60) -> tuple[WorkbookLine, ...]:
    """Return the workbooks handed in for the province, the newest first. Two queries."""
    rows = list(
        WorkbookUpload.objects.filter(place_id=province)
        .order_by("-at", "-pk")
        .values_list(
            "pk", "file_name", "fiscal_year", "as_of", "state", "report__lines",
            "report__issue_count", "by", "at",
        )[:most]
    )  # fmt: skip
    names = _names(row[7] for row in rows)
    return tuple(
        WorkbookLine(
            id=number,
            file_name=name,
            fiscal_year=year,
            as_of=as_of,
            state=state,
            state_name=str(State(state).label),
            lines=lines or 0,
            issues=issues or 0,
            by=names.get(by, ""),
            at=at,
        )
        for number, name, year, as_of, state, lines, issues, by, at in rows
    )


def find_workbook(province: str, upload_id: int) -> WorkbookShown | None:
    """Return the workbook if it was handed in for the province. Three queries at the most."""
    found = WorkbookUpload.objects.filter(pk=upload_id, place_id=province).first()
    if found is None:
        return None
    names = _names([found.by, found.decided_by])
    latest = None
    if found.state == State.READ:
        latest = (
            WorkbookUpload.objects.filter(
                place_id=province, fiscal_year=found.fiscal_year, state=State.ACCEPTED
            )
            .order_by("-decided_at", "-pk")
            .values_list("pk", flat=True)
            .first()
        )
    return WorkbookShown(
        id=found.pk,
        place=province,
        fiscal_year=found.fiscal_year,
        as_of=found.as_of,
        file_name=found.file_name,
        sha256=found.sha256,
        state=found.state,
        state_name=str(State(found.state).label),
        version=found.version,
        report=found.report,
        mends=tuple(_mend(place, each) for place, each in sorted(found.mends.items())),
        by=names.get(found.by, ""),
        at=found.at,
        decided_by=names.get(found.decided_by, ""),
        decided_at=found.decided_at,
        books_after=latest,
    )


def is_mapping_known(province: str) -> bool:
    """Say whether a workbook of the province was accepted before. One query."""
    return WorkbookMapping.objects.filter(place_id=province).exists()


def _mend(place: str, kept: Mapping[str, str]) -> Mend:
    sheet, _, cell = place.rpartition("!")
    return Mend(sheet, cell, kept["value"], kept["was"], kept["reason"], kept["by"])


def _names(references: Any) -> dict[str, str]:
    """Reference → name of the person, in one query; the system has none."""
    numbers = {
        int(number)
        for each in references
        for kind, _, number in (each.partition(":"),)
        if kind == "user" and number.isdigit()
    }
    people = User.objects.filter(pk__in=numbers).values_list("pk", "name_th")
    return {f"user:{number}": name for number, name in people}
