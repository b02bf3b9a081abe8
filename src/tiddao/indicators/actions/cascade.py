"""Handing targets down, and what the receivers say to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection, transaction

from tiddao.columns.writing import copy_rows
from tiddao.indicators.models import Framework, TargetAnswer, TargetPart, TargetSplit
from tiddao.indicators.queries.cascade import quantum_of, receives_rates
from tiddao.indicators.queries.frameworks import definition_of, version_in_force
from tiddao.indicators.rules.cascade import Handed, Method, Receiver, hand_down
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines
from tiddao.ledger.tracking import forget_plans
from tiddao.places import tree

_KEPT = Decimal("0.0001")


class HandingRefused(Exception):
    """It cannot be handed down. code: unknown_indicator, outside_framework, impossible (a value
    beyond the indicator's bounds), reason_missing (a change after it was sent needs one).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SplitMovedOn(Exception):
    """Somebody else handed the target down in the meantime. current: that split, or None."""

    def __init__(self, current: TargetSplit | None) -> None:
        super().__init__(current and current.pk)
        self.current = current


class AnswerRefused(Exception):
    """The answer cannot stand. code: part_gone (handed down anew since), reason_missing, moved_on
    (somebody of the office answered meanwhile). current: the answer that stands, or None.
    """

    def __init__(self, code: str, current: TargetAnswer | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.current = current


@dataclass(frozen=True, slots=True)
class HandedDown:
    """What was sent: the giver's own split, and over all levels how many splits and parts."""

    split: TargetSplit
    splits: int
    parts: int


@transaction.atomic
def hand_down_target(
    framework: Framework,
    indicator: str,
    place: str,
    whole: Decimal,
    receivers_of: Mapping[str, Sequence[Receiver]],
    *,
    method: Method,
    by: Actor,
    at: datetime,
    base_th: str = "",
    reason: str = "",
    expected: int | None = None,
) -> HandedDown:
    """Hand the place's target of an indicator down to the places below it; each gets its target.

    receivers_of: as in ``rules.cascade.hand_down``: the receivers of the place, and of those that
    hand on. expected: the split that stood when the grid was opened, None for none. A receiver
    whose part stays the same keeps its answer. The place's own target is set to the whole.
    Raises HandingRefused, SplitMovedOn, rules.cascade.SplitRefused; then nothing is written.
    """
    at = after_lines(at)
    version = version_in_force(framework.pk)
    codes = {each.code: each for each in definition_of(version).indicators} if version else {}
    if indicator not in codes:
        raise HandingRefused("unknown_indicator")
    if not tree.is_within(place, framework.owner.place_id):
        raise HandingRefused("outside_framework")
    definition = codes[indicator]
    with connection.cursor() as cursor:  # as set_target: one writer of targets per framework
        cursor.execute(
            "SELECT 1 FROM indicators_framework WHERE id = %s FOR UPDATE", [framework.pk]
        )
    standing = TargetSplit.objects.filter(
        framework=framework, indicator_code=indicator, ended_at__isnull=True
    )
    before = standing.filter(place_id=place).first()
    if (before.pk if before else None) != expected:
        raise SplitMovedOn(before)
    if before and not reason.strip():
        raise HandingRefused("reason_missing")
    handed = hand_down(
        whole,
        place,
        receivers_of,
        method=method,
        carried=receives_rates(definition),
        quantum=quantum_of(definition),
    )
    low, high = definition.minimum, definition.maximum
    values = [whole, *(value for each in handed for value in each.parts.values())]
    if (low is not None and min(values) < low) or (high is not None and max(values) > high):
        raise HandingRefused("impossible")
    ended = dict(
        standing.filter(place_id__in=[each.giver for each in handed]).values_list("place_id", "pk")
    )
    standing.filter(pk__in=ended.values()).update(ended_at=at)
    splits = TargetSplit.objects.bulk_create(
        [
            TargetSplit(
                framework=framework,
                indicator_code=indicator,
                place_id=each.giver,
                level=tree.level_of_code(each.receivers[0].key),
                method=method,
                carried=receives_rates(definition),
                whole=each.whole,
                together=each.together.quantize(_KEPT, ROUND_HALF_UP),
                base_th=base_th,
                reason=reason.strip(),
                by=by.reference,
                sent_at=at,
            )
            for each in handed
        ],
        batch_size=1000,
    )
    parts = [
        part for split, each in zip(splits, handed, strict=True) for part in _parts(split, each)
    ]
    copy_rows(parts)
    _carry_answers_over(ended.values(), [split.pk for split in splits])
    _set_targets(
        framework,
        indicator,
        {place: whole} | {part.place_id: part.value for part in parts},
        by=by,
        at=at,
        source=f"split:{splits[0].pk}",
    )
    record(
        "hand_down_target",
        on=f"framework:{framework.pk}/indicator:{indicator}/place:{place}",
        by=by,
        at=at,
        place=place,
        before=None if before is None else {"split": before.pk, "whole": str(before.whole)},
        after={"whole": str(whole), "parts": {p.place_id: str(p.value) for p in parts}},
        detail={"method": method, "whole": str(whole), "parts": len(parts)},
    )
    return HandedDown(splits[0], len(splits), len(parts))


def _parts(split: TargetSplit, handed: Handed) -> list[TargetPart]:
    return [
        TargetPart(
            split_id=split.pk,
            place_id=each.key,
            value=handed.parts[each.key],
            base=each.base,
            last=each.last,
            locked=each.locked is not None,
        )
        for each in handed.receivers
    ]


def _carry_answers_over(ended: Collection[int], splits: Collection[int]) -> None:
    """Copy the answers of parts that were sent again with the same value.

    Only numbers of the column's own type are looked up by hash: others, 8,000 of them, are compared
    one by one with every part there ever was, half a minute.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO indicators_targetanswer (part_id, answer, reason, by, answered_at)
            SELECT new.id, a.answer, a.reason, a.by, a.answered_at
            FROM indicators_targetpart new
            JOIN indicators_targetpart old
              ON old.place_id = new.place_id AND old.value = new.value
             AND old.split_id = ANY(%s::bigint[])
            JOIN indicators_targetanswer a ON a.part_id = old.id AND a.ended_at IS NULL
            WHERE new.split_id = ANY(%s::bigint[])
            """,
            [list(ended), list(splits)],
        )


def _set_targets(
    framework: Framework,
    indicator: str,
    values: Mapping[str, Decimal],
    *,
    by: Actor,
    at: datetime,
    source: str,
) -> None:
    """Give many places their target: a new revision where it differs from what stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE fresh_target (place text PRIMARY KEY, value numeric) ON COMMIT DROP"
        )
        with cursor.copy("COPY fresh_target FROM STDIN") as rows:
            for each in values.items():
                rows.write_row(each)
        # Nobody else analyses a temporary table; unknown, it is compared row by row with 80,000.
        cursor.execute("ANALYZE fresh_target")
        forget_plans()
        which: dict[str, Any] = {"framework": framework.pk, "indicator": indicator, "at": at}
        cursor.execute(
            """
            DELETE FROM fresh_target f USING indicators_target t
            WHERE t.place_id = f.place AND t.value = f.value AND t.superseded_at IS NULL
              AND t.framework_id = %(framework)s AND t.indicator_code = %(indicator)s
            """,
            which,
        )
        cursor.execute(
            """
            UPDATE indicators_target t SET superseded_at = %(at)s
            FROM fresh_target f
            WHERE t.place_id = f.place AND t.superseded_at IS NULL
              AND t.framework_id = %(framework)s AND t.indicator_code = %(indicator)s
            """,
            which,
        )
        cursor.execute(
            """
            INSERT INTO indicators_target
                (framework_id, indicator_code, place_id, value, by, source, revision, known_at)
            SELECT %(framework)s, %(indicator)s, f.place, f.value, %(by)s, %(source)s,
                   coalesce(max(t.revision), 0) + 1, %(at)s
            FROM fresh_target f
            LEFT JOIN indicators_target t ON t.place_id = f.place AND t.superseded_at = %(at)s
                 AND t.framework_id = %(framework)s AND t.indicator_code = %(indicator)s
            GROUP BY f.place, f.value
            """,
            which | {"by": by.reference, "source": source},
        )
        cursor.execute("DROP TABLE fresh_target")


@transaction.atomic
def answer_target(
    part_id: int,
    answer: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    expected: int | None = None,
) -> TargetAnswer:
    """Keep what the receiver says of its part: acknowledged, or objected with a reason.

    expected: the answer that stood when the page was opened, None for none. Raises AnswerRefused.
    """
    at = after_lines(at)
    reason = reason.strip()
    if answer == TargetAnswer.Answer.OBJECTED and not reason:
        raise AnswerRefused("reason_missing")
    part = (
        TargetPart.objects.select_related("split").select_for_update(of=("self",)).get(pk=part_id)
    )
    if part.split.ended_at is not None:
        raise AnswerRefused("part_gone")
    before = TargetAnswer.objects.filter(part=part, ended_at__isnull=True).first()
    if (before.pk if before else None) != expected:
        raise AnswerRefused("moved_on", before)
    if before and (before.answer, before.reason) == (answer, reason):
        return before
    if before:
        before.ended_at = at
        before.save(update_fields=["ended_at"])
    kept = TargetAnswer.objects.create(
        part=part, answer=answer, reason=reason, by=by.reference, answered_at=at
    )
    record(
        "answer_target",
        on=f"split:{part.split_id}/place:{part.place_id}",
        by=by,
        at=at,
        place=part.place_id,
        before=before and before.answer,
        after=answer,
        detail={"answer": answer, "indicator": part.split.indicator_code},
    )
    return kept
