"""Minutes of a meeting: the draft, issuing it, the issues and what differs between them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.kernel.dates import format_short
from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.meetings import MeetingChanged
from tiddao.policy.actions.minutes import Closing, issue_minutes
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.forms.minutes import IssueMinutesForm
from tiddao.policy.forms.papers import PAPER_REFUSALS
from tiddao.policy.models import OfficeTemplate
from tiddao.policy.papers_made import fields_of, is_demonstration, pdf_of, word_of
from tiddao.policy.queries.letters import IssueLine
from tiddao.policy.queries.minutes import (
    MeetingHead,
    differences_of,
    find_head,
    find_issue,
    issues_of,
    minutes_of,
)
from tiddao.policy.queries.papers import in_force_at
from tiddao.policy.rules.official import Minutes
from tiddao.policy.views.papers import paper_response
from tiddao.policy.views.pieces import Crumbs


@require_http_methods(["GET", "POST"])
def minutes(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show the minutes as the meeting stands and what was issued; issue them."""
    head = head_or_404(request, meeting_id)
    issues = issues_of(meeting_id)
    if not head.is_inside:
        return render(request, "policy/minutes.html", _context(head, issues, None, None))
    now = minutes_of(meeting_id)
    last = find_issue(meeting_id, issues[0].number) if issues else None
    before = last[0] if last else now
    form = IssueMinutesForm(
        request.POST or None,
        again=bool(issues),
        initial={
            "seen": head.version,
            "recorder": before.recorder or request.standing.name,
            "checker": before.checker,
            "ends": before.ends,
        },
    )
    if request.method == "POST":
        if head.issuer is None:
            raise PermissionDenied
        if form.is_valid() and _issued(request, head, form):
            return redirect("minutes", meeting_id)
    return render(
        request,
        "policy/minutes.html",
        _context(head, issues, fields_of(now, issue=None), form),
        status=422 if form.errors else 200,
    )


def _issued(request: SignedInRequest, head: MeetingHead, form: IssueMinutesForm) -> bool:
    """Issue what was given; say why not."""
    said = form.cleaned_data
    try:
        made = issue_minutes(
            head.id,
            Closing(said["recorder"], said["checker"], said["ends"]),
            seen=said["seen"],
            reason=said.get("reason", ""),
            demonstration=is_demonstration(),
            by=request.standing.actor(head.issuer),
            at=timezone.now(),
        )
    except PaperRefused as refused:
        form.add_error(None, str(PAPER_REFUSALS[refused.code]))
        return False
    except MeetingChanged:
        form.add_error(None, str(PAPER_REFUSALS["changed"]))
        return False
    messages.success(request, _("Minutes issued: issue %(number)d.") % {"number": made.number})
    return True


@require_GET
def minutes_issue(request: SignedInRequest, meeting_id: int, number: int) -> HttpResponse:
    """Show minutes as they were issued, and what differs from the issue before."""
    head = head_or_404(request, meeting_id)
    said, line = _issue_or_404(meeting_id, number)
    context = {
        "crumbs": meeting_crumbs(
            head,
            (_("Minutes"), reverse("minutes", args=[meeting_id])),
            (_("Issue %(number)d") % {"number": number}, None),
        ),
        "head": head,
        "paper": fields_of(said, issue=number),
        "issue": line,
        "differences": differences_of(meeting_id, number) if number > 1 else None,
    }
    return render(request, "policy/minutes_issue.html", context)


@require_GET
def minutes_pdf(request: SignedInRequest, meeting_id: int, number: int) -> HttpResponse:
    """Hand out issued minutes as PDF."""
    head_or_404(request, meeting_id)
    said, line = _issue_or_404(meeting_id, number)
    return paper_response(pdf_of(said, issue=line.number), f"{_title(said, number)}.pdf")


@require_GET
def minutes_word(request: SignedInRequest, meeting_id: int, number: int) -> HttpResponse:
    """Hand out issued minutes as Word."""
    head_or_404(request, meeting_id)
    said, line = _issue_or_404(meeting_id, number)
    content = word_of(said, issue=line.number, at=line.at)
    return paper_response(content, f"{_title(said, number)}.docx")


@require_GET
def minutes_draft_pdf(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Hand out the draft as PDF, marked as one."""
    now = _draft_or_404(request, meeting_id)
    return paper_response(pdf_of(now, issue=None), f"{_title(now, None)}.pdf")


@require_GET
def minutes_draft_word(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Hand out the draft as Word, marked as one."""
    now = _draft_or_404(request, meeting_id)
    return paper_response(word_of(now, issue=None, at=timezone.now()), f"{_title(now, None)}.docx")


# -- pieces ----------------------------------------------------------------------------------------


def head_or_404(request: SignedInRequest, meeting_id: int) -> MeetingHead:
    """Return the meeting if the person may see it."""
    head = find_head(meeting_id, request.standing)
    if head is None:
        raise Http404
    return head


def meeting_crumbs(head: MeetingHead, *more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of a meeting's papers."""
    return [
        (_("Meetings"), reverse("meetings")),
        (head.title, reverse("meeting", args=[head.id])),
        *more,
    ]


def _context(
    head: MeetingHead,
    issues: tuple[IssueLine, ...],
    paper: dict[str, Any] | None,
    form: IssueMinutesForm | None,
) -> dict[str, Any]:
    return {
        "crumbs": meeting_crumbs(head, (_("Minutes"), None)),
        "head": head,
        "issues": issues,
        "paper": paper,
        "form": form,
    }


def _issue_or_404(meeting_id: int, number: int) -> tuple[Minutes, IssueLine]:
    found = find_issue(meeting_id, number)
    if found is None:
        raise Http404
    return found


def _draft_or_404(request: SignedInRequest, meeting_id: int) -> Minutes:
    head = head_or_404(request, meeting_id)
    if not head.is_inside:
        raise Http404
    in_force = in_force_at(head.place)
    return replace(
        minutes_of(meeting_id),
        demonstration=is_demonstration(),
        word_template=in_force["minutes"].sha256,
        emblem=in_force[OfficeTemplate.Kind.EMBLEM].sha256,
    )


def _title(said: Minutes, number: int | None) -> str:
    issue = _("draft") if number is None else str(number)
    return f"{_('Minutes')} {said.title[:80]} {format_short(said.day)} {issue}"
