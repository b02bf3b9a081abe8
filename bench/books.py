"""Boards over 4.6 million entries: 878 offices × 100 projects × 52 weeks, in an installation of its own.

Loading takes minutes and is kept between runs (``var/bench-books``); a change of the plan below, told
by its number, loads anew. The work is done by a child, whose database server has gone at its end.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.measure import heading

PLAN = 3
"""Number of the plan in ``bench.nation_books``: what is loaded."""
ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "bench-books"
MARK = HOME / "loaded.json"


def run() -> None:
    heading(
        "Books of the nation: 878 offices × 100 projects × 52 weeks (every entry through the rules, "
        "written by COPY)",
        "goal: any board under 300 ms of server time; peers publish no figure for books of this size",
    )
    if HOME.exists() and (not MARK.exists() or json.loads(MARK.read_text())["plan"] != PLAN):
        shutil.rmtree(HOME)
    HOME.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    subprocess.run(
        [sys.executable, "-m", "bench.nation_books"],
        cwd=ROOT,
        env=os.environ
        | {"TIDDAO_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "tiddao.config.settings"},
        check=False,
    )


if __name__ == "__main__":
    run()
