"""A national list of villages taken in: 75,000 rows of CSV, first as a dry run, then written."""

from __future__ import annotations

import csv
from pathlib import Path

from django.conf import settings

from bench.measure import heading, seconds, table, tiddao
from tiddao.places.models import Level, Place

ROWS = 75_000


def run() -> None:
    heading(
        f"Villages: a CSV of {ROWS:,} rows, checked and written (whole processes, with their start)",
        "goal: under 60 s; peer: none publishes an import of an administrative tree of this size",
    )
    file = village_file()
    rehearsed = tiddao("import_villages", str(file), "--dry-run")
    written = tiddao("import_villages", str(file))
    again = tiddao("import_villages", str(file))
    table(
        ["step", "time", "peak memory", "exit"],
        [
            [words, seconds(done.seconds), f"{done.peak_mb:.0f} MB", done.code]
            for words, done in (
                ("dry run", rehearsed),
                ("written", written),
                ("the same file again: nothing to change", again),
            )
        ],
    )
    print("   " + "\n   ".join(written.output.strip().splitlines()[:3]))


def village_file() -> Path:
    """Write the list: invented villages in every real tambon, as many as the country has."""
    path = Path(settings.HOME) / "villages.csv"
    tambons = list(
        Place.objects.filter(level=Level.TAMBON, valid_to__isnull=True)
        .exclude(code__startswith="10")
        .order_by("code")
        .values_list("code", "name_th")
    )
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["รหัสหมู่บ้าน", "ชื่อหมู่บ้าน", "หมู่ที่"])
        every, rest = divmod(ROWS, len(tambons))
        for position, (code, name) in enumerate(tambons):
            for moo in range(1, every + (position < rest) + 1):
                rows.writerow([f"{code}{moo:02}", f"บ้าน{name}{moo if moo > 1 else ''}", moo])
    return path


def villages_are_there() -> bool:
    return Place.objects.filter(level=Level.VILLAGE).count() >= ROWS
