"""The whole product as a person starts it: one process tree, its own folder, its own port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
READY = "Ctrl-C"
PATIENCE = 600  # seconds; a loaded machine is slow, not wrong


@dataclass
class Served:
    """A running installation. password: of every demonstration account."""

    home: Path
    port: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    listener: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        return (self.home / "demonstration-accounts").read_text(encoding="ascii").strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """The outer environment without what belongs to other installations, and this home."""
    foreign = ("DJANGO_", "TIDDAO_", "PYTEST", "DATABASE_URL", "PORT")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
    return kept | {"TIDDAO_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def tiddao(home: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run one command of the product in the installation and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "tiddao.config.cli", *arguments],
        env=environment(home),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        **options,
    )


def start(home: Path, *arguments: str) -> Served:
    """Start `tiddao up` and wait until it says that it is ready."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tiddao.config.cli", "up", f"--port={port}", *arguments],
        env=environment(home),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    served = Served(home, port, process)
    ready = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        with process.stdout as said:
            for line in said:
                served.lines.append(line.rstrip())
                if READY in line:
                    ready.set()
        ready.set()

    served.listener = threading.Thread(target=listen, daemon=True)
    served.listener.start()
    ready.wait(PATIENCE)
    if process.poll() is not None or not any(READY in line for line in served.lines):
        stop(served)
        pytest.fail("tiddao up did not come up:\n" + "\n".join(served.lines))
    return served


def stop(served: Served) -> int:
    """Press Ctrl-C, where it still runs, and return the exit code."""
    if served.process.poll() is None:
        served.process.send_signal(signal.SIGINT)
        try:
            served.process.wait(30)
        except subprocess.TimeoutExpired:
            served.process.kill()
            pytest.fail("Ctrl-C did not stop it:\n" + "\n".join(served.lines))
    if served.listener is not None:
        served.listener.join(30)
    return served.process.returncode
