"""Which revisions of results count, as conditions on the table: ``rules.approval`` for many rows.

Both forms say the same, for queries written in SQL and for those of the ORM; a test holds them and
the rule together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tiddao.indicators.models import Basis, Result
from tiddao.indicators.queries.frameworks import known
from tiddao.indicators.rules.approval import STANDING, WAITING


def counts(basis: str, *, at: datetime | None = None) -> Q:
    """Return the condition that a revision counted at the moment, or does now."""
    stands = Q(state__in=STANDING, stands_until__isnull=True)
    if at is not None:
        ended_later = Q(stands_until__isnull=True) | Q(stands_until__gt=at)
        stands = Q(state__in=STANDING, known_at__lte=at) & ended_later
    if basis == Basis.APPROVED:
        return stands
    waiting = Result.objects.filter(
        known(at),
        round=OuterRef("round"),
        place=OuterRef("place"),
        indicator_code=OuterRef("indicator_code"),
        state__in=WAITING,
    )
    not_corrected = known(at) | Q(~Exists(waiting))
    return (known(at) & Q(state__in=WAITING)) | (stands & not_corrected)


def counts_sql(
    basis: str, *, at: datetime | None = None, table: str = "r"
) -> tuple[str, list[Any]]:
    """Return the same condition as SQL on an alias of the table, and its parameters."""
    moments: list[Any] = [] if at is None else [at, at]
    stands = f"{table}.state IN {_listed(STANDING)} AND {_within(table, 'stands_until', at)}"
    if basis == Basis.APPROVED:
        return f"({stands})", moments
    is_known = _within(table, "superseded_at", at)
    waits = f"{table}.state IN {_listed(WAITING)} AND {is_known}"
    other = f"""EXISTS (
        SELECT 1 FROM indicators_result w
        WHERE w.round_id = {table}.round_id AND w.place_id = {table}.place_id
          AND w.indicator_code = {table}.indicator_code
          AND w.state IN {_listed(WAITING)} AND {_within("w", "superseded_at", at)})"""  # noqa: S608 -- states and columns are this module's own words
    condition = f"(({waits}) OR ({stands} AND ({is_known} OR NOT {other})))"
    return condition, moments * 4


def _within(table: str, ends: str, at: datetime | None) -> str:
    if at is None:
        return f"{table}.{ends} IS NULL"
    return f"{table}.known_at <= %s AND ({table}.{ends} IS NULL OR {table}.{ends} > %s)"


def _listed(states: frozenset[Any]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"
