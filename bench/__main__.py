"""``python -m bench [scoring pages …]``: these parts, or all; also ``--only scoring,pages``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PARTS = (
    "scoring", "materialise", "pages", "villages", "search", "results", "treasury", "ledger",
    "office", "forecast", "submissions", "books", "cascade", "search_ways",
)  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"some of: {' '.join(PARTS)}")
    parser.add_argument("--only", default="", help="the same, with commas between them")
    given = parser.parse_args()
    wanted = [*given.parts, *(part for part in given.only.split(",") if part)] or list(PARTS)
    unknown = sorted(set(wanted) - set(PARTS))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)} (there are: {', '.join(PARTS)})")
    # The work is done by a child, whose database server has gone when the folder is removed.
    with tempfile.TemporaryDirectory(prefix="tiddao-bench-") as home:
        environment = os.environ | {"TIDDAO_HOME": home}
        environment.pop("DATABASE_URL", None)  # never measure on somebody's real database
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # no installation compiles at each start
        environment["PYTHONUNBUFFERED"] = "1"  # into a file, too, each line when it is known
        command = [sys.executable, "-m", "bench.installation", *wanted]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
