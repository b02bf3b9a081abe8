"""One peculiarity of real workbooks at a time, reckoned by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.budget.office.cases import Lines, found, grave, read, rows, write
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.budget.rules.office_mapping import MappingUnreadable, OfficeMapping, SheetMapping
from tiddao.budget.rules.office_workbook import accounted_for, mapping_of, read_office_workbook
from tiddao.kernel.fiscal import FiscalYear

SIMPLE: Lines = (
    ("ลำดับ", "อำเภอ", "ได้รับจัดสรร", "เบิกจ่าย", "คงเหลือ", "ร้อยละ"),
    (1, "เมือง", 1000, 250, 750, 25),
    (2, "สพอ.เวียงชัย", 2000, 2000, 0, 100),
    (3, "จังหวัด", 500, 100, 400, 20),
    (None, "รวม", 3500, 2350, 1150, 67.14),
)


def totals(workbook, measure="allotted"):
    return {
        (each.unit, each.category, each.tranche): each.amounts.get(measure)
        for each in workbook.totals
    }


def test_a_plain_table_is_read_unit_by_unit():
    workbook = read({"งบบริหาร ไตร 1-2": SIMPLE})
    assert totals(workbook) == {
        ("5701", "admin", "ไตร 1-2"): Decimal(1000),
        ("5702", "admin", "ไตร 1-2"): Decimal(2000),
        ("57", "admin", "ไตร 1-2"): Decimal(500),
    }
    assert totals(workbook, "disbursed")["57", "admin", "ไตร 1-2"] == Decimal(100)
    assert workbook.findings == ()
    assert rows(workbook)[0].figures["allotted"].cell == "C2"


def test_tranches_are_envelopes_and_never_run_together():
    workbook = read({f"งบบริหาร {tranche}": SIMPLE for tranche in ("ไตร 3-4", "ไตร 4")})
    assert {tranche for _, _, tranche in totals(workbook)} == {"ไตร 3-4", "ไตร 4"}
    assert totals(workbook)["5701", "admin", "ไตร 4"] == Decimal(1000)


def test_every_cell_is_accounted_for():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                *SIMPLE,
                (),
                ("หมายเหตุ ก",),
                (None,) * 8 + ("5000+300",),
                (None, None, 7),
            ]
        }
    )
    (each,) = accounted_for(workbook)
    assert each.cells == each.understood + each.left_out + each.refused == 32
    assert {(left.cell, left.reason) for left in workbook.left_out if left.reason != "sum"} == {
        ("A7", "footer"),
        ("I8", "beside"),
        ("C9", "below"),
    }


def test_two_tables_side_by_side_are_two_tables():
    right = (
        ("สพอ.", "จัดสรร", "เบิกจ่าย"),
        ("เทิง", 70, 30),
        ("พาน", 40, 40),
        (None, None, None),
        ("รวม", 110, 70),
    )
    lines = [(*a, None, None, *b) for a, b in zip(SIMPLE, right, strict=True)]
    workbook = read({"งบบริหาร ไตร 1-2": lines})
    assert totals(workbook) == {
        ("5701", "admin", "ไตร 1-2"): Decimal(1000),
        ("5702", "admin", "ไตร 1-2"): Decimal(2000),
        ("57", "admin", "ไตร 1-2"): Decimal(500),
        ("5704", "admin", "ไตร 1-2"): Decimal(70),
        ("5705", "admin", "ไตร 1-2"): Decimal(40),
    }
    assert workbook.findings == ()


def test_a_table_that_is_not_understood_beside_another_is_said():
    right = (
        ("สพอ.", "ก้อนแรก", "ก้อนสอง"),
        ("เทิง", 70, 30),
        ("พาน", 40, 40),
        (None, None, None),
        ("รวม", 110, 70),
    )
    lines = [(*a, None, None, None, *b) for a, b in zip(SIMPLE, right, strict=True)]
    workbook = read({"งบบริหาร ไตร 1-2": lines})
    assert [(f.code, f.cell) for f in workbook.findings] == [("HEAD_NOT_FOUND", "J2")]


def test_a_unit_named_once_owns_the_projects_below_it():
    workbook = read(
        {
            "งบยุทธศาสตร์ ไตร 1-2": [
                ("สพอ.", "เลขที่", "โครงการ", "จัดสรร", "เบิกจ่าย"),
                ("เมือง", "1/2569", "สัมมาชีพชุมชน", 100, 10),
                (None, "2/2569", "ผ้าไทย", 200, 20),
                (None, "3/2569", "OTOP", 300, 30),
                ("พาน", "1/2569", "สัมมาชีพชุมชน", 400, 40),
                (None, "2/2569", "ผ้าไทย", 500, 50),
            ]
        }
    )
    assert [(row.unit, row.project_number, row.value("allotted")) for row in rows(workbook)] == [
        ("5701", "1/2569", Decimal(100)),
        ("5701", "2/2569", Decimal(200)),
        ("5701", "3/2569", Decimal(300)),
        ("5705", "1/2569", Decimal(400)),
        ("5705", "2/2569", Decimal(500)),
    ]


def test_a_forgotten_unit_is_never_the_unit_above():
    lines: list[tuple[object, ...]] = [("ที่", "อำเภอ", "โครงการ", "จัดสรร", "เบิกจ่าย")]
    lines += [
        (i, unit, f"โครงการ {i}/2569", 100, 50)
        for i, unit in enumerate(("เทิง", "พาน", None, "เมือง"), 1)
    ]
    workbook = read({"งบยุทธศาสตร์ ไตร 1-2": lines})
    assert [row.unit for row in workbook.rows] == ["5704", "5705", "5701"]
    assert [finding.cell for finding in found(workbook, "ROW_WITHOUT_UNIT")] == ["D4"]


def test_months_are_not_added_to_their_own_sum():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                ("อำเภอ", "จัดสรร", "เบิกจ่าย", None, None, "คงเหลือ"),
                (None, None, "ต.ค. 68", "พ.ย. 68", "รวม", None),
                ("เมือง", 100, 10, 20, 30, 70),
                ("พาน", 200, 5, 5, 10, 190),
            ]
        },
        {"งบบริหาร ไตร 1-2": ["C1:E1", "A1:A2", "B1:B2", "F1:F2"]},
    )
    assert totals(workbook, "disbursed") == {
        ("5701", "admin", "ไตร 1-2"): Decimal(30),
        ("5705", "admin", "ไตร 1-2"): Decimal(10),
    }
    assert grave(workbook) == []


def test_months_without_a_sum_are_refused_because_they_may_be_running_figures():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                ("อำเภอ", "จัดสรร", "เบิกจ่าย ต.ค. 68", "เบิกจ่าย พ.ย. 68"),
                ("เมือง", 100, 10, 30),
                ("พาน", 200, 5, 10),
            ]
        }
    )
    assert "AMBIGUOUS_COLUMN" in grave(workbook)
    assert Decimal(40) not in totals(workbook, "disbursed").values()


def test_a_project_number_that_excel_took_for_a_month_is_put_right():
    workbook = read(
        {
            "งบยุทธศาสตร์ ไตร 1-2": [
                ("เลขที่", "โครงการ", "อำเภอ", "จัดสรร", "เบิกจ่าย"),
                (dt.date(2026, 2, 1), "ผ้าไทย", "เมือง", 100, 50),
                (24, "สัมมาชีพ", "พาน", 100, 50),
                ("๒๔/๒๕๖๙", "สัมมาชีพ", "เทิง", 100, 50),
            ]
        }
    )
    assert [row.project_number for row in rows(workbook)] == ["2/2569", "24/2569", "24/2569"]
    assert [finding.cell for finding in found(workbook, "NUMBER_AS_DATE")] == ["A2"]


def test_a_formula_nobody_calculated_is_no_zero():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                ("อำเภอ", "จัดสรร", "เบิกจ่าย", "คงเหลือ"),
                ("เมือง", 100, "=B2/2", "=B2-C2"),
                ("พาน", 200, 50, "=B3-C3"),
                ("รวม", "=SUM(B2:B3)", "=SUM(C2:C3)", None),
            ]
        }
    )
    assert totals(workbook, "disbursed")["5701", "admin", "ไตร 1-2"] is None
    assert totals(workbook, "disbursed")["5705", "admin", "ไตร 1-2"] == Decimal(50)
    assert ("UNCALCULATED", "C2") in {(f.code, f.cell) for f in workbook.findings}


def test_a_broken_category_is_broken_and_not_zero():
    broken = [
        SIMPLE[0],
        *((n, unit, "#REF!", "#REF!", "#REF!", "#REF!") for n, unit in ((1, "เมือง"), (2, "พาน"))),
    ]
    workbook = read({"งบบริหาร ไตร 1-2": broken, "งบบริหาร ไตร 3-4": SIMPLE})
    assert {(e.tranche, e.broken) for e in workbook.envelopes} == {
        ("ไตร 1-2", True),
        ("ไตร 3-4", False),
    }
    assert {total.tranche for total in workbook.totals} == {"ไตร 3-4"}
    assert {"C2", "D2", "C3", "D3"} <= {finding.cell for finding in found(workbook, "REF_ERROR")}


def test_one_broken_cell_breaks_the_sum_it_belongs_to_and_no_other():
    lines = [list(line) for line in SIMPLE]
    lines[1][3] = "#REF!"
    workbook = read({"งบบริหาร ไตร 1-2": lines})
    total = next(each for each in workbook.totals if each.unit == "5701")
    assert total.amounts["disbursed"] is None
    assert total.amounts["allotted"] == Decimal(1000)
    assert total.broken == ("disbursed",)


def test_the_same_project_on_two_sheets_is_counted_once():
    head = ("อำเภอ", "โครงการผ้าไทย เลขที่ 24/2569", None)
    measures = (None, "จัดสรร", "เบิกจ่าย")
    lines = (head, measures, ("เมือง", 100, 50), ("พาน", 200, 50))
    workbook = read({"1.ยุทธเข้าประชุม ไตร 3-4": lines, "งบยุทธจังหวัดจัดสรรกรมฯ ไตร 3-4": lines})
    assert totals(workbook)["5701", "strategy", "ไตร 3-4"] == Decimal(100)
    assert [(f.sheet, f.severity) for f in found(workbook, "DUP_PROJECT")] == [
        ("งบยุทธจังหวัดจัดสรรกรมฯ ไตร 3-4", "warning")
    ]
    (project,) = workbook.projects
    assert (project.number, len(project.sheets)) == ("24/2569", 2)


def test_two_sheets_that_disagree_about_a_project_are_an_error():
    def lines(amount: int) -> Lines:
        return (
            ("อำเภอ", "ผ้าไทย เลขที่ 24/2569", None),
            (None, "จัดสรร", "เบิกจ่าย"),
            ("เมือง", amount, 50),
        )

    same = read({"งบยุทธศาสตร์ ไตร 3-4": lines(100), "ยุทธศาสตร์ ไตร 3-4 ใหม่": lines(120)})
    assert totals(same)["5701", "strategy", "ไตร 3-4"] == Decimal(100)
    assert [f.severity for f in found(same, "DUP_PROJECT")] == ["error"]
    other = read({"งบยุทธศาสตร์ ไตร 1-2": lines(100), "งบยุทธศาสตร์ ไตร 3-4": lines(120)})
    assert totals(other)["5701", "strategy", "ไตร 3-4"] == Decimal(120)
    assert [f.severity for f in found(other, "DUP_PROJECT")] == ["warning"]


def test_activities_of_one_project_on_one_sheet_are_added_up():
    workbook = read(
        {
            "งบยุทธศาสตร์ ไตร 1-2": [
                ("อำเภอ", "โครงการสัมมาชีพ เลขที่ 3/2569", None, None, None, "รวม", None),
                (None, "อบรม", None, "วัสดุ", None, None, None),
                (None, "จัดสรร", "เบิกจ่าย", "จัดสรร", "เบิกจ่าย", "จัดสรร", "เบิกจ่าย"),
                ("เมือง", 100, 50, 10, 5, 110, 55),
                ("พาน", 200, 50, 20, 20, 999, 70),
            ]
        },
        {"งบยุทธศาสตร์ ไตร 1-2": ["A1:A3", "B1:E1", "B2:C2", "D2:E2", "F1:G2"]},
    )
    assert totals(workbook)["5701", "strategy", "ไตร 1-2"] == Decimal(110)
    assert totals(workbook)["5705", "strategy", "ไตร 1-2"] == Decimal(220)
    assert {row.activity for row in workbook.rows} == {"อบรม", "วัสดุ"}
    assert [finding.cell for finding in found(workbook, "SUMMARY_MISMATCH")] == ["F5"]


def test_a_table_without_projects_beside_the_projects_is_their_sum():
    detail = (("อำเภอ", "ผ้าไทย เลขที่ 24/2569", None), (None, "จัดสรร", "เบิกจ่าย"), ("เมือง", 100, 50))
    plain = (("อำเภอ", "จัดสรร", "เบิกจ่าย"), ("เมือง", 100, 60))
    workbook = read({"งบยุทธศาสตร์ ไตร 1-2": detail, "ยุทธศาสตร์ ไตร 1-2 รวมเล่ม": plain})
    assert totals(workbook)["5701", "strategy", "ไตร 1-2"] == Decimal(100)
    assert [finding.cell for finding in found(workbook, "SUMMARY_MISMATCH")] == ["C2"]


def test_a_summary_alone_is_said_and_not_counted():
    workbook = read({"สรุปภาพรวม งบบริหาร": SIMPLE})
    assert workbook.totals == ()
    assert [finding.code for finding in workbook.findings] == ["SUMMARY_ONLY"]


def test_districts_have_no_part_in_money_of_the_province():
    workbook = read(
        {
            "งบกลุ่มจังหวัด": [
                ("ที่", "โครงการ", "หน่วยงาน", "จัดสรร", "เบิกจ่าย"),
                (1, "ท่องเที่ยวเชิงสร้างสรรค์", "สพจ.เชียงราย", 900, 100),
                (2, "ผ้าไทย", "สพอ.พาน", 100, 100),
            ]
        }
    )
    assert totals(workbook) == {("57", "province_group", None): Decimal(900)}
    assert [finding.cell for finding in found(workbook, "LEVEL_VIOLATION")] == ["C3"]


@pytest.mark.parametrize("title", ["ประจำปีงบประมาณ พ.ศ. 2568", "เงินกันไว้เบิกเหลื่อมปี"])
def test_another_fiscal_year_is_read_and_not_counted(title):
    workbook = read({"งบบริหาร ไตร 1-2": [(title,), *SIMPLE]})
    assert workbook.totals == ()
    assert {row.not_counted for row in workbook.rows} == {"other-year"}
    assert [finding.cell for finding in found(workbook, "WRONG_FISCAL_YEAR")] == ["A1"]


def test_a_column_of_last_year_is_set_aside():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                ("อำเภอ", "ปี 2568", None, "ปี 2569", None),
                (None, "จัดสรร", "เบิกจ่าย", "จัดสรร", "เบิกจ่าย"),
                ("เมือง", 1, 1, 100, 50),
                ("พาน", 2, 2, 200, 50),
            ]
        },
        {"งบบริหาร ไตร 1-2": ["B1:C1", "D1:E1"]},
    )
    assert totals(workbook)["5701", "admin", "ไตร 1-2"] == Decimal(100)
    assert {finding.code for finding in workbook.findings} == {"WRONG_FISCAL_YEAR"}


def test_a_payment_outside_the_year_is_an_error():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                ("อำเภอ", "วันที่เบิก", "จัดสรร", "เบิกจ่าย"),
                ("เมือง", "15 พ.ย. 2568", 100, 50),
                ("พาน", "15 ก.ย. 2568", 100, 50),
                ("เทิง", dt.date(2026, 9, 30), 100, 50),
            ]
        }
    )
    assert [finding.cell for finding in found(workbook, "WRONG_FISCAL_YEAR")] == ["B3"]
    assert len(workbook.counted_rows) == 3


def test_amounts_in_thousands_are_brought_to_baht():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                ("งบบริหาร (หน่วย : พันบาท)",),
                ("อำเภอ", "จัดสรร", "เบิกจ่าย"),
                ("เมือง", 12.5, 0.25),
            ]
        }
    )
    assert totals(workbook) == {("5701", "admin", "ไตร 1-2"): Decimal(12500)}
    assert totals(workbook, "disbursed") == {("5701", "admin", "ไตร 1-2"): Decimal(250)}


def test_binary_noise_goes_and_true_fractions_of_a_satang_are_said():
    workbook = read(
        {
            "งบบริหาร ไตร 1-2": [
                ("อำเภอ", "จัดสรร", "เบิกจ่าย"),
                ("เมือง", 0.1 + 0.2, 1),
                ("พาน", 33.3333, 1),
            ]
        }
    )
    assert totals(workbook)["5701", "admin", "ไตร 1-2"] == Decimal("0.3")
    assert [finding.cell for finding in found(workbook, "SUB_SATANG")] == ["B3"]


def test_a_dash_is_not_reported_and_not_zero():
    workbook = read(
        {"งบบริหาร ไตร 1-2": [("อำเภอ", "จัดสรร", "เบิกจ่าย"), ("เมือง", 100, "-"), ("พาน", 200, 0)]}
    )
    assert totals(workbook, "disbursed") == {
        ("5701", "admin", "ไตร 1-2"): None,
        ("5705", "admin", "ไตร 1-2"): Decimal(0),
    }
    assert workbook.findings == ()


def test_a_unit_twice_in_one_table_is_counted_once_and_said():
    workbook = read({"งบบริหาร ไตร 1-2": [*SIMPLE[:3], (3, "อ.เมืองเชียงราย", 777, 7, 770, 0.9)]})
    assert totals(workbook)["5701", "admin", "ไตร 1-2"] == Decimal(1000)
    assert [(f.cell, f.severity) for f in found(workbook, "DUP_ROW")] == [("B4", "error")]


def test_a_line_called_province_that_equals_the_districts_is_questioned():
    lines = [*SIMPLE[:3], (3, "พาน", 10, 1, 9, 10), (4, "จังหวัด", 3010, 2251, 759, 74.78)]
    workbook = read({"งบบริหาร ไตร 1-2": lines})
    assert [finding.cell for finding in found(workbook, "PROVINCE_EQUALS_SUM")] == ["B5"]
    assert totals(workbook)["57", "admin", "ไตร 1-2"] == Decimal(3010)


def test_an_unknown_place_is_refused_with_what_it_may_be():
    workbook = read({"งบบริหาร ไตร 1-2": [*SIMPLE[:3], (3, "พญาเม็งลาย", 5, 5, 0, 100)]})
    (finding,) = found(workbook, "UNKNOWN_PLACE")
    assert "พญาเม็งราย" in finding.message_th
    assert "5712" not in {row.unit for row in workbook.rows}


def test_lines_below_a_signature_are_refused():
    lines = [*SIMPLE[:3], (None, "ลงชื่อ .............. ผู้รายงาน"), (None, "พาน", 50, 5, 45, 10)]
    workbook = read({"งบบริหาร ไตร 1-2": lines})
    assert [row.unit for row in workbook.rows] == ["5701", "5702"]
    assert "ROW_AFTER_FOOTER" in grave(workbook)


def test_figures_without_a_head_are_not_passed_over():
    lines = [list(line) for line in SIMPLE]
    lines[0][3] = None
    workbook = read({"งบบริหาร ไตร 1-2": lines})
    assert [(f.cell, f.severity) for f in found(workbook, "UNKNOWN_COLUMN")] == [("D2", "error")]
    assert "disbursed" not in workbook.rows[0].figures


def test_a_sheet_of_one_district_belongs_to_it():
    lines = (
        ("ที่", "โครงการ", "งบประมาณ", "เบิกจ่าย"),
        (1, "งบยุทธ ผ้าไทย เลขที่ 5/2569", 100, 40),
        (2, "OTOP เลขที่ 6/2569", 50, 0),
    )
    workbook = read({"อ.พาน": [("งบยุทธศาสตร์ ไตร 1-2 ปีงบประมาณ 2569",), *lines]})
    assert {(row.unit, row.category, row.tranche) for row in rows(workbook)} == {
        ("5705", "strategy", "ไตร 1-2")
    }


def test_a_monitoring_sheet_is_never_money():
    detail = (
        ("อำเภอ", "ศูนย์เรียนรู้ โคก หนอง นา เลขที่ 24/2569", None),
        (None, "จัดสรร", "เบิกจ่าย"),
        ("เมือง", 100, 50),
    )
    monitor = (
        ("ที่", "อำเภอ", "แปลง", "จำนวนเงิน", "PO/ก่อหนี้", "เบิกจ่าย", "ค่าควบคุมงาน", "คงเหลือ", "ส่งคืนกรม"),
        (1, "เมือง", 3, 100, 0, 50, 10, 50, 0),
    )
    workbook = read({"โคก หนอง นา": monitor, "งบยุทธศาสตร์ ไตร 3-4": detail})
    assert totals(workbook) == {("5701", "strategy", "ไตร 3-4"): Decimal(100)}
    (line,) = workbook.monitors
    assert (line.project_key, line.plots, line.figures["supervision"].value) == (
        "24/2569",
        Decimal(3),
        Decimal(10),
    )
    alone = read({"โคก หนอง นา": monitor})
    assert alone.totals == ()
    assert [finding.code for finding in alone.findings] == ["MONITOR_UNLINKED"]


def test_scores_stand_beside_the_rule():
    workbook = read(
        {
            "แบบประเมินที่ 1": [
                (
                    "ที่",
                    "อำเภอ",
                    "ร้อยละเบิกจ่ายสะสม",
                    "เอกสารการเงินครบถ้วน",
                    "สัญญายืมเงินเกิน 30 วัน",
                    "คะแนน",
                ),
                (1, "เมือง", 100, "ครบถ้วน", 0, 5),
                (2, "พาน", 100, "ไม่ครบถ้วน", 0, 5),
                (3, "เทิง", 92.5, "ครบ", 5, 1),
                (4, "เวียงชัย", "๙๖.๐๐", "ครบ", "-", 4),
                (5, "เชียงของ", None, "ครบ", 1, 2),
            ]
        }
    )
    assert [(s.unit, s.printed, s.computed) for s in workbook.scores] == [
        ("5701", Decimal(5), 5),
        ("5705", Decimal(5), 4),
        ("5704", Decimal(1), 1),
        ("5702", Decimal(4), 4),
        ("5703", Decimal(2), None),
    ]
    assert [finding.cell for finding in found(workbook, "SCORE_MISMATCH")] == ["F3"]
    assert [finding.cell for finding in found(workbook, "SCORE_UNCHECKED")] == ["F6"]
    assert workbook.totals == ()


def test_a_sheet_without_heads_is_refused_aloud():
    workbook = read({"งบบริหาร ไตร 1-2": SIMPLE[1:], "เบอร์โทร": [("สมศรี", 811111111)]})
    assert [(f.sheet, f.severity) for f in found(workbook, "HEAD_NOT_FOUND")] == [
        ("งบบริหาร ไตร 1-2", "refused"),
        ("เบอร์โทร", "warning"),
    ]


def test_a_sheet_of_no_known_category_is_read_and_not_counted():
    workbook = read({"Sheet1": SIMPLE})
    assert workbook.totals == ()
    assert len(workbook.rows) == 3
    assert grave(workbook) == ["CATEGORY_UNKNOWN"]


def test_a_mapping_makes_the_next_file_one_click():
    lines = [list(line) for line in SIMPLE]
    lines[0][2], lines[0][3], lines[2][1] = "ก้อนแรก", "ออกไปแล้วเท่าไหร่", "เวียงใจ"
    sheets = {"Sheet1": lines}
    before = read(sheets)
    assert "HEAD_NOT_FOUND" in grave(before) or "UNKNOWN_COLUMN" in {
        f.code for f in before.findings
    }
    mapping = OfficeMapping(
        sheets={"Sheet1": SheetMapping("budget", "admin", "ไตร 4")},
        heads={"ก้อนแรก": "allotted", "ออกไปแล้วเท่าไหร่": "disbursed"},
        places={"เวียงใจ": "5702"},
    )
    again = OfficeMapping.from_json(mapping.to_json())
    assert again == mapping
    workbook = read(sheets, mapping=again)
    assert totals(workbook)["5702", "admin", "ไตร 4"] == Decimal(2000)
    assert workbook.findings == ()
    assert read(sheets, mapping=mapping_of(workbook)).totals == workbook.totals


def test_a_mapping_unites_the_names_of_a_project():
    head = ("อำเภอ", "ผ้าไทย", None)
    other = ("อำเภอ", "ผ้าไทยใส่ให้สนุก", None)
    measures, line = (None, "จัดสรร", "เบิกจ่าย"), ("เมือง", 100, 50)
    sheets = {"งบยุทธศาสตร์ ไตร 1-2": (head, measures, line), "ยุทธ ไตร 1-2": (other, measures, line)}
    assert totals(read(sheets))["5701", "strategy", "ไตร 1-2"] == Decimal(200)
    mapping = OfficeMapping(projects={"ผ้าไทยใส่ให้สนุก": "9/2569", "ผ้าไทย": "9/2569"})
    workbook = read(sheets, mapping=mapping)
    assert totals(workbook)["5701", "strategy", "ไตร 1-2"] == Decimal(100)
    assert [project.aliases for project in workbook.projects] == [("ผ้าไทยใส่ให้สนุก",)]


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"version": 2}', '{"version": 1, "more": {}}', '{"version": 1, "heads": {"ก": 1}}',
     '{"version": 1, "sheets": {"ก": {"kind": "gold"}}}', '{"version": 1, "sheets": {"ก": {"kind": "budget", "category": "x"}}}'],
)  # fmt: skip
def test_a_spoilt_mapping_says_where(text):
    with pytest.raises(MappingUnreadable):
        OfficeMapping.from_json(text)


def test_a_mapping_to_another_province_is_refused():
    with pytest.raises(ValueError, match="outside the province"):
        read({"งบบริหาร ไตร 4": SIMPLE}, mapping=OfficeMapping(places={"ก": "4701"}))


def test_what_is_no_workbook_is_refused():
    with pytest.raises(WorkbookRefused):
        read_office_workbook(
            b"no workbook",
            file="x.xlsx",
            province="เชียงราย",
            fiscal_year=FiscalYear(2569),
            districts={"5701": "เมือง"},
        )


def test_hidden_rows_are_read_and_said():
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(write({"งบบริหาร ไตร 1-2": SIMPLE})))
    book["งบบริหาร ไตร 1-2"].row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    workbook = read_office_workbook(
        out.getvalue(),
        file="x.xlsx",
        province="เชียงราย",
        fiscal_year=FiscalYear(2569),
        districts={"5701": "เมืองเชียงราย", "5702": "เวียงชัย"},
    )
    assert totals(workbook)["5702", "admin", "ไตร 1-2"] == Decimal(2000)
    assert [finding.code for finding in workbook.findings] == ["HIDDEN_CELLS"]


def test_the_report_is_ready_for_json():
    import json

    told = json.loads(json.dumps(read({"งบบริหาร ไตร 1-2": SIMPLE}).as_dict(), ensure_ascii=False))
    assert told["totals"][0]["amounts"]["allotted"] == "1000"
    assert told["sheets"][0]["cells"] == {"understood": 24, "left-out": 5, "refused": 0}


NUMBERED: Lines = (
    ("ที่", "โครงการ/กิจกรรม", "จัดสรร", "เบิกจ่าย"),
    (1, "ท่องเที่ยวเชิงสร้างสรรค์ เลขที่ 8/2569", 1000, 300),
    (1.1, "อบรม", 400, 100),
    (1.2, "วัสดุ", 600, 200),
    (2, "ผ้าไทย", 50, 50),
    (3, "OTOP", 90, 10),
    (None, "- ประชุม", 40, 10),
    (None, "- จัดแสดง", 60, 0),
    (None, "รวม", 1140, 360),
)


def test_parts_of_a_numbered_list_are_counted_and_not_their_headings():
    workbook = read({"งบจังหวัด": NUMBERED})
    assert [(row.project_key, row.activity, row.value("allotted")) for row in rows(workbook)] == [
        ("8/2569", "อบรม", Decimal(400)),
        ("8/2569", "วัสดุ", Decimal(600)),
        ("ผ้าไทย", "", Decimal(50)),
        ("OTOP", "ประชุม", Decimal(40)),
        ("OTOP", "จัดแสดง", Decimal(60)),
    ]
    told = {finding.cell for finding in found(workbook, "SUMMARY_MISMATCH")}
    assert told == {"C6", "C9"}  # 40 + 60 are not 90, and 1,140 holds the 90


@pytest.mark.parametrize("head", ["สรุปผลการเบิกจ่าย", "ภาพรวมงบยุทธศาสตร์", "ก้อนใหญ่"])
def test_columns_that_sum_up_the_others_are_not_counted_again(head):
    workbook = read(
        {
            "งบยุทธศาสตร์ ไตร 1-2": [
                ("อำเภอ", head, None, "ผ้าไทย เลขที่ 1/2569", None, "OTOP เลขที่ 2/2569", None),
                (None, *("จัดสรร", "เบิกจ่าย") * 3),
                ("เมือง", 110, 30, 100, 20, 10, 10),
                ("พาน", 220, 60, 200, 40, 20, 20),
                ("เทิง", 330, 90, 300, 60, 30, 30),
            ]
        }
    )
    assert totals(workbook)["5701", "strategy", "ไตร 1-2"] == Decimal(110)
    assert totals(workbook, "disbursed")["5704", "strategy", "ไตร 1-2"] == Decimal(90)
    assert grave(workbook) == []


def test_a_share_of_nothing_paid_is_questioned():
    lines = [list(line) for line in SIMPLE]
    lines[2][3] = None
    workbook = read({"งบบริหาร ไตร 1-2": lines})
    assert [finding.cell for finding in found(workbook, "PERCENT_MISMATCH")] == ["F3"]


def test_a_meeting_sheet_of_blocks_below_its_own_summary():
    """A summary table first, then blocks of projects with a quarter between name and measures."""
    workbook = read(
        {
            "1.ยุทธเข้าประชุม ไตร 3-4": [
                ("ผลการเบิกจ่ายงบประมาณ ปีงบประมาณ พ.ศ. ๒๕๖๙",),
                (
                    "ที่",
                    "อำเภอ",
                    "จัดสรร",
                    "เบิกจ่าย",
                    "คงเหลือ",
                    "ร้อยละ",
                    None,
                    None,
                    None,
                    None,
                    "โอน 15 ก.ค.",
                ),
                (1, "เมือง", 330, 150, 180, "45.45%"),
                (2, "พาน", 440, 999, -559, "227.05%", None, None, None, None, "เงินยืม 9300"),
                (None, "รวม", 770, 1149, -379, None),
                (),
                (
                    "ที่",
                    "อำเภอ",
                    "โครงการสัมมาชีพ\nเลขที่ 71",
                    None,
                    "ศูนย์เรียนรู้ โคก หนอง นา เลขที่ 24/2569",
                    None,
                ),
                (None, None, "ไตรมาส 3", None, "ไตรมาส 4", None),
                (None, None, "จัดสรร", "เบิกจ่าย", "จัดสรร", "เบิกจ่าย"),
                (1, "เมือง", 100, 50, 200, 100),
                (2, "พาน", 110, 60, 300, None),
                (None, "รวม", 210, 110, 500, 100),
                (),
                ("ที่", "อำเภอ", "ผ้าไทย เลขที่ 72", None),
                (None, None, "จัดสรร", "เบิกจ่าย"),
                (1, "เมือง", 30, 0),
                (2, "พาน", 30, 30),
                (None, "รวม", 60, 30),
                (None, "หมายเหตุ ข้อมูล ณ 15 ก.ค. 69"),
            ]
        },
        {
            "1.ยุทธเข้าประชุม ไตร 3-4": [
                "A1:F1",
                "C7:D7",
                "E7:F7",
                "C8:D8",
                "E8:F8",
                "A7:A9",
                "B7:B9",
                "C14:D14",
            ]
        },
    )
    assert totals(workbook) == {
        ("5701", "strategy", "ไตร 3-4"): Decimal(330),
        ("5705", "strategy", "ไตร 3-4"): Decimal(440),
    }
    assert totals(workbook, "disbursed")["5705", "strategy", "ไตร 3-4"] == Decimal(90)
    assert [project.number for project in workbook.projects] == ["71/2569", "24/2569", "72/2569"]
    assert {finding.cell for finding in found(workbook, "SUMMARY_MISMATCH")} == {"D4"}
    assert {finding.cell for finding in found(workbook, "ANOMALY")} >= {"D4"}


# -- files that are no .xlsx, or only nearly -------------------------------------------------------

LIST = 'ที่,หน่วยงาน,เลขที่,โครงการ,ได้รับจัดสรร,เบิกจ่าย\n1,พาน,24/2569,สัมมาชีพ,"10,000.00",#REF!\n2,เทิง,24/2569,สัมมาชีพ,8000,-\n3,ที่อื่น,24/2569,สัมมาชีพ,5,5\n'


def read_file(content, name):
    return read_office_workbook(
        content, file=name, province="เชียงราย", fiscal_year=FiscalYear(2569),
        districts={"5704": "เทิง", "5705": "พาน", "5701": "เมืองเชียงราย"},
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_a_sheet_called_as_its_file(encoding, delimiter):
    text = (
        LIST if delimiter == "," else LIST.replace('"10,000.00"', "10000").replace(",", delimiter)
    )
    workbook = read_file(text.encode(encoding), "งบยุทธศาสตร์ ไตร 1-2.csv")
    assert [(row.unit, row.category, row.tranche, row.value("allotted")) for row in rows(workbook)] == [
        ("5705", "strategy", "ไตร 1-2", 10000), ("5704", "strategy", "ไตร 1-2", 8000),
    ]  # fmt: skip
    assert [each.cell for each in found(workbook, "REF_ERROR")][:1] == ["F2"]
    assert [each.cell for each in found(workbook, "UNKNOWN_PLACE")] == ["B4"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (LIST.encode(), "เบิกจ่าย.xlsx"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.csv"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.csv"),
        (b"one word", "a.csv"),
        (b'"never closed,1\n2', "a.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "เก่า.xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ใส่รหัสผ่าน.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "เก่า.csv"),
        (b"", "ว่าง.csv"),
    ],
)
def test_what_is_not_what_it_is_called_is_refused_with_words(content, name):
    with pytest.raises(WorkbookRefused) as refused:
        read_file(content, name)
    assert any("ก" <= sign <= "๛" for sign in str(refused.value))


def test_a_csv_of_too_many_lines_is_refused():
    with pytest.raises(WorkbookRefused):
        read_file(b"a,b\n" * 20_001, "ยาว.csv")


def test_a_workbook_with_macros_is_read_as_any_other():
    sheets = {"งบบริหาร ไตร 1-2": SIMPLE}
    plain, macros = (read_office_workbook(
        write(sheets), file=name, province="เชียงราย", fiscal_year=FiscalYear(2569),
        districts={"5701": "เมืองเชียงราย", "5702": "เวียงชัย"},
    ) for name in ("เบิก.xlsx", "เบิก.xlsm"))  # fmt: skip
    assert rows(plain) == rows(macros) != []
