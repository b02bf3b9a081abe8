"""How a form's field looks: which class its control takes and what it is described by."""

from __future__ import annotations

from typing import TypedDict

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString


class FieldLook(TypedDict):
    """Variables of ``ui/components/field.html``."""

    bound: BoundField
    label: str
    control: SafeString
    help_id: str
    error_id: str
    is_check: bool  # one checkbox: the label stands behind it
    is_group: bool  # several radio buttons or checkboxes: a fieldset names them


def look_of(bound: BoundField, *, label: str = "") -> FieldLook:
    """Return how the field is shown; label replaces the form's own."""
    widget = bound.field.widget
    is_check = isinstance(widget, forms.CheckboxInput)
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    help_id = f"{bound.auto_id}_helptext" if bound.help_text else ""
    error_id = f"{bound.auto_id}_error" if bound.errors else ""
    if is_group:
        css = ""
    elif is_check:
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    given = str(widget.attrs.get("class", ""))
    attributes: dict[str, str | bool] = {
        "class": " ".join(
            filter(None, [css, given, "is-invalid" if bound.errors and not is_group else ""])
        )
    }
    described = " ".join(filter(None, [help_id, error_id]))
    if described and not is_group:
        attributes["aria-describedby"] = described
    return FieldLook(
        bound=bound,
        label=label or str(bound.label),
        control=bound.as_widget(attrs=attributes),
        help_id=help_id,
        error_id=error_id,
        is_check=is_check,
        is_group=is_group,
    )
