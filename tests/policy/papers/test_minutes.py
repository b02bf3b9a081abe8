"""Minutes: drafted from the meeting, issued once, made again byte for byte, issued anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.persons import make_person, signed_in
from tests.policy.meetings.acts import called_today
from tests.policy.papers.acts import (
    AT,
    CLOSING,
    cost,
    held_meeting,
    issued,
    sender_of,
    template_of,
    text_of_pdf,
    text_of_word,
)
from tiddao.ledger.models import Entry
from tiddao.people.models import Role
from tiddao.policy.actions.attendance import Person, record_attendance
from tiddao.policy.actions.meetings import MeetingChanged
from tiddao.policy.actions.minutes import issue_minutes
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.actions.resolutions import NewResolution, record_resolution
from tiddao.policy.models import Invitation, IssuedMinutes, Meeting
from tiddao.policy.queries.minutes import differences_of, minutes_of
from tiddao.policy.rules.official import minutes_from

pytestmark = pytest.mark.django_db


def addresses(meeting, number=1) -> list[str]:
    return [reverse(f"minutes-{name}", args=[meeting.pk, number]) for name in ("pdf", "word")]


def test_the_draft_is_made_from_what_was_recorded(provincial_head, district_head) -> None:
    meeting = held_meeting(
        provincial_head, chair="นายสมมุติ ประธาน", offices=["CDD-5712", "CDD-5713"],
        roles=["district_head"],
    )  # fmt: skip
    minutes = minutes_of(meeting.pk)
    assert [(p.name, p.title) for p in minutes.absent] == [
        ("นายสมมุติ พญาเม็งรายหัวหน้า", "พัฒนาการอำเภอพญาเม็งราย"),
        ("พัฒนาการอำเภอเวียงแก่น", ""),
    ]
    assert [p.name for p in minutes.also] == ["นายสมมุติ แขก"]
    assert minutes.items[0].notes == "ให้ความสำคัญ 3 เรื่อง"
    assert [one.words for one in minutes.items[0].resolved] == ["ให้ทุกอำเภอรายงานผล"]
    page = signed_in(provincial_head).get(reverse("minutes", args=[meeting.pk])).content.decode()
    for words in (
        "(ร่าง)",
        "ให้ความสำคัญ ๓ เรื่อง",
        "ผู้ไม่มาประชุม",
        "พัฒนาการอำเภอเวียงแก่น",
        "ระเบียบวาระที่ ๒",
    ):
        assert words in page
    draft = signed_in(provincial_head).get(reverse("minutes-draft-pdf", args=[meeting.pk]))
    assert "(ร่าง)" in text_of_pdf(draft.content)
    word = signed_in(provincial_head).get(reverse("minutes-draft-word", args=[meeting.pk]))
    assert "(ร่าง)" in text_of_word(word.content)


def test_who_came_for_the_post_and_who_stood_in(provincial_head, district_head) -> None:
    meeting = called_today(
        provincial_head, offices=["CDD-5712", "CDD-5713"], roles=["district_head"]
    )
    _sender, by, _post = sender_of(provincial_head)
    asked = Invitation.objects.get(meeting=meeting, office="CDD-5712")
    record_attendance(
        meeting.pk,
        [
            Person(district_head.name_th, "", f"user:{district_head.pk}", "CDD-5712", asked.pk),
            Person("นางสมมุติ ตัวแทน", "นักวิชาการพัฒนาชุมชน", office="CDD-5713"),
        ],
        how="list", by=by, at=meeting.starts_at,
    )  # fmt: skip
    present = minutes_of(meeting.pk).present
    assert [(p.name, p.title, p.note) for p in present] == [
        (district_head.name_th, "พัฒนาการอำเภอพญาเม็งราย", ""),
        ("นางสมมุติ ตัวแทน", "นักวิชาการพัฒนาชุมชน", "แทนพัฒนาการอำเภอเวียงแก่น"),
    ]


def test_issued_minutes_are_made_again_byte_for_byte(provincial_head, district_head) -> None:
    meeting = held_meeting(provincial_head)
    made = issued(provincial_head, meeting)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.MINUTED
    assert made.content["word_template"]
    client = signed_in(provincial_head)
    before = [client.get(address).content for address in addresses(meeting)]
    template_of(provincial_head, "แบบใหม่ {{ heading }}", in_force=True)
    assert [client.get(address).content for address in addresses(meeting)] == before
    for said in (text_of_pdf(before[0]), text_of_word(before[1])):
        assert "รายงานการประชุมขับเคลื่อนงาน" in said
        assert "เลิกประชุมเวลา ๑๖.๓๐ น." in said
        assert "ผู้จดรายงานการประชุม" in said
        assert "ร่าง" not in said
    draft = client.get(reverse("minutes-draft-word", args=[meeting.pk])).content
    assert text_of_word(draft).startswith("แบบใหม่ ")
    # who was only invited reads what was issued, and no draft
    invited = signed_in(district_head)
    assert invited.get(addresses(meeting)[0]).content == before[0]
    page = invited.get(reverse("minutes", args=[meeting.pk])).content.decode()
    assert "ฉบับที่ 1" in page
    assert "รายงานตามข้อมูลขณะนี้" not in page
    assert invited.get(reverse("minutes-draft-pdf", args=[meeting.pk])).status_code == 404
    assert Entry.objects.filter(act="issue_minutes").get().place == "57"


def test_a_further_issue_tells_what_differs(provincial_head) -> None:
    meeting = held_meeting(provincial_head)
    issued(provincial_head, meeting)
    with pytest.raises(PaperRefused, match="same-words"):
        issued(provincial_head, meeting, reason="อีกครั้ง")
    other = replace(CLOSING, checker="นางสมมุติ ตรวจใหม่")
    with pytest.raises(PaperRefused, match="reason-missing"):
        issued(provincial_head, meeting, closing=other)
    second = issued(provincial_head, meeting, closing=other, reason="แก้ชื่อผู้ตรวจ")
    assert second.number == 2
    assert minutes_from(IssuedMinutes.objects.get(number=1).content).checker == CLOSING.checker
    told = differences_of(meeting.pk, 2)
    assert told is not None
    assert [(d.what, d.before, d.after) for d in told] == [
        ("ผู้ตรวจรายงานการประชุม", "นายสมมุติ ผู้ตรวจ", "นางสมมุติ ตรวจใหม่")
    ]
    assert differences_of(meeting.pk, 1) is None
    client = signed_in(provincial_head)
    page = client.get(reverse("minutes-issue", args=[meeting.pk, 2])).content.decode()
    assert "ส่วนที่ต่างจากฉบับก่อน" in page
    assert "(ฉบับแก้ไข ฉบับที่ ๒)" in text_of_pdf(client.get(addresses(meeting, 2)[0]).content)
    assert client.get(reverse("minutes-issue", args=[meeting.pk, 3])).status_code == 404


def test_minutes_are_issued_on_the_page_once_the_meeting_was_held(provincial_head) -> None:
    meeting = called_today(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    with pytest.raises(PaperRefused, match="not-held"):
        issue_minutes(meeting.pk, CLOSING, seen=meeting.version, by=by, at=AT)
    client = signed_in(provincial_head)
    address = reverse("minutes", args=[meeting.pk])
    assert "จะออกได้เมื่อบันทึกว่าประชุมเสร็จแล้ว" in client.get(address).content.decode()
    meeting = held_meeting(provincial_head, title="ประชุมที่สอง")
    address = reverse("minutes", args=[meeting.pk])
    given = {"seen": meeting.version, "recorder": "นายจด", "checker": "นายตรวจ", "ends": "16.30"}
    stale = client.post(address, given | {"seen": meeting.version - 1})
    assert stale.status_code == 422
    assert "มีผู้แก้ไขไปก่อนแล้ว" in stale.content.decode()
    assert client.post(address, given).status_code == 302
    assert IssuedMinutes.objects.get().content["ends"] == "16:30"
    meeting.refresh_from_db()
    again = client.post(address, given | {"seen": meeting.version})
    assert again.status_code == 422  # a reason is asked for


def test_an_agenda_changed_meanwhile_is_not_issued(provincial_head) -> None:
    meeting = held_meeting(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    with pytest.raises(MeetingChanged):
        issue_minutes(meeting.pk, CLOSING, seen=meeting.version + 1, by=by, at=AT)
    assert not IssuedMinutes.objects.exists()


def test_strangers_learn_nothing_and_officers_do_not_issue(provincial_head, stranger) -> None:
    meeting = held_meeting(provincial_head)
    issued(provincial_head, meeting)
    outside = signed_in(stranger)
    names = ("minutes", "minutes-draft-pdf", "minutes-draft-word", "meeting-news")
    for address in [*addresses(meeting), *(reverse(name, args=[meeting.pk]) for name in names)]:
        assert outside.get(address).status_code == 404
    finance = make_person(Role.FINANCE_OFFICER, "CDD-57")
    page = signed_in(finance).get(reverse("minutes", args=[meeting.pk]))
    assert page.status_code == 200
    assert "ออกรายงานฉบับใหม่" not in page.content.decode()
    given = {"seen": 9, "recorder": "ก", "checker": "ข", "ends": "", "reason": "ค"}
    posted = signed_in(finance).post(reverse("minutes", args=[meeting.pk]), given)
    assert posted.status_code == 403


def test_the_page_costs_the_same_for_more_people_and_decisions(provincial_head) -> None:
    meeting = held_meeting(provincial_head, offices=["CDD-5712"])
    client = signed_in(provincial_head)
    address = reverse("minutes", args=[meeting.pk])
    once = cost(client, address)
    _sender, by, _post = sender_of(provincial_head)
    more = held_meeting(
        provincial_head, title="ใหญ่กว่า", offices=["CDD-5704", "CDD-5705", "CDD-5712", "CDD-5713"]
    )
    for number in range(3):
        record_resolution(more.pk, NewResolution(f"มติ {number}"), by=by, at=timezone.now())
    record_attendance(
        more.pk, [Person(f"นายสมมุติ {n}") for n in "กขค"], how="list", by=by,
        at=timezone.now() + timedelta(minutes=1),
    )  # fmt: skip
    assert cost(client, reverse("minutes", args=[more.pk])) == once <= 20
