"""Idea boards: the list, opening one, and all that people do on one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.ledger.actors import Actor
from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.people.rules.matrix import may
from tiddao.policy.actions.ideas import (
    IdeaRefused,
    NewBoard,
    close_board,
    group_ideas,
    open_board,
    post_idea,
    rename_group,
    reopen_board,
    take_vote_back,
    vote_idea,
    withdraw_idea,
)
from tiddao.policy.forms.ideas import (
    REFUSALS,
    AcceptGroupForm,
    BoardForm,
    GroupForm,
    HeadingForm,
    IdeaForm,
)
from tiddao.policy.models import AgendaItem, Meeting
from tiddao.policy.queries.idea_proposals import proposals_of
from tiddao.policy.queries.ideas import (
    ORDERS,
    RUN,
    BoardView,
    IdeaLine,
    board_lines,
    board_of_group,
    boards_seen,
    find_board,
    find_idea,
    idea_lines,
    ideas_after,
    ideas_of,
    suggestions_for,
)
from tiddao.policy.views.pieces import ROWS, Crumbs, one_page
from tiddao.ui.templatetags.ui import be_time
from tiddao.ui.xlsx import Cell, Column, xlsx_response


@require_GET
def boards(request: SignedInRequest) -> HttpResponse:
    """Show the boards that the person may see, open ones first."""
    page = one_page(request, boards_seen(request.standing))
    context = {
        "page": page,
        "rows": board_lines(page.object_list),
        "may_open": request.standing.may(RUN),
        "active": "boards",
    }
    return render(request, "policy/ideas/boards.html", context)


@require_http_methods(["GET", "POST"])
def board_new(request: SignedInRequest) -> HttpResponse:
    """Open a board of the person's own office; ?meeting= and ?item= hang it on a meeting."""
    posts = tuple(post for post in request.standing.posts if may(post.role, RUN))
    if not posts:
        raise PermissionDenied
    meeting, item = _meeting_asked(request, posts)
    if meeting is not None:
        posts = tuple(post for post in posts if post.office_code == meeting.office_id)
    initial = {"question": item.title if item else ""}
    form = BoardForm(request.POST or None, posts=posts, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        post = next(post for post in posts if post.id == said["post"])
        try:
            made = open_board(
                NewBoard(
                    said["question"],
                    said["votes_each"],
                    said["names_shown"],
                    meeting.pk if meeting else None,
                    item.pk if item else None,
                ),
                office=post.office_code,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except IdeaRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("The board is open. Tell people its address."))
            return redirect("idea-board", made.pk)
    context = {
        "crumbs": idea_crumbs((_("New idea board"), None)),
        "heading": _("New idea board"),
        "form": form,
        "button": _("Open the board"),
        "note": meeting.title if meeting else "",
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


@require_GET
def board(request: SignedInRequest, idea_board_id: int) -> HttpResponse:
    """Show one board: the question, what was posted, votes, what came of it."""
    return _page(request, board_or_404(request, idea_board_id))


@require_GET
def newer(request: SignedInRequest, idea_board_id: int) -> HttpResponse:
    """Say how many ideas came after ?seen=, for a page that stays open."""
    board_or_404(request, idea_board_id)
    seen = request.GET.get("seen", "")
    count = ideas_after(idea_board_id, int(seen)) if seen.isdecimal() and len(seen) < 15 else 0
    context = {"idea_board_id": idea_board_id, "seen": seen, "count": count}
    return render(request, "policy/ideas/_newer.html", context)


@require_POST
def idea_post(request: SignedInRequest, idea_board_id: int) -> HttpResponse:
    """Put an idea on the board."""
    found = board_or_404(request, idea_board_id)
    by = _taking_part(request, found)
    form = IdeaForm(request.POST)
    if form.is_valid():
        try:
            made = post_idea(idea_board_id, form.cleaned_data["words"], by=by, at=timezone.now())
        except IdeaRefused as refused:
            _refuse(form, refused)
        else:
            if request.htmx:
                return _page(request, board_or_404(request, idea_board_id), posted=made.pk)
            messages.success(request, _("Your idea is on the board."))
            return redirect("idea-board", idea_board_id)
    return _page(request, found, form=form)


@require_GET
def idea(request: SignedInRequest, idea_id: int) -> HttpResponse:
    """Go to where the idea stands on its board."""
    found, on_board = _idea_or_404(request, idea_id)
    order = _usual_order(on_board)
    before = list(
        ideas_of(found.board_id, request.standing, order=order).values_list("pk", flat=True)
    )
    number = before.index(idea_id) // ROWS + 1
    address = reverse("idea-board", args=[found.board_id])
    return redirect(f"{address}?order={order}&page={number}#idea-{idea_id}")


@require_POST
def idea_vote(request: SignedInRequest, idea_id: int) -> HttpResponse:
    """Give an idea a vote, or with take_back take it back."""
    idea, found = _idea_or_404(request, idea_id)
    by = _taking_part(request, found)
    refusal = ""
    try:
        if "take_back" in request.POST:
            take_vote_back(idea_id, by=by, at=timezone.now())
        else:
            vote_idea(idea_id, by=by, at=timezone.now())
    except IdeaRefused as refused:
        refusal = said_of(refused.code)
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        return redirect(f"{reverse('idea-board', args=[idea.board_id])}#idea-{idea_id}")
    idea, found = _idea_or_404(request, idea_id)
    context = {
        "each": idea,
        "board": found,
        "refusal": refusal,
        "swapped": True,
        **_forms(found),
    }
    return render(request, "policy/ideas/_idea.html", context)


@require_POST
def idea_withdraw(request: SignedInRequest, idea_id: int) -> HttpResponse:
    """Take one's own idea from the board."""
    idea, found = _idea_or_404(request, idea_id)
    by = _taking_part(request, found)
    try:
        withdraw_idea(idea_id, by=by, at=timezone.now())
    except IdeaRefused as refused:
        messages.error(request, said_of(refused.code))
    else:
        messages.success(request, _("Your idea was withdrawn."))
    return redirect("idea-board", idea.board_id)


@require_POST
def idea_group(request: SignedInRequest, idea_id: int) -> HttpResponse:
    """Put an idea into a group that is there, a new one, or none."""
    idea, found = _idea_or_404(request, idea_id)
    by = _running(request, found)
    form = GroupForm(request.POST, groups=found.groups)
    if not form.is_valid():
        messages.error(request, said_of("group-elsewhere"))
    else:
        said = form.cleaned_data
        try:
            group_ideas(
                idea.board_id,
                [idea_id],
                group_id=said["group"],
                title=said["title"],
                by=by,
                at=timezone.now(),
            )
        except IdeaRefused as refused:
            messages.error(request, said_of(refused.code))
    return redirect(f"{reverse('idea-board', args=[idea.board_id])}#idea-{idea_id}")


@require_http_methods(["GET", "POST"])
def grouping(request: SignedInRequest, idea_board_id: int) -> HttpResponse:
    """Show how the ideas might be grouped and why; accept one proposal at a time."""
    found = board_or_404(request, idea_board_id)
    by = _running(request, found)
    suggested = suggestions_for(idea_board_id)
    if request.method == "POST":
        offered = [number for one in suggested for number, _pieces in one.ideas]
        form = AcceptGroupForm(request.POST, offered=offered)
        if form.is_valid():
            said = form.cleaned_data
            into = said["into"]
            try:
                made = group_ideas(
                    idea_board_id,
                    said["ideas"],
                    group_id=into,
                    title="" if into is not None else said["title"],
                    by=by,
                    at=timezone.now(),
                )
            except IdeaRefused as refused:
                messages.error(request, said_of(refused.code))
            else:
                messages.success(
                    request, _("Grouped under “%(title)s”.") % {"title": made.title if made else ""}
                )
        else:
            lacking = "heading-missing" if form.has_error(NON_FIELD_ERRORS) else "nothing-chosen"
            messages.error(request, said_of(lacking))
        return redirect("idea-grouping", idea_board_id)
    context = {
        "crumbs": _board_crumbs(found, _("Propose groups")),
        "board": found,
        "suggested": suggested,
    }
    return render(request, "policy/ideas/grouping.html", context)


@require_http_methods(["GET", "POST"])
def group_rename(request: SignedInRequest, idea_group_id: int) -> HttpResponse:
    """Give a group another heading."""
    board_id = board_of_group(idea_group_id)
    if board_id is None:
        raise Http404
    found = board_or_404(request, board_id)
    by = _running(request, found)
    title = next(group.title for group in found.groups if group.id == idea_group_id)
    form = HeadingForm(request.POST or None, initial={"title": title})
    if request.method == "POST" and form.is_valid():
        rename_group(idea_group_id, form.cleaned_data["title"], by=by, at=timezone.now())
        return redirect("idea-board", board_id)
    context = {
        "crumbs": _board_crumbs(found, _("Heading of the group")),
        "heading": _("Heading of the group"),
        "form": form,
        "button": _("Save the heading"),
        "note": "",
    }
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


@require_POST
def board_close(request: SignedInRequest, idea_board_id: int) -> HttpResponse:
    """Close the board, or with reopen open it again."""
    found = board_or_404(request, idea_board_id)
    by = _running(request, found)
    if "reopen" in request.POST:
        reopen_board(idea_board_id, by=by, at=timezone.now())
        messages.success(request, _("The board takes ideas and votes again."))
    else:
        close_board(idea_board_id, by=by, at=timezone.now())
        messages.success(request, _("The board is closed. What was posted stays."))
    return redirect("idea-board", idea_board_id)


@require_GET
def board_xlsx(request: SignedInRequest, idea_board_id: int) -> FileResponse:
    """Hand out all ideas of a board, the most wanted first, as a workbook."""
    found = board_or_404(request, idea_board_id)
    named = found.line.names_shown
    columns = (
        Column("group", _("Group of ideas"), width=30),
        Column("words", _("Idea"), width=70),
        Column("votes", _("Votes"), "integer", 10),
        *((Column("by", _("Posted by"), width=28), Column("at", _("When"), width=20)) * named),
        Column("became", _("What the idea became"), width=24),
        Column("became_words", _("As it was handed on"), width=60),
        Column("stands", _("How it stands"), width=30),
    )
    lines = idea_lines(ideas_of(idea_board_id, request.standing, order="votes"), request.standing)
    return xlsx_response(
        f"ideas-{idea_board_id}",
        found.line.question,
        columns,
        [_row(each, named=named) for each in lines],
        as_of=timezone.now(),
        notes=[found.line.office_name, *([found.line.meeting] if found.line.meeting else [])],
    )


# -- pieces ----------------------------------------------------------------------------------------


def board_or_404(request: SignedInRequest, idea_board_id: int) -> BoardView:
    """Return the board if the person may see it."""
    found = find_board(idea_board_id, request.standing)
    if found is None:
        raise Http404
    return found


def idea_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of idea boards."""
    return [(_("Idea boards"), reverse("idea-boards")), *more]


def said_of(code: str) -> str:
    """Return in words why something was refused."""
    return str(REFUSALS.get(code, code))


def _page(
    request: SignedInRequest,
    found: BoardView,
    *,
    form: IdeaForm | None = None,
    posted: int | None = None,
) -> HttpResponse:
    """The whole page, or for htmx the part that changes when something was posted."""
    asked = request.GET.get("order", "")
    order = asked if asked in ORDERS else _usual_order(found)
    page = one_page(request, ideas_of(found.line.id, request.standing, order=order))
    refused = form is not None and bool(form.errors)
    context: dict[str, Any] = {
        "crumbs": idea_crumbs((found.line.question, None)),
        "board": found,
        "form": form or IdeaForm(),
        "order": order,
        "page": page,
        "ideas": idea_lines(page.object_list, request.standing),
        "proposals": () if request.htmx else proposals_of(found.line.id, request.standing),
        "posted": posted,
        "focus": bool(request.htmx),
        "refusal": "",
        "swapped": False,
        "address": request.build_absolute_uri(reverse("idea-board", args=[found.line.id])),
        **_forms(found),
    }
    template = "policy/ideas/_board.html" if request.htmx else "policy/ideas/board.html"
    return render(request, template, context, status=422 if refused else 200)


def _usual_order(found: BoardView) -> str:
    return "group" if found.groups else "votes"


def _forms(found: BoardView) -> dict[str, Any]:
    """What each idea's own forms need."""
    return {"may_group": found.running is not None}


def _board_crumbs(found: BoardView, heading: str) -> Crumbs:
    return idea_crumbs(
        (found.line.question, reverse("idea-board", args=[found.line.id])), (heading, None)
    )


def _idea_or_404(request: SignedInRequest, idea_id: int) -> tuple[IdeaLine, BoardView]:
    idea = find_idea(idea_id, request.standing)
    if idea is None:
        raise Http404
    return idea, board_or_404(request, idea.board_id)


def _taking_part(request: SignedInRequest, found: BoardView) -> Actor:
    if found.post is None:
        raise PermissionDenied
    return request.standing.actor(found.post)


def _running(request: SignedInRequest, found: BoardView) -> Actor:
    if found.running is None:
        raise PermissionDenied
    return request.standing.actor(found.running)


def _meeting_asked(
    request: HttpRequest, posts: tuple[HeldPost, ...]
) -> tuple[Meeting | None, AgendaItem | None]:
    """The meeting and item that are asked for, of one of the person's own offices. Raises Http404."""
    asked, item = request.GET.get("meeting", ""), request.GET.get("item", "")
    if not asked.isdecimal():
        return None, None
    offices = [post.office_code for post in posts]
    meeting = Meeting.objects.filter(pk=int(asked), office__in=offices).first()
    if meeting is None:
        raise Http404
    found = meeting.agenda.filter(pk=int(item)).first() if item.isdecimal() else None
    return meeting, found


def _refuse(form: IdeaForm | BoardForm, refused: IdeaRefused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, said_of(refused.code))


def _row(each: IdeaLine, *, named: bool) -> list[Cell]:
    who: list[Cell] = [each.by_name, be_time(each.at)] if named else []
    return [
        each.group or None,
        each.words,
        each.votes,
        *who,
        each.became_label or None,
        each.became_words or None,
        each.state_words or None,
    ]
