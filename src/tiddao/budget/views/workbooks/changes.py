"""Putting a workbook right before it is taken in, taking it in, putting it aside."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import parse_qs, urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tiddao.budget.actions import workbooks as acts
from tiddao.budget.actions.workbook_acceptance import accept_workbook
from tiddao.budget.forms.workbooks import (
    DayForm,
    MeaningForm,
    MendForm,
    SheetForm,
    UnmendForm,
    VersionForm,
)
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.budget.rules.office_grid import MendMisplaced
from tiddao.budget.views.workbooks.pages import ACT, province_or_404, workbook_or_404
from tiddao.budget.views.workbooks.words import change_words
from tiddao.ledger.actors import Actor
from tiddao.people.access import SignedInRequest, require

Change = Callable[[int, dict[str, Any], Actor], str]


def _changing(
    form: type[forms.Form], anchor: str
) -> Callable[[Change], Callable[[SignedInRequest, str, int], HttpResponse]]:
    """Make a view of a change: who may, what was filled in, the change, back to where one was."""

    def made(change: Change) -> Callable[[SignedInRequest, str, int], HttpResponse]:
        @require_POST
        @wraps(change)
        def view(request: SignedInRequest, key: str, workbook_id: int) -> HttpResponse:
            unit = province_or_404(request, key)
            by = request.standing.actor(require(request, ACT, unit.key))
            workbook_or_404(unit, workbook_id)
            filled = form(request.POST)
            if not filled.is_valid():
                for words in filled.errors.values():
                    messages.error(request, str(words[0]))
            else:
                try:
                    messages.success(request, change(workbook_id, filled.cleaned_data, by))
                except (acts.WorkbookMovedOn, acts.ChangeRefused) as refused:
                    messages.error(request, str(change_words(refused.code)))
                except (WorkbookRefused, MendMisplaced) as refused:
                    messages.error(request, str(refused))
            return _back(request, key, workbook_id, anchor)

        return cast("Callable[[SignedInRequest, str, int], HttpResponse]", view)

    return made


def _back(
    request: SignedInRequest, key: str, workbook_id: int, anchor: str
) -> HttpResponseRedirect:
    asked = parse_qs(request.POST.get("back", ""))
    kept: dict[str, object] = {n: asked[n][0] for n in ("type", "page") if n in asked}
    address = reverse("place-workbook", args=[key, workbook_id])
    query = f"?{urlencode(kept)}" if kept else ""
    return redirect(f"{address}{query}{anchor}")


@_changing(MendForm, "#issues")
def mend(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Put a cell right."""
    acts.mend_cell(
        workbook_id,
        version=filled["version"],
        sheet=filled["sheet"],
        cell=filled["cell"],
        value=filled["value"],
        reason=filled["reason"],
        by=by,
        at=timezone.now(),
    )
    return _("Cell %(cell)s is mended and the workbook read again.") % {"cell": filled["cell"]}


@_changing(UnmendForm, "#mends")
def unmend(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Let a cell count as it stands in the file."""
    acts.unmend_cell(
        workbook_id,
        version=filled["version"],
        sheet=filled["sheet"],
        cell=filled["cell"],
        by=by,
        at=timezone.now(),
    )
    return _("Cell %(cell)s counts as it stands in the file.") % {"cell": filled["cell"]}


@_changing(SheetForm, "#sheets")
def sheet(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Say what a sheet is."""
    acts.change_sheet(
        workbook_id,
        version=filled["version"],
        sheet=filled["sheet"],
        kind=filled["kind"],
        category=filled["category"],
        tranche=filled["tranche"],
        by=by,
        at=timezone.now(),
    )
    return _("Sheet “%(sheet)s” is read as you said.") % {"sheet": filled["sheet"]}


@_changing(MeaningForm, "#issues")
def meaning(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Say what a head, a place or a project means."""
    acts.change_mapping(
        workbook_id,
        version=filled["version"],
        what=filled["what"],
        written=filled["written"],
        means=filled["means"],
        by=by,
        at=timezone.now(),
    )
    return _("“%(written)s” is understood as you said, next month too.") % {
        "written": filled["written"]
    }


@_changing(DayForm, "")
def day(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Say for which day the figures are true."""
    acts.set_as_of(
        workbook_id, version=filled["version"], as_of=filled["as_of"], by=by, at=timezone.now()
    )
    return _("The day is kept and the workbook compared with the books again.")


@_changing(VersionForm, "")
def again(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Read the workbook against the books as they stand now."""
    acts.read_again(workbook_id, version=filled["version"], by=by, at=timezone.now())
    return _("The workbook is compared with the books as they stand now.")


@_changing(VersionForm, "")
def accept(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Take the workbook into the books, whole or not at all."""
    done = accept_workbook(workbook_id, version=filled["version"], by=by, at=timezone.now())
    return _("Taken in: %(lines)s lines of %(offices)s offices, %(posted)s entries.") % {
        "lines": f"{done.lines:,}",
        "offices": f"{done.offices:,}",
        "posted": f"{done.posted + done.undone:,}",
    }


@_changing(VersionForm, "")
def drop(workbook_id: int, filled: dict[str, Any], by: Actor) -> str:
    """Put the workbook aside."""
    del filled  # who puts it aside needs not to have seen the latest version
    acts.drop_workbook(workbook_id, by=by, at=timezone.now())
    return _("The file was put aside; nothing was written.")
