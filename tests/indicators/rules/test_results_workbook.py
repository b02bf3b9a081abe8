"""Results in workbooks and CSV: what is read, and what is refused, by cell."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from tests.indicators.frameworks import two_dimensions
from tiddao.indicators.rules.results_file import FileUnreadable, Sheet, read_sheets
from tiddao.indicators.rules.results_places import ReportingPlace
from tiddao.indicators.rules.results_workbook import read_results
from tiddao.indicators.rules.scoring import Reported

PLACES = (
    ReportingPlace("5701", "district", "เมืองเชียงราย", "Mueang Chiang Rai", "เชียงราย", True),
    ReportingPlace("5712", "district", "พญาเม็งราย", "Phaya Mengrai", "เชียงราย", True),
    ReportingPlace("5001", "district", "เมืองเชียงใหม่", "Mueang Chiang Mai", "เชียงใหม่", False),
    ReportingPlace("1901", "district", "เฉลิมพระเกียรติ", "", "สระบุรี", False),
    ReportingPlace("3023", "district", "เฉลิมพระเกียรติ", "", "นครราชสีมา", False),
)
LONG = ("รหัสพื้นที่", "ตัวชี้วัด", "ตัวตั้ง", "ตัวหาร", "ขั้นที่ทำแล้ว")


def read(*rows, name="ผล", **changes):
    asked = {"definition": two_dimensions(), "round_code": "6m", "places": PLACES} | changes
    return read_results([Sheet(name, tuple(tuple(row) for row in rows))], **asked)


def wide(*rows, title="แบบทดสอบ ปีงบประมาณ 2566 รอบ 6 เดือน"):
    return read(
        (title,),
        ("รหัสพื้นที่", "ชื่อพื้นที่", "1.1 ตัวชี้วัด 1.1", None, "1.2 ตัวชี้วัด 1.2"),
        (None, None, "ตัวตั้ง: หมู่บ้านที่ผ่าน", "ตัวหาร", "ขั้นที่ทำแล้ว"),
        *rows,
    )


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_long_rows_are_read():
    found = read(
        LONG,
        ("5712", "1.1", 85, 100, None),
        ("๕๗๑๒", "1.2 ชื่อใดก็ได้", None, None, "1,2,3"),
        (5701.0, "ตัวชี้วัด 2.1", "๑,๒๓๔", "2,000", None),
    )
    assert not found.findings
    assert [(each.place, each.indicator, each.report) for each in found.results] == [
        ("5712", "1.1", Reported(Decimal(85), Decimal(100))),
        ("5712", "1.2", Reported(steps=frozenset({1, 2, 3}))),
        ("5701", "2.1", Reported(Decimal(1234), Decimal(2000))),
    ]
    assert found.layouts == {"ผล": "long"}


def test_wide_columns_are_read_and_empty_is_not_reported():
    found = wide(("5712", "พญาเม็งราย", 85, 100, "1-4"), ("5701", "เมืองเชียงราย", None, None, None))
    assert not found.findings
    assert [(each.cell, each.place, each.indicator) for each in found.results] == [
        ("C4", "5712", "1.1"),
        ("E4", "5712", "1.2"),
    ]


@pytest.mark.parametrize(
    ("cell", "steps"),
    [("1,2,3", {1, 2, 3}), ("1-3", {1, 2, 3}), (3, {1, 2, 3}), ("๓", {1, 2, 3}), (0, set())],
)
def test_steps_may_be_listed_or_reached(cell, steps):
    found = read(LONG, ("5712", "1.2", None, None, cell))
    assert found.results[0].report.steps == frozenset(steps)


def test_a_place_may_be_named():
    heads = ("อำเภอ", *LONG[1:])
    found = read(heads, ("อ.พญาเม็งราย", "1.1", 1, 2, None), ("Phaya Mengrai", "2.1", 1, 2, None))
    assert {each.place for each in found.results} == {"5712"}


def test_not_applicable_is_said_in_words():
    found = wide(("5712", "", "ไม่ใช้กับพื้นที่", None, 2))
    first = found.results[0]
    assert (first.indicator, first.not_applicable, first.report) == ("1.1", True, None)


CASES = [
    (("9999", "1.1", 1, 2, None), "A2", "unknown_place"),
    (("5712", "9.9", 1, 2, None), "B2", "unknown_indicator"),
    (("5712", None, 1, 2, None), "B2", "unknown_indicator"),
    (("5712", "1.1", 120, 100, None), "C2", "numerator_over_denominator"),
    (("5712", "1.1", 1, 0, None), "D2", "zero_base"),
    (("5712", "1.1", -1, 100, None), "C2", "negative"),
    (("5712", "1.1", "แปดสิบ", 100, None), "C2", "text"),
    (("5712", "1.1", "-", 100, None), "C2", "blank-mark"),
    (("5712", "1.1", "#DIV/0!", 100, None), "C2", "excel-error"),
    (("5712", "1.1", "#NO VALUE", 100, None), "C2", "formula_without_value"),
    (("5712", "1.1", True, 100, None), "C2", "boolean"),
    (("5712", "1.1", 80, None, None), "D2", "missing_part"),
    (("5712", "1.1", 80, 100, 3), "E2", "unexpected_part"),
    (("5712", "1.2", None, None, "1,3"), "E2", "step_skipped"),
    (("5712", "1.2", None, None, 6), "E2", "unknown_step"),
    (("5712", "1.2", None, None, "1,2,7"), "E2", "unknown_step"),
    (("5001", "1.1", 1, 2, None), "A2", "out_of_scope"),
    ((None, "1.1", 1, 2, None), "A2", "no_place"),
    ((None, None, 0, None, None), "A2", "no_place"),
    (("5712", "1.1", "80%", 100, None), "C2", "per_cent"),
    (("5712", "1.1", "ไม่มี", 100, None), "C2", "two_meanings"),
    (("5712", "1.1", "31 มี.ค. 66", 100, None), "C2", "date"),
    ((None, "1.1", 1, 2, None), "A2", "no_place"),
]


@pytest.mark.parametrize(("row", "cell", "code"), CASES)
def test_a_fault_is_named_by_its_cell(row, cell, code):
    found = read(LONG, row)
    assert [(each.cell, each.code) for each in found.errors] == [(cell, code)]
    assert found.errors[0].message_th
    assert not found.results


def test_a_fraction_where_things_are_counted_is_refused():
    definition = two_dimensions()
    whole = definition.dimensions[0].indicators[0]
    object.__setattr__(whole, "whole", True)
    found = read(LONG, ("5712", "1.1", 1.5, 100, None), definition=definition)
    assert [(each.cell, each.code) for each in found.errors] == [("C2", "not_whole")]


def test_the_same_result_twice_is_taken_once_or_not_at_all():
    found = read(LONG, ("5712", "1.1", 1, 2, None), ("5712", "1.1", 2, 2, None))
    assert [(each.cell, each.code) for each in found.errors] == [
        ("C2", "duplicate"),
        ("C3", "duplicate"),
    ]
    assert "C3" in found.errors[0].message_th
    assert not found.results
    found = read(LONG, ("5712", "1.1", 1, 2, None), ("5712", "1.1", 1, "2.0", None))
    assert [(each.cell, each.code, each.error) for each in found.findings] == [
        ("C3", "said_twice", False)
    ]
    assert len(found.results) == 1


def test_code_and_name_must_be_of_one_place():
    found = wide(("5712", "เมืองเชียงราย", 1, 2, None))
    assert [(each.cell, each.code) for each in found.errors] == [("A4", "code_and_name_differ")]


def test_a_name_of_several_places_asks_for_the_code():
    heads = ("อำเภอ", *LONG[1:])
    found = read(heads, ("เฉลิมพระเกียรติ", "1.1", 1, 2, None))
    assert [each.code for each in found.errors] == ["ambiguous_place"]
    assert "1901" in found.errors[0].message_th


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("แบบทดสอบ ปีงบประมาณ 2566 รอบ 12 เดือน", "wrong_round"),
        ("แบบทดสอบ ปีงบประมาณ พ.ศ. ๒๕๖๕ รอบ 6 เดือน", "wrong_year"),
    ],
)
def test_a_title_of_another_round_or_year_is_refused(title, code):
    found = wide(("5712", "", 1, 2, None), title=title)
    assert [(each.cell, each.code) for each in found.errors] == [("A1", code)]


def test_a_row_of_another_round_or_year_is_refused():
    heads = (*LONG, "รอบ", "ปีงบประมาณ")
    found = read(heads, ("5712", "1.1", 1, 2, None, "12m", 2565))
    assert [(each.cell, each.code) for each in found.errors] == [
        ("G2", "wrong_year"),
        ("F2", "wrong_round"),
    ]
    assert not read(heads, ("5712", "1.1", 1, 2, None, "รอบ 6 เดือน", 2566)).findings


def test_totals_and_unknown_sheets_are_listed_as_not_read():
    sheets = [
        Sheet("คำชี้แจง", (("โปรดอ่าน",),)),
        Sheet("ผล", (LONG, ("5712", "1.1", 1, 2, None), ("รวม", None, 1, 2, None))),
    ]
    found = read_results(sheets, definition=two_dimensions(), round_code="6m", places=PLACES)
    assert [(each.sheet, each.cell, each.code, each.error) for each in found.findings] == [
        ("คำชี้แจง", "", "sheet_not_read", False),
        ("ผล", "A3", "total_not_read", False),
    ]
    assert len(found.results) == 1


def test_a_file_without_heads_is_an_error():
    found = read(("ก", "ข"), (1, 2))
    assert [each.code for each in found.errors] == ["no_heads"]


def test_an_unknown_indicator_or_part_in_the_heads_is_named():
    found = read(
        ("รหัสพื้นที่", "9.9 อะไร", "1.1"),
        (None, "ตัวตั้ง", "ค่าอะไร"),
        ("5712", 1, 2),
    )
    assert {(each.cell, each.code) for each in found.errors} == {
        ("B1", "unknown_indicator"),
        ("C2", "unknown_part"),
    }


# -- files ----------------------------------------------------------------------------------------


def test_a_workbook_is_read_with_its_saved_values():
    def fill(book):
        sheet = book.active
        sheet.append(LONG)
        sheet.append(["5712", "1.1", 85, 100])
        sheet["C3"] = "=C2+1"
        sheet["D3"] = "#N/A"
        sheet["D3"].data_type = "e"

    rows = read_sheets(workbook(fill))[0].rows
    assert rows[1][:4] == ("5712", "1.1", 85, 100)
    assert rows[2][2:4] == ("#NO VALUE", "#N/A")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encodings_offices_use(encoding, delimiter):
    lines = [delimiter.join(LONG), delimiter.join(["5712", "1.1", "85", "100", ""])]
    sheets = read_sheets("\r\n".join(lines).encode(encoding))
    found = read_results(sheets, definition=two_dimensions(), round_code="6m", places=PLACES)
    assert not found.findings
    assert found.results[0].report == Reported(Decimal(85), Decimal(100))


def zipped(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"%PDF-1.7 \x00\x01", "not_a_table"),
        (b"just words", "not_a_table"),
        (zipped(word="a document"), "not_a_table"),
        (b"PK\x03\x04 broken", "damaged"),
        (workbook(openpyxl.Workbook.sheetnames.fget)[:-40], "damaged"),
        (b'a,b\n"never closed', "damaged"),
        (b"x" * (20 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=["empty", "xls", "pdf", "words", "zip", "broken", "cut", "unclosed", "huge"],
)
def test_a_file_that_is_none_of_these_is_refused_in_words(content, code):
    with pytest.raises(FileUnreadable) as refused:
        read_sheets(content)
    assert refused.value.code == code
    assert refused.value.message_th
