"""What an office answers to a directive, and what the sender says to the answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tiddao.evidence.models import EvidenceUse
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.models import (
    Act,
    Answer,
    Assignment,
    AssignmentState,
    DeadlineMove,
    Directive,
    Move,
    Question,
)
from tiddao.policy.proving import ASSIGNMENT
from tiddao.policy.rules.assignments import (
    ACKNOWLEDGES,
    NEEDS_WORDS,
    RECEIVER_ACTS,
    SENDER_ACTS,
    NotPossible,
    state_after,
)

BATCH = 500


class AnswerRefused(Exception):
    """The answer cannot be taken. field: the form's field, or "".

    code: words-missing, progress-unfit, not-possible, evidence-missing, reason-missing, same-day,
    due-passed, directive-cancelled, moved-meanwhile.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer. stands False: somebody answered for the office first; the words are
    kept in move_id, and nothing else came of them. state, version: of the assignment now.
    """

    move_id: int
    stands: bool
    state: str
    version: int


@transaction.atomic
def answer_directive(
    assignment_id: int,
    act: str,
    *,
    words: str = "",
    progress: int | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Answered:
    """Answer for an office: acknowledge, object, report, finish or take_back.

    seen: the version that the person had before them. progress: per cent, with a report. An answer
    to an older version is kept beside the other and does not take effect. Questions are asked by
    ``ask_question``. Raises AnswerRefused, ValueError for another act, Assignment.DoesNotExist.
    """
    if act not in RECEIVER_ACTS or act == Act.ASK:
        raise ValueError(f"not an answer of a receiver: {act}")
    return _move(assignment_id, act, words=words, progress=progress, seen=seen, by=by, at=at)


@transaction.atomic
def rule_on_answer(
    assignment_id: int, act: str, *, words: str = "", seen: int, by: Actor, at: datetime
) -> Answered:
    """Say as the sender what becomes of an answer: accept, return, insist, release, reopen, cancel.

    As answer_directive.
    """
    if act not in SENDER_ACTS:
        raise ValueError(f"not a ruling of a sender: {act}")
    return _move(assignment_id, act, words=words, progress=None, seen=seen, by=by, at=at)


@transaction.atomic
def accept_reports(
    directive_id: int, assignment_ids: Collection[int], *, by: Actor, at: datetime
) -> int:
    """Accept all of the offices' reports that still wait; say how many there were. One act."""
    held = list(
        Assignment.objects.select_for_update()
        .filter(directive=directive_id, pk__in=assignment_ids, state=AssignmentState.DONE)
        .order_by("pk")
    )
    if not held:
        return 0
    for each in held:
        each.state = state_after(each.state, Act.ACCEPT)
        each.version += 1
        each.moved_at = at
    Assignment.objects.bulk_update(held, ["state", "version", "moved_at"], batch_size=BATCH)
    Move.objects.bulk_create(
        (_new_move(each, Act.ACCEPT, "", None, by=by, at=at) for each in held), batch_size=BATCH
    )
    record(
        "accept_reports",
        on=f"directive:{directive_id}",
        by=by,
        at=at,
        place=Directive.objects.get(pk=directive_id).place_id,
        after={"offices": [each.office_id for each in held]},
        detail={"offices": len(held)},
    )
    return len(held)


@transaction.atomic
def ask_question(assignment_id: int, words: str, *, by: Actor, at: datetime) -> Question:
    """Ask about a directive; all its receivers read the question and its answers.

    Who has not acknowledged yet is no longer silent. Raises AnswerRefused, Assignment.DoesNotExist.
    """
    held = _held(assignment_id)
    said = _words(words, needed=True)
    state = _after(held, Act.ASK)
    question = Question.objects.create(
        directive_id=held.directive_id,
        assignment=held,
        words=said,
        by=by.reference,
        by_name=by.name,
        at=at,
    )
    _take_effect(held, Act.ASK, state, said, None, by=by, at=at)
    return question


@transaction.atomic
def answer_question(question_id: int, words: str, *, by: Actor, at: datetime) -> Answer:
    """Answer a question as the sender, for all receivers. Raises AnswerRefused."""
    question = Question.objects.select_related("directive").get(pk=question_id)
    answer = Answer.objects.create(
        question=question,
        words=_words(words, needed=True),
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    record(
        "answer_directive_question",
        on=f"directive:{question.directive_id}/question:{question.pk}",
        by=by,
        at=at,
        place=question.directive.place_id,
        after={"words": answer.words},
    )
    return answer


@transaction.atomic
def move_directive_deadline(
    directive_id: int,
    *,
    day: date,
    reason: str,
    seen: date | None,
    on: date,
    by: Actor,
    at: datetime,
    assignment_id: int | None = None,
) -> DeadlineMove:
    """Move the deadline of all receivers, or of one; the day before is kept with the reason.

    seen: the day that the person had before them. Raises AnswerRefused (reason-missing, same-day,
    due-passed, directive-cancelled, moved-meanwhile), Directive.DoesNotExist, Assignment.DoesNotExist.
    """
    held = Directive.objects.select_for_update().get(pk=directive_id)
    one = None
    if assignment_id is not None:
        one = Assignment.objects.select_for_update().get(pk=assignment_id, directive=held)
    before = (one.due_on if one else None) or held.due_on
    if held.state == Directive.State.CANCELLED:
        raise AnswerRefused("directive-cancelled")
    if not reason.strip():
        raise AnswerRefused("reason-missing", "reason")
    if before != seen:
        raise AnswerRefused("moved-meanwhile", "day")
    if day == before:
        raise AnswerRefused("same-day", "day")
    if day < on:
        raise AnswerRefused("due-passed", "day")
    moved = DeadlineMove.objects.create(
        directive=held,
        assignment=one,
        before=before,
        after=day,
        reason=reason.strip()[:500],
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    if one is not None:
        one.due_on = day
        one.save(update_fields=["due_on"])
    else:
        held.due_on = day
        held.save(update_fields=["due_on"])
    record(
        "move_directive_deadline",
        on=f"directive:{held.pk}" + (f"/office:{one.office_id}" if one else ""),
        by=by,
        at=at,
        place=one.place_id if one else held.place_id,
        before={"due_on": before.isoformat() if before else None},
        after={"due_on": day.isoformat(), "reason": moved.reason},
        detail={"due_on": day.isoformat()},
    )
    return moved


# -- one move --------------------------------------------------------------------------------------


def _move(
    assignment_id: int,
    act: str,
    *,
    words: str,
    progress: int | None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Answered:
    held = _held(assignment_id)
    said = _words(words, needed=act in NEEDS_WORDS)
    if progress is not None and not 0 <= progress <= 100:
        raise AnswerRefused("progress-unfit", "progress")
    if seen != held.version:
        kept = Move.objects.create(
            assignment=held,
            number=None,
            stands=False,
            act=act,
            state=held.state,
            words=said,
            progress=progress,
            by=by.reference,
            by_name=by.name,
            by_post=by.post,
            at=at,
        )
        _record(held, act, kept, by=by, at=at)
        return Answered(kept.pk, stands=False, state=held.state, version=held.version)
    state = _after(held, act)
    if act == Act.FINISH and held.directive.wants_evidence and not _has_evidence(held):
        raise AnswerRefused("evidence-missing")
    move = _take_effect(held, act, state, said, progress, by=by, at=at)
    return Answered(move.pk, stands=True, state=held.state, version=held.version)


def _held(assignment_id: int) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("directive")
        .get(pk=assignment_id)
    )


def _has_evidence(held: Assignment) -> bool:
    return EvidenceUse.objects.filter(
        subject_kind=ASSIGNMENT, subject_key=str(held.pk), ended_at__isnull=True
    ).exists()


def _after(held: Assignment, act: str) -> str:
    try:
        return state_after(held.state, act)
    except NotPossible as refused:
        raise AnswerRefused("not-possible") from refused


def _words(words: str, *, needed: bool) -> str:
    said = words.strip()
    if needed and not said:
        raise AnswerRefused("words-missing", "words")
    return said


def _take_effect(
    held: Assignment,
    act: str,
    state: str,
    words: str,
    progress: int | None,
    *,
    by: Actor,
    at: datetime,
) -> Move:
    held.state = state
    held.version += 1
    held.moved_at = at
    if act in ACKNOWLEDGES and held.acknowledged_at is None:
        held.acknowledged_at = at
    if act == Act.FINISH:
        held.progress = 100
    elif progress is not None:
        held.progress = progress
    held.save(update_fields=["state", "version", "moved_at", "acknowledged_at", "progress"])
    move = _new_move(held, act, words, progress, by=by, at=at)
    move.save(force_insert=True)
    _record(held, act, move, by=by, at=at)
    return move


def _new_move(
    held: Assignment, act: str, words: str, progress: int | None, *, by: Actor, at: datetime
) -> Move:
    return Move(
        assignment=held,
        number=held.version,
        act=act,
        state=held.state,
        words=words,
        progress=progress,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )


def _record(held: Assignment, act: str, move: Move, *, by: Actor, at: datetime) -> None:
    record(
        "rule_on_answer" if act in SENDER_ACTS else "answer_directive",
        on=f"directive:{held.directive_id}/office:{held.office_id}",
        by=by,
        at=at,
        place=held.place_id,
        after={"act": act, "state": move.state, "words": move.words, "progress": move.progress},
        detail={"act": act, "stands": move.stands},
    )
