"""The pages of meetings as three people, what they show, what they hide and what they cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.persons import give_post, make_person, signed_in
from tests.policy.directives.acts import sender_of
from tests.policy.meetings.acts import AGENDA, called_today
from tiddao.kernel.dates import BANGKOK
from tiddao.people.models import Role
from tiddao.policy.actions.attendance import Person, record_attendance
from tiddao.policy.actions.meetings import close_as_held
from tiddao.policy.actions.reading import Given, read_by_rule, take_in_document
from tiddao.policy.actions.resolutions import NewResolution, record_resolution
from tiddao.policy.models import (
    AfterActionWord,
    AgendaItem,
    AgendaNote,
    Attendance,
    Directive,
    Invitation,
    Meeting,
    MeetingSeries,
    Resolution,
)
from tiddao.policy.rules.intake import pasted

pytestmark = pytest.mark.django_db


def page(user, name, *key, **query) -> str:
    response = signed_in(user).get(reverse(name, args=key), query)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def cost(client, address) -> int:
    client.get(address)  # the first visit fills caches
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def tomorrow(hour: int = 9) -> datetime:
    day = timezone.localdate() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=BANGKOK)


def test_only_the_calling_line_and_the_invited_see_a_meeting(
    provincial_head, district_head, stranger, executive
) -> None:
    meeting = called_today(provincial_head, title="ประชุมพัฒนาการอำเภอ")
    not_asked = make_person(Role.DISTRICT_HEAD, "CDD-5713")
    other_role = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    address = reverse("meeting", args=[meeting.pk])
    answers = {
        user: signed_in(user).get(address).status_code
        for user in (provincial_head, district_head, executive, stranger, not_asked, other_role)
    }
    assert list(answers.values()) == [200, 200, 200, 404, 404, 404]
    for user, status in answers.items():
        assert ("ประชุมพัฒนาการอำเภอ" in page(user, "meetings")) == (status == 200)
        found = [each["id"] for each in signed_in(user).get("/api/v1/meetings").json()]
        assert (meeting.pk in found) == (status == 200)
        assert signed_in(user).get(f"/api/v1/meetings/{meeting.pk}").status_code == status
        assert signed_in(user).get(reverse("meeting-ics", args=[meeting.pk])).status_code == status


def test_a_draft_is_nobodys_but_the_callers(provincial_head, district_head) -> None:
    meeting = called_today(provincial_head)
    Meeting.objects.filter(pk=meeting.pk).update(state="draft")
    assert signed_in(district_head).get(reverse("meeting", args=[meeting.pk])).status_code == 404
    assert "ประชุมขับเคลื่อนงาน" in page(provincial_head, "meeting", meeting.pk)


def test_who_was_sent_instead_sees_the_meeting_they_signed(provincial_head, district_head) -> None:
    meeting = called_today(provincial_head)
    sent = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    assert signed_in(sent).get(reverse("meeting", args=[meeting.pk])).status_code == 404
    _sender, by, _post = sender_of(provincial_head)
    record_attendance(
        meeting.pk, [Person(sent.name_th, "", f"user:{sent.pk}", "CDD-5712")], how="list", by=by,
        at=timezone.now(),
    )  # fmt: skip
    assert "ประชุมขับเคลื่อนงาน" in page(sent, "meeting", meeting.pk)


def test_the_invited_read_and_reply_but_write_nothing_else(provincial_head, district_head) -> None:
    meeting = called_today(provincial_head)
    item = AgendaItem.objects.filter(meeting=meeting).order_by("order")[0]
    row = Invitation.objects.get(meeting=meeting)
    client = signed_in(district_head)
    assert "ท่านได้รับเชิญ" in page(district_head, "meeting", meeting.pk)
    assert "ท่านได้รับเชิญ" not in page(provincial_head, "meeting", meeting.pk)
    for name, key in (
        ("meeting-change", meeting.pk), ("meeting-agenda", meeting.pk), ("meeting-invite", meeting.pk),
        ("meeting-code", meeting.pk), ("meeting-record", meeting.pk), ("agenda-item", item.pk),
        ("meeting-call-off", meeting.pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[key])).status_code == 403, name
    assert client.get(reverse("meeting-attendance", args=[meeting.pk])).status_code == 404
    for name, key in (
        ("meeting-hold", meeting.pk), ("agenda-item-move", item.pk), ("agenda-note", item.pk),
        ("resolution-add", meeting.pk), ("meeting-attendance", meeting.pk),
    ):  # fmt: skip
        assert client.post(reverse(name, args=[key]), {"words": "ก"}).status_code == 403, name
    reply = reverse("invitation-reply", args=[row.pk])
    assert signed_in(provincial_head).post(reply, {"reply": "coming"}).status_code == 404
    refused = client.post(reply, {"reply": "sending", "words": ""})
    assert refused.status_code == 422
    assert "กรุณาเขียนคำชี้แจง" in refused.content.decode()
    assert client.post(reply, {"reply": "sending", "words": "ส่งผู้แทน"}).status_code == 302
    row.refresh_from_db()
    assert (row.reply, row.reply_words) == ("sending", "ส่งผู้แทน")


def test_the_home_page_shows_what_is_coming(provincial_head, district_head, stranger) -> None:
    called_today(provincial_head, title="ประชุมพรุ่งนี้", starts_at=tomorrow())
    called_today(provincial_head, title="ประชุมปีหน้า", starts_at=tomorrow() + timedelta(days=200))
    homes = {user: page(user, "home") for user in (provincial_head, district_head, stranger)}
    assert ["ประชุมพรุ่งนี้" in home for home in homes.values()] == [True, True, False]
    assert "ยังไม่ตอบ" in homes[district_head]
    assert not any("ประชุมปีหน้า" in home for home in homes.values())


def test_a_meeting_is_prepared_by_hand_in_buddhist_days(provincial_head) -> None:
    client = signed_in(provincial_head)
    address = reverse("meeting-new")
    post = client.get(address).context["caller"].fields["post"].initial
    given = {
        "title": "ประชุมประจำเดือน", "day": "22/11/2569", "starts": "๑๐.๐๐ น.", "ends": "12.00",
        "venue": "หอประชุม", "venue_place": "ต.ไม้ยา อ.พญาเม็งราย", "post": post,
    }  # fmt: skip
    assert client.post(address, given | {"ends": "9.00"}).status_code == 422
    assert client.post(address, given).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.starts_at == datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert (meeting.venue_place_id, meeting.fiscal_year, meeting.state) == ("571203", 2570, "draft")
    # What the form shows it reads back as the same.
    change = reverse("meeting-change", args=[meeting.pk])
    form = client.get(change).context["form"]
    shown = {bound.name: bound.value() or "" for bound in form}
    shown |= {"day": "22/11/2569", "starts": "10.00", "ends": "12.00"}
    assert client.post(change, shown).status_code == 302
    again = Meeting.objects.get()
    assert (again.starts_at, again.ends_at, again.venue_place_id) == (
        meeting.starts_at, meeting.ends_at, "571203",
    )  # fmt: skip


def test_a_name_of_several_places_is_picked_from_a_list(provincial_head) -> None:
    client = signed_in(provincial_head)
    address = reverse("meeting-new")
    post = client.get(address).context["caller"].fields["post"].initial
    given = {
        "title": "ก", "day": "22/11/2569", "starts": "10.00", "post": post,
        "venue_place": "ตำบลบ้านแซว",
    }  # fmt: skip
    given["venue_place"] = "ต.เวียง"
    refused = client.post(address, given)
    assert refused.status_code == 422
    choices = refused.context["form"].several
    assert len(choices) > 1
    assert 'name="venue_choice"' in refused.content.decode()
    assert client.post(address, given | {"venue_choice": choices[1].key}).status_code == 302
    assert Meeting.objects.get().venue_place_id == choices[1].key


PAPER = """เรื่อง ขอเชิญประชุมขับเคลื่อนงานพัฒนาชุมชน

วันที่ 22 พฤศจิกายน 2569 เวลา 10:00 น. ณ หอประชุมบ้านห้วยก้างปูล้าน หมู่ที่ 14 ตำบลไม้ยา อำเภอพญาเม็งราย จังหวัดเชียงราย

ในช่วงเช้า เวลา 9:00 น. ถึง 12:00 น. มีการบรรยายพิเศษการรับมอบนโยบาย

ในช่วงบ่าย เริ่มจากเวลา 13:00 น. เป็นการระดมความคิดเห็นร่วมกัน
"""


def test_a_meeting_is_prepared_from_a_paper_that_was_read(provincial_head) -> None:
    _sender, by, _post = sender_of(provincial_head)
    now = timezone.now()
    paper = take_in_document(
        Given(pasted(PAPER), "pasted"), place="57", on=now.date(), by=by, at=now
    )
    read_by_rule(paper.pk, on=now.date(), by=by, at=now)
    client = signed_in(provincial_head)
    address = f"{reverse('meeting-new')}?document={paper.pk}"
    shown = client.get(address)
    initial = shown.context["form"].initial
    assert (initial["day"].isoformat(), initial["starts"].hour) == ("2026-11-22", 10)
    # The village itself is not imported here: its tambon is the place, its number stays in words.
    assert initial["venue"] == "หอประชุมบ้านห้วยก้างปูล้าน หมู่ที่ 14"
    assert initial["venue_place"].endswith("(571203)")
    given = initial | {
        "day": "22/11/2569", "starts": "10.00", "ends": "",
        "post": shown.context["caller"].fields["post"].initial,
    }  # fmt: skip
    assert client.post(address, given).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.document_id == paper.pk
    items = AgendaItem.objects.filter(meeting=meeting).order_by("order")
    times = [(item.part, str(item.starts), str(item.ends)) for item in items]
    assert times == [(1, "09:00:00", "12:00:00"), (2, "13:00:00", "None")]
    assert "เริ่มก่อนเวลาประชุม" in page(provincial_head, "meeting", meeting.pk)  # E1, said


def test_inviting_and_calling_by_form(provincial_head, district_head) -> None:
    meeting = called_today(provincial_head, starts_at=tomorrow())
    client = signed_in(provincial_head)
    address = reverse("meeting-invite", args=[meeting.pk])
    chosen = {"levels": "district", "roles": "district_head", "within": "zone-57-ing-su-khong"}
    preview = client.post(address, chosen | {"preview": "yes", "guests": "นายก เทศมนตรี"})
    assert "จะเชิญ 6 ตำแหน่ง จาก 6 หน่วยงาน" in preview.content.decode()
    assert Invitation.objects.count() == 1
    assert client.post(address, chosen | {"guests": "นายก เทศมนตรี\nนายอำเภอ"}).status_code == 302
    assert Invitation.objects.filter(meeting=meeting).count() == 8  # 5712 was there before
    listed = page(provincial_head, "meeting-invited", meeting.pk)
    assert district_head.name_th in listed
    assert "นายก เทศมนตรี" in listed
    assert client.post(address, {"levels": "district", "within": "57"}).status_code == 422
    assert client.post(address, {}).status_code == 422


def test_a_late_writer_keeps_the_words_on_every_form(provincial_head) -> None:
    meeting = called_today(provincial_head)
    client = signed_in(provincial_head)
    agenda = reverse("meeting-agenda", args=[meeting.pk])
    seen = Meeting.objects.get().version
    item = {"title": "ของคนแรก", "part": 1, "format": "discussion", "seen": seen}
    assert client.post(agenda, item).status_code == 302
    late = client.post(agenda, item | {"title": "ของคนที่สอง"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "ของคนแรก" in text
    assert 'value="ของคนที่สอง"' in text
    newest = late.context["form"]["seen"].value()
    assert client.post(agenda, item | {"title": "ของคนที่สอง", "seen": newest}).status_code == 302
    change = reverse("meeting-change", args=[meeting.pk])
    given = {"title": "ใหม่", "day": "22/11/2569", "starts": "10.00", "seen": seen}
    late = client.post(change, given)
    assert late.status_code == 409
    assert 'value="ใหม่"' in late.content.decode()
    row = AgendaItem.objects.filter(meeting=meeting).order_by("order")[0]
    note = reverse("agenda-note", args=[row.pk])
    key = f"n{row.pk}"
    assert client.post(note, {f"{key}-words": "คนแรกจด", f"{key}-seen": 0}).status_code == 302
    assert client.post(note, {f"{key}-words": "คนแรกจดเพิ่ม", f"{key}-seen": 1}).status_code == 302
    late = client.post(note, {f"{key}-words": "อีกคนแก้", f"{key}-seen": 1})
    assert late.status_code == 409
    assert "คนแรกจดเพิ่ม" in late.content.decode()
    assert "อีกคนแก้" in late.content.decode()
    assert AgendaNote.objects.count() == 2


def test_a_decision_is_a_directive_with_one_press_and_shows_its_state(
    provincial_head, district_head
) -> None:
    meeting = called_today(provincial_head, title="ประชุมเร่งรัด")
    client = signed_in(provincial_head)
    due = timezone.localdate() + timedelta(days=20)
    added = client.post(
        reverse("resolution-add", args=[meeting.pk]),
        {
            "words": "ให้อำเภอเร่งรัดการเบิกจ่าย", "sort": "directive",
            "due_on": f"{due.day}/{due.month}/{due.year + 543}", "responsible": "พัฒนาการอำเภอ",
        },
    )  # fmt: skip
    assert added.status_code == 302
    row = Resolution.objects.get()
    address = reverse("resolution-direct", args=[row.pk])
    shown = client.get(address)
    words, sender = shown.context["words"].initial, shown.context["sender"]
    assert words["due_on"] == due
    assert "ประชุมเร่งรัด" in words["source"]
    assert "มติที่ 1" in words["source"]
    pressed = {
        **words, "due_on": f"{due.day}/{due.month}/{due.year + 543}", "due_words": "", "facet": "",
        "post": sender.fields["post"].initial, "to_invited": "on",
    }  # fmt: skip
    assert client.post(address, pressed).status_code == 302
    directive = Directive.objects.get()
    assert (directive.due_on, directive.assignments.get().office_id) == (due, "CDD-5712")
    assert "สั่ง 1 แห่ง ยังไม่ตอบ 1 แห่ง" in page(provincial_head, "meeting", meeting.pk)
    assert "สั่ง 1 แห่ง" in page(district_head, "meeting", meeting.pk)  # the receiver sees its part
    again = client.post(address, pressed)
    assert again.status_code == 422
    assert Directive.objects.count() == 1


def test_the_review_gathers_everybodys_words(provincial_head, district_head) -> None:
    meeting = called_today(provincial_head)
    for user, words in ((provincial_head, "คาดว่าจะจบเที่ยง"), (district_head, "เวลาน้อยไป")):
        done = signed_in(user).post(
            reverse("meeting-review", args=[meeting.pk]), {"expected": words, "keep": ""}
        )
        assert done.status_code == 302
    shown = page(district_head, "meeting-review", meeting.pk)
    assert "คาดว่าจะจบเที่ยง" in shown
    assert "เวลาน้อยไป" in shown
    assert "มีผู้ตอบแล้ว 2 คน" in shown
    assert AfterActionWord.objects.count() == 2
    assert signed_in(district_head).post(
        reverse("meeting-review", args=[meeting.pk]), {}
    ).status_code == 422  # fmt: skip


def test_a_series_is_begun_and_its_next_meeting_made_by_one_press(provincial_head) -> None:
    meeting = called_today(provincial_head)
    client = signed_in(provincial_head)
    begun = client.post(
        reverse("meeting-begin-series", args=[meeting.pk]),
        {"title": "ประชุมประจำเดือน สพจ.", "every": "month", "days_after": 5},
    )
    assert begun.status_code == 302
    series = MeetingSeries.objects.get()
    made = client.post(reverse("meeting-next", args=[series.pk]))
    following = Meeting.objects.exclude(pk=meeting.pk).get()
    assert made.url == reverse("meeting", args=[following.pk])
    assert following.starts_at.astimezone(BANGKOK).date() > timezone.localdate()
    assert "ประชุมประจำเดือน สพจ." in page(provincial_head, "meeting-series-list")
    shown = page(provincial_head, "meeting-series", series.pk)
    assert f"ครั้งที่ 1/{meeting.fiscal_year}" in shown


def test_photos_are_evidence_of_the_meeting_until_it_is_called_off(
    provincial_head, district_head
) -> None:
    meeting = called_today(provincial_head, starts_at=tomorrow())
    assert "attached-evidence" in page(provincial_head, "meeting", meeting.pk)
    assert "attached-evidence" not in page(district_head, "meeting", meeting.pk)
    client = signed_in(provincial_head)
    off = client.post(reverse("meeting-call-off", args=[meeting.pk]), {"reason": "ฝนตกหนัก"})
    assert off.status_code == 302
    assert "การประชุมนี้ยกเลิกแล้ว" in page(provincial_head, "meeting", meeting.pk)
    assert "ฝนตกหนัก" in page(district_head, "meeting", meeting.pk)


def test_closing_as_held_ends_what_belongs_to_the_hall(provincial_head) -> None:
    meeting = called_today(provincial_head)
    client = signed_in(provincial_head)
    assert "<svg" in page(provincial_head, "meeting-code", meeting.pk)
    assert client.post(reverse("meeting-hold", args=[meeting.pk])).status_code == 302
    closed = page(provincial_head, "meeting-code", meeting.pk)
    assert 'class="qr"' not in closed
    assert "ปิดรับการลงชื่อแล้ว" in closed


def test_the_list_counts_by_unit_who_is_here_and_who_is_not(provincial_head, district_head) -> None:
    meeting = called_today(provincial_head, offices=["CDD-5712", "CDD-5713"], guests=["นายอำเภอ"])
    client = signed_in(provincial_head)
    address = reverse("meeting-attendance", args=[meeting.pk])
    lines = {line.name: line.key for line in client.get(address).context["lines"]}
    ticked = [lines[district_head.name_th], lines["นายอำเภอ"]]
    assert client.post(address, {"people": ticked}).status_code == 302
    assert client.post(address, {"people": ticked}).status_code == 302  # a second press
    shown = client.get(address)
    presence = shown.context["presence"]
    assert (presence.offices, presence.offices_here, presence.people, presence.guests) == (
        2,
        1,
        2,
        1,
    )
    assert [unit.office for unit in presence.absent] == ["CDD-5713"]
    line = Attendance.objects.get(user=f"user:{district_head.pk}")
    assert client.post(reverse("attendance-strike", args=[line.pk])).status_code == 302
    assert len(client.get(address).context["presence"].absent) == 2
    assert "ขีดฆ่าแล้ว (1)" in client.get(address).content.decode()
    added = client.post(reverse("attendance-guest", args=[meeting.pk]), {"name": "ผู้สังเกตการณ์"})
    assert added.status_code == 302
    assert Attendance.objects.filter(name="ผู้สังเกตการณ์", user="").exists()


def test_a_zone_officer_calls_for_the_zone(provincial_head) -> None:
    officer = make_person(Role.ZONE_OFFICER, "CDD-57", group_key="zone-57-ing-su-khong")
    meeting = called_today(officer, title="ประชุมโซน")
    assert "ประชุมโซน" in page(officer, "meeting", meeting.pk)
    assert "ประชุมโซน" in page(provincial_head, "meeting", meeting.pk)
    other = make_person(Role.DISTRICT_HEAD, "CDD-5712")
    give_post(other, Role.DISTRICT_HEAD, "CDD-5713", tenure="acting")
    assert "ประชุมโซน" in page(other, "meeting", meeting.pk)


def test_lists_cost_the_same_for_one_row_and_three(provincial_head, district_head) -> None:
    first = called_today(provincial_head, starts_at=tomorrow())
    clients = [signed_in(provincial_head), signed_in(district_head)]
    addresses = [
        "/", reverse("meetings"), f"{reverse('meetings')}?when=past",
        reverse("place-meetings", args=["5712"]),
    ]  # fmt: skip
    before = [cost(client, address) for client in clients for address in addresses]
    for number in range(2):
        called_today(provincial_head, starts_at=tomorrow(10 + number), title=f"อีก {number}")
    after = [cost(client, address) for client in clients for address in addresses]
    assert after == before
    assert max(after) <= 35
    one = reverse("meeting", args=[first.pk])
    few = cost(clients[0], one)
    _sender, by, _post = sender_of(provincial_head)
    for number in range(3):
        record_resolution(first.pk, NewResolution(f"มติ {number}"), by=by, at=timezone.now())
        record_attendance(first.pk, [Person(f"ผู้มา {number}")], how="list", by=by, at=timezone.now())
    assert cost(clients[0], one) == few
    assert few <= 35


def test_invited_and_attendance_pages_cost_the_same_for_two_offices_and_eighteen(
    provincial_head,
) -> None:
    small = called_today(provincial_head, offices=["CDD-5712"])
    large = called_today(
        provincial_head, offices=[f"CDD-57{number:02}" for number in range(1, 19)], agenda=AGENDA
    )
    client = signed_in(provincial_head)
    for name in ("meeting-invited", "meeting-attendance", "meeting"):
        costs = {cost(client, reverse(name, args=[each.pk])) for each in (small, large)}
        assert len(costs) == 1, (name, costs)


def test_held_meetings_stand_under_past(provincial_head) -> None:
    meeting = called_today(provincial_head, starts_at=timezone.now() - timedelta(days=3))
    _sender, by, _post = sender_of(provincial_head)
    close_as_held(meeting.pk, on=timezone.localdate(), by=by, at=timezone.now())
    assert "ประชุมขับเคลื่อนงาน" not in page(provincial_head, "meetings")
    assert "ประชุมขับเคลื่อนงาน" in page(provincial_head, "meetings", when="past")
    assert "ประชุมขับเคลื่อนงาน" in page(provincial_head, "place-meetings", "57")
