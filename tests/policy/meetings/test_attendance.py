"""Signing the list by the code on the screen: who, until when, and what nobody learns."""

from __future__ import annotations

import re
import time
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse

from tests.persons import make_person, signed_in
from tests.policy.directives.acts import sender_of
from tests.policy.meetings.acts import called_today
from tiddao.ledger.models import Entry
from tiddao.people.models import Role
from tiddao.policy.actions.meetings import call_off_meeting
from tiddao.policy.attendance_code import code_of, drawn, is_opened, opened_of, read_code
from tiddao.policy.models import Attendance, Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(provincial_head) -> Meeting:
    return called_today(provincial_head, title="ประชุมลงชื่อ", venue="หอประชุม", chair="ชื่อที่ไม่ควรเห็น")


def address(meeting: Meeting) -> str:
    return reverse("attend", args=[code_of(meeting.pk)])


def later(seconds: float):
    return mock.patch("time.time", return_value=time.time() + seconds)


def opened_in(response) -> str:
    found = re.search(r'name="opened" value="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


def test_who_has_signed_in_signs_with_one_press(meeting, district_head) -> None:
    client = signed_in(district_head)
    there = address(meeting)
    shown = client.get(there)
    assert district_head.name_th in shown.content.decode()
    assert not Attendance.objects.exists()  # looking writes nothing
    for _press in range(2):
        done = client.post(there, {"opened": opened_in(shown)})
        assert done.status_code == 200
    line = Attendance.objects.get()
    assert (line.user, line.office_id, line.how) == (f"user:{district_head.pk}", "CDD-5712", "qr")
    assert line.invitation_id is not None
    assert "ลงชื่อเข้าประชุมแล้ว" in client.get(there).content.decode()
    assert Entry.objects.filter(act="record_attendance").count() == 1


def test_a_colleague_who_was_sent_counts_for_the_office(meeting) -> None:
    sent = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    client = signed_in(sent)
    client.post(address(meeting), {"opened": opened_of(meeting.pk)})
    line = Attendance.objects.get()
    assert (line.office_id, line.invitation_id) == ("CDD-5712", None)


def test_a_guest_gives_a_name_and_learns_nothing_more(meeting, provincial_head) -> None:
    client = Client()
    there = address(meeting)
    text = client.get(there).content.decode()
    assert "ประชุมลงชื่อ" in text
    for hidden in (
        "ชื่อที่ไม่ควรเห็น", "บรรยายพิเศษ", "พญาเม็งราย", "เชียงราย", provincial_head.name_th,
    ):  # fmt: skip
        assert hidden not in text
    opened = opened_in(client.get(there))
    assert client.post(there, {"opened": opened, "name": " "}).status_code == 422
    said = {"opened": opened, "name": "นาย ผู้ใหญ่บ้าน", "title": "ผู้ใหญ่บ้าน หมู่ 14"}
    assert client.post(there, said).status_code == 200
    assert client.post(there, said).status_code == 200
    line = Attendance.objects.get()
    assert (line.user, line.name, line.title, line.by) == (
        "", "นาย ผู้ใหญ่บ้าน", "ผู้ใหญ่บ้าน หมู่ 14", "guest",
    )  # fmt: skip
    entry = Entry.objects.get(act="record_attendance")
    assert "ผู้ใหญ่บ้าน" not in f"{entry.by_name}{entry.detail}"  # the ledger keeps no guest's name


def test_a_code_is_good_for_minutes_and_a_form_a_little_longer(meeting, settings) -> None:
    client = Client()
    there = address(meeting)
    opened = opened_in(client.get(there))
    with later(settings.MEETING_CODE_SECONDS - 5):
        assert client.get(there).status_code == 200
    with later(settings.MEETING_CODE_SECONDS + 5):
        over = client.get(there)
        assert over.status_code == 410
        assert "QR บนจอเปลี่ยนทุกไม่กี่นาที" in over.content.decode()
        # Who had opened the page in time may still finish writing their name.
        done = client.post(there, {"opened": opened, "name": "คนเขียนช้า"})
        assert done.status_code == 200
    with later(settings.MEETING_FORM_SECONDS + 5):
        late = client.post(there, {"opened": opened, "name": "คนที่ออกไปแล้ว"})
        assert late.status_code == 410
    assert list(Attendance.objects.values_list("name", flat=True)) == ["คนเขียนช้า"]


def test_forged_borrowed_and_replayed_codes_open_nothing(meeting, provincial_head) -> None:
    other = called_today(provincial_head, title="อีกการประชุม")
    good = code_of(meeting.pk)
    _number, rest = good.split(":", 1)
    forged = [
        f"{other.pk}:{rest}",  # another meeting's number before this one's signature
        TimestampSigner(salt="another").sign(str(meeting.pk)),
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        str(meeting.pk),
        opened_of(meeting.pk),  # what a page carries is no code
        "1:1:1",
    ]
    for code in forged:
        assert read_code(code) is None, code
        assert Client().get(reverse("attend", args=[code])).status_code == 404
    assert read_code(good) == (meeting.pk, True)
    there = reverse("attend", args=[good])
    for opened in ("", good, opened_of(other.pk), "x:y:z"):
        assert Client().post(there, {"opened": opened, "name": "ก"}).status_code == 410, opened
        assert not is_opened(opened, meeting.pk)
    assert not Attendance.objects.exists()


def test_a_fresh_code_of_a_meeting_that_is_over_signs_nobody(meeting, provincial_head) -> None:
    _sender, by, _post = sender_of(provincial_head)
    there = address(meeting)
    opened = opened_in(Client().get(there))
    call_off_meeting(meeting.pk, reason="ฝนตก", by=by, at=meeting.starts_at)
    assert Client().get(there).status_code == 410
    assert Client().post(there, {"opened": opened, "name": "ก"}).status_code == 410
    Meeting.objects.filter(pk=meeting.pk).update(state="draft")
    assert Client().get(there).status_code == 404
    assert not Attendance.objects.exists()


def test_guests_are_slowed_down(meeting, settings) -> None:
    settings.MEETING_GUEST_RATE = "3/m/ip"
    cache.clear()
    client = Client()
    there = address(meeting)
    opened = opened_in(client.get(there))
    answers = [
        client.post(there, {"opened": opened, "name": f"คนที่ {number}"}).status_code
        for number in range(5)
    ]
    assert answers == [200, 200, 200, 429, 429]
    assert Attendance.objects.count() == 3
    cache.clear()


def test_the_screen_renews_itself_with_a_fresh_code(meeting, provincial_head, settings) -> None:
    client = signed_in(provincial_head)
    screen = reverse("meeting-code", args=[meeting.pk])
    page = client.get(screen)
    text = page.content.decode()
    assert f'hx-trigger="every {settings.MEETING_CODE_SECONDS // 3}s"' in text
    assert page.headers["Cache-Control"].startswith("max-age=0")
    part = client.get(screen, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    with later(60):
        assert client.get(screen, headers={"HX-Request": "true"}).content.decode() != part


def test_the_drawing_needs_no_script_and_no_style() -> None:
    drawing = str(drawn("https://tiddao.example/attend/12:1tabcd:" + "x" * 43 + "/"))
    assert drawing.startswith("<svg")
    assert "style=" not in drawing
    assert "<script" not in drawing
    assert "viewBox" in drawing


def test_forty_signatures_of_twenty_guests_are_twenty_lines(meeting) -> None:
    there, opened = address(meeting), opened_of(meeting.pk)
    client = Client()
    for number in list(range(20)) * 2:
        said = {"opened": opened, "name": f"ผู้เข้า {number}"}
        assert client.post(there, said).status_code == 200
    assert Attendance.objects.count() == 20
