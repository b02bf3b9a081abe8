"""Strategies of the demonstration: the department's of 2566 with Chiang Rai's direction, and what was
carried from them into this year.

The titles follow what the department's own news of 22 November 2565 names (ภารกิจสำคัญ, อำเภอติดดาว,
ตำบลเข้มแข็ง, งาน Extra Job); no such paper is published, so all of it is marked as demonstration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tiddao.config.demonstration.books import known_until
from tiddao.config.demonstration.calendar import EVENING, MORNING, NOON, moment
from tiddao.config.demonstration.frameworks import CODE
from tiddao.config.demonstration.money import working
from tiddao.config.demonstration.people import DEPUTY, DIRECTOR, HEAD_OF_PROVINCE, actor
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import standing_of
from tiddao.people.models import User
from tiddao.places.models import NATION, Office, OfficeKind
from tiddao.policy.actions.answering import accept_reports, answer_directive
from tiddao.policy.actions.handing_down import Sender
from tiddao.policy.actions.strategy import (
    Handing,
    Head,
    NewMission,
    NewSource,
    answer_point,
    begin_strategy,
    carry_strategy_forward,
    publish_strategy,
    save_mission,
    save_source,
    save_strategy_head,
)
from tiddao.policy.actions.strategy_links import hang_directive
from tiddao.policy.measuring import measures_at
from tiddao.policy.models import Assignment, Directive, Mission, StrategyVersion

YEAR = 2566
DEPARTMENT_ON = date(2022, 11, 15)
DIRECTION_ON = date(2022, 11, 22)
VISION = "เศรษฐกิจฐานรากมั่นคง ชุมชนเข้มแข็งอย่างยั่งยืน ด้วยหลักปรัชญาเศรษฐกิจพอเพียง"
VISION_SOURCE = "วิสัยทัศน์กรมการพัฒนาชุมชน ตามข่าวปี 2566"
GOAL = "บำบัดทุกข์ บำรุงสุข ประชาชน"


@dataclass(frozen=True, slots=True)
class Told:
    """A mission of the demonstration. on: numbers of its sources from 1; carries_out: key above."""

    title: str
    text: str
    owner: str
    on: tuple[int, ...]
    indicators: tuple[str, ...]
    carries_out: str = ""


_SOURCES = (
    ("government", "นโยบายสำคัญของรัฐบาล: เศรษฐกิจฐานรากและคุณภาพชีวิต (สาธิต)", ""),
    ("ministry", "ข้อสั่งการกระทรวงมหาดไทย: บำบัดทุกข์ บำรุงสุข (สาธิต)", "ที่ มท 0402/ว 998 (สาธิต)"),
    ("department", "ประเด็นยุทธศาสตร์กรม: ชุมชนเข้มแข็งตามหลักปรัชญาของเศรษฐกิจพอเพียง (สาธิต)", ""),
    ("department", "ประเด็นยุทธศาสตร์กรม: องค์กรบริหารดี งาน งบ ระบบ คน (สาธิต)", ""),
    ("government", "นโยบายดิจิทัลภาครัฐ (สาธิต ยังไม่มีภารกิจรองรับ)", ""),
)  # fmt: skip
_MISSIONS = (
    Told(
        "ขับเคลื่อน “อำเภอติดดาว” ใน 5 มิติ",
        "ให้อำเภอขับเคลื่อนงานร่วมกันอย่างมีสุขและสมดุล วัดผลทุกหกเดือน",
        "กองแผนงาน",
        (2, 4),
        ("1.1", "1.3", "1.6", "2.1", "3.2"),
    ),
    Told(
        "พัฒนาตำบลเข้มแข็งตามหลักปรัชญาของเศรษฐกิจพอเพียง",
        "ยกระดับหมู่บ้านและตำบลให้พึ่งตนเองได้",
        "สำนักเสริมสร้างความเข้มแข็งชุมชน",
        (1, 3),
        ("5.1", "5.2", "5.3"),
    ),
    Told(
        "ศูนย์เรียนรู้ต้นแบบ “โคก หนอง นา”",
        "ให้ศูนย์เรียนรู้ใช้งานได้จริง มีผู้รับผิดชอบและภาคีเครือข่าย",
        "สำนักเสริมสร้างความเข้มแข็งชุมชน",
        (3,),
        ("4.2",),
    ),
    Told(
        "เร่งรัดการเบิกจ่ายให้ทันกำหนด",
        "ติดตามทุกสัปดาห์ ช่วยก่อนเตือน",
        "กองคลัง",
        (1, 4),
        ("1.7", "1.8"),
    ),
    Told("งาน Extra Job ที่ได้รับมอบหมาย", "สร้างสรรค์งานใหม่ด้วยนวัตกรรมและเทคโนโลยี", "ทุกหน่วยงาน", (), ()),
)
_OWN_SOURCES = (("province", "ผลการระดมความคิดของโซนอิงสู่โขง (สาธิต)", ""),)
_WAYS = (
    Told(
        "โครงการริเริ่ม “สพอ.ติดดาว” ทุกอำเภอ",
        "ทุกอำเภอประเมินตนเองห้ามิติ วางแผนยกระดับมิติที่ต่ำที่สุดก่อน โซนเป็นพี่เลี้ยง",
        "กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน",
        (1,),
        ("1.1", "1.2", "1.4", "1.5", "2.3"),
        "m1",
    ),
    Told(
        "ตำบลเข้มแข็งอำเภอละหนึ่งตำบลนำร่อง",
        "เลือกตำบลที่พร้อม ทำแผนร่วมกับภาคีเครือข่าย ถอดบทเรียนก่อนขยายผล",
        "กลุ่มงานสารสนเทศและชุมชนเข้มแข็ง",
        (1,),
        ("5.2",),
        "m2",
    ),
    Told(
        "ศูนย์เรียนรู้ต้นแบบเป็นที่ฝึกปฏิบัติของโซน",
        "ใช้แปลงจริงเป็นที่ประชุมและฝึกปฏิบัติทุกไตรมาส",
        "นักวิชาการประจำโซน",
        (),
        ("4.2",),
        "m3",
    ),
    Told("งาน Extra Job ในปีงบประมาณ 2566", "ให้แต่ละอำเภอเสนอหนึ่งเรื่อง", "ทุกอำเภอ", (1,), ()),
)
_POINTS = {
    "clear": "ทุกแนวทางระบุผู้รับผิดชอบและตัวชี้วัด อำเภออ่านแล้วรู้ว่าต้องทำอะไร",
    "complete": "ครอบคลุมทั้ง 18 อำเภอ รองรับภารกิจสำคัญของกรมสามเรื่อง ส่วนการเบิกจ่ายใช้แผนเร่งรัดเดิม",
    "distinctive": "ใช้แปลงศูนย์เรียนรู้จริงของโซนเป็นที่ฝึกปฏิบัติ",
    "common-good": "ผลตกแก่ครัวเรือนทั้งตำบล ไม่ใช่เฉพาะกลุ่มอาชีพ",
}
_PUT_ASIDE = "ครบวงรอบแล้ว และไม่ได้เป็นเรื่องเน้นของปีนี้ (สาธิต)"


def strategies_are_there() -> bool:
    return StrategyVersion.objects.filter(
        strategy__fiscal_year=YEAR, strategy__place="57", state="published"
    ).exists()


def write_strategies() -> None:
    """The department writes and publishes; Chiang Rai writes, checks, publishes and is acknowledged."""
    department = _written("CDD", DEPUTY, f"ประเด็นยุทธศาสตร์กรมการพัฒนาชุมชน ปีงบประมาณ พ.ศ. {YEAR} (สาธิต)",
                          _SOURCES, _MISSIONS, on=DEPARTMENT_ON, above=None)  # fmt: skip
    _publish(department, DEPUTY, on=DEPARTMENT_ON)
    direction = _written("CDD-57", DIRECTOR, f"แนวทางและเข็มทิศการขับเคลื่อนงานพัฒนาชุมชนจังหวัดเชียงราย ปีงบประมาณ พ.ศ. {YEAR} (สาธิต)",
                         _OWN_SOURCES, _WAYS, on=DIRECTION_ON, above=department)  # fmt: skip
    _check(direction, on=DIRECTION_ON)
    districts = list(
        Office.objects.filter(
            kind=OfficeKind.DISTRICT, place__code__startswith="57", valid_to=None
        ).values_list("code", flat=True)
    )
    handing = Handing(
        districts,
        f"รับทราบเข็มทิศจังหวัดเชียงราย ปี {YEAR} (ข้อมูลสาธิต)",
        "ให้อ่านเข็มทิศของจังหวัดและรับทราบ",
        DIRECTION_ON + timedelta(days=14),
    )
    _publish(direction, HEAD_OF_PROVINCE, on=DIRECTION_ON, handing=handing)
    _acknowledge(direction)


def this_year_is_there(day: date) -> bool:
    year = FiscalYear.of(known_until(day)).be
    return StrategyVersion.objects.filter(
        strategy__fiscal_year=year, strategy__place="57", state="published"
    ).exists()


def carry_into_this_year(day: date) -> None:
    """Both are carried forward, a part of each left out; this year's directives hang on missions."""
    until = known_until(day)
    year = FiscalYear.of(until).be
    on = working(FiscalYear(year).start)
    department = _newest(NATION)
    _carry(department, DEPUTY, year, {"s5": _PUT_ASIDE}, on=on)
    direction = _newest("57")
    made = _carry(direction, DIRECTOR, year, {"m4": _PUT_ASIDE}, on=on)
    _check(made, on=on)
    _publish(made, HEAD_OF_PROVINCE, on=on)
    _hang(_newest(NATION, year), DEPUTY, NATION, year, on=until)
    _hang(made, HEAD_OF_PROVINCE, "57", year, on=until)


# -- pieces ----------------------------------------------------------------------------------------


def _written(
    office: str,
    username: str,
    title: str,
    sources: Iterable[tuple[str, str, str]],
    missions: Iterable[Told],
    *,
    on: date,
    above: StrategyVersion | None,
) -> StrategyVersion:
    by, at = actor(username, on=on), moment(on, MORNING)
    version = begin_strategy(office, YEAR, title, by=by, at=at)
    edition = 1
    if above is None:
        head = Head(title, VISION, DEPARTMENT_ON, VISION_SOURCE, GOAL)
        save_strategy_head(version.pk, head, edition=edition, by=by, at=at)
        edition += 1
    keys = []
    for kind, name, number in sources:
        given = NewSource(kind=kind, title=name, number=number)
        keys.append(save_source(version.pk, given, edition=edition, by=by, at=at))
        edition += 1
    carried = {each.key: each.pk for each in above.missions.all()} if above else {}
    for told in missions:
        mission = NewMission(
            title=told.title,
            text=told.text,
            owner=told.owner,
            sources=[keys[number - 1] for number in told.on],
            carries_out_id=carried.get(told.carries_out),
            indicators=[(CODE, code) for code in told.indicators],
        )
        save_mission(version.pk, mission, edition=edition, by=by, at=at)
        edition += 1
    return version


def _check(version: StrategyVersion, *, on: date) -> None:
    """The provincial head, who did not write it, answers the four points."""
    version.refresh_from_db()
    for point, words in _POINTS.items():
        answer_point(
            version.pk,
            point,
            meets=True,
            words=words,
            edition=version.edition,
            by=actor(HEAD_OF_PROVINCE, on=on),
            at=moment(on, NOON),
        )


def _publish(
    version: StrategyVersion, username: str, *, on: date, handing: Handing | None = None
) -> None:
    version.refresh_from_db()
    publish_strategy(
        version.pk,
        edition=version.edition,
        sender=_sender(username, on),
        handing=handing,
        on=on,
        by=actor(username, on=on),
        at=moment(on, EVENING),
    )


def _acknowledge(version: StrategyVersion) -> None:
    """Every district reads it within the week; the province closes the matter."""
    version.refresh_from_db()
    on = DIRECTION_ON + timedelta(days=7)
    parts = list(Assignment.objects.filter(directive=version.directive).order_by("place_id"))
    for one in parts:
        by = actor(f"head-{one.place_id}", on=on)
        answer_directive(one.pk, "acknowledge", words="", seen=0, by=by, at=moment(on, MORNING))
        answer_directive(
            one.pk, "finish", words="ประชุมชี้แจงเจ้าหน้าที่ทุกคนแล้ว", seen=1, by=by, at=moment(on, NOON)
        )
    assert version.directive_id is not None
    accept_reports(
        version.directive_id,
        [one.pk for one in parts],
        by=actor(HEAD_OF_PROVINCE, on=on),
        at=moment(on, EVENING),
    )


def _carry(
    version: StrategyVersion, username: str, year: int, left_out: dict[str, str], *, on: date
) -> StrategyVersion:
    """Carry forward and keep only indicators that a framework of the year has."""
    by, at = actor(username, on=on), moment(on, MORNING)
    made = carry_strategy_forward(version.pk, year, left_out=left_out, by=by, at=at)
    place = made.strategy.place_id
    known = {each.reference for each in measures_at(place, year, shown_at="")}
    edition = made.edition
    for mission in made.missions.prefetch_related("indicators", "stands_on__source"):
        given = NewMission(
            title=mission.title.replace(str(YEAR), str(year)),
            text=mission.text,
            owner=mission.owner,
            sources=[each.source.key for each in mission.stands_on.all()],
            carries_out_id=mission.carries_out_id,
            indicators=[
                (each.framework, each.code)
                for each in mission.indicators.all()
                if (each.framework, each.code) in known
            ],
        )
        save_mission(made.pk, given, key=mission.key, edition=edition, by=by, at=at)
        edition += 1
    if place == NATION:
        _publish(made, username, on=on)
    return made


def _hang(version: StrategyVersion, username: str, place: str, year: int, *, on: date) -> None:
    """Put what was handed down this year under missions, by turns; the last stays under none."""
    missions = list(Mission.objects.filter(version=version).order_by("order"))
    rows = Directive.objects.filter(
        place=place, fiscal_year=year, state="open", obligation__isnull=True
    )
    for number, directive in enumerate(rows.order_by("pk")[:4]):
        mission = missions[number % (len(missions) - 1)]
        hang_directive(directive.pk, mission.pk, by=actor(username, on=on), at=moment(on, EVENING))


def _newest(place: str, year: int = YEAR) -> StrategyVersion:
    return StrategyVersion.objects.filter(
        strategy__place=place, strategy__fiscal_year=year, state="published"
    ).latest("number")


def _sender(username: str, on: date) -> Sender:
    post = standing_of(User.objects.get(username=username), on=on).posts[0]
    return Sender(
        office=post.office_code,
        place=Office.objects.get(pk=post.office_code).place_id,
        title=f"{post.title} · {post.office_name}",
        scope=post.roots,
        post_id=post.id,
    )
