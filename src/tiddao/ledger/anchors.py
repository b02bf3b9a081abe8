"""The heads of the chain, written down outside the database.

Who can write the database can rewrite the whole chain; who cannot also write this file is found
out. An office keeps it, or a copy of its last line, where the database's keepers cannot reach.
One line a sealing: sequence, chain, moment. Append-only, on disk before the next one is written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tiddao.ledger.rules.chain import moment

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) (\S+)")


@dataclass(frozen=True, slots=True)
class Anchor:
    sequence: int
    chain: str
    at: datetime


def anchor_path() -> Path:
    """Return where this installation keeps its anchors."""
    return Path(settings.HOME) / "ledger-anchors.log"


def write_anchor(anchor: Anchor) -> None:
    """Append the head to the file and see it onto the disk.

    A line that a crash cut short is closed first, so that it never spoils the next.
    """
    path = anchor_path()
    line = f"{anchor.sequence} {anchor.chain} {moment(anchor.at)}\n".encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        os.write(handle, line)
        os.fsync(handle)
    finally:
        os.close(handle)


def read_anchors(path: Path) -> Iterator[tuple[int, Anchor | None]]:
    """Yield (line number, anchor) in the file's order; None for a line that is no anchor.

    A file that does not exist has no lines; a last line that a crash cut short is left out.
    """
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            found = _LINE.fullmatch(line.rstrip("\n"))
            at = _moment(found[3]) if found else None
            if found is None or at is None:
                if line.endswith("\n"):
                    yield number, None
                continue
            yield number, Anchor(int(found[1]), found[2], at)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
