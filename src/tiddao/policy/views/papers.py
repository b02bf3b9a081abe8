"""Templates of official papers: what is in force, trying another, taking back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.evidence.rules import kinds
from tiddao.kernel.apart import run_apart
from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.places.models import Office
from tiddao.policy.actions.papers import (
    PaperRefused,
    drop_template,
    put_template_in_force,
    return_to_standard,
    try_template,
)
from tiddao.policy.forms.papers import PAPER_REFUSALS, TemplateForm, template_words
from tiddao.policy.models import OfficeTemplate
from tiddao.policy.papers_made import pdf_of, standard, stored
from tiddao.policy.queries.papers import (
    InForce,
    TemplateLine,
    find_office,
    find_template,
    in_force_at,
    own_offices_for,
    post_at_office,
    versions_of,
)
from tiddao.policy.rules.papers_sample import SAMPLE_LETTER
from tiddao.policy.rules.papers_template import FIELDS, Field, checked_template
from tiddao.policy.rules.papers_word import (
    UNVERIFIED,
    ShownLine,
    shown,
)
from tiddao.policy.views.pieces import Crumbs
from tiddao.ui.xlsx import attachment

REPLACE = "replace_template"
WORD = kinds.DOCX.media_type
EMBLEM = OfficeTemplate.Kind.EMBLEM
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class OfficeKinds:
    """What an office's papers are set with."""

    code: str
    name: str
    kinds: tuple[InForce, ...]


@require_GET
def paper_templates(request: SignedInRequest) -> HttpResponse:
    """Show what the papers of the person's offices are set with."""
    offices = [
        OfficeKinds(code, name, tuple(in_force_at(place).values()))
        for code, name, place in own_offices_for(request.standing, {REPLACE})
    ]
    context = {
        "crumbs": template_crumbs()[:-1],
        "offices": offices,
        "unverified": UNVERIFIED,
    }
    return render(request, "policy/paper_templates.html", context)


@require_http_methods(["GET", "POST"])
def paper_template(request: SignedInRequest, office_code: str, template_kind: str) -> HttpResponse:
    """Show one kind of an office's templates, and try another."""
    office = _office_or_404(request, office_code, template_kind)
    post = post_at_office(request.standing, office.code)
    at = timezone.now()
    form = TemplateForm(template_kind, request.POST or None, request.FILES or None, at=at)
    if request.method == "POST":
        by = request.standing.actor(_required(post))
        if form.is_valid() and form.given is not None:
            made = try_template(template_kind, form.given, office=office.code, by=by, at=at)
            return redirect("paper-template-version", made.pk)
    in_force = in_force_at(office.place_id)[template_kind]
    context = {
        "crumbs": template_crumbs((in_force.kind_words, None)),
        "office": office,
        "in_force": in_force,
        "is_emblem": template_kind == EMBLEM,
        "fields": FIELDS.get(template_kind, ()),  # type: ignore[call-overload]  # the emblem has none
        "unverified": UNVERIFIED,
        "versions": versions_of(office.code, template_kind, request.standing),
        "form": form,
        "may_replace": post is not None,
    }
    return render(
        request, "policy/paper_template.html", context, status=422 if form.errors else 200
    )


@require_GET
def template_present(
    request: SignedInRequest, office_code: str, template_kind: str
) -> HttpResponse:
    """Hand out the template that is in force, to be changed in Word."""
    office = _office_or_404(request, office_code, template_kind)
    in_force = in_force_at(office.place_id)[template_kind]
    if in_force.sha256:
        return _file(
            stored(in_force.sha256), f"{in_force.kind_words}-{in_force.number}", template_kind
        )
    if template_kind == EMBLEM:
        raise Http404
    content = standard(template_kind)
    return _file(content, in_force.kind_words, template_kind)


@require_POST
def template_standard(
    request: SignedInRequest, office_code: str, template_kind: str
) -> HttpResponse:
    """Take back what the office put in force."""
    office = _office_or_404(request, office_code, template_kind)
    post = _required(post_at_office(request.standing, office.code))
    by = request.standing.actor(post)
    if return_to_standard(office.code, template_kind, by=by, at=timezone.now()):
        messages.success(
            request, _("The standard is in force again. Papers issued before stay as they are.")
        )
    return redirect("paper-template", office.code, template_kind)


@require_GET
def template_version(request: SignedInRequest, template_id: int) -> HttpResponse:
    """Show a version as it sets the sample."""
    version = _version_or_404(request, template_id)
    lines: tuple[ShownLine, ...] = ()
    left_out: tuple[Field, ...] = ()
    if version.kind != EMBLEM:
        content = stored(version.sha256)
        filled = template_words(version.kind, content, at=version.at)
        lines = run_apart(shown, filled)
        left_out = run_apart(checked_template, version.kind, content)  # type: ignore[arg-type]  # of the three kinds
    context = {
        "crumbs": template_crumbs(
            (version.kind_words, reverse("paper-template", args=[version.office, version.kind])),
            (_("Version %(number)d") % {"number": version.number}, None),
        ),
        "version": version,
        "lines": lines,
        "left_out": left_out,
        "is_emblem": version.kind == EMBLEM,
        "may_replace": post_at_office(request.standing, version.office) is not None,
    }
    return render(request, "policy/paper_template_version.html", context)


@require_GET
def template_file(request: SignedInRequest, template_id: int) -> HttpResponse:
    """Hand out a version as it was handed in."""
    version = _version_or_404(request, template_id)
    return _file(stored(version.sha256), f"{version.kind_words}-{version.number}", version.kind)


@require_GET
def template_sample(request: SignedInRequest, template_id: int) -> HttpResponse:
    """Hand out the sample as the version sets it: Word, or PDF for an emblem."""
    version = _version_or_404(request, template_id)
    title = _("Sample")
    if version.kind == EMBLEM:
        content = pdf_of(replace(SAMPLE_LETTER, emblem=version.sha256), issue=1)
        return paper_response(content, f"{title}.pdf")
    content = template_words(version.kind, stored(version.sha256), at=version.at)
    return _file(content, f"{title}-{version.kind_words}", version.kind)


@require_POST
def template_in_force(request: SignedInRequest, template_id: int) -> HttpResponse:
    """Put a version in force."""
    version = _version_or_404(request, template_id)
    post = _required(post_at_office(request.standing, version.office))
    by = request.standing.actor(post)
    try:
        put_template_in_force(version.id, by=by, at=timezone.now())
    except PaperRefused as refused:
        messages.error(request, str(PAPER_REFUSALS[refused.code]))
    else:
        messages.success(request, _("In force from now on for papers of this office."))
    return redirect("paper-template", version.office, version.kind)


@require_POST
def template_drop(request: SignedInRequest, template_id: int) -> HttpResponse:
    """Give up a version that was only tried."""
    version = _version_or_404(request, template_id)
    post = _required(post_at_office(request.standing, version.office))
    try:
        drop_template(version.id, by=request.standing.actor(post), at=timezone.now())
    except PaperRefused as refused:
        messages.error(request, str(PAPER_REFUSALS[refused.code]))
    return redirect("paper-template", version.office, version.kind)


# -- pieces ----------------------------------------------------------------------------------------


def template_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of templates."""
    return [
        (_("Official letters"), reverse("letters")),
        (_("Templates of papers"), reverse("paper-templates")),
        *more,
    ]


def paper_response(content: bytes, file_name: str) -> HttpResponse:
    """Return a paper as a download; the name says whether it is PDF or Word."""
    media = _PDF if file_name.endswith(".pdf") else WORD
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = attachment(file_name)
    response["Cache-Control"] = "private, no-store"
    return response


def _file(content: bytes, title: str, kind: str) -> HttpResponse:
    if kind != EMBLEM:
        return paper_response(content, f"{title}.docx")
    png = content.startswith(b"\x89PNG")
    response = HttpResponse(content, content_type="image/png" if png else "image/jpeg")
    response["Content-Disposition"] = attachment(f"{title}.{'png' if png else 'jpg'}")
    response["Cache-Control"] = "private, no-store"
    return response


def _office_or_404(request: SignedInRequest, code: str, kind: str) -> Office:
    office = find_office(code, request.standing)
    if office is None or kind not in OfficeTemplate.Kind.values:
        raise Http404
    return office


def _version_or_404(request: SignedInRequest, template_id: int) -> TemplateLine:
    found = find_template(template_id, request.standing)
    if found is None:
        raise Http404
    return found


def _required(post: HeldPost | None) -> HeldPost:
    if post is None:
        raise PermissionDenied
    return post
