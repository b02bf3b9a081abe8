"""The command line as a shell uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.served.installation import PROJECT, environment


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
