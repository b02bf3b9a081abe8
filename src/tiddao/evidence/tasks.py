"""Jobs of the evidence. They sweep: they may run twice, be killed half way or be missed."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from tiddao.evidence.actions.sweeping import sweep_files
from tiddao.ledger.actors import SYSTEM


@app.periodic(cron="40 2 * * *")
@app.task(queueing_lock="sweep-evidence-files", pass_context=False)
def sweep_evidence_files(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due; it takes what is there
    """Remove what broken-off uploads left behind."""
    sweep_files(by=SYSTEM, at=timezone.now())
