"""The reader on made workbooks: sound ones read to the digit, spoilt ones refused or told by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget.cgd_files import Book, ExcelError, Sheet, week
from tiddao.budget.rules.cgd_checks import percent_key, percent_of, ranks, recompute
from tiddao.budget.rules.cgd_figures import CgdRow, CgdWorkbook, Finding, WorkbookRefused
from tiddao.budget.rules.cgd_sheet import province_of_code, provinces_by_name
from tiddao.budget.rules.cgd_workbook import ALL_SHEETS, read_workbook
from tiddao.kernel.fiscal import FiscalYear

TAB_13 = "13.ส่วนกลางจัดสรรให้จังหวัด"
TAB_14 = "14.ส่วนกลางจัดสรรให้จังหวัด(ใช้"


def read(book: Book, *sheets: int, **options: object) -> CgdWorkbook:
    return read_workbook(book.save(), file="made.xlsx", sheets=sheets or (13, 14), **options)


def refusals(book: Book, *sheets: int, **options: object) -> list[Finding]:
    with pytest.raises(WorkbookRefused) as refused:
        read(book, *sheets, **options)
    assert refused.value.file == "made.xlsx"
    return [each for each in refused.value.findings if each.severity == "refused"]


def places(findings: list[Finding] | tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(each.code, each.sheet, each.cell) for each in findings]


def values(workbook: CgdWorkbook) -> dict[tuple[int, str, str, str], Decimal | None]:
    """Every figure by what it means, wherever it stands."""
    return {
        (sheet.number, row.name, spending, measure): figure.value
        for sheet in workbook.sheets.values()
        for row in (*sheet.rows, sheet.total_row)
        for spending, figures in row.figures.items()
        for measure, figure in figures.measures.items()
    }


SOUND = values(read(week()))


# -- sound workbooks


def test_all_eight_sheets_of_a_sound_week_are_read_without_a_finding():
    workbook = read(week(*ALL_SHEETS), *ALL_SHEETS)
    assert workbook.findings == ()
    assert workbook.as_of == date(2026, 7, 10)
    assert workbook.report_date == date(2026, 7, 13)
    assert workbook.fiscal_year == FiscalYear(2569)
    assert {n: len(sheet.rows) for n, sheet in workbook.sheets.items()} == {
        1: 5, 2: 3, 3: 6, 4: 6, 11: 94, 12: 94, 13: 76, 14: 76,
    }  # fmt: skip
    assert {sheet.order for n, sheet in workbook.sheets.items() if n != 1} == {"ascending"}
    assert {sheet.unit for sheet in workbook.sheets.values()} == {"ล้านบาท"}


def test_a_figure_keeps_cell_unit_base_and_every_digit():
    book = week()
    row = book[13].row_of("เชียงราย")
    figures = read(book).sheets[13].province("57").figures["total"]
    assert figures.cells == {
        "base": f"K{row}",
        "ordered": f"L{row}",
        "disbursed": f"M{row}",
        "disbursed_percent": f"N{row}",
    }
    assert figures.base.value == book[13][f"K{row}"]
    assert figures.percent.value == Decimal(repr(book[13][f"N{row}"]))
    assert (figures.base.unit, figures.percent.unit) == ("ล้านบาท", "ร้อยละ")
    assert figures.percent.base_th == "งบจัดสรรถือจ่ายจังหวัด"
    assert figures.gap is None


def test_the_gap_is_in_points_and_the_targets_come_from_the_footnote():
    sheet = read(week()).sheets[14]
    figures = sheet.province("57").figures["recurrent"]
    assert sheet.targets == {"recurrent": 89, "investment": 79, "total": 87}
    assert figures.gap.unit == "จุดร้อยละ"
    assert figures.gap.value == pytest.approx(figures.percent.value - 89)
    assert sheet.footnotes[-1] == "ข้อมูล ณ วันที่ 10 กรกฎาคม 2569"


def test_provinces_and_groups_of_provinces_are_told_apart():
    sheet = read(week(11), 11).sheets[11]
    assert (len(sheet.of_kind("province")), len(sheet.of_kind("province_group"))) == (76, 18)
    assert all(row.place_code is None for row in sheet.of_kind("province_group"))
    assert {row.place_code for row in sheet.of_kind("province")} == (
        set(provinces_by_name().values()) - {"10"}
    )


def test_an_agency_without_investment_has_no_percentage_of_its_own():
    sheet = read(week(3, 4), 3, 4).sheets[3]
    without = next(row for row in sheet.rows if row.figures["investment"].base.value == 0)
    assert without.figures["investment"].percent.value == 0, "as printed"
    assert percent_key("investment")(without) is None, "nothing over nothing"


def test_the_overview_says_the_type_of_spending_in_its_rows():
    sheet = read(week(1), 1).sheets[1]
    assert [next(iter(row.figures)) for row in sheet.rows] == [
        "total", "recurrent", "investment", "investment", "total",
    ]  # fmt: skip
    assert sheet.total_row.figures["total"].measures["allotted"].value is None
    assert sheet.rows[0].figures["total"].measures["used"].cell == "D6"


# -- the same figures in another place


def _blank_columns(book: Book) -> None:
    for letters in ("A", "D", "I", "M"):
        book[13].insert_column(letters)
    book[14].insert_column("Q")


def _swapped_columns(book: Book) -> None:
    """The disbursed amount before the orders, heads and all, in each of the three groups."""
    for ordered, disbursed in (("L", "M"), ("H", "I")):
        book[13].move_column(disbursed, before=ordered)


def _moved_total_group(book: Book) -> None:
    """รวม in front of รายจ่ายประจำ."""
    for letters in ("N", "N", "N", "N"):
        book[13].move_column(letters, before="C")


def _blank_rows(book: Book) -> None:
    for number in (13, 14):
        rows = book[number].rows
        for at in (40, 20, 6, 3, 1, 0):
            rows.insert(at, [])


def _rows_between_heads(book: Book) -> None:
    book[14].rows.insert(4, [])


def _thai_digits(book: Book) -> None:
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    for number in (13, 14):
        for row in book[number].rows[:3] + book[number].rows[-5:]:
            row[:] = [cell.translate(thai) if isinstance(cell, str) else cell for cell in row]


def _other_tabs_and_order(book: Book) -> None:
    book[13].tab, book[14].tab = "Sheet2", "Sheet1"
    first = book.pop(13)
    book[13] = first


def _total_label_elsewhere(book: Book) -> None:
    row = next(i for i, cells in enumerate(book[14].rows) if cells and cells[0] == "รวม")
    book[14].rows[row][0], book[14].rows[row][2] = "", "รวม"


def _page_of_contents(book: Book) -> None:
    contents = Sheet("สารบัญ")
    for number in (13, 14):
        contents.add(book[number].rows[0][0])
    sheets = dict(book)
    book.clear()
    book.update({0: contents, **sheets})


@pytest.mark.parametrize(
    "move",
    [
        _blank_columns,
        _swapped_columns,
        _moved_total_group,
        _blank_rows,
        _rows_between_heads,
        _thai_digits,
        _other_tabs_and_order,
        _total_label_elsewhere,
        _page_of_contents,
    ],
)
def test_moved_but_headed_figures_are_read_as_what_they_are(move: Callable[[Book], None]):
    book = week()
    move(book)
    workbook = read(book)
    assert values(workbook) == SOUND
    assert workbook.findings == ()
    assert workbook.as_of == date(2026, 7, 10)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_blank_columns_and_rows_anywhere_change_nothing(data: st.DataObject):
    book = week()
    for number, width in ((13, 15), (14, 17)):
        for _ in range(data.draw(st.integers(0, 3))):
            book[number].insert_column("ABCDEFGHIJKLMNOPQ"[data.draw(st.integers(0, width - 1))])
        for _ in range(data.draw(st.integers(0, 3))):
            book[number].rows.insert(data.draw(st.integers(0, 85)), [])
    workbook = read(book)
    assert values(workbook) == SOUND
    assert workbook.findings == ()


# -- heads that cannot be trusted


def test_a_column_moved_into_another_group_is_refused_by_cell():
    book = week()
    book[13].move_column("F", before="K")  # the recurrent percentage stands under รายจ่ายลงทุน
    found = places(refusals(book))
    assert ("head-twice", TAB_13, "J6") in found
    assert ("head-missing", TAB_13, "C5") in found


def test_a_group_twice_is_refused_by_cell():
    book = week()
    book[13]["G5"] = "รายจ่ายประจำ"
    assert places(refusals(book)) == [("group-twice", TAB_13, "G5")]


def test_an_unknown_group_is_refused_by_cell():
    book = week()
    book[13]["G5"] = "งบกลาง"
    found = places(refusals(book))
    assert [each for each in found if each[0] == "head-unknown"] == [
        ("head-unknown", TAB_13, f"{c}6") for c in "GHIJ"
    ]


def test_an_unknown_column_is_refused_by_cell():
    book = week()
    book[14].insert_column("H", lambda r: "คาดการณ์" if r == 4 else 50.0 if 5 <= r < 82 else "")
    assert places(refusals(book)) == [("head-unknown", TAB_14, "H5")]


def test_a_missing_column_is_refused():
    book = week()
    book[14].delete_column("P")
    found = refusals(book)
    assert places(found) == [("head-missing", TAB_14, "M4")]
    assert "สูง/ต่ำกว่าเป้าหมายการใช้จ่ายรายเดือน" in found[0].message_th


def test_a_sheet_without_heads_is_refused():
    book = week()
    book[13]["B5"] = "พื้นที่"
    assert places(refusals(book)) == [("heads-not-found", TAB_13, "")]


def test_figures_shifted_under_standing_heads_are_told_by_cell_not_believed():
    book = week()
    for row in book[13].rows[6:83]:
        row[2:15] = ["", *row[2:14]]
    found = places(refusals(book))
    assert ("bad-code", TAB_13, "O7") in found


def test_heads_exchanged_over_standing_figures_are_told_by_cell():
    book = week()
    book[13]["L6"], book[13]["M6"] = book[13]["M6"], book[13]["L6"]
    errors = [each for each in read(book).errors if each.code == "percent-differs"]
    assert [each.cell for each in errors] == [f"N{row}" for row in range(7, 84)]


# -- sheets, dates, years


def test_a_missing_sheet_is_named():
    book = week(14)
    (found,) = refusals(book)
    assert (found.code, found.sheet) == ("sheet-missing", "13")
    assert "ส่วนกลางจัดสรรให้จังหวัด" in found.message_th


def test_the_same_sheet_twice_is_refused():
    book = week()
    book[99] = week()[13]
    book[99].tab = "13 (สำเนา)"
    assert places(refusals(book)) == [("sheet-twice", "13 (สำเนา)", "")]


def test_sheets_of_different_days_are_refused_and_named():
    book = week()
    book[14] = week(14, day="3 กรกฎาคม 2569", reported="6 กรกฎาคม 2569")[14]
    found = refusals(book)
    assert places(found) == [
        ("as-of-differs", TAB_14, ""),
        ("report-date-differs", TAB_14, ""),
    ]
    assert "3 กรกฎาคม 2569" in found[0].message_th
    assert "10 กรกฎาคม 2569" in found[0].message_th


def test_a_title_and_a_footer_of_different_days_are_refused_by_cell():
    book = week()
    cell = book[13].find("ข้อมูล ณ วันที่ 10 กรกฎาคม 2569")
    book[13][cell] = "ข้อมูล ณ วันที่ 11 กรกฎาคม 2569"
    assert places(refusals(book)) == [("as-of-differs", TAB_13, cell)]


def test_a_year_in_the_title_that_does_not_hold_the_day_is_refused():
    assert places(refusals(week(year="2568"))) == [
        ("fiscal-year-differs", TAB_13, "A2"),
        ("fiscal-year-differs", TAB_14, "A2"),
    ]


def test_one_sheet_of_another_year_is_refused():
    book = week()
    book[14] = week(
        14,
        year="2570",
        day="9 ตุลาคม 2569",
        reported="12 ตุลาคม 2569",
        target_month="ตุลาคม 2569",
    )[14]
    assert ("fiscal-year-differs", TAB_14, "") in places(refusals(book))


def test_another_year_than_expected_is_refused_and_otherwise_read_as_itself():
    book = week(
        year="2570", day="9 ตุลาคม 2569", reported="12 ตุลาคม 2569", target_month="ตุลาคม 2569"
    )
    assert read(book).fiscal_year == FiscalYear(2570)
    assert places(refusals(book, fiscal_year=FiscalYear(2569))) == [
        ("other-fiscal-year", TAB_13, ""),
        ("other-fiscal-year", TAB_14, ""),
    ]


def test_a_report_of_before_its_data_is_refused():
    found = places(refusals(week(13, reported="1 กรกฎาคม 2569"), 13))
    assert found == [("report-before-data", TAB_13, "A86")]


def test_a_day_that_is_none_is_refused_by_cell():
    found = refusals(week(13, day="31 มิถุนายน 2569"), 13)
    assert ("date-unreadable", TAB_13) in {(each.code, each.sheet) for each in found}


def test_another_unit_is_refused_by_cell():
    book = week()
    book[13]["A3"] = "หน่วย: บาท"
    book[14]["A3"] = ""
    assert places(refusals(book)) == [("other-unit", TAB_13, "A3"), ("no-unit", TAB_14, "")]


def test_a_table_that_does_not_say_its_order_is_refused():
    book = week(13)
    book[13]["A2"] = "ตั้งแต่ต้นปีงบประมาณ จนถึงวันที่ 10 กรกฎาคม 2569"
    assert places(refusals(book, 13)) == [("no-order", TAB_13, "")]


def test_a_target_of_another_month_is_a_warning():
    workbook = read(week(target_month="มิถุนายน 2569"))
    assert [each.code for each in workbook.findings] == ["target-of-other-month"]
    assert workbook.errors == ()


# -- cells


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("M20", "รอข้อมูล", "not-a-number"),
        ("M20", "-", "not-a-number"),
        ("M20", "1.234,56", "not-a-number"),
        ("M20", date(2026, 7, 10), "not-a-number"),
        ("M20", True, "not-a-number"),
        ("M20", "#REF!", "excel-error"),
        ("M20", ExcelError("#REF!"), "excel-error"),
        ("N20", ExcelError("#DIV/0!"), "excel-error"),
        ("A20", "สิบสี่", "bad-rank"),
        ("A20", ExcelError("#N/A"), "bad-rank"),
        ("A20", 14.5, "bad-rank"),
        ("O20", "57", "bad-code"),
        ("O20", "", "bad-code"),
        ("B20", "", "no-name"),
        ("B20", "เชียงลาย", "unknown-province"),
        ("O20", "9900", "unknown-code"),
        ("O20", "5712", "unknown-code"),
        ("K86", 5.0, "row-after-total"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_by_its_place(cell: str, value: object, code: str):
    book = week()
    book[13][cell] = value
    assert (code, TAB_13, cell) in places(refusals(book))


def test_a_code_of_another_province_than_the_name_is_refused():
    book = week()
    row = book[13].row_of("เชียงราย")
    book[13][f"O{row}"] = "5600"
    found = refusals(book)
    assert places(found)[0] == ("code-name-differ", TAB_13, f"O{row}")
    assert "พะเยา" in found[0].message_th


def test_a_province_twice_is_refused_and_the_lost_one_named():
    book = week()
    row, other = book[13].row_of("เชียงราย"), book[13].row_of("พะเยา")
    book[13][f"B{row}"], book[13][f"O{row}"] = "พะเยา", "5600"
    (found,) = refusals(book)
    assert (found.code, found.sheet, found.cell) == ("unit-twice", TAB_13, f"B{max(row, other)}")


def test_a_lost_province_is_named():
    book = week()
    del book[13].rows[book[13].row_of("เชียงราย") - 1]
    (found,) = refusals(book)
    assert found.code == "wrong-count"
    assert "พบ 75 แถว ขาด เชียงราย" in found.message_th


def test_a_workbook_without_its_total_row_is_refused():
    book = week()
    del book[13].rows[82]
    assert [each.code for each in refusals(book)] == ["no-total-row"]


def test_a_blank_figure_is_none_and_told_never_zero():
    book = week()
    row = book[13].row_of("เชียงราย")
    book[13][f"H{row}"] = ""
    workbook = read(book)
    figures = workbook.sheets[13].province("57").figures["investment"]
    assert figures.ordered.value is None
    assert places(workbook.errors) == [("blank", TAB_13, f"H{row}")]


def test_a_number_kept_as_text_is_read_and_told():
    book = week()
    cell = f"K{book[13].row_of('เชียงราย')}"
    written = f"{book[13][cell]:,}"
    book[13][cell] = written
    workbook = read(book)
    assert workbook.sheets[13].province("57").figures["total"].base.value == Decimal(
        written.replace(",", "")
    )
    assert places(workbook.findings) == [("number-as-text", TAB_13, cell)]


def test_a_percentage_rounded_into_text_is_allowed_half_its_last_place():
    book = week()
    cell = f"N{book[13].row_of('เชียงราย')}"
    exact = book[13][cell]
    book[13][cell] = f"{exact:.2f}"
    assert read(book).errors == ()
    book[13][cell] = f"{exact + 0.02:.2f}"
    assert ("percent-differs", TAB_13, cell) in places(read(book).errors)


def test_a_value_without_a_head_is_left_out_and_told():
    book = week()
    book[13]["R20"] = "ตรวจแล้ว"
    workbook = read(book)
    assert values(workbook) == SOUND
    assert places(workbook.findings) == [("stray-value", TAB_13, "R20")]


# -- contradictions


def test_a_wrong_percentage_is_told_by_cell_with_the_right_one():
    book = week()
    cell = f"F{book[13].row_of('เชียงราย')}"
    right = book[13][cell]
    book[13][cell] = right + 2e-9
    (found,) = read(book).errors
    assert (found.code, found.sheet, found.cell) == ("percent-differs", TAB_13, cell)
    assert f"{right:.12f}" in found.message_th
    book[13][cell] = right + 5e-10
    assert read(book).errors == ()


def test_a_broken_total_is_told_by_cell():
    book = week()
    cell = f"M{next(i for i, r in enumerate(book[13].rows, 1) if r and r[0] == 'รวม')}"
    book[13][cell] += 1
    errors = read(book).errors
    assert {(each.code, each.cell) for each in errors} == {
        ("total-differs", cell),
        ("parts-differ", cell),
        ("percent-differs", cell.replace("M", "N")),
    }
    assert {each.sheet for each in errors} == {TAB_13}


def test_a_changed_amount_breaks_its_percentage_its_total_and_its_pair():
    book = week()
    row = book[13].row_of("เชียงราย")
    book[13][f"E{row}"] += 10
    found = {(each.code, each.sheet, each.cell) for each in read(book).errors}
    used_row = book[14].row_of("เชียงราย")
    assert found == {
        ("percent-differs", TAB_13, f"F{row}"),
        ("parts-differ", TAB_13, f"M{row}"),
        ("total-differs", TAB_13, "E83"),
        ("used-differs", TAB_14, f"F{used_row}"),
    }


def test_a_wrong_gap_is_told_by_cell():
    book = week()
    cell = f"P{book[14].row_of('เชียงราย')}"
    book[14][cell] += 1
    assert places(read(book).errors) == [("gap-differs", TAB_14, cell)]


def test_a_negative_amount_is_told_by_cell():
    book = week()
    cell = f"L{book[13].row_of('เชียงราย')}"
    book[13][cell] = -book[13][cell]
    assert ("negative", TAB_13, cell) in places(read(book).errors)


def test_exchanged_ranks_are_told_by_cell():
    book = week()
    book[13]["A10"], book[13]["A11"] = book[13]["A11"], book[13]["A10"]
    assert places(read(book).errors) == [
        ("rank-order", TAB_13, "A10"),
        ("rank-order", TAB_13, "A11"),
    ]


def test_rows_out_of_the_printed_order_are_told_by_cell():
    book = week()
    rows = book[13].rows
    rows[9], rows[10] = rows[10], rows[9]
    found = places(read(book).errors)
    assert ("not-in-order", TAB_13, "N11") in found
    assert ("rank-order", TAB_13, "A10") in found


def test_a_table_in_descending_order_says_so():
    book = week(13)
    book[13]["A2"] = str(book[13]["A2"]).replace("จากน้อยไปมาก", "จากมากไปน้อย")
    table = book[13].rows[6:82]
    book[13].rows[6:82] = [[rank, *row[1:]] for rank, row in enumerate(reversed(table), start=1)]
    workbook = read(book, 13)
    assert workbook.findings == ()
    sheet = workbook.sheets[13]
    assert sheet.order == "descending"
    assert ranks(sheet.rows, percent_key())[0].row.printed_rank == 76


def test_september_may_use_more_than_ordered_and_disbursed():
    book = week(day="11 กันยายน 2569", reported="14 กันยายน 2569", target_month="กันยายน 2569")
    july = week()
    for each in (book, july):
        row = each[14].row_of("เชียงราย")
        each[14][f"F{row}"] += 10
    assert "used-differs" in {each.code for each in read(july).errors}
    assert "used-differs" not in {each.code for each in read(book).errors}


def test_the_overview_must_add_up():
    book = week(1)
    book[1]["F7"] += 1
    found = {(each.code, each.cell) for each in read(book, 1).errors}
    assert found == {
        ("total-differs", "F6"),
        ("percent-differs", "G7"),
    }


# -- nothing wrong goes unseen


def _data_cells(number: int) -> list[str]:
    """Every cell of figures and ranks from the first row to the total row."""
    first, last, columns = {13: (7, 83, "ACDEFGHIJKLMN"), 14: (6, 82, "AEFGHIJKLMNOP")}[number]
    return [f"{c}{r}" for r in range(first, last + 1) for c in columns if (c, r) != ("A", last)]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_altered_cell_goes_unseen(data: st.DataObject):
    number = data.draw(st.sampled_from([13, 14]))
    cell = data.draw(st.sampled_from(_data_cells(number)))
    by = data.draw(st.sampled_from([Decimal("0.01"), Decimal(-1), Decimal(1000)]))
    book = week()
    value = book[number][cell]
    book[number][cell] = float(value) + float(by)
    try:
        findings = read(book).errors
    except WorkbookRefused as refused:
        findings = refused.findings
    name = str(book[number].rows[int(cell[1:]) - 1][1]) or "แถวรวม"
    assert any(
        (each.sheet == book[number].tab and each.cell[1:] == cell[1:])
        or (each.code == "used-differs" and each.message_th.startswith(name))
        for each in findings
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_two_exchanged_columns_go_unseen(data: st.DataObject):
    number = data.draw(st.sampled_from([13, 14]))
    first, last, columns = {13: (7, 83, "CDEFGHIJKLMN"), 14: (6, 82, "EFGHIJKLMNOP")}[number]
    one, two = data.draw(st.lists(st.sampled_from(columns), min_size=2, max_size=2, unique=True))
    book = week()
    for r in range(first, last + 1):
        sheet = book[number]
        sheet[f"{one}{r}"], sheet[f"{two}{r}"] = sheet[f"{two}{r}"], sheet[f"{one}{r}"]
    assert len(read(book).errors) >= 76


# -- what is no workbook


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-xlsx"),
        (b"province,percent\n57,79.15\n", "not-xlsx"),
        (b"<html><table></table></html>", "not-xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not-xlsx"),
        (week().save()[:4000], "not-xlsx"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, code: str):
    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(content, file="x.xlsx")
    assert [each.code for each in refused.value.findings] == [code]


def test_another_container_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("word/document.xml", "<x/>")
    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(out.getvalue(), file="x.docx")
    assert [each.code for each in refused.value.findings] == ["not-xlsx"]


def test_a_damaged_sheet_is_refused():
    source, out = io.BytesIO(week().save()), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part, content[:3000] if part.filename.endswith("sheet1.xml") else content)
    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(out.getvalue(), file="x.xlsx")
    assert refused.value.findings[0].severity == "refused"


def test_a_value_at_the_far_end_of_a_sheet_is_refused_before_it_fills_the_memory():
    book = week()
    content = book.save()
    source, out = io.BytesIO(content), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            xml = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                xml = xml.replace(b"</sheetData>", far)
            new.writestr(part, xml)
    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(out.getvalue(), file="x.xlsx")
    (found,) = refused.value.findings
    assert (found.code, found.cell) == ("too-large", "XFD1048576")


def test_a_file_that_unpacks_without_end_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/workbook.xml", "<x/>")
        with container.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(101):
                part.write(bytes(1024 * 1024))
    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(out.getvalue(), file="x.xlsx")
    assert [each.code for each in refused.value.findings] == ["too-large"]


def test_a_sheet_without_a_layout_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="9"):
        read_workbook(week().save(), file="x.xlsx", sheets=(9,))


def test_a_refusal_reads_as_sentences_with_their_places():
    book = week()
    book[13]["M20"] = ExcelError("#REF!")
    with pytest.raises(WorkbookRefused) as refused:
        read(book)
    text = str(refused.value)
    assert text.startswith(f"made.xlsx: แผ่นงาน “{TAB_13}” M20: ")
    assert "เบิกจ่าย (รวม) เป็นค่าผิดพลาดของ Excel (#REF!)" in text


# -- reckoning and ranks


@pytest.mark.parametrize(
    ("code", "place"),
    [("5700", "57"), ("1000", "10"), ("5712", None), ("9900", None), ("57", None), ("", None)],
)
def test_the_crosswalk_of_codes(code: str, place: str | None):
    assert province_of_code(code) == place


@pytest.mark.parametrize(
    ("amount", "base", "percent"),
    [
        (Decimal(1), Decimal(4), Decimal(25)),
        (Decimal(0), Decimal(4), Decimal(0)),
        (Decimal(5), Decimal(4), Decimal(125)),
        (Decimal(0), Decimal(0), None),
        (None, Decimal(4), None),
        (Decimal(1), None, None),
    ],
)
def test_a_percentage_comes_from_its_parts(
    amount: Decimal | None, base: Decimal | None, percent: Decimal | None
):
    assert percent_of(amount, base) == percent


def _row(name: str) -> CgdRow:
    return CgdRow(
        sheet=13, row=1, kind="province", printed_rank=None, rank_cell="", name=name, name_cell="",
        code="", code_cell="", place_code=None, figures={},
    )  # fmt: skip


def test_ranks_are_shared_by_ties_and_given_both_ways():
    values_of = {"ก": 70, "ข": 80, "ค": 80, "ง": None, "จ": 90}
    rows = [_row(name) for name in values_of]

    def key(row: CgdRow) -> Decimal | None:
        value = values_of[row.name]
        return None if value is None else Decimal(value)

    low = ranks(rows, key)
    assert [(r.row.name, r.rank_from_lowest, r.rank_from_highest, r.of, r.tied) for r in low] == [
        ("ก", 1, 4, 4, 1),
        ("ข", 2, 2, 4, 2),
        ("ค", 2, 2, 4, 2),
        ("จ", 4, 1, 4, 1),
        ("ง", None, None, 4, 0),
    ]
    high = ranks(rows, key, "descending")
    assert [r.row.name for r in high] == ["จ", "ข", "ค", "ก", "ง"]
    assert {r.row.name: r.rank_from_lowest for r in high} == {
        r.row.name: r.rank_from_lowest for r in low
    }


@settings(max_examples=100)
@given(st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=12))
def test_ranks_agree_with_counting(numbers: list[int | None]):
    rows = [_row(str(i)) for i in range(len(numbers))]
    known = [n for n in numbers if n is not None]

    def key(row: CgdRow) -> Decimal | None:
        number = numbers[int(row.name)]
        return None if number is None else Decimal(number)

    ranked = ranks(rows, key)
    assert sorted(r.row.name for r in ranked) == sorted(row.name for row in rows)
    for each in ranked:
        number = numbers[int(each.row.name)]
        if number is None:
            assert each.rank_from_lowest is None
            assert each.rank_from_highest is None
        else:
            assert each.rank_from_lowest == 1 + sum(n < number for n in known)
            assert each.rank_from_highest == 1 + sum(n > number for n in known)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_any_sound_week_recomputes(seed: int):
    workbook = read(week(seed=seed))
    assert workbook.findings == ()
    for sheet in workbook.sheets.values():
        again = recompute(sheet)
        assert again.worst_percent < Decimal("1e-12")
        assert again.worst_total == 0
        assert len(again.percents) == 77 * 3
