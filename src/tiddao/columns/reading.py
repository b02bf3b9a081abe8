"""PostgreSQL to Arrow, exactly: COPY streams the rows, Arrow parses them, decimals stay decimals."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection

FIGURE = pa.decimal128(28, 10)
"""A reported figure, as the database keeps it: numeric(28, 10)."""


def read_columns(
    query: str, parameters: Sequence[Any], schema: Mapping[str, pa.DataType]
) -> pa.Table:
    """Return the rows of a SELECT as an Arrow table, inside the current transaction.

    schema: column name → type, in the order of the SELECT. NULL becomes null; an empty text stays
    an empty text. Raises pyarrow.ArrowInvalid when a value does not fit its type: nothing is
    rounded to make it fit.
    """
    copied = io.BytesIO()
    with connection.cursor() as cursor:
        # The query is this program's own text; values travel as parameters.
        statement = f"COPY ({query}) TO STDOUT (FORMAT csv)"
        with cursor.copy(statement, parameters) as rows:
            for block in rows:
                copied.write(block)
    if not copied.tell():
        return pa.schema(list(schema.items())).empty_table()
    copied.seek(0)
    return pyarrow.csv.read_csv(
        copied,
        read_options=pyarrow.csv.ReadOptions(column_names=list(schema)),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict(schema),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
