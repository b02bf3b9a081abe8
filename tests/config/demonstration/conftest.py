"""The demonstration loaded once, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from tiddao.config.demonstration import stages

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.fixture(scope="package")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, home) -> Iterator[list[str]]:
    """All stages, in a transaction that is given up after this folder's tests."""
    with django_db_blocker.unblock(), override_settings(HOME=home), transaction.atomic():
        done = list(stages.load(today=TODAY))
        yield done
        transaction.set_rollback(True)
