"""Targets handed down in the browser: what is shown, tried out, sent, answered and hidden."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.indicators.frameworks import dimension, milestone, published, ratio, two_dimensions
from tests.indicators.test_cascade import households
from tests.persons import signed_in
from tiddao.indicators.models import Target, TargetAnswer, TargetPart, TargetSplit
from tiddao.ledger.models import Entry

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def framework():
    return published(
        two_dimensions(
            dimensions=(
                dimension("1", households("1.1"), ratio("1.2")),
                dimension("2", milestone("2.1"), ratio("2.2")),
            )
        )
    ).framework


def shown(person, path):
    response = signed_in(person).get(path)
    assert response.status_code == 200
    return response.content.decode()


def address(framework, place="57", indicator="1.1"):
    return reverse("target", args=[place, framework.code, framework.fiscal_year, indicator])


def posted(framework, place="57", **typed):
    codes = [f"{place}{n:02}" for n in range(1, 19)]
    return {
        "method": "equal",
        "base": "reported",
        "depth": 1,
        "whole": "180",
        **{f"part-{code}": "" for code in codes},
        **typed,
    }


def test_trying_out_writes_nothing_and_sending_is_one_act(framework, provincial_head):
    client = signed_in(provincial_head)
    tried = client.post(address(framework), posted(framework, whole="๑๘๕", act="try"))
    text = tried.content.decode()
    assert tried.status_code == 200
    assert not TargetSplit.objects.exists()
    assert "ทดลองแบ่ง ยังไม่ส่ง: เป้าหมายรวม 185" in text
    assert len(re.findall(r"<strong>11</strong>", text)) == 5  # 185 = 18·10 + 5
    entries = Entry.objects.count()
    sent = client.post(address(framework), posted(framework, whole="๑๘๕", act="send"), follow=True)
    assert "ถ่ายทอดให้ 18 พื้นที่แล้ว" in sent.content.decode()
    assert (
        sum(Target.objects.filter(place__level="district").values_list("value", flat=True)) == 185
    )
    assert Entry.objects.count() == entries + 1


def test_a_locked_part_stays_and_a_wrong_sum_by_hand_says_by_how_much(framework, provincial_head):
    client = signed_in(provincial_head)
    locked = {"part-5712": "95", "lock-5712": "on"}
    text = client.post(address(framework), posted(framework, act="try", **locked)).content.decode()
    assert "<strong>95</strong>" in text
    assert len(re.findall(r"<strong>5</strong>", text)) == 17  # (180 − 95) ÷ 17
    by_hand = {f"part-57{n:02}": "9" for n in range(1, 19)}
    refused = client.post(
        address(framework), posted(framework, method="hand", act="send", **by_hand)
    )
    assert refused.status_code == 422
    assert "ผลรวมที่กำหนดเองไม่เท่ากับเป้าหมายทั้งหมด · ขาดอยู่ 18" in refused.content.decode()
    missing = client.post(address(framework), posted(framework, method="hand", act="send"))
    assert "กรอกเป้าหมายของพื้นที่นี้" in missing.content.decode()
    assert not Target.objects.exists()


def test_the_receiver_acknowledges_or_objects_and_the_sender_sees_it(
    framework, provincial_head, district_head
):
    signed_in(provincial_head).post(address(framework), posted(framework, act="send"))
    part = TargetPart.objects.get(place="5712")
    client = signed_in(district_head)
    mine = shown(district_head, reverse("targets", args=["5712"]))
    assert "มีเป้าหมาย 1 รายการรอคำตอบ" in mine
    answer = reverse("target-answer", args=["5712"])
    no_reason = client.post(answer, {"part": part.pk, "answer": "objected"}, follow=True)
    assert "การขอทบทวนต้องระบุเหตุผล" in no_reason.content.decode()
    client.post(answer, {"part": part.pk, "answer": "objected", "reason": "ครัวเรือนไม่ถึง"})
    assert TargetAnswer.objects.get().reason == "ครัวเรือนไม่ถึง"
    assert "ครัวเรือนไม่ถึง" in shown(provincial_head, address(framework))
    board = shown(provincial_head, reverse("targets", args=["57"]))
    assert "รับทราบ 0 · ขอทบทวน 1 · ยังไม่ตอบ 17" in board


def test_rights_of_targets(framework, provincial_head, district_head, stranger):
    signed_in(provincial_head).post(address(framework), posted(framework, act="send"))
    other = TargetPart.objects.get(place="5701")
    for path in (reverse("targets", args=["57"]), address(framework)):
        assert signed_in(stranger).get(path).status_code == 404
        assert signed_in(district_head).get(path).status_code == 404
    client = signed_in(district_head)
    answer = {"part": other.pk, "answer": "acknowledged"}
    assert client.post(reverse("target-answer", args=["5701"]), answer).status_code == 404
    assert client.post(reverse("target-answer", args=["5712"]), answer).status_code == 404
    own = address(framework, "5712")
    assert "ถ่ายทอดเป้าหมาย" in shown(district_head, own)
    assert signed_in(stranger).post(own, {}).status_code == 404
    assert not TargetAnswer.objects.exists()


def test_pages_of_targets_cost_the_same_with_one_sent_or_many(framework, provincial_head):
    client = signed_in(provincial_head)
    board = reverse("targets", args=["57"])

    def cost(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    client.post(address(framework), posted(framework, act="send"))
    once = cost(board), cost(address(framework))
    for indicator in ("1.2", "2.2"):
        client.post(
            address(framework, indicator=indicator), posted(framework, whole="80", act="send")
        )
    split = TargetSplit.objects.get(indicator_code="1.1")
    client.post(
        address(framework),
        posted(framework, whole="190", act="send", expected=split.pk, reason="งบเพิ่ม"),
    )
    assert TargetSplit.objects.count() == 4
    assert (cost(board), cost(address(framework))) == once
    assert max(once) <= 25


def test_what_waits_stands_on_the_home_page_of_who_is_to_act(
    framework, provincial_head, district_head, stranger
):
    home = reverse("home")
    assert "เป้าหมายที่รอท่านดำเนินการ" not in shown(district_head, home)
    signed_in(provincial_head).post(address(framework), posted(framework, act="send"))
    assert "เป้าหมาย 1 รายการ รออำเภอพญาเม็งรายรับทราบหรือขอทบทวน" in shown(district_head, home)
    part = TargetPart.objects.get(place="5712")
    answer = {"part": part.pk, "answer": "objected", "reason": "ครัวเรือนไม่ถึง"}
    signed_in(district_head).post(reverse("target-answer", args=["5712"]), answer)
    assert "เป้าหมายที่รอท่านดำเนินการ" not in shown(district_head, home)
    page = shown(provincial_head, home)
    assert "มีคำขอทบทวน 1 รายการ ต่อเป้าหมายที่จังหวัดเชียงรายถ่ายทอด" in page
    assert f'href="{reverse("targets", args=["57"])}"' in page
    assert "เป้าหมายที่รอท่านดำเนินการ" not in shown(stranger, home)


def test_targets_as_json_say_what_was_got_sent_and_answered(
    framework, provincial_head, district_head, stranger
):
    signed_in(provincial_head).post(address(framework), posted(framework, act="send"))
    part = TargetPart.objects.get(place="5712")
    answer = {"part": part.pk, "answer": "objected", "reason": "ครัวเรือนไม่ถึง"}
    signed_in(district_head).post(reverse("target-answer", args=["5712"]), answer)
    asked = {"year": framework.fiscal_year, "framework": framework.code}
    board = signed_in(provincial_head).get("/api/v1/places/57/targets", asked).json()
    row = next(each for each in board["targets"] if each["indicator"] == "1.1")
    assert D(row["target"]) == 180
    assert row["right_below"] == {"acknowledged": 0, "objected": 1, "silent": 17}
    mine = signed_in(district_head).get("/api/v1/places/5712/targets", asked).json()
    got = next(each for each in mine["targets"] if each["indicator"] == "1.1")["received"]
    assert (got["giver"], D(got["value"]), got["answer"]) == ("57", 10, "objected")
    path = f"/api/v1/places/57/targets/{framework.fiscal_year}/{framework.code}/1.1"
    (split,) = signed_in(provincial_head).get(path).json()["splits"]
    assert sum(D(each["value"]) for each in split["parts"]) == D(split["whole"]) == 180
    assert {each["answer"] for each in split["parts"]} == {"objected", "silent"}
    assert signed_in(provincial_head).get(path.replace("1.1", "9.9")).status_code == 404
    for address_of in ("/api/v1/places/57/targets", path):
        assert signed_in(stranger).get(address_of, asked).status_code in {404, 422}
    assert signed_in(stranger).get(path).status_code == 404
    assert signed_in(provincial_head).get(path + "?what=1").status_code == 422
