"""Bringing one installation to the state this version needs. Every step may run again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tiddao.config.first_tables import is_untouched, make_first_tables
from tiddao.places.models import Place

AREA = Path(__file__).resolve().parent.parent


def steps() -> list[tuple[str, Callable[[], None]]]:
    """Return what set-up does, in order: words for the person who waits, and the step."""
    return [
        ("คำแปล (translations)", compile_translations),
        ("หน้าตา (assets)", build_assets),
        ("ฐานข้อมูล (database)", migrate),
        ("พื้นที่ (geography)", load_geography),
        ("แฟ้มคงที่ (static files)", collect_static),
    ]


def compile_translations() -> None:
    call_command("translations", "--compile")


def build_assets() -> None:
    call_command("assets", verbosity=0)


def migrate() -> None:
    if is_untouched():
        make_first_tables()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def load_geography() -> None:
    """Load the official places unless this version's are there (``load_geography`` updates them)."""
    if not Place.objects.filter(level="tambon").exists():
        call_command("load_geography", verbosity=0)


def collect_static() -> None:
    """Collect static files when any source file differs from what was collected last."""
    stamp = settings.HOME / "static.stamp"
    digest = hashlib.sha256()
    for path in _static_sources():
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    wanted = digest.hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted, encoding="ascii")


def _static_sources() -> Iterator[Path]:
    for folder in sorted(AREA.glob("*/static")):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
