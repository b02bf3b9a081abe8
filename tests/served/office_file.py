"""A provincial office's workbook as the journey of the finance officer hands it in."""

from __future__ import annotations

import io
from datetime import date

import openpyxl

from tiddao.kernel.dates import format_long
from tiddao.kernel.fiscal import FiscalYear

TAB = "งบบริหาร ไตร 1-2"
PROJECT = "ค่าเช่าสำนักงานชั่วคราว"
UNITS = ("พญาเม็งราย", "พาน", "เทิง", "เวียงชัย", "จังหวัด")
ALLOTTED, PAID = 900_000, 45_000
BROKEN, MISTYPED = "E5", "F6"
"""Where a formula points nowhere, and where letters stand for zeros."""


def office_file(day: date) -> bytes:
    """The file of the day, with two cells that cannot be read, the first of พญาเม็งราย."""
    year = FiscalYear.of(day)
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = TAB
    page.append([f"ผลการเบิกจ่ายงบบริหาร ไตรมาส 1-2 ปีงบประมาณ {year}"])
    page.append([f"ข้อมูล ณ วันที่ {format_long(day)}"])
    page.append(["ที่", "หน่วยงาน", "เลขที่", "โครงการ", "ได้รับ\nจัดสรร", "เบิกจ่าย"])
    page.append([])
    for number, unit in enumerate(UNITS, 1):
        page.append([number, unit, f"88/{year}", PROJECT, ALLOTTED, PAID])
    page[BROKEN] = "#REF!"
    page[MISTYPED] = "45,ooo.00"
    page.append([None, "รวมทั้งสิ้น", None, None, ALLOTTED * len(UNITS), PAID * len(UNITS)])
    page.append([None, "ลงชื่อ.......................ผู้รายงาน"])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
