"""League tables: every place with an office at a level within a scope, reported or not."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from tiddao.indicators.models import Basis, FactChange, Score
from tiddao.indicators.queries.frameworks import (
    FrameworkInForce,
    RoundView,
    default_round,
    framework_in_force,
)
from tiddao.indicators.queries.leaves import codes_within, leaves_on
from tiddao.indicators.queries.scores import (
    EVERY_UNIT,
    ScoredRound,
    compute_units,
    members_of_unit,
    scored_rounds,
)
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.league import RankInterval, rank_changes, rank_intervals, ranks
from tiddao.places import tree
from tiddao.places.models import NATION, GroupKind, Level, Place, PlaceGroup
from tiddao.places.queries import Unit, former_names


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
    vary. change_rank: places gained since the last round among those ranked in both (positive: up). change_score: points.
    """

    rank: int | None
    tied: bool
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
    too_many_to_range: how many are ranked, where that was too many to say how firm each rank is;
    else 0.
    """

    scope: Unit
    level: str
    framework: FrameworkInForce
    definition: FrameworkDefinition
    version: int
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
    too_many_to_range: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A unit's score in one round, as the table needs it."""

    score: Decimal | None
    stars: int | None
    completeness: Decimal
    dimensions: tuple[LeagueDimension, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """A line of the table before it has figures."""

    key: str
    name_th: str
    name_en: str


def league_of(
    scope: Unit,
    level: str,
    *,
    year: int,
    code: str | None = None,
    round_code: str | None = None,
    basis: str = Basis.APPROVED,
    dimension: str | None = None,
    peers: str | None = None,
    known_at: datetime | None = None,
    most_ranges: int | None = None,
) -> LeagueTable | None:
    """Return the league table, or None when no framework or round applies.

    level: a level of place at or above the one that is assessed, or a kind of group (then its
    rows are the groups wholly within the scope). dimension: rank by that dimension instead of the
    whole. peers: only places within that group. Only a place that has stars is ranked: one that
    reported its best indicator alone would lead the table otherwise. most_ranges: where more are
    ranked, ranges of ranks are left out (a nation's districts take most of a second); None: never.

    Raises KeyError for an unknown dimension, ValueError for a level that is not assessed. The
    number of queries does not depend on the number of rows.
    """
    framework = framework_in_force(scope, year, code=code, at=known_at)
    if framework is None:
        return None
    both_years = scored_rounds(code=framework.code, years=[year - 1, year], at=known_at)
    own = [each for each in both_years if each.round.framework_id == framework.framework_id]
    rounds = tuple(each.round for each in own)
    view = default_round(each for each in rounds if round_code in (None, each.code))
    if view is None:
        return None
    position = next(i for i, each in enumerate(both_years) if each.round.id == view.id)
    current = both_years[position]
    earlier = [each for each in both_years if each.round.true_on < view.true_on]
    previous = earlier[-1] if earlier else None
    if dimension and dimension not in {each.code for each in current.definition.dimensions}:
        raise KeyError(dimension)

    lines, without_office = _lines(scope, level, current, peers=peers, known_at=known_at)
    asked = [each for each in (current, previous) if each]
    found = _figures(asked, both_years, lines, level, basis=basis, known_at=known_at)
    now = {line.key: found.get((view.id, line.key)) for line in lines}
    then = {
        line.key: found.get((previous.round.id, line.key)) if previous else None for line in lines
    }
    counts_now = {key: _ranked_by(row, dimension) for key, row in now.items()}
    counts_then = {key: _ranked_by(row, dimension) for key, row in then.items()}
    rank_now, moved = ranks(counts_now), rank_changes(counts_now, counts_then)
    too_many = most_ranges is not None and not dimension and len(rank_now) > most_ranges
    intervals: Mapping[str, RankInterval | None] = {}
    if not dimension and not too_many:
        intervals = _intervals(current, {key: now[key] for key in rank_now})

    rows = []
    for line in lines:
        row, before = now[line.key], then[line.key]
        rank = rank_now.get(line.key)
        interval = intervals.get(line.key)
        score, old = _shown(row, dimension), _shown(before, dimension)
        rows.append(
            LeagueRow(
                rank=rank[0] if rank else None,
                tied=rank[1] if rank else False,
                key=line.key,
                name_th=line.name_th,
                name_en=line.name_en,
                score=row.score if row else None,
                stars=row.stars if row else None,
                completeness=row.completeness if row else Decimal(0),
                dimensions=row.dimensions if row else (),
                change_rank=moved.get(line.key),
                change_score=score - old if score is not None and old is not None else None,
                rank_low=interval.low if interval else None,
                rank_high=interval.high if interval else None,
                reported=row is not None and row.score is not None,
            )
        )
    position_of = {line.key: number for number, line in enumerate(lines)}
    rows.sort(key=lambda r: (r.rank is None, r.rank or 0, not r.reported, position_of[r.key]))
    return LeagueTable(
        scope=scope,
        level=level,
        framework=framework,
        definition=current.definition,
        version=current.version,
        round=view,
        rounds=rounds,
        previous_round=previous.round if previous else None,
        basis=basis,
        dimension=dimension or "",
        peers=peers or "",
        rows=tuple(rows),
        total_places=len(rows) + len(without_office),
        without_office=without_office,
        as_of=view.true_on,
        known_at=known_at,
        too_many_to_range=len(rank_now) if too_many else 0,
    )


def _shown(row: _Row | None, dimension: str | None) -> Decimal | None:
    if row is None or dimension is None:
        return row.score if row else None
    return next((each.score for each in row.dimensions if each.code == dimension), None)


def _ranked_by(row: _Row | None, dimension: str | None) -> Decimal | None:
    """The figure a unit is ranked by: none while it has no stars."""
    if row is None:
        return None
    if dimension is None:
        return row.score if row.stars is not None else None
    return next(
        (each.score for each in row.dimensions if each.code == dimension and each.stars), None
    )


# -- who is in the table --------------------------------------------------------------------------


def _lines(
    scope: Unit,
    level: str,
    current: ScoredRound,
    *,
    peers: str | None,
    known_at: datetime | None,
) -> tuple[list[_Member], tuple[tuple[str, str], ...]]:
    """The units that are ranked, by name, and the places that have no office to report."""
    on = current.round.true_on
    members = members_of_unit(scope, on, known_at=known_at)
    if level in GroupKind.values:
        return _group_lines(members, level, current, known_at=known_at), ()
    if tree.DIGITS[Level(level)] > tree.DIGITS[Level(current.definition.assessed_level)]:
        raise ValueError(f"{level} is not assessed by {current.definition.code}")
    within = tree.within_any(members)
    if peers is not None:
        within &= tree.within_any(tree.members_of({peers}, on=on, known_at=known_at)[peers])
    existed = tree.exists_on(on, known_at=known_at)
    places = Place.objects.filter(existed, within, level=level).order_by("sort_key")
    reporting = set(
        leaves_on(
            [on],
            owner_place=current.owner_place,
            levels={level},
            roots=members,
            known_at=known_at,
        )[on]
    )
    found = [_Member(*names) for names in places.values_list("code", "name_th", "name_en")]
    called = former_names([each.key for each in found], known_at=known_at)
    found = [
        replace(each, **called[each.key]._asdict()) if each.key in called else each
        for each in found
    ]
    lines = [each for each in found if each.key in reporting]
    return lines, tuple((each.key, each.name_th) for each in found if each.key not in reporting)


def _group_lines(
    members: Collection[str], kind: str, current: ScoredRound, *, known_at: datetime | None
) -> list[_Member]:
    on = current.round.true_on
    groups = PlaceGroup.objects.filter(kind=kind).order_by("key")
    if known_at is None:  # else by its members: one that was not known yet has none
        groups = groups.filter(tree.exists_on(on))
    names = [_Member(each.key, each.name_th, each.name_en) for each in groups]
    inside = tree.members_of([each.key for each in names], on=on, known_at=known_at)
    return [
        each
        for each in names
        if inside[each.key]
        and all(tree.is_within(code, current.owner_place) for code in inside[each.key])
        and all(any(tree.is_within(code, top) for top in members) for code in inside[each.key])
    ]


# -- their figures --------------------------------------------------------------------------------


def _figures(
    rounds: Sequence[ScoredRound],
    all_rounds: Sequence[ScoredRound],
    lines: Sequence[_Member],
    level: str,
    *,
    basis: str,
    known_at: datetime | None,
) -> dict[tuple[int, str], _Row]:
    """(round id, unit) → figures: kept where current, computed for the rest in one pass."""
    keys = [each.key for each in lines]
    members_on: dict[date, dict[str, frozenset[str]]] = {}
    for day in {each.round.true_on for each in all_rounds}:
        if level in GroupKind.values:
            members_on[day] = tree.members_of(keys, on=day, known_at=known_at)
        else:
            members_on[day] = {key: frozenset({key}) for key in keys}
    found: dict[tuple[int, str], _Row] = {}
    if known_at is None:
        found = _kept(rounds, keys, members_on, basis=basis)
    missing = {
        each.round.id: [key for key in keys if (each.round.id, key) not in found] for each in rounds
    }
    asked = [each for each in rounds if missing[each.round.id]]
    computed = compute_units(asked, all_rounds, missing, members_on, basis=basis, known_at=known_at)
    for where, unit_score in computed.items():
        score = unit_score.score
        found[where] = _Row(
            score.score,
            score.stars,
            score.completeness,
            tuple(
                LeagueDimension(each.code, each.score, each.stars, each.completeness)
                for each in score.dimensions
            ),
        )
    return found


def _kept(
    rounds: Sequence[ScoredRound],
    keys: Sequence[str],
    members_on: Mapping[date, Mapping[str, frozenset[str]]],
    *,
    basis: str,
) -> dict[tuple[int, str], _Row]:
    """Kept scores that are current. The changes are read before the scores: a sweep in between
    then makes a score be computed in vain, never a stale one be shown.
    """
    round_of = {each.round.id: each for each in rounds}
    changed: dict[int, set[str]] = {each.round.id: set() for each in rounds}
    pending = FactChange.objects.filter(round_id__in=round_of).order_by("round_id", "unit")
    for round_id, unit in pending.values_list("round_id", "unit").distinct():
        changed[round_id].add(unit)
    touched = {
        (each.round.id, key)
        for each in rounds
        for key in _touched(members_on[each.round.true_on], changed[each.round.id])
    }
    scores = Score.objects.filter(round_id__in=round_of, basis=basis, unit__in=keys).values_list(
        "round_id", "unit", "version_id", "score", "stars", "completeness", "dimensions"
    )
    return {
        (round_id, unit): _Row(
            score,
            stars,
            completeness,
            tuple(
                LeagueDimension(code, None if own is None else Decimal(own), has, Decimal(full))
                for code, own, has, full in dimensions
            ),
        )
        for round_id, unit, version_id, score, stars, completeness, dimensions in scores
        if (round_id, unit) not in touched and version_id == round_of[round_id].version_id
    }


def _touched(members: Mapping[str, frozenset[str]], changed: Collection[str]) -> set[str]:
    """The units that one of the changes concerns: in it, of it, or of all."""
    if EVERY_UNIT in changed:
        return set(members)
    places = sorted(unit for unit in changed if unit[0].isdigit())
    return {
        key
        for key, roots in members.items()
        if key in changed or (NATION in roots and changed) or codes_within(places, roots)
    }


# -- how firm a rank is ---------------------------------------------------------------------------


def _intervals(
    current: ScoredRound, rows: Mapping[str, _Row | None]
) -> dict[str, RankInterval | None]:
    """Range of ranks by key. The seed is the round's own name, so that all see the same range."""
    named = f"{current.definition.code} {current.definition.fiscal_year} {current.round.code}"
    seed = int.from_bytes(hashlib.sha256(named.encode()).digest()[:4])
    scores = tuple(
        (key, tuple(each.score for each in row.dimensions)) for key, row in rows.items() if row
    )
    weights = tuple(each.weight for each in current.definition.dimensions)
    return dict(_drawn(scores, weights, seed))


@lru_cache(maxsize=128)
def _drawn(
    scores: tuple[tuple[str, tuple[Decimal | None, ...]], ...],
    weights: tuple[Decimal, ...],
    seed: int,
) -> tuple[tuple[str, RankInterval | None], ...]:
    """A thousand draws take a while and always give the same: keep the last tables'."""
    return tuple(rank_intervals(dict(scores), weights, seed=seed).items())
