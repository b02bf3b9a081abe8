"""Meetings: the lists, one meeting, preparing and calling it, holding it, calling it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.evidence.attached import attached_to
from tiddao.evidence.subjects import find_subject
from tiddao.kernel.dates import BANGKOK
from tiddao.people.access import SignedInRequest, visible_unit_or_404
from tiddao.policy.actions.meetings import (
    MeetingChanged,
    MeetingRefused,
    NewMeeting,
    call_meeting,
    call_off_meeting,
    change_meeting,
    close_as_held,
    prepare_meeting,
)
from tiddao.policy.forms.directives import ReasonForm
from tiddao.policy.forms.meetings import (
    CallerForm,
    MeetingFilterForm,
    MeetingForm,
    ReplyForm,
    place_initial,
)
from tiddao.policy.proving import MEETING
from tiddao.policy.queries.attendance import presence_of
from tiddao.policy.queries.ideas import board_lines, boards_seen
from tiddao.policy.queries.meetings import (
    MeetingsWanted,
    MeetingView,
    meeting_lines,
    meetings_seen,
    meetings_within,
    series_of_office,
    series_seen,
)
from tiddao.policy.queries.minutes import papers_of
from tiddao.policy.queries.planning import Planned, planned_from
from tiddao.policy.queries.resolutions import resolutions_of
from tiddao.policy.queries.visibility import posts_to_send
from tiddao.policy.queries.visits import visit_lines, visits_seen
from tiddao.policy.views.meeting_pieces import (
    called_or_refused,
    crumbs_within,
    directing_posts,
    kept_or_refused,
    meeting_crumbs,
    meeting_or_404,
    meeting_refusal,
    say_refused,
    send_over,
)
from tiddao.policy.views.pieces import document_or_404, one_page, sender_of, sending_posts

MOST_ABSENT = 20
"""Absent offices named on a meeting's page; the list has all."""


@require_GET
def meetings(request: SignedInRequest) -> HttpResponse:
    """Show the meetings of the person's line and those they are invited to; coming ones first."""
    when = "past" if request.GET.get("when") == "past" else "coming"
    return _list(request, when)


@require_GET
def meeting_series_list(request: SignedInRequest) -> HttpResponse:
    """Show the series that the person's own offices keep."""
    context = {"crumbs": [], "series": series_seen(request.standing), **_frame(request, "series")}
    return render(request, "policy/meeting_series_list.html", context)


@require_GET
def place_meetings(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the meetings called or held within a place or group."""
    unit = visible_unit_or_404(request, key)
    page = one_page(request, meetings_within(request.standing, unit.members))
    context = {
        "crumbs": [(unit.full_name, reverse("place-work", args=[unit.key])), (_("Meetings"), None)],
        "unit": unit,
        "page": page,
        "rows": meeting_lines(page.object_list, request.standing),
        **_frame(request, ""),
    }
    return render(request, "policy/place_meetings.html", context)


@require_http_methods(["GET", "POST"])
def meeting_new(request: SignedInRequest) -> HttpResponse:
    """Prepare a meeting by hand, or from what was read in a document (?document=)."""
    posts = sending_posts(request, "call_meeting")
    asked = request.GET.get("document", "")
    document = document_or_404(request, int(asked)) if asked.isdecimal() else None
    planned = planned_from(document, on=request.standing.on) if document else None
    data = request.POST if request.method == "POST" else None
    series = [each for post in posts for each in series_of_office(post.office_code)]
    caller = CallerForm(data, posts=posts, series=list(dict.fromkeys(series)))
    form = MeetingForm(data, on=request.standing.on, initial=_planned_initial(planned, request))
    if data is not None and form.is_valid() and caller.is_valid():
        post = next(each for each in posts if each.id == caller.cleaned_data["post"])
        wanted = replace(
            _wanted(form),
            series_id=caller.cleaned_data.get("series"),
            document_id=document.line.id if document else None,
            agenda=planned.items if planned else (),
        )
        try:
            made = prepare_meeting(
                wanted,
                caller=sender_of(post),
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(
                request, _("The meeting is prepared. Next: the agenda, then who is asked to come.")
            )
            return redirect("meeting", made.pk)
    context = {
        "crumbs": meeting_crumbs((_("New meeting"), None)),
        "heading": _("New meeting"),
        "form": form,
        "caller": caller,
        "document": document,
        "planned": planned,
        "button": _("Prepare the meeting"),
    }
    refused_input = data is not None and bool(form.errors or caller.errors)
    return render(
        request, "policy/meeting_form.html", context, status=422 if refused_input else 200
    )


@require_GET
def meeting(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show one meeting: when and where, agenda, who comes, decisions, photos."""
    found = meeting_or_404(request, meeting_id)
    standing = request.standing
    subject = find_subject(MEETING, str(meeting_id)) if standing.covers(found.line.place) else None
    presence = presence_of(meeting_id) if found.in_line or found.runs else None
    context: dict[str, Any] = {
        "crumbs": meeting_crumbs((found.line.title, None)),
        "meeting": found,
        "resolutions": resolutions_of(meeting_id, standing),
        "may_direct": bool(directing_posts(request, found)),
        "presence": presence,
        "absent": presence.absent[:MOST_ABSENT] if presence else (),
        "reply_forms": [
            (each, ReplyForm(initial=_reply_initial(each.reply, each.said), prefix=None))
            for each in found.own
        ],
        "attached": attached_to(standing, MEETING, subject, asks=False) if subject else None,
        "papers": papers_of(meeting_id, standing),
        "boards": board_lines(boards_seen(standing).filter(meeting=meeting_id)),
        "visits": visit_lines(visits_seen(standing).filter(meeting=meeting_id), on=standing.on),
    }
    return render(request, "policy/meeting.html", context)


@require_http_methods(["GET", "POST"])
def meeting_change(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Change name, day, time or venue."""
    found, post = kept_or_refused(request, meeting_id)
    form = MeetingForm(
        request.POST or None, on=request.standing.on, initial=_initial(found, request.standing.on)
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_meeting(
                    meeting_id,
                    _wanted(form),
                    seen=form.cleaned_data["seen"] or 0,
                    by=request.standing.actor(post),
                    at=timezone.now(),
                )
            except MeetingRefused as refused:
                say_refused(form, refused.code, refused.field)
            except MeetingChanged:
                status = 409
                send_over(
                    form,
                    request.POST,
                    "seen",
                    found.version,
                    _(
                        "Somebody changed the meeting while you were writing. What you wrote is still here: look at the meeting once more, then send it again."
                    ),
                )
            else:
                messages.success(request, _("The meeting was changed."))
                return redirect("meeting", meeting_id)
    heading = _("Change the meeting")
    context = {
        "crumbs": crumbs_within(found, heading),
        "heading": heading,
        "form": form,
        "caller": None,
        "document": None,
        "planned": None,
        "button": _("Save the meeting"),
    }
    return render(request, "policy/meeting_form.html", context, status=status)


@require_POST
def meeting_call(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Send the invitations."""
    found, post = called_or_refused(request, meeting_id)
    try:
        call_meeting(meeting_id, by=request.standing.actor(post), at=timezone.now())
    except MeetingRefused as refused:
        messages.error(request, meeting_refusal(refused.code))
        if refused.code == "nobody-invited":
            return redirect("meeting-invite", meeting_id)
    else:
        messages.success(
            request,
            ngettext(
                "The meeting is called: %(count)d invitation stands on the home page of who is asked.",
                "The meeting is called: %(count)d invitations stand on the home pages of who is asked.",
                found.replies.asked,
            )
            % {"count": found.replies.asked},
        )
    return redirect("meeting", meeting_id)


@require_POST
def meeting_hold(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Close it as held."""
    _found, post = called_or_refused(request, meeting_id)
    try:
        close_as_held(
            meeting_id,
            on=request.standing.on,
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except MeetingRefused as refused:
        messages.error(request, meeting_refusal(refused.code))
    else:
        messages.success(request, _("The meeting is closed as held; its code no longer works."))
    return redirect("meeting", meeting_id)


@require_http_methods(["GET", "POST"])
def meeting_call_off(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Call it off, with the reason."""
    found, post = called_or_refused(request, meeting_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            call_off_meeting(
                meeting_id,
                reason=form.cleaned_data["reason"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(request, _("The meeting was called off; who was invited sees it."))
            return redirect("meeting", meeting_id)
    heading = _("Call the meeting off")
    context = {
        "crumbs": crumbs_within(found, heading),
        "heading": heading,
        "form": form,
        "button": _("Call off"),
        "note": _("Who was invited reads the reason; calendars take the meeting off."),
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


# -- pieces ----------------------------------------------------------------------------------------


def _list(request: SignedInRequest, when: str) -> HttpResponse:
    form = MeetingFilterForm(request.GET)
    wanted = MeetingsWanted(
        when=when, mine=form.said("mine"), state=form.said("state"), text=form.said("q")
    )
    page = one_page(request, meetings_seen(request.standing, wanted, now=timezone.now()))
    context = {
        "crumbs": [],
        "form": form,
        "is_filtered": any(form.said(name) for name in ("q", "mine", "state")),
        "page": page,
        "rows": meeting_lines(page.object_list, request.standing),
        "when": when,
        **_frame(request, when),
    }
    return render(request, "policy/meetings.html", context)


def _frame(request: SignedInRequest, active: str) -> dict[str, Any]:
    return {"may_call": bool(posts_to_send(request.standing, "call_meeting")), "active": active}


def _wanted(form: MeetingForm) -> NewMeeting:
    said = form.cleaned_data
    return NewMeeting(
        title=said["title"],
        purpose=said["purpose"],
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        venue=said["venue"],
        venue_place=said["place"],
        chair=said["chair"],
        secretary=said["secretary"],
    )


def _initial(found: MeetingView, on: date) -> dict[str, Any]:
    begins = found.line.starts_at.astimezone(BANGKOK)
    ends = found.line.ends_at.astimezone(BANGKOK) if found.line.ends_at else None
    return {
        "title": found.line.title,
        "day": begins.date(),
        "starts": begins.time(),
        "ends": ends.time() if ends else None,
        "venue": found.line.venue,
        "venue_place": place_initial(found.line.venue_place, on=on),
        "purpose": found.purpose,
        "chair": found.chair,
        "secretary": found.secretary,
        "seen": found.version,
    }


def _planned_initial(planned: Planned | None, request: SignedInRequest) -> dict[str, Any]:
    if planned is None:
        return {"starts": time(9, 30)}
    return {
        "title": planned.title,
        "day": planned.day,
        "starts": planned.starts,
        "ends": planned.ends,
        "venue": planned.venue,
        "venue_place": place_initial(planned.venue_place, on=request.standing.on),
    }


def _reply_initial(reply: str, said: str) -> dict[str, str]:
    return {"reply": "" if reply == "none" else reply, "words": said}
