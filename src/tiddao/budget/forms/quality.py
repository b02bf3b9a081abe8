"""What people choose on the list of questions about data, and how they explain a finding."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class QuestionsForm(forms.Form):
    """Which year, kind and office; GET."""

    year = forms.ChoiceField(label=_("Fiscal year"), required=False)
    kind = forms.ChoiceField(label=_("Kind of question"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)


class ExplainForm(forms.Form):
    """Why a finding is as it is."""

    words = forms.CharField(
        label=_("Explanation given"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "What the cell should say, where the right figure is found, or why it is right as it stands."
        ),
    )
