"""Results are never changed: every act writes new revisions, under a lock, in an open round."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.utils.timezone import localdate

from tiddao.columns.writing import copy_rows
from tiddao.indicators.actions.changes import mark_changed, rounds_touched_by
from tiddao.indicators.actions.reported_rows import ResultRow
from tiddao.indicators.models import Result, ResultState, Round, Version
from tiddao.indicators.queries.late import is_late, late_places
from tiddao.indicators.rules.approval import STANDING, WAITING
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.scoring import Parts, Reported
from tiddao.ledger.actors import Actor
from tiddao.places import tree
from tiddao.places.models import NATION

_BATCH = 500
_FEW = 20  # rows whose checks may wait for the end of the transaction


class RoundNotOpen(Exception):
    """The round takes no reports of these places now. state: planned or closed."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def hold_open_round(one: Round, places: Collection[str], *, at: datetime) -> Round:
    """Read the round and keep it from closing until this transaction ends.

    A closed one takes what concerns places that were let in late. Raises RoundNotOpen.
    """
    read = Round.objects.raw("SELECT * FROM indicators_round WHERE id = %s FOR SHARE", [one.pk])
    held = next(iter(read))
    held.framework = one.framework  # neither its code nor its owner ever changes
    if held.state == Round.State.OPEN:
        return held
    if held.state == Round.State.CLOSED and places:
        late = late_places(held.pk, on=localdate(at))
        if all(is_late(place, late) for place in places):
            return held
    raise RoundNotOpen(held.state)


def lock_current(
    one: Round, places: Collection[str], indicators: Collection[str] | None
) -> dict[tuple[str, str], Result]:
    """Return the current revisions, and keep others from writing those places until the end.

    A lock on rows cannot hold a row that is not there yet, so the lock is on (round, place); taken
    in one order, so that two writers never wait for each other.
    """
    numbers = sorted(0 if code == NATION else int(code) for code in places)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, place) FROM unnest(%s::int[]) AS place",
            [one.pk, numbers],
        )
    rows = Result.objects.filter(round=one, superseded_at__isnull=True, place_id__in=places)
    if indicators is not None:
        rows = rows.filter(indicator_code__in=indicators)
    return {(each.place_id, each.indicator_code): each for each in rows}


def new_revision(
    row: ResultRow,
    parts: Parts | None,
    one: Round,
    version: Version,
    *,
    by: Actor,
    at: datetime,
) -> Result:
    """Return what a row says, not written yet; state and number of the revision are the act's."""
    report = row.report or Reported()
    return Result(
        framework_id=one.framework_id,
        round=one,
        indicator_code=row.indicator,
        place_id=row.place,
        not_applicable=row.not_applicable,
        numerator=report.numerator,
        denominator=report.denominator,
        steps=None if report.steps is None else sorted(report.steps),
        self_score=report.self_score,
        checked_score=report.checked_score,
        narrative=row.narrative or "",
        part_numerator=parts.numerator if parts else None,
        part_denominator=parts.denominator if parts else None,
        version=version,
        by=by.reference,
        post=by.post,
        source=row.source[:300],
        known_at=at,
    )


def write_revisions(closing: Sequence[Result], fresh: Sequence[Result], *, at: datetime) -> None:
    """End the revisions that are closing and write the fresh ones.

    Raises ValueError where one would end before it was known.
    """
    for each in closing:
        if each.known_at > at:
            raise ValueError(f"{each} is known since {each.known_at}, after {at}")
    with _checked_at_once(len(closing) + len(fresh)):
        ended = _ended(closing, fresh)
        both = {each.pk for each in ended}
        for rows, change in (
            ([each for each in closing if each.pk in both], _NO_LONGER_KNOWN | _NO_LONGER_STANDS),
            ([each for each in closing if each.pk not in both], _NO_LONGER_KNOWN),
            ([each for each in ended if each.superseded_at], _NO_LONGER_STANDS),
        ):
            for some in _batches(rows):
                Result.objects.filter(pk__in=[each.pk for each in some]).update(
                    **dict.fromkeys(change, at)
                )
        if len(fresh) > _FEW:
            copy_rows(fresh)
        else:
            Result.objects.bulk_create(fresh)


@contextmanager
def _checked_at_once(rows: int) -> Iterator[None]:
    """Check the rows' references at once where there are many.

    The history trigger of a row goes through all checks that the transaction has put off, so that a
    long list of them makes n rows cost n².
    """
    if rows <= _FEW:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


_NO_LONGER_KNOWN = frozenset({"superseded_at"})
_NO_LONGER_STANDS = frozenset({"stands_until"})


def _ended(closing: Sequence[Result], fresh: Sequence[Result]) -> list[Result]:
    """The approved revisions that stop counting with the fresh ones; see ``rules.approval``."""
    before = {(each.round_id, each.place_id, each.indicator_code): each for each in closing}
    ended, keys = [], []
    for each in fresh:
        key = (each.round_id, each.place_id, each.indicator_code)
        stood = before.get(key)
        if stood is None or not (
            each.state in STANDING
            or (each.state == ResultState.RETURNED and stood.state not in WAITING)
        ):
            continue
        if stood.state in STANDING:
            ended.append(stood)
        else:
            keys.append(key)  # one that was approved before its correction, if any
    return ended + _standing(keys)


def _standing(keys: Sequence[tuple[int, str, str]]) -> list[Result]:
    if not keys:
        return []
    columns = [list(each) for each in zip(*keys, strict=True)]
    return list(
        Result.objects.raw(
            """
            SELECT r.* FROM indicators_result r
            JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS k (round, place, indicator)
              ON (r.round_id, r.place_id, r.indicator_code) = (k.round, k.place, k.indicator)
            WHERE r.state IN ('approved', 'locked') AND r.stands_until IS NULL
            """,
            columns,
        )
    )


def _batches(rows: Sequence[Result]) -> Iterator[Sequence[Result]]:
    for first in range(0, len(rows), _BATCH):
        yield rows[first : first + _BATCH]


def revise(
    before: Sequence[Result], *, state: str, by: Actor, at: datetime, narrative: str = ""
) -> int:
    """Write new revisions that differ in state (and note) alone; return how many.

    The caller holds the locks, marks the change and writes the ledger.
    """
    fresh = [
        Result(
            **{
                field.attname: getattr(each, field.attname)
                for field in Result._meta.concrete_fields  # noqa: SLF001 -- Django's public name
                if field.attname not in _REVISED
            },
            revision=each.revision + 1,
            state=state,
            known_at=at,
            by=by.reference,
            post=by.post,
            source=f"{each.source.split(' ← ')[0]}{f' ← {narrative}' if narrative else ''}"[:300],
        )
        for each in before
    ]
    write_revisions(before, fresh, at=at)
    return len(fresh)


_REVISED = {
    "id",
    "revision",
    "state",
    "known_at",
    "superseded_at",
    "stands_until",
    "by",
    "post",
    "source",
}


def mark_places(
    one: Round, definition: FrameworkDefinition, places: Iterable[str], *, at: datetime
) -> None:
    """Mark what must be scored anew after the places' results changed."""
    penalty = definition.star_rules.penalty_per_missed_report > 0
    mark_changed(rounds_touched_by(one, penalty=penalty), places, at=at)


def shared_place(codes: Collection[str]) -> str:
    """Return the smallest place that holds them all: whose business the entry in the ledger is."""
    lines = [[*tree.ancestor_codes(code), code] for code in codes]
    shared: list[str] = [same[0] for same in zip(*lines, strict=False) if len(set(same)) == 1]
    return shared[-1]
