"""What people choose and hand in on the pages of the treasury's series."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.budget.rules.cgd_workbook import ALL_SHEETS, PROVINCE_SHEETS
from tiddao.ui.forms import BuddhistDateField

LARGEST_UPLOAD = 10 * 1024 * 1024
"""Bytes; the published workbook has about one million."""

SHEETS_ASKED = {"all": ALL_SHEETS, "provinces": PROVINCE_SHEETS}


class UploadForm(forms.Form):
    """A weekly workbook, and which of its sheets to take in."""

    file = forms.FileField(
        label=_("Weekly workbook (.xlsx)"),
        help_text=_("As published by the Comptroller General, unchanged. At most 10 MB."),
        widget=forms.ClearableFileInput(
            {"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )
    sheets = forms.ChoiceField(
        label=_("Which sheets"),
        choices=[
            ("all", _("All eight: country, ministries, agencies, provinces")),
            ("provinces", _("Sheets 13 and 14 only: allotted by the centre to provinces")),
        ],
        initial="all",
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_UPLOAD:
            raise ValidationError(_("The file is larger than 10 MB."), code="too_large")
        if file.read(4) != b"PK\x03\x04":
            raise ValidationError(_("This is no Excel workbook (.xlsx)."), code="not_xlsx")
        file.seek(0)
        return file


class KnownAtField(BuddhistDateField):
    """A day, cleaned to its last moment in Thailand."""

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(
            microseconds=1
        )


class KnownAtForm(forms.Form):
    """As the figures were known at the end of a day; GET."""

    known_at = KnownAtField(label=_("As known on"), required=False, help_text="")


class RankingForm(KnownAtForm):
    """Which ranking to show; GET."""

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int)
    spending = forms.ChoiceField(label=_("Spending"))
    kind = forms.ChoiceField(label=_("Units"))
    order = forms.ChoiceField(
        label=_("Order of the table"),
        choices=[
            ("ascending", _("From the lowest (as in the file)")),
            ("descending", _("From the highest")),
        ],
    )

    field_order = ("sheet", "spending", "kind", "order", "known_at")
