"""Reads a hostile file in the process that reads files, and says what memory that process took."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.results_file import FileUnreadable
from tiddao.indicators.rules.results_places import ReportingPlace
from tiddao.indicators.rules.results_workbook import read_file


def refused(
    content: bytes, *, definition: FrameworkDefinition, places: Sequence[ReportingPlace]
) -> tuple[str, str, int]:
    """Return code and words of the refusal, and the most kilobytes that were ever in use."""
    try:
        read_file(content, definition=definition, round_code="6m", places=places)
    except FileUnreadable as refusal:
        code, words = refusal.code, refusal.message_th
    return code, words, _most_kilobytes()


def _most_kilobytes() -> int:
    """Of this program alone: what getrusage says begins with the process that started it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found.group(1))
