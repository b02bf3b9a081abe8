"""Fields that several forms of this area have."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.dates import DateUnreadable, parse_date
from tiddao.kernel.digits import to_arabic
from tiddao.ui.forms import ThaiDecimalField

CODE = RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z._-]*$", _("Use letters, digits, dots and dashes."))


def percent_field(label: Any) -> ThaiDecimalField:
    return ThaiDecimalField(label=label, min_value=0, max_value=100, max_digits=7)


def figure_field(label: Any, *, required: bool = False) -> ThaiDecimalField:
    return ThaiDecimalField(label=label, required=required, max_digits=28, decimal_places=10)


def text_field(label: Any, *, rows: int = 2, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, widget=area, help_text=help_text)


_CLOCK = re.compile(r"^(?P<day>.+?)[\s,T]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\s*(?:น\.?)?$")


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


def _moment(text: str) -> datetime:
    if re.match(r"^\d{4}-\d\d-\d\dT.*[+Z-]", text):
        return datetime.fromisoformat(text.replace(" ", "+"))
    clock = _CLOCK.match(text)
    day = parse_date(clock["day"] if clock else text)
    at = time(int(clock["hour"]), int(clock["minute"])) if clock else time.max
    return timezone.make_aware(datetime.combine(day, at))
