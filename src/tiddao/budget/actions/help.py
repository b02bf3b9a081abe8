"""ขอความช่วยเหลือ: asking the office above for help, passing it up, answering, closing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from tiddao.budget.actions.deadlines import lock_for_deadlines
from tiddao.budget.models import HelpRequest, SpendingDeadline
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.places import tree

State = HelpRequest.State
WAITING = (State.OPEN, State.PASSED_UP)


class HelpRefused(Exception):
    """It cannot be asked, passed up or answered so.

    code: words_missing, deadline_ended, waiting_already, nobody_above.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class HelpMovedOn(Exception):
    """Somebody else answered, passed up or closed it in the meantime. current: as it stands."""

    def __init__(self, current: HelpRequest) -> None:
        super().__init__(f"{current} is {current.state}")
        self.current = current


@transaction.atomic
def ask_help(deadline_id: int, place: str, words: str, *, by: Actor, at: datetime) -> HelpRequest:
    """Ask the office one level above for help with a deadline. One request waits at a time.

    Raises HelpRefused, SpendingDeadline.DoesNotExist.
    """
    if not words.strip():
        raise HelpRefused("words_missing")
    above = tree.parent_code(place)
    if above is None:
        raise HelpRefused("nobody_above")
    deadline = SpendingDeadline.objects.get(pk=deadline_id)
    if deadline.ended_at is not None:
        raise HelpRefused("deadline_ended")
    lock_for_deadlines(place, deadline_id)
    asked = HelpRequest.objects.filter(deadline=deadline, place=place)
    if asked.filter(state__in=WAITING).exists():
        raise HelpRefused("waiting_already")
    made = HelpRequest.objects.create(
        deadline=deadline,
        place_id=place,
        asked_of_id=above,
        words=words.strip(),
        at=at,
        by=by.reference,
    )
    _record("ask_help", made, by=by, at=at, before=None)
    return made


@transaction.atomic
def pass_up_help(help_id: int, *, seen: str, by: Actor, at: datetime) -> HelpRequest:
    """Pass a request on to the level above the one that was asked.

    seen: whose turn it was when the person looked. Raises HelpRefused when nobody is above,
    HelpMovedOn, HelpRequest.DoesNotExist.
    """
    held = _held(help_id, WAITING, seen=seen)
    above = tree.parent_code(held.asked_of_id)
    if above is None:
        raise HelpRefused("nobody_above")
    before = _said(held)
    held.asked_of_id, held.state = above, State.PASSED_UP
    held.save(update_fields=["asked_of", "state"])
    _record("pass_up_help", held, by=by, at=at, before=before)
    return held


@transaction.atomic
def answer_help(help_id: int, answer: str, *, seen: str, by: Actor, at: datetime) -> HelpRequest:
    """Say what help comes. seen: whose turn it was when the person looked.

    Raises HelpRefused without words, HelpMovedOn, HelpRequest.DoesNotExist.
    """
    held = _held(help_id, WAITING, seen=seen)
    if not answer.strip():
        raise HelpRefused("words_missing")
    before = _said(held)
    held.answer, held.state = answer.strip(), State.ANSWERED
    held.answered_at, held.answered_by = at, by.reference
    held.save(update_fields=["answer", "state", "answered_at", "answered_by"])
    _record("answer_help", held, by=by, at=at, before=before)
    return held


@transaction.atomic
def close_help(help_id: int, *, by: Actor, at: datetime) -> HelpRequest:
    """Close one's own request: the help came, or is not needed any more.

    Raises HelpMovedOn when it is closed already, HelpRequest.DoesNotExist.
    """
    held = _held(help_id, (*WAITING, State.ANSWERED))
    before = _said(held)
    held.state, held.closed_at = State.CLOSED, at
    held.save(update_fields=["state", "closed_at"])
    _record("close_help", held, by=by, at=at, before=before)
    return held


def _held(help_id: int, states: Collection[str], *, seen: str | None = None) -> HelpRequest:
    held = HelpRequest.objects.select_for_update().get(pk=help_id)
    if held.state not in states or (seen is not None and held.asked_of_id != seen):
        raise HelpMovedOn(held)
    return held


def _said(request: HelpRequest) -> dict[str, Any]:
    return {
        "state": request.state,
        "asked_of": request.asked_of_id,
        "words": request.words,
        "answer": request.answer,
    }


def _record(
    act: str, request: HelpRequest, *, by: Actor, at: datetime, before: dict[str, Any] | None
) -> None:
    record(
        act,
        on=f"deadline:{request.deadline_id}/help:{request.pk}",
        by=by,
        at=at,
        place=request.place_id,
        before=before,
        after=_said(request),
        detail={"asked_of": request.asked_of_id},
    )
