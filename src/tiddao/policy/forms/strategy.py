"""What people give when a strategy is written, checked, published and carried into another year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.fiscal import FiscalYear, FiscalYearUnreadable
from tiddao.policy.measuring import Measure
from tiddao.policy.models import PointWord, StrategySource
from tiddao.policy.queries.strategy.missions import MissionLine, MissionOffered
from tiddao.policy.queries.strategy.view import SourceLine
from tiddao.policy.rules.strategy import POINTS, Reference
from tiddao.ui.forms import BuddhistDateField, ThaiIntegerField
from tiddao.ui.registry import Words

REFUSALS: Mapping[str, Words] = {
    "title-missing": _("Give it a title."),
    "reason-missing": _("Write the reason."),
    "year-begun": _("The strategy of that fiscal year has been begun already."),
    "draft-there": _("There is a draft already: go on with it."),
    "not-a-draft": _("It is published: begin a new version to change it."),
    "not-published": _("Only what is published can be carried on."),
    "nothing-in-it": _("There is no key mission in it yet."),
    "points-lacking": _("The four points are not all met yet."),
    "wrote-it": _("You wrote in it, so another person has to check it."),
    "words-missing": _("Write it in words first."),
    "year-not-later": _("Choose a later fiscal year."),
    "unknown-part": _("This part is not there any more."),
    "mission-gone": _("This key mission is not in force any more."),
    "hangs-there": _("It hangs on this key mission already."),
    "not-of-this-year": _("The key mission belongs to another fiscal year."),
}
"""What is said of a refusal, by its code."""

POINT_HINTS: Mapping[str, Words] = {
    "clear": _("Can every district say what it has to do, by when, and how it is measured?"),
    "complete": _("Does it cover the policies above, and all districts and groups of people?"),
    "distinctive": _("What is special to this province in it?"),
    "common-good": _("Who gains from it: the people as a whole, or only some?"),
}
"""What is asked about each point: questions proposed by this system."""


class EditionForm(forms.Form):
    """edition: the save of the draft that the person has before them."""

    edition = forms.IntegerField(widget=forms.HiddenInput)


class YearField(forms.CharField):
    """A fiscal year as people write it; cleaned to its Buddhist number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput({"inputmode": "numeric"}), **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return FiscalYear.parse(text).be
        except FiscalYearUnreadable as error:
            raise forms.ValidationError(str(error)) from error


class BeginForm(forms.Form):
    """A strategy with nothing in it."""

    office = forms.ChoiceField(label=_("Office"))
    year = YearField(label=_("Fiscal year"))
    title = forms.CharField(label=_("Title"), max_length=300)

    def __init__(self, *args: Any, offices: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].choices = offices  # type: ignore[attr-defined]  # of a choice field


class HeadForm(EditionForm):
    """Title, vision and goal."""

    title = forms.CharField(label=_("Title"), max_length=300)
    vision = forms.CharField(
        label=_("Vision"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    vision_on = BuddhistDateField(label=_("Day of this wording"), required=False)
    vision_source = forms.CharField(
        label=_("Where the vision was read"), required=False, max_length=300
    )
    goal = forms.CharField(
        label=_("Highest goal"),
        required=False,
        max_length=300,
        help_text=_("What all of it is for, such as “relieve suffering, bring happiness”."),
    )


class SourceForm(EditionForm):
    """Where policy comes from."""

    kind = forms.ChoiceField(label=_("Kind of source"), choices=StrategySource.Kind)
    title = forms.CharField(label=_("Title"), max_length=300)
    text = forms.CharField(
        label=_("What it says"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
    )
    number = forms.CharField(label=_("Number of the letter"), required=False, max_length=120)
    issued_on = BuddhistDateField(label=_("Day of the paper"), required=False)
    document = forms.TypedChoiceField(
        label=_("The paper, read here"),
        coerce=lambda text: int(text) if text else None,
        empty_value=None,
        required=False,
    )
    order = ThaiIntegerField(label=_("Order"), required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, documents: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["document"].choices = [("", "–"), *documents]  # type: ignore[attr-defined]  # of a choice field


class MissionForm(EditionForm):
    """A key mission: what it stands on, what it carries out, what it is measured by."""

    title = forms.CharField(label=_("Title"), max_length=300)
    text = forms.CharField(
        label=_("What is to be done"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
    )
    owner = forms.CharField(label=_("Who drives it"), required=False, max_length=200)
    carries_out = forms.TypedChoiceField(
        label=_("Carries out this key mission of the department"),
        coerce=lambda text: int(text) if text else None,
        empty_value=None,
        required=False,
    )
    sources = forms.MultipleChoiceField(
        label=_("Stands on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    indicators = forms.MultipleChoiceField(
        label=_("Is measured by"), required=False, widget=forms.CheckboxSelectMultiple
    )
    order = ThaiIntegerField(label=_("Order"), required=False, min_value=1, max_value=999)

    def __init__(
        self,
        *args: Any,
        sources: Iterable[SourceLine],
        above: Sequence[MissionLine],
        measures: Iterable[Measure],
        unknown: Iterable[Reference] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["sources"].choices = [  # type: ignore[attr-defined]  # of a choice field
            (each.key, f"{each.kind_words}: {each.title}") for each in sources
        ]
        if above:
            self.fields["carries_out"].choices = [  # type: ignore[attr-defined]  # of a choice field
                ("", "–"),
                *((each.id, each.title) for each in above),
            ]
        else:
            del self.fields["carries_out"]
        by_framework: dict[str, list[tuple[str, str]]] = {}
        for each in measures:
            by_framework.setdefault(each.framework_title, []).append(
                (_written(each.reference), f"{each.code} {each.name}")
            )
        gone = [(_written(each), " ".join(each)) for each in unknown]
        if gone:
            by_framework[str(_("Not in the frameworks of this year"))] = gone
        if by_framework:
            self.fields["indicators"].choices = list(by_framework.items())  # type: ignore[attr-defined]  # of a choice field
        else:
            del self.fields["indicators"]

    @property
    def references(self) -> list[Reference]:
        """The indicators that were ticked; of a valid form."""
        said = self.cleaned_data.get("indicators") or ()
        return [
            (framework, code) for framework, _bar, code in (each.partition("|") for each in said)
        ]


def _written(reference: Reference) -> str:
    return "|".join(reference)


def written_references(references: Iterable[Reference]) -> list[str]:
    """Return indicators as the form's boxes name them."""
    return [_written(each) for each in references]


class PointsForm(EditionForm):
    """The four points, each with a verdict and words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for point in POINTS:
            label = PointWord.Point(point).label
            self.fields[f"meets-{point}"] = forms.ChoiceField(
                label=label,
                choices=[("yes", _("Met")), ("no", _("Not yet met"))],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"words-{point}"] = forms.CharField(
                label=_("Why you say so"),
                max_length=1000,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        """Require words with every verdict and a verdict with all words, at least one of them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for point in POINTS:
            verdict, words = cleaned.get(f"meets-{point}"), cleaned.get(f"words-{point}")
            if verdict and not words:
                self.add_error(f"words-{point}", _("Write it in words first."))
            if words and not verdict:
                self.add_error(f"meets-{point}", _("Say whether it is met."))
        if not self.errors and not self.answers:
            self.add_error(None, _("Answer at least one point."))
        return cleaned

    @property
    def answers(self) -> list[tuple[str, bool, str]]:
        """(point, meets, words) of the points that were answered."""
        said = self.cleaned_data
        return [
            (point, said[f"meets-{point}"] == "yes", said[f"words-{point}"])
            for point in POINTS
            if said.get(f"meets-{point}") and said.get(f"words-{point}")
        ]

    def rows(self) -> list[tuple[str, Words, forms.BoundField, forms.BoundField]]:
        """(point, what is asked about it, verdict, words) in order."""
        return [
            (point, POINT_HINTS[point], self[f"meets-{point}"], self[f"words-{point}"])
            for point in POINTS
        ]


class PublishForm(EditionForm):
    """Publishing; send: also as a directive that the offices below acknowledge."""

    send = forms.BooleanField(
        label=_("Hand it down to the offices below, which acknowledge it"),
        required=False,
        initial=True,
    )
    due_on = BuddhistDateField(label=_("Acknowledge by (day)"), required=False)


class ForwardForm(forms.Form):
    """Into which year; a part with a reason is left out."""

    year = YearField(label=_("Fiscal year"))

    def __init__(
        self, *args: Any, parts: Iterable[SourceLine | MissionLine], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.parts = list(parts)
        for each in self.parts:
            self.fields[f"leave-{each.key}"] = forms.BooleanField(
                label=_("Do not take along"), required=False
            )
            self.fields[f"why-{each.key}"] = forms.CharField(
                label=_("Why it is left out"), max_length=500, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Require a reason for what is left out."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for each in self.parts:
            if cleaned.get(f"leave-{each.key}") and not cleaned.get(f"why-{each.key}"):
                self.add_error(f"why-{each.key}", _("Write the reason."))
        return cleaned

    @property
    def left_out(self) -> dict[str, str]:
        """Key → reason; of a valid form."""
        said = self.cleaned_data
        return {
            each.key: said[f"why-{each.key}"] for each in self.parts if said[f"leave-{each.key}"]
        }

    def rows(self) -> list[tuple[SourceLine | MissionLine, forms.BoundField, forms.BoundField]]:
        """(part, box, reason) in order."""
        return [(each, self[f"leave-{each.key}"], self[f"why-{each.key}"]) for each in self.parts]


class HangForm(forms.Form):
    """On which key mission a directive hangs."""

    mission = forms.TypedChoiceField(label=_("Key mission"), coerce=int)

    def __init__(self, *args: Any, missions: Sequence[MissionOffered], **options: Any) -> None:
        super().__init__(*args, **options)
        by_strategy: dict[str, list[tuple[int, str]]] = {}
        for each in missions:
            by_strategy.setdefault(each.strategy_title, []).append((each.id, each.title))
        self.fields["mission"].choices = list(by_strategy.items())  # type: ignore[attr-defined]  # of a choice field
