"""What evidence proves: attaching to a thing and detaching from it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiddao.evidence.access import visible_evidence_or_404
from tiddao.evidence.actions.keeping import add_evidence
from tiddao.evidence.actions.proving import UseEnded, attach_evidence, detach_evidence
from tiddao.evidence.attached import attached_to
from tiddao.evidence.forms import AttachForm, DetachForm
from tiddao.evidence.queries.items import choosable_evidence, nearest_office_place
from tiddao.evidence.queries.uses import UseInSight, find_use
from tiddao.evidence.subjects import Subject, find_subject, kind_words
from tiddao.people.access import SignedInRequest, require


@require_http_methods(["GET", "POST"])
def attach(request: SignedInRequest, subject_kind: str, subject_key: str) -> HttpResponse:
    """Show what proves a thing; take in what is attached to it."""
    standing = request.standing
    subject = _visible_subject_or_404(request, subject_kind, subject_key)
    form = None
    if request.method == "POST":
        require(request, "attach_evidence", subject.place)
        if subject.closed:
            raise PermissionDenied(subject.closed)
        form = AttachForm(
            request.POST,
            request.FILES,
            existing=choosable_evidence(standing.roots, subject.place),
            may_add=standing.may("add_evidence", subject.place),
        )
        if form.is_valid():
            _attach(request, form, subject_kind, subject)
            messages.success(request, _("The evidence is attached."))
            return redirect(
                subject.href or request.path  # a thing without a page of its own comes back here
            )
    context = {
        "attached": attached_to(standing, subject_kind, subject, form=form),
        "kind_words": kind_words(subject_kind),
    }
    return render(request, "evidence/attach.html", context, status=422 if form else 200)


@transaction.atomic
def _attach(
    request: SignedInRequest, form: AttachForm, subject_kind: str, subject: Subject
) -> None:
    """Do both acts or neither: take in what is new, then attach it."""
    given, standing, at = form.cleaned_data, request.standing, timezone.now()
    if form.source is None:
        evidence_id = visible_evidence_or_404(request, given["existing"]).pk
    else:
        post = require(request, "add_evidence", subject.place)
        evidence_id = add_evidence(
            form.source,
            title=form.title_or_name(),
            place=nearest_office_place(subject.place),
            effective_on=given["effective_on"],
            expires_on=given["expires_on"],
            by=standing.actor(post),
            at=at,
        ).evidence_id
    attach_evidence(
        evidence_id,
        subject_kind=subject_kind,
        subject_key=subject.key,
        place=subject.place,
        note=given["note"],
        by=standing.actor(require(request, "attach_evidence", subject.place)),
        at=at,
    )


@require_http_methods(["GET", "POST"])
def detach(request: SignedInRequest, use_id: int) -> HttpResponse:
    """Ask for the reason, then end what the proof stood for."""
    use = _visible_use_or_404(request, use_id)
    subject = find_subject(use.subject_kind, use.subject_key)
    post = require(request, "attach_evidence", use.place)
    if subject is not None and subject.closed:
        raise PermissionDenied(subject.closed)
    back = subject.href if subject is not None and subject.href else ""
    if use.ended_at is not None:
        messages.info(request, _("This evidence was detached already."))
        return redirect(back or use.page)
    form = DetachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            detach_evidence(
                use_id,
                reason=form.cleaned_data["reason"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except UseEnded:
            messages.info(request, _("This evidence was detached already."))
        else:
            messages.success(request, _("The evidence is detached; the record keeps it."))
        return redirect(back or use.page)
    context = {
        "form": form,
        "use": use,
        "label": subject.label if subject else use.subject_key,
        "back": back or use.page,
    }
    return render(request, "evidence/detach.html", context, status=422 if form.errors else 200)


def _visible_subject_or_404(
    request: SignedInRequest, subject_kind: str, subject_key: str
) -> Subject:
    subject = find_subject(subject_kind, subject_key)
    if subject is None or not request.standing.covers(subject.place):
        raise Http404
    return subject


def _visible_use_or_404(request: SignedInRequest, use_id: int) -> UseInSight:
    use = find_use(use_id)
    if use is None or not request.standing.covers(use.place):
        raise Http404
    return use
