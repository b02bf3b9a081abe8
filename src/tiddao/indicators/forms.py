"""Input from people: a framework's definition piece by piece, uploads, copies.

A definition is a frozen document, so each form knows two things: how to show one piece of it
(``initial_of``) and what that piece becomes (``read``). Forms check shape and type; whether the
whole hangs together is said by the named checks of ``rules``, which the page shows beside the field.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MinValueValidator, RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.rules.definitions import (
    KINDS,
    LEVELS,
    ROLLUPS,
    ROLLUPS_OF_KIND,
    SCHEMES,
    Breakpoints,
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
    Ladder,
    LadderRefused,
    RoundDefinition,
    StarRules,
)
from tiddao.indicators.wording import KIND_WORDS, LEVEL_WORDS, ROLLUP_WORDS, SCHEME_WORDS
from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.digits import to_arabic
from tiddao.ui.forms import BuddhistDateField, ThaiDecimalField

CODE = RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z._-]*$", _("Use letters, digits, dots and dashes."))
LARGEST_UPLOAD = 20 * 1024 * 1024


def _percent(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=100, max_digits=7)


def _figure(label: Any, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=required, max_digits=28, decimal_places=10)


def _text(label: Any, *, rows: int = 2, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, widget=area, help_text=help_text)


class KnownAtField(forms.CharField):
    """A moment, typed as a Buddhist date with or without a time: "25 ม.ค. 2566 16:00".

    A date alone means the end of that day in Thailand. Also reads the ISO form that links carry.
    Cleans to an aware datetime, or None when empty.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("placeholder", _("now, or 25/1/2566"))

    def clean(self, value: Any) -> Any:
        text = to_arabic(str(super().clean(value) or "")).strip()
        if not text:
            return None
        try:
            return _moment(text)
        except (DateUnreadable, ValueError):
            raise forms.ValidationError(
                _("This moment cannot be read. Write it as 25/1/2566 16:00.")
            ) from None


_CLOCK = re.compile(r"^(?P<day>.+?)[\s,T]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\s*(?:น\.?)?$")


def _moment(text: str) -> datetime:
    if re.match(r"^\d{4}-\d\d-\d\dT.*[+Z-]", text):
        return datetime.fromisoformat(text.replace(" ", "+"))
    clock = _CLOCK.match(text)
    day = parse_date(clock["day"] if clock else text)
    at = time(int(clock["hour"]), int(clock["minute"])) if clock else time.max
    return timezone.make_aware(datetime.combine(day, at))


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
    notes = _text(_("Notes"), rows=4)
    cutoff_5 = _percent(_("5 stars from (% of full marks)"))
    cutoff_4 = _percent(_("4 stars from (% of full marks)"))
    cutoff_3 = _percent(_("3 stars from (% of full marks)"))
    cutoff_2 = _percent(_("2 stars from (% of full marks)"))
    min_completeness = _percent(
        _("A dimension has stars from this much of its weight reported (%)")
    )
    balance_margin = forms.IntegerField(
        label=_("At most this many stars above the lowest dimension"),
        min_value=0,
        max_value=4,
        required=False,
        help_text=_("Empty: no balance rule."),
    )
    penalty_per_missed_report = forms.DecimalField(
        label=_("Points taken for each missed report"), min_value=0, max_digits=8
    )
    breakpoint_1 = _percent(_("Points at the basic step"))
    breakpoint_2 = _percent(_("Points at the standard step"))
    breakpoint_3 = _percent(_("Points at the advanced step"))

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


class DimensionForm(forms.Form):
    """One dimension; its indicators keep their place through a change of its code."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=_("Code"), max_length=16, validators=[CODE])
    name_th = forms.CharField(label=_("Name (Thai)"), max_length=200)
    name_en = forms.CharField(label=_("Name (English)"), max_length=200)
    weight = forms.DecimalField(
        label=_("Weight"), max_digits=8, validators=[MinValueValidator(Decimal(0))]
    )
    order = forms.IntegerField(label=_("Order"), min_value=1, max_value=99)
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
else:  # as above
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


class IndicatorForm(forms.Form):
    """One indicator. The ladder has five values, or three breakpoints in the 0–100 scheme."""

    dimension = forms.ChoiceField(label=_("Dimension"))
    code = forms.CharField(label=_("Code"), max_length=16, validators=[CODE])
    name_th = forms.CharField(label=_("Name (Thai)"), max_length=300)
    name_en = forms.CharField(label=_("Name (English)"), max_length=300)
    why_th = _text(_("Why it matters"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[(each, KIND_WORDS[each]) for each in KINDS])
    unit_th = forms.CharField(label=_("Unit (Thai)"), max_length=60)
    unit_en = forms.CharField(label=_("Unit (English)"), max_length=60)
    weight = forms.DecimalField(
        label=_("Weight"), max_digits=8, validators=[MinValueValidator(Decimal(0))]
    )
    reports_at = forms.ChoiceField(
        label=_("Reported by"), choices=[(each, LEVEL_WORDS[each]) for each in LEVELS]
    )
    rollup = forms.ChoiceField(
        label=_("At a higher level"), choices=[(each, ROLLUP_WORDS[each]) for each in ROLLUPS]
    )
    step_1 = _figure(_("Level 1"), required=True)
    step_2 = _figure(_("Level 2"), required=True)
    step_3 = _figure(_("Level 3"), required=True)
    step_4 = _figure(_("Level 4"), required=True)
    step_5 = _figure(_("Level 5"), required=True)
    numerator_th = forms.CharField(label=_("Numerator in words"), max_length=300, required=False)
    denominator_th = forms.CharField(
        label=_("Denominator in words"), max_length=300, required=False
    )
    base_th = forms.CharField(label=_("Base"), max_length=300, required=False)
    factor = forms.DecimalField(
        label=_("Multiplied by"), max_digits=12, help_text=_("100 for a percentage, else 1.")
    )
    minimum = _figure(_("Smallest possible value"))
    maximum = _figure(_("Largest possible value"))
    whole = forms.BooleanField(label=_("Whole numbers only"), required=False)
    steps_th = _text(_("Milestones, one a line, in order"), rows=5)
    effort = forms.DecimalField(
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
    evidence_th = _text(_("Evidence asked for"))
    owner_th = forms.CharField(label=_("Owner"), max_length=200, required=False)
    source_rows = forms.CharField(
        label=_("Rows of the source"), max_length=200, required=False, help_text=_("A55, B66")
    )
    source_text = _text(_("Source text"))
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


def _not_too_large(file: Any) -> None:
    if file.size > LARGEST_UPLOAD:
        raise forms.ValidationError(_("The file is larger than 20 MB."))


class DefinitionFileForm(EditionForm):
    """A definition as a TOML file, to replace the draft."""

    file = forms.FileField(
        label=_("Definition file (.toml)"),
        validators=[_not_too_large],
        widget=forms.FileInput(attrs={"accept": ".toml,text/plain"}),
    )

    def text(self) -> str:
        """Return the file's text; a form error when it is not UTF-8."""
        data: bytes = self.cleaned_data["file"].read()
        return data.decode("utf-8-sig")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is not text in UTF-8.")) from None
        file.seek(0)
        return file


class CopyForm(forms.Form):
    """A new framework from an existing one: for another office, another year, or both."""

    owner = forms.ChoiceField(label=_("Office that will own it"))
    code = forms.SlugField(
        label=_("Code of the new framework"),
        max_length=60,
        help_text=_("Small letters, digits and dashes; shown in the address."),
    )
    fiscal_year = forms.IntegerField(label=_("Fiscal year (B.E.)"), min_value=2560, max_value=2600)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = offices


class ResultImportForm(forms.Form):
    """A workbook or CSV of results."""

    file = forms.FileField(
        label=_("Results file (.xlsx or .csv)"),
        validators=[_not_too_large],
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".xlsx", ".csv")):
            raise forms.ValidationError(_("Only .xlsx and .csv files can be read."))
        return file


class ReasonForm(forms.Form):
    """A reason, where an act needs one said."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReturnForm(ReasonForm):
    """Why results go back to their office."""


class JudgeForm(forms.Form):
    """A checked score beside an office's own one."""

    score = ThaiDecimalField(
        label=_("Checked score"), min_value=Decimal(1), max_value=Decimal(5), required=False
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
