"""The pages of directives as three people, what they show, what they hide and what they cost."""

from __future__ import annotations

import json
from datetime import date, timedelta
from html import unescape

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.persons import make_person, signed_in
from tests.policy.directives.acts import ISAN, part, sender_of, sent
from tiddao.people.models import Role
from tiddao.policy.actions.answering import answer_directive
from tiddao.policy.models import Assignment, Directive, Move, Obligation
from tiddao.ui.templatetags.ui import be_numeric

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def sent_today(receivers, *, by=None, ago=5, **facts) -> Directive:
    """Sent so many days ago, as the pages count from the real day."""
    at = timezone.now() - timedelta(days=ago)
    on = timezone.localdate() - timedelta(days=ago)
    if by is None:
        return sent(receivers, on=on, at=at, **facts)
    sender, actor, _ = sender_of(by, on=on)
    return sent(receivers, sender=sender, by=actor, on=on, at=at, **facts)


def cost(client, address) -> int:
    client.get(address)  # the first visit fills caches
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_inbox_holds_what_came_to_the_own_office_alone(
    provincial_head, district_head, stranger
) -> None:
    sent_today(["CDD-57", "CDD-50"], title="เรื่องถึงจังหวัด")
    sent_today(["CDD-5712"], by=provincial_head, title="เรื่องถึงอำเภอ")
    pages = {
        user: signed_in(user).get(reverse("directives")).content.decode()
        for user in (provincial_head, district_head, stranger)
    }
    assert [("เรื่องถึงจังหวัด" in page, "เรื่องถึงอำเภอ" in page) for page in pages.values()] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip
    assert "รอคำตอบของท่านมา 5 วัน" in pages[district_head]


def test_directive_page_counts_maps_and_lists_the_silent_with_days(executive) -> None:
    directive = sent_today([f"CDD-{code}" for code in ISAN], title="เร่งรัดอีสาน")
    answer_directive(
        part(directive, "CDD-30").pk, "acknowledge", seen=0,
        by=sender_of(executive, on=timezone.localdate())[1], at=timezone.now(),
    )  # fmt: skip
    page = signed_in(executive).get(reverse("directive", args=[directive.pk])).content.decode()
    assert "ยังไม่ตอบ (19)" in page
    assert "สำนักงานพัฒนาชุมชนจังหวัดขอนแก่น" in page
    assert "<svg" in page
    assert "จังหวัดเชียงราย" not in page  # the map draws what was asked
    overview = signed_in(executive).get(reverse("directives-overview")).content.decode()
    assert "ยังไม่ตอบ (19)" in overview


def test_out_of_line_is_404_on_every_address(provincial_head, stranger) -> None:
    directive = sent_today(["CDD-5712"], by=provincial_head)
    one = part(directive, "CDD-5712")
    client = signed_in(stranger)
    for name, key in (
        ("directive", directive.pk), ("directive-xlsx", directive.pk), ("assignment", one.pk),
        ("directive-cancel", directive.pk), ("directive-deadline", directive.pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[key])).status_code == 404
    said = {"act": "acknowledge", "seen": 0, "words": ""}
    for name in ("assignment-answer", "assignment-rule", "assignment-ask"):
        assert client.post(reverse(name, args=[one.pk]), said).status_code == 404
    assert client.get(f"/api/v1/directives/{directive.pk}").status_code == 404
    assert not Move.objects.exists()


def test_only_the_office_answers_and_only_the_sender_rules(provincial_head, district_head) -> None:
    directive = sent_today(["CDD-5712"], by=provincial_head)
    one = part(directive, "CDD-5712")
    answer, rule = (reverse(f"assignment-{each}", args=[one.pk]) for each in ("answer", "rule"))
    done = {"act": "finish", "words": "ทำครบแล้ว", "seen": 0}
    assert signed_in(provincial_head).post(answer, done).status_code == 403
    assert signed_in(district_head).post(answer, done).status_code == 302
    accept = {"act": "accept", "words": "", "seen": 1}
    assert signed_in(district_head).post(rule, accept).status_code == 403
    assert signed_in(provincial_head).post(rule, accept).status_code == 302
    one.refresh_from_db()
    assert one.state == "closed"


def test_a_late_second_answer_shows_both_and_may_be_sent_again(
    provincial_head, district_head
) -> None:
    one = part(sent_today(["CDD-5712"], by=provincial_head), "CDD-5712")
    colleague = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    address = reverse("assignment-answer", args=[one.pk])
    first = {"act": "report", "words": "ลงพื้นที่แล้วสองตำบล", "progress": 40, "seen": 0}
    assert signed_in(colleague).post(address, first).status_code == 302
    second = {"act": "object", "words": "เจ้าหน้าที่ไม่พอ", "seen": 0}
    response = signed_in(district_head).post(address, second)
    page = response.content.decode()
    assert response.status_code == 409
    assert "ลงพื้นที่แล้วสองตำบล" in page
    assert page.count("เจ้าหน้าที่ไม่พอ") >= 2  # kept in the history, and in the form
    assert signed_in(district_head).post(address, second | {"seen": 1}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.progress) == ("objected", 40)


def test_an_answer_without_words_keeps_what_was_chosen(provincial_head, district_head) -> None:
    one = part(sent_today(["CDD-5712"], by=provincial_head), "CDD-5712")
    client = signed_in(district_head)
    response = client.post(
        reverse("assignment-answer", args=[one.pk]), {"act": "object", "words": "", "seen": 0}
    )
    assert response.status_code == 422
    assert "กรุณาเขียนคำชี้แจง" in response.content.decode()
    assert not Move.objects.exists()


def test_handing_down_by_form_from_province_to_its_districts(provincial_head) -> None:
    top = part(sent_today(["CDD-57"]), "CDD-57")
    client = signed_in(provincial_head)
    address = f"{reverse('directive-new')}?from={top.pk}"
    page = client.get(address)
    assert page.status_code == 200
    post = page.context["sender"].fields["post"].choices[0][0]
    said = {
        "post": post, "title": "ส่งต่ออำเภอ", "text": "ดำเนินการตามนี้", "levels": ["district"],
        "within": ["57"], "left_out": "5701",
    }  # fmt: skip
    shown = client.post(address, said | {"preview": "yes"})
    assert "จะส่งถึง 17 หน่วยงาน" in shown.content.decode()
    named = client.post(address, said | {"left_out": "เทิง, อ.แม่สาย", "preview": "yes"})
    assert "จะส่งถึง 16 หน่วยงาน" in named.content.decode()
    for unknown, words in (
        ("เทิง, กขคง", "ไม่มีอำเภอหรือจังหวัดที่ชื่อ “กขคง”"),
        ("เฉลิมพระเกียรติ", "มีหลายแห่งที่ชื่อ “เฉลิมพระเกียรติ”"),
    ):
        asked_again = client.post(address, said | {"left_out": unknown, "preview": "yes"})
        assert asked_again.status_code == 422
        assert words in unescape(asked_again.content.decode())
        assert unknown in asked_again.content.decode()
    assert Directive.objects.count() == 1
    assert client.post(address, said).status_code == 302
    made = Directive.objects.get(handed_down_from=top)
    assert (made.assignments.count(), made.root_id) == (17, top.directive_id)
    top.refresh_from_db()
    assert top.state == "acknowledged"
    refused = client.post(address, said | {"levels": [], "title": ""})
    assert refused.status_code == 422
    assert Directive.objects.count() == 2


def test_deadline_is_moved_and_directive_called_off_by_form(
    provincial_head, district_head, today
) -> None:
    due = today + timedelta(days=10)
    directive = sent_today(["CDD-5712"], by=provincial_head, due_on=due)
    client = signed_in(provincial_head)
    move = reverse("directive-deadline", args=[directive.pk])
    said = {
        "day": be_numeric(due + timedelta(days=7)), "reason": "น้ำท่วม", "seen": due.isoformat(),
        "assignment": "",
    }  # fmt: skip
    assert signed_in(district_head).get(move).status_code == 403
    assert client.post(move, said | {"reason": ""}).status_code == 422
    assert client.post(move, said).status_code == 302
    directive.refresh_from_db()
    assert directive.due_on == due + timedelta(days=7)
    page = client.get(reverse("directive", args=[directive.pk])).content.decode()
    assert "ประวัติการเลื่อนกำหนด" in page
    assert "น้ำท่วม" in page
    off = reverse("directive-cancel", args=[directive.pk])
    assert client.post(off, {"reason": "ซ้ำกับเรื่องเดิม"}).status_code == 302
    assert Assignment.objects.get().state == "cancelled"


def test_questions_are_read_by_all_receivers(provincial_head, district_head) -> None:
    directive = sent_today(["CDD-5712", "CDD-5713"], by=provincial_head)
    one = part(directive, "CDD-5712")
    neighbour = signed_in(make_person(Role.DISTRICT_HEAD, "CDD-5713"))
    asked = signed_in(district_head).post(
        reverse("assignment-ask", args=[one.pk]), {"ask-words": "นับเฉพาะที่ขึ้นทะเบียนหรือไม่"}
    )
    assert asked.status_code == 302
    question = directive.questions.get()
    answer = reverse("question-answer", args=[directive.pk, question.pk])
    assert neighbour.post(answer, {"words": "ไม่ใช่"}).status_code == 403
    assert signed_in(provincial_head).post(answer, {"words": "นับทั้งหมด"}).status_code == 302
    page = neighbour.get(reverse("directive", args=[directive.pk])).content.decode()
    assert "นับเฉพาะที่ขึ้นทะเบียนหรือไม่" in page
    assert "นับทั้งหมด" in page


def test_recurring_report_is_agreed_asked_for_and_ended_by_form(
    provincial_head, district_head, stranger, today
) -> None:
    client = signed_in(provincial_head)
    page = client.get(reverse("obligation-new"))
    said = {
        "post": page.context["sender"].fields["post"].choices[0][0], "title": "รายงานประจำเดือน",
        "text": "รายงานผล", "every": "week", "days_after": 5, "lead_days": 14,
        "starts_on": be_numeric(today), "channel": "online", "levels": ["district"],
        "within": ["57"],
    }  # fmt: skip
    assert signed_in(district_head).get(reverse("obligation-new")).status_code == 403
    assert client.post(reverse("obligation-new"), said).status_code == 302
    made = Obligation.objects.get()
    occurrences = Directive.objects.filter(obligation=made)
    assert occurrences.exists()
    assert occurrences[0].assignments.count() == 18
    address = reverse("obligation", args=[made.pk])
    assert "รอรายงาน" in client.get(address).content.decode()
    assert signed_in(district_head).get(address).status_code == 200  # who owes it sees it
    assert signed_in(stranger).get(address).status_code == 404
    end = reverse("obligation-end", args=[made.pk])
    assert signed_in(district_head).post(end, {"reason": "x"}).status_code == 403
    assert client.post(end, {"reason": "รวมกับรายงานอื่น"}).status_code == 302


def test_tab_of_a_place_and_the_panel_of_the_home_page(provincial_head, district_head) -> None:
    sent_today(["CDD-5712"], by=provincial_head, title="เรื่องของพญาเม็งราย")
    tab = signed_in(district_head).get(reverse("place-work", args=["5712"])).content.decode()
    assert "เรื่องของพญาเม็งราย" in tab
    for user, words in (
        (district_head, "เรื่องของพญาเม็งราย"),
        (provincial_head, "ยังไม่ตอบสิ่งที่ท่านสั่ง 1 หน่วยงาน"),
    ):
        assert words in signed_in(user).get("/").content.decode()


def test_lists_cost_the_same_for_one_and_for_many(provincial_head, executive) -> None:
    sent_today(["CDD-57", "CDD-50"])
    head, deputy = signed_in(provincial_head), signed_in(executive)
    addresses = [
        (head, reverse("directives")), (deputy, reverse("directives-sent")),
        (deputy, reverse("directives-all")), (deputy, reverse("directives-overview")),
        (head, reverse("place-work", args=["57"])), (head, "/"),
    ]  # fmt: skip
    before = [cost(client, address) for client, address in addresses]
    for _ in range(3):
        sent_today(["CDD-57", "CDD-50", "CDD-30"])
    assert [cost(client, address) for client, address in addresses] == before
    assert max(before) <= 27, before


def test_one_directive_costs_the_same_for_two_and_for_all_districts(executive) -> None:
    from tests.policy.directives.acts import offices

    small, large = sent_today(["CDD-5712", "CDD-5001"]), sent_today(offices("district"))
    client = signed_in(executive)
    costs = [cost(client, reverse("directive", args=[each.pk])) for each in (small, large)]
    assert costs[0] == costs[1] <= 30


def test_workbook_holds_every_office(executive) -> None:
    directive = sent_today([f"CDD-{code}" for code in ISAN])
    response = signed_in(executive).get(reverse("directive-xlsx", args=[directive.pk]))
    import io

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response)))
    text = [[str(cell.value) for cell in row] for row in book.active.iter_rows()]
    assert sum("ยังไม่ตอบ" in row for row in text) == 20


def test_json_says_what_the_page_says(provincial_head, stranger) -> None:
    directive = sent_today(["CDD-5712", "CDD-5713"], by=provincial_head)
    client = signed_in(provincial_head)
    listed = client.get("/api/v1/directives").json()
    assert [each["id"] for each in listed] == [directive.pk]
    one = client.get(f"/api/v1/directives/{directive.pk}").json()
    assert one["tally"] == {"total": 2, "silent": 2, "overdue": 0, "states": {"sent": 2}}
    assert {each["office"]: each["silent_days"] for each in one["offices"]} == {
        "CDD-5712": 5, "CDD-5713": 5,
    }  # fmt: skip
    assert client.get("/api/v1/directives/overview").json()["tally"]["total"] == 2
    moves = client.get(f"/api/v1/directives/offices/{part(directive, 'CDD-5712').pk}")
    assert moves.json() == []
    assert signed_in(stranger).get("/api/v1/directives").json() == []


def test_command_lists_directives_of_a_place(provincial_head, capsys) -> None:
    sent_today(["CDD-5712"], by=provincial_head, title="เรื่องของอำเภอ")
    sent_today(["CDD-50"], title="เรื่องของเชียงใหม่")
    call_command("directives", place="57", json=True)
    said = json.loads(capsys.readouterr().out)
    assert [(each["title"], each["offices"], each["silent"]) for each in said] == [
        ("เรื่องของอำเภอ", 1, 1)
    ]
    call_command("directives")
    assert "เรื่องของเชียงใหม่" in capsys.readouterr().out
