"""Decimals as JSON numbers."""

from __future__ import annotations

from decimal import Decimal


def json_number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
