"""Who may see and do what, where. No view receives a place, group or account except from here.

A person's standing on a day is made of the posts held that day. A post covers its office's place
and everything below it; a post with a group covers the group's members of that day and everything
below them. Out of scope is 404: the page does not even say that the thing exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django_htmx.middleware import HtmxDetails

from tiddao.ledger.actors import Actor
from tiddao.people.models import Post, User
from tiddao.people.rules import granting, matrix
from tiddao.places import tree
from tiddao.places.models import NATION, Office, Place
from tiddao.places.queries import Unit, find_unit
from tiddao.places.queries.groups import sees_group


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post as held on one day, with the places it covers."""

    id: int
    role: str
    title: str
    office_code: str
    office_name: str
    tenure: str
    roots: frozenset[str]  # place codes; each covers itself and all below it
    group_key: str | None

    @property
    def reference(self) -> str:
        """The post as the ledger writes it."""
        return f"post:{self.id} {self.role} {self.office_code}"

    def covers(self, place_code: str) -> bool:
        return any(tree.is_within(place_code, root) for root in self.roots)


@dataclass(frozen=True, slots=True)
class Standing:
    """One person on one day: account and posts."""

    user_id: int
    name: str
    on: date
    posts: tuple[HeldPost, ...]

    @property
    def reference(self) -> str:
        """The account as the ledger writes it."""
        return f"user:{self.user_id}"

    def actor(self, post: HeldPost | None = None) -> Actor:
        """Return the person as the ledger writes them, acting under the post."""
        return Actor(self.reference, self.name, post.reference if post else "")

    def covers(self, place_code: str) -> bool:
        return any(post.covers(place_code) for post in self.posts)

    def covers_all(self, place_codes: Iterable[str]) -> bool:
        return all(self.covers(code) for code in place_codes)

    def post_for(self, act: str, place_code: str) -> HeldPost | None:
        """Return the post under which the act may be done at the place, if any."""
        for post in self.posts:
            if matrix.may(post.role, act) and post.covers(place_code):
                return post
        return None

    def may(self, act: str, place_code: str | None = None) -> bool:
        """Say whether the act may be done at the place; without a place, anywhere at all."""
        if place_code is None:
            return any(matrix.may(post.role, act) for post in self.posts)
        return self.post_for(act, place_code) is not None

    @property
    def roots(self) -> frozenset[str]:
        return frozenset(root for post in self.posts for root in post.roots)

    def roots_for(self, act: str) -> frozenset[str]:
        """Return the places within which the act may be done."""
        return frozenset(
            root for post in self.posts if matrix.may(post.role, act) for root in post.roots
        )

    def grantable_at(self, place_code: str) -> frozenset[str]:
        """Return the roles that the person may give, end or look after at the place."""
        return granting.grantable(
            frozenset(
                post.role
                for post in self.posts
                if matrix.may(post.role, "manage_people") and post.covers(place_code)
            )
        )


class SignedInRequest(HttpRequest):
    """A request behind the sign-in, as ``StandingMiddleware`` hands it on."""

    user: User
    standing: Standing
    htmx: HtmxDetails


def standing_of(user: User, *, on: date) -> Standing:
    """Return the person's standing on the day. Two queries (one without group posts)."""
    held = (
        Post.objects.filter(user=user, held_from__lte=on)
        .filter(Q(held_to__isnull=True) | Q(held_to__gte=on))
        .select_related("office")
        .order_by("id")
    )
    posts = list(held)
    members = tree.members_of({p.group_id for p in posts if p.group_id}, on=on)
    return Standing(
        user_id=user.pk,
        name=user.name_th,
        on=on,
        posts=tuple(
            HeldPost(
                id=post.pk,
                role=post.role,
                title=post.title,
                office_code=post.office_id,
                office_name=post.office.name_th,
                tenure=post.tenure,
                roots=members[post.group_id]
                if post.group_id
                else frozenset({post.office.place_id}),
                group_key=post.group_id,
            )
            for post in posts
        ),
    )


def visible_unit_or_404(
    request: SignedInRequest,
    key: str,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
) -> Unit:
    """Return the place or group behind the key if the person's posts cover it.

    on: as it stood on that day, else today. known_at: as it was known at that moment; what a person
    may see is what their posts cover today. A group is visible to a post that covers its home or all its members of the day; a post on the
    group does.
    """
    standing = request.standing
    unit = find_unit(key, on=on or standing.on, known_at=known_at)
    if unit is None:
        raise Http404
    if unit.is_group:
        if not sees_group(standing.roots, within=unit.within, members=unit.members):
            raise Http404
    elif not standing.covers(unit.key):
        raise Http404
    return unit


def require(request: SignedInRequest, act: str, place_code: str) -> HeldPost:
    """Return the post under which the person may do the act at the place.

    Raises Http404 when the place is out of scope, PermissionDenied when the role does not allow it.
    """
    standing = request.standing
    if not standing.covers(place_code):
        raise Http404
    post = standing.post_for(act, place_code)
    if post is None:
        raise PermissionDenied
    return post


def require_anywhere(request: SignedInRequest, act: str) -> frozenset[str]:
    """Return the places within which the person may do the act.

    Raises PermissionDenied when there is none.
    """
    roots = request.standing.roots_for(act)
    if not roots:
        raise PermissionDenied
    return roots


def offices_within(roots: frozenset[str]) -> QuerySet[Office]:
    """Return the offices at places within the roots as a query."""
    return Office.objects.filter(
        place__in=Place.objects.filter(tree.within_any(roots)).values("pk")
    )


def place_codes_within(roots: frozenset[str]) -> QuerySet[Place, Any] | None:
    """Return the codes of all places within the roots as a query; None for the whole nation."""
    if NATION in roots:
        return None
    return Place.objects.filter(tree.within_any(roots)).values("code")


def sees_the_nation(standing: Standing) -> bool:
    """Say whether the person's scope is the whole country."""
    return NATION in standing.roots
