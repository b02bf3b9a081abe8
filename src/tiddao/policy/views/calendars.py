"""Meetings in the calendar that a person already has."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.calendars import end_calendar_address, make_calendar_address
from tiddao.policy.calendar_file import calendar_of
from tiddao.policy.queries.calendars import (
    address_made_at,
    entries_for,
    entry_of,
    standing_behind,
)
from tiddao.policy.views.meeting_pieces import meeting_crumbs


@require_GET
def meeting_ics(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """One meeting as a calendar file."""
    entry = entry_of(meeting_id, request.standing)
    if entry is None:
        raise Http404
    content = calendar_of(
        [entry], name=entry.title, now=timezone.now(), address=_addresses(request)
    )
    return _file(content, f"meeting-{meeting_id}.ics")


@never_cache
@require_http_methods(["GET", "POST"])
def meeting_calendar(request: SignedInRequest) -> HttpResponse:
    """Make a secret address of one's own calendar; it is shown this once."""
    standing = request.standing
    address = ""
    if request.method == "POST":
        secret = make_calendar_address(standing.user_id, by=standing.actor(), at=timezone.now())
        address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
    context = {
        "crumbs": meeting_crumbs((_("In my own calendar"), None)),
        "address": address,
        "made_at": address_made_at(standing.user_id),
    }
    return render(request, "policy/meeting_calendar.html", context)


@require_POST
def meeting_calendar_end(request: SignedInRequest) -> HttpResponse:
    """End the address."""
    standing = request.standing
    if end_calendar_address(standing.user_id, by=standing.actor(), at=timezone.now()):
        messages.success(request, _("The calendar address has ended."))
    return redirect("meeting-calendar")


@login_not_required
@require_GET
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A person's meetings, for the calendar program that knows the secret."""
    standing = standing_behind(secret, on=timezone.localdate())
    if standing is None:
        raise Http404
    now = timezone.now()
    content = calendar_of(
        entries_for(standing, now=now),
        name=_("Meetings · Tiddao"),
        now=now,
        address=_addresses(request),
    )
    response = _file(content, "meetings.ics")
    response["Cache-Control"] = "private, max-age=300"
    return response


def _addresses(request: HttpRequest) -> Callable[[int], str]:
    return lambda meeting_id: request.build_absolute_uri(reverse("meeting", args=[meeting_id]))


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
