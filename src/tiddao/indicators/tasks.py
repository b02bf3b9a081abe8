"""Jobs of the indicators. Each sweeps rows: it may run twice, be killed half way or be missed."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from tiddao.indicators.actions.imports import read_waiting_imports
from tiddao.indicators.actions.late import end_late_entries_due
from tiddao.indicators.actions.quality import look_at_rounds_due
from tiddao.indicators.actions.rounds import open_rounds_due
from tiddao.indicators.actions.scoring import materialise_pending
from tiddao.ledger.actors import SYSTEM


@app.periodic(cron="* * * * * */5")  # the sixth field is seconds: every five
@app.task(queueing_lock="keep-scores", pass_context=False)
def keep_scores(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due; it takes what waits
    """Bring the kept scores up to the facts."""
    materialise_pending(at=timezone.now())


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="read-result-imports", lock="read-result-imports", pass_context=False)
def read_imports(timestamp: int = 0) -> None:  # noqa: ARG001 -- as above
    """Read the workbooks that wait, into their dry-run reports."""
    read_waiting_imports(at=timezone.now())


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="open-rounds", pass_context=False)
def open_rounds(timestamp: int = 0) -> None:  # noqa: ARG001 -- as above
    """Open the rounds whose first day has come."""
    open_rounds_due(by=SYSTEM, at=timezone.now())


@app.periodic(cron="20 1 * * *")
@app.task(queueing_lock="look-at-figures", pass_context=False)
def look_at_figures(timestamp: int = 0) -> None:  # noqa: ARG001 -- as above
    """Look at the rounds with figures that nobody has looked at; ask what is to be asked."""
    look_at_rounds_due(by=SYSTEM, at=timezone.now())


@app.periodic(cron="8 0 * * *")
@app.task(queueing_lock="end-late-entries", pass_context=False)
def end_late_entries(timestamp: int = 0) -> None:  # noqa: ARG001 -- as above
    """End the late entries whose last day has passed, and lock what was approved under them."""
    end_late_entries_due(by=SYSTEM, at=timezone.now())
