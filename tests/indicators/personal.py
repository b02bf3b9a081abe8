"""Personal targets for tests, through the real acts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from tiddao.indicators.actions.personal import (
    Assessment,
    NewLine,
    assess_plan,
    begin_personal_targets,
    move_plan,
    save_line,
)
from tiddao.indicators.models import PersonalPlan
from tiddao.ledger.actors import Actor
from tiddao.people.models import Post, User

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
YEAR, NUMBER = 2570, 1
LADDER = ("60", "65", "70", "80", "90")
WORDS = ("เริ่ม", "ทำแผน", "ดำเนินการ", "ครบ", "ขยายผล")


def actor(user: User) -> Actor:
    return Actor(
        f"user:{user.pk}", user.name_th, f"post:{Post.objects.filter(user=user).first().pk}"
    )


def begun(user: User, *, year: int = YEAR, number: int = NUMBER) -> PersonalPlan:
    post = Post.objects.filter(user=user, tenure="substantive").first()
    return begin_personal_targets(post.pk, year, number, by=actor(user), at=AT)


def written(user: User, *weights: str, title: str = "งานของฉัน", **facts) -> PersonalPlan:
    """A plan with lines of these weights; the first is measured, the others judged."""
    plan = begun(user, **facts)
    for number, weight in enumerate(weights or ("60", "40")):
        plan.refresh_from_db()
        save_line(
            plan.pk,
            NewLine(
                title=f"{title} {number + 1}", weight=Decimal(weight), measured=number == 0,
                levels=LADDER if number == 0 else WORDS, unit="ร้อยละ" if number == 0 else "",
            ),
            edition=plan.edition, by=actor(user), at=AT,
        )  # fmt: skip
    plan.refresh_from_db()
    return plan


def moved(plan: PersonalPlan, act: str, by: User, *, words: str = "") -> PersonalPlan:
    side = "person" if by.pk == plan.user_id else "head"
    plan.refresh_from_db()
    return move_plan(
        plan.pk, act, side=side, words=words, edition=plan.edition, by=actor(by), at=AT
    )


def assessed(
    plan: PersonalPlan, by: User, *, result: str = "75", level: str = "4", words: str = ""
) -> PersonalPlan:
    side = "person" if by.pk == plan.user_id else "head"
    plan.refresh_from_db()
    said = {
        line.pk: Assessment(result=Decimal(result))
        if line.measured
        else Assessment(judged=Decimal(level), words="ลงพื้นที่จริง")
        for line in plan.lines.all()
    }
    return assess_plan(
        plan.pk, said, side=side, words=words, edition=plan.edition, by=actor(by), at=AT
    )


def agreed(user: User, head: User, **facts) -> PersonalPlan:
    plan = written(user, **facts)
    moved(plan, "propose", user)
    return moved(plan, "agree", head)
