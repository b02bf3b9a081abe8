"""Writing, sealing and verifying the ledger."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.db import transaction

from bench.measure import heading, seconds, table
from tiddao.ledger.actions import record, seal_entries
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.queries import verify_ledger

ENTRIES = 10_000


def run() -> None:
    heading(
        f"Ledger: {ENTRIES:,} entries written, sealed in order, verified from the rows",
        "One transaction of 100 entries at a time, synchronous commit on. No peer publishes a figure.",
    )
    now = datetime.now(UTC)
    seal_entries(at=now, limit=1_000_000)
    before = verify_ledger()
    began = time.perf_counter()
    for first in range(0, ENTRIES, 100):
        with transaction.atomic():
            for number in range(first, first + 100):
                record("bench", on=f"bench:{number}", by=SYSTEM, at=now, after={"number": number})
    written = time.perf_counter() - began
    began = time.perf_counter()
    sealed = 0
    while done := seal_entries(at=now).sealed:
        sealed += done
    sealing = time.perf_counter() - began
    began = time.perf_counter()
    found = verify_ledger()
    verifying = time.perf_counter() - began
    table(
        ["step", "entries", "time", "per second"],
        [
            ["write", f"{ENTRIES:,}", seconds(written), f"{ENTRIES / written:,.0f}"],
            ["seal", f"{sealed:,}", seconds(sealing), f"{sealed / sealing:,.0f}"],
            [
                "verify (the whole ledger)",
                f"{found.entries:,}",
                seconds(verifying),
                f"{found.entries / verifying:,.0f}",
            ],
        ],
    )
    said = "verifies" if found.ok else f"DOES NOT VERIFY: {found.problems[:3]}"
    print(f"   the ledger {said} (before: {before.entries:,} entries, ok={before.ok})")
