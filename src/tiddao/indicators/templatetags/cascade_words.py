"""Words and fields of the grid on which targets are handed down."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from tiddao.indicators.models import TargetSplit
from tiddao.indicators.queries.cascade import SplitView
from tiddao.ui.templatetags.ui import trimmed

register = template.Library()


@register.filter
def as_part(field: BoundField) -> SafeString:
    """The field of a part, narrow and with its value to two places at most."""
    return field.as_widget(attrs={"class": "form-control form-control-sm part-field"})


@register.filter
def as_lock(field: BoundField) -> SafeString:
    """The box that locks a part."""
    return field.as_widget(attrs={"class": "form-check-input"})


@register.filter
def in_unit(value: Decimal | None, unit: str) -> str:
    """The value with its unit; in Thai a rate stands after its word: ร้อยละ 80."""
    said = trimmed(value)
    return f"{unit} {said}" if unit.startswith("ร้อยละ") else f"{said} {unit}"


@register.filter
def method_words(split: SplitView) -> str:
    """How it was split, in words, with what the bases were."""
    words = str(TargetSplit.Method(split.method).label)
    return f"{words} ({split.base_th})" if split.base_th else words


@register.filter
def silent(split: SplitView) -> int:
    """How many have not answered."""
    return split.said[""]
