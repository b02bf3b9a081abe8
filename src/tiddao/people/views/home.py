"""The first page after signing in, and one's own settings."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.people.access import SignedInRequest
from tiddao.people.actions import set_preferences
from tiddao.people.forms import PreferencesForm
from tiddao.people.queries import held_posts, home_places
from tiddao.ui.registry import home_panels


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """Show whose posts these are, the places that go with them, and what is due there."""
    standing = request.standing
    alone = {root for post in standing.posts if not post.group_key for root in post.roots}
    groups = {post.group_key for post in standing.posts if post.group_key}
    context = {
        "posts": held_posts(standing.user_id, on=standing.on),
        "places": home_places(alone, groups, on=standing.on),
        "today": standing.on,
        "panels": _panels(request),
    }
    return render(request, "people/home.html", context)


def _panels(request: SignedInRequest) -> list[str]:
    """The cards, those first for which a last day is today or near."""
    shown = [
        (panel, variables)
        for panel in home_panels
        if (variables := panel.context(request)) is not None
    ]
    shown.sort(key=lambda one: not one[1].get("presses"))
    return [render_to_string(panel.template, variables, request) for panel, variables in shown]


@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """Show and change one's own language and letters, with the ways to password and MFA."""
    user = request.user
    chosen = user.language or translation.get_language()
    form = PreferencesForm(request.POST or None, initial={"language": chosen, "font": user.font})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        set_preferences(
            user.pk,
            language=language,
            font=form.cleaned_data["font"],
            by=request.standing.actor(),
            at=timezone.now(),
        )
        with translation.override(language):
            messages.success(request, _("Your settings are kept."))
        response = redirect("profile")
        # What was chosen last holds in this browser, too.
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    posts = held_posts(user.pk, on=request.standing.on)
    return render(request, "people/profile.html", {"form": form, "posts": posts})


@require_GET
@login_not_required
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Say whom to ask: passwords are reset by the office, never by e-mail."""
    return render(request, "people/forgotten_password.html")


@login_not_required
def not_here(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001 -- the address's end
    """Stand in for the sign-up, e-mail and reset pages of the library, which nobody is to reach."""
    raise Http404
