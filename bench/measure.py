"""Timing a piece of work, and printing what came of it."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each run, in order; cpu: those this process itself was at work, all threads.

    On a machine with other work the clock says more than the work took; cpu does not.
    """

    runs: tuple[float, ...]
    cpu: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    def __str__(self) -> str:
        return seconds(self.median)

    @property
    def work(self) -> str:
        return seconds(statistics.median(self.cpu))

    @property
    def span(self) -> str:
        return f"{seconds(min(self.runs))}–{seconds(max(self.runs))}"


def timed(work: Callable[[], Result], *, runs: int, warm: int = 1) -> tuple[Timing, Result]:
    """Run the work ``warm`` times unmeasured, then ``runs`` times; return the times and last result."""
    for _ in range(warm):
        work()
    found: list[float] = []
    cpu: list[float] = []
    for _ in range(runs):
        began, at_work = time.perf_counter(), time.process_time()
        result = work()
        found.append(time.perf_counter() - began)
        cpu.append(time.process_time() - at_work)
    return Timing(tuple(found), tuple(cpu)), result


def seconds(value: float) -> str:
    """Return a duration as people read it."""
    if value < 1:
        return f"{value * 1000:.1f} ms"
    return f"{value:.2f} s"


def heading(text: str, *notes: str) -> None:
    print(f"\n== {text}")
    for note in notes:
        print(f"   {note}")
    print(flush=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in [columns, *rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for number, row in enumerate(cells):
        first, *others = row
        line = [first.ljust(widths[0])]
        line += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("   " + "  ".join(line))
        if number == 0:
            print("   " + "  ".join("-" * width for width in widths))
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that ran to its end: seconds, peak resident memory in MB, what it printed."""

    seconds: float
    peak_mb: float
    code: int
    output: str


def tiddao(*arguments: str) -> Finished:
    """Run ``tiddao …`` as a process of its own, as an office would, and measure it from outside."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.launch", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    output, _, took = ran.stdout.rstrip().rpartition("\n")
    return Finished(**json.loads(took), output=output)
