"""Writing, checking, publishing and carrying a strategy forward, through the acts."""

from __future__ import annotations

import pytest
from django.db import InternalError, transaction
from django.db.utils import ProgrammingError

from tests.policy.directives.acts import sent
from tests.policy.strategy.made import (
    AT,
    CHECKER,
    HEAD_57,
    ON,
    WRITER,
    YEAR,
    Pen,
    begun,
    department,
    direction,
)
from tiddao.ledger.models import Entry
from tiddao.policy.actions.strategy import (
    Handing,
    StrategyMovedOn,
    StrategyRefused,
    answer_point,
    begin_strategy,
    carry_strategy_forward,
    drop_part,
    new_strategy_version,
    save_mission,
)
from tiddao.policy.actions.strategy import NewMission as Given
from tiddao.policy.actions.strategy_links import hang_directive, take_directive_off
from tiddao.policy.models import (
    Assignment,
    LeftOut,
    Mission,
    MissionDirective,
    PointWord,
    StrategySource,
    StrategyVersion,
)

pytestmark = pytest.mark.django_db


def refused(code: str):
    return pytest.raises(StrategyRefused, match=f"^{code}$")


def test_a_year_is_begun_once(django_assert_max_num_queries) -> None:
    begun()
    with refused("year-begun"):
        begin_strategy("CDD", YEAR, "อีกครั้ง", by=WRITER, at=AT)
    with refused("title-missing"):
        begin_strategy("CDD", YEAR + 1, " ", by=WRITER, at=AT)
    assert StrategyVersion.objects.count() == 1


def test_two_who_write_at_once_are_told_and_nothing_is_lost() -> None:
    pen = begun()
    pen.source("ที่มา")
    with pytest.raises(StrategyMovedOn):
        save_mission(pen.version.pk, Given(title="ช้าไป"), edition=1, by=CHECKER, at=AT)
    assert not Mission.objects.exists()


def test_published_parts_are_frozen_by_the_database_itself() -> None:
    version = department()
    source = StrategySource.objects.filter(version=version).first()
    for change in (
        lambda: StrategySource.objects.filter(pk=source.pk).update(title="แก้ลับหลัง"),
        lambda: Mission.objects.filter(version=version).delete(),
        lambda: StrategySource.objects.create(
            version=version, key="s9", kind="ministry", order=9, title="แทรก"
        ),
        lambda: StrategyVersion.objects.filter(pk=version.pk).update(vision="อื่น"),
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            change()
    assert not StrategySource.objects.filter(title__in=["แก้ลับหลัง", "แทรก"]).exists()
    assert Mission.objects.filter(version=version).count() == 2


def test_a_change_makes_a_new_version_and_both_can_be_read() -> None:
    first = department()
    with refused("reason-missing"):
        new_strategy_version(first.pk, reason=" ", by=WRITER, at=AT)
    second = new_strategy_version(first.pk, reason="กระทรวงสั่งเพิ่ม", by=WRITER, at=AT)
    with refused("draft-there"):
        new_strategy_version(first.pk, reason="ซ้ำ", by=WRITER, at=AT)
    pen = Pen(second)
    key = pen.mission("ภารกิจใหม่", sources=["s1"])
    drop_part(second.pk, "m1", edition=pen.edition, by=WRITER, at=AT)
    pen.publish()
    assert key == "m3"
    assert list(first.missions.values_list("key", flat=True).order_by("key")) == ["m1", "m2"]
    assert list(second.missions.values_list("key", flat=True).order_by("key")) == ["m2", "m3"]


def test_a_direction_waits_for_four_points_by_somebody_who_did_not_write() -> None:
    pen = begun("CDD-57")
    pen.mission("แนวทาง")
    with refused("points-lacking"):
        pen.publish(HEAD_57)
    with refused("wrote-it"):
        pen.check(by=WRITER)
    with refused("words-missing"):
        answer_point(
            pen.version.pk, "clear", meets=True, words=" ", edition=pen.edition, by=CHECKER, at=AT
        )
    pen.check(points=("clear", "complete", "distinctive"))
    with refused("points-lacking"):
        pen.publish(HEAD_57)
    pen.check(points=("common-good",))
    pen.mission("แก้หลังตรวจ")  # then it is another text
    with refused("points-lacking"):
        pen.publish(HEAD_57)
    pen.check()
    assert pen.publish(HEAD_57).state == "published"
    assert PointWord.objects.filter(by=CHECKER.reference, by_name="ผู้ตรวจ", at=AT).count() == 8


def test_who_checked_and_then_writes_has_checked_for_nothing() -> None:
    pen = begun("CDD-57")
    pen.mission("แนวทาง")
    pen.check()
    Pen(pen.version, CHECKER).mission("ผู้ตรวจแก้เอง")
    with refused("wrote-it"):
        pen.check()
    with refused("points-lacking"):
        pen.publish(HEAD_57)


def test_publishing_hands_down_a_directive_that_districts_acknowledge() -> None:
    handing = Handing(["CDD-5712", "CDD-5713"], "รับทราบเข็มทิศ", "ให้อ่านและรับทราบ")
    version = direction(handing=handing)
    parts = Assignment.objects.filter(directive=version.directive)
    assert sorted(parts.values_list("office_id", "state")) == [
        ("CDD-5712", "sent"), ("CDD-5713", "sent"),
    ]  # fmt: skip
    assert version.directive.office_id == "CDD-57"


def test_nothing_is_published_when_the_directive_is_refused() -> None:
    pen = begun("CDD-57")
    pen.mission("แนวทาง")
    pen.check()
    outside = Handing(["CDD-5001"], "รับทราบ", "อ่าน")
    with pytest.raises(Exception, match="outside-scope"):
        pen.publish(HEAD_57, outside)
    pen.version.refresh_from_db()
    assert pen.version.state == "draft"


def test_a_mission_carries_out_only_what_the_department_published_for_the_year() -> None:
    pen = begun("CDD-57")
    later = department(year=YEAR + 1)
    mission = later.missions.first()
    with refused("mission-gone"):
        pen.mission("แนวทาง", carries_out_id=mission.pk)
    own = begun(year=YEAR)  # the department's own draft
    with refused("mission-gone"):
        own.mission("วนกลับ", carries_out_id=mission.pk)


def test_carrying_forward_writes_down_what_was_left_out() -> None:
    above = department()
    before = direction(above=above)
    with refused("reason-missing"):
        carry_strategy_forward(before.pk, 2567, left_out={"m2": ""}, by=WRITER, at=AT)
    with refused("year-not-later"):
        carry_strategy_forward(before.pk, 2566, left_out={}, by=WRITER, at=AT)
    with refused("unknown-part"):
        carry_strategy_forward(before.pk, 2567, left_out={"m8": "ไม่มี"}, by=WRITER, at=AT)
    made = carry_strategy_forward(before.pk, 2567, left_out={"m2": "ทำสำเร็จแล้ว"}, by=WRITER, at=AT)
    assert (made.state, made.strategy.fiscal_year, made.carried_from_id) == (
        "draft", 2567, before.pk,
    )  # fmt: skip
    assert [each.key for each in made.missions.all()] == ["m1"]
    kept = LeftOut.objects.filter(version=made).order_by("pk")
    assert [(each.part, each.key) for each in kept] == [("mission", "m2"), ("link", "m1")]
    assert made.missions.get().carries_out_id is None  # nothing of 2567 above yet
    assert Pen(made).mission("ใหม่") == "m3"  # a key left out is not given again
    with refused("year-begun"):
        carry_strategy_forward(before.pk, 2567, left_out={}, by=WRITER, at=AT)


def test_carried_forward_after_the_department_it_stands_on_the_same_mission() -> None:
    above = department()
    before = direction(above=above)
    next_above = carry_strategy_forward(above.pk, 2567, left_out={}, by=WRITER, at=AT)
    Pen(next_above).publish()
    made = carry_strategy_forward(before.pk, 2567, left_out={}, by=WRITER, at=AT)
    mission = made.missions.get(key="m1")
    assert mission.carries_out.version_id == next_above.pk
    assert not LeftOut.objects.filter(version=made).exists()


def test_a_directive_hangs_on_a_mission_in_force_of_its_own_year() -> None:
    first = department()
    directive = sent(["CDD-57"], on=ON, at=AT)
    hung = hang_directive(directive.pk, first.missions.get(key="m1").pk, by=WRITER, at=AT)
    with refused("hangs-there"):
        hang_directive(directive.pk, first.missions.get(key="m1").pk, by=WRITER, at=AT)
    late = sent(["CDD-57"])  # of 2569
    with refused("not-of-this-year"):
        hang_directive(late.pk, first.missions.get(key="m2").pk, by=WRITER, at=AT)
    second = new_strategy_version(first.pk, reason="แก้คำ", by=WRITER, at=AT)
    with refused("mission-gone"):
        hang_directive(directive.pk, second.missions.get(key="m2").pk, by=WRITER, at=AT)
    Pen(second).publish()
    with refused("mission-gone"):
        hang_directive(directive.pk, first.missions.get(key="m2").pk, by=WRITER, at=AT)
    with refused("reason-missing"):
        take_directive_off(hung.pk, reason="", by=WRITER, at=AT)
    take_directive_off(hung.pk, reason="ผูกผิด", by=WRITER, at=AT)
    hang_directive(directive.pk, second.missions.get(key="m1").pk, by=WRITER, at=AT)
    assert MissionDirective.objects.count() == 2
    assert MissionDirective.objects.get(ended_at__isnull=True).mission_key == "m1"


def test_every_act_is_one_entry() -> None:
    before = Entry.objects.count()
    version = department()
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))[before:]
    assert acts == [
        "begin_strategy", *["save_strategy"] * 5, "publish_strategy",
    ]  # fmt: skip
    assert Entry.objects.filter(act="publish_strategy", on=f"strategy:{version.pk}").exists()
