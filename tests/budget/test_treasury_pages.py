"""The pages and the JSON of the treasury's weeks: what they show, what they cost, what they hide."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from tests.budget.cgd_files import week
from tests.budget.weeks import (
    EVERY_SHEET,
    LATER,
    MONDAY,
    NEXT_WEEK,
    given_up_later,
    read,
    second_week,
    take_in,
)
from tests.persons import make_person, signed_in
from tiddao.budget.forms.treasury import LARGEST_UPLOAD
from tiddao.budget.models import TreasuryReport, TreasuryUpload
from tiddao.kernel.numerals import format_decimal
from tiddao.ledger.models import Entry
from tiddao.people.models import Role
from tiddao.places.models import Membership

pytestmark = pytest.mark.django_db

RANKING = "/treasury/2026-07-10/"


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def hand_in(client, content: bytes, *, name: str = "2026_07_10.xlsx", sheets: str = "provinces"):
    return client.post(
        reverse("treasury-imports"), {"file": SimpleUploadedFile(name, content), "sheets": sheets}
    )


@pytest.fixture(scope="class")
def every_sheet(django_db_setup, django_db_blocker):
    """The first week with all its sheets, taken in once for the tests of a class."""
    with given_up_later(django_db_blocker):
        take_in(week(*EVERY_SHEET))
        yield


# -- who sees what --------------------------------------------------------------------------------

NATIONAL = ["/treasury/", RANKING, f"{RANKING}ranking.xlsx", "/api/v1/treasury/reports",
            "/api/v1/treasury/2026-07-10/ranking"]  # fmt: skip


def test_menu_shows_the_reports_to_those_who_may_open_them(provincial_head, executive):
    assert 'href="/treasury/"' in signed_in(executive).get("/places/57/money/").content.decode()
    assert (
        'href="/treasury/"'
        not in signed_in(provincial_head).get("/places/57/money/").content.decode()
    )


def test_importing_is_for_the_executive_and_the_administrator(
    provincial_head, district_head, stranger, executive
):
    administrator = make_person(Role.ADMINISTRATOR, "CDD")
    inspector = make_person(Role.INSPECTOR, "CDD")
    address = reverse("treasury-imports")
    assert signed_in(executive).get(address).status_code == 200
    assert signed_in(administrator).get(address).status_code == 200
    assert signed_in(inspector).get(address).status_code == 403
    for person in (provincial_head, district_head, stranger):
        assert signed_in(person).get(address).status_code == 404
        assert hand_in(signed_in(person), week(13, 14).save()).status_code == 404
    assert not TreasuryUpload.objects.exists()


def test_nobody_else_opens_accepts_or_drops_an_upload(executive, provincial_head):
    hand_in(signed_in(executive), week(13, 14).save())
    upload = TreasuryUpload.objects.get()
    client = signed_in(provincial_head)
    assert client.get(reverse("treasury-upload", args=[upload.pk])).status_code == 404
    for name in ("treasury-accept", "treasury-drop"):
        assert client.post(reverse(name, args=[upload.pk])).status_code == 404
    upload.refresh_from_db()
    assert upload.state == "read"


# -- a place's money ------------------------------------------------------------------------------


def test_province_page_as_it_was_known_then(provincial_head):
    take_in(week(13, 14, seed=1))
    take_in(week(13, 14, seed=5), at=LATER)
    first, _ = read(week(13, 14, seed=1))
    now, _ = read(week(13, 14, seed=5))
    client = signed_in(provincial_head)

    def shown(workbook) -> str:
        row = workbook.sheets[13].province("57")
        return format_decimal(row.figures["total"].amount.value, 2)

    then = words(client.get("/places/57/money/", {"known_at": "13/7/2569"}))
    today = words(client.get("/places/57/money/"))
    assert shown(first) in then
    assert shown(now) not in then
    assert shown(now) in today
    before = words(client.get("/places/57/money/", {"known_at": "12/7/2569"}))
    assert "ณ วันนั้นยังไม่มีข้อมูลในระบบ" in before
    nonsense = client.get("/places/57/money/", {"known_at": "เมื่อวาน"})
    assert nonsense.status_code == 200


def test_empty_pages_say_what_to_do(provincial_head, executive):
    assert "เมื่อกรมนำเข้าไฟล์รายสัปดาห์" in words(signed_in(provincial_head).get("/places/57/money/"))
    page = signed_in(executive).get("/treasury/")
    assert reverse("treasury-imports") in page.content.decode()


# -- the ranking -----------------------------------------------------------------------------------


def test_ranking_of_superseded_week_can_be_asked_for(executive):
    take_in(week(13, 14, seed=1))
    take_in(week(13, 14, seed=5), at=LATER)
    client = signed_in(executive)
    assert client.get(RANKING, {"known_at": "13/7/2569"}).content != client.get(RANKING).content
    assert "ฉบับที่ถูกแทน" in words(client.get(RANKING))


# -- importing ------------------------------------------------------------------------------------


def test_handing_in_shows_totals_and_writes_nothing_until_accepted(executive):
    client = signed_in(executive)
    response = hand_in(client, week(*EVERY_SHEET).save(), sheets="all")
    upload = TreasuryUpload.objects.get()
    assert response.url == reverse("treasury-upload", args=[upload.pk])
    assert not TreasuryReport.objects.exists()
    page = words(client.get(response.url))
    workbook, _ = read(week(*EVERY_SHEET))
    total = workbook.sheets[13].total_row.figures["total"]
    assert format_decimal(total.base.value or Decimal(0), 2) in page
    assert format_decimal(total.amount.value or Decimal(0), 2) in page
    assert "76 จังหวัด" in page
    accepted = client.post(reverse("treasury-accept", args=[upload.pk]))
    assert accepted.url == RANKING
    report = TreasuryReport.objects.get()
    assert (report.file_name, report.by) == ("2026_07_10.xlsx", f"user:{executive.pk}")
    assert report.sheets.count() == 8
    upload.refresh_from_db()
    assert upload.state == "accepted"
    entries = Entry.objects.filter(by=f"user:{executive.pk}").values_list("act", flat=True)
    assert list(entries.order_by("id")) == ["receive_treasury_file", "import_treasury"]


def test_accepting_twice_and_dropping_afterwards_change_nothing(executive):
    client = signed_in(executive)
    hand_in(client, week(13, 14).save())
    upload = TreasuryUpload.objects.get()
    client.post(reverse("treasury-accept", args=[upload.pk]))
    for name in ("treasury-accept", "treasury-drop"):
        page = client.post(reverse(name, args=[upload.pk]), follow=True)
        assert "ไปแล้ว" in words(page)
    assert TreasuryReport.objects.count() == 1


def test_dropped_workbook_is_not_taken_in(executive):
    client = signed_in(executive)
    hand_in(client, week(13, 14).save())
    upload = TreasuryUpload.objects.get()
    client.post(reverse("treasury-drop", args=[upload.pk]))
    client.post(reverse("treasury-accept", args=[upload.pk]))
    assert not TreasuryReport.objects.exists()


def test_spoilt_workbook_shows_its_findings_by_cell_and_cannot_be_accepted(executive):
    book = week(13, 14)
    cell = book[13].column("รวม", "เบิกจ่าย") + str(book[13].row_of("เชียงราย"))
    book[13][cell] = Decimal(1)
    client = signed_in(executive)
    response = hand_in(client, book.save())
    page = words(client.get(response.url))
    assert f"13.ส่วนกลางจัดสรรให้จังหวัด {cell} ขัดกับตัวเลขอื่นในไฟล์" in page
    upload = TreasuryUpload.objects.get()
    client.post(reverse("treasury-accept", args=[upload.pk]))
    assert not TreasuryReport.objects.exists()


def test_workbook_with_a_missing_sheet_is_kept_with_its_reason(executive):
    client = signed_in(executive)
    response = hand_in(client, week(13).save())
    assert "ไม่พบแผ่นงานที่ 14" in words(client.get(response.url))


def test_second_accept_after_another_took_the_same_week_in(executive):
    content = week(13, 14).save()
    client = signed_in(executive)
    hand_in(client, content)
    take_in(content)
    page = client.post(
        reverse("treasury-accept", args=[TreasuryUpload.objects.get().pk]), follow=True
    )
    assert "ไม่มีอะไรเปลี่ยนแปลง" in words(page)


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlsx", b"%PDF-1.7"), ("x.xlsx", b"PK\x03\x04 damaged"), ("x.xls", b"\xd0\xcf\x11\xe0")],
)
def test_what_is_no_workbook_is_refused_and_not_kept(executive, name, content):
    response = hand_in(signed_in(executive), content, name=name)
    assert response.status_code == 422
    assert not TreasuryUpload.objects.exists()


def test_too_large_a_file_is_refused_before_it_is_read(executive):
    content = b"PK\x03\x04" + b"0" * LARGEST_UPLOAD
    response = hand_in(signed_in(executive), content)
    assert response.status_code == 422
    assert "10 MB" in words(response)


# -- what pages cost ------------------------------------------------------------------------------


def test_pages_cost_the_same_for_one_week_and_for_three(executive, django_assert_max_num_queries):
    client = signed_in(executive)
    addresses = ("/treasury/", RANKING, "/places/57/money/", "/places/th/money/")
    take_in(week(13, 14))
    for address in addresses:
        client.get(address)
    counts = {address: [] for address in addresses}
    for seed in (None, 2, 3):
        if seed:
            day = {2: "17", 3: "24"}[seed]
            take_in(
                week(13, 14, seed=seed, day=f"{day} กรกฎาคม 2569", reported="27 กรกฎาคม 2569"),
                at=NEXT_WEEK,
            )
        for address in addresses:
            with django_assert_max_num_queries(45) as seen:
                assert client.get(address).status_code == 200
            counts[address].append(len(seen))
    assert all(len(set(each)) == 1 for each in counts.values()), counts


# -- JSON -----------------------------------------------------------------------------------------


def test_api_refuses_a_sheet_that_was_not_taken_in(executive):
    take_in(week(13, 14))
    address = "/api/v1/treasury/2026-07-10/ranking?sheet=1"
    assert signed_in(executive).get(address).status_code == 404


# -- one week, taken in once -----------------------------------------------------------------------


@pytest.mark.usefixtures("every_sheet")
class TestOneWeek:
    """Pages and JSON of a week with all its sheets."""

    @pytest.mark.parametrize("address", NATIONAL)
    def test_national_pages_are_for_posts_that_cover_the_nation(
        self, address, provincial_head, district_head, stranger, executive
    ):
        response = signed_in(executive).get(address)
        assert response.status_code == 200
        assert b"".join(response)  # a download is closed at its end
        for person in (provincial_head, district_head, stranger):
            assert signed_in(person).get(address).status_code == 404

    @pytest.mark.parametrize("address", ["/places/57/money/", "/api/v1/places/57/treasury"])
    def test_province_is_seen_by_its_head_and_the_executive_only(
        self, address, provincial_head, district_head, stranger, executive
    ):
        assert signed_in(provincial_head).get(address).status_code == 200
        assert signed_in(executive).get(address).status_code == 200
        assert signed_in(district_head).get(address).status_code == 404
        assert signed_in(stranger).get(address).status_code == 404

    def test_province_page_shows_figures_ranks_target_source_and_weeks(self, provincial_head):
        take_in(second_week(*EVERY_SHEET), at=NEXT_WEEK)
        workbook, _ = read(second_week(*EVERY_SHEET))
        page = words(signed_in(provincial_head).get("/places/57/money/"))
        for number in (11, 12, 13, 14):
            row = workbook.sheets[number].province("57")
            assert row is not None
            for figures in row.figures.values():
                for value in (figures.base.value, figures.amount.value, figures.percent.value):
                    assert format_decimal(value or Decimal(0), 2) in page
                assert figures.percent.cell in page
            assert f"{row.printed_rank} {77 - (row.printed_rank or 0)} 76" in page
            gap = row.figures["total"].gap
            if gap is not None and gap.value is not None:
                side = "สูงกว่า" if gap.value >= 0 else "ต่ำกว่า"
                assert f"{side}เป้าหมาย {format_decimal(abs(gap.value), 2)} จุด" in page
        assert "ข้อมูล ณ 17 กรกฎาคม 2569" in page
        assert "10 ก.ค. 2569" in page, "the week before stands in the history"
        assert "อันดับจากน้อยไปมาก (ตามไฟล์)" in page
        assert "อันดับจากมากไปน้อย" in page
        assert "week.xlsx" in page

    def test_province_page_names_no_other_province(self, provincial_head):
        page = words(signed_in(provincial_head).get("/places/57/money/"))
        assert "เชียงใหม่" not in page
        assert "ขอนแก่น" not in page

    def test_nation_page_shows_the_totals_and_the_overview(self, executive):
        workbook, _ = read(week(*EVERY_SHEET))
        page = words(signed_in(executive).get("/places/th/money/"))
        total = workbook.sheets[14].total_row.figures["total"].amount.value
        assert format_decimal(total or Decimal(0), 2) in page
        assert "2. เงินกันไว้เบิกเหลื่อมปี" in page

    def test_group_of_provinces_adds_parts_and_never_averages(self, executive):
        workbook, _ = read(week(*EVERY_SHEET))
        members = set(
            Membership.objects.filter(group_id="inspection-16").values_list("place_id", flat=True)
        )
        rows = [row for row in workbook.sheets[13].rows if row.place_code in members]
        assert len(rows) == len(members)
        amount = sum((row.figures["total"].amount.value or Decimal(0) for row in rows), Decimal(0))
        base = sum((row.figures["total"].base.value or Decimal(0) for row in rows), Decimal(0))
        page = words(signed_in(executive).get("/places/inspection-16/money/"))
        assert format_decimal(amount, 2) in page
        assert f"{format_decimal(base, 2)} {format_decimal(amount, 2)} " in page
        assert format_decimal(amount / base * 100, 2) in page

    @pytest.mark.parametrize("key", ["5712", "571203"])
    def test_below_the_province_one_sentence_and_no_figure(self, key, district_head):
        page = words(signed_in(district_head).get(f"/places/{key}/money/"))
        assert "กรมบัญชีกลางเผยแพร่ข้อมูลชุดนี้เป็นรายจังหวัด" in page
        assert "ล้านบาท" not in page

    def test_list_names_every_report(self, executive):
        take_in(second_week(13, 14), at=NEXT_WEEK)
        page = words(signed_in(executive).get("/treasury/"))
        assert page.index("17 กรกฎาคม 2569") < page.index("10 กรกฎาคม 2569")
        assert "1, 2, 3, 4, 11, 12, 13, 14" in page

    def test_ranking_shows_all_76_with_both_orders_in_both_directions(self, executive):
        client = signed_in(executive)
        rising = client.get(RANKING)
        falling = client.get(RANKING, {"order": "descending"})
        ranks = re.compile(r'<tr><td class="num">(\d+)</td><td class="num wide-only">(\d+)</td>')
        found = [(int(low), int(high)) for low, high in ranks.findall(rising.content.decode())]
        assert found == [(n, 77 - n) for n in range(1, 77)]
        assert [
            (int(low), int(high)) for low, high in ranks.findall(falling.content.decode())
        ] == found[::-1]
        page = words(rising)
        assert "อันดับจากน้อยไปมาก (ตามไฟล์)" in page
        assert "เปรียบเทียบจังหวัด 76 แห่ง" in page
        assert "<svg" in rising.content.decode()

    def test_ranking_of_use_shows_the_gap_and_the_target(self, executive):
        page = words(signed_in(executive).get(RANKING, {"sheet": 14, "spending": "investment"}))
        assert "79.00%" in page
        assert "จุด" in page

    @pytest.mark.parametrize(
        "query",
        [
            {"sheet": "99"},
            {"spending": "x"},
            {"kind": "ministry"},
            {"order": "x"},
            {"known_at": "x"},
        ],
    )
    def test_ranking_takes_nonsense_for_nothing(self, executive, query):
        assert signed_in(executive).get(RANKING, query).status_code == 200

    @pytest.mark.parametrize("day", ["2026-07-11", "yesterday", "2026-13-40"])
    def test_ranking_of_no_report_is_404(self, executive, day):
        assert signed_in(executive).get(f"/treasury/{day}/").status_code == 404

    def test_workbook_of_the_ranking_holds_every_row_and_both_ranks(self, executive):
        response = signed_in(executive).get(f"{RANKING}ranking.xlsx", {"sheet": 14})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
        rows = list(sheet.iter_rows(values_only=True))
        first = next(index for index, row in enumerate(rows) if row[0] == 1)
        assert [row[:2] for row in rows[first:]] == [(n, 77 - n) for n in range(1, 77)]
        assert "จากน้อยไปมาก" in rows[first - 1][0]

    def test_agencies_can_be_ranked_too(self, executive):
        page = signed_in(executive).get(RANKING, {"sheet": 3})
        assert "กรมการพัฒนาชุมชน" in words(page)
        assert 'class="map"' not in page.content.decode()

    def test_api_says_what_the_command_says(self, executive):
        client = signed_in(executive)
        for address, arguments in (
            ("/api/v1/places/57/treasury", ("figures", "57")),
            ("/api/v1/treasury/2026-07-10/ranking?sheet=14", ("rank", "--sheet", "14")),
        ):
            out = io.StringIO()
            call_command(*arguments, "--series", "cgd", "--json", stdout=out)
            assert client.get(address).json() == json.loads(out.getvalue())
        reports = client.get("/api/v1/treasury/reports").json()
        assert [report["as_of"] for report in reports] == ["2026-07-10"]
        known = client.get("/api/v1/treasury/reports", {"known_at": MONDAY.isoformat()}).json()
        assert known == reports

    @pytest.mark.parametrize(
        ("address", "code"),
        [
            ("/api/v1/treasury/2026-07-11/ranking", 404),
            ("/api/v1/treasury/nonsense/ranking", 422),
            ("/api/v1/places/5712/treasury", 404),
            ("/api/v1/places/nowhere/treasury", 404),
        ],
    )
    def test_api_refuses_what_is_not_there(self, executive, address, code):
        assert signed_in(executive).get(address).status_code == code
