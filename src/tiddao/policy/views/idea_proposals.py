"""Proposals from ideas: the list, one with what was said to it, and answering it."""

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
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.ledger.actors import Actor
from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.handing_down import DirectiveRefused, NewDirective, Sender
from tiddao.policy.actions.idea_proposals import (
    ProposalRefused,
    Said,
    answer_proposal,
    hand_proposal_down,
)
from tiddao.policy.forms.idea_proposals import REFUSALS, AnswerProposalForm, ProposalFilterForm
from tiddao.policy.models import Directive
from tiddao.policy.queries.idea_proposals import (
    ProposalView,
    find_proposal,
    proposal_lines,
    proposals_seen,
)
from tiddao.policy.views.ideas import idea_crumbs
from tiddao.policy.views.pieces import Crumbs, joined, one_page, sending_posts
from tiddao.policy.views.sending import directive_page

SHORT = 120
"""Characters of a title that is made from a proposal."""


@require_GET
def proposals(request: SignedInRequest) -> HttpResponse:
    """List what ideas were proposed as and how it stands."""
    form = ProposalFilterForm(request.GET)
    kind, state = form.said("became"), form.said("state")
    page = one_page(request, proposals_seen(request.standing, kind=kind, state=state))
    context = {
        "form": form,
        "page": page,
        "rows": proposal_lines(page.object_list, request.standing),
        "is_filtered": bool(kind or state),
        "active": "proposals",
    }
    return render(request, "policy/ideas/proposals.html", context)


@require_http_methods(["GET", "POST"])
def proposal(request: SignedInRequest, idea_proposal_id: int) -> HttpResponse:
    """Show one proposal with what was said to it; say what the office does with it."""
    found = _proposal_or_404(request, idea_proposal_id)
    usual = {"outcome": found.line.became}  # most become what they were proposed as
    form = (
        AnswerProposalForm(found.possible, request.POST or None, initial=usual)
        if found.possible
        else None
    )
    if request.method == "POST":
        post = _answering(found)
        if form is None:
            messages.error(request, str(REFUSALS["not-possible"]))
            return redirect("idea-proposal", idea_proposal_id)
        if form.is_valid() and _said(request, found, form, post):
            return redirect("idea-proposal", idea_proposal_id)
    context = {
        "crumbs": _crumbs((_short(found), None)),
        "proposal": found,
        "each": found.line,
        "form": form,
    }
    return render(
        request,
        "policy/ideas/proposal.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def proposal_hand_down(request: SignedInRequest, idea_proposal_id: int) -> HttpResponse:
    """Hand a proposal that was taken up down as a directive."""
    found = _proposal_or_404(request, idea_proposal_id)
    post = _answering(found)
    if not found.may_hand_down:
        messages.info(request, str(REFUSALS["not-possible"]))
        return redirect("idea-proposal", idea_proposal_id)

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
            return hand_proposal_down(
                idea_proposal_id,
                wanted,
                receivers,
                office=post.office_code,
                sender=sender,
                on=on,
                by=by,
                at=at,
            )
        except ProposalRefused as refused:
            raise DirectiveRefused(refused.code) from refused

    heading = _("Hand down as a directive")
    return directive_page(
        request,
        heading=heading,
        crumbs=_crumbs(
            (_short(found), reverse("idea-proposal", args=[idea_proposal_id])), (heading, None)
        ),
        posts=sending_posts(request),
        initial={
            "title": _short(found),
            "text": found.line.words,
            "source": joined([_("idea board"), found.line.question])[:500],
        },
        send=send,
    )


# -- pieces ----------------------------------------------------------------------------------------


def _proposal_or_404(request: SignedInRequest, proposal_id: int) -> ProposalView:
    found = find_proposal(proposal_id, request.standing)
    if found is None:
        raise Http404
    return found


def _answering(found: ProposalView) -> HeldPost:
    if found.answering is None:
        raise PermissionDenied
    return found.answering


def _said(
    request: SignedInRequest, found: ProposalView, form: AnswerProposalForm, post: HeldPost
) -> bool:
    """Say what was given; say why not."""
    given = form.cleaned_data
    try:
        answer_proposal(
            found.line.id,
            Said(given["answer"], given["words"], given.get("outcome", "")),
            office=post.office_code,
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except ProposalRefused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(REFUSALS[refused.code]))
        return False
    messages.success(request, _("Your office's answer stands on the board of the ideas."))
    return True


def _short(found: ProposalView) -> str:
    title = " ".join(found.line.words.split())
    return title if len(title) <= SHORT else f"{title[: SHORT - 1]}…"


def _crumbs(*more: tuple[object, str | None]) -> Crumbs:
    return idea_crumbs((_("Proposals from ideas"), reverse("idea-proposals")), *more)
