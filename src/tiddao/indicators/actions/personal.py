"""Writing a person's targets, agreeing on them, assessing, answering the assessment.

The ledger keeps that something was done, by whom and when; of what it says it keeps nothing, for
very few may read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction

from tiddao.indicators.models import PersonalLine, PersonalMove, PersonalPlan
from tiddao.indicators.queries.personal import (
    COMPETENCY,
    RESULT,
    current_scheme,
    line_of,
    lines_of,
    next_order,
    scheme_as_json,
)
from tiddao.indicators.rules.definitions import Ladder, LadderRefused
from tiddao.indicators.rules.personal import (
    EDITABLE,
    HIGHEST,
    HUNDRED,
    LOWEST,
    Act,
    PersonalRefused,
    Side,
    State,
    level_of_line,
    refuse_unassessed,
    refuse_unready,
    state_after,
)
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.people.models import Post


class PersonalMovedOn(Exception):
    """Somebody saved or moved the plan since the page was opened; nothing was written."""


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as given. levels: five, numbers where measured. framework, indicator, target: the
    office's target that it hangs on; "" and None for an own task.
    """

    title: str
    weight: Decimal
    levels: tuple[str, ...]
    measured: bool = False
    unit: str = ""
    framework: str = ""
    indicator: str = ""
    target: Decimal | None = None
    section: str = RESULT


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is said of one line: a result where it is measured, else a level 1–5."""

    result: Decimal | None = None
    judged: Decimal | None = None
    words: str = ""


@transaction.atomic
def begin_personal_targets(
    post_id: int, year: int, number: int, *, by: Actor, at: datetime
) -> PersonalPlan:
    """Begin a person's targets of a round, with the competencies that everybody is judged by.

    Beginning again returns what is there. Raises Post.DoesNotExist.
    """
    post = Post.objects.select_related("office").get(pk=post_id)
    made, fresh = PersonalPlan.objects.get_or_create(
        post=post,
        fiscal_year=year,
        number=number,
        defaults={
            "user_id": post.user_id,
            "office": post.office,
            "place_id": post.office.place_id,
            "begun_at": at,
            "moved_at": at,
        },
    )
    if not fresh:
        return made
    PersonalLine.objects.bulk_create(
        PersonalLine(
            plan=made, section=COMPETENCY, order=order, code=each.code, title=each.words,
            weight=each.weight, levels=[],
        )
        for order, each in enumerate(current_scheme().competencies, start=1)
    )  # fmt: skip
    record(
        "begin_personal_targets",
        on=f"personal:{made.pk}",
        by=by,
        at=at,
        place=made.place_id,
        detail={"year": year, "round": number},
    )
    return made


@transaction.atomic
def save_line(
    plan_id: int,
    given: NewLine,
    *,
    line_id: int | None = None,
    edition: int,
    by: Actor,
    at: datetime,
) -> PersonalLine:
    """Write a line of a plan that is being written, a new one without line_id.

    Raises PersonalRefused (not-editable, title-missing, weight-unfit, levels-missing,
    levels-unfit), PersonalMovedOn, PersonalLine.DoesNotExist.
    """
    plan = _editable(plan_id, edition)
    row = (
        plan.lines.get(pk=line_id)
        if line_id is not None
        else PersonalLine(plan=plan, section=given.section, order=next_order(plan, given.section))
    )
    if row.section == RESULT:
        _refuse_unfit(given)
        row.title = given.title.strip()[:300]
        row.unit = given.unit.strip()[:60]
        row.measured = given.measured
        row.levels = [each.strip()[:200] for each in given.levels]
        row.framework, row.indicator = given.framework, given.indicator
        row.target = given.target
    if not 0 < given.weight <= HUNDRED:
        raise PersonalRefused("weight-unfit")
    row.weight = given.weight
    row.save()
    _touched(plan, at=at)
    record("write_personal_targets", on=f"personal:{plan.pk}", by=by, at=at, place=plan.place_id)
    return row


@transaction.atomic
def drop_line(plan_id: int, line_id: int, *, edition: int, by: Actor, at: datetime) -> PersonalPlan:
    """Take a line out of a plan that is being written. Raises as save_line."""
    plan = _editable(plan_id, edition)
    plan.lines.get(pk=line_id, section=RESULT).delete()
    _touched(plan, at=at)
    record("write_personal_targets", on=f"personal:{plan.pk}", by=by, at=at, place=plan.place_id)
    return plan


@transaction.atomic
def move_plan(
    plan_id: int,
    act: Act,
    *,
    side: Side | None,
    words: str = "",
    edition: int,
    by: Actor,
    at: datetime,
) -> PersonalPlan:
    """Propose, agree, send back, change, acknowledge or object. side: whose act the doer may do.

    Agreeing freezes how marks are made. Raises PersonalRefused, PersonalMovedOn.
    """
    if act in {"assess", "self-assess"}:
        raise ValueError(f"{act} is done by assess_plan")
    plan = _locked(plan_id, edition)
    after = _after(plan, act, side=side, words=words, by=by)
    if act in {"propose", "agree"}:
        rows = lines_of(plan)
        refuse_unready(
            [line_of(each, by_self=True) for each in rows if each.section == RESULT],
            [line_of(each, by_self=True) for each in rows if each.section == COMPETENCY],
        )
    if act == "agree":
        plan.scheme = scheme_as_json(current_scheme())
    return _moved(plan, act, after, words, by=by, at=at)


@transaction.atomic
def assess_plan(
    plan_id: int,
    said: Mapping[int, Assessment],
    *,
    side: Side | None,
    words: str = "",
    edition: int,
    by: Actor,
    at: datetime,
) -> PersonalPlan:
    """Assess every line (line → assessment), as the person or as the head; one after the other.

    Raises PersonalRefused (results-missing, level-unfit and those of moving), PersonalMovedOn.
    """
    plan = _locked(plan_id, edition)
    act: Act = "self-assess" if side == "person" else "assess"
    after = _after(plan, act, side=side, words=words, by=by)
    rows = lines_of(plan)
    if set(said) != {row.pk for row in rows}:
        raise PersonalRefused("results-missing")
    for row in rows:
        one = said[row.pk]
        if one.judged is not None and not LOWEST <= one.judged <= HIGHEST:
            raise PersonalRefused("level-unfit", row.title)
        if side == "person":
            row.self_result, row.self_judged, row.self_words = one.result, one.judged, one.words
        else:
            row.result, row.judged, row.words = one.result, one.judged, one.words
    refuse_unassessed(line_of(row, by_self=side == "person") for row in rows)
    for row in rows:
        row.save()
    return _moved(plan, act, after, words, by=by, at=at)


# -- pieces ----------------------------------------------------------------------------------------


def _locked(plan_id: int, edition: int) -> PersonalPlan:
    plan = PersonalPlan.objects.select_for_update().get(pk=plan_id)
    if plan.edition != edition:
        raise PersonalMovedOn
    return plan


def _editable(plan_id: int, edition: int) -> PersonalPlan:
    plan = _locked(plan_id, edition)
    if plan.state not in EDITABLE:
        raise PersonalRefused("not-editable")
    return plan


def _after(plan: PersonalPlan, act: Act, *, side: Side | None, words: str, by: Actor) -> State:
    own = by.reference == f"user:{plan.user_id}"
    return state_after(cast("State", plan.state), act, side=side, own=own, words=words)


def _touched(plan: PersonalPlan, *, at: datetime) -> None:
    plan.edition += 1
    plan.moved_at = at
    plan.save(update_fields=["edition", "moved_at"])


def _moved(
    plan: PersonalPlan, act: Act, after: State, words: str, *, by: Actor, at: datetime
) -> PersonalPlan:
    plan.state = PersonalPlan.State(after)
    plan.edition += 1
    plan.moved_at = at
    plan.save(update_fields=["state", "edition", "moved_at", "scheme"])
    PersonalMove.objects.create(
        plan=plan,
        number=plan.moves.count() + 1,
        act=act,
        state=after,
        words=words.strip(),
        content=[_kept(each) for each in lines_of(plan)],
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    is_assessment = act in {"assess", "self-assess"}
    record(
        "assess_personal_targets" if is_assessment else "move_personal_targets",
        on=f"personal:{plan.pk}",
        by=by,
        at=at,
        place=plan.place_id,
        detail={"act": act},
    )
    return plan


def _kept(row: PersonalLine) -> dict[str, Any]:
    """A line as a move keeps it."""

    def text(value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    return {
        "section": row.section,
        "title": row.title,
        "unit": row.unit,
        "weight": f"{row.weight.normalize():f}",
        "levels": row.levels,
        "framework": row.framework,
        "indicator": row.indicator,
        "target": text(row.target),
        "self_result": text(row.self_result),
        "self_level": text(level_of_line(line_of(row, by_self=True))),
        "self_words": row.self_words,
        "result": text(row.result),
        "level": text(level_of_line(line_of(row, by_self=False))),
        "words": row.words,
    }


def _refuse_unfit(given: NewLine) -> None:
    if not given.title.strip():
        raise PersonalRefused("title-missing")
    if len(given.levels) != int(HIGHEST) or not all(each.strip() for each in given.levels):
        raise PersonalRefused("levels-missing")
    if given.measured:
        try:
            Ladder(cast("Any", tuple(Decimal(each) for each in given.levels)))
        except (ArithmeticError, LadderRefused) as wrong:
            raise PersonalRefused("levels-unfit", str(wrong)) from wrong
