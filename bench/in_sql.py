"""The same stars in one statement of PostgreSQL, in exact numeric."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from tiddao.indicators.actions.scoring import Groups
from tiddao.indicators.queries.counting import counts_sql
from tiddao.indicators.queries.scores import ScoredRound
from tiddao.indicators.rules.definitions import FrameworkDefinition

Scored = dict[tuple[int, str], tuple[Decimal | None, Decimal, int | None]]
"""(round id, unit) → score, completeness, stars."""

_STATEMENT = """
WITH counted AS (
    SELECT r.round_id, p.unit, r.indicator_code AS indicator,
           sum(r.part_numerator) AS n, sum(r.part_denominator) AS d, count(*) AS reported
    FROM indicators_result r
    JOIN bench_pair p ON p.leaf = r.place_id
    WHERE r.round_id = ANY(%(rounds)s) AND {counts}
    GROUP BY 1, 2, 3
), valued AS (
    SELECT c.*, i.*, e.offices,
           round(CASE WHEN c.d IS NULL THEN c.n * i.factor ELSE c.n * i.factor / c.d END, 6)
           * i.direction AS value
    FROM counted c
    JOIN bench_indicator i ON i.code = c.indicator
    JOIN bench_expected e ON e.unit = c.unit
), levelled AS (
    SELECT v.round_id, v.unit, v.dimension, v.weight, v.reported, v.offices, round(CASE
        WHEN value <= l1 THEN 1 WHEN value >= l5 THEN 5
        WHEN value >= l4 THEN 4 + (value - l4) / (l5 - l4)
        WHEN value >= l3 THEN 3 + (value - l3) / (l4 - l3)
        WHEN value >= l2 THEN 2 + (value - l2) / (l3 - l2)
        ELSE 1 + (value - l1) / (l2 - l1) END, 4) AS level
    FROM valued v
), dimensions AS (
    SELECT l.round_id, l.unit, g.weight AS of,
           round(sum(l.weight * l.level) / sum(l.weight), 4) AS score,
           round(sum(l.weight * l.reported / l.offices) * 100 / g.of_all, 4) AS completeness
    FROM levelled l JOIN bench_dimension g ON g.code = l.dimension
    GROUP BY l.round_id, l.unit, g.code, g.weight, g.of_all
), starred AS (
    SELECT d.*, CASE WHEN completeness >= %(least)s THEN
        (SELECT count(*) + 1 FROM unnest(%(cutoffs)s::numeric[]) c WHERE score * 20 >= c)
        END AS stars
    FROM dimensions d
), places AS (
    SELECT round_id, unit, round(sum(of * score) / sum(of), 4) AS score,
           round(sum(of * completeness) / %(weights)s, 4) AS completeness,
           min(stars) AS lowest, count(stars) AS dimensions_starred
    FROM starred GROUP BY 1, 2
)
SELECT round_id, unit, score, completeness, CASE WHEN dimensions_starred = %(dimensions)s THEN
    least((SELECT count(*) + 1 FROM unnest(%(cutoffs)s::numeric[]) c WHERE score * 20 >= c),
          lowest + %(margin)s) END AS stars
FROM places
"""


def prepare(definition: FrameworkDefinition, groups: Groups) -> None:
    """Keep what the statement joins with: pairs, offices, indicators, dimensions."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DROP TABLE IF EXISTS bench_pair, bench_expected, bench_indicator, bench_dimension;
            CREATE TABLE bench_pair (leaf text, unit text);
            CREATE TABLE bench_expected (unit text, offices int);
            CREATE TABLE bench_indicator (code text, dimension text, weight numeric, factor numeric,
                direction numeric, l1 numeric, l2 numeric, l3 numeric, l4 numeric, l5 numeric);
            CREATE TABLE bench_dimension (code text, weight numeric, of_all numeric);
            """
        )
        _fill(cursor, "bench_pair", groups.pairs)
        _fill(
            cursor,
            "bench_expected",
            [(unit, sum(found.values())) for unit, found in groups.expected.items()],
        )
        for dimension in definition.dimensions:
            of_all = sum(each.weight for each in dimension.indicators)
            _fill(cursor, "bench_dimension", [(dimension.code, dimension.weight, of_all)])
            for each in dimension.indicators:
                assert each.ladder is not None
                direction = -1 if each.ladder.descending else 1
                row = (each.code, dimension.code, each.weight, each.factor, direction)
                _fill(cursor, "bench_indicator", [(*row, *each.ladder.rising)])
        cursor.execute("ANALYZE bench_pair, bench_expected, bench_indicator, bench_dimension")


def score(rounds: Sequence[ScoredRound], basis: str) -> Scored:
    """Score the rounds in one statement, from the rows to the fetched stars."""
    definition = rounds[0].definition
    rules = definition.star_rules
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT.replace("{counts}", counts_sql(basis)[0]),
            {
                "rounds": [each.round.id for each in rounds],
                "least": rules.min_completeness,
                "cutoffs": list(rules.cutoffs),
                "weights": sum(each.weight for each in definition.dimensions),
                "dimensions": len(definition.dimensions),
                "margin": 4 if rules.balance_margin is None else rules.balance_margin,
            },
        )
        return {(row[0], row[1]): (row[2], row[3], row[4]) for row in cursor.fetchall()}


def _fill(cursor: Any, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
