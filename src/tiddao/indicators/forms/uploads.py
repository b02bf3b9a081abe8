"""Files: a definition, results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiddao.indicators.forms.framework import EditionForm

LARGEST_UPLOAD = 20 * 1024 * 1024


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
