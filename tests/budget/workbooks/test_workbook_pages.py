"""Pages of offices' own workbooks: who sees them, what they say, the way from file to books."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.budget.office.cases import write
from tests.budget.workbooks.uploads import (
    AT,
    FEB,
    JAN,
    LINES,
    accept,
    read_here,
    receive,
    strategy,
    take_in,
)
from tests.persons import make_person, signed_in
from tiddao.budget.models import BookBalance, StatedFigure, WorkbookUpload
from tiddao.budget.queries import office_reading
from tiddao.kernel.apart import run_apart
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db

PAGE = "/places/57/money/workbooks/"
BROKEN = [*LINES[:2], ("พญาเม็งราย", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", "#REF!", 900), LINES[3],
          ("เมงราย", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 700, 100)]  # fmt: skip


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def near(monkeypatch):
    """Files are read in this process, but for the tests that ask for ``apart``."""
    monkeypatch.setattr(office_reading, "run_apart", read_here)


@pytest.fixture
def apart(near, monkeypatch):
    monkeypatch.setattr(office_reading, "run_apart", run_apart)


@pytest.fixture
def officer():
    return make_person(Role.FINANCE_OFFICER, "CDD-57", name="นางสาวสมมุติ การเงินจังหวัด")


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def hand_in(client, sheets=None, *, name="เบิกจ่าย ม.ค..xlsx", content=None, **more):
    file = SimpleUploadedFile(name, content or write(sheets or strategy(*BROKEN)))
    fields = {"file": file, "fiscal_year": "2569", "as_of": "31/1/2569"} | more
    return client.post(PAGE, fields)


def post(client, upload, act, **fields):
    upload.refresh_from_db()
    return client.post(
        f"{PAGE}{upload.pk}/{act}/", {"version": upload.version, "back": "", **fields}, follow=True
    )


# -- who sees what --------------------------------------------------------------------------------


def test_pages_are_for_the_province(provincial_head, district_head, stranger, officer):
    upload = receive()
    for address in (PAGE, f"{PAGE}{upload.pk}/", f"{PAGE}{upload.pk}/issues.xlsx"):
        for person in (provincial_head, officer):
            response = signed_in(person).get(address)
            assert response.status_code == 200
            assert b"".join(response)
        for person in (district_head, stranger):
            assert signed_in(person).get(address).status_code == 404


def test_only_those_who_may_import_change_anything(provincial_head, officer, stranger):
    auditor = make_person(Role.AUDITOR, "CDD")
    upload = receive()
    seen = signed_in(auditor).get(f"{PAGE}{upload.pk}/")
    assert seen.status_code == 200
    assert "/accept/" not in seen.content.decode()
    for act in ("accept", "drop", "mend", "sheet", "meaning", "day", "again", "unmend"):
        assert signed_in(auditor).post(f"{PAGE}{upload.pk}/{act}/", {}).status_code == 403
        assert signed_in(stranger).post(f"{PAGE}{upload.pk}/{act}/", {}).status_code == 404
        assert signed_in(officer).get(f"{PAGE}{upload.pk}/{act}/").status_code == 405
    upload.refresh_from_db()
    assert (upload.state, upload.version) == ("read", 1)


def test_another_provinces_workbook_is_not_found(officer):
    upload = receive()
    WorkbookUpload.objects.filter(pk=upload.pk).update(place_id="50")
    assert signed_in(officer).get(f"{PAGE}{upload.pk}/").status_code == 404


# -- the way from file to books -------------------------------------------------------------------


def test_officer_reads_mends_two_cells_and_accepts(apart, officer, provincial_head):
    client = signed_in(officer)
    response = hand_in(client)
    upload = WorkbookUpload.objects.get()
    assert response.headers["Location"] == f"{PAGE}{upload.pk}/"
    shown = words(client.get(f"{PAGE}{upload.pk}/"))
    assert "สูตรอ้างอิงเสีย" in shown or "#REF!" in shown
    assert "รับ 3 รายการเข้าสมุดเงิน" in shown
    assert BookBalance.objects.count() == 0

    tab = next(iter(strategy()))
    said = words(
        post(
            client, upload, "mend", sheet=tab, cell="E5", value="๖,๐๐๐ บาท", reason="ตามหนังสือจัดสรร"
        )
    )
    assert "แก้ไขช่อง E5" in said
    said = words(post(client, upload, "meaning", what="places", written="เมงราย", means="5712"))
    assert "จำความหมายของ “เมงราย”" in said
    # พญาเม็งราย now stands twice with other figures: the first line counts, and the page says so.
    post(client, upload, "mend", sheet=tab, cell="B7", value="เวียงชัย", reason="พิมพ์ผิดอำเภอ")
    shown = words(client.get(f"{PAGE}{upload.pk}/"))
    assert "รับ 5 รายการเข้าสมุดเงิน" in shown
    assert "#REF!" in shown  # the cell as it stands in the file
    assert "๖,๐๐๐ บาท" in shown

    done = words(post(client, upload, "accept"))
    assert "รับเข้าสมุดเงินแล้ว 5 รายการ" in done
    upload.refresh_from_db()
    assert upload.state == "accepted"
    sums = BookBalance.objects.get(book__place="5712")
    assert (sums.allotted, sums.disbursed) == (6000, 900)
    report = words(signed_in(provincial_head).get(f"{PAGE}{upload.pk}/"))
    assert "สิ่งที่บันทึก" in report
    assert "นางสาวสมมุติ การเงินจังหวัด" in report


def test_next_months_file_opens_with_everything_known(officer):
    client = signed_in(officer)
    hand_in(client)
    upload = WorkbookUpload.objects.get()
    post(client, upload, "meaning", what="places", written="เมงราย", means="5701")
    post(client, upload, "accept")
    hand_in(client, as_of="28/2/2569", name="เบิกจ่าย ก.พ..xlsx")
    newest = WorkbookUpload.objects.latest("pk")
    shown = words(client.get(f"{PAGE}{newest.pk}/"))
    assert "อ่านด้วยการตั้งค่าเดิม" in shown
    assert "UNKNOWN_PLACE" not in {each["type"] for each in newest.report["issues"]}
    assert newest.report["fates"]["unchanged"] == newest.report["lines"] == 4


def test_next_months_file_is_one_click_where_the_office_has_words_of_its_own(officer):
    """A sheet, a head and a unit that were explained once are never asked for again."""

    def month(paid, **more):
        lines = [(unit, *rest[:3], paid) for unit, *rest in [*LINES, BROKEN[4]]]
        head = ["ที่", "หน่วยงาน", "เลขที่", "โครงการ", "จัดสรร", "ยอดในมือ"]
        return strategy(*lines, tab="แผ่น 1", title="รายการ", head=head, **more)

    client = signed_in(officer)
    hand_in(client, month(100))
    first = WorkbookUpload.objects.get()
    assert first.report["lines"] == 0
    post(client, first, "meaning", what="heads", written="ยอดในมือ", means="disbursed")
    post(client, first, "meaning", what="places", written="เมงราย", means="5701")
    post(
        client, first, "sheet", sheet="แผ่น 1", kind="budget", category="strategy", tranche="ไตร 1-2"
    )
    first.refresh_from_db()
    assert (first.report["lines"], first.report["issues"]) == (5, [])
    post(client, first, "accept")

    hand_in(client, month(200), as_of="28/2/2569", name="ก.พ..xlsx")
    second = WorkbookUpload.objects.latest("pk")
    assert (second.report["fates"]["raised"], second.report["issues"]) == (5, [])
    assert "รับเข้าสมุดเงินแล้ว 5 รายการ" in words(post(client, second, "accept"))
    assert BookBalance.objects.get(book__place="5701").disbursed == 200


def test_preview_says_what_would_change_since_last_time(officer):
    take_in(strategy(*LINES), as_of=JAN)
    lines = [("พาน", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 10000, 5000),
             ("เทิง", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 7000, 2500.5),
             ("เวียงชัย", "24/2569", "ส่งเสริมสัมมาชีพชุมชน", 100, 0), LINES[3]]  # fmt: skip
    client = signed_in(officer)
    hand_in(client, strategy(*lines), as_of="28/2/2569")
    upload = WorkbookUpload.objects.latest("pk")
    assert upload.report["fates"] == {
        "new": 1, "raised": 1, "lowered": 1, "unchanged": 1, "older": 0, "by-entries": 0,
    }  # fmt: skip
    assert upload.report["unmentioned"] == 1
    shown = words(client.get(f"{PAGE}{upload.pk}/"))
    assert "เดิม 8,000.00" in shown
    assert "1 รายการเดิมไม่มีในไฟล์นี้ 6,000.00 บาท" in shown


def test_file_without_a_line_of_money_is_never_called_read_in_full(officer):
    client = signed_in(officer)
    retyped = {
        "ผลเดือนกันยา": [["สรุปผลอำเภอพญาเม็งราย"], ["ตัวชี้วัด", "ทำได้", "เป้า"], ["ประชาคม", 55, 57]]
    }
    hand_in(client, retyped)
    shown = words(client.get(f"{PAGE}{WorkbookUpload.objects.latest('pk').pk}/"))
    assert "ไม่พบรายการเงินในไฟล์นี้" in shown
    assert "อ่านรายการเงินได้ครบทุกรายการ" not in shown


def test_broken_words_are_told_and_change_nothing(officer):
    client = signed_in(officer)
    upload = receive(strategy(*BROKEN), as_of=None)
    tab = upload.report["sheets"][0]["sheet"]
    for act, fields, said in (
        ("mend", {"sheet": tab, "cell": "E5", "value": "1", "reason": ""}, "โปรดบอกเหตุผล"),
        ("mend", {"sheet": tab, "cell": "ZZ99", "value": "1", "reason": "x"}, "ช่องนี้ว่างในไฟล์"),
        ("mend", {"sheet": "ไม่มี", "cell": "E5", "value": "1", "reason": "x"}, "ไม่มีแผ่นงานนี้"),
        ("meaning", {"what": "places", "written": "เมงราย", "means": "5001"}, "ไม่อยู่ในจังหวัด"),
        ("day", {"as_of": "31/1/2568"}, "ไม่อยู่ในปีงบประมาณ"),
        ("accept", {}, "โปรดระบุก่อนว่าเป็นข้อมูล ณ วันที่ใด"),
        ("unmend", {"sheet": tab, "cell": "E5"}, "ช่องนี้ไม่ได้ถูกแก้ไข"),
    ):
        assert said in words(post(client, upload, act, **fields)), act
    upload.refresh_from_db()
    assert (upload.version, upload.mends, upload.as_of) == (1, {}, None)


def test_second_of_two_people_is_told_that_the_first_was_quicker(officer, provincial_head):
    upload = receive(strategy(*BROKEN))
    tab = upload.report["sheets"][0]["sheet"]
    first, second = signed_in(officer), signed_in(provincial_head)
    mend = {"sheet": tab, "cell": "E5", "value": "6000", "reason": "ตามหนังสือ", "back": ""}
    first.post(f"{PAGE}{upload.pk}/mend/", {**mend, "version": 1})
    told = second.post(
        f"{PAGE}{upload.pk}/mend/", {**mend, "value": "1", "version": 1}, follow=True
    )
    assert "มีผู้อื่นแก้ไขไฟล์นี้ไปก่อนแล้ว" in words(told)
    upload.refresh_from_db()
    assert upload.mends[f"{tab}!E5"]["value"] == "6000"
    accept(upload)
    told = second.post(f"{PAGE}{upload.pk}/accept/", {"version": upload.version}, follow=True)
    assert "ไฟล์นี้รับเข้าหรือพักไว้ไปแล้ว" in words(told)
    assert StatedFigure.objects.count() == 4


def test_what_is_no_workbook_is_refused_on_the_form(officer):
    response = hand_in(signed_in(officer), content=b"a,b,c\n1,2,3\n", name="ข้อมูล.xlsx")
    assert response.status_code == 422
    assert WorkbookUpload.objects.count() == 0


def test_preview_says_when_another_workbook_came_between(officer):
    waiting = receive(as_of=FEB)
    take_in(strategy(*LINES), as_of=JAN)
    client = signed_in(officer)
    assert "ตัวเลขเปรียบเทียบด้านล่างจึงไม่เป็นปัจจุบัน" in words(client.get(f"{PAGE}{waiting.pk}/"))
    post(client, waiting, "again")
    shown = words(client.get(f"{PAGE}{waiting.pk}/"))
    assert "ตัวเลขเปรียบเทียบด้านล่างจึงไม่เป็นปัจจุบัน" not in shown


def test_downloads_hold_every_issue_and_every_cell(officer):
    upload = receive(strategy(*BROKEN))
    client = signed_in(officer)
    content = b"".join(client.get(f"{PAGE}{upload.pk}/cells.xlsx"))
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [row for row in page.iter_rows(values_only=True) if row[1] and row[0]]
    assert len(rows) - 1 == upload.report["sheets"][0]["cells"]
    issues = b"".join(client.get(f"{PAGE}{upload.pk}/issues.xlsx"))
    listed = list(openpyxl.load_workbook(io.BytesIO(issues)).active.iter_rows(values_only=True))
    assert any("E5" in row and "#REF!" in row for row in listed)


def test_queries_do_not_grow_with_the_lines(officer, django_assert_max_num_queries):
    client = signed_in(officer)
    few = receive(strategy(*LINES[:1]))
    many = receive(strategy(*BROKEN), at=AT + timedelta(seconds=1))
    counts = []
    for upload in (few, many):
        with django_assert_max_num_queries(20) as captured:
            client.get(f"{PAGE}{upload.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    with django_assert_max_num_queries(20):
        client.get(PAGE)


def test_list_tells_state_day_and_issues(officer):
    upload = receive(strategy(*BROKEN))
    shown = words(signed_in(officer).get(PAGE))
    assert (
        f"เบิกจ่าย.xlsx {upload.get_state_display()} 2569 31 ม.ค. 2569 3 {upload.report['issue_count']}"
        in shown
    )
    assert reverse("place-workbooks", args=["57"]) == PAGE
