"""One indicator of a framework."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.forms.fields import CODE, figure_field, text_field
from tiddao.indicators.rules.definitions import (
    KINDS,
    LEVELS,
    ROLLUPS,
    ROLLUPS_OF_KIND,
    Breakpoints,
    FrameworkDefinition,
    IndicatorDefinition,
    Ladder,
    LadderRefused,
)
from tiddao.indicators.wording import KIND_WORDS, LEVEL_WORDS, ROLLUP_WORDS
from tiddao.ui.forms import ThaiDecimalField


class IndicatorForm(forms.Form):
    """One indicator. The ladder has five values, or three breakpoints in the 0–100 scheme."""

    dimension = forms.ChoiceField(label=_("Dimension"))
    code = forms.CharField(label=_("Code"), max_length=16, validators=[CODE])
    name_th = forms.CharField(label=_("Name (Thai)"), max_length=300)
    name_en = forms.CharField(label=_("Name (English)"), max_length=300)
    why_th = text_field(_("Why it matters"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(each, KIND_WORDS[each]) for each in KINDS])
    unit_th = forms.CharField(label=_("Unit (Thai)"), max_length=60)
    unit_en = forms.CharField(label=_("Unit (English)"), max_length=60)
    weight = ThaiDecimalField(
        label=_("Weight"), max_digits=8, validators=[MinValueValidator(Decimal(0))]
    )
    reports_at = forms.ChoiceField(
        label=_("Reported by"), choices=[(each, LEVEL_WORDS[each]) for each in LEVELS]
    )
    rollup = forms.ChoiceField(
        label=_("At a higher level"), choices=[(each, ROLLUP_WORDS[each]) for each in ROLLUPS]
    )
    step_1 = figure_field(_("Level 1"), required=True)
    step_2 = figure_field(_("Level 2"), required=True)
    step_3 = figure_field(_("Level 3"), required=True)
    step_4 = figure_field(_("Level 4"), required=True)
    step_5 = figure_field(_("Level 5"), required=True)
    numerator_th = forms.CharField(label=_("Numerator in words"), max_length=300, required=False)
    denominator_th = forms.CharField(
        label=_("Denominator in words"), max_length=300, required=False
    )
    base_th = forms.CharField(label=_("Base"), max_length=300, required=False)
    factor = ThaiDecimalField(
        label=_("Multiplied by"), max_digits=12, help_text=_("100 for a percentage, else 1.")
    )
    minimum = figure_field(_("Smallest possible value"))
    maximum = figure_field(_("Largest possible value"))
    whole = forms.BooleanField(label=_("Whole numbers only"), required=False)
    steps_th = text_field(_("Milestones, one a line, in order"), rows=5)
    effort = ThaiDecimalField(
        label=_("Effort of one level"),
        max_digits=8,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Used to find the cheapest way to the next star."),
    )
    link = forms.CharField(label=_("Computed by (area)"), max_length=60, required=False)
    otherwise = forms.ChoiceField(
        label=_("Reported by hand until then as"),
        choices=[
            ("", "—"),
            *((each, KIND_WORDS[each]) for each in KINDS if each != "linked"),
        ],
        required=False,
    )
    evidence_th = text_field(_("Evidence asked for"))
    owner_th = forms.CharField(label=_("Owner"), max_length=200, required=False)
    source_rows = forms.CharField(
        label=_("Rows of the source"), max_length=200, required=False, help_text=_("A55, B66")
    )
    source_text = text_field(_("Source text"))
    proposed = forms.BooleanField(label=_("A proposal, not official"), required=False)

    def __init__(self, *args: Any, definition: FrameworkDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        dimension = self.fields["dimension"]
        assert isinstance(dimension, forms.ChoiceField)
        dimension.choices = [
            (each.code, f"{each.code} {each.name_th}") for each in definition.dimensions
        ]
        if definition.scheme == "points100":
            del self.fields["step_4"], self.fields["step_5"]
            for number, words in enumerate((_("Basic"), _("Standard"), _("Advanced")), start=1):
                self.fields[f"step_{number}"].label = words

    @staticmethod
    def initial_of(indicator: IndicatorDefinition, dimension: str) -> dict[str, Any]:
        steps: tuple[Decimal, ...] = ()
        if indicator.ladder:
            steps = indicator.ladder.levels
        elif indicator.breakpoints:
            steps = indicator.breakpoints.values
        names = (
            "code", "name_th", "name_en", "why_th", "kind", "unit_th", "unit_en", "weight",
            "reports_at", "rollup", "numerator_th", "denominator_th", "base_th", "factor",
            "minimum", "maximum", "whole", "effort", "link", "evidence_th", "owner_th",
            "source_text", "proposed",
        )  # fmt: skip
        return {
            **{name: getattr(indicator, name) for name in names},
            "dimension": dimension,
            "otherwise": indicator.otherwise or "",
            "steps_th": "\n".join(indicator.steps_th),
            "source_rows": ", ".join(indicator.source_rows),
            **{f"step_{number}": value for number, value in enumerate(steps, start=1)},
        }

    @property
    def step_fields(self) -> list[forms.BoundField]:
        """The fields of the ladder, in order."""
        return [self[name] for name in self.fields if name.startswith("step_")]

    def _steps(self, given: dict[str, Any]) -> Ladder | Breakpoints | None:
        found = [given.get(name) for name in self.fields if name.startswith("step_")]
        values = [each for each in found if each is not None]
        if len(values) == 5:
            return Ladder((values[0], values[1], values[2], values[3], values[4]))
        if len(values) == 3 and self.definition.scheme == "points100":
            return Breakpoints((values[0], values[1], values[2]))
        return None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            given["steps"] = self._steps(given)
        except LadderRefused as refused:
            self.add_error("step_1", str(refused))
        kind, rollup = given.get("kind"), given.get("rollup")
        if kind and rollup and rollup not in ROLLUPS_OF_KIND[kind]:
            self.add_error("rollup", _("This kind of indicator cannot be carried upward so."))
        low, high = given.get("minimum"), given.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", _("The largest value is below the smallest."))
        return given

    def indicator(self) -> IndicatorDefinition:
        """Return the indicator as filled in."""
        given = self.cleaned_data
        steps = given["steps"]
        rows = given["source_rows"].replace(",", " ").split()
        lines = [line.strip() for line in given["steps_th"].splitlines()]
        return IndicatorDefinition(
            code=given["code"],
            name_th=given["name_th"],
            name_en=given["name_en"],
            kind=given["kind"],
            unit_th=given["unit_th"],
            unit_en=given["unit_en"],
            weight=given["weight"],
            reports_at=given["reports_at"],
            rollup=given["rollup"],
            ladder=steps if isinstance(steps, Ladder) else None,
            breakpoints=steps if isinstance(steps, Breakpoints) else None,
            factor=given["factor"],
            minimum=given["minimum"],
            maximum=given["maximum"],
            whole=given["whole"],
            effort=given["effort"],
            link=given["link"],
            otherwise=given["otherwise"] or None,
            numerator_th=given["numerator_th"],
            denominator_th=given["denominator_th"],
            base_th=given["base_th"],
            steps_th=tuple(line for line in lines if line),
            evidence_th=given["evidence_th"],
            owner_th=given["owner_th"],
            why_th=given["why_th"],
            source_rows=tuple(rows),
            source_text=given["source_text"],
            proposed=given["proposed"],
        )

    def read(self, was: str | None) -> FrameworkDefinition:
        """Return the definition with this indicator in its place.

        was: the code it had before, or None for a new one. It keeps its position unless it moves
        to another dimension, where it goes last.
        """
        new = self.indicator()
        home = self.cleaned_data["dimension"]
        dimensions = []
        for dimension in self.definition.dimensions:
            kept: list[IndicatorDefinition] = []
            placed = False
            for each in dimension.indicators:
                if was is not None and each.code == was:
                    if dimension.code == home:
                        kept.append(new)
                        placed = True
                    continue
                kept.append(each)
            if dimension.code == home and not placed:
                kept.append(new)
            dimensions.append(replace(dimension, indicators=tuple(kept)))
        return replace(self.definition, dimensions=tuple(dimensions))


def without_indicator(definition: FrameworkDefinition, code: str) -> FrameworkDefinition:
    """Return the definition without the indicator of that code."""
    return replace(
        definition,
        dimensions=tuple(
            replace(
                dimension,
                indicators=tuple(each for each in dimension.indicators if each.code != code),
            )
            for dimension in definition.dimensions
        ),
    )
