"""Reported results."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import Field

from tiddao.indicators.queries.stars import ResultView
from tiddao.indicators.schemas.asking import StarsAsked


class ResultsAsked(StarsAsked):
    indicator: str | None = None
    page: int = Field(1, ge=1, le=100_000)


class ResultOut(Schema):
    """One reported result. Figures are exact decimals as text; known_at: when it became known."""

    place: str
    place_name: str
    indicator: str
    state: str
    not_applicable: bool
    numerator: str | None
    denominator: str | None
    steps: list[int] | None
    self_score: str | None
    checked_score: str | None
    narrative: str
    revision: int
    known_at: datetime
    source: str


class ResultsOut(Schema):
    """count: of all pages; rows: of this page, 200 at most."""

    place: str
    framework: str
    round: str
    basis: str
    count: int
    page: int
    pages: int
    rows: list[ResultOut]


def result_json(row: ResultView) -> dict[str, Any]:
    """Shape a result. Who reported it stands in the ledger, not here."""

    def exact(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return {
        "place": row.place,
        "place_name": row.place_name,
        "indicator": row.indicator,
        "state": row.state,
        "not_applicable": row.not_applicable,
        "numerator": exact(row.numerator),
        "denominator": exact(row.denominator),
        "steps": None if row.steps is None else list(row.steps),
        "self_score": exact(row.self_score),
        "checked_score": exact(row.checked_score),
        "narrative": row.narrative,
        "revision": row.revision,
        "known_at": row.known_at,
        "source": row.source,
    }
