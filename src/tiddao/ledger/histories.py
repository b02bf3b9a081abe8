"""Do the facts agree with their history? Triggers write the history; whoever goes past them is found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

MOST = 200  # named one by one, of each kind and table
_LABELS_OF_FIRST = "insert%"

DIFFERS = "differs-from-history"
NO_FIRST = "history-begins-late"
ROW_MISSING = "row-missing"
CHANGED = "changed-what-never-changes"
TWO_AT_ONCE = "history-gap"


@dataclass(frozen=True, slots=True)
class HistoryProblem:
    """One row that does not agree with its history. table: the model's name; row: its key as text.

    code: "differs-from-history" (changed without a trace, or its last trace is gone),
    "history-begins-late" (the trace of its making is gone), "row-missing" (deleted),
    "changed-what-never-changes" (a trace shows it), "history-gap" (a trace in between is gone).
    """

    code: str
    table: str
    row: str


def history_problems(
    model: type[Model], *, may_change: Collection[str] | None = None, may_go: bool = False
) -> tuple[int, tuple[HistoryProblem, ...]]:
    """Compare a tracked table with its history; return how many rows it has, and what is wrong.

    may_change: the columns that may change after a row is made; None: all. may_go: rows may be
    deleted. Four scans, whatever the number of rows.
    """
    event = apps.get_model(model._meta.app_label, f"{model.__name__}Event")  # noqa: SLF001 -- Django's public name
    columns = [
        field.column
        for field in event._meta.concrete_fields  # noqa: SLF001 -- as above
        if not field.name.startswith("pgh_")
    ]
    fixed = [] if may_change is None else [each for each in columns if each not in may_change]
    changing = [each for each in columns if may_change is not None and each in may_change]
    table, events = model._meta.db_table, event._meta.db_table  # noqa: SLF001 -- as above
    key = _column_of_key(model)
    same = _row("r", columns), _row("e", columns)
    asked: list[tuple[str, str]] = [
        (
            DIFFERS,
            f"""SELECT r.{key}::text FROM {table} r JOIN (
                    SELECT DISTINCT ON (pgh_obj_id) * FROM {events} ORDER BY pgh_obj_id, pgh_id DESC
                ) e ON e.pgh_obj_id = r.{key}
                WHERE {same[0]} IS DISTINCT FROM {same[1]}""",  # noqa: S608 -- names of our own tables
        ),
        (
            NO_FIRST,
            f"""SELECT r.{key}::text FROM {table} r WHERE NOT EXISTS (
                    SELECT 1 FROM {events} e
                    WHERE e.pgh_obj_id = r.{key} AND e.pgh_label LIKE '{_LABELS_OF_FIRST}')""",  # noqa: S608 -- as above
        ),
    ]
    if not may_go:
        asked.append(
            (
                ROW_MISSING,
                f"""SELECT DISTINCT e.pgh_obj_id::text FROM {events} e
                    WHERE NOT EXISTS (SELECT 1 FROM {table} r WHERE r.{key} = e.pgh_obj_id)""",  # noqa: S608 -- as above
            )
        )
    if fixed:
        now, before = _row("e", fixed), _row("b", fixed)
        asked.append((CHANGED, _steps(events, f"{now} IS DISTINCT FROM {before}")))
    if len(changing) > 1:
        # Each act closes a row at one moment: two columns that change at once hold the same.
        first, second = changing[:2]
        asked.append(
            (
                TWO_AT_ONCE,
                _steps(
                    events,
                    f"b.{first} IS NULL AND b.{second} IS NULL AND e.{first} <> e.{second}",
                ),
            )
        )
    problems: list[HistoryProblem] = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 -- names of our own tables
        (count,) = cursor.fetchone()
        for code, query in asked:
            cursor.execute(f"{query} ORDER BY 1 LIMIT {MOST}")
            problems += [HistoryProblem(code, model.__name__, row) for (row,) in cursor.fetchall()]
    return count, tuple(problems)


def _column_of_key(model: type[Model]) -> str:
    column: Any = model._meta.pk  # noqa: SLF001 -- Django's public name
    return str(column.column)


def _row(alias: str, columns: Collection[str]) -> str:
    return "ROW(" + ", ".join(f'{alias}."{each}"' for each in columns) + ")"


def _steps(events: str, condition: str) -> str:
    """Rows of which one trace follows on another as the condition says (e after b)."""
    return f"""SELECT DISTINCT e.pgh_obj_id::text FROM {events} e JOIN LATERAL (
            SELECT * FROM {events} x WHERE x.pgh_obj_id = e.pgh_obj_id AND x.pgh_id < e.pgh_id
            ORDER BY x.pgh_id DESC LIMIT 1
        ) b ON true WHERE {condition}"""  # noqa: S608 -- names of our own tables
