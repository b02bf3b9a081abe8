"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from django.db import connection

from bench.measure import heading


def describe() -> None:
    """Print the machine; every figure below means nothing without it."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
        cursor.execute("SHOW fsync")
        (fsync,) = cursor.fetchone()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = ", ".join(f"{each:.2f}" for each in os.getloadavg())
    heading(
        "Machine",
        f"{cores} cores ({_processor()}), {_memory()}, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, PostgreSQL {postgres} (fsync {fsync})",
        f"load before the start (1, 5, 15 minutes): {load}",
        "Each figure is the median of several warm runs, the span beside it.",
    )


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _memory() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / 2**30:.0f} GB"
