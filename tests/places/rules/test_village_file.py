import io

import pytest
import xlsxwriter

from tiddao.places.rules.village_file import (
    RowFault,
    VillageFileError,
    VillageRow,
    cell_name,
    kind_of_file,
    read_villages,
)

TAMBONS = {"571203", "571201", "500101"}
HEAD = "รหัสหมู่บ้าน,ชื่อหมู่บ้าน,หมู่ที่\n"


def read(content, within="th"):
    data = content if isinstance(content, bytes) else content.encode()
    return list(read_villages(io.BytesIO(data), tambons=TAMBONS, within=within))


def workbook(rows, *, first_row=0):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(first_row + number, 0, row)
    book.close()
    return target.getvalue()


SEED = VillageRow(2, "57120314", "บ้านห้วยก้างปูล้าน", "", 14)


@pytest.mark.parametrize(
    "content",
    [
        HEAD + "57120314,บ้านห้วยก้างปูล้าน,14\n",
        HEAD + "๕๗๑๒๐๓๑๔,บ้านห้วยก้างปูล้าน,๑๔\n",
        HEAD + "57120314,บ้านห้วยก้างปูล้าน,หมู่ 14\n",
        HEAD + "5712 0314,  บ้านห้วยก้างปูล้าน ,\n",
        "\ufeff" + HEAD + '"57120314","บ้านห้วยก้างปูล้าน",14\r\n',
        (HEAD + "57120314,บ้านห้วยก้างปูล้าน,14\n").encode("cp874"),
        "moo;Name;Village code\n14;บ้านห้วยก้างปูล้าน;57120314\n",
        "หมู่ที่\tชื่อ\tรหัส\n14\tบ้านห้วยก้างปูล้าน\t57120314\n",
        workbook([["หมู่ที่", "ชื่อหมู่บ้าน", "รหัสหมู่บ้าน"], [14, "บ้านห้วยก้างปูล้าน", 57120314]]),
        workbook([["รหัส", "ชื่อ"], ["57120314", "บ้านห้วยก้างปูล้าน"]]),
    ],
)
def test_read_villages_takes_any_order_encoding_and_digits(content):
    assert read(content) == [SEED]


def test_read_villages_counts_lines_as_a_person_sees_them():
    rows = [["ทะเบียนหมู่บ้าน"], [], ["รหัส", "ชื่อ"], [], ["57120314", "ห้วย"], ["5712031", "x"]]
    village, fault = read(workbook(rows, first_row=2))
    assert village.line == 7
    assert (fault.line, fault.cell) == (8, "A8")


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        ("5712031,ก,4", "A2", "code_form"),
        ("abc,ก,4", "A2", "code_form"),
        (",ก,4", "A2", "code_form"),
        ("57120300,ก,0", "A2", "code_moo"),
        ("57129914,ก,14", "A2", "no_tambon"),
        ("57120314,,14", "B2", "no_name"),
        ("57120314,12,14", "B2", "bad_name"),
        ("57120314,ก,13", "C2", "moo_differs"),
        ("57120314,ก,สิบสี่", "C2", "moo_differs"),
    ],
)
def test_read_villages_names_the_cell_that_is_wrong(row, cell, code):
    (fault,) = read(HEAD + row + "\n")
    assert isinstance(fault, RowFault)
    assert (fault.cell, fault.code) == (cell, code)
    assert fault.message


def test_read_villages_reports_every_fault_of_a_row():
    assert [fault.code for fault in read(HEAD + "571,,3\n")] == ["code_form", "no_name"]


def test_read_villages_refuses_a_code_twice_and_says_where_it_was():
    first, second = read(HEAD + "57120314,ก,14\n57120314,ข,14\n")
    assert isinstance(first, VillageRow)
    assert second.code == "twice"
    assert second.message.endswith("2")


def test_read_villages_refuses_villages_outside_the_home():
    inside, outside = read(HEAD + "57120314,ก,14\n50010101,ข,1\n", within="57")
    assert isinstance(inside, VillageRow)
    assert outside.code == "outside"


def test_read_villages_skips_blank_rows_and_reads_quoted_line_breaks():
    rows = read(HEAD + '57120301,"ก\nข",1\n,,\n5712030,ค,2\n')
    assert rows[0].name_th == "ก ข"
    assert rows[1].cell == "A5"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        ("ชื่อ,หมู่\nก,1\n", "no_head"),
        ("รหัส,code,ชื่อ\n1,2,3\n", "head_twice"),
        (b"%PDF-1.7 ...", "not_a_list"),
        (b"PK\x03\x04broken", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (HEAD.encode() + b"57120301,\xff\xff\xdb,1\n", "encoding"),
        (HEAD + '57120301,"ก,1\n', "broken"),
    ],
)
def test_read_villages_refuses_what_is_no_list(content, code):
    with pytest.raises(VillageFileError) as caught:
        read(content)
    assert caught.value.code == code


def test_kind_of_file_believes_the_content_and_not_a_zip_of_another_kind():
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("readme.txt", "x")
    with pytest.raises(VillageFileError) as caught:
        kind_of_file(target)
    assert caught.value.code == "not_a_list"


def test_kind_of_file_refuses_what_is_too_large():
    with pytest.raises(VillageFileError) as caught:
        kind_of_file(io.BytesIO(b"a" * (20 * 1024 * 1024 + 1)))
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")]
)
def test_cell_name_counts_as_spreadsheets_do(column, name):
    assert cell_name(column, 1) == name
