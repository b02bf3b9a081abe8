"""Fixtures that every area shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck, settings

from tiddao.config.first_tables import run_statements

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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database holds the official geography, so that tests speak of real places."""
    with django_db_blocker.unblock():
        call_command("createcachetable")
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regproc('policy_search_changed')")
            is_reused = cursor.fetchone()[0] is not None
        if not is_reused:
            with override_settings(MIGRATION_MODULES={}):
                run_statements()
        call_command("load_geography", verbosity=0)


JOURNEYS = "journeys"
FIRST = (JOURNEYS, "tests/served/test_killed.py", "tests/test_scope_walk.py")
"""What takes longest begins first, so that no worker waits long for the other."""


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks for its marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal whole modules to the workers; the journeys, which share one installation, to one."""
    for item in items:
        journey = "served" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group(JOURNEYS if journey else item.location[0]))

    def turn(item: pytest.Item) -> int:
        group = next(item.iter_markers("xdist_group")).args[0]
        return FIRST.index(group) if group in FIRST else len(FIRST)

    items.sort(key=turn)
