"""Questions about the data of a place's offices: counted, listed, exported; findings explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiddao.budget.actions.quality import ExplanationRefused, explain_issue
from tiddao.budget.forms.quality import ExplainForm, QuestionsForm
from tiddao.budget.queries.money import years_with_books
from tiddao.budget.queries.quality.counts import Counts, Tally, counts_of
from tiddao.budget.queries.quality.finder import Question
from tiddao.budget.queries.quality.issue import find_issue
from tiddao.budget.queries.quality.questions import Questions
from tiddao.budget.queries.quality.scope import Scope, scope_of
from tiddao.budget.rules.quality import KINDS, Kind
from tiddao.budget.views.quality_words import KIND_WORDS, answer_words, asked_words, type_words
from tiddao.kernel.fiscal import FiscalYear
from tiddao.people.access import SignedInRequest, require, visible_unit_or_404
from tiddao.places import tree
from tiddao.places.models import Level
from tiddao.places.queries import Unit
from tiddao.ui.registry import Words
from tiddao.ui.xlsx import Column, Row, xlsx_response

ACT = "explain_issue"
ON_A_PAGE = 50
MOST_EXPORTED = 20_000
"""Rows of one Excel file; more are asked for by kind or office."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    unit: Unit
    year: FiscalYear
    kind: Kind | None
    office: str
    form: QuestionsForm
    scope: Scope
    counts: Counts
    as_of: date | None

    @property
    def query(self) -> str:
        return urlencode({"year": self.year, "kind": self.kind or "", "office": self.office})

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return (self.kind,) if self.kind else KINDS

    @property
    def listed(self) -> Scope:
        return self.scope.narrowed(self.office) if self.office else self.scope


@dataclass(frozen=True, slots=True)
class CountCell:
    """How many questions of a kind an office has, and where they are listed."""

    tally: Tally
    href: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """One office's, or of a wider unit one province's, questions by kind."""

    name: str
    href: str
    cells: tuple[CountCell, ...]
    total: Tally


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with its words. href: where it is looked at; explain_href: "" where it may not be."""

    question: Question
    kind: Words
    type: Words
    asked: str
    answer: str
    href: str
    explain_href: str


@require_GET
def page(request: SignedInRequest, key: str) -> HttpResponse:
    """Show how many questions there are, and those of one page."""
    asked = _asked(request, key)
    shown: Page[Any] | None = None
    if asked.scope.is_live:
        questions = Questions(asked.listed, asked.counts, asked.kinds)
        shown = Paginator(questions, ON_A_PAGE).get_page(request.GET.get("page"))
        shown.object_list = [_shown(request, each) for each in shown.object_list]
    context = {
        "unit": asked.unit,
        "asked": asked,
        "form": asked.form,
        "kinds": tuple(KIND_WORDS[each] for each in KINDS),
        "rows": _rows(asked),
        "total": sum(asked.counts.values(), Tally()),
        "shown": shown,
        "as_of": asked.as_of,
        "xlsx_href": f"{reverse('place-quality-xlsx', args=[key])}?{asked.query}",
        "filtered": bool(asked.kind or asked.office),
    }
    return render(request, "budget/quality.html", context)


@require_GET
def page_xlsx(request: SignedInRequest, key: str) -> FileResponse | HttpResponseRedirect:
    """Return every question as a workbook; of many offices, the counts."""
    asked = _asked(request, key)
    title = _("Questions about data: %(unit)s, fiscal year %(year)s") % {
        "unit": asked.unit.full_name,
        "year": asked.year,
    }
    name = f"{_('Data quality')} {asked.unit.full_name} {asked.year}"
    if not asked.scope.is_live:
        columns = [
            Column("name", _("Unit"), width=34),
            *(Column(kind, str(KIND_WORDS[kind]), "integer") for kind in KINDS),
        ]
        counted: list[Row] = [
            [row.name, *(cell.tally.count for cell in row.cells)] for row in _rows(asked)
        ]
        return xlsx_response(name, title, columns, counted, as_of=asked.as_of)
    questions = Questions(asked.listed, asked.counts, asked.kinds)
    if len(questions) > MOST_EXPORTED:
        messages.error(
            request,
            _("%(count)s questions are too many for one file; choose a kind or an office.")
            % {"count": f"{len(questions):,}"},
        )
        return redirect(f"{reverse('place-quality', args=[key])}?{asked.query}")
    columns = [
        Column("kind", _("Kind of question"), width=26),
        Column("office", _("Office"), width=34),
        Column("asked", _("Question about data"), width=70),
        Column("where", _("Where"), width=24),
        Column("amount", _("Amount"), "number", unit=_("baht")),
        Column("on", _("Day"), "date"),
        Column("answer", _("What settles it"), width=50),
    ]
    rows: list[Row] = [
        [
            str(KIND_WORDS[each.kind]),
            each.office_name,
            asked_words(each),
            each.reference,
            each.amount,
            each.on,
            answer_words(each.kind),
        ]
        for each in questions
    ]
    return xlsx_response(name, title, columns, rows, as_of=asked.scope.on)


@require_http_methods(["GET", "POST"])
def issue(request: SignedInRequest, key: str, issue_id: int) -> HttpResponse:
    """Show one finding of a workbook; take its explanation."""
    unit = visible_unit_or_404(request, key)
    found = find_issue(issue_id)
    if found is None or not tree.is_within_any(found.unit, unit.members):
        raise Http404
    is_open = not (found.is_superseded or found.explanation)
    may = is_open and request.standing.may(ACT, found.unit)
    back = f"{reverse('place-quality', args=[key])}?year={found.fiscal_year}"
    form = ExplainForm(request.POST or None)
    if request.method == "POST":
        by = request.standing.actor(require(request, ACT, found.unit))
        if form.is_valid():
            try:
                explain_issue(found.id, words=form.cleaned_data["words"], by=by, at=timezone.now())
            except ExplanationRefused as refused:
                form.add_error("words", _refused_words(refused.code))
            else:
                messages.success(request, _("The explanation is kept with the finding."))
                return redirect(back)
    context = {
        "unit": unit,
        "issue": found,
        "type": type_words(found.type),
        "form": form,
        "may": may,
        "back": back,
    }
    return render(request, "budget/quality_issue.html", context, status=422 if form.errors else 200)


# -- what is asked --------------------------------------------------------------------------------


def _asked(request: SignedInRequest, key: str) -> Asked:
    unit = visible_unit_or_404(request, key)
    today = request.standing.on
    current = FiscalYear.of(today)
    kept = years_with_books()
    years = sorted({*kept, current.be}, reverse=True)
    wanted = request.GET.get("year", "")
    default = next((each for each in kept if each <= current.be), current.be)
    year = FiscalYear(int(wanted) if wanted in map(str, years) else default)
    kind = next((each for each in KINDS if each == request.GET.get("kind")), None)
    scope = scope_of(unit.members, year, today=today)
    counts, as_of = counts_of(scope)
    places = {each.place: each.name for each in scope.offices} if scope.is_live else {}
    office = request.GET.get("office", "")
    office = office if office in places else ""
    form = QuestionsForm({"year": str(year), "kind": kind or "", "office": office})
    choices: dict[str, list[tuple[str, Words]]] = {
        "year": [(str(each), str(each)) for each in years],
        "kind": [("", _("All kinds")), *((each, KIND_WORDS[each]) for each in KINDS)],
        "office": [("", _("All offices")), *places.items()],
    }
    for name, options in choices.items():
        cast("Any", form.fields[name]).choices = options
    if not scope.is_live:
        del form.fields["office"], form.fields["kind"]
    return Asked(unit, year, kind, office, form, scope, counts, as_of)


def _refused_words(code: str) -> str:
    return {
        "settled": _("This finding is settled already."),
        "no_words": _("Say it in words."),
    }[code]


# -- what is shown --------------------------------------------------------------------------------


def _rows(asked: Asked) -> tuple[CountRow, ...]:
    """The counts by office; of many offices by province. Those with most questions first."""
    by_row: dict[str, dict[Kind, Tally]] = {}
    names: dict[str, str] = {}
    for office in asked.scope.offices:
        row = office.place if asked.scope.is_live else office.place[: tree.DIGITS[Level.PROVINCE]]
        if row == office.place:
            names[row] = office.name
        cells = by_row.setdefault(row, dict.fromkeys(KINDS, Tally()))
        for kind in KINDS:
            cells[kind] += asked.counts.get((office.place, kind), Tally())
    rows = [
        CountRow(
            name=names.get(place, place),
            href=_row_href(asked, place),
            cells=tuple(CountCell(cells[kind], _cell_href(asked, place, kind)) for kind in KINDS),
            total=sum(cells.values(), Tally()),
        )
        for place, cells in by_row.items()
    ]
    return tuple(sorted(rows, key=lambda row: -row.total.count))


def _row_href(asked: Asked, place: str) -> str:
    return _list_href(asked, place, "")


def _cell_href(asked: Asked, place: str, kind: Kind) -> str:
    return _list_href(asked, place, kind)


def _list_href(asked: Asked, place: str, kind: str) -> str:
    if asked.scope.is_live:
        said = {"year": str(asked.year), "kind": kind, "office": place}
        return f"?{urlencode(said)}#questions"
    address = reverse("place-quality", args=[place])
    return f"{address}?{urlencode({'year': str(asked.year), 'kind': kind})}"


def _shown(request: SignedInRequest, question: Question) -> ShownQuestion:
    explain = ""
    if question.kind == "issue" and request.standing.may(ACT, question.place):
        explain = reverse("quality-issue", args=[question.place, question.target])
    return ShownQuestion(
        question=question,
        kind=KIND_WORDS[question.kind],
        type=type_words(question.type) if question.type else "",
        asked=asked_words(question),
        answer=answer_words(question.kind),
        href=_href(question),
        explain_href=explain,
    )


def _href(question: Question) -> str:
    if question.kind == "issue":
        return reverse("quality-issue", args=[question.place, question.target])
    if question.kind in ("overdue", "papers", "late"):
        return reverse("book-entry", args=[question.target])
    if question.kind == "idle":
        return reverse("book-envelope", args=[question.target])
    return reverse("place-money", args=[question.place])
