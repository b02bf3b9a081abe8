"""The one page for a meeting: exactly one page, Thai digits, whom to help first and why."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from tests.budget.curves.world import KNOWN, YEAR, D, lay_down
from tests.persons import signed_in
from tiddao.budget.models import CatchUpPlan, SpendingDeadline
from tiddao.budget.queries import forecasts as forecast_queries
from tiddao.budget.queries.money import MoneyAsked
from tiddao.budget.views.report import TEMPLATE, paper_data
from tiddao.places.models import Place
from tiddao.places.queries import find_unit
from tiddao.ui.pdf import render_pdf

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def nothing_kept():
    forecast_queries._kept.clear()


def districts(province, count=None):
    codes = Place.objects.filter(level="district", code__startswith=province, valid_to=None)
    return [code for (code,) in codes.order_by("code").values_list("code")][:count]


def data_of(key, on=ON):
    return paper_data(find_unit(key, on=on), MoneyAsked(YEAR, on))


def pages_of(data):
    return PdfReader(io.BytesIO(render_pdf(TEMPLATE, data))).pages


def texts(data):
    """Every text that the paper shows. A PDF gives its Thai letters back too badly to be read."""
    if isinstance(data, str):
        return [data]
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [text for each in inside for text in texts(each)]


@pytest.mark.parametrize(
    ("province", "count"), [("57", 0), ("57", 1), ("57", 7), ("57", 18), ("40", 26), ("30", 32)]
)
def test_paper_is_one_page_however_many_districts_have_figures(province, count):
    if count:
        lay_down([*districts(province, count), f"CDD-{province}"], past_years=2)
    data = data_of(province)
    assert len(data["units"]) == len(districts(province)) + 1  # nobody is dropped
    assert len(pages_of(data)) == 1


def test_paper_of_a_district_is_one_page_too():
    lay_down(districts("57", 12), past_years=3)
    data = data_of("5712")
    assert data["units"] == []
    assert data["types"][-1]["name"] == "ทุกประเภท" or data["types"]
    assert len(pages_of(data)) == 1


def test_figures_are_in_thai_digits_with_unit_base_and_day():
    lay_down([*districts("57"), "CDD-57"])
    data = data_of("57")
    assert "๒๕๖๙" in data["title"]
    said = [each for each in texts(data) if re.search(r"[0-9]", each)]
    assert not said
    assert len(data["figures"]) == 5
    assert all(each["value"] and each["base"] and each["as_of"] for each in data["figures"])
    assert "วันทำการ" in data["countdown"]


def test_five_to_help_first_are_named_with_the_reason_they_gave():
    codes = districts("57")
    lay_down([*codes, "CDD-57"])
    deadline = SpendingDeadline.objects.create(
        place_id="57", fiscal_year=2569, name_th="เร่งรัดไตรมาส 4", day=date(2026, 9, 18), goal=D(98),
        basis="disbursed", source="หนังสือจังหวัด", set_at=KNOWN, set_by="user:1",
    )  # fmt: skip
    first = data_of("57")["help"]
    assert len(first) == 5
    assert all("ยังไม่ได้แจ้งเหตุผล" in each["why"] for each in first)
    name = first[0]["name"]
    code = next(c for c in codes if name.endswith(Place.objects.get(pk=c).name_th))
    CatchUpPlan.objects.create(
        deadline=deadline, place_id=code, state="submitted", reasons=["no_bidder"], words="x",
        base=1, spent=0, written_on=date(2026, 6, 1), by="user:1", at=KNOWN,
    )  # fmt: skip
    again = {each["name"]: each["why"] for each in data_of("57")["help"]}
    assert "เหตุผลที่หน่วยงานแจ้ง: " in again[name]
    assert "๑๘ กันยายน ๒๕๖๙" in data_of("57")["countdown"]


def test_nothing_reported_is_said_and_nothing_is_made_up():
    data = data_of("57")
    assert data["status"]["words"] == "ยังไม่มีข้อมูล"
    assert [each["value"] for each in data["figures"][:4]] == [None] * 4
    assert data["chart"]["line"] == []
    assert "ยังไม่มีรายงาน" in data["chance"]


def test_download_is_named_in_thai(provincial_head):
    lay_down(["5712"], past_years=0)
    response = signed_in(provincial_head).get("/places/57/money/report.pdf?year=2569&on=30/06/2569")
    assert response["Content-Type"] == "application/pdf"
    assert "filename*=UTF-8''" in response["Content-Disposition"]
    assert signed_in(provincial_head).get("/places/571203/money/report.pdf").status_code == 404
