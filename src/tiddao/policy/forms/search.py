"""What a search may be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.policy.queries.search import Narrowed
from tiddao.policy.queries.search_sources import SOURCES
from tiddao.policy.rules.search.asking import LONGEST


class SearchWorksForm(forms.Form):
    """Words, and kind, fiscal year and place. All may be left out; what is not known is ignored."""

    q = forms.CharField(
        label=_("Words to be found"),
        required=False,
        widget=forms.TextInput({"type": "search", "class": "form-control", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind of thing"), required=False)
    year = forms.TypedChoiceField(
        label=_("Fiscal year"), required=False, coerce=int, empty_value=None
    )
    place = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(
        self, data: Any, *, years: list[int], places: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        kinds = [(source.kind, source.words) for source in SOURCES.values()]
        self._choose("kind", [("", _("All kinds")), *kinds])
        self._choose("year", [("", _("All years")), *((year, str(year)) for year in years)])
        self._choose("place", [("", _("All places")), *places])
        self.is_valid()

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def words(self) -> str:
        return str(self.cleaned_data.get("q", ""))[:LONGEST]

    @property
    def narrowed(self) -> Narrowed:
        said = self.cleaned_data
        place = said.get("place", "")
        return Narrowed(
            kind=said.get("kind", ""),
            fiscal_year=said.get("year"),
            within=frozenset({place}) if place else frozenset(),
        )

    @property
    def is_narrowed(self) -> bool:
        return self.narrowed != Narrowed()
