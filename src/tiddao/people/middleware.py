"""Puts the signed-in person's standing on the request, and ends what must not go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tiddao.people.access import Standing, standing_of
from tiddao.ui.refusals import page_before

WITH_A_TEMPORARY_PASSWORD = {"account_change_password", "account_logout", "set_language"}
"""Pages open to those who have yet to choose a password of their own."""


class SignInMiddleware(LoginRequiredMiddleware):
    """Asks who is there; says so where something was sent after the session had ended."""

    def handle_no_permission(  # type: ignore[override]  # a fragment is refused, not redirected
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        """Lead to the sign-in page, and from there back to the page where the form stands.

        A fragment gets 401 and no page: the page around it says what happened and keeps its fields.
        """
        if getattr(request, "htmx", False):
            return HttpResponse(status=401)
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request,
            _(
                "You were no longer signed in, so nothing of what you sent was saved. Sign in again."
            ),
        )
        return redirect_to_login(page_before(request) or request.get_full_path())


class StandingMiddleware:
    """Standing (looked up when first asked for), language, and the end of closed accounts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if not user.may_sign_in(on=timezone.localdate()):
                logout(request)  # the last day has passed since the person signed in
        elif SESSION_KEY in request.session:
            logout(request)  # closed meanwhile; reopening must not bring the session back
        _speak(request)
        request.standing = SimpleLazyObject(lambda: _standing(request))  # type: ignore[attr-defined]  # typed as SignedInRequest
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Any,  # noqa: ARG002 -- Django's signature
        args: Any,  # noqa: ARG002 -- Django's signature
        kwargs: Any,  # noqa: ARG002 -- Django's signature
    ) -> HttpResponse | None:
        user = request.user
        if user.is_authenticated and user.password_is_temporary:
            page = request.resolver_match.url_name if request.resolver_match else None
            if page not in WITH_A_TEMPORARY_PASSWORD:
                return redirect("account_change_password")
        return None


def _standing(request: HttpRequest) -> Standing:
    if not request.user.is_authenticated:
        return Standing(user_id=0, name="", on=timezone.localdate(), posts=())
    return standing_of(request.user, on=timezone.localdate())


def _speak(request: HttpRequest) -> None:
    """Speak the language chosen in this browser, else the person's, else Thai.

    The browser's own preference is not asked: office machines are often set up in English.
    """
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return  # LocaleMiddleware has followed it
    chosen = request.user.language if request.user.is_authenticated else ""
    translation.activate(chosen or settings.LANGUAGE_CODE)
    request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
