"""Random but repeatable histories of the ledger, and ways to tamper with them past the triggers."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from tiddao.ledger.actions import record, seal_entries
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.models import Entry

START = datetime(2022, 10, 1, 1, 2, 3, 456789, tzinfo=UTC)
ACTS = ("report_result", "approve_results", "appoint", "close_round")


def write(number: int, chance: random.Random | None = None) -> Entry:
    chance = chance or random.Random(number)
    with transaction.atomic():
        return record(
            chance.choice(ACTS),
            on=f"result:{number}",
            by=SYSTEM
            if chance.random() < 0.2
            else Actor(f"user:{number % 5}", "นายสมมุติ", "post:1"),
            at=START + timedelta(microseconds=chance.randrange(10**15)),
            place=chance.choice(("57", "5712", "50", "")),
            before={"value": number} if chance.random() < 0.5 else None,
            after={"value": number + 1},
            detail={"rows": number, "share": 0.1 * number, "words": "คำ\n\"'"},
        )


def history(seed: int, length: int) -> list[int]:
    """Write and seal a history in uneven batches; return the entries' numbers in order."""
    chance = random.Random(seed)
    numbers = []
    while len(numbers) < length:
        for _ in range(chance.randint(1, 5)):
            numbers.append(write(len(numbers), chance).pk)
        seal_entries(at=START, limit=chance.randint(1, 7))
    while seal_entries(at=START).sealed:
        pass
    return numbers


@contextmanager
def as_superuser():
    """Let SQL past triggers and foreign keys, as one who holds the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")
