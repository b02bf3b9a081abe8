"""What is asked of an office about its data: kinds of questions, in the order in which they matter.

A question is no reproach: it says what was seen, where, and what settles it. The limits are
proposed, not official; nobody has published any.
"""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal[
    "issue",
    "score",
    "silent",
    "overdue",
    "papers",
    "idle",
    "late",
    "stale",
]
"""issue: a finding in an accepted workbook, not explained; score: a printed score that its own parts do
not give; silent: an office without entries; overdue: a cash advance past its day; papers: a payment
without all its papers; idle: money that has not moved; late: an entry written down long after its day;
stale: the newest workbook is old."""
KINDS: tuple[Kind, ...] = get_args(Kind)

IDLE_DAYS = 60
"""Days without any entry after which an envelope that still has money is asked about (proposed)."""
STALE_DAYS = 45
"""Age in days at which a province's newest workbook is asked about (proposed)."""
LATE_DAYS = 30
"""Days between the day of an entry and its being written down that are not asked about (proposed)."""
