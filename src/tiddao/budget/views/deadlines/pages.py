"""The board of a deadline: where each unit stands, whom to help first; setting and moving it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.budget.actions.deadlines import (
    DeadlineMovedOn,
    DeadlineRefused,
    NewDeadline,
    end_deadline,
    move_deadline,
    set_deadline,
)
from tiddao.budget.forms.deadlines import DeadlineForm, EndForm, MoveForm
from tiddao.budget.queries.deadlines import (
    DeadlineView,
    deadline_history,
    deadlines_binding,
)
from tiddao.budget.queries.standings import BoardRow, Standings, standings
from tiddao.budget.views.deadlines.exports import standing_columns, standing_row
from tiddao.budget.views.deadlines.pieces import (
    OFFICE_LEVELS,
    ShownRow,
    bound_unit_or_404,
    deadline_or_404,
    in_million,
    measure_words,
    path_to,
    refusal_words,
    rule_words,
    shown_row,
)
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places.models import Level
from tiddao.places.queries import Unit
from tiddao.ui.templatetags.ui import be_medium
from tiddao.ui.xlsx import xlsx_response

ORDERS = ("need", "rank", "name")


@require_GET
def place_deadlines(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the deadlines that bind a unit, and the board of the nearest."""
    unit = visible_unit_or_404(request, key)
    home = unit.within if unit.is_group else unit.key
    found = [each for each in deadlines_binding([home]) if _is_of_interest(each, request)]
    coming = [each for each in found if not each.is_over(request.standing.on)]
    over = [each for each in found if each.is_over(request.standing.on)][::-1]
    nearest = next(iter(coming), None)
    context: dict[str, Any] = {
        "unit": unit,
        "path": [*path_to(request, unit)[:-1], (unit.full_name, None)],
        "coming": [(each, each.countdown(request.standing.on)) for each in coming],
        "over": over,
        "deadline": nearest,
        "may_set": not unit.is_group
        and unit.level in (Level.NATION, Level.PROVINCE)
        and request.standing.may("set_deadline", unit.key),
        "has_boards": not unit.is_group and unit.level in (Level.NATION, Level.PROVINCE),
        "board": None,
    }
    if nearest is not None:
        context |= _board(request, nearest, unit)
    return render(request, "budget/deadlines/place.html", context)


def _is_of_interest(deadline: DeadlineView, request: SignedInRequest) -> bool:
    """Of the running fiscal year and those beside it."""
    return abs(deadline.year.be - FiscalYear.of(request.standing.on).be) <= 1


@require_GET
def one_deadline(request: SignedInRequest, deadline_id: int) -> HttpResponse:
    """Show one deadline: countdown, each unit below, how it was moved."""
    deadline = deadline_or_404(deadline_id)
    unit = bound_unit_or_404(request, deadline, request.GET.get("place", ""))
    context = {
        "unit": unit,
        "path": [*path_to(request, unit), (deadline.name, None)],
        "deadline": deadline,
        "history": deadline_history(deadline.id),
        "may_change": deadline.ended_at is None
        and request.standing.covers(deadline.place)
        and request.standing.may("set_deadline", deadline.place),
        "has_boards": not unit.is_group and unit.level in (Level.NATION, Level.PROVINCE),
    }
    context |= _board(request, deadline, unit)
    return render(request, "budget/deadlines/deadline.html", context)


@require_GET
def deadline_xlsx(request: SignedInRequest, deadline_id: int) -> FileResponse:
    """Hand out the board of a deadline as a workbook, every unit of it."""
    deadline = deadline_or_404(deadline_id)
    unit = bound_unit_or_404(request, deadline, request.GET.get("place", ""))
    found = _standings(request, deadline, unit)
    rows = [found.own, *_ordered(found, request.GET.get("order", ""))]
    return xlsx_response(
        f"{deadline.name} {found.on.isoformat()}",
        f"{deadline.name} · {unit.full_name}",
        standing_columns(),
        [standing_row(row) for row in rows],
        as_of=found.on,
        notes=[
            measure_words(deadline.basis, deadline.spending, deadline.fund_words),
            f"{_('Universe')}: {found.universe_th}",
            f"{_('Last working day')}: {be_medium(deadline.finish)}",
            _("Rank 1 from the lowest is the lowest; equal shares have the same rank."),
        ],
    )


def _standings(request: SignedInRequest, deadline: DeadlineView, unit: Unit) -> Standings:
    on = deadline.day_within(request.standing.on)
    return standings(unit.key, deadline.measure, on=on, deadline=deadline.id)


def _ordered(found: Standings, order: str) -> tuple[BoardRow, ...]:
    if order == "rank":
        return found.rows
    if order == "name":
        return tuple(sorted(found.rows, key=lambda row: (not row.own_office, row.unit)))
    return found.by_need


def _board(request: SignedInRequest, deadline: DeadlineView, unit: Unit) -> dict[str, Any]:
    found = _standings(request, deadline, unit)
    order = request.GET.get("order", "")
    order = order if order in ORDERS else "need"
    rows = [_shown(row, deadline) for row in _ordered(found, order)]
    own_plan = ""
    if not unit.is_group and unit.level in OFFICE_LEVELS:
        own_plan = reverse("plan", args=[deadline.id, unit.key])
    return {
        "board": found,
        "countdown": deadline.countdown(request.standing.on),
        "own": shown_row(found.own, ""),
        "rows": rows,
        "silent": [row for row in rows if not row.row.is_reported],
        "order": order,
        "order_links": [
            ("need", _("whom to help first")),
            ("rank", _("lowest first")),
            ("name", _("by code")),
        ],
        "rule": rule_words(),
        "measure": measure_words(deadline.basis, deadline.spending, deadline.fund_words),
        "in_million": in_million(unit.key),
        "own_plan": own_plan,
        "is_over": deadline.is_over(request.standing.on),
        "xlsx_href": f"{reverse('deadline-xlsx', args=[deadline.id])}?place={unit.key}&order={order}",
        "provinces": any(row.row.level == Level.PROVINCE for row in rows),
    }


def _shown(row: BoardRow, deadline: DeadlineView) -> ShownRow:
    """Link a province to its own board, an office to its plan."""
    if row.level in (Level.DISTRICT, "office"):
        href = reverse("plan", args=[deadline.id, row.unit])
    else:
        href = f"{reverse('deadline', args=[deadline.id])}?place={row.unit}"
    return shown_row(row, href)


# -- setting, moving, ending ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_deadline(request: SignedInRequest, key: str) -> HttpResponse:
    """Set a deadline for the nation or a province."""
    unit = visible_unit_or_404(request, key)
    by = request.standing.actor(require(request, "set_deadline", unit.key))
    form = DeadlineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = set_deadline(
                NewDeadline(
                    place=unit.key,
                    year=FiscalYear.of(said["day"]),
                    name_th=said["name_th"],
                    day=said["day"],
                    goal=said["goal"],
                    basis=said["basis"],
                    source=said["source"],
                    spending=said["spending"],
                    fund=said["fund"],
                ),
                on=request.standing.on,
                by=by,
                at=timezone.now(),
            )
        except DeadlineRefused as refused:
            form.add_error(refused.field or None, refusal_words(refused.code))
        else:
            messages.success(request, _("The deadline is set."))
            return redirect("deadline", deadline_id=made.pk)
    context = {
        "unit": unit,
        "path": [*path_to(request, unit), (_("New deadline"), None)],
        "form": form,
        "title": _("New deadline"),
        "button": _("Set the deadline"),
        "back": reverse("place-deadlines", args=[unit.key]),
        "said": "",
    }
    status = 422 if form.errors else 200
    return render(request, "budget/deadlines/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, deadline_id: int) -> HttpResponse:
    """Move a deadline to another day, by a letter or meeting."""
    deadline = deadline_or_404(deadline_id)
    by = request.standing.actor(require(request, "set_deadline", deadline.place))
    form = MoveForm(request.POST or None, initial={"seen": deadline.day.isoformat()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            move_deadline(
                deadline.id,
                day=said["day"],
                source=said["source"],
                seen=said["seen"],
                on=request.standing.on,
                by=by,
                at=timezone.now(),
            )
        except DeadlineRefused as refused:
            form.add_error(refused.field or None, refusal_words(refused.code))
        except DeadlineMovedOn as moved:
            return _moved_on(request, deadline, moved)
        else:
            messages.success(request, _("The deadline is moved; where it stood is kept."))
            return redirect("deadline", deadline_id=deadline.id)
    hint = _("It stands at %(day)s.") % {"day": be_medium(deadline.day)}
    return _change(request, deadline, form, _("Move the deadline"), hint)


@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, deadline_id: int) -> HttpResponse:
    """End a deadline with a reason."""
    deadline = deadline_or_404(deadline_id)
    by = request.standing.actor(require(request, "set_deadline", deadline.place))
    form = EndForm(request.POST or None, initial={"seen": deadline.day.isoformat()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            end_deadline(
                deadline.id, reason=said["reason"], seen=said["seen"], by=by, at=timezone.now()
            )
        except DeadlineRefused as refused:
            form.add_error(refused.field or None, refusal_words(refused.code))
        except DeadlineMovedOn as moved:
            return _moved_on(request, deadline, moved)
        else:
            messages.success(request, _("The deadline is ended; plans and boards stay to be read."))
            return redirect("deadline", deadline_id=deadline.id)
    hint = _("From then on it binds nobody; plans and boards stay to be read.")
    return _change(request, deadline, form, _("End the deadline"), hint)


def _moved_on(
    request: SignedInRequest, deadline: DeadlineView, moved: DeadlineMovedOn
) -> HttpResponse:
    day: date = moved.current.day
    if moved.current.ended_at:
        messages.error(request, _("Somebody else has ended the deadline meanwhile."))
    else:
        messages.error(
            request,
            _("Somebody else has moved the deadline to %(day)s meanwhile. Nothing was changed.")
            % {"day": be_medium(day)},
        )
    return redirect("deadline", deadline_id=deadline.id)


def _change(
    request: SignedInRequest, deadline: DeadlineView, form: Any, title: str, said: str
) -> HttpResponse:
    unit = visible_unit_or_404(request, deadline.place)
    back = reverse("deadline", args=[deadline.id])
    context = {
        "unit": unit,
        "path": [*path_to(request, unit), (deadline.name, back), (title, None)],
        "form": form,
        "title": title,
        "button": title,
        "back": back,
        "said": f"{deadline.name} · {said}",
    }
    status = 422 if form.errors else 200
    return render(request, "budget/deadlines/form.html", context, status=status)
