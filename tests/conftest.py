"""Fixtures that every area shares."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunSQL
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.persons", "tests.template_variables"]

# A busy machine is slow, not wrong: speed is measured by the bench and never asserted by a test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The department's data folder beside the project, where there is one."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the data folder ../shared is not on this machine")
    return SHARED


def _watch_for_the_search() -> None:
    """Install the triggers of the search, which stand in a migration and not in the models."""
    migration = import_module("tiddao.policy.migrations.0003_search_index").Migration
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('policy_search_changed') IS NOT NULL")
        if not cursor.fetchone()[0]:
            for each in migration.operations:
                if isinstance(each, RunSQL):
                    cursor.execute(str(each.sql))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database holds the official geography, so that tests speak of real places."""
    with django_db_blocker.unblock():
        call_command("createcachetable")
        _watch_for_the_search()
        call_command("load_geography", verbosity=0)
