"""What waits for me: the queue with what one decides by, decisions on exactly what was seen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.evidence.files import handed_in
from tests.indicators.frameworks import (
    START,
    dimension,
    full_report,
    minutes,
    published,
    ratio,
    report_and_approve,
    round_of,
    share,
    two_dimensions,
)
from tests.indicators.frameworks import report as reported_by
from tests.indicators.pages.conftest import answer, page
from tests.persons import make_person, signed_in
from tiddao.evidence.actions.proving import attach_evidence
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.actions.review import check_results, return_results
from tiddao.indicators.actions.rounds import close_round
from tiddao.indicators.actions.targets import set_target
from tiddao.indicators.models import Result
from tiddao.indicators.rules.scoring import Reported
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry
from tiddao.people.models import Role, Tenure

pytestmark = pytest.mark.django_db

report = partial(
    reported_by, by=Actor("user:999001", "นายสมมุติ รายงาน", "post:1 tambon_officer CDD-5712")
)
"""By somebody who is none of the readers."""


def decide(user, one, act: str, *results: str, status: int = 302, key: str = "57", **more) -> str:
    response = signed_in(user).post(
        reverse("review-decide", args=[key, one.pk]),
        {"do": act, "result": list(results)} | more,
        follow=status == 302,
    )
    assert response.status_code == (200 if status == 302 else status)
    return " ".join(response.content.decode().split())


def states() -> dict[str, str]:
    rows = Result.objects.filter(superseded_at__isnull=True)
    return dict(rows.values_list("indicator_code", "state"))


def box(text: str, key: str) -> str:
    """The check box of that result, as written; "" where there is none."""
    found = re.search(rf'<input[^>]*value="{re.escape(key)}"[^>]*>', text)
    return found[0] if found else ""


# -- what is shown ----------------------------------------------------------------------------------


def test_queue_shows_what_one_decides_by(version, provincial_head):
    earlier, one = round_of(version), round_of(version, "12m")
    report_and_approve(earlier, full_report("5712", per_cent=55))
    report(one, full_report("5712", per_cent=95), at=minutes(9))
    set_target(one.framework, "1.1", "5712", Decimal(80), by=SYSTEM, at=minutes(10))
    photo = handed_in(title="ภาพประชาคม", at=minutes(11))
    attach_evidence(
        photo.evidence_id, subject_kind="result", subject_key=f"{one.pk}:5712:1.1", place="5712",
        by=SYSTEM, at=minutes(12),
    )  # fmt: skip
    text = page(provincial_head, "review", "57", one.pk)
    row = text[text.index("1.1 ตัวชี้วัด 1.1") : text.index("1.2 ตัวชี้วัด 1.2")]
    for words in ("ร้อยละ 95", "ร้อยละ 55", "รอบ 6 เดือน 2566", "ร้อยละ 80", "ภาพประชาคม"):
        assert words in row
    assert reverse("evidence-thumbnail", args=[photo.evidence_id, 1]) in row
    assert "เพิ่มขึ้นมากจากครั้งก่อน" in row
    assert box(text, "5712:1.1:1").endswith('value="5712:1.1:1">')
    assert box(text, "5712:1.2:1").endswith(" checked>")  # nothing to ask about it


def test_queue_of_a_checker_and_of_strangers(six_months, district_head, stranger):
    report(six_months, full_report("5712"))
    text = page(district_head, "review", "5712", six_months.pk)
    assert "ทำเครื่องหมายว่าตรวจแล้ว" in text
    assert 'value="approve"' not in text
    answer(stranger, "review", "57", six_months.pk, status=404)
    officer = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    assert "ไม่มีผลที่รอท่านดำเนินการ" in page(officer, "review", "5712", six_months.pk)
    outsider = make_person(Role.DISTRICT_HEAD, "CDD-5713")
    answer(outsider, "review", "5712", six_months.pk, status=404)


def test_queue_filters_by_state_and_counts(six_months, provincial_head):
    report(six_months, full_report("5712"))
    report(six_months, full_report("5704"))
    check_results(six_months, {"5704"}, by=SYSTEM, at=minutes(3))
    text = page(provincial_head, "review", "57", six_months.pk, query="?state=checked")
    assert "5704:1.1:2" in text
    assert "5712:1.1" not in text
    assert "รอทั้งหมด 8" in text


def test_queue_costs_the_same_however_long(version, six_months, provincial_head):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(provincial_head, "review", "57", six_months.pk)
        return len(queries)

    report(six_months, full_report("5712")[:1])
    page(provincial_head, "review", "57", six_months.pk)
    few = cost()
    for code in ("5701", "5704", "5712"):
        report(six_months, full_report(code, per_cent=70), at=minutes(4))
    assert cost() == few


def test_queue_of_a_closed_round_is_read_only(six_months, executive, provincial_head):
    report(six_months, full_report("5712"))
    close_round(six_months, by=SYSTEM, at=minutes(5))
    text = page(provincial_head, "review", "57", six_months.pk)
    assert "ตรวจหรืออนุมัติไม่ได้" in text
    assert 'name="do"' not in text
    assert "รอบนี้ไม่ได้เปิด" in decide(provincial_head, six_months, "approve", "5712:1.1:1")


# -- decisions --------------------------------------------------------------------------------------


def test_chosen_results_alone_are_approved_and_one_entry_says_so(six_months, provincial_head):
    report(six_months, full_report("5712"), at=timezone.now() - timedelta(minutes=5))
    said = decide(provincial_head, six_months, "approve", "5712:1.1:1", "5712:2.1:1")
    assert "อนุมัติแล้ว 2 รายการ" in said
    assert states() == {
        "1.1": "approved",
        "1.2": "submitted",
        "2.1": "approved",
        "2.2": "submitted",
    }
    assert Entry.objects.filter(act="approve_results").count() == 1


def test_what_changed_since_it_was_seen_is_left_alone(six_months, provincial_head):
    at = timezone.now() - timedelta(minutes=5)
    report(six_months, full_report("5712"), at=at)
    report(six_months, [share("5712", "1.1", 60, 100)], at=at + timedelta(minutes=1))
    said = decide(provincial_head, six_months, "approve", "5712:1.1:1", "5712:2.1:1")
    assert "ข้ามไป 1 รายการ เพราะมีผู้แก้ไข" in said
    assert states()["1.1"] == "submitted"
    assert states()["2.1"] == "approved"


def test_ones_own_is_shown_without_a_box_and_never_taken(six_months, provincial_head):
    mine = Actor(f"user:{provincial_head.pk}", "", "")
    report(six_months, full_report("5712")[:2], at=timezone.now() - timedelta(minutes=5), by=mine)
    text = page(provincial_head, "review", "57", six_months.pk)
    assert "ท่านเป็นผู้รายงาน" in text
    assert box(text, "5712:1.1:1") == ""
    assert "ท่านเป็นผู้ส่งเอง" in decide(provincial_head, six_months, "approve", "5712:1.1:1")
    assert set(states().values()) == {"submitted"}


def test_returning_asks_for_a_reason_and_says_it_to_the_office(six_months, provincial_head):
    report(six_months, full_report("5712"), at=timezone.now() - timedelta(minutes=5))
    assert "โปรดบอกเหตุผล" in decide(provincial_head, six_months, "return", "5712:1.1:1", reason=" ")
    decide(provincial_head, six_months, "return", "5712:1.1:1", reason="ภาพไม่ใช่ของปีนี้")
    assert states()["1.1"] == "returned"
    head = make_person(Role.DISTRICT_HEAD, "CDD-5712")
    assert "ภาพไม่ใช่ของปีนี้" in page(head, "entry", "5712", six_months.pk)


@pytest.mark.parametrize(
    ("act", "results", "status"),
    [
        ("approve", ["5001:1.1:1"], 404),
        ("approve", ["5712"], 404),
        ("approve", ["5712:1.1:x"], 404),
        ("praise", ["5712:1.1:1"], 404),
    ],
)
def test_what_is_out_of_reach_or_malformed_is_not_there(
    six_months, provincial_head, act, results, status
):
    report(six_months, full_report("5712"))
    decide(provincial_head, six_months, act, *results, status=status)
    assert set(states().values()) == {"submitted"}


def test_a_checker_may_not_approve(six_months, district_head):
    report(six_months, full_report("5712"))
    decide(district_head, six_months, "approve", "5712:1.1:1", key="5712", status=403)
    assert set(states().values()) == {"submitted"}


def test_nothing_chosen_is_said(six_months, provincial_head):
    assert "ยังไม่ได้เลือกผล" in decide(provincial_head, six_months, "approve")


@pytest.mark.parametrize(("begins", "ends", "may"), [(-5, 5, True), (-9, -1, False), (1, 9, False)])
def test_an_acting_head_decides_on_the_days_of_the_order_alone(six_months, begins, ends, may):
    today = timezone.localdate()
    report(six_months, full_report("5712"), at=timezone.now() - timedelta(minutes=5))
    acting = make_person(
        Role.PROVINCIAL_HEAD, "CDD-57", tenure=Tenure.ACTING,
        held_from=today + timedelta(days=begins), held_to=today + timedelta(days=ends),
    )  # fmt: skip
    decide(acting, six_months, "approve", "5712:1.1:1", status=302 if may else 404)
    assert states()["1.1"] == ("approved" if may else "submitted")
    if may:
        assert "provincial_head CDD-57" in Entry.objects.get(act="approve_results").post


# -- a checked score --------------------------------------------------------------------------------


@pytest.fixture
def judged(db):
    """A round with one rubric, reported by the office at 4."""
    rubric = ratio(
        "1.1", kind="rubric", rollup="mean", factor=Decimal(1), minimum=Decimal(1),
        maximum=Decimal(5), ladder=replace(ratio("x").ladder, levels=tuple(map(Decimal, range(1, 6)))),
        numerator_th="", denominator_th="", base_th="", steps_th=("ก", "ข", "ค", "ง", "จ"),
    )  # fmt: skip
    one = round_of(published(two_dimensions(dimensions=(dimension("1", rubric),))))
    row = ResultRow("5712", "1.1", Reported(self_score=Decimal(4)))
    report(one, [row], at=timezone.now() - timedelta(minutes=5))
    return one


@pytest.mark.parametrize(
    ("typed", "state", "words"),
    [
        ("3.5", "checked", "บันทึกคะแนนที่ผู้ตรวจให้แล้ว"),
        ("6", "submitted", "1 ถึง 5"),
        ("", "submitted", "1 ถึง 5"),
    ],
)
def test_a_checked_score_stands_beside_the_offices_own(
    judged, provincial_head, typed, state, words
):
    text = page(provincial_head, "review", "57", judged.pk)
    assert "คะแนนที่ผู้ตรวจให้" in text
    said = decide(provincial_head, judged, "", judge="5712:1.1:1", **{"5712-1.1-score": typed})
    assert words in said
    found = Result.objects.get(superseded_at=None)
    assert (found.state, found.self_score) == (state, Decimal(4))
    assert found.checked_score == (Decimal("3.5") if state == "checked" else None)


# -- the home page ----------------------------------------------------------------------------------


def test_home_counts_what_waits_and_leads_straight_there(
    six_months, provincial_head, district_head
):
    report(six_months, full_report("5712"))
    report(six_months, [share("5704", "1.1", 5, 10)], at=START)
    queue = reverse("review", args=["57", six_months.pk])
    home = signed_in(provincial_head).get("/").content.decode()
    assert f'href="{queue}"' in home
    assert "5 รายการรอท่านตรวจหรืออนุมัติ" in home
    checking = signed_in(district_head).get("/").content.decode()
    assert f'href="{reverse("review", args=["5712", six_months.pk])}"' in checking
    assert "4 รายการรอท่านตรวจหรืออนุมัติ" in checking
    check_results(six_months, {"5712"}, by=SYSTEM, at=minutes(2))
    return_results(six_months, {"5712"}, indicators={"2.2"}, reason="ผิดปี", by=SYSTEM, at=minutes(3))
    checking = signed_in(district_head).get("/").content.decode()
    assert "รอท่านตรวจหรืออนุมัติ" not in checking
    assert "1 รายการถูกส่งคืนให้ท่านแก้ไข" in checking
    assert f'href="{reverse("entry", args=["5712", six_months.pk])}"' in checking


def test_home_of_a_stranger_counts_nothing_of_theirs(six_months, stranger):
    report(six_months, full_report("5712"))
    assert "รอท่านตรวจหรืออนุมัติ" not in signed_in(stranger).get("/").content.decode()
