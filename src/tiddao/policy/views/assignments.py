"""One office's part in a directive: what was said, the answer, the sender's ruling."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tiddao.evidence.attached import attached_to
from tiddao.evidence.subjects import find_subject
from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.answering import (
    Answered,
    AnswerRefused,
    answer_directive,
    ask_question,
    rule_on_answer,
)
from tiddao.policy.forms.directives import AnswerForm, SayForm
from tiddao.policy.models import Act
from tiddao.policy.proving import ASSIGNMENT
from tiddao.policy.queries.directives import AssignmentView, questions_of
from tiddao.policy.queries.visibility import posts_to_send
from tiddao.policy.rules.assignments import RECEIVER_ACTS, SENDER_ACTS, possible_acts
from tiddao.policy.views.pieces import (
    assignment_or_404,
    directive_crumbs,
    refusal_words,
)

ANSWERS = tuple(act for act in RECEIVER_ACTS if act != Act.ASK)


@require_GET
def assignment(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Show one office's part: state, answers, evidence, and the forms of whoever may answer."""
    return _page(request, assignment_or_404(request, assignment_id))


@require_POST
def assignment_answer(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Answer for the office."""
    found = assignment_or_404(request, assignment_id)
    if found.post is None:
        raise PermissionDenied
    form = AnswerForm(ANSWERS, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            answered = answer_directive(
                assignment_id,
                said["act"],
                words=said["words"],
                progress=said.get("progress"),
                seen=said["seen"],
                by=request.standing.actor(found.post),
                at=timezone.now(),
            )
        except AnswerRefused as refused:
            _refuse(form, refused)
        else:
            return _after(request, assignment_id, answered, form)
    return _page(request, found, answer=form)


@require_POST
def assignment_rule(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Say as the sender what becomes of the answer."""
    found = assignment_or_404(request, assignment_id)
    if found.ruling is None:
        raise PermissionDenied
    form = AnswerForm(SENDER_ACTS, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            answered = rule_on_answer(
                assignment_id,
                said["act"],
                words=said["words"],
                seen=said["seen"],
                by=request.standing.actor(found.ruling),
                at=timezone.now(),
            )
        except AnswerRefused as refused:
            _refuse(form, refused)
        else:
            return _after(request, assignment_id, answered, form)
    return _page(request, found, ruling=form)


@require_POST
def assignment_ask(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Ask the sender; all receivers read it."""
    found = assignment_or_404(request, assignment_id)
    if found.post is None:
        raise PermissionDenied
    form = SayForm(request.POST, prefix="ask")
    if form.is_valid():
        try:
            ask_question(
                assignment_id,
                form.cleaned_data["words"],
                by=request.standing.actor(found.post),
                at=timezone.now(),
            )
        except AnswerRefused as refused:
            form.add_error(None, refusal_words(refused.code))
        else:
            messages.success(request, _("The question was sent. All receivers can read it."))
            return redirect(f"{reverse('assignment', args=[assignment_id])}#questions")
    return _page(request, found, ask=form)


# -- pieces ----------------------------------------------------------------------------------------


def _page(
    request: SignedInRequest,
    found: AssignmentView,
    *,
    answer: AnswerForm | None = None,
    ruling: AnswerForm | None = None,
    ask: SayForm | None = None,
    overtaken: bool = False,
) -> HttpResponse:
    line = found.line
    refused = any(form is not None and form.errors for form in (answer, ruling, ask))
    may = {
        "answer": possible_acts(line.state, ANSWERS) if found.post else (),
        "ruling": possible_acts(line.state, SENDER_ACTS) if found.ruling else (),
    }
    if answer is None and may["answer"]:
        answer = AnswerForm(may["answer"], initial={"seen": line.version})
    if ruling is None and may["ruling"]:
        ruling = AnswerForm(may["ruling"], initial={"seen": line.version}, prefix=None)
    subject = find_subject(ASSIGNMENT, str(line.id))
    can_ask = found.post is not None and Act.ASK in possible_acts(line.state, [Act.ASK])
    context = {
        "crumbs": directive_crumbs(
            (line.title, reverse("directive", args=[line.directive_id])),
            (line.office_name, None),
        ),
        "part": found,
        "line": line,
        "directive": found.directive,
        "answer": answer if may["answer"] else None,
        "ruling": ruling if may["ruling"] else None,
        "ask": (ask or SayForm(prefix="ask")) if can_ask else None,
        "questions": questions_of(line.directive_id),
        "attached": attached_to(request.standing, ASSIGNMENT, subject) if subject else None,
        "may_hand_on": found.post is not None
        and not line.is_over
        and any(post.office_code == line.office for post in posts_to_send(request.standing))
        and len(line.place) == 2,
        "overtaken": overtaken,
    }
    status = 409 if overtaken else 422 if refused else 200
    return render(request, "policy/assignment.html", context, status=status)


def _after(
    request: SignedInRequest, assignment_id: int, answered: Answered, form: AnswerForm
) -> HttpResponse:
    """Back to the page; where somebody was faster, both answers are shown and one may go on."""
    if answered.stands:
        messages.success(request, _("Your answer is recorded."))
        return redirect("assignment", assignment_id)
    found = assignment_or_404(request, assignment_id)
    acts = possible_acts(found.line.state, ANSWERS)
    again = AnswerForm(
        acts,
        initial={
            "act": form.cleaned_data["act"],
            "words": form.cleaned_data["words"],
            "progress": form.cleaned_data.get("progress"),
            "seen": answered.version,
        },
    )
    is_answer = form.cleaned_data["act"] in ANSWERS
    return _page(request, found, answer=again if is_answer else None, overtaken=True)


def _refuse(form: AnswerForm, refused: AnswerRefused) -> None:
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, refusal_words(refused.code))
