"""How evidence names what it proves in this area."""

from __future__ import annotations

from typing import Final

ASSIGNMENT: Final = "directive-answer"
"""The kind under which evidence is attached to an office's part in a directive; key: its number."""

MEETING = "meeting"
"""A meeting, by its number: photos of what was done (requirements A21, B1)."""
VISIT: Final = "field-visit"
"""The kind under which photos and papers are attached to a field visit; key: its number."""
