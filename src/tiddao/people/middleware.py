"""Puts the signed-in person's standing on the request, looked up when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tiddao.people.access import Standing, standing_of


class StandingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.standing = SimpleLazyObject(lambda: _standing(request))  # type: ignore[attr-defined]  # typed as SignedInRequest
        return self.get_response(request)


def _standing(request: HttpRequest) -> Standing:
    if not request.user.is_authenticated:
        return Standing(user_id=0, name="", on=timezone.localdate(), posts=())
    return standing_of(request.user, on=timezone.localdate())
