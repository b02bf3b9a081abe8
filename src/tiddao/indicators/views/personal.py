"""Personal targets: my own, one of them, my team's, the paper form.

Whoever may not see a plan is told that there is none: nothing here answers 403.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.indicators.actions.personal import NewLine as Given
from tiddao.indicators.actions.personal import (
    PersonalMovedOn,
    assess_plan,
    begin_personal_targets,
    drop_line,
    move_plan,
    save_line,
)
from tiddao.indicators.forms.personal import (
    REFUSALS,
    AssessForm,
    LineForm,
    ReasonForm,
    WeightForm,
)
from tiddao.indicators.personal_paper import personal_paper
from tiddao.indicators.personal_words import ACT_WORDS, DONE_WORDS, round_words
from tiddao.indicators.queries.personal import (
    LOOK,
    LineView,
    PlanView,
    find_plan,
    may_have_a_team,
    own_plans,
    own_posts,
    targets_offered,
    team_of,
)
from tiddao.indicators.rules.personal import (
    NEEDS_WORDS,
    ROUNDS,
    Act,
    PersonalRefused,
    Side,
    round_of,
)
from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest

Crumbs = list[tuple[object, str | None]]


@require_GET
def personal(request: SignedInRequest) -> HttpResponse:
    """Show the person's own targets, round by round, and begin this round's."""
    plans = own_plans(request.standing)
    year, number = round_of(request.standing.on)
    begun = {each.post_id for each in plans if (each.fiscal_year, each.number) == (year, number)}
    context = {
        "crumbs": [],
        "plans": [
            (each, round_words(each.fiscal_year, each.number), LOOK[each.state]) for each in plans
        ],
        "to_begin": [post for post in own_posts(request.standing) if post.pk not in begun],
        "year": year,
        "number": number,
        "round_words": round_words(year, number),
        "has_team": may_have_a_team(request.standing),
    }
    return render(request, "indicators/personal.html", context)


@require_POST
def personal_begin(request: SignedInRequest) -> HttpResponse:
    """Begin the targets of this round for one's own post."""
    asked = request.POST.get("post", "")
    post = next((each for each in own_posts(request.standing) if str(each.pk) == asked), None)
    if post is None:
        raise Http404
    year, number = round_of(request.standing.on)
    made = begin_personal_targets(post.pk, year, number, by=_actor(request), at=timezone.now())
    return redirect("personal-plan", made.pk)


@require_GET
def personal_plan(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Show one plan: its lines, sums and marks, what may be done next, what was done."""
    found = _plan_or_404(request, plan_id)
    context = {
        "crumbs": _crumbs(found),
        "plan": found,
        "round_words": round_words(found.fiscal_year, found.number),
        "acts": [(act, ACT_WORDS[act], act in NEEDS_WORDS) for act in found.acts],
        "done_words": DONE_WORDS,
    }
    return render(request, "indicators/personal_plan.html", context)


@require_http_methods(["GET", "POST"])
def personal_line(
    request: SignedInRequest, plan_id: int, line_id: int | None = None
) -> HttpResponse:
    """Write a line of the own plan, a new one without line_id."""
    found = _writable_or_404(request, plan_id)
    held = next((each for each in found.results if each.id == line_id), None)
    if line_id is not None and held is None:
        return _weight(request, found, line_id)
    offered = targets_offered(found.place, found.fiscal_year, on=request.standing.on)
    asked = next((each for each in offered if each.key == request.GET.get("target")), None)
    initial: dict[str, Any] = {"edition": found.edition}
    if held is not None:
        initial |= _written(held)
    elif asked is not None:
        initial |= {
            "hangs_on": asked.key,
            "title": asked.indicator.name_th,
            "unit": asked.indicator.unit_th,
            "measured": asked.indicator.ladder is not None,
        }
        if asked.indicator.ladder is not None:
            for number, value in enumerate(asked.indicator.ladder.levels, start=1):
                initial[f"level-{number}"] = format(value.normalize(), "f")
    form = LineForm(request.POST or None, offered=offered, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = _try(
            form,
            lambda: save_line(
                plan_id,
                form.line,
                line_id=line_id,
                edition=form.cleaned_data["edition"],
                by=_actor(request),
                at=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("The line is kept."))
            if "next" in request.POST:
                return redirect("personal-line-new", plan_id)
            return redirect("personal-plan", plan_id)
    return _form_page(
        request,
        "indicators/personal_line.html",
        found,
        form,
        _("Line of results") if held else _("Add a line of results"),
        offered=[] if held or request.method == "POST" else offered,
        chosen=asked.key if asked else "",
        adds=held is None,
    )


@require_POST
def personal_line_drop(request: SignedInRequest, plan_id: int, line_id: int) -> HttpResponse:
    """Take a line out of the own plan."""
    found = _writable_or_404(request, plan_id)
    if not any(each.id == line_id for each in found.results):
        raise Http404
    try:
        drop_line(
            plan_id, line_id, edition=_edition(request), by=_actor(request), at=timezone.now()
        )
    except PersonalMovedOn:
        _say_moved(request)
    return redirect("personal-plan", plan_id)


@require_http_methods(["GET", "POST"])
def personal_act(request: SignedInRequest, plan_id: int, act: str) -> HttpResponse:
    """Take a plan a step further: at once, or with a reason that is asked for first."""
    found = _plan_or_404(request, plan_id)
    if act not in found.acts or act in {"assess", "self-assess"}:
        raise Http404
    chosen: Act = act
    needs_words = chosen in NEEDS_WORDS
    form = ReasonForm(request.POST or None, initial={"edition": found.edition})
    if not needs_words:
        del form.fields["words"]
    if request.method == "POST" and form.is_valid():
        done = _try(
            form,
            lambda: move_plan(
                plan_id,
                chosen,
                side=_side(found),
                words=form.cleaned_data.get("words", ""),
                edition=form.cleaned_data["edition"],
                by=_actor(request, found),
                at=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("Done and kept in the history."))
            return redirect("personal-plan", plan_id)
    return _form_page(
        request,
        "indicators/personal_act.html",
        found,
        form,
        str(ACT_WORDS[act]),
        round_words=round_words(found.fiscal_year, found.number),
    )


@require_http_methods(["GET", "POST"])
def personal_assess(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Assess every line, as the person or as the head."""
    found = _plan_or_404(request, plan_id)
    act = "self-assess" if found.side == "person" else "assess"
    if act not in found.acts:
        raise Http404
    lines = [*found.results, *found.competencies]
    form = AssessForm(
        request.POST or None,
        lines=lines,
        initial={"edition": found.edition} | _first_values(found, lines),
    )
    if request.method == "POST" and form.is_valid():
        done = _try(
            form,
            lambda: assess_plan(
                plan_id,
                form.said,
                side=_side(found),
                words=form.cleaned_data["words"],
                edition=form.cleaned_data["edition"],
                by=_actor(request, found),
                at=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("Done and kept in the history."))
            return redirect("personal-plan", plan_id)
    return _form_page(
        request,
        "indicators/personal_assess.html",
        found,
        form,
        str(ACT_WORDS[act]),
        rows=form.rows(),
        round_words=round_words(found.fiscal_year, found.number),
    )


@require_GET
def personal_pdf(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Return the plan as the paper form."""
    return personal_paper(_plan_or_404(request, plan_id))


@require_GET
def personal_team(request: SignedInRequest) -> HttpResponse:
    """Show who of the team has none, whose weights are not whole, who waits for the head."""
    if not may_have_a_team(request.standing):
        raise Http404
    year, number = round_of(request.standing.on)
    asked_year, asked_number = request.GET.get("year", ""), request.GET.get("round", "")
    if asked_year.isdecimal() and len(asked_year) == 4:
        year = int(asked_year)
    if asked_number.isdecimal() and int(asked_number) in ROUNDS:
        number = int(asked_number)
    context = {
        "crumbs": _way((_("My team"), None)),
        "team": team_of(request.standing, year, number),
        "round_words": round_words(year, number),
        "rounds": [(y, n, round_words(y, n)) for y in (year, year - 1) for n in (2, 1)],
        "year": year,
        "number": number,
    }
    return render(request, "indicators/personal_team.html", context)


# -- pieces ----------------------------------------------------------------------------------------


def _plan_or_404(request: SignedInRequest, plan_id: int) -> PlanView:
    found = find_plan(plan_id, request.standing)
    if found is None:
        raise Http404
    return found


def _writable_or_404(request: SignedInRequest, plan_id: int) -> PlanView:
    found = _plan_or_404(request, plan_id)
    if not found.may_write:
        raise Http404
    return found


def _weight(request: SignedInRequest, found: PlanView, line_id: int) -> HttpResponse:
    """Write the weight of a competency."""
    held = next((each for each in found.competencies if each.id == line_id), None)
    if held is None:
        raise Http404
    form = WeightForm(
        request.POST or None, initial={"edition": found.edition, "weight": held.weight}
    )
    if request.method == "POST" and form.is_valid():
        given = Given(title=held.title, weight=form.cleaned_data["weight"], levels=())
        done = _try(
            form,
            lambda: save_line(
                found.id,
                given,
                line_id=line_id,
                edition=form.cleaned_data["edition"],
                by=_actor(request),
                at=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("The line is kept."))
            return redirect("personal-plan", found.id)
    return _form_page(
        request,
        "indicators/personal_line.html",
        found,
        form,
        held.title,
        offered=[],
        chosen="",
        adds=False,
    )


def _form_page(
    request: SignedInRequest,
    template: str,
    found: PlanView,
    form: Form,
    heading: str,
    **more: object,
) -> HttpResponse:
    """Show a form of a plan: to be filled in, or again with what was refused."""
    context = {
        "crumbs": _crumbs(found, heading),
        "heading": heading,
        "plan": found,
        "form": form,
    }
    return render(request, template, context | more, status=422 if form.errors else 200)


def _try(form: Form, act: Any) -> bool:
    """Do it; say beside the form why it was refused."""
    try:
        act()
    except PersonalRefused as refused:
        words = str(REFUSALS[refused.code])
        if refused.code == "weights":
            words = f"{words} ({refused.detail.partition(' ')[2]})"
        form.add_error(None, words)
        return False
    except PersonalMovedOn:
        form.add_error(None, _("It was changed since you opened this page. Open it again."))
        return False
    return True


def _say_moved(request: SignedInRequest) -> None:
    messages.error(request, _("It was changed since you opened this page. Open it again."))


def _actor(request: SignedInRequest, found: PlanView | None = None) -> Actor:
    return request.standing.actor(found.post if found else None)


def _side(found: PlanView) -> Side | None:
    return found.side or None


def _edition(request: SignedInRequest) -> int:
    asked = request.POST.get("edition", "")
    return int(asked) if asked.isdecimal() else -1


def _written(line: LineView) -> dict[str, Any]:
    return {
        "hangs_on": f"{line.framework}|{line.indicator}" if line.framework else "",
        "title": line.title,
        "unit": line.unit,
        "weight": line.weight,
        "measured": line.measured,
    } | {f"level-{number}": text for number, text in enumerate(line.levels, start=1)}


def _first_values(found: PlanView, lines: list[LineView]) -> dict[str, Any]:
    """What a form of assessing begins with: what was said before, else what the person said."""
    initial: dict[str, Any] = {}
    for line in lines:
        mine = line.self_result if line.measured else line.self_level
        heads = line.result if line.measured else line.level
        value = mine if found.side == "person" or heads is None else heads
        if value is not None:
            initial[f"value-{line.id}"] = value
        initial[f"words-{line.id}"] = line.self_words if found.side == "person" else line.words
    return initial


def _way(*more: tuple[object, str | None]) -> Crumbs:
    return [(_("My targets"), reverse("personal")), *more]


def _crumbs(found: PlanView, heading: str = "") -> Crumbs:
    way: Crumbs = _way()
    if not found.is_own:
        address = f"{reverse('personal-team')}?year={found.fiscal_year}&round={found.number}"
        way = [(_("My team"), address)]
    name = round_words(found.fiscal_year, found.number) if found.is_own else found.name
    if not heading:
        return [*way, (name, None)]
    return [*way, (name, reverse("personal-plan", args=[found.id])), (heading, None)]
