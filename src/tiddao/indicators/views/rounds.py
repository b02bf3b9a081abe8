"""One round seen from an office: who has reported, what waits, approving, opening, closing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tiddao.indicators import wording
from tiddao.indicators.actions.review import approve_results, check_results, return_results
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.actions.rounds import RoundRefused, close_round, open_round
from tiddao.indicators.forms.review import ReturnForm
from tiddao.indicators.forms.rounds import ReopenForm
from tiddao.indicators.models import Round
from tiddao.indicators.queries.frameworks import (
    FrameworkDetail,
    RoundView,
    find_round,
    framework_detail,
)
from tiddao.indicators.queries.leaves import leaves_on
from tiddao.indicators.queries.stars import ResultView, results_of
from tiddao.indicators.surroundings import children_of
from tiddao.indicators.views.frameworks import concerns
from tiddao.indicators.views.review import tell
from tiddao.indicators.workload import (
    COUNTED,
    WAITING,
    PlaceCounts,
    counts_by_place,
    deadline_words,
)
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import NATION, Level, Place
from tiddao.places.queries import Unit, full_name, in_language
from tiddao.ui.xlsx import Cell, Column, xlsx_response

NAMED = 3
"""Missing indicators named in a row of the page; the workbook names them all."""
_NOTHING = PlaceCounts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class ReportingPlace:
    """How far one place has come in a round; counts of indicators."""

    code: str
    name: str
    expected: int
    reported: int
    waiting: int
    own_waiting: int  # of those, submitted by the reader, who may not approve them
    approved: int
    returned: int
    missing: tuple[str, ...]  # code and name

    @property
    def missing_lines(self) -> tuple[str, ...]:
        """What is not reported yet, a line each: the first by name, then how many more."""
        if len(self.missing) == self.expected:
            return (_("nothing reported"),)
        more = len(self.missing) - NAMED
        if more <= 0:
            return self.missing
        return (*self.missing[:NAMED], _("and %(n)s more") % {"n": more})

    @property
    def share(self) -> Decimal:
        """Reported of expected, per cent."""
        return Decimal(self.reported * 100) / self.expected if self.expected else Decimal(0)


@dataclass(frozen=True, slots=True)
class ReportingProvince:
    """How far the offices of one province have come in a round. offices: all that are to report;
    whole: those that reported everything; silent: those that reported nothing yet. The other
    counts are of results. href: the round seen from the province; "" where the reader may not.
    """

    code: str
    name: str
    href: str
    offices: int
    whole: int
    silent: int
    expected: int
    reported: int
    waiting: int
    approved: int
    returned: int

    @property
    def share(self) -> Decimal:
        """Reported of expected, per cent."""
        return Decimal(self.reported * 100) / self.expected if self.expected else Decimal(0)


@require_GET
def round_page(request: SignedInRequest, code: str, year: int, round_code: str) -> HttpResponse:
    """Show the round: completeness by place, what waits, and the acts that the reader may do."""
    detail, view = visible_round(request, code, year, round_code)
    scope = scope_of(request, request.GET.get("scope", ""))
    places: tuple[ReportingPlace, ...] = ()
    provinces, without_office = _provinces(request, detail, view, scope)
    if not provinces:
        reports = results_of(view.id, scope, on=view.true_on)
        places = _places(request, detail, view, scope, reports)
    standing = request.standing
    scope_place = min(scope.members, default=NATION)
    owner = detail.row.owner_place
    is_open = view.state == Round.State.OPEN
    return render(
        request,
        "indicators/round.html",
        {
            "crumbs": [
                (_("Frameworks"), reverse("frameworks")),
                (detail.row.title, reverse("framework", args=[code, year])),
                (view.name, None),
            ],
            "detail": detail,
            "round": view,
            "scope": scope,
            "scope_place": scope_place,
            "places": places,
            "provinces": provinces,
            "without_office": without_office,
            "totals": _totals_of(provinces) if provinces else _totals(places),
            "deadline": deadline_words(view.closes, standing.on) if is_open else "",
            "may_check": is_open and standing.may("check_result", scope_place),
            "may_approve": is_open and standing.may("approve_results", scope_place),
            "may_open": not is_open and standing.may("open_round", owner),
            "may_close": is_open and standing.may("close_round", owner),
            "may_import": is_open
            and not scope.is_group
            and standing.may("import_results", scope_place),
            "return_form": ReturnForm(),
            "reopen_form": ReopenForm() if view.state == Round.State.CLOSED else None,
            "scopes": _scopes(request),
        },
    )


@require_GET
def round_xlsx(request: SignedInRequest, code: str, year: int, round_code: str) -> FileResponse:
    """Hand out who has reported what as a workbook."""
    detail, view = visible_round(request, code, year, round_code)
    scope = scope_of(request, request.GET.get("scope", ""))
    places = _places(request, detail, view, scope, results_of(view.id, scope, on=view.true_on))
    columns = (
        Column("code", _("Code"), width=10),
        Column("name", _("Place"), width=30),
        Column("expected", _("Indicators to report"), "integer", 14),
        Column("reported", _("Reported"), "integer", 12),
        Column("waiting", _("Waiting for approval"), "integer", 14),
        Column("approved", _("Approved"), "integer", 12),
        Column("returned", _("Returned"), "integer", 12),
        Column("share", _("Completeness"), "percent", 14),
        Column("missing", _("Not reported yet"), width=60),
    )
    rows: list[list[Cell]] = [
        [
            each.code, each.name, each.expected, each.reported, each.waiting, each.approved,
            each.returned, each.share, ", ".join(each.missing),
        ]
        for each in places
    ]  # fmt: skip
    title = _("Who has reported: %(scope)s") % {"scope": scope.full_name}
    return xlsx_response(
        f"{title} {year} {view.name}",
        title,
        columns,
        rows,
        as_of=timezone.now(),
        notes=[f"{detail.row.title} {year} · {view.name}"],
    )


@require_POST
def round_review(request: SignedInRequest, code: str, year: int, round_code: str) -> HttpResponse:
    """Check, approve or return what the chosen places submitted."""
    _detail, view = visible_round(request, code, year, round_code)
    one = find_round(view.id)
    assert one is not None  # it is on the page
    back = redirect(
        reverse("round", args=[code, year, round_code])
        + (f"?scope={request.POST['scope']}" if request.POST.get("scope") else "")
    )
    chosen = request.POST.getlist("place")
    if not chosen:
        messages.warning(request, _("No place was chosen; tick at least one."))
        return back
    act = request.POST.get("do", "")
    rights = {"check": "check_result", "approve": "approve_results", "return": "check_result"}
    if act not in rights:
        raise Http404
    posts = [require(request, rights[act], place) for place in chosen]
    by = request.standing.actor(posts[0])
    at = timezone.now()
    try:
        if act == "check":
            done = check_results(one, chosen, by=by, at=at)
        elif act == "approve":
            done = approve_results(one, chosen, by=by, at=at)
        else:
            form = ReturnForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("Say why the results go back; nothing was returned."))
                return back
            reason = form.cleaned_data["reason"]
            done = return_results(one, chosen, reason=reason, by=by, at=at)
    except RoundNotOpen:
        messages.error(request, _("The round is not open; nothing was changed."))
        return back
    tell(request, act, done)
    return back


@require_POST
def round_state(request: SignedInRequest, code: str, year: int, round_code: str) -> HttpResponse:
    """Open, reopen or close the round, in the name of the framework's owner."""
    detail, view = visible_round(request, code, year, round_code)
    one = find_round(view.id)
    assert one is not None  # it is on the page
    act = request.POST.get("do", "")
    if act not in {"open", "close"}:
        raise Http404
    post = require(request, f"{act}_round", detail.row.owner_place)
    by, at = request.standing.actor(post), timezone.now()
    back = redirect("round", code, year, round_code)
    try:
        if act == "close":
            locked = close_round(one, by=by, at=at)
            messages.success(
                request, _("Closed. %(n)s approved results are locked.") % {"n": locked}
            )
        elif view.state == Round.State.CLOSED:
            form = ReopenForm(request.POST)
            if not form.is_valid():
                messages.error(
                    request, _("A closed round opens again only with a reason and a last day.")
                )
                return back
            open_round(
                one,
                by=by,
                at=at,
                reason=form.cleaned_data["reason"],
                until=form.cleaned_data["until"],
            )
            messages.success(request, _("The round is open again."))
        else:
            open_round(one, by=by, at=at)
            messages.success(request, _("The round is open for reports."))
    except RoundRefused as refused:
        messages.error(request, wording.round_refusal(refused.code))
    return back


# -- what is asked for ----------------------------------------------------------------------------


def visible_round(
    request: SignedInRequest, code: str, year: int, round_code: str
) -> tuple[FrameworkDetail, RoundView]:
    """Return the round with its framework if it concerns the reader; raise Http404 if not."""
    detail = framework_detail(code, year)
    if detail is None or not concerns(request, detail.row):
        raise Http404
    for each in detail.rounds:
        if each.code == round_code:
            return detail, each
    raise Http404


def scope_of(request: SignedInRequest, key: str) -> Unit:
    """Return the unit asked for, or without a key the reader's own; raise Http404 out of scope."""
    if key:
        return visible_unit_or_404(request, key)
    for post in request.standing.posts:
        own = post.group_key or min(post.roots, default="")
        if own:
            return visible_unit_or_404(request, own)
    raise Http404


def _scopes(request: SignedInRequest) -> list[tuple[str, str]]:
    return [
        (post.group_key or min(post.roots, default=""), f"{post.title} {post.office_name}")
        for post in request.standing.posts
        if post.roots
    ]


def _provinces(
    request: SignedInRequest, detail: FrameworkDetail, view: RoundView, scope: Unit
) -> tuple[tuple[ReportingProvince, ...], str]:
    """Return the provinces in scope, the ones that lack most first, and the names of those where
    nobody is to report. Empty where the scope is one province, or is made of districts, or where
    provinces are themselves what is assessed: then the places are shown. Three queries.
    """
    definition, owner = detail.definition, detail.row.owner_place
    level = definition.assessed_level
    whole_provinces = all(
        tree.DIGITS[tree.level_of_code(code)] <= tree.DIGITS[Level.PROVINCE]
        for code in scope.members
    )
    if not whole_provinces or tree.DIGITS[Level(level)] <= tree.DIGITS[Level.PROVINCE]:
        return (), ""
    inside = [
        each
        for each in children_of(scope, Level.PROVINCE, on=view.true_on)
        if tree.is_within(each.code, owner)
    ]
    if len(inside) <= 1:
        return (), ""
    asked = [each.code for each in definition.indicators if each.reports_at == level]
    offices = leaves_on([view.true_on], owner_place=owner, levels={level}, roots=scope.members)
    counts = counts_by_place(view.id, asked)
    rows = [
        _province(request, each, offices[view.true_on].within({each.code}), len(asked), counts)
        for each in inside
    ]
    silent_for_good = [row.name for row in rows if not row.offices]
    reporting = [row for row in rows if row.offices]
    reporting.sort(key=lambda row: (row.share, row.code))
    return tuple(reporting), ", ".join(silent_for_good)


def _province(
    request: SignedInRequest,
    province: Place,
    offices: Iterable[str],
    asked: int,
    counts: Mapping[str, PlaceCounts],
) -> ReportingProvince:
    found = [counts.get(code, _NOTHING) for code in offices]
    return ReportingProvince(
        code=province.code,
        name=full_name(province),
        href=f"?scope={province.code}" if request.standing.covers(province.code) else "",
        offices=len(found),
        whole=sum(each.reported >= asked for each in found),
        silent=sum(not each.reported for each in found),
        expected=asked * len(found),
        reported=sum(each.reported for each in found),
        waiting=sum(each.waiting for each in found),
        approved=sum(each.approved for each in found),
        returned=sum(each.returned for each in found),
    )


def _totals_of(provinces: Sequence[ReportingProvince]) -> dict[str, Any]:
    expected = sum(each.expected for each in provinces)
    reported = sum(each.reported for each in provinces)
    return {
        "places": sum(each.offices for each in provinces),
        "silent": sum(each.silent for each in provinces),
        "whole": sum(each.whole for each in provinces),
        "expected": expected,
        "reported": reported,
        "waiting": sum(each.waiting for each in provinces),
        "approved": sum(each.approved for each in provinces),
        "share": Decimal(reported * 100) / expected if expected else None,
    }


def _places(
    request: SignedInRequest,
    detail: FrameworkDetail,
    view: RoundView,
    scope: Unit,
    reports: Sequence[ResultView],
) -> tuple[ReportingPlace, ...]:
    """Return the assessed places in scope, the ones that lack most first."""
    definition = detail.definition
    level = definition.assessed_level
    asked = {
        each.code: f"{each.code} {in_language(each.name_th, each.name_en)}"
        for each in definition.indicators
        if each.reports_at == level
    }
    found: dict[str, list[ResultView]] = defaultdict(list)
    for each in reports:
        found[each.place].append(each)
    places = children_of(scope, level, on=view.true_on)
    me = request.standing.reference
    rows = [
        _reporting(each.code, full_name(each), asked, found.get(each.code, []), me)
        for each in places
        if tree.is_within(each.code, detail.row.owner_place)
    ]
    return tuple(sorted(rows, key=lambda row: (row.share, row.code)))


def _reporting(
    code: str, name: str, asked: Mapping[str, str], reports: Sequence[ResultView], me: str
) -> ReportingPlace:
    own = [each for each in reports if each.indicator in asked]
    states = Counter(each.state for each in own)
    reported = {each.indicator for each in own if each.state in COUNTED}
    return ReportingPlace(
        code=code,
        name=name,
        expected=len(asked),
        reported=len(reported),
        waiting=sum(states[state] for state in WAITING),
        own_waiting=sum(each.state in WAITING and each.by == me for each in own),
        approved=states["approved"] + states["locked"],
        returned=states["returned"],
        missing=tuple(name for each, name in asked.items() if each not in reported),
    )


def _totals(places: Sequence[ReportingPlace]) -> dict[str, Any]:
    expected = sum(each.expected for each in places)
    reported = sum(each.reported for each in places)
    return {
        "places": len(places),
        "silent": sum(not each.reported for each in places),
        "whole": sum(each.reported >= each.expected for each in places),
        "expected": expected,
        "reported": reported,
        "waiting": sum(each.waiting for each in places),
        "approved": sum(each.approved for each in places),
        "share": Decimal(reported * 100) / expected if expected else None,
    }
