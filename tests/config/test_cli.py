"""The command line as a shell uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.core.management import get_commands

from tests.served.installation import PROJECT, environment
from tiddao.config.cli import Commands


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    said = subprocess.Popen(
        [sys.executable, "-m", "tiddao.config.cli", "help"],
        env=environment(tmp_path),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert said.stdout is not None
    said.stdout.close()
    _, complaint = said.communicate(timeout=120)
    assert said.returncode == 141
    assert complaint == ""


def test_our_commands_begin_without_checking_the_code_and_djangos_as_ever() -> None:
    ours = {name for name, area in get_commands().items() if area.startswith("tiddao.")}
    assert {"up", "serve", "worker", "ledger", "stars"} <= ours
    for name in ours:
        assert Commands().fetch_command(name).requires_system_checks == (), name
    assert Commands().fetch_command("makemigrations").requires_system_checks == "__all__"
