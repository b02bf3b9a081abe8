"""Bringing results in by file: upload, dry run cell by cell, then all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from procrastinate.exceptions import AlreadyEnqueued

from tiddao.indicators import wording
from tiddao.indicators.actions.imports import (
    ImportNotReady,
    accept_result_import,
    find_import,
    receive_result_import,
    refuse_result_import,
)
from tiddao.indicators.actions.results import ResultsRefused, RoundNotOpen
from tiddao.indicators.forms import ResultImportForm
from tiddao.indicators.models import ResultImport
from tiddao.indicators.queries.frameworks import definition_of, find_round, version_in_force
from tiddao.indicators.queries.imports import (
    ImportView,
    import_view,
    imports_within,
    results_template,
)
from tiddao.indicators.rules.results_workbook import FileUnreadable
from tiddao.indicators.surroundings import account_names
from tiddao.indicators.tasks import read_imports
from tiddao.indicators.views.pieces import reported_words, said_in_file
from tiddao.indicators.workload import open_rounds
from tiddao.people.access import HeldPost, SignedInRequest, require
from tiddao.people.rules import matrix
from tiddao.ui.xlsx import MEDIA_TYPE, Cell, Column, attachment, xlsx_response

WORKING = frozenset({ResultImport.State.WAITING, ResultImport.State.READING})
"""States in which a job still has something to do with a file."""


@require_http_methods(["GET", "POST"])
def import_results(request: SignedInRequest) -> HttpResponse:
    """Take a file of results for an open round; list what was handed in before."""
    posts = _importing_posts(request)
    if not posts:
        raise PermissionDenied
    scopes = [(code, post.office_name) for code, post in posts.items()]
    rounds = open_rounds(list(posts))
    choices = [
        (
            str(each.view.id),
            (
                f"{wording.in_language(each.framework_title_th, each.framework_title_en)} "
                f"{each.view.fiscal_year} · {each.view.name}"
            ),
        )
        for each in rounds
    ]
    form = ResultImportForm(
        request.POST or None,
        request.FILES or None,
        rounds=choices,
        scopes=scopes,
        initial={"round": request.GET.get("round", "")},
    )
    if request.method == "POST" and form.is_valid():
        answer = _received(request, form)
        if answer is not None:
            return answer
    earlier = imports_within(frozenset(posts))
    return render(
        request,
        "indicators/import_results.html",
        {
            "form": form,
            "rounds": choices,
            "scope": scopes[0][0],
            "imports": earlier,
            "names": account_names([each.by for each in earlier]),
        },
        status=422 if form.errors else 200,
    )


def _received(request: SignedInRequest, form: ResultImportForm) -> HttpResponse | None:
    """Keep the file and send the reader to its page; None after saying in the form why not."""
    given = form.cleaned_data
    one = find_round(int(given["round"]))
    if one is None:
        raise Http404
    post = require(request, "import_results", given["scope"])
    try:
        row = receive_result_import(
            one,
            scope=given["scope"],
            file_name=given["file"].name,
            content=given["file"].read(),
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except FileUnreadable as fault:
        form.add_error("file", fault.message_th)
        return None
    transaction.on_commit(_nudge)
    return redirect("import-result", row.pk)


def _nudge() -> None:
    """Wake the job that reads; one that waits already will find this file too."""
    try:
        read_imports.defer()
    except AlreadyEnqueued:
        return


@require_GET
def results_sheet(request: SignedInRequest, round_id: int, scope: str) -> HttpResponse:
    """Hand out the empty workbook of a round for the places of an office."""
    require(request, "import_results", scope)
    if not any(each.view.id == round_id for each in open_rounds([scope])):
        raise Http404
    one = find_round(round_id)
    assert one is not None  # it is among the open ones
    try:
        content = results_template(one, scope=scope)
    except LookupError:
        messages.warning(request, _("Nobody in these places reports for that round."))
        return redirect("import-results")
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    name = f"{one.framework.title_th} {one.framework.fiscal_year} {one.name_th} {scope}.xlsx"
    response["Content-Disposition"] = attachment(name)
    return response


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
    """Write all results of the file, or say why none were written."""
    one = _visible(request, import_id)
    post = require(request, "import_results", one.scope)
    row = find_import(import_id)
    assert row is not None  # it is on the page
    try:
        done = accept_result_import(row, by=request.standing.actor(post), at=timezone.now())
    except ImportNotReady as fault:
        messages.error(request, wording.import_refusal(fault.code))
    except RoundNotOpen:
        messages.error(request, _("The round is not open; nothing was written."))
    except ResultsRefused as refused:
        messages.error(
            request, _("Nothing was written: %(why)s") % {"why": refused.rows[0].message_th}
        )
    else:
        messages.success(
            request,
            _(
                "Written: %(written)s results; %(unchanged)s stood so already. They wait for approval."
            )
            % {"written": done.written, "unchanged": done.unchanged},
        )
        return redirect("round", one.framework_code, one.fiscal_year, row.round.code)
    return redirect("import-result", import_id)


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


def _importing_posts(request: SignedInRequest) -> dict[str, HeldPost]:
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
    """One result as it stands now and in the file, in words."""

    place_th: str
    indicator: str
    cell: str
    before: str | None
    after: str
    fate: str


def _preview(rows: list[dict[str, Any]], framework_id: int) -> list[PreviewLine]:
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
        lines.append(
            PreviewLine(
                place_th=row["place_th"],
                indicator=f"{indicator.code} {wording.in_language(indicator.name_th, indicator.name_en)}",
                cell=row["cell"],
                before=reported_words(indicator, said_in_file(before)) if before else None,
                after=reported_words(indicator, said_in_file(row["after"])),
                fate=row["fate"],
            )
        )
    return lines


def _context(one: ImportView) -> dict[str, Any]:
    working = one.state in WORKING
    row = find_import(one.id)
    assert row is not None  # it was just read
    framework = row.round.framework
    return {
        "crumbs": [(_("Import results"), reverse("import-results")), (one.file_name, None)],
        "one": one,
        "by": account_names([one.by]).get(one.by, one.by),
        "framework_title": wording.in_language(framework.title_th, framework.title_en),
        "working": working,
        "report": one.report,
        "findings": one.report.get("findings", []),
        "preview": _preview(one.report.get("preview", []), row.round.framework_id),
        "more_findings": max(
            one.report.get("errors", 0)
            + one.report.get("notes", 0)
            - len(one.report.get("findings", [])),
            0,
        ),
        "is_read": one.state == ResultImport.State.READ,
    }
