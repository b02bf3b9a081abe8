"""The workbook that the provincial office of the demonstration keeps, with its faults planted.

One file a month, as a provincial office lays it out: a title, a head, a row for each unit and project, a
footer. What its envelopes hold is in no book that is kept entry by entry. No database and no clock.

Source: docs domain 3.4 (layout and errors of a real file; no figure of it).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import xlsxwriter

from tiddao.config.demonstration.districts import CHIANG_RAI, PROVINCE, random_for
from tiddao.config.demonstration.money import NO_BOOK, spent_share
from tiddao.kernel.dates import format_long, format_medium
from tiddao.kernel.fiscal import FiscalYear

TAB = "งบยุทธศาสตร์ ไตร 1-2"
HEAD = ("ที่", "หน่วยงาน", "เลขที่", "โครงการ", "ได้รับ\nจัดสรร", "เบิกจ่าย", "คงเหลือ", "ร้อยละ")
FIRST_ROW = 4
"""Number of the first row of data, as Excel counts them."""
UNITS = (PROVINCE, *(each for each in CHIANG_RAI if each != NO_BOOK))
"""The provincial office and its districts, in the order of the rows; one has told it nothing."""
PROJECTS = ((51, "กข.คจ."), (53, "ผ้าไทย"), (57, "หนี้สินครัวเรือน"))
"""Number and name of the projects that the province follows in its file."""
_COLUMN = {"unit": 1, "number": 2, "allotted": 4, "disbursed": 5}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a unit's money of a project."""

    unit: str
    number: str
    name: str
    allotted: Decimal
    disbursed: Decimal


Faults = Mapping[tuple[str, int, str], object]
"""(district, number of the project, column) → what stands in the cell instead."""


def first_faults(broken: str) -> Faults:
    """What is wrong in the file that was taken in: one formula that points nowhere."""
    return {(broken, 53, "disbursed"): "#REF!"}


def next_faults(year: FiscalYear) -> Faults:
    """What is wrong in the file that waits: each fault is one that real files had."""
    return {
        ("5709", 51, "disbursed"): Decimal("98750.00"),  # copied from another district: over 100 %
        ("5704", 57, "disbursed"): "12,5oo.00",  # letters for zeros
        ("5703", 53, "unit"): "เชีียงของ",  # a vowel sign twice
        ("5711", 51, "number"): f"51/{year.be - 1}",  # last year's number
        ("5717", 57, "disbursed"): "#REF!",
    }


def lines(year: FiscalYear, as_of: date, names: Mapping[str, str]) -> list[Line]:
    """Return what the file should say on the day. names: of the units, by code of the place."""
    found = []
    for place in UNITS:
        for number, name in PROJECTS:
            random = random_for("workbook", place, year.be, number)
            allotted = Decimal(12_000 + 500 * int(random.random() * 40))
            share = spent_share(place, year, float(year.elapsed_share(as_of))) * 1.4
            disbursed = round(allotted * Decimal(str(round(min(share, 0.98), 4))), 2)
            found.append(Line(names[place], f"{number}/{year}", name, allotted, disbursed))
    return found


def province_workbook(
    year: FiscalYear, as_of: date, names: Mapping[str, str], faults: Faults
) -> bytes:
    """Return the .xlsx file of the day with the faults in it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(TAB)
    heading = book.add_format({"bold": True, "text_wrap": True, "align": "center"})
    sheet.merge_range(0, 0, 0, len(HEAD) - 1, f"งบยุทธศาสตร์ ไตร 1-2 ปีงบประมาณ {year}", heading)
    sheet.merge_range(1, 0, 1, len(HEAD) - 1, f"ข้อมูล ณ วันที่ {format_long(as_of)}", heading)
    sheet.write_row(2, 0, HEAD, heading)
    places = [place for place in UNITS for _ in PROJECTS]
    row = FIRST_ROW - 2
    for place, line in zip(places, lines(year, as_of, names), strict=True):
        row += 1
        number = int(line.number.partition("/")[0])
        cells: list[object] = [
            row - 2, line.unit, line.number, line.name, line.allotted, line.disbursed,
        ]  # fmt: skip
        for name, column in _COLUMN.items():
            cells[column] = faults.get((place, number, name), cells[column])
        for column, value in enumerate(cells):
            _write(sheet, row, column, value)
        excel = row + 1
        spent = cells[_COLUMN["disbursed"]]
        if isinstance(spent, Decimal):
            left = line.allotted - spent
            sheet.write_formula(row, 6, f"=E{excel}-F{excel}", None, float(left))
            percent = float(round(spent / line.allotted * 100, 2))
            sheet.write_formula(row, 7, f"=F{excel}/E{excel}*100", None, percent)
    sheet.write_string(row + 2, 1, "หมายเหตุ : ข้อมูลสาธิต ไม่ใช่ข้อมูลจริง")
    sheet.write_string(row + 3, 5, "ลงชื่อ.......................ผู้รายงาน")
    sheet.set_column(1, 1, 24)
    sheet.set_column(3, 3, 30)
    book.close()
    return buffer.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if value == "#REF!":
        sheet.write_formula(row, column, "=SUM(#REF!)", None, "#REF!")
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, column, float(value))


def file_name(year: FiscalYear, as_of: date) -> str:
    """Return what the office calls the file."""
    return f"เปอร์เซนต์ ผลการเบิกจ่าย {year} ณ {format_medium(as_of)}.xlsx"
