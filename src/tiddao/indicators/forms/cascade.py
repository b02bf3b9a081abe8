"""The grid on which a target is handed down: the whole, the way, and each receiver's part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.models import TargetSplit
from tiddao.indicators.rules.cascade import Receiver
from tiddao.places.models import Place
from tiddao.ui.forms import ThaiDecimalField

BASES = (
    ("reported", _("Denominators of the last results")),
    ("villages", _("Number of villages")),
)


class CascadeForm(forms.Form):
    """What is to be handed down. Each receiver has a field for its part and one that locks it."""

    whole = ThaiDecimalField(label=_("Target of the whole"), min_value=0, max_digits=20)
    method = forms.ChoiceField(label=_("How"), choices=TargetSplit.Method)
    base = forms.ChoiceField(label=_("Base"), choices=BASES, required=False)
    reason = forms.CharField(label=_("Why it is changed"), max_length=500, required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        places: Iterable[Place],
        depths: Iterable[tuple[int, str]],
        data: Mapping[str, Any] | None = None,
        *,
        changes: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.codes = [place.code for place in places]
        self.fields["depth"] = forms.TypedChoiceField(
            label=_("Down to"), coerce=int, choices=list(depths)
        )
        self.order_fields(["whole", "method", "base", "depth"])
        if not changes:
            del self.fields["reason"]
        for code in self.codes:
            self.fields[f"part-{code}"] = ThaiDecimalField(required=False, min_value=0)
            self.fields[f"lock-{code}"] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Require a part wherever one is locked or chosen by hand, at that place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for code in self.codes:
            needed = cleaned.get(f"lock-{code}") or cleaned.get("method") == "hand"
            if needed and cleaned.get(f"part-{code}") is None and f"part-{code}" not in self.errors:
                self.add_error(f"part-{code}", _("Fill in the part of this place."))
        return cleaned

    def with_parts(self, receivers: Iterable[Receiver]) -> tuple[Receiver, ...]:
        """Return the receivers with the parts that were locked or chosen. Valid forms only."""
        by_hand = self.cleaned_data["method"] == "hand"
        found = []
        for each in receivers:
            part: Decimal | None = self.cleaned_data[f"part-{each.key}"]
            locked = self.cleaned_data[f"lock-{each.key}"]
            found.append(
                replace(each, locked=part)
                if locked
                else replace(each, by_hand=part if by_hand else None)
            )
        return tuple(found)


class TargetAnswerForm(forms.Form):
    """What the receiver says of its part."""

    answer = forms.ChoiceField(choices=[("acknowledged", ""), ("objected", "")])
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)
    part = forms.IntegerField(widget=forms.HiddenInput)
    expected = forms.IntegerField(widget=forms.HiddenInput, required=False)
