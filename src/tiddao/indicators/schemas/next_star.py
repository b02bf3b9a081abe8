"""The cheapest way to the next star, and what would lose one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import Field

from tiddao.indicators.queries.stars import PlaceStars, next_star_of
from tiddao.indicators.rules.next_star import NextStar
from tiddao.indicators.schemas.asking import StarsAsked
from tiddao.indicators.schemas.numbers import json_number


class NextStarAsked(StarsAsked):
    target: int | None = Field(None, ge=1, le=5)


class StepOut(Schema):
    code: str
    name_th: str
    unit_th: str
    level_now: float | None
    level_needed: float
    needs_th: str


class BreakOut(Schema):
    code: str
    name_th: str
    level_now: float
    level_after: float
    stars_after: int | None


class NextStarOut(Schema):
    """The cheapest set of steps to the target; what_would_break_it: falls that lose a star."""

    place: str
    framework: str
    version: int
    round: str | None
    present: int | None
    target: int | None
    reachable: bool
    cost: float
    score_after: float | None
    stars_after: int | None
    steps: list[StepOut]
    what_would_break_it: list[BreakOut]


def next_star_json(stars: PlaceStars, *, target: int | None) -> dict[str, Any]:
    """Shape the cheapest way to the next star; nothing to reach where the unit is not assessed."""
    found = next_star_of(stars, target=target)
    head = {
        "place": stars.unit.key,
        "framework": stars.framework.code,
        "version": stars.version,
        "round": stars.round.code if stars.round else None,
    }
    if found is None:
        found = NextStar(None, None, False, Decimal(0), (), None, None, ())
    return head | {
        "present": found.present,
        "target": found.target,
        "reachable": found.reachable,
        "cost": json_number(found.cost),
        "score_after": json_number(found.score_after),
        "stars_after": found.stars_after,
        "steps": [
            {
                "code": each.code,
                "name_th": each.name_th,
                "unit_th": each.unit_th,
                "level_now": json_number(each.level_now),
                "level_needed": json_number(each.level_needed),
                "needs_th": each.needs_th,
            }
            for each in found.steps
        ],
        "what_would_break_it": [
            {
                "code": each.code,
                "name_th": each.name_th,
                "level_now": json_number(each.level_now),
                "level_after": json_number(each.level_after),
                "stars_after": each.stars_after,
            }
            for each in found.what_would_break_it
        ],
    }
