"""People at the same moment, each in a transaction of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections

from tests.ledger.histories import as_superuser

LEDGER = frozenset({"ledger_unsealed", "ledger_seal", "ledger_entry", "ledger_chaincheck"})


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Really committed rows, taken away again from every table that had none; so is the ledger.

    What triggers wrote aside (histories, changes put down for the search) goes with them. The
    geography, which has rows before, stays.
    """
    with django_db_blocker.unblock():
        connection.close()
        empty = _tables(with_rows=False)
        try:
            yield
        finally:
            with as_superuser() as cursor:
                for table in sorted(_tables(with_rows=True) & (empty | LEDGER)):
                    cursor.execute(f'DELETE FROM "{table}"')
            connection.close()


def _tables(*, with_rows: bool) -> frozenset[str]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        each = " UNION ALL ".join(
            f"SELECT '{table}' WHERE {'' if with_rows else 'NOT '}EXISTS (SELECT FROM \"{table}\")"
            for table in tables
        )
        cursor.execute(each)
        return frozenset(table for (table,) in cursor.fetchall())


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at once, each on a connection of its own; return what each gave or raised."""
    gate = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        gate.wait(timeout=20)
        try:
            outcomes[number] = act()
        except Exception as raised:  # noqa: BLE001 -- handed to the test, which looks at it
            outcomes[number] = raised
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "one of the transactions hangs"
    return outcomes
