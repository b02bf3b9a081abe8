"""Meetings that come again: begun from one meeting, the next made by one click, ended."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.actions.series import begin_series, end_series, prepare_next
from tiddao.policy.forms.meetings import SeriesForm
from tiddao.policy.queries.meetings import (
    SeriesView,
    find_series,
    meeting_lines,
    meetings_of_series,
)
from tiddao.policy.queries.visibility import posts_to_send
from tiddao.policy.views.meeting_pieces import (
    called_or_refused,
    crumbs_within,
    meeting_crumbs,
    meeting_refusal,
    say_refused,
)
from tiddao.policy.views.pieces import one_page, sender_of


@require_http_methods(["GET", "POST"])
def meeting_begin_series(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Make a meeting the first of a series."""
    found, post = called_or_refused(request, meeting_id)
    form = SeriesForm(request.POST or None, initial={"title": found.line.title, "every": "month"})
    if request.method == "POST" and form.is_valid():
        try:
            made = begin_series(
                meeting_id,
                form.cleaned_data["title"],
                recurrence=form.recurrence,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(request, _("The series has begun; this is its first meeting."))
            return redirect("meeting-series", made.pk)
    heading = _("Hold it regularly")
    context = {
        "crumbs": crumbs_within(found, heading),
        "heading": heading,
        "form": form,
        "button": _("Begin the series"),
        "note": _(
            "Meetings of a series are numbered anew in each fiscal year. The agenda of this one is the usual one from now on."
        ),
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


@require_GET
def meeting_series(request: SignedInRequest, series_id: int) -> HttpResponse:
    """Show a series with its meetings."""
    found = _series_or_404(request, series_id)
    page = one_page(request, meetings_of_series(series_id, request.standing))
    context = {
        "crumbs": meeting_crumbs(
            (_("Series of meetings"), reverse("meeting-series-list")), (found.title, None)
        ),
        "series": found,
        "page": page,
        "rows": meeting_lines(page.object_list, request.standing),
    }
    return render(request, "policy/meeting_series.html", context)


@require_POST
def meeting_next(request: SignedInRequest, series_id: int) -> HttpResponse:
    """Prepare the next meeting with the usual agenda and the same people."""
    found = _series_or_404(request, series_id)
    post = _post(request, found)
    try:
        made = prepare_next(
            series_id,
            caller=sender_of(post),
            on=request.standing.on,
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except MeetingRefused as refused:
        messages.error(request, meeting_refusal(refused.code))
        return redirect("meeting-series", series_id)
    messages.success(
        request, _("The next meeting is prepared: look at its day and agenda, then call it.")
    )
    return redirect("meeting", made.pk)


@require_POST
def meeting_series_end(request: SignedInRequest, series_id: int) -> HttpResponse:
    """End a series."""
    found = _series_or_404(request, series_id)
    post = _post(request, found)
    end_series(
        series_id, on=request.standing.on, by=request.standing.actor(post), at=timezone.now()
    )
    messages.success(request, _("The series has ended; its meetings stay."))
    return redirect("meeting-series", series_id)


def _series_or_404(request: SignedInRequest, series_id: int) -> SeriesView:
    found = find_series(series_id, request.standing)
    if found is None:
        raise Http404
    return found


def _post(request: SignedInRequest, found: SeriesView) -> HeldPost:
    """The post of the series' own office under which the person calls meetings."""
    if not found.may_keep:
        raise PermissionDenied
    return next(
        post
        for post in posts_to_send(request.standing, "call_meeting")
        if post.office_code == found.office and post.group_key is None
    )
