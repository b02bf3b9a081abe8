"""Boards over 4.6 million entries: 878 offices × 100 projects × 52 weeks, in a year of their own.

The year is the one before the demonstration's first, in the same scratch installation, which is
removed with everything in it when the bench ends. A process of its own, so that its memory is its own.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys

import django

from bench.measure import heading


def run() -> None:
    heading(
        "Books of the nation: 878 offices × 100 projects × 52 weeks (every entry through the rules, "
        "written by COPY)",
        "goal: any board under 300 ms of server time; peers publish no figure for books of this size",
    )
    subprocess.run([sys.executable, "-m", "bench.books"], check=False)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiddao.config.settings")
    django.setup()
    importlib.import_module("bench.nation_books").main()  # needs the apps to be there
