"""Lists of villages: handing in, seeing what was read, accepting."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.places.access import SignedInRequest, actor_for, places_of_act
from tiddao.places.actions.villages import (
    ImportRefused,
    accept_village_import,
    receive_village_file,
    refuse_village_import,
)
from tiddao.places.forms import VillageUploadForm
from tiddao.places.queries.imports import VillageImportRow, village_import, village_imports
from tiddao.places.queries.search import places_by_codes
from tiddao.places.rules.village_file import VillageFileError
from tiddao.places.tasks import nudge_village_sweep

ACT = "import_villages"


@require_http_methods(["GET", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """List what was handed in, and take in another list."""
    standing = request.standing
    homes = places_of_act(standing, ACT)
    if not homes:
        raise PermissionDenied
    places = [(hit.key, hit.full_name) for hit in places_by_codes(homes, on=standing.on)]
    form = VillageUploadForm(request.POST or None, request.FILES or None, places=places)
    if request.method == "POST" and form.is_valid():
        within, upload = form.cleaned_data["within"], form.cleaned_data["file"]
        try:
            waiting = receive_village_file(
                upload,
                file_name=upload.name,
                within=within,
                by=actor_for(standing, ACT, within),
                at=timezone.now(),
            )
        except VillageFileError as error:
            form.add_error("file", str(error))
        else:
            transaction.on_commit(nudge_village_sweep)
            return redirect("village-import", import_id=waiting.pk)
    context = {"form": form, "rows": village_imports(roots=homes)}
    return render(
        request, "places/village_imports.html", context, status=422 if form.errors else 200
    )


@require_GET
def one_import(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Show what a list holds and what accepting it would do; htmx asks for the state alone."""
    template = "places/village_import.html"
    if request.headers.get("HX-Request"):
        template += "#state"
    response = render(request, template, {"one": _import_or_404(request, import_id)})
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


@require_POST
def accept(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Let a list be written."""
    one = _import_or_404(request, import_id)
    by = actor_for(request.standing, ACT, one.within)
    try:
        accept_village_import(import_id, by=by, at=timezone.now())
    except ImportRefused:
        messages.error(request, _("This list cannot be accepted in its present state."))
    else:
        transaction.on_commit(nudge_village_sweep)
    return redirect("village-import", import_id=import_id)


@require_POST
def refuse(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Put a list aside."""
    one = _import_or_404(request, import_id)
    by = actor_for(request.standing, ACT, one.within)
    try:
        refuse_village_import(import_id, by=by, at=timezone.now())
    except ImportRefused:
        messages.error(request, _("It is too late to put this list aside."))
    return redirect("village-import", import_id=import_id)


def _import_or_404(request: SignedInRequest, import_id: int) -> VillageImportRow:
    one = village_import(import_id, roots=places_of_act(request.standing, ACT))
    if one is None:
        raise Http404
    return one
