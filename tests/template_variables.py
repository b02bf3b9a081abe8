"""A variable that a template of ours names and nobody gave is a mistake, and fails the test.

Django leaves it empty and says so only in a debug log; the log is read here. Templates of other
packages may lack what they like.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import tiddao

AREAS = Path(tiddao.__file__).parent


@cache
def is_ours(template_name: str) -> bool:
    name = template_name.split("#", maxsplit=1)[0]
    return any((area / "templates" / name).is_file() for area in AREAS.iterdir())


class MissingVariables(logging.Filter):
    """Remembers what could not be found; lets nothing through."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith("Exception while resolving variable"):
            return True
        variable, template_name = record.args
        if is_ours(str(template_name)):
            why = record.exc_info[1] if record.exc_info else ""
            self.found.append(f"{variable} in {template_name}: {why}")
        return False


@pytest.fixture(autouse=True)
def missing_template_variables() -> Iterator[MissingVariables]:
    """Fail the test at its end: an ``{% if %}`` would swallow an error raised on the spot."""
    logger = logging.getLogger("django.template")
    level, seen = logger.level, MissingVariables()
    logger.setLevel(logging.DEBUG)
    logger.addFilter(seen)
    yield seen
    logger.removeFilter(seen)
    logger.setLevel(level)
    if seen.found:
        pytest.fail("templates name what nobody gave:\n" + "\n".join(sorted(set(seen.found))))
