"""Handing in an office's workbook, looking at what was understood, and the report afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.budget.actions.workbooks import ChangeRefused, receive_workbook
from tiddao.budget.forms.workbooks import HEAD_CHOICES, KIND_WORDS, DayForm, ReceiveForm
from tiddao.budget.queries.offices import office_units
from tiddao.budget.queries.workbook_export import Exported, exported_workbook
from tiddao.budget.queries.workbooks import (
    WorkbookShown,
    find_workbook,
    is_mapping_known,
    workbooks_of,
)
from tiddao.budget.rules.cgd_figures import WorkbookRefused
from tiddao.budget.rules.office_mapping import CATEGORY_TH
from tiddao.budget.views.quality_words import type_words
from tiddao.budget.views.workbooks.words import change_words, fate_words
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places.models import Level
from tiddao.places.queries import Unit
from tiddao.ui.registry import Words
from tiddao.ui.xlsx import Column, xlsx_response

ACT = "import_workbook"
ON_A_PAGE = 25
_OF_PLACES = {"UNKNOWN_PLACE", "AMBIGUOUS_PLACE", "ROW_WITHOUT_UNIT"}
_OF_SHEETS = {
    "CATEGORY_UNKNOWN", "TRANCHE_UNKNOWN", "HEAD_NOT_FOUND", "CONTEXT_CONFLICT", "DUP_TABLE",
    "SUMMARY_ONLY",
}  # fmt: skip
_OF_HEADS = {"UNKNOWN_COLUMN", "AMBIGUOUS_COLUMN"}
_OF_PROJECTS = {"DUP_PROJECT", "MONITOR_UNLINKED"}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Sums of one unit or category, in baht."""

    allotted: Decimal
    transferred: Decimal
    committed: Decimal
    disbursed: Decimal
    returned: Decimal

    @property
    def base(self) -> Decimal:
        return self.allotted + self.transferred - self.returned


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: what would be new, raised, lowered or as it was, and its sums before and after."""

    name: str
    new: int
    raised: int
    lowered: int
    unchanged: int
    by_entries: int
    unmentioned: int
    unmentioned_baht: Decimal
    left_out: int
    left_out_baht: Decimal
    before: Amounts
    after: Amounts


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue with what a person can do about it. number: tells its fields apart on the page."""

    number: int
    type: str
    words: Words
    severity: str
    sheet: str
    cell: str
    text: str
    message: str
    unit: str
    amount: Decimal | None
    mended: bool

    @property
    def is_of_place(self) -> bool:
        return self.type in _OF_PLACES and bool(self.text)

    @property
    def is_of_sheet(self) -> bool:
        return self.type in _OF_SHEETS and bool(self.sheet)

    @property
    def is_of_head(self) -> bool:
        return self.type in _OF_HEADS and bool(self.text)

    @property
    def is_of_project(self) -> bool:
        return self.type in _OF_PROJECTS and bool(self.text)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """How many issues there are of a type; href lists them."""

    words: Words
    severity: str
    count: int
    baht: Decimal
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class TotalRow:
    """What the workbook states of one category and tranche."""

    category: str
    tranche: str
    lines: int
    units: int
    sums: Amounts


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """Lines left out for one reason. unknown: of them, without a readable amount."""

    words: str
    lines: int
    baht: Decimal
    unknown: int
    once_elsewhere: bool


def province_or_404(request: SignedInRequest, key: str) -> Unit:
    """Return the province; workbooks are handed in for provinces alone."""
    unit = visible_unit_or_404(request, key)
    if unit.is_group or unit.level != Level.PROVINCE:
        raise Http404
    return unit


def workbook_or_404(unit: Unit, workbook_id: int) -> WorkbookShown:
    found = find_workbook(unit.key, workbook_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def workbooks(request: SignedInRequest, key: str) -> HttpResponse:
    """List the workbooks handed in; take one in to be read."""
    unit = province_or_404(request, key)
    year = FiscalYear.of(request.standing.on)
    may = request.standing.may(ACT, unit.key)
    form = ReceiveForm(request.POST or None, request.FILES or None, year=year)
    if request.method == "POST":
        by = request.standing.actor(require(request, ACT, unit.key))
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = receive_workbook(
                    file.read(),
                    file_name=file.name,
                    province=unit.key,
                    year=FiscalYear(form.cleaned_data["fiscal_year"]),
                    as_of=form.cleaned_data["as_of"],
                    by=by,
                    at=timezone.now(),
                )
            except WorkbookRefused as refused:
                for each in refused.findings:
                    form.add_error("file", str(each))
            except ChangeRefused as refused:
                form.add_error("as_of", str(change_words(refused.code)))
            else:
                return redirect("place-workbook", key=key, workbook_id=upload.pk)
    context = {
        "unit": unit,
        "form": form,
        "may": may,
        "uploads": workbooks_of(unit.key),
        "is_known": is_mapping_known(unit.key),
    }
    status = 422 if form.errors else 200
    return render(request, "budget/workbooks/list.html", context, status=status)


@require_GET
def workbook(request: SignedInRequest, key: str, workbook_id: int) -> HttpResponse:
    """Show what was understood, what would change, what is wrong; or what came of accepting it."""
    unit = province_or_404(request, key)
    upload = workbook_or_404(unit, workbook_id)
    may = request.standing.may(ACT, unit.key) and upload.is_open
    chosen = request.GET.get("type", "")
    report = upload.report
    units = office_units(unit.key, on=FiscalYear(upload.fiscal_year).end)
    names = {unit.key: unit.full_name, **(units.districts if units else {})}
    issues = _issues(upload, chosen)
    page: Page[Any] = Paginator(issues, ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [
        _issue_row(upload, number, each, names)
        for number, each in enumerate(page.object_list, page.start_index())
    ]
    taken = sum(report["fates"].get(each, 0) for each in ("new", "raised", "lowered", "unchanged"))
    context = {
        "unit": unit,
        "upload": upload,
        "report": report,
        "may": may,
        "can_accept": may and report["lines"] > 0 and upload.as_of is not None,
        "day_form": DayForm(initial={"as_of": upload.as_of, "version": upload.version}),
        "fates": [
            (fate_words(fate), count) for fate, count in report["fates"].items() if count
        ],
        "taken": taken,
        "totals": [_total(each) for each in report["totals"]],
        "units": [_unit_row(each, names) for each in report["units"]],
        "left_out": [
            LeftOutRow(
                each["words"], each["lines"], Decimal(each["baht"]), each["unknown"],
                each["once_elsewhere"],
            )
            for each in report["left_out"]
        ],
        "missing_lines": sum(
            each["lines"] for each in report["left_out"] if not each["once_elsewhere"]
        ),
        "missing_baht": sum(
            (Decimal(e["baht"]) for e in report["left_out"] if not e["once_elsewhere"]), Decimal(0)
        ),
        "types": [_type_row(each, key, workbook_id, chosen) for each in report["issue_types"]],
        "chosen": type_words(chosen) if chosen else "",
        "issues": page,
        "kept_issues": len(report["issues"]),
        "kinds": KIND_WORDS.items(),
        "categories": CATEGORY_TH.items(),
        "heads": HEAD_CHOICES,
        "places": names.items(),
        "back": urlencode({"type": chosen, "page": page.number}),
        "done": report.get("done"),
    }  # fmt: skip
    return render(request, "budget/workbooks/workbook.html", context)


@require_GET
def issues_xlsx(request: SignedInRequest, key: str, workbook_id: int) -> FileResponse:
    """Return every issue as a workbook."""
    unit, upload, exported = _exported(request, key, workbook_id)
    names = _names(unit, upload)
    columns = [
        Column("severity", _("Severity"), width=18),
        Column("type", _("What is wrong"), width=34),
        Column("unit", _("Unit"), width=22),
        Column("sheet", _("Sheet"), width=26),
        Column("cell", _("Cell"), width=10),
        Column("text", _("What the cell holds"), width=26),
        Column("words", _("In words"), width=70),
        Column("amount", _("Left out"), "number", unit=_("baht")),
    ]
    rows = [
        [
            str(fate_words(each.severity)), str(type_words(each.type)),
            names.get(each.unit, each.unit), each.sheet, each.cell, each.text, each.message_th,
            each.amount,
        ]
        for each in exported.issues
    ]  # fmt: skip
    title = _("Issues of %(file)s") % {"file": upload.file_name}
    return xlsx_response(title, title, columns, rows, as_of=upload.as_of)


@require_GET
def cells_xlsx(request: SignedInRequest, key: str, workbook_id: int) -> FileResponse:
    """Return every cell that is not empty, with what became of it and why."""
    _unit, upload, exported = _exported(request, key, workbook_id)
    columns = [
        Column("sheet", _("Sheet"), width=26),
        Column("cell", _("Cell"), width=10),
        Column("text", _("What the cell holds"), width=34),
        Column("fate", _("What became of it"), width=20),
        Column("why", _("Why"), width=70),
    ]
    rows = [
        [each.sheet, each.cell, each.text, str(fate_words(each.fate)), each.why]
        for each in exported.cells
    ]
    title = _("Cells of %(file)s") % {"file": upload.file_name}
    return xlsx_response(title, title, columns, rows, as_of=upload.as_of)


def _exported(
    request: SignedInRequest, key: str, workbook_id: int
) -> tuple[Unit, WorkbookShown, Exported]:
    unit = province_or_404(request, key)
    upload = workbook_or_404(unit, workbook_id)
    return unit, upload, exported_workbook(upload.id)


def _names(unit: Unit, upload: WorkbookShown) -> dict[str, str]:
    units = office_units(unit.key, on=FiscalYear(upload.fiscal_year).end)
    return {unit.key: unit.full_name, **(units.districts if units else {})}


def _issues(upload: WorkbookShown, chosen: str) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = upload.report["issues"]
    return [each for each in kept if not chosen or each["type"] == chosen]


def _issue_row(
    upload: WorkbookShown, number: int, kept: dict[str, Any], names: dict[str, str]
) -> IssueRow:
    place = (kept["sheet"], kept["cell"])
    return IssueRow(
        number=number,
        type=kept["type"],
        words=type_words(kept["type"]),
        severity=kept["severity"],
        sheet=kept["sheet"],
        cell=kept["cell"],
        text=kept["text"],
        message=kept["message"],
        unit=names.get(kept["unit"], ""),
        amount=None if kept["amount"] is None else Decimal(kept["amount"]),
        mended=any((each.sheet, each.cell) == place for each in upload.mends),
    )


def _type_row(kept: dict[str, Any], key: str, workbook_id: int, chosen: str) -> TypeRow:
    here = kept["type"] == chosen
    asked = "" if here else f"?{urlencode({'type': kept['type']})}"
    return TypeRow(
        words=type_words(kept["type"]),
        severity=kept["severity"],
        count=kept["count"],
        baht=Decimal(kept["baht"]),
        href=f"{reverse('place-workbook', args=[key, workbook_id])}{asked}#issues",
        here=here,
    )


def _total(kept: dict[str, Any]) -> TotalRow:
    return TotalRow(
        kept["category_words"], kept["tranche"], kept["lines"], kept["units"], _amounts(kept)
    )


def _unit_row(kept: dict[str, Any], names: dict[str, str]) -> UnitRow:
    fates = kept["fates"]
    return UnitRow(
        name=names.get(kept["unit"], kept["unit"]),
        new=fates.get("new", 0),
        raised=fates.get("raised", 0),
        lowered=fates.get("lowered", 0),
        unchanged=fates.get("unchanged", 0) + fates.get("older", 0),
        by_entries=fates.get("by-entries", 0),
        unmentioned=kept["unmentioned"],
        unmentioned_baht=Decimal(kept["unmentioned_baht"]),
        left_out=kept["left_out"],
        left_out_baht=Decimal(kept["left_out_baht"]),
        before=_amounts(kept["before"]),
        after=_amounts(kept["after"]),
    )


def _amounts(kept: dict[str, Any]) -> Amounts:
    return Amounts(
        Decimal(kept["allotted"]),
        Decimal(kept["transferred"]),
        Decimal(kept["committed"]),
        Decimal(kept["disbursed"]),
        Decimal(kept["returned"]),
    )
