"""Fixtures that every area shares."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tiddao.config.first_tables import run_statements

pytest_plugins = ["tests.persons", "tests.together", "tests.template_variables"]

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


def pytest_collection_finish() -> None:
    """Look for cycles seldom, and never among what imports and collecting made: it stays anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


JOURNEYS = "journeys"
APART = "tests/served/test_killed.py"
DEMONSTRATION = "tests/config/demonstration/"
FIRST = (JOURNEYS, APART, "tests/test_scope_walk.py", DEMONSTRATION)
"""What takes longest begins first, so that no worker waits long for the other."""


def group_of(module: str) -> str:
    """A module, as ``tests/area/test_thing.py``; those that share one installation, or the
    demonstration loaded, are one.
    """
    if module.startswith(DEMONSTRATION):
        return DEMONSTRATION
    return JOURNEYS if module.startswith("tests/served/") and module != APART else module


class WholeModules(LoadScopeScheduling):
    """Deals groups to the workers, each to one, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeModules | None:
    if config.getvalue("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False
    return WholeModules(config, log)


@pytest.hookimpl(trylast=True)  # pytest-django puts what needs no database last
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    groups = {group: turn for turn, group in enumerate(FIRST)}
    items.sort(key=lambda item: groups.get(group_of(item.location[0]), len(FIRST)))
