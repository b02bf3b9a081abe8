"""Writing, agreeing, assessing and answering personal targets, through the acts."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from django.db.utils import ProgrammingError

from tests.indicators.personal import AT, WORDS, actor, agreed, assessed, begun, moved, written
from tests.persons import give_post, make_person
from tiddao.indicators.actions.personal import (
    Assessment,
    NewLine,
    PersonalMovedOn,
    assess_plan,
    drop_line,
    move_plan,
    save_line,
)
from tiddao.indicators.models import PersonalLine, PersonalMove, PersonalPlan
from tiddao.indicators.queries.personal import HeadsOfTheDay, find_plan, team_of
from tiddao.indicators.rules.personal import PersonalRefused
from tiddao.ledger.models import Entry
from tiddao.people.access import standing_of
from tiddao.people.models import Role, Tenure

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def refused(code: str):
    return pytest.raises(PersonalRefused, match=f"^{code}$")


def seen(plan: PersonalPlan, user):
    return find_plan(plan.pk, standing_of(user, on=TODAY))


@pytest.fixture
def officer(db):
    return make_person(Role.TAMBON_OFFICER, "CDD-5712", name="นายสมมุติ พัฒนากร")


def test_the_whole_way_with_marks_kept(officer, district_head) -> None:
    plan = agreed(officer, district_head)
    assert plan.scheme["results"] == "70"
    assessed(plan, officer, result="90", level="5")
    mine = seen(plan, officer)
    assert (mine.self_mark.mark, mine.self_mark.band.words) == (Decimal("100.00"), "ดีเด่น")
    assert mine.mark is None  # the head has said nothing yet
    assessed(plan, district_head, result="75", level="4")
    # results: (3.5 × 60 + 4 × 40) ÷ 500 = 74 %; competencies: 80 %; 74 × 0.7 + 80 × 0.3
    found = seen(plan, officer)
    assert (found.mark.results, found.mark.competency) == (Decimal(74), Decimal(80))
    assert (found.mark.mark, found.mark.band.words) == (Decimal("75.80"), "ดี")
    moved(plan, "object", officer, words="ผลจริงคือ 82 ตามรายงาน")
    with refused("words-missing"):
        assessed(plan, district_head, result="82")
    assessed(plan, district_head, result="82", words="ตรวจรายงานแล้ว แก้ตามจริง")
    moved(plan, "acknowledge", officer)
    assert seen(plan, officer).mark.results == Decimal("82.4000")  # (4.2 × 60 + 160) ÷ 500
    acts = list(PersonalMove.objects.order_by("number").values_list("act", flat=True))
    assert acts == [
        "propose", "agree", "self-assess", "assess", "object", "assess", "acknowledge",
    ]  # fmt: skip
    kept = PersonalMove.objects.get(number=4).content
    assert [each["result"] for each in kept if each["result"]] == ["75.0000"]


def test_a_change_after_the_agreement_keeps_what_was_agreed(officer, district_head) -> None:
    plan = agreed(officer, district_head)
    with refused("words-missing"):
        moved(plan, "change", officer)
    moved(plan, "change", officer, words="ได้รับมอบหมายงานเพิ่มกลางรอบ")
    plan.refresh_from_db()
    line = plan.lines.filter(section="result").order_by("order").first()
    given = NewLine("งานใหม่กลางรอบ", Decimal(60), WORDS)
    save_line(plan.pk, given, line_id=line.pk, edition=plan.edition, by=actor(officer), at=AT)
    moved(plan, "propose", officer)
    moved(plan, "agree", district_head)
    titles = {
        move.number: [each["title"] for each in move.content if each["section"] == "result"]
        for move in PersonalMove.objects.all()
    }
    assert titles[2] == ["งานของฉัน 1", "งานของฉัน 2"]
    assert titles[5] == ["งานใหม่กลางรอบ", "งานของฉัน 2"]


def test_weights_that_are_not_100_are_not_agreed(officer, district_head) -> None:
    plan = written(officer, "60", "39.99")
    with refused("weights"):
        moved(plan, "propose", officer)
    assert plan.state == "draft"
    empty = begun(district_head)
    with refused("no-lines"):
        moved(empty, "propose", district_head)
    assert not PersonalMove.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (NewLine(" ", Decimal(10), WORDS), "title-missing"),
        (NewLine("ก", Decimal(0), WORDS), "weight-unfit"),
        (NewLine("ก", Decimal("100.01"), WORDS), "weight-unfit"),
        (NewLine("ก", Decimal(10), (*WORDS[:4], " ")), "levels-missing"),
        (NewLine("ก", Decimal(10), WORDS, measured=True), "levels-unfit"),
        (NewLine("ก", Decimal(10), ("1", "2", "3", "2", "5"), measured=True), "levels-unfit"),
    ],
)
def test_a_line_that_cannot_be_is_refused(officer, given, code) -> None:
    plan = begun(officer)
    with refused(code):
        save_line(plan.pk, given, edition=plan.edition, by=actor(officer), at=AT)
    assert not PersonalLine.objects.filter(section="result").exists()


def test_two_at_once_are_told_and_nothing_is_lost(officer) -> None:
    plan = written(officer)
    line = plan.lines.filter(section="result").first()
    with pytest.raises(PersonalMovedOn):
        drop_line(plan.pk, line.pk, edition=1, by=actor(officer), at=AT)
    with pytest.raises(PersonalMovedOn):
        move_plan(plan.pk, "propose", side="person", edition=1, by=actor(officer), at=AT)
    assert plan.lines.filter(section="result").count() == 2


def test_every_line_is_assessed_or_nothing_is_written(officer, district_head) -> None:
    plan = agreed(officer, district_head)
    some = {plan.lines.first().pk: Assessment(judged=Decimal(3))}
    for said in (some, {line.pk: Assessment() for line in plan.lines.all()}):
        with refused("results-missing"):
            assess_plan(
                plan.pk, said, side="person", edition=plan.edition, by=actor(officer), at=AT
            )
    over = {
        line.pk: Assessment(Decimal(70)) if line.measured else Assessment(judged=Decimal(6))
        for line in plan.lines.all()
    }
    with refused("level-unfit"):
        assess_plan(plan.pk, over, side="person", edition=plan.edition, by=actor(officer), at=AT)
    plan.refresh_from_db()
    assert plan.state == "agreed"
    assert not plan.lines.exclude(self_judged=None).exists()


def test_nobody_assesses_themselves_even_who_acts_as_head(officer) -> None:
    """The officer acts for the district head: the head of the province assesses instead."""
    province = make_person(Role.PROVINCIAL_HEAD, "CDD-57")
    give_post(officer, Role.DISTRICT_HEAD, "CDD-5712", tenure=Tenure.ACTING)
    plan = written(officer)
    moved(plan, "propose", officer)
    with refused("own"):
        move_plan(plan.pk, "agree", side="head", edition=plan.edition + 1, by=actor(officer), at=AT)
    heads = HeadsOfTheDay(["5712"], on=TODAY)
    assert [each[0] for each in heads.assessors(officer.pk, "tambon_officer", "5712")] == [
        province.pk
    ]
    assert seen(plan, officer).side == "person"
    assert seen(plan, province).acts == ("agree", "send-back")


def test_who_acts_as_head_assesses_the_others(officer) -> None:
    neighbour = make_person(Role.DISTRICT_HEAD, "CDD-5713")
    give_post(neighbour, Role.DISTRICT_HEAD, "CDD-5712", tenure=Tenure.ACTING)
    plan = written(officer)
    moved(plan, "propose", officer)
    assert seen(plan, neighbour).side == "head"
    assert [each.name for each in team_of(standing_of(neighbour, on=TODAY), 2570, 1).mine] == [
        officer.name_th
    ]


def test_only_person_head_and_head_of_the_province_see_it(
    officer, district_head, provincial_head, executive, stranger
) -> None:
    colleague = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    director = make_person(Role.GROUP_DIRECTOR, "CDD-57")
    other_head = make_person(Role.DISTRICT_HEAD, "CDD-5713")
    auditor = make_person(Role.AUDITOR, "CDD")
    administrator = make_person(Role.ADMINISTRATOR, "CDD")
    plan = written(officer)
    assert [seen(plan, each).side for each in (officer, district_head, provincial_head)] == [
        "person", "head", "",
    ]  # fmt: skip
    hidden = (colleague, director, other_head, auditor, administrator, executive, stranger)
    assert [seen(plan, each) for each in hidden] == [None] * len(hidden)
    own = written(provincial_head)
    assert seen(own, executive).side == "head"
    assert seen(own, district_head) is None


def test_a_team_shows_who_has_none_who_is_not_at_100_and_who_waits(
    officer, district_head, provincial_head
) -> None:
    second = make_person(Role.TAMBON_OFFICER, "CDD-5712")
    third = make_person(Role.FINANCE_OFFICER, "CDD-5712")
    plan = written(officer)
    moved(plan, "propose", officer)
    written(second, "60", "30")
    team = team_of(standing_of(district_head, on=TODAY), 2570, 1)
    assert (len(team.mine), team.without, team.not_whole, team.waiting) == (3, 1, 1, 1)
    assert {each.name for each in team.mine} == {officer.name_th, second.name_th, third.name_th}
    assert team.lines[0].name == officer.name_th  # waits for this head
    above = team_of(standing_of(provincial_head, on=TODAY), 2570, 1)
    assert [each.name for each in above.mine] == [district_head.name_th]
    assert len(above.others) == 3
    assert not team_of(standing_of(officer, on=TODAY), 2570, 1).lines


def test_the_ledger_says_that_and_never_what(officer, district_head) -> None:
    before = Entry.objects.count()
    plan = agreed(officer, district_head, title="เรื่องลับของฉัน")
    assessed(plan, officer, result="61.25")
    entries = list(Entry.objects.order_by("pk").values("act", "on", "detail", "before", "after"))
    said = json.dumps(entries[before:], ensure_ascii=False)
    assert "เรื่องลับ" not in said
    assert "61.25" not in said
    assert {each["act"] for each in entries[before:]} == {
        "begin_personal_targets", "write_personal_targets", "move_personal_targets",
        "assess_personal_targets",
    }  # fmt: skip
    assert {each["after"] for each in entries[before:]} == {""}


def test_history_is_kept_by_the_database_itself(officer, district_head) -> None:
    agreed(officer, district_head)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        PersonalMove.objects.update(words="แก้ประวัติ")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        PersonalMove.objects.all().delete()
    assert PersonalMove.objects.count() == 2
