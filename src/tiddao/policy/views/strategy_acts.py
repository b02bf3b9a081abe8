"""Acts on a strategy as a whole: beginning, a new version, the next year, checking, publishing; and
hanging a directive on a key mission.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import HeldPost, SignedInRequest
from tiddao.policy.actions.handing_down import DirectiveRefused
from tiddao.policy.actions.strategy import (
    Handing,
    StrategyMovedOn,
    StrategyRefused,
    answer_point,
    begin_strategy,
    carry_strategy_forward,
    new_strategy_version,
    publish_strategy,
)
from tiddao.policy.actions.strategy_links import hang_directive, take_directive_off
from tiddao.policy.forms.directives import ReasonForm
from tiddao.policy.forms.strategy import (
    REFUSALS,
    BeginForm,
    ForwardForm,
    HangForm,
    PointsForm,
    PublishForm,
)
from tiddao.policy.queries.directives import DirectiveView
from tiddao.policy.queries.receivers import offices_of
from tiddao.policy.queries.strategy.access import PUBLISH, WRITE, post_of_office, post_that_checks
from tiddao.policy.queries.strategy.behind import policies_behind_directive
from tiddao.policy.queries.strategy.missions import missions_offered
from tiddao.policy.queries.strategy.view import StrategyView
from tiddao.policy.rules.receivers import Choice
from tiddao.policy.views.pieces import (
    directive_crumbs,
    directive_or_404,
    following_post,
    refusal_words,
    sender_of,
)
from tiddao.policy.views.strategy import strategy_crumbs, strategy_or_404


@require_http_methods(["GET", "POST"])
def strategy_new(request: SignedInRequest) -> HttpResponse:
    """Begin the strategy of a fiscal year."""
    posts = _writing_posts(request)
    offices = [(post.office_code, post.office_name) for post in posts.values()]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() else FiscalYear.of(request.standing.on).be
    form = BeginForm(
        request.POST or None,
        offices=offices,
        initial={"year": year, "office": offices[0][0], "title": _first_title(offices[0], year)},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = begin_strategy(
                said["office"],
                said["year"],
                said["title"],
                by=request.standing.actor(posts[said["office"]]),
                at=timezone.now(),
            )
        except StrategyRefused as refused:
            say(refused, form)
        else:
            messages.success(request, _("Begun. Write the sources and the key missions now."))
            return redirect("strategy-draft", made.pk)
    heading = _("Begin a strategy of a fiscal year")
    return _act(request, form, heading, _("Begin"), strategy_crumbs((heading, None)))


@require_http_methods(["GET", "POST"])
def strategy_new_version(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Begin the next version of what is published."""
    found = strategy_or_404(request, version_id)
    post = office_post(request, found, WRITE)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = new_strategy_version(
                version_id,
                reason=form.cleaned_data["reason"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except StrategyRefused as refused:
            say(refused, form)
        else:
            messages.success(request, _("What is published stays in force until the draft is out."))
            return redirect("strategy-draft", made.pk)
    heading = _("Begin a new version")
    return _act(request, form, heading, _("Begin"), _crumbs(found, heading), note=found.line.title)


@require_http_methods(["GET", "POST"])
def strategy_forward(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Carry what is published into a later year, saying what is left out and why."""
    found = strategy_or_404(request, version_id)
    post = office_post(request, found, WRITE)
    form = ForwardForm(
        request.POST or None,
        parts=[*found.sources, *found.missions],
        initial={"year": found.line.fiscal_year + 1},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = carry_strategy_forward(
                version_id,
                form.cleaned_data["year"],
                left_out=form.left_out,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except StrategyRefused as refused:
            say(refused, form)
        else:
            messages.success(request, _("Carried forward. Look through the draft and publish it."))
            return redirect("strategy-draft", made.pk)
    heading = _("Carry into a later year")
    context = {
        "crumbs": _crumbs(found, heading),
        "heading": heading,
        "strategy": found,
        "form": form,
        "rows": form.rows(),
    }
    return render(
        request, "policy/strategy_forward.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def strategy_points(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Answer the four points of a province's direction."""
    found = strategy_or_404(request, version_id)
    if not found.is_direction or not found.is_draft:
        raise Http404
    post = post_that_checks(request.standing, found.line.place)
    if post is None:
        raise PermissionDenied
    wrote = request.standing.reference in found.writers
    form = PointsForm(request.POST or None, initial={"edition": found.edition})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            for point, meets, words in form.answers:
                answer_point(
                    version_id,
                    point,
                    meets=meets,
                    words=words,
                    edition=form.cleaned_data["edition"],
                    by=request.standing.actor(post),
                    at=timezone.now(),
                )
        except StrategyRefused as refused:
            say(refused, form)
        except StrategyMovedOn:
            say_moved_on(form)
            status = 409
        else:
            messages.success(request, _("Your words are kept with your name and the moment."))
            return redirect("strategy-points", version_id)
    heading = _("Check of the four points")
    context = {
        "crumbs": _crumbs(found, heading),
        "heading": heading,
        "strategy": found,
        "form": form,
        "rows": list(zip(found.points, form.rows(), strict=True)),
        "wrote": wrote,
        "may_publish": bool(post_of_office(request.standing, PUBLISH, found.line.office)),
    }
    if form.errors and status == 200:
        status = 422
    return render(request, "policy/strategy_points.html", context, status=status)


@require_http_methods(["GET", "POST"])
def strategy_publish(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Publish a draft, and hand it down to be acknowledged."""
    found = strategy_or_404(request, version_id)
    if not found.is_draft:
        raise Http404
    post = office_post(request, found, PUBLISH)
    level = "district" if found.is_direction else "province"
    offices = [
        office
        for office in offices_of(
            Choice(frozenset({level}), (found.line.place,)),
            scope=post.roots,
            on=request.standing.on,
        )
        if office.code != found.line.office
    ]
    form = PublishForm(request.POST or None, initial={"edition": found.edition, "send": True})
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        handing = None
        if said["send"] and offices:
            handing = Handing(
                receivers=[office.code for office in offices],
                title=_("Acknowledge: %(title)s") % {"title": found.line.title},
                text=_("Read it and acknowledge: %(address)s")
                % {"address": request.build_absolute_uri(reverse("strategy-version", args=[version_id]))},
                due_on=said["due_on"],
            )  # fmt: skip
        try:
            publish_strategy(
                version_id,
                edition=said["edition"],
                sender=sender_of(post),
                handing=handing,
                on=request.standing.on,
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except StrategyRefused as refused:
            say(refused, form)
        except DirectiveRefused as refused:
            form.add_error(
                "due_on" if refused.field == "due_on" else None, refusal_words(refused.code)
            )
        except StrategyMovedOn:
            say_moved_on(form)
            status = 409
        else:
            messages.success(
                request, _("Published. From now on it is changed by new versions alone.")
            )
            return redirect("strategy-version", version_id)
    heading = _("Publish")
    context = {
        "crumbs": _crumbs(found, heading),
        "heading": heading,
        "strategy": found,
        "form": form,
        "offices": offices,
    }
    if form.errors and status == 200:
        status = 422
    return render(request, "policy/strategy_publish.html", context, status=status)


# -- directives on missions ------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def directive_mission(request: SignedInRequest, directive_id: int) -> HttpResponse:
    """Hang a directive on a key mission of its year."""
    found = directive_or_404(request, directive_id)
    post = following_post(found)
    missions = missions_offered(
        request.standing, place=found.line.place, year=found.line.fiscal_year
    )
    form = HangForm(request.POST or None, missions=missions)
    if request.method == "POST" and form.is_valid():
        try:
            hang_directive(
                directive_id,
                form.cleaned_data["mission"],
                by=request.standing.actor(post),
                at=timezone.now(),
            )
        except StrategyRefused as refused:
            say(refused, form)
        else:
            messages.success(request, _("The directive now stands under the key mission."))
            return redirect("directive", directive_id)
    heading = _("Under a key mission")
    context = {
        "crumbs": _directive_crumbs(found, heading),
        "heading": heading,
        "directive": found,
        "form": form,
        "missions": missions,
        "strategy_place": found.line.place,
    }
    return render(
        request, "policy/directive_mission.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def directive_mission_off(
    request: SignedInRequest, directive_id: int, hanging_id: int
) -> HttpResponse:
    """Take a directive off a key mission, with the reason."""
    found = directive_or_404(request, directive_id)
    post = following_post(found)
    behind = next(
        (
            each
            for each in policies_behind_directive(directive_id, request.standing)
            if each.hanging_id == hanging_id
        ),
        None,
    )
    if behind is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_directive_off(
            hanging_id,
            reason=form.cleaned_data["reason"],
            by=request.standing.actor(post),
            at=timezone.now(),
        )
        messages.success(request, _("The directive stands under this key mission no more."))
        return redirect("directive", directive_id)
    heading = _("Take off the key mission")
    return _act(
        request, form, heading, heading, _directive_crumbs(found, heading), note=behind.mission
    )


# -- shared ----------------------------------------------------------------------------------------


def office_post(request: SignedInRequest, found: StrategyView, act: str) -> HeldPost:
    """Return the post of the strategy's own office for the act. Raises PermissionDenied."""
    post = post_of_office(request.standing, act, found.line.office)
    if post is None:
        raise PermissionDenied
    return post


def say(refused: StrategyRefused, form: Form) -> None:
    """Put a refusal beside the field that it is about."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, str(REFUSALS[refused.code]))


def say_moved_on(form: Form) -> None:
    """Tell the person that somebody else saved the draft meanwhile."""
    form.add_error(
        None, _("Somebody else saved the draft since you opened this page. Open it again.")
    )


# -- pieces ----------------------------------------------------------------------------------------


def _writing_posts(request: SignedInRequest) -> dict[str, HeldPost]:
    """By office, the posts under which the person may write a strategy. Raises PermissionDenied."""
    found = {}
    for each in request.standing.posts:
        post = post_of_office(request.standing, WRITE, each.office_code)
        if post is not None:
            found[each.office_code] = post
    if not found:
        raise PermissionDenied
    return found


def _first_title(office: tuple[str, str], year: int) -> str:
    """The usual title of the year's paper."""
    code, name = office
    if code == "CDD":
        return _("Strategic issues of the department, fiscal year %(year)d") % {"year": year}
    return _("Direction and compass of %(office)s, fiscal year %(year)d") % {
        "office": name, "year": year,
    }  # fmt: skip


def _act(
    request: SignedInRequest,
    form: Form,
    heading: str,
    button: str,
    crumbs: list[tuple[object, str | None]],
    *,
    note: str = "",
) -> HttpResponse:
    context = {"crumbs": crumbs, "heading": heading, "form": form, "button": button, "note": note}
    return render(request, "policy/act.html", context, status=422 if form.errors else 200)


def _crumbs(found: StrategyView, heading: str) -> list[tuple[object, str | None]]:
    return strategy_crumbs(
        (found.line.title, reverse("strategy-version", args=[found.line.id])), (heading, None)
    )


def _directive_crumbs(found: DirectiveView, heading: str) -> list[tuple[object, str | None]]:
    return directive_crumbs(
        (found.line.title, reverse("directive", args=[found.line.id])), (heading, None)
    )
