"""The review after a meeting: each who was there adds words, nobody's are taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.meetings import MeetingRefused
from tiddao.policy.models import AfterActionWord, Meeting


@transaction.atomic
def add_review_words(
    meeting_id: int, said: Mapping[str, str], *, by: Actor, at: datetime
) -> list[AfterActionWord]:
    """Add a person's answers, by question; those left empty are not written.

    Raises MeetingRefused (not-running before the meeting has begun or after it was called off,
    words-missing), Meeting.DoesNotExist.
    """
    held = Meeting.objects.get(pk=meeting_id)
    if held.state in {Meeting.State.DRAFT, Meeting.State.CANCELLED} or held.starts_at > at:
        raise MeetingRefused("not-running")
    answers = [
        (asked, said[asked].strip())
        for asked in AfterActionWord.Asked.values
        if said.get(asked, "").strip()
    ]
    if not answers:
        raise MeetingRefused("words-missing")
    made = [
        AfterActionWord.objects.create(
            meeting=held, asked=asked, words=words, by=by.reference, by_name=by.name, at=at
        )
        for asked, words in answers
    ]
    record(
        "add_review_words",
        on=f"meeting:{held.pk}",
        by=by,
        at=at,
        place=held.place_id,
        after=dict(answers),
        detail={"answers": len(made)},
    )
    return made
