"""Print the path of a Chromium to test with: the machine's, else Playwright's, else Debian's.

Prints nothing but the path; says in one sentence on stderr what to do when there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def on_this_machine() -> str | None:
    given = os.environ.get("TIDDAO_BROWSER")
    if given and Path(given).exists():
        return given
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def by_playwright() -> str | None:
    """Return Playwright's own Chromium, downloading it where its server can be reached."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            check=False,
            timeout=300,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return path if Path(path).exists() else None


def by_debian() -> str | None:
    """Return Debian's Chromium, installed where this account may install."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        subprocess.run(["apt-get", *words], check=False, env=environment, stdout=sys.stderr)
    return on_this_machine()


def runs(path: str) -> bool:
    """Say whether the browser starts at all: a download may lack the machine's libraries."""
    return subprocess.run([path, "--version"], check=False, capture_output=True).returncode == 0


def main() -> None:
    for way in (on_this_machine, by_playwright, by_debian):
        try:
            path = way()
        except Exception as failure:  # noqa: BLE001 -- the next way may work
            print(f"{way.__name__}: {failure}", file=sys.stderr)
            continue
        if path and runs(path):
            print(path)
            return
    sys.exit("No browser: install Chromium (Debian: apt install chromium), or set TIDDAO_BROWSER.")


if __name__ == "__main__":
    main()
