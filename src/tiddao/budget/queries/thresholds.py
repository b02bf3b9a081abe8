"""The thresholds of status that ship with the product, read once."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from tiddao.budget.rules.thresholds import Thresholds, read_thresholds

FILE = settings.BASE.parent.parent / "definitions" / "money-status.toml"


@cache
def status_thresholds() -> Thresholds:
    """Return when spending is green, yellow, red, purple. Raises ThresholdsRefused."""
    return read_thresholds(FILE.read_text(encoding="utf-8"), file=FILE.name)
