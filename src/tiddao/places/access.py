"""What the pages of this area ask of the signed-in person.

People stand on places, so this area cannot know posts and roles; it says here what it needs, and
the standing that ``people`` puts on every request has it. Out of scope is 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from tiddao.ledger.actors import Actor
from tiddao.places.models import NATION


class Standing(Protocol):
    """The person on one day; ``people.access.Standing`` is the one there is."""

    @property
    def on(self) -> date: ...
    @property
    def roots(self) -> frozenset[str]: ...
    def covers(self, place_code: str) -> bool: ...
    def covers_all(self, place_codes: Iterable[str]) -> bool: ...
    def may(self, act: str, place_code: str | None = None) -> bool: ...
    def post_for(self, act: str, place_code: str) -> Any: ...
    def actor(self, post: Any = None) -> Actor: ...


class SignedInRequest(HttpRequest):
    """A request behind the sign-in, with the person's standing."""

    standing: Standing


def actor_for(standing: Standing, act: str, place_code: str) -> Actor:
    """Return the person under the post that allows the act at the place.

    Raises Http404 when the place is out of scope, PermissionDenied when no post allows the act.
    """
    if not standing.covers(place_code):
        raise Http404
    post = standing.post_for(act, place_code)
    if post is None:
        raise PermissionDenied
    return standing.actor(post)


def places_of_act(standing: Standing, act: str) -> tuple[str, ...]:
    """Return the topmost places at which the person may do the act, by code."""
    allowed = {root for root in standing.roots if standing.may(act, root)}
    if NATION in allowed:
        return (NATION,)
    return tuple(
        sorted(
            code
            for code in allowed
            if not any(code != other and code.startswith(other) for other in allowed)
        )
    )
