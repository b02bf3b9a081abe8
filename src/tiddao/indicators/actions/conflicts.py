"""Two people write the same result: the second one chooses, and both are kept on record."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.actions.reporting import ResultMovedOn
from tiddao.indicators.models import EntryConflict, Round
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor


class ConflictGone(Exception):
    """The conflict was another person's, or a choice was made already."""


@transaction.atomic
def keep_conflict(one: Round, moved: ResultMovedOn, *, by: Actor, at: datetime) -> EntryConflict:
    """Keep what the second person wrote beside what stood; nothing else changes."""
    row = moved.proposed
    kept = EntryConflict.objects.create(
        round=one,
        place_id=row.place,
        indicator_code=row.indicator,
        based_on=moved.expected,
        found=moved.current.revision if moved.current else 0,
        proposed=figures_of(row),
        by=by.reference,
        at=at,
    )
    record(
        "keep_conflict",
        on=f"round:{one.pk}/place:{row.place}/indicator:{row.indicator}",
        by=by,
        at=at,
        place=row.place,
        detail={"based_on": kept.based_on, "found": kept.found},
    )
    return kept


@transaction.atomic
def settle_conflict(conflict_id: int, choice: str, *, by: Actor, at: datetime) -> EntryConflict:
    """Write down what the second person chose. Raises ConflictGone, ValueError: unknown choice."""
    if choice not in EntryConflict.Choice.values:
        raise ValueError(choice)
    held = EntryConflict.objects.select_for_update().filter(pk=conflict_id).first()
    if held is None or held.choice or held.by != by.reference:
        raise ConflictGone
    held.choice, held.chosen_at = choice, at
    held.save(update_fields=["choice", "chosen_at"])
    record(
        "settle_conflict",
        on=f"round:{held.round_id}/place:{held.place_id}/indicator:{held.indicator_code}",
        by=by,
        at=at,
        place=held.place_id,
        detail={"choice": choice},
    )
    return held


@transaction.atomic
def settle_at_once(
    one: Round,
    row: ResultRow,
    *,
    based_on: int,
    found: int,
    choice: str,
    by: Actor,
    at: datetime,
) -> None:
    """Keep a conflict that was shown and chosen about before it is written, as in a workbook.

    based_on: the revision that the row was made from; found: the one that stands by now.
    """
    EntryConflict.objects.create(
        round=one,
        place_id=row.place,
        indicator_code=row.indicator,
        based_on=based_on,
        found=found,
        proposed=figures_of(row),
        by=by.reference,
        at=at,
        choice=choice,
        chosen_at=at,
    )
    record(
        "settle_conflict",
        on=f"round:{one.pk}/place:{row.place}/indicator:{row.indicator}",
        by=by,
        at=at,
        place=row.place,
        detail={"based_on": based_on, "found": found, "choice": choice},
    )


def figures_of(row: ResultRow) -> dict[str, Any]:
    """Return the figures of a row by field, as JSON keeps them; only those that are filled."""
    report = row.report
    found: dict[str, Any] = {"not_applicable": row.not_applicable}
    if report is not None:
        for name in ("numerator", "denominator", "self_score", "checked_score"):
            value = getattr(report, name)
            if isinstance(value, Decimal):
                found[name] = f"{value:f}"
        if report.steps is not None:
            found["steps"] = sorted(report.steps)
    if row.narrative is not None:
        found["narrative"] = row.narrative
    return found
