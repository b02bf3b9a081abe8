"""The tab งบ of every place, its workbooks and its JSON, for three people and a finance officer."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budget.positions.factory import KNOWN, YEAR, issue, keep
from tests.persons import make_person, signed_in
from tiddao.budget.models import SpendingDeadline
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db

OPENED = date(2025, 10, 8)
MARCH = {"year": "2569", "on": "13/3/2569"}
ZONE = "zone-57-ing-su-khong"


def words(response) -> str:
    """What a reader reads, with one blank between words."""
    assert response.status_code == 200, response.status_code
    text = response.content.decode()
    text = re.sub(r"<(script|style|title|desc).*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def code_of(client, address: str, query=None) -> int:
    """The status of the answer, read to its end: only then is a workbook's file closed."""
    response = client.get(address, query or {})
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response.status_code


@pytest.fixture
def money():
    """A district in haste, one on target, one to be checked, one without a book; a deadline."""
    keep(
        "5712",
        {
            OPENED: {"allotted": 1_000_000},
            date(2026, 2, 10): {"disbursed": 300_000},
            date(2026, 3, 2): {"disbursed": 100_000, "committed": 50_000},
        },
    )
    keep("5712", {OPENED: {"allotted": 200_000, "returned": 50_000}}, spending="investment")
    keep("5713", {OPENED: {"allotted": 500_000, "disbursed": 400_000}}, spending="total")
    keep("5705", {OPENED: {"allotted": 100_000, "disbursed": 90_000}}, spending="total")
    keep("57", {OPENED: {"allotted": 2_000_000, "disbursed": 900_000}})
    issue("5705")
    SpendingDeadline.objects.create(
        place_id="57",
        fiscal_year=2569,
        name_th="เร่งรัดครึ่งปีแรก",
        day=date(2026, 3, 31),
        goal=60,
        basis="disbursed",
        source="หนังสือจังหวัด 9/2569",
        set_at=KNOWN,
        set_by="user:1",
    )


# -- what a district head reads at four in the afternoon ------------------------------------------


def test_the_first_line_of_a_district_says_where_it_stands_and_what_each_day_needs(
    money, district_head
):
    page = words(signed_in(district_head).get("/places/5712/money/", MARCH))
    # 400,000 of 1,150,000; day 164 of 365 expects 44.93; 60% asks for 290,000 more in 12 days.
    assert (
        "ต่ำกว่าเป้าหมายเล็กน้อย เบิกจ่ายแล้ว 34.78% ต่ำกว่าที่ควรตามวันที่ผ่านไป 10.15 จุด "
        "เหลือ 12 วันทำการ ต้องเบิกวันละ 24,167 บาท"
    ).replace("เป้าหมายเล็กน้อย", "เป้าหมายมาก") in page
    assert "เป้าหมาย: 60.00% ภายใน 31 มี.ค. 2569 · เร่งรัดครึ่งปีแรก" in page
    assert "หนังสือจังหวัด 9/2569" in page
    # 100,000 baht in the 21 working days since 11 February.
    assert "30 วันที่ผ่านมาเบิกได้วันทำการละ 4,762 บาท ต้องเร็วขึ้นเป็น" in page
    for figure in ("1,200,000.00", "50,000.00", "1,150,000.00", "700,000.00"):
        assert figure in page
    assert "ข้อเสนอ" in page
    assert "สมุดเงินของสำนักงาน" in page
    assert "รายงานกรมบัญชีกลาง" in page


def test_a_goal_that_is_reached_and_a_day_too_late(money, provincial_head):
    client = signed_in(provincial_head)
    reached = words(client.get("/places/5713/money/", MARCH))
    assert "ถึงเป้าหมาย 60.00% แล้ว" in reached
    late = words(client.get("/places/5712/money/", MARCH | {"on": "31/3/2569"}))
    assert "ไม่เหลือวันทำการแล้ว ยังขาดอีก 290,000 บาท" in late


def test_a_district_without_a_book_says_what_to_do(money, district_head, provincial_head):
    page = words(signed_in(provincial_head).get("/places/5714/money/", MARCH))
    assert "ยังไม่มีข้อมูล" in page
    assert "เปิดสมุดเงินของสำนักงานหรือนำเข้าไฟล์" in page
    table = page.split("จำนวนเงินเป็นบาท")[1].split("วงเงิน คือ")[0]
    assert not re.search(r"\d\.\d", table), "not reported is not zero"


def test_figures_to_be_checked_are_purple_and_say_what_is_left_out(money, provincial_head):
    page = words(signed_in(provincial_head).get("/places/5705/money/", MARCH))
    assert "ข้อมูลควรตรวจสอบ" in page
    assert "สูตรเสีย (#REF!) อ่านตัวเลขไม่ได้ (งบยุทธศาสตร์!D7)" in page
    assert "ส่วนที่เสียไม่ถูกนับเป็นศูนย์" in page


def test_below_the_district_the_tab_leads_to_its_office(money, district_head):
    response = signed_in(district_head).get("/places/571203/money/")
    assert "เงินงบประมาณอยู่ที่สำนักงานพัฒนาชุมชนอำเภอ" in words(response)
    assert 'href="/places/5712/money/"' in response.content.decode()


def test_a_year_nobody_announced_a_target_for_is_blank(provincial_head):
    keep("5712", {date(2026, 11, 2): {"allotted": 100, "disbursed": 9}}, year=FiscalYear(2570))
    client = signed_in(provincial_head)
    page = words(client.get("/places/5712/money/", {"year": "2570", "on": "20/11/2569"}))
    assert "ยังไม่มีผู้ประกาศเป้าหมายของปีงบประมาณ 2570 ตามฐานนี้" in page
    assert "100.00% ภายใน 30 ก.ย. 2570 · สิ้นปีงบประมาณ" in page
    judged = {"year": "2570", "on": "20/11/2569", "judged": "target"}
    assert "ยังไม่มีผู้ประกาศเป้าหมายของเดือนนี้" in words(client.get("/places/5712/money/", judged))


def test_official_targets_are_shown_with_source_and_certainty(money, provincial_head):
    given = {"year": "2569", "on": "10/7/2569", "basis": "used"}
    page = words(signed_in(provincial_head).get("/places/57/money/", given))
    assert "87.00" in page
    assert "มีแหล่งที่มา" in page
    assert "กรมบัญชีกลาง" in page


# -- leagues --------------------------------------------------------------------------------------


def league_rows(response) -> list[list[str]]:
    """Cells of the league by row."""
    table = response.content.decode().split('id="league"')[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], flags=re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_league_of_a_province_lists_every_unit_and_drops_none(money, provincial_head):
    response = signed_in(provincial_head).get("/places/57/money/", MARCH)
    rows = league_rows(response)
    assert len(rows) == 19
    assert [row[2].split(" ข้อ")[0] for row in rows[:4]] == [
        "อำเภอพญาเม็งราย",
        "สำนักงานพัฒนาชุมชนจังหวัดเชียงราย",
        "อำเภอเวียงแก่น",
        "อำเภอพาน",  # to be checked first: no rank
    ]
    assert [row[:2] for row in rows[:4]] == [["1", "3"], ["2", "2"], ["3", "1"], ["–", "–"]]
    assert [row[3] for row in rows[:4]] == ["34.78", "45.00", "80.00", "90.00"]
    assert {row[3] for row in rows[4:]} == {"–"}
    assert all("ยังไม่มีข้อมูล" in " ".join(row) for row in rows[4:])
    assert 'href="/places/5712/money/"' in response.content.decode()
    assert '<svg viewBox="' in response.content.decode()


@pytest.mark.parametrize("sort", ["percent", "name", "gap", "base", "remaining", "needed", "score"])
def test_both_orders_keep_units_without_figures_last(sort, money, provincial_head):
    client = signed_in(provincial_head)
    rows = {
        order: league_rows(client.get("/places/57/money/", MARCH | {"sort": sort, "order": order}))
        for order in ("ascending", "descending")
    }
    assert len(rows["ascending"]) == len(rows["descending"]) == 19
    if sort == "name":
        assert rows["ascending"] == rows["descending"][::-1]
        return
    for each in rows.values():
        empty = ["ยังไม่มีข้อมูล" in " ".join(row) for row in each]
        assert empty == sorted(empty), "grey stands last both ways"
    # The ranks are the same however the table is sorted.
    assert {r[2]: r[:2] for r in rows["ascending"]} == {r[2]: r[:2] for r in rows["descending"]}


def test_equal_percentages_share_their_rank(provincial_head):
    for district in ("5712", "5713"):
        keep(district, {OPENED: {"allotted": 100, "disbursed": 50}})
    keep("5714", {OPENED: {"allotted": 100, "disbursed": 60}})
    rows = league_rows(signed_in(provincial_head).get("/places/57/money/", MARCH))
    assert [row[0].split()[0] for row in rows[:3]] == ["1", "1", "3"]
    assert "อันดับร่วม" in rows[0][0] or "=" in rows[0][0]


def test_league_filters_by_fund_and_spending(money, provincial_head):
    client = signed_in(provincial_head)
    rows = league_rows(client.get("/places/57/money/", MARCH | {"spending": "investment"}))
    assert [row[3] for row in rows[:2]] == ["0.00", "–"]
    rows = league_rows(client.get("/places/57/money/", MARCH | {"fund": "province"}))
    assert {row[3] for row in rows} == {"–"}


def test_a_zone_shows_its_members_and_their_sum(money, provincial_head):
    page = words(signed_in(provincial_head).get(f"/places/{ZONE}/money/", MARCH))
    assert "อำเภอพญาเม็งราย" in page
    assert "อำเภอพาน" not in page.split("รายงานกรมบัญชีกลาง")[0]


def test_the_nation_in_million_baht_by_province_spending_and_basis(money, executive):
    page = words(signed_in(executive).get("/places/th/money/", MARCH))
    assert "3.75" in page  # 3,750,000 baht of the base
    assert "ล้านบาท" in page
    assert "รายหน่วย แยกประเภทรายจ่าย เบิกจ่ายและใช้จ่าย" in page
    assert "กรมการพัฒนาชุมชน" in page
    assert "จังหวัดเชียงราย" in page


# -- who may see it -------------------------------------------------------------------------------

ADDRESSES = [
    "/places/{}/money/",
    "/places/{}/money/table.xlsx",
    "/api/v1/places/{}/money",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_sees_no_money_of_another_province(address, money, stranger):
    client = signed_in(stranger)
    for key in ("57", "5712", ZONE, "th"):
        assert code_of(client, address.format(key)) == 404
    assert code_of(client, address.format("5001")) == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_district_head_sees_the_district_and_not_the_one_beside_it(address, money, district_head):
    client = signed_in(district_head)
    assert code_of(client, address.format("5712")) == 200
    for key in ("5713", "57", "th"):
        assert code_of(client, address.format(key)) == 404


def test_the_menu_leads_everybody_to_their_own_money(money, district_head, executive):
    zone = make_person(Role.ZONE_OFFICER, "CDD-57", group_key=ZONE)
    finance = make_person(Role.FINANCE_OFFICER, "CDD-57")
    for person, key in (
        (district_head, "5712"),
        (executive, "th"),
        (zone, ZONE),
        (finance, "57"),
    ):
        client = signed_in(person)
        assert (
            f'href="{reverse("own-money")}"' in client.get(f"/places/{key}/money/").content.decode()
        )
        assert client.get("/money/").url == f"/places/{key}/money/"


@pytest.mark.parametrize(
    "query",
    [
        {"year": "x"},
        {"year": "9999"},
        {"on": "เมื่อวาน"},
        {"on": "1/1/2500"},
        {"basis": "x", "spending": "x", "fund": "x", "judged": "x", "sort": "x", "order": "x"},
    ],
)
def test_nonsense_in_the_address_is_taken_for_nothing(query, money, provincial_head):
    assert signed_in(provincial_head).get("/places/57/money/", query).status_code == 200


# -- what it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/places/57/money/", "/places/57/money/league.xlsx"])
def test_queries_do_not_grow_with_the_offices_that_report(address, provincial_head):
    client = signed_in(provincial_head)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert code_of(client, address, MARCH) == 200
        return len(queries)

    keep("5712", {OPENED: {"allotted": 100, "disbursed": 50}})
    asked()
    one = asked()
    for district in ("57", "5713", "5714"):
        keep(district, {OPENED: {"allotted": 100, "disbursed": 50}})
    assert asked() == one <= 42


# -- workbooks and JSON ---------------------------------------------------------------------------


def sheet_of(response):
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def test_workbook_of_the_league_holds_every_unit_exactly(money, provincial_head):
    response = signed_in(provincial_head).get("/places/57/money/league.xlsx", MARCH)
    rows = [row for row in sheet_of(response).iter_rows(values_only=True) if row[2]]
    units = [row for row in rows if str(row[2]).startswith(("57", "CDD-57"))]
    assert len(units) == 19
    first = units[0]
    assert first[2:4] == ("5712", "อำเภอพญาเม็งราย")
    assert 1_150_000 in first
    assert 400_000 in first
    last = units[-1]
    assert last[0] is None
    assert 0 not in last[4:13], "not reported is not zero"


@pytest.mark.parametrize("table", ["table", "league", "spending"])
def test_every_table_has_its_workbook(table, money, executive):
    response = signed_in(executive).get(f"/places/th/money/{table}.xlsx", MARCH)
    text = " ".join(
        str(cell) for row in sheet_of(response).iter_rows(values_only=True) for cell in row if cell
    )
    assert "จากสมุดเงินของสำนักงาน" in text
    assert "ช่องว่างคือยังไม่มีรายงาน" in text


def test_a_district_has_no_league_to_hand_out(money, district_head):
    client = signed_in(district_head)
    assert client.get("/places/5712/money/league.xlsx").status_code == 404
    assert client.get("/places/571203/money/table.xlsx").status_code == 404


def test_json_of_a_unit_says_what_the_page_says(money, district_head):
    found = signed_in(district_head).get(
        "/api/v1/places/5712/money", {"year": 2569, "on": "2026-03-13"}
    )
    said = found.json()
    assert (said["unit"], said["asked"]["on"], said["offices_reporting"]) == (
        "5712",
        "2026-03-13",
        1,
    )
    total = next(line for line in said["lines"] if line["spending"] == "total")
    assert Decimal(total["base"]) == 1_150_000
    assert Decimal(total["remaining"]) == 700_000
    assert total["status"]["code"] == "red"
    assert total["goal"]["source"] == "หนังสือจังหวัด 9/2569"
    assert total["pace"]["working_days_left"] == 12
    assert Decimal(total["pace"]["baht_per_working_day"]) == Decimal("24166.67")
    undivided = next(line for line in said["lines"] if line["spending"] == "undivided")
    assert undivided["base"] is None
    assert said["bounds"]["proposed"] is True


def test_json_of_the_league_has_every_unit_and_refuses_what_is_not_there(money, provincial_head):
    client = signed_in(provincial_head)
    said = client.get(
        "/api/v1/places/57/money/league",
        {"year": 2569, "on": "2026-03-13", "order": "descending"},
    ).json()
    assert (len(said["rows"]), said["of"]) == (19, 3)
    assert said["rows"][0]["unit"] == "5713"
    assert said["rows"][0]["rank_from_highest"] == 1
    assert said["rows"][-1]["percent"] is None
    for address, code in (
        ("/api/v1/places/571203/money", 404),
        ("/api/v1/places/57/money?fund=x", 404),
        ("/api/v1/places/57/money?year=9999", 404),
        ("/api/v1/places/57/money?basis=x", 422),
        ("/api/v1/places/57/money/league?sort=x", 422),
    ):
        assert client.get(address).status_code == code
    assert YEAR.be == said["asked"]["fiscal_year"]
