"""League tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from tiddao.indicators.queries.league import LeagueTable
from tiddao.indicators.schemas.asking import StarsAsked
from tiddao.indicators.schemas.numbers import json_number
from tiddao.indicators.schemas.stars import DimensionOut

WITHOUT_OFFICE_TH = "ไม่มีสำนักงานพัฒนาชุมชน จึงไม่มีหน่วยที่รายงาน"


class LeagueAsked(StarsAsked):
    scope: str
    level: str
    dimension: str | None = None
    peers: str | None = None


class LeagueRowOut(Schema):
    """rank: None for a place without stars; rank_low, rank_high: when weights vary by 20 %."""

    rank: int | None
    tied: bool
    place: str
    name: str
    score: float | None
    stars: int | None
    completeness: float
    reported: bool
    change_rank: int | None
    change_score: float | None
    rank_low: int | None
    rank_high: int | None
    dimensions: list[DimensionOut]


class WithoutOffice(Schema):
    place: str
    name: str


class LeagueOut(Schema):
    """rows: every place of the level with an office, reported or not. without_office: the rest of
    total_places, and without_office_reason says why they are no rows.
    """

    scope: str
    level: str
    framework: str
    version: int
    proposed: bool
    fiscal_year: int
    round: str
    previous_round: str | None
    basis: str
    dimension: str | None
    peers: str | None
    as_of: date
    known_at: datetime
    total_places: int
    without_office: list[WithoutOffice]
    without_office_reason: str | None
    rows: list[LeagueRowOut]


def league_json(table: LeagueTable, *, at: datetime) -> dict[str, Any]:
    """Shape a league table; at: the moment of asking."""
    names = {each.code: each.name_th for each in table.definition.dimensions}
    return {
        "scope": table.scope.key,
        "level": table.level,
        "framework": table.framework.code,
        "version": table.version,
        "proposed": table.definition.proposed,
        "fiscal_year": table.framework.fiscal_year,
        "round": table.round.code,
        "previous_round": table.previous_round.code if table.previous_round else None,
        "basis": table.basis,
        "dimension": table.dimension or None,
        "peers": table.peers or None,
        "as_of": table.as_of,
        "known_at": table.known_at or at,
        "total_places": table.total_places,
        "without_office": [{"place": code, "name": name} for code, name in table.without_office],
        "without_office_reason": WITHOUT_OFFICE_TH if table.without_office else None,
        "rows": [
            {
                "rank": row.rank,
                "tied": row.tied,
                "place": row.key,
                "name": row.name_th,
                "score": json_number(row.score),
                "stars": row.stars,
                "completeness": json_number(row.completeness),
                "reported": row.reported,
                "change_rank": row.change_rank,
                "change_score": json_number(row.change_score),
                "rank_low": row.rank_low,
                "rank_high": row.rank_high,
                "dimensions": [
                    {
                        "code": each.code,
                        "name": names.get(each.code, ""),
                        "score": json_number(each.score),
                        "stars": each.stars,
                        "completeness": json_number(each.completeness),
                    }
                    for each in row.dimensions
                ],
            }
            for row in table.rows
        ],
    }
