"""Stars of the whole nation: Tiddao, pandas and plain SQL on the same rows, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # only measured against
import pyarrow as pa
import pyarrow.compute as pc

from bench import in_pandas, in_sql
from bench.measure import heading, seconds, table, timed
from bench.nation import groups_of_the_nation, rounds_of_the_nation
from tiddao.indicators.actions.scoring import Groups, count_by_unit, read_facts, score_all
from tiddao.indicators.models import Basis
from tiddao.indicators.queries.scores import ScoredRound, facts_from

RUNS = 5
Scored = Mapping[tuple[int, str], tuple[Any, Any, Any]]
"""(round id, unit) → score, completeness, stars."""


def run() -> None:
    rounds = rounds_of_the_nation()
    definition = rounds[0].definition
    groups = groups_of_the_nation(rounds[0])
    places = sum(1 for level in groups.level_of.values() if level == "district")
    every = {each.round.id: read_facts(each.round.id) for each in rounds}
    facts = {key: _approved(found) for key, found in every.items()}
    heading(
        f"Scoring the nation: {places} places × {len(definition.indicators)} indicators × "
        f"{len(rounds)} rounds, rolled up to {len(groups.level_of):,} units",
        "units: districts, provinces, nation, regions, inspection regions, zones, peer groups; "
        f"{len(groups.pairs):,} (leaf, unit) pairs; {_rows(facts):,} approved results "
        f"of {places * len(definition.indicators) * len(rounds):,} possible",
        "goal: under 0.5 s of engine time (roll-up and scoring) on two cores",
        "engine time: facts in memory → stars of every unit; with reading: from PostgreSQL rows",
    )
    reading, _ = timed(lambda: [read_facts(each.round.id) for each in rounds], runs=RUNS)
    pairing, _ = timed(lambda: groups_of_the_nation(rounds[0]), runs=RUNS)

    rolling, counted = timed(lambda: _counted(facts, groups), runs=RUNS)
    scoring, ours = timed(lambda: _scored(rounds, counted, groups), runs=RUNS)
    engine = rolling.median + scoring.median

    job, _ = timed(
        lambda: [
            score_all(each.definition, count_by_unit(every[each.round.id], groups.pairs), groups)
            for each in rounds
        ],
        runs=RUNS,
    )  # fmt: skip

    frames = {key: _frame(found) for key, found in facts.items()}
    pairs = pd.DataFrame(groups.pairs, columns=["leaf", "unit"])
    expected = in_pandas.expected_offices(groups)
    in_frames, theirs = timed(
        lambda: {
            each.round.id: in_pandas.score(frames[each.round.id], pairs, definition, expected)
            for each in rounds
        },
        runs=RUNS,
    )
    framing, _ = timed(
        lambda: [_frame(_approved(read_facts(each.round.id))) for each in rounds], runs=RUNS
    )

    in_sql.prepare(definition, groups)
    in_database, in_rows = timed(lambda: in_sql.score(rounds, Basis.APPROVED), runs=RUNS)

    table(
        ["", "engine time", "CPU", "span", "with reading", "exact"],
        [
            ["Tiddao (DuckDB roll-up, rules in Decimal)", seconds(engine), "", "",
             seconds(engine + reading.median), "yes"],
            ["  of it: roll-up", rolling, rolling.work, rolling.span, "", ""],
            ["  of it: scoring", scoring, scoring.work, scoring.span, "", ""],
            ["  as the job does it: approved and all results", job, job.work, job.span,
             seconds(job.median + reading.median), "yes"],
            ["pandas (binary floating point)", in_frames, in_frames.work, in_frames.span,
             seconds(in_frames.median + framing.median), "no"],
            ["PostgreSQL, one statement (numeric)", "–", "–", in_database.span, in_database, "yes"],
        ],
    )  # fmt: skip
    print(f"   the pairs themselves are worked out in {pairing} ({pairing.span}), once a round")
    print()
    _compare("Tiddao and PostgreSQL", ours, in_rows)
    _compare("Tiddao and pandas", ours, _from_frames(theirs))


def _approved(facts: pa.Table) -> pa.Table:
    return facts.filter(pc.equal(facts.column("basis"), pa.scalar(Basis.APPROVED.value)))


def _rows(facts: Mapping[int, pa.Table]) -> int:
    return sum(found.num_rows for found in facts.values())


def _counted(facts: Mapping[int, pa.Table], groups: Groups) -> dict[int, Any]:
    return {key: count_by_unit(found, groups.pairs) for key, found in facts.items()}


def _scored(
    rounds: Sequence[ScoredRound], counted: Mapping[int, Any], groups: Groups
) -> dict[tuple[int, str], tuple[Any, Any, Any]]:
    """Score every unit on approved results, as ``score_all`` does it for each basis."""
    scored = {}
    for each in rounds:
        of_round = counted[each.round.id][Basis.APPROVED]
        for unit in groups.level_of:
            facts = facts_from(each.definition, of_round.get(unit, {}), groups.expected[unit])
            found = facts.score(each.definition)
            scored[each.round.id, unit] = (found.score, found.completeness, found.stars)
    return scored


def _frame(facts: pa.Table) -> pd.DataFrame:
    found = facts.select(["leaf", "indicator"]).to_pandas()
    for name in ("numerator", "denominator"):
        found[name] = facts.column(name).cast(pa.float64()).to_pandas()
    return found


def _from_frames(frames: Mapping[int, pd.DataFrame]) -> Scored:
    return {
        (round_id, unit): (row.score, row.completeness, row.stars)
        for round_id, found in frames.items()
        for unit, row in zip(found.index, found.itertuples(index=False), strict=True)
    }


def _compare(who: str, ours: Scored, theirs: Scored) -> None:
    """Print the largest difference; a unit that reported nothing has no row on the other side."""
    reported = {key: found for key, found in ours.items() if found[0] is not None}
    missing = reported.keys() ^ theirs.keys()
    shared = reported.keys() & theirs.keys()
    score = max((_apart(reported[key][0], theirs[key][0]) for key in shared), default=0.0)
    whole = max((_apart(reported[key][1], theirs[key][1]) for key in shared), default=0.0)
    stars = [key for key in shared if _stars(reported[key][2]) != _stars(theirs[key][2])]
    print(
        f"   {who}: {len(shared):,} scores compared, largest difference {score:.4f} points, "
        f"{whole:.4f} % of completeness, {len(stars)} different stars, "
        f"{len(missing)} on one side only"
    )


def _apart(one: Any, other: Any) -> float:
    return abs(float(one) - float(other))


def _stars(given: Any) -> int | None:
    return None if pd.isna(given) else int(given)
