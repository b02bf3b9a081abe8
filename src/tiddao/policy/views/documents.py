"""Documents: the list, taking one in, and the reader where people decide about what was read."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.places.models import Office
from tiddao.policy.actions.reading import (
    AT_ONCE,
    AlreadyRead,
    DecidedMeanwhile,
    WordsNotInText,
    confirm_several,
    decide,
    point_at_directive,
    read_by_rule,
    take_in_document,
)
from tiddao.policy.forms.documents import (
    DocumentFilterForm,
    PointForm,
    ProposalForm,
    TakeInForm,
)
from tiddao.policy.models import Verdict
from tiddao.policy.queries.documents import (
    DocumentView,
    ProposalView,
    document_lines,
    documents_seen,
    find_proposal,
)
from tiddao.policy.queries.visibility import posts_to_send
from tiddao.policy.rules.editing import EditRefused
from tiddao.policy.tasks import read_documents
from tiddao.policy.views.pieces import (
    document_crumbs,
    document_or_404,
    one_page,
    sending_posts,
)

TAKE_IN = "take_in_document"


@require_GET
def documents(request: SignedInRequest) -> HttpResponse:
    """Show the documents that the person may read."""
    form = DocumentFilterForm(request.GET)
    rows = documents_seen(request.standing, text=form.said("q"), sort=form.said("sort"))
    page = one_page(request, rows)
    context = {
        "crumbs": document_crumbs()[:-1],
        "form": form,
        "is_filtered": bool(form.said("q") or form.said("sort")),
        "page": page,
        "rows": document_lines(page.object_list),
        "may_take_in": request.standing.may(TAKE_IN),
    }
    return render(request, "policy/documents.html", context)


@require_http_methods(["GET", "POST"])
def document_new(request: SignedInRequest) -> HttpResponse:
    """Take a document in: pasted text or a file."""
    post = sending_posts(request, TAKE_IN)[0]
    form = TakeInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and form.given is not None:
        place = Office.objects.values_list("place_id", flat=True).get(pk=post.office_code)
        by, at = request.standing.actor(post), timezone.now()
        try:
            made = take_in_document(form.given, place=place, on=request.standing.on, by=by, at=at)
        except AlreadyRead as there:
            messages.info(request, _("Your office has taken in this text before. Here it is."))
            return redirect("document", there.document_id)
        if len(form.given.source.text) <= AT_ONCE:
            read_by_rule(made.pk, on=request.standing.on, by=by, at=at)
        else:
            read_documents.defer()
        return redirect("document", made.pk)
    context = {"crumbs": document_crumbs((_("New document"), None)), "form": form}
    return render(request, "policy/document_new.html", context, status=422 if form.errors else 200)


@require_GET
def document(request: SignedInRequest, document_id: int) -> HttpResponse:
    """Show a document: the source on one side, what was read and decided on the other."""
    return _reader(request, document_or_404(request, document_id))


@require_POST
def proposal_decide(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Confirm, change, drop or reopen one proposal; htmx gets the one card back."""
    document_id, proposal = _proposal_or_404(request, proposal_id)
    post = _post(request)
    verdict = request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        return HttpResponseBadRequest(_("No such decision."), content_type="text/plain")
    form = ProposalForm(proposal.kind, request.POST)
    given = None
    if verdict == Verdict.CHANGED:
        if not form.is_valid():
            return _card(request, document_id, proposal, form)
        given = form.given()
    try:
        decide(
            proposal_id,
            verdict,
            given=given,
            seen=_whole(request.POST.get("seen")),
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except DecidedMeanwhile:
        messages.warning(request, _("Somebody else has decided about it. See what they said."))
    except EditRefused as refused:
        form.add_error(refused.field, _("This value cannot be kept here."))
        return _card(request, document_id, proposal, form)
    if not request.htmx:
        return redirect(f"{reverse('document', args=[document_id])}#p{proposal_id}")
    _again, decided = _proposal_or_404(request, proposal_id)
    return _card(request, document_id, decided, None)


@require_POST
def document_confirm(request: SignedInRequest, document_id: int) -> HttpResponse:
    """Confirm as read all proposals that were ticked."""
    found = document_or_404(request, document_id)
    post = _post(request)
    ids = [int(text) for text in request.POST.getlist("proposal") if text.isdecimal()]
    count = confirm_several(found.line.id, ids, by=request.standing.actor(post), at=timezone.now())
    messages.success(
        request,
        ngettext("%(count)d item was confirmed.", "%(count)d items were confirmed.", count)
        % {"count": count},
    )
    return redirect(f"{reverse('document', args=[document_id])}#proposals")


@require_POST
def document_point(request: SignedInRequest, document_id: int) -> HttpResponse:
    """Add a directive that the rules missed, by the words of the text."""
    found = document_or_404(request, document_id)
    post = _post(request)
    form = PointForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        due = said["due"].isoformat() if said["due"] else None
        try:
            made = point_at_directive(
                found.line.id,
                said["words"].replace("\r\n", "\n"),
                given={"who": said["who"], "due": due},
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except WordsNotInText:
            form.add_error("words", _("These words do not stand in the text as written here."))
        else:
            messages.success(request, _("The directive was added and is confirmed."))
            return redirect(f"{reverse('document', args=[document_id])}#p{made.pk}")
    return _reader(request, found, point=form, status=422)


@require_POST
def document_read_again(request: SignedInRequest, document_id: int) -> HttpResponse:
    """Read the text again with the rules of today; decisions stay."""
    found = document_or_404(request, document_id)
    post = _post(request)
    reading = read_by_rule(
        found.line.id,
        on=request.standing.on,
        by=request.standing.actor(post),
        at=timezone.now(),
    )
    if reading.number == found.readings:
        messages.info(request, _("The rules find the same as before."))
    else:
        messages.success(request, _("Read again. What people decided was kept."))
    return redirect("document", document_id)


@require_GET
def document_json(request: HttpRequest, document_id: int) -> HttpResponse:
    """Hand out what was read and decided, with spans, as a JSON file."""
    found = document_or_404(request, document_id)  # type: ignore[arg-type]  # behind the sign-in
    said = {
        "document": found.line.id,
        "title": found.line.title,
        "text": found.text,
        "proposals": [
            {
                "id": each.id,
                "kind": each.kind,
                "span": [each.start, each.end],
                "because": each.because,
                "read": each.raw,
                "verdict": each.verdict or None,
                "confirmed": each.value,
            }
            for group in found.groups
            for each in group.proposals
        ],
    }
    answer = HttpResponse(
        json.dumps(said, ensure_ascii=False, indent=1), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="document-{found.line.id}.json"'
    return answer


# -- pieces ----------------------------------------------------------------------------------------


def _reader(
    request: SignedInRequest,
    found: DocumentView,
    *,
    point: PointForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_decide = request.standing.may(TAKE_IN, found.line.place)
    context = {
        "crumbs": document_crumbs((found.line.title, None)),
        "document": found,
        "may_decide": may_decide,
        "may_send": bool(posts_to_send(request.standing)),
        "may_call": bool(posts_to_send(request.standing, "call_meeting")),
        "editing": False,
        "point": point or PointForm(),
        "point_refused": point is not None,
    }
    return render(request, "policy/document.html", context, status=status)


def _card(
    request: SignedInRequest, document_id: int, proposal: ProposalView, form: ProposalForm | None
) -> HttpResponse:
    """One proposal by itself: the fragment for htmx, a small page without it."""
    if form is None:
        form = proposal_form(proposal)
    context: dict[str, Any] = {
        "each": proposal,
        "form": form,
        "editing": bool(form.errors),
        "may_decide": True,
        "document_id": document_id,
        "crumbs": document_crumbs(
            (_("Document"), reverse("document", args=[document_id])), (_("Change it"), None)
        ),
    }
    template = "policy/_proposal.html" if request.htmx else "policy/proposal.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_GET
def proposal_edit(request: SignedInRequest, proposal_id: int) -> HttpResponse:
    """Show the fields of one proposal to be changed; htmx gets the card with its form open."""
    document_id, proposal = _proposal_or_404(request, proposal_id)
    _post(request)
    if not proposal.is_editable:
        raise Http404
    context = {
        "each": proposal,
        "form": proposal_form(proposal),
        "editing": True,
        "may_decide": True,
        "document_id": document_id,
        "crumbs": document_crumbs(
            (_("Document"), reverse("document", args=[document_id])), (_("Change it"), None)
        ),
    }
    template = "policy/_proposal.html" if request.htmx else "policy/proposal.html"
    return render(request, template, context)


def proposal_form(proposal: ProposalView) -> ProposalForm:
    """Return the form of a proposal, filled with what holds or was read."""
    return ProposalForm(proposal.kind, initial={**proposal.now, "seen": proposal.seen})


def _proposal_or_404(request: SignedInRequest, proposal_id: int) -> tuple[int, ProposalView]:
    found = find_proposal(proposal_id, request.standing)
    if found is None:
        raise Http404
    return found


def _post(request: SignedInRequest) -> HeldPost:
    """The post under which the person decides about documents."""
    return sending_posts(request, TAKE_IN)[0]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
