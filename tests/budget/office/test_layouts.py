"""Layouts the reader was not written against, sound and with faults planted in them."""

from __future__ import annotations

import pytest

from tests.budget.office.accuracy import Measured, judge, read
from tests.budget.office.cases import found, grave, rows
from tests.budget.office.cases import read as read_sheets
from tests.budget.office.layouts import FAULTS, LAYOUTS, SECOND, make_layout

ALL = (*LAYOUTS, *SECOND)
names = [each.__name__ for each in ALL]


@pytest.mark.parametrize("layout", ALL, ids=names)
def test_sound_workbooks_are_read_whole(layout):
    result = Measured()
    for seed in (0, 1):
        judge(made := make_layout(layout, seed), read(made), result)
    assert result.cells > 50
    assert (result.right, result.silent, result.false_alarms, result.unaccounted) == (
        result.cells, [], [], [],
    )  # fmt: skip


@pytest.mark.parametrize("layout", ALL, ids=names)
def test_no_fault_is_silent(layout):
    result = Measured()
    for number, fault in enumerate(FAULTS):
        judge(made := make_layout(layout, 100 + number, fault), read(made), result)
    assert (result.silent, result.missed, result.unaccounted) == ([], [], [])


# -- what those layouts taught, by hand ------------------------------------------------------------


def test_a_table_without_its_payments_is_not_taken_for_money_nobody_spends():
    workbook = read_sheets(
        {"งบบริหาร ไตร 1-2": [("อำเภอ", "จัดสรร", "คอลัมน์ใหม่"), ("พาน", 100, 60), ("เทิง", 80, 50)]}
    )
    assert rows(workbook) == []
    (finding,) = found(workbook, "UNKNOWN_COLUMN")
    assert (finding.cell, finding.severity) == ("C1", "refused")


def test_allotments_alone_are_a_table():
    workbook = read_sheets({"งบบริหาร ไตร 1-2": [("อำเภอ", "จัดสรร"), ("พาน", 100), ("เทิง", 80)]})
    assert [row.value("allotted") for row in rows(workbook)] == [100, 80]


def test_a_persons_name_beside_figures_ends_no_table():
    workbook = read_sheets(
        {
            "งบบริหาร ไตร 1-2": [
                ("อำเภอ", "จัดสรร", "เบิกจ่าย", "ผู้รับผิดชอบ"),
                ("ไม่มีที่นี่", 100, 60, "นางสาวสมใจ ใจดี"),
                ("เทิง", 80, 50, "นายสมชาย"),
            ]
        }
    )
    assert [row.unit for row in rows(workbook)] == ["5704"]
    assert [each.cell for each in found(workbook, "UNKNOWN_PLACE")] == ["A2"]


def test_lines_below_an_unknown_unit_are_not_of_the_unit_above():
    workbook = read_sheets(
        {
            "แยกประเภท ไตร 1-2": [
                ("หน่วยงาน", "จัดสรร", "เบิกจ่าย"),
                ("พาน", 30, 20), ("งบบริหาร", 10, 10), ("งบยุทธศาสตร์", 20, 10),
                ("ไม่มีที่นี่", 7, 7), ("งบบริหาร", 4, 4), ("งบยุทธศาสตร์", 3, 3),
            ]
        }
    )  # fmt: skip
    assert {(row.unit, row.category, row.value("allotted")) for row in rows(workbook)} == {
        ("5705", "admin", 10), ("5705", "strategy", 20),
    }  # fmt: skip
    assert grave(workbook) == ["UNKNOWN_PLACE", "ROW_WITHOUT_UNIT", "ROW_WITHOUT_UNIT"]


MONTH = [("อำเภอ", "จัดสรร", "เบิกจ่าย"), ("พาน", 100, 10), ("เทิง", 80, 20)]
NEXT = [MONTH[0], ("พาน", 100, 40), ("เทิง", 80, 20)]
OWN = [MONTH[0], ("พาน", 100, 40), ("เทิง", 80, 5)]


def test_of_running_monthly_sheets_the_last_counts():
    title = [("งบบริหาร ไตร 1-2 ปีงบประมาณ 2569",)]
    workbook = read_sheets({"มี.ค.69": [*title, *NEXT], "ก.พ. 69": [*title, *MONTH]})
    assert {(row.sheet, row.unit, row.value("disbursed")) for row in rows(workbook)} == {
        ("มี.ค.69", "5705", 40), ("มี.ค.69", "5704", 20),
    }  # fmt: skip
    assert grave(workbook) == []


def test_monthly_sheets_that_fall_may_be_each_months_own_and_none_counts():
    title = [("งบบริหาร ไตร 1-2 ปีงบประมาณ 2569",)]
    workbook = read_sheets({"ก.พ. 69": [*title, *MONTH], "มี.ค.69": [*title, *OWN]})
    assert rows(workbook) == []
    assert {(each.sheet, each.severity) for each in found(workbook, "DUP_TABLE")} == {
        ("ก.พ. 69", "refused"), ("มี.ค.69", "refused"),
    }  # fmt: skip


def test_a_table_on_its_side_names_its_cells_as_they_stand():
    workbook = read_sheets(
        {
            "งบบริหาร ไตร 1-2": [
                ("ผลการเบิกจ่ายงบบริหาร",),
                ("รายการ", "พาน", "เทิง", "ที่อื่น", "เวียงชัย"),
                ("ได้รับจัดสรร", 100, 80, 7, 60),
                ("เบิกจ่าย", 50, "#REF!", 7, 60),
            ]
        }
    )
    read_as = {row.unit: row.figures for row in rows(workbook)}
    assert (read_as["5705"]["disbursed"].value, read_as["5705"]["disbursed"].cell) == (50, "B4")
    assert read_as["5702"]["allotted"].cell == "E3"
    assert [each.cell for each in found(workbook, "REF_ERROR")] == ["C4"]
    assert [each.cell for each in found(workbook, "UNKNOWN_PLACE")] == ["D2"]
