"""Our books beside the treasury's figure: the difference, what explains it, what stays open.

The treasury's provincial figures are those of every agency that pays at the province; the books are
the department's own. So a difference is no mistake by itself. What matters is that each part of it
has a reason, with its amount, and that the rest is shown as open. Amounts are baht; a difference is
treasury less ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

Line = Literal["central", "province", "department"]
"""central: what the centre allots to a province (sheets 13 and 14); province: the province's own
budget (11 and 12); department: the Community Development Department in the whole country (3 and 4)."""
LINES: tuple[Line, ...] = get_args(Line)

Reason = Literal[
    "other_agencies",
    "timing",
    "not_in_books",
    "advances",
    "carried_over",
    "wrong_code",
    "returned",
    "paid_centrally",
    "transfer",
    "other",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Proposed, not official: nobody has published such a list."""

SHEETS: Mapping[Line, Mapping[str, int]] = {
    "central": {"disbursed": 13, "used": 14},
    "province": {"disbursed": 11, "used": 12},
    "department": {"disbursed": 3, "used": 4},
}
"""Which sheet of the weekly workbook holds the line's figure, by basis."""

FUNDS: Mapping[Line, frozenset[str]] = {
    "central": frozenset({"admin", "strategy"}),
    "province": frozenset({"province", "province_group", "province_and_group"}),
    "department": frozenset({"admin", "strategy"}),
}
"""Which funds of our books a line is compared with (proposed). Money carried over stands in none: the
treasury reports it in a total of its own."""

DEPARTMENT_CODE = "15004"
"""The department's own code (รหัสกรม) on sheets 3 and 4."""

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of the treasury beside ours, in baht; None: not reported by that side.

    explained: the sum of what the reasons say; it may be more than the difference, or of the other
    sign, and then open says by how much.
    """

    treasury: Decimal | None
    ours: Decimal | None
    explained: Decimal = _NOTHING

    @property
    def difference(self) -> Decimal | None:
        """Treasury less ours; None when either side is not reported."""
        if self.treasury is None or self.ours is None:
            return None
        return self.treasury - self.ours

    @property
    def open(self) -> Decimal | None:
        """What no reason explains yet; None when there is no difference to speak of."""
        return None if self.difference is None else self.difference - self.explained

    @property
    def is_settled(self) -> bool:
        """Every satang of the difference has a reason."""
        return self.open == 0

    @property
    def is_over_explained(self) -> bool:
        """The reasons come to more than the difference, or go the other way."""
        if self.difference is None or self.open is None or self.explained == 0:
            return False
        return self.open != 0 and (self.open > 0) != (self.difference > 0)


def compare(
    treasury: Decimal | None, ours: Decimal | None, explained: Iterable[Decimal]
) -> Comparison:
    """Put both sides and the amounts of the reasons beside each other.

    Source: issue "งบ", Pages (reconciliation with each difference explained or open).
    """
    return Comparison(treasury, ours, sum(explained, _NOTHING))
