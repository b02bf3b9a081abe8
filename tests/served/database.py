"""The installation's database seen from outside the product: its rows, its locks, its processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg
from psycopg import sql

LEDGER = "ledger_entry"
PATIENCE = 60  # seconds that anything polled for may take

T = TypeVar("T")


def until(found: Callable[[], T], what: str) -> T:
    """Ask again and again until the answer is true; fail with what was waited for."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} seconds in vain: {what}")


def connect(home: Path) -> psycopg.Connection:
    """Connect to the running embedded server of the installation, by what its own pid file says."""
    lines = (home / "postgres" / "postmaster.pid").read_text(encoding="ascii").splitlines()
    return psycopg.connect(host=lines[4], user="postgres", dbname="tiddao", autocommit=True)


def contents(home: Path, *, but: Collection[str] = ()) -> dict[str, tuple[int, str]]:
    """Every table with the number of its rows and a digest of all of them.

    but: beginnings of the names of tables that may change meanwhile.
    """
    with connect(home) as connection:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
            if not name.startswith(tuple(but))
        ]
        found = {}
        for name in tables:
            query = sql.SQL(
                "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t"
            ).format(sql.Identifier(name))
            found[name] = connection.execute(query).fetchone()
    return found


@contextmanager
def closed_ledger(home: Path) -> Iterator[psycopg.Connection]:
    """Let nobody write into the ledger: every act then waits just before its end, all else written.

    Yields a second connection, to look with. The server may be killed meanwhile.
    """
    with (
        suppress(psycopg.OperationalError),
        connect(home) as looking,
        connect(home) as holding,
        holding.transaction(),
    ):
        holding.execute(f"LOCK TABLE {LEDGER} IN EXCLUSIVE MODE")
        yield looking


def writer_at_the_ledger(looking: psycopg.Connection, written: str) -> int | None:
    """The server process that waits to write its entry and has written that table already."""
    found = looking.execute(
        """
        SELECT waits.pid
        FROM pg_locks waits JOIN pg_locks has USING (pid)
        WHERE waits.relation = %s::regclass AND waits.mode = 'RowExclusiveLock' AND NOT waits.granted
          AND has.relation = %s::regclass AND has.mode = 'RowExclusiveLock' AND has.granted
        """,
        [LEDGER, written],
    ).fetchone()
    return found[0] if found else None


def is_gone(home: Path, pid: int) -> bool:
    """Say whether that server process has ended, and with it its transaction."""
    with connect(home) as connection:
        query = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        return connection.execute(query, [pid]).fetchone() is None


def processes_of(home: Path) -> list[psutil.Process]:
    """Every process of the installation: by its environment, or (the database) its command line."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            served = process.environ().get("TIDDAO_HOME") == str(home)
            if served or str(home / "postgres") in process.cmdline():
                found += [process, *process.children(recursive=True)]
    return sorted(set(found), key=lambda each: each.pid)


def command_lines_of(home: Path) -> list[str]:
    """The same, as they were started; without those that ended while we looked."""
    found = []
    for process in processes_of(home):
        with suppress(psutil.Error):
            found.append(" ".join(process.cmdline()))
    return found


def kill_all_of(home: Path) -> None:
    """SIGKILL to everything of the installation at once, as a power cut would.

    Returns when the machine has forgotten their numbers too; the caller's own children it must reap.
    """
    there = processes_of(home)
    for process in there:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    mine = {each.pid for each in psutil.Process().children()}
    strangers = {each.pid for each in there} - mine
    until(
        lambda: not any(psutil.pid_exists(pid) for pid in strangers), "the end of what was killed"
    )
