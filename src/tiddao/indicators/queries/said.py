"""A result as the ledger's digest sees it: the same for who writes it and for who checks it later."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tiddao.indicators.models import Result

FIGURES = (
    "not_applicable",
    "numerator",
    "denominator",
    "steps",
    "self_score",
    "checked_score",
    "narrative",
)


def as_said(result: Result) -> list[Any]:
    """Return place, indicator, revision, state and figures, exact and however they were written."""
    return [
        result.place_id,
        result.indicator_code,
        result.revision,
        result.state,
        *(_plain(getattr(result, name)) for name in FIGURES),
    ]


def _plain(value: Any) -> Any:
    return str(value.normalize()) if isinstance(value, Decimal) else value
