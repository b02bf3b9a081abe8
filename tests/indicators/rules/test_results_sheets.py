"""The workbook that goes out comes back as it was, whatever stood in it; hostile files do no harm."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.frameworks import dimension, milestone, ratio, two_dimensions
from tests.indicators.rules.hostile_reader import refused
from tiddao.indicators.rules.results_file import FileUnreadable, Sheet
from tiddao.indicators.rules.results_layout import NOT_APPLICABLE_TH, Sent
from tiddao.indicators.rules.results_places import ReportingPlace
from tiddao.indicators.rules.results_sheets import Filled, WorkbookOut, results_book
from tiddao.indicators.rules.results_workbook import read_file, read_results
from tiddao.indicators.rules.scoring import Reported
from tiddao.kernel.apart import run_apart

PLACES = (
    ReportingPlace("5701", "district", "เมืองเชียงราย", "", "เชียงราย", True),
    ReportingPlace("5712", "district", "พญาเม็งราย", "", "เชียงราย", True),
    ReportingPlace("5714", "district", "ขุนตาล", "", "เชียงราย", True),
)
DEFINITION = two_dimensions(
    dimensions=(
        dimension("1", ratio("1.1"), milestone("1.2")),
        dimension(
            "2",
            ratio("2.1", kind="average", factor=Decimal(1), whole=False, ladder=None),
            ratio("2.2", kind="rubric", rollup="mean", factor=Decimal(1)),
            ratio("2.3", kind="count", rollup="sum", factor=Decimal(1), whole=True, maximum=None),
        ),
    )
)

figures = st.decimals(0, Decimal(99999999999999999), places=4)
reports = {
    "1.1": st.tuples(figures, figures).map(
        lambda two: Reported(min(two), max(two) + Decimal("0.0001"))
    ),
    "1.2": st.integers(0, 5).map(lambda n: Reported(steps=frozenset(range(1, n + 1)))),
    "2.1": st.tuples(st.decimals(0, 100, places=10), st.integers(1, 9999)).map(
        lambda two: Reported(two[0], Decimal(two[1]))
    ),
    "2.2": st.decimals(1, 5, places=4).map(lambda n: Reported(self_score=n)),
    "2.3": st.integers(0, 10**17).map(lambda n: Reported(Decimal(n))),
}


@st.composite
def workbooks(draw: st.DrawFn) -> WorkbookOut:
    places = PLACES[: draw(st.integers(1, 3))]
    filled = {}
    for place in places:
        for code, any_report in reports.items():
            said = draw(st.one_of(st.none(), st.just("does not apply"), any_report))
            if isinstance(said, Reported):
                filled[place.code, code] = Filled(said, last="ร้อยละ 75 (3/4)", target="ร้อยละ 80")
            elif said:
                filled[place.code, code] = Filled(not_applicable=True)
    revisions = {(p.code, code): draw(st.integers(0, 9)) for p in places for code in reports}
    sent = Sent(DEFINITION.code, DEFINITION.fiscal_year, "6m", 1, "57", revisions)
    return WorkbookOut(DEFINITION, "รอบ 6 เดือน", "จังหวัดเชียงราย", places, filled, sent)


@settings(max_examples=60, deadline=None)
@given(workbooks())
def test_whatever_goes_out_comes_back_to_the_last_digit(book):
    content = results_book(book)
    read = read_file(content, definition=DEFINITION, round_code="6m", places=PLACES)
    assert not read.findings
    assert read.sent == book.sent
    came = {
        (each.place, each.indicator): (each.report, each.not_applicable) for each in read.results
    }
    assert came == {key: (each.report, each.not_applicable) for key, each in book.filled.items()}
    assert read.empty == book.sent.revisions.keys() - book.filled.keys()
    assert results_book(book) == content


typed = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["-", "ไม่มี", "N/A", "๑๒ คน", "1,234", "85%", " 7 ", "ยังไม่รายงาน", NOT_APPLICABLE_TH, "#REF!", "12 ล้าน"]
    ),
    st.integers(-10, 10**20),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.floats(),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2600, 1, 1)),
    st.datetimes(datetime(1900, 3, 1), datetime(2600, 1, 1)),
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(typed, st.sampled_from(list(reports)))
def test_whatever_is_typed_is_taken_or_named_by_its_cell_and_nothing_is_silent(value, code):
    heads = ("รหัสพื้นที่", "ตัวชี้วัด", "ตัวตั้ง", "ตัวหาร", "ขั้นที่ทำแล้ว", "คะแนนประเมินตนเอง")
    column = {"1.2": 4, "2.2": 5}.get(code, 2)
    row: list[object] = ["5712", code, None, None, None, None]
    row[column] = value
    if code in {"1.1", "2.1"}:
        row[3] = 10**17
    read = read_results(
        [Sheet("ผล", (heads, tuple(row)))], definition=DEFINITION, round_code="6m", places=PLACES
    )
    cell = f"{'ABCDEF'[column]}2"
    named = {each.cell for each in read.findings}
    is_blank = value is None or (isinstance(value, str) and not value.replace("\u200b", "").split())
    elsewhere = is_blank or value == NOT_APPLICABLE_TH  # the other part is what cannot stand
    assert read.results or cell in named or (elsewhere and (named or not row[3]))
    for each in read.results:
        assert each.report is None or not [f for f in read.errors if f.cell == each.cell]


# -- hostile files --------------------------------------------------------------------------------

EMPTY = results_book(
    WorkbookOut(
        DEFINITION,
        "รอบ 6 เดือน",
        "เชียงราย",
        PLACES,
        {},
        Sent(DEFINITION.code, 2566, "6m", 1, "57", {}),
    )
)
MEGABYTE = 1024 * 1024


def with_part(name: str, part: bytes) -> bytes:
    """The workbook with one of its parts put in place of another, or added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(EMPTY)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return made.getvalue()


def sheet_of(inside: bytes) -> bytes:
    names = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b"<worksheet " + names + b"><sheetData>" + inside + b"</sheetData></worksheet>"


def billion_laughs() -> bytes:
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY l0 "ha">{steps}]><z>&l9;</z>'.encode()


SHEET = "xl/worksheets/sheet2.xml"
HOSTILE = {
    "a zip bomb": (lambda: with_part(SHEET, bytes(120 * MEGABYTE)), "too_large"),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "macros"),
    "billion laughs": (lambda: with_part(SHEET, billion_laughs()), "damaged"),
    "billion laughs, UTF-16": (
        lambda: with_part(SHEET, billion_laughs().decode().encode("utf-16")),
        "damaged",
    ),
    "another archive": (lambda: with_part(SHEET, b"")[:60], "damaged"),
    "a document by another name": (lambda: b"%PDF-1.7\n\x00\x01", "not_a_table"),
    "an old Excel file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
    "too many cells": (
        lambda: with_part(SHEET, sheet_of(b'<row><c r="XFD1"><v>1</v></c></row>' * 130)),
        "too_large",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_with_memory_bounded(name):
    make, code = HOSTILE[name]
    found, words, kilobytes = run_apart(refused, make(), definition=DEFINITION, places=PLACES)
    assert found == code
    assert "ไฟล์" in words
    assert kilobytes < 400 * 1024


def test_200_megabytes_are_refused_before_anything_is_done_with_them():
    with pytest.raises(FileUnreadable) as raised:
        read_file(bytes(200 * MEGABYTE), definition=DEFINITION, round_code="6m", places=PLACES)
    assert raised.value.code == "too_large"


def test_a_stray_cell_far_down_costs_nothing():
    book = openpyxl.load_workbook(io.BytesIO(EMPTY))
    book.worksheets[1]["C6"] = 1
    book.worksheets[1]["C90000"] = datetime(2023, 3, 31, tzinfo=UTC).replace(tzinfo=None)
    made = io.BytesIO()
    book.save(made)
    read = run_apart(
        read_file, made.getvalue(), definition=DEFINITION, round_code="6m", places=PLACES
    )
    assert [(each.cell, each.code) for each in read.errors] == [
        ("D6", "missing_part"),
        ("A90000", "no_place"),
    ]
