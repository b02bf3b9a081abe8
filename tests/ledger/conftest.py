"""An empty ledger with its own anchor file."""

from __future__ import annotations

import pytest

from tests.ledger.histories import as_superuser


def _empty() -> None:
    with as_superuser() as cursor:
        for table in ("unsealed", "seal", "entry", "chaincheck"):
            cursor.execute(f"DELETE FROM ledger_{table}")


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def ledger(home, db):
    """Inside the test's transaction: what set-up had written is back afterwards."""
    _empty()


@pytest.fixture
def shared_ledger(home, committed):
    """Committed, for several connections; emptied again, but nothing else is touched."""
    _empty()
