"""Sums of facts over any grouping of leaves, in one pass, by an engine made for columns.

The work is one Ibis expression. Which engine runs it is said by TIDDAO_COLUMNS, an Ibis address:
"duckdb://" (in this process, the default), "clickhouse://…" or "pyspark://…" for a nation that
outgrows one machine.
"""

from __future__ import annotations

import os
import threading
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

    given = ibis.memtable(facts), ibis.memtable(pairs)
    address = os.environ.get("TIDDAO_COLUMNS", ENGINE)
    if not address.startswith("duckdb:"):
        engine = ibis.connect(address)
        try:
            return _totals(engine, *given, keys=keys, sums=sums)
        finally:
            engine.disconnect()
    engine = _kept_engine(address)
    try:
        return _totals(engine, *given, keys=keys, sums=sums)
    except BaseException:
        _kept.engine = _kept.belongs = None  # the next asker gets a new one
        engine.disconnect()
        raise
    finally:
        for each in given:  # Ibis forgets what it was given only when the process ends
            if _kept.engine is engine:
                engine.con.unregister(each.get_name())


def _totals(
    engine: Any, facts: ibis.Table, pairs: ibis.Table, *, keys: Sequence[str], sums: Sequence[str]
) -> pa.Table:
    totals: pa.Table = engine.to_pyarrow(rolled_up(facts, pairs, keys=keys, sums=sums))
    return totals


class _Kept(threading.local):
    """The engine of this thread: opening one takes longer than a round's sums."""

    engine: Any = None
    belongs: tuple[int, str] | None = None  # process and address: an engine does not survive a fork


_kept = _Kept()


def _kept_engine(address: str) -> Any:
    import ibis  # noqa: PLC0415 -- takes a second to import; only jobs need it

    belongs = (os.getpid(), address)
    if _kept.belongs != belongs:
        _kept.engine, _kept.belongs = ibis.connect(address), belongs
    return _kept.engine
