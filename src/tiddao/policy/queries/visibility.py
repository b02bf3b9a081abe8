"""Which directives, assignments and documents a person may see: those of their line, no others.

Who covers the sender's place, or holds the very post that sent, sees a directive with all its
receivers. Who covers a receiver's place sees the directive and that receiver, not the others.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from tiddao.people.access import HeldPost, Standing
from tiddao.people.rules.matrix import may
from tiddao.places import tree
from tiddao.places.models import NATION
from tiddao.policy.models import Assignment, Directive


def whole_directives(standing: Standing) -> Q:
    """Return the condition that a person sees a Directive with all its receivers."""
    if NATION in standing.roots:
        return Q()
    return tree.within_any(standing.roots, "place__") | Q(
        post__in=[post.id for post in standing.posts]
    )


def visible_directives(standing: Standing) -> Q:
    """Return the condition that a person may see a Directive."""
    if NATION in standing.roots:
        return Q()
    received = Assignment.objects.filter(
        tree.within_any(standing.roots, "place__"), directive=OuterRef("pk")
    )
    return whole_directives(standing) | Q(Exists(received))


def visible_assignments(standing: Standing) -> Q:
    """Return the condition that a person may see an Assignment."""
    if NATION in standing.roots:
        return Q()
    return (
        tree.within_any(standing.roots, "place__")
        | tree.within_any(standing.roots, "directive__place__")
        | Q(directive__post__in=[post.id for post in standing.posts])
    )


def visible_documents(standing: Standing) -> Q:
    """Return the condition that a person may read a Document: its office's place is in scope, or
    they took it in themselves.
    """
    if NATION in standing.roots:
        return Q()
    return tree.within_any(standing.roots, "place__") | Q(by=standing.reference)


def sees_whole(standing: Standing, directive: Directive) -> bool:
    """Say whether the person sees all receivers of the directive."""
    return standing.covers(directive.place_id) or any(
        post.id == directive.post_id for post in standing.posts
    )


def post_to_follow(standing: Standing, directive: Directive) -> HeldPost | None:
    """Return the post under which the person speaks for the sender: the very post, or one of the
    same office that is not bound to a group of places.
    """
    for post in standing.posts:
        if not may(post.role, "follow_directive"):
            continue
        same_office = post.office_code == directive.office_id and post.group_key is None
        if post.id == directive.post_id or same_office:
            return post
    return None


def post_to_answer(standing: Standing, office: str) -> HeldPost | None:
    """Return the post under which the person answers for the office itself, never for one below.

    A post bound to a group of places (ผู้ดูแลโซน) looks after the offices of the group and answers
    neither for them nor for the office that it is of.
    """
    return next(
        (
            post
            for post in standing.posts
            if post.office_code == office
            and post.group_key is None
            and may(post.role, "answer_directive")
        ),
        None,
    )


def posts_to_send(standing: Standing, act: str = "hand_down_directive") -> tuple[HeldPost, ...]:
    """Return the posts under which the person may send directives (or do another act)."""
    return tuple(post for post in standing.posts if may(post.role, act))
