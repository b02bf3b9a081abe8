"""Documents read, directives handed down and answered, reports that recur: of the demonstration.

The circular is invented; its offices answer in every way there is, so that each page has something
to show.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tiddao.config.demonstration.books import known_until
from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.districts import SHOWN, SILENT
from tiddao.config.demonstration.money import working
from tiddao.config.demonstration.people import DEPUTY, HEAD_OF_PROVINCE, actor
from tiddao.kernel.dates import format_long
from tiddao.ledger.actors import Actor
from tiddao.people.access import standing_of
from tiddao.people.models import User
from tiddao.places.models import NATION, Office, OfficeKind
from tiddao.policy.actions.answering import (
    answer_directive,
    answer_question,
    ask_question,
    move_directive_deadline,
    rule_on_answer,
)
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.actions.obligations import NewObligation, send_occurrences, set_obligation
from tiddao.policy.actions.reading import Given, decide, read_by_rule, take_in_document
from tiddao.policy.actions.reminding import write_reminders
from tiddao.policy.models import Assignment, Directive, Document, Obligation, Proposal
from tiddao.policy.rules.intake import pasted
from tiddao.policy.rules.receivers import Choice
from tiddao.policy.rules.recurrence import Recurrence

REGION = "region-isan"
ELSEWHERE = Actor("system", "ผู้แทนสำนักงาน (ข้อมูลสาธิต)")
"""Who answers for offices that have no account in the demonstration."""
_PROVINCE = "CDD-57"


def documents_are_there(day: date) -> bool:
    del day
    return Document.objects.exists()


def read_documents(day: date) -> None:
    """A circular is taken in and read; the deputy confirms its directives and sends them."""
    sent_on = working(known_until(day) - timedelta(days=13))
    due = working(known_until(day) + timedelta(days=17))
    by, at = actor(DEPUTY, on=sent_on), moment(sent_on, MORNING)
    document = take_in_document(
        Given(pasted(_circular(sent_on, due)), "pasted"), place=NATION, on=sent_on, by=by, at=at
    )
    read_by_rule(document.pk, on=sent_on, by=by, at=at)
    paper = {"document-kind", "title", "head-line", "directive"}
    confirmed: list[Proposal] = []
    for proposal in Proposal.objects.filter(document=document, kind__in=paper).order_by("start"):
        decide(proposal.pk, "confirmed", seen=0, by=by, at=at)
        if proposal.kind == "directive":
            confirmed.append(proposal)
    receivers = sorted(
        Office.objects.filter(
            kind=OfficeKind.PROVINCE, place__memberships__group=REGION, valid_to=None
        ).values_list("code", flat=True)
    )
    for number, proposal in enumerate(confirmed):
        made = hand_down(
            NewDirective(
                title=" ".join(str(proposal.value["action"]["text"]).split())[:120],
                text=str(proposal.value["action"]["text"]),
                due_on=due if number == 0 else None,
                due_words="" if number == 0 else "โดยเร็ว",
                facet=("money", "work", "system")[number % 3],
                number="ที่ มท 0402/ว 999 (สาธิต)",
                source=document.title,
                document_id=document.pk,
                proposal_id=proposal.pk,
            ),
            receivers,
            sender=_sender(DEPUTY, sent_on),
            on=sent_on,
            by=by,
            at=at,
        )
        _answer_in_every_way(made, known_until(day), shift=number * 3)


def directives_are_there(day: date) -> bool:
    del day
    return Directive.objects.filter(handed_down_from__isnull=False).exists()


def hand_directives_down(day: date) -> None:
    """The department asks every province; Chiang Rai passes it on to its districts."""
    until = known_until(day)
    sent_on = working(until - timedelta(days=9))
    due = until + timedelta(days=6)
    provinces = list(
        Office.objects.filter(kind=OfficeKind.PROVINCE, valid_to=None).values_list(
            "code", flat=True
        )
    )
    national = hand_down(
        NewDirective(
            title="สำรวจความพร้อมศูนย์เรียนรู้ชุมชนทุกแห่ง (ข้อมูลสาธิต)",
            text="ให้ทุกจังหวัดสำรวจความพร้อมของศูนย์เรียนรู้ชุมชนทุกแห่ง รายงานจำนวนที่ใช้งานอยู่ ที่ต้องปรับปรุง และผู้รับผิดชอบ พร้อมภาพถ่าย",
            due_on=due,
            facet="work",
            source="การประชุมผู้บริหารกรม (สาธิต)",
        ),
        provinces,
        sender=_sender(DEPUTY, sent_on),
        on=sent_on,
        by=actor(DEPUTY, on=sent_on),
        at=moment(sent_on, NOON),
    )
    own = Assignment.objects.get(directive=national, office=_PROVINCE)
    next_day = working(sent_on + timedelta(days=3))
    head = actor(HEAD_OF_PROVINCE, on=next_day)
    districts = list(
        Office.objects.filter(
            kind=OfficeKind.DISTRICT, place__code__startswith="57", valid_to=None
        ).values_list("code", flat=True)
    )
    passed_on = hand_down(
        NewDirective(
            title=national.title,
            text=f"{national.text} อำเภอรายงานจังหวัดก่อนกำหนดของกรมสามวัน",
            due_on=due - timedelta(days=3),
            facet="work",
            handed_down_from=own.pk,
            wants_evidence=True,
        ),
        districts,
        sender=_sender(HEAD_OF_PROVINCE, next_day),
        on=next_day,
        by=head,
        at=moment(next_day, MORNING),
    )
    _answer_in_every_way(national, until, shift=1, keep=_PROVINCE)
    _answer_districts(passed_on, until)
    move_directive_deadline(
        passed_on.pk,
        day=due - timedelta(days=2),
        reason="จังหวัดขอขยายหนึ่งวัน เพราะหลายอำเภอติดงานประเพณี (สาธิต)",
        seen=passed_on.due_on,
        on=until,
        by=actor(HEAD_OF_PROVINCE, on=until),
        at=moment(until, NOON),
    )
    hand_down(
        NewDirective(
            title="เตรียมข้อมูลกองทุนชุมชนประกอบการตรวจเยี่ยม (ข้อมูลสาธิต)",
            text="ให้สำนักงานพัฒนาชุมชนจังหวัดจัดทำข้อมูลกองทุนชุมชนรายอำเภอ เสนอผู้ว่าราชการจังหวัด",
            due_on=working(until + timedelta(days=4)),
            facet="system",
            on_behalf_of="ผู้ว่าราชการจังหวัดเชียงราย",
        ),
        [_PROVINCE],
        sender=_sender(HEAD_OF_PROVINCE, until),
        on=until,
        by=actor(HEAD_OF_PROVINCE, on=until),
        at=moment(until, MORNING),
    )
    write_reminders(on=until, by=Actor("system", "ระบบ"), at=moment(until, EVENING))


def obligations_are_there(day: date) -> bool:
    del day
    return Obligation.objects.exists()


def agree_on_reports(day: date) -> None:
    """Chiang Rai asks its districts every month, the department the provinces every quarter."""
    since = working(day - timedelta(days=75))
    for username, wanted in (
        (
            HEAD_OF_PROVINCE,
            NewObligation(
                title="รายงานความก้าวหน้าสัมมาชีพชุมชน (สาธิต)",
                text="รายงานครัวเรือนที่ฝึกอาชีพแล้ว กลุ่มที่ตั้งแล้ว และปัญหาอุปสรรค",
                recurrence=Recurrence("month", 5),
                receivers=Choice(frozenset({"district"}), ("57",)),
                starts_on=since,
                responsible="กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน",
                facet="work",
            ),
        ),
        (
            DEPUTY,
            NewObligation(
                title="รายงานผลการดำเนินงานรายไตรมาสของจังหวัด (สาธิต)",
                text="รายงานผลตามยุทธศาสตร์กรม พร้อมปัญหาและข้อเสนอ",
                recurrence=Recurrence("quarter", 10),
                receivers=Choice(frozenset({"province"}), (NATION,)),
                starts_on=since,
                lead_days=30,
                channel="both",
                facet="work",
            ),
        ),
    ):
        set_obligation(
            wanted,
            sender=_sender(username, since),
            on=since,
            by=actor(username, on=since),
            at=moment(since, MORNING),
        )
    when = since
    while when <= day:  # as the hourly task would have done
        send_occurrences(on=when, at=moment(when, MORNING))
        when += timedelta(days=7)
    monthly = Directive.objects.filter(obligation__place="57").order_by("pk")
    for each in monthly:
        _answer_districts(each, known_until(day))
    for each in Directive.objects.filter(obligation__place=NATION).order_by("pk"):
        _answer_in_every_way(each, known_until(day), shift=2)


# -- answers ---------------------------------------------------------------------------------------


def _answer_in_every_way(directive: Directive, until: date, *, shift: int, keep: str = "") -> None:
    """Offices answer by turns: silent, acknowledged, at work, done, closed, objecting, asking."""
    first = working(directive.sent_on + timedelta(days=2))
    at, later = moment(min(first, until), NOON), moment(until, NOON)
    for number, one in enumerate(directive.assignments.exclude(office=keep).order_by("place_id")):
        match (number + shift) % 9:
            case 0 | 1:
                continue
            case 2 | 3:
                _say(one, "acknowledge", "", at)
            case 4 | 5:
                _say(one, "report", "ประชุมชี้แจงทุกอำเภอแล้ว อยู่ระหว่างรวบรวมข้อมูล", later, progress=45)
            case 6:
                _say(one, "finish", "ดำเนินการครบทุกอำเภอแล้ว", later)
            case 7:
                done = _say(one, "finish", "ดำเนินการครบแล้ว", at)
                by = actor(DEPUTY, on=until)
                rule_on_answer(one.pk, "accept", seen=done, by=by, at=later)
            case _ if shift % 2:
                _say(one, "object", "ไม่มีงบประมาณค่าเดินทางในไตรมาสนี้", later)
            case _:
                question = ask_question(one.pk, "นับเฉพาะที่ขึ้นทะเบียนกับกรมหรือไม่", by=ELSEWHERE, at=at)
                if number > 10:
                    by = actor(DEPUTY, on=until)
                    answer_question(question.pk, "นับเฉพาะที่ขึ้นทะเบียน", by=by, at=later)


def _answer_districts(directive: Directive, until: date) -> None:
    """Districts of Chiang Rai answer through their own people; that of SHOWN has only acknowledged."""
    at = moment(until, NOON)
    for number, one in enumerate(directive.assignments.order_by("place_id")):
        if one.place_id == SILENT:  # its head has left
            continue
        by = actor(f"head-{one.place_id}", on=until)
        if one.place_id == SHOWN:
            _say(one, "acknowledge", "", at, by=by)
        elif number % 4 == 1:
            _say(one, "report", "สำรวจแล้วครึ่งหนึ่งของตำบล", at, progress=50, by=by)
        elif number % 4 == 2 and not directive.wants_evidence:
            _say(one, "finish", "ส่งแบบครบถ้วน", at, by=by)
        elif number % 4 == 3:
            _say(one, "acknowledge", "", at, by=by)
        elif number == 8:
            _say(one, "object", "เจ้าหน้าที่ย้าย ยังไม่มีผู้รับผิดชอบ", at, by=by)


def _say(
    one: Assignment,
    act: str,
    words: str,
    at: datetime,
    *,
    progress: int | None = None,
    by: Actor = ELSEWHERE,
) -> int:
    """Answer for an office that has not said a word; return the version afterwards."""
    done = answer_directive(
        one.pk,
        act,
        words=words,
        progress=progress,
        seen=0,
        by=by,
        at=at,
    )
    return done.version


def _sender(username: str, on: date) -> Sender:
    standing = standing_of(User.objects.get(username=username), on=on)
    post = standing.posts[0]
    return Sender(
        office=post.office_code,
        place=Office.objects.get(pk=post.office_code).place_id,
        title=f"{post.title} · {post.office_name}",
        scope=post.roots,
        post_id=post.id,
    )


def _circular(on: date, due: date) -> str:
    return f"""ที่ มท 0402/ว 999

กรมการพัฒนาชุมชน (ข้อมูลสาธิต)

{format_long(on)}

เรื่อง  ซักซ้อมแนวทางการขับเคลื่อนงานพัฒนาชุมชนภาคตะวันออกเฉียงเหนือ (สาธิต)

เรียน  พัฒนาการจังหวัดทุกจังหวัดในภาคตะวันออกเฉียงเหนือ

ด้วยกรมการพัฒนาชุมชนได้ประชุมติดตามงานกับสำนักงานพัฒนาชุมชนจังหวัดในภาคตะวันออกเฉียงเหนือ 20 จังหวัด ผลการเบิกจ่ายอยู่ที่ร้อยละ 33.28 จึงขอให้จังหวัดดำเนินการ ดังนี้

1. ขอให้จังหวัดเร่งรัดการเบิกจ่ายงบประมาณให้แล้วเสร็จภายในวันที่ {format_long(due)}
2. ขอให้จังหวัดตรวจสอบฐานข้อมูลหมู่บ้านเศรษฐกิจพอเพียงให้ครบถ้วนและเป็นปัจจุบัน
3. ขอให้จังหวัดรายงานประเด็นข่าวที่กระทบงานพัฒนาชุมชนในพื้นที่ทันทีที่ทราบข้อมูล

จึงเรียนมาเพื่อทราบและพิจารณาดำเนินการต่อไป
"""
