"""The afternoon of 22 November 2565 in the demonstration: ideas on three topics, and a field visit.

The topics, the place and the model centre are in the department's news (requirements A84–A95); what
was thought and seen is invented, and nobody's plot is named.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tiddao.config.demonstration.books import known_until
from tiddao.config.demonstration.calendar import NOON, moment
from tiddao.config.demonstration.districts import SHOWN
from tiddao.config.demonstration.money import working
from tiddao.config.demonstration.people import DIRECTOR, HEAD_OF_PROVINCE, actor
from tiddao.ledger.actors import Actor
from tiddao.people.access import standing_of
from tiddao.people.models import User
from tiddao.places.models import Office, Place
from tiddao.policy.actions.answering import answer_directive, rule_on_answer
from tiddao.policy.actions.handing_down import NewDirective, Sender
from tiddao.policy.actions.idea_proposals import Said, answer_proposal
from tiddao.policy.actions.ideas import (
    NewBoard,
    close_board,
    group_ideas,
    hand_ideas_down,
    open_board,
    post_idea,
    propose_ideas,
    vote_idea,
)
from tiddao.policy.actions.visits import (
    NewFollowUp,
    Seen,
    finish_follow_up,
    record_visit,
)
from tiddao.policy.models import FieldVisit, FollowUp, Idea, IdeaBoard, Meeting

THE_DAY = date(2022, 11, 22)
_AFTERNOON = time(13, 0)
_VILLAGE, _TAMBON = "57120306", "571203"
_OFFICE, _DISTRICT_OFFICE = "CDD-57", f"CDD-{SHOWN}"
_ZONE = ("5702", "5703", "5704", "5712", "5713", "5714")

TOPICS: dict[str, tuple[str, ...]] = {
    "สพอ.ติดดาว": (
        "จับคู่อำเภอพี่เลี้ยงกับอำเภอที่ดาวน้อย ประชุมกันทุกเดือน",
        "ทำปฏิทินงานกลางของอำเภอ ให้ทุกคนเห็นกำหนดส่งเดียวกัน",
        "ให้นักวิชาการประจำตำบลบันทึกผลจากโทรศัพท์ ไม่ต้องกลับมาพิมพ์ซ้ำ",
        "รวมแบบรายงานที่ซ้ำกันให้เหลือชุดเดียวก่อนสิ้นไตรมาสแรก",
        "จัดเวทีถอดบทเรียนอำเภอที่ได้ดาวเพิ่ม ปีละสองครั้ง",
    ),
    "ตำบลเข้มแข็ง": (
        "ตั้งทีมขับเคลื่อนตำบลเข้มแข็งร่วมกับท้องถิ่นและท้องที่",
        "ใช้ศูนย์เรียนรู้โคก หนอง นา เป็นที่ประชุมประจำเดือนของตำบล",
        "ทำแผนที่ศูนย์เรียนรู้และปราชญ์ชุมชนรายตำบล",
        "ให้กองทุนหมู่บ้านเปิดบัญชีให้สมาชิกดูได้ทุกไตรมาส",
        "เชื่อมตลาดผลผลิตจากแปลงต้นแบบกับโรงเรียนและโรงพยาบาล",
    ),
    "งาน Extra Job": (
        "ให้แต่ละอำเภอเสนองาน Extra Job หนึ่งเรื่องที่ประชาชนขอ",
        "ยกย่องเจ้าหน้าที่ที่ทำงาน Extra Job สำเร็จในที่ประชุมประจำเดือน",
        "ทำคลิปสั้นเล่างานพัฒนาชุมชนเดือนละเรื่อง",
        "สอนผู้สูงอายุใช้โทรศัพท์ขายของชุมชนออนไลน์",
        "วัดจำนวนครัวเรือนที่ได้ประโยชน์จากงาน Extra Job ทุกไตรมาส",
    ),
}
"""Ideas under the three topics of the news (requirement A95)."""


def board_is_there(day: date) -> bool:
    del day
    return IdeaBoard.objects.filter(at__date=THE_DAY).exists()


def think_together(day: date) -> None:
    """The zone posts, votes and groups; one idea becomes a directive, one an indicator
    that is taken up, one a project that nobody has answered yet.
    """
    del day
    at = moment(THE_DAY, _AFTERNOON)
    by = actor(DIRECTOR, on=THE_DAY)
    meeting = _meeting()
    board = open_board(
        NewBoard(
            "เราจะขับเคลื่อน สพอ.ติดดาว ตำบลเข้มแข็ง และงาน Extra Job ปี 2566 อย่างไร",
            meeting_id=meeting.pk if meeting else None,
        ),
        office=_OFFICE,
        by=by,
        at=at,
    )
    heads = [actor(f"head-{code}", on=THE_DAY) for code in _ZONE]
    people = [*heads, actor(f"officer-{SHOWN}", on=THE_DAY), by]
    ideas: list[Idea] = []
    for topic, words in TOPICS.items():
        posted = [
            post_idea(
                board.pk,
                each,
                by=people[(len(ideas) + number) % len(people)],
                at=at + timedelta(minutes=3 * (len(ideas) + number + 1)),
            )
            for number, each in enumerate(words)
        ]
        group_ideas(
            board.pk,
            [each.pk for each in posted],
            title=topic,
            by=by,
            at=at + timedelta(minutes=50),
        )
        ideas += posted
    _vote(ideas, people, at + timedelta(minutes=55))
    shared = [idea for idea in ideas if "แบบรายงานที่ซ้ำกัน" in idea.words]
    measured = [idea for idea in ideas if idea.words.startswith("วัดจำนวนครัวเรือน")]
    planned = [idea for idea in ideas if "ออนไลน์" in idea.words]
    later = at + timedelta(minutes=90)
    [indicator, *_same] = propose_ideas(
        board.pk,
        [each.pk for each in measured],
        Idea.Became.INDICATOR,
        "จำนวนครัวเรือนที่ได้ประโยชน์จากงาน Extra Job (ครัวเรือน) รายอำเภอ รายไตรมาส",
        by=by,
        at=later,
    )
    propose_ideas(
        board.pk,
        [each.pk for each in planned],
        Idea.Became.PROJECT,
        "โครงการผู้สูงวัยขายออนไลน์ 6 อำเภอโซนอิงสู่โขง อำเภอละ 1 รุ่น เพื่อเพิ่มรายได้จากผลิตภัณฑ์ชุมชน (สาธิต)",
        by=by,
        at=later,
    )
    _hand_down(board, shared, later)
    assert indicator.proposal_id is not None
    answer_proposal(
        indicator.proposal_id,
        Said("taken_up", "จะร่างนิยามและวิธีนับให้ 6 อำเภอดูก่อนประชุมเดือนหน้า"),
        office=_OFFICE,
        by=by,
        at=later + timedelta(days=2),
    )
    close_board(board.pk, by=by, at=moment(THE_DAY, time(16, 0)))


def visits_are_there(day: date) -> bool:
    return FieldVisit.objects.filter(visited_on=_again_on(day)).exists()


def go_and_see(day: date) -> None:
    """The model centre on the day of the news, and again this year: with work done, open, overdue."""
    village = Place.objects.filter(code=_VILLAGE, valid_to=None).exists()
    place = _VILLAGE if village else _TAMBON  # the register may not have villages yet
    spot = "แปลงศูนย์เรียนรู้ต้นแบบ โคก หนอง นา พื้นที่ 3 ไร่" + ("" if village else " หมู่ที่ 6")
    meeting = _meeting()
    head = actor(f"head-{SHOWN}", on=THE_DAY)
    first = record_visit(
        Seen(
            THE_DAY,
            "เยี่ยมศูนย์เรียนรู้ต้นแบบ โคก หนอง นา และร่วมเกี่ยวข้าว",
            spot,
            problem="น้ำในหนองไม่พอช่วงเดือนมีนาคมถึงเมษายน ยังไม่มีป้ายบอกทางเข้าศูนย์",
            progress="ข้าวนาปีออกรวงดี เก็บเกี่ยวร่วมกันได้ มีฐานเรียนรู้ใช้งาน 4 ฐาน",
            next_on=THE_DAY + timedelta(days=91),
        ),
        place=place,
        office=_DISTRICT_OFFICE,
        follow_ups=[
            NewFollowUp(
                "จัดทำป้ายบอกทางเข้าศูนย์เรียนรู้",
                "สพอ.พญาเม็งราย ร่วมกับเทศบาลตำบลไม้ยา",
                THE_DAY + timedelta(days=38),
            )
        ],
        meeting_id=meeting.pk if meeting else None,
        on=THE_DAY,
        by=head,
        at=moment(THE_DAY, time(16, 30)),
    )
    done_on = working(THE_DAY + timedelta(days=30))
    finish_follow_up(
        FollowUp.objects.get(visit=first).pk,
        "เทศบาลติดตั้งป้ายแล้ว 2 จุด",
        by=actor(f"head-{SHOWN}", on=done_on),
        at=moment(done_on, NOON),
    )
    again = _again_on(day)
    now = actor(f"officer-{SHOWN}", on=again)
    record_visit(
        Seen(
            again,
            "ติดตามศูนย์เรียนรู้ต้นแบบ โคก หนอง นา",
            spot,
            problem="คลองไส้ไก่ตื้นเขินหลังน้ำหลาก น้ำกระจายไม่ถึงแปลงผัก",
            progress="มีคณะศึกษาดูงานเข้ามาเดือนละ 2 คณะ กลุ่มแปรรูปเริ่มขายหน้าร้าน",
            next_on=working(day + timedelta(days=21)),
        ),
        place=place,
        office=_DISTRICT_OFFICE,
        follow_ups=[
            NewFollowUp("นัดแรงชุมชนขุดลอกคลองไส้ไก่", "สพอ.พญาเม็งราย", again + timedelta(days=12)),
            NewFollowUp(
                "เสนอหลักสูตรแปรรูปให้กลุ่มอาชีพ", "กลุ่มงานส่งเสริมการพัฒนาชุมชน", day + timedelta(days=20)
            ),
        ],
        on=again,
        by=now,
        at=moment(again, time(15, 45)),
    )


# -- pieces ----------------------------------------------------------------------------------------


def _again_on(day: date) -> date:
    return working(known_until(day) - timedelta(days=20))


def _meeting() -> Meeting | None:
    """The meeting of the day, where the demonstration has it."""
    return Meeting.objects.filter(office=_OFFICE, starts_at__date=THE_DAY).first()


def _vote(ideas: list[Idea], people: list[Actor], at: datetime) -> None:
    """Everybody gives three votes; fewer reports is what most of them want."""
    for turn, who in enumerate(people):
        for each in (3, 14 - turn % 3, (6, 7, 0, 5, 9)[turn % 5]):
            vote_idea(ideas[each].pk, by=who, at=at + timedelta(minutes=turn))


def _hand_down(board: IdeaBoard, ideas: list[Idea], at: datetime) -> None:
    """One idea goes to the zone's districts; all have done it since, as it is years ago."""
    standing = standing_of(User.objects.get(username=HEAD_OF_PROVINCE), on=THE_DAY)
    post = standing.posts[0]
    made = hand_ideas_down(
        board.pk,
        [each.pk for each in ideas],
        NewDirective(
            title="รวมแบบรายงานที่ซ้ำกันให้เหลือชุดเดียว (ข้อมูลสาธิต)",
            text="ให้อำเภอรวบรวมแบบรายงานที่ใช้อยู่ เสนอแบบที่ยุบรวมได้ ก่อนสิ้นไตรมาสแรก",
            due_on=date(2022, 12, 30),
            facet="system",
            source="กระดานระดมความคิด 22 พฤศจิกายน 2565",
        ),
        [f"CDD-{code}" for code in _ZONE],
        sender=Sender(
            office=post.office_code,
            place=Office.objects.get(pk=post.office_code).place_id,
            title=f"{post.title} · {post.office_name}",
            scope=post.roots,
            post_id=post.id,
        ),
        on=THE_DAY,
        by=standing.actor(post),
        at=at,
    )
    done_on = working(THE_DAY + timedelta(days=20))
    for one in made.assignments.order_by("place_id"):
        answered = answer_directive(
            one.pk,
            "finish",
            words="เสนอแบบที่ยุบรวมแล้ว",
            seen=0,
            by=actor(f"head-{one.place_id}", on=done_on),
            at=moment(done_on, NOON),
        )
        rule_on_answer(
            one.pk,
            "accept",
            seen=answered.version,
            by=actor(HEAD_OF_PROVINCE, on=done_on),
            at=moment(done_on, time(15, 0)),
        )
