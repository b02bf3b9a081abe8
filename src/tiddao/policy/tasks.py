"""Jobs of policy. Each sweeps rows: it may run twice, be killed half way or be missed."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from tiddao.ledger.actors import SYSTEM
from tiddao.policy.actions.indexing import index_changes
from tiddao.policy.actions.obligations import send_occurrences
from tiddao.policy.actions.reading import read_waiting
from tiddao.policy.actions.reminding import write_reminders


@app.task(queueing_lock="read-documents", lock="read-documents", pass_context=False)
def read_documents() -> None:
    """Read the documents that nobody's page waited for."""
    read_waiting(on=timezone.localdate(), by=SYSTEM, at=timezone.now())


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="follow-directives", lock="follow-directives", pass_context=False)
def follow_directives(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due; it takes what is due now
    """Ask for the reports that are owed by now, and remind of what waits."""
    on, at = timezone.localdate(), timezone.now()
    send_occurrences(on=on, at=at)
    write_reminders(on=on, by=SYSTEM, at=at)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="index-changes", lock="index-changes", pass_context=False)
def take_changes_into_index(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due
    """Let the search find what was written since the last time."""
    index_changes()
