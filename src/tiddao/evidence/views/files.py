"""Files to the browser. Nothing that somebody handed in is ever shown inside a page of ours but
pictures painted anew; everything else is a download that no browser runs.
"""

from __future__ import annotations

from pathlib import PurePath

from django.core.files import File
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from tiddao.evidence.access import visible_file_or_404
from tiddao.evidence.models import Blob
from tiddao.evidence.rules.kinds import JPEG, KINDS
from tiddao.evidence.storage import evidence_storage, name_of
from tiddao.people.access import SignedInRequest
from tiddao.ui.xlsx import attachment

_ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Policy of a file: whatever it is, it loads nothing, runs nothing and stands in no frame."""


@require_GET
def original(request: SignedInRequest, evidence_id: int, number: int) -> HttpResponseBase:
    """Hand out a version's file; of a photo, to most people, its copy without metadata."""
    found = visible_file_or_404(request, evidence_id, number)
    blob, name = found.version.blob, found.version.file_name
    assert blob is not None  # visible_file_or_404
    if not found.original:
        assert blob.display is not None  # every image has its copies
        return _sent(blob.display, f"{PurePath(name).stem}.{JPEG.extension}")
    return _sent(blob, name)


@require_GET
def picture(request: SignedInRequest, evidence_id: int, number: int) -> HttpResponseBase:
    """Show a photo's copy without metadata."""
    blob = visible_file_or_404(request, evidence_id, number).version.blob
    return _shown(blob.display if blob else None)


@require_GET
def thumbnail(request: SignedInRequest, evidence_id: int, number: int) -> HttpResponseBase:
    """Show a photo's small copy without metadata."""
    blob = visible_file_or_404(request, evidence_id, number).version.blob
    return _shown(blob.thumbnail if blob else None)


def _sent(blob: Blob, name: str) -> HttpResponseBase:
    response = FileResponse(_opened(blob), content_type=KINDS[blob.kind].media_type)
    response["Content-Length"] = str(blob.size)
    response["Content-Disposition"] = attachment(name)
    response["Cache-Control"] = "private, no-store"
    return _sealed(response)


def _shown(copy: Blob | None) -> HttpResponseBase:
    if copy is None:  # not a photo
        raise Http404
    with _opened(copy) as file:  # at most some hundred kilobytes: our own copies
        response = HttpResponse(file.read(), content_type=KINDS[copy.kind].media_type)
    response["Content-Disposition"] = "inline"
    # What stands behind an address never changes; who may see it may, so not for long.
    response["Cache-Control"] = "private, max-age=3600"
    return _sealed(response)


def _opened(blob: Blob) -> File[bytes]:
    try:
        return evidence_storage().open(name_of(blob.sha256), "rb")
    except FileNotFoundError:
        raise Http404 from None  # ``tiddao evidence verify`` names it


def _sealed(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Security-Policy"] = _ALONE  # the pages' own is left off where there is one
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
