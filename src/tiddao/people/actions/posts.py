"""Giving and ending posts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.people.actions.refusals import Refused
from tiddao.people.models import Post, Tenure, User
from tiddao.people.rules import granting
from tiddao.places.models import Office


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be given. held_to: its last day, None = until further notice.

    group_key: for roles that look after a group of places. in_place_of: the post that is acted for.
    """

    role: str
    office_code: str
    held_from: date
    held_to: date | None = None
    tenure: str = Tenure.SUBSTANTIVE
    group_key: str | None = None
    title_th: str = ""
    order_ref: str = ""
    in_place_of: int | None = None


@transaction.atomic
def appoint(user_id: int, new: NewPost, *, by: Actor, at: datetime) -> Post:
    """Give the person a post.

    Raises Refused: the account is closed; the role is not held at such an office or lacks its
    group; somebody holds the one substantive post of that head role on one of the days; the same
    person holds the same post already; the post acted for is at another office; it is one's own.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if by.reference == f"user:{user_id}":
        raise Refused("own-post", _("Nobody gives a post to themselves."))
    if not user.is_active:
        raise Refused("account-closed", _("The account is closed; reopen it first."))
    post = place_in_post(user, new)
    record(
        "appoint",
        on=f"user:{user_id}/post:{post.pk}",
        by=by,
        at=at,
        place=post.office.place_id,
        after=state_of(post),
        detail={"role": new.role, "office": new.office_code, "tenure": new.tenure},
    )
    return post


def place_in_post(user: User, new: NewPost) -> Post:
    """Check the new post against the rules and those that exist, and write it.

    The office is locked meanwhile, so that two heads cannot be appointed at the same moment.
    """
    office = Office.objects.select_for_update().get(pk=new.office_code)
    if new.held_to is not None and new.held_to < new.held_from:
        raise Refused("ends-early", _("The last day is before the first."))
    if not granting.seat_fits(new.role, office.kind):
        raise Refused("no-such-seat", _("This role is not held at an office of this kind."))
    if not granting.group_fits(new.role, has_group=new.group_key is not None):
        raise Refused(
            "group", _("A zone officer or inspector needs a group of places; others have none.")
        )
    meanwhile = Post.objects.filter(_overlaps(new), office=office, role=new.role)
    if meanwhile.filter(user=user, group_id=new.group_key, tenure=new.tenure).exists():
        raise Refused("held-already", _("This person holds the same post on some of these days."))
    if new.tenure == Tenure.SUBSTANTIVE and new.role in granting.ONE_AT_A_TIME:
        holder = meanwhile.filter(tenure=Tenure.SUBSTANTIVE).exclude(user=user).first()
        if holder is not None:
            raise Refused(
                "held-by-another",
                _("Somebody holds this post on some of these days; end that post first."),
            )
    if new.in_place_of is not None:
        stood_for = Post.objects.filter(pk=new.in_place_of, office=office).exclude(user=user)
        if new.tenure == Tenure.SUBSTANTIVE or not stood_for.exists():
            raise Refused(
                "in-place-of",
                _("Only an acting or delegated post stands in for another's, at the same office."),
            )
    post = Post(
        user=user,
        role=new.role,
        office=office,
        group_id=new.group_key,
        tenure=new.tenure,
        title_th=new.title_th.strip(),
        held_from=new.held_from,
        held_to=new.held_to,
        order_ref=new.order_ref.strip(),
        in_place_of_id=new.in_place_of,
    )
    post.save(force_insert=True)
    return post


@transaction.atomic
def end_post(post_id: int, *, held_to: date, order_ref: str = "", by: Actor, at: datetime) -> Post:
    """Set the last day of a post. An end that was set can be brought forward or put off.

    Raises Refused when the day is before the post began, or when putting the end off would let two
    hold one post.
    """
    post = Post.objects.select_for_update(of=("self",)).select_related("office").get(pk=post_id)
    Office.objects.select_for_update().get(pk=post.office_id)
    if held_to < post.held_from:
        raise Refused("ends-early", _("The last day is before the first."))
    before = state_of(post)
    if (
        post.tenure == Tenure.SUBSTANTIVE
        and post.role in granting.ONE_AT_A_TIME
        and Post.objects.filter(
            Q(held_to__isnull=True) | Q(held_to__gte=post.held_from),
            office_id=post.office_id,
            role=post.role,
            tenure=Tenure.SUBSTANTIVE,
            held_from__lte=held_to,
        )
        .exclude(user_id=post.user_id)
        .exists()
    ):
        raise Refused(
            "held-by-another",
            _("Somebody holds this post on some of these days; end that post first."),
        )
    post.held_to = held_to
    post.save(update_fields=["held_to"])
    record(
        "end_post",
        on=f"user:{post.user_id}/post:{post.pk}",
        by=by,
        at=at,
        place=post.office.place_id,
        before=before,
        after=state_of(post),
        detail={"role": post.role, "office": post.office_id, "last_day": held_to}
        | ({"order": order_ref.strip()} if order_ref.strip() else {}),
    )
    return post


def state_of(post: Post) -> dict[str, object]:
    """Return the post as the ledger's digests know it."""
    return {
        "user": post.user_id,
        **asdict(
            NewPost(
                role=post.role,
                office_code=post.office_id,
                held_from=post.held_from,
                held_to=post.held_to,
                tenure=post.tenure,
                group_key=post.group_id,
                title_th=post.title_th,
                order_ref=post.order_ref,
                in_place_of=post.in_place_of_id,
            )
        ),
    }


def _overlaps(new: NewPost) -> Q:
    """Return the condition that a post is held on some day of the new one; both ends count."""
    condition = Q(held_to__isnull=True) | Q(held_to__gte=new.held_from)
    return condition if new.held_to is None else condition & Q(held_from__lte=new.held_to)
