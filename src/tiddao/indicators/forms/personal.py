"""What people give for personal targets: a line, an assessment, a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.actions.personal import Assessment, NewLine
from tiddao.indicators.queries.personal import LineView, TargetOffered
from tiddao.kernel.numerals import NumberUnreadable, format_trimmed, parse_decimal
from tiddao.ui.forms import ThaiDecimalField
from tiddao.ui.registry import Words

REFUSALS: Mapping[str, Words] = {
    "not-possible": _("This cannot be done in the present state."),
    "own": _("Nobody agrees to or assesses their own targets."),
    "not-yours": _("This step is another person's."),
    "weights": _("The weights of each part have to sum to exactly 100."),
    "no-lines": _("Write at least one line of results first."),
    "title-missing": _("Say what is to be achieved."),
    "weight-unfit": _("A weight is more than 0 and at most 100."),
    "levels-missing": _("Say what each of the five levels takes."),
    "levels-unfit": _("The five levels have to be numbers that run one way."),
    "level-unfit": _("A level is between 1 and 5."),
    "results-missing": _("Every line needs its result or level."),
    "words-missing": _("Write why, in words."),
    "not-editable": _("It is not being written now: ask for a change first."),
}
"""What is said of a refusal, by its code."""

LEVELS = (1, 2, 3, 4, 5)


class EditionForm(forms.Form):
    """edition: the state of the plan that the person has before them."""

    edition = forms.IntegerField(widget=forms.HiddenInput)


class LineForm(EditionForm):
    """A line of results: an own task, or hanging on a target of the office."""

    hangs_on = forms.ChoiceField(
        label=_("Hangs on the office's target"),
        required=False,
        help_text=_("Leave it at “own task” for work that no target of the office asks for."),
    )
    title = forms.CharField(label=_("What is to be achieved"), max_length=300)
    unit = forms.CharField(label=_("Unit"), max_length=60, required=False)
    weight = ThaiDecimalField(
        label=_("Weight"), min_value=0, max_value=100, max_digits=7, decimal_places=4
    )
    measured = forms.BooleanField(
        label=_("Measured by a number: the level is reckoned from the result"), required=False
    )

    def __init__(self, *args: Any, offered: Sequence[TargetOffered], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = {each.key: each for each in offered}
        self.fields["hangs_on"].choices = [  # type: ignore[attr-defined]  # of a choice field
            ("", _("own task")),
            *(
                (
                    key,
                    f"{each.indicator.code} {each.indicator.name_th} · {format_trimmed(each.target)} {each.indicator.unit_th}",
                )
                for key, each in self.offered.items()
            ),
        ]
        for level in LEVELS:
            self.fields[f"level-{level}"] = forms.CharField(
                label=_("Level %(n)d takes") % {"n": level}, max_length=200
            )

    def clean(self) -> dict[str, Any]:
        """Read the levels of a measured line as numbers, each at its own field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("measured"):
            return cleaned
        for level in LEVELS:
            name = f"level-{level}"
            if cleaned.get(name):
                try:
                    cleaned[name] = format(parse_decimal(cleaned[name]), "f")
                except NumberUnreadable as error:
                    self.add_error(name, error.reason)
        return cleaned

    @property
    def line(self) -> NewLine:
        """What was given; of a valid form."""
        said = self.cleaned_data
        target = self.offered.get(said["hangs_on"])
        return NewLine(
            title=said["title"],
            weight=said["weight"],
            levels=tuple(said[f"level-{level}"] for level in LEVELS),
            measured=said["measured"],
            unit=said["unit"],
            framework=target.framework.code if target else "",
            indicator=target.indicator.code if target else "",
            target=target.target if target else None,
        )


class WeightForm(EditionForm):
    """The weight of a competency."""

    weight = ThaiDecimalField(
        label=_("Weight"), min_value=0, max_value=100, max_digits=7, decimal_places=4
    )


class ReasonForm(EditionForm):
    """Why, in words."""

    words = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class AssessForm(EditionForm):
    """Every line with its result or its level, and words."""

    words = forms.CharField(
        label=_("Words on the whole"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, lines: Iterable[LineView], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = list(lines)
        for line in self.lines:
            if line.measured:
                field = ThaiDecimalField(
                    label=_("Result"), max_digits=20, decimal_places=4, min_value=None
                )
            else:
                field = ThaiDecimalField(
                    label=_("Level 1–5"), max_digits=5, decimal_places=4, min_value=1, max_value=5
                )
            self.fields[f"value-{line.id}"] = field
            self.fields[f"words-{line.id}"] = forms.CharField(
                label=_("What shows it"), required=False, max_length=1000
            )

    @property
    def said(self) -> dict[int, Assessment]:
        """Line → assessment; of a valid form."""
        found = {}
        for line in self.lines:
            value: Decimal = self.cleaned_data[f"value-{line.id}"]
            words = self.cleaned_data[f"words-{line.id}"]
            found[line.id] = (
                Assessment(result=value, words=words)
                if line.measured
                else Assessment(judged=value, words=words)
            )
        return found

    def rows(self) -> list[tuple[LineView, forms.BoundField, forms.BoundField]]:
        """(line, value, words) in order."""
        return [(line, self[f"value-{line.id}"], self[f"words-{line.id}"]) for line in self.lines]
