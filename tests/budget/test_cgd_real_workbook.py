"""The reader on the published workbook of 10 July 2569, against figures copied by hand from it."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tiddao.budget.rules.cgd_checks import percent_key, ranks, recompute
from tiddao.budget.rules.cgd_figures import CgdSheet, CgdWorkbook
from tiddao.budget.rules.cgd_sheet import provinces_by_name
from tiddao.budget.rules.cgd_workbook import ALL_SHEETS, read_workbook
from tiddao.kernel.fiscal import FiscalYear
from tiddao.kernel.numerals import rounded

pytestmark = pytest.mark.shared

# docs domain 3.3: %, rank of sheet 11; %, gap, rank of sheet 12; the same of sheets 13 and 14.
TWENTY_TWO = """
เชียงราย 48.35 44 91.67 4.67 57 79.15 67 89.25 2.25 68
นครราชสีมา 66.32 63 83.03 -3.97 29 77.37 59 85.88 -1.12 21
บุรีรัมย์ 72.37 70 93.20 6.20 69 75.21 46 85.45 -1.55 16
สุรินทร์ 79.90 73 92.83 5.83 66 79.70 68 86.52 -0.48 34
ศรีสะเกษ 67.13 66 89.21 2.21 47 74.27 36 86.17 -0.83 29
อุบลราชธานี 46.07 37 73.93 -13.07 14 75.89 52 85.79 -1.21 20
ยโสธร 61.40 57 84.58 -2.42 34 80.80 72 88.31 1.31 58
ชัยภูมิ 55.58 49 81.43 -5.57 26 74.32 38 86.91 -0.09 42
อำนาจเจริญ 48.14 43 83.85 -3.15 31 74.72 41 88.22 1.22 57
บึงกาฬ 66.62 64 92.66 5.66 65 78.74 63 86.07 -0.93 25
หนองบัวลำภู 84.55 76 92.91 5.91 67 82.75 76 90.01 3.01 72
ขอนแก่น 22.92 12 76.51 -10.49 17 78.92 64 88.94 1.94 65
อุดรธานี 60.95 56 91.87 4.87 60 74.34 39 86.98 -0.02 44
เลย 49.21 45 80.51 -6.49 24 78.23 61 87.15 0.15 47
หนองคาย 52.50 47 79.06 -7.94 20 75.77 51 87.09 0.09 46
มหาสารคาม 60.70 55 87.45 0.45 38 79.15 66 86.10 -0.90 27
ร้อยเอ็ด 60.37 54 91.52 4.52 56 77.05 57 85.50 -1.50 17
กาฬสินธุ์ 38.39 31 92.29 5.29 62 80.75 70 88.56 1.56 61
สกลนคร 70.25 69 84.47 -2.53 33 78.59 62 88.45 1.45 60
นครพนม 33.54 24 71.18 -15.82 10 77.13 58 86.38 -0.62 31
มุกดาหาร 83.58 75 93.97 6.97 71 82.09 74 89.02 2.02 67
สระแก้ว 81.46 74 88.32 1.32 43 80.77 71 86.29 -0.71 30
"""
TABLE = [line.split() for line in TWENTY_TWO.strip().splitlines()]


@pytest.fixture(scope="module")
def path(shared: Path) -> Path:
    found = shared / "data" / "cgd" / "2026_07_10.xlsx"
    if not found.is_file():
        pytest.skip("the published workbook of 10 July 2569 is not in ../shared/data/cgd")
    return found


@pytest.fixture(scope="module")
def workbook(path: Path) -> CgdWorkbook:
    return read_workbook(path, file=path.name, sheets=ALL_SHEETS)


def printed(sheet: CgdSheet, province: str) -> tuple[str, str | None, int | None]:
    """Percentage and gap of the total as shown to two places, and the printed rank."""
    row = sheet.province(provinces_by_name()[province])
    assert row is not None
    figures = row.figures["total"]
    assert figures.percent.value is not None
    gap = figures.gap
    return (
        str(rounded(figures.percent.value, 2)),
        None if gap is None or gap.value is None else str(rounded(gap.value, 2)),
        row.printed_rank,
    )


def test_dates_and_year_come_from_the_text(workbook: CgdWorkbook):
    assert workbook.as_of == date(2026, 7, 10)
    assert workbook.report_date == date(2026, 7, 13)
    assert workbook.fiscal_year == FiscalYear(2569)


def test_nothing_in_the_published_workbook_contradicts_itself(workbook: CgdWorkbook):
    assert workbook.findings == ()


def test_chiang_rai_in_both_sheets(workbook: CgdWorkbook):
    disbursed = workbook.sheets[13].province("57")
    used = workbook.sheets[14].province("57")
    assert disbursed is not None
    assert used is not None
    assert (disbursed.name, disbursed.code, disbursed.row) == ("เชียงราย", "5700", 73)
    assert (disbursed.printed_rank, used.printed_rank) == (67, 68)
    assert disbursed.figures["total"].percent.value == Decimal("79.1546851462215")
    assert disbursed.figures["total"].percent.cell == "N73"
    assert printed(workbook.sheets[13], "เชียงราย") == ("79.15", None, 67)
    assert printed(workbook.sheets[14], "เชียงราย") == ("89.25", "2.25", 68)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line[0])
def test_the_table_of_22_provinces_to_the_printed_digit(workbook: CgdWorkbook, line: list[str]):
    name, p11, r11, p12, g12, r12, p13, r13, p14, g14, r14 = line
    assert printed(workbook.sheets[11], name) == (p11, None, int(r11))
    assert printed(workbook.sheets[12], name) == (p12, g12, int(r12))
    assert printed(workbook.sheets[13], name) == (p13, None, int(r13))
    assert printed(workbook.sheets[14], name) == (p14, g14, int(r14))


def test_all_76_provinces_are_there_in_three_groups(workbook: CgdWorkbook):
    official = set(provinces_by_name().values()) - {"10"}
    for number in (13, 14):
        sheet = workbook.sheets[number]
        assert {row.place_code for row in sheet.rows} == official
        assert all(set(row.figures) == {"recurrent", "investment", "total"} for row in sheet.rows)
        assert all(row.code == f"{row.place_code}00" for row in sheet.rows)


@pytest.mark.parametrize("number", ALL_SHEETS)
def test_every_percentage_recomputes_to_1e_9(workbook: CgdWorkbook, number: int):
    again = recompute(workbook.sheets[number])
    assert again.worst_percent < Decimal("1e-9")
    assert len(again.percents) == {1: 18, 2: 75, 3: 933, 4: 933, 11: 285, 12: 285}.get(number, 231)


@pytest.mark.parametrize("number", [2, 3, 4, 11, 12, 13, 14])
def test_every_total_equals_its_rows_to_the_satang(workbook: CgdWorkbook, number: int):
    again = recompute(workbook.sheets[number])
    assert again.totals
    assert again.worst_total <= Decimal("1e-8")


def test_the_national_totals(workbook: CgdWorkbook):
    disbursed, used = workbook.sheets[13].total_row, workbook.sheets[14].total_row
    assert disbursed.figures["total"].base.value == Decimal("751824.04892626")
    assert disbursed.figures["total"].amount.value == Decimal("565688.56584104")
    assert disbursed.figures["total"].percent.value == Decimal("75.24214829905283")
    assert used.figures["total"].amount.value == Decimal("652232.99057589")
    assert used.figures["total"].gap is not None
    assert used.figures["total"].gap.value == Decimal("-0.24659120609455742")


def test_targets_of_july(workbook: CgdWorkbook):
    for number in (4, 12, 14):
        assert workbook.sheets[number].targets == {
            "total": Decimal(87), "recurrent": Decimal(89), "investment": Decimal(79),
        }  # fmt: skip


@pytest.mark.parametrize("number", [13, 14])
def test_the_printed_rank_is_the_rank_from_the_lowest(workbook: CgdWorkbook, number: int):
    sheet = workbook.sheets[number]
    assert sheet.order == "ascending"
    ranked = ranks(sheet.rows, percent_key())
    assert [each.rank_from_lowest for each in ranked] == [r.row.printed_rank for r in ranked]
    assert all(each.rank_from_lowest + each.rank_from_highest == 77 for each in ranked)  # type: ignore[operator] -- all have a percentage
    chiang_rai = next(each for each in ranked if each.row.place_code == "57")
    assert chiang_rai.rank_from_highest == {13: 10, 14: 9}[number]


@pytest.mark.parametrize(("number", "among_all"), [(11, 59), (12, 70)])
def test_ranks_of_sheets_11_and_12_compare_provinces_with_provinces_only(
    workbook: CgdWorkbook, number: int, among_all: int
):
    """The printed 1–94 lists 76 provinces, then 18 groups: it is no rank among 94."""
    sheet = workbook.sheets[number]
    provinces = ranks(sheet.of_kind("province"), percent_key())
    assert [each.rank_from_lowest for each in provinces] == [
        each.row.printed_rank for each in provinces
    ]
    assert [row.kind for row in sheet.rows] == ["province"] * 76 + ["province_group"] * 18
    everyone = ranks(sheet.rows, percent_key())
    assert next(r for r in everyone if r.row.place_code == "57").rank_from_lowest == among_all


def test_the_department_itself(workbook: CgdWorkbook):
    disbursed = next(row for row in workbook.sheets[3].rows if row.code == "15004")
    used = next(row for row in workbook.sheets[4].rows if row.code == "15004")
    assert len(workbook.sheets[3].rows) == 312
    for row, rank, percent in ((disbursed, 158, "73.47"), (used, 127, "81.28")):
        assert row.printed_rank == rank
        value = row.figures["total"].percent.value
        assert value is not None
        assert str(rounded(value, 2)) == percent
    gap = used.figures["total"].gap
    assert gap is not None
    assert gap.value is not None
    assert str(rounded(gap.value, 2)) == "-5.72"
    assert [str(rounded(f.base.value or Decimal(0), 2)) for f in disbursed.figures.values()] == [
        "5025.01", "677.59", "5702.59",
    ]  # fmt: skip


def test_the_country(workbook: CgdWorkbook):
    sheet = workbook.sheets[1]
    country, carried = sheet.rows[0].figures["total"], sheet.rows[4].figures["total"]
    assert country.base.value == Decimal(3_780_600)
    percents = (
        country.measures["disbursed_percent"],
        country.measures["used_percent"],
        carried.measures["disbursed_percent"],
    )
    assert [str(rounded(each.value or Decimal(0), 2)) for each in percents] == [
        "81.03", "86.58", "74.17",
    ]  # fmt: skip
    assert carried.measures["allotted"].value is None, "blank is not zero"


def test_two_sheets_are_read_in_about_a_second(path: Path):
    start = time.perf_counter()
    read_workbook(path, file=path.name)
    assert time.perf_counter() - start < 3, "0.2 s measured; room for a busy machine"
