"""Reporting by hand: the grid of what an office owes in a round, and each indicator by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.evidence.attached import attached_to
from tiddao.evidence.subjects import find_subject
from tiddao.indicators import wording
from tiddao.indicators.actions.conflicts import ConflictGone, keep_conflict, settle_conflict
from tiddao.indicators.actions.reported_rows import ResultRow, ResultsRefused
from tiddao.indicators.actions.reporting import ResultMovedOn, report_results, submit_drafts
from tiddao.indicators.actions.revisions import RoundNotOpen
from tiddao.indicators.forms.entry import EntryForm, initial_of
from tiddao.indicators.models import EntryConflict, ResultState, Round, Version
from tiddao.indicators.queries.entry import (
    SUBJECT,
    ConflictView,
    EntryLine,
    EntrySheet,
    entry_sheet,
    reported_of,
    reporting_rounds,
    subject_key,
    value_in,
    waiting_conflict,
)
from tiddao.indicators.queries.frameworks import (
    definition_of,
    find_round,
    version_of,
)
from tiddao.indicators.queries.late import takes_reports
from tiddao.indicators.queries.stars import ResultView
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.questions import Question, questions
from tiddao.indicators.rules.scoring import Reported
from tiddao.indicators.surroundings import account_names
from tiddao.indicators.views.explained import reported_words
from tiddao.indicators.workload import deadline_words, open_rounds
from tiddao.kernel.numerals import rounded
from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places.queries import Unit, in_language

STATE_KIND: Mapping[str, str] = {
    "draft": "warn",
    "submitted": "info",
    "checked": "info",
    "approved": "ok",
    "locked": "ok",
    "returned": "bad",
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One indicator of the grid, ready to show. standing_words: what counts meanwhile."""

    line: EntryLine
    form: EntryForm
    href: str
    code: str
    slug: str
    name: str
    unit: str
    state_kind: str
    state_words: str
    value_words: str
    last_words: str
    last_round: str
    target_words: str
    standing_words: str
    returned_because: str
    questions: tuple[Question, ...]
    saved: bool = False

    @property
    def is_steps(self) -> bool:
        return "steps" in self.form.parts


@dataclass(frozen=True, slots=True)
class RoundToReport:
    """An open round in which the place reports."""

    title: str
    name: str
    href: str
    deadline: str


class Opened(NamedTuple):
    """A round as the office has it open, with the version in force."""

    one: Round
    version: Version
    sheet: EntrySheet

    def href(self, name: str = "entry", *more: Any) -> str:
        return reverse(name, args=[self.sheet.unit.key, self.one.pk, *more])


# -- pages ----------------------------------------------------------------------------------------


@require_GET
def rounds_to_report(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the open rounds in which the place reports; with one alone, go straight there."""
    unit = _place(request, key)
    open_now = open_rounds({key})
    reporting = reporting_rounds([each.view.id for each in open_now], unit)
    rows = [
        RoundToReport(
            title=in_language(each.framework_title_th, each.framework_title_en),
            name=each.view.name,
            href=reverse("entry", args=[key, each.view.id]),
            deadline=deadline_words(each.view.closes, request.standing.on),
        )
        for each in open_now
        if each.view.id in reporting
    ]
    if len(rows) == 1:
        return redirect(rows[0].href)
    context = {"unit": unit, "rounds": rows, "crumbs": _crumbs(unit, None)}
    return render(request, "indicators/entry_rounds.html", context)


@require_GET
def entry(request: SignedInRequest, key: str, round_id: int) -> HttpResponse:
    """Show the grid: every indicator that the office reports, with what it reported last."""
    unit = _place(request, key)
    opened = _opened(unit, round_id)
    rows = [_row(opened, line) for line in opened.sheet.lines]
    return render(
        request,
        "indicators/entry.html",
        _frame(request, opened) | {"blocks": _by_dimension(rows), "crumbs": _crumbs(unit, opened)},
    )


@require_http_methods(["GET", "POST"])
def entry_indicator(
    request: SignedInRequest, key: str, round_id: int, indicator: str
) -> HttpResponse:
    """One indicator by itself, for a phone: what is asked, the figures, proof, the next one."""
    unit = _place(request, key)
    if request.method == "POST":
        return _save(request, unit, round_id, indicator)
    opened, line = _opened_line(unit, round_id, indicator)
    row = _row(opened, line)
    if request.GET.get("use") == "last" and line.last is not None:
        row = replace(row, form=_form(opened.sheet, line, line.last.report))
    return _show_indicator(request, opened, row)


@require_http_methods(["GET", "POST"])
def entry_conflict(
    request: SignedInRequest, key: str, round_id: int, conflict: int
) -> HttpResponse:
    """Two people wrote the same result: show both, and let the second one choose."""
    unit = _place(request, key)
    opened = _opened(unit, round_id)
    found = waiting_conflict(conflict, round_id, unit.key, by=request.standing.reference)
    line = opened.sheet.line(found.indicator) if found else None
    if found is None or line is None:
        raise Http404
    _reporter(request, unit)
    if request.method == "POST":
        return _settle(request, opened, line, found)
    theirs = line.current
    return render(
        request,
        "indicators/entry_conflict.html",
        _frame(request, opened)
        | {
            "line": line,
            "name": in_language(line.indicator.name_th, line.indicator.name_en),
            "mine": reported_words(line.indicator, _proposed(found)),
            "theirs": reported_words(line.indicator, theirs) if theirs else "",
            "theirs_by": account_names([theirs.by]).get(theirs.by, theirs.by) if theirs else "",
            "theirs_at": theirs.known_at if theirs else None,
            "crumbs": _crumbs(unit, opened, line),
        },
    )


@require_POST
def entry_submit(request: SignedInRequest, key: str, round_id: int) -> HttpResponse:
    """Hand in every draft of the office."""
    unit = _place(request, key)
    opened = _opened(unit, round_id)
    by = _reporter(request, unit)
    try:
        done = submit_drafts(opened.one, unit.key, by=by, at=timezone.now())
    except RoundNotOpen:
        messages.error(request, _("The round is not open; nothing was changed."))
    else:
        if done:
            said = ngettext("%(n)s result handed in.", "%(n)s results handed in.", done)
            messages.success(request, said % {"n": done})
        else:
            messages.warning(request, _("There was no draft to hand in."))
    return redirect(opened.href())


# -- saving ---------------------------------------------------------------------------------------


def _save(request: SignedInRequest, unit: Unit, round_id: int, code: str) -> HttpResponse:
    """Keep what was typed: the busiest write of all, so the sheet is read only where it is shown."""
    by = _reporter(request, unit)
    one, version = _round_and_version(round_id)
    indicator = next(
        (each for each in definition_of(version).indicators if each.code == code), None
    )
    if indicator is None:
        raise Http404
    form = EntryForm(indicator, request.POST)
    if form.is_valid():
        row = ResultRow(
            unit.key,
            code,
            form.report,
            not_applicable=form.cleaned_data["not_applicable"],
            narrative=form.cleaned_data["narrative"],
            expected_revision=form.cleaned_data["revision"],
            under=form.cleaned_data["version"],
        )
        at = timezone.now()
        handed_in = request.POST.get("then") == "send"
        state = ResultState.SUBMITTED if handed_in else ResultState.DRAFT
        try:
            report_results(one, [row], by=by, at=at, state=state)
        except ResultMovedOn as moved:
            kept = keep_conflict(one, moved, by=by, at=at)
            return _go(request, reverse("entry-conflict", args=[unit.key, one.pk, kept.pk]))
        except ResultsRefused as refused:
            for each in refused.rows:
                form.add_error(each.part if each.part in form.fields else None, each.message_th)
        except RoundNotOpen:
            form.add_error(None, _("The round is not open; nothing was saved."))
        else:
            return _saved(request, unit, one, code, handed_in=handed_in)
    opened, line = _opened_line(unit, round_id, code)
    refused_row = replace(_row(opened, line), form=form)
    if request.htmx:
        context = {"row": refused_row, "sheet": opened.sheet, "may_report": True}
        return render(request, "indicators/_entry_row.html", context | {"with_sums": False})
    return _show_indicator(request, opened, refused_row, status=422)


def _saved(
    request: SignedInRequest, unit: Unit, one: Round, code: str, *, handed_in: bool
) -> HttpResponse:
    if request.htmx:
        opened, line = _opened_line(unit, one.pk, code)
        context = {
            "row": replace(_row(opened, line), saved=True),
            "sheet": opened.sheet,
            "may_report": True,
            "with_sums": True,
        }
        return render(request, "indicators/_entry_row.html", context)
    said = _("Handed in: %(code)s.") if handed_in else _("Saved as a draft: %(code)s.")
    messages.success(request, said % {"code": code})
    then = request.POST.get("then", "")
    if then == "next":
        opened, _line = _opened_line(unit, one.pk, code)
        after = _next(opened.sheet, code)
        return redirect(opened.href("entry-indicator", after) if after else opened.href())
    if then in {"stay", "send"}:
        return redirect("entry-indicator", unit.key, one.pk, code)
    return redirect(f"{reverse('entry', args=[unit.key, one.pk])}#row-{_slug(code)}")


def _settle(
    request: SignedInRequest, opened: Opened, line: EntryLine, found: ConflictView
) -> HttpResponse:
    by, at = _reporter(request, opened.sheet.unit), timezone.now()
    choice = request.POST.get("choice", "")
    if choice not in EntryConflict.Choice.values:
        messages.warning(request, _("Choose one of the two."))
        return redirect(opened.href("entry-conflict", found.id))
    if choice == EntryConflict.Choice.MINE:
        mine = _proposed(found)
        row = ResultRow(
            opened.sheet.unit.key,
            found.indicator,
            reported_of(mine),
            not_applicable=mine.not_applicable,
            narrative=mine.narrative,
            expected_revision=line.revision,
        )
        try:
            report_results(opened.one, [row], by=by, at=at, state=ResultState.DRAFT)
        except ResultMovedOn as moved:  # once more, by a third hand or the first one
            settle_conflict(found.id, EntryConflict.Choice.THEIRS, by=by, at=at)
            kept = keep_conflict(opened.one, moved, by=by, at=at)
            return redirect(opened.href("entry-conflict", kept.pk))
        except (ResultsRefused, RoundNotOpen):
            messages.error(request, _("It cannot be saved any more; fill it in once again."))
            return redirect(opened.href("entry-indicator", found.indicator))
    try:
        settle_conflict(found.id, choice, by=by, at=at)
    except ConflictGone:
        raise Http404 from None
    messages.success(request, _("Your choice is kept."))
    return redirect(opened.href("entry-indicator", found.indicator))


def _proposed(found: ConflictView) -> ResultView:
    """What the second person wrote, in the shape of a result."""
    said = cast("dict[str, Any]", found.proposed)

    def number(name: str) -> Decimal | None:
        return Decimal(said[name]) if said.get(name) is not None else None

    return ResultView(
        id=0,
        place="",
        place_name="",
        indicator=found.indicator,
        state="draft",
        not_applicable=bool(said.get("not_applicable")),
        numerator=number("numerator"),
        denominator=number("denominator"),
        steps=tuple(said["steps"]) if said.get("steps") is not None else None,
        self_score=number("self_score"),
        checked_score=number("checked_score"),
        narrative=str(said.get("narrative", "")),
        part_numerator=None,
        part_denominator=None,
        revision=0,
        known_at=timezone.now(),
        by="",
        post="",
        source="form",
    )


# -- what is shown --------------------------------------------------------------------------------


def _show_indicator(
    request: SignedInRequest, opened: Opened, row: EntryRow, *, status: int = 200
) -> HttpResponse:
    sheet = opened.sheet
    subject = find_subject(SUBJECT, subject_key(opened.one.pk, sheet.unit.key, row.code))
    codes = [each.indicator.code for each in sheet.lines]
    number = codes.index(row.code) + 1
    before = codes[number - 2] if number > 1 else None
    after = codes[number] if number < len(codes) else None
    return render(
        request,
        "indicators/entry_indicator.html",
        _frame(request, opened)
        | {
            "row": row,
            "number": number,
            "of": len(codes),
            "before": opened.href("entry-indicator", before) if before else "",
            "after": opened.href("entry-indicator", after) if after else "",
            "attached": attached_to(request.standing, SUBJECT, subject) if subject else None,
            "crumbs": _crumbs(sheet.unit, opened, row.line),
        },
        status=status,
    )


def _row(opened: Opened, line: EntryLine) -> EntryRow:
    indicator, current = line.indicator, line.current
    report = reported_of(current) if current else None
    state = current.state if current else ""
    return EntryRow(
        line=line,
        form=_form(opened.sheet, line, report),
        href=opened.href("entry-indicator", indicator.code),
        code=indicator.code,
        slug=_slug(indicator.code),
        name=in_language(indicator.name_th, indicator.name_en),
        unit=in_language(indicator.unit_th, indicator.unit_en),
        state_kind=STATE_KIND.get(state, "nodata"),
        state_words=str(wording.RESULT_STATE_WORDS[state]) if state else _("Not reported"),
        value_words=_amount(indicator, line.value),
        last_words=_amount(indicator, line.last.value if line.last else None),
        last_round="" if line.last is None else _last_round(line),
        target_words=_amount(indicator, line.target.value if line.target else None),
        standing_words=_standing_words(indicator, line.stands),
        returned_because=current.source.partition(" ← ")[2]
        if current and state == ResultState.RETURNED
        else "",
        questions=questions(indicator, report, line.last.report)
        if report is not None and line.value is not None and line.last is not None
        else (),
    )


def _form(sheet: EntrySheet, line: EntryLine, report: Reported | None) -> EntryForm:
    current = line.current
    shown = initial_of(
        line.indicator,
        report,
        not_applicable=current.not_applicable if current else False,
        narrative=current.narrative if current else "",
    )
    return EntryForm(
        line.indicator, initial=shown | {"revision": line.revision, "version": sheet.version}
    )


def _amount(indicator: IndicatorDefinition, value: Decimal | None) -> str:
    return "" if value is None else indicator.amount_th(rounded(value, 2))


def _last_round(line: EntryLine) -> str:
    assert line.last is not None
    return f"{in_language(line.last.round_th, line.last.round_en)} {line.last.fiscal_year}"


def _standing_words(indicator: IndicatorDefinition, stands: ResultView | None) -> str:
    if stands is None:
        return ""
    value = value_in(indicator, reported_of(stands))
    return _amount(indicator, value) or reported_words(indicator, stands)


def _by_dimension(rows: Sequence[EntryRow]) -> list[tuple[str, list[EntryRow]]]:
    blocks: list[tuple[str, list[EntryRow]]] = []
    for row in rows:
        dimension = row.line.dimension
        title = f"{dimension.code} {in_language(dimension.name_th, dimension.name_en)}"
        if not blocks or blocks[-1][0] != title:
            blocks.append((title, []))
        blocks[-1][1].append(row)
    return blocks


def _frame(request: SignedInRequest, opened: Opened) -> dict[str, Any]:
    one, sheet = opened.one, opened.sheet
    is_open = takes_reports(one, sheet.unit.key, on=request.standing.on)
    return {
        "sheet": sheet,
        "unit": sheet.unit,
        "round": sheet.round,
        "title": in_language(sheet.title_th, sheet.title_en),
        "deadline": _deadline(one, request) if is_open else "",
        "is_open": is_open,
        "may_report": is_open and request.standing.may("report_result", sheet.unit.key),
        "may_import": is_open and request.standing.may("import_results", sheet.unit.key),
        "grid_href": opened.href(),
        "submit_href": opened.href("entry-submit"),
        "share": Decimal(sheet.reported * 100) / len(sheet.lines),
    }


def _deadline(one: Round, request: SignedInRequest) -> str:
    if one.state != Round.State.OPEN:
        return _("The round is closed; this office was let in late.")
    return deadline_words(one.closes, request.standing.on)


def _slug(code: str) -> str:
    return code.replace(".", "-")


def _next(sheet: EntrySheet, code: str) -> str | None:
    """The next indicator that is neither reported nor drafted, from this one on."""
    codes = [each.indicator.code for each in sheet.lines]
    here = codes.index(code)
    for each in (*sheet.lines[here + 1 :], *sheet.lines[:here]):
        if not each.is_reported and not each.is_draft:
            return each.indicator.code
    return None


def _go(request: HttpRequest, href: str) -> HttpResponse:
    """Lead to another page, also from within a page that htmx keeps."""
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": href})
    return HttpResponseRedirect(href)


def _crumbs(
    unit: Unit, opened: Opened | None, line: EntryLine | None = None
) -> list[tuple[str, str | None]]:
    place = (unit.full_name, reverse("place", args=[unit.key]))
    if opened is None:
        return [place, (_("Report"), None)]
    shown = opened.sheet.round
    title = _("Report %(round)s") % {"round": f"{shown.name} {shown.fiscal_year}"}
    if line is None:
        return [place, (title, None)]
    return [place, (title, opened.href()), (line.indicator.code, None)]


# -- what is asked for ----------------------------------------------------------------------------


def _place(request: SignedInRequest, key: str) -> Unit:
    unit = visible_unit_or_404(request, key)
    if unit.is_group:
        raise Http404
    return unit


def _reporter(request: SignedInRequest, unit: Unit) -> Actor:
    return request.standing.actor(require(request, "report_result", unit.key))


def _round_and_version(round_id: int) -> tuple[Round, Version]:
    one = find_round(round_id)
    version = version_of(one) if one else None
    if one is None or version is None:
        raise Http404
    return one, version


def _opened(unit: Unit, round_id: int) -> Opened:
    one, version = _round_and_version(round_id)
    sheet = entry_sheet(one, version, unit)
    if sheet is None:
        raise Http404
    return Opened(one, version, sheet)


def _opened_line(unit: Unit, round_id: int, code: str) -> tuple[Opened, EntryLine]:
    opened = _opened(unit, round_id)
    line = opened.sheet.line(code)
    if line is None:
        raise Http404
    return opened, line
