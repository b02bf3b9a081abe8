"""Jobs of the ledger. Each sweeps rows: it may run twice, be killed half way or be missed."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from tiddao.ledger.actions import check_chain, seal_entries

BATCH = 10_000


@app.periodic(cron="* * * * * */10")  # the sixth field is seconds: every ten
@app.task(queueing_lock="seal-entries", pass_context=False)
def seal(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due; it seals what waits now
    """Seal whatever waits, batch by batch."""
    while seal_entries(at=timezone.now(), limit=BATCH).sealed == BATCH:
        pass


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="check-chain", pass_context=False)
def check(timestamp: int = 0) -> None:  # noqa: ARG001 -- as above
    """Verify the whole ledger once an hour and keep what was found."""
    check_chain(at=timezone.now())
