"""Checking, approving, judging and returning results; never one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from tiddao.indicators.actions.reported_rows import (
    RefusedRow,
    ResultRow,
    ResultsRefused,
    checked_parts,
)
from tiddao.indicators.actions.reporting import ResultMovedOn
from tiddao.indicators.actions.revisions import (
    hold_open_round,
    lock_current,
    mark_places,
    new_revision,
    revise,
    shared_place,
    write_revisions,
)
from tiddao.indicators.models import Result, ResultState, Round
from tiddao.indicators.queries.frameworks import definition_of, version_of
from tiddao.indicators.queries.said import as_said
from tiddao.indicators.rules.approval import (
    Act,
    ActRefused,
    Revision,
    State,
    reporters_of,
    standing,
    state_after,
)
from tiddao.indicators.rules.scoring import Reported
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.ledger.lines import after_lines
from tiddao.places import tree
from tiddao.places.models import Place

_RECORDED_AS: Mapping[Act, str] = {
    "check": "check_results",
    "approve": "approve_results",
    "return": "return_results",
}


@dataclass(frozen=True, slots=True)
class SkippedResult:
    """A result an act in bulk left alone.

    reason: own_submission, already, not_submitted, moved_on (changed since the reviewer saw it).
    """

    place: str
    indicator: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResultsReviewed:
    """What an act in bulk changed, and what it left alone and why."""

    changed: int
    skipped: tuple[SkippedResult, ...]


def check_results(
    one: Round, places: Collection[str], *, by: Actor, at: datetime
) -> ResultsReviewed:
    """Mark submitted results of the places (and all below them) as checked by the district head.

    Never one's own submissions. Raises RoundNotOpen.
    """
    return _review("check", one, places, by=by, at=at)


def approve_results(
    one: Round, places: Collection[str], *, by: Actor, at: datetime
) -> ResultsReviewed:
    """Approve submitted and checked results of the places (and all below them).

    Never one's own submissions: these are listed as skipped. Raises RoundNotOpen.
    """
    return _review("approve", one, places, by=by, at=at)


def return_results(
    one: Round,
    places: Collection[str],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    indicators: Collection[str] | None = None,
) -> ResultsReviewed:
    """Send results back to the office with a reason; they count no more until reported again.

    Raises RoundNotOpen, ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a result is returned with a reason")
    return _review("return", one, places, by=by, at=at, reason=reason, indicators=indicators)


def review_chosen(
    act: str,
    one: Round,
    chosen: Mapping[tuple[str, str], int],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> ResultsReviewed:
    """Check, approve or return single results, each as the reviewer had it before them.

    chosen: (place, indicator) → the revision that was looked at; one that somebody changed since is
    skipped as moved_on. Raises RoundNotOpen, ValueError for another act or a return without a reason.
    """
    if act not in _RECORDED_AS:
        raise ValueError(f"no such act of review: {act}")
    if act == "return" and not reason.strip():
        raise ValueError("a result is returned with a reason")
    places = {place for place, _ in chosen}
    known: Act = cast("Act", act)
    return _review(known, one, places, by=by, at=at, reason=reason, chosen=chosen)


@transaction.atomic
def judge_result(
    one: Round,
    place: str,
    indicator: str,
    checked_score: Decimal,
    *,
    expected_revision: int,
    by: Actor,
    at: datetime,
) -> Result:
    """Put a checked score (1–5) beside an office's own score of a rubric; the result is checked.

    Raises RoundNotOpen, ResultMovedOn, ResultsRefused (also code own_submission: nobody judges
    what they reported themselves; nothing_reported: there is no score to check).
    """
    at = after_lines(at)
    held = hold_open_round(one, {place}, at=at)
    version = version_of(held)
    current = lock_current(held, {place}, {indicator}).get((place, indicator))
    if version is None or current is None or current.self_score is None:
        said = "ยังไม่มีคะแนนประเมินตนเองให้ตรวจ"
        raise ResultsRefused([RefusedRow(place, indicator, "nothing_reported", "", said)])
    row = ResultRow(
        place,
        indicator,
        Reported(self_score=current.self_score, checked_score=checked_score),
        narrative=current.narrative,
        source=current.source,
    )
    if current.revision != expected_revision:
        raise ResultMovedOn(expected=expected_revision, current=current, proposed=row)
    if by.reference in reporters_of(_histories(held, {place})[place, indicator]):
        said = "ผู้รายงานตรวจผลของตนเองไม่ได้"
        raise ResultsRefused([RefusedRow(place, indicator, "own_submission", "", said)])
    definition = definition_of(version)
    parts = checked_parts([row], definition, held)[place, indicator]
    after = new_revision(row, parts, held, version, by=by, at=at)
    after.state, after.revision = ResultState.CHECKED, current.revision + 1
    write_revisions([current], [after], at=at)
    mark_places(held, definition, {place}, at=at)
    record(
        "judge_result",
        on=f"round:{held.pk}/place:{place}/indicator:{indicator}",
        by=by,
        at=at,
        place=place,
        before=as_said(current),
        after=as_said(after),
    )
    return after


@transaction.atomic
def _review(
    act: Act,
    one: Round,
    places: Collection[str],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    indicators: Collection[str] | None = None,
    chosen: Mapping[tuple[str, str], int] | None = None,
) -> ResultsReviewed:
    at = after_lines(at)
    held = hold_open_round(one, places, at=at)
    reported_at = (
        Result.objects.filter(round=held, superseded_at__isnull=True)
        .filter(place__in=Place.objects.filter(tree.within_any(places)))
        .values_list("place_id", flat=True)
        .distinct()
    )
    current = lock_current(held, set(reported_at), indicators)
    histories = _histories(held, {place for place, _ in current})
    taken: dict[str, list[Result]] = defaultdict(list)
    skipped: list[SkippedResult] = []
    for key, result in sorted(current.items()):
        if chosen is not None and chosen.get(key) != result.revision:
            if key in chosen:
                skipped.append(SkippedResult(*key, "moved_on"))
            continue
        try:
            state = state_after(
                act,
                cast("State", result.state),
                by=by.reference,
                reporters=reporters_of(histories[key]),
                stands=standing(histories[key]) is not None,
            )
        except ActRefused as refused:
            skipped.append(SkippedResult(*key, refused.code))
        else:
            taken[state].append(result)
    changed = sum(
        revise(rows, state=state, by=by, at=at, narrative=reason) for state, rows in taken.items()
    )
    reviewed = [each for rows in taken.values() for each in rows]
    if reviewed:
        version = version_of(held)
        assert version is not None  # nothing is reported before a version is published
        mark_places(held, definition_of(version), {each.place_id for each in reviewed}, at=at)
        record(
            _RECORDED_AS[act],
            on=f"round:{held.pk}",
            by=by,
            at=at,
            place=shared_place({each.place_id for each in reviewed}),
            before=[as_said(each) for each in reviewed],
            detail={"changed": changed, "skipped": len(skipped), "reason": reason},
        )
    return ResultsReviewed(changed, tuple(skipped))


def _histories(one: Round, places: Collection[str]) -> dict[tuple[str, str], list[Revision]]:
    """Return (place, indicator) → its revisions as the rule of approval sees them."""
    rows = (
        Result.objects.filter(round=one, place_id__in=places)
        .order_by("place_id", "indicator_code", "revision")
        .values_list("place_id", "indicator_code", "state", "by")
    )
    histories: dict[tuple[str, str], list[Revision]] = defaultdict(list)
    for place, indicator, state, reference in rows:
        histories[place, indicator].append(Revision(cast("State", state), reference))
    return histories
