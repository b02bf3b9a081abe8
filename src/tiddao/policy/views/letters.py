"""Letters, circulars and memoranda: the list, writing one, issuing it, PDF and Word."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.people.rules.matrix import may
from tiddao.policy.actions.letters import change_letter, drop_letter, issue_letter, write_letter
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.forms.letters import LetterFilterForm, LetterForm
from tiddao.policy.forms.papers import PAPER_REFUSALS
from tiddao.policy.models import OfficeTemplate, Paper
from tiddao.policy.papers_made import fields_of, is_demonstration, kind_of, pdf_of, word_of
from tiddao.policy.queries.letters import (
    LetterView,
    find_issued_letter,
    find_letter,
    letter_from_directive,
    letter_lines,
    letters_seen,
    with_usual_end,
)
from tiddao.policy.queries.minutes import find_head, invitation_letter
from tiddao.policy.queries.papers import in_force_at
from tiddao.policy.rules.letters import lacking
from tiddao.policy.rules.official import Letter, PaperKind
from tiddao.policy.views.papers import paper_response
from tiddao.policy.views.pieces import Crumbs, directive_or_404, one_page

WRITE = "write_letter"


@require_GET
def letters(request: SignedInRequest) -> HttpResponse:
    """Show the letters that the person may see."""
    form = LetterFilterForm(request.GET)
    page = one_page(
        request, letters_seen(request.standing, text=form.said("q"), kind=form.said("kind"))
    )
    context = {
        "crumbs": letter_crumbs()[:-1],
        "form": form,
        "is_filtered": bool(form.said("q") or form.said("kind")),
        "page": page,
        "rows": letter_lines(page.object_list),
        "may_write": request.standing.may(WRITE),
    }
    return render(request, "policy/letters.html", context)


@require_http_methods(["GET", "POST"])
def letter_new(request: SignedInRequest) -> HttpResponse:
    """Write a letter: from a directive (?directive=), a meeting (?meeting=) or from nothing."""
    post, begun, meeting_id, directive_id = _begun(request)
    form = LetterForm(request.POST or None, initial=LetterForm.initial_of(begun, seen=None))
    if request.method == "POST" and form.is_valid():
        made = write_letter(
            form.letter(begun),
            office=post.office_code,
            meeting_id=meeting_id,
            directive_id=directive_id,
            by=request.standing.actor(post),
            at=timezone.now(),
        )
        return redirect("letter", made.pk)
    context = {
        "crumbs": letter_crumbs((_("New letter"), None)),
        "form": form,
        "office_name": begun.office,
        "from_meeting": meeting_id,
        "from_directive": directive_id,
    }
    return render(request, "policy/letter_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def letter(request: SignedInRequest, letter_id: int) -> HttpResponse:
    """Show a letter as it will be read, and write on it."""
    found = letter_or_404(request, letter_id)
    form = LetterForm(
        request.POST or None,
        initial=LetterForm.initial_of(found.letter, seen=found.line.version),
    )
    if request.method == "POST" and form.is_valid():
        by = request.standing.actor(_required(found.writer))
        try:
            change_letter(
                letter_id,
                form.letter(found.letter),
                seen=form.cleaned_data["seen"] or 0,
                by=by,
                at=timezone.now(),
            )
        except PaperRefused as refused:
            form.add_error(None, str(PAPER_REFUSALS[refused.code]))
        else:
            messages.success(request, _("Kept."))
            return redirect("letter", letter_id)
    context = {
        "crumbs": letter_crumbs((found.line.subject, None)),
        "found": found,
        "paper": fields_of(found.letter, issue=None),
        "is_memo": found.letter.kind == "memo",
        "form": form,
        "lacking": _words(lacking(found.letter)),
    }
    return render(request, "policy/letter.html", context, status=422 if form.errors else 200)


@require_POST
def letter_issue(request: SignedInRequest, letter_id: int) -> HttpResponse:
    """Freeze what the letter says."""
    found = letter_or_404(request, letter_id)
    by = request.standing.actor(_required(found.issuer))
    seen = request.POST.get("seen", "")
    try:
        made = issue_letter(
            letter_id,
            seen=int(seen) if seen.isdecimal() else -1,
            reason=request.POST.get("reason", ""),
            demonstration=is_demonstration(),
            by=by,
            at=timezone.now(),
        )
    except PaperRefused as refused:
        messages.error(request, _words(refused.code))
    else:
        messages.success(request, _("Letter issued: issue %(number)d.") % {"number": made.number})
    return redirect("letter", letter_id)


@require_POST
def letter_drop(request: SignedInRequest, letter_id: int) -> HttpResponse:
    """Give a draft up."""
    found = letter_or_404(request, letter_id)
    by = request.standing.actor(_required(found.writer))
    try:
        drop_letter(letter_id, by=by, at=timezone.now())
    except PaperRefused as refused:
        messages.error(request, _words(refused.code))
    return redirect("letters")


@require_GET
def letter_draft_pdf(request: SignedInRequest, letter_id: int) -> HttpResponse:
    """Hand out the draft as PDF, marked as one."""
    found = letter_or_404(request, letter_id)
    content = pdf_of(_set(found), issue=None)
    return paper_response(content, f"{_title(found)} {_('draft')}.pdf")


@require_GET
def letter_draft_word(request: SignedInRequest, letter_id: int) -> HttpResponse:
    """Hand out the draft as Word, marked as one."""
    found = letter_or_404(request, letter_id)
    content = word_of(_set(found), issue=None, at=timezone.now())
    return paper_response(content, f"{_title(found)} {_('draft')}.docx")


@require_GET
def letter_pdf(request: SignedInRequest, letter_id: int, number: int) -> HttpResponse:
    """Hand out an issue as PDF."""
    said = find_issued_letter(letter_id, number, request.standing)
    if said is None:
        raise Http404
    return paper_response(pdf_of(said[0], issue=number), f"{said[0].subject[:80]} {number}.pdf")


@require_GET
def letter_word(request: SignedInRequest, letter_id: int, number: int) -> HttpResponse:
    """Hand out an issue as Word."""
    said = find_issued_letter(letter_id, number, request.standing)
    if said is None:
        raise Http404
    content = word_of(said[0], issue=number, at=said[1].at)
    return paper_response(content, f"{said[0].subject[:80]} {number}.docx")


# -- pieces ----------------------------------------------------------------------------------------


def letter_or_404(request: SignedInRequest, letter_id: int) -> LetterView:
    """Return the letter if the person may see it."""
    found = find_letter(letter_id, request.standing)
    if found is None:
        raise Http404
    return found


def letter_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of letters."""
    return [
        (_("Directives"), reverse("directives")),
        (_("Official letters"), reverse("letters")),
        *more,
    ]


def _begun(request: SignedInRequest) -> tuple[HeldPost, Letter, int | None, int | None]:
    """Under which post, the letter it begins with, and what it is written from."""
    kind = request.GET.get("kind", "")
    wanted: PaperKind = kind if kind in Paper.Kind.values else "circular"  # type: ignore[assignment]  # of the three
    meeting, directive = (_number(request, name) for name in ("meeting", "directive"))
    if meeting is not None:
        head = find_head(meeting, request.standing)
        if head is None or not head.is_inside:
            raise Http404
        post = _post(request, head.office)
        begun = invitation_letter(wanted, meeting, purpose=head.purpose)
    elif directive is not None:
        found = directive_or_404(request, directive)
        if not found.sees_whole:
            raise Http404
        post = _post(request, found.office)
        begun = letter_from_directive(wanted, found, post.office_name)
    else:
        post = _post(request, "")
        begun = Letter(wanted, post.office_name, "", "", "")
    begun = replace(begun, office=post.office_name)
    on = request.standing.on
    return post, with_usual_end(begun, post.office_code, on=on), meeting, directive


def _number(request: SignedInRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() else None


def _post(request: SignedInRequest, office: str) -> HeldPost:
    """The post at the office under which the person writes letters; "" = at any office."""
    for post in request.standing.posts:
        if may(post.role, WRITE) and office in {"", post.office_code}:
            return post
    raise PermissionDenied


def _set(found: LetterView) -> Letter:
    """The draft as it would be set today."""
    in_force = in_force_at(found.line.place)
    return replace(
        found.letter,
        demonstration=is_demonstration(),
        word_template=in_force[kind_of(found.letter)].sha256,
        emblem=in_force[OfficeTemplate.Kind.EMBLEM].sha256,
    )


def _title(found: LetterView) -> str:
    return found.line.subject[:80]


def _words(code: str) -> str:
    return str(PAPER_REFUSALS[code]) if code else ""


def _required(post: HeldPost | None) -> HeldPost:
    if post is None:
        raise PermissionDenied
    return post
