"""The stars of one place or group: score, what it stands on, what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from tiddao.indicators.queries.frameworks import FrameworkInForce, RoundView
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.scoring import PlaceScore
from tiddao.places.queries import Unit

NotAssessed = Literal["", "no_round", "below_assessed_level", "no_office"]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One indicator in one round; value in the indicator's unit, level by that round's ladder."""

    round: RoundView
    value: Decimal | None
    level: Decimal | None


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """The place's whole score in one round."""

    round: RoundView
    score: PlaceScore


@dataclass(frozen=True, slots=True)
class TargetView:
    """What the place is to reach, in the indicator's unit."""

    value: Decimal
    source: str
    known_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceStars:
    """The stars of one unit in one round of one framework.

    score: None where the unit is not assessed, and not_assessed says why: the framework has no
    round yet; the place lies below the level that is assessed (assessed_in: the place that is); or
    there is no office here that could report (Bangkok). as_of: the day the results are true for.
    known_at: the moment asked for, or None for now. source: "materialised" or "computed".
    stamp: SHA-256 over the version's digest and the parts, so that equal stamps mean equal scores.
    history: whole scores of the rounds of this and the last fiscal year, oldest first, this round
    included; previous: the one before this round. trend: the same by indicator code.
    """

    unit: Unit
    framework: FrameworkInForce
    definition: FrameworkDefinition
    round: RoundView | None
    rounds: tuple[RoundView, ...]
    basis: str
    score: PlaceScore | None
    not_assessed: NotAssessed
    assessed_in: str
    as_of: date | None
    known_at: datetime | None
    source: str
    stamp: str
    previous: ScorePoint | None
    history: tuple[ScorePoint, ...]
    trend: Mapping[str, tuple[TrendPoint, ...]]
    targets: Mapping[str, TargetView]


def stars_of(
    unit: Unit,
    *,
    year: int,
    code: str | None = None,
    round_code: str | None = None,
    basis: str = "approved",
    known_at: datetime | None = None,
) -> PlaceStars | None:
    """Return the unit's stars, or None when no framework (or no such round) applies to it.

    code, round_code: without them the framework and round that pages open with. basis: "approved"
    counts approved and locked results, "all" also what is submitted and checked.
    """
    raise NotImplementedError


def explanation_of(stars: PlaceStars) -> dict[str, Any]:
    """Return the whole tree behind the stars as JSON-able data: see ``rules.explain``."""
    raise NotImplementedError
