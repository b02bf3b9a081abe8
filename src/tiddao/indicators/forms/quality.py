"""What people choose on the list of questions about figures, and how they answer one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.forms.fields import KnownAtField
from tiddao.indicators.models import QualityAnswer, QualityKind

STATE_WORDS = {
    "open": _("Not answered yet"),
    "answered": _("Answered"),
    "settled": _("The figures have changed since"),
}


class QuestionFilterForm(forms.Form):
    """Which questions are shown; GET."""

    scope = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *QualityKind.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), *STATE_WORDS.items()], required=False
    )
    place = forms.ChoiceField(label=_("Place"), required=False)
    known_at = KnownAtField(label=_("As known on"), required=False)

    def offer_places(self, places: Sequence[tuple[str, str]]) -> None:
        """Set the places to choose from."""
        cast("Any", self.fields["place"]).choices = [("", _("All places")), *places]


class AnswerForm(forms.Form):
    """What the office says to a question."""

    choice = forms.ChoiceField(
        label=_("Answer"), choices=QualityAnswer.Choice, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In words"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What happened, where the figures come from, or what was corrected."),
    )
