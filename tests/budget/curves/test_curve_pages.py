"""The pages of curves, the paper and the workbook: what they show, what they hide, what they cost."""

from __future__ import annotations

import io
import re
from datetime import date
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.budget.curves.world import D, kept_by_entries, lay_down
from tests.persons import signed_in
from tiddao.budget.queries import forecasts as forecast_queries
from tiddao.places.models import Place

pytestmark = pytest.mark.django_db

CURVES = "/places/57/money/curves/"
ASKED = "?year=2569&on=30/06/2569"
API = "/api/v1/places/"
SAME = {"year": 2569, "on": "2026-06-30"}


@pytest.fixture(autouse=True)
def nothing_kept():
    forecast_queries._kept.clear()


def districts(count=None):
    codes = Place.objects.filter(level="district", code__startswith="57").values_list("code")
    return [code for (code,) in codes.order_by("code")][:count]


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def charts(response):
    found = re.findall(r'<svg class="curve curve-.*?</svg>', response.content.decode(), re.DOTALL)
    return [ET.fromstring(each) for each in found]


def test_curves_are_for_those_whose_place_it_is(
    provincial_head, district_head, stranger, executive
):
    lay_down([*districts(), "CDD-57"])
    for address in (CURVES, "/places/57/money/report.pdf"):
        assert signed_in(provincial_head).get(address).status_code == 200
        assert signed_in(executive).get(address).status_code == 200
        assert signed_in(district_head).get(address).status_code == 404
        assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(district_head).get("/places/5712/money/curves/").status_code == 200


def test_page_has_a_chart_for_each_unit_the_least_chance_first(provincial_head):
    lay_down([*districts(), "CDD-57"])
    response = signed_in(provincial_head).get(CURVES + ASKED)
    found = charts(response)
    # The province twice, for a screen and a phone; its districts, the provincial office.
    assert len(found) == 2 + 18 + 1
    for each in found:
        assert each.get("role") == "img"
        assert "%" in each.get("aria-label")
        assert "style" not in {name for node in each.iter() for name in node.attrib}
        for node in each.iter():
            for point in re.findall(r"[-\d.]+,[-\d.]+", node.get("points", "")):
                x, y = map(float, point.split(","))
                width, height = map(float, each.get("viewBox").split()[2:])
                assert 0 <= x <= width
                assert 0 <= y <= height
    text = words(response)
    chances = [int(each) for each in re.findall(r"โอกาส (\d+)%", text)]
    assert len(chances) == 19
    assert chances == sorted(chances)
    assert re.search(
        r"โอกาสถึงเป้า 93% ภายใน 30 ก\.ย\. 2569: \d+% · คาดว่าจะได้ \d+% \(ช่วง 80%: \d+–\d+%\)", text
    ) or "ยังบอกโอกาสถึงเป้า 93% ภายใน 30 ก.ย. 2569 ไม่ได้" in text  # fmt: skip
    assert "จากเส้นโค้งของ 19 หน่วยงาน 3 ปี" in text


def test_a_share_that_falls_is_explained_by_the_money_that_came(provincial_head):
    kept_by_entries(
        "5712",
        {
            date(2025, 10, 3): {"allotted": 1_000_000},
            date(2026, 3, 6): {"disbursed": 600_000},
            date(2026, 4, 10): {"allotted": 500_000},
        },
    )
    client = signed_in(provincial_head)
    page = words(client.get("/places/5712/money/curves/" + ASKED))
    assert "ร้อยละลดจาก 60.00% เหลือ 40.00% ในสัปดาห์ถึงวันที่ 10 เม.ย. 2569" in page
    assert "ได้รับจัดสรรเพิ่ม 500,000.00 บาท" in page
    said = client.get(API + "5712/money/curves", SAME).json()["own"]["dip"]
    assert said.pop("on") == "2026-04-10"
    assert {key: D(value) for key, value in said.items()} == {
        "before": 60, "after": 40, "base_added": 500_000, "amount_added": 0,
    }  # fmt: skip


def test_a_share_that_falls_because_entries_were_reversed_says_so(provincial_head):
    kept_by_entries(
        "5712",
        {
            date(2025, 10, 3): {"allotted": 1_000_000},
            date(2026, 3, 6): {"disbursed": 600_000},
            date(2026, 4, 10): {"disbursed": -200_000},
        },
    )
    page = words(signed_in(provincial_head).get("/places/5712/money/curves/" + ASKED))
    assert "เพราะกลับรายการ 200,000.00 บาท" in page
    assert "ได้รับจัดสรรเพิ่ม" not in page


def test_the_tab_shows_the_six_with_the_least_chance_and_leads_to_all(provincial_head, executive):
    lay_down([*districts(), "CDD-57"])
    response = signed_in(provincial_head).get("/places/57/money/" + ASKED)
    assert len(charts(response)) == 6
    page = response.content.decode()
    for name in ("curves/", "report.pdf", "money.xlsx"):
        assert f'href="/places/57/money{"" if name == "money.xlsx" else "/"}' in page
    everything = signed_in(provincial_head).get(CURVES + ASKED)
    names = [chart.get("aria-label").split(":")[0] for chart in charts(everything)[2:8]]
    assert [chart.get("aria-label").split(":")[0] for chart in charts(response)] == names
    # Of the whole country they are fetched when they are scrolled to.
    nation = signed_in(executive).get("/places/th/money/" + ASKED)
    assert charts(nation) == []
    assert 'hx-get="/places/th/money/curves/least/?' in nation.content.decode()
    assert charts(signed_in(executive).get("/places/th/money/curves/least/" + ASKED)) != []


@pytest.mark.parametrize(
    "address", [CURVES, "/places/57/money/curves/least/", "/places/57/money.xlsx"]
)
def test_queries_do_not_grow_with_the_units_that_report(address, provincial_head):
    client = signed_in(provincial_head)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address + ASKED)
            assert b"".join(response)  # a file is closed when it was read
        assert response.status_code == 200
        return len(queries)

    lay_down(districts(1), past_years=2)
    asked()
    one = asked()
    lay_down(districts(4)[1:], past_years=2)
    asked()
    assert asked() == one <= 60


def test_json_says_what_the_page_says(provincial_head):
    lay_down([*districts(), "CDD-57"])
    client = signed_in(provincial_head)
    found = client.get(API + "57/money/forecasts", SAME).json()
    assert D(found["goal"]["percent"]) == 93
    chances = [each["forecast"]["chance"] for each in found["below"]]
    assert len(chances) == 19
    assert [D(each) for each in chances] == sorted(D(each) for each in chances)
    for each in found["below"]:
        low, middle, high = (D(each["forecast"][key]) for key in ("low", "middle", "high"))
        assert 0 <= low <= middle <= high <= D("100.01")
        assert each["forecast"]["rests_on"]
    assert [each["day"] for each in found["fan"]] == ["2026-07-31", "2026-08-31", "2026-09-30"]
    least = found["below"][0]
    shown = charts(client.get(CURVES + ASKED))[2].get("aria-label")
    assert shown.startswith(least["name"])
    assert f"{round(D(least['forecast']['chance']))}%" in shown
    drawn = client.get(API + "57/money/curves", SAME).json()
    assert [each["unit"] for each in drawn["below"]] == sorted(e["unit"] for e in drawn["below"])
    points = drawn["own"]["points"]
    assert D(points[-1]["base"]) == 19_000_000
    spent = [D(point["amount"]) for point in points]
    assert spent == sorted(spent)
    assert sum(D(each["points"][-1]["amount"]) for each in drawn["below"]) == spent[-1]


def test_json_leaves_out_what_is_not_known_and_refuses_what_there_is_not(
    provincial_head, district_head, stranger
):
    client = signed_in(provincial_head)
    found = client.get(API + "57/money/forecasts", SAME).json()
    assert found["own"]["percent"] is None
    assert {each["forecast"]["chance"] for each in found["below"]} == {None}
    assert client.get(API + "57/money/curves", SAME).json()["own"]["points"] == []
    for address, code in (
        ("571203/money/curves", 404),
        ("57/money/curves?fund=x", 404),
        ("57/money/forecasts?year=9999", 404),
        ("57/money/forecasts?basis=x", 422),
        ("5712/money/curves?series=cgd", 404),
    ):
        assert client.get(API + address).status_code == code
    for part in ("curves", "forecasts"):
        assert signed_in(stranger).get(API + f"57/money/{part}").status_code == 404
        assert signed_in(district_head).get(API + f"5713/money/{part}").status_code == 404


def test_workbook_holds_everything_with_unit_base_and_day(provincial_head):
    lay_down([*districts(), "CDD-57"])
    response = signed_in(provincial_head).get("/places/57/money.xlsx" + ASKED)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert len(book.sheetnames) == 5
    tables = {
        name: list(sheet.iter_rows(values_only=True))
        for name, sheet in zip(("sum", "units", "curves", "chances", "asked"), book, strict=True)
    }
    for name in ("sum", "units", "curves", "chances"):
        opening = " ".join(str(cell) for row in tables[name][:8] for cell in row if cell)
        assert "30 มิ.ย. 2569" in opening, name
    units = [row for row in tables["units"] if str(row[0]).startswith(("57", "CDD-57"))]
    assert len(units) == 19 * 4  # each type of spending, and all
    weeks = [row for row in tables["curves"] if row[0] == "5712"]
    assert len(weeks) > 30
    assert weeks[-1][3] == 1_000_000
    chances = [row for row in tables["chances"] if str(row[0]).startswith(("57", "CDD-57"))]
    assert len(chances) == 20
    ways = {row[0]: row[10] for row in chances}
    assert ways.pop("57") == "มีเส้นของปีก่อนน้อย ช่วงจึงกว้าง"  # its own three years alone
    assert set(ways.values()) == {"เทียบปีก่อน ๆ ของหน่วยงานที่คล้ายกัน"}
    total = next(row for row in tables["sum"] if row[0] == "รายจ่ายรวม")
    own = [row for row in tables["curves"] if row[0] == "57"][-1]
    assert (total[4], total[6]) == (own[3], own[4])  # the tab and the curve say the same


def test_workbook_of_another_province_is_not_handed_out(stranger, district_head):
    for person in (stranger, district_head):
        assert signed_in(person).get("/places/57/money.xlsx").status_code == 404
        assert signed_in(person).get("/places/57/money/curves/least/").status_code == 404
