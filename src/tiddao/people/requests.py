"""The type of a request behind the sign-in."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tiddao.people.access import Standing
from tiddao.people.models import User


class SignedInRequest(HttpRequest):
    user: User  # type: ignore[assignment] -- LoginRequiredMiddleware lets nobody else through
    standing: Standing
    htmx: HtmxDetails
