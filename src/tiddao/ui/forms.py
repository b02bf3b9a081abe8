"""Form fields that speak as Thai offices write."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.dates import DateUnreadable, Era, format_numeric, parse_date
from tiddao.kernel.numerals import NumberUnreadable, format_trimmed, parse_decimal


class BuddhistDateInput(forms.DateInput):
    """A line of text that shows 22/11/2565, whatever the language of the page."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "class": "date",
                "inputmode": "text",
                "autocomplete": "off",
                "placeholder": _("dd/mm/yyyy"),
            }
            | (attrs or {})
        )

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return format_numeric(value)
        return str(value) if value else None


class BuddhistDateField(forms.DateField):
    """A day typed as an office writes it; cleaned to a Gregorian date.

    Takes all that ``kernel.dates.parse_date`` reads: 22/11/2565, 22 พ.ย. 65, ๒๒ พฤศจิกายน ๒๕๖๕,
    2022-11-22. What it shows it reads back as the same day: no control adds 543 twice.
    era="be" refuses a common-era year. Source: docs anchors §3 nos. 5, 6.
    """

    widget = BuddhistDateInput

    def __init__(self, *, era: Era = "auto", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Buddhist era, for example 22/11/2565 or 22 พ.ย. 65"))
        super().__init__(**kwargs)
        self.era = era

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value), era=self.era)
        except DateUnreadable as error:
            raise ValidationError(_reason(error), code=error.code) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class ThaiDecimalInput(forms.TextInput):
    """A line of text for a number: a number control refuses commas and Thai digits."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"class": "amount", "inputmode": "decimal", "autocomplete": "off"} | (attrs or {})
        )

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return format_trimmed(value)
        return str(value) if value not in {None, ""} else None


class WholeNumberInput(forms.TextInput):
    """A line of text for a count or a year, shown as it is."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"class": "amount", "inputmode": "numeric", "autocomplete": "off"} | (attrs or {})
        )


class ThaiDecimalField(forms.DecimalField):
    """A number typed with or without commas, in Thai or Arabic digits; cleaned to a Decimal.

    units: words that may stand behind it ("บาท"). Bounds and places as in DecimalField.
    """

    widget = ThaiDecimalInput

    def __init__(self, *, units: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs take it for an IntegerField
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_decimal(str(value), units=self.units)
        except NumberUnreadable as error:
            raise ValidationError(_reason(error), code=error.code) from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 -- Django's signature
        return {}  # min, max and step belong to a number control

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class ThaiIntegerField(forms.IntegerField):
    """A whole number typed with or without commas, in Thai or Arabic digits. Bounds as in IntegerField."""

    widget = WholeNumberInput

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            number = parse_decimal(str(value))
        except NumberUnreadable as error:
            raise ValidationError(_reason(error), code=error.code) from error
        if number != number.to_integral_value():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 -- Django's signature
        return {}  # min, max and step belong to a number control


def _reason(error: DateUnreadable | NumberUnreadable) -> str:
    """Return the reader's own Thai sentence; in English one sentence that says what is expected."""
    if (get_language() or "").startswith("en"):
        if isinstance(error, DateUnreadable):
            return gettext(
                "This is no date that can be read with certainty. Write it like 22/11/2565."
            )
        return gettext("This is no number that can be read with certainty. Write it like 1,234.50.")
    return error.reason
