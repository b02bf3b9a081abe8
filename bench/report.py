"""Set up as ``make up`` does it, with demonstration data; then each part in its turn."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Sequence

from bench.machine import describe
from bench.measure import Finished, heading, seconds, table, tiddao


def run(parts: Sequence[str]) -> int:
    """Measure the parts; return the exit code, 1 where the set-up itself failed."""
    steps = [
        ("tiddao setup: cluster, migrations, geography, assets", tiddao("setup")),
        ("tiddao demo, the first time", tiddao("demo")),
        ("tiddao demo, again", tiddao("demo")),
    ]
    failed = [(words, done) for words, done in steps if done.code]
    for words, done in failed:
        print(f"{words} failed:\n{done.output}")
    if failed:
        return 1
    describe()
    heading("Set-up of the scratch installation (whole processes, with their start)")
    table(["step", "time", "peak memory"], [_row(words, done) for words, done in steps])
    print("\n".join(f"   {line}" for line in steps[1][1].output.splitlines()))
    for part in parts:
        module = importlib.import_module(f"bench.{part}")
        gc.collect()
        gc.freeze()  # what was loaded for the peers is not looked through on our time, nor theirs
        module.run()
        gc.unfreeze()
    return 0


def _row(words: str, done: Finished) -> list[str]:
    return [words, seconds(done.seconds), f"{done.peak_mb:.0f} MB"]
