"""Meetings of the demonstration: the zone's day of 22 November 2565, and the province's every month.

When, where and about what is in the department's news; who came is said by position alone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.money import working
from tiddao.config.demonstration.people import HEAD_OF_PROVINCE, ZONE, actor
from tiddao.ledger.actors import Actor
from tiddao.people.access import Standing, standing_of
from tiddao.people.models import Post, Role, User
from tiddao.places.models import Office
from tiddao.policy.actions.after_action import add_review_words
from tiddao.policy.actions.agenda_notes import write_note
from tiddao.policy.actions.answering import answer_directive, rule_on_answer
from tiddao.policy.actions.attendance import Person, record_attendance
from tiddao.policy.actions.handing_down import NewDirective, Sender
from tiddao.policy.actions.invitations import invite, reply_to_invitation
from tiddao.policy.actions.meetings import (
    NewMeeting,
    call_meeting,
    change_meeting,
    close_as_held,
    prepare_meeting,
)
from tiddao.policy.actions.resolutions import (
    NewResolution,
    direct_resolution,
    record_resolution,
)
from tiddao.policy.actions.series import begin_series, prepare_next
from tiddao.policy.models import AgendaItem, Attendance, Invitation, Meeting
from tiddao.policy.queries.receivers import offices_of
from tiddao.policy.rules.agenda import NewItem
from tiddao.policy.rules.receivers import Choice
from tiddao.policy.rules.recurrence import Recurrence

THE_DAY = date(2022, 11, 22)
"""Of the news (requirements A5)."""
_TAMBON = "571203"
_GUESTS = ("นายอำเภอพญาเม็งราย", "นายกเทศมนตรีตำบลไม้ยา")


def zone_day_is_there(day: date) -> bool:
    del day
    return Meeting.objects.filter(starts_at__date=THE_DAY).exists()


def hold_zone_day(day: date) -> None:
    """The zone's six districts hear the policy, and decide in the afternoon on three matters."""
    del day
    head, sender = _caller(THE_DAY)
    called_at = moment(THE_DAY - timedelta(days=8), MORNING)
    by = head.actor(head.posts[0])
    meeting = prepare_meeting(
        NewMeeting(
            title="ถ่ายทอดตัวชี้วัดและประชุมเชิงปฏิบัติการการขับเคลื่อนนโยบายสำคัญ โซนอิงสู่โขง",
            purpose="ขับเคลื่อนภารกิจสำคัญด้วยโมเดล “อำเภอติดดาว” จังหวัดเชียงราย ปีงบประมาณ พ.ศ. 2566",
            starts_at=moment(THE_DAY, time(10)),
            venue="หอประชุมบ้านห้วยก้างปูล้าน หมู่ที่ 14",
            venue_place=_TAMBON,
            chair="พัฒนาการจังหวัดเชียงราย",
            secretary="นักวิชาการพัฒนาชุมชนประจำโซน",
            agenda=(
                NewItem(
                    "บรรยายพิเศษ รับมอบถ่ายทอดนโยบาย และหารือแลกเปลี่ยนการขับเคลื่อนงานสู่เป้าหมาย",
                    1, "lecture", time(9), time(12), "ผู้ตรวจราชการกรมการพัฒนาชุมชน",
                ),
                NewItem(
                    "แนวทางและเข็มทิศการขับเคลื่อนงานพัฒนาชุมชนจังหวัดเชียงราย",
                    1, "discussion", None, None, "พัฒนาการจังหวัดเชียงราย",
                ),
                NewItem(
                    "ระดมความคิดเห็นการขับเคลื่อน “อำเภอติดดาว” 5 มิติ", 2, "workshop", time(13)
                ),
                NewItem(
                    "ลงพื้นที่ร่วมเกี่ยวข้าว และออกแบบแนวทางการขับเคลื่อนงาน 3 เรื่อง",
                    2, "field_visit",
                    venue="ศูนย์เรียนรู้ต้นแบบ “โคก หนอง นา” หมู่ที่ 6", venue_place=_TAMBON,
                ),
            ),
        ),
        caller=sender,
        by=by,
        at=called_at,
    )  # fmt: skip
    offices = [
        each.code
        for each in offices_of(Choice(frozenset({"district"}), (ZONE,)), scope={"57"}, on=THE_DAY)
    ]
    invite(
        meeting.pk,
        offices=offices,
        roles=[Role.DISTRICT_HEAD, Role.TAMBON_OFFICER],
        guests=_GUESTS,
        scope=sender.scope,
        on=THE_DAY,
        by=by,
        at=called_at,
    )
    call_meeting(meeting.pk, by=by, at=called_at)
    _reply(meeting, moment(THE_DAY - timedelta(days=6), NOON))
    came = moment(THE_DAY, time(8, 40))
    _sign(meeting, by=by, at=came)
    noted, evening = moment(THE_DAY, NOON), moment(THE_DAY, EVENING)
    notes = (
        "เน้นย้ำการแปลงนโยบายสู่การปฏิบัติ สื่อสารสร้างการรับรู้ สร้างคุณค่าในงาน\nใช้นวัตกรรมและเทคโนโลยี และงานพิเศษที่ได้รับมอบหมาย (Extra Job)\nบริหารให้ครอบคลุม งาน งบ ระบบ คน",
        "ชัดเจน ครอบคลุม โดดเด่น เน้นประโยชน์ส่วนรวม",
        "กำหนดตัวชี้วัดเพื่อให้อำเภอขับเคลื่อนงานร่วมกันอย่างมีสุขและสมดุล",
    )
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("order"))
    for item, words in zip(items, notes, strict=False):
        write_note(item.pk, words, seen=0, by=by, at=noted)
    matters = (
        ("ให้ทุกอำเภอในโซนจัดทำแนวทางการขับเคลื่อนโครงการริเริ่ม “สพอ.ติดดาว”", "directive"),
        ("รับทราบแนวทางการพัฒนาตำบลเข้มแข็งตามหลักปรัชญาของเศรษฐกิจพอเพียง", "noted"),
        ("เสนอจังหวัดกำหนดกรอบงาน Extra Job ปีงบประมาณ 2566", "proposal"),
    )
    decided = [
        record_resolution(
            meeting.pk,
            NewResolution(
                words,
                sort,
                items[-1].pk,
                "พัฒนาการอำเภอ" if sort == "directive" else "",
                date(2022, 12, 15) if sort == "directive" else None,
            ),
            by=by,
            at=evening,
        )
        for words, sort in matters
    ]
    close_as_held(meeting.pk, on=THE_DAY, by=by, at=evening)
    directive = direct_resolution(
        decided[0].pk,
        NewDirective(
            title="จัดทำแนวทางการขับเคลื่อนโครงการริเริ่ม “สพอ.ติดดาว”",
            text=decided[0].words,
            due_on=decided[0].due_on,
            facet="work",
            source=f"{meeting.title} มติที่ 1",
        ),
        offices,
        sender=sender,
        on=THE_DAY,
        by=by,
        at=evening,
    )
    reported = date(2022, 12, 14)
    for part in directive.assignments.order_by("place_id"):
        done = answer_directive(
            part.pk,
            "finish",
            words="จัดทำแนวทางและประชุมชี้แจงเจ้าหน้าที่ครบแล้ว",
            seen=0,
            by=actor(f"head-{part.place_id}", on=reported),
            at=moment(reported, NOON),
        )
        rule_on_answer(part.pk, "accept", seen=done.version, by=by, at=moment(reported, EVENING))
    _review(meeting, by)


def monthly_meetings_are_there(day: date) -> bool:
    del day
    return Meeting.objects.filter(series__isnull=False).exists()


def hold_monthly_meetings(day: date) -> None:
    """The provincial office met last month and meets again within the week; districts have replied."""
    last = working(day - timedelta(days=26))
    head, sender = _caller(last)
    by, at = head.actor(head.posts[0]), moment(last - timedelta(days=7), MORNING)
    held = prepare_meeting(
        NewMeeting(
            title="ประชุมประจำเดือนสำนักงานพัฒนาชุมชนจังหวัดเชียงราย (สาธิต)",
            starts_at=moment(last, MORNING),
            ends_at=moment(last, time(12)),
            venue="ห้องประชุมสำนักงานพัฒนาชุมชนจังหวัดเชียงราย",
            chair="พัฒนาการจังหวัดเชียงราย",
            agenda=(
                NewItem("เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ", 1, "discussion", time(9, 30)),
                NewItem("รับรองรายงานการประชุมครั้งก่อน", 1, "discussion"),
                NewItem("ติดตามผลการเบิกจ่ายและผลการประเมินอำเภอติดดาว", 1, "discussion"),
                NewItem("เรื่องเพื่อพิจารณา", 1, "discussion"),
            ),
        ),
        caller=sender,
        by=by,
        at=at,
    )
    whole = Choice(frozenset({"district", "province"}), ("57",))
    invite(
        held.pk,
        offices=[each.code for each in offices_of(whole, scope={"57"}, on=last)],
        roles=[Role.DISTRICT_HEAD, Role.GROUP_DIRECTOR, Role.FINANCE_OFFICER],
        scope=sender.scope,
        on=last,
        by=by,
        at=at,
    )
    call_meeting(held.pk, by=by, at=at)
    _sign(held, by=by, at=moment(last, time(9, 15)))
    over = moment(last, NOON)
    record_resolution(
        held.pk,
        NewResolution("ให้ทุกอำเภอรายงานแผนเร่งรัดการเบิกจ่ายในการประชุมครั้งหน้า", "noted"),
        by=by,
        at=over,
    )
    close_as_held(held.pk, on=last, by=by, at=over)
    series = begin_series(
        held.pk,
        "ประชุมประจำเดือนสำนักงานพัฒนาชุมชนจังหวัดเชียงราย",
        recurrence=Recurrence("month", 5),
        by=by,
        at=over,
    )
    yesterday = working(day - timedelta(days=1))
    coming = prepare_next(series.pk, caller=sender, on=day, by=by, at=moment(yesterday, MORNING))
    soon = _next_working(day + timedelta(days=2))
    change_meeting(
        coming.pk,
        NewMeeting(
            title=coming.title,
            starts_at=moment(soon, MORNING),
            ends_at=moment(soon, time(12)),
            venue=coming.venue,
            chair=coming.chair,
        ),
        seen=coming.version,
        by=by,
        at=moment(yesterday, MORNING),
    )
    call_meeting(coming.pk, by=by, at=moment(yesterday, NOON))
    _reply(coming, moment(yesterday, EVENING))


# -- pieces ----------------------------------------------------------------------------------------


def _caller(on: date) -> tuple[Standing, Sender]:
    standing = standing_of(User.objects.get(username=HEAD_OF_PROVINCE), on=on)
    post = standing.posts[0]
    return standing, Sender(
        office=post.office_code,
        place=Office.objects.get(pk=post.office_code).place_id,
        title=f"{post.title} · {post.office_name}",
        scope=post.roots,
        post_id=post.id,
    )


def _sign(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """Who was asked and has an account signs, but one office in nine; guests sign by title."""
    people = []
    for number, row in enumerate(Invitation.objects.filter(meeting=meeting).order_by("pk")):
        if row.guest:
            people.append(Person(row.guest, invitation_id=row.pk))
            continue
        if number % 9 == 5:
            continue
        posts = Post.objects.filter(office=row.office_id, role=row.role, held_to=None)
        people += [
            Person(post.user.name_th, post.title, f"user:{post.user_id}", row.office_id, row.pk)
            for post in posts.select_related("user")
        ]
    record_attendance(meeting.pk, people, how=Attendance.How.LIST, by=by, at=at)


def _reply(meeting: Meeting, at: datetime) -> None:
    for number, row in enumerate(
        Invitation.objects.filter(meeting=meeting, role=Role.DISTRICT_HEAD).order_by("pk")
    ):
        assert row.office is not None
        by = Actor("system", "ผู้แทนสำนักงาน (ข้อมูลสาธิต)")
        if number % 4 in {0, 1}:
            reply_to_invitation(row.pk, "coming", by=by, at=at)
        elif number % 8 == 2:
            reply_to_invitation(
                row.pk, "sending", words="ส่งนักวิชาการพัฒนาชุมชนเข้าร่วมแทน", by=by, at=at
            )
        elif number % 8 == 6:
            reply_to_invitation(row.pk, "absent", words="ติดราชการร่วมกับนายอำเภอ", by=by, at=at)


def _review(meeting: Meeting, head: Actor) -> None:
    at = moment(THE_DAY + timedelta(days=1), MORNING)
    said = {
        "expected": "อำเภอเข้าใจตัวชี้วัดของโมเดลอำเภอติดดาวตรงกัน",
        "happened": "อำเภอได้แลกเปลี่ยนและออกแบบแนวทางร่วมกันครบสามเรื่อง",
        "keep": "จัดช่วงบ่ายในพื้นที่จริง ทำให้เห็นสภาพปัญหา",
    }
    add_review_words(meeting.pk, said, by=head, at=at)
    other = actor("head-5712", on=THE_DAY)
    add_review_words(
        meeting.pk,
        {"why": "เวลาช่วงเช้าสั้น การซักถามจึงไม่ครบทุกอำเภอ", "change": "ส่งเอกสารตัวชี้วัดให้อำเภอก่อนประชุม"},
        by=other,
        at=at,
    )


def _next_working(day: date) -> date:
    while working(day) != day:
        day += timedelta(days=1)
    return day
