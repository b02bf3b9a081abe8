"""The dimensions of a framework, all at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.forms.fields import CODE
from tiddao.indicators.rules.definitions import DimensionDefinition, FrameworkDefinition
from tiddao.ui.forms import ThaiDecimalField, ThaiIntegerField


class DimensionForm(forms.Form):
    """One dimension; its indicators keep their place through a change of its code."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=_("Code"), max_length=16, validators=[CODE])
    name_th = forms.CharField(label=_("Name (Thai)"), max_length=200)
    name_en = forms.CharField(label=_("Name (English)"), max_length=200)
    weight = ThaiDecimalField(
        label=_("Weight"), max_digits=8, validators=[MinValueValidator(Decimal(0))]
    )
    order = ThaiIntegerField(label=_("Order"), min_value=1, max_value=99)
    outcome = forms.BooleanField(label=_("The result of the others"), required=False)

    @staticmethod
    def initial_of(dimension: DimensionDefinition) -> dict[str, Any]:
        return {
            "was": dimension.code,
            "code": dimension.code,
            "name_th": dimension.name_th,
            "name_en": dimension.name_en,
            "weight": dimension.weight,
            "order": dimension.order,
            "outcome": dimension.outcome,
        }


if TYPE_CHECKING:
    _DimensionForms = forms.BaseFormSet[DimensionForm]
else:  # Django's class takes no parameter when it runs
    _DimensionForms = forms.BaseFormSet


class DimensionFormSetBase(_DimensionForms):
    """All dimensions of a framework at once."""

    def clean(self) -> None:
        codes = [
            form.cleaned_data["code"]
            for form in self.forms
            if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        if len(codes) != len(set(codes)):
            raise forms.ValidationError(_("Two dimensions have the same code."))

    def read(self, definition: FrameworkDefinition) -> FrameworkDefinition:
        """Return the definition with these dimensions; indicators follow their dimension."""
        indicators = {each.code: each.indicators for each in definition.dimensions}
        dimensions = [
            DimensionDefinition(
                code=given["code"],
                name_th=given["name_th"],
                name_en=given["name_en"],
                weight=given["weight"],
                order=given["order"],
                outcome=given["outcome"],
                indicators=indicators.get(given["was"], ()),
            )
            for form in self.forms
            if (given := form.cleaned_data) and not given.get("DELETE")
        ]
        dimensions.sort(key=lambda each: (each.order, each.code))
        return replace(definition, dimensions=tuple(dimensions))


DimensionFormSet = forms.formset_factory(
    DimensionForm, formset=DimensionFormSetBase, extra=1, can_delete=True, max_num=12
)
