"""The evidence of my offices: list, one item, handing in, newer versions, expiry."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.evidence.access import may_see_original, visible_evidence_or_404
from tiddao.evidence.actions.keeping import DatesCross, add_evidence, add_version, set_expiry
from tiddao.evidence.forms import AddForm, EvidenceFilter, ExpiryForm, VersionForm
from tiddao.evidence.models import Evidence
from tiddao.evidence.queries.items import evidence_detail, evidence_page
from tiddao.people.access import SignedInRequest, offices_within, require, require_anywhere
from tiddao.places.models import Office

MOST_OFFICES = 100
"""Offices in the choice of where a proof belongs; somebody with more hands in for their own."""


@require_GET
def evidence_list(request: SignedInRequest) -> HttpResponse:
    """Show the proofs that the offices in scope hold."""
    standing = request.standing
    form = EvidenceFilter(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = evidence_page(
        standing.roots,
        on=standing.on,
        text=asked.get("q", ""),
        kind=asked.get("kind", ""),
        state=asked.get("state", ""),
        number=request.GET.get("page", "1"),
    )
    context = {
        "form": form,
        "page": page,
        "is_filtered": any(asked.values()),
        "may_add": standing.may("add_evidence"),
    }
    return render(request, "evidence/list.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Take in a new proof of one of my offices."""
    roots = require_anywhere(request, "add_evidence")
    form = AddForm(request.POST or None, request.FILES or None, places=_offices(request, roots))
    if request.method == "POST" and form.is_valid() and form.source is not None:
        given = form.cleaned_data
        post = require(request, "add_evidence", given["place"])
        added = add_evidence(
            form.source,
            title=form.title_or_name(),
            place=given["place"],
            effective_on=given["effective_on"],
            expires_on=given["expires_on"],
            by=request.standing.actor(post),
            at=timezone.now(),
        )
        messages.success(request, _("The evidence is kept."))
        return redirect("evidence-item", added.evidence_id)
    return render(request, "evidence/add.html", {"form": form}, status=422 if form.errors else 200)


def _offices(request: SignedInRequest, roots: frozenset[str]) -> list[tuple[str, str]]:
    """Where the person's proofs may belong: own offices first, then those below."""
    own = {post.office_code for post in request.standing.posts}
    found: QuerySet[Office] = offices_within(roots).order_by("place")
    offices = list(found[: MOST_OFFICES + 1])
    if len(offices) > MOST_OFFICES:
        offices = list(found.filter(code__in=own))
    offices.sort(key=lambda office: (office.code not in own, office.code))
    return [(office.place_id, office.name_th) for office in offices]


@require_GET
def item(request: SignedInRequest, evidence_id: int) -> HttpResponse:
    """Show one proof: its versions, what it proves, and what one should ask."""
    evidence = visible_evidence_or_404(request, evidence_id)
    return _item_page(request, evidence)


@require_POST
def version_add(request: SignedInRequest, evidence_id: int) -> HttpResponse:
    """Take in a newer version."""
    evidence = visible_evidence_or_404(request, evidence_id)
    post = require(request, "add_evidence", evidence.place_id)
    form = VersionForm(request.POST, request.FILES, kind=evidence.kind)
    if not form.is_valid() or form.source is None:
        return _item_page(request, evidence, version_form=form)
    add_version(
        evidence_id,
        form.source,
        effective_on=form.cleaned_data["effective_on"],
        expires_on=form.cleaned_data["expires_on"],
        by=request.standing.actor(post),
        at=timezone.now(),
    )
    messages.success(request, _("The newer version is kept; the older one stays on record."))
    return redirect("evidence-item", evidence_id)


@require_POST
def expiry(request: SignedInRequest, evidence_id: int) -> HttpResponse:
    """Set until when the proof holds."""
    evidence = visible_evidence_or_404(request, evidence_id)
    post = require(request, "add_evidence", evidence.place_id)
    form = ExpiryForm(request.POST)
    if form.is_valid():
        try:
            set_expiry(
                evidence_id,
                expires_on=form.cleaned_data["expires_on"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except DatesCross:
            form.add_error("expires_on", _("The last day comes before the day it is true for."))
    if form.errors:
        return _item_page(request, evidence, expiry_form=form)
    messages.success(request, _("The last day is kept."))
    return redirect("evidence-item", evidence_id)


def _item_page(
    request: SignedInRequest,
    evidence: Evidence,
    *,
    version_form: VersionForm | None = None,
    expiry_form: ExpiryForm | None = None,
) -> HttpResponse:
    standing = request.standing
    detail = evidence_detail(evidence.pk, roots=standing.roots, on=standing.on)
    may_add = standing.may("add_evidence", evidence.place_id)
    refused = version_form is not None or expiry_form is not None
    context = {
        "item": detail,
        "originals": {
            version.number
            for version in detail.versions
            if may_see_original(standing, evidence.place_id, version.by)
        },
        "detachable": {
            use.id
            for use in detail.uses
            if use.ended_at is None
            and not use.is_closed
            and standing.may("attach_evidence", use.place)
        },
        "version_form": (version_form or VersionForm(kind=evidence.kind)) if may_add else None,
        "expiry_form": (expiry_form or ExpiryForm(initial={"expires_on": evidence.expires_on}))
        if may_add
        else None,
    }
    return render(request, "evidence/item.html", context, status=422 if refused else 200)
