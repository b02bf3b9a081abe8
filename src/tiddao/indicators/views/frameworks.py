"""Frameworks as everybody may read them: the list, the definition in full, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.indicators import wording
from tiddao.indicators.actions.frameworks import (
    DraftExists,
    FrameworkExists,
    copy_framework,
    new_draft,
    suggested_code,
)
from tiddao.indicators.drawings import LadderDrawing
from tiddao.indicators.forms.framework import CopyForm
from tiddao.indicators.queries.frameworks import (
    FrameworkDetail,
    FrameworkRow,
    find_framework,
    find_version,
    framework_detail,
    framework_rows,
)
from tiddao.indicators.rules.definitions import (
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
)
from tiddao.indicators.rules.toml_files import Change, DefinitionRefused, diff
from tiddao.indicators.surroundings import find_office
from tiddao.indicators.views.exports import framework_workbook
from tiddao.indicators.views.shown import drawing_of
from tiddao.people.access import HeldPost, SignedInRequest, require
from tiddao.people.rules import matrix
from tiddao.places import tree
from tiddao.ui.xlsx import attachment


@dataclass(frozen=True, slots=True)
class DefinedIndicator:
    """An indicator with its ladder drawn."""

    indicator: IndicatorDefinition
    drawing: LadderDrawing | None


@dataclass(frozen=True, slots=True)
class DefinedDimension:
    """A dimension with its indicators; total: sum of their weights."""

    code: str
    name_th: str
    name_en: str
    weight: Decimal
    outcome: bool
    total: Decimal
    indicators: tuple[DefinedIndicator, ...]


@require_GET
def frameworks(request: SignedInRequest) -> HttpResponse:
    """List the frameworks that concern the reader's places."""
    return render(
        request,
        "indicators/frameworks.html",
        {"rows": framework_rows(request.standing.roots)},
    )


@require_GET
def framework(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Show a version of a framework in full; ?against=N also what changed since version N."""
    detail = visible_framework(request, code, year)
    row, definition = detail.row, detail.definition
    against = _against(request, detail)
    opened = {each.code: each for each in detail.rounds}
    rounds = [opened.get(each.code, each) for each in definition.rounds]
    listed = {each.code for each in definition.rounds}
    rounds += [each for each in detail.rounds if each.code not in listed]
    may_edit = request.standing.may("edit_framework", row.owner_place)
    return render(
        request,
        "indicators/framework.html",
        {
            "crumbs": [(_("Frameworks"), reverse("frameworks")), (row.title, None)],
            "definition": definition,
            "owner_name": row.owner_name,
            "version": detail.shown,
            "versions": [each for each in detail.versions if may_edit or each.state != "draft"],
            "cutoffs": tuple(zip((5, 4, 3, 2), definition.star_rules.cutoffs, strict=True)),
            "rounds": rounds,
            "dimension_rows": defined_dimensions(definition),
            "may_edit": may_edit,
            "has_draft": row.draft is not None,
            "may_copy": bool(offices_to_edit(request)),
            "against": against.shown if against else None,
            "diff": changes_in_words(diff(against.definition, definition)) if against else None,
        },
    )


@require_GET
def framework_toml(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Hand out the definition file, byte for byte what the digest stands for."""
    detail = visible_framework(request, code, year)
    response = HttpResponse(detail.toml, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = attachment(f"{code}-{year}-v{detail.shown.number}.toml")
    return response


@require_GET
def framework_xlsx(request: SignedInRequest, code: str, year: int) -> FileResponse:
    """Hand out every indicator of the definition as a workbook."""
    return framework_workbook(visible_framework(request, code, year))


@require_POST
def draft_new(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Open a draft of the next version."""
    post, found = _editable(request, code, year)
    try:
        new_draft(found, by=request.standing.actor(post), at=timezone.now())
    except DraftExists:
        messages.info(request, _("There is a draft already; this is it."))
    return redirect("draft", code, year)


@require_http_methods(["GET", "POST"])
def framework_copy(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Copy the shown version to one of the reader's offices, or to another year."""
    detail = visible_framework(request, code, year)
    offices = offices_to_edit(request)
    if not offices:
        raise PermissionDenied
    form = CopyForm(
        request.POST or None,
        offices=[(post.office_code, post.office_name) for post in offices],
        initial=_copy_defaults(detail, offices[0]),
    )
    if request.method == "POST" and form.is_valid():
        answer = _copied(request, form, detail)
        if answer is not None:
            return answer
    return render(
        request,
        "indicators/framework_copy.html",
        {
            "crumbs": [
                (_("Frameworks"), reverse("frameworks")),
                (detail.row.title, reverse("framework", args=[code, year])),
                (_("Copy"), None),
            ],
            "form": form,
            "definition": detail.definition,
        },
    )


def _copy_defaults(detail: FrameworkDetail, post: HeldPost) -> dict[str, Any]:
    office = find_office(post.office_code)
    assert office is not None  # a post is held at an office that exists
    code = suggested_code(detail.row.code, office)
    same = code == detail.row.code
    return {
        "owner": office.code,
        "code": code,
        "fiscal_year": detail.row.fiscal_year + same,
    }


def _copied(
    request: SignedInRequest, form: CopyForm, detail: FrameworkDetail
) -> HttpResponseRedirect | None:
    """Make the copy; None after saying in the form why it was refused."""
    given = form.cleaned_data
    office = find_office(given["owner"])
    source = find_version(detail.shown.id)
    assert office is not None  # one of the choices
    assert source is not None  # it is on the page
    post = require(request, "edit_framework", office.place_id)
    try:
        copy_framework(
            source,
            code=given["code"],
            owner=office,
            year=given["fiscal_year"],
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except FrameworkExists:
        form.add_error("code", _("There is a framework of this code in that year already."))
        return None
    except DefinitionRefused as refused:
        for finding in refused.findings:
            form.add_error(None, finding.reason)
        return None
    messages.success(request, _("Copied. This is a draft; nothing is scored by it yet."))
    return redirect("draft", given["code"], given["fiscal_year"])


# -- shared with the draft's pages ----------------------------------------------------------------


def visible_framework(request: SignedInRequest, code: str, year: int) -> FrameworkDetail:
    """Return the framework at ?version=N (else the newest published) if the reader may see it.

    Frameworks of offices above and below one's own places are seen; drafts by their editors only.
    Raises Http404.
    """
    number = request.GET.get("version", "")
    detail = framework_detail(code, year, number=int(number) if number.isdigit() else None)
    if detail is None or not concerns(request, detail.row):
        raise Http404
    may_edit = request.standing.may("edit_framework", detail.row.owner_place)
    if detail.shown.state == "draft" and not may_edit:
        raise Http404
    return detail


def concerns(request: SignedInRequest, row: FrameworkRow) -> bool:
    """Say whether the owner stands above or below one of the reader's places."""
    return any(
        tree.is_within(row.owner_place, root) or tree.is_within(root, row.owner_place)
        for root in request.standing.roots
    )


def offices_to_edit(request: SignedInRequest) -> list[HeldPost]:
    """Return the posts under which the reader may own a framework."""
    return [
        post
        for post in request.standing.posts
        if matrix.may(post.role, "edit_framework") and post.group_key is None
    ]


def defined_dimensions(definition: FrameworkDefinition) -> tuple[DefinedDimension, ...]:
    """Return the dimensions ready to show."""
    return tuple(_defined(definition, each) for each in definition.dimensions)


def _defined(definition: FrameworkDefinition, dimension: DimensionDefinition) -> DefinedDimension:
    return DefinedDimension(
        code=dimension.code,
        name_th=dimension.name_th,
        name_en=dimension.name_en,
        weight=dimension.weight,
        outcome=dimension.outcome,
        total=sum((each.weight for each in dimension.indicators), Decimal(0)),
        indicators=tuple(
            DefinedIndicator(each, drawing_of(definition, each, None))
            for each in dimension.indicators
        ),
    )


@dataclass(frozen=True, slots=True)
class ChangeInWords:
    """One change: where, what it was, what it is."""

    where: str
    before: str
    after: str


def changes_in_words(changes: Sequence[Change]) -> list[ChangeInWords]:
    """Return the changes with their keys as words; values stay as the file writes them."""
    return [
        ChangeInWords(wording.key_words(each.path), each.before or "", each.after or "")
        for each in changes
    ]


def _against(request: SignedInRequest, detail: FrameworkDetail) -> FrameworkDetail | None:
    number = request.GET.get("against", "")
    if not number.isdigit():
        return None
    other = framework_detail(detail.row.code, detail.row.fiscal_year, number=int(number))
    if other is None or other.shown.state == "draft":
        return None
    return other


def _editable(request: SignedInRequest, code: str, year: int) -> tuple[HeldPost, Any]:
    found = find_framework(code, year)
    if found is None:
        raise Http404
    return require(request, "edit_framework", found.owner.place_id), found
