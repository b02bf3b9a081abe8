"""What a reader asks of the tab งบ, read from the address; nonsense is taken for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast, get_args
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tiddao.budget.models import Fund
from tiddao.budget.queries.money import MoneyAsked, SortKey, years_with_books
from tiddao.budget.queries.positions import ANY_SPENDING, AnySpending
from tiddao.budget.rules.cgd_figures import Basis
from tiddao.budget.rules.reckoning import JudgedBy
from tiddao.budget.views.money_words import spending_words
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ui.forms import BuddhistDateField

SORTS: tuple[SortKey, ...] = get_args(SortKey)


class MoneyForm(forms.Form):
    """Which year, day and money to show; GET."""

    year = forms.ChoiceField(label=_("Fiscal year"), required=False)
    on = BuddhistDateField(label=_("At the end of"), required=False, help_text="")
    basis = forms.ChoiceField(
        label=_("Basis"),
        choices=[("disbursed", _("Disbursed")), ("used", _("Used (disbursed and committed)"))],
        required=False,
    )
    spending = forms.ChoiceField(label=_("Spending compared"), required=False)
    fund = forms.ChoiceField(label=_("Fund"), required=False)
    judged = forms.ChoiceField(
        label=_("Status by"),
        choices=[("days", _("days gone by")), ("target", _("official target"))],
        required=False,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for, with the form that says it. query: the same as an address.

    is_changed: the address asks for something of its own.
    """

    asked: MoneyAsked
    form: MoneyForm
    sort: SortKey
    descending: bool
    said: Mapping[str, str]
    is_changed: bool

    @property
    def query(self) -> str:
        return urlencode(self.said)

    def sorted_by(self, sort: SortKey) -> str:
        """Return the address that sorts by a column, the other way round when it is already."""
        turned = self.sort == sort and not self.descending
        order = "descending" if turned else "ascending"
        return "?" + urlencode({**self.said, "sort": sort, "order": order}) + "#league"


def choice_of(given: QueryDict, *, today: date) -> Choice:
    """Return what the address asks for; where it says nothing, the newest year that has books."""
    current = FiscalYear.of(today)
    kept = years_with_books()
    years = sorted({*kept, current.be}, reverse=True)
    wanted = given.get("year", "")
    default = next((each for each in kept if each <= current.be), current.be)
    year = FiscalYear(int(wanted) if wanted in map(str, years) else default)
    basis = cast("Basis", _one_of(given, "basis", get_args(Basis)))
    spending = cast("AnySpending", _one_of(given, "spending", ("total", *ANY_SPENDING)))
    fund = _one_of(given, "fund", ("", *Fund.values))
    judged = cast("JudgedBy", _one_of(given, "judged", get_args(JudgedBy)))
    sort = cast("SortKey", _one_of(given, "sort", SORTS))
    descending = given.get("order") == "descending"
    said = {
        "year": str(year),
        "basis": basis,
        "spending": spending,
        "fund": fund,
        "judged": judged,
    }
    day = given.get("on", "")
    form = MoneyForm({**said, "on": day})
    choices: dict[str, list[tuple[str, str]]] = {
        "year": [(str(each), str(each)) for each in years],
        "spending": [(each, spending_words(each)) for each in reversed(ANY_SPENDING)],
        "fund": [("", str(_("All funds"))), *((str(c), str(w)) for c, w in Fund.choices)],
    }
    for name, options in choices.items():
        cast("Any", form.fields[name]).choices = options
    asked_day = form.cleaned_data.get("on") if form.is_valid() else None
    if asked_day:
        said["on"] = day
    on = min(max(asked_day or today, year.start), year.end)
    asked = MoneyAsked(year, on, basis, spending, fund, judged)
    changed = any(given.get(name) for name in form.fields)
    return Choice(asked, form, sort, descending, said, changed)


def _one_of(given: QueryDict, name: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name, "")
    return value if value in allowed else allowed[0]
