"""Words of offices, one by one: what each is taken for, and what it must never be taken for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.budget.office.cases import DISTRICTS
from tiddao.budget.rules.office_grid import CellError
from tiddao.budget.rules.office_numbers import read_number
from tiddao.budget.rules.office_places import PlaceBook
from tiddao.budget.rules.office_words import (
    as_of_in,
    category_in,
    head_role,
    is_carried_over,
    is_footer,
    is_total,
    kind_of_tab,
    only_category,
    project_name_in,
    project_number_in,
    scale_in,
    tranche_in,
    years_in,
)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("ลำ\nดับ", "seq"),
        ("ที่", "seq"),
        ("อำเภอ/หน่วยงาน", "unit"),
        ("สพอ./\nสพจ.", "unit"),
        ("เลขที่โครงการ", "number"),
        ("โครงการ/กิจกรรม", "project"),
        ("กิจกรรม", "activity"),
        ("ได้รับ\nจัดสรร", "allotted"),
        ("จัดสรร (บาท)", "allotted"),
        ("วงเงินงบประมาณ", "allotted"),
        ("รับโอนจัดสรร", "allotted"),
        ("งบประมาณหลังโอนเปลี่ยนแปลง", "revised"),
        ("โอนเปลี่ยนแปลง", "transferred"),
        ("เบิกจ่าย ณ 30 มิ.ย. 69", "disbursed"),
        ("ผลการเบิกจ่ายสะสม", "disbursed"),
        ("เบิกจ่าย+PO", "used"),
        ("การใช้จ่าย", "used"),
        ("PO/ก่อหนี้", "committed"),
        ("P.O.", "committed"),
        ("ส่งคืนกรมฯ", "returned"),
        ("คงเหลือ", "remaining"),
        ("ยังไม่เบิกจ่าย", "remaining"),
        ("% เบิกจ่าย", "percent"),
        ("คิดเป็นร้อยละ", "percent"),
        ("ค่าควบคุมงาน", "supervision"),
        ("แผนการเบิกจ่าย", "plan"),
        ("จำนวนเงิน", "generic"),
        ("หมายเหตุ", "note"),
        ("จำนวนแปลง", "plots"),
        # never a head
        ("OTOP KBO", None),
        ("ตลาดนัดคนไทยยิ้มได้", None),
        ("โครงการบริหารงบประมาณ", None),
        ("กองทุนแม่ของแผ่นดิน เลขที่ 24/2569", None),
        ("รายงานผลการเบิกจ่ายงบบริหาร", None),
        ("83.33 %", None),
        ("๑,๒๓๔.๐๐ บาท", None),
        ("", None),
    ],
)
def test_a_head_is_known_by_its_words(text, role):
    assert head_role(text) == role


@pytest.mark.parametrize(
    ("text", "tranche"),
    [
        ("งบบริหาร ไตร 1-2", "ไตร 1-2"),
        ("ไตรมาสที่ ๓ - ๔", "ไตร 3-4"),
        ("1.ยุทธเข้าประชุม ไตร4", "ไตร 4"),
        ("ไตรมาส 1 และ 2", "ไตร 1-2"),
        ("งวดที่ 2", "งวด 2"),
        ("งบบริหาร", None),
        ("เลขที่ 3-4", None),
    ],
)
def test_a_tranche_is_read_as_printed(text, tranche):
    assert tranche_in(text) == tranche


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("งบบริหาร ไตร 1-2", "admin"),
        ("บริหาร(ไตร 4)", "admin"),
        ("งบยุทธจังหวัดจัดสรรกรมฯ ไตร 3-4", "strategy"),
        ("งบจังหวัด", "province"),
        ("งบพัฒนาจังหวัด", "province"),
        ("กลุ่มจังหวัด", "province_group"),
        ("งบจังหวัด/กลุ่มจังหวัด", "province_and_group"),
        ("สำนักงานพัฒนาชุมชนจังหวัดเชียงราย", None),
        ("กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน", None),
        ("Sheet1", None),
    ],
)
def test_a_category_is_known_by_its_words(text, category):
    assert category_in(text) == category


def test_a_project_is_no_category():
    assert only_category("งบยุทธศาสตร์ ไตร 3-4") == "strategy"
    assert only_category("โครงการพัฒนายุทธศาสตร์ เลขที่ 3/2569") is None


@pytest.mark.parametrize(
    ("tab", "kind"),
    [
        ("แบบประเมินที่ 1", "score"),
        ("สรุปภาพรวม", "summary"),
        ("งบบริหาร ไตร 4", "budget"),
        ("โคก หนอง นา", "monitor"),
        ("จัดเก็บจปฐ", "monitor"),
        ("Sheet1", None),
    ],
)
def test_a_tab_says_what_its_sheet_is(tab, kind):
    assert kind_of_tab(tab) == kind


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("สัมมาชีพชุมชน เลขที่ 24/2569", "24/2569", "สัมมาชีพชุมชน"),
        ("ผ้าไทย\n(เลขที่ ๒๔/๒๕๖๙)", "24/2569", "ผ้าไทย"),
        ("2. OTOP 24/69", "24/2569", "OTOP"),
        ("เลขที่ 7 พช.ดีเด่น", "7/2569", "พช.ดีเด่น"),
        ("OPC 2569", "", "OPC 2569"),
        ("เบิก 3/4 ส่วน", "", "เบิก 3/4 ส่วน"),
    ],
)
def test_a_project_has_a_number_and_a_name(text, number, name):
    assert project_number_in(text, 2569) == number
    assert project_name_in(text) == name


def test_lines_around_a_table():
    assert years_in("ประจำปีงบประมาณ พ.ศ. ๒๕๖๘") == {2568}
    assert years_in("งบบริหาร 2568", bare=True) == {2568}
    assert as_of_in("ข้อมูล ณ วันที่ ๓๐ มิ.ย. ๖๙") == dt.date(2026, 6, 30)
    assert scale_in("หน่วย : ล้านบาท") == 6
    assert scale_in("หน่วย : บาท") == 0
    assert is_carried_over("เงินกันไว้เบิกเหลื่อมปี")
    assert is_total("รวมทั้งสิ้น")
    assert is_total("ยอดยกมา")
    assert not is_total("เวียงชัย")
    assert is_footer("หมายเหตุ : ก")
    assert is_footer("ลงชื่อ..........")
    assert not is_footer("สพอ.นาแก")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("เมือง", "5701"),
        ("เมืองฯ", "5701"),
        ("สพอ.\nเมือง", "5701"),
        ("อ. พาน", "5705"),
        ("- อำเภอพาน", "5705"),
        ("3. พาน", "5705"),
        ("พญาเเม็งราย", None),
        ("พญาเม็็งราย", "5712"),
        ("สำนักงานพัฒนาชุมชนอำเภอเทิง", "5704"),
        ("สนง.พช.อ.เทิง", "5704"),
        ("จังหวัด", "57"),
        ("สพจ.", "57"),
        ("สพจ.เชียงราย", "57"),
        ("เชียงราย", "57"),
        ("สำนักงานพัฒนาชุมชนจังหวัดเชียงราย", "57"),
        ("กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน", "57"),
        ("จ.น่าน", None),
        ("ต.ไม้ยา", None),
        ("รวมจังหวัด", None),
        ("รวม", None),
        ("", None),
    ],
)
def test_a_unit_is_found_under_its_spellings(text, unit):
    assert PlaceBook("เชียงราย", DISTRICTS).unit(text) == unit


def test_a_district_named_like_its_province_is_told_apart():
    book = PlaceBook("พระนครศรีอยุธยา", {"1401": "พระนครศรีอยุธยา", "1402": "ท่าเรือ"})
    assert book.unit("อ.พระนครศรีอยุธยา") == "1401"
    assert book.unit("จังหวัดพระนครศรีอยุธยา") == "14"
    assert book.find("พระนครศรีอยุธยา").unit == "1401"
    assert book.find("พระนครศรีอยุธยา").note


def test_districts_of_two_provinces_are_refused():
    with pytest.raises(ValueError, match="one province"):
        PlaceBook("เชียงราย", {"5701": "ก", "4701": "ข"})


@pytest.mark.parametrize(
    ("cell", "value", "fault"),
    [
        (1234, "1234", None),
        ("1,234.50 บาท", "1234.50", None),
        ("๑,๒๓๔", "1234", None),
        ("(500)", "-500", None),
        (0.1 + 0.2, "0.30", None),
        (33.3333, "33.3333", "SUB_SATANG"),
        ("-", None, None),
        ("5000+300", None, "UNREADABLE_NUMBER"),
        ("1,23,4", None, "UNREADABLE_NUMBER"),
        ("รอโอน", None, "UNREADABLE_NUMBER"),
        (True, None, "UNREADABLE_NUMBER"),
        (dt.date(2026, 1, 1), None, "UNREADABLE_NUMBER"),
        (CellError("#REF!"), None, "REF_ERROR"),
        (CellError(""), None, "UNCALCULATED"),
    ],
)
def test_a_cell_is_read_exactly_or_not_at_all(cell, value, fault):
    read = read_number(cell)
    assert (read.value, read.fault) == (None if value is None else Decimal(value), fault)
