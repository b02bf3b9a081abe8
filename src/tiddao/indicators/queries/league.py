"""League tables: every place with an office at a level within a scope, reported or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tiddao.indicators.queries.frameworks import FrameworkInForce, RoundView
from tiddao.places.queries import Unit


@dataclass(frozen=True, slots=True)
class LeagueDimension:
    """A dimension's score (1–5 or 0–100), stars and completeness (per cent) in a league row."""

    code: str
    score: Decimal | None
    stars: int | None
    completeness: Decimal


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One place. rank: 1 = highest, shared by ties; None: not ranked, and reported says whether
    anything was reported at all. rank_low, rank_high: best and worst rank when dimension weights
    vary. change_rank: places gained since the last round (positive: up). change_score: points.
    """

    rank: int | None
    key: str
    name_th: str
    name_en: str
    score: Decimal | None
    stars: int | None
    completeness: Decimal
    dimensions: tuple[LeagueDimension, ...]
    change_rank: int | None
    change_score: Decimal | None
    rank_low: int | None
    rank_high: int | None
    reported: bool


@dataclass(frozen=True, slots=True)
class LeagueTable:
    """rows: ranked first, then the others by name. without_office: places of the level in scope
    that have no office and so cannot report, as (code, Thai name); said in words beside the table.
    dimension: code of the dimension ranked by, "" for the whole. peers: key of the peer group.
    """

    scope: Unit
    level: str
    framework: FrameworkInForce
    round: RoundView
    rounds: tuple[RoundView, ...]
    previous_round: RoundView | None
    basis: str
    dimension: str
    peers: str
    rows: tuple[LeagueRow, ...]
    total_places: int
    without_office: tuple[tuple[str, str], ...]
    as_of: date
    known_at: datetime | None


def league_of(
    scope: Unit,
    level: str,
    *,
    year: int,
    code: str | None = None,
    round_code: str | None = None,
    basis: str = "approved",
    dimension: str | None = None,
    peers: str | None = None,
    known_at: datetime | None = None,
) -> LeagueTable | None:
    """Return the league table, or None when no framework or round applies.

    level: a level of place, or a kind of group. Raises KeyError for an unknown dimension.
    """
    raise NotImplementedError
