"""Meetings in other people's calendar programs: what they read back, and who may read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.persons import signed_in
from tests.policy.directives.acts import sender_of
from tests.policy.meetings.acts import called_today
from tiddao.policy.actions.meetings import call_off_meeting
from tiddao.policy.calendar_file import Entry, calendar_of
from tiddao.policy.models import CalendarFeed, Meeting

pytestmark = pytest.mark.django_db

LONG = "ประชุมเชิงปฏิบัติการ; ขับเคลื่อน, นโยบายสำคัญ\\ของจังหวัดเชียงราย ประจำปีงบประมาณ พ.ศ. 2566 ครั้งที่ 1 เพื่อถ่ายทอดตัวชี้วัด"


def read_back(content: bytes) -> list[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar["version"] == "2.0"
    return list(calendar.walk("VEVENT"))


def soon(days: int = 2) -> datetime:
    return timezone.now().replace(microsecond=0) + timedelta(days=days)


def address_of(user) -> str:
    client = signed_in(user)
    made = client.post(reverse("meeting-calendar"))
    address = made.context["address"]
    assert address
    return str(address).removeprefix("http://testserver")


def test_a_meeting_is_read_back_as_it_is() -> None:
    starts = datetime(2022, 11, 22, 3, 0, tzinfo=UTC)
    entry = Entry(
        id=7, title=LONG, starts_at=starts, ends_at=starts + timedelta(hours=2),
        venue="หอประชุม, หมู่ที่ 14", state="called", version=3, at=starts,
        agenda=("09.00 น. บรรยาย", "ระดมความคิด"),
    )  # fmt: skip
    content = calendar_of([entry], name="ก", now=starts, address=lambda one: f"https://x/{one}/")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))  # octets, RFC 5545 3.1
    [event] = read_back(content)
    assert str(event["summary"]) == LONG
    assert event.decoded("dtstart") == starts
    assert event.decoded("dtend") == starts + timedelta(hours=2)
    assert str(event["location"]) == "หอประชุม, หมู่ที่ 14"
    assert str(event["description"]) == "09.00 น. บรรยาย\nระดมความคิด"
    assert (str(event["uid"]), event["sequence"], str(event["status"])) == (
        "meeting-7@tiddao", 3, "CONFIRMED",
    )  # fmt: skip


def test_one_meeting_is_a_file_without_an_end_where_none_is_given(provincial_head) -> None:
    meeting = called_today(provincial_head, starts_at=soon(), title=LONG)
    response = signed_in(provincial_head).get(reverse("meeting-ics", args=[meeting.pk]))
    assert response["Content-Type"].startswith("text/calendar")
    [event] = read_back(response.content)
    assert "dtend" not in event
    assert event.decoded("dtstart") == meeting.starts_at
    assert str(event["url"]).endswith(reverse("meeting", args=[meeting.pk]))


def test_the_feed_holds_what_the_person_is_asked_to_or_calls(
    provincial_head, district_head, stranger
) -> None:
    asked = called_today(provincial_head, starts_at=soon(), title="ที่เชิญ")
    called_today(provincial_head, starts_at=soon(3), title="ของอำเภออื่น", offices=["CDD-5713"])
    called_today(provincial_head, starts_at=soon(-200), title="นานแล้ว")
    feeds = {
        user: [str(each["summary"]) for each in read_back(Client().get(address_of(user)).content)]
        for user in (provincial_head, district_head, stranger)
    }
    assert list(feeds.values()) == [["ที่เชิญ", "ของอำเภออื่น"], ["ที่เชิญ"], []]
    _sender, by, _post = sender_of(provincial_head)
    call_off_meeting(asked.pk, reason="ฝนตก", by=by, at=timezone.now())
    [event] = read_back(Client().get(address_of(district_head)).content)
    assert str(event["status"]) == "CANCELLED"
    Meeting.objects.filter(pk=asked.pk).update(state="draft")
    assert not read_back(Client().get(address_of(district_head)).content)


def test_an_address_is_secret_kept_as_a_digest_and_ends(provincial_head) -> None:
    first = address_of(provincial_head)
    secret = first.removeprefix("/calendars/").removesuffix(".ics")
    assert len(secret) >= 40
    assert secret not in str(list(CalendarFeed.objects.values()))
    assert (
        secret not in signed_in(provincial_head).get(reverse("meeting-calendar")).content.decode()
    )
    second = address_of(provincial_head)
    assert [Client().get(each).status_code for each in (first, second)] == [404, 200]
    ended = signed_in(provincial_head).post(reverse("meeting-calendar-end"))
    assert ended.status_code == 302
    assert Client().get(second).status_code == 404
    assert Client().get("/calendars/nothing.ics").status_code == 404
    assert CalendarFeed.objects.count() == 2


def test_the_feed_of_who_has_left_answers_no_more(provincial_head) -> None:
    address = address_of(provincial_head)
    provincial_head.expires_on = date(2023, 9, 30)
    provincial_head.save()
    assert Client().get(address).status_code == 404


def test_a_feed_costs_the_same_for_one_meeting_and_four(provincial_head) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        return len(asked)

    called_today(provincial_head, starts_at=soon())
    address = address_of(provincial_head)
    few = cost()
    for number in range(3):
        called_today(provincial_head, starts_at=soon(3 + number))
    assert cost() == few
    assert few <= 8
