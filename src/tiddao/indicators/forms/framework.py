"""A framework's definition: its head; a framework made from another.

A definition is a frozen document, so each form knows two things: how to show one piece of it
(``initial_of``) and what that piece becomes (``read``). Forms check shape and type; whether the
whole hangs together is said by the named checks of ``rules``, which the page shows beside the field.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.forms.fields import percent_field, text_field
from tiddao.indicators.rules.definitions import LEVELS, SCHEMES, FrameworkDefinition, StarRules
from tiddao.indicators.wording import LEVEL_WORDS, SCHEME_WORDS
from tiddao.ui.forms import ThaiDecimalField, ThaiIntegerField


class EditionForm(forms.Form):
    """Carries the edition of the draft that the editor was looking at."""

    edition = forms.IntegerField(widget=forms.HiddenInput)


class HeadForm(forms.Form):
    """The head of a framework and its star rules."""

    title_th = forms.CharField(label=_("Title (Thai)"), max_length=200)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200)
    assessed_level = forms.ChoiceField(
        label=_("What is assessed"), choices=[(each, LEVEL_WORDS[each]) for each in LEVELS]
    )
    scheme = forms.ChoiceField(
        label=_("Scoring scheme"), choices=[(each, SCHEME_WORDS[each]) for each in SCHEMES]
    )
    proposed = forms.BooleanField(
        label=_("A proposal, not official criteria (said on every page)"), required=False
    )
    based_on = forms.CharField(label=_("Based on"), max_length=300, required=False)
    notes = text_field(_("Notes"), rows=4)
    cutoff_5 = percent_field(_("5 stars from (% of full marks)"))
    cutoff_4 = percent_field(_("4 stars from (% of full marks)"))
    cutoff_3 = percent_field(_("3 stars from (% of full marks)"))
    cutoff_2 = percent_field(_("2 stars from (% of full marks)"))
    min_completeness = percent_field(
        _("A dimension has stars from this much of its weight reported (%)")
    )
    balance_margin = ThaiIntegerField(
        label=_("At most this many stars above the lowest dimension"),
        min_value=0,
        max_value=4,
        required=False,
        help_text=_("Empty: no balance rule."),
    )
    penalty_per_missed_report = ThaiDecimalField(
        label=_("Points taken for each missed report"), min_value=0, max_digits=8
    )
    breakpoint_1 = percent_field(_("Points at the basic step"))
    breakpoint_2 = percent_field(_("Points at the standard step"))
    breakpoint_3 = percent_field(_("Points at the advanced step"))

    @staticmethod
    def initial_of(definition: FrameworkDefinition) -> dict[str, Any]:
        rules = definition.star_rules
        return {
            "title_th": definition.title_th,
            "title_en": definition.title_en,
            "assessed_level": definition.assessed_level,
            "scheme": definition.scheme,
            "proposed": definition.proposed,
            "based_on": definition.based_on,
            "notes": definition.notes,
            "min_completeness": rules.min_completeness,
            "balance_margin": rules.balance_margin,
            "penalty_per_missed_report": rules.penalty_per_missed_report,
            **{f"cutoff_{5 - i}": value for i, value in enumerate(rules.cutoffs)},
            **{f"breakpoint_{i}": value for i, value in enumerate(rules.breakpoints, start=1)},
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        cutoffs = [given.get(f"cutoff_{stars}") for stars in (5, 4, 3, 2)]
        known = [each for each in cutoffs if each is not None]
        if any(below >= above for above, below in itertools.pairwise(known)):
            self.add_error("cutoff_5", _("The cut-offs must fall from 5 stars to 2."))
        return given

    def read(self, definition: FrameworkDefinition) -> FrameworkDefinition:
        """Return the definition with this head and these star rules."""
        given = self.cleaned_data
        return replace(
            definition,
            title_th=given["title_th"],
            title_en=given["title_en"],
            assessed_level=given["assessed_level"],
            scheme=given["scheme"],
            proposed=given["proposed"],
            based_on=given["based_on"],
            notes=given["notes"],
            star_rules=StarRules(
                cutoffs=(
                    given["cutoff_5"],
                    given["cutoff_4"],
                    given["cutoff_3"],
                    given["cutoff_2"],
                ),
                min_completeness=given["min_completeness"],
                balance_margin=given["balance_margin"],
                penalty_per_missed_report=given["penalty_per_missed_report"],
                breakpoints=(
                    given["breakpoint_1"],
                    given["breakpoint_2"],
                    given["breakpoint_3"],
                ),
            ),
        )


class CopyForm(forms.Form):
    """A new framework from an existing one: for another office, another year, or both."""

    owner = forms.ChoiceField(label=_("Office that will own it"))
    code = forms.SlugField(
        label=_("Code of the new framework"),
        max_length=60,
        help_text=_("Small letters, digits and dashes; shown in the address."),
    )
    fiscal_year = ThaiIntegerField(label=_("Fiscal year (B.E.)"), min_value=2560, max_value=2600)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = offices
