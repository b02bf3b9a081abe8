"""Which meetings a person may see: those their line calls, and those they are asked to or came to."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from tiddao.people.access import HeldPost, Standing
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.policy.models import Attendance, Invitation, Meeting


def asked_posts(standing: Standing) -> Q:
    """Return the condition that an Invitation asks one of the person's posts."""
    asked = Q(pk__in=[])
    for post in standing.posts:
        asked |= Q(office=post.office_code, role=post.role)
    return asked


def own_meetings(standing: Standing) -> Q:
    """Return the condition that the person's own office called a Meeting, or their post did."""
    offices = [post.office_code for post in standing.posts if post.group_key is None]
    return Q(office__in=offices) | Q(post__in=[post.id for post in standing.posts])


def attended(standing: Standing) -> Q:
    """Return the condition that the person came to a Meeting."""
    lines = Attendance.objects.filter(
        meeting=OuterRef("pk"), user=standing.reference, strikes=None, struck=None
    )
    return Q(Exists(lines))


def invited(standing: Standing) -> Q:
    """Return the condition that a Meeting that was called asks the person's posts."""
    asked = Invitation.objects.filter(
        asked_posts(standing), meeting=OuterRef("pk"), withdrawn=False
    )
    return ~Q(state=Meeting.State.DRAFT) & Q(Exists(asked))


def called_in_line(standing: Standing) -> Q:
    """Return the condition that a Meeting was called within what the person's posts cover."""
    if NATION in standing.roots:
        return Q()
    return tree.within_any(standing.roots, "place__") | Q(
        post__in=[post.id for post in standing.posts]
    )


def visible_meetings(standing: Standing) -> Q:
    """Return the condition that a person may see a Meeting."""
    if NATION in standing.roots:
        return Q()
    return called_in_line(standing) | invited(standing) | attended(standing)


def post_to_keep(
    standing: Standing, meeting: Meeting, act: str = "keep_meeting"
) -> HeldPost | None:
    """Return the post under which the person acts for the office that called the meeting: the very
    post, or one of the same office that is not bound to a group of places.
    """
    for post in standing.posts:
        if not may(post.role, act):
            continue
        same_office = post.office_code == meeting.office_id and post.group_key is None
        if post.id == meeting.post_id or same_office:
            return post
    return None
