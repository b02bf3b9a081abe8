"""What balances come to together, and their shares of the base. Amounts are baht.

What has no entry has no balance (None): not reported is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tiddao.budget.rules.accounts import Balance, sum_of_balances
from tiddao.budget.rules.cgd_checks import percent_of


class Balanced:
    """What has a balance of its own; None where nothing was reported."""

    __slots__ = ()
    balance: Balance | None

    @property
    def disbursed_percent(self) -> Decimal | None:
        """Disbursed of what was given less what was sent back, per cent."""
        return share_of(self.balance, "disbursed")

    @property
    def used_percent(self) -> Decimal | None:
        """Disbursed and committed of the same base, per cent."""
        return share_of(self.balance, "used")


def share_of(balance: Balance | None, what: str) -> Decimal | None:
    """Return disbursed, or "used": disbursed and committed, of the base, per cent."""
    if balance is None:
        return None
    amount = balance.disbursed if what == "disbursed" else balance.disbursed + balance.committed
    return percent_of(amount, balance.base)


def total_of(balances: Iterable[Balance | None]) -> Balance | None:
    """Add up those that are reported; None when none is."""
    known = [each for each in balances if each is not None]
    return sum_of_balances(known) if known else None
