"""News drafts: from recorded facts alone, written on by people, ready by the right role."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.persons import make_person, signed_in
from tests.policy.meetings.acts import called_today
from tests.policy.papers.acts import AT, cost, held_meeting, sender_of
from tiddao.people.models import Role
from tiddao.policy.actions.news import declare_news_ready, draft_news, drop_news, edit_news
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.models import NewsDraft

pytestmark = pytest.mark.django_db


def test_a_draft_is_begun_changed_and_declared_ready(provincial_head) -> None:
    meeting = held_meeting(provincial_head, chair="นายสมมุติ ประธาน", purpose="เพื่อติดตามงาน")
    client = signed_in(provincial_head)
    page = reverse("meeting-news", args=[meeting.pk])
    assert "เริ่มร่างข่าว" in client.get(page).content.decode()
    client.post(reverse("meeting-news-begin", args=[meeting.pk]))
    news = NewsDraft.objects.get()
    assert news.title == "นายสมมุติ ประธาน เป็นประธานการประชุมขับเคลื่อนงาน"
    assert "ที่ประชุมมีมติ ให้ทุกอำเภอรายงานผล" in news.body
    shown = client.get(page)
    assert all(each.made_from for each in shown.context["paragraphs"])
    assert shown.context["paragraphs"][0].made_from == (
        "วันประชุม · เวลาเริ่มประชุม · สถานที่ · ประธาน · ชื่อการประชุม · ผู้จัด"
    )
    seen = shown.context["news"].seen
    body = f"{news.body}\n\nประโยคที่คนเขียนเพิ่ม"
    assert client.post(page, {"seen": seen, "title": news.title, "body": body}).status_code == 302
    after = client.get(page)
    assert [bool(each.made_from) for each in after.context["paragraphs"]][-1] is False
    assert "โปรดเทียบกับบันทึก" in after.content.decode()
    late = client.post(page, {"seen": seen, "title": "ทับ", "body": "ทับ"})
    assert late.status_code == 422
    ready = reverse("meeting-news-ready", args=[meeting.pk])
    client.post(ready, {"seen": seen})  # of what stood before
    assert NewsDraft.objects.get().state == "draft"
    client.post(ready, {"seen": after.context["news"].seen})
    assert NewsDraft.objects.get().state == "ready"


def test_only_the_right_role_says_ready(provincial_head, district_head, stranger) -> None:
    meeting = held_meeting(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    news = draft_news(meeting.pk, by=by, at=AT)
    director = signed_in(make_person(Role.GROUP_DIRECTOR, "CDD-57"))
    seen = {"seen": news.at.isoformat()}
    page = director.get(reverse("meeting-news", args=[meeting.pk])).content.decode()
    assert "แก้ไขข่าว" in page
    assert "พร้อมเผยแพร่" not in page
    assert director.post(reverse("meeting-news-ready", args=[meeting.pk]), seen).status_code == 403
    # invited, but not of the office: no draft, no act
    invited = signed_in(district_head)
    hidden = invited.get(reverse("meeting-news", args=[meeting.pk])).content.decode()
    assert news.body.split("\n")[0] not in hidden
    assert "ยังไม่มีข่าวจากการประชุมนี้" in hidden
    for name in ("begin", "ready", "drop"):
        address = reverse(f"meeting-news-{name}", args=[meeting.pk])
        assert invited.post(address, seen).status_code == 403
        assert signed_in(stranger).post(address, seen).status_code == 404


def test_a_dropped_draft_is_begun_anew_and_a_standing_one_is_not(provincial_head) -> None:
    meeting = held_meeting(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    news = draft_news(meeting.pk, by=by, at=AT)
    seen = news.at.isoformat()
    edited = edit_news(meeting.pk, title="ใหม่", body="ของคน", seen=seen, by=by, at=AT)
    assert draft_news(meeting.pk, by=by, at=AT).body == "ของคน"
    ready = declare_news_ready(meeting.pk, seen=edited.at.isoformat(), by=by, at=AT)
    assert ready.state == "ready"
    drop_news(meeting.pk, seen=ready.at.isoformat(), by=by, at=AT)
    with pytest.raises(PaperRefused, match="not-draft"):
        edit_news(meeting.pk, title="ก", body="ข", seen=AT.isoformat(), by=by, at=AT)
    assert draft_news(meeting.pk, by=by, at=AT).body != "ของคน"


def test_no_news_before_the_meeting_was_held(provincial_head) -> None:
    meeting = called_today(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    with pytest.raises(PaperRefused, match="not-held"):
        draft_news(meeting.pk, by=by, at=AT)
    client = signed_in(provincial_head)
    assert client.post(reverse("meeting-news-begin", args=[meeting.pk])).status_code == 302
    assert (
        "ยังไม่มีข่าวจากการประชุมนี้"
        in client.get(reverse("meeting-news", args=[meeting.pk])).content.decode()
    )
    assert not NewsDraft.objects.exists()


def test_the_page_costs_little(provincial_head) -> None:
    meeting = held_meeting(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    draft_news(meeting.pk, by=by, at=AT)
    assert cost(signed_in(provincial_head), reverse("meeting-news", args=[meeting.pk])) <= 20
