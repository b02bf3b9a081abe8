"""The form of one indicator: only the fields of its kind, in the words of its definition."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.indicators import wording
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.scoring import Reported, parts_asked
from tiddao.ui.forms import ThaiDecimalField

_LONGEST_NARRATIVE = 4000


class EntryForm(forms.Form):
    """One indicator as an office reports it. ``report`` is what was typed, None when nothing was.

    Blank stays blank: not reported is not zero. Whether the figures can be true is for the rule to
    say; the form only reads them. revision, version: what the reporter had before them.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    not_applicable = forms.BooleanField(label=_("Does not apply here"), required=False)
    narrative = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=_LONGEST_NARRATIVE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        indicator: IndicatorDefinition,
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        # Many of these stand on one page.
        auto_id = f"id-{indicator.code.replace('.', '-')}-%s"
        super().__init__(data, auto_id=auto_id, initial=initial)
        self.indicator = indicator
        self.parts = parts_asked(indicator)
        for part in self.parts:
            self.fields[part] = _field(indicator, part)
        self.order_fields([*self.parts, "not_applicable", "narrative"])

    @property
    def report(self) -> Reported | None:
        """The figures as read, or None where all fields were left blank. Valid forms only."""
        found: dict[str, Any] = {}
        for part in self.parts:
            value = self.cleaned_data[part]
            if part == "steps":
                # No step ticked is "none done yet" only where the form says so: there is a box for it.
                if value:
                    found[part] = frozenset(int(each) for each in value if each != "0")
            elif value is not None:
                found[part] = value
        return Reported(**found) if found else None

    @property
    def part_fields(self) -> list[forms.BoundField]:
        """The fields of the figures alone, for the template."""
        return [self[part] for part in self.parts]


def initial_of(
    indicator: IndicatorDefinition,
    report: Reported | None,
    *,
    not_applicable: bool = False,
    narrative: str = "",
) -> dict[str, Any]:
    """Return the initial values that show a report."""
    shown: dict[str, Any] = {"not_applicable": not_applicable, "narrative": narrative}
    if report is None:
        return shown
    for part in parts_asked(indicator):
        value = getattr(report, part)
        if part == "steps" and value is not None:
            value = [str(each) for each in sorted(value)] or ["0"]
        shown[part] = value
    return shown


def _field(indicator: IndicatorDefinition, part: str) -> forms.Field:
    label = wording.part_words(indicator, part)
    if part == "steps":
        steps = [
            (str(number), f"{number}. {words}")
            for number, words in enumerate(indicator.steps_th or ("",) * 5, 1)
        ]
        return forms.MultipleChoiceField(
            label=label,
            choices=[("0", _("Not begun yet")), *steps],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    if part in {"self_score", "checked_score"}:
        return ThaiDecimalField(
            label=label, required=False, min_value=Decimal(1), max_value=Decimal(5)
        )
    return ThaiDecimalField(label=label, required=False)
