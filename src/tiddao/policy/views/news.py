"""News from a meeting: the draft, each paragraph with what it was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.news import declare_news_ready, draft_news, drop_news, edit_news
from tiddao.policy.actions.papers import PaperRefused
from tiddao.policy.forms.minutes import NewsForm
from tiddao.policy.forms.papers import PAPER_REFUSALS
from tiddao.policy.models import NewsDraft
from tiddao.policy.queries.minutes import may_ready_news, may_write_news
from tiddao.policy.queries.news import NewsView, news_of_meeting
from tiddao.policy.rules.news import FIELD_WORDS
from tiddao.policy.views.minutes import head_or_404, meeting_crumbs


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    """A paragraph and, in words, what it was made from; "" for a person's own."""

    words: str
    made_from: str


@require_http_methods(["GET", "POST"])
def news(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show the draft of a meeting's news and write on it."""
    head = head_or_404(request, meeting_id)
    writer = may_write_news(request.standing, head)
    found = news_of_meeting(meeting_id, purpose=head.purpose) if head.is_inside else None
    stands = found is not None and found.state != NewsDraft.State.DROPPED
    form = NewsForm(
        request.POST or None,
        initial={"seen": found.seen, "title": found.title, "body": found.body} if found else None,
    )
    if request.method == "POST":
        if writer is None:
            raise PermissionDenied
        if form.is_valid() and _written(request, meeting_id, form, writer):
            return redirect("meeting-news", meeting_id)
    context = {
        "crumbs": meeting_crumbs(head, (_("News"), None)),
        "head": head,
        "news": found if stands else None,
        "paragraphs": _shown(found) if found else (),
        "form": form,
        "may_write": writer is not None,
        "may_ready": may_ready_news(request.standing, head) is not None,
    }
    return render(request, "policy/meeting_news.html", context, status=422 if form.errors else 200)


@require_POST
def news_begin(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Begin the draft from what was recorded."""
    head = head_or_404(request, meeting_id)
    post = may_write_news(request.standing, head)
    if post is None:
        raise PermissionDenied
    try:
        draft_news(meeting_id, by=request.standing.actor(post), at=timezone.now())
    except PaperRefused:
        messages.error(request, _("News is written once the meeting has been closed as held."))
        return redirect("meeting", meeting_id)
    return redirect("meeting-news", meeting_id)


@require_POST
def news_ready(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Say that the draft may be published."""
    post = may_ready_news(request.standing, head_or_404(request, meeting_id))
    return _turned(request, meeting_id, post, declare_news_ready)


@require_POST
def news_drop(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Give the draft up."""
    post = may_write_news(request.standing, head_or_404(request, meeting_id))
    return _turned(request, meeting_id, post, drop_news)


# -- pieces ----------------------------------------------------------------------------------------


def _turned(
    request: SignedInRequest,
    meeting_id: int,
    post: HeldPost | None,
    act: Callable[..., NewsDraft],
) -> HttpResponse:
    if post is None:
        raise PermissionDenied
    seen = request.POST.get("seen", "")
    try:
        act(meeting_id, seen=seen, by=request.standing.actor(post), at=timezone.now())
    except PaperRefused as refused:
        messages.error(request, str(PAPER_REFUSALS[refused.code]))
    except NewsDraft.DoesNotExist:
        messages.error(request, _("No news was begun from this meeting."))
    return redirect("meeting-news", meeting_id)


def _written(request: SignedInRequest, meeting_id: int, form: NewsForm, post: HeldPost) -> bool:
    said = form.cleaned_data
    body = said["body"].replace("\r\n", "\n")
    try:
        edit_news(
            meeting_id,
            title=said["title"],
            body=body,
            seen=said["seen"],
            by=request.standing.actor(post),
            at=timezone.now(),
        )
    except PaperRefused as refused:
        form.add_error(None, str(PAPER_REFUSALS[refused.code]))
        return False
    except NewsDraft.DoesNotExist:
        form.add_error(None, _("No news was begun from this meeting."))
        return False
    messages.success(request, _("Kept. Nothing is public yet."))
    return True


def _shown(found: NewsView) -> tuple[ShownParagraph, ...]:
    return tuple(
        ShownParagraph(each.words, " · ".join(dict.fromkeys(field_words(f) for f in each.fields)))
        for each in found.paragraphs
    )


def field_words(code: str) -> str:
    """Return in words what a sentence was made from: "ระเบียบวาระที่ 2"."""
    name, _colon, number = code.partition(":")
    return f"{FIELD_WORDS[name]} {number}".strip()
