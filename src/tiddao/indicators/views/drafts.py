"""Editing a framework's draft: piece by piece in forms, or whole by file; then publishing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.indicators import wording
from tiddao.indicators.actions.frameworks import (
    DraftMovedOn,
    NotADraft,
    publish_version,
    save_draft,
    save_draft_text,
)
from tiddao.indicators.forms.dimensions import DimensionForm, DimensionFormSet
from tiddao.indicators.forms.framework import HeadForm
from tiddao.indicators.forms.indicator import IndicatorForm, without_indicator
from tiddao.indicators.forms.rounds import RoundForm, RoundFormSet
from tiddao.indicators.forms.uploads import DefinitionFileForm
from tiddao.indicators.queries.frameworks import FrameworkDetail, find_version, framework_detail
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.toml_files import (
    DefinitionRefused,
    Finding,
    diff,
    findings_before_publishing,
)
from tiddao.indicators.views.frameworks import changes_in_words, concerns, defined_dimensions
from tiddao.people.access import HeldPost, SignedInRequest, require


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding of the named checks: what, at which key, and the page that mends it."""

    message: str
    key: str
    href: str


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that the reader may edit, under which post."""

    detail: FrameworkDetail
    post: HeldPost

    @property
    def definition(self) -> FrameworkDefinition:
        return self.detail.definition

    @property
    def address(self) -> tuple[str, int]:
        return self.detail.row.code, self.detail.row.fiscal_year

    def crumbs(self, here: str = "") -> list[tuple[str, str | None]]:
        links: list[tuple[str, str | None]] = [
            (_("Frameworks"), reverse("frameworks")),
            (self.detail.row.title, reverse("framework", args=self.address)),
        ]
        if here:
            return [*links, (_("Draft"), reverse("draft", args=self.address)), (here, None)]
        return [*links, (_("Draft"), None)]


def _open(request: SignedInRequest, code: str, year: int, act: str = "edit_framework") -> OpenDraft:
    """Return the draft; 404 when there is none or it is out of sight, 403 without the right."""
    detail = framework_detail(code, year, draft=True)
    if detail is None or not concerns(request, detail.row):
        raise Http404
    return OpenDraft(detail, require(request, act, detail.row.owner_place))


@require_GET
def draft(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Show the draft as a whole: what still stands in the way, and every piece with its way in."""
    return _draft_page(request, _open(request, code, year))


def _draft_page(
    request: SignedInRequest,
    opened: OpenDraft,
    *,
    form: DefinitionFileForm | None = None,
    upload_findings: Sequence[FindingShown] = (),
    status: int = 200,
) -> HttpResponse:
    definition = opened.definition
    published = framework_detail(*opened.address)
    first = published is None or published.shown.state == "draft"
    return render(
        request,
        "indicators/draft.html",
        {
            "crumbs": opened.crumbs(),
            "draft": opened.detail.shown,
            "definition": definition,
            "findings": shown_findings(findings_before_publishing(definition), opened.address),
            "dimension_rows": defined_dimensions(definition),
            "dimension_total": sum((each.weight for each in definition.dimensions), Decimal(0)),
            "may_publish": request.standing.may("publish_framework", opened.detail.row.owner_place),
            "upload_form": form
            or DefinitionFileForm(initial={"edition": opened.detail.shown.edition}),
            "upload_findings": upload_findings,
            "first": first,
            "diff": [] if first or published is None else _changes(published, definition),
        },
        status=status,
    )


def _changes(published: FrameworkDetail, definition: FrameworkDefinition) -> list[Any]:
    return changes_in_words(diff(published.definition, definition))


@require_http_methods(["GET", "POST"])
def draft_head(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Edit title, scheme and star rules."""
    opened = _open(request, code, year)
    form = HeadForm(request.POST or None, initial=HeadForm.initial_of(opened.definition))
    findings: Sequence[Finding] = ()
    if request.method == "POST" and form.is_valid():
        answer = _save(request, opened, form.read(opened.definition))
        if isinstance(answer, HttpResponse):
            return answer
        findings = _at_fields(form, answer, _head_field)
    return render(
        request,
        "indicators/draft_head.html",
        _editing(request, opened, _("Head and star rules"), findings) | {"form": form},
    )


@require_http_methods(["GET", "POST"])
def draft_dimensions(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Edit all dimensions at once."""
    opened = _open(request, code, year)
    initial = [DimensionForm.initial_of(each) for each in opened.definition.dimensions]
    formset = DimensionFormSet(request.POST or None, initial=initial)
    return _edit_set(
        request,
        opened,
        formset,
        title=_("Dimensions"),
        hint=_("A dimension that is removed takes its indicators with it."),
    )


@require_http_methods(["GET", "POST"])
def draft_rounds(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Edit all rounds at once."""
    opened = _open(request, code, year)
    initial = [RoundForm.initial_of(each) for each in opened.definition.rounds]
    formset = RoundFormSet(request.POST or None, initial=initial)
    return _edit_set(
        request,
        opened,
        formset,
        title=_("Rounds"),
        hint=_("The results of a round are true for one day, inside the fiscal year."),
    )


def _edit_set(
    request: SignedInRequest, opened: OpenDraft, formset: Any, *, title: str, hint: str
) -> HttpResponse:
    findings: Sequence[Finding] = ()
    if request.method == "POST" and formset.is_valid():
        answer = _save(request, opened, formset.read(opened.definition))
        if isinstance(answer, HttpResponse):
            return answer
        findings = answer
        for form in formset.forms:
            mine = f"[{form.data.get(form.add_prefix('code'), '')}]."
            findings = _at_fields(form, findings, partial(_last_of, mine))
    return render(
        request,
        "indicators/draft_set.html",
        _editing(request, opened, title, findings) | {"formset": formset, "hint": hint},
    )


def _last_of(mine: str, key: str) -> str:
    return key.rpartition(".")[2] if mine in key else ""


@require_http_methods(["GET", "POST"])
def draft_indicator(
    request: SignedInRequest, code: str, year: int, indicator: str | None = None
) -> HttpResponse:
    """Edit one indicator, add one, or remove it."""
    opened = _open(request, code, year)
    definition = opened.definition
    initial: dict[str, Any] = {
        "dimension": request.GET.get("dimension", ""),
        "factor": 1,
        "effort": 1,
        "proposed": definition.proposed,
        "reports_at": definition.assessed_level,
    }
    if indicator is not None:
        home = next(
            (
                each
                for each in definition.dimensions
                if any(one.code == indicator for one in each.indicators)
            ),
            None,
        )
        if home is None:
            raise Http404
        initial = IndicatorForm.initial_of(definition.indicator(indicator), home.code)
    form = IndicatorForm(request.POST or None, definition=definition, initial=initial)
    findings: Sequence[Finding] = ()
    if request.method == "POST":
        changed: FrameworkDefinition | None = None
        if indicator is not None and request.POST.get("do") == "remove":
            changed = without_indicator(definition, indicator)
        elif form.is_valid():
            changed = form.read(indicator)
        if changed is not None:
            answer = _save(request, opened, changed)
            if isinstance(answer, HttpResponse):
                return answer
            findings = _at_fields(form, answer, _indicator_field)
    return render(
        request,
        "indicators/draft_indicator.html",
        _editing(request, opened, indicator or _("New indicator"), findings)
        | {"form": form, "was": indicator},
    )


@require_POST
def draft_upload(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Replace the draft by a definition file, or say by key why not."""
    opened = _open(request, code, year)
    form = DefinitionFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _draft_page(request, opened, form=form, status=422)
    version = find_version(opened.detail.shown.id)
    assert version is not None  # it is on the page
    try:
        save_draft_text(
            version,
            form.text(),
            file=form.cleaned_data["file"].name,
            edition=form.cleaned_data["edition"],
            by=request.standing.actor(opened.post),
            at=timezone.now(),
        )
    except DefinitionRefused as refused:
        findings = shown_findings(refused.findings, opened.address)
        return _draft_page(request, opened, form=form, upload_findings=findings, status=422)
    except DraftMovedOn:
        form.add_error("file", _("Somebody else saved this draft in the meantime. Look again."))
        return _draft_page(request, opened, form=form, status=409)
    messages.success(request, _("The draft now says what the file says."))
    return redirect("draft", code, year)


@require_http_methods(["GET", "POST"])
def draft_publish(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Show what publishing changes and freezes; then do it."""
    opened = _open(request, code, year, "publish_framework")
    findings: Sequence[Finding] = findings_before_publishing(opened.definition)
    if request.method == "POST":
        if request.POST.get("edition") != str(opened.detail.shown.edition):
            messages.warning(
                request, _("The draft was saved again since you looked. Read the changes anew.")
            )
            return redirect("draft-publish", code, year)
        version = find_version(opened.detail.shown.id)
        assert version is not None  # it is on the page
        try:
            publish_version(version, by=request.standing.actor(opened.post), at=timezone.now())
        except DefinitionRefused as refused:
            findings = refused.findings
        except NotADraft:
            return redirect("framework", code, year)
        else:
            messages.success(request, _("Published. This version will never change."))
            return redirect("framework", code, year)
    published = framework_detail(code, year)
    first = published is None or published.shown.state == "draft"
    return render(
        request,
        "indicators/draft_publish.html",
        {
            "crumbs": opened.crumbs(_("Publish")),
            "draft": opened.detail.shown,
            "definition": opened.definition,
            "first": first,
            "diff": [] if first or published is None else _changes(published, opened.definition),
            "findings": shown_findings(findings, opened.address),
        },
    )


# -- saving ---------------------------------------------------------------------------------------


def _save(
    request: SignedInRequest, opened: OpenDraft, definition: FrameworkDefinition
) -> HttpResponse | Sequence[Finding]:
    """Save; return the answer, or the findings for which nothing was saved."""
    version = find_version(opened.detail.shown.id)
    assert version is not None  # it is on the page
    edition = request.POST.get("edition", "")
    try:
        save_draft(
            version,
            definition,
            edition=int(edition) if edition.isdigit() else 0,
            by=request.standing.actor(opened.post),
            at=timezone.now(),
        )
    except DefinitionRefused as refused:
        return refused.findings
    except DraftMovedOn as moved:
        return _conflict(request, opened, definition, moved.found)
    messages.success(request, _("Saved."))
    return redirect("draft", *opened.address)


def _conflict(
    request: SignedInRequest, opened: OpenDraft, mine: FrameworkDefinition, edition: int
) -> HttpResponse:
    """Show both editors' texts; nothing is written until one is chosen."""
    theirs = framework_detail(*opened.address, draft=True)
    assert theirs is not None  # it has just refused to be written over
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "edition"}
        for value in values
    ]
    return render(
        request,
        "indicators/draft_conflict.html",
        {
            "crumbs": opened.crumbs(_("Somebody else saved first")),
            "mine": changes_in_words(diff(theirs.definition, mine)),
            "posted": posted,
            "current_edition": edition,
            "definition": theirs.definition,
        },
        status=409,
    )


def _editing(
    request: SignedInRequest, opened: OpenDraft, title: str, findings: Iterable[Finding]
) -> dict[str, Any]:
    return {
        "crumbs": opened.crumbs(title),
        "title": title,
        "definition": opened.definition,
        "edition": request.POST.get("edition", opened.detail.shown.edition),
        "findings": shown_findings(findings, opened.address),
    }


# -- findings at their field ----------------------------------------------------------------------


def shown_findings(
    findings: Iterable[Finding], address: tuple[str, int]
) -> tuple[FindingShown, ...]:
    """Return the findings with the page where each is mended."""
    return tuple(
        FindingShown(each.reason, wording.key_words(each.key), _page_of(each.key, address))
        for each in findings
    )


def _page_of(key: str, address: tuple[str, int]) -> str:
    inside = re.search(r"indicator\[([^\]#]+)\]", key)
    if inside:
        return reverse("draft-indicator", args=[*address, inside[1]])
    if key.startswith("dimension"):
        return reverse("draft-dimensions", args=address)
    if key.startswith("round"):
        return reverse("draft-rounds", args=address)
    return reverse("draft-head", args=address)


def _at_fields(
    form: forms.Form, findings: Sequence[Finding], field_of: Callable[[str], str]
) -> list[Finding]:
    """Put each finding at its field; return those that belong to no field of this form."""
    rest = []
    for finding in findings:
        name = field_of(finding.key)
        if name in form.fields:
            form.add_error(name, finding.reason)
        else:
            rest.append(finding)
    return rest


def _head_field(key: str) -> str:
    names = {
        "star_rules.cutoffs": "cutoff_5",
        "star_rules.breakpoints": "breakpoint_1",
    }
    return names.get(key, key.removeprefix("star_rules."))


def _indicator_field(key: str) -> str:
    if "indicator[" not in key:
        return ""
    name = key.rpartition("].")[2]
    return "step_1" if name in {"ladder", "breakpoints"} else name
