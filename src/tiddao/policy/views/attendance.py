"""Who came: ticked on the list, or signed by the code on the projector."""

from __future__ import annotations

from typing import Any, cast

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest, Standing
from tiddao.policy.actions.attendance import Person, record_attendance, strike_attendance
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.attendance_code import code_of, drawn, is_opened, opened_of, read_code
from tiddao.policy.forms.meetings import GuestForm, TicksForm
from tiddao.policy.models import Attendance
from tiddao.policy.queries.attendance import (
    AskedLine,
    asked_lines,
    invitation_for,
    invitations_of,
    is_on_list,
    meeting_of_line,
    people_of,
    presence_of,
    struck_of,
)
from tiddao.policy.queries.meetings import MeetingView, PublicMeeting, find_public_meeting
from tiddao.policy.views.meeting_pieces import (
    crumbs_within,
    kept_or_refused,
    meeting_or_404,
    meeting_refusal,
    say_refused,
)
from tiddao.policy.views.pieces import one_page

GUEST = Actor("guest", "ผู้เข้าประชุมที่ไม่มีบัญชี")
"""Who signs without an account, as the ledger writes them; the name stands on the list alone."""


@require_http_methods(["GET", "POST"])
def meeting_attendance(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show who is here and who is absent; tick who came."""
    if request.method == "GET":
        found = meeting_or_404(request, meeting_id)
        if not found.in_line:
            raise Http404
        return _page(request, found)
    found, post = kept_or_refused(request, meeting_id)
    lines = _shown(request, found)[1]
    form = TicksForm(request.POST, keys=[line.key for line in lines if line.line is None])
    if form.is_valid():
        by_key = {line.key: line for line in lines}
        people = [_person(by_key[key]) for key in form.cleaned_data["people"]]
        try:
            _lines, new = record_attendance(
                meeting_id,
                people,
                how=Attendance.How.LIST,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except MeetingRefused as refused:
            messages.error(request, meeting_refusal(refused.code))
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d person was put on the list.",
                    "%(count)d people were put on the list.",
                    new,
                )
                % {"count": new},
            )
    return redirect(f"{reverse('meeting-attendance', args=[meeting_id])}?{request.GET.urlencode()}")


@require_POST
def attendance_guest(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Put somebody on the list by name."""
    found, post = kept_or_refused(request, meeting_id)
    form = GuestForm(request.POST)
    if form.is_valid():
        try:
            record_attendance(
                meeting_id,
                [Person(form.cleaned_data["name"], form.cleaned_data["title"])],
                how=Attendance.How.LIST,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(request, _("The name stands on the list."))
            return redirect("meeting-attendance", meeting_id)
    return _page(request, found, guest=form)


@require_POST
def attendance_strike(request: SignedInRequest, attendance_id: int) -> HttpResponse:
    """Strike out a line that was a mistake."""
    found, post = kept_or_refused(request, meeting_of_line(attendance_id))
    try:
        strike_attendance(attendance_id, by=request.standing.actor(post), at=timezone.now())
    except MeetingRefused as refused:
        messages.error(request, meeting_refusal(refused.code))
    else:
        messages.success(request, _("The line was struck out; it is kept."))
    return redirect("meeting-attendance", found.line.id)


@never_cache
@require_GET
def meeting_code(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show the code for the projector; it renews itself."""
    found, _post = kept_or_refused(request, meeting_id)
    running = found.line.state == "called"
    address = request.build_absolute_uri(reverse("attend", args=[code_of(meeting_id)]))
    context = {
        "crumbs": crumbs_within(found, _("Sign in by phone")),
        "meeting": found,
        "running": running,
        "drawing": drawn(address) if running else "",
        "present": found.line.present,
        "renewal": max(settings.MEETING_CODE_SECONDS // 3, 5),
    }
    template = "policy/meeting_code.html"
    return render(request, f"{template}#code" if request.htmx else template, context)


# -- by phone, with or without an account ----------------------------------------------------------


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def attend(request: HttpRequest, code: str) -> HttpResponse:
    """Sign the list by the code. Who has signed in is recorded as themselves, a guest gives a name.

    Nothing of the meeting is shown beyond its title, time and venue.
    """
    read = read_code(code)
    shown = find_public_meeting(read[0]) if read else None
    if read is None or shown is None:
        raise Http404
    good = read[1]
    if request.method == "POST":
        good = is_opened(request.POST.get("opened", ""), shown.id)
    if not shown.runs or not good:
        return render(
            request, "policy/attend_over.html", {"meeting": shown, "runs": shown.runs}, status=410
        )
    if request.user.is_authenticated:
        return _attend_signed_in(request, shown, cast("SignedInRequest", request).standing)
    return _attend_as_guest(request, shown, code)


def _attend_signed_in(
    request: HttpRequest, shown: PublicMeeting, standing: Standing
) -> HttpResponse:
    if request.method == "POST":
        invitation, office, title = invitation_for(shown.id, standing)
        person = Person(standing.name, title, standing.reference, office, invitation)
        try:
            record_attendance(
                shown.id, [person], how=Attendance.How.QR, by=standing.actor(), at=timezone.now()
            )
        except MeetingRefused:
            return render(
                request, "policy/attend_over.html", {"meeting": shown, "runs": False}, status=410
            )
        return _done(request, shown, standing.name)
    if is_on_list(shown.id, standing):
        return _done(request, shown, standing.name)
    context = {"meeting": shown, "opened": opened_of(shown.id), "name": standing.name}
    return render(request, "policy/attend.html", context | {"form": None, "login": ""})


def _attend_as_guest(request: HttpRequest, shown: PublicMeeting, code: str) -> HttpResponse:
    form = GuestForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if not consume(
            request,
            app="tiddao.policy",
            action="attend_guest",
            config={"attend_guest": settings.MEETING_GUEST_RATE},
            key=str(shown.id),
        ):
            status = 429
            form.add_error(None, _("Too many people are signing at once. Try again in a minute."))
        elif form.is_valid():
            said = form.cleaned_data
            try:
                record_attendance(
                    shown.id,
                    [Person(said["name"], said["title"])],
                    how=Attendance.How.QR,
                    by=GUEST,
                    at=timezone.now(),
                )
            except MeetingRefused as refused:
                say_refused(form, refused.code, refused.field)
            else:
                return _done(request, shown, said["name"])
    here = reverse("attend", args=[code])
    context = {
        "meeting": shown,
        "opened": opened_of(shown.id),
        "name": "",
        "form": form,
        "login": f"{reverse('account_login')}?next={here}",
    }
    return render(request, "policy/attend.html", context, status=status)


def _done(request: HttpRequest, shown: PublicMeeting, name: str) -> HttpResponse:
    return render(request, "policy/attend_done.html", {"meeting": shown, "name": name})


# -- pieces ----------------------------------------------------------------------------------------


def _shown(request: SignedInRequest, found: MeetingView) -> tuple[Any, list[AskedLine]]:
    text = request.GET.get("q", "").strip()
    page = one_page(request, invitations_of(found.line.id, text=text))
    return page, asked_lines(list(page.object_list), on=request.standing.on)


def _person(line: AskedLine) -> Person:
    return Person(line.name, line.title, line.user, line.office or None, line.invitation_id)


def _page(
    request: SignedInRequest, found: MeetingView, *, guest: GuestForm | None = None
) -> HttpResponse:
    page, lines = _shown(request, found)
    meeting_id = found.line.id
    context = {
        "crumbs": crumbs_within(found, _("Attendance")),
        "meeting": found,
        "page": page,
        "lines": lines,
        "q": request.GET.get("q", "").strip(),
        "query": request.GET.urlencode(),
        "people": people_of(meeting_id),
        "struck": struck_of(meeting_id),
        "presence": presence_of(meeting_id),
        "guest": guest or GuestForm(),
        "may_write": found.keeper is not None and found.runs,
    }
    return render(request, "policy/meeting_attendance.html", context, status=422 if guest else 200)
