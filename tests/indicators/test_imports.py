"""Files of results: dry run, then whole or cell by cell; two people at once; older versions."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from tests.indicators.frameworks import (
    APPROVER,
    REPORTER,
    minutes,
    published,
    round_of,
    share,
    two_dimensions,
)
from tests.indicators.frameworks import report as report_results_of
from tiddao.indicators.actions.frameworks import new_draft, publish_version, save_draft
from tiddao.indicators.actions.imports import (
    Decision,
    ImportNotReady,
    accept_result_import,
    dry_run,
    read_import_again,
    read_waiting_imports,
    receive_result_import,
    refuse_result_import,
    write_file,
)
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.actions.targets import set_target
from tiddao.indicators.models import EntryConflict, Result, ResultImport, Version
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.queries.imports import import_view, imports_within
from tiddao.indicators.queries.workbooks import workbook_of
from tiddao.indicators.rules.results_file import FileUnreadable
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
HANDED_IN = Decision(submit=True)
HEADS = "รหัสพื้นที่,ตัวชี้วัด,ตัวตั้ง,ตัวหาร,ขั้นที่ทำแล้ว\n"
GOOD = (HEADS + "5712,1.1,85,100,\n5712,1.2,,,3\n5713,1.1,๗๐,100,\n").encode()
BAD = (HEADS + "5712,1.1,85,100,\n5713,1.1,170,100,\n").encode()


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    location = {"location": tmp_path, "base_url": None}
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": location}
    settings.STORAGES = settings.STORAGES | {"default": default}


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
    written = accept_result_import(row, HANDED_IN, by=REPORTER, at=minutes(3))
    assert written.written == 3
    result = Result.objects.get(place="5713")
    assert (result.numerator, result.state) == (70, "submitted")
    assert result.source == "import:ผล.csv CSV!C4"
    assert import_view(row.pk).state == "accepted"
    acts = set(Entry.objects.values_list("act", flat=True))
    assert {"receive_result_import", "report_results", "accept_result_import"} <= acts
    with pytest.raises(ImportNotReady):
        accept_result_import(row, HANDED_IN, by=REPORTER, at=minutes(4))


def test_the_same_file_again_changes_nothing_and_says_so(one):
    for moment in (1, 5):
        row = receive(one, GOOD)
        read_waiting_imports(at=minutes(moment))
        written = accept_result_import(row, HANDED_IN, by=REPORTER, at=minutes(moment + 1))
    report = import_view(row.pk).report
    assert (report["new"], report["changed"], report["unchanged"]) == (0, 0, 3)
    assert (written.written, written.unchanged, report["stood_already"]) == (0, 3, 3)
    assert Result.objects.count() == 3


def test_what_stands_now_is_shown_beside_what_the_file_says(one):
    receive(one, GOOD)
    read_waiting_imports(at=minutes(1))
    accept_result_import(ResultImport.objects.get(), HANDED_IN, by=REPORTER, at=minutes(2))
    row = receive(one, (HEADS + "5712,1.1,90,100,\n5712,1.2,,,3\n5714,1.1,50,80,\n").encode())
    read_waiting_imports(at=minutes(3))
    report = import_view(row.pk).report
    assert [(each["place_th"], each["indicator"], each["fate"]) for each in report["preview"]] == [
        ("พญาเม็งราย", "1.1", "changed"),
        ("ขุนตาล", "1.1", "new"),
    ]
    changed, new = report["preview"]
    assert (changed["before"]["numerator"], changed["after"]["numerator"]) == (
        "85.0000000000",
        "90",
    )
    assert (new["before"], new["cell"], report["unchanged"]) == (None, "CSV!C4", 1)


def test_a_fault_refuses_its_own_result_and_no_other(one):
    row = receive(one, BAD)
    read_waiting_imports(at=minutes(2))
    view = import_view(row.pk)
    assert (view.report["errors"], view.report["new"], view.may_be_accepted) == (1, 1, True)
    assert view.report["findings"][0]["cell"] == "C3"
    accept_result_import(row, HANDED_IN, by=REPORTER, at=minutes(3))
    assert list(Result.objects.values_list("place", "indicator_code")) == [("5712", "1.1")]


def test_a_file_with_one_error_is_refused_whole_on_the_command_line(one):
    asked = {"scope": "57", "file_name": "ผล.csv", "by": REPORTER, "at": minutes(3)}
    with pytest.raises(ImportNotReady) as refused:
        write_file(one, BAD, **asked)
    assert refused.value.code == "has_errors"
    assert not Result.objects.exists()
    assert write_file(one, BAD, **asked, partly=True).written == 1


def test_what_is_accepted_is_a_draft_unless_it_is_handed_in(one):
    row = receive(one, GOOD)
    read_waiting_imports(at=minutes(2))
    accept_result_import(row, Decision(), by=REPORTER, at=minutes(3))
    assert set(Result.objects.values_list("state", flat=True)) == {"draft"}
    again = receive(one, GOOD)
    read_waiting_imports(at=minutes(4))
    report = import_view(again.pk).report
    assert (report["unchanged"], report["drafts"]) == (3, 3)
    accept_result_import(again, HANDED_IN, by=REPORTER, at=minutes(5))
    now = Result.objects.filter(superseded_at__isnull=True)
    assert set(now.values_list("state", flat=True)) == {"submitted"}


def test_results_already_handed_in_do_not_fall_back_to_drafts(one):
    write_file(one, GOOD, scope="57", file_name="1", by=REPORTER, at=minutes(1), submit=True)
    write_file(one, GOOD, scope="57", file_name="2", by=REPORTER, at=minutes(2))
    assert set(Result.objects.values_list("state", "revision")) == {("submitted", 1)}


def test_what_is_left_out_is_not_written_and_stays_on_record(one):
    row = receive(one, GOOD)
    read_waiting_imports(at=minutes(2))
    left_out = frozenset({("5712", "1.2"), ("5713", "1.1")})
    accept_result_import(row, Decision(left_out=left_out), by=REPORTER, at=minutes(3))
    assert [each.indicator_code for each in Result.objects.all()] == ["1.1"]
    report = import_view(row.pk).report
    assert report["left_out_keys"] == ["5712/1.2", "5713/1.1"]
    assert (report["decided_by"], report["submitted"]) == ("user:1", False)
    entry = Entry.objects.get(act="accept_result_import")
    assert entry.detail["left_out"] == 2


def test_places_beyond_the_importer_s_scope_are_refused_by_cell(one):
    report = dry_run(one, GOOD, scope="5712")
    assert [(each["cell"], each["code"]) for each in report["findings"]] == [("A4", "out_of_scope")]


def test_a_file_that_waits_is_not_accepted_unread(one):
    with pytest.raises(ImportNotReady):
        accept_result_import(receive(one, GOOD), HANDED_IN, by=REPORTER, at=minutes(3))


def test_a_round_that_closed_meanwhile_takes_nothing(one):
    row = receive(one, GOOD)
    read_waiting_imports(at=minutes(2))
    close_round(one, by=APPROVER, at=minutes(3))
    with pytest.raises(ImportNotReady):
        accept_result_import(row, HANDED_IN, by=REPORTER, at=minutes(4))
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


# -- the workbook ---------------------------------------------------------------------------------


def filled(content: bytes, **cells) -> bytes:
    """The workbook with these cells of its first dimension's sheet filled in."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, value in cells.items():
        book.worksheets[1][name] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def line_of(content: bytes, place: str) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == place)


def test_the_workbook_comes_back_as_it_was_filled_in(one):
    content = workbook_of(one, scope="57")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["วิธีกรอก", "1 มิติ 1", "2 มิติ 2", "_tiddao"]
    codes = [row[0].value for row in book.worksheets[1].iter_rows(min_row=6)]
    assert (len(codes), codes.count(None)) == (18, 0)
    line = line_of(content, "5712")
    report = dry_run(
        one, filled(content, **{f"C{line}": 85, f"D{line}": 100, f"G{line}": 4}), scope="57"
    )
    assert report["findings"] == []
    assert (report["results"], report["new"], report["empty"]) == (2, 2, 70)
    assert set(report["layouts"].values()) == {"wide"}
    empty = dry_run(one, content, scope="57")
    assert (empty["results"], empty["errors"], empty["empty"]) == (0, 0, 72)


def test_the_workbook_of_one_office_has_a_row_for_each_indicator(one):
    content = workbook_of(one, scope="5712")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    assert [row[2].value for row in sheet.iter_rows(min_row=5)] == [
        "1.1 ตัวชี้วัด 1.1",
        "1.2 ตัวชี้วัด 1.2",
    ]
    report = dry_run(one, filled(content, E5=85, F5=100, G6=3), scope="5712")
    assert (report["findings"], report["new"], report["empty"]) == ([], 2, 2)
    assert set(report["layouts"].values()) == {"long"}


def test_the_same_state_makes_the_same_bytes(one):
    report_results_of(one, [share("5712", "1.1", 85, 100)])
    assert workbook_of(one, scope="57") == workbook_of(one, scope="57")


def test_only_the_cells_to_fill_can_be_written_and_nothing_needs_a_password(one):
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(one, scope="57")))
    sheet = book.worksheets[1]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    locked = {cell.coordinate: cell.protection.locked for row in sheet["A4:I6"] for cell in row}
    assert [name for name, is_locked in locked.items() if not is_locked] == ["C6", "D6", "G6"]
    assert book["_tiddao"].sheet_state == "hidden"
    assert {each.type for each in sheet.data_validations.dataValidation} == {"decimal", "list"}


def test_last_values_and_targets_stand_beside(one):
    set_target(one.framework, "1.1", "5712", Decimal(90), by=APPROVER, at=minutes(1))
    earlier = round_of(published(two_dimensions(2565), at=minutes(-9)), "12m")
    report_results_of(earlier, [share("5712", "1.1", 30, 40)], at=minutes(-5))
    content = workbook_of(one, scope="57")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    line = line_of(content, "5712")
    assert (sheet[f"E{line}"].value, sheet[f"F{line}"].value) == ("ร้อยละ 75 (30/40)", "ร้อยละ 90")


def test_a_number_longer_than_a_spreadsheet_keeps_comes_back_to_the_last_digit(one):
    exact = Decimal("12345678901234567.1234567891")
    report_results_of(one, [share("5712", "1.1", exact, exact)])
    report = dry_run(one, workbook_of(one, scope="57"), scope="57")
    assert (report["results"], report["unchanged"], report["errors"]) == (1, 1, 0)


def test_a_cell_that_two_people_changed_is_chosen_about_and_kept_on_record(one):
    report_results_of(one, [share("5712", "1.1", 80, 100), share("5713", "1.1", 80, 100)])
    content = workbook_of(one, scope="57")
    report_results_of(
        one, [share("5712", "1.1", 81, 100), share("5713", "1.1", 82, 100)], at=minutes(2)
    )
    row = receive(one, filled(content, **{f"C{line_of(content, '5712')}": 90}), name="ผล.xlsx")
    read_waiting_imports(at=minutes(3))
    report = import_view(row.pk).report
    fates = [(each["place"], each["fate"]) for each in report["preview"]]
    assert fates == [("5712", "conflict"), ("5713", "moved")]
    assert report["preview"][0]["before"]["numerator"] == "81.0000000000"
    with pytest.raises(ImportNotReady) as refused:
        accept_result_import(row, HANDED_IN, by=APPROVER, at=minutes(4))
    assert refused.value.code == "undecided"
    mine = Decision(submit=True, mine=frozenset({("5712", "1.1")}))
    accept_result_import(row, mine, by=APPROVER, at=minutes(5))
    now = {each.place_id: each for each in Result.objects.filter(superseded_at__isnull=True)}
    assert (now["5712"].numerator, now["5713"].numerator) == (90, 82)
    conflict = EntryConflict.objects.get()
    assert (conflict.based_on, conflict.found, conflict.choice) == (1, 2, "mine")
    assert conflict.proposed["numerator"] == "90"


def test_a_conflict_settled_for_the_system_changes_nothing_and_is_kept(one):
    report_results_of(one, [share("5712", "1.1", 80, 100)])
    content = workbook_of(one, scope="57")
    report_results_of(one, [share("5712", "1.1", 81, 100)], at=minutes(2))
    sent = filled(content, **{f"C{line_of(content, '5712')}": 90})
    asked = {"scope": "57", "file_name": "x", "by": APPROVER, "at": minutes(3)}
    with pytest.raises(ImportNotReady):
        write_file(one, sent, **asked)
    assert write_file(one, sent, **asked, conflicts="theirs").written == 0
    assert EntryConflict.objects.get().choice == "theirs"
    assert Result.objects.get(superseded_at__isnull=True).numerator == 81


def test_what_moves_after_the_preview_is_shown_again_before_anything_is_written(one):
    row = receive(one, GOOD)
    read_waiting_imports(at=minutes(2))
    report_results_of(one, [share("5712", "1.1", 60, 100)], at=minutes(3))
    with pytest.raises(ImportNotReady) as refused:
        accept_result_import(row, HANDED_IN, by=APPROVER, at=minutes(4))
    assert refused.value.code == "moved_on"
    assert Result.objects.count() == 1
    read_import_again(row)
    read_waiting_imports(at=minutes(5))
    assert accept_result_import(row, HANDED_IN, by=APPROVER, at=minutes(6)).written == 3


def test_a_workbook_of_another_round_is_refused_whole(one):
    other = round_of(published(two_dimensions(2565), at=minutes(-9)), "12m")
    report = dry_run(one, workbook_of(other, scope="57"), scope="57")
    assert [each["code"] for each in report["findings"]] == ["other_round"]


def test_a_workbook_made_under_an_older_version_is_taken_and_marked(one):
    first = Version.objects.get(framework=one.framework_id)
    content = workbook_of(one, scope="57")
    definition = definition_of(first)
    renamed = replace(definition, title_th="ชื่อใหม่", version=2)
    draft = new_draft(one.framework, by=APPROVER, at=minutes(1))
    save_draft(draft, renamed, edition=draft.edition, by=APPROVER, at=minutes(1))
    publish_version(draft, by=APPROVER, at=minutes(2))
    sent = filled(
        content, **{f"C{line_of(content, '5712')}": 9, f"D{line_of(content, '5712')}": 10}
    )
    write_file(one, sent, scope="57", file_name="x", by=REPORTER, at=minutes(3))
    assert Result.objects.get().version_id == first.pk


@pytest.mark.parametrize("places", [1, 3])
def test_a_workbook_and_its_comparison_cost_the_same_for_one_and_three_places(
    one, places, django_assert_max_num_queries
):
    report_results_of(one, [share(code, "1.1", 1, 2) for code in ("5712", "5713", "5714")[:places]])
    with django_assert_max_num_queries(9):
        content = workbook_of(one, scope="57")
    with django_assert_max_num_queries(16):
        dry_run(one, content, scope="57")


def test_a_template_for_nobody_is_refused(one):
    with pytest.raises(LookupError):
        workbook_of(one, scope="10")
