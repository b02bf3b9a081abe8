"""What people choose and write when they compare their books with the treasury's report."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.budget.rules.reconciling import Line
from tiddao.ui.forms import ThaiDecimalField
from tiddao.ui.registry import Words

LINE_WORDS: Mapping[Line, Words] = {
    "central": _("Allotted by the centre to the province (sheets 13 and 14)"),
    "province": _("The province's own budget (sheets 11 and 12)"),
    "department": _("The department in the whole country (sheets 3 and 4)"),
}
REASON_WORDS: Mapping[str, Words] = {
    "other_agencies": _("Money of other agencies in the treasury's figure"),
    "timing": _("Posted on another day than in our books"),
    "not_in_books": _("Not entered in our books yet"),
    "advances": _("Cash advances counted differently"),
    "carried_over": _("Money carried over from an earlier year"),
    "wrong_code": _("Posted under a wrong code"),
    "returned": _("Money returned, counted differently"),
    "paid_centrally": _("Paid by the department for the province"),
    "transfer": _("A transfer that one side does not have yet"),
    "other": _("Another reason"),
}
BASIS_WORDS: Mapping[str, Words] = {
    "disbursed": _("Disbursed"),
    "used": _("Used (disbursed and committed)"),
}
SPENDING_WORDS: Mapping[str, Words] = {
    "total": _("All spending"),
    "recurrent": _("Recurrent"),
    "investment": _("Investment"),
}


class ComparisonForm(forms.Form):
    """Which weekly report, and which of its figures; GET."""

    as_of = forms.ChoiceField(label=_("Weekly report as of"), required=False)
    line = forms.ChoiceField(label=_("Compare with"), required=False)


class NoteForm(forms.Form):
    """One reason with its amount."""

    basis = forms.ChoiceField(label=_("Basis"), choices=list(BASIS_WORDS.items()))
    spending = forms.ChoiceField(label=_("Type of spending"), choices=list(SPENDING_WORDS.items()))
    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASON_WORDS.items()))
    amount = ThaiDecimalField(
        label=_("Amount (baht)"),
        units=("บาท",),
        max_digits=16,
        decimal_places=2,
        help_text=_("Treasury less our books; with − in front where our books have more."),
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("So that a reader who was not there understands it."),
    )
    document = forms.CharField(label=_("Document number"), max_length=120, required=False)


class EndNoteForm(forms.Form):
    """Why a reason is taken back."""

    reason = forms.CharField(label=_("Why is it withdrawn?"), max_length=300)
