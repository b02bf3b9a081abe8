"""What a place is to reach."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from tiddao.indicators.models import Framework, Target
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines
from tiddao.places import tree


class TargetRefused(Exception):
    """The target cannot stand. code: unknown_indicator, outside_framework, impossible."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TargetMovedOn(Exception):
    """Somebody else set the target in the meantime. current: what stands now, or None."""

    def __init__(self, *, expected: int, current: Target | None) -> None:
        super().__init__(f"revision {current.revision if current else 0}, not {expected}")
        self.expected = expected
        self.current = current


@transaction.atomic
def set_target(
    framework: Framework,
    indicator: str,
    place: str,
    value: Decimal,
    *,
    by: Actor,
    at: datetime,
    source: str = "",
    expected_revision: int | None = None,
) -> Target:
    """Set a place's target in the indicator's own unit; a new revision, unless it stands already.

    Raises TargetRefused, TargetMovedOn.
    """
    at = after_lines(at)
    version = version_in_force(framework.pk)
    codes = {each.code: each for each in definition_of(version).indicators} if version else {}
    if indicator not in codes:
        raise TargetRefused("unknown_indicator")
    if not tree.is_within(place, framework.owner.place_id):
        raise TargetRefused("outside_framework")
    low, high = codes[indicator].minimum, codes[indicator].maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise TargetRefused("impossible")
    with connection.cursor() as cursor:  # one row per framework, so the lock may cover a framework
        cursor.execute(
            "SELECT 1 FROM indicators_framework WHERE id = %s FOR UPDATE", [framework.pk]
        )
    before = Target.objects.filter(
        framework=framework, indicator_code=indicator, place_id=place, superseded_at__isnull=True
    ).first()
    found = before.revision if before else 0
    if expected_revision is not None and expected_revision != found:
        raise TargetMovedOn(expected=expected_revision, current=before)
    if before is not None:
        if before.value == value and before.source == source:
            return before
        before.superseded_at = at
        before.save(update_fields=["superseded_at"])
    target = Target.objects.create(
        framework=framework,
        indicator_code=indicator,
        place_id=place,
        value=value,
        by=by.reference,
        source=source,
        revision=found + 1,
        known_at=at,
    )
    record(
        "set_target",
        on=f"framework:{framework.pk}/indicator:{indicator}/place:{place}",
        by=by,
        at=at,
        place=place,
        before=None if before is None else str(before.value),
        after=str(value),
    )
    return target
