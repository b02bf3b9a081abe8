"""The 0–5 score that a provincial office gives each district office for its money.

Configuration has no part in it: "the organisation's existing formula, must not be changed".
"""

from __future__ import annotations

from decimal import Decimal

HIGHEST_SCORE = 5
_STEPS = ((Decimal(95), 4), (Decimal(90), 3), (Decimal(85), 2), (Decimal(80), 1))
LOWEST_SCORED = _STEPS[-1][0]
"""Per cent below which the score is 0, whatever the papers and advances say."""
_MANY_LOANS = 4


def district_score(disbursed_percent: Decimal, papers_complete: bool, overdue_loans: int) -> int:
    """The score of "แบบประเมินที่ 1", 0 to 5.

    disbursed_percent: cumulative disbursement in per cent of the allotment, unrounded.
    papers_complete: the financial papers are complete; only the fifth point asks for it.
    overdue_loans: cash-advance contracts not cleared within 30 days.

    Reaching 80, 85, 90, 95 per cent gives 1 to 4 points, 100 with complete papers 5. One to four
    overdue contracts take one point off, more take two; never below 0.

    Raises ValueError for a negative number of contracts or a percentage that is no number.

    Source: แบบประเมินที่ 1 of a provincial office, docs domain 1.3.
    """
    if overdue_loans < 0:
        raise ValueError(f"{overdue_loans} contracts cannot be overdue")
    if not disbursed_percent.is_finite():
        raise ValueError(f"{disbursed_percent} is not a percentage")
    if disbursed_percent >= 100 and papers_complete:
        base = HIGHEST_SCORE
    else:
        base = next((points for limit, points in _STEPS if disbursed_percent >= limit), 0)
    deduction = 0 if overdue_loans == 0 else 1 if overdue_loans <= _MANY_LOANS else 2
    return max(0, base - deduction)
