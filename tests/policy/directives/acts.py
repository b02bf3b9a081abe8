"""Directives for tests, through the real acts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tiddao.ledger.actors import Actor
from tiddao.people.access import HeldPost, standing_of
from tiddao.people.models import User
from tiddao.places.models import Office
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.models import Assignment, Directive

ON = date(2026, 6, 1)  # a Monday
AT = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
NOBODY = Actor("user:0", "ผู้ทดสอบ")
NATION = frozenset({"th"})
ISAN = [
    "30",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "38",
    "39",
    "40",
    "41",
    "42",
    "43",
    "44",
    "45",
    "46",
    "47",
    "48",
    "49",
]  # the 20 provinces of the North-East
DEPARTMENT = Sender(office="CDD", place="th", title="รองอธิบดี", scope=NATION)


def sender_of(user: User, *, on: date = ON) -> tuple[Sender, Actor, HeldPost]:
    standing = standing_of(user, on=on)
    post = standing.posts[0]
    office = Office.objects.get(pk=post.office_code)
    sender = Sender(
        office=office.pk,
        place=office.place_id,
        title=post.title,
        scope=post.roots,
        post_id=post.id,
    )
    return sender, standing.actor(post), post


def sent(
    receivers: list[str],
    *,
    sender: Sender = DEPARTMENT,
    by: Actor = NOBODY,
    on: date = ON,
    at: datetime = AT,
    title: str = "เร่งรัดการเบิกจ่ายให้แล้วเสร็จ",
    **facts,
) -> Directive:
    wanted = NewDirective(title=title, text="ขอให้เร่งรัดการเบิกจ่าย", **facts)
    return hand_down(wanted, receivers, sender=sender, on=on, by=by, at=at)


def offices(*kinds: str, within: str = "") -> list[str]:
    rows = Office.objects.filter(kind__in=kinds, place__code__startswith=within, valid_to=None)
    return list(rows.order_by("code").values_list("code", flat=True))


def part(directive: Directive, office: str) -> Assignment:
    return Assignment.objects.get(directive=directive, office=office)
