"""What most tests of the stars begin with."""

from __future__ import annotations

import pytest

from tests.indicators.frameworks import published, round_of
from tiddao.indicators.models import Round


@pytest.fixture
def one(db) -> Round:
    """An open round of a framework in force, without a report."""
    return round_of(published())
