"""Reading an office's workbook within bounds of memory and time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tiddao.budget.models import WorkbookMapping, WorkbookUpload
from tiddao.budget.queries.offices import OfficeUnits, office_units
from tiddao.budget.rules.cgd_figures import Finding, WorkbookRefused
from tiddao.budget.rules.office_figures import OfficeWorkbook
from tiddao.budget.rules.office_lines import OfficeLines, office_lines
from tiddao.budget.rules.office_mapping import OfficeMapping
from tiddao.budget.rules.office_workbook import read_office_workbook
from tiddao.kernel.apart import GaveUp, run_apart
from tiddao.kernel.fiscal import FiscalYear

LARGEST_WORKBOOK = 10 * 1024 * 1024
"""Bytes of one handed in; those of offices have well under one million."""


def read_bounded(
    content: bytes,
    *,
    file: str,
    units: OfficeUnits,
    year: FiscalYear,
    mapping: OfficeMapping | None = None,
    mends: Mapping[tuple[str, str], str] | None = None,
) -> OfficeWorkbook:
    """Read the workbook in a process of its own, with limits of memory and time.

    Raises WorkbookRefused, also when it is larger than 10 MB or would take more than its share;
    MendMisplaced.
    """
    if len(content) > LARGEST_WORKBOOK:
        raise _refused(file, "too-large", f"ไฟล์ใหญ่ {len(content) / 1e6:,.1f} MB เกิน 10 MB")
    try:
        return run_apart(
            read_office_workbook,
            content,
            file=file,
            province=units.province,
            fiscal_year=year,
            districts=units.districts,
            mapping=mapping,
            mends=mends,
        )
    except GaveUp as given_up:
        if given_up.why == "too_slow":
            words = "อ่านไฟล์นี้ไม่เสร็จในเวลาที่กำหนด จึงไม่รับ"
            raise _refused(file, "too-slow", words) from None
        words = "อ่านไฟล์นี้ไม่สำเร็จภายในหน่วยความจำและเวลาที่กำหนด ไฟล์อาจเสียหายหรือใหญ่ผิดปกติ"
        raise _refused(file, "too-large", words) from None


@dataclass(frozen=True)
class ReadUpload:
    """A workbook as it was just read, with its lines.

    is_known: it was read with what was settled for an earlier one of the province.
    """

    units: OfficeUnits
    year: FiscalYear
    workbook: OfficeWorkbook
    lines: OfficeLines
    is_known: bool = False


def read_new(content: bytes, *, file: str, province: str, year: FiscalYear) -> ReadUpload:
    """Read a workbook that is not handed in yet, as the province's last accepted one was read.

    Raises WorkbookRefused, ValueError for what is no province.
    """
    units = units_of(province, year)
    mapping = known_mapping(province, year)
    workbook = read_bounded(content, file=file, units=units, year=year, mapping=mapping)
    return ReadUpload(units, year, workbook, office_lines(workbook), is_known=mapping is not None)


def read_stored(upload: WorkbookUpload) -> ReadUpload:
    """Read a handed-in file as it is to be read now: with its mends and mapping.

    Raises WorkbookRefused, MendMisplaced.
    """
    year = FiscalYear(upload.fiscal_year)
    units = units_of(upload.place_id, year)
    with upload.file.open("rb") as stored:
        content = stored.read()
    mends = {}
    for place, mend in upload.mends.items():
        sheet, _, cell = place.rpartition("!")
        mends[sheet, cell] = mend["value"]
    workbook = read_bounded(
        content,
        file=upload.file_name,
        units=units,
        year=year,
        mapping=from_json(upload.mapping),
        mends=mends,
    )
    return ReadUpload(units, year, workbook, office_lines(workbook))


def units_of(province: str, year: FiscalYear) -> OfficeUnits:
    """Return the province's units in the year. Raises ValueError for what is no province."""
    units = office_units(province, on=year.end)
    if units is None:
        raise ValueError(f"{province} is no province")
    return units


def known_mapping(province: str, year: FiscalYear) -> OfficeMapping | None:
    """Return how the province's last accepted workbook was read; of another year, what still holds.

    Heads and spellings of places outlast a year; its sheets and projects do not.
    """
    of_place = WorkbookMapping.objects.filter(place_id=province)
    kept = of_place.filter(fiscal_year=year.be).order_by("-at", "-pk").first()
    if kept is not None:
        return from_json(kept.mapping)
    older = of_place.order_by("-at", "-pk").first()
    if older is None:
        return None
    return replace(from_json(older.mapping), sheets={}, projects={})


def as_json(mapping: OfficeMapping) -> dict[str, Any]:
    """Return the mapping as the table keeps it."""
    kept: dict[str, Any] = json.loads(mapping.to_json())
    return kept


def from_json(kept: Mapping[str, Any]) -> OfficeMapping:
    """Return a kept mapping; an empty one where nothing was kept. Raises MappingUnreadable."""
    return OfficeMapping.from_json(json.dumps(kept)) if kept else OfficeMapping()


def _refused(file: str, code: str, message: str) -> WorkbookRefused:
    return WorkbookRefused(file, [Finding(code, "", "", message, "refused")])
