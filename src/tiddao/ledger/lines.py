"""Moments after which the past stands still.

A report is issued on what is known at a moment and must be reproduced for ever. So a line is drawn
there: whatever is written afterwards becomes known after it, however long its writer was on the way.
Writers of dated facts ask ``after_lines`` for their moment before they write; they never wait for
each other, and a line waits only for those that are just writing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from tiddao.ledger.models import Line

_LOCK = 0x6C69_6E65_73  # "lines": shared by writers, held alone by who draws
_PATIENCE = 5  # seconds that a line waits for writers
_STEP = timedelta(microseconds=1)


class LinesBusy(Exception):
    """Somebody is writing a great deal just now; try again in a moment."""


def after_lines(at: datetime) -> datetime:
    """Return the moment from which a writer's facts are known: at, or just after the last line.

    Keeps lines from being drawn until the transaction ends. One round trip. Raises RuntimeError
    outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("facts are written inside a transaction")
    with connection.cursor() as cursor:
        # Two statements, since the second must see what was committed while the first waited.
        cursor.execute(
            f"SELECT pg_advisory_xact_lock_shared({_LOCK}); SELECT max(at) FROM ledger_line"  # noqa: S608 -- a constant of this module
        )
        cursor.nextset()
        (last,) = cursor.fetchone()
    if last is None or last < at:
        return at
    moment: datetime = last + _STEP
    return moment.astimezone(timezone.get_current_timezone())


@transaction.atomic
def draw_line(*, on: str, at: datetime) -> datetime:
    """Draw a line and return its moment: what was known by then stays as it is for ever.

    on: text reference of what it is drawn for. Waits for the writers that are under way and takes
    the moment afterwards, never before a line that was drawn already. Raises LinesBusy when one of
    them, such as a long import, takes more than some seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = %s", [f"{_PATIENCE}s"])
        try:
            with transaction.atomic():
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        except OperationalError as error:
            raise LinesBusy from error
        cursor.execute("SET LOCAL lock_timeout = 0")
    last = Line.objects.order_by("-at").values_list("at", flat=True).first()
    moment = at if last is None else max(at, last)
    Line.objects.create(at=moment, on=on)
    return moment
