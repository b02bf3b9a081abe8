"""Keeping the scores of every unit of the nation, exactly as current as the facts they stand on.

One round is scored in one pass, in one transaction that sees one state of the facts. It reads which
changes are pending and what stands, sums every (unit, indicator) at once, scores, writes what
differs, and deletes exactly the changes it saw: killed half way it has done nothing, and a change
that was written meanwhile stays pending for the next sweep.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db import connection, transaction

from tiddao.columns.reading import FIGURE, read_columns
from tiddao.columns.rollup import roll_up
from tiddao.indicators.models import Basis, FactChange, Round, Score
from tiddao.indicators.queries.counting import counts_sql
from tiddao.indicators.queries.leaves import Leaves, leaves_on, levels_of
from tiddao.indicators.queries.scores import (
    Counted,
    ScoredRound,
    UnitFacts,
    earlier_closed,
    facts_from,
    missed_in,
    packed,
    scored_rounds,
    stamp_of,
)
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.scoring import PlaceScore
from tiddao.places import tree
from tiddao.places.models import Level, PlaceGroup

_SWEEP = 7_315_002  # advisory lock: two workers never sweep the same round
_CountedByUnit = Mapping[str, Mapping[str, Counted]]
_FACTS: dict[str, pa.DataType] = {
    "leaf": pa.string(),
    "indicator": pa.string(),
    "basis": pa.string(),
    "numerator": FIGURE,
    "denominator": FIGURE,
    "reported": pa.int64(),
    "not_applicable": pa.int64(),
}
_SUMS = ("numerator", "denominator", "reported", "not_applicable")


@dataclass(frozen=True, slots=True)
class Materialised:
    """What one sweep of a round did. seconds: of the steps, for the bench."""

    round_id: int
    units: int
    written: int
    changes_settled: int
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Groups:
    """The units of a round and the (leaf, unit) pairs by which facts count in them."""

    level_of: Mapping[str, str]  # unit key → level of place or kind of group
    pairs: Sequence[tuple[str, str]]
    expected: Mapping[str, Mapping[str, int]]  # unit key → level → offices that are to report


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    """One unit's score on one basis, ready to be kept."""

    unit: str
    level: str
    basis: str
    facts: UnitFacts
    score: PlaceScore


def materialise_pending(*, at: datetime) -> list[Materialised]:
    """Score every round that has pending changes. Safe to run twice, or by two workers at once."""
    pending = FactChange.objects.order_by("round_id").values_list("round_id", flat=True)
    done = [materialise(round_id, at=at) for round_id in pending.distinct()]
    return [each for each in done if each is not None]


def materialise(round_id: int, *, at: datetime) -> Materialised | None:
    """Score every unit of one round and keep the scores; None when another worker is at it."""
    with _alone_on(round_id) as alone:
        if not alone:
            return None
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # Within a caller's transaction the changes are read first, so that whatever is
            # committed later has its change left pending.
            return _materialise(round_id, at=at)


@contextmanager
def _alone_on(round_id: int) -> Iterator[bool]:
    """Hold the round's sweep lock: taken before the snapshot, given back after the commit."""
    within = connection.in_atomic_block  # then the lock ends with the caller's transaction
    take = "pg_try_advisory_xact_lock" if within else "pg_try_advisory_lock"
    gained = _ask_lock(take, round_id)
    try:
        yield gained
    finally:
        if gained and not within:
            _ask_lock("pg_advisory_unlock", round_id)


def _ask_lock(function: str, round_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_SWEEP, round_id])
        return bool(cursor.fetchone()[0])


def _materialise(round_id: int, *, at: datetime) -> Materialised:
    seconds: dict[str, float] = {}
    begun = time.perf_counter()

    def lap(step: str) -> None:
        nonlocal begun
        now = time.perf_counter()
        seconds[step] = now - begun
        begun = now

    seen = list(FactChange.objects.filter(round_id=round_id).values_list("id", flat=True))
    one, rounds = _round_and_its_kin(round_id)
    if one is None:  # nothing published: nothing to score
        FactChange.objects.filter(pk__in=seen).delete()
        return Materialised(round_id, 0, 0, len(seen), seconds)
    past = earlier_closed(one, rounds)
    facts = {each.round.id: read_facts(each.round.id) for each in [one, *past]}
    groups = {each.round.id: groups_of(each) for each in [one, *past]}
    lap("read")
    counted = {
        each.round.id: count_by_unit(facts[each.round.id], groups[each.round.id].pairs)
        for each in [one, *past]
    }
    lap("roll_up")
    missed = {
        basis: _missed_by_unit(past, {key: value[basis] for key, value in counted.items()}, groups)
        for basis in Basis.values
    }
    scored = score_all(one.definition, counted[round_id], groups[round_id], missed=missed)
    lap("score")
    written = _keep(one, scored, at=at)
    FactChange.objects.filter(pk__in=seen).delete()
    lap("write")
    return Materialised(round_id, len(groups[round_id].level_of), written, len(seen), seconds)


def _round_and_its_kin(round_id: int) -> tuple[ScoredRound | None, tuple[ScoredRound, ...]]:
    framework = Round.objects.select_related("framework").get(pk=round_id).framework
    rounds = scored_rounds(code=framework.code, years=[framework.fiscal_year])
    return next((each for each in rounds if each.round.id == round_id), None), rounds


# -- the passes over the nation -------------------------------------------------------------------


def read_facts(round_id: int) -> pa.Table:
    """Return the round's results that count: one row for each basis on which they do."""
    selects, parameters = [], []
    for basis in Basis.values:
        condition, more = counts_sql(basis)
        selects.append(f"""
            SELECT r.place_id, r.indicator_code, %s, r.part_numerator, r.part_denominator,
                   (NOT r.not_applicable)::int, r.not_applicable::int
            FROM indicators_result r
            WHERE r.round_id = %s AND {condition}
            """)  # noqa: S608 -- the condition is written by counts_sql
        parameters += [basis, round_id, *more]
    return read_columns(
        " UNION ALL ".join(selects),
        parameters,
        _FACTS,
    )


def groups_of(one: ScoredRound) -> Groups:
    """Return the units that the framework scores in the round: places at or above the assessed
    level within the owner's place, and the groups that lie wholly within it.
    """
    on, owner = one.round.true_on, one.owner_place
    leaves = leaves_on([on], owner_place=owner, levels=levels_of(one.definition), roots={owner})[on]
    kinds = dict(PlaceGroup.objects.filter(tree.exists_on(on)).values_list("key", "kind"))
    members = tree.members_of(kinds, on=on)
    inside = {
        key: kind
        for key, kind in kinds.items()
        if members[key] and all(tree.is_within(code, owner) for code in members[key])
    }
    deepest = tree.DIGITS[Level(one.definition.assessed_level)]
    pairs = []
    level_of: dict[str, str] = {}
    for leaf, unit in tree.leaf_group_pairs(leaves, on=on, group_keys=inside):
        if unit in inside:
            level_of[unit] = inside[unit]
        elif tree.is_within(unit, owner):
            level = tree.level_of_code(unit)
            if tree.DIGITS[level] > deepest:
                continue
            level_of[unit] = level
        else:
            continue
        pairs.append((leaf, unit))
    return Groups(level_of, pairs, _expected(leaves, pairs))


def _expected(leaves: Leaves, pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    levels = {code: level for level, codes in leaves.by_level.items() for code in codes}
    expected: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for leaf, unit in pairs:
        expected[unit][levels[leaf]] += 1
    return expected


def count_by_unit(
    facts: pa.Table, pairs: Sequence[tuple[str, str]]
) -> dict[str, dict[str, dict[str, Counted]]]:
    """Return basis → unit → indicator → what was counted, summed by the column engine."""
    leaves, units = zip(*pairs, strict=True) if pairs else ((), ())
    paired = pa.table({"leaf": pa.array(leaves, pa.string()), "unit": pa.array(units, pa.string())})
    sums = roll_up(facts, paired, keys=["basis", "indicator"], sums=_SUMS)
    counted: dict[str, dict[str, dict[str, Counted]]] = {
        basis: defaultdict(dict) for basis in Basis.values
    }
    keys = zip(
        *(sums.column(name).to_pylist() for name in ("basis", "unit", "indicator")), strict=True
    )
    figures = zip(
        _decimals(sums.column("numerator")),
        _decimals(sums.column("denominator")),
        sums.column("reported").to_pylist(),
        sums.column("not_applicable").to_pylist(),
        strict=True,
    )
    for (basis, unit, indicator), found in zip(keys, map(Counted._make, figures), strict=True):
        counted[basis][unit][indicator] = found
    return counted


def _decimals(column: pa.ChunkedArray[Any]) -> list[Decimal | None]:
    """Return the exact figures; through their text, which takes half the time of Arrow's own way."""
    texts = column.cast(pa.string()).to_pylist()
    return [None if text is None else Decimal(text) for text in texts]


def score_all(
    definition: FrameworkDefinition,
    counted: Mapping[str, _CountedByUnit],
    groups: Groups,
    *,
    missed: Mapping[str, Mapping[str, Mapping[str, int]]] | None = None,
) -> list[ScoredUnit]:
    """Score every unit on every basis. Equal facts are scored once: most often nothing waits for
    approval, and both bases are the same.
    """
    scored = []
    for unit, level in groups.level_of.items():
        before: ScoredUnit | None = None
        for basis in Basis.values:
            facts = facts_from(
                definition,
                counted[basis].get(unit, {}),
                groups.expected[unit],
                missed=(missed or {}).get(basis, {}).get(unit),
            )
            same = before is not None and before.facts == facts
            score = before.score if before and same else facts.score(definition)
            before = ScoredUnit(unit, level, basis, facts, score)
            scored.append(before)
    return scored


def _missed_by_unit(
    past: Sequence[ScoredRound],
    counted: Mapping[int, _CountedByUnit],
    groups: Mapping[int, Groups],
) -> dict[str, dict[str, int]]:
    units: Collection[str] = {unit for each in past for unit in groups[each.round.id].level_of}
    return {
        unit: missed_in(
            (
                each.definition,
                counted[each.round.id].get(unit, {}),
                groups[each.round.id].expected.get(unit, {}),
            )
            for each in past
        )
        for unit in units
    }


# -- keeping --------------------------------------------------------------------------------------


def _keep(one: ScoredRound, scored: Sequence[ScoredUnit], *, at: datetime) -> int:
    """Write the scores that differ from what is kept, drop those of units there are no more."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE fresh_score (
                basis text, unit text, level text, score numeric, stars smallint,
                completeness numeric, dimensions jsonb, parts jsonb, stamp text
            ) ON COMMIT DROP
            """
        )
        with cursor.copy("COPY fresh_score FROM STDIN") as rows:
            for each in scored:
                rows.write_row(_kept_row(one, each))
        cursor.execute(
            """
            INSERT INTO indicators_score (round_id, version_id, basis, unit, level, score, stars,
                                          completeness, dimensions, parts, stamp, computed_at)
            SELECT %(round)s, %(version)s, basis, unit, level, score, stars, completeness,
                   dimensions, parts, stamp, %(at)s
            FROM fresh_score
            ON CONFLICT (round_id, basis, unit) DO UPDATE SET
                version_id = excluded.version_id, level = excluded.level, score = excluded.score,
                stars = excluded.stars, completeness = excluded.completeness,
                dimensions = excluded.dimensions, parts = excluded.parts, stamp = excluded.stamp,
                computed_at = excluded.computed_at
            WHERE (indicators_score.stamp, indicators_score.version_id, indicators_score.level)
                  IS DISTINCT FROM (excluded.stamp, excluded.version_id, excluded.level)
            """,
            {"round": one.round.id, "version": one.version_id, "at": at},
        )
        written: int = cursor.rowcount
        cursor.execute(
            """
            DELETE FROM indicators_score s
            WHERE s.round_id = %s AND NOT EXISTS (
                SELECT FROM fresh_score f WHERE f.basis = s.basis AND f.unit = s.unit)
            """,
            [one.round.id],
        )
        written += cursor.rowcount
        cursor.execute("DROP TABLE fresh_score")
    return written


def _kept_row(one: ScoredRound, each: ScoredUnit) -> tuple[Any, ...]:
    parts = packed(each.facts)
    dimensions = [
        [scored.code, _text(scored.score), scored.stars, str(scored.completeness)]
        for scored in each.score.dimensions
    ]
    return (
        each.basis,
        each.unit,
        each.level,
        each.score.score,
        each.score.stars,
        each.score.completeness,
        json.dumps(dimensions),
        json.dumps(parts),
        stamp_of(one.digest, parts),
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def forget_scores(round_id: int) -> int:
    """Drop the kept scores of a round, as if it had never been scored; for the bench."""
    dropped, _ = Score.objects.filter(round_id=round_id).delete()
    return dropped
