"""Personal targets of the demonstration: one officer on the way, one assessed in an earlier round.

The round of the day is agreed and not yet assessed; one of 2566 has run its whole way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from tiddao.config.demonstration.books import known_until
from tiddao.config.demonstration.calendar import MORNING, NOON, moment
from tiddao.config.demonstration.districts import SHOWN
from tiddao.config.demonstration.money import working
from tiddao.config.demonstration.people import actor
from tiddao.indicators.actions.personal import (
    Assessment,
    NewLine,
    assess_plan,
    begin_personal_targets,
    move_plan,
    save_line,
)
from tiddao.indicators.models import PersonalPlan
from tiddao.indicators.queries.personal import targets_offered
from tiddao.indicators.rules.personal import Side, round_days, round_of
from tiddao.people.models import Post

OFFICER, HEAD = f"officer-{SHOWN}", f"head-{SHOWN}"
ASSESSED = (2566, 2)
"""The round that ran its whole way: its year has targets of the office to hang on."""
_STEPS = ("มีแผนงาน", "ชี้แจงผู้เกี่ยวข้อง", "ดำเนินการครึ่งหนึ่ง", "ดำเนินการครบ", "ถอดบทเรียนและขยายผล")
_OWN = (
    ("ลงพื้นที่เยี่ยมหมู่บ้านเป้าหมายครบทุกเดือน (สาธิต)", "หมู่บ้าน", ("6", "7", "8", "9", "10")),
    ("ฐานข้อมูลหมู่บ้านถูกต้องเป็นปัจจุบัน (สาธิต)", "ร้อยละ", ("80", "85", "90", "95", "100")),
    ("งาน Extra Job ที่ได้รับมอบหมาย (สาธิต)", "", _STEPS),
)
_WEIGHTS = {1: ("100",), 2: ("60", "40"), 3: ("40", "35", "25"), 4: ("30", "25", "25", "20")}


def personal_targets_are_there(day: date) -> bool:
    del day
    return PersonalPlan.objects.exists()


def write_personal_targets(day: date) -> None:
    """The officer and the head of พญาเม็งราย, each by the one who assesses them."""
    until = known_until(day)
    year, number = round_of(until)
    _whole_way(OFFICER, HEAD, *ASSESSED)
    _agreed(OFFICER, HEAD, year, number, on=until)
    plan = _written(HEAD, year, number, on=until)
    _move(plan, "propose", HEAD, "person", on=until)


def _whole_way(username: str, head: str, year: int, number: int) -> None:
    first, last = round_days(year, number)
    plan = _agreed(username, head, year, number, on=working(first + timedelta(days=14)))
    end = working(last - timedelta(days=7))
    _assess(plan, username, "person", ("10", "97", "4.5"), "5", on=end)
    _assess(plan, head, "head", ("9", "95", "4"), "4.5", on=end)
    _move(plan, "acknowledge", username, "person", on=end)


def _agreed(username: str, head: str, year: int, number: int, *, on: date) -> PersonalPlan:
    plan = _written(username, year, number, on=on)
    _move(plan, "propose", username, "person", on=on)
    _move(plan, "agree", head, "head", on=on)
    return plan


def _written(username: str, year: int, number: int, *, on: date) -> PersonalPlan:
    by, at = actor(username, on=on), moment(on, MORNING)
    post = Post.objects.filter(user__username=username, tenure="substantive").earliest("pk")
    plan = begin_personal_targets(post.pk, year, number, by=by, at=at)
    lines = [*_own_lines(), *_office_lines(plan, on=on)]
    for weight, line in zip(_WEIGHTS[len(lines)], lines, strict=True):
        plan.refresh_from_db()
        title, unit, levels, framework, indicator, target = line
        measured = levels is not _STEPS
        given = NewLine(
            title=title,
            weight=Decimal(weight),
            levels=levels,
            measured=measured,
            unit=unit,
            framework=framework,
            indicator=indicator,
            target=target,
        )
        save_line(plan.pk, given, edition=plan.edition, by=by, at=at)
    return plan


_Line = tuple[str, str, tuple[str, ...], str, str, Decimal | None]


def _own_lines() -> Iterable[_Line]:
    return [(title, unit, levels, "", "", None) for title, unit, levels in _OWN]


def _office_lines(plan: PersonalPlan, *, on: date) -> list[_Line]:
    """One line on a target of the office, where one with a ladder stands in the year."""
    for each in targets_offered(plan.place_id, plan.fiscal_year, on=on):
        ladder = each.indicator.ladder
        if ladder is not None:
            return [
                (
                    f"{each.indicator.name_th} (สาธิต)",
                    each.indicator.unit_th,
                    tuple(format(value.normalize(), "f") for value in ladder.levels),
                    each.framework.code,
                    each.indicator.code,
                    each.target,
                )
            ]
    return []


def _move(plan: PersonalPlan, act: str, username: str, side: Side, *, on: date) -> None:
    plan.refresh_from_db()
    move_plan(
        plan.pk,
        act,  # type: ignore[arg-type]  # one of rules.personal.Act
        side=side,
        edition=plan.edition,
        by=actor(username, on=on),
        at=moment(on, NOON),
    )


def _assess(
    plan: PersonalPlan,
    username: str,
    side: Side,
    results: tuple[str, ...],
    competency: str,
    *,
    on: date,
) -> None:
    """Own lines take the results in order, a line of the office its third level, competencies one."""
    plan.refresh_from_db()
    said: dict[int, Assessment] = {}
    values = iter(results)
    for line in plan.lines.order_by("-section", "order"):
        if line.section != "result":
            said[line.pk] = Assessment(judged=Decimal(competency))
        elif line.framework:
            said[line.pk] = Assessment(result=Decimal(line.levels[2]))
        elif line.measured:
            said[line.pk] = Assessment(result=Decimal(next(values)), words="ตามรายงานประจำเดือน")
        else:
            said[line.pk] = Assessment(judged=Decimal(next(values)), words="มีภาพกิจกรรมแนบ")
    assess_plan(
        plan.pk,
        said,
        side=side,
        edition=plan.edition,
        by=actor(username, on=on),
        at=moment(on, NOON),
    )
