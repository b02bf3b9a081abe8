from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.common.exceptions import IbisError

from tiddao.columns import rollup
from tiddao.columns.reading import FIGURE, read_columns
from tiddao.columns.rollup import roll_up

FIGURES = st.decimals(min_value=0, max_value=10**12, places=10, allow_nan=False)
LEAVES = ["a", "b", "c", "d"]
FACTS = st.lists(
    st.tuples(
        st.sampled_from(LEAVES), st.sampled_from(["1.1", "1.2"]), FIGURES, FIGURES | st.none()
    ),
    max_size=20,
)
PAIRS = st.sets(st.tuples(st.sampled_from(LEAVES), st.sampled_from(["x", "y", "z"])))


def table(facts):
    columns = list(zip(*facts, strict=True)) or [(), (), (), ()]
    return pa.table(
        {
            "leaf": pa.array(columns[0], pa.string()),
            "indicator": pa.array(columns[1], pa.string()),
            "above": pa.array(columns[2], FIGURE),
            "below": pa.array(columns[3], FIGURE),
        }
    )


def paired(pairs):
    leaves, units = zip(*pairs, strict=True) if pairs else ((), ())
    return pa.table({"leaf": pa.array(leaves, pa.string()), "unit": pa.array(units, pa.string())})


@settings(max_examples=25, deadline=None)
@given(facts=FACTS, pairs=PAIRS)
def test_roll_up_equals_plain_sums(facts, pairs):
    plain = defaultdict(lambda: [Decimal(0), None])
    for leaf, indicator, above, below in facts:
        for other, unit in pairs:
            if other == leaf:
                sums = plain[unit, indicator]
                sums[0] += above
                if below is not None:
                    sums[1] = below if sums[1] is None else sums[1] + below
    rolled = roll_up(table(facts), paired(pairs), keys=["indicator"], sums=["above", "below"])
    found = {
        (row["unit"], row["indicator"]): [row["above"], row["below"]] for row in rolled.to_pylist()
    }
    assert found == dict(plain)


def test_roll_up_is_exact_where_floats_are_not():
    tenths = [("a", "1.1", Decimal("0.1"), None)] * 3
    rolled = roll_up(table(tenths), paired({("a", "x")}), keys=["indicator"], sums=["above"])
    assert rolled.to_pylist() == [{"unit": "x", "indicator": "1.1", "above": Decimal("0.3")}]


def sum_once():
    return roll_up(
        table([("a", "1.1", Decimal(2), None)]), paired({("a", "x")}),
        keys=["indicator"], sums=["above"],
    ).to_pylist()  # fmt: skip


SUMMED_ONCE = [{"unit": "x", "indicator": "1.1", "above": Decimal(2)}]


def test_roll_up_opens_one_engine_a_thread():
    sum_once()
    own = rollup._kept.engine
    assert sum_once() == SUMMED_ONCE
    assert rollup._kept.engine is own
    with ThreadPoolExecutor(1) as other:
        assert other.submit(sum_once).result() == SUMMED_ONCE
        assert other.submit(lambda: rollup._kept.engine).result() is not own


def test_roll_up_leaves_nothing_it_was_given_in_its_engine():
    for _ in range(3):
        sum_once()
    left = rollup._kept.engine.con.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal"
    )
    assert left.fetchall() == []


def test_roll_up_that_fails_closes_its_engine_and_the_next_one_works():
    sum_once()
    failed = rollup._kept.engine
    with pytest.raises(IbisError):
        roll_up(table([]), paired(set()), keys=["no such column"], sums=["above"])
    sum_once()
    again = rollup._kept.engine
    assert again is not failed
    assert sum_once() == SUMMED_ONCE


@pytest.mark.django_db
def test_read_columns_keeps_decimals_nulls_and_empty_texts():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE t (name text, figure numeric(28,10), yes boolean)")
        cursor.execute(
            "INSERT INTO t VALUES ('ก,\"ข\nค', 12345678901234567.0123456789, true), ('', NULL, false),"
            " (NULL, 0.1, NULL)"
        )
    read = read_columns(
        "SELECT name, figure, yes FROM t WHERE figure IS NULL OR figure > %s ORDER BY yes DESC",
        [Decimal("0.01")],
        {"name": pa.string(), "figure": FIGURE, "yes": pa.bool_()},
    )
    assert sorted(map(str, read.to_pylist())) == sorted(
        map(
            str,
            [
                {"name": None, "figure": Decimal("0.1000000000"), "yes": None},
                {
                    "name": 'ก,"ข\nค',
                    "figure": Decimal("12345678901234567.0123456789"),
                    "yes": True,
                },
                {"name": "", "figure": None, "yes": False},
            ],
        )
    )


@pytest.mark.django_db
def test_read_columns_of_nothing_has_the_columns():
    schema = {"name": pa.string(), "figure": FIGURE}
    read = read_columns("SELECT 'x', 1.0 WHERE false", [], schema)
    assert read.num_rows == 0
    assert read.schema.names == ["name", "figure"]


@pytest.mark.django_db
def test_read_columns_refuses_to_round():
    with pytest.raises(pa.ArrowInvalid):
        read_columns("SELECT 0.00000000001", [], {"figure": FIGURE})
