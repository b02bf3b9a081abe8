"""Workbooks read back by another library."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tiddao.ui import xlsx
from tiddao.ui.xlsx import Column, TableTooLong, attachment, table_workbook, xlsx_response

COLUMNS = [
    Column("code", "รหัส", width=8),
    Column("name", "อำเภอ", width=30),
    Column("villages", "หมู่บ้าน", "integer", unit="แห่ง"),
    Column("amount", "เบิกจ่าย", "number", unit="บาท"),
    Column("rate", "ร้อยละ", "percent"),
    Column("on", "วันที่", "date"),
]
ROWS = [
    ("5712", "พญาเม็งราย", 71, Decimal("4189534120.50"), Decimal("79.15"), date(2022, 11, 22)),
    ("0101", "=1+1", None, None, None, None),
    ("5701", "+66 @SUM(A1)", 0, Decimal(0), Decimal(0), datetime(2022, 12, 31, 18, tzinfo=UTC)),
]


def made(rows=ROWS, title="ผลการประเมิน: เชียงราย/2566", **kwargs):
    file = BytesIO()
    count = table_workbook(title, COLUMNS, rows, into=file, **kwargs)
    assert count == len(rows)
    file.seek(0)
    return load_workbook(file).active, file.getvalue()


def test_workbook_says_what_it_is_and_how_many_rows():
    sheet, _ = made(as_of=date(2023, 9, 30), notes=["แบบประเมิน (ข้อเสนอ)"])
    assert [sheet.cell(row, 1).value for row in range(1, 5)] == [
        "ผลการประเมิน: เชียงราย/2566",
        "ข้อมูล ณ วันที่ 30 ก.ย. 2566",
        "จำนวน 3 แถว",
        "แบบประเมิน (ข้อเสนอ)",
    ]


def test_workbook_cells_keep_their_kind():
    sheet, _ = made(as_of=date(2023, 9, 30))
    header = 5
    assert [cell.value for cell in sheet[header]] == [
        "รหัส", "อำเภอ", "หมู่บ้าน\n(แห่ง)", "เบิกจ่าย\n(บาท)", "ร้อยละ", "วันที่",
    ]  # fmt: skip
    first, second, third = ([cell.value for cell in sheet[header + n]] for n in (1, 2, 3))
    assert first == ["5712", "พญาเม็งราย", 71, 4189534120.50, 79.15, "22/11/2565"]
    assert second == ["0101", "=1+1", None, None, None, None]
    assert sheet.cell(header + 2, 2).data_type == "s"  # text, not a formula
    assert third == ["5701", "+66 @SUM(A1)", 0, 0, 0, "01/01/2566"]
    assert sheet.freeze_panes == f"A{header + 1}"
    assert sheet.auto_filter.ref == f"A{header}:F{header + 3}"
    assert sheet.cell(header, 1).font.b
    assert sheet.cell(header + 1, 1).font.name == "TH Sarabun New"
    assert sheet.print_title_rows == f"${header}:${header}"


def test_workbook_of_no_rows_says_so():
    sheet, _ = made(rows=[])
    assert sheet.cell(2, 1).value == "จำนวน 0 แถว"


def test_workbook_takes_mappings_by_key():
    sheet, _ = made(rows=[dict(zip([c.key for c in COLUMNS], ROWS[0], strict=True))])
    assert sheet.cell(5, 2).value == "พญาเม็งราย"


def test_workbook_of_the_same_rows_is_the_same_file():
    assert made()[1] == made()[1]


@pytest.mark.parametrize(
    ("title", "name"),
    [("ก/ข:ค?[1]*\\", "ก ข ค  1"), ("'อ้าง'", "อ้าง"), ("", "Table"), ("History", "Table"), ("ก" * 40, "ก" * 31)],
)  # fmt: skip
def test_sheet_name_is_one_that_excel_takes(title, name):
    sheet, _ = made(rows=[], title=title)
    assert sheet.title == name


def test_table_longer_than_a_sheet_is_refused_not_cut(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 6)
    file = BytesIO()
    with pytest.raises(TableTooLong, match="3 แถว"):
        table_workbook("ยาว", COLUMNS, ROWS, into=file)
    assert file.getvalue() == b""


def test_text_longer_than_a_cell_is_refused_and_nothing_written():
    file = BytesIO()
    with pytest.raises(TableTooLong, match="อำเภอ"):
        table_workbook("ยาว", COLUMNS, [("1", "ก" * 32_768, 1, 1, 1, None)], into=file)
    assert file.getvalue() == b""


def test_row_of_another_width_is_refused():
    with pytest.raises(ValueError, match="5 values for 6 columns"):
        made(rows=[ROWS[0][:5]])


def test_response_is_named_in_thai():
    answer = xlsx_response("อันดับ 2566", "อันดับ", COLUMNS, ROWS)
    body = b"".join(answer.streaming_content)
    assert load_workbook(BytesIO(body)).active.max_row == 7
    assert "filename*=UTF-8''%E0%B8%AD%E0%B8%B1%E0%B8%99" in answer["Content-Disposition"]
    answer.file_to_stream.close()


def test_file_name_cannot_break_the_header():
    header = attachment('ก"\r\nSet-Cookie: x/../%41.xlsx')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
