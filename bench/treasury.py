"""The Comptroller General's weekly workbook, where the department's data folder stands beside."""

from __future__ import annotations

from pathlib import Path

from bench.measure import heading, seconds, table, tiddao

FILE = Path(__file__).resolve().parent.parent.parent / "shared/data/cgd/2026_07_10.xlsx"


def run() -> None:
    heading("Treasury workbook: sheets 13 and 14, 76 provinces (whole processes, with their start)")
    if not FILE.exists():
        print("   not measured: the data folder ../shared is not on this machine")
        return
    rows = []
    for words, more in (("dry run", ("--dry-run",)), ("written", ())):
        done = tiddao("import_cgd", str(FILE), *more)
        said = (done.output.strip().splitlines() or [""])[-1]
        rows.append([words, seconds(done.seconds), f"{done.peak_mb:.0f} MB", done.code, said[:70]])
    table(["step", "time", "peak memory", "exit", "said"], rows)
