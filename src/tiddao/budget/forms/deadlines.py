"""What people write about deadlines: setting and moving them, plans, requests for help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.budget.actions.plans import Fault, PlannedWeek, WrittenPlan
from tiddao.budget.models import DelayReason, Fund
from tiddao.budget.queries.plans import PlanView, Proposal
from tiddao.budget.rules.weeks import Week
from tiddao.kernel.dates import format_medium
from tiddao.kernel.money import format_baht
from tiddao.ui.forms import BuddhistDateField, ThaiDecimalField
from tiddao.ui.registry import Words

LARGEST = Decimal("99999999999999.99")
"""Baht; what the column of the database holds."""

REFUSALS: Mapping[str, Words] = {
    "not_nation_or_province": _("A deadline is set for the nation or for a province."),
    "name_missing": _("Give the deadline a name."),
    "source_missing": _("Name the letter or meeting that it comes from."),
    "outside_year": _("The day lies outside the fiscal year."),
    "passed": _("The last working day up to this day has passed."),
    "goal_unfit": _("The goal is a share above 0 and up to 100 per cent."),
    "already_set": _("The same deadline is set for this day already."),
    "same_day": _("This is the day on which it stands already."),
    "reason_missing": _("Write the reason."),
    "ended": _("The deadline was ended."),
    # plans
    "deadline_ended": _("The deadline was ended, so no plan is needed."),
    "deadline_passed": _("The last working day of the deadline has passed."),
    "no_figures": _("The office's book has no figures of this money yet. Enter them first."),
    "nothing_missing": _("The goal is reached: nothing is missing."),
    "waiting": _("A plan waits for a head already. It must be decided or returned first."),
    "reasons_missing": _("Choose at least one reason."),
    "unknown_reason": _("Choose reasons from the list."),
    "words_missing": _("Say it in words."),
    "unknown_week": _("The plan has no such week. Load the page again."),
    "week_twice": _("A week stands in the plan twice."),
    "negative_amount": _("An amount cannot be below zero."),
    "half_satang": _("An amount has at most two decimals."),
    "nothing_planned": _("Plan an amount for at least one week, or ask for help."),
    "more_than_is_left": _("This is more than the office has left to spend."),
    "leaves_without_why": _("The weeks do not cover what is missing. Say why it is left."),
    # help
    "waiting_already": _("A request of this office waits for an answer already."),
    "nobody_above": _("There is no office above to ask."),
}


class DeadlineForm(forms.Form):
    """A new deadline."""

    name_th = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As the letter calls it, in Thai.")
    )
    day = BuddhistDateField(label=_("Day"))
    goal = ThaiDecimalField(
        label=_("Goal, per cent"), initial=Decimal(100), max_value=100, decimal_places=2
    )
    basis = forms.ChoiceField(
        label=_("Basis"),
        choices=[("disbursed", _("Disbursed")), ("used", _("Used (disbursed and committed)"))],
    )
    spending = forms.ChoiceField(
        label=_("Spending"),
        choices=[
            ("total", _("All spending")),
            ("recurrent", _("Recurrent")),
            ("investment", _("Investment")),
        ],
    )
    fund = forms.ChoiceField(
        label=_("Fund"), choices=[("", _("All funds")), *Fund.choices], required=False
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The letter with its number and day, or the meeting."),
    )


class MoveForm(forms.Form):
    """Another day for a deadline. seen: the day that the person has before them."""

    day = BuddhistDateField(label=_("New day"))
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The letter or meeting that moves it.")
    )
    seen = forms.DateField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """Why a deadline does not bind any more."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    seen = forms.DateField(widget=forms.HiddenInput)


class WordsForm(forms.Form):
    """Words for an act on a plan or a request. seen: what the person has before them."""

    words = forms.CharField(
        label=_("In words"), widget=forms.Textarea({"rows": 3}), required=False, max_length=4000
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class PlanForm(forms.Form):
    """A catch-up plan: reasons, words, and an amount for each week, proposed at the pace needed.

    seen: the moment of the draft that the writer has before them, "" for none.
    """

    reasons = forms.MultipleChoiceField(
        label=_("Why the office is behind"),
        choices=DelayReason.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=_("In words"),
        widget=forms.Textarea({"rows": 4}),
        required=False,
        max_length=4000,
        help_text=_("What stands in the way, and what is done about it."),
    )
    leaves_why = forms.CharField(
        label=_("Why something is left"),
        widget=forms.Textarea({"rows": 2}),
        required=False,
        max_length=2000,
        help_text=_("Only when the weeks do not cover what is missing."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, proposed: Proposal, former: PlanView | None = None, **options: Any
    ) -> None:
        initial = _initial(proposed, former) | (options.pop("initial", None) or {})
        super().__init__(*args, **{**options, "initial": initial})
        self.weeks = proposed.weeks
        for week in proposed.weeks:
            self.fields[amount_name(week.until)] = ThaiDecimalField(
                label=_("Amount, baht"),
                required=False,
                units=("บาท",),
                max_value=LARGEST,
                decimal_places=2,
            )
            self.fields[what_name(week.until)] = forms.CharField(
                label=_("What will be paid"), required=False, max_length=300
            )

    @property
    def week_fields(self) -> list[tuple[Week, forms.BoundField, forms.BoundField]]:
        """Each week with its two fields."""
        return [(w, self[amount_name(w.until)], self[what_name(w.until)]) for w in self.weeks]

    def read(self) -> WrittenPlan:
        """Return what was written; a week left empty is one without spending."""
        said = self.cleaned_data
        weeks = tuple(
            PlannedWeek(week.until, amount, said.get(what_name(week.until), ""))
            for week in self.weeks
            if (amount := said.get(amount_name(week.until)))
        )
        return WrittenPlan(
            reasons=tuple(said["reasons"]),
            words=said["words"],
            weeks=weeks,
            leaves_why=said["leaves_why"],
        )

    def say(self, faults: Sequence[Fault]) -> None:
        """Show what is wrong at the field it is about."""
        for fault in faults:
            words = str(REFUSALS[fault.code])
            if fault.amount is not None:
                words = f"{words} ({format_baht(fault.amount)})"
            if fault.week is not None:
                words = f"{format_medium(fault.week)}: {words}"
            self.add_error(fault.field if fault.field in self.fields else None, words)


def amount_name(until: date) -> str:
    return f"amount-{until.isoformat()}"


def what_name(until: date) -> str:
    return f"what-{until.isoformat()}"


def _initial(proposed: Proposal, former: PlanView | None) -> dict[str, Any]:
    """The amounts proposed; or, where there is an earlier version, what it says of weeks to come."""
    pairs = zip(proposed.weeks, proposed.amounts, strict=True)
    initial: dict[str, Any] = {amount_name(week.until): amount for week, amount in pairs}
    if former is None:
        return initial
    initial |= {
        "reasons": [each.value for each in former.reasons],
        "words": former.words,
        "leaves_why": former.leaves_why,
    }
    if former.state == "draft":
        initial["seen"] = former.at.isoformat()
        initial |= {amount_name(week.until): None for week in proposed.weeks}
        for until, amount, what in former.weeks:
            initial |= {amount_name(until): amount, what_name(until): what}
    return initial


class BoardsForm(forms.Form):
    """Which kept boards to list; GET."""

    year = forms.ChoiceField(label=_("Fiscal year"), required=False)
    series = forms.ChoiceField(
        label=_("Series"),
        required=False,
        choices=[
            ("", _("All")),
            ("books", _("Offices' own books")),
            ("cgd", _("Comptroller General")),
        ],
    )
    basis = forms.ChoiceField(
        label=_("Basis"),
        required=False,
        choices=[
            ("", _("All")),
            ("disbursed", _("Disbursed")),
            ("used", _("Used (disbursed and committed)")),
        ],
    )
    spending = forms.ChoiceField(
        label=_("Spending"),
        required=False,
        choices=[
            ("", _("All")),
            ("total", _("All spending")),
            ("recurrent", _("Recurrent")),
            ("investment", _("Investment")),
        ],
    )

    def offer(self, years: Sequence[int]) -> None:
        field: Any = self.fields["year"]
        field.choices = [("", _("All")), *((str(year), str(year)) for year in years)]

    def asked(self) -> dict[str, Any]:
        """Return what was chosen; nonsense counts as nothing."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return {n: int(v) if n == "year" else v for n, v in said.items()}
