"""A place's figures over the rounds on one map: as it was then, or as it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tiddao.indicators.models import Basis
from tiddao.indicators.queries.frameworks import RoundView
from tiddao.indicators.queries.scores import ScoredRound, compute_units, scored_rounds
from tiddao.indicators.rules.definitions import IndicatorDefinition
from tiddao.indicators.rules.scoring import Parts, level_in, value_of
from tiddao.indicators.rules.succession import (
    Amount,
    Link,
    SharesUnknown,
    carried_back,
    carried_forward,
    stated_shares,
)
from tiddao.places import tree
from tiddao.places.models import Succession

_COUNTED = frozenset({"ratio", "count", "latest"})
"""Kinds whose parts are things that are counted: these stay whole when they are apportioned."""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One indicator in one round. estimated: reckoned by shares, not reported for this map."""

    round: RoundView
    value: Decimal | None
    level: Decimal | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A change of the map that touches the place: who gave what part to whom, on which day."""

    predecessor: str
    successor: str
    on: date | None
    share: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class Series:
    """points: indicator code → one point a round, oldest first. unknown: a place whose shares no
    source states, "" where all are; its figures are then left out, never guessed.
    """

    points: Mapping[str, tuple[SeriesPoint, ...]]
    passages: tuple[Passage, ...]
    unknown: str


def passages_of(place: str, *, known_at: datetime | None = None) -> tuple[Passage, ...]:
    """Return the changes of the map with the place on either side, and those of the places that
    share them. Two queries.
    """
    known = Succession.ever_known.filter(tree.was_known(known_at))
    own = known.filter(predecessor=place) | known.filter(successor=place)
    befores = {row.predecessor_id for row in own}
    rows = known.filter(predecessor__in=befores).order_by("on", "predecessor_id", "successor_id")
    return tuple(
        Passage(row.predecessor_id, row.successor_id, row.on, row.share, row.source) for row in rows
    )


def series_of(
    place: str,
    *,
    code: str,
    year: int,
    by_today: bool,
    basis: str = Basis.APPROVED,
    known_at: datetime | None = None,
) -> Series:
    """Return the place's figures in the rounds of two years, on the map of today or of before.

    by_today: rounds before a change are reckoned for the place as it is after it, from its
    predecessors' figures by the stated shares; else rounds after a change are reckoned back for
    the place as it was before. Figures that were reported for the place itself are as they are.
    """
    rounds = scored_rounds(code=code, years=[year - 1, year], at=known_at)
    passages = passages_of(place, known_at=known_at)
    relevant = [
        each
        for each in passages
        if each.on is not None and (each.successor if by_today else each.predecessor) == place
    ]
    befores = {each.predecessor for each in relevant}
    links = [each for each in passages if each.predecessor in befores and each.on is not None]
    if not by_today:
        ends = {each.successor for each in links}
        links += [each for each in passages if each.successor in ends and each not in links]
    keys = {place, *(each.predecessor for each in links), *(each.successor for each in links)}
    parts = _parts(rounds, keys, basis=basis, known_at=known_at)
    try:
        shares = stated_shares(Link(each.predecessor, each.successor, each.share) for each in links)
        unknown = ""
    except SharesUnknown as refused:
        shares, unknown = {}, refused.place
    day = min((each.on for each in links if each.on), default=None)
    points: dict[str, list[SeriesPoint]] = defaultdict(list)
    last: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for one in rounds:
        touched = day is not None and (
            one.round.true_on < day if by_today else one.round.true_on >= day
        )
        for indicator in one.definition.indicators:
            own = parts.get((one.round.id, place), {}).get(indicator.code)
            if not touched:
                _remember(last, parts, one, indicator)
                points[indicator.code].append(_point(one, indicator, own, estimated=False))
                continue
            found = None
            if shares:
                amounts = _amounts(one, indicator, parts)
                if by_today:
                    from_before = {key: each for key, each in amounts.items() if key in shares}
                    found = carried_forward(from_before, shares).get(place)
                else:
                    found = carried_back(amounts, shares, last[indicator.code]).get(place)
            reckoned = None if found is None else Parts(found.numerator, found.denominator)
            points[indicator.code].append(_point(one, indicator, reckoned, estimated=True))
    return Series({name: tuple(each) for name, each in points.items()}, passages, unknown)


def _parts(
    rounds: tuple[ScoredRound, ...], keys: set[str], *, basis: str, known_at: datetime | None
) -> dict[tuple[int, str], Mapping[str, Parts]]:
    scores = compute_units(
        rounds,
        rounds,
        {each.round.id: sorted(keys) for each in rounds},
        {each.round.true_on: {key: frozenset({key}) for key in keys} for each in rounds},
        basis=basis,
        known_at=known_at,
    )
    return {where: found.facts.parts for where, found in scores.items()}


def _remember(
    last: dict[str, dict[str, Decimal]],
    parts: Mapping[tuple[int, str], Mapping[str, Parts]],
    one: ScoredRound,
    indicator: IndicatorDefinition,
) -> None:
    """The last figures before the change: what each place brought into it."""
    for (round_id, key), by_code in parts.items():
        found = by_code.get(indicator.code)
        if round_id == one.round.id and found is not None and found.reported:
            last[indicator.code][key] = found.denominator or found.numerator


def _amounts(
    one: ScoredRound,
    indicator: IndicatorDefinition,
    parts: Mapping[tuple[int, str], Mapping[str, Parts]],
) -> dict[str, Amount]:
    """What each place reported of the indicator in the round; who did not is left out."""
    whole = indicator.kind in _COUNTED
    found = {}
    for (round_id, key), by_code in parts.items():
        said = by_code.get(indicator.code)
        if round_id == one.round.id and said is not None and said.reported:
            found[key] = Amount(said.numerator, said.denominator, whole)
    return found


def _point(
    one: ScoredRound, indicator: IndicatorDefinition, parts: Parts | None, *, estimated: bool
) -> SeriesPoint:
    if parts is None or not parts.reported:
        return SeriesPoint(one.round, None, None, estimated=estimated)
    value = value_of(indicator, parts) if parts.denominator != 0 else None
    level = None if value is None else level_in(one.definition, indicator, value)
    return SeriesPoint(one.round, value, level, estimated=estimated)
