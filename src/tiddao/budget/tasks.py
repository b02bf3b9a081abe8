"""Jobs of money. Each sweeps rows: it may run twice, be killed half way or be missed."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tiddao.budget.actions.boards import take_boards_due
from tiddao.budget.actions.linked import report_money_results
from tiddao.budget.actions.quality import count_questions_of_the_night
from tiddao.ledger.actors import SYSTEM


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="take-boards", lock="take-boards", pass_context=False)
def take_boards(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due; it takes what is due now
    """Keep the boards of every week that has ended without one."""
    take_boards_due(by=SYSTEM, at=timezone.now())


@app.periodic(cron="40 * * * *")
@app.task(queueing_lock="report-money", lock="report-money", pass_context=False)
def report_money(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due; it reads the books as they are now
    """Write what the books say into the open rounds of star frameworks."""
    report_money_results(on=timezone.localdate(), at=timezone.now())


@app.periodic(cron="50 1 * * *")
@app.task(queueing_lock="count-questions", lock="count-questions", pass_context=False)
def count_questions(timestamp: int = 0) -> None:  # noqa: ARG001 -- as above
    """Count the questions about the data of every office, for places of many offices."""
    count_questions_of_the_night(today=timezone.localdate())


def nudge_count_of_questions() -> None:
    """Ask for a count now; one that waits already will do."""
    with suppress(AlreadyEnqueued):
        count_questions.defer()
