"""One unit's page for a deadline: its money, its plan to read, write and decide, its call for help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.budget.actions.help import (
    HelpMovedOn,
    HelpRefused,
    answer_help,
    ask_help,
    close_help,
    pass_up_help,
)
from tiddao.budget.actions.plans import (
    PlanMovedOn,
    PlanRefused,
    approve_plan,
    return_plan,
    submit_plan,
    write_plan,
)
from tiddao.budget.forms.deadlines import PlanForm, WordsForm
from tiddao.budget.queries.boards import newest_rank
from tiddao.budget.queries.deadlines import DeadlineView, held_deadline
from tiddao.budget.queries.plans import (
    HelpView,
    PlanView,
    Proposal,
    find_help,
    find_plan,
    help_of,
    names_of,
    plans_of,
    progress_of,
    proposal,
)
from tiddao.budget.rules.pace import pace_to
from tiddao.budget.rules.plans import PlanActRefused
from tiddao.budget.views.deadlines.pieces import (
    deadline_or_404,
    measure_words,
    office_place_or_404,
    path_to,
    refusal_words,
)
from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest, require
from tiddao.places import tree
from tiddao.places.models import Level
from tiddao.places.queries import Unit
from tiddao.ui.templatetags.ui import be_time


@require_GET
def plan(request: SignedInRequest, deadline_id: int, place: str) -> HttpResponse:
    """Show an office against a deadline: money, plan beside what was spent, help."""
    deadline = deadline_or_404(deadline_id)
    unit = office_place_or_404(request, deadline, place)
    return render(request, "budget/deadlines/plan.html", _page(request, deadline, unit))


def _page(request: SignedInRequest, deadline: DeadlineView, unit: Unit) -> dict[str, Any]:
    row = held_deadline(deadline.id)
    assert row is not None  # it was found a moment ago
    on = deadline.day_within(request.standing.on)
    found = proposal(row, unit.key, on=on)
    plans = plans_of(row, unit.key)
    known_to = found.money.known_to if found else None
    in_force = plans.in_force
    standing = request.standing
    at_work = plans.at_work
    above = tree.parent_code(unit.key)
    requests = help_of(deadline.id, unit.key)
    waiting = next((each for each in requests if each.is_waiting), None)
    me = standing.reference
    is_district = unit.level == Level.DISTRICT
    return {
        "unit": unit,
        "path": [
            *path_to(request, unit),
            (deadline.name, f"{reverse('deadline', args=[deadline.id])}?place={unit.key}"),
            (_("Plan"), None),
        ],
        "deadline": deadline,
        "countdown": deadline.countdown(standing.on),
        "measure": measure_words(deadline.basis, deadline.spending, deadline.fund_words),
        "on": on,
        "money": found.money if found else None,
        "missing": found.missing if found else None,
        "pace": _pace(deadline, found, on=on),
        "percent": _percent(found),
        "kept_rank": newest_rank(
            deadline.id, unit.key, own_office=not is_district,
            within=above if is_district and above else unit.key, until=on,
        ),
        "plans": plans,
        "at_work": at_work,
        "in_force": in_force,
        "progress": progress_of(in_force, row, on=on, known_to=known_to) if in_force else (),
        "older": [p for p in plans.versions if p not in (at_work, in_force)],
        "is_over": deadline.is_over(standing.on),
        "may_write": standing.may("write_plan", unit.key) and not deadline.is_over(standing.on),
        "may_decide": standing.may("approve_plan", unit.key),
        "is_own": at_work is not None and me in {at_work.by, *at_work.writers},
        "decide_form": WordsForm(initial={"seen": at_work.at.isoformat()}) if at_work else None,
        "requests": requests,
        "waiting": waiting,
        "may_ask": standing.may("ask_help", unit.key) and above is not None
        and deadline.ended_at is None,
        "may_answer": waiting is not None
        and standing.covers(waiting.turn)
        and standing.may("answer_help", waiting.turn),
        "may_pass_up": waiting is not None and tree.parent_code(waiting.turn) is not None,
        "words_form": WordsForm(),
    }  # fmt: skip


def _pace(deadline: DeadlineView, found: Proposal | None, *, on: Any) -> Any:
    percent = _percent(found)
    if found is None or percent is None:
        return None
    return pace_to(
        deadline.day, as_of=on, percent=percent, base=found.money.base, goal=deadline.goal
    )


def _percent(found: Proposal | None) -> Any:
    return found.money.spent * 100 / found.money.base if found else None


_NEVER = datetime(1900, 1, 1, tzinfo=UTC)


# -- writing --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def write(request: SignedInRequest, deadline_id: int, place: str) -> HttpResponse:
    """Write an office's plan: amounts by week are proposed from the pace needed."""
    deadline = deadline_or_404(deadline_id)
    unit = office_place_or_404(request, deadline, place)
    by = request.standing.actor(require(request, "write_plan", unit.key))
    row = held_deadline(deadline.id)
    assert row is not None  # as above
    on = deadline.day_within(request.standing.on)
    found = proposal(row, unit.key, on=on)
    plans = plans_of(row, unit.key)
    refused = _cannot_write(deadline, found, plans.at_work, request)
    if refused or found is None:
        messages.error(request, refusal_words(refused or "no_figures"))
        return redirect("plan", deadline_id=deadline.id, place=unit.key)
    former = plans.at_work or plans.newest
    form = PlanForm(request.POST or None, proposed=found, former=former)
    status, moved = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            made = write_plan(
                deadline.id, unit.key, form.read(), seen=_moment(form.cleaned_data["seen"]),
                on=on, by=by, at=timezone.now(),
            )  # fmt: skip
        except PlanRefused as faults:
            form.say(faults.faults)
        except PlanMovedOn as told:
            # Their own words stay in the form; saving again, now knowingly, writes over the other's.
            moved = find_plan(told.current.pk) if told.current else None
            form = _seen_anew(request, found, former, moved)
            status = 409
        else:
            if "submit" in request.POST:
                submit_plan(made.pk, seen=made.at, by=by, at=timezone.now())
                messages.success(request, _("The plan is handed in and waits for a head."))
            else:
                messages.success(request, _("The draft is kept."))
            return redirect("plan", deadline_id=deadline.id, place=unit.key)
    context = {
        "unit": unit,
        "path": [
            *path_to(request, unit),
            (_("Plan"), reverse("plan", args=[deadline.id, unit.key])),
            (_("Write"), None),
        ],
        "deadline": deadline,
        "proposal": found,
        "percent": _percent(found),
        "form": form,
        "moved": moved,
        "measure": measure_words(deadline.basis, deadline.spending, deadline.fund_words),
        "on": on,
    }
    if form.errors and status == 200:
        status = 422
    return render(request, "budget/deadlines/write.html", context, status=status)


def _cannot_write(
    deadline: DeadlineView,
    found: Proposal | None,
    at_work: PlanView | None,
    request: SignedInRequest,
) -> str:
    """Return the code of what stands in the way, or ""."""
    if deadline.ended_at is not None:
        return "deadline_ended"
    if deadline.is_over(request.standing.on) or (found and not found.weeks):
        return "deadline_passed"
    if found is None:
        return "no_figures"
    if not found.missing:
        return "nothing_missing"
    return "waiting" if at_work is not None and at_work.state == "submitted" else ""


def _seen_anew(
    request: SignedInRequest, found: Proposal, former: PlanView | None, moved: PlanView | None
) -> PlanForm:
    data = request.POST.copy()
    data["seen"] = moved.at.isoformat() if moved and moved.state == "draft" else ""
    form = PlanForm(data, proposed=found, former=former)
    form.is_valid()
    form.add_error(
        None,
        _("%(name)s has changed the plan at %(when)s, after you opened it. Nothing was written.")
        % {"name": moved.by_name if moved else "–", "when": be_time(moved.at) if moved else "–"},
    )
    return form


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


# -- deciding -------------------------------------------------------------------------------------


def _plan_or_404(request: SignedInRequest, plan_id: int) -> tuple[DeadlineView, Unit, PlanView]:
    found = find_plan(plan_id)
    if found is None:
        raise Http404
    deadline = deadline_or_404(found.deadline)
    return deadline, office_place_or_404(request, deadline, found.place), found


@require_POST
def submit(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Hand a draft in."""
    deadline, unit, _found = _plan_or_404(request, plan_id)
    by = request.standing.actor(require(request, "write_plan", unit.key))
    return _act(
        request, deadline, unit,
        lambda seen: submit_plan(plan_id, seen=seen, by=by, at=timezone.now()),
        _("The plan is handed in and waits for a head."),
    )  # fmt: skip


@require_POST
def approve(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Approve a plan; never one's own."""
    deadline, unit, _found = _plan_or_404(request, plan_id)
    by = request.standing.actor(require(request, "approve_plan", unit.key))
    words = request.POST.get("words", "")
    return _act(
        request, deadline, unit,
        lambda seen: approve_plan(plan_id, seen=seen, by=by, at=timezone.now(), words=words),
        _("The plan is approved."),
    )  # fmt: skip


@require_POST
def give_back(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Return a plan with a reason."""
    deadline, unit, _found = _plan_or_404(request, plan_id)
    by = request.standing.actor(require(request, "approve_plan", unit.key))
    reason = request.POST.get("words", "")
    return _act(
        request, deadline, unit,
        lambda seen: return_plan(plan_id, reason=reason, seen=seen, by=by, at=timezone.now()),
        _("The plan is returned with your reason."),
    )  # fmt: skip


def _act(
    request: SignedInRequest,
    deadline: DeadlineView,
    unit: Unit,
    act: Callable[[datetime], object],
    done: str,
) -> HttpResponse:
    seen = _moment(request.POST.get("seen", ""))  # nonsense is a state that never was
    try:
        act(seen or _NEVER)
    except PlanMovedOn as told:
        by = names_of({told.current.by}).get(told.current.by, "") if told.current else ""
        messages.error(
            request,
            _(
                "The plan has changed since you opened it (%(name)s). Read it again; nothing was done."
            )
            % {"name": by or "–"},
        )
    except PlanRefused as faults:
        for fault in faults.faults:
            messages.error(request, refusal_words(fault.code))
    except PlanActRefused as refused:
        if refused.code == "own_plan":
            context = {"back": reverse("plan", args=[deadline.id, unit.key])}
            return render(request, "budget/deadlines/own_plan.html", context, status=403)
        messages.error(request, _("The plan has been decided already. Nothing was done."))
    else:
        messages.success(request, done)
    return redirect("plan", deadline_id=deadline.id, place=unit.key)


# -- help -----------------------------------------------------------------------------------------


@require_POST
def ask(request: SignedInRequest, deadline_id: int, place: str) -> HttpResponse:
    """Ask the office above for help."""
    deadline = deadline_or_404(deadline_id)
    unit = office_place_or_404(request, deadline, place)
    by = request.standing.actor(require(request, "ask_help", unit.key))
    try:
        ask_help(deadline.id, unit.key, request.POST.get("words", ""), by=by, at=timezone.now())
    except HelpRefused as refused:
        messages.error(request, refusal_words(refused.code))
    else:
        messages.success(request, _("Your call for help has been handed up."))
    return redirect("plan", deadline_id=deadline.id, place=unit.key)


@require_POST
def answer(request: SignedInRequest, help_id: int) -> HttpResponse:
    """Say what help comes."""
    found, by = _turn(request, help_id)
    words = request.POST.get("words", "")
    return _help_act(
        request,
        found,
        lambda seen: answer_help(help_id, words, seen=seen, by=by, at=timezone.now()),
        _("Your answer is with the office that asked."),
    )


@require_POST
def pass_up(request: SignedInRequest, help_id: int) -> HttpResponse:
    """Pass a request up to the next level."""
    found, by = _turn(request, help_id)
    return _help_act(
        request,
        found,
        lambda seen: pass_up_help(help_id, seen=seen, by=by, at=timezone.now()),
        _("The request is passed up."),
    )


@require_POST
def close(request: SignedInRequest, help_id: int) -> HttpResponse:
    """Close one's own request."""
    found = _help_or_404(request, help_id)
    by = request.standing.actor(require(request, "ask_help", found.place))
    return _help_act(
        request,
        found,
        lambda _seen: close_help(help_id, by=by, at=timezone.now()),
        _("The request is closed."),
    )


def _help_or_404(request: SignedInRequest, help_id: int) -> HelpView:
    found = find_help(help_id)
    if found is None or not request.standing.covers(found.place):
        raise Http404
    return found


def _turn(request: SignedInRequest, help_id: int) -> tuple[HelpView, Actor]:
    """Return the request and the person as the one whose turn it is to answer."""
    found = _help_or_404(request, help_id)
    if not request.standing.covers(found.turn):
        raise PermissionDenied
    return found, request.standing.actor(require(request, "answer_help", found.turn))


def _help_act(
    request: SignedInRequest, found: HelpView, act: Callable[[str], object], done: str
) -> HttpResponse:
    try:
        act(request.POST.get("seen", ""))
    except HelpRefused as refused:
        messages.error(request, refusal_words(refused.code))
    except HelpMovedOn:
        messages.error(
            request, _("Somebody else has answered, passed up or closed this request meanwhile.")
        )
    else:
        messages.success(request, done)
    return redirect("plan", deadline_id=found.deadline, place=found.place)
