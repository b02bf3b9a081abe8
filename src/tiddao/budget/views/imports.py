"""Handing in a weekly workbook, reading what was found, taking it in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.budget.actions.treasury import ReportRefused
from tiddao.budget.actions.uploads import (
    UploadMovedOn,
    accept_treasury_upload,
    drop_treasury_upload,
    receive_treasury_file,
)
from tiddao.budget.forms.treasury import SHEETS_ASKED, UploadForm
from tiddao.budget.queries.uploads import UploadView, recent_uploads, treasury_upload
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest, require
from tiddao.places.models import NATION

ACT = "import_treasury"


def _importer(request: SignedInRequest) -> Actor:
    return request.standing.actor(require(request, ACT, NATION))


@require_http_methods(["GET", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """Take in a workbook to be read; list those handed in."""
    by = _importer(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = receive_treasury_file(
                file.read(),
                file_name=file.name,
                sheets=SHEETS_ASKED[form.cleaned_data["sheets"]],
                by=by,
                at=timezone.now(),
            )
        except WorkbookRefused as refused:
            for each in refused.findings:
                form.add_error("file", str(each))
        else:
            return redirect("treasury-upload", upload_id=upload.pk)
    context = {"form": form, "uploads": recent_uploads()}
    return render(request, "budget/imports.html", context, status=422 if form.errors else 200)


@require_GET
def one_upload(request: SignedInRequest, upload_id: int) -> HttpResponse:
    """Show what a workbook holds, what is wrong with it, and what taking it in would do."""
    _importer(request)
    return render(request, "budget/upload.html", {"upload": _upload_or_404(upload_id)})


@require_POST
def accept(request: SignedInRequest, upload_id: int) -> HttpResponse:
    """Take the workbook in, whole or not at all."""
    by = _importer(request)
    upload = _upload_or_404(upload_id)
    try:
        done = accept_treasury_upload(upload_id, by=by, at=timezone.now())
    except UploadMovedOn:
        messages.error(request, _("This workbook was taken in or put aside already."))
        return redirect("treasury-upload", upload_id=upload_id)
    except (ReportRefused, WorkbookRefused) as refused:
        for each in refused.findings:
            messages.error(request, str(each))
        return redirect("treasury-upload", upload_id=upload_id)
    if done.outcome == "unchanged":
        messages.info(request, _("This very file was taken in before; nothing has changed."))
    else:
        messages.success(
            request,
            _("Taken in: %(figures)s figures, results of %(results)s provinces.")
            % {"figures": f"{done.figures:,}", "results": done.results},
        )
    return redirect("treasury-ranking", as_of=upload.report["as_of"])


@require_POST
def drop(request: SignedInRequest, upload_id: int) -> HttpResponse:
    """Put the workbook aside."""
    by = _importer(request)
    _upload_or_404(upload_id)
    try:
        drop_treasury_upload(upload_id, by=by, at=timezone.now())
    except UploadMovedOn:
        messages.error(request, _("This workbook was taken in or put aside already."))
    return redirect("treasury-imports")


def _upload_or_404(upload_id: int) -> UploadView:
    upload = treasury_upload(upload_id)
    if upload is None:
        raise Http404
    return upload
