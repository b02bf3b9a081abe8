"""Our books beside the treasury's figure: what differs, why, and what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiddao.budget.actions.reconciliation import NoteRefused, end_note, note_difference
from tiddao.budget.forms.reconciliation import (
    BASIS_WORDS,
    LINE_WORDS,
    REASON_WORDS,
    SPENDING_WORDS,
    ComparisonForm,
    EndNoteForm,
    NoteForm,
)
from tiddao.budget.queries.reconciliation import (
    NoteView,
    ReconciledRow,
    Reconciliation,
    find_note,
    lines_of,
    reconciliation,
    report_choices,
)
from tiddao.budget.rules.reconciling import Comparison, Line
from tiddao.kernel.dates import format_medium
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places.models import NATION, Level
from tiddao.places.queries import Unit
from tiddao.ui.registry import Words

ACT = "reconcile_books"


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A reason with its words. end_href: "" where the reader may not take it back."""

    note: NoteView
    reason: Words
    end_href: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A compared figure with its words and status."""

    basis: Words
    spending: Words
    base: Comparison
    amount: Comparison
    cell: str
    status: str
    status_words: str
    notes: tuple[ShownNote, ...]


@require_GET
def page(request: SignedInRequest, key: str) -> HttpResponse:
    """Show both sides for one weekly report and one line of it."""
    unit = _unit_or_404(request, key)
    return _page(request, unit, NoteForm())


@require_POST
def add_note(request: SignedInRequest, key: str) -> HttpResponse:
    """Write down a reason for a part of a difference."""
    unit = _unit_or_404(request, key)
    by = request.standing.actor(require(request, ACT, unit.key))
    as_of, line = _chosen(request, unit)
    if as_of is None:
        raise Http404
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, unit, form, status=422)
    said = form.cleaned_data
    try:
        note_difference(
            unit.key,
            as_of,
            line=line,
            basis=said["basis"],
            spending=said["spending"],
            reason=said["reason"],
            amount=said["amount"],
            words=said["words"],
            document=said["document"],
            by=by,
            at=timezone.now(),
        )
    except NoteRefused as refused:
        form.add_error("amount", _refused_words(refused.code))
        return _page(request, unit, form, status=422)
    messages.success(request, _("The reason is noted."))
    return redirect(_address(unit.key, as_of, line))


@require_http_methods(["GET", "POST"])
def withdraw_note(request: SignedInRequest, key: str, note_id: int) -> HttpResponse:
    """Ask why, then take a reason back."""
    unit = _unit_or_404(request, key)
    by = request.standing.actor(require(request, ACT, unit.key))
    found = find_note(note_id)
    if found is None or found[0] != unit.key:
        raise Http404
    _place, as_of, note = found
    back = _address(unit.key, as_of, cast("Line", note.line))
    form = EndNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_note(note.id, reason=form.cleaned_data["reason"], by=by, at=timezone.now())
        except NoteRefused as refused:
            form.add_error("reason", _refused_words(refused.code))
        else:
            messages.success(request, _("The reason is withdrawn; that it was noted stays known."))
            return redirect(back)
    context = {
        "unit": unit,
        "note": _shown_note(note, ""),
        "as_of": as_of,
        "form": form,
        "back": back,
    }
    return render(
        request, "budget/reconciliation_end.html", context, status=422 if form.errors else 200
    )


# -- what is asked --------------------------------------------------------------------------------


def _unit_or_404(request: SignedInRequest, key: str) -> Unit:
    unit = visible_unit_or_404(request, key)
    if unit.is_group or unit.level not in (Level.NATION, Level.PROVINCE):
        raise Http404  # the treasury reports by province
    return unit


def _chosen(request: SignedInRequest, unit: Unit) -> tuple[date | None, Line]:
    """The report's day and the line that were asked for, else the newest and the first."""
    days = {each.as_of.isoformat(): each.as_of for each in report_choices()}
    wanted = request.GET.get("as_of", "")
    lines = lines_of(unit.key)
    line = next((each for each in lines if each == request.GET.get("line")), lines[0])
    return days.get(wanted) or next(iter(days.values()), None), line


def _address(key: str, as_of: date, line: Line) -> str:
    place = reverse("place-reconciliation", args=[key])
    return f"{place}?as_of={as_of.isoformat()}&line={line}"


def _page(
    request: SignedInRequest, unit: Unit, note_form: NoteForm, *, status: int = 200
) -> HttpResponse:
    as_of, line = _chosen(request, unit)
    lines = lines_of(unit.key)
    form = ComparisonForm(
        {"as_of": as_of.isoformat(), "line": line} if as_of else None,
    )
    form.fields["as_of"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        (each.as_of.isoformat(), format_medium(each.as_of)) for each in report_choices()
    ]
    form.fields["line"].choices = [(each, LINE_WORDS[each]) for each in lines]  # type: ignore[attr-defined]  # a ChoiceField
    found = reconciliation(unit.key, as_of, line) if as_of else None
    may = request.standing.may(ACT, unit.key)
    context = {
        "unit": unit,
        "form": form,
        "as_of": as_of,
        "line": line,
        "line_words": LINE_WORDS[line],
        "found": found,
        "rows": tuple(_shown_row(each, unit.key, may=may) for each in found.rows) if found else (),
        "partly": bool(found and found.offices_reporting < found.offices),
        "note_form": note_form,
        "may_note": may and found is not None,
        "note_action": f"{reverse('reconciliation-note', args=[unit.key])}"
        + (f"?as_of={as_of.isoformat()}&line={line}" if as_of else ""),
        "is_nation": unit.key == NATION,
        "open_rows": _open_rows(found),
    }
    return render(request, "budget/reconciliation.html", context, status=status)


# -- what is shown --------------------------------------------------------------------------------


def _open_rows(found: Reconciliation | None) -> int:
    if found is None:
        return 0
    return sum(
        1
        for each in found.rows
        if each.amount.difference is not None and not each.amount.is_settled
    )


def _shown_row(row: ReconciledRow, key: str, *, may: bool) -> ShownRow:
    status, words = _status(row.amount)
    return ShownRow(
        basis=BASIS_WORDS[row.basis],
        spending=SPENDING_WORDS[row.spending],
        base=row.base,
        amount=row.amount,
        cell=row.cell,
        status=status,
        status_words=words,
        notes=tuple(
            _shown_note(each, reverse("reconciliation-end", args=[key, each.id]) if may else "")
            for each in row.notes
        ),
    )


def _shown_note(note: NoteView, end_href: str) -> ShownNote:
    return ShownNote(note, REASON_WORDS.get(note.reason, note.reason), end_href)


def _status(compared: Comparison) -> tuple[str, str]:
    if compared.treasury is None or compared.ours is None:
        return "nodata", _("No books yet") if compared.treasury else _("Not in the report")
    if compared.difference == Decimal(0):
        return "ok", _("No difference")
    if compared.is_settled:
        return "ok", _("Explained in full")
    if compared.is_over_explained:
        return "check", _("The reasons come to more than the difference")
    if compared.explained:
        return "warn", _("Explained in part")
    return "check", _("Waiting for a reason")


def _refused_words(code: str) -> str:
    return {
        "no_amount": _("Say how many baht the reason explains."),
        "finer_than_satang": _("An amount has no more than two decimals."),
        "no_words": _("Say it in words too."),
        "no_reason": _("Say why it is withdrawn."),
        "ended": _("This reason was withdrawn already."),
        "unknown_choice": _("This is not one of the choices."),
    }[code]
