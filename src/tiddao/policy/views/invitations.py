"""Who is asked to a meeting: chosen by the tree in one act, and what they reply."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.invitations import invite, reply_to_invitation, withdraw_invitation
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.forms.meetings import InviteForm, ReplyForm
from tiddao.policy.queries.attendance import asked_lines, find_invitation, invitations_of
from tiddao.policy.queries.receivers import OfficeLine, offices_of, units_offered
from tiddao.policy.rules.inviting import posts_asked
from tiddao.policy.views.meeting_pieces import (
    crumbs_within,
    kept_or_refused,
    meeting_or_404,
    meeting_refusal,
    say_refused,
)
from tiddao.policy.views.pieces import one_page


@require_http_methods(["GET", "POST"])
def meeting_invite(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Choose who is asked: posts of offices within areas, and guests by name."""
    found, post = kept_or_refused(request, meeting_id)
    on = request.standing.on
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        units=units_offered(post.roots, on=on),
        on=on,
    )
    offices: tuple[OfficeLine, ...] | None = None
    posts = 0
    if request.method == "POST" and form.is_valid():
        offices = _offices(form, post, request)
        roles = form.cleaned_data["roles"]
        posts = len(posts_asked([(each.code, each.kind) for each in offices], roles))
        if "preview" not in request.POST:
            try:
                done = invite(
                    meeting_id,
                    offices=[each.code for each in offices],
                    roles=roles,
                    guests=form.guest_names,
                    scope=post.roots,
                    on=on,
                    by=request.standing.actor(post),
                    at=timezone.now(),
                )
            except MeetingRefused as refused:
                say_refused(form, refused.code, refused.field)
            else:
                messages.success(
                    request,
                    _("Put on the list: %(posts)d posts of %(offices)d offices, %(guests)d guests.")
                    % {"posts": done.posts, "offices": done.offices, "guests": done.guests},
                )
                return redirect("meeting-invited", meeting_id)
    context = {
        "crumbs": crumbs_within(found, _("Who is asked to come")),
        "meeting": found,
        "form": form,
        "offices": offices,
        "posts": posts,
    }
    return render(
        request, "policy/meeting_invite.html", context, status=422 if form.errors else 200
    )


@require_GET
def meeting_invited(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show who is asked and what each replied."""
    found = meeting_or_404(request, meeting_id)
    if not found.in_line:
        raise Http404
    reply = request.GET.get("reply", "")
    text = request.GET.get("q", "").strip()
    page = one_page(request, invitations_of(meeting_id, text=text, reply=reply))
    context = {
        "crumbs": crumbs_within(found, _("Who is asked to come")),
        "meeting": found,
        "page": page,
        "rows": asked_lines(list(page.object_list), on=request.standing.on),
        "reply": reply,
        "q": text,
    }
    return render(request, "policy/meeting_invited.html", context)


@require_POST
def invitation_withdraw(request: SignedInRequest, invitation_id: int) -> HttpResponse:
    """Take a post or guest off the list."""
    row = find_invitation(invitation_id)
    found, post = kept_or_refused(request, row.meeting_id if row else None)
    try:
        withdraw_invitation(invitation_id, by=request.standing.actor(post), at=timezone.now())
    except MeetingRefused as refused:
        messages.error(request, meeting_refusal(refused.code))
    else:
        messages.success(request, _("The invitation was withdrawn."))
    return redirect("meeting-invited", found.line.id)


@require_POST
def invitation_reply(request: SignedInRequest, invitation_id: int) -> HttpResponse:
    """Reply to an invitation of one's own post."""
    row = find_invitation(invitation_id)
    found = meeting_or_404(request, row.meeting_id if row else None)
    own = next((each for each in found.own if each.id == invitation_id), None)
    if row is None or own is None:
        raise Http404
    form = ReplyForm(request.POST)
    if form.is_valid():
        post = _asked_as(request, row.office_id, row.role)
        try:
            reply_to_invitation(
                invitation_id,
                form.cleaned_data["reply"],
                words=form.cleaned_data["words"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(request, _("Your reply was kept."))
            return redirect("meeting", found.line.id)
    context = {
        "crumbs": crumbs_within(found, _("Your reply")),
        "meeting": found,
        "own": own,
        "form": form,
    }
    return render(request, "policy/invitation_reply.html", context, status=422)


def _asked_as(request: SignedInRequest, office: str | None, role: str) -> HeldPost:
    return next(
        post for post in request.standing.posts if post.office_code == office and post.role == role
    )


def _offices(form: InviteForm, post: HeldPost, request: SignedInRequest) -> tuple[OfficeLine, ...]:
    if not form.cleaned_data["within"]:
        return ()
    return offices_of(form.choice, scope=post.roots, on=request.standing.on)
