"""Issued reports of a place: the list, issuing, one report, its files, what changed, checking."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tiddao.indicators import wording
from tiddao.indicators.actions.reports import ReportRefused, Signature, issue_report
from tiddao.indicators.models import IssuedReport
from tiddao.indicators.queries.frameworks import (
    find_round,
    frameworks_for,
    rounds_of,
    years_with_frameworks,
)
from tiddao.indicators.queries.reports import (
    acts_between,
    figures_kept,
    find_by_text,
    find_report,
    report_row,
    reports_on,
    versions_between,
)
from tiddao.indicators.rules.report import Change, changes_between, sha256
from tiddao.indicators.surroundings import account_names, find_office
from tiddao.indicators.views.frame import frame_of
from tiddao.kernel.digits import to_thai
from tiddao.ledger.lines import LinesBusy
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places.queries import Unit
from tiddao.ui.context import DEMONSTRATION_MARK
from tiddao.ui.templatetags.ui import be_medium
from tiddao.ui.xlsx import attachment

_REFUSED = {
    "not_assessed": gettext_lazy("Nothing is known of this place in this round: there is nothing to report."),
    "reason_missing": gettext_lazy("A report was issued already; say why another is needed."),
    "unchanged": gettext_lazy("Nothing has changed since the last issue: it still holds."),
    "overtaken": gettext_lazy("Somebody else issued a report in this moment; see the list."),
}  # fmt: skip
_KINDS = {
    "whole": gettext_lazy("The whole"),
    "round": gettext_lazy("The round"),
    "definition": gettext_lazy("The definition"),
    "dimension": gettext_lazy("Dimension"),
    "indicator": gettext_lazy("Indicator"),
    "below": gettext_lazy("Place below"),
}
_LONGEST = 200


class IssueForm(forms.Form):
    """Which round to report on, and why once more."""

    round = forms.ChoiceField(label=gettext_lazy("Round"))
    reason = forms.CharField(
        label=gettext_lazy("Reason for another issue"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Needed only where a report on this round was issued before."),
    )


@require_GET
def reports(request: SignedInRequest, key: str) -> HttpResponse:
    """List the reports issued on a place, and offer to issue one to those who may."""
    unit = _place_or_404(request, key)
    may_issue = request.standing.may("issue_report", unit.key)
    return _listed(request, unit, _form(unit) if may_issue else None)


def _listed(
    request: SignedInRequest, unit: Unit, form: IssueForm | None, status: int = 200
) -> HttpResponse:
    context = {
        "page": frame_of(request, unit, None, None, None),
        "rows": reports_on(unit.key),
        "form": form,
        "check_href": reverse("report-check"),
    }
    return render(request, "indicators/reports.html", context, status=status)


@require_POST
def report_issue(request: SignedInRequest, key: str) -> HttpResponse:
    """Issue a report on a place in a round."""
    unit = _place_or_404(request, key)
    post = require(request, "issue_report", unit.key)
    form = _form(unit, request.POST)
    if not form.is_valid():
        return _listed(request, unit, form, status=422)
    one, office = find_round(int(form.cleaned_data["round"])), find_office(post.office_code)
    assert one is not None  # it is one of the choices
    assert office is not None  # the post is held there
    try:
        issued = issue_report(
            unit.key,
            one,
            signature=Signature(office, post.title),
            by=request.standing.actor(post),
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            demonstration=(settings.HOME / DEMONSTRATION_MARK).exists(),
        )
    except ReportRefused as refused:
        field = "reason" if refused.code == "reason_missing" else "round"
        form.add_error(field, str(_REFUSED[refused.code]))
        return _listed(request, unit, form, status=422)
    except LinesBusy:
        messages.warning(
            request, _("Many results are being written just now. Try again in a minute.")
        )
        return redirect("reports", unit.key)
    messages.success(request, _("Report %(number)s was issued.") % {"number": issued.number})
    return redirect("report", issued.pk)


@require_GET
def report(request: SignedInRequest, report_id: int) -> HttpResponse:
    """Show an issued report: what it said, its files and their hashes."""
    found, unit = _report_or_404(request, report_id)
    figures = figures_kept(found)
    body, paper = bytes(found.body), bytes(found.paper)
    return render(
        request,
        "indicators/report.html",
        {
            "page": frame_of(request, unit, None, None, None),
            "crumbs": _crumbs(unit, found.number),
            "row": report_row(found),
            "thai_number": to_thai(found.number),
            "figures": figures,
            "explanation": figures["explanation"],
            "intact": sha256(body) == found.body_sha256 and sha256(paper) == found.paper_sha256,
            "then_href": _then_href(found),
        },
    )


@require_GET
def report_pdf(request: SignedInRequest, report_id: int) -> HttpResponse:
    """Hand out the paper, byte for byte as it was issued."""
    found, unit = _report_or_404(request, report_id)
    return _file(found, unit, bytes(found.paper), "pdf", "application/pdf")


@require_GET
def report_json(request: SignedInRequest, report_id: int) -> HttpResponse:
    """Hand out the JSON, byte for byte as it was issued."""
    found, unit = _report_or_404(request, report_id)
    return _file(found, unit, bytes(found.body), "json", "application/json")


@require_GET
def report_changes(request: SignedInRequest, report_id: int) -> HttpResponse:
    """Show what an issue says differently from the one before, and who did what for which reason."""
    found, unit = _report_or_404(request, report_id)
    before = found.supersedes
    if before is None:
        raise Http404
    acts = acts_between(before, found)
    names = account_names([each.by for each in acts])
    changes = changes_between(figures_kept(before), figures_kept(found))
    return render(
        request,
        "indicators/report_changes.html",
        {
            "page": frame_of(request, unit, None, None, None),
            "crumbs": _crumbs(unit, _("What changed")),
            "before": report_row(before),
            "after": report_row(found),
            "changes": [
                {
                    "kind": _KINDS[each.kind],
                    "said": each,
                    "before": _side(each, each.before),
                    "after": _side(each, each.after),
                }
                for each in changes
            ],
            "acts": [
                {
                    "said": each,
                    "state": wording.word(wording.RESULT_STATE_WORDS, each.state),
                    "by": names.get(each.by, each.by),
                }
                for each in acts
            ],
            "definitions": versions_between(before, found),
        },
    )


def _side(change: Change, said: str | None) -> str:
    """Return what one of two issues says, as people read it: no code of a state, no ISO date."""
    if said is None:
        return "–"
    if (change.kind, change.code) == ("round", "state"):
        return wording.word(wording.ROUND_STATE_WORDS, said)
    if (change.kind, change.code) == ("round", "closes"):
        return be_medium(date.fromisoformat(said))
    return said


@require_GET
def report_check(request: SignedInRequest) -> HttpResponse:
    """Say which report a number or a SHA-256 belongs to, and whether a newer one took its place."""
    asked = request.GET.get("q", "").strip()[:_LONGEST].replace("\x00", "")
    found = find_by_text(_arabic(asked)) if asked else ()
    return render(
        request,
        "indicators/report_check.html",
        {
            "crumbs": [(_("Check a document"), None)],
            "asked": asked,
            "found": [
                {
                    "row": report_row(each),
                    "place": figures_kept(each)["place"]["name_th"],
                    "intact": sha256(bytes(each.body)) == each.body_sha256,
                    "href": reverse("report", args=[each.pk])
                    if request.standing.covers(each.place_id)
                    else "",
                }
                for each in found
            ],
        },
    )


# -- pieces ---------------------------------------------------------------------------------------


def _arabic(text: str) -> str:
    return text.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))


def _place_or_404(request: SignedInRequest, key: str) -> Unit:
    unit = visible_unit_or_404(request, key)
    if unit.is_group:
        raise Http404
    return unit


def _report_or_404(request: SignedInRequest, report_id: int) -> tuple[IssuedReport, Unit]:
    found = find_report(report_id)
    if found is None or not request.standing.covers(found.place_id):
        raise Http404
    unit = visible_unit_or_404(
        request, found.place_id, on=found.round.true_on, known_at=found.known_at
    )
    return found, unit


def _form(unit: Unit, data: Any = None) -> IssueForm:
    form = IssueForm(data)
    field = form.fields["round"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = _rounds(unit)
    return form


def _rounds(unit: Unit) -> list[tuple[str, str]]:
    """The rounds somebody has reported in, the newest first. Few queries a year of frameworks."""
    found = []
    for year in years_with_frameworks()[:2]:
        titles = {each.framework_id: each.title for each in frameworks_for(unit, year)}
        found += [
            (each.true_on, str(each.id), f"{each.name} {year} · {titles[each.framework_id]}")
            for each in rounds_of(titles.keys())
            if each.has_results
        ]
    return [(number, words) for _day, number, words in sorted(found, reverse=True)]


def _crumbs(unit: Unit, here: str) -> list[tuple[str, str | None]]:
    return [
        (unit.full_name, reverse("place", args=[unit.key])),
        (_("Issued reports"), reverse("reports", args=[unit.key])),
        (here, None),
    ]


def _then_href(found: IssuedReport) -> str:
    """The place's page as it was known at the report's moment."""
    framework = found.round.framework
    at = timezone.localtime(found.known_at).isoformat().replace("+", "%2B")
    return (
        reverse("place", args=[found.place_id])
        + f"?year={framework.fiscal_year}&framework={framework.code}"
        + f"&round={found.round.code}&known_at={at}"
    )


def _file(
    found: IssuedReport, unit: Unit, data: bytes, kind: str, content_type: str
) -> HttpResponse:
    number = found.number.replace("/", "-")
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = attachment(f"{number} {unit.full_name}.{kind}")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-SHA256"] = sha256(data)
    return response
