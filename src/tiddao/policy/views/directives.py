"""Directives: the inbox, what was sent, one directive with its tree, the overview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.people.access import SignedInRequest
from tiddao.policy.actions.answering import (
    AnswerRefused,
    accept_reports,
    answer_question,
    move_directive_deadline,
)
from tiddao.policy.actions.handing_down import DirectiveRefused, cancel_directive
from tiddao.policy.forms.directives import DeadlineForm, FilterForm, ReasonForm, SayForm
from tiddao.policy.queries.directives import (
    AssignmentLine,
    DirectiveView,
    Wanted,
    assignment_lines,
    assignments_of_offices,
    deadline_moves_of,
    directive_lines,
    directives_seen,
    directives_sent,
    own_assignments,
    own_offices,
    questions_of,
    receivers_of,
)
from tiddao.policy.queries.receivers import tree_code
from tiddao.policy.queries.silence import map_of_silence, overview, units_of_line
from tiddao.policy.queries.strategy.behind import policies_behind_directive
from tiddao.policy.queries.tallies import counted, tally_of
from tiddao.policy.queries.visibility import posts_to_send
from tiddao.policy.views.pieces import (
    directive_crumbs,
    directive_or_404,
    following_post,
    one_page,
    refusal_words,
)
from tiddao.ui.templatetags.ui import be_medium, be_time
from tiddao.ui.xlsx import Cell, Column, xlsx_response

MOST_ROWS = 100
"""Receivers shown on a directive's page; more are shown by province, all are in the workbook."""


@require_GET
def inbox(request: SignedInRequest) -> HttpResponse:
    """Show what came to the person's own offices, what is most urgent first."""
    offices = own_offices(request.standing)
    form = FilterForm(request.GET)
    rows = assignments_of_offices(offices, _wanted(form), on=request.standing.on)
    page = one_page(request, rows)
    everything = assignments_of_offices(offices, Wanted(), on=request.standing.on)
    tally = tally_of(counted(everything.order_by(), "office_id", on=request.standing.on))
    context = {
        "crumbs": [],
        "form": form,
        "is_filtered": _is_filtered(form),
        "page": page,
        "rows": assignment_lines(page.object_list, on=request.standing.on),
        "tally": tally,
        "has_office": bool(offices),
        "active": "inbox",
        **_frame(request),
    }
    return render(request, "policy/inbox.html", context)


@require_GET
def sent(request: SignedInRequest) -> HttpResponse:
    """Show what the person's own offices and posts have handed down, each with its counts."""
    rows = directives_sent(request.standing, _wanted(FilterForm(request.GET)))
    document = request.GET.get("document", "")
    if document.isdecimal():
        rows = rows.filter(document=int(document))
    return _list(request, rows, active="sent")


@require_GET
def everything(request: SignedInRequest) -> HttpResponse:
    """Show every directive in whose line the person is."""
    rows = directives_seen(request.standing, _wanted(FilterForm(request.GET)))
    return _list(request, rows, active="all")


@require_GET
def directives_overview(request: SignedInRequest) -> HttpResponse:
    """Show how all directives in scope stand: counts by place, what is silent with its days."""
    found = overview(request.standing)
    context = {
        "crumbs": directive_crumbs((_("Overview"), None)),
        "overview": found,
        "active": "overview",
        **_frame(request),
    }
    return render(request, "policy/overview.html", context)


@require_GET
def directive(request: SignedInRequest, directive_id: int) -> HttpResponse:
    """Show one directive: what is asked, the tree's count, the map of silence, questions."""
    return _page(request, directive_or_404(request, directive_id))


@require_GET
def directive_xlsx(request: SignedInRequest, directive_id: int) -> FileResponse:
    """Hand out all receivers that the person sees, each with its state, as a workbook."""
    found = directive_or_404(request, directive_id)
    rows = assignment_lines(receivers_of(directive_id, request.standing), on=request.standing.on)
    columns = (
        Column("place", _("Place"), width=26),
        Column("office", _("Office"), width=42),
        Column("state", _("State"), width=24),
        Column("days", _("Days silent"), "integer", 14),
        Column("working_days", _("Working days silent"), "integer", 16),
        Column("due", _("By (day)"), width=16),
        Column("overdue", _("Overdue"), width=12),
        Column("progress", _("Progress, per cent"), "integer", 16),
        Column("acknowledged", _("Acknowledged"), width=22),
        Column("words", _("Last words"), width=60),
    )
    cells = [_row(each) for each in rows]
    title = found.line.title
    return xlsx_response(
        f"directive-{directive_id}",
        title,
        columns,
        cells,
        as_of=timezone.now(),
        notes=[found.line.sender, be_medium(found.line.sent_on)],
    )


@require_POST
def directive_accept(request: SignedInRequest, directive_id: int) -> HttpResponse:
    """Accept the reports that were ticked."""
    found = directive_or_404(request, directive_id)
    post = following_post(found)
    ids = [int(text) for text in request.POST.getlist("assignment") if text.isdecimal()]
    count = accept_reports(directive_id, ids, by=request.standing.actor(post), at=timezone.now())
    messages.success(
        request,
        ngettext("%(count)d report was accepted.", "%(count)d reports were accepted.", count)
        % {"count": count},
    )
    return redirect("directive", directive_id)


@require_http_methods(["GET", "POST"])
def directive_cancel(request: SignedInRequest, directive_id: int) -> HttpResponse:
    """Call a directive off, with the reason."""
    found = directive_or_404(request, directive_id)
    post = following_post(found)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_directive(
                directive_id,
                reason=form.cleaned_data["reason"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except DirectiveRefused as refused:
            form.add_error(refused.field or None, refusal_words(refused.code))
        else:
            messages.success(
                request, _("The directive was called off, with all handed down from it.")
            )
            return redirect("directive", directive_id)
    heading = _("Call the directive off")
    context = {
        "crumbs": _crumbs(found, heading),
        "directive": found,
        "heading": heading,
        "form": form,
        "button": _("Call off"),
        "note": _("Offices that have closed keep what they reported."),
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def directive_deadline(request: SignedInRequest, directive_id: int) -> HttpResponse:
    """Move the day, for all receivers or for one."""
    found = directive_or_404(request, directive_id)
    post = following_post(found)
    rows = assignment_lines(
        receivers_of(directive_id, request.standing, Wanted(state="open")), on=request.standing.on
    )
    asked = request.GET.get("office", "")
    one = next((row for row in rows if str(row.id) == asked), None)
    seen = (one.due if one else found.line.due) or None
    form = DeadlineForm(
        request.POST or None,
        initial={"assignment": one.id if one else "", "seen": seen.day if seen else None},
    )
    choices = [("", _("All receivers"))] if one is None else [(one.id, one.office_name)]
    form.fields["assignment"].choices = choices  # type: ignore[attr-defined]  # of a choice field
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            move_directive_deadline(
                directive_id,
                day=said["day"],
                reason=said["reason"],
                seen=said["seen"],
                assignment_id=said["assignment"] or None,
                on=request.standing.on,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except AnswerRefused as refused:
            form.add_error(refused.field or None, refusal_words(refused.code))
        else:
            messages.success(request, _("The day was moved; where it stood is kept."))
            return redirect("directive", directive_id)
    heading = _("Move the day")
    context = {
        "crumbs": _crumbs(found, heading),
        "directive": found,
        "heading": heading,
        "form": form,
        "button": _("Move the day"),
        "note": "",
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


@require_POST
def question_answer(request: SignedInRequest, directive_id: int, question_id: int) -> HttpResponse:
    """Answer a question, for all receivers to read."""
    found = directive_or_404(request, directive_id)
    post = following_post(found)
    if question_id not in {each.id for each in questions_of(directive_id)}:
        raise Http404
    form = SayForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refused=(question_id, form))
    answer_question(
        question_id,
        form.cleaned_data["words"],
        by=request.standing.actor(post),
        at=timezone.now(),
    )
    messages.success(request, _("The answer is there for all receivers."))
    return redirect(f"{reverse('directive', args=[directive_id])}#questions")


# -- pieces ----------------------------------------------------------------------------------------


def _page(
    request: SignedInRequest, found: DirectiveView, *, refused: tuple[int, SayForm] | None = None
) -> HttpResponse:
    standing, on = request.standing, request.standing.on
    form = FilterForm(request.GET)
    place = request.GET.get("place", "")
    wanted = Wanted(state=form.said("state"), place=place if tree_code(place) else "")
    directive_id = found.line.id
    rows = receivers_of(directive_id, standing, wanted)
    level, units = units_of_line(directive_id, standing)
    shown = map_of_silence(level, units, sent_on=found.line.sent_on, on=on)
    narrowed = bool(wanted.state or wanted.place)
    lines = assignment_lines(rows[: MOST_ROWS + 1], on=on)
    questions = questions_of(directive_id)
    silent = receivers_of(directive_id, standing, Wanted(state="sent"))
    context: dict[str, Any] = {
        "crumbs": directive_crumbs((found.line.title, None)),
        "directive": found,
        "own_parts": assignment_lines(
            receivers_of(directive_id, standing).filter(
                pk__in=[each.pk for each in own_assignments(directive_id, standing)]
            ),
            on=on,
        ),
        "lines": lines[:MOST_ROWS],
        "more": len(lines) > MOST_ROWS,
        "narrowed": narrowed,
        "wanted": wanted,
        "level": level,
        # Where every place has one office, the offices' own table says it all.
        "units": units if any(unit.whole.total > 1 for unit in units) else (),
        "map": shown.map if shown else None,
        "silent": assignment_lines(silent[:MOST_ROWS], on=on),
        "questions": [
            (each, refused[1] if refused and refused[0] == each.id else SayForm(prefix=None))
            for each in questions
        ],
        "deadline_moves": deadline_moves_of(directive_id, standing),
        "to_accept": [line for line in lines if line.state == "done"] if found.may_follow else [],
        "below": directive_lines(
            directives_seen(standing, Wanted()).filter(Q(handed_down_from__directive=directive_id))[
                :MOST_ROWS
            ],
            standing,
        ),
        "behind": policies_behind_directive(directive_id, standing),
        "refused": refused is not None,
    }
    return render(request, "policy/directive.html", context, status=422 if refused else 200)


def _list(request: SignedInRequest, rows: Any, *, active: str) -> HttpResponse:
    form = FilterForm(request.GET)
    page = one_page(request, rows)
    context = {
        "crumbs": [],
        "form": form,
        "is_filtered": _is_filtered(form),
        "page": page,
        "rows": directive_lines(page.object_list, request.standing),
        "active": active,
        **_frame(request),
    }
    return render(request, "policy/directives.html", context)


def _frame(request: SignedInRequest) -> dict[str, Any]:
    """What the heads of all lists need: who may do what."""
    return {
        "may_send": bool(posts_to_send(request.standing)),
        "may_take_in": request.standing.may("take_in_document"),
    }


def _wanted(form: FilterForm) -> Wanted:
    return Wanted(
        state=form.said("state"),
        facet=form.said("facet"),
        line=form.said("line"),
        text=form.said("q"),
    )


def _is_filtered(form: FilterForm) -> bool:
    return any(form.said(name) for name in ("q", "state", "line", "facet"))


def _crumbs(found: DirectiveView, heading: str) -> list[tuple[object, str | None]]:
    return directive_crumbs(
        (found.line.title, reverse("directive", args=[found.line.id])), (heading, None)
    )


def _row(each: AssignmentLine) -> list[Cell]:
    return [
        each.place_name,
        each.office_name,
        each.state_words,
        each.silence.days if each.silence else None,
        each.silence.working_days if each.silence else None,
        be_medium(each.due.day) if each.due else each.due_words,
        _("overdue") if each.is_overdue else "",
        each.progress,
        be_time(each.acknowledged_at) if each.acknowledged_at else None,
        each.last_words or None,
    ]
