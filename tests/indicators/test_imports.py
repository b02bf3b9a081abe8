"""Files of results: dry run, then whole or not at all."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.indicators.frameworks import APPROVER, REPORTER, minutes, published, round_of
from tiddao.indicators.actions.imports import (
    ImportNotReady,
    accept_result_import,
    dry_run,
    read_waiting_imports,
    receive_result_import,
    refuse_result_import,
)
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.models import Result, ResultImport
from tiddao.indicators.queries.imports import import_view, imports_within, results_template
from tiddao.indicators.rules.results_workbook import FileUnreadable
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
HEADS = "รหัสพื้นที่,ตัวชี้วัด,ตัวตั้ง,ตัวหาร,ขั้นที่ทำแล้ว\n"
GOOD = (HEADS + "5712,1.1,85,100,\n5712,1.2,,,3\n5713,1.1,๗๐,100,\n").encode()
BAD = (HEADS + "5712,1.1,85,100,\n5713,1.1,170,100,\n").encode()


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    location = {"location": tmp_path, "base_url": None}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": location}
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture
def one():
    return round_of(published())


def receive(one, content, scope="57", name="ผล.csv"):
    return receive_result_import(
        one, scope=scope, file_name=name, content=content, by=REPORTER, at=minutes(1)
    )


def test_a_file_is_received_read_and_accepted(one):
    row = receive(one, GOOD, name="..\\secret/ผล.csv")
    assert (row.state, row.file_name) == ("waiting", "ผล.csv")
    assert read_waiting_imports(at=minutes(2)) == 1
    view = import_view(row.pk)
    assert (view.state, view.progress, view.may_be_accepted) == ("read", 100, True)
    assert (view.report["results"], view.report["new"], view.report["places"]) == (3, 3, 2)
    assert not Result.objects.exists()
    written = accept_result_import(row, by=REPORTER, at=minutes(3))
    assert written.written == 3
    result = Result.objects.get(place="5713")
    assert (result.numerator, result.state) == (70, "submitted")
    assert result.source == "import:ผล.csv CSV!C4"
    assert import_view(row.pk).state == "accepted"
    acts = set(Entry.objects.values_list("act", flat=True))
    assert {"receive_result_import", "report_results", "accept_result_import"} <= acts
    with pytest.raises(ImportNotReady):
        accept_result_import(row, by=REPORTER, at=minutes(4))


def test_the_same_file_again_changes_nothing_and_says_so(one):
    for moment in (1, 5):
        row = receive(one, GOOD)
        read_waiting_imports(at=minutes(moment))
        written = accept_result_import(row, by=REPORTER, at=minutes(moment + 1))
    report = import_view(row.pk).report
    assert (report["new"], report["changed"], report["unchanged"]) == (0, 0, 3)
    assert (written.written, written.unchanged, report["stood_already"]) == (0, 3, 3)
    assert Result.objects.count() == 3


def test_what_stands_now_is_shown_beside_what_the_file_says(one):
    receive(one, GOOD)
    read_waiting_imports(at=minutes(1))
    accept_result_import(ResultImport.objects.get(), by=REPORTER, at=minutes(2))
    row = receive(one, (HEADS + "5712,1.1,90,100,\n5712,1.2,,,3\n5714,1.1,50,80,\n").encode())
    read_waiting_imports(at=minutes(3))
    preview = import_view(row.pk).report["preview"]
    assert [(each["place_th"], each["indicator"], each["fate"]) for each in preview] == [
        ("พญาเม็งราย", "1.1", "changed"),
        ("ขุนตาล", "1.1", "new"),
        ("พญาเม็งราย", "1.2", "unchanged"),
    ]
    changed, new, same = preview
    assert (changed["before"]["numerator"], changed["after"]["numerator"]) == (
        "85.0000000000",
        "90",
    )
    assert (new["before"], new["cell"], same["after"]["steps"]) == (None, "CSV!C4", [1, 2, 3])


def test_a_file_with_one_error_writes_nothing_at_all(one):
    row = receive(one, BAD)
    read_waiting_imports(at=minutes(2))
    view = import_view(row.pk)
    assert (view.report["errors"], view.may_be_accepted) == (1, False)
    assert view.report["findings"][0]["cell"] == "C3"
    with pytest.raises(ImportNotReady) as refused:
        accept_result_import(row, by=REPORTER, at=minutes(3))
    assert refused.value.code == "has_errors"
    assert not Result.objects.exists()


def test_places_beyond_the_importer_s_scope_are_refused_by_cell(one):
    report = dry_run(one, GOOD, scope="5712")
    assert [(each["cell"], each["code"]) for each in report["findings"]] == [("A4", "out_of_scope")]


def test_a_file_that_waits_is_not_accepted_unread(one):
    with pytest.raises(ImportNotReady):
        accept_result_import(receive(one, GOOD), by=REPORTER, at=minutes(3))


def test_a_round_that_closed_meanwhile_takes_nothing(one):
    row = receive(one, GOOD)
    read_waiting_imports(at=minutes(2))
    close_round(one, by=APPROVER, at=minutes(3))
    with pytest.raises(ImportNotReady):
        accept_result_import(row, by=REPORTER, at=minutes(4))
    assert dry_run(one.__class__.objects.get(pk=one.pk), GOOD, scope="57")["findings"][0][
        "code"
    ] == ("round_not_open")


def test_a_reading_that_was_killed_is_read_again(one):
    row = receive(one, GOOD)
    ResultImport.objects.filter(pk=row.pk).update(state="reading", progress=30)
    assert read_waiting_imports(at=minutes(2)) == 1
    assert import_view(row.pk).state == "read"


def test_a_damaged_file_is_a_finding_and_a_huge_one_is_not_taken(one):
    row = receive(one, b"PK\x03\x04 broken", name="x.xlsx")
    read_waiting_imports(at=minutes(2))
    assert import_view(row.pk).report["findings"][0]["code"] == "damaged"
    with pytest.raises(FileUnreadable):
        receive(one, b"x" * (20 * 1024 * 1024 + 1))


def test_a_lost_file_is_said_so_and_those_behind_it_are_read(one):
    lost, kept = receive(one, GOOD), receive(one, GOOD, name="สอง.csv")
    lost.file.storage.delete(lost.file.name)
    assert read_waiting_imports(at=minutes(2)) == 2
    view = import_view(lost.pk)
    assert (view.report["findings"][0]["code"], view.may_be_accepted) == ("file_lost", False)
    assert import_view(kept.pk).report["results"] == 3


def test_a_refused_file_is_put_aside(one):
    row = receive(one, GOOD)
    refuse_result_import(row, by=REPORTER, at=minutes(2))
    assert read_waiting_imports(at=minutes(3)) == 0
    assert import_view(row.pk).state == "refused"


def test_uploads_are_listed_by_scope(one):
    receive(one, GOOD, scope="57")
    receive(one, GOOD, scope="50")
    assert [each.scope for each in imports_within(frozenset({"57"}))] == ["57"]
    assert len(imports_within(frozenset({"th"}))) == 2


def test_the_template_comes_back_as_it_was_filled_in(one):
    book = openpyxl.load_workbook(io.BytesIO(results_template(one, scope="57")))
    assert book.sheetnames == ["มิติ 1", "มิติ 2"]
    sheet = book["มิติ 1"]
    codes = [row[0].value for row in sheet.iter_rows(min_row=5)]
    assert len(codes) == 18
    line = codes.index("5712") + 5
    sheet.cell(line, 3).value, sheet.cell(line, 4).value = 85, 100
    sheet.cell(line, 5).value = "1,2,3,4"
    made = io.BytesIO()
    book.save(made)
    report = dry_run(one, made.getvalue(), scope="57")
    assert report["findings"] == []
    assert (report["results"], report["new"], report["layouts"]) == (
        2,
        2,
        {"มิติ 1": "wide", "มิติ 2": "wide"},
    )
    empty = dry_run(one, results_template(one, scope="5712"), scope="57")
    assert (empty["results"], empty["errors"]) == (0, 0)


def test_a_template_for_nobody_is_refused(one):
    with pytest.raises(LookupError):
        results_template(one, scope="10")
