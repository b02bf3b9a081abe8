"""Sums of facts over any grouping of leaves, in one pass, by an engine made for columns.

The work is one Ibis expression. Which engine runs it is said by TIDDAO_COLUMNS, an Ibis address:
"duckdb://" (in this process, the default), "clickhouse://…" or "pyspark://…" for a nation that
outgrows one machine.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import ibis

ENGINE = "duckdb://"


def rolled_up(facts: Any, pairs: Any, *, keys: Sequence[str], sums: Sequence[str]) -> ibis.Table:
    """Return the expression: each fact counts in every group its leaf is paired with.

    facts: a table with a column "leaf", the keys and the sums. pairs: a table ("leaf", "unit").
    The result has "unit", the keys, and each sum; a sum over nothing but nulls is null.
    """
    paired = facts.join(pairs, "leaf")
    totals: ibis.Table = paired.group_by(["unit", *keys]).aggregate(
        **{name: paired[name].sum() for name in sums}
    )
    return totals


def roll_up(
    facts: pa.Table, pairs: pa.Table, *, keys: Sequence[str], sums: Sequence[str]
) -> pa.Table:
    """Return the sums by unit and keys, exactly: decimals are summed as decimals of 38 digits.

    Rows come in no order. A leaf that is in no pair counts nowhere.
    """
    import ibis  # noqa: PLC0415 -- takes a second to import; only jobs need it

    engine = ibis.connect(os.environ.get("TIDDAO_COLUMNS", ENGINE))
    try:
        expression = rolled_up(ibis.memtable(facts), ibis.memtable(pairs), keys=keys, sums=sums)
        totals: pa.Table = engine.to_pyarrow(expression)
        return totals
    finally:
        engine.disconnect()
