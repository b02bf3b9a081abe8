"""Meetings from the first draft to the last decision, through the acts."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from tests.policy.directives.acts import offices, sender_of
from tests.policy.meetings.acts import AT, DAY, ON, at_clock, called, prepared
from tiddao.ledger.models import Entry
from tiddao.policy.actions.agenda import (
    AgendaChanged,
    AgendaRefused,
    add_item,
    change_item,
    drop_item,
    move_item,
)
from tiddao.policy.actions.agenda_notes import NoteChanged, write_note
from tiddao.policy.actions.attendance import Person, record_attendance, strike_attendance
from tiddao.policy.actions.handing_down import NewDirective
from tiddao.policy.actions.invitations import invite, reply_to_invitation, withdraw_invitation
from tiddao.policy.actions.meetings import (
    MeetingChanged,
    MeetingRefused,
    NewMeeting,
    call_meeting,
    call_off_meeting,
    change_meeting,
    close_as_held,
)
from tiddao.policy.actions.resolutions import (
    NewResolution,
    direct_resolution,
    record_resolution,
    replace_resolution,
)
from tiddao.policy.actions.series import begin_series, end_series, keep_as_usual, prepare_next
from tiddao.policy.models import (
    AgendaItem,
    AgendaNote,
    Attendance,
    Directive,
    Invitation,
    Meeting,
    MeetingSeries,
)
from tiddao.policy.rules.agenda import NewItem
from tiddao.policy.rules.recurrence import Recurrence

pytestmark = pytest.mark.django_db


def titles(meeting: Meeting) -> list[tuple[int, str]]:
    rows = AgendaItem.objects.filter(meeting=meeting, dropped=False).order_by("order")
    return list(rows.values_list("part", "title"))


def test_preparing_keeps_the_papers_own_times(provincial_head) -> None:
    meeting = prepared(provincial_head, starts_at=at_clock(10, day=date(2022, 11, 22)))
    assert (meeting.state, meeting.fiscal_year, meeting.number) == ("draft", 2566, None)
    first, second = AgendaItem.objects.filter(meeting=meeting).order_by("order")
    # E1: the talk begins at 10:00, the session at 9:00; A48: the afternoon has no end.
    assert (first.starts, first.ends, second.starts, second.ends) == (
        time(9), time(12), time(13), None,
    )  # fmt: skip
    assert Entry.objects.filter(act="prepare_meeting", on=f"meeting:{meeting.pk}").count() == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"title": "  "}, "title-missing"),
        ({"ends_at": at_clock(10)}, "ends-before-it-begins"),
        ({"ends_at": at_clock(9)}, "ends-before-it-begins"),
    ],
)
def test_an_unfit_meeting_is_refused_and_not_written(provincial_head, facts, code) -> None:
    with pytest.raises(MeetingRefused) as refused:
        prepared(provincial_head, **facts)
    assert refused.value.code == code
    assert not Meeting.objects.exists()


def test_the_second_of_two_changes_is_told_and_changes_nothing(provincial_head) -> None:
    meeting = prepared(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    first = NewMeeting("ย้ายห้อง", at_clock(10), venue="ห้องประชุมใหญ่")
    change_meeting(meeting.pk, first, seen=0, by=by, at=AT)
    with pytest.raises(MeetingChanged):
        change_meeting(meeting.pk, NewMeeting("อีกคน", at_clock(9)), seen=0, by=by, at=AT)
    meeting.refresh_from_db()
    assert (meeting.title, meeting.version) == ("ย้ายห้อง", 1)


def test_states_go_forward_only(provincial_head) -> None:
    meeting = prepared(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    with pytest.raises(MeetingRefused, match="nobody-invited"):
        call_meeting(meeting.pk, by=by, at=AT)
    with pytest.raises(MeetingRefused, match="not-running"):
        close_as_held(meeting.pk, on=DAY, by=by, at=AT)
    meeting = called(provincial_head)
    with pytest.raises(MeetingRefused, match="not-yet"):
        close_as_held(meeting.pk, on=DAY - timedelta(days=1), by=by, at=AT)
    assert close_as_held(meeting.pk, on=DAY, by=by, at=AT).state == "held"
    assert close_as_held(meeting.pk, on=DAY, by=by, at=AT).state == "held"  # again: nothing
    with pytest.raises(MeetingRefused, match="not-open"):
        call_off_meeting(meeting.pk, reason="ฝนตก", by=by, at=AT)
    assert Entry.objects.filter(act="hold_meeting").count() == 1


def test_calling_off_needs_a_reason(provincial_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    with pytest.raises(MeetingRefused, match="reason-missing"):
        call_off_meeting(meeting.pk, reason=" ", by=by, at=AT)
    off = call_off_meeting(meeting.pk, reason="ฝนตกหนัก น้ำท่วมทาง", by=by, at=AT)
    assert (off.state, off.cancel_reason) == ("cancelled", "ฝนตกหนัก น้ำท่วมทาง")


# -- agenda ----------------------------------------------------------------------------------------


def test_items_are_added_changed_moved_and_dropped(provincial_head) -> None:
    meeting = prepared(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    made = add_item(meeting.pk, NewItem("ระเบียบวาระอื่น", 1), seen=0, by=by, at=AT)
    assert [part for part, _title in titles(meeting)] == [1, 1, 2]
    change_item(made.pk, NewItem("เรื่องแจ้ง", 1, starts=time(8, 30)), seen=1, by=by, at=AT)
    move_item(made.pk, -1, seen=2, by=by, at=AT)
    assert titles(meeting)[0] == (1, "เรื่องแจ้ง")
    # Over the edge of the morning: first into the afternoon, there before the others.
    last = AgendaItem.objects.get(meeting=meeting, title__startswith="บรรยาย")
    move_item(last.pk, 1, seen=3, by=by, at=AT)
    assert [part for part, _title in titles(meeting)] == [1, 2, 2]
    assert titles(meeting)[1][1].startswith("บรรยาย")
    drop_item(made.pk, dropped=True, seen=4, by=by, at=AT)
    assert len(titles(meeting)) == 2
    drop_item(made.pk, dropped=False, seen=5, by=by, at=AT)
    assert titles(meeting)[0] == (1, "เรื่องแจ้ง")
    assert Entry.objects.filter(act="change_agenda").count() == 6


def test_two_at_once_on_the_agenda_the_second_is_told(provincial_head) -> None:
    meeting = prepared(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    add_item(meeting.pk, NewItem("ของคนแรก"), seen=0, by=by, at=AT)
    with pytest.raises(AgendaChanged):
        add_item(meeting.pk, NewItem("ของคนที่สอง"), seen=0, by=by, at=AT)
    assert len(titles(meeting)) == 3


def test_an_item_that_ends_before_it_begins_is_refused(provincial_head) -> None:
    meeting = prepared(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    with pytest.raises(AgendaRefused, match="ends-before-it-begins"):
        add_item(meeting.pk, NewItem("ก", 1, "lecture", time(10), time(9)), seen=0, by=by, at=AT)


# -- invitations -----------------------------------------------------------------------------------


def test_878_offices_are_one_act(executive, django_assert_max_num_queries) -> None:
    meeting = prepared(executive)
    sender, by, _post = sender_of(executive)
    everywhere = offices("district")
    assert len(everywhere) >= 878
    with django_assert_max_num_queries(20):
        done = invite(
            meeting.pk, offices=everywhere, roles=["district_head"], scope=sender.scope, on=ON,
            by=by, at=AT,
        )  # fmt: skip
    assert (done.posts, done.offices) == (len(everywhere), len(everywhere))
    assert Invitation.objects.filter(meeting=meeting).count() == len(everywhere)
    assert Entry.objects.filter(act="invite_to_meeting").count() == 1
    again = invite(
        meeting.pk, offices=everywhere, roles=["district_head"], scope=sender.scope, on=ON,
        by=by, at=AT,
    )  # fmt: skip
    assert again.posts == 0


def test_offices_outside_the_posts_scope_are_not_asked(district_head) -> None:
    meeting = prepared(district_head)
    sender, by, _post = sender_of(district_head)
    with pytest.raises(MeetingRefused, match="nobody-found"):
        invite(
            meeting.pk, offices=["CDD-57", "CDD-50"], roles=["provincial_head"],
            scope=sender.scope, on=ON, by=by, at=AT,
        )  # fmt: skip
    assert not Invitation.objects.exists()


def test_who_was_taken_off_is_asked_anew(provincial_head) -> None:
    meeting = called(provincial_head, guests=["นายอำเภอพญาเม็งราย", "นายอำเภอพญาเม็งราย "])
    sender, by, _post = sender_of(provincial_head)
    assert Invitation.objects.filter(meeting=meeting, office=None).count() == 1
    row = Invitation.objects.get(meeting=meeting, office="CDD-5712")
    reply_to_invitation(row.pk, "coming", by=by, at=AT)
    withdraw_invitation(row.pk, by=by, at=AT)
    with pytest.raises(Invitation.DoesNotExist):
        reply_to_invitation(row.pk, "coming", by=by, at=AT)
    invite(
        meeting.pk, offices=["CDD-5712"], roles=["district_head"], scope=sender.scope, on=ON,
        by=by, at=AT,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.withdrawn, row.reply) == (False, "none")


def test_a_reply_that_sends_somebody_says_whom(provincial_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    row = Invitation.objects.get(meeting=meeting)
    for reply in ("sending", "absent"):
        with pytest.raises(MeetingRefused, match="words-missing"):
            reply_to_invitation(row.pk, reply, by=by, at=AT)
    done = reply_to_invitation(row.pk, "sending", words="ส่งพัฒนากรตำบลไม้ยา", by=by, at=AT)
    assert (done.reply, done.reply_words) == ("sending", "ส่งพัฒนากรตำบลไม้ยา")


# -- attendance ------------------------------------------------------------------------------------


def test_one_person_is_one_line_however_often_they_sign(provincial_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    person = Person("นายสมมุติ", "พัฒนาการอำเภอ", "user:7", "CDD-5712")
    _lines, new = record_attendance(meeting.pk, [person], how="qr", by=by, at=AT)
    _lines, again = record_attendance(meeting.pk, [person], how="list", by=by, at=AT)
    guests = [Person("นายบรรจง  จอมศิลา"), Person("นายบรรจง จอมศิลา", "นายกเทศมนตรี")]
    _lines, guest = record_attendance(meeting.pk, guests, how="qr", by=by, at=AT)
    assert (new, again, guest) == (1, 0, 1)
    assert Attendance.objects.count() == 2


def test_a_struck_line_is_kept_and_the_person_may_sign_again(provincial_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    [line], _new = record_attendance(meeting.pk, [Person("ก ข")], how="list", by=by, at=AT)
    first = strike_attendance(line.pk, by=by, at=AT)
    assert strike_attendance(line.pk, by=by, at=AT) == first
    [second], new = record_attendance(meeting.pk, [Person("ก ข")], how="list", by=by, at=AT)
    assert new == 1
    assert second.pk != line.pk
    assert Attendance.objects.filter(meeting=meeting).count() == 3


def test_the_code_ends_when_the_meeting_is_closed_the_list_later(provincial_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    close_as_held(meeting.pk, on=DAY, by=by, at=AT)
    with pytest.raises(MeetingRefused, match="not-running"):
        record_attendance(meeting.pk, [Person("ก ข")], how="qr", by=by, at=AT)
    _lines, new = record_attendance(meeting.pk, [Person("ก ข")], how="list", by=by, at=AT)
    assert new == 1


# -- notes and decisions ---------------------------------------------------------------------------


def test_notes_keep_versions_and_put_two_writers_together(provincial_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    item = AgendaItem.objects.filter(meeting=meeting).order_by("order")[0]
    base = "เปิดประชุม\nประธานแจ้ง\nเลิกประชุม"
    write_note(item.pk, base, seen=0, by=by, at=AT)
    write_note(item.pk, base.replace("เปิดประชุม", "เปิดประชุม 9.00 น."), seen=1, by=by, at=AT)
    late = base.replace("เลิกประชุม", "เลิกประชุม 12.00 น.")
    written = write_note(item.pk, late, seen=1, by=by, at=AT)
    assert written.together
    assert written.note.words == "เปิดประชุม 9.00 น.\nประธานแจ้ง\nเลิกประชุม 12.00 น."
    with pytest.raises(NoteChanged) as changed:
        write_note(item.pk, base.replace("เปิดประชุม", "เริ่มประชุม"), seen=1, by=by, at=AT)
    assert changed.value.theirs.number == 3
    same = write_note(item.pk, written.note.words, seen=3, by=by, at=AT)
    assert same.note.number == 3  # nothing new, nothing written
    assert AgendaNote.objects.filter(item=item).count() == 3


def test_a_replaced_decision_stays_and_numbers_go_on(provincial_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    first = record_resolution(meeting.pk, NewResolution("ให้เร่งรัด"), by=by, at=AT)
    second = replace_resolution(first.pk, NewResolution("ให้เร่งรัดภายในเดือน"), by=by, at=AT)
    first.refresh_from_db()
    assert (first.number, second.number, first.replaced_by_id) == (1, 2, second.pk)
    assert first.words == "ให้เร่งรัด"
    with pytest.raises(MeetingRefused, match="replaced-already"):
        replace_resolution(first.pk, NewResolution("อีกครั้ง"), by=by, at=AT)
    with pytest.raises(MeetingRefused, match="words-missing"):
        record_resolution(meeting.pk, NewResolution(" "), by=by, at=AT)


def test_a_decision_becomes_one_directive_never_two(provincial_head) -> None:
    meeting = called(provincial_head)
    sender, by, _post = sender_of(provincial_head)
    row = record_resolution(meeting.pk, NewResolution("ให้อำเภอเร่งรัด"), by=by, at=AT)
    wanted = NewDirective("เร่งรัด", "ให้อำเภอเร่งรัด")
    made = direct_resolution(row.pk, wanted, ["CDD-5712"], sender=sender, on=ON, by=by, at=AT)
    row.refresh_from_db()
    assert (row.directive_id, row.sort) == (made.pk, "directive")
    with pytest.raises(MeetingRefused, match="directed-already"):
        direct_resolution(row.pk, wanted, ["CDD-5712"], sender=sender, on=ON, by=by, at=AT)
    assert Directive.objects.count() == 1


def test_nothing_is_decided_in_a_draft(provincial_head) -> None:
    meeting = prepared(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    with pytest.raises(MeetingRefused, match="not-running"):
        record_resolution(meeting.pk, NewResolution("ก"), by=by, at=AT)


# -- series ----------------------------------------------------------------------------------------


def test_the_next_of_a_series_has_the_usual_agenda_people_and_number(provincial_head) -> None:
    meeting = called(provincial_head, guests=["นายอำเภอ"])
    sender, by, _post = sender_of(provincial_head)
    series = begin_series(
        meeting.pk, "ประชุมประจำเดือน", recurrence=Recurrence("month", 5), by=by, at=AT
    )
    made = prepare_next(series.pk, caller=sender, on=ON, by=by, at=AT)
    assert (made.number, made.fiscal_year, made.state) == (2, 2569, "draft")
    assert made.starts_at == at_clock(10, day=date(2026, 7, 6))  # 5 July is a Sunday
    assert titles(made) == titles(meeting)
    assert Invitation.objects.filter(meeting=made).count() == 2
    assert prepare_next(series.pk, caller=sender, on=ON, by=by, at=AT) == made  # one at a time
    add_item(made.pk, NewItem("เรื่องใหม่", 2), seen=made.version, by=by, at=AT)
    keep_as_usual(made.pk, by=by, at=AT)
    series.refresh_from_db()
    assert [each["title"] for each in series.parts][-1] == "เรื่องใหม่"
    end_series(series.pk, on=ON, by=by, at=AT)
    with pytest.raises(MeetingRefused, match="series-ended"):
        prepare_next(series.pk, caller=sender, on=ON, by=by, at=AT)


def test_numbers_begin_anew_in_october(provincial_head) -> None:
    meeting = called(provincial_head, starts_at=at_clock(10, day=date(2026, 9, 10)))
    sender, by, _post = sender_of(provincial_head)
    series = begin_series(meeting.pk, "ประจำเดือน", recurrence=None, by=by, at=AT)
    made = prepare_next(series.pk, caller=sender, on=date(2026, 9, 11), by=by, at=AT)
    assert (made.number, made.fiscal_year) == (1, 2570)
    assert MeetingSeries.objects.get().meetings.count() == 2


def test_another_offices_series_is_not_taken(provincial_head, district_head) -> None:
    meeting = called(provincial_head)
    _sender, by, _post = sender_of(provincial_head)
    series = begin_series(meeting.pk, "ประจำเดือน", recurrence=None, by=by, at=AT)
    other, their, _post = sender_of(district_head)
    with pytest.raises(MeetingSeries.DoesNotExist):
        prepare_next(series.pk, caller=other, on=ON, by=their, at=AT)
