"""Reports that recur: the list, one with its periods, agreeing on and ending one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.obligations import (
    NewObligation,
    ObligationRefused,
    end_obligation,
    send_occurrences,
    set_obligation,
)
from tiddao.policy.forms.directives import (
    ObligationForm,
    ReasonForm,
    ReceiversForm,
    SenderForm,
)
from tiddao.policy.queries.obligations import (
    find_obligation,
    obligation_lines,
    obligations_seen,
)
from tiddao.policy.queries.receivers import units_offered
from tiddao.policy.views.pieces import (
    directive_crumbs,
    one_page,
    refusal_words,
    sender_of,
    sending_posts,
)

SET = "set_obligation"


@require_GET
def obligations(request: SignedInRequest) -> HttpResponse:
    """Show the reports that the person's offices ask for or owe."""
    page = one_page(request, obligations_seen(request.standing))
    context = {
        "crumbs": directive_crumbs((_("Recurring reports"), None)),
        "page": page,
        "rows": obligation_lines(page.object_list),
        "may_set": request.standing.may(SET),
    }
    return render(request, "policy/obligations.html", context)


@require_GET
def obligation(request: SignedInRequest, obligation_id: int) -> HttpResponse:
    """Show one report that recurs, period by period."""
    found = find_obligation(obligation_id, request.standing)
    if found is None:
        raise Http404
    context = {
        "crumbs": _crumbs((found.line.title, None)),
        "obligation": found,
    }
    return render(request, "policy/obligation.html", context)


@require_http_methods(["GET", "POST"])
def obligation_new(request: SignedInRequest) -> HttpResponse:
    """Agree on a report that recurs; its first period is asked for at once where it is time."""
    posts = sending_posts(request, SET)
    data = request.POST if request.method == "POST" else None
    scope = frozenset(root for post in posts for root in post.roots)
    sender = SenderForm(data, posts=posts)
    del sender.fields["on_behalf_of"], sender.fields["wants_evidence"]
    form = ObligationForm(data, initial={"starts_on": request.standing.on})
    receivers = ReceiversForm(
        data, units=units_offered(scope, on=request.standing.on), on=request.standing.on
    )
    forms = (sender, form, receivers)
    if data is not None and all(each.is_valid() for each in forms):
        said = form.cleaned_data
        post = next(each for each in posts if each.id == sender.cleaned_data["post"])
        wanted = NewObligation(
            title=said["title"],
            text=said["text"],
            recurrence=form.recurrence,
            receivers=receivers.choice,
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            lead_days=said["lead_days"],
            facet=said["facet"],
            channel=said["channel"],
            responsible=said["responsible"],
            number=sender.cleaned_data["number"],
            link=said["link"],
        )
        at = timezone.now()
        try:
            made = set_obligation(
                wanted,
                sender=sender_of(post),
                on=request.standing.on,
                by=request.standing.actor(post),
                at=at,
            )
        except ObligationRefused as refused:
            words = refusal_words(refused.code)
            if refused.field == "receivers":
                receivers.add_error("within", words)
            else:
                form.add_error(refused.field if refused.field in form.fields else None, words)
        else:
            send_occurrences(on=request.standing.on, at=at)
            messages.success(request, _("The report is agreed. Each period is asked for in time."))
            return redirect("obligation", made.pk)
    context = {
        "crumbs": _crumbs((_("New recurring report"), None)),
        "sender": sender,
        "form": form,
        "receivers": receivers,
    }
    refused_input = data is not None and any(each.errors for each in forms)
    return render(
        request, "policy/obligation_new.html", context, status=422 if refused_input else 200
    )


@require_http_methods(["GET", "POST"])
def obligation_end(request: SignedInRequest, obligation_id: int) -> HttpResponse:
    """End a report that recurs, with the reason."""
    found = find_obligation(obligation_id, request.standing)
    if found is None:
        raise Http404
    if not found.may_end:
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        post = sending_posts(request, SET)[0]
        end_obligation(
            obligation_id,
            reason=form.cleaned_data["reason"],
            by=request.standing.actor(post),
            at=timezone.now(),
        )
        messages.success(request, _("The report is asked for no more. What was sent stays."))
        return redirect("obligation", obligation_id)
    heading = _("End the recurring report")
    context = {
        "crumbs": _crumbs(
            (found.line.title, reverse("obligation", args=[obligation_id])), (heading, None)
        ),
        "heading": heading,
        "form": form,
        "button": _("Call it off now"),
        "note": found.line.title,
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


def _crumbs(*more: tuple[object, str | None]) -> list[tuple[object, str | None]]:
    return directive_crumbs((_("Recurring reports"), reverse("obligations")), *more)
