"""What people type on the pages of the offices' own books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tiddao.budget.actions.books import WantedEnvelope
from tiddao.budget.actions.posting import NewEntry
from tiddao.budget.forms.treasury import KnownAtForm
from tiddao.budget.models import Fund, Kind, SpendingType
from tiddao.budget.queries.entries import OpenReference
from tiddao.budget.rules.accounts import EntryKind
from tiddao.budget.rules.books import EntryRefused, Refusal, RefusalCode
from tiddao.kernel.dates import format_short
from tiddao.kernel.money import format_baht
from tiddao.ui.forms import BuddhistDateField, ThaiDecimalField
from tiddao.ui.registry import Words

LARGEST = Decimal("99999999999999.99")
"""Baht; what the column of the database holds."""


def _amount(label: Any, *, required: bool = True, help_text: Any = "") -> ThaiDecimalField:
    return ThaiDecimalField(
        label=label,
        required=required,
        units=("บาท",),
        max_value=LARGEST,
        help_text=help_text,
    )


class BookFilterForm(forms.Form):
    """Which year and which envelopes of a book to show; GET."""

    year = forms.TypedChoiceField(label=_("Fiscal year"), coerce=int, required=False)
    fund = forms.ChoiceField(label=_("Fund"), required=False)
    tranche = forms.ChoiceField(label=_("Tranche"), required=False)
    q = forms.CharField(label=_("Project or activity"), required=False, max_length=100)

    def offer(self, years: Sequence[int], tranches: Sequence[str]) -> None:
        """Set the choices: the years of which there is a book, the tranches of this one."""
        fields: dict[str, Any] = self.fields
        fields["year"].choices = [(year, str(year)) for year in years]
        fields["fund"].choices = [("", _("All funds")), *Fund.choices]
        fields["tranche"].choices = [
            ("", _("All tranches")),
            *((each or NO_TRANCHE, each or _("without a tranche")) for each in tranches),
        ]

    def said(self, name: str) -> str:
        """Return what was chosen in one field, "" where it cannot be read."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def tranche_asked(self) -> str | None:
        """The tranche asked for, None for all; "" is that of envelopes without one."""
        said = self.said("tranche")
        return None if not said else "" if said == NO_TRANCHE else said


NO_TRANCHE = "-"


class MomentForm(KnownAtForm):
    """As true at the end of a day, and as known at the end of another; GET."""

    on = BuddhistDateField(label=_("As of"), required=False, help_text="")

    field_order = ("on", "known_at")


class EntryForm(forms.Form):
    """One entry; only the fields that its kind needs."""

    on = BuddhistDateField(label=_("Day of the document"))
    document = forms.CharField(label=_("Number of the document"), max_length=120)
    amount = _amount(_("Amount, baht"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(
        self, *args: Any, kind: EntryKind, references: Sequence[OpenReference], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        if kind in _AGAINST:
            words, wanted, needed = _AGAINST[kind]
            self.fields["against"] = forms.TypedChoiceField(
                label=words,
                required=needed,
                coerce=int,
                empty_value=None,
                choices=[
                    ("", _("Choose") if needed else _("None: paid without a commitment")),
                    *((each.id, _offered(each)) for each in references if each.kind == wanted),
                ],
            )
        if kind == "advance":
            self.fields["borrower"] = forms.CharField(
                label=_("Borrower"),
                max_length=120,
                help_text=_(
                    "A reference, for example the number of the contract or the post; no name."
                ),
            )
            self.fields["due_on"] = BuddhistDateField(
                label=_("To be cleared by"),
                required=False,
                help_text=_("Empty: thirty days after the day of the document."),
            )
        if kind == "clearance":
            self.fields["amount"].label = _("Spent, by the papers handed in, baht")
            self.fields["amount"].required = False
            self.fields["cash_back"] = _amount(_("Cash handed back, baht"), required=False)
        order = ("against", "on", "document", "amount", "cash_back", "borrower", "due_on", "note")
        self.order_fields([name for name in order if name in self.fields])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if (
            self.kind == "clearance"
            and not self.errors
            and not (found.get("amount") or found.get("cash_back"))
        ):
            raise ValidationError(_("Say what was spent, what was handed back, or both."))
        return found

    def new_entry(self, envelope: int) -> NewEntry:
        """Return the entry as it was typed. The form is valid."""
        given = self.cleaned_data
        return NewEntry(
            envelope=envelope,
            kind=self.kind,
            document=given["document"],
            amount=given["amount"] or Decimal(0),
            on=given["on"],
            against=given.get("against"),
            cash_back=given.get("cash_back") or Decimal(0),
            due_on=given.get("due_on"),
            borrower=given.get("borrower", ""),
            note=given["note"],
        )


_AGAINST: Mapping[EntryKind, tuple[Any, EntryKind, bool]] = {
    "disbursement": (_("Commitment that it pays"), "commitment", False),
    "release": (_("Commitment that is released"), "commitment", True),
    "clearance": (_("Advance that is cleared"), "advance", True),
}


def _offered(each: OpenReference) -> str:
    words = f"{each.document} · {format_short(each.on)} · {_open_words()} {format_baht(each.outstanding)}"
    return f"{words} · {each.borrower}" if each.borrower else words


def _open_words() -> str:
    return str(_("not yet cleared"))


class ReversalForm(forms.Form):
    """Undoing an entry by a reversing one."""

    on = BuddhistDateField(label=_("Day of the reversal"))
    document = forms.CharField(
        label=_("Document number of the reversal"),
        max_length=120,
        help_text=_("A number of its own: the wrong entry stays with the one it has."),
    )
    reason = forms.CharField(
        label=_("Why it is reversed"), max_length=300, widget=forms.Textarea({"rows": 2})
    )


class EnvelopeForm(forms.Form):
    """A new envelope: an activity of a project, a fund, a type of spending, a tranche."""

    project = forms.TypedChoiceField(
        label=_("Project"), required=False, coerce=int, empty_value=None
    )
    number = forms.CharField(
        label=_("Or a new project: its number"),
        required=False,
        max_length=40,
        help_text=_("As the plan writes it, for example 24/2569"),
    )
    name = forms.CharField(label=_("Name of the new project"), required=False, max_length=500)
    activity = forms.CharField(
        label=_("Activity"),
        required=False,
        max_length=500,
        help_text=_("Empty when the project is not divided."),
    )
    fund = forms.ChoiceField(label=_("Fund"), choices=Fund.choices)
    spending = forms.ChoiceField(
        label=_("Type of spending"),
        choices=[each for each in SpendingType.choices if each[0] != SpendingType.UNDIVIDED],
    )
    tranche = forms.CharField(
        label=_("Tranche"),
        required=False,
        max_length=60,
        help_text=_(
            "As the letter of allotment names it, for example ไตร 3-4. “ไตร 4” is another."
        ),
    )

    def __init__(self, *args: Any, projects: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("Any", self.fields["project"]).choices = [("", _("A new project")), *projects]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not found["project"] and not (found["number"] or found["name"]):
            self.add_error("project", _("Choose a project, or name a new one by number or name."))
        return found

    def wanted(self) -> WantedEnvelope:
        """Return what is asked for. The form is valid."""
        return WantedEnvelope(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))


class PaperForm(forms.Form):
    """A paper of an entry: by evidence attached to the entry, or by where it lies."""

    paper = forms.CharField(max_length=120, widget=forms.HiddenInput)
    evidence = forms.ChoiceField(label=_("Evidence attached to the entry"), required=False)
    note = forms.CharField(
        label=_("Or where the paper lies"),
        required=False,
        max_length=300,
        help_text=_("For example: file 3/2569 of the finance section"),
    )

    def __init__(
        self, *args: Any, evidence: Sequence[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if evidence:
            cast("Any", self.fields["evidence"]).choices = [("", _("None")), *evidence]
        else:
            del self.fields["evidence"]
            self.fields["note"].label = _("Where the paper lies")


class ProgrammeForm(forms.Form):
    """The programme or output that a project belongs to; one that is there, or a new one."""

    programme = forms.TypedChoiceField(
        label=_("Programme or output"), required=False, coerce=int, empty_value=None
    )
    name = forms.CharField(label=_("Or a new one: its name"), required=False, max_length=300)
    code = forms.CharField(label=_("Code of the new one"), required=False, max_length=40)

    def __init__(self, *args: Any, programmes: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("Any", self.fields["programme"]).choices = [("", _("None")), *programmes]


# -- refusals of the book, where they were typed --------------------------------------------------

_FIELD_OF: Mapping[RefusalCode, str] = {
    "no-document": "document",
    "number-taken": "document",
    "not-positive": "amount",
    "finer-than-satang": "amount",
    "overdraw": "amount",
    "over-commitment": "amount",
    "over-clearance": "amount",
    "amount-differs": "amount",
    "not-yet": "on",
    "wrong-fiscal-year": "on",
    "before-reference": "on",
    "no-reference": "against",
    "unknown-reference": "against",
    "wrong-reference": "against",
    "other-envelope": "against",
    "reference-reversed": "against",
    "due-before-lent": "due_on",
    "no-reason": "reason",
}

_ENGLISH: Mapping[RefusalCode, Words] = {
    "no-document": _("A document number is needed."),
    "not-positive": _("The amount must be above zero."),
    "finer-than-satang": _("The amount is finer than one satang."),
    "not-yet": _("This day has not come yet."),
    "wrong-fiscal-year": _("This day is not in the book's fiscal year."),
    "number-taken": _("This number is in the book already, with other contents."),
    "no-reference": _("Say which entry it refers to."),
    "unknown-reference": _("The entry it refers to is not in this book."),
    "wrong-reference": _("An entry of this kind cannot be referred to."),
    "other-envelope": _("The entry it refers to is in another envelope."),
    "before-reference": _("This day is before the entry it refers to, or one that refers to that."),
    "reversal-of-reversal": _("A reversal cannot be reversed."),
    "reversed-twice": _("The entry is reversed already."),
    "reference-reversed": _("The entry it refers to is reversed."),
    "amount-differs": _("An entry is reversed whole."),
    "has-dependants": _("First reverse the entries that refer to it."),
    "overdraw": _("There is not enough money in the envelope."),
    "over-commitment": _("This is more than is open of the commitment."),
    "over-clearance": _("This is more than is open of the advance."),
    "not-for-this-kind": _("A field is filled in that this kind of entry does not have."),
    "due-before-lent": _("The last day to clear it is before the advance."),
    "unknown-envelope": _("This envelope is not in the book."),
    "kept-by-workbook": _("This envelope is kept from the office's workbook."),
    "kept-by-entries": _("This envelope is kept entry by entry."),
    "book-closed": _("The book of this year is closed."),
    "no-reason": _("Say why."),
}


def refusal_words(refusal: Refusal) -> str:
    """Return why, in the language of the page; the rules themselves speak Thai."""
    if not (get_language() or "").startswith("en"):
        return refusal.message_th
    words = str(_ENGLISH[refusal.code])
    return words if refusal.short_by is None else f"{words} ({refusal.short_by:,.2f} baht short)"


def add_refusals(form: forms.Form, refused: EntryRefused) -> None:
    """Put each refusal of the book at the field it speaks of, else above the form."""
    for each in refused.refusals:
        name = _FIELD_OF.get(each.code)
        form.add_error(name if name in form.fields else None, refusal_words(each))


@dataclass(frozen=True, slots=True)
class KindOffered:
    """A kind of entry that may be chosen. why_not: why it cannot be used now, "" when it can."""

    kind: EntryKind
    name: str
    words: str
    why_not: str = ""


_KINDS: Mapping[EntryKind, Words] = {
    "allotment": _("Money given by a letter of allotment."),
    "transfer_in": _("Money moved here from another envelope or office."),
    "commitment": _("A purchase order or contract that binds money."),
    "disbursement": _("A payment, of a commitment or by itself."),
    "advance": _("Money lent to an officer, to be cleared in thirty days."),
    "clearance": _("Papers and cash that clear an advance."),
    "release": _("What of a commitment will not be used."),
    "transfer_out": _("Money moved away to another envelope or office."),
    "return": _("Money sent back to the department."),
    "reservation": _("Documents that reserve money to be paid next year; counted in September."),
}


def kinds_offered(references: Sequence[OpenReference], *, has_money: bool) -> list[KindOffered]:
    """Return the kinds in the order of work; those that need something not there say what."""
    there = {each.kind for each in references}
    found = []
    for kind, words in _KINDS.items():
        why_not: Words = ""
        if kind in _AGAINST and _AGAINST[kind][2] and _AGAINST[kind][1] not in there:
            why_not = (
                _("No advance is open.") if kind == "clearance" else _("No commitment is open.")
            )
        elif not has_money and kind in _SPENDING:
            why_not = _("There is no money in the envelope yet.")
        found.append(KindOffered(kind, str(Kind(kind).label), str(words), str(why_not)))
    return found


_SPENDING = frozenset({"commitment", "advance", "transfer_out", "return", "reservation"})


def first_day(today: date, start: date, end: date) -> date:
    """Return the day to offer: today, within the book's year."""
    return min(max(today, start), end)
