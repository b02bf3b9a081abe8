"""People act on one meeting at the same moment, each in a transaction of their own."""

from __future__ import annotations

import pytest

from tests.policy.directives.acts import DEPARTMENT, NATION, NOBODY, ON
from tests.policy.meetings.acts import AGENDA, AT, at_clock
from tests.together import at_once
from tiddao.policy.actions.agenda import AgendaChanged, add_item
from tiddao.policy.actions.agenda_notes import write_note
from tiddao.policy.actions.attendance import Person, record_attendance
from tiddao.policy.actions.handing_down import NewDirective
from tiddao.policy.actions.invitations import invite
from tiddao.policy.actions.meetings import (
    MeetingRefused,
    NewMeeting,
    call_meeting,
    prepare_meeting,
)
from tiddao.policy.actions.resolutions import (
    NewResolution,
    direct_resolution,
    record_resolution,
)
from tiddao.policy.models import (
    AgendaItem,
    AgendaNote,
    Attendance,
    Directive,
    Meeting,
    Resolution,
)
from tiddao.policy.rules.agenda import NewItem


@pytest.fixture
def meeting(committed) -> Meeting:
    made = prepare_meeting(
        NewMeeting("ประชุมพร้อมกัน", at_clock(10), agenda=AGENDA),
        caller=DEPARTMENT,
        by=NOBODY,
        at=AT,
    )
    invite(
        made.pk, offices=["CDD-57"], roles=["provincial_head"], scope=NATION, on=ON,
        by=NOBODY, at=AT,
    )  # fmt: skip
    return call_meeting(made.pk, by=NOBODY, at=AT)


def test_one_person_who_presses_five_times_at_once_is_one_line(meeting) -> None:
    person = Person("นายสมมุติ", "", "user:7", "CDD-57")
    found = at_once(
        *(
            lambda: record_attendance(meeting.pk, [person], how="qr", by=NOBODY, at=AT)
            for _press in range(5)
        )
    )
    assert sorted(new for _lines, new in found) == [0, 0, 0, 0, 1]
    assert Attendance.objects.count() == 1


def test_of_two_who_change_the_agenda_one_is_told(meeting) -> None:
    found = at_once(
        *(
            lambda title=title: add_item(
                meeting.pk, NewItem(title), seen=meeting.version, by=NOBODY, at=AT
            )
            for title in ("ของคนแรก", "ของคนที่สอง")
        )
    )
    assert sum(isinstance(each, AgendaChanged) for each in found) == 1
    assert AgendaItem.objects.filter(meeting=meeting).count() == 3
    assert Meeting.objects.get(pk=meeting.pk).version == meeting.version + 1


def test_five_who_write_on_one_item_lose_no_words(meeting) -> None:
    item = AgendaItem.objects.filter(meeting=meeting).order_by("order")[0]
    words = [f"คำของคนที่ {number}" for number in range(5)]
    at_once(
        *(lambda said=said: write_note(item.pk, said, seen=0, by=NOBODY, at=AT) for said in words)
    )
    last = AgendaNote.objects.filter(item=item).order_by("-number")[0]
    assert sorted(last.words.splitlines()) == words


def test_five_decisions_at_once_have_five_numbers(meeting) -> None:
    found = at_once(
        *(
            lambda n=n: record_resolution(meeting.pk, NewResolution(f"มติ {n}"), by=NOBODY, at=AT)
            for n in range(5)
        )
    )
    assert sorted(each.number for each in found) == [1, 2, 3, 4, 5]


def test_a_decision_pressed_twice_at_once_is_one_directive(meeting) -> None:
    row = record_resolution(meeting.pk, NewResolution("เร่งรัด"), by=NOBODY, at=AT)
    found = at_once(
        *(
            lambda: direct_resolution(
                row.pk, NewDirective("เร่งรัด", "เร่งรัด"), ["CDD-57"], sender=DEPARTMENT, on=ON,
                by=NOBODY, at=AT,
            )
            for _press in range(2)
        )
    )  # fmt: skip
    assert sum(isinstance(each, MeetingRefused) for each in found) == 1
    assert Directive.objects.count() == 1
    assert Resolution.objects.get().directive_id is not None
