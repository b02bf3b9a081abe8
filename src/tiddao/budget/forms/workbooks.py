"""What people hand in and put right on the pages of an office's own workbook."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tiddao.budget.queries.office_reading import LARGEST_WORKBOOK
from tiddao.budget.rules.office_figures import MEASURE_TH
from tiddao.budget.rules.office_mapping import CATEGORY_TH
from tiddao.kernel.fiscal import FiscalYear
from tiddao.ui.forms import BuddhistDateField

_LONGEST = 300
KIND_WORDS = {
    "budget": _("Budget: counted"),
    "summary": _("Summary: compared only"),
    "monitor": _("Monitoring: beside the projects, in no sum"),
    "score": _("Scores of districts"),
    "other": _("Not read"),
}
_NOT_IN_HEADS = {"percent"}
_TABLES = ".xlsx,.xlsm,.csv"


class ReceiveForm(forms.Form):
    """An office's own workbook, its fiscal year, and the day it is true for where it does not say."""

    file = forms.FileField(
        label=_("The office's workbook"),
        help_text=_(
            "As the office keeps it, nothing to rearrange. Excel (.xlsx, .xlsm) or CSV, at most "
            "10 MB, without a password. An older .xls is saved as .xlsx first."
        ),
        widget=forms.ClearableFileInput({"accept": _TABLES}),
    )
    fiscal_year = forms.TypedChoiceField(label=_("Fiscal year"), coerce=int)
    as_of = BuddhistDateField(
        label=_("Figures true for the day"),
        required=False,
        help_text=_("Leave empty where the workbook prints its day; it can be said later too."),
    )

    def __init__(self, *args: Any, year: FiscalYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = (year, year.previous())
        cast("Any", self.fields["fiscal_year"]).choices = [(each.be, str(each)) for each in years]

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_WORKBOOK:
            raise ValidationError(_("The file is larger than 10 MB."), code="too_large")
        return file


class VersionForm(forms.Form):
    """The version of the workbook that the person was looking at."""

    version = forms.IntegerField(min_value=1)


class MendForm(VersionForm):
    """What should stand in a cell; an empty value leaves the cell blank."""

    sheet = forms.CharField(max_length=_LONGEST, strip=False)
    cell = forms.CharField(max_length=16)
    value = forms.CharField(max_length=_LONGEST, required=False)
    reason = forms.CharField(max_length=_LONGEST, required=False)


class UnmendForm(VersionForm):
    """Which cell is to count as it stands in the file."""

    sheet = forms.CharField(max_length=_LONGEST, strip=False)
    cell = forms.CharField(max_length=16)


class SheetForm(VersionForm):
    """What a sheet is."""

    sheet = forms.CharField(max_length=_LONGEST, strip=False)
    kind = forms.ChoiceField(label=_("What the sheet is"), choices=list(KIND_WORDS.items()))
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("not said")), *CATEGORY_TH.items()]
    )
    tranche = forms.CharField(label=_("Tranche"), max_length=60, required=False)


class MeaningForm(VersionForm):
    """What a head, a place or a project that the workbook writes in its own way means."""

    what = forms.ChoiceField(choices=[(each, each) for each in ("heads", "places", "projects")])
    written = forms.CharField(max_length=_LONGEST)
    means = forms.CharField(max_length=_LONGEST, required=False)


class DayForm(VersionForm):
    """For which day the figures are true."""

    as_of = BuddhistDateField(label=_("Figures true for the day"))


HEAD_CHOICES = [
    ("", _("leave the column out")),
    *((code, words) for code, words in MEASURE_TH.items() if code not in _NOT_IN_HEADS),
]
