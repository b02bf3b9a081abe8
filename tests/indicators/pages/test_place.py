"""The place page and its parts: what they show, what they cost, what they hide."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.indicators.frameworks import (
    APPROVER,
    START,
    full_report,
    minutes,
    report,
    report_and_approve,
    round_of,
    share,
)
from tests.indicators.pages.conftest import (
    DISTRICTS,
    answer,
    body_of,
    page,
    report_districts,
)
from tests.persons import make_person, signed_in
from tiddao.indicators.actions.frameworks import new_draft, publish_version
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.queries.frameworks import definition_of
from tiddao.indicators.rules.next_star import next_star
from tiddao.indicators.rules.scoring import Parts, score_place
from tiddao.kernel.numerals import format_decimal
from tiddao.people.models import Role, Tenure

pytestmark = pytest.mark.django_db


def expected_score(version, per_cent=85, step=4):
    """What the rules say of ``full_report``."""
    part = Parts(Decimal(per_cent), Decimal(100))
    return score_place(
        definition_of(version),
        {"1.1": part, "1.2": Parts(Decimal(step), Decimal(1)), "2.1": part, "2.2": part},
    )


def test_place_shows_the_stars_that_the_rules_compute(version, reported, district_head):
    score = expected_score(version)
    text = page(district_head, "place", "5712")
    assert "<h1>อำเภอพญาเม็งราย" in text
    assert f"ได้ {score.stars} ดาว" in text
    assert format_decimal(score.score, 4) in text
    assert format_decimal(score.share, 2) in text
    for dimension in score.dimensions:
        assert f"คะแนน {format_decimal(dimension.score, 4)}" in text
    assert text.count("ร้อยละ 85<") == 3
    assert "4 ขั้น" in text
    assert "รายงานแล้วร้อยละ 100" in text


def test_place_says_day_basis_definition_and_that_it_is_proposed(reported, district_head):
    text = page(district_head, "place", "5712")
    assert "ข้อมูล ณ วันที่ 31 มี.ค. 2566" in text
    assert "เฉพาะผลที่อนุมัติแล้ว" in text
    assert "แบบทดสอบ รุ่นที่ 1" in text
    assert "ข้อเสนอ ยังไม่ใช่เกณฑ์ทางการ" in text


def test_place_never_mixes_approved_with_what_waits(six_months, district_head):
    report(six_months, full_report("5712"))
    assert "ยังไม่ติดดาว" in page(district_head, "place", "5712")
    text = page(district_head, "place", "5712", query="?basis=all")
    assert "นับรวมผลที่ยังไม่อนุมัติ" in text
    assert "ได้ 4 ดาว" in text


def test_place_shows_what_limits_the_stars(six_months, district_head):
    low = [share("5712", "2.1", 60, 100), share("5712", "2.2", 68, 100)]
    high = [row for row in full_report("5712", per_cent=100, step=5) if row.indicator[0] == "1"]
    report_and_approve(six_months, [*high, *low])
    text = page(district_head, "place", "5712")
    assert "ค่าเฉลี่ยอย่างเดียวจะได้ 3 ดาว แต่ถูกจำกัดด้วยมิติที่ 2 มิติ 2 ซึ่งได้ 1 ดาว" in text
    assert "ได้ 2 ดาว" in text
    assert "จำกัดจำนวนดาว" in text


def test_place_shows_missing_as_missing_and_never_as_zero(six_months, district_head):
    rows = [row for row in full_report("5712") if row.indicator != "2.2"]
    report_and_approve(six_months, rows)
    text = page(district_head, "place", "5712")
    assert "มิติที่ 2 มิติ 2รายงานแล้วร้อยละ 50 ต้องครบอย่างน้อยร้อยละ 80" in text
    row = re.search(r"2\.2 ตัวชี้วัด 2\.2</a></th>(.*?)</tr>", text).group(1)
    assert "ยังไม่รายงาน" in row
    assert re.search(r'<td class="num">–</td>', row)
    assert ">0<" not in row


def test_place_shows_rank_within_its_parent_without_naming_others(reported, district_head):
    report_districts(reported, ["5701"], per_cent=100)
    report_districts(reported, ["5704"], per_cent=55)
    text = page(district_head, "place", "5712")
    assert "อันดับ 2 จาก 3 อำเภอในจังหวัดเชียงราย" in text
    assert "ยังไม่ติดดาวอีก 15 แห่ง" in text
    assert "เวียงชัย" not in text


def test_place_links_only_ancestors_in_scope(reported, provincial_head, district_head):
    crumbs = re.compile(r'<nav class="crumbs".*?</nav>')
    mine = crumbs.search(page(district_head, "place", "5712")).group()
    assert "จังหวัดเชียงราย" in mine
    assert "/places/57/" not in mine
    above = crumbs.search(page(provincial_head, "place", "5712")).group()
    assert "/places/57/" in above
    assert "/places/th/" not in above


def test_place_names_the_head_of_the_office_and_whom_acts(reported, provincial_head):
    make_person(Role.DISTRICT_HEAD, "CDD-5712", name="นายสมมุติ รักษาการ", tenure=Tenure.ACTING)
    text = page(provincial_head, "place", "5712")
    assert "หัวหน้าหน่วยงาน: นายสมมุติ รักษาการ" in text


def test_place_lists_groups_and_links_those_in_sight(reported, district_head, executive):
    group = "zone-57-ing-su-khong"
    assert f"/places/{group}/" not in page(district_head, "place", "5712")
    assert "โซนอำเภออิงสู่โขง" in page(district_head, "place", "5712")
    assert f"/places/{group}/" in page(executive, "place", "5712")


def test_place_known_then_shows_what_was_known_then(six_months, district_head):
    report_and_approve(six_months, full_report("5712", per_cent=55), at=START)
    report_and_approve(six_months, [share("5712", "1.1", 100, 100)], at=START + timedelta(days=10))
    now = page(district_head, "place", "5712")
    then = page(district_head, "place", "5712", query="?known_at=25/3/2566")
    assert "ร้อยละ 100<" in now
    assert "ร้อยละ 100<" not in then
    assert "เท่าที่รู้ ณ 25 มี.ค. 2566 23:59 น." in then
    assert 'value="25/3/2566"' in then


def test_place_moment_that_cannot_be_read_is_said_beside_the_field(reported, district_head):
    text = page(district_head, "place", "5712", query="?known_at=เมื่อวาน")
    assert "อ่านวันเวลานี้ไม่ได้" in text
    assert '<details class="more no-print" open>' in text


def test_place_before_anything_is_published_says_what_to_do(district_head):
    text = page(district_head, "place", "5712")
    assert "ยังไม่มีแบบประเมินสำหรับพื้นที่นี้" in text
    assert reverse("frameworks") in text


def test_place_in_bangkok_says_why_nobody_is_assessed(version, executive):
    text = page(executive, "place", "10")
    assert "กรมการพัฒนาชุมชนไม่มีสำนักงาน" in text
    assert "ได้ 0 ดาว" not in text


def test_tambon_shows_its_districts_stars_and_says_so(reported, district_head):
    text = page(district_head, "place", "571203")
    assert "แบบประเมินนี้ประเมินระดับอำเภอ" in text
    assert "ดาวที่แสดงเป็นของอำเภอพญาเม็งราย" in text
    assert "ได้ 4 ดาว" in text
    assert "1.1 ตัวชี้วัด 1.1" not in text
    assert "รหัสทางการ" in text


@pytest.mark.parametrize(
    "name", ["place", "place-why", "place-next", "place-children", "place-pdf", "place-xlsx",
             "place-why-json", "place-why-xlsx", "league-xlsx"],
)  # fmt: skip
def test_pages_of_another_province_do_not_exist_for_a_stranger(name, reported, stranger):
    for key in ("57", "5712", "571203", "zone-57-ing-su-khong"):
        answer(stranger, name, key, status=404)


def test_district_head_does_not_see_the_province_or_a_neighbour(reported, district_head):
    for key in ("57", "5701", "th"):
        answer(district_head, "place", key, status=404)


@pytest.mark.parametrize("name", ["place", "place-why", "place-next", "place-children"])
def test_pages_cost_the_same_for_one_reporter_and_for_three(name, six_months, provincial_head):
    report_districts(six_months, DISTRICTS[:1])
    client, costs = signed_in(provincial_head), []
    for codes in ((), DISTRICTS[1:]):
        report_districts(six_months, codes)
        client.get(reverse(name, args=["57"]))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(name, args=["57"])).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_reading_writes_nothing(reported, district_head):
    client = signed_in(district_head)
    for name in ("place", "place-why", "place-next"):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name, args=["5712"]))
        writes = [
            each["sql"]
            for each in asked
            if re.match(r"\s*(INSERT|UPDATE|DELETE)", each["sql"]) and "session" not in each["sql"]
        ]
        assert writes == []


# -- why ------------------------------------------------------------------------------------------


def test_why_shows_the_arithmetic_to_the_last_digit(version, reported, district_head):
    score = expected_score(version)
    text = page(district_head, "place-why", "5712")
    for indicator in score.indicators:
        assert f"{indicator.level:f}" in text
        assert f"คิดเป็น {indicator.weighted:f}" in text
    total = sum(each.weight * each.score for each in score.dimensions)
    assert f"{total:,f}" in text
    assert "4 + (85 − 80) ÷ (90 − 80) = 4.5000" in text


def test_why_names_who_reported_when_and_from_where(six_months, district_head):
    rows = full_report("5712")
    report_and_approve(six_months, rows, at=minutes(5))
    text = page(district_head, "place-why", "5712")
    assert "กรอกในแบบฟอร์ม" in text
    assert "หมู่บ้านที่ผ่าน 85 · หมู่บ้านทั้งหมด 100" in text
    assert "20 มี.ค. 2566 09:05 น." in text


def test_why_draws_each_ladder_with_the_value_on_it(reported, district_head):
    text = page(district_head, "place-why", "5712")
    assert text.count('class="ladder"') == 4
    assert "style=" not in text


def test_why_json_is_enough_to_recompute_the_stars(version, reported, district_head):
    body = json.loads(body_of(answer(district_head, "place-why-json", "5712")))
    tree, score = body["explanation"], expected_score(version)
    assert (tree["stars"], tree["score"]) == (score.stars, str(score.score))
    assert body["as_of"] == "2023-03-31"
    parts = {
        each["code"]: Parts(
            Decimal(each["parts"]["numerator"]), Decimal(each["parts"]["denominator"])
        )
        for dimension in tree["dimensions"]
        for each in dimension["indicators"]
    }
    assert score_place(definition_of(version), parts) == score


def test_why_of_a_closed_round_names_the_version_that_scored_it(version, reported, district_head):
    close_round(reported, by=APPROVER, at=minutes(60))
    draft = new_draft(version.framework, by=APPROVER, at=minutes(61))
    later = publish_version(draft, by=APPROVER, at=minutes(62))
    text = page(district_head, "place-why", "5712", query="?round=6m")
    assert version.digest in text
    assert later.digest not in text
    assert "แบบทดสอบ รุ่นที่ 1" in text


def test_why_of_an_unstarred_place_says_what_lacks(version, district_head):
    text = page(district_head, "place-why", "5712")
    assert "ยังไม่ติดดาว เพราะยังไม่มีการรายงานในรอบนี้" in text


def test_indicator_page_shows_what_each_district_brings(reported, provincial_head):
    report_districts(reported, ["5701"], per_cent=100)
    text = page(provincial_head, "place-why-indicator", "57", "1.1")
    assert "ครบทั้ง 18 อำเภอ" in text
    assert text.index("เมืองเชียงราย</a>") < text.index("พญาเม็งราย</a>")
    assert "ร้อยละ 92.5" in text  # (100 + 85) ÷ 200
    rows = re.findall(r"<tr class=\"unreported\">", text)
    assert len(rows) == 16


def test_indicator_page_of_an_unknown_indicator_is_404(reported, district_head):
    answer(district_head, "place-why-indicator", "5712", "9.9", status=404)


# -- the next star --------------------------------------------------------------------------------


def test_next_star_shows_the_cheapest_plan_of_the_rules(version, reported, district_head):
    plan = next_star(definition_of(version), expected_score(version))
    assert plan.steps
    text = page(district_head, "place-next", "5712")
    for step in plan.steps:
        assert step.needs_th in text
    assert f"คะแนนจะเป็น {plan.score_after:f}" in text
    for each in plan.what_would_break_it:
        assert f"{each.level_after:.4f}" in text


def test_next_star_of_a_chosen_target(six_months, version, district_head):
    report_and_approve(six_months, full_report("5712", per_cent=55, step=2))
    plan = next_star(definition_of(version), expected_score(version, 55, 2), target=5)
    text = page(district_head, "place-next", "5712", query="?target=5")
    assert f"ไปถึง {plan.target} ดาว" in text
    assert all(step.needs_th in text for step in plan.steps)


def test_next_star_with_all_five_says_keep_them(six_months, district_head):
    report_and_approve(six_months, full_report("5712", per_cent=100, step=5))
    assert "ได้ครบห้าดาวแล้ว" in page(district_head, "place-next", "5712")


# -- papers and workbooks -------------------------------------------------------------------------


def test_pdf_holds_the_stars_and_what_they_stand_on(version, reported, district_head):
    response = answer(district_head, "place-pdf", "5712")
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(body_of(response)))
    assert 1 <= len(reader.pages) <= 2
    text = "".join(each.extract_text() for each in reader.pages)
    score = expected_score(version)
    assert format_decimal(score.score, 4) in text
    assert version.digest in text
    assert "2566" in text
    assert "filename*=UTF-8''" in response["Content-Disposition"]


def test_workbook_of_a_place_holds_every_indicator(reported, district_head):
    sheet = load_workbook(BytesIO(body_of(answer(district_head, "place-xlsx", "5712")))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(i for i, row in enumerate(cells) if row[1] == "รหัส")
    assert [row[1] for row in cells[head + 1 :]] == ["1.1", "1.2", "2.1", "2.2"]
    assert cells[head + 1][3] == 85
    assert sheet.freeze_panes == f"A{head + 2}"


def test_workbook_of_the_why_tree_holds_whole_dimensions_and_indicators(reported, district_head):
    content = body_of(answer(district_head, "place-why-xlsx", "5712"))
    sheet = load_workbook(BytesIO(content)).active
    kinds = [row[0].value for row in sheet.iter_rows()]
    assert kinds.count("มิติ") == 2
    assert kinds.count("ตัวชี้วัด") == 4
    assert kinds.count("ภาพรวม") == 1


def test_pages_speak_english_when_asked(reported, district_head):
    client = signed_in(district_head)
    client.cookies["django_language"] = "en"
    text = client.get(reverse("place", args=["5712"])).content.decode()
    assert "Phaya Mengrai" in text
    assert "4 stars: " in text


def test_round_can_be_chosen(version, reported, district_head):
    twelve = round_of(version, "12m")
    report_and_approve(twelve, full_report("5712", per_cent=60), at=minutes(60 * 24 * 190))
    assert "รอบ 12 เดือน" in page(district_head, "place", "5712")
    text = page(district_head, "place", "5712", query="?year=2566&round=6m")
    assert "ข้อมูล ณ วันที่ 31 มี.ค. 2566" in text
