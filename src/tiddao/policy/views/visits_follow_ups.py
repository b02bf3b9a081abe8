"""What is to be done after field visits: listed, added, done, handed down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.kernel.dates import format_medium
from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest, require
from tiddao.policy.actions.handing_down import DirectiveRefused, NewDirective, Sender
from tiddao.policy.actions.visits import (
    NewFollowUp,
    VisitRefused,
    add_follow_up,
    finish_follow_up,
    hand_follow_up_down,
)
from tiddao.policy.forms.visits import DoneForm, FollowUpFilterForm, FollowUpForm
from tiddao.policy.models import Directive
from tiddao.policy.queries.visits import (
    FOLLOW,
    RECORD,
    FollowUpLine,
    find_follow_up,
    follow_up_lines,
    follow_ups_seen,
    of_own_offices,
    open_follow_ups,
)
from tiddao.policy.views.pieces import joined, one_page, sending_posts
from tiddao.policy.views.sending import directive_page
from tiddao.policy.views.visits import said_of, visit_crumbs, visit_or_404, visit_page

SHORT = 120
"""Characters of a title that is made from a follow-up."""


@require_GET
def follow_ups(request: SignedInRequest) -> HttpResponse:
    """Show what is still to be done after visits, the most urgent first."""
    standing = request.standing
    form = FollowUpFilterForm(request.GET)
    rows = follow_ups_seen(standing)
    if form.said("whose") != "all":
        rows = of_own_offices(rows, standing)
    match form.said("state"):
        case "done":
            rows = rows.filter(done_at__isnull=False)
        case "handed-down":
            rows = rows.filter(done_at__isnull=True, directive__isnull=False)
        case "overdue":
            rows = open_follow_ups(rows).filter(due_on__lt=standing.on)
        case _:
            rows = open_follow_ups(rows)
    page = one_page(request, rows)
    context = {
        "form": form,
        "is_filtered": any(form.said(name) for name in ("whose", "state")),
        "page": page,
        "rows": follow_up_lines(page.object_list, standing),
        "may_record": standing.may(RECORD),
        "active": "follow-ups",
    }
    return render(request, "policy/visits/follow_ups.html", context)


@require_POST
def follow_up_add(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Say what is to be done after a visit."""
    found = visit_or_404(request, visit_id)
    if found.following is None:
        raise PermissionDenied
    form = FollowUpForm(request.POST)
    if form.is_valid():
        try:
            add_follow_up(
                visit_id,
                NewFollowUp(**form.cleaned_data),
                by=request.standing.actor(found.following),
                at=timezone.now(),
            )
        except VisitRefused as refused:
            field = refused.field if refused.field in form.fields else None
            form.add_error(field, said_of(refused.code))
        else:
            messages.success(request, _("It will be followed up."))
            return redirect(f"{reverse('visit', args=[visit_id])}#follow-ups")
    return visit_page(request, found, form=form)


@require_http_methods(["GET", "POST"])
def follow_up_done(request: SignedInRequest, follow_up_id: int) -> HttpResponse:
    """Say that it is done, and what came of it."""
    found = _follow_up_or_404(request, follow_up_id)
    post = require(request, FOLLOW, found.place)
    form = DoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            finish_follow_up(
                follow_up_id,
                form.cleaned_data["words"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except VisitRefused as refused:
            form.add_error(None, said_of(refused.code))
        else:
            messages.success(request, _("It is done, and what came of it is kept."))
            return redirect(f"{reverse('visit', args=[found.visit_id])}#follow-ups")
    context = {
        "crumbs": _crumbs(found, _("It is done")),
        "heading": _("It is done"),
        "form": form,
        "button": _("Save that it is done"),
        "note": found.words,
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def follow_up_hand_down(request: SignedInRequest, follow_up_id: int) -> HttpResponse:
    """Hand it down as a directive that it stays tied to."""
    found = _follow_up_or_404(request, follow_up_id)
    posts = sending_posts(request)
    if not found.state.is_open:
        messages.info(request, said_of("done-already" if found.done_at else "already-turned"))
        return redirect("visit", found.visit_id)

    def send(
        wanted: NewDirective,
        receivers: Collection[str],
        *,
        sender: Sender,
        on: date,
        by: Actor,
        at: datetime,
    ) -> Directive:
        try:
            return hand_follow_up_down(
                follow_up_id, wanted, receivers, sender=sender, on=on, by=by, at=at
            )
        except VisitRefused as refused:
            raise DirectiveRefused(refused.code) from refused

    title = " ".join(found.words.split())
    return directive_page(
        request,
        heading=_("Hand down as a directive"),
        crumbs=_crumbs(found, _("Hand down as a directive")),
        posts=posts,
        initial={
            "title": title if len(title) <= SHORT else f"{title[: SHORT - 1]}…",
            "text": found.words,
            # A day that has passed is no deadline any more.
            "due_on": found.due_on
            if found.due_on and found.due_on >= request.standing.on
            else None,
            "source": joined(
                [_("field visit"), found.place_name, found.subject, format_medium(found.visited_on)]
            )[:500],
        },
        send=send,
    )


# -- pieces ----------------------------------------------------------------------------------------


def _follow_up_or_404(request: SignedInRequest, follow_up_id: int) -> FollowUpLine:
    found = find_follow_up(follow_up_id, request.standing)
    if found is None:
        raise Http404
    return found


def _crumbs(found: FollowUpLine, heading: str) -> list[tuple[object, str | None]]:
    return visit_crumbs((found.subject, reverse("visit", args=[found.visit_id])), (heading, None))
