"""Handing down: a directive written by hand, passed on, or read in a document and confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tiddao.kernel.dates import format_medium
from tiddao.ledger.actors import Actor
from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.handing_down import (
    DirectiveRefused,
    NewDirective,
    Sender,
    hand_down,
    hand_down_several,
)
from tiddao.policy.forms.directives import (
    ReadDirectiveForm,
    ReceiversForm,
    SenderForm,
    WordsForm,
)
from tiddao.policy.models import Directive
from tiddao.policy.queries.directives import AssignmentView
from tiddao.policy.queries.documents import DocumentView, ProposalView
from tiddao.policy.queries.receivers import OfficeLine, offices_of, tree_code, units_offered
from tiddao.policy.views.pieces import (
    Crumbs,
    assignment_or_404,
    directive_crumbs,
    document_crumbs,
    document_or_404,
    joined,
    refusal_words,
    sender_of,
    sending_posts,
)

SHORT = 120
"""Characters of a title that is made from what was read."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """One confirmed directive of a document with the form that sends it."""

    proposal: ProposalView
    form: ReadDirectiveForm


class Sends(Protocol):
    """What sends the directive once it is written: ``hand_down``, or an act that also ties it to what
    it came from. Raises DirectiveRefused.
    """

    def __call__(
        self,
        wanted: NewDirective,
        receivers: Collection[str],
        *,
        sender: Sender,
        on: date,
        by: Actor,
        at: datetime,
    ) -> Directive: ...


@require_http_methods(["GET", "POST"])
def directive_new(request: SignedInRequest) -> HttpResponse:
    """Write a directive by hand, or pass on (?from=) what came to one's own office."""
    posts = sending_posts(request)
    source = _passed_on(request)
    title = _("Hand down to the districts") if source else _("New directive")
    return directive_page(
        request,
        heading=title,
        crumbs=directive_crumbs((title, None)),
        posts=_posts_for(posts, source),
        initial=_words_initial(source),
        source=source,
    )


def directive_page(
    request: SignedInRequest,
    *,
    heading: str,
    crumbs: Crumbs,
    posts: tuple[HeldPost, ...],
    initial: Mapping[str, Any],
    source: AssignmentView | None = None,
    send: Sends = hand_down,
) -> HttpResponse:
    """Show the form of one directive and, when it is posted, send it. initial: of its words."""
    data = request.POST if request.method == "POST" else None
    sender = SenderForm(data, posts=posts, initial=_sender_initial(source))
    words = WordsForm(data, initial=dict(initial))
    receivers = _receivers(request, posts, data)
    forms = (sender, words, receivers)
    offices: tuple[OfficeLine, ...] | None = None
    if data is not None and all(form.is_valid() for form in forms):
        post = _chosen(posts, sender)
        offices = _offices(receivers, post, request)
        if "preview" not in request.POST:
            said = words.cleaned_data
            wanted = NewDirective(
                **{
                    key: said[key]
                    for key in ("title", "text", "due_on", "due_words", "facet", "source")
                },
                **_common(sender),
                handed_down_from=source.line.id if source else None,
            )
            try:
                made = send(
                    wanted,
                    [office.code for office in offices],
                    sender=sender_of(post),
                    on=request.standing.on,
                    by=request.standing.actor(post),
                    at=timezone.now(),
                )
            except DirectiveRefused as refused:
                _say(refused, sender, words, receivers)
            else:
                _say_sent(request, 1, len(offices))
                return redirect("directive", made.pk)
    context = {
        "crumbs": crumbs,
        "heading": heading,
        "source": source,
        "sender": sender,
        "words": words,
        "receivers": receivers,
        "offices": offices,
    }
    refused_input = data is not None and any(form.errors for form in forms)
    return render(
        request, "policy/directive_new.html", context, status=422 if refused_input else 200
    )


@require_http_methods(["GET", "POST"])
def document_hand_down(request: SignedInRequest, document_id: int) -> HttpResponse:
    """Send the confirmed directives of a document, all to the same offices."""
    found = document_or_404(request, document_id)
    posts = sending_posts(request)
    if not found.ready:
        messages.info(request, _("Confirm at least one directive of the document first."))
        return redirect("document", document_id)
    data = request.POST if request.method == "POST" else None
    sender = SenderForm(data, posts=posts, initial={"number": found.line.number})
    receivers = _receivers(request, posts, data, found)
    drafted = [_drafted(each, data) for each in found.ready]
    offices: tuple[OfficeLine, ...] | None = None
    forms = [sender, receivers, *(each.form for each in drafted)]
    if data is not None and all(form.is_valid() for form in forms):
        post = _chosen(posts, sender)
        offices = _offices(receivers, post, request)
        chosen = [each for each in drafted if each.form.cleaned_data["wanted"]]
        if not chosen:
            sender.add_error(None, _("Choose at least one directive."))
        elif "preview" not in request.POST:
            try:
                made = hand_down_several(
                    [_wanted(each, sender, found) for each in chosen],
                    [office.code for office in offices],
                    sender=sender_of(post),
                    on=request.standing.on,
                    by=request.standing.actor(post),
                    at=timezone.now(),
                )
            except DirectiveRefused as refused:
                _say(refused, sender, None, receivers)
            else:
                _say_sent(request, len(made), len(offices))
                if len(made) == 1:
                    return redirect("directive", made[0].pk)
                return redirect(f"{reverse('directives-sent')}?document={document_id}")
    context = {
        "crumbs": document_crumbs(
            (found.line.title, reverse("document", args=[document_id])),
            (_("Hand the directive down"), None),
        ),
        "document": found,
        "sender": sender,
        "receivers": receivers,
        "drafted": drafted,
        "offices": offices,
    }
    refused_input = data is not None and any(form.errors for form in forms)
    return render(
        request, "policy/document_hand_down.html", context, status=422 if refused_input else 200
    )


# -- pieces ----------------------------------------------------------------------------------------


def _passed_on(request: SignedInRequest) -> AssignmentView | None:
    asked = request.GET.get("from", "")
    if not asked.isdecimal():
        return None
    source = assignment_or_404(request, int(asked))
    if source.line.is_over or not any(
        post.office_code == source.line.office for post in request.standing.posts
    ):
        raise Http404
    return source


def _posts_for(posts: tuple[HeldPost, ...], source: AssignmentView | None) -> tuple[HeldPost, ...]:
    if source is None:
        return posts
    own = tuple(post for post in posts if post.office_code == source.line.office)
    if not own:
        raise Http404
    return own


def _sender_initial(source: AssignmentView | None) -> dict[str, Any]:
    if source is None:
        return {}
    directive = source.directive
    return {"number": directive.line.number, "wants_evidence": directive.wants_evidence}


def _words_initial(source: AssignmentView | None) -> dict[str, Any]:
    if source is None:
        return {}
    directive = source.directive
    return {
        "title": directive.line.title,
        "text": directive.text,
        "due_on": source.line.due.day if source.line.due else None,
        "due_words": directive.line.due_words,
        "facet": directive.line.facet,
        "source": joined([directive.line.sender, format_medium(directive.line.sent_on)]),
    }


def _receivers(
    request: SignedInRequest,
    posts: tuple[HeldPost, ...],
    data: Any,
    document: DocumentView | None = None,
) -> ReceiversForm:
    scope = frozenset(root for post in posts for root in post.roots)
    units = units_offered(scope, on=request.standing.on)
    initial = _named_in(document, {unit.key for unit in units}) if document else {}
    return ReceiversForm(data, units=units, on=request.standing.on, initial=initial)


def _named_in(document: DocumentView, offered: set[str]) -> dict[str, Any]:
    """Whom the document itself names: a group that is offered, else its provinces or districts."""
    groups: list[str] = []
    provinces: list[str] = []
    districts: list[str] = []
    for group in document.groups:
        for each in group.proposals:
            if each.verdict == "dropped":
                continue
            key = each.now.get("key") or each.now.get("code")
            if not key or key not in offered:
                continue
            if each.kind == "group":
                groups.append(key)
            elif each.kind == "place" and tree_code(key):
                (provinces if len(key) == 2 else districts).append(key)
    if groups:
        return {"within": sorted(set(groups)), "levels": ["province"]}
    if len(set(provinces)) > 1:
        return {"within": sorted(set(provinces)), "levels": ["province"]}
    if districts:
        return {"within": sorted(set(districts)), "levels": ["district"]}
    return {}


def _drafted(proposal: ProposalView, data: Any) -> Drafted:
    now = proposal.now
    title = " ".join((now.get("action") or proposal.quote).split())
    form = ReadDirectiveForm(
        data,
        prefix=f"d{proposal.id}",
        initial={
            "title": title if len(title) <= SHORT else f"{title[: SHORT - 1]}…",
            # A day that has passed is no deadline any more; the page says so beside the field.
            "due_on": proposal.due.day if proposal.due and proposal.due.days_left >= 0 else None,
        },
    )
    return Drafted(proposal, form)


def _wanted(each: Drafted, sender: SenderForm, document: DocumentView) -> NewDirective:
    said, now = each.form.cleaned_data, each.proposal.now
    who = f"{now['who']}: " if now.get("who") else ""
    return NewDirective(
        title=said["title"],
        text=f"{who}{now.get('action') or each.proposal.quote}",
        due_on=said["due_on"],
        due_words="" if said["due_on"] else (now.get("due_words") or "")[:200],
        facet=said["facet"],
        source=document.line.title,
        document_id=document.line.id,
        proposal_id=each.proposal.id,
        **_common(sender),
    )


def _common(sender: SenderForm) -> dict[str, Any]:
    said = sender.cleaned_data
    return {key: said[key] for key in ("number", "on_behalf_of", "wants_evidence")}


def _chosen(posts: tuple[HeldPost, ...], sender: SenderForm) -> HeldPost:
    return next(post for post in posts if post.id == sender.cleaned_data["post"])


def _offices(
    receivers: ReceiversForm, post: HeldPost, request: SignedInRequest
) -> tuple[OfficeLine, ...]:
    """The offices chosen; in the department line never the sender's own."""
    area_line = bool(request.POST.get("on_behalf_of", "").strip())
    return tuple(
        office
        for office in offices_of(receivers.choice, scope=post.roots, on=request.standing.on)
        if area_line or office.code != post.office_code
    )


def _say(
    refused: DirectiveRefused,
    sender: SenderForm,
    words: WordsForm | None,
    receivers: ReceiversForm,
) -> None:
    said = refusal_words(refused.code)
    if refused.field == "receivers":
        receivers.add_error("within", said)
    elif words is not None and refused.field in words.fields:
        words.add_error(refused.field, said)
    else:
        sender.add_error(None, said)


def _say_sent(request: SignedInRequest, directives: int, offices: int) -> None:
    sent = ngettext("%(count)d directive", "%(count)d directives", directives) % {
        "count": directives
    }
    messages.success(
        request,
        _("Handed down: %(sent)s to %(offices)d offices.") % {"sent": sent, "offices": offices},
    )
