"""Writers and sealers at once, on real connections."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import transaction

from tests.ledger.histories import START, write
from tests.together import at_once
from tiddao.ledger.actions import record, seal_entries
from tiddao.ledger.actors import SYSTEM
from tiddao.ledger.models import Entry, Seal, Unsealed
from tiddao.ledger.queries import verify_ledger

pytestmark = pytest.mark.usefixtures("shared_ledger")


def test_record_outside_a_transaction():
    with pytest.raises(RuntimeError, match="own transaction"):
        record("appoint", on="post:1", by=SYSTEM, at=START)
    assert not Entry.objects.exists()


def test_many_writers_and_two_sealers_lose_nothing():
    done = threading.Event()
    writers = 6
    each = 40

    def writer(first: int):
        for number in range(first, first + each):
            write(number)

    def sealer():
        while not done.is_set():
            seal_entries(at=datetime.now(UTC), limit=17)

    counting = threading.Barrier(writers)

    def last_one(first: int):
        writer(first)
        if counting.wait(60) == 0:
            done.set()

    said = at_once(*(lambda n=n: last_one(n * each) for n in range(writers)), sealer, sealer)
    assert said == [None] * (writers + 2)
    while seal_entries(at=START).sealed:
        pass
    found = verify_ledger()
    assert found.ok, found.problems[:5]
    assert found.entries == found.sealed == writers * each
    assert not Unsealed.objects.exists()
    assert list(Seal.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
        range(1, writers * each + 1)
    )


def test_open_writer_holds_up_neither_sealer_nor_other_writers():
    wrote, may_commit = threading.Event(), threading.Event()

    def slow_writer():
        with transaction.atomic():
            record("appoint", on="post:slow", by=SYSTEM, at=START)
            wrote.set()
            assert may_commit.wait(30)

    def others():
        try:
            assert wrote.wait(30)
            began = time.monotonic()
            write(1)
            assert seal_entries(at=START).sealed == 1  # the open one is not seen yet
            assert time.monotonic() - began < 10  # and was not waited for
        finally:
            may_commit.set()

    assert at_once(slow_writer, others) == [None, None]
    assert Unsealed.objects.count() == 1
    assert seal_entries(at=START).sealed == 1
    # The slow one has the smaller number but was committed, and sealed, last.
    order = list(Seal.objects.order_by("sequence").values_list("entry__on", flat=True))
    assert order == ["result:1", "post:slow"]
    assert verify_ledger().ok


def test_sealing_in_progress_holds_up_no_writer():
    sealing, wrote = threading.Event(), threading.Event()
    write(0)

    def slow_sealer():
        with transaction.atomic():
            assert seal_entries(at=START).sealed == 1
            sealing.set()
            assert wrote.wait(30)

    def writer():
        assert sealing.wait(30)
        write(1)
        wrote.set()

    assert at_once(slow_sealer, writer) == [None, None]
    assert Entry.objects.count() == 2
    assert verify_ledger().ok


def test_killed_sealing_leaves_everything_waiting():
    write(0)

    class Killed(Exception):
        pass

    def seal_and_die():
        with transaction.atomic():
            seal_entries(at=START)
            raise Killed

    with pytest.raises(Killed):
        seal_and_die()
    assert not Seal.objects.exists()
    assert Unsealed.objects.count() == 1
    assert seal_entries(at=START).sealed == 1
    assert verify_ledger().ok
