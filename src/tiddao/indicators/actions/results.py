"""Reporting, checking, approving and returning results. Every change is a new revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import connection, transaction
from django.utils.timezone import localdate

from tiddao.indicators.actions.changes import mark_changed, rounds_touched_by
from tiddao.indicators.models import Result, ResultState, Round, Version
from tiddao.indicators.queries.frameworks import (
    definition_of,
    version_of,
)
from tiddao.indicators.queries.late import is_late, late_places
from tiddao.indicators.queries.leaves import leaves_on, levels_of
from tiddao.indicators.queries.said import FIGURES, as_said
from tiddao.indicators.rules.approval import (
    COUNTING,
    STANDING,
    WAITING,
    Act,
    ActRefused,
    Revision,
    State,
    reporters_of,
    standing,
    state_after,
)
from tiddao.indicators.rules.definitions import FrameworkDefinition, IndicatorDefinition
from tiddao.indicators.rules.scoring import ImpossibleReport, Parts, Reported, contribution
from tiddao.ledger.actions import record
from tiddao.ledger.actors import SYSTEM, Actor
from tiddao.ledger.lines import after_lines
from tiddao.places import tree
from tiddao.places.models import NATION, Place

_BATCH = 500
_FEW = 20  # rows whose checks may wait for the end of the transaction
_RECORDED_AS: Mapping[Act, str] = {
    "check": "check_results",
    "approve": "approve_results",
    "return": "return_results",
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What is reported for one indicator at one place.

    report: the figures of the indicator's kind; None with not_applicable, or to withdraw.
    narrative: None leaves the words that stand. A checked score stays while the office's own does.
    expected_revision: the revision the reporter had before them (0: none yet); None: do not ask.
    under: number of the version whose form was filled in, where it is not the one in force: taken
    in and marked, as long as what is asked for has stayed the same.
    source: where it comes from, "form", "import:results.xlsx มิติ 1!F7", "cgd:2026-07-10 …".
    """

    place: str
    indicator: str
    report: Reported | None
    not_applicable: bool = False
    narrative: str | None = None
    source: str = "form"
    expected_revision: int | None = None
    under: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be true or does not belong here; message_th is shown to the reporter.

    code: unknown_indicator, not_reporting, not_applicable_with_figures, approved (it cannot be
    withdrawn), definition_changed (since the form was filled in), or a code of
    ``ImpossibleReport``; part: the field it is about, or "".
    """

    place: str
    indicator: str
    code: str
    part: str
    message_th: str


class ResultsRefused(Exception):
    """Nothing was written; rows say all that is wrong."""

    def __init__(self, rows: Sequence[RefusedRow]) -> None:
        super().__init__(f"{len(rows)} rows refused, first: {rows[0]}")
        self.rows = tuple(rows)


class RoundNotOpen(Exception):
    """The round takes no reports of these places now. state: planned or closed."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class ResultMovedOn(Exception):
    """Somebody else changed a result in the meantime; nothing was written.

    expected: the revision the reporter saw; current: what stands now (None: withdrawn); proposed:
    the reporter's own row. A page shows both values and lets the person decide.
    """

    def __init__(self, *, expected: int, current: Result | None, proposed: ResultRow) -> None:
        found = current.revision if current else 0
        super().__init__(f"{proposed.place} {proposed.indicator}: revision {found}, not {expected}")
        self.expected = expected
        self.current = current
        self.proposed = proposed


@dataclass(frozen=True, slots=True)
class ResultsWritten:
    """How many results got a new revision, and how many stood so already."""

    written: int
    unchanged: int


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


# -- reporting ------------------------------------------------------------------------------------


@transaction.atomic
def report_results(
    one: Round,
    rows: Sequence[ResultRow],
    *,
    by: Actor,
    at: datetime,
    state: str = ResultState.SUBMITTED,
) -> ResultsWritten:
    """Write what offices report; all rows or none.

    A row that says what stands already, in a state that counts, makes no new revision. state:
    draft or submitted; approved only for the system's own figures (linked areas, set-up).
    Raises ResultsRefused with every refused row, RoundNotOpen, ResultMovedOn, and ValueError for
    the same place and indicator twice.
    """
    if state not in {ResultState.DRAFT, ResultState.SUBMITTED} and by.reference != SYSTEM.reference:
        raise ValueError(f"{by.reference} may not report as {state}")
    keys = [(row.place, row.indicator) for row in rows]
    if len(set(keys)) != len(keys):
        raise ValueError("one result is reported twice in one act")
    at = after_lines(at)
    held = _open_round(one, {row.place for row in rows}, at=at)
    version = version_of(held)
    if version is None:
        raise RoundNotOpen(held.state)
    definition = definition_of(version)
    current = _lock_current(held, {row.place for row in rows}, {row.indicator for row in rows})
    rows = [_completed(row, current.get((row.place, row.indicator))) for row in rows]
    older = _older_versions(rows, version)
    parts = _checked_parts(rows, definition, held, older=older)
    _refuse_withdrawing_what_stands(rows, current)
    fresh: list[Result] = []
    closing: list[Result] = []
    for row in rows:
        before = current.get((row.place, row.indicator))
        found = before.revision if before else 0
        if row.expected_revision is not None and row.expected_revision != found:
            raise ResultMovedOn(expected=row.expected_revision, current=before, proposed=row)
        made_under = older.get(row.under, version) if row.under else version
        after = _revision(row, parts[row.place, row.indicator], held, made_under, by=by, at=at)
        after.state, after.revision = _state_of(row, state), found + 1
        if before is not None:
            if _says_the_same(before, after):
                continue
            closing.append(before)
        elif row.report is None and not row.not_applicable:
            continue  # nothing stood, and nothing is said
        fresh.append(after)
    _write(closing, fresh, at=at)
    if fresh:
        _mark(held, definition, {each.place_id for each in fresh}, at=at)
        record(
            "report_results",
            on=f"round:{held.pk}",
            by=by,
            at=at,
            place=_shared_place({each.place_id for each in fresh}),
            before=[as_said(each) for each in closing],
            after=[as_said(each) for each in fresh],
            detail={
                "written": len(fresh),
                "unchanged": len(rows) - len(fresh),
                "source": rows[0].source[:100],
            },
        )
    return ResultsWritten(len(fresh), len(rows) - len(fresh))


def _completed(row: ResultRow, stands: Result | None) -> ResultRow:
    """The row with what it leaves standing."""
    if stands is None:
        return row
    if row.narrative is None:
        row = replace(row, narrative=stands.narrative)
    report = row.report
    if (
        report is not None
        and report.checked_score is None
        and stands.checked_score is not None
        and report.self_score == stands.self_score
    ):
        row = replace(row, report=replace(report, checked_score=stands.checked_score))
    return row


def _refuse_withdrawing_what_stands(
    rows: Sequence[ResultRow], current: Mapping[tuple[str, str], Result]
) -> None:
    said = "ผลนี้อนุมัติแล้ว ถอนเองไม่ได้ ขอให้ผู้อนุมัติส่งคืนก่อน"
    refused = [
        RefusedRow(row.place, row.indicator, "approved", "", said)
        for row in rows
        if _is_withdrawn(row)
        and (stands := current.get((row.place, row.indicator))) is not None
        and stands.state in STANDING
    ]
    if refused:
        raise ResultsRefused(refused)


def _state_of(row: ResultRow, state: str) -> str:
    return ResultState.DRAFT if _is_withdrawn(row) else state


def _is_withdrawn(row: ResultRow) -> bool:
    return row.report is None and not row.not_applicable


def _open_round(one: Round, places: Collection[str], *, at: datetime) -> Round:
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


def refused_rows(rows: Sequence[ResultRow], one: Round) -> tuple[RefusedRow, ...]:
    """Return what ``report_results`` would refuse, for a dry run. Reads only."""
    version = version_of(one)
    if version is None:
        return ()
    older = _older_versions(rows, version)
    try:
        _checked_parts(rows, definition_of(version), one, older=older)
    except ResultsRefused as refused:
        return refused.rows
    return ()


def _checked_parts(
    rows: Sequence[ResultRow],
    definition: FrameworkDefinition,
    one: Round,
    *,
    older: Mapping[int, Version] | None = None,
) -> dict[tuple[str, str], Parts | None]:
    """Return the additive parts of each row; raise ResultsRefused with all that is wrong."""
    indicators = {each.code: each for each in definition.indicators}
    reporting = reporting_places(one, definition, within={row.place for row in rows})
    parts: dict[tuple[str, str], Parts | None] = {}
    refused: list[RefusedRow] = []
    for row in rows:
        key = (row.place, row.indicator)
        indicator = indicators.get(row.indicator)
        fault: tuple[str, str, str] | None = None
        parts[key] = None
        if indicator is None:
            fault = ("unknown_indicator", "", f"ไม่มีตัวชี้วัด {row.indicator} ในแบบประเมินนี้")
        elif _asks_something_else(row, indicator, older or {}):
            fault = (
                "definition_changed",
                "",
                f"นิยามของตัวชี้วัด {row.indicator} เปลี่ยนไปหลังจากเปิดแบบกรอกนี้ ขอให้กรอกใหม่ตามนิยามปัจจุบัน",
            )
        elif row.place not in reporting.get(indicator.reports_at, frozenset()):
            fault = ("not_reporting", "", f"{row.place} ไม่ใช่หน่วยที่รายงานตัวชี้วัดนี้ในรอบนี้")
        elif row.not_applicable and row.report is not None:
            fault = ("not_applicable_with_figures", "", "ระบุว่าไม่ใช้กับพื้นที่ แต่มีตัวเลข")
        elif row.report is not None:
            try:
                parts[key] = contribution(indicator, row.report)
            except ImpossibleReport as impossible:
                fault = (impossible.code, impossible.part, impossible.message_th)
        if fault is not None:
            refused.append(RefusedRow(row.place, row.indicator, *fault))
    if refused:
        raise ResultsRefused(refused)
    return parts


def _older_versions(rows: Sequence[ResultRow], in_force: Version) -> dict[int, Version]:
    """Return number → version, for forms made from one that is not in force any more."""
    numbers = {row.under for row in rows if row.under is not None} - {in_force.number}
    if not numbers:
        return {}
    found = Version.objects.filter(framework=in_force.framework_id, number__in=numbers)
    return {each.number: each for each in found.exclude(state=Version.State.DRAFT)}


_ASKED_THE_SAME = ("kind", "rollup", "reports_at", "factor", "whole", "otherwise", "steps_th")


def _asks_something_else(
    row: ResultRow, indicator: IndicatorDefinition, older: Mapping[int, Version]
) -> bool:
    """Say whether the form's version asked for other parts than the one in force does."""
    version = older.get(row.under) if row.under else None
    if version is None:
        return False
    asked = {each.code: each for each in definition_of(version).indicators}.get(row.indicator)
    return asked is None or any(
        getattr(asked, name) != getattr(indicator, name) for name in _ASKED_THE_SAME
    )


def reporting_places(
    one: Round, definition: FrameworkDefinition, *, within: Collection[str]
) -> dict[str, frozenset[str]]:
    """Return level → the places that report in the round, of those within the given places."""
    leaves = leaves_on(
        [one.true_on],
        owner_place=one.framework.owner.place_id,
        levels=levels_of(definition),
        roots=within,
    )[one.true_on]
    return {level: frozenset(codes) for level, codes in leaves.by_level.items()}


def _revision(
    row: ResultRow,
    parts: Parts | None,
    one: Round,
    version: Version,
    *,
    by: Actor,
    at: datetime,
) -> Result:
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


def _says_the_same(before: Result, after: Result) -> bool:
    same = all(getattr(before, name) == getattr(after, name) for name in FIGURES)
    if not same:
        return False
    return before.state == after.state or (
        after.state == ResultState.SUBMITTED and before.state in COUNTING
    )


# -- revisions ------------------------------------------------------------------------------------


def _lock_current(
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


def _write(closing: Sequence[Result], fresh: Sequence[Result], *, at: datetime) -> None:
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
        for some in _batches(fresh):
            Result.objects.bulk_create(some)


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
    _write(before, fresh, at=at)
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


def _mark(
    one: Round, definition: FrameworkDefinition, places: Iterable[str], *, at: datetime
) -> None:
    penalty = definition.star_rules.penalty_per_missed_report > 0
    mark_changed(rounds_touched_by(one, penalty=penalty), places, at=at)


def _shared_place(codes: Collection[str]) -> str:
    """The smallest place that holds them all: whose business the entry is."""
    lines = [[*tree.ancestor_codes(code), code] for code in codes]
    shared: list[str] = [same[0] for same in zip(*lines, strict=False) if len(set(same)) == 1]
    return shared[-1]


@transaction.atomic
def submit_drafts(one: Round, place: str, *, by: Actor, at: datetime) -> int:
    """Hand in every draft of the place that says something; return how many there were.

    Raises RoundNotOpen.
    """
    at = after_lines(at)
    held = _open_round(one, {place}, at=at)
    current = _lock_current(held, {place}, None)
    drafts = [
        each
        for _, each in sorted(current.items())
        if each.state == ResultState.DRAFT
        and (each.not_applicable or each.part_numerator is not None)
    ]
    if not drafts:
        return 0
    version = version_of(held)
    assert version is not None  # nothing is drafted before a version is published
    handed_in = revise(drafts, state=ResultState.SUBMITTED, by=by, at=at)
    _mark(held, definition_of(version), {place}, at=at)
    record(
        "submit_results",
        on=f"round:{held.pk}/place:{place}",
        by=by,
        at=at,
        place=place,
        after=[as_said(each) for each in drafts],
        detail={"submitted": handed_in},
    )
    return handed_in


# -- review ---------------------------------------------------------------------------------------


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
    held = _open_round(one, {place}, at=at)
    version = version_of(held)
    current = _lock_current(held, {place}, {indicator}).get((place, indicator))
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
    parts = _checked_parts([row], definition, held)[place, indicator]
    after = _revision(row, parts, held, version, by=by, at=at)
    after.state, after.revision = ResultState.CHECKED, current.revision + 1
    _write([current], [after], at=at)
    _mark(held, definition, {place}, at=at)
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
    held = _open_round(one, places, at=at)
    reported_at = (
        Result.objects.filter(round=held, superseded_at__isnull=True)
        .filter(place__in=Place.objects.filter(tree.within_any(places)))
        .values_list("place_id", flat=True)
        .distinct()
    )
    current = _lock_current(held, set(reported_at), indicators)
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
        _mark(held, definition_of(version), {each.place_id for each in reviewed}, at=at)
        record(
            _RECORDED_AS[act],
            on=f"round:{held.pk}",
            by=by,
            at=at,
            place=_shared_place({each.place_id for each in reviewed}),
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
