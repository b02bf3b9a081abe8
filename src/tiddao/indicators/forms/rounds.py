"""The rounds of a framework, all at once; a closed one opened again, or for one office."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.forms.fields import CODE
from tiddao.indicators.forms.review import ReasonForm
from tiddao.indicators.rules.definitions import FrameworkDefinition, RoundDefinition
from tiddao.ui.forms import BuddhistDateField


class RoundForm(forms.Form):
    """One round of reporting."""

    code = forms.CharField(label=_("Code"), max_length=20, validators=[CODE])
    name_th = forms.CharField(label=_("Name (Thai)"), max_length=120)
    name_en = forms.CharField(label=_("Name (English)"), max_length=120)
    opens = BuddhistDateField(label=_("Opens"))
    closes = BuddhistDateField(label=_("Closes"))
    true_on = BuddhistDateField(label=_("Results are true for"))

    @staticmethod
    def initial_of(one: RoundDefinition) -> dict[str, Any]:
        return {
            "code": one.code,
            "name_th": one.name_th,
            "name_en": one.name_en,
            "opens": one.opens,
            "closes": one.closes,
            "true_on": one.true_on,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and closes < opens:
            self.add_error("closes", _("A round cannot close before it opens."))
        return given


if TYPE_CHECKING:
    _RoundForms = forms.BaseFormSet[RoundForm]
else:  # Django's class takes no parameter when it runs
    _RoundForms = forms.BaseFormSet


class RoundFormSetBase(_RoundForms):
    """All rounds of a framework at once."""

    def read(self, definition: FrameworkDefinition) -> FrameworkDefinition:
        """Return the definition with these rounds, in the order of their opening."""
        rounds = [
            RoundDefinition(
                code=given["code"],
                name_th=given["name_th"],
                name_en=given["name_en"],
                opens=given["opens"],
                closes=given["closes"],
                true_on=given["true_on"],
            )
            for form in self.forms
            if (given := form.cleaned_data) and not given.get("DELETE")
        ]
        rounds.sort(key=lambda each: (each.opens, each.code))
        return replace(definition, rounds=tuple(rounds))


RoundFormSet = forms.formset_factory(
    RoundForm, formset=RoundFormSetBase, extra=1, can_delete=True, max_num=24
)


class LateEntryForm(ReasonForm):
    """Which place may report after the round was closed, until when, and why. places: (code, name)."""

    place = forms.ChoiceField(label=_("Office let in late"))
    until = BuddhistDateField(label=_("Last day"))
    field_order = ("place", "until", "reason")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = places


class ReopenForm(ReasonForm):
    """Why a closed round opens again, and until when."""

    until = BuddhistDateField(label=_("Last day"))
