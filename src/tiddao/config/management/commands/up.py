"""``tiddao up``: set up, then run web server and worker until Ctrl-C."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

PATIENCE = 60  # seconds until the web server must answer


class Command(BaseCommand):
    help = "Set everything up and serve with demonstration data; Ctrl-C stops all of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--no-demo", action="store_true", help="serve without demonstration data"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        home: Path = settings.HOME
        home.mkdir(parents=True, exist_ok=True)
        lock = _only_one(home)
        _require_free_port(options["host"], options["port"])
        self.stdout.write(f"ติดดาว — {home}")
        call_command("setup")
        if not options["no_demo"]:
            call_command("demo")
        environment = os.environ | {"DATABASE_URL": _database_url()}
        connection.close()
        address = f"http://{options['host']}:{options['port']}/"
        children = [
            _start(
                "serve", f"--host={options['host']}", f"--port={options['port']}", env=environment
            ),
            _start("worker", env=environment),
        ]
        for stop in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs ignore SIGINT
            signal.signal(stop, _as_interrupt)
        try:
            _wait_until_served(address, children)
            self.stdout.write(f"\n  พร้อมใช้ใน {time.monotonic() - began:.1f} วินาที: {address}")
            if not options["no_demo"]:
                self.stdout.flush()
                call_command("demo", "--accounts")
            self.stdout.write("  กด Ctrl-C เพื่อหยุด (press Ctrl-C to stop)\n")
            self.stdout.flush()
            while all(child.poll() is None for child in children):
                time.sleep(0.2)
            raise CommandError("a process of the server ended by itself; all are stopped")
        except KeyboardInterrupt:
            self.stdout.write("\nหยุดแล้ว")
        finally:
            _stop(children)
            lock.close()


def _only_one(home: Path) -> IO[str]:
    """Hold the installation's lock; it goes with the process, however that ends."""
    lock = (home / "up.lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"{home} is being served already; stop that one, or set TIDDAO_HOME to another folder"
        ) from None
    return lock


def _require_free_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CommandError(f"port {port} is taken; choose another: PORT=8001 make up") from None


def _database_url() -> str:
    """Return the address of the running database, so that the children need not start one."""
    connection.ensure_connection()
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    found = connection.settings_dict
    host = quote(found["HOST"], safe="")
    return f"postgresql://{found['USER']}@/{found['NAME']}?host={host}"


def _start(*arguments: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tiddao.config.cli", *arguments]
    # Its own session: Ctrl-C reaches only this process, which then stops the others in order.
    return subprocess.Popen(command, env=env, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509, S603 -- runs before exec, in a single-threaded parent; fixed arguments


def _die_with_parent() -> None:
    """Ask Linux to end this child should the parent be killed; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _as_interrupt(signum: int, frame: Any) -> None:  # noqa: ARG001 -- the signal's own signature
    raise KeyboardInterrupt


def _wait_until_served(address: str, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise CommandError("the server did not start; its message stands above")
        try:
            with urllib.request.urlopen(f"{address}accounts/login/", timeout=5):  # noqa: S310 -- our own address
                return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"nothing answered at {address} within {PATIENCE} seconds")


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + 10
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
