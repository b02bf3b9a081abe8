"""The review after a meeting: five questions, everybody's words together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.after_action import add_review_words
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.forms.meetings import ReviewForm
from tiddao.policy.queries.resolutions import review_of
from tiddao.policy.views.meeting_pieces import crumbs_within, meeting_or_404, say_refused


@require_http_methods(["GET", "POST"])
def meeting_review(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    """Show what everybody said, and add to it."""
    found = meeting_or_404(request, meeting_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        post = found.keeper or next(iter(request.standing.posts), None)
        try:
            add_review_words(
                meeting_id,
                {code: words for code, words in form.cleaned_data.items() if words},
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except MeetingRefused as refused:
            say_refused(form, refused.code, refused.field)
        else:
            messages.success(request, _("Your words were added to the review."))
            return redirect("meeting-review", meeting_id)
    questions = review_of(meeting_id)
    context = {
        "crumbs": crumbs_within(found, _("Review after the meeting")),
        "meeting": found,
        "questions": questions,
        "people": len({by for each in questions for _words, by, _at in each.answers}),
        "form": form if found.may_review else None,
    }
    return render(
        request, "policy/meeting_review.html", context, status=422 if form.errors else 200
    )
