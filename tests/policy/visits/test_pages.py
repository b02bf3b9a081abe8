"""Field visits as three people: recorded on the spot, followed up, what is hidden, what it costs."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.persons import make_person, signed_in
from tests.policy.directives.acts import sender_of
from tiddao.evidence.subjects import find_subject
from tiddao.people.models import Role
from tiddao.policy.actions.visits import NewFollowUp, Seen, VisitRefused, record_visit
from tiddao.policy.models import Directive, FieldVisit, FollowUp
from tiddao.policy.proving import VISIT
from tiddao.ui.templatetags.ui import be_numeric

pytestmark = pytest.mark.django_db
TAMBON = "571203"


def seen_today(user, *, ago=10, place=TAMBON, subject="เยี่ยมแปลงต้นแบบ", due_in=None, **facts):
    """A visit some days ago; due_in: days from today until its one follow-up is due."""
    on = timezone.localdate()
    sender, by, _ = sender_of(user, on=on)
    follow_ups = (
        []
        if due_in is None
        else [NewFollowUp("ซ่อมฝาย", "สพอ.พญาเม็งราย", on + timedelta(days=due_in))]
    )
    return record_visit(
        Seen(on - timedelta(days=ago), subject, problem="น้ำไม่พอช่วงแล้ง", **facts),
        place=place, office=sender.office, follow_ups=follow_ups, on=on, by=by, at=timezone.now(),
    )  # fmt: skip


def cost(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_visit_is_recorded_by_going_down_to_the_place(district_head, stranger) -> None:
    client = signed_in(district_head)
    where = client.get(reverse("visit-new")).content.decode()
    assert "ตำบลไม้ยา" in where  # the own district's tambons stand there at once
    assert "?place=571203" in where
    address = f"{reverse('visit-new')}?place={TAMBON}"
    form = client.get(address).content.decode()
    assert "ไม่ต้องใส่ชื่อ" in form  # personal data is not asked for
    today = timezone.localdate()
    said = {
        "visited_on": be_numeric(today), "subject": "เยี่ยมศูนย์เรียนรู้ โคก หนอง นา", "spot": "แปลงต้นแบบ",
        "problem": "", "progress": "", "next_on": "",
    }  # fmt: skip
    assert client.post(address, said).status_code == 422  # neither problem nor progress
    ahead = said | {"progress": "เกี่ยวข้าวแล้ว", "visited_on": be_numeric(today + timedelta(days=1))}
    assert client.post(address, ahead).status_code == 422
    assert not FieldVisit.objects.exists()
    done = client.post(address, said | {"progress": "เกี่ยวข้าวแล้ว"})
    visit = FieldVisit.objects.get()
    assert done.headers["Location"] == reverse("visit", args=[visit.pk])
    assert (visit.place_id, visit.office_id, visit.visited_on) == (TAMBON, "CDD-5712", today)
    page = client.get(reverse("visit", args=[visit.pk])).content.decode()
    assert "เกี่ยวข้าวแล้ว" in page
    assert "attached-evidence" in page
    assert signed_in(stranger).post(address, said | {"progress": "x"}).status_code == 404


def test_places_outside_are_not_offered(district_head) -> None:
    client = signed_in(district_head)
    for asked in ("within=5713", "q=เวียงแก่น"):
        assert "?place=5713" not in client.get(f"{reverse('visit-new')}?{asked}").content.decode()
    assert client.get(f"{reverse('visit-new')}?place=571301").status_code == 404


def test_out_of_scope_is_404(district_head, stranger) -> None:
    visit = seen_today(district_head, due_in=3)
    follow_up = visit.follow_ups.get()
    client = signed_in(stranger)
    for name, key in (
        ("visit", visit.pk), ("visit-correct", visit.pk), ("follow-up-done", follow_up.pk),
        ("follow-up-hand-down", follow_up.pk), ("place-visits", TAMBON), ("place-visits-xlsx", TAMBON),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[key])).status_code == 404, name
    assert client.post(reverse("follow-up-add", args=[visit.pk])).status_code == 404
    assert client.get(f"/api/v1/visits/{visit.pk}").status_code == 404
    assert visit.subject not in client.get(reverse("visits")).content.decode()
    assert client.get("/api/v1/visits/follow-ups").json() == []


def test_follow_up_is_added_overdue_and_done(provincial_head, district_head) -> None:
    visit = seen_today(district_head, due_in=-4)
    client = signed_in(district_head)
    home = client.get("/").content.decode()
    assert "เกินกำหนด 1 เรื่อง" in home
    assert "เกินกำหนด 4 วัน" in client.get(reverse("follow-ups")).content.decode()
    tab = signed_in(provincial_head).get(reverse("place-work", args=["57"])).content.decode()
    assert "เกินกำหนด 4 วัน" in tab
    assert "เกินกำหนด 4 วัน" not in signed_in(provincial_head).get("/").content.decode()
    add = reverse("follow-up-add", args=[visit.pk])
    assert client.post(add, {"words": "อบรมเกษตรกร", "responsible": ""}).status_code == 422
    assert client.post(add, {"words": "อบรมเกษตรกร", "responsible": "กลุ่มผู้ผลิต"}).status_code == 302
    late = visit.follow_ups.get(words="ซ่อมฝาย")
    done = reverse("follow-up-done", args=[late.pk])
    assert client.post(done, {"words": ""}).status_code == 422
    assert client.post(done, {"words": "ซ่อมแล้วด้วยแรงชุมชน"}).status_code == 302
    assert client.post(done, {"words": "อีกครั้ง"}).status_code == 422
    late.refresh_from_db()
    assert late.done_words == "ซ่อมแล้วด้วยแรงชุมชน"
    assert "เกินกำหนด" not in client.get("/").content.decode()
    assert "ซ่อมแล้วด้วยแรงชุมชน" in client.get(reverse("visit", args=[visit.pk])).content.decode()


def test_follow_up_becomes_a_directive_that_it_is_tied_to(provincial_head, district_head) -> None:
    follow_up = seen_today(district_head, due_in=5).follow_ups.get()
    client = signed_in(provincial_head)
    address = reverse("follow-up-hand-down", args=[follow_up.pk])
    form = client.get(address)
    assert "ซ่อมฝาย" in form.content.decode()
    said = {
        "post": form.context["sender"].fields["post"].choices[0][0], "title": "ซ่อมฝาย",
        "text": "ซ่อมฝาย", "levels": ["district"], "within": ["5712"],
    }  # fmt: skip
    assert client.post(address, said).status_code == 302
    follow_up.refresh_from_db()
    assert follow_up.directive == Directive.objects.get()
    assert client.get(address).status_code == 302  # handed down already
    page = signed_in(district_head).get(reverse("visit", args=[follow_up.visit_id]))
    assert reverse("directive", args=[follow_up.directive_id]) in page.content.decode()


def test_only_the_own_office_mends_what_was_written(provincial_head, district_head) -> None:
    visit = seen_today(district_head)
    address = reverse("visit-correct", args=[visit.pk])
    assert signed_in(provincial_head).get(address).status_code == 403
    said = {
        "visited_on": be_numeric(visit.visited_on), "subject": visit.subject, "spot": "",
        "problem": "น้ำไม่พอทั้งปี", "progress": "", "next_on": "",
    }  # fmt: skip
    assert signed_in(district_head).post(address, said).status_code == 302
    visit.refresh_from_db()
    assert visit.problem == "น้ำไม่พอทั้งปี"
    assert visit.events.count() == 2  # what stood there is kept


def test_history_of_a_place_and_its_workbook(district_head) -> None:
    seen_today(district_head, ago=40, subject="ครั้งแรก")
    seen_today(district_head, ago=3, subject="ครั้งล่าสุด", due_in=-1)
    seen_today(district_head, place="571201", subject="ตำบลอื่น")
    client = signed_in(district_head)
    page = client.get(reverse("place-visits", args=[TAMBON])).content.decode()
    assert page.index("ครั้งล่าสุด") < page.index("ครั้งแรก")
    assert "ตำบลอื่น" not in page
    narrowed = client.get(f"{reverse('place-visits', args=[TAMBON])}?state=overdue")
    assert "ครั้งแรก" not in narrowed.content.decode()
    answer = client.get(reverse("place-visits-xlsx", args=["5712"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(book.sheetnames) == 2
    cells = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert {"ครั้งแรก", "ครั้งล่าสุด", "ตำบลอื่น", "ซ่อมฝาย"} <= set(cells)
    assert [one["subject"] for one in client.get("/api/v1/visits?place=571203").json()] == [
        "ครั้งล่าสุด",
        "ครั้งแรก",
    ]


def test_pages_cost_the_same_for_three_as_for_one(district_head) -> None:
    client = signed_in(district_head)
    visit = seen_today(district_head, due_in=-4)
    addresses = (
        reverse("visits"), reverse("follow-ups"), reverse("place-visits", args=["5712"]),
        reverse("place-work", args=["5712"]),
    )  # fmt: skip
    before = [cost(client, address) for address in addresses]
    for number in range(2):
        seen_today(district_head, subject=f"อีก {number}", due_in=-2)
    assert [cost(client, address) for address in addresses] == before
    assert max(before) < 30
    assert cost(client, reverse("visit", args=[visit.pk])) < 25


def test_a_visit_can_be_proved_where_it_was(district_head) -> None:
    visit = seen_today(district_head)
    subject = find_subject(VISIT, str(visit.pk))
    assert subject is not None
    assert (subject.place, subject.href) == (TAMBON, reverse("visit", args=[visit.pk]))
    assert find_subject(VISIT, "0") is None


def test_what_is_refused_leaves_nothing(district_head) -> None:
    with pytest.raises(VisitRefused) as refused:
        record_visit(
            Seen(timezone.localdate(), "เยี่ยม", progress="ดี"), place=TAMBON, office="CDD-5712",
            follow_ups=[NewFollowUp("ทำ", "")], on=timezone.localdate(),
            by=sender_of(district_head)[1], at=timezone.now(),
        )  # fmt: skip
    assert refused.value.code == "responsible-missing"
    with pytest.raises(VisitRefused, match="next-before"):
        seen_today(district_head, ago=1, next_on=timezone.localdate() - timedelta(days=1))


def test_who_may_only_look_has_no_forms(district_head) -> None:
    visit = seen_today(district_head, due_in=1)
    client = signed_in(make_person(Role.AUDITOR, "CDD-57"))
    page = client.get(reverse("visit", args=[visit.pk])).content.decode()
    assert reverse("follow-up-add", args=[visit.pk]) not in page
    add = client.post(reverse("follow-up-add", args=[visit.pk]), {"words": "x", "responsible": "y"})
    assert add.status_code == 403
    assert client.get(reverse("visit-new")).status_code == 403
    assert FollowUp.objects.count() == 1
