"""What every reader of typed text raises: one error that names the text and the fault.

An importer catches `Unreadable` alone and reports `code`, `text` and `reason` by cell.
"""

from __future__ import annotations

LONGEST_QUOTE = 60


class Unreadable(ValueError):
    """Text that cannot be read with certainty, and is therefore not read at all.

    code: stable and in English, for programs and tests.
    text: what was met, as it stood.
    reason: one Thai sentence for the person who typed it.
    """

    def __init__(self, text: object, code: str, reason: str) -> None:
        super().__init__(text, code, reason)
        self.text = str(text)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        quoted = self.text
        if len(quoted) > LONGEST_QUOTE:
            quoted = quoted[:LONGEST_QUOTE] + "…"
        return f"“{quoted}”: {self.reason}"
