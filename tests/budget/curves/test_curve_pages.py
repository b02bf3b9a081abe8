"""The pages of curves, the paper and the workbook: what they show, what they hide, what they cost."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tests.budget.curves.world import lay_down
from tests.persons import signed_in
from tiddao.budget.queries import forecasts as forecast_queries
from tiddao.places.models import Place

pytestmark = pytest.mark.django_db

CURVES = "/places/57/money/curves/"
ASKED = "?year=2569&on=30/06/2569"


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
    assert len(found) == 1 + 18 + 1  # the province, its districts, the provincial office
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
