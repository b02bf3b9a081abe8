"""League tables: everybody is there, ranks are shared, columns sort without JavaScript."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.indicators.frameworks import full_report, minutes, report_and_approve, round_of
from tests.indicators.pages.conftest import answer, body_of, page, report_districts
from tests.persons import make_person, signed_in
from tiddao.people.models import Role

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<tr class="[^"]*">(.*?)</tr>')
NAME = re.compile(r'<th scope="row">(?:<a [^>]*>)?([^<]+)')


def names(text: str) -> list[str]:
    return [NAME.search(row).group(1) for row in ROW.findall(text)]


def test_children_lists_all_eighteen_reported_or_not(reported, provincial_head):
    text = page(provincial_head, "place-children", "57")
    assert len(names(text)) == 18
    assert names(text)[0] == "พญาเม็งราย"
    assert "ทั้งหมด 18 แห่ง จัดอันดับได้ 1 แห่ง, ยังไม่รายงาน 17 แห่ง" in text
    assert text.count('class=" unreported"') == 17


def test_children_shares_ranks(reported, provincial_head):
    report_districts(reported, ["5701"], per_cent=85)
    report_districts(reported, ["5704"], per_cent=55)
    rows = ROW.findall(page(provincial_head, "place-children", "57"))
    assert [re.search(r'class="num">(\d+)', row).group(1) for row in rows[:3]] == ["1", "1", "3"]
    assert all("ร่วม" in row for row in rows[:2])


def test_children_sorts_by_a_dimension_and_keeps_the_silent_last(reported, provincial_head):
    report_districts(reported, ["5701"], per_cent=55)
    rising = names(page(provincial_head, "place-children", "57", query="?sort=d:1"))
    falling = names(page(provincial_head, "place-children", "57", query="?sort=-d:1"))
    assert rising[:2] == ["เมืองเชียงราย", "พญาเม็งราย"]
    assert falling[:2] == ["พญาเม็งราย", "เมืองเชียงราย"]
    assert len(rising) == len(falling) == 18
    text = page(provincial_head, "place-children", "57", query="?sort=-d:1")
    assert text.count('aria-sort="descending"') == 1


def test_children_ignores_an_unknown_sort(reported, provincial_head):
    assert names(page(provincial_head, "place-children", "57", query="?sort=drop"))


def test_children_shows_change_since_the_last_round(version, reported, provincial_head):
    report_districts(reported, ["5701"], per_cent=70)
    twelve = round_of(version, "12m")
    later = minutes(60 * 24 * 190)
    report_and_approve(twelve, full_report("5712", per_cent=60), at=later)
    report_and_approve(twelve, full_report("5701", per_cent=90), at=later)
    rows = ROW.findall(page(provincial_head, "place-children", "57"))
    assert "เมืองเชียงราย" in rows[0]
    assert "▲ 1" in rows[0]
    assert "▼ 1" in rows[1]


def test_children_comes_alone_to_htmx_and_says_that_it_varies(reported, provincial_head):
    response = answer(provincial_head, "place-children", "57", HTTP_HX_REQUEST="true")
    text = response.content.decode()
    assert text.lstrip().startswith('<div id="league">')
    assert "<html" not in text
    assert "HX-Request" in response["Vary"]
    assert "HX-Request" in answer(provincial_head, "place-children", "57")["Vary"]


def test_children_links_the_map_and_the_workbook(reported, provincial_head):
    text = page(provincial_head, "place-children", "57")
    assert 'id="map"' in text
    href = re.search(r'href="(/places/57/league.xlsx[^"]*)"', text).group(1).replace("&amp;", "&")
    response = signed_in(provincial_head).get(href)
    sheet = load_workbook(BytesIO(body_of(response))).active
    codes = [row[1].value for row in sheet.iter_rows() if str(row[1].value or "").startswith("57")]
    assert len(codes) == 18


def test_children_of_a_district_says_that_nothing_below_is_assessed(reported, district_head):
    assert "ไม่มีการประเมินในระดับที่ต่ำกว่านี้" in page(district_head, "place-children", "5712")


def test_league_opens_on_the_readers_own_province(reported, provincial_head):
    text = page(provincial_head, "league")
    assert "อันดับอำเภอ: จังหวัดเชียงราย" in text
    assert len(names(text)) == 18


def test_league_of_the_nation_by_province_says_who_is_left_out(reported, executive):
    text = page(executive, "league", query="?scope=th&level=province")
    assert len(names(text)) in (76, 77)
    assert "กรุงเทพมหานคร" in text


def test_league_of_zones_ranks_groups(reported, executive):
    text = page(executive, "league", query="?scope=th&level=inspection")
    assert len(names(text)) == 18


def test_league_hides_other_provinces(reported, stranger):
    answer(stranger, "league", query="?scope=57", status=404)
    assert "พญาเม็งราย" not in page(stranger, "league")


def test_league_of_peers_shows_only_them(reported, executive):
    text = page(executive, "league", query="?scope=57&peers=zone-57-ing-su-khong")
    assert 0 < len(names(text)) < 18


def test_league_with_a_dimension_that_is_not_there_is_404(reported, executive):
    answer(executive, "league", query="?scope=57&dimension=77", status=404)


def test_group_page_and_children_of_a_zone_officer(reported):
    officer = make_person(Role.ZONE_OFFICER, "CDD-57", group_key="zone-57-ing-su-khong")
    text = page(officer, "place", "zone-57-ing-su-khong")
    assert "โซนอำเภออิงสู่โขง" in text
    answer(officer, "place", "57", status=404)
    assert "พญาเม็งราย" in page(officer, "place-children", "zone-57-ing-su-khong")


def test_league_costs_the_same_for_any_number_of_reporters(
    six_months, provincial_head, django_assert_num_queries
):
    report_districts(six_months, ["5712"])
    client = signed_in(provincial_head)
    client.get(reverse("league"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("league"))
    report_districts(six_months, ["5701", "5704"])
    with django_assert_num_queries(len(asked)):
        client.get(reverse("league"))


# -- a table of many pages ------------------------------------------------------------------------

DISTRICTS_OF_THE_NATION = "?scope=th&level=district"


def test_league_of_a_nations_districts_comes_in_pages_of_a_hundred(reported, executive):
    first = page(executive, "league", query=DISTRICTS_OF_THE_NATION)
    total, pages = re.search(r"หน้า 1 จาก (\d+) · ทั้งหมด (\d+) แห่ง", first).group(2, 1)
    met = [*names(first)]
    assert len(met) == 100
    assert met[0] == "พญาเม็งราย"
    for number in range(2, int(pages) + 1):
        text = page(executive, "league", query=f"{DISTRICTS_OF_THE_NATION}&page={number}")
        assert f"หน้า {number} จาก {pages}" in text
        met += names(text)
    assert len(met) == int(total) == 878
    assert len(first.encode()) < 1_000_000


def test_league_sorts_the_whole_table_and_its_pager_keeps_the_order(reported, executive):
    report_districts(reported, ["5701"], per_cent=55)
    text = page(executive, "league", query=f"{DISTRICTS_OF_THE_NATION}&sort=score")
    assert names(text)[:2] == ["เมืองเชียงราย", "พญาเม็งราย"]
    assert re.search(r'href="\?[^"]*sort=score[^"]*page=2"', text)
    head = re.search(r'href="([^"]*)" hx-get="[^"]*sort=name', text).group(1)
    assert "page=" not in head  # another order begins at its beginning


def test_league_opens_on_the_page_of_the_place_one_came_from(reported, executive):
    last = page(executive, "league", query=f"{DISTRICTS_OF_THE_NATION}&page=99")
    key = re.findall(r'href="/places/(\d{4})/', last.split("<tbody>")[1].split("</tbody>")[0])[-1]
    text = page(executive, "league", query=f"{DISTRICTS_OF_THE_NATION}&here={key}")
    assert "หน้า 9 จาก 9" in text
    assert re.search(rf'<tr class="here[^"]*">.{{0,200}}/places/{key}/', text)


def test_league_of_one_page_has_no_pager(reported, provincial_head):
    text = page(provincial_head, "league")
    assert "pager" not in text
    assert "หน้า 1 จาก" not in text


def test_league_page_of_many_leaves_rank_ranges_to_the_workbook(
    reported, executive, provincial_head, monkeypatch
):
    monkeypatch.setattr("tiddao.indicators.views.league.MOST_RANGES", 1)
    assert "“ช่วงอันดับ” คือ" in page(executive, "league", query=DISTRICTS_OF_THE_NATION)
    report_districts(reported, ["5701"], per_cent=55)
    text = page(provincial_head, "league", query="?scope=57&level=district")
    assert "ไม่แสดงช่วงอันดับ เพราะจัดอันดับถึง 2 แห่ง" in text
    assert "“ช่วงอันดับ” คือ" not in text
    book = body_of(answer(provincial_head, "league-xlsx", "57", query="?level=district"))
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(book)).active]
    head = next(row for row in rows if "อันดับดีที่สุดที่เป็นไปได้" in row)
    best = head.index("อันดับดีที่สุดที่เป็นไปได้")
    assert [row[best] for row in rows if str(row[1] or "").startswith("57")][:2] == [1, 2]


def test_league_workbook_of_the_nations_districts_is_whole(reported, executive):
    content = body_of(answer(executive, "league-xlsx", "th", query="?level=district"))
    codes = [row[1].value for row in load_workbook(BytesIO(content)).active.iter_rows()]
    assert len([code for code in codes if re.fullmatch(r"\d{4}", str(code or ""))]) == 878
