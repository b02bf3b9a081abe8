"""The pages of deadlines: what they show, what they cost, what they hide, and who may do what."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budget.cgd_files import week
from tests.budget.deadlines.acting import a_deadline, some_money
from tests.budget.weeks import EVERY_SHEET, NEXT_WEEK, given_up_later, second_week, take_in
from tests.persons import make_person, signed_in
from tiddao.budget.actions.boards import take_week
from tiddao.budget.actions.help import ask_help, pass_up_help
from tiddao.budget.models import Board, CatchUpPlan, HelpRequest, SpendingDeadline
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry
from tiddao.people.models import Role
from tiddao.ui.registry import HomePanel, home_panels

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 22, 3, tzinfo=UTC)  # Thursday 22 January 2569, 10:00 in Thailand
TODAY = date(2026, 1, 22)
SUNDAY = date(2026, 5, 31)
FRIDAY = date(2026, 5, 29)
WEEK_ONE, WEEK_TWO = date(2026, 1, 16), date(2026, 1, 23)
ACTOR = Actor("user:900009", "ผู้อื่น")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def finance_officer(db):
    return make_person(Role.FINANCE_OFFICER, "CDD-5712", name="นางสาวสมมุติ พญาเม็งรายการเงิน")


@pytest.fixture(scope="module")
def money(django_db_setup, django_db_blocker):
    """Made once for this file's tests, as is the deadline; what a test does, it undoes."""
    with given_up_later(django_db_blocker):
        some_money("CDD-5712", on=TODAY)
        some_money("CDD-5713", on=TODAY, spent="900000.00")
        some_money("CDD-57", on=TODAY, allotted="4000000.00", spent="100.00")
        some_money("CDD-5001", on=TODAY, spent="500000.00")
        a_deadline("th", day=SUNDAY, year=FiscalYear(2569), name_th="เร่งรัดครึ่งปีหลัง")
        yield


@pytest.fixture
def deadline(money, db) -> SpendingDeadline:
    return SpendingDeadline.objects.get(name_th="เร่งรัดครึ่งปีหลัง")


@pytest.fixture(scope="class")
def two_weeks(money, django_db_blocker):
    """The boards of two weeks, the first kept late, taken once for the tests of a class."""
    with given_up_later(django_db_blocker):
        take_week(WEEK_ONE, by=SYSTEM, at=NOW)
        take_week(WEEK_TWO, by=SYSTEM, at=datetime(2026, 1, 23, 12, tzinfo=UTC))
        yield


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def plan_page(deadline, place="5712"):
    return reverse("plan", args=[deadline.pk, place])


def typed(client, deadline, place="5712", **changes):
    """The form as it comes, with reasons and words filled in."""
    page = client.get(reverse("plan-write", args=[deadline.pk, place]))
    assert page.status_code == 200, words(page)
    form = page.context["form"]
    said = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    said = {name: value for name, value in said.items() if value not in (None, "")}
    said = {n: str(v) if isinstance(v, Decimal) else v for n, v in said.items()}
    return said | {"reasons": ["procurement"], "words": "รอตรวจรับงวดสุดท้าย"} | changes


def write(client, deadline, place="5712", **changes):
    said = typed(client, deadline, place, **changes)
    return client.post(reverse("plan-write", args=[deadline.pk, place]), said)


def newest(place="5712") -> CatchUpPlan:
    return CatchUpPlan.objects.filter(place=place).latest("version")


def seen(plan) -> dict[str, str]:
    return {"seen": plan.at.isoformat()}


# -- who sees what --------------------------------------------------------------------------------


def test_everybody_sees_a_national_deadline_at_their_own_place_only(
    deadline, provincial_head, district_head, stranger, executive
):
    address = reverse("deadline", args=[deadline.pk])
    own = words(signed_in(provincial_head).get(address))
    assert "จังหวัดเชียงราย" in own
    assert "เชียงใหม่" not in own
    district = words(signed_in(district_head).get(address))
    assert "อำเภอพญาเม็งราย" in district
    assert "อำเภอเวียงแก่น" not in district
    theirs = words(signed_in(stranger).get(address))
    assert "จังหวัดเชียงใหม่" in theirs
    assert "เชียงราย" not in theirs
    nation = words(signed_in(executive).get(address))
    assert "จังหวัดเชียงราย" in nation
    assert "จังหวัดเชียงใหม่" in nation


@pytest.mark.parametrize(
    ("address", "head", "district", "other"),
    [
        ("/places/57/money/deadlines/", 200, 404, 404),
        ("/places/5712/money/deadlines/", 200, 200, 404),
        ("/places/571203/money/deadlines/", 200, 200, 404),
        ("/places/zone-57-ing-su-khong/money/deadlines/", 200, 404, 404),
        ("/places/th/money/deadlines/", 404, 404, 404),
        ("/places/57/money/boards/", 200, 404, 404),
        ("/places/57/money/deadlines/new/", 200, 404, 404),
        ("/places/5712/money/deadlines/new/", 200, 403, 404),
        ("/deadlines/{id}/?place=57", 200, 404, 404),
        ("/deadlines/{id}/?place=th", 404, 404, 404),
        ("/deadlines/{id}/plans/5712/", 200, 200, 404),
        ("/deadlines/{id}/plans/57/", 200, 404, 404),
        ("/deadlines/{id}/plans/571203/", 404, 404, 404),
        ("/deadlines/{id}/move/", 404, 404, 404),
        ("/deadlines/{id}/end/", 404, 404, 404),
        ("/deadlines/999999/", 404, 404, 404),
        ("/boards/999999/", 404, 404, 404),
    ],
)
def test_three_people_at_every_address(
    deadline, provincial_head, district_head, stranger, address, head, district, other
):
    address = address.format(id=deadline.pk)
    for person, expected in ((provincial_head, head), (district_head, district), (stranger, other)):
        response = signed_in(person).get(address)
        assert response.status_code == expected, person.name_th
        if expected == 404:
            assert "เร่งรัดครึ่งปีหลัง" not in words(response)


def test_provinces_own_deadline_is_no_business_of_another(money, provincial_head, stranger):
    own = a_deadline("57", day=SUNDAY, year=FiscalYear(2569), name_th="กำหนดของเชียงราย")
    assert signed_in(provincial_head).get(reverse("deadline", args=[own.pk])).status_code == 200
    assert signed_in(stranger).get(reverse("deadline", args=[own.pk])).status_code == 404
    assert "กำหนดของ" not in words(signed_in(stranger).get("/places/50/money/deadlines/"))


# -- countdown and board --------------------------------------------------------------------------


def test_countdown_ends_on_the_friday_before_the_sunday_with_the_holidays_named(
    deadline, provincial_head
):
    page = words(signed_in(provincial_head).get("/places/57/money/deadlines/"))
    assert "วันศุกร์ที่ 29 พ.ค. 2569" in page
    assert "วันที่ 31 พ.ค. 2569 ตรงกับวัน" in page
    assert "วันมาฆบูชา" in page
    assert "วันสงกรานต์" in page


def test_on_the_last_days_money_stands_first_on_the_home_page(deadline, district_head, monkeypatch):
    other = HomePanel(
        "other",
        "ui/components/empty.html",
        lambda _request: {"title": "เรื่องอื่นที่รอ", "text": "", "href": "", "label": ""},
        1,
    )
    card = next(each for each in home_panels if each.code == "deadlines")
    monkeypatch.setattr("tiddao.people.views.home.home_panels", [other, card])
    early = words(signed_in(district_head).get("/"))
    assert early.index(other_title := "เรื่องอื่นที่รอ") < early.index(deadline.name_th)
    wednesday = datetime(2026, 5, 27, 9, tzinfo=UTC)  # 16:00 in Thailand, two days before Friday
    monkeypatch.setattr("django.utils.timezone.now", lambda: wednesday)
    late = words(signed_in(district_head).get("/"))
    assert late.index(deadline.name_th) < late.index(other_title)


def test_seed_text_b_on_the_page(monkeypatch):
    """24 ม.ค. 2562, 33.28 %: elapsed 31.8 %, Friday 29 March, 45 working days, 1.48 points a day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2019, 1, 24, 3, tzinfo=UTC))
    head = make_person(Role.PROVINCIAL_HEAD, "CDD-57", name="ผู้ดูแลสมมุติ", held_from=date(2018, 10, 1))
    some_money("CDD-5712")
    a_deadline()
    page = words(signed_in(head).get("/places/57/money/deadlines/"))
    assert "เร่งรัดการเบิกจ่ายให้แล้วเสร็จภายใน 31 มีนาคม 2562" in page
    assert "ร้อยละ 33.28" in page
    assert "ปีงบประมาณผ่านไปแล้วร้อยละ 31.8" in page
    assert "ให้เสร็จภายในวันศุกร์ที่ 29 มี.ค. 2562 (วันที่ 31 มี.ค. 2562 ตรงกับวันอาทิตย์)" in page
    assert "45 วันทำการ" in page
    assert "66 วันตามปฏิทิน" in page
    assert "19 ก.พ. 2562 · วันมาฆบูชา" in page
    assert "1.48 จุด" in page
    assert "667,200 บาท" in page


def test_board_ranks_with_their_universe_and_order_and_names_those_without_data(
    deadline, provincial_head
):
    client = signed_in(provincial_head)
    page = words(client.get("/places/57/money/deadlines/"))
    assert "18 อำเภอ และ สำนักงานพัฒนาชุมชนจังหวัดเชียงราย" in page
    assert "ยังไม่มีข้อมูล 16 หน่วยงาน" in page
    assert "ไม่ใช่ศูนย์ และไม่จัดอันดับ" in page
    assert "ควรช่วยใครก่อน (ข้อเสนอ)" in page
    by_rank = client.get(f"/deadlines/{deadline.pk}/?place=57&order=rank")
    names = [row.row.name for row in by_rank.context["rows"]]
    assert names[:3] == ["สำนักงานพัฒนาชุมชนจังหวัดเชียงราย", "อำเภอพญาเม็งราย", "อำเภอเวียงแก่น"]
    assert [row.row.rank for row in by_rank.context["rows"]][:4] == [1, 2, 3, None]


def test_whoever_asks_for_help_stands_first(deadline, provincial_head):
    ask_help(deadline.pk, "5713", "ขาดผู้ตรวจรับ", by=ACTOR, at=NOW)
    rows = signed_in(provincial_head).get(f"/deadlines/{deadline.pk}/").context["rows"]
    assert rows[0].row.unit == "5713"
    assert rows[0].row.step == "asks"


def test_chances_come_from_the_newest_kept_board_with_its_day(deadline, provincial_head):
    client = signed_in(provincial_head)
    assert "จะแสดงเมื่อเก็บกระดาน" in words(client.get("/places/57/money/deadlines/"))
    take_week(date(2026, 1, 16), by=SYSTEM, at=NOW)
    page = client.get("/places/57/money/deadlines/")
    assert "มาจากกระดานที่เก็บไว้เมื่อ 16 ม.ค. 2569" in words(page)


def test_board_as_a_workbook_holds_every_unit(deadline, provincial_head):
    response = signed_in(provincial_head).get(
        reverse("deadline-xlsx", args=[deadline.pk]), {"place": "57", "order": "rank"}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[2] and str(row[2])[:2] == "57"]
    assert len(rows) == 18 + 1 + 1
    assert [row[0] for row in rows][:4] == [None, 1, 2, 3]


def test_nations_board_counts_the_plans_below_each_province(deadline, executive, finance_officer):
    write(signed_in(finance_officer), deadline, submit="1")
    rows = signed_in(executive).get(f"/deadlines/{deadline.pk}/").context["rows"]
    of_57 = next(row.row for row in rows if row.row.unit == "57")
    assert (of_57.plans_waiting, of_57.plans_in_force) == (1, 0)
    passed = ask_help(deadline.pk, "5713", "ขาดผู้ตรวจรับ", by=ACTOR, at=NOW)
    pass_up_help(passed.pk, seen="57", by=ACTOR, at=NOW)
    rows = signed_in(executive).get(f"/deadlines/{deadline.pk}/").context["rows"]
    assert (rows[0].row.unit, rows[0].row.said.asks_help) == ("57", True)


# -- setting and moving ---------------------------------------------------------------------------


def test_executive_sets_for_the_nation_and_the_head_for_the_province(
    money, executive, provincial_head
):
    said = {
        "name_th": "เร่งรัดไตรมาสสอง", "day": "31/3/2569", "goal": "54", "basis": "used",
        "spending": "total", "fund": "", "source": "ว 7/2569",
    }  # fmt: skip
    before = SpendingDeadline.objects.count()
    for person, place in ((executive, "th"), (provincial_head, "57")):
        response = signed_in(person).post(reverse("deadline-new", args=[place]), said)
        made = SpendingDeadline.objects.filter(place=place).latest("pk")
        assert response.url == reverse("deadline", args=[made.pk])
        assert (made.day, made.goal, made.fiscal_year) == (date(2026, 3, 31), 54, 2569)
    without = signed_in(executive).post(reverse("deadline-new", args=["th"]), said | {"source": ""})
    assert without.status_code == 422
    again = signed_in(executive).post(reverse("deadline-new", args=["th"]), said)
    assert "มีกำหนดเดียวกันในวันนี้อยู่แล้ว" in words(again)
    assert SpendingDeadline.objects.count() == before + 2


def test_moving_shows_its_history_and_the_second_person_is_told(deadline, executive):
    client = signed_in(executive)
    address = reverse("deadline-move", args=[deadline.pk])
    said = {"day": "30/6/2569", "source": "ว 9/2569", "seen": "2026-05-31"}
    assert client.get(address).status_code == 200
    page = words(client.post(address, said, follow=True))
    assert "ประวัติการเลื่อนกำหนด" in page
    assert "31 พ.ค. 2569" in page
    assert "ว 9/2569" in page
    late = words(client.post(address, said | {"day": "31/7/2569"}, follow=True))
    assert "มีผู้อื่นเลื่อนกำหนดเป็น 30 มิ.ย. 2569" in late
    ended = client.post(
        reverse("deadline-end", args=[deadline.pk]),
        {"reason": "ยกเลิกตาม ว 10", "seen": "2026-06-30"},
        follow=True,
    )
    assert "ยกเลิกตาม ว 10" in words(ended)


# -- plans ----------------------------------------------------------------------------------------


def test_officer_writes_the_head_approves_and_the_board_says_so(
    deadline, finance_officer, district_head, provincial_head
):
    officer, head = signed_in(finance_officer), signed_in(district_head)
    response = write(officer, deadline)
    assert response.url == plan_page(deadline)
    draft = newest()
    assert sum(week.amount for week in draft.weeks.all()) == Decimal("667200.00")
    assert draft.weeks.latest("until").until == FRIDAY
    officer.post(reverse("plan-submit", args=[draft.pk]), seen(draft))
    waiting = newest()
    assert waiting.state == "submitted"
    assert officer.post(reverse("plan-approve", args=[draft.pk]), seen(waiting)).status_code == 403
    home = words(head.get("/"))
    assert "แผนรอท่านพิจารณา" in home
    page = words(head.get(plan_page(deadline)))
    assert "รอตรวจรับงวดสุดท้าย" in page
    assert "เห็นชอบ" in page
    head.post(reverse("plan-approve", args=[draft.pk]), seen(waiting) | {"words": "ดำเนินการ"})
    assert newest().state == "approved"
    assert "แผนรอท่านพิจารณา" not in words(head.get("/"))
    board = words(signed_in(provincial_head).get("/places/57/money/deadlines/"))
    assert "อนุมัติแล้ว" in board or "เห็นชอบแล้ว" in board
    acts = Entry.objects.filter(on__startswith=f"deadline:{deadline.pk}/plan:")
    assert list(acts.order_by("id").values_list("act", flat=True)) == [
        "write_plan", "submit_plan", "approve_plan",
    ]  # fmt: skip


def test_nobody_decides_on_their_own_plan_and_the_page_says_who_does(
    deadline, district_head, provincial_head
):
    head = signed_in(district_head)
    write(head, deadline, submit="1")
    plan = newest()
    page = words(head.get(plan_page(deadline)))
    assert "จึงต้องให้หัวหน้าคนอื่นพิจารณา" in page
    assert (
        reverse("plan-approve", args=[plan.pk])
        not in head.get(plan_page(deadline)).content.decode()
    )
    for act in ("plan-approve", "plan-return"):
        refused = head.post(reverse(act, args=[plan.pk]), seen(plan) | {"words": "ก"})
        assert refused.status_code == 403
        assert "แผนนี้เป็นของท่านเอง" in words(refused)
    assert newest().state == "submitted"
    assert "แผนรอหัวหน้าคนอื่นพิจารณา" in words(head.get("/"))
    other = signed_in(provincial_head)
    other.post(reverse("plan-approve", args=[plan.pk]), seen(plan))
    assert newest().state == "approved"


def test_returned_plan_comes_back_with_its_words_as_the_next_version(
    deadline, finance_officer, district_head
):
    officer, head = signed_in(finance_officer), signed_in(district_head)
    write(officer, deadline, submit="1")
    plan = newest()
    without = words(head.post(reverse("plan-return", args=[plan.pk]), seen(plan), follow=True))
    assert "เขียนเหตุผล" in without
    head.post(reverse("plan-return", args=[plan.pk]), seen(plan) | {"words": "ขอสัญญาแนบ"})
    assert "แผนถูกส่งคืน" in words(officer.get("/"))
    form = officer.get(reverse("plan-write", args=[deadline.pk, "5712"])).context["form"]
    assert form.initial["words"] == "รอตรวจรับงวดสุดท้าย"
    write(officer, deadline)
    assert (newest().version, newest().state) == (2, "draft")
    page = words(officer.get(plan_page(deadline)))
    assert "ฉบับที่ 1: " in page
    assert "ขอสัญญาแนบ" in page


def test_plan_that_falls_short_needs_a_reason_at_its_field(deadline, finance_officer):
    officer = signed_in(finance_officer)
    last = f"amount-{FRIDAY.isoformat()}"
    short = write(officer, deadline, **{last: "1.00"})
    assert short.status_code == 422
    assert "แผนรายสัปดาห์ยังไม่ครอบคลุมเงินที่ขาด" in words(short)
    assert not CatchUpPlan.objects.exists()
    write(officer, deadline, **{last: "1.00", "leaves_why": "ผู้รับจ้างขอขยายเวลา"})
    assert newest().leaves > 0
    assert "ผู้รับจ้างขอขยายเวลา" in words(officer.get(plan_page(deadline)))


def test_the_second_writer_sees_both_and_decides(
    monkeypatch, deadline, finance_officer, district_head
):
    officer, head = signed_in(finance_officer), signed_in(district_head)
    mine = typed(officer, deadline, words="ของเจ้าหน้าที่")
    write(head, deadline, words="ของหัวหน้า")
    told = officer.post(reverse("plan-write", args=[deadline.pk, "5712"]), mine)
    assert told.status_code == 409
    page = words(told)
    assert "ของเจ้าหน้าที่" in page
    assert "ของหัวหน้า" in page
    assert district_head.name_th in page
    assert newest().words == "ของหัวหน้า"
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 1, 22, 4, tzinfo=UTC))
    again = mine | {"seen": told.context["form"].data["seen"]}
    officer.post(reverse("plan-write", args=[deadline.pk, "5712"]), again)
    assert newest().words == "ของเจ้าหน้าที่"
    assert len(newest().writers) == 2


def test_stale_decision_is_told_and_nothing_is_done(deadline, finance_officer, district_head):
    write(signed_in(finance_officer), deadline, submit="1")
    plan = newest()
    head = signed_in(district_head)
    for stale in ({"seen": "2026-01-01T00:00:00+00:00"}, {"seen": "x"}, {}):
        page = head.post(reverse("plan-approve", args=[plan.pk]), stale, follow=True)
        assert "แผนเปลี่ยนไปหลังจากที่ท่านเปิดหน้านี้" in words(page)
    assert newest().state == "submitted"


def test_no_plan_where_the_book_is_empty_or_the_goal_reached(deadline, provincial_head):
    client = signed_in(provincial_head)
    some_money("CDD-5714", on=TODAY, spent="1000000.00")
    for place, why in (("5701", "ยังไม่มีตัวเลข"), ("5714", "ถึงเป้าหมายแล้ว")):
        page = client.get(reverse("plan-write", args=[deadline.pk, place]), follow=True)
        assert why in words(page)


def test_who_may_not_write_is_told_no(deadline, stranger, executive):
    address = reverse("plan-write", args=[deadline.pk, "5712"])
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(executive).get(address).status_code == 403
    auditor = make_person(Role.AUDITOR, "CDD-57")
    assert signed_in(auditor).get(address).status_code == 403
    assert signed_in(auditor).get(plan_page(deadline)).status_code == 200


# -- help -----------------------------------------------------------------------------------------


def test_help_is_asked_passed_up_and_answered_on_the_pages(
    deadline, finance_officer, provincial_head, executive, stranger
):
    officer, head, centre = (signed_in(p) for p in (finance_officer, provincial_head, executive))
    officer.post(reverse("help-ask", args=[deadline.pk, "5712"]), {"words": "ขอช่างตรวจรับหนึ่งคน"})
    asked = HelpRequest.objects.get()
    assert "ขอช่างตรวจรับหนึ่งคน" in words(head.get("/"))
    outside = signed_in(stranger)
    assert outside.post(reverse("help-answer", args=[asked.pk]), {"words": "ก"}).status_code == 404
    assert officer.post(reverse("help-answer", args=[asked.pk]), {"words": "ก"}).status_code == 403
    head.post(reverse("help-pass-up", args=[asked.pk]), {"seen": "57"})
    assert "ขอช่างตรวจรับหนึ่งคน" in words(centre.get("/"))
    late = head.post(reverse("help-answer", args=[asked.pk]), {"words": "ก", "seen": "57"})
    assert late.status_code == 403, "it is the department's turn now"
    centre.post(reverse("help-answer", args=[asked.pk]), {"words": "ส่งช่างวันจันทร์", "seen": "th"})
    page = words(officer.get(plan_page(deadline)))
    assert "ส่งช่างวันจันทร์" in page
    officer.post(reverse("help-close", args=[asked.pk]))
    asked.refresh_from_db()
    assert asked.state == "closed"


# -- what it costs --------------------------------------------------------------------------------


def cost(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_board_costs_the_same_for_one_unit_and_for_many(deadline, provincial_head, finance_officer):
    client = signed_in(provincial_head)
    addresses = (f"/deadlines/{deadline.pk}/?place=57", "/places/57/money/deadlines/")
    take_week(date(2026, 1, 16), by=SYSTEM, at=NOW)
    write(signed_in(finance_officer), deadline, submit="1")
    ask_help(deadline.pk, "5713", "ก", by=ACTOR, at=NOW)
    first = [cost(client, each) for each in addresses]
    for code in ("5701", "5702", "5703"):
        some_money(f"CDD-{code}", on=TODAY)
        ask_help(deadline.pk, code, "ก", by=ACTOR, at=NOW)
        write(client, deadline, code, submit="1")
    assert [cost(client, each) for each in addresses] == first
    assert max(first) < 60


def test_home_costs_the_same_for_one_waiting_plan_and_for_three(
    deadline, provincial_head, district_head
):
    client = signed_in(provincial_head)
    for code in ("5701", "5702", "5703"):
        some_money(f"CDD-{code}", on=TODAY)
    other = signed_in(make_person(Role.PROVINCIAL_HEAD, "CDD-57"))
    write(other, deadline, "5701", submit="1")
    ask_help(deadline.pk, "5701", "ก", by=ACTOR, at=NOW)
    first = cost(client, "/")
    for code in ("5702", "5703"):
        write(other, deadline, code, submit="1")
        ask_help(deadline.pk, code, "ก", by=ACTOR, at=NOW)
    assert cost(client, "/") == first


# -- kept boards ----------------------------------------------------------------------------------


def test_bottom_ten_holds_ties_at_its_end_and_names_the_groups_of_the_day(executive):
    take_in(week(*EVERY_SHEET))
    take_in(second_week(*EVERY_SHEET), at=NEXT_WEEK)
    client = signed_in(executive)
    board = Board.objects.get(
        series="cgd", as_of=date(2026, 7, 17), spending="total", reference__startswith="sheet:13/"
    )
    page = client.get(reverse("board", args=[board.pk]))
    bottom = page.context["bottom"]
    assert [row.shown.row.rank for row in bottom][:10] == list(range(1, 11))
    assert page.context["view"].before.as_of == date(2026, 7, 10)
    assert all(row.change is not None for row in page.context["rows"])
    text = words(page)
    assert "76 จังหวัด" in text
    assert "เรียงจากน้อยไปมาก อันดับ 1 คือต่ำที่สุด" in text
    groups = page.context["view"].groups
    assert groups["27"], "สระแก้ว says its own groups"
    assert not any("อีสาน" in name or "ตะวันออกเฉียงเหนือ" in name for name in groups["27"])
    listing = client.get("/places/th/money/boards/", {"series": "cgd", "spending": "total"})
    assert len(listing.context["lines"]) == 8


def test_treasury_boards_are_for_posts_that_cover_the_nation(
    executive, provincial_head, district_head, stranger
):
    take_in(week(13, 14))
    board = Board.objects.filter(series="cgd").first()
    for name in ("board", "board-xlsx"):
        address = reverse(name, args=[board.pk])
        response = signed_in(executive).get(address)
        assert response.status_code == 200
        if response.streaming:
            assert b"".join(response)
        for person in (provincial_head, district_head, stranger):
            assert signed_in(person).get(address).status_code == 404


@pytest.mark.usefixtures("two_weeks")
class TestTwoWeeks:
    """Kept boards of two weeks, on pages and as JSON."""

    def test_past_weeks_board_is_shown_again_exactly_after_the_books_moved_on(
        self, deadline, provincial_head, executive
    ):
        board = Board.objects.get(reference=f"place:57/deadline:{deadline.pk}", as_of=WEEK_TWO)
        client = signed_in(provincial_head)
        address = reverse("board", args=[board.pk])
        before = client.get(address)
        rows = [
            (r.shown.row.unit, r.shown.row.rank, r.shown.row.percent)
            for r in before.context["rows"]
        ]
        some_money("CDD-5712", on=TODAY, spent="500000.00", document="ฎ 9")
        signed_in(executive).post(
            reverse("deadline-move", args=[deadline.pk]),
            {"day": "30/6/2569", "source": "ว 9", "seen": "2026-05-31"},
        )
        after = client.get(address)
        assert rows == [
            (r.shown.row.unit, r.shown.row.rank, r.shown.row.percent) for r in after.context["rows"]
        ]
        page = words(after)
        assert "ร้อยละ 100 ภายใน 31 พ.ค. 2569" in page, "the deadline as it stood then"
        assert "เก็บย้อนหลัง" not in page

    def test_change_against_the_week_before_and_a_board_kept_late(self, deadline, provincial_head):
        client = signed_in(provincial_head)
        boards = Board.objects.filter(reference=f"place:57/deadline:{deadline.pk}").order_by(
            "as_of"
        )
        first, second = boards
        assert "เก็บย้อนหลัง" in words(client.get(reverse("board", args=[first.pk])))
        page = client.get(reverse("board", args=[second.pk]))
        assert page.context["view"].before.id == first.pk
        whole = page.context["view"].changes["5712", False]
        assert whole.points == Decimal("33.28"), "nothing was spent before the 22nd"
        listing = words(client.get("/places/57/money/boards/"))
        assert "23 ม.ค. 2569" in listing
        assert "16 ม.ค. 2569" in listing
        assert "เก็บย้อนหลัง" in listing

    def test_boards_page_costs_the_same_for_two_weeks_and_for_three(self, provincial_head):
        client = signed_in(provincial_head)
        first = cost(client, "/places/57/money/boards/")
        board = Board.objects.get(reference="place:57/", basis="disbursed", as_of=WEEK_TWO)
        one = cost(client, reverse("board", args=[board.pk]))
        for code in ("5701", "5702", "5703"):
            some_money(f"CDD-{code}", on=TODAY)
        take_week(date(2026, 1, 30), by=SYSTEM, at=datetime(2026, 1, 30, 12, tzinfo=UTC))
        assert cost(client, "/places/57/money/boards/") == first
        board = Board.objects.get(reference="place:57/", basis="disbursed", as_of=date(2026, 1, 30))
        assert cost(client, reverse("board", args=[board.pk])) == one

    def test_json_says_what_the_pages_say(
        self, deadline, provincial_head, finance_officer, stranger
    ):
        write(signed_in(finance_officer), deadline, submit="1")
        ask_help(deadline.pk, "5713", "ขาดผู้ตรวจรับ", by=ACTOR, at=NOW)
        client = signed_in(provincial_head)
        found = client.get("/api/v1/places/57/deadlines").json()
        assert [(each["id"], each["countdown"]["last_working_day"]) for each in found] == [
            (deadline.pk, "2026-05-29")
        ]
        board = client.get(f"/api/v1/places/57/deadlines/{deadline.pk}").json()
        assert board["rows"][0]["unit"] == "5713"
        assert len(board["rows"]) == 19
        of_5712 = next(row for row in board["rows"] if row["unit"] == "5712")
        assert (of_5712["percent"], of_5712["rank"], of_5712["plan_state"]) == (
            "33.28",
            2,
            "submitted",
        )
        plans = client.get(f"/api/v1/places/5712/deadlines/{deadline.pk}/plans").json()
        assert plans["plans"][0]["missing"] == "667200.00"
        heads = client.get("/api/v1/places/57/boards").json()
        late = next(each for each in heads if each["as_of"] == "2026-01-16")
        kept = client.get(f"/api/v1/boards/{late['id']}").json()
        assert (kept["as_of"], kept["late"], len(kept["rows"])) == ("2026-01-16", True, 19)
        for address in (
            "/api/v1/places/57/deadlines",
            f"/api/v1/places/57/deadlines/{deadline.pk}",
            f"/api/v1/places/5712/deadlines/{deadline.pk}/plans",
            "/api/v1/places/57/boards",
            f"/api/v1/boards/{late['id']}",
        ):
            assert signed_in(stranger).get(address).status_code == 404
