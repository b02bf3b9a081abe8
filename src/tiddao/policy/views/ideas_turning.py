"""What ideas become: a directive that is handed down, or a proposal that is written down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.handing_down import DirectiveRefused, NewDirective, Sender
from tiddao.policy.actions.ideas import IdeaRefused, hand_ideas_down, propose_ideas
from tiddao.policy.forms.ideas import ProposalForm
from tiddao.policy.models import Directive
from tiddao.policy.queries.ideas import (
    BoardView,
    IdeaLine,
    idea_lines,
    ideas_of,
)
from tiddao.policy.views.ideas import board_or_404, idea_crumbs, said_of
from tiddao.policy.views.pieces import joined, sending_posts
from tiddao.policy.views.sending import directive_page

SHORT = 120
"""Characters of a title that is made from ideas."""


@require_http_methods(["GET", "POST"])
def propose(request: SignedInRequest, idea_board_id: int) -> HttpResponse:
    """Hand ideas (?idea=, ?group=) on as a proposal of an indicator or a project."""
    found = board_or_404(request, idea_board_id)
    if found.running is None:
        raise PermissionDenied
    chosen, heading = _chosen(request, found)
    if not chosen:
        messages.info(request, said_of("nothing-chosen"))
        return redirect("idea-board", idea_board_id)
    form = ProposalForm(request.POST or None, initial={"words": _text(chosen, heading)})
    if request.method == "POST" and form.is_valid():
        try:
            rows = propose_ideas(
                idea_board_id,
                [each.id for each in chosen],
                form.cleaned_data["became"],
                form.cleaned_data["words"],
                by=request.standing.actor(found.running),
                at=timezone.now(),
            )
        except IdeaRefused as refused:
            field = refused.field if refused.field in form.fields else None
            form.add_error(field, said_of(refused.code))
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d idea is now a proposal.",
                    "%(count)d ideas are now a proposal.",
                    len(rows),
                )
                % {"count": len(rows)},
            )
            return redirect("idea-board", idea_board_id)
    context = {
        "crumbs": _crumbs(found, _("Turn into a proposal")),
        "board": found,
        "chosen": chosen,
        "form": form,
    }
    return render(request, "policy/ideas/propose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def ideas_hand_down(request: SignedInRequest, idea_board_id: int) -> HttpResponse:
    """Hand ideas (?idea=, ?group=) down as a directive that they stay tied to."""
    found = board_or_404(request, idea_board_id)
    posts = sending_posts(request)
    if not found.may_hand_down:
        raise PermissionDenied
    chosen, heading = _chosen(request, found)
    if not chosen:
        messages.info(request, said_of("nothing-chosen"))
        return redirect("idea-board", idea_board_id)

    def send(
        wanted: NewDirective,
        receivers: Collection[str],
        *,
        sender: Sender,
        on: date,
        by: Actor,
        at: datetime,
    ) -> Directive:
        ideas = [each.id for each in chosen]
        try:
            return hand_ideas_down(
                idea_board_id, ideas, wanted, receivers, sender=sender, on=on, by=by, at=at
            )
        except IdeaRefused as refused:
            raise DirectiveRefused(refused.code) from refused

    title = heading or " ".join(chosen[0].words.split())
    return directive_page(
        request,
        heading=_("Hand down as a directive"),
        crumbs=_crumbs(found, _("Hand down as a directive")),
        posts=posts,
        initial={
            "title": title if len(title) <= SHORT else f"{title[: SHORT - 1]}…",
            "text": _text(chosen, heading),
            "source": joined([found.line.meeting, _("idea board"), found.line.question])[:500],
        },
        send=send,
    )


# -- pieces ----------------------------------------------------------------------------------------


def _chosen(request: SignedInRequest, found: BoardView) -> tuple[list[IdeaLine], str]:
    """The ideas asked for that became nothing yet, the most wanted first; and their group's heading."""
    numbers = {int(text) for text in request.GET.getlist("idea") if _is_number(text)}
    group = request.GET.get("group", "")
    rows = ideas_of(found.line.id, request.standing, order="votes").filter(became="")
    if _is_number(group):
        heading = next((each.title for each in found.groups if each.id == int(group)), "")
        return idea_lines(rows.filter(group=int(group)), request.standing), heading
    return idea_lines(rows.filter(pk__in=numbers), request.standing), ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 15


def _text(chosen: list[IdeaLine], heading: str) -> str:
    if len(chosen) == 1 and not heading:
        return chosen[0].words
    lines = [f"{number}. {each.words}" for number, each in enumerate(chosen, 1)]
    return "\n".join([heading, *lines] if heading else lines)


def _crumbs(found: BoardView, heading: str) -> list[tuple[object, str | None]]:
    return idea_crumbs(
        (found.line.question, reverse("idea-board", args=[found.line.id])), (heading, None)
    )
