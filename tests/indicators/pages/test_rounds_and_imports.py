"""Rounds and imports: who has reported, what waits, acts in bulk, files in and out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from tests.indicators.frameworks import REPORTER, full_report, report, report_and_approve
from tests.indicators.pages.conftest import answer, body_of, page, send
from tests.persons import signed_in
from tiddao.indicators.actions.imports import read_waiting_imports
from tiddao.indicators.models import EntryConflict, Result, ResultImport, Round
from tiddao.indicators.panels import stars_panel
from tiddao.indicators.workload import deadline_words
from tiddao.ledger.actors import Actor
from tiddao.people.access import standing_of

pytestmark = pytest.mark.django_db

ROUND = ("amphoe-tid-dao", 2566, "6m")


def now():
    return timezone.now() - timedelta(minutes=5)


def states() -> set[str]:
    rows = Result.objects.filter(superseded_at__isnull=True)
    return set(rows.values_list("state", flat=True))


# -- rounds ---------------------------------------------------------------------------------------


def test_round_shows_who_lacks_what_the_emptiest_first(six_months, provincial_head):
    report(six_months, full_report("5712")[:3])
    text = page(provincial_head, "round", *ROUND)
    assert re.search(r"ยังไม่รายงานเลย</div>.{0,120}>17<", text)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text)
    last = rows[-1]
    assert "พญาเม็งราย" in last
    assert "3/4" in last
    assert "2.2 ตัวชี้วัด 2.2" in last
    assert "ยังไม่รายงานเลย" in rows[1]


def test_round_approves_what_others_submitted(six_months, provincial_head):
    report(six_months, full_report("5712"), at=now())
    client = signed_in(provincial_head)
    response = client.post(
        reverse("round-review", args=ROUND),
        {"do": "approve", "place": ["5712"], "scope": "57"},
        follow=True,
    )
    assert states() == {"approved"}
    assert "อนุมัติแล้ว 4 รายการ" in response.content.decode()


def test_round_never_approves_ones_own_and_says_so(six_months, provincial_head):
    mine = Actor(f"user:{provincial_head.pk}", "", "")
    report(six_months, full_report("5712"), at=now(), by=mine)
    client = signed_in(provincial_head)
    response = client.post(
        reverse("round-review", args=ROUND), {"do": "approve", "place": ["5712"]}, follow=True
    )
    assert states() == {"submitted"}
    assert "ข้ามไป 4 รายการ เพราะท่านเป็นผู้ส่งเอง" in response.content.decode()


def test_round_returns_with_a_reason_only(six_months, provincial_head):
    report(six_months, full_report("5712"), at=now())
    client, url = signed_in(provincial_head), reverse("round-review", args=ROUND)
    refused = client.post(url, {"do": "return", "place": ["5712"], "reason": " "}, follow=True)
    assert "โปรดบอกเหตุผล" in refused.content.decode()
    assert states() == {"submitted"}
    client.post(url, {"do": "return", "place": ["5712"], "reason": "ตัวเลขไม่ตรงหลักฐาน"})
    assert states() == {"returned"}


def test_round_with_nothing_chosen_says_so(six_months, provincial_head):
    client = signed_in(provincial_head)
    response = client.post(reverse("round-review", args=ROUND), {"do": "approve"}, follow=True)
    assert "ยังไม่ได้เลือกพื้นที่" in response.content.decode()


def test_round_refuses_places_and_acts_out_of_reach(
    six_months, provincial_head, district_head, stranger
):
    report(six_months, full_report("5712"), at=now())
    send(stranger, "round-review", *ROUND, status=404, do="check", place=["5712"])
    send(district_head, "round-review", *ROUND, status=403, do="approve", place=["5712"])
    send(provincial_head, "round-review", *ROUND, status=404, do="approve", place=["5001"])
    send(provincial_head, "round-state", *ROUND, status=404, do="close")
    assert states() == {"submitted"}


def test_round_of_a_stranger_shows_only_their_own_places(reported, stranger):
    text = page(stranger, "round", *ROUND)
    assert "พญาเม็งราย" not in text
    answer(stranger, "round", *ROUND, query="?scope=57", status=404)


def test_round_closes_and_opens_again_only_with_reason_and_last_day(reported, executive):
    client, url = signed_in(executive), reverse("round-state", args=ROUND)
    closed = client.post(url, {"do": "close"}, follow=True).content.decode()
    assert "ล็อกผลที่อนุมัติ 4 รายการ" in closed
    refused = client.post(url, {"do": "open"}, follow=True).content.decode()
    assert "รอบที่ปิดแล้วเปิดใหม่ได้เมื่อมีเหตุผลและวันสุดท้าย" in refused
    until = timezone.localdate() + timedelta(days=9)
    client.post(
        url,
        {
            "do": "open",
            "reason": "ขุนตาลส่งไม่ทัน",
            "until": f"{until.day}/{until.month}/{until.year + 543}",
        },
    )
    reopened = Round.objects.get(pk=reported.pk)
    assert (reopened.state, reopened.closes) == ("open", until)


def test_round_workbook_names_every_missing_indicator(six_months, provincial_head):
    content = body_of(answer(provincial_head, "round-xlsx", *ROUND))
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active]
    places = [row for row in rows if str(row[0] or "").startswith("57")]
    assert len(places) == 18
    assert places[0][8].count("ตัวชี้วัด") == 4


def test_round_costs_the_same_for_one_and_three_places(
    six_months, provincial_head, django_assert_num_queries
):
    report_and_approve(six_months, full_report("5712"))
    client = signed_in(provincial_head)
    client.get(reverse("round", args=ROUND))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("round", args=ROUND))
    for code in ("5701", "5704"):
        report_and_approve(six_months, full_report(code))
    with django_assert_num_queries(len(asked)):
        client.get(reverse("round", args=ROUND))


def provinces_of(text: str) -> dict[str, list[str]]:
    """Link of a province → the text of the cells of its line."""
    return {
        line[0]: re.findall(r'<td class="num">([^<]*)</td>', line[1])
        for line in re.findall(
            r'<tr[^>]*> <th scope="row"><a href="([^"]*)">[^<]*</a></th>(.*?)</tr>', text
        )
    }


def test_round_of_the_nation_has_a_line_for_each_province(six_months, executive):
    report_and_approve(six_months, full_report("5712"))
    report(six_months, full_report("5701"), at=now())
    report(six_months, full_report("5001")[:3], at=now())
    text = page(executive, "round", *ROUND)
    lines = provinces_of(text)
    assert len(lines) == 76
    assert "กรุงเทพมหานคร: ไม่มีสำนักงานของกรม" in text
    # offices, whole, silent, reported, per cent, waiting, approved, returned
    assert lines["?scope=57"] == ["18", "2", "16", "8/72", "11.11", "4", "4", "0"]
    assert lines["?scope=50"] == ["25", "0", "24", "3/100", "3.00", "3", "0", "0"]
    assert list(lines)[-1] == "?scope=57"  # who lacks most stands first
    assert re.search(r"รายงานครบ</div>.{0,120}>2<", text)
    assert re.search(r"ยังไม่รายงานเลย</div>.{0,120}>875<", text)
    assert 'name="place"' not in text


def test_round_line_of_a_province_leads_to_its_places(six_months, executive):
    report_and_approve(six_months, full_report("5712"))
    text = page(executive, "round", *ROUND, query="?scope=57")
    assert provinces_of(page(executive, "round", *ROUND))["?scope=57"][:2] == ["18", "1"]
    assert text.count('<th scope="row">') == 18
    assert "พญาเม็งราย" in text


def test_round_workbook_of_the_nation_lists_every_place(six_months, executive):
    content = body_of(answer(executive, "round-xlsx", *ROUND))
    codes = [row[0].value for row in load_workbook(BytesIO(content)).active.iter_rows()]
    assert len([code for code in codes if re.fullmatch(r"\d{4}", str(code or ""))]) >= 878


def test_round_of_the_nation_costs_the_same_for_one_and_three_places(
    six_months, executive, django_assert_num_queries
):
    report_and_approve(six_months, full_report("5712"))
    client = signed_in(executive)
    client.get(reverse("round", args=ROUND))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("round", args=ROUND))
    for code in ("5001", "5701"):
        report_and_approve(six_months, full_report(code))
    with django_assert_num_queries(len(asked)):
        client.get(reverse("round", args=ROUND))


# -- imports --------------------------------------------------------------------------------------


def workbook_with(client, one, **cells) -> bytes:
    """The round's own workbook of one office, with cells of its first dimension filled in."""
    response = client.get(reverse("results-workbook-xlsx", args=["5712", one.pk]))
    assert response.status_code == 200
    book = load_workbook(BytesIO(body_of(response)))
    for name, value in cells.items():
        book.worksheets[1][name] = value
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def hand_in(client, one, content: bytes, name="ผล.xlsx", place="5712"):
    return client.post(
        reverse("results-workbook", args=[place, one.pk]),
        {"file": SimpleUploadedFile(name, content)},
    )


def read_through(client, one, content: bytes) -> str:
    """Hand the file in, let the job read it, and return the address of its page."""
    response = hand_in(client, one, content)
    assert response.status_code == 302, response.content.decode()[:2000]
    read_waiting_imports(at=timezone.now())
    return response.url


def text_at(client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_workbook_is_read_shown_and_accepted_as_drafts(six_months, district_head):
    client = signed_in(district_head)
    response = hand_in(client, six_months, workbook_with(client, six_months, E5=85, F5=100, G6=3))
    waiting = client.get(response.url)
    assert waiting["Refresh"] == "5"
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    read_waiting_imports(at=timezone.now())
    one = ResultImport.objects.get()
    assert one.report["errors"] == 0, one.report["findings"]
    assert "รับ 2 ผล" in text_at(client, response.url)
    assert not Result.objects.exists()
    done = client.post(reverse("import-accept", args=[one.pk]), {"state": "draft"}, follow=True)
    assert "เก็บเป็นร่างแล้ว 2 ผล" in done.content.decode()
    assert Result.objects.filter(state="draft").count() == 2


def test_workbook_can_be_handed_in_without_some_of_it(six_months, district_head):
    client = signed_in(district_head)
    address = read_through(
        client, six_months, workbook_with(client, six_months, E5=85, F5=100, G6=3)
    )
    assert 'value="5712/1.2"' in text_at(client, address)
    one = ResultImport.objects.get()
    chosen = {"state": "submitted", "leave": ["5712/1.2", "9999/1.1"]}
    done = client.post(reverse("import-accept", args=[one.pk]), chosen, follow=True)
    assert "ส่งแล้ว 1 ผล" in done.content.decode()
    assert list(Result.objects.values_list("indicator_code", "state")) == [("1.1", "submitted")]
    assert "ไม่รับ 1" in " ".join(done.content.decode().split())


def test_workbook_with_faults_names_each_cell_and_writes_the_others(six_months, district_head):
    client = signed_in(district_head)
    address = read_through(
        client, six_months, workbook_with(client, six_months, E5=120, F5=100, G6=3)
    )
    text = text_at(client, address)
    assert ">E5 <" in text
    assert "รับ 1 ผล" in text
    one = ResultImport.objects.get()
    listed = load_workbook(BytesIO(body_of(client.get(reverse("import-findings", args=[one.pk])))))
    assert "E5" in [cell.value for row in listed.active for cell in row]
    client.post(reverse("import-accept", args=[one.pk]), {"state": "draft"})
    assert [each.indicator_code for each in Result.objects.all()] == ["1.2"]


def test_workbook_that_two_people_changed_asks_and_keeps_both(six_months, district_head):
    client = signed_in(district_head)
    report(six_months, full_report("5712", per_cent=80), at=now())
    content = workbook_with(client, six_months, E5=90)
    report(six_months, full_report("5712", per_cent=81), at=now())
    address = read_through(client, six_months, content)
    text = text_at(client, address)
    assert "แก้ทั้งสองฝ่าย" in text
    assert 'name="choice-5712/1.1" value="mine"' in text
    one = ResultImport.objects.get()
    refused = client.post(reverse("import-accept", args=[one.pk]), {"state": "draft"}, follow=True)
    assert "เลือกหนึ่งในสองค่า" in refused.content.decode()
    chosen = {"state": "draft", "choice-5712/1.1": "mine"}
    client.post(reverse("import-accept", args=[one.pk]), chosen)
    assert Result.objects.get(indicator_code="1.1", superseded_at=None).numerator == 90
    assert EntryConflict.objects.get().choice == "mine"


def test_workbook_compared_before_somebody_else_wrote_is_compared_again(six_months, district_head):
    client = signed_in(district_head)
    address = read_through(client, six_months, workbook_with(client, six_months, E5=85, F5=100))
    report(six_months, full_report("5712", per_cent=81), at=now())
    one = ResultImport.objects.get()
    done = client.post(reverse("import-accept", args=[one.pk]), {"state": "draft"}, follow=True)
    assert "เทียบใหม่" in done.content.decode()
    read_waiting_imports(at=timezone.now())
    assert "แก้ทั้งสองฝ่าย" in text_at(client, address)


@pytest.mark.parametrize("content", [b"PK\x03\x04 half a workbook", b"\x00\x01\x02", b"just words"])
def test_file_that_cannot_be_read_says_so_first_and_counts_nothing(
    six_months, district_head, content
):
    client = signed_in(district_head)
    text = text_at(client, read_through(client, six_months, content))
    assert "อ่านไม่ได้" in text
    assert "โปรดกรอกในแบบของรอบนี้แล้วส่งใหม่" in text
    assert "figure-box" not in text
    assert "อ่านแล้ว ยังไม่ได้บันทึก" not in text
    listed = text_at(client, reverse("import-results"))
    assert "อ่านไม่ได้" in listed
    assert "อ่านแล้ว ยังไม่ได้บันทึก" not in listed


def test_result_that_is_only_described_otherwise_says_what_differs(six_months, district_head):
    report_and_approve(six_months, full_report("5712"))
    client = signed_in(district_head)
    text = text_at(
        client, read_through(client, six_months, workbook_with(client, six_months, H5="คำอธิบายใหม่"))
    )
    assert "85 / 100 แต่คำอธิบายต่างจากเดิม" in text


def test_import_can_be_put_aside(six_months, district_head):
    client = signed_in(district_head)
    read_through(client, six_months, workbook_with(client, six_months, E5=85, F5=100))
    one = ResultImport.objects.get()
    done = client.post(reverse("import-refuse", args=[one.pk]), follow=True)
    assert "ยกเลิกแล้ว" in done.content.decode()
    assert ResultImport.objects.get().state == "refused"


def test_import_state_comes_alone_to_htmx(six_months, district_head):
    client = signed_in(district_head)
    response = hand_in(client, six_months, workbook_with(client, six_months))
    part = client.get(response.url, HTTP_HX_REQUEST="true")
    assert part.content.decode().lstrip().startswith('<section id="import-state"')
    assert "HX-Request" in part["Vary"]
    assert "Refresh" not in part


def test_workbook_refuses_other_files_and_places_out_of_reach(six_months, district_head):
    client = signed_in(district_head)
    wrong = hand_in(client, six_months, b"x", name="ผล.pdf")
    assert wrong.status_code == 422
    assert "อ่านได้เฉพาะไฟล์ .xlsx และ .csv" in wrong.content.decode()
    assert hand_in(client, six_months, b"x", place="5701").status_code == 404
    assert not ResultImport.objects.exists()


def test_workbook_of_another_place_does_not_exist_for_a_stranger(
    six_months, district_head, stranger
):
    client = signed_in(district_head)
    response = hand_in(client, six_months, workbook_with(client, six_months))
    one = ResultImport.objects.get()
    assert signed_in(stranger).get(response.url).status_code == 404
    for name in ("import-accept", "import-refuse"):
        send(stranger, name, one.pk, status=404)
    answer(stranger, "import-findings", one.pk, status=404)
    answer(stranger, "results-workbook", "5712", six_months.pk, status=404)
    answer(stranger, "results-workbook-xlsx", "5712", six_months.pk, status=404)
    assert "ผล.xlsx" not in page(stranger, "import-results")


def test_workbook_page_of_a_province_and_the_way_to_it(six_months, provincial_head, district_head):
    text = page(provincial_head, "import-results")
    assert reverse("results-workbook", args=["57", six_months.pk]) in text
    text = page(provincial_head, "results-workbook", "57", six_months.pk)
    assert reverse("results-workbook-xlsx", args=["57", six_months.pk]) in text
    assert reverse("results-workbook", args=["57", six_months.pk]) in page(
        provincial_head, "round", *ROUND
    )
    assert reverse("results-workbook", args=["5712", six_months.pk]) in page(
        district_head, "entry", "5712", six_months.pk
    )


def test_workbook_page_without_an_open_round_says_when(version, six_months, district_head):
    Round.objects.update(state="planned")
    assert "ขณะนี้ไม่มีรอบที่เปิดรับผลงาน" in page(district_head, "import-results")
    assert "รอบยังไม่เปิด" in page(district_head, "results-workbook", "5712", six_months.pk)


@pytest.mark.parametrize("name", ["results-workbook", "import-result"])
def test_workbook_pages_cost_the_same_for_one_and_three_places(
    name, six_months, provincial_head, django_assert_num_queries
):
    client, heads = signed_in(provincial_head), "รหัสพื้นที่,ตัวชี้วัด,ตัวตั้ง,ตัวหาร\n"

    def asked_for(codes: Sequence[str]) -> str:
        rows = heads + "".join(f"{code},1.1,1,2\n" for code in codes)
        url = hand_in(client, six_months, rows.encode(), "ก.csv", place="57").url
        read_waiting_imports(at=timezone.now())
        return url if name == "import-result" else reverse(name, args=["57", six_months.pk])

    client.get(first := asked_for(["5712"]))
    with CaptureQueriesContext(connection) as asked:
        client.get(first)
    number = len(asked)
    address = asked_for(["5712", "5713", "5714"])
    with django_assert_num_queries(number):
        client.get(address)


# -- home -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 9, 29), "30 ก.ย. 2569 · ปิดในอีก 1 วันทำการ"),
        (date(2026, 9, 30), "30 ก.ย. 2569 · ปิดวันนี้"),
        (date(2026, 10, 1), "30 ก.ย. 2569 · พ้นกำหนดแล้ว"),
    ],
)
def test_last_day_of_a_round_is_named_with_its_day(today, said):
    with translation.override("th"):
        assert deadline_words(date(2026, 9, 30), today) == said


def test_home_panel_says_what_waits_and_what_is_due(six_months, provincial_head):
    report(six_months, full_report("5712"), at=now(), by=REPORTER)
    request = RequestFactory().get("/")
    request.standing = standing_of(provincial_head, on=timezone.localdate())
    panel = stars_panel(request)
    assert [line.counts.waiting for line in panel["rounds"]] == [4]
    assert panel["places"][0].name == "จังหวัดเชียงราย"
    assert panel["places"][0].missing == 4
