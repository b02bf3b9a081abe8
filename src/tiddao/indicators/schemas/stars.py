"""The stars of a place, and the whole way to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from tiddao.indicators.queries.stars import PlaceStars, explanation_of, results_of
from tiddao.indicators.schemas.numbers import json_number
from tiddao.indicators.schemas.results import result_json


class DimensionOut(Schema):
    """score: 1–5 or 0–100 by the framework's scheme; completeness: per cent."""

    code: str
    name: str
    score: float | None
    stars: int | None
    completeness: float


class StarsOut(Schema):
    """The stars of one place or group. reason: why there are none, where there are none."""

    place: str
    place_name: str
    framework: str
    title: str
    version: int
    proposed: bool
    fiscal_year: int
    round: str | None
    basis: str
    score: float | None
    stars: int | None
    completeness: float | None
    reason: str | None
    as_of: date | None
    known_at: datetime
    source: str
    stamp: str
    dimensions: list[DimensionOut]


def stars_json(stars: PlaceStars, *, at: datetime) -> dict[str, Any]:
    """Shape the stars; at: the moment of asking, which is what they are known at by default."""
    score = stars.score
    return {
        "place": stars.unit.key,
        "place_name": stars.unit.name,
        "framework": stars.framework.code,
        "title": stars.framework.title,
        "version": stars.version,
        "proposed": stars.definition.proposed,
        "fiscal_year": stars.framework.fiscal_year,
        "round": stars.round.code if stars.round else None,
        "basis": stars.basis,
        "score": json_number(score.score) if score else None,
        "stars": score.stars if score else None,
        "completeness": json_number(score.completeness) if score else None,
        "reason": (score.reason if score else stars.not_assessed) or None,
        "as_of": stars.as_of,
        "known_at": stars.known_at or at,
        "source": stars.source,
        "stamp": stars.stamp,
        "dimensions": [
            {
                "code": each.code,
                "name": each.name_th,
                "score": json_number(each.score),
                "stars": each.stars,
                "completeness": json_number(each.completeness),
            }
            for each in (score.dimensions if score else ())
        ],
    }


def explain_json(stars: PlaceStars, *, at: datetime) -> dict[str, Any]:
    """Shape the stars with the whole tree under "explanation".

    For a place that reports itself, each indicator also carries the row it came from ("results").
    """
    tree = explanation_of(stars)
    if tree and stars.round is not None and stars.unit.level == stars.definition.assessed_level:
        rows = results_of(
            stars.round.id,
            stars.unit,
            on=stars.round.true_on,
            basis=stars.basis,
            known_at=stars.known_at,
        )
        for dimension in tree["dimensions"]:
            for indicator in dimension["indicators"]:
                indicator["results"] = [
                    result_json(row) for row in rows if row.indicator == indicator["code"]
                ]
    return stars_json(stars, at=at) | {"explanation": tree}
