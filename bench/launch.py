"""Runs one ``tiddao`` command and says what it took: its last line of output is JSON.

A process of its own and a small one: a child counts the memory of whoever forked it as its peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> int:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tiddao.config.cli", *sys.argv[1:]], stderr=subprocess.STDOUT
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    took = {"seconds": time.perf_counter() - began, "peak_mb": kilobytes / 1024}
    print("\n" + json.dumps(took | {"code": process.returncode}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
