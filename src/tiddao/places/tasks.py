"""Jobs of places. Each sweeps rows: it may run twice, be killed half way or be missed."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tiddao.places.actions.villages import sweep_village_imports


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="sweep-village-imports", pass_context=False)
def sweep_villages(timestamp: int = 0) -> None:  # noqa: ARG001 -- when it was due; it takes what waits now
    """Read lists of villages that wait and write those accepted."""
    sweep_village_imports(at=timezone.now())


def nudge_village_sweep() -> None:
    """Ask for a sweep now; one that waits already will do."""
    with suppress(AlreadyEnqueued):
        sweep_villages.defer()
