"""How many questions of each kind each office has: from the facts, or of last night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import Count, Sum

from tiddao.budget.models import QualityCount
from tiddao.budget.queries.quality.kinds import FINDERS
from tiddao.budget.queries.quality.scope import Scope
from tiddao.budget.rules.quality import KINDS, Kind

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions, and the baht that they are about."""

    count: int = 0
    amount: Decimal = _NOTHING

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.count + other.count, self.amount + other.amount)


Counts = Mapping[tuple[str, Kind], Tally]
"""By place of the office and kind; what is not there is nothing."""


def counts_of(scope: Scope) -> tuple[Counts, date | None]:
    """Return the counts and the day they are of: of few offices from the facts, of many last night's.

    None: nobody has counted yet. A query a kind, or one.
    """
    return (live_counts(scope), scope.on) if scope.is_live else kept_counts(scope)


def live_counts(scope: Scope) -> Counts:
    """Return how many questions of each kind each office has, from the facts. A query a kind."""
    found: dict[tuple[str, Kind], Tally] = {}
    for kind in KINDS:
        finder = FINDERS[kind]
        rows = (
            finder.counted(scope)
            .order_by()
            .values_list(finder.place)
            .annotate(count=Count("pk"), amount=Sum(finder.amount))
        )
        for place, count, amount in rows:
            found[place, kind] = Tally(count, amount or _NOTHING)
    return found


def kept_counts(scope: Scope) -> tuple[Counts, date | None]:
    """Return the counts of last night and the oldest day they are of. One query.

    None: nobody has counted yet.
    """
    rows = QualityCount.objects.filter(fiscal_year=scope.year.be)
    wanted = set(scope.places)
    found: dict[tuple[str, Kind], Tally] = {}
    days = []
    for place, kind, count, amount, on in rows.values_list(
        "place_id", "kind", "count", "amount", "on"
    ):
        if place in wanted:
            days.append(on)
            if count:
                found[place, cast("Kind", kind)] = Tally(count, amount)
    return found, min(days, default=None)
