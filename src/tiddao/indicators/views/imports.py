"""A round in Excel: the workbook goes out, comes back, is shown cell by cell, and is decided about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from procrastinate.exceptions import AlreadyEnqueued

from tiddao.indicators import wording
from tiddao.indicators.actions.imports import (
    Decision,
    ImportNotReady,
    accept_result_import,
    find_import,
    read_import_again,
    receive_result_import,
    refuse_result_import,
)
from tiddao.indicators.actions.reported_rows import ResultsRefused
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.forms.uploads import ResultImportForm
from tiddao.indicators.models import ResultImport, Round
from tiddao.indicators.queries.frameworks import (
    applies_to,
    definition_of,
    find_round,
    version_in_force,
)
from tiddao.indicators.queries.imports import (
    ImportView,
    import_view,
    imports_of,
    imports_within,
)
from tiddao.indicators.queries.workbooks import workbook_of
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.results_file import FileUnreadable
from tiddao.indicators.surroundings import account_names
from tiddao.indicators.tasks import read_imports
from tiddao.indicators.views.explained import SaidInFile, reported_words, said_in_file
from tiddao.indicators.workload import deadline_words, open_rounds
from tiddao.kernel.numerals import format_trimmed
from tiddao.people.access import HeldPost, SignedInRequest, require, visible_unit_or_404
from tiddao.people.rules import matrix
from tiddao.places.queries import Unit, in_language
from tiddao.ui.xlsx import MEDIA_TYPE, Cell, Column, attachment, xlsx_response

WORKING = frozenset({ResultImport.State.WAITING, ResultImport.State.READING})
"""States in which a job still has something to do with a file."""


@require_GET
def import_results(request: SignedInRequest) -> HttpResponse:
    """List the open rounds with the page of their workbook, and the files handed in before."""
    posts = importing_posts(request)
    if not posts:
        raise PermissionDenied
    rounds = open_rounds(list(posts))
    return render(
        request,
        "indicators/import_results.html",
        {
            "rounds": [
                (each, in_language(each.framework_title_th, each.framework_title_en))
                for each in rounds
            ],
            "scopes": [(code, post.office_name) for code, post in posts.items()],
            "imports": _with_names(imports_within(frozenset(posts))),
        },
    )


@require_http_methods(["GET", "POST"])
def results_workbook(request: SignedInRequest, key: str, round_id: int) -> HttpResponse:
    """One round's workbook for an office: take it, hand it in, see what was handed in before."""
    unit, one = _round_of_place(request, key, round_id)
    post = require(request, "import_results", key)
    form = ResultImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = receive_result_import(
                one,
                scope=key,
                file_name=form.cleaned_data["file"].name,
                content=form.cleaned_data["file"].read(),
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except FileUnreadable as fault:
            form.add_error("file", fault.message_th)
        else:
            transaction.on_commit(_nudge)
            return redirect("import-result", row.pk)
    framework = one.framework
    is_open = one.state == Round.State.OPEN
    return render(
        request,
        "indicators/results_workbook.html",
        {
            "form": form,
            "unit": unit,
            "round": one,
            "round_name": in_language(one.name_th, one.name_en),
            "framework": framework,
            "title": in_language(framework.title_th, framework.title_en),
            "deadline": deadline_words(one.closes, request.standing.on) if is_open else "",
            "is_open": is_open,
            "imports": _with_names(imports_of(round_id, key)),
            "crumbs": [
                (unit.full_name, reverse("place", args=[key])),
                (_("Import results"), reverse("import-results")),
                (_("Excel"), None),
            ],
        },
        status=422 if form.errors else 200,
    )


@require_GET
def results_workbook_xlsx(request: SignedInRequest, key: str, round_id: int) -> HttpResponse:
    """Hand out the workbook of a round for the places of an office, as things stand now."""
    _unit, one = _round_of_place(request, key, round_id)
    require(request, "import_results", key)
    try:
        content = workbook_of(one, scope=key)
    except LookupError:
        messages.warning(request, _("Nobody in these places reports for that round."))
        return redirect("results-workbook", key, round_id)
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    name = f"{one.framework.title_th} {one.framework.fiscal_year} {one.name_th} {key}.xlsx"
    response["Content-Disposition"] = attachment(name)
    response["Cache-Control"] = "private, no-store"
    return response


def _round_of_place(request: SignedInRequest, key: str, round_id: int) -> tuple[Unit, Round]:
    """Return the place and a round of a framework that applies to it. Raises Http404."""
    unit = visible_unit_or_404(request, key)
    one = find_round(round_id)
    if unit.is_group or one is None or not applies_to(one.framework.owner.place_id, unit):
        raise Http404
    return unit, one


def _with_names(imports: Sequence[ImportView]) -> list[tuple[ImportView, str]]:
    names = account_names([each.by for each in imports])
    return [(each, names.get(each.by, each.by)) for each in imports]


def _nudge() -> None:
    """Wake the job that reads; one that waits already will find this file too."""
    try:
        read_imports.defer()
    except AlreadyEnqueued:
        return


@require_GET
@vary_on_headers("HX-Request")
def import_result(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Show how far the reading is, then what accepting would do; htmx asks for the state alone."""
    one = _visible(request, import_id)
    template = "indicators/import_result.html"
    if request.htmx:
        template += "#state"
    response = render(request, template, _context(one))
    if one.state in WORKING and not request.htmx:
        response["Refresh"] = "5"  # as a meta refresh would, for those without JavaScript
    return response


@require_GET
def import_findings(request: SignedInRequest, import_id: int) -> FileResponse:
    """Hand out what was found in the file as a workbook, cell by cell."""
    one = _visible(request, import_id)
    columns = (
        Column("kind", _("Kind"), width=12),
        Column("sheet", _("Sheet"), width=20),
        Column("cell", _("Cell"), width=10),
        Column("what", _("What is wrong"), width=90),
    )
    rows: list[list[Cell]] = [
        [
            _("Fault") if each["error"] else _("Notice"),
            each["sheet"],
            each["cell"],
            each["message_th"],
        ]
        for each in one.report.get("findings", [])
    ]
    title = _("Findings in %(file)s") % {"file": one.file_name}
    return xlsx_response(title, title, columns, rows, as_of=one.at, notes=[f"SHA-256 {one.sha256}"])


@require_POST
def import_accept(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Write what was decided about the file, or say why nothing was written."""
    one = _visible(request, import_id)
    post = require(request, "import_results", one.scope)
    row = find_import(import_id)
    assert row is not None  # it is on the page
    try:
        done = accept_result_import(
            row, _decision(request, one), by=request.standing.actor(post), at=timezone.now()
        )
    except ImportNotReady as fault:
        messages.error(request, wording.import_refusal(fault.code))
        if fault.code == "moved_on":
            read_import_again(row)
            transaction.on_commit(_nudge)
    except RoundNotOpen:
        messages.error(request, _("The round is not open; nothing was written."))
    except ResultsRefused as refused:
        messages.error(
            request, _("Nothing was written: %(why)s") % {"why": refused.rows[0].message_th}
        )
    else:
        said = (
            _("Handed in: %(written)s results; %(unchanged)s stood so already.")
            if request.POST.get("state") == "submitted"
            else _("Kept as drafts: %(written)s results; %(unchanged)s stood so already.")
        )
        messages.success(request, said % {"written": done.written, "unchanged": done.unchanged})
    return redirect("import-result", import_id)


def _decision(request: SignedInRequest, one: ImportView) -> Decision:
    """Return what the form says about the results that the page showed; anything else is left out."""
    shown = {
        f"{each['place']}/{each['indicator']}": (each["place"], each["indicator"])
        for each in one.report.get("preview", [])
    }
    chosen = {name: request.POST.get(f"choice-{name}") for name in shown}
    return Decision(
        submit=request.POST.get("state") == "submitted",
        left_out=frozenset(shown[n] for n in request.POST.getlist("leave") if n in shown),
        mine=frozenset(shown[name] for name, choice in chosen.items() if choice == "mine"),
        theirs=frozenset(shown[name] for name, choice in chosen.items() if choice == "theirs"),
    )


@require_POST
def import_refuse(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Put the file aside; nothing of it is written."""
    one = _visible(request, import_id)
    post = require(request, "import_results", one.scope)
    row = find_import(import_id)
    assert row is not None  # it is on the page
    try:
        refuse_result_import(row, by=request.standing.actor(post), at=timezone.now())
    except ImportNotReady:
        messages.error(request, _("It is written already and cannot be put aside."))
        return redirect("import-result", import_id)
    messages.success(request, _("Put aside; nothing was written."))
    return redirect("import-results")


def importing_posts(request: SignedInRequest) -> dict[str, HeldPost]:
    """Return place → post for the places whose results the reader may bring in."""
    posts: dict[str, HeldPost] = {}
    for post in request.standing.posts:
        if matrix.may(post.role, "import_results") and post.group_key is None:
            for root in sorted(post.roots):
                posts.setdefault(root, post)
    return posts


def _visible(request: SignedInRequest, import_id: int) -> ImportView:
    one = import_view(import_id)
    if one is None:
        raise Http404
    require(request, "import_results", one.scope)
    return one


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One result as it stands now and in the file, in words. key: what the form calls it."""

    key: str
    place: str
    place_th: str
    indicator: str
    cell: str
    before: str | None
    after: str
    fate: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewPlace:
    """The lines of one place. summary: how many of each fate, in words."""

    name: str
    lines: tuple[PreviewLine, ...]
    summary: str


def _preview(one: ImportView, framework_id: int) -> list[PreviewLine]:
    rows = one.report.get("preview", [])
    version = version_in_force(framework_id) if rows else None
    if version is None:
        return []
    indicators = {each.code: each for each in definition_of(version).indicators}
    lines = []
    for row in rows:
        indicator = indicators.get(row["indicator"])
        if indicator is None:  # another version came into force since the file was read
            continue
        before = row["before"]
        now = _short_words(indicator, said_in_file(before)) if before else None
        then = _short_words(indicator, said_in_file(row["after"]))
        if now == then:  # the figures are the same; what else is said of them is not
            then = _("%(figures)s, described otherwise") % {"figures": then}
        lines.append(
            PreviewLine(
                key=f"{row['place']}/{row['indicator']}",
                place=row["place"],
                place_th=row["place_th"],
                indicator=f"{indicator.code} {in_language(indicator.name_th, indicator.name_en)}",
                cell=row["cell"],
                before=now,
                after=then,
                fate=row["fate"],
                questions=tuple(row.get("questions", ())),
            )
        )
    return lines


def _short_words(indicator: IndicatorDefinition, said: SaidInFile) -> str:
    """Return what is reported, short enough to stand beside another: "177 / 190"."""
    if said.not_applicable or said.numerator is None:
        return reported_words(indicator, said)
    figures = [each for each in (said.numerator, said.denominator) if each is not None]
    return " / ".join(format_trimmed(each) for each in figures)


def _by_place(lines: list[PreviewLine]) -> list[PreviewPlace]:
    places: dict[str, list[PreviewLine]] = {}
    for line in lines:
        places.setdefault(line.place, []).append(line)
    found = []
    for _code, own in sorted(places.items()):
        fates = Counter(line.fate for line in own)
        said = {
            "new": _("new %(n)s"),
            "changed": _("changed %(n)s"),
            "moved": _("newer in the system %(n)s"),
        }
        summary = " · ".join(
            words % {"n": fates[fate]} for fate, words in said.items() if fates[fate]
        )
        found.append(PreviewPlace(own[0].place_th, tuple(own), summary))
    return found


def _context(one: ImportView) -> dict[str, Any]:
    row = find_import(one.id)
    assert row is not None  # it was just read
    framework = row.round.framework
    report = one.report
    lines = _preview(one, row.round.framework_id)
    said = report.get("errors", 0) + report.get("notes", 0)
    findings = report.get("findings", [])
    decided_by = report.get("decided_by", "")
    names = account_names([each for each in (one.by, decided_by) if each])
    return {
        "crumbs": [
            (_("Import results"), reverse("import-results")),
            (_("Excel"), reverse("results-workbook", args=[one.scope, one.round_id])),
            (one.file_name, None),
        ],
        "one": one,
        "by": names.get(one.by, one.by),
        "decided_by": names.get(decided_by, decided_by),
        "decided_at": parse_datetime(report.get("decided_at", "")),
        "workbook_href": reverse("results-workbook", args=[one.scope, one.round_id]),
        "round_href": reverse(
            "round", args=[framework.code, framework.fiscal_year, row.round.code]
        ),
        "framework_title": in_language(framework.title_th, framework.title_en),
        "working": one.state in WORKING,
        "report": report,
        "refused": [each for each in findings if each["error"]],
        "notes": [each for each in findings if not each["error"]],
        "more_findings": max(said - len(findings), 0),
        "conflicts": [each for each in lines if each.fate == "conflict"],
        "places": _by_place([each for each in lines if each.fate != "conflict"]),
        "shown": len(lines),
        "to_decide": len(report.get("revisions", {})) - report.get("drafts", 0),
        "is_read": one.state == ResultImport.State.READ,
    }
