"""Field visits: written down on the spot, listed, seen place by place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.evidence.attached import attached_to
from tiddao.evidence.subjects import find_subject
from tiddao.people.access import (
    SignedInRequest,
    require,
    require_anywhere,
    visible_unit_or_404,
)
from tiddao.places.queries import find_unit
from tiddao.policy.actions.visits import Seen, VisitRefused, correct_visit, record_visit
from tiddao.policy.forms.visits import (
    REFUSALS,
    FollowUpForm,
    VisitFilterForm,
    VisitForm,
    WhereForm,
)
from tiddao.policy.models import AgendaItem, FieldVisit, Meeting
from tiddao.policy.proving import VISIT
from tiddao.policy.queries.visits import (
    RECORD,
    FollowUpLine,
    VisitLine,
    VisitView,
    find_visit,
    follow_up_lines,
    follow_ups_seen,
    places_offered,
    tally_within,
    visit_lines,
    visits_seen,
    visits_within,
)
from tiddao.policy.views.pieces import Crumbs, one_page
from tiddao.ui.templatetags.ui import be_medium
from tiddao.ui.xlsx import Cell, Column, Table, tables_response


@require_GET
def visits(request: SignedInRequest) -> HttpResponse:
    """Show all visits in the person's scope, the latest first."""
    form = VisitFilterForm(request.GET)
    page = one_page(request, _narrowed(request, request.standing.roots, form))
    context = {
        "form": form,
        "is_filtered": _is_filtered(form),
        "page": page,
        "rows": visit_lines(page.object_list, on=request.standing.on),
        "tally": tally_within(request.standing, request.standing.roots),
        "may_record": request.standing.may(RECORD),
        "active": "visits",
    }
    return render(request, "policy/visits/visits.html", context)


@require_GET
def place_visits(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the history of visits to a place or group and all below it."""
    unit = visible_unit_or_404(request, key)
    form = VisitFilterForm(request.GET)
    page = one_page(request, _narrowed(request, unit.members, form))
    context = {
        "crumbs": _place_crumbs(request, unit.within, unit.full_name),
        "unit": unit,
        "form": form,
        "is_filtered": _is_filtered(form),
        "page": page,
        "rows": visit_lines(page.object_list, on=request.standing.on),
        "tally": tally_within(request.standing, unit.members),
        "may_record": not unit.is_group and request.standing.may(RECORD, unit.key),
    }
    return render(request, "policy/visits/place.html", context)


@require_GET
def visits_xlsx(request: SignedInRequest) -> FileResponse:
    """Hand out the visits listed and their follow-ups as a workbook of two sheets."""
    form = VisitFilterForm(request.GET)
    return _workbook(request, "visits", _narrowed(request, request.standing.roots, form), "")


@require_GET
def place_visits_xlsx(request: SignedInRequest, key: str) -> FileResponse:
    """Hand out a place's visits and their follow-ups as a workbook of two sheets."""
    unit = visible_unit_or_404(request, key)
    rows = _narrowed(request, unit.members, VisitFilterForm(request.GET))
    return _workbook(request, f"visits-{unit.key}", rows, unit.full_name)


@require_http_methods(["GET", "POST"])
def visit_new(request: SignedInRequest) -> HttpResponse:
    """Write a visit down: first where (?place=), then what was seen; ?meeting= hangs it on one."""
    place = request.GET.get("place", "")
    if not place:
        return _where(request)
    post = require(request, RECORD, place)
    unit = visible_unit_or_404(request, place)
    if unit.is_group:
        raise Http404
    meeting, item = _meeting_asked(request)
    form = VisitForm(
        request.POST or None,
        initial={"visited_on": request.standing.on, "subject": item.title if item else ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = record_visit(
                Seen(**form.cleaned_data),
                place=place,
                office=post.office_code,
                meeting_id=meeting.pk if meeting else None,
                item_id=item.pk if item else None,
                on=request.standing.on,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except VisitRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(
                request, _("The visit is written down. Add photos and what is to follow now.")
            )
            return redirect("visit", made.pk)
    context = {
        "crumbs": visit_crumbs((_("Write a visit down"), None)),
        "heading": _("Write a visit down"),
        "unit": unit,
        "post": post,
        "meeting": meeting.title if meeting else "",
        "form": form,
        "button": _("Save the visit"),
        "may_change_place": True,
    }
    return render(
        request, "policy/visits/visit_form.html", context, status=422 if form.errors else 200
    )


@require_GET
def visit(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Show one visit: what was seen, photos, what is to follow."""
    return visit_page(request, visit_or_404(request, visit_id))


@require_http_methods(["GET", "POST"])
def visit_correct(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Mend what was written about a visit of one's own office."""
    found = visit_or_404(request, visit_id)
    if found.recording is None:
        raise PermissionDenied
    line = found.line
    names = ("visited_on", "subject", "spot", "problem", "progress", "next_on")
    form = VisitForm(request.POST or None, initial={name: getattr(line, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            correct_visit(
                visit_id,
                Seen(**form.cleaned_data),
                on=request.standing.on,
                by=request.standing.actor(found.recording),
                at=timezone.now(),
            )
        except VisitRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("What was written is mended; what stood there is kept."))
            return redirect("visit", visit_id)
    heading = _("Mend what was written")
    context = {
        "crumbs": visit_crumbs((line.subject, reverse("visit", args=[visit_id])), (heading, None)),
        "heading": heading,
        "unit": find_unit(line.place, on=request.standing.on),
        "post": found.recording,
        "meeting": found.meeting,
        "form": form,
        "button": _("Save the visit"),
        "may_change_place": False,
    }
    return render(
        request, "policy/visits/visit_form.html", context, status=422 if form.errors else 200
    )


# -- pieces ----------------------------------------------------------------------------------------


def visit_or_404(request: SignedInRequest, visit_id: int) -> VisitView:
    """Return the visit if its place is in the person's scope."""
    found = find_visit(visit_id, request.standing)
    if found is None:
        raise Http404
    return found


def visit_crumbs(*more: tuple[object, str | None]) -> Crumbs:
    """Return the way to a page of field visits."""
    return [(_("Field visits"), reverse("visits")), *more]


def said_of(code: str) -> str:
    """Return in words why something was refused."""
    return str(REFUSALS.get(code, code))


def visit_page(
    request: SignedInRequest, found: VisitView, *, form: FollowUpForm | None = None
) -> HttpResponse:
    """The page of a visit; form: a follow-up that was refused."""
    subject = find_subject(VISIT, str(found.line.id))
    context = {
        "crumbs": visit_crumbs((found.line.subject, None)),
        "visit": found,
        "line": found.line,
        "form": (form or FollowUpForm()) if found.following else None,
        "attached": attached_to(request.standing, VISIT, subject) if subject else None,
    }
    refused = form is not None and form.errors
    return render(request, "policy/visits/visit.html", context, status=422 if refused else 200)


def _where(request: SignedInRequest) -> HttpResponse:
    """Choose the place: by name, or going down from one's own."""
    require_anywhere(request, RECORD)
    form = WhereForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    offered = places_offered(request.standing, within=request.GET.get("within", ""), words=words)
    kept = {
        name: request.GET[name]
        for name in ("meeting", "item")
        if request.GET.get(name, "").isdecimal()
    }
    context = {
        "crumbs": visit_crumbs((_("Write a visit down"), None)),
        "form": form,
        "offered": offered,
        "kept": kept,
        "kept_query": "".join(f"&{name}={value}" for name, value in kept.items()),
    }
    return render(request, "policy/visits/where.html", context)


def _narrowed(
    request: SignedInRequest, members: frozenset[str], form: VisitFilterForm
) -> QuerySet[FieldVisit]:
    return visits_within(
        visits_seen(request.standing),
        members,
        on=request.standing.on,
        text=form.said("q"),
        state=form.said("state"),
    )


def _is_filtered(form: VisitFilterForm) -> bool:
    return any(form.said(name) for name in ("q", "state"))


def _place_crumbs(request: SignedInRequest, within: str, name: str) -> Crumbs:
    crumbs: Crumbs = []
    above = find_unit(within, on=request.standing.on) if within else None
    if above and request.standing.covers(above.key):
        crumbs.append((above.full_name, reverse("place-visits", args=[above.key])))
    return [*crumbs, (name, None)]


def _meeting_asked(request: SignedInRequest) -> tuple[Meeting | None, AgendaItem | None]:
    """The meeting and item that are asked for, of one of the person's own offices. Raises Http404."""
    asked, item = request.GET.get("meeting", ""), request.GET.get("item", "")
    if not asked.isdecimal():
        return None, None
    offices = [post.office_code for post in request.standing.posts]
    meeting = Meeting.objects.filter(pk=int(asked), office__in=offices).first()
    if meeting is None:
        raise Http404
    found = meeting.agenda.filter(pk=int(item)).first() if item.isdecimal() else None
    return meeting, found


def _refuse(form: Any, refused: VisitRefused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, said_of(refused.code))


def _workbook(
    request: SignedInRequest, name: str, rows: QuerySet[FieldVisit], place: str
) -> FileResponse:
    lines = visit_lines(rows, on=request.standing.on)
    follow_ups = follow_up_lines(
        follow_ups_seen(request.standing).filter(visit__in=[line.id for line in lines]),
        request.standing,
    )
    at = timezone.now()
    notes = [place] if place else []
    return tables_response(
        name,
        [
            Table(
                _("Field visits"), _visit_columns(), [_visit_row(one) for one in lines], at, notes
            ),
            Table(
                _("Follow-ups"),
                _follow_up_columns(),
                [_follow_up_row(one) for one in follow_ups],
                at,
                notes,
            ),
        ],
    )


def _visit_columns() -> tuple[Column, ...]:
    return (
        Column("day", _("Day of the visit"), "date", 16),
        Column("place", _("Place"), width=34),
        Column("above", _("Within"), width=34),
        Column("subject", _("What the visit was about"), width=44),
        Column("spot", _("Exact spot"), width=30),
        Column("problem", _("Problem seen"), width=60),
        Column("progress", _("Progress seen"), width=60),
        Column("next", _("Next visit"), "date", 16),
        Column("follow_ups", _("Follow-ups"), "integer", 12),
        Column("open", _("Not done yet"), "integer", 12),
        Column("overdue", _("Overdue"), "integer", 12),
        Column("photos", _("Evidence attached"), "integer", 14),
        Column("office", _("Visited by"), width=40),
    )


def _visit_row(line: VisitLine) -> list[Cell]:
    return [
        line.visited_on,
        line.place_name,
        line.above or None,
        line.subject,
        line.spot or None,
        line.problem or None,
        line.progress or None,
        line.next_on,
        line.follow_ups,
        line.open,
        line.overdue,
        line.photos,
        line.office_name,
    ]


def _follow_up_columns() -> tuple[Column, ...]:
    return (
        Column("place", _("Place"), width=34),
        Column("subject", _("What the visit was about"), width=44),
        Column("visited_on", _("Day of the visit"), "date", 16),
        Column("words", _("What is to be done after the visit"), width=60),
        Column("responsible", _("Who is responsible"), width=34),
        Column("due", _("Done by"), "date", 16),
        Column("state", _("State"), width=24),
        Column("days", _("Days overdue"), "integer", 14),
        Column("done", _("Done on"), width=18),
        Column("came", _("What came of it"), width=50),
    )


def _follow_up_row(line: FollowUpLine) -> list[Cell]:
    return [
        line.place_name,
        line.subject,
        line.visited_on,
        line.words,
        line.responsible,
        line.due_on,
        line.state_words,
        line.state.days if line.state.code == "overdue" else None,
        be_medium(line.done_at) if line.done_at else None,
        line.done_words or None,
    ]
