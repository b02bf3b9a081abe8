"""Completeness and timeliness of a round's reports, office by office, with the way to act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tiddao.indicators import wording
from tiddao.indicators.actions.late import (
    LateEntryRefused,
    allow_late_entry,
    end_late_entry,
)
from tiddao.indicators.forms.rounds import LateEntryForm
from tiddao.indicators.models import Round
from tiddao.indicators.queries.frameworks import FrameworkDetail, RoundView, find_round
from tiddao.indicators.queries.late import late_entries
from tiddao.indicators.queries.timeliness import PlaceReports, Timeliness, timeliness_of
from tiddao.indicators.views.rounds import scope_of, visible_round
from tiddao.people.access import SignedInRequest, require
from tiddao.ui.xlsx import Cell, Column, xlsx_response


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the way to act. href, act: where one can do something about it; "" for nowhere."""

    reports: PlaceReports
    href: str
    act: str


@require_GET
def round_timeliness(
    request: SignedInRequest, code: str, year: int, round_code: str
) -> HttpResponse:
    """Show who owes what, who handed in on time, late or not yet, and where it stands."""
    detail, view, found = _asked(request, code, year, round_code)
    way = _ways(request, detail, view, found)
    address = reverse("round", args=[code, year, round_code])
    return render(
        request,
        "indicators/timeliness.html",
        {
            "crumbs": [
                (_("Frameworks"), reverse("frameworks")),
                (detail.row.title, reverse("framework", args=[code, year])),
                (view.name, f"{address}?scope={found.unit.key}"),
                (_("Complete and on time"), None),
            ],
            "detail": detail,
            "round": view,
            "found": found,
            "rows": [Row(each, *way(each)) for each in found.rows],
            "late": late_entries(view.id, found.unit.members, on=request.standing.on),
            "late_form": _late_form(request, view, found),
            "may_end": request.standing.may("open_round"),
            "xlsx": reverse("round-timeliness-xlsx", args=[code, year, round_code])
            + f"?scope={found.unit.key}",
        },
    )


@require_POST
def late_entry(request: SignedInRequest, code: str, year: int, round_code: str) -> HttpResponse:
    """Let one office report after the round was closed, or end that."""
    _detail, view = visible_round(request, code, year, round_code)
    one = find_round(view.id)
    assert one is not None  # it is on the page
    by_hand, at = request.POST.get("place", ""), timezone.now()
    post = require(request, "open_round", by_hand)
    scope = request.POST.get("scope", "")
    back = redirect(
        reverse("round-timeliness", args=[code, year, round_code])
        + (f"?scope={scope}" if scope else "")
    )
    by = request.standing.actor(post)
    if request.POST.get("do") == "end":
        for each in late_entries(view.id, {by_hand}, on=request.standing.on):
            if each.place == by_hand and each.ended_at is None:
                locked = end_late_entry(each.id, by=by, at=at)
                said = _("Late entry ended; %(n)s approved results are locked.")
                messages.success(request, said % {"n": locked})
        return back
    form = LateEntryForm(request.POST, places=[(by_hand, by_hand)])
    if not form.is_valid():
        messages.error(request, _("An office is let in late only with a reason and a last day."))
        return back
    given = form.cleaned_data
    try:
        allow_late_entry(one, by_hand, until=given["until"], reason=given["reason"], by=by, at=at)
    except LateEntryRefused as refused:
        messages.error(request, wording.round_refusal(refused.code))
    else:
        messages.success(request, _("The office may report until that day."))
    return back


def _late_form(
    request: SignedInRequest, view: RoundView, found: Timeliness
) -> LateEntryForm | None:
    """Return the form for those who may let in the offices shown; None for others."""
    if view.state != Round.State.CLOSED or found.of_provinces:
        return None
    places = [
        (row.place, row.name) for row in found.rows if request.standing.may("open_round", row.place)
    ]
    return LateEntryForm(places=places) if places else None


@require_GET
def round_timeliness_xlsx(
    request: SignedInRequest, code: str, year: int, round_code: str
) -> FileResponse:
    """Hand out the same as a workbook."""
    detail, view, found = _asked(request, code, year, round_code)
    columns = (
        Column("code", _("Code"), width=10),
        Column("name", _("Place"), width=30),
        Column("offices", _("Offices"), "integer", 12),
        Column("owed", _("Owed"), "integer", 12),
        Column("reported", _("Reported"), "integer", 12),
        Column("on_time", _("On time"), "integer", 12),
        Column("late", _("Late"), "integer", 12),
        Column("missing", _("Missing"), "integer", 12),
        Column("submitted", _("To be checked"), "integer", 12),
        Column("checked", _("Checked"), "integer", 12),
        Column("approved", _("Approved"), "integer", 12),
        Column("returned", _("Returned"), "integer", 12),
        Column("completeness", _("Complete, per cent"), "percent", 14),
        Column("timeliness", _("On time, per cent"), "percent", 14),
    )
    rows: list[list[Cell]] = [
        [
            each.place, each.name, each.offices, each.counts.owed, each.counts.reported,
            each.counts.on_time, each.counts.late, each.counts.missing, each.counts.submitted,
            each.counts.checked, each.counts.approved, each.counts.returned,
            each.counts.completeness, each.counts.timeliness,
        ]
        for each in found.rows
    ]  # fmt: skip
    title = _("Complete and on time: %(scope)s") % {"scope": found.unit.full_name}
    return xlsx_response(
        f"{title} {year} {view.name}",
        title,
        columns,
        rows,
        as_of=timezone.now(),
        notes=[f"{detail.row.title} {year} · {view.name}"],
    )


def _asked(
    request: SignedInRequest, code: str, year: int, round_code: str
) -> tuple[FrameworkDetail, RoundView, Timeliness]:
    detail, view = visible_round(request, code, year, round_code)
    scope = scope_of(request, request.GET.get("scope", ""))
    return detail, view, timeliness_of(detail, view, scope)


def _ways(
    request: SignedInRequest, detail: FrameworkDetail, view: RoundView, found: Timeliness
) -> Callable[[PlaceReports], tuple[str, str]]:
    """Return what the reader can do about a row: decide, report, or look further down."""
    standing, is_open = request.standing, view.state == Round.State.OPEN
    here = reverse("round-timeliness", args=[detail.row.code, view.fiscal_year, view.code])

    def way(each: PlaceReports) -> tuple[str, str]:
        counts = each.counts
        to_approve = standing.may("approve_results", each.place) and (
            counts.submitted or counts.checked
        )
        to_check = standing.may("check_result", each.place) and counts.submitted
        if is_open and (to_approve or to_check):
            return reverse("review", args=[each.place, view.id]), _("Decide")
        if found.of_provinces:
            return (
                (f"{here}?scope={each.place}", _("Its offices"))
                if standing.covers(each.place)
                else ("", "")
            )
        if is_open and counts.missing and standing.may("report_result", each.place):
            return reverse("entry", args=[each.place, view.id]), _("Report")
        return "", ""

    return way
